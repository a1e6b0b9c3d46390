"""A zip of a return, unpacked beside the database: what it would do is looked at before anything is written."""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from analysis.errors import DataError
from analysis.sources.returns.walking import MOST_DEEP, is_litter

#: A zip that unpacks to more bytes or files than this is refused.
MOST_UNPACKED, MOST_MEMBERS = 4 * 1024**3, 10_000
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


def unpack(path: Path, label: str, folder: Path, *, suffixes: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Unpack the files of a zip that can be read, and return the names of the others and where those are.

    Args:
        path: the zip.
        label: what it is called.
        folder: where to; it need not be there.
        suffixes: of the files that can be read, in lower case.

    Raises:
        DataError: it is broken, locked, too large, holds zips, or two of its files have one name.
    """
    wrong = ""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
            members = [item for item in members if not is_litter(_written(item).parts)]
            wrong = _wrong_with(members)
            if not wrong:
                archive.extractall(folder, members=[item for item in members if _suffix(item) in suffixes])
    except _BROKEN:
        wrong = "it is no readable zip. Pack it again, or give the files"
    except (OSError, RuntimeError) as error:
        wrong = f"it cannot be unpacked ({type(error).__name__}). Is there room on the disk? Else unpack it and give the folder"
    if wrong:
        raise DataError(f"{label}: {wrong}.")
    unread = [item.filename for item in members if _suffix(item) not in suffixes]
    return unread, sorted(item for item in folder.rglob("*") if item.is_file())


def _suffix(member: zipfile.ZipInfo) -> str:
    return Path(member.filename).suffix.lower()


def _written(member: zipfile.ZipInfo) -> PurePosixPath:
    """Where a member is written to: nothing leads out of the folder, and "." and ".." are left out."""
    parts = member.filename.replace("\\", "/").split("/")
    return PurePosixPath(*(part for part in parts if part not in {"", ".", ".."}))


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
    if any(len(_written(item).parts) > MOST_DEEP for item in members):
        return f"it holds more than {MOST_DEEP} folders in one another, which no return does. It was not read"
    twice = _names_twice(members)
    return (
        f"it holds {twice:,} names twice, so that one file would take the place of another. Pack it again"
        if twice
        else ""
    )


def _names_twice(members: Sequence[zipfile.ZipInfo]) -> int:
    """How many names would be written twice, on a disk that takes small letters for large ones, too."""
    names = Counter(unicodedata.normalize("NFC", str(_written(item))).casefold() for item in members)
    return sum(count > 1 for count in names.values())
