"""The SQL that turns the text of SSDA903 records into typed columns, and says of each day that is none why it is none."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from analysis.sources.returns.days import LATEST, MONTH_FIRST, NO_DAY, SHORT_YEAR
from analysis.sources.returns.layouts import load_layouts
from analysis.sources.returns.tables import TABLES

#: Dates before this year are slips of the pen: no child in care today was born before it.
_EARLIEST = 1980
#: Postcodes, which are no codes: people write spaces within them, or none.
_POSTCODES = frozenset({"place_post", "post"})
SERIAL = "a plain number, as a spreadsheet keeps its days"
_ISO = "a day with the year first"
_IMPLAUSIBLE = f"a day before {_EARLIEST} or after {LATEST.year}"
#: Columns of every table of SSDA903 beside those of TABLES, with their types. ``bad``: the columns that held no day, each with why;
#: ``cells``: 1 where a row has more cells than there are columns, -1 where it has fewer.
EXTRA = {"bad": "VARCHAR", "cells": "TINYINT"}


def insert_sql(table: str, source: str, held: Mapping[str, str], *, file: str, cells: str = "NULL") -> str:
    """Return SQL that inserts records into a table of SSDA903.

    Args:
        table: the table.
        source: a relation whose columns are text, and ``line``, the row of the record.
        held: the column of the file, as the relation has it, by our name for it; columns that it lacks are blank.
        file: the file's name.
        cells: SQL for the column ``cells``.
    """
    names = [column for column in TABLES[table] if column not in ("file", "row")]
    days = [column for column in names if column in held and TABLES[table][column] == pa.date32()]
    quoted = {column: name_sql(name) for column, name in held.items()}
    values = [f"{_value(column, quoted, days)} AS {column}" for column in names]
    found = "".join(f", {_found_day(quoted[column])} AS {column}_found" for column in days)
    read = "".join(f", {_plausible_day(f'{column}_found')} AS {column}_read" for column in days)
    bad = [_wrong_day(column, load_layouts().files[table].read[column], quoted[column]) for column in days]
    wrong = f"nullif(concat_ws('; ', {', '.join(bad)}), '')" if bad else "NULL"
    return (
        f"INSERT INTO {table} BY NAME SELECT {', '.join(values)}, {text_sql(file)} AS file, line::INTEGER AS row, {wrong} AS bad, "
        f"{cells} AS cells FROM (SELECT *{read} FROM (SELECT *{found}, {_are_codes(quoted, days)} AS are_codes FROM {source}))"
    )


def text_sql(value: object) -> str:
    """Return a text as SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def name_sql(value: str) -> str:
    """Return the name of a column as SQL."""
    return '"' + value.replace('"', '""') + '"'


def _value(column: str, held: Mapping[str, str], days: list[str]) -> str:
    """What a column of ours is, given the columns that the file holds: a day, a code in capitals, or a text as it stands."""
    if column not in held:
        return "NULL"
    if column in days:
        return f"{column}_read"
    text = _text_of(held[column])
    if column == "child":
        return text
    if column in _POSTCODES:
        return f"upper(replace({text}, ' ', ''))"
    # Nearly all records hold nothing but capitals and digits, which need no tidying: it takes longer than reading them.
    return f"CASE WHEN are_codes THEN nullif({held[column]}, '') ELSE upper({text}) END"


def _are_codes(held: Mapping[str, str], days: list[str]) -> str:
    """Whether all codes of a record are tidy: capitals and digits, and no space."""
    codes = [name for column, name in held.items() if column not in {*days, "child", *_POSTCODES}]
    return f"regexp_full_match(concat({', '.join(codes)}), '[A-Z0-9]*')" if codes else "true"


def _text_of(name: str) -> str:
    return f"nullif(trim({name}), '')"


def _found_day(name: str) -> str:
    """A day written day first; what is none as it stands is tried again without the blanks around it."""
    return f"coalesce({_strict_day(name)}, CASE WHEN {name} IS NOT NULL THEN {_strict_day(f'trim({name})')} END)"


def _plausible_day(day: str) -> str:
    return f"CASE WHEN {day} BETWEEN DATE '{_EARLIEST}-01-01' AND DATE '{LATEST.year}-12-31' THEN {day} END"


def _strict_day(text: str) -> str:
    return f"CASE WHEN length({text}) BETWEEN 8 AND 10 THEN try_strptime({text}, '%d/%m/%Y')::DATE END"


def _wrong_day(column: str, theirs: str, name: str) -> str:
    """Where a text is no day: the column and why, which quotes nothing of it; else nothing."""
    text = f"trim({name})"
    reasons = {
        f"regexp_full_match({text}, '[0-9]{{4,6}}(\\.[0-9]+)?')": SERIAL,
        f"regexp_full_match({text}, '[0-9]{{4}}[-/.].*')": _ISO,
        f"regexp_full_match({text}, '[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{2}}')": SHORT_YEAR,
        f"length({text}) BETWEEN 8 AND 10 AND try_strptime({text}, '%d/%m/%Y') IS NOT NULL": _IMPLAUSIBLE,
        f"length({text}) BETWEEN 8 AND 10 AND try_strptime({text}, '%m/%d/%Y') IS NOT NULL": MONTH_FIRST,
    }
    cases = " ".join(f"WHEN {test} THEN {text_sql(f'{theirs}: {reason}')}" for test, reason in reasons.items())
    return f"CASE WHEN {column}_read IS NULL AND {_text_of(name)} IS NOT NULL THEN CASE {cases} ELSE {text_sql(f'{theirs}: {NO_DAY}')} END END"
