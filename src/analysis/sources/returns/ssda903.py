"""SSDA903 as a set of CSV files or as XML, of one year or several, read into typed tables of an embedded database.

Files are known by their columns, not by their names. Dates are day first and nothing else: what is no such date is a problem, and
blank in the table. The database is in memory, or in a file of a temporary folder, and is gone when the program ends.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
from lxml import etree

from analysis.errors import DataError
from analysis.sources.returns.layouts import load_layouts, recognise
from analysis.sources.returns.tables import TABLES, FileRead, ReturnProblem

#: Records held in memory at once while XML is read.
_BATCH = 50_000
#: Problems of one kind of one file that are listed one by one; the rest are counted.
MOST_LISTED = 100
_DELIMITERS = (",", ";", "\t")
#: Dates before this year are slips of the pen: no child in care today was born before it.
_EARLIEST = "DATE '1980-01-01'"
#: Columns that hold neither days nor codes.
_TEXTS = frozenset({"child", "place_post"})


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of SSDA903, empty, each with ``bad``: the columns of a record that held no date."""
    for name in load_layouts().files:
        columns = ", ".join(f"{column} {_sql_type(kind)}" for column, kind in TABLES[name].items())
        con.execute(f"CREATE OR REPLACE TABLE {name} ({columns}, bad VARCHAR)")


def read_csv(con: duckdb.DuckDBPyConnection, path: Path, *, label: str = "") -> tuple[FileRead, list[ReturnProblem]]:
    """Read one CSV file of a return into its table.

    Args:
        con: a database with the tables of :func:`create_tables`.
        path: the file.
        label: what it is called where several have one name, such as 2025/episodes.csv; its name if blank.

    Returns:
        What it was, and what is wrong with its dates.

    Raises:
        DataError: it cannot be read, is not UTF-8 or has no heading.
    """
    name = label or path.name
    headings, delimiter = _headings(path)
    table, is_a = recognise(headings)
    if not table:
        note = "recognised; not needed for counting" if is_a else "not known by its columns; left alone"
        return FileRead(name, is_a, 0, note=note), []
    source = (
        f"(SELECT *, row_number() OVER () + 1 AS line FROM read_csv({_text(path)}, header = true, all_varchar = true, "
        f"delim = {_text(delimiter)}, quote = '\"', null_padding = true, strict_mode = false))"
    )
    before = _count(con, table)
    try:
        _insert(con, table, source, name, {given.strip().upper(): given for given in headings})
    except duckdb.Error as error:
        raise DataError(
            f"{path.name}: it cannot be read as CSV: {_without_rows(error)}. Export it again as CSV UTF-8."
        ) from None
    rows = _count(con, table) - before
    return _file_read(name, table, is_a, rows, headings), date_problems(con, table, name)


def read_xml(con: duckdb.DuckDBPyConnection, path: Path, *, label: str = "") -> tuple[FileRead, list[ReturnProblem]]:
    """Read an SSDA903 file in XML into the tables, as a stream.

    Args:
        con: a database with the tables of :func:`create_tables`.
        path: the file.
        label: what it is called where several have one name; its name if blank.

    Raises:
        DataError: it is no SSDA903 XML, is broken, or declares entities.
    """
    name = label or path.name
    found = dict.fromkeys(load_layouts().files, 0)
    try:
        for batch in _batches(path):
            for table, rows in batch.items():
                found[table] += len(rows)
                _insert_rows(con, table, rows, name)
    except etree.XMLSyntaxError as error:
        raise DataError(f"{path.name}: it is not readable XML (line {error.lineno}). Export it again.") from None
    if not found["episodes"] and not found["header"]:
        raise DataError(
            f"{path.name}: no child was found, expected SSDA903 with CHILD, HEADER and EPISODE. Is it another return?"
        )
    problems = [problem for table in found for problem in date_problems(con, table, name)]
    return FileRead(name, "SSDA903 in XML", sum(found.values())), problems


def date_problems(con: duckdb.DuckDBPyConnection, table: str, file: str) -> list[ReturnProblem]:
    """Return a problem for each record of a file whose dates could not be read, the first hundred one by one.

    Args:
        con: the database.
        table: the table.
        file: the file's name.
    """
    rows = con.execute(
        f"SELECT row, bad FROM {table} WHERE file = ? AND bad IS NOT NULL ORDER BY row LIMIT {MOST_LISTED + 1}", [file]
    ).fetchall()
    listed = [
        ReturnProblem(
            file, row, bad, "a text that is no date", "a date such as 31/03/2025, day first", "Mend the date.", "date"
        )
        for row, bad in rows[:MOST_LISTED]
    ]
    if len(rows) <= MOST_LISTED:
        return listed
    total = con.execute(f"SELECT count(*) FROM {table} WHERE file = ? AND bad IS NOT NULL", [file]).fetchone()
    words = f"{total[0] if total else 0:,} records with a text that is no date"
    return [
        *listed,
        ReturnProblem(file, 0, "dates", words, "dates, day first", "Is the whole file month first?", "date"),
    ]


def _insert(con: duckdb.DuckDBPyConnection, table: str, source: str, file: str, given: Mapping[str, str]) -> None:
    """Insert from a relation whose columns are text, converting dates; ``line`` is its row."""
    read = load_layouts().files[table].read
    names = {column: given.get(read.get(column, "")) for column in TABLES[table] if column not in ("file", "row")}
    held = {column: _name(name) for column, name in names.items() if name}
    days = {column: name for column, name in held.items() if TABLES[table][column] == pa.date32()}
    values = [f"{_value(column, held, days)} AS {column}" for column in names]
    read_days = "".join(f", {_day(name)} AS {column}_read" for column, name in days.items())
    wrong = [f"CASE WHEN {_is_wrong(column, name)} THEN '{read[column]}' END" for column, name in days.items()]
    bad = f"nullif(concat_ws(', ', {', '.join(wrong)}), '')" if wrong else "NULL"
    con.execute(
        f"INSERT INTO {table} BY NAME SELECT {', '.join(values)}, {_text(file)} AS file, line::INTEGER AS row, {bad} AS bad "
        f"FROM (SELECT *{read_days}, {_are_codes(held, days)} AS are_codes FROM {source})"
    )


def _value(column: str, held: Mapping[str, str], days: Mapping[str, str]) -> str:
    """What a column of ours is, given the columns that the file holds: a day, a code in capitals, or a text as it stands."""
    if column not in held:
        return "NULL"
    if column in days:
        return f"CASE WHEN {column}_read >= {_EARLIEST} THEN {column}_read END"
    text = f"nullif(trim({held[column]}), '')"
    if column in _TEXTS:
        return text if column == "child" else f"upper({text})"
    # Nearly all records are tidy as they stand, and to tidy them takes longer than to read them.
    return f"CASE WHEN are_codes THEN nullif({held[column]}, '') ELSE upper({text}) END"


def _are_codes(held: Mapping[str, str], days: Mapping[str, str]) -> str:
    """Whether a record's codes are nothing but capitals and digits."""
    codes = [name for column, name in held.items() if column not in days and column not in _TEXTS]
    return f"regexp_full_match(concat({', '.join(codes)}), '[A-Z0-9]*')" if codes else "true"


def _day(name: str) -> str:
    """A day written day first; what is none as it stands is tried again without the blanks around it."""
    return f"coalesce({_strict_day(name)}, CASE WHEN {name} IS NOT NULL THEN {_strict_day(f'trim({name})')} END)"


def _strict_day(text: str) -> str:
    return f"CASE WHEN length({text}) BETWEEN 8 AND 10 THEN try_strptime({text}, '%d/%m/%Y')::DATE END"


def _is_wrong(column: str, name: str) -> str:
    """Whether there is a text that is no day, or one of long ago."""
    return f"{name} IS NOT NULL AND (CASE WHEN {column}_read IS NULL THEN trim({name}) <> '' ELSE {column}_read < {_EARLIEST} END)"


def _insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, str]], file: str) -> None:
    if not rows:
        return
    names = [*load_layouts().files[table].read.values(), "line"]
    incoming = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    con.register("incoming", incoming)
    _insert(con, table, "incoming", file, {name: name for name in names})
    con.unregister("incoming")


def _batches(path: Path) -> Iterator[dict[str, list[dict[str, str]]]]:
    """Records of the XML by table, some tens of thousands at a time."""
    batch: dict[str, list[dict[str, str]]] = {name: [] for name in load_layouts().files}
    for _, element in _children(path):
        _take(element, batch)
        element.clear()
        # What was read is also taken from its parent, or the tree of a national file would fill the memory.
        while element.getprevious() is not None:
            del element.getparent()[0]
        if len(batch["episodes"]) >= _BATCH:
            yield batch
            batch = {name: [] for name in batch}
    yield batch


def _children(path: Path) -> Iterator[tuple[str, etree._Element]]:
    with path.open("rb") as file:
        start = file.read(4096)
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise DataError(
                f"{path.name}: it declares a document type or entities, which no return needs. It was not read."
            )
        file.seek(0)
        yield from etree.iterparse(
            file, events=("end",), tag="{*}CHILD", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )  # fmt: skip


def _take(element: etree._Element, batch: dict[str, list[dict[str, str]]]) -> None:
    """The records of one child."""
    header = element.find("{*}HEADER")
    own = _texts(header) if header is not None else {}
    own = {**own, "CHILD": own.get("CHILDID", ""), "line": str(element.sourceline or 0)}
    batch["header"].append(own)
    if own.get("DUC"):
        batch["uasc"].append(own)
    reviews = header.findall("{*}AREVIEW") if header is not None else []
    batch["reviews"] += [{**_texts(item), "CHILD": own["CHILD"], "line": str(item.sourceline or 0)} for item in reviews]
    for item in element.findall("{*}EPISODE"):
        texts = _texts(item)
        batch["episodes"].append(
            {
                **texts,
                "PLACE": texts.get("PL", texts.get("PLACE", "")),
                "CHILD": own["CHILD"],
                "line": str(item.sourceline or 0),
            }
        )


def _texts(element: etree._Element) -> dict[str, str]:
    return {
        etree.QName(item).localname: item.text.strip() for item in element if isinstance(item.tag, str) and item.text
    }


def _headings(path: Path) -> tuple[list[str], str]:
    """The headings of a CSV, and what parts them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline()
    except FileNotFoundError:
        raise DataError(f"{path.name} is not there. Give the folder or the files of the return.") from None
    except (UnicodeDecodeError, OSError):
        raise DataError(f"{path.name}: it cannot be read as text in UTF-8. Export it again as CSV UTF-8.") from None
    if not line.strip():
        raise DataError(f"{path.name}: it is empty, expected a heading and records.")
    delimiter = max(_DELIMITERS, key=line.count)
    return next(csv.reader([line], delimiter=delimiter)), delimiter


def _file_read(name: str, table: str, is_a: str, rows: int, headings: Iterable[str]) -> FileRead:
    given = {heading.strip().upper(): heading for heading in headings}
    read = load_layouts().files[table].read
    return FileRead(name, is_a, rows, {ours: given[theirs] for ours, theirs in read.items() if theirs in given})


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _without_rows(error: duckdb.Error) -> str:
    """The first sentence of what the database says: the rest can hold the record itself."""
    return str(error).split("\n", 1)[0].split(":", 1)[0].strip() or "it is no table"


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _name(value: str | None) -> str:
    return '"' + str(value).replace('"', '""') + '"'


def _sql_type(kind: pa.DataType) -> str:
    return {pa.date32(): "DATE", pa.int32(): "INTEGER", pa.bool_(): "BOOLEAN"}.get(kind, "VARCHAR")
