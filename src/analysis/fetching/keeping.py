"""A file that is whole put in its place under a name by which it is known, and on record. Nothing is lost for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from analysis.errors import FetchError
from analysis.fetching.checking import form_of, unpack
from analysis.fetching.downloading import Received
from analysis.fetching.listing import Offered
from analysis.fetching.parts import Part
from analysis.fetching.patience import PassingError
from analysis.fetching.records import Record, write_record
from analysis.fetching.saving import ARCHIVES, checksum, put_aside, put_in_place, safe_stem
from analysis.fetching.wanted import Wanted
from analysis.sources.folders import shown


def keep(
    wanted: Wanted, offered: Offered, received: Received, *, part: Part, earlier: Record | None, largest: int
) -> str:
    """Put a file that is whole in its place, and on record.

    Args:
        wanted: the table that it is.
        offered: what the service lists.
        received: what came.
        part: where it is now.
        earlier: what was fetched of this table before.
        largest: bytes that it may have, unpacked.

    Returns:
        What was done, in words.

    Raises:
        FetchError: the record of the folder cannot be read.
        OutputError: it cannot be put there; what stood there before still stands.
    """
    called = PurePosixPath((offered.name or received.origin.name).replace("\\", "/")).name
    whole = _unpacked(part, largest)
    path = wanted.folder / _file_name(wanted, called, whole)
    was_same = path.is_file() and checksum(path) == checksum(whole)
    asides = [put_in_place(whole, path)]
    part.drop()
    old = wanted.folder / earlier.name if earlier else path
    if old != path and old.is_file():
        asides.append(put_aside(old))  # one table, two files: a reader could not tell which one is meant
    record = Record(
        name=path.name, release=wanted.release.id, title=offered.title, file=offered.file, data_set=offered.data_set,
        address=received.origin.address, size=path.stat().st_size, rows=received.rows, sha256=checksum(path),
        etag=received.origin.etag, called="" if called == path.name else called,
        fetched=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    write_record(wanted.folder, wanted.table, record)
    return _kept_words(path, record, [aside for aside in asides if aside], was_same=was_same)


def _unpacked(part: Part, largest: int) -> Path:
    """The file as it is to be kept: gzip is only how it travelled, a zip archive stays one."""
    if form_of(part.path) != "gzip":
        return part.path
    whole = part.path.with_name(part.path.name + ".unpacked")
    try:
        unpack(part.path, whole, largest=largest)
    except PassingError as error:
        raise FetchError(str(error)) from None
    return whole


def _file_name(wanted: Wanted, called: str, whole: Path) -> str:
    """The publisher's name where it is one by which the table is known, else the one that the release map gives."""
    ending = ".csv"
    if form_of(whole) == "archive":
        given = PurePosixPath(called).suffix.casefold()
        ending = given if given in ARCHIVES else ".zip"
    stem = safe_stem(called.removesuffix(".gz"))
    if not wanted.map.is_named(stem):
        stem = safe_stem(wanted.stem + ".csv") or wanted.table
    return stem + ending


def _kept_words(path: Path, record: Record, asides: list[Path], *, was_same: bool) -> str:
    if was_same:
        return f"Already there, the same as the service has it: {shown(path)}"
    size = f"{record.rows:,} rows" if record.rows is not None else f"{record.size:,} bytes"
    words = f"Fetched: {shown(path)} ({size}, SHA-256 {record.sha256[:12]}…)"
    kept = ", ".join(aside.name for aside in asides)
    return f"{words}. Another file stood there: it is kept as {kept}, which no report reads" if asides else words
