"""Which files there are to be read: those of folders and zips, each once and with a name that tells it from the others."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import DataError
from analysis.sources.returns.csv_text import headings_of
from analysis.sources.returns.layouts import recognise
from analysis.sources.returns.tables import ReturnProblem
from analysis.sources.returns.unpacking import unpack
from analysis.sources.returns.walking import Entry, kind_of, readable, shown_name, walk

SUFFIXES = (".csv", ".xml", ".xlsx", ".zip")
#: Workbooks that could be a return and are not opened.
_UNREAD_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltm", ".xlam", ".ods")
#: Bytes that are read of a file to tell whether it may stand beside several years.
_START = 65_536
#: Files that a message names.
_MOST_NAMED = 10


@dataclass(frozen=True)
class Found:
    """A file that was found.

    Attributes:
        label: its name; where several have one name, with the folders that tell them apart.
        path: where it is; None if it is not to be read.
        why_not: why it is not.
        problems: what is to be said of it.
    """

    label: str
    path: Path | None
    why_not: str = ""
    problems: tuple[ReturnProblem, ...] = ()


def find_files(paths: Sequence[Path], scratch: Path) -> list[Found]:
    """Return every file of folders and zips, also those that are not read, each with why.

    Args:
        paths: files, which are always read, or folders, of which files of a known kind are.
        scratch: a folder into which zips are unpacked.

    Raises:
        DataError: one is not there or may not be read, no file of a known kind is, or a zip is broken, locked, too large or holds zips.
    """
    given = list(_all_of(paths))
    labels = _labels([path for path, _, _ in given])
    found: list[Found] = []
    for path, is_given, entry in given:
        found += _found(entry, labels[path], is_given, scratch / f"zip-{len(found)}")
    if not any(item.path for item in found):
        raise DataError(_nothing(paths, found))
    return list(_each_once(found))


def _all_of(paths: Sequence[Path]) -> Iterator[tuple[Path, bool, Entry]]:
    """Each file once: its whole path, without links of folders above what was given; whether it was given by its own name; itself."""
    seen: set[Path] = set()
    for path in paths:
        kind = kind_of(path)
        if kind not in ("", "a folder"):
            raise DataError(
                f"{shown_name(path)} is {kind}, expected a folder or a file of a return ({', '.join(SUFFIXES)}). Give the folder or the files."
            )
        place = path.resolve() if kind else path.parent.resolve() / path.name
        for entry in walk(path) if kind else [Entry(path)]:
            there = place / entry.path.relative_to(path)
            real = there if entry.why_not else entry.path.resolve()
            if real not in seen:
                seen.add(real)
                yield there, not kind, entry


def _labels(paths: Sequence[Path]) -> dict[Path, str]:
    """Each file's name, with folders for all as soon as two have one name, as in a folder a year."""
    if len({path.name for path in paths}) == len(paths):
        return {path: shown_name(path.name) for path in paths}
    try:
        top = Path(os.path.commonpath([path.parent for path in paths]))
    except ValueError:  # Windows: they are on two drives
        return {path: shown_name(path.as_posix()) for path in paths}
    return {path: shown_name(path.relative_to(top).as_posix()) for path in paths}


def _found(entry: Entry, label: str, is_given: bool, folder: Path) -> list[Found]:
    """What one file is; of a zip, what is in it."""
    path, suffix = entry.path, entry.path.suffix.lower()
    if entry.why_not:
        return [Found(label, None, entry.why_not)]
    if not is_given and suffix not in SUFFIXES:
        return [_unread(label, suffix)]
    _require_opened(path, label)
    return _of_zip(path, label, folder) if suffix == ".zip" else [Found(label, path)]


def _require_opened(path: Path, label: str) -> None:
    """Refuse a file that may not be read, or whose name the readers of XML and CSV cannot be given."""
    try:
        os.fspath(path).encode()
    except UnicodeEncodeError:
        raise DataError(
            f"{label}: its name, or that of a folder, holds characters that are no text in UTF-8, written here as \\udc.. . "
            "Expected a name that every program can open. Give it another name."
        ) from None
    with readable(label), path.open("rb") as file:
        file.read(1)


def _unread(label: str, suffix: str) -> Found:
    if suffix not in _UNREAD_WORKBOOKS:
        return Found(label, None, "a kind of file that is not read; left alone")
    problem = ReturnProblem(
        label, 0, "the whole file", f"a workbook of the kind {suffix}, which is not opened", "a workbook (.xlsx) without macros",
        "If it is part of the return, open it in Excel and save it as Excel Workbook (.xlsx).", "kind", left_out=True,
    )  # fmt: skip
    return Found(label, None, f"a workbook of the kind {suffix}; not opened", (problem,))


def _of_zip(path: Path, label: str, folder: Path) -> list[Found]:
    """The files of a zip, unpacked beside the database."""
    unread, unpacked = unpack(path, label, folder, suffixes=SUFFIXES)
    if not unread and not unpacked:
        return [Found(label, None, "a zip with no file in it; left alone")]
    others = [_unread(f"{label}/{shown_name(name)}", Path(name).suffix.lower()) for name in unread]
    return [*others, *(Found(f"{label}/{name}", inner) for inner, name in _labels(unpacked).items())]


def _nothing(paths: Sequence[Path], found: Sequence[Found]) -> str:
    """That there is no file to read: where was looked, and what there is."""
    places = " and ".join(f"the {'folder' if kind_of(path) else 'file'} {shown_name(path)}" for path in paths)
    more = f"; and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
    held = "; ".join(f"{item.label}: {item.why_not}" for item in found[:_MOST_NAMED]) + more
    return (
        f"No file of a return was found in {places} ({held or 'there is no file in it'}). Expected {', '.join(SUFFIXES)}. "
        "Give the folder or the files of the return."
    )


def _each_once(found: Sequence[Found]) -> Iterator[Found]:
    """Files without those that hold, byte for byte, what one before holds: it would be counted as a second return."""
    sizes = Counter(_size(item) for item in found)
    before: dict[bytes, str] = {}
    for item in found:
        if not item.path or sizes[_size(item)] == 1:
            yield item
            continue
        with readable(item.label), item.path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
        if content in before:
            yield _again(item, item.path, before[content])
        else:
            before[content] = item.label
            yield item


def _size(item: Found) -> int:
    if not item.path:
        return -1
    with readable(item.label):
        return item.path.stat().st_size


def _again(item: Found, path: Path, first: str) -> Found:
    """A file that holds what one before holds: not read, and a problem where it could be a return by mistake given twice."""
    problem = ReturnProblem(
        item.label, 0, "the whole file", f"the very same as {first}", "each file once", "Take one away; it was read once.", "file twice",
    )  # fmt: skip
    problems = () if _may_stand_twice(item.label, path) else (problem,)
    return replace(item, path=None, why_not=f"the very same as {first}; read once", problems=problems)


def _may_stand_twice(label: str, path: Path) -> bool:
    """Whether a file may stand beside several years: a list of postcodes, or headings without a record under them."""
    if path.suffix.lower() != ".csv":
        return False
    with readable(label), path.open("rb") as file:
        start = file.read(_START)
    headings = headings_of(start)
    if not headings:
        return False
    is_bare = len(start) < _START and len(start.strip().splitlines()) == 1
    return is_bare or recognise(headings.headings)[0] == "localities"
