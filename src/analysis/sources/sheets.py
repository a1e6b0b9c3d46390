"""A CSV file as people save it: read as far as it can be read, with a problem for each thing wrong with its form."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from analysis.sources.checks import Problem

_SAVE_AS = "In the spreadsheet, save as “CSV UTF-8 (Comma delimited)”."
_AS_TEXT = "Save the document as plain text in UTF-8; `pdftotext -layout` makes text of a PDF."
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_NOT_TEXT = {
    b"PK\x03\x04": "a workbook, a Word document or an archive",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF",
}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: A byte that is not UTF-8, as it stands in text that was decoded all the same.
_ESCAPED = re.compile("[\udc80-\udcff]")

#: The number of each row, and its cells.
_Lines = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Sheet:
    """What could be read of a file.

    Attributes:
        header: names of the columns; empty where there is no table at all.
        rows: number of each row as a spreadsheet counts it, and its cells, one for each column.
        counted: how many rows under the header hold anything, those that could not be read into columns included.
        problems: what is wrong with the form of the file.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    counted: int
    problems: tuple[Problem, ...]


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file. One in another encoding, or with other delimiters, is read too, and a problem says so.

    Args:
        path: the file.
    """
    text, problems = _read_text(path, field="the file", what="a CSV file of transcribed figures", save=_SAVE_AS)
    if not text.strip():
        return Sheet((), (), 0, tuple(problems))
    delimiter = _delimiter_of(text)
    if delimiter != ",":
        found = f"columns parted by {_DELIMITERS[delimiter]}"
        problems.append(Problem(0, "the file", found, "columns parted by commas", _SAVE_AS))
    lines, broken = _lines_of(text, delimiter)
    lines, foreign = _mended(lines)
    header, unnamed = _header_of(lines)
    if not header:
        nameless = Problem(0, "the header", "no names in the first row", "a name for each column", "Give them first.")
        return Sheet((), (), 0, (*problems, *broken, nameless))
    filled = [(number, cells) for number, cells in lines[1:] if any(cell.strip() for cell in cells)]
    rows, ragged = _fitted(filled, len(header))
    problems += [*broken, *foreign, *unnamed, *_empty_rows(lines[1:]), *ragged]
    return Sheet(header, tuple(rows), len(filled), tuple(problems))


def read_document(path: Path) -> tuple[str, list[Problem]]:
    """Return the plain text of a document, with line ends as they are here, and what is wrong with it.

    Args:
        path: the file.
    """
    text, problems = _read_text(path, field="the text", what="the document as plain text", save=_AS_TEXT)
    foreign = _ESCAPED.findall(text)
    if foreign:
        problems.append(Problem(0, "the text", _not_utf_8(foreign[0], len(foreign) - 1), "UTF-8 text", _AS_TEXT))
    return _as_windows(text).replace("\r\n", "\n"), problems


def _read_text(path: Path, *, field: str, what: str, save: str) -> tuple[str, list[Problem]]:
    """The text of a file and what is wrong with it. A byte that is not UTF-8 stays marked, so that it can be found."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "", [Problem(0, field, f"no file {path.name!r}", what, "Look at its name and folder.")]
    except OSError as error:
        return "", [Problem(0, field, f"a file that cannot be read ({error.strerror})", what, "Look at its permissions.")]  # fmt: skip
    if content.startswith(_UTF_16):
        return content.decode("utf-16", errors="replace"), [Problem(0, field, "text in UTF-16", "UTF-8 text", save)]
    kind = next((words for start, words in _NOT_TEXT.items() if content.startswith(start)), "")
    if kind or b"\0" in content:
        return "", [Problem(0, field, kind or "a binary file", what, save)]
    text = content.decode("utf-8-sig", errors="surrogateescape")
    return text, [] if text.strip() else [Problem(0, field, "an empty file", what, "Look whether it was saved.")]


def _not_utf_8(escaped: str, more: int) -> str:
    rest = f", and {more} more" if more else ""
    return f"a byte that is not UTF-8 (0x{ord(escaped) - 0xDC00:02X}){rest}"


def _delimiter_of(text: str) -> str:
    """The one that parts the most columns in the first line; a comma where none does."""
    first = text.lstrip().splitlines()[0]
    return max(_DELIMITERS, key=first.count)


def _lines_of(text: str, delimiter: str) -> tuple[_Lines, list[Problem]]:
    """The cells of each row with its number; the rows up to one that cannot be parsed, where there is one."""
    # A quotation mark that is not closed makes a cell of all that follows.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    lines: _Lines = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            lines.append((number, cells))
    except csv.Error:
        problem = Problem(
            len(lines) + 1, "the row", "a quotation mark that is not closed, or text after one that is",
            'text with a comma in "double quotes", and each quotation mark inside it doubled',
            "Mend the quotation marks; this row and those after it were not checked.",
        )  # fmt: skip
        return lines, [problem]
    return lines, []


def _mended(lines: _Lines) -> tuple[_Lines, list[Problem]]:
    """The same rows with bytes that are not UTF-8 read as Windows writes them; one problem for all of them."""
    wrong = [
        (number, at, byte)
        for number, cells in lines
        for at, cell in enumerate(cells)
        for byte in _ESCAPED.findall(cell)
    ]
    if not wrong:
        return lines, []
    number, at, byte = wrong[0]
    header = lines[0][1]
    column = " ".join(header[at].split()) if number > 1 and at < len(header) else "the row"
    problem = Problem(number, column, _not_utf_8(byte, len(wrong) - 1), "UTF-8 text", _SAVE_AS)
    return [(row, [_as_windows(cell) for cell in cells]) for row, cells in lines], [problem]


def _as_windows(cell: str) -> str:
    if not _ESCAPED.search(cell):
        return cell
    return cell.encode("utf-8", errors="surrogateescape").decode("cp1252", errors="replace")


def _header_of(lines: _Lines) -> tuple[tuple[str, ...], list[Problem]]:
    """The names of the columns, without empty columns at the right, which spreadsheets leave."""
    names = list(lines[0][1]) if lines else []
    count = len(names)
    while names and not names[-1].strip():
        names.pop()
    if len(names) == count or not names:
        return tuple(names), []
    empty = f"{_count(count - len(names), 'column')} without a name at the right"
    action = "Delete the columns as a whole and save again."
    return tuple(names), [Problem(0, "the header", empty, "a name for each column", action)]


def _empty_rows(lines: _Lines) -> list[Problem]:
    empty = [number for number, cells in lines if not any(cell.strip() for cell in cells)]
    if not empty:
        return []
    found = f"{_count(len(empty), 'empty row')}, of which this is the first"
    return [Problem(empty[0], "the row", found, "a figure in every row", "Delete the rows as a whole and save again.")]


def _fitted(lines: _Lines, width: int) -> tuple[list[tuple[int, tuple[str, ...]]], list[Problem]]:
    """The rows that have a cell for each column, and a problem for each row that has not."""
    rows: list[tuple[int, tuple[str, ...]]] = []
    problems: list[Problem] = []
    for number, cells in lines:
        if len(cells) >= width and not any(cell.strip() for cell in cells[width:]):
            rows.append((number, tuple(cells[:width])))
        else:
            problems.append(_ragged(number, cells, width))
    return rows, problems


def _ragged(number: int, cells: list[str], width: int) -> Problem:
    long = next((cell for cell in cells if "\n" in cell), "")
    found = _count(len(cells), "cell") + (f", one of them over several lines, {long[:30]!r}" if long else "")
    action = (
        "Perhaps a quotation mark is not closed. " if long
        else "A text that holds a comma stands in double quotes; an empty cell is nothing between two commas. "
    )  # fmt: skip
    return Problem(number, "the row", found, f"{width}, as in the header", f"{action}The row was not checked further.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
