"""The catalogue: which documents there are, what they are broken down by, and what to beware of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from analysis.errors import CatalogueError, UnknownNameError, did_you_mean
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder
from analysis.vocabulary import TOTAL


class Part(Declared):
    """A report inside a document that holds several, such as one item of a board's pack.

    Attributes:
        title: its title.
        author: who wrote it.
        place: where in the document it stands.
    """

    title: str
    author: str
    place: str


class Published(Declared):
    """Something published once, with all that a reference to it needs.

    Attributes:
        id: the name of its file in the catalogue.
        code: short code; the first part of each figure's identifier. It never changes.
        short: how tables and sentences name it.
        title: as printed.
        publisher: the body that published it.
        author: who wrote it.
        published: date of publication (year-month-day), or the year where no date is printed.
        covers: what period it reports on, in words.
        licence: under what terms its figures are used.
        sensitivity: open (published) or restricted.
        note: what a reader must know about it as a whole.
    """

    id: str
    code: str = Field(pattern=r"^[A-Z]{3}\d{2}$")
    short: str
    title: str
    publisher: str
    author: str
    published: str = Field(pattern=r"^\d{4}(-\d{2}-\d{2})?$")
    covers: str
    licence: str
    sensitivity: Literal["open", "restricted"]
    note: str = ""

    def citation(self, name: str) -> str:
        """Return the full reference for a source id."""
        return f"{self.author}: {self.title}, {self.published}."


class Source(Published):
    """One document whose figures are transcribed: a council's report.

    Attributes:
        meeting: the meeting that received it, if any.
        document_sha256: checksum of the text that the figures were transcribed from.
        transcribed: date of the transcription.
        parts: for a pack, its reports by part id.
    """

    meeting: str = ""
    document_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    transcribed: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    parts: dict[str, Part] = Field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the source ids that a figure of this document can carry."""
        return [f"{self.id}/{part}" for part in self.parts] or [self.id]

    def citation(self, name: str) -> str:
        """Return the full reference for a source id of this document."""
        _, _, part = name.partition("/")
        whole = f"{self.title}. {self.publisher}, {self.published}"
        if not part:
            return f"{self.author}: {whole}."
        inner = self.parts[part]
        return f"{inner.author}: {inner.title}. In: {whole}, {inner.place}."


class Caveat(Declared):
    """Something to beware of, printed wherever a figure that it touches is used.

    Attributes:
        short: what is wrong or open, in a few words.
        text: what a careful reader should know and do.
        where: which figures: columns and values that a figure must have (any of a list).
            Empty for a caveat that an indicator's definition names.
        prefer: the figures that are used where several sources give a value.
    """

    short: str = Field(pattern=r"^[^:]+$")
    text: str
    where: dict[str, str | list[str]] = Field(default_factory=dict)
    prefer: list[str] = Field(default_factory=list)

    @property
    def line(self) -> str:
        """The caveat as one line: its short form, a colon, its text."""
        return f"{self.short[:1].upper()}{self.short[1:]}: {self.text}"


class Topic(Declared):
    """What figures can be broken down by.

    Attributes:
        groups: each group, with the broader group it belongs to (itself where there is none), in order.
        of_a_whole: whether a child is in one group only, so that shares of all groups add up to 100.
    """

    groups: dict[str, str]
    of_a_whole: bool = True


class Breakdowns(Declared):
    """The closed list of breakdown topics."""

    topics: dict[str, Topic]

    @model_validator(mode="after")
    def _total_is_reserved(self) -> Breakdowns:
        if TOTAL in self.topics:
            raise ValueError("Total is the absence of a breakdown and needs no entry")
        return self


@cache
def load_sources() -> Mapping[str, Source]:
    """Return every document in the catalogue by its id.

    Raises:
        CatalogueError: an entry breaks its contract, or two share an id or a code.
    """
    paths = sorted((data_folder() / "catalogue" / "sources").glob("*.yml"))
    found = {path: load_declared(path, Source) for path in paths}
    for path, source in found.items():
        if path.stem != source.id:
            raise CatalogueError(f"{path.name}: the id is {source.id!r}; it must be the file's name, {path.stem!r}.")
    codes = [source.code for source in found.values()]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise CatalogueError(
            f"data/catalogue/sources: the code {twice[0]} is used by two sources. Give one a new code."
        )
    return {source.id: source for source in found.values()}


def get_source(name: str) -> Source:
    """Return the document of a source id, with or without its part.

    Raises:
        UnknownNameError: there is no such source; the nearest are offered.
    """
    sources = load_sources()
    found = sources.get(name.partition("/")[0])
    if found is None:
        raise UnknownNameError(f"There is no source {name!r} in data/catalogue/sources. {did_you_mean(name, sources)}")
    return found


@cache
def load_caveats() -> Mapping[str, Caveat]:
    """Return every caveat by its key.

    Raises:
        CatalogueError: data/catalogue/caveats.yml breaks its contract.
    """
    return load_declared(data_folder() / "catalogue" / "caveats.yml", dict[str, Caveat])


@cache
def load_breakdowns() -> Mapping[str, Topic]:
    """Return every breakdown topic by its name.

    Raises:
        CatalogueError: data/catalogue/breakdowns.yml breaks its contract.
    """
    return load_declared(data_folder() / "catalogue" / "breakdowns.yml", Breakdowns).topics
