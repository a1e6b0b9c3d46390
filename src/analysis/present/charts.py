"""The same rows as a picture: one function for each kind of exhibit. Labels stand on the marks, not in a legend.

Colours are those of the Government Analysis Function, which survive colour blindness; shapes and line styles
differ too, so that grey printing keeps them apart. Charts compute nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from analysis.indicators.definitions import Indicator
from analysis.periods import in_time_order, parse_period
from analysis.present.formatting import capital, interval_of, is_missing, number, value_of

DARK_BLUE, ORANGE, TURQUOISE, PLUM, GREY = "#12436D", "#C44F12", "#1F7F78", "#801650", "#6F6F6F"
LINES = ((DARK_BLUE, "o", "-"), (ORANGE, "s", "--"), (TURQUOISE, "^", "-."), (PLUM, "D", ":"))
INK, FAINT = "#222222", "#D9D9D9"
WIDTH = 7.4
#: A label at the right end of a line: height, place, text, colour.
Label = tuple[float, float, str, str]
_SLANTED: dict[str, Any] = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"}
_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",
    # Without a fixed salt the ids inside an SVG differ from run to run.
    "svg.hashsalt": "children-in-care-statistics",
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}


def comparison(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw the area with its interval, and the comparators below it."""
    if is_missing(rows.iloc[0]["value"]):
        return None
    others = rows[rows["benchmark_name"] != ""]
    labels = [f"{rows['area_name'].iloc[0]}, {_short(rows.iloc[0]['period'])}"]
    labels += [f"{capital(row['benchmark_name'])}, {_short(row['benchmark_period'])}" for _, row in others.iterrows()]
    with _canvas(0.9 + 0.5 * len(labels)) as (figure, axes):
        _dot(axes, 0, rows.iloc[0], indicator)
        for place, (_, row) in enumerate(others.iterrows(), start=1):
            colour, marker, _ = LINES[place % len(LINES)]
            axes.plot(row["benchmark_value"], place, marker, color=colour, markersize=8)
            _label(axes, row["benchmark_value"], place, value_of(row, indicator, prefix="benchmark_"), colour)
        _horizontal(axes, labels, indicator)
    return figure


def trend(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw one line for the area and one for each comparator, labelled at the right end."""
    there = rows[rows["value"].notna()]
    periods = list(dict.fromkeys(there["period"]))
    if len(periods) < 2:
        return None
    with _canvas(3.4) as (figure, axes):
        ends: list[Label] = []
        for place, (name, line) in enumerate(_area_first(there)):
            colour = LINES[place % len(LINES)][0]
            last = _line(axes, line, place)
            label = f"{capital(name)} {value_of(line.iloc[-1], indicator)}"
            ends.append((float(line["value"].iloc[-1]), last, label, colour))
            if place == 0:
                _value_labels(axes, line.iloc[:-1], indicator, colour)
        low, high = _span(there["value"])
        axes.set_ylim(low, high)
        days = [_day(label) for label in periods]
        room = (max(days) - min(days)) * 0.06
        axes.set_xlim(min(days) - room, max(days) + room * 6)
        for value, end, text, colour in _apart(ends, least=(high - low) * 0.075):
            axes.annotate(
                text,
                (end, value),
                xytext=(10, 0),
                textcoords="offset points",
                va="center",
                color=colour,
                fontweight="bold",
            )
        shown = _labels_with_room(periods, least=0.75 * room)
        crowded = min((later - earlier for earlier, later in pairwise(map(_day, shown))), default=room * 9) < 2.2 * room
        axes.set_xticks(days, minor=True)
        axes.set_xticks(
            [_day(label) for label in shown], [_short(label) for label in shown], **(_SLANTED if crowded else {})
        )
        axes.set_ylabel(_unit(indicator))
        axes.yaxis.grid(True, color=FAINT)
    return figure


def composition(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw a bar for each group, labelled at its end."""
    there = rows[rows["value"].notna()]
    if there.empty:
        return None
    with _canvas(0.8 + 0.36 * len(there)) as (figure, axes):
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
        _horizontal(axes, list(there["breakdown"]), indicator, room=0.15)
    return figure


def profile(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw, for each group, its share at the first and at the last period, joined by a line."""
    periods = list(dict.fromkeys(rows.loc[rows["value"].notna(), "period"]))
    if len(periods) < 2:
        return None
    first, last = periods[0], periods[-1]
    groups = list(dict.fromkeys(rows["breakdown"]))
    with _canvas(1.1 + 0.45 * len(groups)) as (figure, axes):
        for place, group in enumerate(groups):
            own = rows[rows["breakdown"] == group].set_index("period")
            if first not in own.index or last not in own.index:
                continue
            start, end = own.loc[first], own.loc[last]
            axes.plot([start["value"], end["value"]], [place, place], color=GREY, linewidth=1.5, zorder=1)
            axes.plot(start["value"], place, "o", markerfacecolor="white", color=DARK_BLUE, markersize=8)
            axes.plot(end["value"], place, "o", color=DARK_BLUE, markersize=8)
            right = max(start["value"], end["value"])
            axes.annotate(f"{value_of(start, indicator)} to {value_of(end, indicator)}", (right, place),
                          xytext=(9, 0), textcoords="offset points", va="center")  # fmt: skip
        axes.set_xlim(0, float(rows["value"].max()))
        _horizontal(axes, groups, indicator)
        _key(figure, f"Hollow: {_short(first)}. Filled: {_short(last)}.")
    return figure


def representation(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw, for each group, its two shares, and beside them their ratio with its interval on a log scale, 1 marked."""
    there = rows[rows["value"].notna() & rows["other_value"].notna()]
    if there.empty:
        return None
    with _panels(1.3 + 0.5 * len(there), widths=(1.2, 1)) as (figure, (axes, ratios)):
        for place, (_, row) in enumerate(there.iterrows()):
            _share_pair(axes, place, row, indicator)
            _ratio(ratios, place, row)
        axes.set_xlim(0, max(100.0, float(there["value"].max())))
        _horizontal(axes, list(there["breakdown"]), indicator, room=0.3)
        _log_axis(ratios, there)
        ratios.set_ylim(axes.get_ylim())
        _key(figure, "Left: dot, share of those who used advocacy; square, share of children in care. "
                     "Right: their ratio with its interval.")  # fmt: skip
    return figure


def funnel(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw each area by its size, the pooled value, and the limits within which chance would leave most areas."""
    there = rows[rows["value"].notna()].sort_values("denominator", kind="stable")
    if there.empty:
        return None
    with _canvas(4.0) as (figure, axes):
        for low, high, style in (
            ("funnel_lower_998", "funnel_upper_998", "-"),
            ("funnel_lower_95", "funnel_upper_95", "--"),
        ):
            for limit in (low, high):
                axes.plot(there["denominator"], there[limit], linestyle=style, color=GREY, linewidth=1.2)
        axes.axhline(float(there["baseline"].iloc[0]), color=INK, linewidth=1)
        others, own = there[~there["is_area"]], there[there["is_area"]]
        axes.plot(others["denominator"], others["value"], "o", color=TURQUOISE, alpha=0.7, markersize=4)
        for _, row in own.iterrows():
            axes.plot(row["denominator"], row["value"], "D", color=DARK_BLUE, markersize=9)
            _label(axes, row["denominator"], row["value"], f"{row['area_name']} {value_of(row, indicator)}", DARK_BLUE)
        axes.set_xlabel(f"size: {indicator.denominator}")
        axes.set_ylabel(_unit(indicator))
        axes.set_xlim(0, axes.get_xlim()[1] * 1.1)
        _key(figure, "Dashed: 95% limits. Solid: 99.8% limits. Line: all areas together.")
    return figure


def process(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw an XmR chart: the points in time, their mean, the process limits, and the points that signal."""
    there = rows[rows["value"].notna()]
    if len(there) < 2:
        return None
    with _canvas(3.6) as (figure, axes):
        at = [_day(label) for label in there["period"]]
        for column, style in (("lower_process_limit", "--"), ("process_mean", "-"), ("upper_process_limit", "--")):
            axes.plot(at, there[column], linestyle=style, color=GREY, linewidth=1.2)
        axes.plot(at, there["value"], "-o", color=DARK_BLUE, linewidth=1.5, markersize=5)
        for place, (_, row) in zip(at, there.iterrows(), strict=True):
            if row["cause"] not in ("common cause", None):
                axes.plot(place, row["value"], "D", color=ORANGE, markersize=9)
            if str(row["cause"]) in ("above limit", "below limit"):
                axes.annotate(value_of(row, indicator), (place, row["value"]), xytext=(0, 9),
                              textcoords="offset points", ha="center", color=ORANGE, fontweight="bold")  # fmt: skip
        shown = list(range(0, len(at), max(1, len(at) // 8)))
        axes.set_xticks(
            [at[place] for place in shown], [_short(there["period"].iloc[place]) for place in shown], **_SLANTED
        )
        axes.set_ylabel(_unit(indicator))
        axes.margins(y=0.15)
        _key(figure, "Line: mean. Dashed: process limits. Diamond: a point that a rule marks.")
    return figure


def sensitivity(rows: pd.DataFrame, indicator: Indicator) -> Figure | None:
    """Draw how the interval narrows as the supposed base grows, with the figures to be told apart."""
    if is_missing(rows.iloc[0]["value"]):
        return None
    bases = rows.drop_duplicates("denominator")
    with _canvas(3.2) as (figure, axes):
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
        ends = [(float(bases["value"].iloc[0]), right, f"printed {value_of(rows.iloc[0], indicator)}", DARK_BLUE)]
        for place, (_, row) in enumerate(rows.drop_duplicates("benchmark_name").iterrows(), start=1):
            if is_missing(row["benchmark_value"]):
                continue
            colour, _, style = LINES[place % len(LINES)]
            level = [row["benchmark_value"]] * 2
            axes.plot([bases["denominator"].min(), right], level, color=colour, linestyle=style, linewidth=1.5)
            ends.append(
                (
                    float(row["benchmark_value"]),
                    right,
                    f"{row['benchmark_name']} {value_of(row, indicator, prefix='benchmark_')}",
                    colour,
                )
            )
        low, high = _span(pd.concat([bases["lower_ci"], bases["upper_ci"]]))
        axes.set_ylim(low, high)
        axes.set_xlim(float(bases["denominator"].min()), right * 1.36)
        for value, at, text, colour in _apart(ends, least=(high - low) * 0.08):
            axes.annotate(
                text,
                (at, value),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=colour,
                fontweight="bold",
                fontsize=9,
            )
        ticks = list(bases["denominator"])[1:]
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_major_formatter(FixedFormatter([number(tick) for tick in ticks]))
        axes.set_xlabel("supposed number behind the percentage")
        axes.set_ylabel(_unit(indicator))
        axes.yaxis.grid(True, color=FAINT)
    return figure


def overview(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Figure | None:
    """Draw one line an indicator: the area (dot), the year before (ring), the neighbours (square)."""
    there = rows[rows["value"].notna()]
    if there.empty:
        return None
    with _canvas(1.2 + 0.55 * len(there)) as (figure, axes):
        for place, (_, row) in enumerate(there.iterrows()):
            known = [row[name] for name in ("value", "other_value", "benchmark_value") if not is_missing(row[name])]
            axes.plot([min(known), max(known)], [place, place], color=GREY, linewidth=1, zorder=1)
            if not is_missing(row["other_value"]):
                axes.plot(row["other_value"], place, "o", color=DARK_BLUE, markerfacecolor="white", markersize=9)
            if not is_missing(row["benchmark_value"]):
                axes.plot(row["benchmark_value"], place, "s", color=ORANGE, markersize=7)
            axes.plot(row["value"], place, "o", color=DARK_BLUE, markersize=7)
            _label(axes, max(known), place, value_of(row, indicators[row["indicator"]]), DARK_BLUE)
        axes.set_xlim(0, 100)
        _horizontal(
            axes,
            [indicators[name].name for name in there["indicator"]],
            indicators[there["indicator"].iloc[0]],
        )
        _key(figure, "Dot: this year, as labelled. Ring: the year before. Square: statistical neighbours.")
    return figure


def svg_of(figure: Figure) -> str:
    """Return a chart as SVG, the same text whenever it is drawn from the same rows."""
    file = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def png_of(figure: Figure) -> bytes:
    """Return a chart as PNG at twice its size on the page."""
    file = io.BytesIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format="png", dpi=192, metadata={"Software": None})
    return file.getvalue()


@contextmanager
def _canvas(height: float) -> Iterator[tuple[Figure, Axes]]:
    """A figure that no global state knows of, so that nothing draws it twice."""
    with _panels(height, widths=(1,)) as (figure, axes):
        yield figure, axes[0]


@contextmanager
def _panels(height: float, *, widths: tuple[float, ...]) -> Iterator[tuple[Figure, list[Axes]]]:
    """A figure with panels side by side."""
    with mpl.rc_context(_STYLE), sns.axes_style("ticks", rc=_STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        panels = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
        yield figure, list(panels)
        for axes in panels:
            sns.despine(ax=axes)


def _key(figure: Figure, text: str) -> None:
    figure.suptitle(text, x=0.01, ha="left", fontsize=9)


def _dot(axes: Axes, place: int, row: pd.Series, indicator: Indicator) -> None:
    text = value_of(row, indicator)
    right = float(row["value"])
    if not is_missing(row.get("lower_ci")):
        axes.plot([row["lower_ci"], row["upper_ci"]], [place, place], color=DARK_BLUE, linewidth=2.5)
        text, right = f"{text} ({interval_of(row, indicator)})", float(row["upper_ci"])
    axes.plot(row["value"], place, "o", color=DARK_BLUE, markersize=9)
    _label(axes, right, place, text, DARK_BLUE)


def _label(axes: Axes, at: float, place: int, text: str, colour: str) -> None:
    axes.annotate(
        text,
        (at, place),
        xytext=(9, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        fontweight="bold",
    )


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


def _labels_with_room(periods: list[str], *, least: float) -> list[str]:
    """The periods to name on the axis: years before quarters and months, none on top of another."""
    shown: list[str] = []
    for label in sorted(periods, key=lambda item: (parse_period(item).kind != "year", _day(item))):
        if all(abs(_day(label) - _day(other)) >= least for other in shown):
            shown.append(label)
    return in_time_order(shown)


def _area_first(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The lines of a trend, the area's own before those of others."""
    lines = [(str(name), line) for name, line in rows.groupby("series", sort=False)]
    return sorted(lines, key=lambda item: item[1]["value_type"].iloc[0] != "observed")


def _line(axes: Axes, line: pd.DataFrame, place: int) -> int:
    """Draw one line, interrupted where the definition changed, and return the place of its last point."""
    colour, marker, style = LINES[place % len(LINES)]
    for _, part in line.groupby("segment", sort=False):
        at = [_day(label) for label in part["period"]]
        axes.plot(at, part["value"], marker=marker, linestyle=style, color=colour, linewidth=2, markersize=6)
        if "lower_ci" in part and part["lower_ci"].notna().any():
            axes.fill_between(at, part["lower_ci"], part["upper_ci"], color=colour, alpha=0.15, linewidth=0)
    return at[-1]


def _value_labels(axes: Axes, line: pd.DataFrame, indicator: Indicator, colour: str) -> None:
    for _, row in line.iterrows():
        axes.annotate(
            value_of(row, indicator),
            (_day(row["period"]), row["value"]),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
            color=colour,
            fontsize=9,
        )


def _horizontal(axes: Axes, labels: list[str], indicator: Indicator, *, room: float = 0.35) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    # Every axis of sizes begins at nothing, and leaves room for the labels at the right of the marks.
    axes.set_xlim(0, axes.get_xlim()[1] * (1 + room))
    axes.set_xlabel(_unit(indicator))
    axes.tick_params(axis="y", length=0)
    axes.xaxis.grid(True, color=FAINT)
    axes.set_axisbelow(True)


def _apart(ends: list[Label], *, least: float) -> list[Label]:
    """Labels at the right end, moved up where they would stand on each other."""
    placed: list[Label] = []
    for value, at, text, colour in sorted(ends):
        lowest = placed[-1][0] + least if placed else value
        placed.append((max(value, lowest), at, text, colour))
    return placed


def _span(values: pd.Series) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    # A small wobble must not look like a cliff: the axis spans at least a quarter of the highest value.
    room = max((high - low) * 0.18, (abs(high) * 0.25 - (high - low)) / 2, 0.5)
    return (0.0 if low >= 0 and low < 0.6 * high else low - room), high + room


def _short(label: str) -> str:
    return parse_period(label).short if label else ""


def _day(label: str) -> int:
    """A period's place on the axis of time: its last day."""
    return parse_period(label).end.toordinal()


def _unit(indicator: Indicator) -> str:
    return "per cent" if indicator.is_percentage else indicator.unit
