"""What stands in a folder and in the folders in it: nothing is passed over without a word, no loop is walked twice, no name is trusted."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import DataError

#: Folders in one another; no return is kept in so many.
MOST_DEEP = 100
#: What programs leave beside files: marks of an open workbook, of a file manager, of a Mac.
_LITTER_STARTS, _LITTER = (".", "~$"), frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_NOWHERE = (errno.ENOENT, errno.ELOOP)
#: Kinds of characters that steer a terminal, turn the direction of what follows, or are no text at all.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_MOST_SHOWN = 200
_KINDS = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))


@dataclass(frozen=True)
class Entry:
    """Something that stands in a folder.

    Attributes:
        path: where it is.
        why_not: why it is not to be read; blank for a file.
    """

    path: Path
    why_not: str = ""


def shown_name(name: object) -> str:
    """Return a name as it can be printed: characters that nobody sees are written out.

    Args:
        name: of a file or folder, or its path.

    Example:
        >>> shown_name("a\\x1b[31m.csv")
        'a\\\\x1b[31m.csv'
    """
    return "".join(_seen(character) for character in str(name))


def _seen(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        return character
    return character.encode("unicode_escape").decode("ascii")


def _short(name: object) -> str:
    """A name for a message; of a very long one, its end."""
    text = shown_name(name)
    return text if len(text) <= _MOST_SHOWN else f"\N{HORIZONTAL ELLIPSIS}{text[-_MOST_SHOWN:]}"


@contextmanager
def readable(name: object) -> Iterator[None]:
    """Say in plain words that what the block looks at cannot be read, and why.

    Args:
        name: what it is called.

    Raises:
        DataError: it cannot.
    """
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{_short(name)} cannot be read: {error.strerror or type(error).__name__}. Expected folders and files that may all be read, so that "
            "nothing is missing unseen. Ask for the right to read it, or take it out of what is given."
        ) from None


def is_litter(parts: Iterable[str]) -> bool:
    """Return whether a program left this beside the files.

    Args:
        parts: names of folders and of the file.
    """
    return any(part.startswith(_LITTER_STARTS) or part.casefold() in _LITTER for part in parts)


def kind_of(path: Path) -> str:
    """Return what stands at a path that was asked for: blank for a file, else such as "a folder" or "a pipe".

    Args:
        path: the path.

    Raises:
        DataError: there is nothing, or it may not be looked at.
    """
    with readable(path):
        try:
            return _kind(path)
        except (FileNotFoundError, NotADirectoryError):
            pass
    raise DataError(f"{_short(path)} is not there. Give the folder or the files of the return.")


def _kind(path: Path) -> str:
    mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        return ""
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "a device")


def walk(top: Path) -> list[Entry]:
    """Return what stands in a folder and in those in it, in the order of their paths; litter is passed over.

    A link to a folder is followed, once, and after all that is no link; one that leads to a folder above is not.

    Args:
        top: the folder.

    Raises:
        DataError: a folder may not be opened or listed, or too many are in one another.
    """
    found: list[Entry] = []
    above, seen = frozenset(top.resolve().parents), set()
    waiting = deque([top])
    while waiting:
        folder = waiting.popleft()
        real = folder.resolve()
        if real in above:
            found.append(Entry(folder, "a link to a folder above the one that was given; not followed"))
        elif real not in seen:
            seen.add(real)
            _require_shallow(folder, top)
            for path in _listed(folder):
                kind = _kind_inside(path)
                if kind != "a folder":
                    found.append(Entry(path, kind and f"{kind}; left alone"))
                elif path.is_symlink():
                    waiting.append(path)
                else:
                    waiting.appendleft(path)
    return sorted(found, key=lambda entry: entry.path)


def _listed(folder: Path) -> list[Path]:
    with readable(folder), os.scandir(folder) as listing:
        return [Path(item.path) for item in listing if not is_litter([item.name])]


def _kind_inside(path: Path) -> str:
    with readable(path):
        try:
            return _kind(path)
        except OSError as error:
            if error.errno not in _NOWHERE:
                raise
    return "a link that leads nowhere"


def _require_shallow(folder: Path, top: Path) -> None:
    if len(folder.relative_to(top).parts) > MOST_DEEP:
        raise DataError(
            f"{_short(top)} holds more than {MOST_DEEP} folders in one another, which no return does. It was not read: give the folder that "
            "holds the files."
        )
