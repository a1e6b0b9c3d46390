"""Ofsted's Annex A workbooks: lists 7 (child protection) and 8 (children in care) read, the other lists recognised.

Sheets and rows of headings are found by their headings, wherever they stand; which heading is which column is declared in
data/catalogue/returns/annex_a.yml. What cannot be told for certain is not read: two columns that could be the same, two sheets that are
the same list, a day that is written month first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
from pydantic import Field, field_validator, model_validator

from analysis.errors import DataError
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder
from analysis.sources.returns.days import (
    EXPECTED,
    MONTH_FIRST,
    can_be_read_both_ways,
    day_of_serial,
    parse_day,
    plausible,
)
from analysis.sources.returns.gathered import Problems, Rows
from analysis.sources.returns.tables import TABLES, FileRead, Return
from analysis.sources.returns.workbooks import ERRORS, Row, Sheet, open_workbook

#: Rows from the top of a sheet among which its headings are looked for.
_HEAD_ROWS = 30
#: A number in a return counts plans or placements of one child; more than one a day is something else.
_MOST = 366
#: Whole numbers above this lose digits in a spreadsheet, so that two children could become one.
_MOST_EXACT = 10**15
_YES = re.compile(
    r"(?:[a-z]\) ?)?(?:(?P<yes>y|yes|true)|(?P<no>n|no|false)|(?:unknown|not known|not recorded|not stated))", re.I
)
_LETTER = r"(?P<letter>[a-z]{1,2}\) ?)?"
_TITLE = re.compile(r"list[ _-]*[0-9]{1,2}(?![0-9])", re.I)
_MEND_HEADING = (
    "Give the column the heading of Ofsted's template, or add a pattern to data/catalogue/returns/annex_a.yml."
)


class NoListError(DataError):
    """A workbook that can be read and holds no list of Annex A."""


class Column(Declared):
    """One column of ours.

    Attributes:
        patterns: regular expressions, one of which its whole heading matches.
        essential: whether nothing can be counted without it.
        codes: a regular expression of its codes; blank where it has none.
    """

    patterns: list[str] = Field(min_length=1)
    essential: bool = False
    codes: str = ""

    @field_validator("patterns", "codes")
    @classmethod
    def _can_be_compiled(cls, value: list[str] | str) -> list[str] | str:
        for pattern in [value] if isinstance(value, str) else value:
            _compiled(pattern)
        return value

    def fits(self, heading: str) -> bool:
        """Return whether a heading is one of this column."""
        return any(_compiled(pattern).fullmatch(heading) for pattern in self.patterns)


class AnnexList(Declared):
    """One list of Annex A.

    Attributes:
        is_a: what it is, in words.
        known_by: regular expressions of headings by which it is known.
        table: table of TABLES that it is read into; blank where it is not needed.
        columns: its columns by our name for them.
    """

    is_a: str
    known_by: list[str] = Field(min_length=2)
    table: Literal["", "annex_plans", "annex_care"] = ""
    columns: dict[str, Column] = Field(default_factory=dict)

    @field_validator("known_by")
    @classmethod
    def _can_be_compiled(cls, value: list[str]) -> list[str]:
        for pattern in value:
            _compiled(pattern)
        return value

    @model_validator(mode="after")
    def _has_the_columns_of_its_table(self) -> AnnexList:
        wanted = set(TABLES[self.table]) - {"file", "row"} if self.table else set()
        if wanted != set(self.columns):
            raise ValueError(f"columns must be those of the table {self.table!r}: {', '.join(sorted(wanted))}")
        return self

    def known(self, headings: list[str]) -> float:
        """Return what share of the headings by which it is known are there; a single one does not count."""
        found = sum(any(_compiled(pattern).fullmatch(heading) for heading in headings) for pattern in self.known_by)
        return found / len(self.known_by) if found > 1 else 0.0


class Annex(Declared):
    """All lists.

    Attributes:
        person: regular expressions of headings of which every list has at least one; a sheet of codes has none.
        lists: by their number.
    """

    person: list[str] = Field(min_length=1)
    lists: dict[int, AnnexList]

    def list_of(self, headings: list[str]) -> tuple[int, float]:
        """Return the number of the list that a row of headings is of, and what share of its headings are there; 0 where it is of none."""
        if not any(_compiled(pattern).fullmatch(heading) for pattern in self.person for heading in headings):
            return 0, 0.0
        known = {number: item.known(headings) for number, item in self.lists.items()}
        number = max(known, key=lambda one: known[one])
        return (number, known[number]) if known[number] >= 0.5 else (0, 0.0)


@cache
def load_annex() -> Annex:
    """Return the lists of Annex A.

    Raises:
        CatalogueError: data/catalogue/returns/annex_a.yml breaks its contract.
    """
    return load_declared(data_folder() / "catalogue" / "returns" / "annex_a.yml", Annex)


def read_annex_a(path: Path) -> Return:
    """Read lists 7 and 8 of an Annex A workbook.

    Args:
        path: the workbook (.xlsx).

    Returns:
        The tables annex_plans and annex_care, each where its list is there and can be read. ``row`` is the row of the sheet. Categories
        stand as they are, without blanks around them and codes in capitals: "a) WBRI" stays "a) WBRI".

    Raises:
        NoListError: it holds no list.
        DataError: the file is missing, empty, of another kind, old, protected, with macros, too large or broken.
    """
    problems = Problems(path.name)
    with open_workbook(path) as book:
        heads = [_head(sheet) for sheet in book.sheets]
        _require_a_list(path, heads)
        tables: dict[str, pa.Table] = {}
        files = []
        for head in heads:
            table, file_read = _take_sheet(path.name, head, heads, problems, book.epoch)
            files.append(file_read)
            if table is not None:
                tables[load_annex().lists[head.number].table] = table
    _check_lists(heads, problems)
    return Return(tables, problems.listed(), tuple(files))


@dataclass(frozen=True, repr=False)
class _Head:
    """What a sheet is by its headings. It has no repr, as it holds a sheet.

    Attributes:
        sheet: the sheet.
        number: of the list; 0 where it is none.
        row: the row of the headings.
        headings: as they stand.
        is_empty: whether nothing stands in the rows that were looked at.
    """

    sheet: Sheet
    number: int = 0
    row: int = 0
    headings: tuple[str, ...] = ()
    is_empty: bool = False

    @property
    def place(self) -> str:
        """Where it is, in words. A title is shown only where it is that of a list, as it could be a name."""
        title = _TITLE.match(self.sheet.title.strip())
        return f"sheet {self.sheet.position}" + (f" ({title[0]})" if title else "")


@dataclass
class _Seen:
    """How the days of a column are written: number of each way, and the row of the first plain number."""

    ways: Counter[str] = field(default_factory=Counter)
    first_number: int = 0


def _head(sheet: Sheet) -> _Head:
    """The row near the top of a sheet that has most headings of one list."""
    best, share, is_empty = _Head(sheet), 0.0, True
    for row, cells in enumerate(islice(sheet.rows(), _HEAD_ROWS), start=1):
        is_empty = is_empty and all(_is_blank(cell) for cell in cells)
        headings = tuple(_words(cell) if isinstance(cell, str) else "" for cell in cells)
        number, found = load_annex().list_of([_plain(heading) for heading in headings if heading])
        if found > share:
            best, share = _Head(sheet, number, row, headings), found
    return best if best.number else _Head(sheet, is_empty=is_empty)


def _require_a_list(path: Path, heads: list[_Head]) -> None:
    if all(head.is_empty for head in heads):
        raise NoListError(
            f"{path.name} holds no cell with anything in it, expected an Annex A workbook. Export it again."
        )
    if not any(head.number for head in heads):
        raise NoListError(
            f"{path.name} holds no list of Annex A in its {len(heads)} sheets, expected list 7 (child protection) or 8 (children in care), "
            f"which are known by their headings in the first {_HEAD_ROWS} rows. Give the Annex A workbook, with the headings of Ofsted's template."
        )


def _check_lists(heads: list[_Head], problems: Problems) -> None:
    """A list that is not there may be in another workbook, or its headings are not known."""
    for number, item in load_annex().lists.items():
        if item.table and number not in [head.number for head in heads]:
            problems.add(
                0, f"list {number}", found="no sheet with its headings", expected=item.is_a,
                action=f"If it should be here, look at its headings. {_MEND_HEADING}", rule="list",
            )  # fmt: skip


def _take_sheet(
    file: str, head: _Head, heads: list[_Head], problems: Problems, epoch: datetime
) -> tuple[pa.Table | None, FileRead]:
    name = f"{file}, {head.place}"
    if not head.number:
        return None, FileRead(name, "", 0, note="empty" if head.is_empty else "not a list of Annex A; not read")
    item = load_annex().lists[head.number]
    if not item.table:
        return None, FileRead(name, item.is_a, 0, note="recognised; not needed")
    if [one.number for one in heads].count(head.number) > 1:
        problems.add(
            head.row, head.place, found="a list that is on another sheet too", expected="each list once",
            action="Keep the one that holds; none of them was read.", rule="twice", left_out=True,
        )  # fmt: skip
        return None, FileRead(name, item.is_a, 0, note="on two sheets; not read")
    matched = _match(head, item, problems)
    named = {ours: head.headings[index] for ours, index in matched.items()}
    if any(column.essential and ours not in matched for ours, column in item.columns.items()):
        return None, FileRead(name, item.is_a, 0, named, "an essential column is missing; not read")
    reading = _Reading(file, head, item, matched, problems, epoch)
    table = reading.table()
    return table, FileRead(name, item.is_a, reading.records, named, "" if reading.records else "no rows")


def _match(head: _Head, item: AnnexList, problems: Problems) -> dict[str, int]:
    """The index of the one column of the sheet for each column of ours that has one."""
    plain = [_plain(heading) for heading in head.headings]
    fits = {
        ours: [index for index, heading in enumerate(plain) if heading and column.fits(heading)]
        for ours, column in item.columns.items()
    }
    claimed = Counter(index for indices in fits.values() for index in indices)
    matched = {}
    for ours, indices in fits.items():
        left_out = item.columns[ours].essential
        if not indices:
            problems.add(
                head.row, f"{head.place}, {ours}", found="no column with its heading", expected="one",
                action=_MEND_HEADING, rule="column", left_out=left_out,
            )  # fmt: skip
        elif len(indices) > 1 or claimed[indices[0]] > 1:
            named = " and ".join(repr(head.headings[index]) for index in indices)
            found = (
                f"{len(indices)} columns that could be it" if len(indices) > 1 else "a column that could be another too"
            )
            problems.add(
                head.row, f"{head.place}, {ours}", found=f"{found}: {named}", expected="one",
                action="Rename or take away those that are not meant; none was read.", rule="columns", left_out=left_out,
            )  # fmt: skip
        else:
            matched[ours] = indices[0]
    return matched


class _Reading:
    """One sheet while it is read."""

    def __init__(
        self, file: str, head: _Head, item: AnnexList, matched: Mapping[str, int], problems: Problems, epoch: datetime
    ) -> None:
        self.file, self.head, self.item, self.matched, self.problems, self.epoch = (
            file, head, item, matched, problems, epoch,
        )  # fmt: skip
        self.kinds = TABLES[item.table]
        self.rows = Rows(item.table)
        self.seen: dict[str, _Seen] = {ours: _Seen() for ours in matched}
        self.children: set[str] = set()
        self.records = 0
        #: Whether the row at hand cannot be counted.
        self.lost = False

    def table(self) -> pa.Table:
        """Read all rows."""
        first = self.head.row + 1
        pairs = zip_longest(self.head.sheet.rows(first), self.head.sheet.formula_rows(first), fillvalue=())
        for number, (cells, formulas) in enumerate(pairs, start=first):
            self._take(number, cells, formulas)
        for ours, seen in self.seen.items():
            self._check_ways(ours, seen)
        return self.rows.table()

    def _take(self, number: int, cells: Row, formulas: Row) -> None:
        given = {ours: _cell(cells, index) for ours, index in self.matched.items()}
        uncomputed = {
            ours for ours, index in self.matched.items() if given[ours] is None and _cell(formulas, index) is not None
        }
        if not uncomputed and all(_is_blank(value) for value in given.values()):
            return
        self.records += 1
        self.lost = False
        row = {ours: self._value(ours, number, value, ours in uncomputed) for ours, value in given.items()}
        self._require(row, given, uncomputed, number)
        if not self.lost:
            self._check_child(str(row["child"]), number)
            self.rows.add({**row, "file": self.file, "row": number})

    def _value(self, ours: str, number: int, value: Any, uncomputed: bool) -> object:
        if uncomputed:
            self._problem(ours, number, found="a formula that was never worked out", expected="a value",
                          action="Open the workbook in Excel and save it.", rule="formula")  # fmt: skip
            return None
        if _is_blank(value):
            return None
        if isinstance(value, str) and value.strip() in ERRORS:
            self._problem(ours, number, found="an error of the spreadsheet", expected="a value",
                          action="Mend the formula or fill in the value.", rule="error")  # fmt: skip
            return None
        if ours == "child":
            return self._child(number, value)
        by_kind = {pa.date32(): self._day, pa.int32(): self._count, pa.bool_(): self._yes}
        return by_kind.get(self.kinds[ours], self._category)(ours, number, value)

    def _require(self, row: Mapping[str, object], given: Mapping[str, Any], uncomputed: set[str], number: int) -> None:
        """A row without a child or a start can be counted nowhere. Where something stood that could not be read, that was said."""
        for ours in ("child", "started"):
            if row[ours] is None and _is_blank(given[ours]) and ours not in uncomputed:
                self._problem(ours, number, found="nothing", expected="a value", action="Fill it in.", rule="blank")

    def _check_child(self, child: str, number: int) -> None:
        if child in self.children:
            self._problem("child", number, found="the same child as in a row before", expected="each child once",
                          action="Is one of the two surplus? Both are read.", rule="duplicate", vital=False)  # fmt: skip
        self.children.add(child)

    def _child(self, number: int, value: Any) -> str | None:
        if isinstance(value, str):
            return _words(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST_EXACT:
            return str(int(value)) if value == int(value) else str(value)
        self._problem("child", number, found="a date, or a number too long to be kept exactly", expected="an identifier",
                      action="Write it as text.", rule="identifier")  # fmt: skip
        return None

    def _day(self, ours: str, number: int, value: Any) -> date | None:
        found = plausible(self._any_day(ours, number, value))
        if isinstance(found, date):
            return found
        self.seen[ours].ways["month first"] += found == MONTH_FIRST
        self._problem(ours, number, found=found, expected=f"a date, or {EXPECTED['day_first']}", action="Mend the date.", rule="date")  # fmt: skip
        return None

    def _any_day(self, ours: str, number: int, value: Any) -> date | str:
        ways = self.seen[ours].ways
        if isinstance(value, datetime):
            ways["date"] += 1
            return value.date()
        if isinstance(value, date):
            ways["date"] += 1
            return value
        if isinstance(value, str):
            ways["text"] += 1
            ways["both ways"] += can_be_read_both_ways(value)
            return parse_day(value, order="day_first")
        if not isinstance(value, int | float) or isinstance(value, bool):
            return "a value that is no day, such as a time"
        found = day_of_serial(value, epoch=self.epoch)
        if isinstance(plausible(found), date):
            ways["number"] += 1
            self.seen[ours].first_number = self.seen[ours].first_number or number
        return found

    def _count(self, ours: str, number: int, value: Any) -> int | None:
        text = _words(value) if isinstance(value, str) else ""
        if text.isascii() and text.isdigit() and len(text) <= 3:
            value = int(text)
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and 0 <= value <= _MOST
            and value == int(value)
        ):
            return int(value)
        self._problem(ours, number, found="no such number", expected=f"a whole number from 0 to {_MOST}",
                      action="Mend the number.", rule="number")  # fmt: skip
        return None

    def _yes(self, ours: str, number: int, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        found = _YES.fullmatch(_words(value)) if isinstance(value, str) else None
        if not found:
            self._problem(ours, number, found="neither", expected="yes or no, such as 'a) Yes', 'no', 'Y' or 'c) Unknown'",
                          action="Mend it.", rule="yes or no")  # fmt: skip
            return None
        return True if found["yes"] else False if found["no"] else None

    def _category(self, ours: str, number: int, value: Any) -> str | None:
        if isinstance(value, str):
            return _with_code_in_capitals(_words(value), self.item.columns[ours].codes)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self._problem(ours, number, found="a date or a broken number", expected="words or a code", action="Mend it.", rule="category")  # fmt: skip
        return None

    def _problem(
        self, ours: str, number: int, *, found: str, expected: str, action: str, rule: str, vital: bool = True
    ) -> None:
        """Say what is wrong with a cell; the row is lost where it is vital, and its column essential."""
        left_out = vital and self.item.columns[ours].essential
        self.lost = self.lost or left_out
        self.problems.add(number, self._named(ours), found=found, expected=expected, action=action, rule=rule, left_out=left_out)  # fmt: skip

    def _check_ways(self, ours: str, seen: _Seen) -> None:
        """Days written in several ways are the mark of a file that a spreadsheet has read with the month first."""
        ways = seen.ways
        if ways["number"]:
            self._warn(
                ours, seen.first_number, f"{ways['number']:,} plain numbers, read as the spreadsheet's days",
                "Format the column as dates, and look whether they are right.", "serial",
            )  # fmt: skip
        if ways["month first"] and ways["both ways"]:
            self._warn(
                ours, 0, f"{ways['both ways']:,} days that may be written month first as well, as others of the column are",
                "Write the column as dates; these were read day first.", "month first",
            )  # fmt: skip
        if ways["date"] and ways["text"]:
            self._warn(
                ours, 0, f"{ways['date']:,} dates beside {ways['text']:,} days written as text",
                "Hold some against the system: a spreadsheet that takes the month first swaps day and month of the days that it can read, "
                "and leaves the others as text.", "mixed",
            )  # fmt: skip

    def _warn(self, ours: str, number: int, found: str, action: str, rule: str) -> None:
        self.problems.add(
            number, self._named(ours), found=found, expected="a column of dates", action=action, rule=rule
        )

    def _named(self, ours: str) -> str:
        return f"{self.head.place}, {self.head.headings[self.matched[ours]]}"


def _with_code_in_capitals(text: str, codes: str) -> str:
    """A text with the code at its start, after a letter such as "a)", in capitals.

    Example:
        >>> _with_code_in_capitals("a) wbri", "wbri|wiri"), _with_code_in_capitals("c2: fco", "[a-z][0-9]")
        ('a) WBRI', 'C2: fco')
        >>> _with_code_in_capitals("Physical abuse", "neg|phy")
        'Physical abuse'
    """
    found = _compiled(rf"{_LETTER}(?P<code>{codes})(?![a-z0-9])").match(text) if codes else None
    return text[: found.start("code")] + found["code"].upper() + text[found.end("code") :] if found else text


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.I)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None


def _plain(heading: str) -> str:
    """A heading as patterns are matched with it: straight quotes, no blanks before a closing mark."""
    return heading.translate(_QUOTES).rstrip(" *:")


_QUOTES: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def _words(text: str) -> str:
    """A text without blanks around it, each run of blanks as one; a hard space is a blank too."""
    return " ".join(text.split())


def _cell(cells: Row, index: int) -> Any:
    return cells[index] if index < len(cells) else None


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
