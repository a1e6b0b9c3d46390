"""The same thing under two labels of time, and the parts of a period against the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Between, Check, as_printed, exact, judge, printed, show
from analysis.periods import parse_period
from analysis.vocabulary import MEASURE

MOMENT, SUM_OF_PERIODS = "moment", "periods"
_WITHOUT_PERIOD = [name for name in MEASURE if name != "period"]


def check_moments(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold positions against each other that carry different labels of periods which end on the same day."""
    rows = _observed(figures, measured="stock")
    rows = rows.assign(end=rows["period"].map(lambda label: parse_period(label).end))
    of_one_day = [*_WITHOUT_PERIOD, "end"]
    for _, same in rows[rows.duplicated(of_one_day, keep=False)].groupby(of_one_day, sort=False):
        firsts = same.drop_duplicates("period")
        first = firsts.iloc[0]
        for _, other in firsts.iloc[1:].iterrows():
            yield _one_moment(first, other)


def check_sums_of_periods(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold what is counted in a period against the sum of the shorter periods that make it up."""
    rows = _observed(figures, measured="flow")
    known = load_indicators()
    rows = rows[rows["indicator"].map(lambda name: known[name].calculation == "count")]
    for _, same in rows.groupby(_WITHOUT_PERIOD, sort=False):
        for _, whole in same.iterrows():
            parts = _parts_of(whole, same)
            if parts:
                yield _sum_against(parts, whole)


def _observed(figures: pd.DataFrame, *, measured: str) -> pd.DataFrame:
    known = load_indicators()
    kinds = figures["indicator"].map(lambda name: known[name].measured)
    rows = figures[(kinds == measured) & (figures["value_type"] == "observed") & figures["value"].notna()]
    return rows.sort_values(["release", "figure"], kind="stable")


def _one_moment(first: pd.Series, other: pd.Series) -> Check:
    is_count = load_indicators()[first["indicator"]].calculation == "count"
    fewest = min(int(first["precision"]), int(other["precision"]))
    verdict, size = judge(printed(first, is_count=is_count), printed(other, is_count=is_count), decimals=fewest)
    labels = [parse_period(row["period"]).short for row in (first, other)]
    one, two = (show(row["value"], int(row["precision"])) for row in (first, other))
    sign = "is" if verdict == "agrees" else "is not"
    return Check(
        MOMENT, verdict, (first["figure"], other["figure"]), f"{one} ({labels[0]}) {sign} {two} ({labels[1]})",
        first["area_name"], first["indicator"], first["period"], size,
        assumes=f"Both are read as the position on {parse_period(parse_period(first['period']).end.isoformat()).short}.",
    )  # fmt: skip


def _parts_of(whole: pd.Series, same: pd.DataFrame) -> list[pd.Series]:
    """Shorter periods that follow one another from the first to the last day of a longer one; none where there is a gap."""
    span = parse_period(whole["period"])
    start, found = span.start, []
    pieces = {parse_period(row["period"]).start: row for _, row in same.iterrows()
              if _is_inside(row["period"], whole["period"])}  # fmt: skip
    while start <= span.end and start in pieces:
        piece = pieces[start]
        found.append(piece)
        start = parse_period(piece["period"]).end + timedelta(days=1)
    return found if len(found) > 1 and start > span.end else []


def _is_inside(label: str, other: str) -> bool:
    part, whole = parse_period(label), parse_period(other)
    return (part.start, part.end) != (whole.start, whole.end) and whole.start <= part.start and part.end <= whole.end


def _sum_against(parts: Sequence[pd.Series], whole: pd.Series) -> Check:
    added = sum((as_printed(row["value"]) for row in parts), Fraction(0))
    verdict, size = judge(Between(added, added), exact(whole["value"]), decimals=0)
    terms = " + ".join(show(row["value"]) for row in parts)
    return Check(
        SUM_OF_PERIODS, verdict, (*(row["figure"] for row in parts), whole["figure"]),
        f"{terms} = {show(added)}, the whole period has {show(whole['value'])}",
        whole["area_name"], whole["indicator"], whole["period"], size,
    )  # fmt: skip
