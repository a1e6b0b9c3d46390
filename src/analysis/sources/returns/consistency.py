"""What does not fit together in the returns of a folder: days out of order, records given twice, two dates of birth, a year twice.

Each check is a query that names file and row; what it finds is said in words that hold nothing of a record. Checks that hang on how
records are counted are in ``indicators.counting.checks``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from analysis.errors import DataError
from analysis.sources.returns.gathered import MOST_LISTED
from analysis.sources.returns.tables import FileRead, ReturnProblem


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        rule: its short name.
        needs: the tables that it reads.
        sql: a query that gives file and row of each record that it finds.
        column: the column that it is said of.
        found: what is there.
        expected: what may be there.
        action: what to do.
        left_out: whether such a record is left out of every count.
    """

    rule: str
    needs: tuple[str, ...]
    sql: str
    column: str
    found: str
    expected: str
    action: str
    left_out: bool = False


#: The header that a child has, where all headers agree on its birth.
_BORN = "(SELECT child, min(birth) AS birth FROM header WHERE child IS NOT NULL GROUP BY child HAVING min(birth) = max(birth))"
_CIN_BORN = _BORN.replace("header", "cin_children")
_MEND_ONE = "Mend the one that is wrong; each was taken as it stands."

CHECKS = (
    Check(
        "no child", ("header",), "SELECT file, row FROM header WHERE child IS NULL", "CHILD", "nothing", "the child's identifier",
        "Fill it in; nobody's age, sex and ethnicity is known by this row.", left_out=True,
    ),
    Check(
        "no review", ("reviews",), "SELECT file, row FROM reviews WHERE child IS NULL OR review IS NULL", "REVIEW",
        "no day that can be read, or no child", "both", "Give both; the review is left out of every count.", left_out=True,
    ),
    Check(
        "end", ("episodes",), "SELECT file, row FROM episodes WHERE ended IS NULL AND reason_ended IS NOT NULL", "DEC",
        "a reason why it ended (REC), and no day that can be read", "both, or neither",
        "Mend the day; the episode was read as one that goes on.",
    ),
    Check(
        "end", ("episodes",), "SELECT file, row FROM episodes WHERE ended IS NOT NULL AND reason_ended IS NULL", "REC",
        "an end without a reason", "both, or neither", "Fill in the reason; the episode was read as ended.",
    ),
    Check(
        "birth", ("header", "episodes"),
        f"SELECT file, row FROM header WHERE (child, birth) IN (SELECT b.child, b.birth FROM {_BORN} b JOIN episodes e USING (child) WHERE e.started < b.birth)",
        "DOB", "a birth after the start of an episode", "a birth by the first day in care", _MEND_ONE,
    ),
    Check(
        "birth", ("header", "reviews"), f"SELECT r.file, r.row FROM reviews r JOIN {_BORN} b USING (child) WHERE r.review < b.birth", "REVIEW",
        "a review before the child was born", "a day after the date of birth in the header", _MEND_ONE,
    ),
    Check(
        "birth", ("header", "reviews"), f"SELECT r.file, r.row FROM reviews r JOIN {_BORN} b USING (child) WHERE r.birth <> b.birth", "DOB",
        "another date of birth than in the header", "one date of birth a child", "Mend it; that of the header was taken.",
    ),
    Check(
        "birth", ("header", "uasc"), f"SELECT u.file, u.row FROM uasc u JOIN {_BORN} b USING (child) WHERE u.birth <> b.birth", "DOB",
        "another date of birth than in the header", "one date of birth a child", "Mend it; that of the header was taken.",
    ),
    Check(
        "duplicate", ("header",),
        "SELECT file, row FROM header WHERE child IS NOT NULL QUALIFY row_number() OVER (PARTITION BY file, child ORDER BY row) > 1",
        "CHILD", "a child that a row before gives too", "each child once a file", "Remove one; the child is counted once.",
    ),
    Check(
        "duplicate", ("reviews",),
        "SELECT file, row FROM reviews WHERE child IS NOT NULL AND review IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY file, child, review ORDER BY row) > 1",
        "REVIEW", "a review on the day of another of the same child", "one review a day",
        "Remove one; two with one code are counted once, with two codes by each.",
    ),
    Check(
        "no place", ("localities",), "SELECT file, row FROM localities WHERE post IS NULL OR location IS NULL", "PL_POST, PL_LOCATION",
        "no postcode, or nothing beside it", "both", "Fill in both, or remove the row; nothing is known by it.", left_out=True,
    ),
    Check(
        "two places", ("localities",),
        "SELECT file, row FROM localities WHERE location IS NOT NULL "
        "QUALIFY count(DISTINCT location) OVER (PARTITION BY post) > 1",
        "PL_LOCATION", "a postcode that is said to be in the area and out of it", "one or the other",
        "Remove the one that is wrong; where the postcode lies is taken as not known.",
    ),
    Check(
        "order", ("plans",), "SELECT file, row FROM plans WHERE ended < started", "CPPendDate", "an end before the start",
        "a day on or after the start", "Mend one of the two days; the plan is left out of every count.", left_out=True,
    ),
    Check(
        "duplicate", ("plans",), "SELECT file, row FROM plans QUALIFY row_number() OVER (PARTITION BY file, child, started ORDER BY row DESC) > 1",
        "CPPstartDate", "a plan that starts on the day of another of the same child", "one plan a day",
        "Remove one; the later one is counted.", left_out=True,
    ),
    Check(
        "overlap", ("plans",),
        "SELECT file, row FROM plans WHERE ended IS NULL OR ended >= started QUALIFY started < max(coalesce(ended, DATE '9999-12-31')) OVER "
        "(PARTITION BY file, child ORDER BY started ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)",
        "CPPstartDate", "a plan that starts before another of the same child has ended", "one plan at a time",
        "Mend one of the two; both are counted.",
    ),
    Check(
        "review", ("plans", "plan_reviews"),
        "SELECT file, row FROM plan_reviews r WHERE review < plan_started OR EXISTS (SELECT 1 FROM plans p "
        "WHERE p.file = r.file AND p.child = r.child AND p.started = r.plan_started AND r.review > p.ended)",
        "CPPreviewDate", "a review before the plan began or after it ended", "a day on which the plan ran", _MEND_ONE,
    ),
    Check(
        "no enquiry", ("conferences",),
        "SELECT file, row FROM conferences WHERE conference IS NOT NULL AND enquiry IS NULL AND NOT transferred_in", "S47ActualStartDate",
        "a conference, and no start of the enquiry that can be read", "both", "Fill it in; the conference is left out of every count.", left_out=True,
    ),
    Check(
        "order", ("conferences",), "SELECT file, row FROM conferences WHERE conference < enquiry", "DateOfInitialCPC",
        "a conference before the enquiry began", "a day on or after the start of the enquiry",
        "Mend one of the two days; the conference is left out of every count.", left_out=True,
    ),
    Check(
        "birth", ("cin_children",),
        "SELECT file, row FROM cin_children WHERE child IN (SELECT child FROM cin_children GROUP BY child HAVING count(DISTINCT birth) > 1)",
        "PersonBirthDate", "another date of birth than in another file or record", "one date of birth a child",
        "Mend it; the child's age is taken as not known.",
    ),
    Check(
        "birth", ("header", "cin_children"),
        f"SELECT c.file, c.row FROM {_CIN_BORN} one JOIN cin_children c USING (child) JOIN {_BORN} b USING (child) WHERE one.birth <> b.birth",
        "PersonBirthDate", "another date of birth than in SSDA903", "one date of birth a child",
        "Mend the one that is wrong; for plans this one was taken, for care that of SSDA903.",
    ),
    Check(
        "birth", ("cin_children", "plans"), f"SELECT p.file, p.row FROM plans p JOIN {_CIN_BORN} b USING (child) WHERE p.ended < b.birth",
        "CPPendDate", "a plan that ended before the child was born", "an end after the birth", _MEND_ONE,
    ),
)  # fmt: skip


def check_consistency(con: duckdb.DuckDBPyConnection, files: Sequence[FileRead]) -> list[ReturnProblem]:
    """Return what does not fit together, after all files were read.

    Args:
        con: the database.
        files: what each file was.

    Raises:
        DataError: the files are of several councils, whose children could share an identifier.
    """
    _require_one_council(files)
    there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    problems = [problem for check in CHECKS if set(check.needs) <= there for problem in _problems(con, check)]
    return problems + [problem for name in _DATED if name in there for problem in _years_twice(con, name)]


def _problems(con: duckdb.DuckDBPyConnection, check: Check) -> list[ReturnProblem]:
    rows = con.execute(
        f"SELECT file, row, count(*) OVER () FROM ({check.sql}) ORDER BY file, row LIMIT {MOST_LISTED}"
    ).fetchall()
    listed = [
        ReturnProblem(file, row, check.column, check.found, check.expected, check.action, check.rule, check.left_out)
        for file, row, _ in rows
    ]
    rest = rows[0][2] - len(rows) if rows else 0
    if rest:
        words = f"{check.found}, in {rest:,} more records"
        listed.append(ReturnProblem(
            rows[0][0], 0, check.column, words, check.expected, check.action, check.rule, check.left_out, rest,
        ))  # fmt: skip
    return listed


def _require_one_council(files: Sequence[FileRead]) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if file.council:
            found[file.council].append(file.name)
    if len(found) > 1:
        listed = "; ".join(f"{code}: {', '.join(names[:3])}" for code, names in sorted(found.items()))
        raise DataError(
            f"The returns are of {len(found)} councils ({listed}), expected those of one: two councils can give two children one identifier. "
            "Count each council by itself."
        )


#: Tables whose days tell of which years a return is, with its first and its last day.
_DATED = {"episodes": ("started", "ended"), "plans": ("started", "ended"), "referrals": ("referred", "closed")}


def _years_twice(con: duckdb.DuckDBPyConnection, table: str) -> list[ReturnProblem]:
    """Files of one table that end in the same year, each after the first; years with few days are mistakes and make no year."""
    began, ended = _DATED[table]
    rows = con.execute(f"""
        WITH days AS (SELECT file, {began} AS day FROM {table} UNION ALL SELECT file, {ended} FROM {table}),
        numbers AS (SELECT file, year(day + INTERVAL 9 MONTH) AS year, count(*) AS days FROM days WHERE day IS NOT NULL GROUP BY ALL),
        held AS (
            SELECT file, max(year) AS year
            FROM (SELECT *, max(days) OVER (PARTITION BY file) AS most FROM numbers) WHERE 20 * days >= most GROUP BY file
        )
        SELECT file, year, first(file) OVER (PARTITION BY year ORDER BY file) AS before FROM held ORDER BY file
    """).fetchall()  # fmt: skip
    return [
        ReturnProblem(
            file, 0, table, f"the year that ended in {year}, as {before} has too", "each year once",
            "Is one the correction of the other? Give the one that holds: what only one of them has is counted, too.", "year twice",
        )
        for file, year, before in rows if file != before
    ]  # fmt: skip
