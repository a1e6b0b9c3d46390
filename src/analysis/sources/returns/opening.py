"""A folder of returns opened: every file recognised by its content and read into one embedded database."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from analysis.errors import DataError
from analysis.sources.returns import ssda903
from analysis.sources.returns.annex_a import read_annex_a
from analysis.sources.returns.cin_census import read_cin_census
from analysis.sources.returns.referrals import holds_referrals, read_referrals
from analysis.sources.returns.tables import FileRead, Return, ReturnProblem

_SUFFIXES = (".csv", ".xml", ".xlsx", ".zip")
#: A zip that unpacks to more than this is refused.
MOST_UNPACKED = 4 * 1024**3
#: The database is held in memory. What does not fit is written to the private folder that is deleted at the end, encrypted with a key that
#: is held in memory only: should the program be killed, nothing that can be read is left. (The cipher is DuckDB's own, as nothing is loaded;
#: its random numbers, not its encryption, are what the setting calls unsafe.)
_SETTINGS = """
    -- No network, ever: nothing is loaded or installed, whatever a file says.
    SET autoinstall_known_extensions = false;
    SET autoload_known_extensions = false;
    SET force_mbedtls_unsafe = true;
    SET temp_file_encryption = true;
    SET memory_limit = '1200MB';
    -- A database in memory has no file to bring up to date; doing so would pack its tables anew after each statement.
    SET checkpoint_threshold = '1TB';
"""
_XML_STARTS = {b"EXPSSDA903": "ssda903", b"<Message": "cin"}


@dataclass(frozen=True)
class Opened:
    """Returns that were opened.

    Attributes:
        con: the database, with the tables of ``tables.TABLES`` that the files gave.
        files: what each file was.
        problems: what is wrong with their records.
    """

    con: duckdb.DuckDBPyConnection
    files: tuple[FileRead, ...]
    problems: tuple[ReturnProblem, ...]


@contextmanager
def open_returns(paths: Sequence[Path]) -> Iterator[Opened]:
    """Open files of returns, or every file of folders, for as long as the block lasts.

    Args:
        paths: files or folders; folders are read with all that is below them.

    Raises:
        DataError: nothing is there, a file is broken, or none is a return.
    """
    with tempfile.TemporaryDirectory(prefix="returns-") as scratch:
        con = duckdb.connect()
        con.execute(_SETTINGS)
        con.execute(f"SET temp_directory = '{scratch}'")
        try:
            ssda903.create_tables(con)
            found = [_read(con, path, label, Path(scratch)) for label, path in _labelled(_files(paths))]
            files = tuple(item for read, _ in found for item in read)
            if not any(item.rows for item in files):
                raise DataError(_nothing(files))
            yield Opened(con, files, tuple(problem for _, problems in found for problem in problems))
        finally:
            con.close()


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise DataError(f"{path} is not there. Give the folder or the files of the return.")
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [item for item in inside if item.is_file() and (item.suffix.lower() in _SUFFIXES or not path.is_dir())]
    if not found:
        raise DataError(f"No file of a return was found: expected {', '.join(_SUFFIXES)}.")
    return found


def _labelled(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """Each file with its name; where several have one name, as in a folder a year, with the folders that tell them apart."""
    if len({path.name for path in paths}) == len(paths):
        return [(path.name, path) for path in paths]
    top = Path(os.path.commonpath([path.resolve().parent for path in paths]))
    return [(path.resolve().relative_to(top).as_posix(), path) for path in paths]


def _read(
    con: duckdb.DuckDBPyConnection, path: Path, label: str, scratch: Path
) -> tuple[list[FileRead], list[ReturnProblem]]:
    suffix = path.suffix.lower()
    if suffix == ".zip":
        inside = _labelled(_unpacked(path, scratch))
        parts = [_read(con, inner, f"{label}/{name}", scratch) for name, inner in inside]
        return [item for files, _ in parts for item in files], [item for _, problems in parts for item in problems]
    if suffix == ".csv" and not holds_referrals(path):
        file, problems = ssda903.read_csv(con, path, label=label)
        return [file], problems
    if suffix == ".xml" and _kind_of_xml(path) == "ssda903":
        file, problems = ssda903.read_xml(con, path, label=label)
        return [file], problems
    found = _other(path)
    for name, table in found.tables.items():
        con.register("incoming", table)
        there = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [name]).fetchone()
        verb = f"INSERT INTO {name} BY NAME" if there and there[0] else f"CREATE TABLE {name} AS"
        con.execute(f"{verb} SELECT * REPLACE (? AS file) FROM incoming", [label])
        con.unregister("incoming")
    return [replace(item, name=label) for item in found.files], [replace(item, file=label) for item in found.problems]


def _other(path: Path) -> Return:
    """The readers that make whole tables: the census, lists of referrals and the other workbooks."""
    if path.suffix.lower() == ".xml":
        return read_cin_census(path)
    return read_referrals(path) if holds_referrals(path) else read_annex_a(path)


def _kind_of_xml(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(65_536)
    return next((kind for mark, kind in _XML_STARTS.items() if mark in start), "cin")


def _unpacked(path: Path, scratch: Path) -> list[Path]:
    """The files of a zip, unpacked beside the database."""
    folder = scratch / f"zip-{path.stem}"
    try:
        with zipfile.ZipFile(path) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
            if any(Path(item.filename).suffix.lower() == ".zip" for item in members):
                raise DataError(f"{path.name}: it holds another zip. Unpack it and give the folder.")
            if sum(item.file_size for item in members) > MOST_UNPACKED:
                raise DataError(f"{path.name}: it unpacks to more than 4 GB, which no return does. It was not read.")
            wanted = [item for item in members if Path(item.filename).suffix.lower() in _SUFFIXES]
            archive.extractall(folder, members=wanted)
    except zipfile.BadZipFile:
        raise DataError(f"{path.name}: it is no readable zip. Pack it again, or give the files.") from None
    return sorted(item for item in folder.rglob("*") if item.is_file())


def _nothing(files: Sequence[FileRead]) -> str:
    known = ", ".join(f"{item.name} ({item.is_a or 'not known'})" for item in files[:10])
    return (
        f"None of the {len(files)} files holds what is counted: {known}. Expected SSDA903 episodes, a CIN Census in XML, "
        "an Annex A workbook, or an advocacy referral list; files are known by their columns."
    )
