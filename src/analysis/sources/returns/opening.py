"""A folder of returns opened: every file recognised by its content and read into one embedded database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from analysis.errors import DataError
from analysis.sources.returns import ssda903
from analysis.sources.returns.annex_a import NoListError, read_annex_a
from analysis.sources.returns.cin_census import read_cin_census
from analysis.sources.returns.consistency import check_consistency
from analysis.sources.returns.finding import Found, find_files
from analysis.sources.returns.layouts import load_layouts
from analysis.sources.returns.looking import kind_of_xml
from analysis.sources.returns.referrals import holds_referrals, read_referrals
from analysis.sources.returns.scratch import scratch_folder
from analysis.sources.returns.ssda903_sql import text_sql
from analysis.sources.returns.tables import FileRead, Return, ReturnProblem

#: A file of a return that is larger than this is refused: that of the whole country takes some hundred million bytes.
MOST_BYTES = 4 * 1024**3
_LEFT_ALONE = "left alone"
#: The database is held in memory. What does not fit is put into the private folder, enciphered with a key that is nowhere but in memory:
#: should the run be killed outright, what it leaves behind cannot be read.
_SETTINGS = """
    -- No network, ever: nothing is loaded or installed, whatever a file says.
    SET autoinstall_known_extensions = false;
    SET autoload_known_extensions = false;
    SET memory_limit = '1200MB';
    -- The cipher is the database's own, as none can be loaded; "unsafe" is said of the random numbers that it starts from.
    SET force_mbedtls_unsafe = true;
    SET temp_file_encryption = true;
    -- There is no file to bring up to date, and bringing it up to date would pack all tables anew after each statement.
    SET checkpoint_threshold = '1TB';
"""
#: Files that a message names.
_MOST_NAMED = 10
#: Kinds of problems that a message names.
_MOST_KINDS = 5

Read = tuple[list[FileRead], list[ReturnProblem]]


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
        DataError: nothing is there, a file is broken, none is a return that can be counted, or they are of several councils.
    """
    with scratch_folder() as scratch:
        con = duckdb.connect()
        con.execute(_SETTINGS)
        con.execute(f"SET temp_directory = {text_sql(scratch)}")
        try:
            ssda903.create_tables(con)
            files, problems = _read_all(con, find_files(paths, scratch))
            _require_days(con, files, problems)
            yield Opened(con, tuple(files), (*problems, *check_consistency(con, files)))
        finally:
            con.close()


def _read_all(con: duckdb.DuckDBPyConnection, found: Sequence[Found]) -> Read:
    files: list[FileRead] = []
    problems: list[ReturnProblem] = []
    for item in found:
        try:
            read, wrong = _read(con, item, is_alone=len(found) == 1)
        except (duckdb.Error, OSError, MemoryError) as error:
            # What is said then can quote a record; its kind cannot.
            raise DataError(
                f"{item.label}: it could not be taken in ({type(error).__name__}). Is there room on the disk, and may the file be read?"
            ) from None
        files += read
        problems += wrong
    return files, problems


def _read(con: duckdb.DuckDBPyConnection, item: Found, *, is_alone: bool) -> Read:
    if not item.path:
        return [FileRead(item.label, "", 0, note=item.why_not)], list(item.problems)
    _require_size(item.label, item.path)
    suffix = item.path.suffix.lower()
    if suffix == ".csv" and not holds_referrals(item.path):
        return _listed(ssda903.read_csv(con, item.path, label=item.label))
    kind = kind_of_xml(item.path) if suffix == ".xml" else ""
    if kind == "ssda903":
        return _listed(ssda903.read_xml(con, item.path, label=item.label))
    if kind == "other" and not is_alone:
        return [FileRead(item.label, "", 0, note=f"XML of another kind; {_LEFT_ALONE}")], []
    try:
        found = _other(item.path)
    except NoListError:
        if is_alone:
            raise
        return [FileRead(item.label, "", 0, note=f"a workbook without any list that is known; {_LEFT_ALONE}")], []
    _store(con, found, item.label)
    # A sheet is named after its file.
    files = [replace(file, name=item.label + file.name.removeprefix(item.path.name)) for file in found.files]
    return files, [replace(problem, file=item.label) for problem in found.problems]


def _listed(read: tuple[FileRead, list[ReturnProblem]]) -> Read:
    return [read[0]], read[1]


def _other(path: Path) -> Return:
    """The readers that make whole tables: the census, lists of referrals and the other workbooks."""
    if path.suffix.lower() == ".xml":
        return read_cin_census(path)
    return read_referrals(path) if holds_referrals(path) else read_annex_a(path)


def _store(con: duckdb.DuckDBPyConnection, found: Return, label: str) -> None:
    for name, table in found.tables.items():
        con.register("incoming", table)
        there = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [name]).fetchall()[0]
        verb = f"INSERT INTO {name} BY NAME" if there[0] else f"CREATE TABLE {name} AS"
        con.execute(f"{verb} SELECT * REPLACE (? AS file) FROM incoming", [label])
        con.unregister("incoming")


def _require_size(label: str, path: Path) -> None:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise DataError(
            f"{label}: it takes {size / 1024**3:,.1f} GB, more than the {MOST_BYTES // 1024**3} GB that a file may take; a return of the whole "
            "country is smaller. It was not read: give the return itself."
        )


#: Days without one of which nothing can be counted.
_DAYS = {"episodes": "started", "plans": "started", "conferences": "conference", "referrals": "referred"}


def _require_days(con: duckdb.DuckDBPyConnection, files: Sequence[FileRead], problems: Sequence[ReturnProblem]) -> None:
    """Refuse returns of which no year can be told."""
    there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    records = 0
    for table, day in _DAYS.items():
        if table in there:
            rows, days = con.execute(f"SELECT count(*), count({day}) FROM {table}").fetchall()[0]
            if days:
                return
            records += rows
    if records:
        raise DataError(
            f"None of the {records:,} records has a day that can be read: {_known(files)}.{_found_instead(problems)} Expected days such as "
            "31/03/2025 in CSV and 2025-03-31 in a CIN Census. Write them so, or export the files again."
        )
    needed = [item for item in files if item.is_a and item.is_a not in load_layouts().not_needed]
    if needed and not any(item.rows for item in needed):
        raise DataError(
            f"The files hold headings and no record: {_known(files)}.{_found_instead(problems)} Expected at least one record. Export them again."
        )
    raise DataError(
        f"Nothing that is counted was found in {_known(files)}. Expected SSDA903 episodes, a CIN Census in XML, "
        "or an advocacy referral list; files are known by their columns. From an Annex A workbook alone nothing is counted."
    )


def _found_instead(problems: Sequence[ReturnProblem]) -> str:
    """What stands there instead of days, and why rows were left out."""
    kinds: Counter[str] = Counter()
    for problem in problems:
        if problem.rule == "date" or problem.left_out:
            kinds[problem.found] += problem.records
    said = ", ".join(f"{found} ({number:,})" for found, number in kinds.most_common(_MOST_KINDS))
    return f" Found was: {said}." if said else ""


def _known(files: Sequence[FileRead]) -> str:
    more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
    return ", ".join(f"{item.name} ({item.is_a or 'not known'})" for item in files[:_MOST_NAMED]) + more
