"""What rows say in words, one function for each kind of exhibit. A sentence never says more than its rows.

Each returns sentences; the first is the one that answers the question. Citations stand in the text as marks
(see ``formatting.cite``). Nothing is computed here: each number and each direction is a cell of the rows.
What is said of many areas and of two sources has modules of its own; every kind can be reached from here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.present import phrases, phrases_of_change, phrases_of_groups
from analysis.present.formatting import (
    capital,
    cite,
    interval_of,
    is_missing,
    level_words,
    listed,
    number,
    quantity,
    value_of,
    when,
)
from analysis.present.narrative_of_many import choice, choice_in_brief, funnel, rank, rank_in_brief
from analysis.present.narrative_of_sources import beside, revision

__all__ = [
    "beside",
    "change",
    "change_in_brief",
    "choice",
    "choice_in_brief",
    "comparison",
    "composition",
    "funnel",
    "level",
    "overview",
    "population",
    "process",
    "profile",
    "rank",
    "rank_in_brief",
    "recount",
    "representation",
    "revision",
    "sensitivity",
    "trend",
]


def level(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say how high a figure is, how sure that is, and what else the sources print.

    Args:
        rows: one row of the area.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]):
        return phrases.gap(row, indicator)
    return [
        phrases.states(row, indicator) + "." + phrases.older(row),
        *phrases.worked_out(row),
        *phrases.uncertainty(row, indicator),
        *phrases.also_printed(row, indicator),
    ]


def comparison(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say how a figure compares with those of others.

    Args:
        rows: the area's row beside each comparator: ``benchmark_*``, ``direction`` and, where the area has an
            interval, ``position``.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]):
        return phrases.gap(row, indicator)
    known = rows[rows["benchmark_name"] != ""]
    lead = phrases.states(row, indicator)
    if known.empty:
        return [f"{lead}.{phrases.older(row)}", *phrases.worked_out(row), "No figure of others is held to compare it with.",
                *phrases.uncertainty(row, indicator), *phrases.also_printed(row, indicator)]  # fmt: skip
    against = [phrases.against(other, indicator) for _, other in known.iterrows()]
    return [f"{lead}, {'; '.join(against)}.{phrases.older(row)}", *phrases.worked_out(row), *phrases.chance_unknown(row), *phrases.polarity(indicator),
            *phrases.uncertainty(row, indicator), *phrases.also_printed(row, indicator)]  # fmt: skip


def change(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say what changed on the year before, and whether chance alone could have done it.

    Args:
        rows: one row with ``other_*`` (the year before), ``value_difference``, ``direction`` and, where a test was
            possible, ``ratio`` with its interval and ``assumption``.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]):
        return [phrases.missing(row, indicator)]
    if is_missing(row["other_value"]):
        return [
            f"{phrases.states(row, indicator)}. {phrases_of_change.nothing_before(row)}, so no change can be given."
        ]
    return [
        f"{phrases.states(row, indicator)}, {phrases_of_change.changed(row, indicator)}{phrases_of_change.chance_of_change(row)}.",
        *phrases_of_change.claimed(row),
        *phrases.definition_changed(indicator, row["other_period"], row["period"]),
        *phrases_of_change.test_of_change(row, indicator),
        *phrases.polarity(indicator),
    ]


def change_in_brief(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Say the same as :func:`change` after the figure itself has been named; blank where nothing is held.

    Args:
        rows: as for :func:`change`.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]) or is_missing(row["other_value"]):
        return ""
    return f"That is {phrases_of_change.changed(row, indicator)}{phrases_of_change.chance_of_change(row)}."


def trend(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say where a line of figures began and ended, and where it was highest and lowest.

    Args:
        rows: the figures of the area and its comparators in time order, with ``series``.
        indicator: its definition.
    """
    own = rows[(rows["value_type"] == "observed") & rows["value"].notna()]
    if own.empty:
        asked = rows[rows["value_type"] == "observed"]
        return [phrases.missing((rows if asked.empty else asked).iloc[0], indicator)]
    first, last = own.iloc[0], own.iloc[-1]
    if len(own) == 1:
        return [
            f"{phrases.states(first, indicator)}. It is the only figure held, so nothing can be said of change over time."
        ]
    by_value = own.sort_values("value", kind="stable")
    low, high = by_value.iloc[0], by_value.iloc[-1]
    extremes = f"The highest figure held is {phrases.at(high, indicator)}; the lowest is {phrases.at(low, indicator)}."
    return [
        f"{capital(indicator.noun)} in {last['area_name']}: {phrases.at(first, indicator)} and {phrases.at(last, indicator)}.",
        *([extremes] if len(own) > 2 else []),
        *phrases_of_change.years_without(rows, indicator),
        *phrases.definition_changed(indicator, first["period"], last["period"]),
        phrases_of_change.trend_verdict(last),
    ]


def composition(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say which groups are the largest.

    Args:
        rows: one period, one row a group; ``value``, or ``numerator`` and ``denominator``.
        indicator: its definition.
    """
    there = rows[rows["value"].notna()]
    if there.empty:
        return phrases.gap(rows.iloc[0], indicator)
    row = there.iloc[0]
    where = f"In {row['area_name']}, {when(row['period'], indicator)}"
    hidden = phrases_of_groups.without_figure(rows, indicator)
    some = there[there["value"] > 0]
    if some.empty:
        return [
            f"{where}, the groups that have a figure ({indicator.noun}) are all nought{cite(';'.join(there['cites']))}.",
            *hidden,
        ]
    largest = some.sort_values("value", ascending=False, kind="stable").head(3)
    parts = [
        f"{item['breakdown']} ({phrases_of_groups.of_how_many(item, indicator)}){cite(item['cites'])}"
        for _, item in largest.iterrows()
    ]
    which = "of the groups that have a figure the largest" if hidden else "the largest groups"
    verb = "was" if len(parts) == 1 else "were"
    return [f"{where}, {which} ({indicator.noun}) {verb} {listed(parts)}.", *hidden]


def profile(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say which groups' shares changed most from the first period to the last.

    Args:
        rows: one row a group and period, with ``value``; on the last period's rows ``value_difference`` from the first.
        indicator: its definition.
    """
    there = rows[rows["value"].notna()]
    if there.empty:
        return phrases.gap(rows.iloc[0], indicator)
    moved = there[there["value_difference"].notna()]
    if moved.empty:
        return [
            f"Only one period is held for {there['area_name'].iloc[0]}, so nothing can be said of change over time."
        ]
    row = moved.iloc[0]
    changed = moved[moved["value_difference"] != 0]
    if changed.empty:
        return [
            f"In {row['area_name']}, {row['other_period']} and {row['period']} have the same {indicator.noun} in every group, as printed."
        ]
    order = changed["value_difference"].abs().sort_values(ascending=False, kind="stable").index
    parts = [phrases_of_groups.moved(item, indicator) for _, item in changed.loc[order].head(3).iterrows()]
    return [
        f"In {row['area_name']}, from {row['other_period']} to {row['period']}, the {indicator.noun} changed most for "
        f"{listed(parts)}.",
        "Many of the same children are counted in several years, so no test of these changes is made.",
    ]


def representation(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say which groups have a larger or smaller share of one number of people than of another.

    Args:
        rows: one row a group with ``value`` (share of users, %), ``other_value`` (share of the others, %),
            ``representation_ratio``, ``lower_ci``, ``upper_ci``, ``position`` and ``users_total``; ``of_whom`` and
            ``against_whom`` name the two (users of advocacy and children in care where they are not there).
        indicator: its definition.
    """
    there = rows[rows["value"].notna() & rows["other_value"].notna()]
    if there.empty:
        first = rows.iloc[0]
        if rows["value"].isna().all():
            return phrases.gap(first, indicator)
        return [
            f"No shares of {phrases_of_groups.against_whom(first)} of these groups are held, so nothing can be held against them."
        ]
    row = there.iloc[0]
    apart = there[there["position"].isin(["higher", "lower"])]
    return [
        f"In {row['area_name']}, {when(row['period'], indicator)}, {value_of(row, indicator)} of {phrases_of_groups.of_whom(row)} were "
        f"{phrases_of_groups.group(row)}{cite(row['figure'])}, against {phrases_of_groups.others(row, indicator)}. {phrases_of_groups.beyond_chance(apart, there)}",
        *[f"{phrases_of_groups.two_shares(row, indicator)}." for _, row in there.iterrows()],
        *phrases_of_groups.without_figure(rows, indicator),
    ]


def process(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say whether a monthly or quarterly series moves as it always does, or whether some points signal a change.

    Args:
        rows: the points in time order with ``process_mean``, limits, ``cause``, ``signal`` and ``limits_note``.
        indicator: its definition.
    """
    there = rows[rows["value"].notna()]
    if len(there) < 2:
        return [f"{len(there)} points are too few to tell usual variation from a change."]
    last = there.iloc[-1]
    limits = (
        f"{quantity(last['lower_process_limit'], indicator, indicator.decimals)} to "
        f"{quantity(last['upper_process_limit'], indicator, indicator.decimals)}"
    )
    marked = there[there["cause"].notna() & (there["cause"] != "common cause")]
    lead = f"{capital(indicator.noun)} in {last['area_name']}: {phrases.at(last, indicator)}, where {limits} is usual variation."
    trial = "With few points the limits are trial ones." if isinstance(last["limits_note"], str) else ""
    if marked.empty:
        return [
            lead,
            f"No rule marks any of the {len(there)} points: all is usual variation.",
            *([trial] if trial else []),
        ]
    runs = (there["cause"] != there["cause"].shift()).cumsum()
    parts = [phrases_of_groups.marked(run, indicator) for _, run in there[there.index.isin(marked.index)].groupby(runs)]
    return [lead, f"The rules mark {listed(parts)}.", *([trial] if trial else []), *phrases.polarity(indicator)]


def sensitivity(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say what a percentage of an unknown number can and cannot tell.

    Args:
        rows: one row a supposed base with ``value``, ``denominator``, ``lower_ci``, ``upper_ci``; and
            ``needed`` with ``needed_for``: the base from which the value is told apart from another one.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if not is_missing(row.get("known_denominator")):
        return [
            f"The number behind the percentage is known: {number(row['known_numerator'])} of "
            f"{number(row['known_denominator'])}. Nothing has to be supposed."
        ]
    if is_missing(row["value"]):
        return phrases.gap(row, indicator)
    value = value_of(row, indicator)
    told = [
        f"{value_of(other, indicator, prefix='benchmark_')} ({phrases.aside(other)}) from a base of "
        f"{number(other['needed'])}"
        for _, other in rows.drop_duplicates("benchmark_name").iterrows()
        if not is_missing(other["needed"])
    ]
    smallest, largest = rows.iloc[0], rows.iloc[-1]
    sentences = [
        f"The report prints {value}{cite(row['figure'])} but not the number that it is a percentage of.",
        f"Of {number(smallest['denominator'])} it would stand for anything from {interval_of(smallest, indicator)} "
        f"({level_words(smallest['confidence'])} interval), of {number(largest['denominator'])} "
        f"for {interval_of(largest, indicator)}.",
    ]
    if told:
        sentences.append(f"{value} can be told from {listed(told)} upwards.")
    return [
        *sentences,
        *[
            f"Of {number(largest['denominator'])}: {text[:1].lower()}{text[1:]}"
            for text in phrases.clustered(largest, indicator)
        ],
    ]


def overview(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say several figures together, each beside the year before and the neighbours.

    Args:
        rows: one row an indicator, with ``other_*`` (the year before) and ``benchmark_*``.
        indicators: their definitions by id.
    """
    held = [row for _, row in rows.iterrows() if not is_missing(row["value"])]
    if not held:
        row = rows.iloc[0]
        return [f"The documents held here give none of these figures for {row['area_name']} in {row['asked']}."]
    return [phrases_of_groups.one_of_several(row, indicators[row["indicator"]]) for row in held]


def population(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say how many children live in the area, as count and rate imply.

    Args:
        rows: rows with ``denominator``, ``denominator_lower`` and ``denominator_upper``.
        indicators: the definitions of the rates by id.
    """
    there = rows[rows["denominator"].notna()]
    if there.empty:
        row = rows.iloc[0]
        return [f"No count stands beside a rate of {row['area_name']}, so its number of children cannot be worked out."]
    row = there.iloc[0]
    return [
        f"About {number(row['denominator'])} children aged 0 to 17 lived in {row['area_name']}, as "
        f"{number(row['numerator'])} children at a rate of {value_of(row, indicators[row['indicator']])} per 10,000 imply "
        f"{when(row['period'], indicators[row['indicator']])}{cite(row['cites'])}.",
        f"The rounding of the rate leaves anything from {number(row['denominator_lower'])} to "
        f"{number(row['denominator_upper'])}.",
    ]


def recount(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say what printed percentages are when counted again from the numbers printed beside them.

    Args:
        rows: one row a percentage with ``numerator``, ``denominator``, ``printed``, ``recounted``, ``agrees``.
        indicators: definitions by id.
    """
    there = rows[rows["recounted"].notna()]
    if there.empty:
        return phrases.gap(rows.iloc[0], indicators[rows["indicator"].iloc[0]])
    return [phrases_of_groups.counted_again(row, indicators[row["indicator"]]) for _, row in there.iterrows()]
