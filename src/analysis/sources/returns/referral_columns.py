"""How an advocacy referral list is headed, and what may stand in each of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from pydantic import Field, model_validator

from analysis.sources.catalogue import load_breakdowns
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder
from analysis.sources.returns.tables import TABLES


class ReferralColumn(Declared):
    """One column of the list.

    Attributes:
        heading: its heading.
        essential: whether a row is left out of every count without it.
        values: each value with other spellings of it; empty where anything may stand.
        topic: topic of breakdowns.yml whose groups are values too, each as the broader group it belongs to.
        several: whether several values may stand in it, parted by semicolons.
    """

    heading: str
    essential: bool = False
    values: dict[str, list[str]] = Field(default_factory=dict)
    topic: str = ""
    several: bool = False

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> ReferralColumn:
        if self.topic and self.topic not in load_breakdowns():
            raise ValueError(f"{self.topic!r} is no topic of breakdowns.yml")
        groups = set(load_breakdowns()[self.topic].groups.values()) if self.topic else set(self.values)
        spelt = [plain(text) for value, others in self.values.items() for text in {value, *others}]
        problems = [f"{value!r} is no group of {self.topic}" for value in self.values if value not in groups]
        problems += [f"{text!r} is given twice" for text in sorted(set(spelt)) if spelt.count(text) > 1]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def spellings(self) -> dict[str, str]:
        """Return each spelling, as :func:`plain` writes it, with the value that it stands for; empty where anything may stand."""
        return {plain(text): value for value, others in self.listed().items() for text in (value, *others)}

    def listed(self) -> dict[str, list[str]]:
        """Return the values in their order, each with its other spellings."""
        groups = load_breakdowns()[self.topic].groups if self.topic else {}
        found: dict[str, list[str]] = {value: [] for value in (*groups.values(), *self.values)}
        for group, value in groups.items():
            found[value] += [group] if group != value else []
        for value, others in self.values.items():
            found[value] += others
        return found


class ReferralList(Declared):
    """The whole list.

    Attributes:
        is_a: what it is, in words.
        known_by: headings that a file has to have to be one.
        columns: by our name for them.
    """

    is_a: str
    known_by: list[str] = Field(min_length=2)
    columns: dict[str, ReferralColumn]

    @model_validator(mode="after")
    def _has_the_columns_of_its_table(self) -> ReferralList:
        wanted = set(TABLES["referrals"]) - {"file", "row"}
        if wanted != set(self.columns):
            raise ValueError(f"columns must be those of the table 'referrals': {', '.join(sorted(wanted))}")
        return self

    def is_headed_by(self, headings: Iterable[object]) -> bool:
        """Return whether a row of cells holds the headings by which the list is known."""
        given = {plain(cell) for cell in headings if isinstance(cell, str)}
        return {plain(heading) for heading in self.known_by} <= given


@cache
def load_referral_list() -> ReferralList:
    """Return the columns of an advocacy referral list.

    Raises:
        CatalogueError: data/catalogue/returns/referrals.yml breaks its contract.
    """
    return load_declared(data_folder() / "catalogue" / "returns" / "referrals.yml", ReferralList)


@cache
def spellings_of(column: str) -> Mapping[str, str]:
    """Return each spelling of the values of a column with the value that it stands for; empty where anything may stand.

    Args:
        column: a column of ours, such as ``answer``.

    Example:
        >>> spellings_of("answer")["declined"], spellings_of("issues")["legal: immigration"], len(spellings_of("child"))
        ('refused', 'Legal', 0)
    """
    return load_referral_list().columns[column].spellings()


def plain(text: str) -> str:
    """Return a heading or value as it is compared: small letters, and one blank for blanks, hyphens and underscores.

    Example:
        >>> plain(" Referral_Date "), plain("Non-instructed"), plain("care placement:  Other")
        ('referral date', 'non instructed', 'care placement: other')
    """
    return re.sub(r"[\s_\-]+", " ", text).strip().casefold()
