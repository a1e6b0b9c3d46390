"""The SQL of a rule as a script that runs anywhere: choices, lists, the steps that it stands on, and the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa

from analysis.indicators.counting.rules import defaults, load_rules, sql_of, steps
from analysis.sources.returns.bank_holidays import load_bank_holidays
from analysis.sources.returns.tables import TABLES

_MADE = re.compile(r"CREATE OR REPLACE (?:TEMP )?(?:TABLE|VIEW|MACRO) (\w+)")
#: Types of columns, as SQL names them.
SQL_TYPES = {pa.string(): "VARCHAR", pa.date32(): "DATE", pa.int32(): "INTEGER", pa.bool_(): "BOOLEAN"}


def script_of(rule: str, *, years: Sequence[int]) -> str:
    """Return SQL for DuckDB that counts a rule, given the tables of ``returns.tables.TABLES``.

    Args:
        rule: name of the rule.
        years: the years to count, each by the calendar year in which it ends.

    Raises:
        UnknownNameError: there is no such rule.

    Example:
        >>> script = script_of("cla_number", years=[2025])
        >>> "CREATE OR REPLACE TABLE spells" in script, "CREATE OR REPLACE TABLE plans_once" in script
        (True, False)
    """
    counted = sql_of(rule)
    needed = _needed_steps(counted)
    body = "\n".join([*(text for _, text in needed), counted])
    about = load_rules().rules[rule]
    return "\n".join([
        f"-- {rule}: {about.definition}",
        f"-- {about.citation}",
        *_looks_back(about.years_before),
        *_choices(body),
        f"SET VARIABLE first_year = {min(years)};\nSET VARIABLE last_year = {max(years)};",
        f"CREATE OR REPLACE TABLE years AS SELECT unnest([{', '.join(map(str, years))}]) AS year;",
        *_lists(body),
        *(f"\n-- Step {name}\n{text}" for name, text in needed),
        f"\n-- The rule\nSELECT * FROM (\n{counted.rstrip().removesuffix(';')}\n) WHERE year IN (SELECT year FROM years) ORDER BY ALL;",
    ])  # fmt: skip


def create_table(name: str) -> str:
    """Return the SQL that makes an empty table of a return, if it is not there."""
    columns = ", ".join(f"{column} {SQL_TYPES[kind]}" for column, kind in TABLES[name].items())
    return f"CREATE TABLE IF NOT EXISTS {name} ({columns});"


def _needed_steps(text: str) -> list[tuple[str, str]]:
    """The steps that a rule stands on, in order: those that make what it, or a step after them, speaks of."""
    found: list[tuple[str, str]] = []
    for name, step in reversed(steps()):
        if any(re.search(rf"\b{made}\b", text) for made in _MADE.findall(step)):
            found.insert(0, (name, step))
            text += step
    return found


def _looks_back(years: int) -> Iterator[str]:
    if years:
        yield f"-- It looks back: count a year only if the returns of the {years} before it are here too."


def _choices(text: str) -> Iterator[str]:
    for name, value in defaults().items():
        if f"getvariable('{name}')" in text:
            switch = load_rules().switches[name]
            others = " or ".join(choice for choice in switch.choices if choice != value)
            yield f"SET VARIABLE {name} = '{value}';  -- {switch.says} Else: {others}."


def _lists(text: str) -> Iterator[str]:
    """The tables of returns that are spoken of, made empty where they are missing, and the lists that steps look things up in."""
    yield from (create_table(name) for name in TABLES if re.search(rf"\b{name}\b", text))
    if "code_groups" in text:
        rows = [(topic, code, name) for topic, codes in load_rules().groups.items() for code, name in codes.items()]
        values = ",\n    ".join("(" + ", ".join(_quoted(item) for item in row) + ")" for row in rows)
        yield f"CREATE OR REPLACE TABLE code_groups AS SELECT * FROM (VALUES\n    {values}\n) AS given(topic, code, name);"
    if "bank_holidays" in text:
        days = ", ".join(f"'{day}'" for day in load_bank_holidays())
        yield f"CREATE OR REPLACE TABLE bank_holidays AS SELECT unnest([{days}])::DATE AS day;"


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
