"""One indicator over all councils and years that documents give, the council asked for first, and the range it should lie in."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.indicators.pairing import unite
from analysis.indicators.selection import not_held, one_value_each
from analysis.periods import in_time_order
from analysis.sources.areas import find_area
from analysis.vocabulary import TOTAL

#: Ends of a range, as the place of a figure names them.
_LOW, _HIGH = "lower end of the range", "upper end of the range"


def select_councils(
    figures: pd.DataFrame, indicator: Indicator, *, area: str, topics: Sequence[str] = (TOTAL,)
) -> pd.DataFrame:
    """Return what the documents give of an indicator for every council, in the order of council and time.

    Args:
        figures: the observation table.
        indicator: what is asked.
        area: name or code of the council that comes first.
        topics: breakdown topics whose groups are listed; Total for the figure of all.

    Returns:
        Rows of the observation table; one that a document prints as a range has its lower end in ``value`` and its upper
        one in ``value_high``. ``range_low`` and ``range_high`` are the ends of the range that is recommended, of whichever
        council prints it (missing where there is none), ``stands`` says how a value stands to it: within, above, below or
        partly outside. A not_held row stands for the council asked for where it has no figure.
    """
    place = find_area(area)
    official = figures["official"] if "official" in figures else pd.Series(False, index=figures.index)
    own = figures[
        (figures["indicator"] == indicator.id)
        & (figures["value_type"] == "observed")
        & figures["breakdown_topic"].isin(topics)
        & (figures["geographic_level"] == "Local authority")
        & ~official
    ]
    rows = _with_ranges(own)
    if place.code not in set(rows["area_code"]):
        rows = pd.concat([not_held(figures, indicator, place, period=""), rows], ignore_index=True)
    return _against_the_range(_ordered(rows, place.code), figures, indicator)


def _with_ranges(own: pd.DataFrame) -> pd.DataFrame:
    """One row a measure; two that are the ends of one range become one."""
    low, high = own["locator"].str.endswith(_LOW), own["locator"].str.endswith(_HIGH)
    single = one_value_each(own[~low & ~high]).assign(value_high=float("nan"))
    tops = {_of_one_range(row): row for _, row in own[high].iterrows()}
    ranges = own[low].reset_index(drop=True)
    ends = [tops.get(_of_one_range(row)) for _, row in ranges.iterrows()]
    ranges = ranges.assign(
        value_high=[float("nan") if end is None else end["value"] for end in ends],
        cites=[unite(row["cites"], "" if end is None else end["cites"]) for (_, row), end in zip(ranges.iterrows(), ends, strict=True)],
        also_printed="",
    )  # fmt: skip
    there = [table for table in (single, ranges) if len(table)]
    return pd.concat(there, ignore_index=True) if there else single


def _of_one_range(row: pd.Series) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("area_code", "period", "breakdown_topic", "breakdown"))


def _ordered(rows: pd.DataFrame, first: str) -> pd.DataFrame:
    order = {
        label: place for place, label in enumerate(in_time_order([name for name in rows["period"].unique() if name]))
    }
    keys = rows.assign(_other=rows["area_code"] != first, _time=rows["period"].map(order).fillna(-1))
    ordered = keys.sort_values(["_other", "area_name", "_time"], kind="stable").drop(columns=["_other", "_time"])
    return ordered.reset_index(drop=True).assign(asked="")


def _against_the_range(rows: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    targets = figures[(figures["indicator"] == indicator.id) & (figures["value_type"] == "target")]
    lows = targets.loc[targets["locator"].str.contains(_LOW.partition(" of")[0]), "value"]
    highs = targets.loc[targets["locator"].str.contains(_HIGH.partition(" of")[0]), "value"]
    # Two councils that print different ranges leave none that all could be held against.
    if lows.nunique() != 1 or highs.nunique() != 1:
        return rows.assign(range_low=float("nan"), range_high=float("nan"), stands="")
    low, high = float(lows.min()), float(highs.max())
    tops = rows["value_high"].fillna(rows["value"])
    stands = [_stands(value, top, low, high) for value, top in zip(rows["value"], tops, strict=True)]
    return rows.assign(range_low=low, range_high=high, stands=stands)


def _stands(value: float, top: float, low: float, high: float) -> str:
    if math.isnan(value):
        return ""
    if low <= value and top <= high:
        return "within"
    return "above" if value > high else "below" if top < low else "partly outside"
