"""What a chart shows, in words, for those who cannot see it: made from the same rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present.formatting import capital, interval_of, is_missing, number, value_of


def comparison(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.comparison`."""
    row = rows.iloc[0]
    interval = interval_of(row, indicator)
    own = f"{row['area_name']} {value_of(row, indicator)}" + (f", interval {interval}" if interval else "")
    others = [
        f"{item['benchmark_name']} {value_of(item, indicator, prefix='benchmark_')}"
        for _, item in rows.iterrows()
        if item["benchmark_name"]
    ]
    return f"Dot chart of the {indicator.noun}. {'; '.join([own, *others])}."


def trend(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.trend`."""
    lines = []
    for name, line in rows[rows["value"].notna()].groupby("series", sort=False):
        points = [f"{parse_period(row['period']).short} {value_of(row, indicator)}" for _, row in line.iterrows()]
        lines.append(f"{capital(str(name))}: {', '.join(points)}.")
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
        f"{row['breakdown']} {value_of(row, indicator)} of those who used advocacy and "
        f"{value_of(row, indicator, prefix='other_')} of children in care"
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
            parts.append(f"statistical neighbours {value_of(row, indicator, prefix='benchmark_')}")
        lines.append(", ".join(parts))
    return f"Dot chart of several figures. {'; '.join(lines)}."


def funnel(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.funnel`."""
    there = rows[rows["value"].notna()]
    own = there[there["is_area"]]
    places = there["funnel_position"].value_counts(sort=False)
    counted = ", ".join(f"{number(count)} {position}" for position, count in places.items())
    named = f" {own['area_name'].iloc[0]} is {own['funnel_position'].iloc[0]}." if not own.empty else ""
    return f"Funnel plot of the {indicator.noun} by size of area. Of {number(len(there))} areas: {counted}.{named}"


def process(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Describe the chart of :func:`charts.process`."""
    points = [
        f"{parse_period(row['period']).short} {value_of(row, indicator)}"
        + ("" if row["cause"] in ("common cause", None) else f" ({row['cause']})")
        for _, row in rows[rows["value"].notna()].iterrows()
    ]
    return f"Process chart of the {indicator.noun}. {', '.join(points)}."
