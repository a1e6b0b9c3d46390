"""Whether a folder holds child-level returns, told from the beginnings of its files: nothing of a record is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from analysis.sources.returns.csv_text import headings_of
from analysis.sources.returns.layouts import recognise

_START = 65_536
#: How the XML of SSDA903 and of the CIN Census begins.
_MARKS = {"ssda903": re.compile(rb"EXPSSDA903"), "cin": re.compile(rb"<(?:[\w.-]+:)?message\b", re.I)}


def holds_returns(folder: str | Path) -> bool:
    """Return whether a folder, or a folder in it, holds an SSDA903 or CIN Census return that can be counted.

    Args:
        folder: a folder; False where there is none.
    """
    place = Path(folder)
    return bool(str(folder)) and place.is_dir() and any(_is_return(path) for path in sorted(place.rglob("*")))


def kind_of_xml(path: Path) -> str:
    """Return whether a file is XML of SSDA903 (``ssda903``), of the CIN Census (``cin``) or of anything else (``other``).

    What cannot be told, as it is empty or no XML, is ``cin``: its reader says what is wrong.

    Args:
        path: the file.
    """
    with path.open("rb") as file:
        start = file.read(_START)
    is_xml = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    return _kind(start) or ("other" if is_xml else "cin")


def _kind(start: bytes) -> str:
    plain = start.replace(b"\x00", b"")  # so that UTF-16 hides nothing
    return next((kind for kind, mark in _MARKS.items() if mark.search(plain)), "")


def _is_return(path: Path) -> bool:
    if path.suffix.lower() not in {".csv", ".xml", ".zip"} or not path.is_file():
        return False
    return any(_begins_a_return(name, start) for name, start in _starts(path))


def _starts(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and beginning of a file, or of each file of a zip; nothing of one that cannot be opened, which its reader will say."""
    try:
        if path.suffix.lower() != ".zip":
            with path.open("rb") as file:
                yield path.name, file.read(_START)
            return
        with zipfile.ZipFile(path) as archive:
            for item in archive.infolist():
                if Path(item.filename).suffix.lower() in {".csv", ".xml"}:
                    with archive.open(item) as file:
                        yield item.filename, file.read(_START)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        return


def _begins_a_return(name: str, start: bytes) -> bool:
    if Path(name).suffix.lower() == ".xml":
        return bool(_kind(start))
    found = headings_of(start)
    return found is not None and bool(recognise(found.headings)[0])
