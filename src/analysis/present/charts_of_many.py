"""Charts of an area among many, and of one area against many choices."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from analysis.indicators.definitions import Indicator
from analysis.present import phrases_of_choice, phrases_of_rank
from analysis.present.drawing import (
    CLEAR,
    DARK_BLUE,
    FAINT,
    GREY,
    INK,
    LINES,
    TURQUOISE,
    canvas,
    horizontal,
    key,
    label,
    thousands,
    unit,
)
from analysis.present.formatting import capital, interval_of, is_missing, value_of

#: An interval that reaches further than this many times the highest value is cut, so that the others can be read.
LONGEST = 1.3
#: The limits of a funnel: columns and line.
_LIMITS = (
    ("funnel_lower_998", "funnel_upper_998", "-"),
    ("funnel_lower_95", "funnel_upper_95", "--"),
)


def funnel(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw each area by its size, the pooled value, and the limits within which chance would leave most areas."""
    there = rows[rows["value"].notna() & rows["denominator"].notna()].sort_values("denominator", kind="stable")
    if there.empty:
        return None
    with canvas(4.0) as (figure, axes):
        for lower, upper, style in _LIMITS:
            for limit in (lower, upper):
                axes.plot(there["denominator"], there[limit], linestyle=style, color=GREY, linewidth=1.2)
        axes.axhline(float(there["baseline"].iloc[0]), color=INK, linewidth=1)
        others, own = there[~there["is_area"]], there[there["is_area"]]
        axes.plot(others["denominator"], others["value"], "o", color=TURQUOISE, alpha=0.7, markersize=4)
        right = float(there["denominator"].max()) * 1.08
        axes.set_xlim(0, right)
        low, high = axes.get_ylim()
        top = high + 0.1 * (high - low)
        axes.set_ylim(low, top)
        for _, row in own.iterrows():
            axes.plot(row["denominator"], row["value"], "D", color=DARK_BLUE, markersize=9, zorder=5)
            ends = (row["value"], top - 0.04 * (top - low))
            _name_above(axes, row, indicator, at=row["denominator"], ends=ends, side=_side(row["denominator"], right))
        axes.set_xlabel(f"size: {indicator.denominator}")
        thousands(axes.xaxis)
        axes.set_ylabel(unit(indicator))
        allowing = " Both allow for usual differences." if phrases_of_rank.allows_for_differences(rows) else ""
        line = phrases_of_rank.common_value(rows)
        key(figure, f"Dashed: 95% limits. Solid: 99.8% limits.{allowing} Line: {line}.")
    return figure


def rank(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw all areas in the order of their rank, each with its interval, the area asked about marked and named."""
    there = phrases_of_rank.in_order(rows)
    own = there[there["is_area"]]
    if len(there) < 2 or own.empty:
        return None
    with canvas(3.8) as (figure, axes):
        top = _top(there, own)
        others = there[~there["is_area"]]
        wide = len(there) < 60
        _intervals(axes, others, colour=GREY, width=2.0 if wide else 1.0)
        axes.plot(others["_place"], others["value"], "o", color=GREY, markersize=4 if wide else 2)
        _intervals(axes, own, colour=DARK_BLUE, width=2.5)
        axes.plot(own["_place"], own["value"], "D", color=DARK_BLUE, markersize=7, zorder=5)
        axes.set_ylim(0, top)
        room = 1 + len(there) / 75
        axes.set_xlim(1 - room, len(there) + room)
        first = own.iloc[0]
        ends = (first["value"] if is_missing(first["upper_ci"]) else first["upper_ci"], top * 0.96)
        _name_above(axes, first, indicator, at=first["_place"], ends=ends, side=_side(first["_place"], len(there)))
        ticks = [1, *range(25, len(there) + 1, 25)] if not wide else range(1, len(there) + 1, max(1, len(there) // 8))
        axes.xaxis.set_major_locator(FixedLocator([float(tick) for tick in ticks]))
        axes.set_xlabel(f"authorities, from the {phrases_of_rank.first_end(indicator)} to the "
                        f"{phrases_of_rank.last_end(indicator)}")  # fmt: skip
        axes.set_ylabel(unit(indicator))
        axes.yaxis.grid(True, color=FAINT)
        axes.set_axisbelow(True)
        key(figure, _what_marks_mean(there, top))
    return figure


def choice(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw what the neighbours give under each choice, with the area's own value as a line."""
    row = rows.iloc[0]
    known = rows[rows["benchmark_value"].notna()]
    if is_missing(row["value"]) or known.empty:
        return None
    with canvas(1.2 + 0.36 * len(known)) as (figure, axes):
        interval = interval_of(row, indicator)
        if interval:
            axes.axvspan(row["lower_ci"], row["upper_ci"], color=DARK_BLUE, alpha=0.12, linewidth=0)
        axes.axvline(row["value"], color=DARK_BLUE, linewidth=2)
        models = list(dict.fromkeys(known["benchmark_model"]))
        for place, (_, item) in enumerate(known.iterrows()):
            colour, marker, _ = LINES[1 + models.index(item["benchmark_model"]) % (len(LINES) - 1)]
            axes.plot(item["benchmark_value"], place, marker, color=colour, markersize=8, zorder=5)
            side = "left" if item["benchmark_value"] < row["value"] else "right"
            label(
                axes, item["benchmark_value"], place, value_of(item, indicator, prefix="benchmark_"), colour, side=side
            )
        horizontal(
            axes, [capital(phrases_of_choice.name_of(item)) for _, item in known.iterrows()], indicator, room=0.2
        )
        band = f" Band: its interval, {interval}." if interval else ""
        key(figure, f"Line: {row['area_name']}, {value_of(row, indicator)}.{band}")
    return figure


def _top(there: pd.DataFrame, own: pd.DataFrame) -> float:
    """How far the axis reaches: no single wide interval may press all others flat, except that of the area itself."""
    highest, own_upper = float(there["value"].max()), own["upper_ci"].max()
    longest = max(float(there["upper_ci"].fillna(0).max()), highest)
    needed = max(highest * LONGEST, 0.0 if is_missing(own_upper) else float(own_upper))
    return (min(longest, needed) or 1.0) * 1.12


def _intervals(axes: Axes, rows: pd.DataFrame, *, colour: str, width: float) -> None:
    known = rows[rows["lower_ci"].notna() & rows["upper_ci"].notna()]
    axes.vlines(known["_place"], known["lower_ci"], known["upper_ci"], color=colour, linewidth=width, alpha=0.75)


def _side(at: float, right: float) -> str:
    """The side of a mark on which its name has room."""
    return "left" if at > 0.5 * right else "right"


def _name_above(
    axes: Axes, row: pd.Series, indicator: Indicator, *, at: float, ends: tuple[float, float], side: str
) -> None:
    """The area's name above all marks, with a thin line down to its own."""
    axes.plot([at, at], ends, color=DARK_BLUE, linewidth=0.8, linestyle=":")
    axes.annotate(
        f"{row['area_name']} {value_of(row, indicator)}",
        (at, ends[1]),
        xytext=(4 if side == "right" else -4, 0),
        textcoords="offset points",
        ha="left" if side == "right" else "right",
        va="center",
        color=DARK_BLUE,
        fontweight="bold",
        bbox=CLEAR,
        zorder=6,
    )


def _what_marks_mean(there: pd.DataFrame, top: float) -> str:
    words = "Dot: the figure. Bar: its interval." if there["upper_ci"].notna().any() else "Dot: the figure."
    return words + (" A bar that runs off the top is cut." if bool((there["upper_ci"] > top).any()) else "")
