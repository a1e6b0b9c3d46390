"""Counts against percentages and rates: does any whole number give it, and do two pairs imply the same children?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Between, Check, as_printed, exact, judge, rounded, show
from analysis.vocabulary import TOTAL

SHARE, WHOLE_NUMBER, POPULATION = "share", "whole_number", "population"


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
    pairs: dict[tuple[str, str], list[tuple[pd.Series, pd.Series, Between]]] = {}
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
        for (rate, count, one), (other, other_count, two) in combinations(found, 2):
            verdict, size = judge(one, two, decimals=0)
            names = (rate["figure"], count["figure"], other["figure"], other_count["figure"])
            line = f"{_children(one)} children against {_children(two)}"
            yield Check(POPULATION, verdict, names, line, rate["area_name"], rate["indicator"], rate["period"], size)


def _of(figures: pd.DataFrame, calculation: str) -> pd.DataFrame:
    known = load_indicators()
    kinds = figures["indicator"].map(lambda name: known[name].calculation)
    return figures[(kinds == calculation) & (figures["value_type"] == "observed") & figures["value"].notna()]


def _any_whole_number(row: pd.Series, totals: pd.DataFrame) -> Check:
    said = rounded(row["value"], int(row["precision"]))
    tried = []
    for _, total in totals.iterrows():
        base = as_printed(total["value"])
        count = _fits(said, base)
        if count is not None:
            names = (row["figure"], total["figure"])
            line = f"{show(count)} of {show(base)} is {show(100 * count / base)}%, printed is {show(row['value'])}%"
            return Check(WHOLE_NUMBER, "agrees", names, line, row["area_name"], row["indicator"], row["period"])
        tried.append(show(base))
    names = (row["figure"], *totals["figure"])
    line = f"no whole number of {' or of '.join(dict.fromkeys(tried))} is {show(row['value'])}%"
    return Check(WHOLE_NUMBER, "disagrees", names, line, row["area_name"], row["indicator"], row["period"])


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
