"""Counting: the shared steps once, then each rule, in an embedded database; nothing but counts comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pandas as pd
import pyarrow as pa

from analysis.indicators.counting.rules import chosen, load_rules, sql_of, steps
from analysis.indicators.counting.script import create_table
from analysis.sources.returns.bank_holidays import load_bank_holidays
from analysis.sources.returns.tables import TABLES

COLUMNS = ["rule", "year", "topic", "name", "numerator", "denominator", "value"]


def prepare(con: duckdb.DuckDBPyConnection, *, years: Sequence[int], switches: Mapping[str, str] | None = None) -> None:
    """Work out what the rules share: spells, periods of care, placements, the children in care on 31 March, plans.

    Args:
        con: a database with tables of ``returns.tables.TABLES``; those that are missing are taken as empty.
        years: the years to count, each by the calendar year in which it ends.
        switches: choices by name; defaults for the rest.
    """
    for name, value in chosen(switches or {}).items():
        con.execute(f"SET VARIABLE {name} = '{value}'")
    con.execute(f"SET VARIABLE first_year = {min(years)}; SET VARIABLE last_year = {max(years)}")
    _add_missing(con)
    _put(con, "years", {"year": pa.array(list(years), pa.int64())})
    groups = [(topic, code, name) for topic, codes in load_rules().groups.items() for code, name in codes.items()]
    topics, codes, names = zip(*groups, strict=True)
    _put(con, "code_groups", {"topic": pa.array(topics), "code": pa.array(codes), "name": pa.array(names)})
    _put(con, "bank_holidays", {"day": pa.array(load_bank_holidays(), pa.date32())})
    for _, sql in steps():
        con.execute(sql)


def count(con: duckdb.DuckDBPyConnection, *, rules: Sequence[str] = ()) -> pd.DataFrame:
    """Return what each rule counts, after :func:`prepare`.

    Args:
        con: the database.
        rules: names of rules; all whose tables hold records if none is named.

    Returns:
        One row a rule, year and group, within the years of :func:`prepare`: ``rule``, ``year``, ``topic``, ``name``,
        ``numerator`` and ``denominator`` (persons, plans or reviews; missing for a count) and ``value`` (a count; missing for a share).
    """
    years = {row[0] for row in con.execute("SELECT year FROM years").fetchall()}
    held = years_held(con)
    tables = [_counted(con, name, years & _years_of(name, held)) for name in rules or _countable(con)]
    found = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    return found.sort_values(["rule", "year", "topic", "name"], kind="stable").reset_index(drop=True)


def years_held(con: duckdb.DuckDBPyConnection) -> dict[str, set[int]]:
    """Return the years of which there are records, by table, as the step ``years`` tells them.

    Args:
        con: a database of opened returns. What is told once is not told again but by :func:`prepare`.
    """
    _add_missing(con)
    if not con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'years_of_files'").fetchall():
        con.execute(dict(steps())["00_years"])
    rows = con.execute("SELECT held, first_year, last_year FROM years_of_files WHERE last_year IS NOT NULL").fetchall()
    found: dict[str, set[int]] = {}
    for table, first, last in rows:
        found.setdefault(table, set()).update(range(min(first, last), last + 1))
    return found


#: Tables whose dates tell which years a return is of.
_DATED = ("episodes", "reviews", "plans", "conferences", "referrals")


def years_wanting(con: duckdb.DuckDBPyConnection) -> dict[str, list[int]]:
    """Return, for each rule, the years that cannot be counted though they have a return: those before have none.

    Args:
        con: the database, after :func:`prepare`.
    """
    years = {row[0] for row in con.execute("SELECT year FROM years").fetchall()}
    held = years_held(con)
    found = {name: years & (_years_with_return(name, held) - _years_of(name, held)) for name in _countable(con)}
    return {name: sorted(those) for name, those in found.items() if those}


def _years_of(rule: str, held: Mapping[str, set[int]]) -> set[int]:
    """The years that a rule can be counted for: it looks back, and what it looks back on is held."""
    there = _years_with_return(rule, held)
    back = range(1, load_rules().rules[rule].years_before + 1)
    return {year for year in there if all(year - before in there for before in back)}


def _years_with_return(rule: str, held: Mapping[str, set[int]]) -> set[int]:
    """The years in which every table that a rule needs has a return: those of care are not those of plans."""
    years = [held.get(table, set()) for table in load_rules().rules[rule].needs if table in _DATED]
    return set.intersection(*years) if years else set()


def _counted(con: duckdb.DuckDBPyConnection, rule: str, years: set[int]) -> pd.DataFrame:
    rows = con.execute(sql_of(rule)).df()
    rows = rows[rows["year"].isin(years)]
    missing = {name: float("nan") for name in ("numerator", "denominator", "value") if name not in rows}
    found = rows.assign(rule=rule, **missing)[COLUMNS].astype({"year": int})
    # Of nobody there is no share.
    return found[found["denominator"].ne(0)]


def _countable(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Rules all of whose tables hold at least one record."""
    filled = {name for name in TABLES if con.execute(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchall()[0][0]}
    return (name for name, rule in load_rules().rules.items() if set(rule.needs) <= filled)


def _add_missing(con: duckdb.DuckDBPyConnection) -> None:
    for name in TABLES:
        con.execute(create_table(name))


def _put(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, pa.Array]) -> None:
    con.register("incoming", pa.table(dict(columns)))
    con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
    con.unregister("incoming")
