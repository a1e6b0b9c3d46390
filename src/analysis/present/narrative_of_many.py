"""What rows of many areas, or of many choices, say in words."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.present import phrases, phrases_of_choice, phrases_of_rank
from analysis.present.formatting import interval_of, is_missing, number, quantity
from analysis.vocabulary import NOT_HELD

NOT_AMONG_THEM = "The area asked about is not among these authorities, so it has no place among them."


def funnel(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say where an area stands among all areas, given its size.

    Args:
        rows: all areas with ``value``, ``baseline``, ``funnel_position`` and ``is_area``, true for the one asked about;
            ``baseline_name``, such as England, where the baseline is not the value of all these areas together;
            ``tau2`` where the limits allow for what areas differ by anyway.
        indicator: its definition.
    """
    own = rows[rows["is_area"].astype(bool)]
    if own.empty:
        return [NOT_AMONG_THEM]
    row = own.iloc[0]
    if row["status"] == NOT_HELD:
        return ["Without them no funnel of authorities can be drawn."]
    if is_missing(row["value"]):
        return phrases.gap(row, indicator)
    if is_missing(row["funnel_position"]):
        return [
            f"{phrases.states(row, indicator)}. Its counts are not held, so it cannot be placed among areas of its size."
        ]
    pooled = quantity(row["baseline"], indicator, indicator.decimals)
    return [
        f"{phrases.states(row, indicator)}, {_place_in_funnel(rows, row)}, around {pooled}{_common(rows)}.",
        *phrases.polarity(indicator),
    ]


def _place_in_funnel(rows: pd.DataFrame, row: pd.Series) -> str:
    """Say where a row lies, and what leaves areas within the limits: chance, and where allowed for the usual differences."""
    what, leaves = "chance alone", "chance leaves"
    if phrases_of_rank.allows_for_differences(rows):
        what = "chance and the usual differences between areas"
        leaves = f"{what} leave"
    if row["funnel_position"] == "within limits":
        return f"within the limits that {what} would leave an area of its size"
    side, _, level = str(row["funnel_position"]).partition(" ")
    often = {"95% limits": "one area in forty", "99.8% limits": "one area in a thousand"}[level]
    return f"{side} the {level}, which {leaves} about {often} {side}"


def _common(rows: pd.DataFrame) -> str:
    """Whose value a funnel is drawn around."""
    name = phrases_of_rank.common_value(rows)
    if name == phrases_of_rank.ALL_TOGETHER:
        return f" for all {number(len(rows))} areas together"
    if name == phrases_of_rank.COUNTED_TOGETHER:
        return f" for the {number(phrases_of_rank.have_counts(rows))} areas with counts together"
    return f", {name}" if name.startswith("the ") else f" for {name}"


def rank(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say which place an area has among all, and how far chance alone could move it.

    Args:
        rows: all areas in one period with ``value``, ``rank``, ``rank_lower``, ``rank_upper``, ``ranked`` and
            ``is_area``, true for the one asked about.
        indicator: its definition.
    """
    own = rows[rows["is_area"].astype(bool)]
    if own.empty:
        return [NOT_AMONG_THEM]
    row = own.iloc[0]
    if row["status"] == NOT_HELD:
        return [f"No figures of all authorities ({indicator.noun}) are held for {row['asked']}, so no place among them can be given.",
                indicator.where_to_find]  # fmt: skip
    if is_missing(row["value"]):
        return phrases.gap(row, indicator)
    place = phrases_of_rank.place(rows, row, indicator)
    return [
        f"{phrases.states(row, indicator)}: {place}. {phrases_of_rank.chance(row)}{phrases.older(row)}",
        *phrases_of_rank.without_figure(rows, indicator),
        *phrases.polarity(indicator),
        *_no_interval(row, indicator),
    ]


def rank_in_brief(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Say the same as :func:`rank` after the figure itself has been named; blank where nothing is held.

    Args:
        rows: as for :func:`rank`.
        indicator: its definition.
    """
    own = rows[rows["is_area"].astype(bool)]
    if own["value"].isna().all():
        return ""
    row = own.iloc[0]
    return f"That is {phrases_of_rank.place(rows, row, indicator)}. {phrases_of_rank.chance(row)}"


def choice(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say whether it matters which list of neighbours, and which average of them, an area is held against.

    Args:
        rows: the area's row once for each choice: ``benchmark_model``, ``benchmark_by``, ``benchmark_value``,
            ``benchmark_members``, ``benchmark_with_data``, ``direction`` and, where the area has an interval,
            ``position``.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]):
        return phrases.gap(row, indicator)
    known = rows[rows["benchmark_value"].notna()]
    lead = f"{phrases.states(row, indicator)}.{phrases.older(row)}"
    if known.empty:
        return [f"{lead} No figure of neighbours is held to compare it with.",
                *phrases_of_choice.members(rows), *_no_interval(row, indicator)]  # fmt: skip
    return [
        f"{lead} {phrases_of_choice.verdict(rows, indicator)}",
        *phrases_of_choice.chance(known),
        *phrases_of_choice.members(rows),
        *phrases.polarity(indicator),
        *_no_interval(row, indicator),
    ]


def choice_in_brief(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Say the same as :func:`choice` after the figure itself has been named; blank where nothing is held.

    Args:
        rows: as for :func:`choice`.
        indicator: its definition.
    """
    known = rows[rows["benchmark_value"].notna()]
    if is_missing(rows.iloc[0]["value"]) or known.empty:
        return ""
    return phrases_of_choice.verdict(rows, indicator)


def _no_interval(row: pd.Series, indicator: Indicator) -> list[str]:
    """Why there is no interval, where there is none; what else is said of an interval stands where the figure itself is shown."""
    return [] if interval_of(row, indicator) else phrases.uncertainty(row, indicator)
