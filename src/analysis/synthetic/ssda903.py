"""Writes lives as SSDA903 returns: four CSV files or one XML file a year, each as the return of that year would have them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Protocol, TextIO
from xml.sax.saxutils import escape

from analysis.synthetic.calendar import british
from analysis.synthetic.drawing import age_on
from analysis.synthetic.lives import OTHER, SUPPORTED, Absence, Child, Home, Period
from analysis.synthetic.truth import Year

COLUMNS = {
    "header": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    "episodes": (
        "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST",
        "URN",
    ),
    "reviews": ("CHILD", "DOB", "REVIEW", "REVIEW_CODE"),
    "uasc": ("CHILD", "SEX", "DOB", "DUC"),
}  # fmt: skip
#: First years of new codes: sex by letter, supported accommodation (K3), and the parts of "other" (Z11).
_LETTERS_FROM, _K3_FROM, _Z11_FROM = 2025, 2025, 2026
_SCHOOL_AGE = 5
#: The order of elements of an episode in XML, and the columns they come from.
_IN_XML = (
    ("DECOM", 1), ("RNE", 2), ("LS", 3), ("CIN", 4), ("PL", 5), ("PL_POST", 11), ("HOME_POST", 10), ("URN", 12), ("PLACE_PROVIDER", 6),
    ("DEC", 7), ("REC", 8), ("REASON_PLACE_CHANGE", 9),
)  # fmt: skip


@dataclass(slots=True)
class Episode:
    """A part of a stay between two days on which anything that an episode records changes.

    Attributes:
        start: first day.
        end: day on which it ended.
        new: reason for the new episode.
        legal: legal status.
        home: the home.
        away: the temporary stay, if the child was away from home.
        ended: reason why the episode ceased.
        change: reason for the change of placement.
        period: the period of care.
    """

    start: int
    end: int
    new: str
    legal: str
    home: Home
    away: Absence | None
    ended: str
    change: str
    period: Period


@dataclass(slots=True)
class Rows:
    """What a return holds of a child, by file."""

    header: Sequence[str]
    episodes: list[Sequence[str]]
    reviews: list[Sequence[str]]
    uasc: list[Sequence[str]]


class Writer(Protocol):
    """A return that is written child by child."""

    def add(self, rows: Rows) -> None:
        """Write a child."""

    def close(self) -> None:
        """Finish the files."""


class CsvWriter:
    """Writes the four CSV files of a return.

    Args:
        folder: where; it has to be there.
    """

    def __init__(self, folder: Path) -> None:
        self._files: list[IO[str]] = []
        self._writers = {}
        for name, columns in COLUMNS.items():
            file = (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
            self._files.append(file)
            self._writers[name] = csv.writer(file, lineterminator="\n")
            self._writers[name].writerow(columns)

    def add(self, rows: Rows) -> None:
        """Write a child."""
        self._writers["header"].writerow(rows.header)
        self._writers["episodes"].writerows(rows.episodes)
        self._writers["reviews"].writerows(rows.reviews)
        self._writers["uasc"].writerows(rows.uasc)

    def close(self) -> None:
        """Finish the files."""
        for file in self._files:
            file.close()


class XmlWriter:
    """Writes a return as one XML file, a line a child.

    Args:
        folder: where; it has to be there.
    """

    def __init__(self, folder: Path) -> None:
        self._file: TextIO = (folder / "ssda903.xml").open("w", encoding="us-ascii", newline="")
        self._file.write("<?xml version='1.0' encoding='us-ascii'?>\n<EXPSSDA903>\n")

    def add(self, rows: Rows) -> None:
        """Write a child."""
        self._file.write(_child_element(rows) + "\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.write("</EXPSSDA903>\n")
        self._file.close()


def writer_of(folder: Path, format_: str) -> Writer:
    """Return what writes a return.

    Args:
        folder: where.
        format_: ``csv`` or ``xml``.
    """
    return XmlWriter(folder) if format_ == "xml" else CsvWriter(folder)


def episodes_of(child: Child) -> list[Episode]:
    """Return all episodes of a child, in order, as they would stand at the end of time."""
    return [episode for period in child.periods for episode in _episodes_of_period(period)]


def rows_of(child: Child, episodes: Sequence[Episode], year: Year) -> Rows | None:
    """Return what the return of a year holds of a child; none if no episode touches the year.

    Args:
        child: the child.
        episodes: its episodes, of :func:`episodes_of`.
        year: the year.
    """
    within = [item for item in episodes if item.start <= year.last and item.end >= year.first]
    if not within:
        return None
    birth, sex = british(child.birth), sex_of(child, year.number)
    upn = f"X{child.id[1:]:0>12}" if age_on(child.birth, year.last) >= _SCHOOL_AGE else "UN1"
    reviews = [
        (child.id, birth, british(item.day), item.code)
        for period in child.periods
        for item in period.reviews
        if item.day is not None and year.first <= item.day <= year.last
    ]
    uasc = [] if child.asylum_until is None else [(child.id, sex, birth, british(child.asylum_until))]
    header = (child.id, sex, birth, child.ethnicity, upn, "", "")
    return Rows(header, [_row(child, item, year) for item in within], list(reviews), list(uasc))


def sex_of(child: Child, year: int) -> str:
    """Return the code of a child's sex in the return of a year: 1 and 2, or from 2024/25 letters."""
    if year >= _LETTERS_FROM:
        return child.sex if child.sex_known else "U"
    return "1" if child.sex == "M" else "2"


def place_code(kind: str, year: int) -> str:
    """Return the code of a kind of placement in the return of a year.

    Args:
        kind: kind of the home.
        year: the year in which the collection ends. A stay that goes on is coded anew when the list changes.

    Example:
        >>> place_code("supported", 2024), place_code("supported", 2025), place_code("other", 2026)
        ('H5', 'K3', 'Z11')
    """
    if kind == SUPPORTED:
        return "K3" if year >= _K3_FROM else "H5"
    if kind == OTHER:
        return "Z11" if year >= _Z11_FROM else "Z1"
    return kind


def _episodes_of_period(period: Period) -> Iterator[Episode]:
    parts = list(_parts(period))
    legal = dict(period.legal)
    status = period.legal[0][1]
    before: Home | None = None
    for number, (start, end, home, away) in enumerate(parts):
        changed = start in legal and number > 0
        status = legal.get(start, status)
        new = _reason_new(before, home, start, changed=changed)
        last, leaves = number == len(parts) - 1, end == home.end
        yield Episode(
            start, end, new, status, home, away, period.reason_ended if last else "X1",
            home.reason if leaves and not last else "", period,
        )  # fmt: skip
        before = home


def _parts(period: Period) -> Iterator[tuple[int, int, Home, Absence | None]]:
    """The stays of a period, cut where the child leaves for a temporary stay, comes back, or the legal status changes."""
    for home in period.homes:
        away = {item.start: item for item in home.absences}
        edges = {home.start, home.end, *(day for day, _ in period.legal if home.start < day < home.end)}
        edges.update(day for item in home.absences for day in (item.start, item.end))
        days = sorted(edges)
        for start, end in pairwise(days):
            yield start, end, home, away.get(start)


def _reason_new(before: Home | None, home: Home, start: int, *, changed: bool) -> str:
    if before is None:
        return "S"
    if start > home.start:
        # Within a home: a change of legal status, or out to a temporary stay and back, both of which are coded P.
        return "L" if changed else "P"
    if home.same_carer:
        return "U" if changed else "T"
    return "B" if changed else "P"


def _row(child: Child, item: Episode, year: Year) -> Sequence[str]:
    known = item.end <= year.last
    home, away = item.home, item.away
    # A temporary stay has no provider and no number, and "other" no provider.
    provider = "" if away is not None or home.kind == OTHER else home.provider
    return (
        child.id, british(item.start), item.new, item.legal, item.period.need,
        place_code(home.kind, year.number) if away is None else away.code, provider,
        british(item.end) if known else "", item.ended if known else "", item.change if known else "",
        child.home_post, home.post if away is None else away.post, home.urn if away is None else "",
    )  # fmt: skip


def _child_element(rows: Rows) -> str:
    child, sex, birth, ethnicity, upn, _, _ = rows.header
    uasc = f"<UASC>1</UASC><DUC>{rows.uasc[0][3]}</DUC>" if rows.uasc else "<UASC />"
    reviews = "".join(
        f"<AREVIEW><REVIEW>{day}</REVIEW><REVIEW_CODE>{code}</REVIEW_CODE></AREVIEW>"
        for _, _, day, code in rows.reviews
    )
    header = (
        f"<HEADER><CHILDID>{escape(child)}</CHILDID><UPN>{upn}</UPN><SEX>{sex}</SEX><DOB>{birth}</DOB><ETHNIC>{ethnicity}</ETHNIC>"
        f"{uasc}{reviews}<MOTHER /><MC_DOB /></HEADER>"
    )
    return f"<CHILD>{header}{''.join(_episode_element(row) for row in rows.episodes)}</CHILD>"


def _episode_element(row: Sequence[str]) -> str:
    parts = (f"<{name}>{escape(row[at])}</{name}>" if row[at] else f"<{name} />" for name, at in _IN_XML)
    return f"<EPISODE>{''.join(parts)}</EPISODE>"
