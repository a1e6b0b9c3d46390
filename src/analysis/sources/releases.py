"""Releases of official statistics: what each one calls its files, columns and labels. Data, never code.

A release map says only what differs from the release it is ``like``. How to write one: docs/adding-a-release.md.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from analysis.errors import CatalogueError, UnknownNameError, did_you_mean
from analysis.sources.areas import find_area
from analysis.sources.catalogue import Published
from analysis.sources.declared import Declared, load_declared, parse_declared, read_yaml
from analysis.sources.folders import data_folder
from analysis.vocabulary import Status

#: A label that a map gives to rows which are not read.
SKIP = "skip"

#: Columns that say which area a row is about, whatever the release.
AREA_COLUMNS = ("geographic_level", "region_code", "old_la_code")
PERIOD_COLUMN = "time_period"

#: What the symbols of the publisher mean, the older ones too.
SYMBOLS: Mapping[str, Status] = {
    "c": "suppressed",
    "z": "not_applicable",
    "x": "not_available",
    ":": "not_available",
    "..": "not_available",
    ".": "not_applicable",
    "k": "rounds_to_zero",
    "low": "rounds_to_zero",
    "~": "rounds_to_zero",
    "u": "low_reliability",
}

Year = Literal["reporting", "mid_year", "academic", "census"]


class Publication(Declared):
    """A series of releases.

    Attributes:
        title: as the publisher calls it.
        publisher: who publishes it.
        address: its name in the publisher's service; blank where it is not kept there.
        when: when a release comes out.
        folder: where its files are put in data/raw.
    """

    title: str
    publisher: str
    address: str
    when: str
    folder: str


class TableKind(Declared):
    """A table that is read, whatever a release calls its columns.

    Attributes:
        key: stands in the identifier of its figures.
        publication: the publication that holds it.
        about: what it holds, in words.
        year: what its time_period means: reporting year ending 31 March, mid-year, academic year, or a census.
        filters: columns that tell its rows apart.
        numbers: columns that are read as numbers.
        may_lack: those of the numbers that a release may lack.
    """

    key: str = Field(pattern=r"^[A-Z]{1,3}\d?$")
    publication: str
    about: str
    year: Year
    filters: list[str]
    numbers: list[str]
    may_lack: list[str]


class TableMap(Declared):
    """What one release calls a table.

    Attributes:
        title: its title in the release.
        file: how its file's name begins; a pattern without the ending.
        file_also: other patterns under which it is handed round.
        columns: printed column name to ours.
        columns_also: other layouts in which the same table is handed round.
        labels: for each filter, printed label to ours; ``skip`` for rows that are not read.
    """

    title: str
    file: str
    file_also: list[str] = Field(default_factory=list)
    columns: dict[str, str]
    columns_also: list[dict[str, str]] = Field(default_factory=list)
    labels: dict[str, dict[str, str]] = Field(default_factory=dict)

    @property
    def layouts(self) -> list[dict[str, str]]:
        """Every layout, the published one first."""
        return [self.columns, *self.columns_also]

    def is_named(self, stem: str) -> bool:
        """Whether a file's name, without its ending, is of this table."""
        return any(fnmatch.fnmatch(stem.casefold(), form.casefold()) for form in (self.file, *self.file_also))


class Gap(Declared):
    """Figures of an area that are known to be missing or weak in a release.

    Attributes:
        area: name of the area.
        years: years as the release writes them.
        says: what is known, as a clause.
    """

    area: str
    years: list[int]
    says: str

    @field_validator("area")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            return find_area(name).name
        except UnknownNameError as error:
            raise ValueError(str(error)) from None


class Release(Published):
    """One release of a publication, and what it calls things.

    Attributes:
        id: the name of its map.
        publication: id of the publication.
        year: the last year that its files hold, as the publisher writes it.
        tables: what it calls each table.
        gaps: figures known to be missing or weak.
    """

    publication: str
    year: int = Field(ge=2000, le=2100)
    tables: dict[str, TableMap]
    gaps: list[Gap] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _filled_from_publication(cls, given: Any) -> Any:
        publication = load_publications().get(given.get("publication", ""))
        if publication is None:
            names = ", ".join(load_publications())
            raise ValueError(f"publication must be one of data/catalogue/publications.yml: {names}")
        defaults = {
            "title": f"{publication.title}, {given.get('year')} release",
            "publisher": publication.publisher,
            "author": publication.publisher,
            "covers": f"years up to {given.get('year')}",
            "licence": "Open Government Licence v3.0",
            "sensitivity": "open",
        }
        return defaults | given

    @model_validator(mode="after")
    def _maps_what_is_needed(self) -> Release:
        problems = [problem for name, found in self.tables.items() for problem in _wrong_in_table(name, found)]
        if problems:
            raise ValueError("; ".join(problems))
        return self


@cache
def load_publications() -> Mapping[str, Publication]:
    """Return every publication by its id.

    Raises:
        CatalogueError: data/catalogue/publications.yml breaks its contract.
    """
    return load_declared(data_folder() / "catalogue" / "publications.yml", dict[str, Publication])


@cache
def load_tables() -> Mapping[str, TableKind]:
    """Return every table that is read, by its id.

    Raises:
        CatalogueError: data/catalogue/tables.yml breaks its contract.
    """
    return load_declared(data_folder() / "catalogue" / "tables.yml", dict[str, TableKind])


@cache
def load_releases() -> Mapping[str, Release]:
    """Return every release map by its id, each with what it takes over from the release it is like.

    Raises:
        CatalogueError: a map breaks its contract; every problem in the file is listed.
    """
    paths = {path.stem: path for path in sorted((data_folder() / "catalogue" / "releases").glob("*.yml"))}
    written = {name: read_yaml(path) for name, path in paths.items()}
    found = {name: parse_declared(_whole(name, written), Release, paths[name]) for name in paths}
    for name, release in found.items():
        if release.id != name:
            raise CatalogueError(f"{name}.yml: the id is {release.id!r}; it must be the file's name, {name!r}.")
    _require_one_code_each(found)
    return found


def find_release(name: str) -> Release:
    """Return the release of an id or a code.

    Raises:
        UnknownNameError: there is no map of that name; the nearest are offered.

    Example:
        >>> find_release("CIN25").id
        'cin_2025'
    """
    releases = load_releases()
    for release in releases.values():
        if name.casefold() in (release.id.casefold(), release.code.casefold()):
            return release
    raise UnknownNameError(f"There is no release {name!r} in data/catalogue/releases. {did_you_mean(name, releases)}")


def release_of(publication: str, year: int) -> Release | None:
    """Return the release of a publication whose last year is the one given, if there is a map of it."""
    found = [item for item in load_releases().values() if (item.publication, item.year) == (publication, year)]
    return found[0] if found else None


def _whole(name: str, written: Mapping[str, Any], seen: tuple[str, ...] = ()) -> dict[str, Any]:
    """A map with everything that it takes over from the release it is like."""
    own = written.get(name)
    if own is None and seen:
        near = did_you_mean(name, [one for one in written if one not in seen])
        raise CatalogueError(f"data/catalogue/releases/{seen[-1]}.yml is like {name!r}, which is not there. {near}")
    if not isinstance(own, dict):
        raise CatalogueError(f"data/catalogue/releases/{name}.yml: found {own!r}, expected the keys of a release map.")
    if name in seen:
        raise CatalogueError(f"data/catalogue/releases/{name}.yml is like itself, by way of {', '.join(seen)}.")
    if "like" not in own:
        return own
    base = _whole(str(own["like"]), written, (*seen, name))
    kept = {key: value for key, value in base.items() if key not in ("gaps", "note")}
    said = {key: value for key, value in own.items() if key != "like" and value is not None}
    tables = _joined(_mapping(base, "tables", name), _mapping(own, "tables", name), name)
    gaps = [*(base.get("gaps") or []), *_listed(own, "gaps", name)]
    return kept | said | {"tables": tables, "gaps": gaps}


def _mapping(holder: Any, key: str, name: str, place: str = "") -> dict[Any, Any]:
    """What stands under a key, blank as nothing; a map reads what it is like before its contract is checked."""
    found = (holder.get(key) if isinstance(holder, dict) else holder) or {}
    if not isinstance(found, dict):
        raise CatalogueError(
            f"data/catalogue/releases/{name}.yml, {place}{key}: found {found!r}, expected names and what they stand for, "
            "one a line, as in the map that it is like."
        )
    return found


def _listed(holder: dict[str, Any], key: str, name: str) -> list[Any]:
    found = holder.get(key) or []
    if not isinstance(found, list):
        raise CatalogueError(f"data/catalogue/releases/{name}.yml, {key}: found {found!r}, expected a list.")
    return found


def _joined(base: dict[str, Any], own: dict[str, Any], name: str) -> dict[str, Any]:
    """Each table of the base with what the release itself says of it; a table named ``null`` is no longer there."""
    joined = dict(base)
    for table, said in own.items():
        if table not in load_tables():
            near = did_you_mean(str(table), load_tables())
            raise CatalogueError(f"data/catalogue/releases/{name}.yml, tables: {table!r} is not known. {near}")
        if said is None:
            joined.pop(table, None)
            continue
        place = f"tables.{table}"
        earlier, said_of_it = _mapping(base, table, name), _mapping({place: said}, place, name)
        old_labels, new_labels = (_mapping(part, "labels", name, f"{place}.") for part in (earlier, said_of_it))
        labels = {
            column: _renamed(
                _mapping(old_labels, column, name, f"{place}.labels."),
                _mapping(new_labels, column, name, f"{place}.labels."), once=False,
            )
            for column in {**old_labels, **new_labels}
        }  # fmt: skip
        columns = _renamed(
            _mapping(earlier, "columns", name, f"{place}."),
            _mapping(said_of_it, "columns", name, f"{place}."),
            once=True,
        )
        changed = {key: value for key, value in said_of_it.items() if value is not None}
        joined[table] = earlier | changed | {"columns": columns, "labels": labels}
    return joined


def _renamed(earlier: dict[str, str], new: dict[str, str], *, once: bool) -> dict[str, str]:
    """Printed names to ours: a column's new name takes the place of the old one; a label may have several names."""
    kept = {printed: ours for printed, ours in earlier.items() if not (once and ours in new.values())}
    return kept | new


def _wrong_in_table(name: str, found: TableMap) -> list[str]:
    kind = load_tables().get(name)
    if kind is None:
        return [f"tables.{name}: this table is not known. {did_you_mean(name, load_tables())}"]
    needed = {*kind.filters, *kind.numbers} - {*kind.may_lack}
    known = {*kind.filters, *kind.numbers, *kind.may_lack, "area_code"}
    problems = []
    for layout in found.layouts:
        problems += [
            f"tables.{name}.columns: no column stands for {ours}" for ours in sorted(needed - {*layout.values()})
        ]
        problems += [
            f"tables.{name}.columns: {ours!r} is no column of this table" for ours in sorted({*layout.values()} - known)
        ]
    problems += [
        f"tables.{name}.labels: no labels for the filter {one}" for one in kind.filters if not found.labels.get(one)
    ]
    return problems


def _require_one_code_each(found: Mapping[str, Release]) -> None:
    codes = [release.code for release in found.values()]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise CatalogueError(f"data/catalogue/releases: the code {twice[0]} is used twice. Give one a new code.")
