"""Counts against percentages and rates: does any whole number give it, and do two pairs imply the same children?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, pairwise

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import LAST_DIGIT, Between, Check, as_printed, exact, judge, rounded, show
from analysis.periods import in_time_order, parse_period
from analysis.vocabulary import TOTAL

SHARE, WHOLE_NUMBER, POPULATION = "share", "whole_number", "population"
#: By how much the number of all children of an authority is taken to change in a year, at most.
YEARLY_CHANGE = Fraction(2, 100)
MOST_DAYS_APART = 366

_Pair = tuple[pd.Series, pd.Series, Between]


def check_shares(figures: pd.DataFrame) -> Iterator[Check]:
    """Work out again each percentage whose two numbers are printed beside it."""
    rows = _of(figures, "proportion")
    for _, row in rows[rows["numerator"].notna() & rows["denominator"].notna()].iterrows():
        about = (row["area_name"], row["indicator"], row["period"])
        if row["denominator"] == 0:
            yield Check(SHARE, "cannot be decided", (row["figure"],), "a share of nought is no number", *about)
            continue
        share = 100 * as_printed(row["numerator"]) / as_printed(row["denominator"])
        verdict, size = judge(
            Between(share, share), rounded(row["value"], int(row["precision"])), decimals=int(row["precision"])
        )  # fmt: skip
        line = f"{show(row['numerator'])} of {show(row['denominator'])} is {show(share)}%, printed is {show(row['value'])}%"
        yield Check(SHARE, verdict, (row["figure"],), line, *about, size)


def check_whole_numbers(figures: pd.DataFrame) -> Iterator[Check]:
    """Ask of each percentage of a declared base whether any whole number of it gives what is printed."""
    known = load_indicators()
    counts = _of(figures, "count")
    totals = counts[counts["breakdown_topic"] == TOTAL]
    for _, row in _of(figures, "proportion").iterrows():
        base = known[row["indicator"]].taken_of
        same = (
            totals["indicator"].eq(base) & totals["area_code"].eq(row["area_code"]) & totals["period"].eq(row["period"])
        )
        if base and same.any() and pd.isna(row["numerator"]):
            yield _any_whole_number(row, totals[same])


def check_populations(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold the children that one count and rate imply against those that another count and rate of the same place and time do."""
    known = load_indicators()
    counts = _of(figures, "count")
    pairs: dict[tuple[str, str], list[_Pair]] = {}
    for _, rate in _of(figures, "rate").iterrows():
        own = counts[
            counts["indicator"].eq(known[rate["indicator"]].counted_in)
            & counts["area_code"].eq(rate["area_code"])
            & counts["period"].eq(rate["period"])
            & counts["breakdown_topic"].eq(TOTAL)
        ]
        for _, count in own.iterrows():
            implied = _implied(rate, count)
            if implied:
                pairs.setdefault((rate["area_code"], rate["period"]), []).append((rate, count, implied))
    for found in pairs.values():
        for (rate, count, one), (other, other_count, two) in combinations(_distinct(found), 2):
            verdict, size = judge(one, two, decimals=0)
            names = (rate["figure"], count["figure"], other["figure"], other_count["figure"])
            line = f"{_children(one)} children against {_children(two)}"
            yield Check(POPULATION, verdict, names, line, rate["area_name"], rate["indicator"], rate["period"], size)
    yield from _over_time(pairs)


def _distinct(found: list[_Pair]) -> list[_Pair]:
    """One of each pair of numbers: a rate that is printed twice says nothing new about its count."""
    return list({(rate["value"], rate["precision"], count["value"]): (rate, count, implied)
                 for rate, count, implied in reversed(found)}.values())  # fmt: skip


def _over_time(pairs: Mapping[tuple[str, str], list[_Pair]]) -> Iterator[Check]:
    """Hold the children implied at one time against those implied at the next: their number changes little in a year."""
    for area in dict.fromkeys(code for code, _ in pairs):
        labels = in_time_order([period for code, period in pairs if code == area])
        for earlier, later in pairwise(labels):
            apart = parse_period(later).end - parse_period(earlier).end
            if apart.days <= MOST_DAYS_APART:
                yield _two_times(pairs[area, earlier][0], pairs[area, later][0])


def _two_times(earlier: _Pair, later: _Pair) -> Check:
    (rate, count, one), (other, other_count, two) = later, earlier
    wide = Between(two.low * (1 - YEARLY_CHANGE), two.high * (1 + YEARLY_CHANGE))
    verdict, size = judge(one, wide, decimals=0)
    names = (rate["figure"], count["figure"], other["figure"], other_count["figure"])
    when = parse_period(other["period"]).short
    line = f"{_children(one)} children against {_children(two)} in {when}"
    return Check(
        POPULATION, verdict, names, line, rate["area_name"], rate["indicator"], rate["period"], size,
        assumes=f"The number of all children changes by no more than {show(100 * YEARLY_CHANGE)}% in a year.",
    )  # fmt: skip


def _of(figures: pd.DataFrame, calculation: str) -> pd.DataFrame:
    known = load_indicators()
    kinds = figures["indicator"].map(lambda name: known[name].calculation)
    return figures[(kinds == calculation) & (figures["value_type"] == "observed") & figures["value"].notna()]


def _any_whole_number(row: pd.Series, totals: pd.DataFrame) -> Check:
    said = rounded(row["value"], int(row["precision"]))
    tried, near = [], False
    for _, total in totals.iterrows():
        base = as_printed(total["value"])
        count = _fits(said, base)
        if count is not None:
            names = (row["figure"], total["figure"])
            line = f"{show(count)} of {show(base)} is {show(100 * count / base)}%, printed is {show(row['value'])}%"
            return Check(WHOLE_NUMBER, "agrees", names, line, row["area_name"], row["indicator"], row["period"])
        tried.append(show(base))
        near = near or _fits(_loosely(row), base) is not None
    names = (row["figure"], *totals["figure"])
    line = f"no whole number of {' or of '.join(dict.fromkeys(tried))} is {show(row['value'])}%"
    size = LAST_DIGIT if near else ""
    return Check(WHOLE_NUMBER, "disagrees", names, line, row["area_name"], row["indicator"], row["period"], size)


def _loosely(row: pd.Series) -> Between:
    """What a percentage can stand for that was cut off and not rounded, or padded with a nought."""
    value, decimals = as_printed(row["value"]), int(row["precision"])
    unit = Fraction(1, 10**decimals)
    is_padded = decimals > 1 and value * 10 ** (decimals - 1) % 1 == 0
    return rounded(row["value"], decimals - 1) if is_padded else Between(value - unit, value + unit)


def _fits(said: Between, base: Fraction) -> Fraction | None:
    """The least whole number whose share of a base rounds to what is said."""
    if base <= 0:
        return None
    count = Fraction(max(0, math.ceil(said.low * base / 100)))
    return count if count <= base and exact(float(count)).low * 100 / base < said.high else None


def _implied(rate: pd.Series, count: pd.Series) -> Between | None:
    said = rounded(rate["value"], int(rate["precision"]))
    if said.low <= 0 or count["value"] <= 0:
        return None
    events = as_printed(count["value"]) * 10_000
    return Between(events / said.high, events / said.low)


def _children(implied: Between) -> str:
    return f"{show(implied.low, 0)} to {show(implied.high, 0)}"
