"""Changes that a document claims, against the values that it or another document gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Between, Check, as_printed, judge, printed, rounded, show
from analysis.periods import parse_period

RULE = "claim"
_WHAT = ["indicator", "area_code", "breakdown_topic", "breakdown"]
#: Days between the ends of a year and the year before, give or take a leap day.
_A_YEAR = (364, 367)


def check_all_claims(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold each claimed change against its values, and an absolute change against the percentage of the same change."""
    yield from check_claims(figures)
    yield from check_pairs_of_claims(figures)


def check_claims(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold each claimed change against the value of its period and that of the year before it."""
    values = figures[(figures["value_type"] == "observed") & figures["value"].notna()]
    for _, claim in figures[figures["value_type"].isin(["change", "change_percent"])].iterrows():
        same = values[(values[_WHAT] == claim[_WHAT]).all(axis=1)]
        now = same[same["period"] == claim["period"]]
        before = same[same["period"].map(_a_year_before(claim["period"]))]
        if before.empty:
            # The words of the claim often give the value that it runs from, under a label of another kind.
            before = same[(same["quote"] == claim["quote"]) & (same["period"] != claim["period"])]
        yield _held_against(claim, _nearest(now, claim), _nearest(before, claim))


def check_pairs_of_claims(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold a claimed change against the claimed percentage of the same change: the value that both run to gives the rest."""
    of_a_pair = [*_WHAT, "period", "source"]
    values = figures[(figures["value_type"] == "observed") & figures["value"].notna()]
    relative = figures[figures["value_type"] == "change_percent"]
    for _, change in figures[figures["value_type"] == "change"].iterrows():
        for _, percent in relative[(relative[of_a_pair] == change[of_a_pair]).all(axis=1)].iterrows():
            now = _nearest(values[(values[[*_WHAT, "period"]] == change[[*_WHAT, "period"]]).all(axis=1)], change)
            if now is not None and now["value"] > change["value"]:
                yield _pair_against(change, percent, now)


def _pair_against(change: pd.Series, percent: pd.Series, now: pd.Series) -> Check:
    before = as_printed(now["value"]) - as_printed(change["value"])
    found = 100 * as_printed(change["value"]) / before
    decimals = int(percent["precision"])
    verdict, size = judge(Between(found, found), rounded(percent["value"], decimals), decimals=decimals)
    line = (
        f"{show(change['value'])} up to {show(now['value'])} is from {show(before)} and {show(found)}%, "
        f"the document says {show(percent['value'])}%"
    )
    names = (change["figure"], percent["figure"], now["figure"])
    return Check(RULE, verdict, names, line, change["area_name"], change["indicator"], change["period"], size)


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
        missing = "the value that it runs from" if before is None else "the value of the period itself"
        return Check(RULE, "cannot be decided", (claim["figure"],), f"{missing} is not held", *about)
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
