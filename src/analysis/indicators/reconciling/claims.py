"""Changes that a document claims, against the values that it or another document gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Between, Check, judge, printed, rounded, show
from analysis.periods import parse_period

RULE = "claim"
_WHAT = ["indicator", "area_code", "breakdown_topic", "breakdown"]
#: Days between the ends of a year and the year before, give or take a leap day.
_A_YEAR = (364, 367)


def check_claims(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold each claimed change against the value of its period and that of the year before it."""
    values = figures[(figures["value_type"] == "observed") & figures["value"].notna()]
    for _, claim in figures[figures["value_type"].isin(["change", "change_percent"])].iterrows():
        same = values[(values[_WHAT] == claim[_WHAT]).all(axis=1)]
        now, before = same[same["period"] == claim["period"]], same[same["period"].map(_a_year_before(claim["period"]))]
        yield _held_against(claim, _nearest(now, claim), _nearest(before, claim))


def _a_year_before(label: str) -> Callable[[str], bool]:
    end, kind = parse_period(label).end, parse_period(label).kind
    return lambda other: (
        parse_period(other).kind == kind and _A_YEAR[0] <= (end - parse_period(other).end).days <= _A_YEAR[1]
    )


def _nearest(rows: pd.DataFrame, claim: pd.Series) -> pd.Series | None:
    """The value that stands nearest to the claim: in the same part of the document, else the document, else the earliest."""
    if rows.empty:
        return None
    part, document = claim["source"], claim["source"].partition("/")[0]
    order = rows.assign(
        _far=[0 if source == part else 1 if source.partition("/")[0] == document else 2 for source in rows["source"]]
    )
    return order.sort_values(["_far", "release", "figure"], kind="stable").iloc[0]


def _held_against(claim: pd.Series, now: pd.Series | None, before: pd.Series | None) -> Check:
    about = (claim["area_name"], claim["indicator"], claim["period"])
    if now is None or before is None:
        missing = "the year before" if before is None else "the period itself"
        return Check(RULE, "cannot be decided", (claim["figure"],), f"no value of {missing} is held", *about)
    names = (claim["figure"], now["figure"], before["figure"])
    if claim["value_type"] == "change_percent" and before["value"] == 0:
        return Check(RULE, "cannot be decided", names, "a change from nought is no percentage", *about)
    is_count = load_indicators()[claim["indicator"]].calculation == "count"
    one, two = printed(now, is_count=is_count), printed(before, is_count=is_count)
    relative = claim["value_type"] == "change_percent"
    found = _relative(one, two) if relative else Between(one.low - two.high, one.high - two.low)
    said = _said(claim, is_count=is_count)
    decimals = int(claim["precision"])
    verdict, size = judge(found, said, decimals=decimals)
    return Check(RULE, verdict, names, _line(claim, now, before, relative=relative), *about, size)


def _said(claim: pd.Series, *, is_count: bool) -> Between:
    is_exact = is_count and claim["value_type"] == "change"
    return printed(claim, is_count=True) if is_exact else rounded(claim["value"], int(claim["precision"]))


def _relative(now: Between, before: Between) -> Between:
    """100 (now - before) / before, between its lowest and its highest."""
    return Between(100 * (now.low / before.high - 1), 100 * (now.high / max(before.low, Fraction(1, 10**6)) - 1))


def _line(claim: pd.Series, now: pd.Series, before: pd.Series, *, relative: bool) -> str:
    one, two = now["value"], before["value"]
    shown = f"{show(two)} to {show(one)}"
    change = f"{show(100 * (one - two) / two)}%" if relative else show(one - two)
    return f"{shown} is {change}, the document says {show(claim['value'])}{'%' if relative else ''}"
