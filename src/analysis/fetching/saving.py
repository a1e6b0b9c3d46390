"""Putting things in their place: names that are safe, files that are whole, and nothing ever lost."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from analysis.errors import AnalysisError, OutputError
from analysis.sources.folders import shown

#: Endings that an archive may keep: a spreadsheet is an archive too.
ARCHIVES = (".zip", ".ods", ".xlsx")
#: Names that are devices on Windows, whatever their ending.
DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
LONGEST_NAME = 120


def safe_stem(name: str) -> str:
    """Return a file name from outside, without its ending, such that it can only be a name; blank where nothing is left.

    Example:
        >>> safe_stem("../../etc/d1_child_protection_plans.csv")
        'd1_child_protection_plans'
        >>> safe_stem("CON.csv")
        ''
    """
    last = re.split(r"[/\\]", name)[-1]
    stem = PurePosixPath(re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "", last)).stem.strip(" .")[:LONGEST_NAME].strip(" .")
    return "" if stem.split(".")[0].strip().casefold() in DEVICES else stem


def write_whole(path: Path, text: str) -> None:
    """Write a short file under its final name only once all of it is on disk.

    Raises:
        OutputError: it cannot be written; what stood there before still stands.
    """
    with output_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise


def put_in_place(new: Path, path: Path) -> Path | None:
    """Give a whole file its name. What stood there with other content keeps it under a name of its own.

    Args:
        new: the whole file, in the same folder.
        path: its name from now on.

    Returns:
        Where the file that stood there is now; nothing where there was none, or where it was the same.

    Raises:
        OutputError: it cannot be renamed; what stood there before still stands.
    """
    with output_errors(path):
        aside = None
        if path.exists() and checksum(path) != checksum(new):
            aside = put_aside(path)
        new.replace(path)
        return aside


def put_aside(path: Path) -> Path:
    """Rename a file to the same name with the next number, ``.1`` and so on, under which nothing reads it.

    Raises:
        OutputError: it cannot be renamed.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    with output_errors(path):
        path.rename(aside)
    return aside


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Say in words what is wrong where a file cannot be written.

    Raises:
        OutputError: instead of whatever the system says.
    """
    try:
        yield
    except AnalysisError:
        raise
    except OSError as error:
        raise OutputError(
            f"{shown(path)} cannot be written: {error.strerror or error}. Expected a folder that you may write to, with room "
            "in it, and no other program that holds the file open. What stood there before still stands."
        ) from None
