"""Which files there are to be read: those of folders and zips, each once and with a name that tells it from the others."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from analysis.errors import DataError
from analysis.sources.returns.tables import ReturnProblem

SUFFIXES = (".csv", ".xml", ".xlsx", ".zip")
#: Workbooks that could be a return and are not opened.
_UNREAD_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltm", ".xlam", ".ods")
#: A zip that unpacks to more bytes or files than this is refused.
MOST_UNPACKED, MOST_MEMBERS = 4 * 1024**3, 10_000
#: What programs leave beside files: marks of an open workbook, of a file manager, of a Mac.
_LITTER_STARTS, _LITTER = (".", "~$"), frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


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
        DataError: one is not there, no file of a known kind is, or a zip is broken, locked, too large or holds zips.
    """
    given = list(_all_of(paths))
    if not any(_is_read(path, is_given) for path, is_given in given):
        raise DataError(f"No file of a return was found: expected {', '.join(SUFFIXES)}.")
    labels = _labels([path for path, _ in given])
    found: list[Found] = []
    for path, is_given in given:
        if not _is_read(path, is_given):
            found.append(_unread(labels[path], path.name))
        elif path.suffix.lower() == ".zip":
            found += _of_zip(path, labels[path], scratch / f"zip-{len(found)}")
        else:
            found.append(Found(labels[path], path))
    return list(_each_once(found))


def _all_of(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file once, and whether it was given by its own name."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise DataError(f"{path} is not there. Give the folder or the files of the return.")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for item in inside:
            if item.is_file() and not _is_litter(item.relative_to(path).parts) and item.resolve() not in seen:
                seen.add(item.resolve())
                yield item, item == path


def _is_litter(parts: Iterable[str]) -> bool:
    return any(part.startswith(_LITTER_STARTS) or part.casefold() in _LITTER for part in parts)


def _is_read(path: Path, is_given: bool) -> bool:
    return is_given or path.suffix.lower() in SUFFIXES


def _labels(paths: Sequence[Path]) -> dict[Path, str]:
    """Each file's name, with folders for all as soon as two have one name, as in a folder a year."""
    if len({path.name for path in paths}) == len(paths):
        return {path: path.name for path in paths}
    top = Path(os.path.commonpath([path.resolve().parent for path in paths]))
    return {path: path.resolve().relative_to(top).as_posix() for path in paths}


def _unread(label: str, name: str) -> Found:
    suffix = Path(name).suffix.lower()
    if suffix not in _UNREAD_WORKBOOKS:
        return Found(label, None, "a kind of file that is not read; left alone")
    problem = ReturnProblem(
        label, 0, "the whole file", f"a workbook of the kind {suffix}, which is not opened", "a workbook (.xlsx) without macros",
        "If it is part of the return, open it in Excel and save it as Excel Workbook (.xlsx).", "kind", left_out=True,
    )  # fmt: skip
    return Found(label, None, f"a workbook of the kind {suffix}; not opened", (problem,))


def _of_zip(path: Path, label: str, folder: Path) -> list[Found]:
    """The files of a zip, unpacked beside the database."""
    wrong = ""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
            members = [item for item in members if not _is_litter(PurePosixPath(item.filename).parts)]
            wrong = _wrong_with(members)
            if not wrong:
                archive.extractall(folder, members=[item for item in members if _suffix(item) in SUFFIXES])
    except _BROKEN:
        wrong = "it is no readable zip. Pack it again, or give the files"
    except (OSError, RuntimeError) as error:
        wrong = f"it cannot be unpacked ({type(error).__name__}). Is there room on the disk? Else unpack it and give the folder"
    if wrong:
        raise DataError(f"{label}: {wrong}.")
    unread = [_unread(f"{label}/{item.filename}", item.filename) for item in members if _suffix(item) not in SUFFIXES]
    unpacked = sorted(item for item in folder.rglob("*") if item.is_file())
    return [*unread, *(Found(f"{label}/{name}", inner) for inner, name in _labels(unpacked).items())]


def _suffix(member: zipfile.ZipInfo) -> str:
    return Path(member.filename).suffix.lower()


def _wrong_with(members: Sequence[zipfile.ZipInfo]) -> str:
    """Why a zip is not unpacked, in words; blank where it is."""
    if any(_suffix(item) == ".zip" for item in members):
        return "it holds another zip. Unpack it and give the folder"
    if any(item.flag_bits & 1 for item in members):
        return "it is protected with a password. Unpack it and give the folder"
    if sum(item.file_size for item in members) > MOST_UNPACKED:
        return f"it unpacks to more than {MOST_UNPACKED // 1024**3} GB, which no return does. It was not read"
    if len(members) > MOST_MEMBERS:
        return f"it holds {len(members):,} files, which no return does. It was not read"
    twice = [name for name, count in Counter(item.filename.casefold() for item in members).items() if count > 1]
    return (
        f"it holds {len(twice):,} names twice, so that one file would take the place of another. Pack it again"
        if twice
        else ""
    )


def _each_once(found: Sequence[Found]) -> Iterator[Found]:
    """Files without those that hold, byte for byte, what one before holds: it would be counted as a second return."""
    sizes = Counter(item.path.stat().st_size for item in found if item.path)
    before: dict[bytes, str] = {}
    for item in found:
        if not item.path or sizes[item.path.stat().st_size] == 1:
            yield item
            continue
        with item.path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
        if content in before:
            problem = ReturnProblem(
                item.label, 0, "the whole file", f"the very same as {before[content]}", "each file once", "Take one away; it was read once.", "file twice",
            )  # fmt: skip
            yield replace(
                item, path=None, why_not=f"the very same as {before[content]}; read once", problems=(problem,)
            )
        else:
            before[content] = item.label
            yield item
