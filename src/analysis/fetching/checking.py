"""What has been downloaded, looked at before it is believed: a table or an archive, and all of it."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from analysis.errors import FetchError
from analysis.fetching.answers import is_markup, what_it_is
from analysis.fetching.patience import PassingError

Form = Literal["text", "gzip", "archive"]

MARKUP_KINDS = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")


def require_table(address: str, kind: str, beginning: bytes) -> None:
    """Refuse what is no table by how it begins: a web page, an answer in JSON, or nothing.

    Args:
        address: where it came from.
        kind: the content type that the service gives.
        beginning: its first bytes.

    Raises:
        FetchError: it is something else; the message says what.
    """
    plain = kind.partition(";")[0].strip().casefold()
    is_other = (
        plain in MARKUP_KINDS or is_markup(beginning) or beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    )
    if is_other:
        raise FetchError(f"{address} sent {what_it_is(kind, beginning)}. Expected a CSV file. It was not kept.")


def form_of(path: Path) -> Form:
    """Return what a file is by its first bytes, whatever anybody calls it."""
    with path.open("rb") as file:
        beginning = file.read(4)
    if beginning.startswith(b"PK\x03\x04"):
        return "archive"
    return "gzip" if beginning.startswith(b"\x1f\x8b") else "text"


def require_whole(path: Path, *, rows: int | None, largest: int) -> int | None:
    """Look whether all of a file is there, beyond its length: rows, last line, and the checksums inside an archive.

    Args:
        path: the file.
        rows: how many rows the service says it has, the header not counted.
        largest: bytes that it may have, unpacked.

    Returns:
        How many rows it has; nothing for an archive.

    Raises:
        PassingError: something is missing or broken, so that it should be had again.
        FetchError: it unpacks to more than is taken.
    """
    form = form_of(path)
    if form == "archive":
        _require_archive(path)
        return None
    with _opened(path, form, largest) as file:
        found, is_cut = _count_rows(file)
    if found < 0:
        raise PassingError("The file is empty.")
    if rows is not None and found != rows:
        raise PassingError(f"The file has {found} rows, and the service says that it has {rows}.")
    if rows is None and is_cut:
        raise PassingError("The file ends in the middle of a line.")
    return found


def unpack(path: Path, target: Path, *, largest: int) -> None:
    """Write what a gzip file holds.

    Raises:
        PassingError: it is broken.
        FetchError: it holds more than is taken.
    """
    with _opened(path, "gzip", largest) as file, target.open("wb") as out:
        while piece := file.read(1 << 20):
            out.write(piece)


class _Limited(io.RawIOBase):
    """A file that gives no more than it may: a small gzip file can unpack to any size."""

    def __init__(self, file: BinaryIO, largest: int) -> None:
        self._file = file
        self._left = largest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise FetchError("The file unpacks to more than the limit in data/catalogue/service.yml. It was not kept.")
        buffer[: len(piece)] = piece
        return len(piece)


@contextmanager
def _opened(path: Path, form: Form, largest: int) -> Iterator[io.BufferedReader]:
    """The file, unpacked where it is packed; breaks inside it are troubles that may pass."""
    try:
        with path.open("rb") if form == "text" else gzip.open(path, "rb") as file:
            yield io.BufferedReader(_Limited(file, largest))  # type: ignore[arg-type]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise PassingError(f"The packed file is broken ({error}).") from None


def _count_rows(file: io.BufferedReader) -> tuple[int, bool]:
    """Rows after the header (-1 without one), and whether the last line has neither an end nor all its cells."""
    text = _Ending(file)
    rows, header, last = -1, 0, 0
    try:
        for cells in csv.reader(text):
            if cells:
                rows, last = rows + 1, len(cells)
                header = header or last
    except csv.Error as error:
        raise PassingError(f"The file cannot be read as CSV ({error}).") from None
    return rows, not text.ends_with_newline and last != header


class _Ending:
    """The lines of a file, with a note of whether the last one was ended."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
        self.ends_with_newline = False

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.ends_with_newline = line.endswith(("\n", "\r"))
            yield line


def _require_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        raise PassingError(f"The archive is broken ({error}).") from None
    if broken:
        raise PassingError(f"The archive is broken: {broken} is not what was packed.")
