"""What counting needs of a return and does not find: problem rows that name file and row, and never a child."""

from __future__ import annotations

from dataclasses import asdict

import duckdb

from analysis.indicators.counting.referral_checks import REFERRAL_CHECKS
from analysis.sources.returns.layouts import all_codes, coded_columns, codes_of, load_layouts
from analysis.sources.returns.tables import ReturnProblem

#: Problems of one kind that are listed one by one; the rest are counted.
MOST_LISTED = 100
_LIMITS = {"T1": 42, "T3": 21, "T4": 7}


def check_records(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    """Return what is wrong with the records of an opened return, after ``engine.prepare``.

    Args:
        con: the database.
    """
    problems = (
        _repairs(con)
        + _plans(con)
        + _order(con)
        + _duplicates(con)
        + _births(con)
        + _without_header(con)
        + _temporary(con)
    )
    problems += [problem for check in REFERRAL_CHECKS for problem in _listed(con, **asdict(check))]
    return problems + _reviews_outside(con) + [problem for column in coded_columns() for problem in _codes(con, column)]


def _listed(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    *,
    column: str,
    expected: str,
    action: str,
    rule: str,
    left_out: bool = False,
) -> list[ReturnProblem]:
    """A problem for each row of a query that gives file, row and what was found."""
    rows = con.execute(f"SELECT file, row, found FROM ({sql}) ORDER BY file, row LIMIT {MOST_LISTED + 1}").fetchall()
    found = [
        ReturnProblem(file, row, column, text, expected, action, rule, left_out)
        for file, row, text in rows[:MOST_LISTED]
    ]
    if len(rows) <= MOST_LISTED:
        return found
    total = con.execute(f"SELECT count(*) FROM ({sql})").fetchall()[0]
    words = f"{total[0]:,} records in all; the first {MOST_LISTED} are listed"
    return [
        *found,
        ReturnProblem(rows[0][0], 0, column, words, expected, action, rule, left_out, total[0] - MOST_LISTED),
    ]


def _repairs(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    return _listed(
        con, "SELECT file, row, fix_applied AS found FROM spells_given WHERE fix_applied IS NOT NULL",
        column="DEC", expected="an end that meets the next episode", action="It was repaired for counting; mend the return.", rule="repaired",
    ) + _listed(
        con, "SELECT file, row, 'open here, and a later return says otherwise' AS found FROM withdrawn JOIN episodes ON episodes.rowid = record",
        column="DECOM", expected="an episode that a later return has too", left_out=True, rule="withdrawn",
        action="It was taken as withdrawn or corrected, and is left out of every count. If it is right, mend the later return.",
    )  # fmt: skip


def _plans(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    return _listed(
        con, "SELECT file, row, 'open here, and a later census says otherwise' AS found FROM withdrawn_plans JOIN plans ON plans.rowid = plan",
        column="CPPstartDate", expected="a plan that a later census has too", left_out=True, rule="withdrawn",
        action="It was taken as withdrawn or corrected, and is left out of every count. If it is right, mend the later census.",
    ) + _listed(
        con, "SELECT file, row, 'open, in no later census' AS found FROM plans_once JOIN plans ON plans.rowid = plan "
        "WHERE plans_once.ended IS NULL AND open_until IS NOT NULL",
        column="CPPendDate", expected="the plan in the next census too, open or with its end",
        action="It was taken as open to the end of its census, and as ended on a day that is not known; give its end.", rule="repaired",
    )  # fmt: skip


def _order(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    return _listed(
        con, "SELECT file, row, 'an end on or before the start' AS found FROM episodes WHERE ended <= started",
        column="DEC", expected="a day after the start", action="Mend one of the two days.", rule="order",
    ) + _listed(
        con, "SELECT file, row, 'no start, or no child' AS found FROM episodes WHERE started IS NULL OR child IS NULL",
        column="DECOM", expected="both", action="Give both; the episode is left out of every count.", rule="start", left_out=True,
    )  # fmt: skip


def _duplicates(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    sql = """
        SELECT file, row, 'an episode that starts on the day of another of the same child' AS found FROM episodes
        QUALIFY row_number() OVER (PARTITION BY file, child, started ORDER BY row DESC) > 1
    """
    return _listed(
        con,
        sql,
        column="DECOM",
        expected="one episode a day",
        action="Remove one; the later row is counted.",
        rule="duplicate",
        left_out=True,
    )


def _births(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    sql = """
        SELECT file, row, 'another date of birth than in another file or row' AS found FROM header
        WHERE child IN (SELECT child FROM header GROUP BY child HAVING count(DISTINCT birth) > 1)
    """
    return _listed(
        con,
        sql,
        column="DOB",
        expected="one date of birth a child",
        action="Mend it; the child's age is taken as not known.",
        rule="birth",
    )


def _without_header(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    sql = """
        SELECT file, min(row) AS row, 'an episode of a child without a header' AS found FROM episodes
        WHERE child NOT IN (SELECT child FROM header WHERE child IS NOT NULL) GROUP BY file, child
    """
    return _listed(
        con,
        sql,
        column="CHILD",
        expected="a row in the header",
        action="Add it; age, sex and ethnicity are not known.",
        rule="header",
    )


def _temporary(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    """Temporary stays that are longer than they may be (rules 375, 376, 379)."""
    limits = " OR ".join(f"place = '{code}' AND ended - started > {days}" for code, days in _LIMITS.items())
    return _listed(
        con, f"SELECT file, row, place || ' of ' || (ended - started) || ' days' AS found FROM spells_given WHERE {limits}",
        column="PLACE", expected="; ".join(f"{code} of at most {days} days" for code, days in _LIMITS.items()),
        action="Record it as a placement if it is one.", rule="temporary",
    )  # fmt: skip


def _reviews_outside(con: duckdb.DuckDBPyConnection) -> list[ReturnProblem]:
    sql = """
        SELECT r.file, r.row, 'a review on a day on which the child was not in care' AS found FROM reviews r
        WHERE r.review IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM periods p WHERE p.child = r.child AND r.review >= p.started AND (p.ended IS NULL OR r.review < p.ended)
        )
    """
    return _listed(
        con,
        sql,
        column="REVIEW",
        expected="a day in care",
        action="Mend it; it is left out of every count.",
        rule="review",
        left_out=True,
    )


def _codes(con: duckdb.DuckDBPyConnection, column: str) -> list[ReturnProblem]:
    """Codes that no year knows, and codes that are not of the year of their file."""
    table = next(name for name, layout in load_layouts().files.items() if column in layout.read)
    theirs = load_layouts().files[table].read[column]
    known = _in(all_codes(column))
    problems = _listed(
        con, f"SELECT file, row, 'a code that no year knows' AS found FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN ({known})",
        column=theirs, expected=f"one of {', '.join(sorted(all_codes(column)))}", action="Mend the code.", rule="code",
    )  # fmt: skip
    if table != "episodes":
        return problems
    disputed = set(load_layouts().disputed.get(column, []))
    # Looked at first is which codes there are in which year: they are few, and mostly right.
    there = con.execute(f"""
        SELECT DISTINCT y.last_year, e.{column} FROM episodes e JOIN years_of_files y ON y.held = 'episodes' AND y.file = e.file
        WHERE y.last_year IS NOT NULL
    """).fetchall()
    for year in sorted({year for year, _ in there}):
        wrong = (
            ({code for given, code in there if given == year} & all_codes(column)) - codes_of(column, year) - disputed
        )
        if wrong:
            sql = f"SELECT file, row, {column} AS found FROM spells_given WHERE collection = {year} AND {column} IN ({_in(wrong)})"
            problems += _listed(
                con,
                sql,
                column=theirs,
                expected=f"a code of the collection of {year}",
                action="Check the year; it was accepted.",
                rule="code of another year",
            )
    return problems


def _in(codes: frozenset[str] | set[str]) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))
