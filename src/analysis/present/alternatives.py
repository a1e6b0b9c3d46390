"""What a chart shows, in words, for those who cannot see it: made from the same rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present import phrases, phrases_of_choice, phrases_of_rank
from analysis.present.formatting import capital, interval_of, is_missing, number, value_of
from analysis.present.phrases_of_groups import against_whom, of_whom

#: A line with more points than this is described by its ends, its lowest and its highest point; the table has them all.
MOST_POINTS = 6


def comparison(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.comparison`."""
    row = rows.iloc[0]
    interval = interval_of(row, indicator)
    own = f"{row['area_name']} {value_of(row, indicator)}" + (f", interval {interval}" if interval else "")
    others = [
        f"{phrases.named(item, with_data=True)} {value_of(item, indicator, prefix='benchmark_')}"
        for _, item in rows.iterrows()
        if item["benchmark_name"]
    ]
    return f"Dot chart of the {indicator.noun}. {'; '.join([own, *others])}."


def trend(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.trend`: a short line point by point, a long one by its ends and extremes."""
    lines = []
    for name, line in rows[rows["value"].notna()].groupby("series", sort=False):
        if len(line) > MOST_POINTS:
            ordered = line.sort_values("value", kind="stable")
            first, last, low, high = (_at(row, indicator) for row in (
                line.iloc[0], line.iloc[-1], ordered.iloc[0], ordered.iloc[-1]))  # fmt: skip
            points = f"from {first} to {last}, lowest {low}, highest {high}"
        else:
            points = ", ".join(_at(row, indicator) for _, row in line.iterrows())
        lines.append(f"{capital(str(name))}: {points}.")
    return f"Line chart of the {indicator.noun} over time. {' '.join(lines)}"


def composition(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.composition`."""
    there = rows[rows["value"].notna()]
    bars = [f"{row['breakdown']} {value_of(row, indicator)}" for _, row in there.iterrows()]
    return f"Bar chart: {indicator.name}. {'; '.join(bars)}."


def profile(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.profile`."""
    periods = list(dict.fromkeys(rows["period"]))
    groups = []
    for group, own in rows.groupby("breakdown", sort=False):
        ends = own[own["period"].isin([periods[0], periods[-1]])]
        groups.append(f"{group} {' to '.join(value_of(row, indicator) for _, row in ends.iterrows())}")
    span = f"{parse_period(periods[0]).short} to {parse_period(periods[-1]).short}"
    return f"Chart of {indicator.name.lower()} from {span}. {'; '.join(groups)}."


def representation(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.representation`."""
    there = rows[rows["value"].notna() & rows["other_value"].notna()]
    pairs = [
        f"{row['breakdown']} {value_of(row, indicator)} of {of_whom(row)} and "
        f"{value_of(row, indicator, prefix='other_')} of {against_whom(row)}"
        for _, row in there.iterrows()
    ]
    return f"Dot chart of two shares for each group. {'; '.join(pairs)}."


def sensitivity(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.sensitivity`."""
    bases = rows.drop_duplicates("denominator")
    points = [f"{number(row['denominator'])}: {interval_of(row, indicator)}" for _, row in bases.iterrows()]
    return (
        f"Chart of the interval around {value_of(rows.iloc[0], indicator)} narrowing as the supposed number behind it "
        f"grows. {'; '.join(points)}."
    )


def overview(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    """Describe the chart of :func:`charts.overview`."""
    lines = []
    for _, row in rows[rows["value"].notna()].iterrows():
        indicator = indicators[row["indicator"]]
        parts = [f"{indicator.name} {value_of(row, indicator)}"]
        if not is_missing(row["other_value"]):
            parts.append(f"year before {value_of(row, indicator, prefix='other_')}")
        if not is_missing(row["benchmark_value"]):
            parts.append(f"{phrases.named(row)} {value_of(row, indicator, prefix='benchmark_')}")
        lines.append(", ".join(parts))
    return f"Dot chart of several figures. {'; '.join(lines)}."


def funnel(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.funnel`."""
    there = rows[rows["value"].notna()]
    own = there[there["is_area"] & there["funnel_position"].notna()]
    places = there["funnel_position"].value_counts(sort=False)
    counted = ", ".join(f"{number(count)} {position}" for position, count in places.items())
    named = f" {own['area_name'].iloc[0]} is {own['funnel_position'].iloc[0]}." if not own.empty else ""
    return f"Funnel plot of the {indicator.noun} by size of area. Of {number(places.sum())} areas: {counted}.{named}"


def rank(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.rank`."""
    there = phrases_of_rank.in_order(rows)
    first, last = there.iloc[0], there.iloc[-1]
    own = there[there["is_area"]].iloc[0]
    interval = interval_of(own, indicator)
    beside = f", interval {interval}," if interval else ""
    return (
        f"Chart of {number(len(there))} authorities in order of the {indicator.noun}, each with its interval where there is one, "
        f"from {first['area_name']} {value_of(first, indicator)} to {last['area_name']} {value_of(last, indicator)}. "
        f"{own['area_name']} {value_of(own, indicator)}{beside} is {phrases_of_rank.place(rows, own, indicator)}."
    )


def choice(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.choice`."""
    row = rows.iloc[0]
    choices = [
        f"{phrases_of_choice.name_of(item)} {value_of(item, indicator, prefix='benchmark_')}"
        for _, item in rows[rows["benchmark_value"].notna()].iterrows()
    ]
    return (
        f"Dot chart of the {indicator.noun} of neighbours by each choice, with {row['area_name']} "
        f"{value_of(row, indicator)} as a line. {'; '.join(choices)}."
    )


def process(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.process`."""
    points = [
        f"{parse_period(row['period']).short} {value_of(row, indicator)}"
        + ("" if is_missing(row["cause"]) or row["cause"] == "common cause" else f" ({row['cause']})")
        for _, row in rows[rows["value"].notna()].iterrows()
    ]
    return f"Process chart of the {indicator.noun}. {', '.join(points)}."


def _at(row: pd.Series, indicator: Indicator) -> str:
    return f"{parse_period(row['period']).short} {value_of(row, indicator)}"
