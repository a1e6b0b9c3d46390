"""Charts with time along the bottom: a line for each series, and points with their process limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.indicators.definitions import Indicator
from analysis.periods import in_time_order, parse_period
from analysis.present.drawing import (
    CLEAR,
    DARK_BLUE,
    FAINT,
    GREY,
    LINES,
    ORANGE,
    RIGHT_CHARACTERS,
    SLANTED,
    Label,
    canvas,
    day,
    key,
    line_ends,
    short,
    span,
    thousands,
    unit,
    wrapped,
)
from analysis.present.formatting import capital, is_missing, value_of

#: With more points than this only the first, the highest and the lowest are written beside the line; the last is at its end.
MOST_LABELS = 8


def trend(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw one line for the area, with its interval, and one for each comparator, named at the right end."""
    there = rows[rows["value"].notna()]
    periods = list(dict.fromkeys(there["period"]))
    if len(periods) < 2 or not (there["value_type"] == "observed").any():
        return None
    ends = _ends(rows, indicator)
    lines_of_text = sum(text.count("\n") + 1 for _, _, text, _ in ends)
    height = max(3.4, 1.6 + 0.19 * lines_of_text)
    with canvas(height) as (figure, axes):
        for place, (_, line) in enumerate(_area_first(rows)):
            _line(axes, line, place)
            if place == 0:
                _value_labels(axes, line[line["value"].notna()], there, indicator)
        own = there[there["value_type"] == "observed"]
        axes.set_ylim(*span(pd.concat([there["value"], *_limits(own)])))
        days = [day(period) for period in periods]
        room = (max(days) - min(days)) * 0.06
        axes.set_xlim(min(days) - room, max(days) + room * 6)
        shown = _labels_with_room(periods, least=0.75 * room)
        crowded = min((later - earlier for earlier, later in pairwise(map(day, shown))), default=room * 9) < 2.2 * room
        axes.set_xticks(days, minor=True)
        axes.set_xticks([day(period) for period in shown], [short(period) for period in shown],
                        **(SLANTED if crowded else {}))  # fmt: skip
        axes.set_ylabel(unit(indicator))
        thousands(axes.yaxis)
        axes.yaxis.grid(True, color=FAINT)
        if _limits(own):
            key(figure, f"Band: interval of {own['series'].iloc[0]}.")
        line_ends(figure, axes, ends, size=10 if lines_of_text < 8 else 9)
    return figure


def process(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw an XmR chart: the points in time, their mean, the process limits, and the points that signal."""
    there = rows[rows["value"].notna()]
    if len(there) < 2:
        return None
    with canvas(3.6) as (figure, axes):
        at = [day(period) for period in there["period"]]
        for column, style in (("lower_process_limit", "--"), ("process_mean", "-"), ("upper_process_limit", "--")):
            axes.plot(at, there[column], linestyle=style, color=GREY, linewidth=1.2)
        axes.plot(at, there["value"], "-o", color=DARK_BLUE, linewidth=1.5, markersize=5)
        for place, (_, row) in zip(at, there.iterrows(), strict=True):
            if not is_missing(row["cause"]) and row["cause"] != "common cause":
                axes.plot(place, row["value"], "D", color=ORANGE, markersize=9)
            if str(row["cause"]) in ("above limit", "below limit"):
                axes.annotate(value_of(row, indicator), (place, row["value"]), xytext=(0, 9),
                              textcoords="offset points", ha="center", color=ORANGE, fontweight="bold")  # fmt: skip
        shown = list(range(0, len(at), max(1, len(at) // 8)))
        axes.set_xticks(
            [at[place] for place in shown], [short(there["period"].iloc[place]) for place in shown], **SLANTED
        )
        axes.set_ylabel(unit(indicator))
        thousands(axes.yaxis)
        axes.margins(y=0.15)
        key(figure, "Line: mean. Dashed: process limits. Diamond: a point that a rule marks.")
    return figure


def _ends(rows: pd.DataFrame, indicator: Indicator) -> list[Label]:
    """The name and last value of each line, at its last point."""
    found: list[Label] = []
    for place, (name, line) in enumerate(_area_first(rows)):
        last = line[line["value"].notna()].iloc[-1]
        # The value stays on the line of the last word.
        text = wrapped(f"{capital(name)}\N{NO-BREAK SPACE}{value_of(last, indicator)}", RIGHT_CHARACTERS)
        found.append((float(last["value"]), day(last["period"]), text, LINES[place % len(LINES)][0]))
    return found


def _area_first(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The lines of a trend that have a value, the area's own before those of others."""
    lines = [(str(name), line) for name, line in rows.groupby("series", sort=False) if line["value"].notna().any()]
    return sorted(lines, key=lambda item: item[1]["value_type"].iloc[0] != "observed")


def _line(axes: Axes, line: pd.DataFrame, place: int) -> None:
    """Draw one line, interrupted where the definition changed and where a value is missing."""
    colour, marker, style = LINES[place % len(LINES)]
    own = place == 0
    for part in _parts(line):
        at = [day(period) for period in part["period"]]
        axes.plot(at, part["value"], marker=marker, linestyle=style, color=colour, linewidth=2 if own else 1.5,
                  markersize=6 if own else 4, zorder=4 if own else 3)  # fmt: skip
        if own and _limits(part):
            axes.fill_between(at, part["lower_ci"], part["upper_ci"], color=colour, alpha=0.15, linewidth=0)
            if len(part) == 1:
                axes.vlines(at, part["lower_ci"], part["upper_ci"], color=colour, alpha=0.3, linewidth=6)


def _parts(line: pd.DataFrame) -> Iterator[pd.DataFrame]:
    gaps = line["value"].isna().cumsum()
    for _, part in line[line["value"].notna()].groupby([line["segment"].fillna(0), gaps], sort=False):
        yield part


def _limits(line: pd.DataFrame) -> list[pd.Series]:
    """The ends of the intervals of a line, where it has any."""
    return [line["lower_ci"], line["upper_ci"]] if "lower_ci" in line and line["lower_ci"].notna().any() else []


def _value_labels(axes: Axes, line: pd.DataFrame, there: pd.DataFrame, indicator: Indicator) -> None:
    """Values beside the area's line, on the side with more room; the last one is written at its end."""
    ends = [line.index[0], line["value"].idxmin(), line["value"].idxmax()]
    for name in dict.fromkeys(ends if len(line) > MOST_LABELS else line.index):
        if name == line.index[-1]:
            continue
        row = line.loc[name]
        others = [float(value) - row["value"] for value in there.loc[there["period"] == row["period"], "value"]]
        room_above = min((gap for gap in others if gap > 0), default=math.inf)
        below = min((-gap for gap in others if gap < 0), default=math.inf) > room_above
        axes.annotate(value_of(row, indicator), (day(row["period"]), row["value"]), xytext=(0, -8 if below else 8),
                      textcoords="offset points", ha="center", va="top" if below else "bottom", color=DARK_BLUE,
                      fontsize=9, bbox=CLEAR, zorder=5)  # fmt: skip


def _labels_with_room(periods: Sequence[str], *, least: float) -> list[str]:
    """The periods to name on the axis: years before quarters and months, none on top of another."""
    shown: list[str] = []
    for label in sorted(periods, key=lambda item: (parse_period(item).kind != "year", day(item))):
        if all(abs(day(label) - day(other)) >= least for other in shown):
            shown.append(label)
    return in_time_order(shown)
