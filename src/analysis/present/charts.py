"""The same rows as a picture: one function for each kind of exhibit. Labels stand on the marks, not in a legend.

Charts over time and charts of many areas have modules of their own; every kind can be reached from here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from analysis.indicators.definitions import Indicator
from analysis.present import phrases, phrases_of_groups
from analysis.present.charts_of_many import choice, funnel, rank
from analysis.present.charts_over_time import process, trend
from analysis.present.drawing import (
    DARK_BLUE,
    FAINT,
    GREY,
    INK,
    LINES,
    ORANGE,
    RIGHT_CHARACTERS,
    Label,
    canvas,
    dot,
    horizontal,
    key,
    label,
    line_ends,
    panels,
    row_height,
    short,
    span,
    unit,
    wrapped,
)
from analysis.present.formatting import capital, is_missing, number, value_of

__all__ = [
    "choice",
    "comparison",
    "composition",
    "funnel",
    "overview",
    "process",
    "profile",
    "rank",
    "representation",
    "sensitivity",
    "trend",
]


def comparison(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw the area with its interval, and the comparators below it."""
    if is_missing(rows.iloc[0]["value"]):
        return None
    others = rows[rows["benchmark_name"] != ""]
    labels = [f"{rows['area_name'].iloc[0]}, {short(rows.iloc[0]['period'])}"]
    labels += [_when(capital(phrases.named(row)), row["benchmark_period"]) for _, row in others.iterrows()]
    with canvas(0.9 + 0.5 * len(labels)) as (figure, axes):
        dot(axes, 0, rows.iloc[0], indicator)
        for place, (_, row) in enumerate(others.iterrows(), start=1):
            colour, marker, _ = LINES[place % len(LINES)]
            if not is_missing(row["benchmark_value"]):
                axes.plot(row["benchmark_value"], place, marker, color=colour, markersize=8)
            at = 0.0 if is_missing(row["benchmark_value"]) else row["benchmark_value"]
            label(axes, at, place, value_of(row, indicator, prefix="benchmark_"), colour)
        horizontal(axes, labels, indicator)
    return figure


def composition(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw a bar for each group, labelled at its end."""
    there = rows[rows["value"].notna()]
    if there.empty:
        return None
    with canvas(0.8 + row_height(list(there["breakdown"]), 0.36) * len(there)) as (figure, axes):
        axes.barh(range(len(there)), there["value"], color=DARK_BLUE, height=0.65)
        for place, (_, row) in enumerate(there.iterrows()):
            axes.annotate(
                value_of(row, indicator),
                (row["value"], place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
            )
        axes.set_xlim(0, float(there["value"].max()) or 1)
        horizontal(axes, list(there["breakdown"]), indicator, room=0.15)
    return figure


def profile(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw, for each group, its share at the first and at the last period, joined by a line."""
    periods = list(dict.fromkeys(rows.loc[rows["value"].notna(), "period"]))
    if len(periods) < 2:
        return None
    first, last = periods[0], periods[-1]
    groups = list(dict.fromkeys(rows["breakdown"]))
    with canvas(1.1 + 0.45 * len(groups)) as (figure, axes):
        for place, group in enumerate(groups):
            own = rows[rows["breakdown"] == group].set_index("period")
            if first not in own.index or last not in own.index:
                continue
            start, end = own.loc[first], own.loc[last]
            if is_missing(start["value"]) or is_missing(end["value"]):
                continue
            axes.plot([start["value"], end["value"]], [place, place], color=GREY, linewidth=1.5, zorder=1)
            axes.plot(start["value"], place, "o", markerfacecolor="white", color=DARK_BLUE, markersize=8)
            axes.plot(end["value"], place, "o", color=DARK_BLUE, markersize=8)
            right = max(start["value"], end["value"])
            axes.annotate(f"{value_of(start, indicator)} to {value_of(end, indicator)}", (right, place),
                          xytext=(9, 0), textcoords="offset points", va="center")  # fmt: skip
        axes.set_xlim(0, float(rows["value"].max()))
        horizontal(axes, groups, indicator)
        key(figure, f"Hollow: {short(first)}. Filled: {short(last)}.")
    return figure


def representation(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw, for each group, its two shares, and beside them their ratio with its interval on a log scale, 1 marked."""
    there = rows[rows["value"].notna() & rows["other_value"].notna()]
    if there.empty:
        return None
    with panels(1.3 + 0.5 * len(there), widths=(1.2, 1)) as (figure, (axes, ratios)):
        for place, (_, row) in enumerate(there.iterrows()):
            _share_pair(axes, place, row, indicator)
            _ratio(ratios, place, row)
        axes.set_xlim(0, max(100.0, float(there["value"].max())))
        horizontal(axes, list(there["breakdown"]), indicator, room=0.3)
        _log_axis(ratios, there)
        ratios.set_ylim(axes.get_ylim())
        first = there.iloc[0]
        whom = f"{phrases_of_groups.of_whom(first)}; square, share of {phrases_of_groups.against_whom(first)}"
        key(figure, f"Left: dot, share of {whom}. Right: their ratio with its interval.")
    return figure


def sensitivity(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw how the interval narrows as the supposed base grows, with the figures to be told apart."""
    if is_missing(rows.iloc[0]["value"]):
        return None
    bases = rows.drop_duplicates("denominator")
    with canvas(3.2) as (figure, axes):
        axes.fill_between(
            bases["denominator"],
            bases["lower_ci"],
            bases["upper_ci"],
            color=DARK_BLUE,
            alpha=0.18,
            linewidth=0,
        )
        axes.plot(bases["denominator"], bases["value"], color=DARK_BLUE, linewidth=2)
        right = float(bases["denominator"].max())
        ends: list[Label] = [
            (float(bases["value"].iloc[0]), right, f"printed {value_of(rows.iloc[0], indicator)}", DARK_BLUE)
        ]
        for place, (_, row) in enumerate(rows.drop_duplicates("benchmark_name").iterrows(), start=1):
            if is_missing(row["benchmark_value"]):
                continue
            colour, _, style = LINES[place % len(LINES)]
            level = [row["benchmark_value"]] * 2
            axes.plot([bases["denominator"].min(), right], level, color=colour, linestyle=style, linewidth=1.5)
            text = f"{phrases.named(row)} {value_of(row, indicator, prefix='benchmark_')}"
            ends.append((float(row["benchmark_value"]), right, wrapped(text, RIGHT_CHARACTERS), colour))
        low, high = span(pd.concat([bases["lower_ci"], bases["upper_ci"]]))
        axes.set_ylim(low, high)
        axes.set_xlim(float(bases["denominator"].min()), right * 1.36)
        ticks = list(bases["denominator"])[1:]
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_major_formatter(FixedFormatter([number(tick) for tick in ticks]))
        axes.set_xlabel("supposed number behind the percentage")
        axes.set_ylabel(unit(indicator))
        axes.yaxis.grid(True, color=FAINT)
        line_ends(figure, axes, ends, size=9)
    return figure


def overview(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Figure | None:
    """Draw one line an indicator: the area (dot), the year before (ring), the neighbours (square)."""
    there = rows[rows["value"].notna()]
    if there.empty:
        return None
    with canvas(1.2 + 0.55 * len(there)) as (figure, axes):
        for place, (_, row) in enumerate(there.iterrows()):
            known = [row[name] for name in ("value", "other_value", "benchmark_value") if not is_missing(row[name])]
            axes.plot([min(known), max(known)], [place, place], color=GREY, linewidth=1, zorder=1)
            if not is_missing(row["other_value"]):
                axes.plot(row["other_value"], place, "o", color=DARK_BLUE, markerfacecolor="white", markersize=9)
            if not is_missing(row["benchmark_value"]):
                axes.plot(row["benchmark_value"], place, "s", color=ORANGE, markersize=7)
            axes.plot(row["value"], place, "o", color=DARK_BLUE, markersize=7)
            label(axes, max(known), place, value_of(row, indicators[row["indicator"]]), DARK_BLUE)
        axes.set_xlim(0, 100)
        horizontal(
            axes,
            [indicators[name].name for name in there["indicator"]],
            indicators[there["indicator"].iloc[0]],
        )
        axes.xaxis.set_major_locator(FixedLocator(range(0, 101, 20)))
        key(figure, f"Dot: this year, as labelled. Ring: the year before. Square: {phrases.compared_with(there)}.")
    return figure


def _when(name: str, period: str) -> str:
    return ", ".join(text for text in (name, short(period)) if text)


def _share_pair(axes: Axes, place: int, row: pd.Series, indicator: Indicator) -> None:
    if not is_missing(row["share_lower_ci"]):
        axes.plot([row["share_lower_ci"], row["share_upper_ci"]], [place, place], color=DARK_BLUE, linewidth=2)
    axes.plot(row["value"], place, "o", color=DARK_BLUE, markersize=8)
    axes.plot(row["other_value"], place, "s", color=ORANGE, markersize=8, markerfacecolor="white", markeredgewidth=2)
    right = max(row["value"], row["other_value"], 0 if is_missing(row["share_upper_ci"]) else row["share_upper_ci"])
    words = f"{value_of(row, indicator)}, {value_of(row, indicator, prefix='other_')}"
    axes.annotate(words, (right, place), xytext=(7, 0), textcoords="offset points", va="center", fontsize=9)


def _ratio(axes: Axes, place: int, row: pd.Series) -> None:
    if is_missing(row["representation_ratio"]):
        return
    if not is_missing(row["lower_ci"]):
        axes.plot([row["lower_ci"], row["upper_ci"]], [place, place], color=DARK_BLUE, linewidth=2)
    axes.plot(row["representation_ratio"], place, "o", color=DARK_BLUE, markersize=7)


_NEAR_TICKS = (0.1, 0.25, 0.5, 1, 2, 4, 8)
_FAR_TICKS = (0.01, 0.1, 0.5, 1, 2, 10)


def _log_axis(axes: Axes, rows: pd.DataFrame) -> None:
    """A scale on which half and double lie equally far from 1."""
    known = pd.concat([rows["representation_ratio"], rows["lower_ci"], rows["upper_ci"]]).dropna()
    known = known[known > 0]
    axes.set_xscale("log")
    low, high = (float(known.min()), float(known.max())) if not known.empty else (0.5, 2.0)
    axes.set_xlim(min(low * 0.8, 0.5), max(high * 1.25, 2.0))
    axes.axvline(1, color=INK, linewidth=1)
    ticks = [
        tick
        for tick in (_FAR_TICKS if high > 20 * low else _NEAR_TICKS)
        if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]
    ]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FixedFormatter([f"{tick:g}" for tick in ticks]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.tick_params(axis="y", length=0, labelleft=False)
    axes.set_xlabel("ratio (1: in proportion)")
    axes.xaxis.grid(True, color=FAINT)
