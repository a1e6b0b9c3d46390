"""A workbook opened with suspicion: no macros, no password, not more than fits into memory, and no message that quotes a cell."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from analysis.errors import DataError
from analysis.sources.returns.gathered import require_content

#: Bytes that all parts of a workbook may unpack to.
MOST_UNPACKED = 500_000_000
#: Rows that a sheet can have. A file can name a later one, and all before it would be made up as blank.
MOST_ROWS = 1_048_576
WHAT = "a workbook (.xlsx)"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "Open it in Excel and save it as Excel Workbook (.xlsx)"
_CHUNK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError
)  # fmt: skip
#: What a spreadsheet shows where a formula failed.
ERRORS: Final = frozenset(["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"])  # fmt: skip

Row = tuple[Any, ...]


@dataclass(frozen=True, repr=False)
class Sheet:
    """One sheet. It has no repr, as it holds children.

    Attributes:
        position: 1 for the first.
        title: its title.
    """

    position: int
    title: str
    file: str
    values: Any
    formulas: Any = None

    def rows(self, first: int = 1) -> Iterator[Row]:
        """Yield the values of each row from one on; rows can differ in length.

        Raises:
            DataError: the sheet is broken.
        """
        yield from _guarded(self.values, self.file, self.position, first)

    def formula_rows(self, first: int) -> Iterator[Row]:
        """Yield each row from one on with formulas in the place of what they came to; nothing where there are no formulas."""
        if self.formulas is not None:
            yield from _guarded(self.formulas, self.file, self.position, first)


@dataclass(frozen=True, repr=False)
class Book:
    """A workbook.

    Attributes:
        sheets: its sheets, in order.
        epoch: its day 0.
    """

    sheets: tuple[Sheet, ...]
    epoch: datetime


@contextmanager
def open_workbook(path: Path) -> Iterator[Book]:
    """Open a workbook for reading.

    Args:
        path: the file.

    Raises:
        DataError: it is missing, empty, an old or binary workbook, one with macros or a password, no workbook at all, broken, or larger
            than may be unpacked.
    """
    _require_zip(path, require_content(path, WHAT))
    has_formulas = _look_at_parts(path)
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # openpyxl warns of formats and pictures, none of which is read
        books = [_load(path, data_only=True)]
        stack.callback(books[0].close)
        if has_formulas:
            books.append(_load(path, data_only=False))
            stack.callback(books[1].close)
        sheets = zip(*(book.worksheets for book in books), strict=True)
        yield Book(
            tuple(Sheet(number, str(same[0].title), path.name, *same) for number, same in enumerate(sheets, start=1)),
            books[0].epoch,
        )


def _require_zip(path: Path, start: bytes) -> None:
    ending = path.suffix.casefold()
    if start.startswith(_OLE):
        locked = _holds(path, _ENCRYPTED)
        raise DataError(
            f"{path.name} is protected with a password, expected {WHAT} without. Take the password off in Excel (File, Info, Protect "
            "Workbook) and save it again." if locked
            else f"{path.name} is an old Excel workbook (.xls), expected {WHAT}. {_SAVE_AS}."
        )  # fmt: skip
    if ending in (".xls", ".xlsm", ".xlsb", ".xltm", ".xlam"):
        raise DataError(
            f"{path.name} is of the kind {ending}, expected {WHAT} without macros. {_SAVE_AS}; its ending alone does not do."
        )
    if not start.startswith(b"PK\x03\x04"):
        raise DataError(
            f"{path.name} is no workbook, expected {WHAT}. {_SAVE_AS}, or give the right file; its ending alone does not do."
        )
    _require_workbook(path)


def _require_workbook(path: Path) -> None:
    wrong = ""
    try:
        with zipfile.ZipFile(path) as archive:
            wrong = _wrong_with(archive)
    except _BROKEN:
        wrong = "is a broken zip file. Export it again, or copy it again"
    if wrong:
        raise DataError(f"{path.name} {wrong}. Expected {WHAT}.")


def _wrong_with(archive: zipfile.ZipFile) -> str:
    """What is wrong with the parts of an archive, in words; blank where it can be read."""
    parts = archive.infolist()
    names = [part.filename.casefold() for part in parts]
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        return f"is a zip file that is no workbook. {_SAVE_AS}, or unpack it and give what is inside"
    if any(part.flag_bits & 1 for part in parts):
        return "is protected with a password. Take the password off and save it again"
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED:
        return (
            f"unpacks to {size // 1_000_000:,} MB, more than the {MOST_UNPACKED // 1_000_000:,} MB that are read. "
            "Take sheets away that are not needed"
        )
    if "xl/workbook.bin" in names:
        return f"is a binary workbook (.xlsb). {_SAVE_AS}"
    macros = any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in names)
    if macros or b"macroenabled" in archive.read("[Content_Types].xml").lower():
        return f"holds macros, which are never opened. {_SAVE_AS}"
    return ""


def _look_at_parts(path: Path) -> bool:
    """Read every part once: it must be whole and declare no document type. Return whether there is any formula."""
    formulas, wrong = False, ""
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                if part.filename.casefold().endswith(".svg"):  # a picture may declare its type; it is not read
                    continue
                found = _marks(archive, part)
                wrong = wrong or (
                    "declares a document type or entities, which no workbook needs" if b"<!DOCTYPE" in found else ""
                )
                formulas = formulas or bool({b"<f>", b"<f "} & found)
    except _BROKEN:
        wrong = "is broken: a part of it cannot be unpacked. Export it again, or copy it again"
    if wrong:
        raise DataError(f"{path.name} {wrong}. Expected {WHAT}.")
    return formulas


def _marks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> set[bytes]:
    marks, found, before = (b"<!DOCTYPE", b"<f>", b"<f "), set(), b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            # The end of the last chunk goes along, as a mark can lie across.
            window = (before + chunk).replace(b"\x00", b"")  # so that UTF-16 hides nothing
            found |= {mark for mark in marks if mark in window}
            before = chunk[-40:]
    return found


def _holds(path: Path, mark: bytes) -> bool:
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if mark in before + chunk:
                return True
            before = chunk[-len(mark) :]
    return False


def _load(path: Path, *, data_only: bool) -> Any:
    book = None
    with suppress(Exception):  # a broken workbook fails in any way there is, and what is said then can quote a cell
        book = load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
    if book is None:
        raise DataError(f"{path.name} cannot be read as a workbook: a part of it is missing or broken. Expected {WHAT}. {_SAVE_AS}.")  # fmt: skip
    return book


def _guarded(sheet: Any, file: str, position: int, first: int) -> Iterator[Row]:
    """The rows of a sheet, whatever size it says it has."""
    sheet.reset_dimensions()  # programs write wrong ones, and what lies outside would be passed over
    whole, number = False, first
    with suppress(Exception):  # as when it is opened
        for number, row in enumerate(sheet.iter_rows(min_row=first, min_col=1, values_only=True), start=first):
            if number > MOST_ROWS:
                break
            yield row
        whole = True
    if number > MOST_ROWS:
        raise DataError(
            f"{file}, sheet {position}: it has a row beyond row {MOST_ROWS:,}, the last that a workbook can have. Expected {WHAT}. {_SAVE_AS}."
        )
    if not whole:
        raise DataError(f"{file}, sheet {position}: it is broken and cannot be read. Expected {WHAT}. {_SAVE_AS}.")
