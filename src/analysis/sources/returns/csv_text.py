"""A CSV file as text: its headings, what parts them, and its rows one by one where a quick reader would lose or shift some."""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.errors import DataError

#: What may part cells.
_DELIMITERS = (",", ";", "\t")
#: Bytes among which the line of headings is looked for.
_START = 65_536
#: Rows in which headings are looked for; what programs write above them is a few lines.
_MOST_ABOVE = 30
_CHUNK = 1 << 20
_BATCH = 50_000
#: What the quick reader cannot be left alone with: it reads a quotation mark that nobody closes on to the end of the file, and
#: passes over blank lines without counting them.
_NOT_PLAIN = (b'"', b"\n\n", b"\n\r\n", b"\r\r")
_EXPORT = "Export it again as CSV UTF-8"


@dataclass(frozen=True)
class CsvText:
    """How a CSV file is written.

    Attributes:
        headings: its headings, as they stand.
        delimiter: what parts its cells.
    """

    headings: tuple[str, ...]
    delimiter: str


def read_headings(path: Path) -> CsvText:
    """Return the headings of a CSV file; nothing below them is read.

    Args:
        path: the file.

    Raises:
        DataError: it is missing, empty, or no text of single bytes.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except FileNotFoundError:
        raise DataError(f"{path.name} is not there. Give the folder or the files of the return.") from None
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be read: {error.strerror}. Look at its permissions, or copy it again."
        ) from None
    if b"\x00" in start:
        raise DataError(f"{path.name}: it is no text in UTF-8, perhaps in UTF-16, or no text at all. {_EXPORT}.")
    found = headings_of(start)
    if not found:
        raise DataError(f"{path.name}: it is empty, or its first line is; expected a heading and records.")
    return found


def headings_of(start: bytes) -> CsvText | None:
    """Return the headings with which a file begins; None where its first line is blank.

    Args:
        start: its first bytes, with the whole first line.

    Example:
        >>> headings_of(b"CHILD;DECOM")
        CsvText(headings=('CHILD', 'DECOM'), delimiter=';')
    """
    line = re.split(r"[\r\n]", start.decode("utf-8-sig", errors="replace"), maxsplit=1)[0]
    if not line.strip():
        return None
    delimiter = max(_DELIMITERS, key=line.count)
    try:
        return CsvText(tuple(next(csv.reader([line], delimiter=delimiter))), delimiter)
    except csv.Error:
        return CsvText((line,), delimiter)


def rows_at_the_start(path: Path) -> Iterator[tuple[int, CsvText]]:
    """Yield each of the first rows of a file that is not blank as if it were that of the headings, with its number.

    Args:
        path: the file.
    """
    with path.open("rb") as file:
        lines = re.split(rb"\r\n|\r|\n", file.read(_START))
    for number, line in enumerate(lines[:_MOST_ABOVE], start=1):
        found = headings_of(line)
        if found:
            yield number, found


def is_plain(path: Path) -> bool:
    """Return whether every line of a file is a record and no cell is quoted, so that the quickest reader reads it right."""
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            window = before + chunk
            if any(mark in window for mark in _NOT_PLAIN):
                return False
            before = chunk[-2:]
    return True


def read_rows(path: Path, text: CsvText, columns: list[str]) -> Iterator[pa.Table]:
    """Yield the records of a file, some tens of thousands at a time.

    Args:
        path: the file.
        text: as from :func:`read_headings`.
        columns: a name for each of its columns.

    Returns:
        Tables with these columns, all text; None where a row has fewer cells; ``extra`` is what stands beyond the last, None if
        nothing; ``line`` is the row in the file, the heading being row 1.

    Raises:
        DataError: it is no text in UTF-8, or a quotation mark takes in several rows.
    """
    rows = numbered_rows(path, text.delimiter)
    next(rows)
    records = (row for row in rows if row[1])
    while batch := list(islice(records, _BATCH)):
        yield _table(batch, columns)


def numbered_rows(path: Path, delimiter: str, *, width: int = 0) -> Generator[tuple[int, list[str]], None, None]:
    """Yield each row of a file with its number, the first being 1; a blank line is a row without cells.

    Args:
        path: the file.
        delimiter: what parts its cells.
        width: number of headings of a file in whose cells lines may break; 0 where each row is on a line of its own.

    Raises:
        DataError: it is no text in UTF-8, or a quotation mark takes in several rows.
    """
    wrong = ""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = _Lines(file)
            # What cannot be needed is not kept, as it takes time.
            reader = csv.reader(lines if width else file, delimiter=delimiter)
            yield from _numbered(path, reader, lines, width)
    except UnicodeDecodeError:
        wrong = f"it is no text in UTF-8. {_EXPORT}."
    except csv.Error:
        wrong = f"a row from row {reader.line_num} on cannot be read. Is there a quotation mark too many? {_EXPORT}."
    # Raised only here, as what Python says quotes the file, and would hang on to the error.
    if wrong:
        raise DataError(f"{path.name}: {wrong}")


class _Lines:
    """The lines of a file, of which those of the row that is being read are kept."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self.of_row: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.of_row.append(next(self._file))
        return self.of_row[-1]


def _numbered(path: Path, reader: Any, lines: _Lines, width: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number. A row that goes over several lines is refused, unless they are lines of its cells."""
    before = reader.line_num
    for number, cells in enumerate(reader, start=1):
        taken = reader.line_num - before - 1
        if taken and not (width and _breaks_in_cells(cells, lines.of_row, reader.dialect.delimiter, width)):
            raise DataError(
                f"{path.name}, row {number}: a quotation mark takes in {taken:,} of the rows after it, expected each row on a "
                "line of its own. Take the mark away, or export the file again."
            )
        yield number, cells
        before = reader.line_num
        lines.of_row.clear()


def _breaks_in_cells(cells: list[str], lines: list[str], delimiter: str, width: int) -> bool:
    """Whether a row on several lines is one row, in whose cells lines break, and not several that a quotation mark holds together.

    It is one if every mark is closed at the end of a cell; if it has a cell for each heading, or is one cell, as a title is; and if
    no cell has as many delimiters before its first break as the end of one row, and after its last as the start of another.
    """
    if len(cells) not in (1, width) or not _is_closed(lines, delimiter):
        return False
    for at, cell in enumerate(cells):
        parts = re.split(r"[\r\n]+", cell)
        if len(parts) > 1 and parts[0].count(delimiter) >= width - 1 - at and parts[-1].count(delimiter) >= at:
            return False
    return True


def _is_closed(lines: list[str], delimiter: str) -> bool:
    """Whether each quotation mark that begins a cell is closed, with nothing between it and the end of the cell."""
    with suppress(csv.Error):
        return len(list(csv.reader(lines, delimiter=delimiter, strict=True))) == 1
    return False


def _table(batch: list[tuple[int, list[str]]], columns: list[str]) -> pa.Table:
    width = len(columns)
    given = {
        name: pa.array([cells[at] if at < len(cells) else None for _, cells in batch], pa.string())
        for at, name in enumerate(columns)
    }
    more = pa.array(["".join(cells[width:]).strip() or None for _, cells in batch], pa.string())
    return pa.table({**given, "extra": more, "line": pa.array([number for number, _ in batch], pa.int32())})
