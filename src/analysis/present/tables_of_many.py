"""Tables of an area among many, and of one area against many choices."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.present import phrases_of_choice, phrases_of_rank
from analysis.present.formatting import capital, is_missing, number, value_of
from analysis.present.tabulating import (
    Column,
    Table,
    caption_of,
    figures,
    heading_of,
    interval_column,
    period_of,
    plain_number,
    table_of,
    two_numbers,
)

#: So many authorities stand in the table on either side of the one asked about.
NEXT_TO_IT = 5
#: A table of this many areas or fewer is shown in full.
MOST_IN_FULL = 2 * NEXT_TO_IT + 3
DASH = "\N{EN DASH}"


def funnel(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row an area, by size: value, limits, position; of many only the one asked about and those far outside.

    All rows stay among the rows of the exhibit.
    """
    ordered = rows.sort_values("denominator", kind="stable")
    outside = ordered["funnel_position"].isin(["above 99.8% limits", "below 99.8% limits"])
    few = len(ordered) <= MOST_IN_FULL
    shown = ordered if few else ordered[outside | ordered["is_area"].astype(bool)]
    left_out = "" if few else "; the table has it and those outside the 99.8% limits"
    decimals = indicator.decimals

    def limits(row: pd.Series, low: str, high: str) -> str:
        return two_numbers(row, low, high, decimals)

    return table_of(
        f"{caption_of(rows[rows['is_area'].astype(bool)], indicator)}, among all areas by size{left_out}",
        shown,
        [
            Column("Area", lambda row: row["area_name"]),
            Column("Size", lambda row: plain_number(row["denominator"], 0), "number"),
            Column(heading_of(indicator), lambda row: value_of(row, indicator), "number"),
            Column("95% limits", lambda row: limits(row, "funnel_lower_95", "funnel_upper_95"), "number"),
            Column("99.8% limits", lambda row: limits(row, "funnel_lower_998", "funnel_upper_998"), "number"),
            Column("Position", lambda row: DASH if is_missing(row["funnel_position"]) else str(row["funnel_position"])),
        ],
    )


def rank(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return the area with the five on either side of it, the first and the last; the caption says so.

    All rows stay among the rows of the exhibit.
    """
    ordered = phrases_of_rank.in_order(rows)
    at = int(ordered["_place"].where(ordered["is_area"]).min())
    near = (ordered["_place"] - at).abs() <= NEXT_TO_IT
    ends = ordered["_place"].isin([1, len(ordered)])
    shown = ordered if len(ordered) <= MOST_IN_FULL else ordered[near | ends]
    left_out = "" if len(shown) == len(ordered) else "; the table has the first, the last and those next to it"
    own = ordered[ordered["is_area"]]
    among = "authority with a figure" if len(ordered) == 1 else f"{number(len(ordered))} authorities with a figure"
    return table_of(f"{caption_of(own, indicator)}, among the {among}{left_out}", shown, [
        Column("Authority", lambda row: row["area_name"]),
        Column("Rank", lambda row: phrases_of_rank.rank_words(rows, row), "number"),
        Column(heading_of(indicator), lambda row: value_of(row, indicator), "number"),
        *interval_column(shown, indicator),
        Column("Ranks that chance leaves open", phrases_of_rank.places_left_open, "number"),
        figures("cites"),
    ])  # fmt: skip


def choice(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a choice: list, average, how many members have data, value, and where the area is to it."""
    row = rows.iloc[0]
    periods = rows["benchmark_period"].dropna() if "benchmark_period" in rows else pd.Series(dtype=str)
    other = bool((periods[periods != ""] != row["period"]).any())
    area = f"{row['area_name']} ({value_of(row, indicator)})"
    return table_of(f"{caption_of(rows.iloc[[0]], indicator)}, beside its neighbours by each choice", rows, [
        Column("Neighbours", lambda item: capital(phrases_of_choice.model_words(item))),
        Column("Average", phrases_of_choice.average_words),
        *([Column("Period", lambda item: period_of(pd.Series({"period": item["benchmark_period"]})), "period")] if other else []),
        Column("Members with data", _members_with_data, "number"),
        Column(heading_of(indicator), lambda item: value_of(item, indicator, prefix="benchmark_"), "number"),
        Column(f"{area} is", lambda item: phrases_of_choice.side_words(item) or DASH),
        *([figures("benchmark_figure")] if rows["benchmark_figure"].fillna("").ne("").any() else []),
    ])  # fmt: skip


def _members_with_data(row: pd.Series) -> str:
    members, held = row["benchmark_members"], row["benchmark_with_data"]
    return DASH if is_missing(members) or is_missing(held) else f"{number(held)} of {number(members)}"
