"""SSDA903 as a set of CSV files or as XML, of one year or several, read into typed tables of an embedded database.

Files are known by their columns, not by their names. Dates are day first and nothing else: what is no such date is a problem, and
blank in the table; a file whose dates stand month first is refused, as half of them would be read as other days. The database is in
a temporary folder, and is gone when the program ends.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pyarrow as pa

from analysis.errors import DataError
from analysis.sources.returns.csv_text import CsvText, is_plain, read_headings, read_rows, rows_at_the_start
from analysis.sources.returns.days import EXPECTED, MONTH_FIRST
from analysis.sources.returns.gathered import MOST_LISTED, first_and_rest
from analysis.sources.returns.layouts import load_layouts, nearest, recognise
from analysis.sources.returns.ssda903_sql import EXTRA, insert_sql, text_sql
from analysis.sources.returns.ssda903_xml import Oddities, read_batches
from analysis.sources.returns.tables import TABLES, FileRead, ReturnProblem

#: So many days that can only be month first are no slips, if they are more than those that can only be day first.
_MONTH_FIRST = 10
#: The quick reader takes a path with one of these for a pattern, and reads whatever other files it fits.
_PATTERN = frozenset("*?[{")
#: Episodes of these legal statuses, series of short breaks, are in no indicator.
_SHORT_BREAKS = ("V3", "V4")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of SSDA903, empty, each with the columns of ``ssda903_sql.EXTRA``."""
    for name in load_layouts().files:
        columns = {column: _sql_type(kind) for column, kind in TABLES[name].items()} | EXTRA
        con.execute(
            f"CREATE OR REPLACE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})"
        )


def read_csv(con: duckdb.DuckDBPyConnection, path: Path, *, label: str = "") -> tuple[FileRead, list[ReturnProblem]]:
    """Read one CSV file of a return into its table.

    Args:
        con: a database with the tables of :func:`create_tables`.
        path: the file.
        label: what it is called where several have one name, such as 2025/episodes.csv; its name if blank.

    Returns:
        What it was, and what is wrong with its rows and dates.

    Raises:
        DataError: it cannot be read, is not UTF-8, has no heading or a needed one twice, or its dates stand month first.
    """
    name = label or path.name
    text = read_headings(path)
    table, is_a = recognise(text.headings)
    if not table:
        nearly = [] if is_a else _nearly(path, text, name)
        why = nearly[0].found if nearly else "not known by its columns"
        note = "recognised; not needed for counting" if is_a else f"{why}; left alone"
        return FileRead(name, is_a, 0, note=note), nearly
    matched = _matched(name, text, table)
    _require_readable(con, path, text, table, name)
    problems = [*_wrong_rows(con, table, name), *date_problems(con, table, name)]
    rows = _count(con, table, name)
    return FileRead(name, is_a, rows, matched, _note(con, table, name)), problems


def read_xml(con: duckdb.DuckDBPyConnection, path: Path, *, label: str = "") -> tuple[FileRead, list[ReturnProblem]]:
    """Read an SSDA903 file in XML into the tables, as a stream.

    Args:
        con: a database with the tables of :func:`create_tables`.
        path: the file.
        label: what it is called where several have one name; its name if blank.

    Raises:
        DataError: it is no SSDA903 XML, is broken, declares entities, or its dates stand month first.
    """
    name = label or path.name
    found: Counter[str] = Counter()
    odd = Oddities()
    for batch in read_batches(path, odd):
        for table, rows in batch.items():
            found[table] += len(rows)
            _insert_records(con, table, rows, name)
    if not found["header"]:
        raise DataError(
            f"{path.name}: no child was found, expected SSDA903 with CHILD, HEADER and EPISODE. Is it another return?"
        )
    problems = first_and_rest(_misplaced(name, line) for line in odd.misplaced)
    problems += first_and_rest(_twice(name, line) for line in odd.twice)
    problems += [problem for table in load_layouts().files for problem in date_problems(con, table, name)]
    return FileRead(name, "SSDA903 in XML", found.total(), note=_note(con, "episodes", name)), problems


def date_problems(con: duckdb.DuckDBPyConnection, table: str, file: str) -> list[ReturnProblem]:
    """Return a problem for each record of a file whose dates could not be read, the first hundred one by one.

    Args:
        con: the database.
        table: the table.
        file: the file's name.

    Raises:
        DataError: its dates stand month first.
    """
    where = "file = ? AND bad IS NOT NULL"
    rows = con.execute(
        f"SELECT row, bad FROM {table} WHERE {where} ORDER BY row LIMIT {MOST_LISTED + 1}", [file]
    ).fetchall()
    listed = [
        ReturnProblem(file, row, column, why, EXPECTED["day_first"], "Mend the date.", "date")
        for row, bad in rows[:MOST_LISTED]
        for column, _, why in [item.partition(": ") for item in bad.split("; ")]
    ]
    listed += _month_first(con, table, file)
    if len(rows) <= MOST_LISTED:
        return listed
    total = _number(con, f"SELECT count(*) FROM {table} WHERE {where}", file)
    words = f"{total:,} records with a text that is no date"
    action = f"Mend the dates; the first {MOST_LISTED} records are listed."
    return [
        *listed,
        ReturnProblem(file, 0, "dates", words, "dates, day first", action, "date", records=total - MOST_LISTED),
    ]


def _month_first(con: duckdb.DuckDBPyConnection, table: str, file: str) -> list[ReturnProblem]:
    """Days that can only be month first are the mark of a file whose other days are read wrong without anybody seeing it."""
    problems = []
    days = [column for column, kind in TABLES[table].items() if kind == pa.date32()]
    for column in days:
        theirs = load_layouts().files[table].read[column]
        month = _number(
            con, f"SELECT count(*) FROM {table} WHERE file = ? AND contains(bad, '{theirs}: {MONTH_FIRST}')", file
        )
        if not month:
            continue
        day = _number(con, f"SELECT count(*) FROM {table} WHERE file = ? AND day({column}) > 12", file)
        both = _number(
            con,
            f"SELECT count(*) FROM {table} WHERE file = ? AND day({column}) <= 12 AND day({column}) <> month({column})",
            file,
        )
        if month >= _MONTH_FIRST and month > day:
            raise DataError(
                f"{file}, {theirs}: {month:,} days can only be read month first, {day:,} only day first. Expected days such as 31/03/2025. "
                f"Nothing was counted, as {both:,} more can be read both ways. Write the dates day first, or export the file again."
            )
        if both:
            problems.append(ReturnProblem(
                file, 0, theirs, f"{both:,} days that may be written month first as well, as {month:,} of the column are",
                EXPECTED["day_first"], "Hold some against the system; they were read day first.", "month first",
            ))  # fmt: skip
    return problems


def _nearly(path: Path, text: CsvText, name: str) -> list[ReturnProblem]:
    """A file that is not known and is nearly one that is: its headings stand further down, or few of them have another name."""
    row = next((at for at, found in rows_at_the_start(path) if recognise(found.headings)[0]), 0)
    if row:
        return [ReturnProblem(
            name, 1, "the first rows", f"its headings stand in row {row}", "headings in row 1",
            "Take the rows above away. The file was not read.", "headings",
        )]  # fmt: skip
    is_a, missing = nearest(text.headings)
    if not is_a:
        return []
    return [ReturnProblem(
        name, 1, ", ".join(missing), f"most columns of {is_a}, and not {' and '.join(missing)}",
        "a file with all of them, or another return", f"If it is {is_a}, name the columns so. The file was not read.", "headings",
    )]  # fmt: skip


def _matched(name: str, text: CsvText, table: str) -> dict[str, str]:
    """The heading of each column of ours, of which the file may hold one alone."""
    given = [heading.strip().upper() for heading in text.headings]
    matched = {}
    for ours, theirs in load_layouts().files[table].read.items():
        if given.count(theirs) > 1:
            raise DataError(
                f"{name}: the column {theirs} is there {given.count(theirs)} times, expected once. Remove or rename what is not meant."
            )
        if theirs in given:
            matched[ours] = text.headings[given.index(theirs)]
    return matched


def _require_readable(con: duckdb.DuckDBPyConnection, path: Path, text: CsvText, table: str, name: str) -> None:
    """Read all rows into the table, quickly where that cannot go wrong."""
    columns = [f"c{at}" for at in range(len(text.headings))]
    given = [heading.strip().upper() for heading in text.headings]
    held = {
        ours: columns[given.index(theirs)]
        for ours, theirs in load_layouts().files[table].read.items()
        if theirs in given
    }
    # A row without anything in it is no record; its first column is looked at first, as all others take long to join.
    first = next(iter(held.values()))
    is_blank = f"trim(coalesce({first}, '')) = '' AND trim(concat(extra, {', '.join(columns)})) = ''"
    cells = f"CASE WHEN trim(extra) <> '' THEN 1 WHEN {columns[-1]} IS NULL THEN -1 END"

    def insert(source: str) -> None:
        kept = f"(SELECT * FROM {source} WHERE NOT ({is_blank}))"
        con.execute(insert_sql(table, kept, held, file=name, cells=cells))

    try:
        if is_plain(path) and not _PATTERN & set(str(path)):
            insert(_quick_source(path, text, columns))
            return
    except duckdb.Error:  # what it says quotes the row; the careful reader finds what is wrong and where
        con.execute(f"DELETE FROM {table} WHERE file = ?", [name])
    for batch in read_rows(path, text, columns):
        con.register("incoming", batch)
        insert("incoming")
        con.unregister("incoming")


def _quick_source(path: Path, text: CsvText, columns: list[str]) -> str:
    types = ", ".join(f"{text_sql(name)}: 'VARCHAR'" for name in [*columns, "extra"])
    # No text stands for "missing", so that a cell that is not there is told from a blank one.
    return (
        f"(SELECT *, row_number() OVER () + 1 AS line FROM read_csv({text_sql(path)}, auto_detect = false, header = false, skip = 1, "
        f"columns = {{{types}}}, delim = {text_sql(text.delimiter)}, quote = '\"', escape = '\"', nullstr = '\x01', null_padding = true, "
        "strict_mode = false))"
    )


def _wrong_rows(con: duckdb.DuckDBPyConnection, table: str, file: str) -> list[ReturnProblem]:
    """Rows with more cells than columns are taken out again: nobody can say from which column on they are shifted."""
    more = con.execute(f"SELECT row FROM {table} WHERE file = ? AND cells = 1 ORDER BY row", [file]).fetchall()
    if more:
        con.execute(f"DELETE FROM {table} WHERE file = ? AND cells = 1", [file])
    problems = first_and_rest(
        ReturnProblem(file, row, "the whole row", "more cells than there are headings", "one cell for each heading",
                      "Is there a comma within a cell? Put the cell between quotation marks, or take it away.", "cells", True)
        for (row,) in more
    )  # fmt: skip
    fewer, first = con.execute(
        f"SELECT count(*), min(row) FROM {table} WHERE file = ? AND cells = -1", [file]
    ).fetchall()[0]
    if fewer:
        problems.append(ReturnProblem(
            file, first, "the whole row", f"fewer cells than there are headings, in {fewer:,} rows of which this is the first",
            "one cell for each heading", "Is the file cut off? What is missing was taken as blank.", "cells", records=fewer,
        ))  # fmt: skip
    return problems


def _insert_records(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, str]], file: str) -> None:
    if not rows:
        return
    held = load_layouts().files[table].read
    incoming = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in (*held.values(), "line")}
    con.register("incoming", pa.table(incoming))
    con.execute(insert_sql(table, "incoming", held, file=file))
    con.unregister("incoming")


def _misplaced(file: str, line: int) -> ReturnProblem:
    return ReturnProblem(
        file, line, "EPISODE, AREVIEW", "a record at a place where it belongs to nothing", "EPISODE inside of CHILD, AREVIEW inside of HEADER",
        "Move it there; it was not read.", "structure", left_out=True,
    )  # fmt: skip


def _twice(file: str, line: int) -> ReturnProblem:
    return ReturnProblem(
        file, line, "the whole record", "two different values of one thing, or a second HEADER", "one of each",
        "Take away the one that is wrong; of two values the last was read, of two headers the first.", "twice",
    )  # fmt: skip


def _note(con: duckdb.DuckDBPyConnection, table: str, file: str) -> str:
    if table != "episodes":
        return ""
    codes = ", ".join(text_sql(code) for code in _SHORT_BREAKS)
    found = _number(con, f"SELECT count(*) FROM episodes WHERE file = ? AND legal IN ({codes})", file)
    return f"{found:,} of them are short breaks ({' and '.join(_SHORT_BREAKS)}), which are in no count" if found else ""


def _count(con: duckdb.DuckDBPyConnection, table: str, file: str) -> int:
    return _number(con, f"SELECT count(*) FROM {table} WHERE file = ?", file)


def _number(con: duckdb.DuckDBPyConnection, sql: str, file: str) -> int:
    row = con.execute(sql, [file]).fetchall()[0]
    return int(row[0])


def _sql_type(kind: pa.DataType) -> str:
    return {pa.date32(): "DATE", pa.int32(): "INTEGER", pa.bool_(): "BOOLEAN"}.get(kind, "VARCHAR")
