"""A store of what was read from a folder, so that it is read once: Parquet files beside a stamp of what they rest on.

The store is a convenience. Where it cannot be written nothing is lost but time; where anything that it rests on has
changed (a file, the catalogue, the code that reads), or where it is not whole, it is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from analysis.sources.folders import data_folder

STORE_VARIABLE = "ANALYSIS_STORE"
_ROWS_A_GROUP = 16_384
_ROWS = "observations.parquet"
_ABOUT = "about.json"
_CHECKSUM = "checksum"


def stamp_of(paths: Iterable[Path]) -> str:
    """Return a text that changes when any of the files is changed, added or removed.

    Size and time of the last change are looked at, not content: as make and git do.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        there = path.stat()
        # A name need not be text in UTF-8.
        digest.update(os.fsencode(f"{path}\0{there.st_size}\0{there.st_mtime_ns}\n"))
    return digest.hexdigest()


def store_folder(folder: Path) -> Path:
    """Return where the store of a folder lies: in data/cache, or in the folder named by ANALYSIS_STORE."""
    root = Path(os.environ.get(STORE_VARIABLE) or data_folder() / "cache")
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return root / name


def read_about(folder: Path, *, stamp: str) -> Any | None:
    """Return what is known about a folder, if the store has it, whole, and it still holds; otherwise None.

    Its ``rows`` is the checksum by which :func:`read_rows` knows the rows that belong to it.
    """
    try:
        about = json.loads((store_folder(folder) / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(about, dict) and about.pop(_CHECKSUM, None) == _checksum(_text(about).encode())
    return about if whole and about.get("stamp") == stamp else None


def read_rows(folder: Path, *, checksum: str) -> pa.Table | None:
    """Return the rows of the store; None where they are not there, or not as they were written.

    Args:
        folder: the folder that was read.
        checksum: of the rows, as ``read_about`` has it.
    """
    try:
        content = (store_folder(folder) / _ROWS).read_bytes()
        if _checksum(content) != checksum:
            return None
        # A quarter of a million rows of numbers are read whole before a filter of Parquet's has been set up.
        return parquet.ParquetFile(pa.BufferReader(content)).read()
    except (OSError, pa.ArrowException):
        return None


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _text(about: dict[str, Any]) -> str:
    return json.dumps(about, sort_keys=True)


def write_store(folder: Path, rows: pa.Table, *, about: dict[str, Any]) -> None:
    """Write the store of a folder, whole or not at all; a store that cannot be written is no error.

    Args:
        folder: the folder that was read.
        rows: what was read, in the order in which it is looked up.
        about: everything else, with the ``stamp``.
    """
    target = store_folder(folder)
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
        try:
            names = [field.name for field in rows.schema if pa.types.is_dictionary(field.type)]
            parquet.write_table(rows, made / _ROWS, row_group_size=_ROWS_A_GROUP, use_dictionary=names)
            told = about | {"rows": _checksum((made / _ROWS).read_bytes())}
            text = _text(told | {_CHECKSUM: _checksum(_text(told).encode())})
            (made / _ABOUT).write_text(text, encoding="utf-8")
            if target.exists():
                shutil.rmtree(target)
            made.rename(target)
        finally:
            shutil.rmtree(made, ignore_errors=True)
