"""A provider's list of advocacy referrals, as CSV or as a workbook, read into the table ``referrals``.

docs/advocacy-referrals.md explains the list. It is known by its headings, wherever in the first rows they stand. Days are day first
and nothing else. What is not certain is not read: it is a problem, and blank in the table.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from analysis.errors import DataError
from analysis.sources.returns.csv_text import CsvText, numbered_rows
from analysis.sources.returns.gathered import Problems, Rows, require_content
from analysis.sources.returns.referral_cells import Wrong, is_blank, read_cell
from analysis.sources.returns.referral_columns import load_referral_list, plain
from analysis.sources.returns.referral_rows import contradictions
from analysis.sources.returns.ssda903_sql import SERIAL
from analysis.sources.returns.tables import FileRead, Return
from analysis.sources.returns.workbooks import Row, Sheet, open_workbook

WHAT = "an advocacy referral list (.csv or .xlsx)"
#: Rows from the top among which the headings are looked for.
_HEAD_ROWS = 30
#: Bytes from the top of a CSV among which its headings are looked for.
_START = 65_536
_DELIMITERS = (",", ";", "\t")
#: How the reference of a row of the template begins.
_EXAMPLE = "example"
_WHOLE_ROW = "the whole row"
#: Plain numbers that a spreadsheet means as days, written as text.
_SERIAL = re.compile(r"[0-9]{4,6}(\.[0-9]+)?")
_MEND_HEADING = "Give the column the heading of data/templates/advocacy_referrals.csv."


@dataclass(frozen=True, repr=False)
class _Sheet:
    """Rows of a file or sheet, with the formulas behind them. It has no repr, as it holds children.

    Attributes:
        rows: the cells of each row, from the first.
        formulas: the same rows with formulas in the place of what they came to; empty where there are none.
        place: the sheet in words; blank for a CSV.
    """

    rows: Iterator[Row]
    formulas: Iterator[Row]
    place: str


def holds_referrals(path: Path) -> bool:
    """Return whether a file is an advocacy referral list, by its headings; False for one that cannot be opened, which its reader says."""
    try:
        if path.suffix.lower() == ".csv":
            return _text_of(_start(path)) is not None
        with open_workbook(path) as book:
            return any(_head(_sheet(item))[0] for item in book.sheets)
    except DataError:
        return False


def read_referrals(path: Path) -> Return:
    """Read an advocacy referral list.

    Args:
        path: a CSV in UTF-8, or a workbook (.xlsx).

    Returns:
        The table ``referrals``, one row a referral. ``row`` is the row of the file. Values are those of
        data/catalogue/returns/referrals.yml, whatever their spelling in the file. Rows of the template, and rows without a day of
        referral, are left out.

    Raises:
        DataError: the file is missing, empty, no text in UTF-8, a broken or protected workbook, or no such list; a quotation mark
            takes in several rows of a CSV; a workbook has the list on several sheets; or there are rows, and none can be used.
    """
    with _opened(path) as sheets:
        found = [(sheet, *head) for sheet in sheets if (head := _head(sheet))[0]]
        if len(found) != 1:
            raise DataError(_not_one(path, [sheet.place for sheet, _, _ in found]))
        sheet, at, headings = found[0]
        reading = _Reading(path.name, sheet, at, headings)
        table = reading.table()
    if reading.records and not table.num_rows:
        raise DataError(reading.none_used())
    file = FileRead(path.name, load_referral_list().is_a, reading.records, reading.named, reading.note)
    return Return({"referrals": table}, reading.problems.listed(), (file,))


class _Reading:
    """One list while it is read. It holds no row longer than it must."""

    def __init__(self, file: str, sheet: _Sheet, at: int, headings: tuple[str, ...]) -> None:
        self.file, self.sheet, self.first = file, sheet, at + 1
        self.problems, self._rows = Problems(file), Rows("referrals")
        self.records = 0
        #: How many rows are left out for which reason, with the column that it is said of.
        self._left_out: Counter[tuple[str, Wrong]] = Counter()
        #: Number of cells that a row of a CSV must have at least, and may have at most if what stands beyond is not blank.
        self._cells = (0, 0) if sheet.place else (_width(headings), len(headings))
        #: Row of each referral that was read, to find those given twice.
        self._seen: dict[tuple[object, ...], int] = {}
        self._matched = self._match(headings, at)
        self.named = {ours: headings[index].strip() for ours, index in self._matched.items()}
        more = sum(bool(heading) for heading in headings) - len(self._matched)
        self._more = f"columns that are not of the list, and were not read: {more}" if more else ""

    @property
    def note(self) -> str:
        """What a reader should know of the file as a whole."""
        return "; ".join(filter(None, ["" if self.records else "no referral in it", self._more]))

    def table(self) -> Any:
        """Read all rows."""
        pairs = zip_longest(self.sheet.rows, self.sheet.formulas, fillvalue=())
        for number, (cells, formulas) in enumerate(pairs, start=self.first):
            given = {ours: _cell(cells, index) for ours, index in self._matched.items()}
            lost = {
                ours
                for ours, index in self._matched.items()
                if given[ours] is None and _cell(formulas, index) is not None
            }
            shifted = self._shifted(cells)
            if not lost and shifted != _MORE_CELLS and all(is_blank(value) for value in given.values()):
                continue
            if shifted == _MORE_CELLS and not _is_example(given):
                self._leave_out(number, _WHOLE_ROW, shifted)
                continue
            if shifted == _FEWER_CELLS:
                self._problem(number, _WHOLE_ROW, shifted)
            self._take(number, given, lost)
        return self._rows.table()

    def none_used(self) -> str:
        """Say that no row can be used, how many there are, and why."""
        (_, main), _ = self._left_out.most_common(1)[0]
        reasons = " and ".join(
            f"{count:,} for {self._column(ours)} ({wrong.found})"
            for (ours, wrong), count in self._left_out.most_common()
        )
        return (
            f"{self.file}: {self.records:,} row{'s' if self.records > 1 else ''} left out: {reasons}. None is left to be counted. "
            f"Expected {main.expected}. {main.action} Or take the list away, and count what there is beside it."
        )

    def _take(self, number: int, given: Mapping[str, Any], uncomputed: set[str]) -> None:
        if _is_example(given):
            self._problem(number, "reference", Wrong("a row of the template", "referrals alone", "Remove it.", "example"), left_out=True)  # fmt: skip
            return
        row = {ours: self._value(number, ours, value, ours in uncomputed) for ours, value in given.items()}
        if row.get("referred") is None:
            if is_blank(given.get("referred")) and "referred" not in uncomputed:
                self._leave_out(number, "referred", _NO_DAY if "referred" in self._matched else _SEVERAL_DAYS)
            return
        self.records += 1
        self._check_twice(number, row)
        for ours, wrong in contradictions(row):
            self._problem(number, ours, wrong)
        self._rows.add({**row, "file": self.file, "row": number})

    def _value(self, number: int, ours: str, value: Any, uncomputed: bool) -> object:
        found = read_cell(ours, value) if not uncomputed else _NOT_WORKED_OUT
        if not isinstance(found, Wrong):
            return found
        say = self._leave_out if load_referral_list().columns[ours].essential else self._problem
        say(number, ours, _told_as_serial(value, found))
        return None

    def _leave_out(self, number: int, ours: str, wrong: Wrong) -> None:
        """A record that is in no count, and the one reason for it."""
        self.records += 1
        self._left_out[ours, wrong] += 1
        self._problem(number, ours, wrong, left_out=True)

    def _shifted(self, cells: Row) -> Wrong | None:
        """What is wrong with the number of cells of a row of a CSV: of one with more nobody can say from which column on it is shifted."""
        least, most = self._cells
        if not least:
            return None
        if not all(is_blank(cell) for cell in cells[most:]):
            return _MORE_CELLS
        return _FEWER_CELLS if len(cells) < least else None

    def _check_twice(self, number: int, row: Mapping[str, object]) -> None:
        """The same referral in two rows; without child and reference no two rows can be told to be the same."""
        key = tuple(row.get(name) for name in ("reference", "child", "referred"))
        if key[0] is None and key[1] is None:
            return
        if key in self._seen:
            wrong = Wrong("a referral that a later row gives again", "each referral once, with all its issues",
                          "Remove one, or give each a REFERENCE; the later row is counted.", "duplicate")  # fmt: skip
            self._problem(self._seen[key], "reference" if key[0] else "child", wrong, left_out=True)
        self._seen[key] = number

    def _match(self, headings: tuple[str, ...], at: int) -> dict[str, int]:
        """The index of the one column of the file for each column of ours that has one."""
        given = [plain(heading) for heading in headings]
        matched = {}
        for ours, column in load_referral_list().columns.items():
            count = given.count(plain(column.heading))
            if count == 1:
                matched[ours] = given.index(plain(column.heading))
                continue
            found = f"{count} columns with its heading" if count else "no column with its heading"
            action = "Keep one; none was read." if count else f"{_MEND_HEADING} What depends on it is not counted."
            self._problem(at, ours, Wrong(found, "one", action, "column"), left_out=column.essential)
        return matched

    def _problem(self, number: int, ours: str, wrong: Wrong, *, left_out: bool = False) -> None:
        self.problems.add(
            number, self._column(ours), found=wrong.found, expected=wrong.expected, action=wrong.action, rule=wrong.rule, left_out=left_out
        )  # fmt: skip

    def _column(self, ours: str) -> str:
        """A column of ours, or the whole row, as a message names it."""
        heading = ours if ours == _WHOLE_ROW else load_referral_list().columns[ours].heading
        return f"{self.sheet.place}, {heading}" if self.sheet.place else heading


_NOT_WORKED_OUT = Wrong(
    "a formula that was never worked out", "a value", "Open the workbook in Excel and save it.", "formula"
)
_NO_DAY = Wrong("nothing", "the day of the referral", "Fill it in.", "blank")
_SEVERAL_DAYS = Wrong(
    "no one day, as several columns have its heading", "the day of the referral", "Keep one column.", "blank"
)
# In the words of the SSDA903 reader.
_MORE_CELLS = Wrong(
    "more cells than there are headings", "one cell for each heading",
    "Is there a comma within a cell? Put the cell between quotation marks, or take it away.", "cells",
)  # fmt: skip
_FEWER_CELLS = Wrong(
    "fewer cells than there are headings", "one cell for each heading",
    "Is the file cut off? What is missing was taken as blank.", "cells",
)  # fmt: skip


def _is_example(given: Mapping[str, Any]) -> bool:
    """Whether a row is one of the template."""
    return plain(str(given.get("reference") or "")).startswith(_EXAMPLE)


def _told_as_serial(value: Any, wrong: Wrong) -> Wrong:
    """What is wrong with a day, said of a plain number as the SSDA903 reader says it."""
    is_number = isinstance(value, int | float) or (isinstance(value, str) and _SERIAL.fullmatch(value.strip()))
    if wrong.rule != "date" or isinstance(value, bool) or not is_number:
        return wrong
    return replace(wrong, found=SERIAL, action="Show the column as dates in the spreadsheet, and save it again.")


def _width(headings: Sequence[str]) -> int:
    """The number of cells up to the last heading."""
    return max(at for at, heading in enumerate(headings, start=1) if heading.strip())


def _head(sheet: _Sheet) -> tuple[int, tuple[str, ...]]:
    """The row of the headings, from 1, and the headings; 0 where the sheet is no such list. Rows up to it are read off."""
    for number, cells in enumerate(islice(sheet.rows, _HEAD_ROWS), start=1):
        next(sheet.formulas, None)
        if load_referral_list().is_headed_by(cells):
            return number, tuple(cell if isinstance(cell, str) else "" for cell in cells)
    return 0, ()


@contextmanager
def _opened(path: Path) -> Iterator[list[_Sheet]]:
    """The sheets of a workbook, or a CSV as its one sheet."""
    if path.suffix.lower() != ".csv":
        with open_workbook(path) as book:
            yield [_sheet(item) for item in book.sheets]
        return
    text = _text_of(_start(path))
    if not text:
        yield []
        return
    with closing(numbered_rows(path, text.delimiter, width=len(text.headings))) as rows:
        yield [_Sheet((tuple(cells) for _, cells in rows), iter(()), "")]


def _sheet(sheet: Sheet) -> _Sheet:
    return _Sheet(sheet.rows(), sheet.formula_rows(1), f"sheet {sheet.position}")


def _start(path: Path) -> list[str]:
    """The first lines of a CSV, whatever it is written in."""
    require_content(path, WHAT)
    with path.open("rb") as file:
        text = file.read(_START).decode("utf-8-sig", errors="replace")
    return text.splitlines()[:_HEAD_ROWS]


def _text_of(lines: Sequence[str]) -> CsvText | None:
    """The headings of the list, and what parts them from one another; None where no line holds them."""
    known = load_referral_list()
    for delimiter in _DELIMITERS:
        with suppress(csv.Error):
            for cells in csv.reader(lines, delimiter=delimiter):
                if known.is_headed_by(cells):
                    return CsvText(tuple(cells), delimiter)
    return None


def _not_one(path: Path, places: list[str]) -> str:
    known = ", ".join(load_referral_list().known_by)
    if not places:
        return f"{path.name} is no advocacy referral list: no row among the first {_HEAD_ROWS} has the headings {known}. {_MEND_HEADING}"
    return f"{path.name} has the headings {known} on {' and '.join(places)}, expected on one. Put all referrals on one sheet."


def _cell(cells: Row, index: int) -> Any:
    return cells[index] if index < len(cells) else None
