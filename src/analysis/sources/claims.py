"""Claims that documents make in words, such as "the majority" or "slightly higher": one YAML file a document.

A claim is transcribed like a figure: the words to the letter, where they stand, and which figures they speak of.
What it says is one of a closed list; whether it is borne out is computed, never written down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from analysis.errors import CatalogueError
from analysis.sources.catalogue import load_sources
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder

#: What words can say of figures. The rule of each is in indicators.reconciling.words.
Says = Literal[
    "higher", "lower", "same", "about_the_same", "stable", "majority", "ranked", "at_most", "within", "broader_groups",
    "differ_by", "times", "late_of", "listed", "no_theme", "labelled", "has_happened", "is_to_come", "same_time", "done", "known_by", "same_side", "overlap", "both_ways",
    "runs_up", "numbers", "no_figure",
]  # fmt: skip

#: What each needs besides the figures that it speaks of.
_NEEDS_THAN = ("same_side", "higher", "lower", "same", "about_the_same", "differ_by", "times")
_OF_TWO_DATES = ("same_time", "done", "known_by")
_OF_DATES = ("has_happened", "is_to_come", *_OF_TWO_DATES)
_NEEDS_NUMBERS = {
    "ranked": 0, "at_most": 1, "within": 2, "broader_groups": 1, "differ_by": 1, "times": 1, "late_of": 1, "listed": 1, "same_side": 1,
    "overlap": 4, "runs_up": 2,
}  # fmt: skip


class Claim(Declared):
    """One claim in words.

    Attributes:
        says: what the words say of the figures, from a closed list.
        of: identifiers of the figures that the words speak of.
        than: those that they are held against, where the words compare.
        numbers: ranks, limits or amounts that the words give.
        words: words of the quote that exclude each other.
        when: for a label the period that is printed over a figure, for an event the day or month that is given.
        part: for a pack, the report that it stands in.
        locator: where it stands.
        quote: the words, to the letter; " … " joins pieces.
        beside: other words, to the letter, that the claim is read beside, where they hold no figure.
        beside_locator: where those stand.
        beside_source: the code of the document that they stand in; blank for the same one.
        beside_when: the day, month or year that those words give, or at which they were written.
        assumes: how the words were read, and what is taken for granted; printed with the verdict.
        use: what a careful reader should use, where it is not borne out.
    """

    says: Says
    of: list[str] = Field(min_length=1)
    than: list[str] = Field(default_factory=list)
    numbers: list[float] = Field(default_factory=list)
    words: list[str] = Field(default_factory=list)
    when: str = ""
    part: str = ""
    locator: str = Field(min_length=1)
    quote: str = Field(min_length=1)
    beside: str = ""
    beside_locator: str = ""
    beside_source: str = ""
    beside_when: str = ""
    assumes: str = Field(min_length=1)
    use: str = ""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Claim:
        if self.says in _NEEDS_THAN and not self.than:
            raise ValueError(f"{self.says} needs `than`, the figures that it is held against")
        wanted = _NEEDS_NUMBERS.get(self.says)
        if wanted and len(self.numbers) != wanted:
            raise ValueError(f"{self.says} needs {wanted} in `numbers`")
        if self.says == "ranked" and len(self.numbers) != len(self.of):
            raise ValueError("ranked needs a rank in `numbers` for each figure of `of`")
        if self.says == "both_ways" and (len(self.words) < 2 or any(word not in self.quote for word in self.words)):
            raise ValueError("both_ways needs in `words` two words, or more, that stand in the quote")
        if self.says in (*_OF_DATES, "labelled") and not self.when:
            raise ValueError(f"{self.says} needs `when`")
        if self.says in _OF_TWO_DATES and not (self.beside and self.beside_when):
            raise ValueError(f"{self.says} needs `beside` and `beside_when`")
        if self.says == "overlap" and not self.beside:
            raise ValueError("overlap needs `beside`, the words that hold the second range")
        return self

    @property
    def is_of_dates(self) -> bool:
        """Whether it speaks of a day and not of its figures, which only tell its place."""
        return self.says in _OF_DATES

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that it speaks of, then those that they are held against."""
        return (*self.of, *self.than)


@cache
def load_claims() -> Mapping[str, Claim]:
    """Return every claim by its identifier: the code of its document, ``.C`` and a number.

    Raises:
        CatalogueError: a file breaks its contract, or an identifier is not of its document.
    """
    claims: dict[str, Claim] = {}
    for source in load_sources().values():
        path = data_folder() / "published" / f"{source.id}.claims.yml"
        if not path.is_file():
            continue
        for name, claim in load_declared(path, dict[str, Claim]).items():
            if not re.fullmatch(rf"{source.code}\.C\d{{2,}}", name):
                raise CatalogueError(f"data/published/{path.name}: {name!r} must be {source.code}.C and two digits.")
            if bool(claim.part) != bool(source.parts) or (claim.part and claim.part not in source.parts):
                legal = ", ".join(source.parts) or "none, as it has no parts"
                raise CatalogueError(f"data/published/{path.name}, {name}: part is {claim.part!r}, expected {legal}.")
            claims[name] = claim
    return claims
