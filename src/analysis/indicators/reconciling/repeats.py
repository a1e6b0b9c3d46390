"""The same thing said twice: in two documents, in text and in table, or as "the year before" in a later report."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Check, judge, printed, show
from analysis.periods import parse_period
from analysis.vocabulary import MEASURE, TOTAL

RULE, NEAR = "repeat", "near"
#: Days between the ends of two periods whose values a reader would take for one another.
MOST_DAYS_APART = 31
_ONE_THING = ["indicator", "area_code", "value_type"]
#: A target, or a change, can be a range: its two ends are not two values of one thing.
_RANGE = r"(?:lower|upper) end of the"


def check_repeats(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold each figure against the first that was published of the same measure, place, period and group."""
    rows = figures[figures["value"].notna() & ~figures["value_type"].isin(["change", "change_percent"])]
    rows = rows[~rows["locator"].str.contains(_RANGE)]
    rows = rows[rows.duplicated(list(MEASURE), keep=False)]
    for _, same in rows.sort_values(["release", "figure"], kind="stable").groupby(list(MEASURE), sort=False):
        first = same.iloc[0]
        for _, other in same.iloc[1:].iterrows():
            yield _held_against(first, other)


def check_near_repeats(figures: pd.DataFrame) -> Iterator[Check]:
    """Name values of two reports that look like the same but are of other days or ages; whether they agree cannot be told."""
    rows = figures[figures["value"].notna() & figures["value_type"].isin(["observed", "target"])]
    for _, same in rows.sort_values(["release", "figure"], kind="stable").groupby(_ONE_THING, sort=False):
        if same["source"].nunique() > 1:
            yield from _near_each_other(same)


def _near_each_other(rows: pd.DataFrame) -> Iterator[Check]:
    firsts = rows.drop_duplicates(["period", "breakdown_topic", "breakdown", "source"])
    for (_, one), (_, other) in combinations(firsts.iterrows(), 2):
        why = _why_not_the_same(one, other) if one["source"] != other["source"] else ""
        if why and one["value"] != other["value"]:
            first, second = (show(row["value"], int(row["precision"])) for row in (one, other))
            yield Check(
                NEAR, "cannot be decided", (one["figure"], other["figure"]), f"{first} and {second}: {why}",
                one["area_name"], one["indicator"], one["period"],
            )  # fmt: skip


def _why_not_the_same(one: pd.Series, other: pd.Series) -> str:
    """What sets two values apart that are near each other; blank where they are far from, or the same as, each other."""
    periods = [parse_period(row["period"]) for row in (one, other)]
    days = abs((periods[0].end - periods[1].end).days)
    groups = [(row["breakdown_topic"], row["breakdown"]) for row in (one, other)]
    is_age = all(topic == TOTAL or topic.startswith("Age group") for topic, _ in groups)
    is_average = load_indicators()[one["indicator"]].calculation == "mean" and TOTAL in (groups[0][0], groups[1][0])
    is_of_one_kind = (periods[0].kind == "year") == (periods[1].kind == "year")
    if days > MOST_DAYS_APART or not is_of_one_kind:
        return ""
    if groups[0] == groups[1]:
        return f"of {periods[0].short} and of {periods[1].short}" if periods[0] != periods[1] and days else ""
    if is_average:
        return f"one is of all, the other of {max(groups[0][1], groups[1][1], key=lambda name: name != TOTAL).lower()}"
    return f"of young people of other ages ({_ages(groups[0][1])}; {_ages(groups[1][1])})" if is_age else ""


def _ages(group: str) -> str:
    return "ages not given" if group == TOTAL else group


def _held_against(first: pd.Series, other: pd.Series) -> Check:
    is_count = load_indicators()[first["indicator"]].calculation == "count"
    fewest = min(int(first["precision"]), int(other["precision"]))
    verdict, size = judge(printed(first, is_count=is_count), printed(other, is_count=is_count), decimals=fewest)
    one, two = (show(row["value"], int(row["precision"])) for row in (first, other))
    sign = "is" if verdict == "agrees" else "is not"
    return Check(
        RULE, verdict, (first["figure"], other["figure"]), f"{one} {sign} {two}",
        first["area_name"], first["indicator"], first["period"], size,
    )  # fmt: skip
