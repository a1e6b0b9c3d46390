"""What all charts share: colours, canvas, labels that do not stand on each other, and files that are always the same.

Colours are those of the Government Analysis Function, which survive colour blindness; shapes and line styles
differ too, so that grey printing keeps them apart. Charts compute nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from textwrap import fill
from typing import Any

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import StrMethodFormatter

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present.formatting import interval_of, is_missing, value_of

DARK_BLUE, ORANGE, TURQUOISE, PLUM, GREY = "#12436D", "#C44F12", "#1F7F78", "#801650", "#6F6F6F"
LINES: tuple[tuple[str, str, Any], ...] = (
    (DARK_BLUE, "o", "-"),
    (ORANGE, "s", "--"),
    (TURQUOISE, "^", "-."),
    (PLUM, "D", ":"),
    ("#3D3D3D", "v", (0, (7, 2, 1, 2, 1, 2))),
)
INK, FAINT = "#222222", "#D9D9D9"
WIDTH = 7.4
_WHOLE = 100
#: A label at the right end of a line: height, place, text, colour.
Label = tuple[float, float, str, str]
#: Clears what lies behind a text, so that it can be read. An edge around the letters would treble the size of a chart.
CLEAR: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.6}
SLANTED: dict[str, Any] = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"}
#: Characters to a line of a label at the right of a chart, or at its left.
RIGHT_CHARACTERS, LEFT_CHARACTERS = 27, 36
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
    # A name is text and never a formula, whatever it holds.
    "text.parse_math": False,
}


def svg_of(figure: Figure) -> str:
    """Return a chart as SVG, the same text whenever it is drawn from the same rows."""
    file = io.StringIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return lean(file.getvalue())


def lean(svg: str) -> str:
    """Return an SVG without what nobody sees: its description, line breaks, and digits beyond a hundredth of a point.

    Example:
        >>> lean('<path d="M 43.088521 239.598979 \\nL 529.79976 18 \\n" transform="scale(0.015625)"/>')
        '<path d="M43.09 239.6L529.8 18" transform="scale(0.015625)"/>'
    """
    plain = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    # Within scale(...) every digit counts: it makes letters of the outlines they were designed with.
    parts = re.split(r"(scale\([^)]*\))", plain)
    short = [part if part.startswith("scale(") else re.sub(r"-?\d+\.\d{3,}", _hundredth, part) for part in parts]
    joined = re.sub(r">\s+<", "><", re.sub(r"\s+", " ", "".join(short)))
    close = re.sub(r' d="[^"]*"', lambda path: " " + re.sub(r" (?=[A-Za-z\"])|(?<=[A-Z]) ", "", path[0][1:]), joined)
    return _short_ids(re.sub(r'style="[^"]*"', lambda style: re.sub(r"(?<=[:;]) ", "", style[0]), close))


def _short_ids(svg: str) -> str:
    """Ids that something refers to in few letters, the others gone."""
    used = list(dict.fromkeys(re.findall(r"#([\w.-]+)", " ".join(re.findall(r'(?:href="|url\()#[\w.-]+', svg)))))
    short = {name: f"a{number:x}" for number, name in enumerate(used)}
    named = re.sub(r' id="([^"]*)"', lambda found: f' id="{short[found[1]]}"' if found[1] in short else "", svg)
    return re.sub(r'(href="|url\()#([\w.-]+)', lambda found: f"{found[1]}#{short[found[2]]}", named)


def _hundredth(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def png_of(figure: Figure) -> bytes:
    """Return a chart as PNG at twice its size on the page."""
    file = io.BytesIO()
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format="png", dpi=192, metadata={"Software": None})
    return file.getvalue()


@contextmanager
def canvas(height: float) -> Iterator[tuple[Figure, Axes]]:
    """A figure that no global state knows of, so that nothing draws it twice."""
    with panels(height, widths=(1,)) as (figure, axes):
        yield figure, axes[0]


@contextmanager
def panels(height: float, *, widths: tuple[float, ...]) -> Iterator[tuple[Figure, list[Axes]]]:
    """A figure with panels side by side."""
    with mpl.rc_context(_STYLE), sns.axes_style("ticks", rc=_STYLE):
        figure = Figure(figsize=(WIDTH, height), layout=ConstrainedLayoutEngine(w_pad=0.1))
        found = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
        yield figure, list(found)
        for axes in found:
            sns.despine(ax=axes)


def key(figure: Figure, text: str) -> None:
    """Say above a chart what its marks mean."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=9)


def dot(axes: Axes, place: int, row: pd.Series, indicator: Indicator) -> None:
    """Draw a row's value with its interval, labelled at the right."""
    text = value_of(row, indicator)
    right = float(row["value"])
    if not is_missing(row.get("lower_ci")):
        axes.plot([row["lower_ci"], row["upper_ci"]], [place, place], color=DARK_BLUE, linewidth=2.5)
        text, right = f"{text} ({interval_of(row, indicator)})", float(row["upper_ci"])
    axes.plot(row["value"], place, "o", color=DARK_BLUE, markersize=9)
    label(axes, right, place, text, DARK_BLUE)


def label(axes: Axes, at: float, place: float, text: str, colour: str, *, side: str = "right") -> None:
    """Write a text beside a mark."""
    axes.annotate(
        text,
        (at, place),
        xytext=(9 if side == "right" else -9, 0),
        textcoords="offset points",
        va="center",
        ha="left" if side == "right" else "right",
        color=colour,
        fontweight="bold",
        bbox=CLEAR,
        zorder=6,
    )


def horizontal(axes: Axes, labels: Sequence[str], indicator: Indicator, *, room: float = 0.35) -> None:
    """Make an axis of sizes below rows that are named at the left."""
    axes.set_yticks(range(len(labels)), [wrapped(text, LEFT_CHARACTERS) for text in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    # Every axis of sizes begins at nothing, and leaves room for the labels at the right of the marks.
    axes.set_xlim(0, axes.get_xlim()[1] * (1 + room))
    axes.set_xlabel(unit(indicator))
    if indicator.is_percentage:
        # There is room for labels beyond 100, but nothing to be read there.
        axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= _WHOLE])
    thousands(axes.xaxis)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.grid(True, color=FAINT)
    axes.set_axisbelow(True)


def thousands(axis: Axis) -> None:
    """Write the numbers of an axis as they are written in sentences, with commas for thousands."""
    axis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))


def row_height(labels: Sequence[str], least: float) -> float:
    """Return how tall each row of a chart must be, in inches, for the label with most lines."""
    lines = max((wrapped(text, LEFT_CHARACTERS).count("\n") + 1 for text in labels), default=1)
    return max(least, 0.06 + 0.18 * lines)


def line_ends(figure: Figure, axes: Axes, ends: Sequence[Label], *, size: float = 10) -> None:
    """Write the names of lines at their right ends; one that had to move is tied to its line.

    Args:
        figure: with everything else drawn, so that it is known how tall the axes are on the page.
        axes: with its limits set.
        ends: the labels.
        size: size of the letters, in points.
    """
    figure.draw_without_rendering()
    points = axes.get_window_extent().height * 72 / figure.dpi
    (low, high), (left, right) = axes.get_ylim(), axes.get_xlim()
    line = (high - low) * size * 1.3 / points
    for height, (value, at, text, colour) in apart(ends, low=low, high=high, line=line):
        tie = {"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 5, "relpos": (0, 0.5)}
        axes.annotate(
            text,
            (at, value),
            xytext=(at + 0.03 * (right - left), height),
            textcoords="data",
            va="center",
            color=colour,
            fontweight="bold",
            fontsize=size,
            linespacing=1.05,
            bbox=CLEAR,
            arrowprops=tie if abs(height - value) > line / 2 else None,
        )


def apart(ends: Sequence[Label], *, low: float, high: float, line: float) -> list[tuple[float, Label]]:
    """Return labels with heights at which each has room for its lines; those that would touch stand around their middle.

    Args:
        ends: the labels.
        low: where the axis begins; no label stands below it, if there is room.
        high: where it ends.
        line: how tall a line of text is.

    Example:
        >>> [(height, text) for height, (_, _, text, _) in apart(
        ...     [(5.0, 0, "one", ""), (5.0, 0, "two", ""), (9.0, 0, "three", "")], low=0, high=10, line=2)]
        [(4.0, 'one'), (6.0, 'two'), (9.0, 'three')]
    """
    groups: list[list[Label]] = []
    for item in sorted(ends):
        groups.append([item])
        while len(groups) > 1 and _reach(groups[-2], low, high, line)[1] > _reach(groups[-1], low, high, line)[0]:
            last = groups.pop()
            groups[-1] = groups[-1] + last
    found = []
    for group in groups:
        bottom, _ = _reach(group, low, high, line)
        for item in group:
            found.append((bottom + _tall(item, line) / 2, item))
            bottom += _tall(item, line)
    return found


def _tall(item: Label, line: float) -> float:
    return (item[2].count("\n") + 1) * line


def _reach(group: Sequence[Label], low: float, high: float, line: float) -> tuple[float, float]:
    """From where to where labels that stand on each other reach, around the middle of their values."""
    tall = sum(_tall(item, line) for item in group)
    middle = sum(value for value, *_ in group) / len(group)
    bottom = max(low, min(middle - tall / 2, high - tall))
    return bottom, bottom + tall


def span(values: pd.Series) -> tuple[float, float]:
    """Return the ends of an axis of values over time."""
    low, high = float(values.min()), float(values.max())
    # A small wobble must not look like a cliff: the axis spans at least a quarter of the highest value.
    room = max((high - low) * 0.18, (abs(high) * 0.25 - (high - low)) / 2, 0.5)
    return (0.0 if low >= 0 and low < 0.6 * high else low - room), high + room


def wrapped(text: str, characters: int) -> str:
    """Return a text on as many lines as it needs; what stands in brackets begins a line.

    Example:
        >>> wrapped("Statistical neighbours (2025 model, median) 84", 27).splitlines()
        ['Statistical neighbours', '(2025 model, median) 84']
    """
    if len(text) <= characters:
        return text
    head, bracket, rest = text.partition(" (")
    parts = [head, f"({rest}"] if bracket else [head]
    return "\n".join(fill(part, characters, break_long_words=False, break_on_hyphens=False) for part in parts)


def short(period: str) -> str:
    """Return a period in the few characters that a chart has room for; blank where there is none."""
    return parse_period(period).short if isinstance(period, str) and period else ""


def day(period: str) -> int:
    """A period's place on the axis of time: its last day."""
    return parse_period(period).end.toordinal()


def unit(indicator: Indicator) -> str:
    """Return the unit of an indicator as an axis names it."""
    return "per cent" if indicator.is_percentage else indicator.unit
