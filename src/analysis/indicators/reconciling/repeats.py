"""The same thing said twice: in two documents, in text and in table, or as "the year before" in a later report."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Check, judge, printed, show
from analysis.vocabulary import MEASURE

RULE = "repeat"
#: A target, or a change, can be a range: its two ends are not two values of one thing.
_RANGE = r"(?:lower|upper) end of the"


def check_repeats(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold each figure against the first that was published of the same measure, place, period and group."""
    rows = figures[figures["value"].notna() & ~figures["value_type"].isin(["change", "change_percent"])]
    rows = rows[~rows["locator"].str.contains(_RANGE)]
    for _, same in rows.sort_values(["release", "figure"], kind="stable").groupby(list(MEASURE), sort=False):
        first = same.iloc[0]
        for _, other in same.iloc[1:].iterrows():
            yield _held_against(first, other)


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
