"""Averages against totals and staff, two shares that make a whole, and profiles against the counts of groups."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Between, Check, Verdict, as_printed, judge, printed, rounded, show
from analysis.periods import parse_period
from analysis.sources.catalogue import load_breakdowns
from analysis.vocabulary import TOTAL

AVERAGE, REST, PROFILE = "average", "rest", "profile"
#: How far a profile may differ from counts of another day of the same period before it is said to disagree, in points.
PROFILE_APART = Fraction(5)
_PLACE = ["area_code", "period", "breakdown_topic", "breakdown"]


def check_averages(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold an average per worker against the number shared and the workers who share it."""
    rows = _observed(figures)
    for _, average in _with(rows, "average_of").iterrows():
        indicator = load_indicators()[average["indicator"]]
        total = _beside(rows, indicator.average_of, average)
        workers = _beside(rows, indicator.shared_among, average)
        if total is not None and workers is not None:
            yield _average_against(average, total, workers)


def check_rests(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold two shares of one whole, such as inside and outside, against 100."""
    rows = _observed(figures)
    for _, part in _with(rows, "rest").iterrows():
        other = load_indicators()[part["indicator"]].rest
        same = rows[(rows["indicator"] == other) & (rows[_PLACE] == part[_PLACE]).all(axis=1)]
        for _, rest in same[same["source"] == part["source"]].iterrows():
            yield _rest_against(part, rest)


def check_profiles(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold the share of a group against that of the counts of groups at the end of a year within, or next to, its period."""
    rows = _observed(figures)
    counts = rows[rows["breakdown_topic"] != TOTAL]
    for _, share in _with(counts, "profile_of").iterrows():
        counted = load_indicators()[share["indicator"]].profile_of
        table = counts[(counts["indicator"] == counted) & (counts["area_code"] == share["area_code"])
                       & (counts["breakdown_topic"] == share["breakdown_topic"])
                       & counts["period"].map(lambda label, of=share["period"]: _ends_in(label, of))]  # fmt: skip
        for _, same in table.groupby(["source", "period"], sort=False):
            groups = load_breakdowns()[share["breakdown_topic"]].groups
            own = same[same["breakdown"].map(lambda name, of=share["breakdown"]: of in (name, groups[name]))]  # noqa: B023
            if len(own) and same["value"].sum() > 0:
                yield _profile_against(share, own, same)


def _observed(figures: pd.DataFrame) -> pd.DataFrame:
    return figures[(figures["value_type"] == "observed") & figures["value"].notna()]


def _with(rows: pd.DataFrame, declared: str) -> pd.DataFrame:
    """The figures of indicators whose definition declares something."""
    names = [item.id for item in load_indicators().values() if getattr(item, declared)]
    return rows[rows["indicator"].isin(names)]


def _beside(rows: pd.DataFrame, indicator: str, near: pd.Series) -> pd.Series | None:
    """A figure of the same place, time and group in the same document, where there is one."""
    same = rows[(rows["indicator"] == indicator) & (rows[_PLACE] == near[_PLACE]).all(axis=1)]
    own = same[same["source"] == near["source"]]
    return None if own.empty else own.iloc[0]


def _average_against(average: pd.Series, total: pd.Series, workers: pd.Series) -> Check:
    about = (average["area_name"], average["indicator"], average["period"])
    names = (average["figure"], total["figure"], workers["figure"])
    assumes = "The cases shared are all children counted at the end of the year, shared among all the posts."
    if workers["value"] == 0:
        return Check(
            AVERAGE, "cannot be decided", names, "an average of no workers is no number", *about, assumes=assumes
        )
    found = as_printed(total["value"]) / as_printed(workers["value"])
    decimals = int(average["precision"])
    verdict, size = judge(Between(found, found), rounded(average["value"], decimals), decimals=decimals)
    line = (
        f"{show(total['value'])} shared among {show(workers['value'])} is {show(found, 1)}, printed is {show(average['value'])}; "
        f"{show(workers['value'])} times {show(average['value'])} is {show(workers['value'] * average['value'])}"
    )
    return Check(AVERAGE, verdict, names, line, *about, size, assumes=assumes)


def _rest_against(part: pd.Series, rest: pd.Series) -> Check:
    one, two = printed(part, is_count=False), printed(rest, is_count=False)
    added = Between(one.low + two.low, one.high + two.high)
    fewest = min(int(part["precision"]), int(rest["precision"]))
    verdict, size = judge(added, Between(Fraction(100), Fraction(100)), decimals=fewest)
    line = (
        f"{show(part['value'])} + {show(rest['value'])} = {show(as_printed(part['value']) + as_printed(rest['value']))}"
    )
    return Check(
        REST,
        verdict,
        (part["figure"], rest["figure"]),
        line,
        part["area_name"],
        part["indicator"],
        part["period"],
        size,
    )


def _profile_against(share: pd.Series, own: pd.DataFrame, table: pd.DataFrame) -> Check:
    count, total = (sum((as_printed(value) for value in rows["value"]), Fraction(0)) for rows in (own, table))
    found = 100 * count / total
    said = printed(share, is_count=False)
    apart = said.apart(Between(found, found))
    when = parse_period(table["period"].iloc[0]).short
    line = f"{show(count)} of {show(total)} ({when}) is {show(found, 1)}%, printed is {show(share['value'])}%"
    verdict: Verdict = (
        "agrees" if said.meets(Between(found, found)) else "disagrees" if apart > PROFILE_APART else "cannot be decided"
    )
    more = "; children of another day may be meant" if verdict == "cannot be decided" else ""
    return Check(
        PROFILE, verdict, (share["figure"], *own["figure"]), line + more,
        share["area_name"], share["indicator"], share["period"],
        assumes=f"The profile of all children in care does not move by more than {show(PROFILE_APART)} points within the period.",
    )  # fmt: skip


def _ends_in(label: str, period: str) -> bool:
    end, other = parse_period(label).end, parse_period(period)
    return label != period and other.start <= end <= other.end
