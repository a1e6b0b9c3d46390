"""The contract of the observation table. Every check returns problem rows and never raises.

A problem row says where (file, row, field), what was found, what was expected, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pandas as pd

from analysis.errors import UnknownNameError, nearest
from analysis.periods import parse_period
from analysis.sources.areas import load_areas
from analysis.sources.catalogue import Source, load_breakdowns
from analysis.vocabulary import (
    COLUMNS,
    COUNTED_UNITS,
    KEY,
    NUMBER_COLUMNS,
    STATUSES,
    STATUSES_WITH_A_VALUE,
    TOTAL,
    GeographicLevel,
    PeriodBasis,
    ValueType,
)

REQUIRED_TEXT = (
    "figure", "indicator", "area_code", "area_name", "geographic_level", "period", "period_basis",
    "breakdown_topic", "breakdown", "status", "value_type", "source", "locator", "quote", "release",
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One failed check.

    Attributes:
        row: row in the file as a spreadsheet numbers it (the header is row 1); 0 for the file as a whole.
        field: column.
        found: what stands there.
        expected: what may stand there.
        action: what to do.
    """

    row: int
    field: str
    found: str
    expected: str
    action: str

    def words(self, file: str) -> str:
        """Return the problem as one line."""
        place = f"{file}, row {self.row}, {self.field}" if self.row else f"{file}, {self.field}"
        return f"{place}: found {self.found}, expected {self.expected}. {self.action}"


Check = Callable[[pd.DataFrame], list[Problem]]


def check_columns(columns: Iterable[str]) -> list[Problem]:
    """Return a problem for each column that is missing, unknown or given twice."""
    given = list(columns)
    problems = [
        Problem(
            0,
            f"column {name!r}",
            "nothing",
            "this column",
            "Add it; it may be blank where the contract allows.",
        )
        for name in COLUMNS
        if name not in given
    ]
    for name in dict.fromkeys(given):
        if name not in COLUMNS:
            close = nearest(name, COLUMNS, count=1)
            action = f"Rename it to {close[0]!r} or remove it." if close else "Remove it."
            problems.append(Problem(0, f"column {name!r}", "an unknown column", f"one of {len(COLUMNS)} known", action))
        elif given.count(name) > 1:
            problems.append(Problem(0, f"column {name!r}", "it twice", "it once", "Remove one of the two."))
    return problems


def check_observations(
    rows: pd.DataFrame, *, source: Source | None, units: Mapping[str, str] | None = None
) -> list[Problem]:
    """Return every problem of a table of observations read as text.

    Args:
        rows: the table, all columns as text, blank as "".
        source: the document whose figures these are; what needs it is not checked where None.
        units: the unit of each indicator that exists; indicators are not checked where None.
    """
    checks: list[Check] = [
        _check_present,
        _check_vocabularies,
        _check_numbers,
        _check_value_and_status,
        _check_precision,
        _check_fractions,
        _check_periods,
        _check_areas,
        _check_breakdowns,
        _check_unique,
    ]
    if source is not None:
        document = source
        checks.append(lambda table: _check_source(table, document))
    if units is not None:
        known = units
        checks.append(lambda table: _check_in(table, "indicator", known, "an indicator of data/catalogue/indicators"))
        checks.append(lambda table: _check_units(table, known))
    return [problem for check in checks for problem in check(rows)]


def sheet_row(index: object) -> int:
    """Return the number of a row as a spreadsheet has it, where the header is row 1 and a table counts from 0.

    Example:
        >>> sheet_row(0)
        2
    """
    return int(str(index)) + 2


def _problems(rows: pd.DataFrame, wrong: pd.Series, field: str, expected: str, action: str) -> list[Problem]:
    """One problem for each row that a mask marks."""
    if not wrong.any():
        return []
    found = rows.loc[wrong, field]
    return [Problem(sheet_row(at), field, repr(value) if value else "nothing", expected, action)
            for at, value in found.items()]  # fmt: skip


def _check_present(rows: pd.DataFrame) -> list[Problem]:
    return [
        problem
        for field in REQUIRED_TEXT
        for problem in _problems(rows, rows[field].str.strip() == "", field, "a text", "Fill it in; no figure stands without it.")
    ]  # fmt: skip


def _check_in(rows: pd.DataFrame, field: str, legal: Iterable[str], what: str) -> list[Problem]:
    names = list(legal)
    wrong = (rows[field] != "") & ~rows[field].isin(names)
    problems: list[Problem] = []
    if not wrong.any():
        return problems
    for at, value in rows.loc[wrong, field].items():
        close = nearest(value, names, count=1)
        action = f"Did you mean {close[0]!r}?" if close else f"It can be: {', '.join(names)}."
        problems.append(Problem(sheet_row(at), field, repr(value), what, action))
    return problems


def _check_vocabularies(rows: pd.DataFrame) -> list[Problem]:
    closed = {
        "geographic_level": GeographicLevel.__args__,  # type: ignore[attr-defined]
        "period_basis": PeriodBasis.__args__,  # type: ignore[attr-defined]
        "status": STATUSES,
        "value_type": ValueType.__args__,  # type: ignore[attr-defined]
    }
    return [problem for field, legal in closed.items() for problem in _check_in(rows, field, legal, f"a known {field}")]


def _check_numbers(rows: pd.DataFrame) -> list[Problem]:
    return [
        problem
        for field in NUMBER_COLUMNS
        for problem in _problems(
            rows, ~rows[field].map(_is_number), field, "a number such as 74.0, or nothing",
            "Write the number with a point and no thousands comma or % sign; a symbol such as c belongs in status.",
        )
    ]  # fmt: skip


def _is_number(text: str) -> bool:
    if text == "":
        return True
    if not text.isascii() or "_" in text:  # Python reads 1_000 as a number, a table does not
        return False
    try:
        return Decimal(text).is_finite() and text == text.strip()
    except InvalidOperation:
        return False


def _check_value_and_status(rows: pd.DataFrame) -> list[Problem]:
    has_value = rows["value"] != ""
    may_have = rows["status"].isin(STATUSES_WITH_A_VALUE)
    known = rows["status"].isin(STATUSES)
    missing = _problems(
        rows, known & may_have & ~has_value, "value", "a number, as the status is reported",
        "Give the number, or the status that says why there is none.",
    )  # fmt: skip
    surplus = _problems(
        rows, known & ~may_have & has_value, "value", "nothing, as the status says that there is no value",
        "Remove the number or mend the status.",
    )  # fmt: skip
    return missing + surplus


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def _check_precision(rows: pd.DataFrame) -> list[Problem]:
    usable = rows["value"].map(_is_number) & (rows["value"] != "")
    printed = rows["value"].map(_decimals).astype(str)
    surplus = (rows["value"] == "") & (rows["precision"] != "")
    return _problems(
        rows, usable & (rows["precision"] != printed), "precision", "the number of decimals that the value shows",
        "Write the value as it was printed (89, 89.0 and 89.00 are different knowledge) and count its decimals.",
    ) + _problems(rows, surplus, "precision", "nothing, as there is no value", "Leave it empty.")  # fmt: skip


def _check_units(rows: pd.DataFrame, units: Mapping[str, str]) -> list[Problem]:
    """A share lies from 0 to 100, a count is whole, and neither is below nothing."""
    unit = rows["indicator"].map(units)
    number = pd.to_numeric(rows["value"].where(rows["value"].map(_is_number)), errors="coerce")
    level = rows["value_type"].isin(["observed", "target", "comparator"])
    hold = "Hold it against the source."
    share = level & (unit == "percent") & ((number < 0) | (number > 100))
    # A score such as Progress 8 is below nought where children made less progress than others.
    below = level & ~unit.isin(["percent", "points"]) & (number < 0)
    broken = level & unit.isin(COUNTED_UNITS) & (number % 1 > 0)
    return (
        _problems(rows, share, "value", "a percentage from 0 to 100", hold)
        + _problems(rows, below, "value", "a number of 0 or more", hold)
        + _problems(rows, broken, "value", "a whole number, as the indicator is a count", hold)
    )


def _check_fractions(rows: pd.DataFrame) -> list[Problem]:
    top, bottom = (pd.to_numeric(rows[name], errors="coerce") for name in ("numerator", "denominator"))
    hold = "Hold it against the source."
    return _problems(rows, bottom <= 0, "denominator", "a number above 0", hold) + _problems(
        rows, (top < 0) | (top > bottom), "numerator", "a number from 0 to the denominator", hold
    )


def _check_periods(rows: pd.DataFrame) -> list[Problem]:
    problems = []
    for at, text in rows["period"].items():
        try:
            label = parse_period(text).label if text else ""
        except (UnknownNameError, ValueError):  # a year such as 0000 is in no calendar
            problems.append(Problem(sheet_row(at), "period", repr(text), "a period", "Write one such as 2020-21, 2021-03-31 or 2021-22-Q2."))  # fmt: skip
            continue
        if label != text:
            problems.append(Problem(sheet_row(at), "period", repr(text), f"its canonical label {label!r}", f"Write {label}."))  # fmt: skip
    unexplained = (rows["period_basis"] == "inferred") & (rows["note"] == "")
    return problems + _problems(rows, unexplained, "note", "how the period was inferred", "Say it in the note.")


def _check_areas(rows: pd.DataFrame) -> list[Problem]:
    areas = load_areas()
    problems = _check_in(rows, "area_code", areas, "an area of data/reference/areas.csv")
    for at, code, name, level in rows[["area_code", "area_name", "geographic_level"]].itertuples():
        area = areas.get(code)
        if area and (name, level) != (area.name, area.level):
            problems.append(
                Problem(sheet_row(at), "area_name", repr(name), f"{area.name!r} ({area.level}) for {code}", "Mend the name, level or code.")
            )  # fmt: skip
    return problems


def _check_breakdowns(rows: pd.DataFrame) -> list[Problem]:
    topics = load_breakdowns()
    problems = _check_in(rows, "breakdown_topic", [TOTAL, *topics], "a topic of data/catalogue/breakdowns.yml")
    for topic, group in rows.groupby("breakdown_topic"):
        if topic == TOTAL:
            problems += _check_in(group, "breakdown", [TOTAL], "Total, as the topic is Total")
        elif topic in topics:
            problems += _check_in(group, "breakdown", topics[str(topic)].groups, f"a group of {topic!r}")
    return problems


def _check_source(rows: pd.DataFrame, source: Source) -> list[Problem]:
    problems = _check_in(rows, "source", source.names(), "this document, or a part of it, in data/catalogue/sources")
    problems += _problems(
        rows, rows["release"] != source.published, "release", f"{source.published!r}, as the catalogue has it",
        "Mend the row or the catalogue.",
    )  # fmt: skip
    form = rows["figure"].str.fullmatch(rf"{source.code}\.\d{{3,}}")
    return problems + _problems(
        rows,
        ~form,
        "figure",
        f"{source.code}. and a number",
        "Give the next number; a number is never used again.",
    )


def _check_unique(rows: pd.DataFrame) -> list[Problem]:
    twice = rows["figure"].duplicated() & (rows["figure"] != "")
    problems = _problems(rows, twice, "figure", "an identifier of its own", "Give it the next free number.")
    same = rows.duplicated(list(KEY))
    for at, row in rows[same].iterrows():
        first = rows.index[(rows[list(KEY)] == row[list(KEY)]).all(axis=1)][0]
        problems.append(
            Problem(
                sheet_row(at), "key", f"the same {', '.join(KEY)} as row {sheet_row(first)}",
                "each figure once", "Remove one of the two, or mend the field that should differ.",
            )
        )  # fmt: skip
    return problems
