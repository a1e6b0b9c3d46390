"""The scorecard: its sentences, its table with a word and a shape beside each colour, and its picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present import drawing
from analysis.present.exhibits import Exhibit, with_picture, with_rows
from analysis.present.formatting import (
    capital,
    cite,
    decimals_of,
    is_missing,
    listed,
    number,
    quantity,
    value_of,
)
from analysis.present.tabulating import Column, Table, figures, table_of
from analysis.vocabulary import NOT_HELD, TOTAL

_DASH = "\N{EN DASH}"
_RATED = ("on target", "near target", "off target")
#: What the column on chance says, in the few letters that a wide table has room for; the page explains them.
_CHANCE = {
    "more than chance": "yes", "within chance": "no", "within chance, however many": "no, however many",
    "not told: base not known": "base not known", "not tested: quarters overlap": "quarters overlap",
    "not tested: see the count": "see the count", "no earlier figure": _DASH,
}  # fmt: skip
#: Height of a row of the picture, in inches.
_ROW = 0.5


def scorecard(rows: pd.DataFrame, indicators: Mapping[str, Indicator], *, without: Sequence[str] = ()) -> Exhibit:
    """Show every line of the scorecard that has a figure: rating, direction, chance.

    Args:
        rows: as from ``scorecard.select_scorecard`` with ``rating``, ``travel`` and ``chance``.
        indicators: definitions by id.
        without: ids of indicators of the scorecard that have no figure of the period.
    """
    if (rows["status"] == NOT_HELD).all():
        row = rows.iloc[0]
        lead = f"No figure of the scorecard is held for {row['area_name']} in {_name_of(row['asked'])}."
        return with_rows("scorecard", "scorecard", [lead], None, rows)
    lead = _how_many(rows, indicators)
    moved = [text for text in _moved(rows, indicators) if text not in lead]
    sentences = [lead, *_rated(rows, indicators), *moved, *_by_chance(rows)]
    if without:
        sentences.append(f"Not held for this period: {'; '.join(indicators[name].name for name in without)}.")
    return with_rows("scorecard", "scorecard", sentences, _table(rows, indicators), rows)


def picture(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show the percentages of the scorecard, each with the figure before, its target and the neighbours, as a chart.

    Args:
        rows: as for :func:`scorecard`.
        indicators: definitions by id.
    """
    shown = rows[rows["indicator"].map(lambda name: indicators[name].is_percentage) & rows["value"].notna()]
    if shown.empty:
        return with_rows("scorecard_picture", "scorecard", ["No percentage of the scorecard is held."], None, rows)
    lead = f"The {number(len(shown))} percentages of the scorecard, each on its own line."
    return with_picture(
        with_rows("scorecard_picture", "scorecard", [lead], _few_columns(shown, indicators), shown),
        _drawn(shown, indicators), alt=_described(shown, indicators),
    )  # fmt: skip


def _name_of(period: str) -> str:
    found = parse_period(period)
    return f"quarter {period[-1]} of {period[:7]}" if found.kind == "quarter" else period


def _before(rows: pd.DataFrame) -> str:
    is_quarter = parse_period(rows["asked"].iloc[0]).kind == "quarter"
    return "quarter before" if is_quarter else "year before"


def _each(rows: pd.DataFrame) -> Iterable[pd.Series]:
    return (row for _, row in rows.iterrows())


def _how_many(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    row = rows.iloc[0]
    period = _name_of(row["asked"])
    held = f"{capital(period)}: {number(len(rows))} indicators of the scorecard have a figure for {row['area_name']}"
    with_target = rows[rows["target_low"].notna() & (rows["rating"] != "not rated")]
    if with_target.empty:
        return " ".join([f"{held}; no target is held for any of them.", *_moved(rows, indicators)])
    counts = [f"{number(int((with_target['rating'] == name).sum()))} {name}" for name in _RATED]
    off = [_in_words(row, indicators) for row in _each(with_target[with_target["rating"] == "off target"])]
    names = f": {listed(off)}" if off else ""
    return f"{held}. Of the {number(len(with_target))} with a target, {counts[0]}, {counts[1]} and {counts[2]}{names}."


def _rated(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    return [
        f"{_line_name(row, indicators)}: {value_of(row, indicators[row['indicator']])}{cite(row['figure'])}, {name}; "
        f"the target is {_target(row, indicators[row['indicator']])}."
        for name in ("off target", "near target")
        for row in _each(rows[rows["rating"] == name])
    ]


def _moved(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    since = rows[rows["other_value"].notna()]
    found = []
    for name in ("better", "worse"):
        lines = [_in_words(row, indicators) for row in _each(since[since["travel"] == name])]
        if lines:
            found.append(f"{name.capitalize()} than the {_before(rows)}, as printed: {listed(lines)}.")
    return found or [f"No figure of the {_before(rows)} is told apart from that of the period."]


def _by_chance(rows: pd.DataFrame) -> list[str]:
    tested = rows[rows["chance"].isin(["more than chance", "within chance", "within chance, however many"])]
    if tested.empty:
        return ["For none of them are the numbers known that a test of the change needs."]
    beyond = tested[tested["chance"] == "more than chance"]
    changes = "change" if len(tested) == 1 else "changes"
    said = "none is" if beyond.empty else f"{number(len(beyond))} {'is' if len(beyond) == 1 else 'are'}"
    return [
        f"Of the {number(len(tested))} {changes} since the {_before(rows)} that could be tested, {said} more than chance."
    ]


def _in_words(row: pd.Series, indicators: Mapping[str, Indicator]) -> str:
    """The name of a line as it stands inside a sentence; a name that begins with letters of its own keeps them."""
    name = _line_name(row, indicators)
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def _target(row: pd.Series, indicator: Indicator) -> str:
    if is_missing(row["target_low"]):
        return _DASH
    decimals = int(row["target_precision"])
    low, high = (quantity(float(row[name]), indicator, decimals) for name in ("target_low", "target_high"))
    return low if low == high else f"{low} to {high}"


def _outturn(row: pd.Series, indicator: Indicator) -> str:
    if is_missing(row["outturn_value"]):
        return _DASH
    decimals = indicator.decimals if is_missing(row["outturn_precision"]) else int(row["outturn_precision"])
    return quantity(float(row["outturn_value"]), indicator, decimals)


def _travel(row: pd.Series) -> str:
    return _DASH if is_missing(row["travel"]) else str(row["travel"])


def _table(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    row = rows.iloc[0]
    against = [
        Column("Target", lambda item: _target(item, indicators[item["indicator"]]), "number"),
        Column("Rating", lambda item: "" if is_missing(item["rating"]) else str(item["rating"]), "rating"),
    ] if rows["target_low"].notna().any() else []  # fmt: skip
    outturn = [
        Column(f"Outturn {row['outturn_period']}", lambda item: _outturn(item, indicators[item["indicator"]]), "number")
    ] if row["outturn_period"] else []  # fmt: skip
    neighbours = [
        Column("Neighbours", lambda item: _neighbours(item, indicators[item["indicator"]]), "number")
    ] if rows["benchmark_value"].notna().any() else []  # fmt: skip
    return table_of(f"Scorecard: {row['area_name']}, {_name_of(row['asked'])}", rows, [
        Column("Indicator", lambda item: _line_name(item, indicators)),
        Column("Value", lambda item: value_of(item, indicators[item["indicator"]]), "number"),
        *against,
        Column(capital(_before(rows)), lambda item: value_of(item, indicators[item["indicator"]], prefix="other_"), "number"),
        Column("Direction", _travel),
        Column("More than chance?", lambda item: _CHANCE[item["chance"]]),
        *outturn,
        *neighbours,
        figures("figure"),
    ])  # fmt: skip


def _few_columns(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    row = rows.iloc[0]
    return table_of(f"Percentages of the scorecard: {row['area_name']}, {_name_of(row['asked'])}", rows, [
        Column("Indicator", lambda item: _line_name(item, indicators)),
        Column("Value", lambda item: value_of(item, indicators[item["indicator"]]), "number"),
        Column(capital(_before(rows)), lambda item: value_of(item, indicators[item["indicator"]], prefix="other_"), "number"),
        Column("Target", lambda item: _target(item, indicators[item["indicator"]]), "number"),
        Column("Neighbours", lambda item: _neighbours(item, indicators[item["indicator"]]), "number"),
        figures("figure"),
    ])  # fmt: skip


def _neighbours(row: pd.Series, indicator: Indicator) -> str:
    return _DASH if is_missing(row["benchmark_value"]) else value_of(row, indicator, prefix="benchmark_")


def _line_name(row: pd.Series, indicators: Mapping[str, Indicator]) -> str:
    name = indicators[row["indicator"]].name
    return name if row["breakdown_topic"] == TOTAL else f"{name} ({row['breakdown'].lower()})"


def _drawn(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Figure:
    """One line an indicator: the value (dot), the one before (ring), the target (bar or band), the neighbours (square)."""
    names = [_line_name(row, indicators) for row in _each(rows)]
    with drawing.canvas(1.2 + drawing.row_height(names, _ROW) * len(rows)) as (figure, axes):
        for place, row in enumerate(_each(rows)):
            indicator = indicators[row["indicator"]]
            if not is_missing(row["target_low"]):
                ends = [row["target_low"], row["target_high"]]
                axes.plot(ends, [place, place], color=drawing.TURQUOISE, linewidth=8, alpha=0.35, solid_capstyle="butt")
                axes.plot(ends, [place, place], "|", color=drawing.TURQUOISE, markersize=17, markeredgewidth=3)
            if not is_missing(row["other_value"]):
                axes.plot(
                    row["other_value"], place, "o", color=drawing.DARK_BLUE, markerfacecolor="white", markersize=9
                )
            if not is_missing(row["benchmark_value"]):
                axes.plot(row["benchmark_value"], place, "s", color=drawing.ORANGE, markersize=7)
            axes.plot(row["value"], place, "o", color=drawing.DARK_BLUE, markersize=7)
            marks = [
                row[name]
                for name in ("value", "other_value", "benchmark_value", "target_high")
                if not is_missing(row[name])
            ]
            drawing.label(axes, max(marks), place, value_of(row, indicator), drawing.DARK_BLUE)
        axes.set_xlim(0, 100)
        drawing.horizontal(axes, names, indicators[rows["indicator"].iloc[0]], room=0.12)
        axes.set_xticks(range(0, 101, 20))
        drawing.key(
            figure, f"Dot: value, as labelled. Ring: {_before(rows)}. Bar: target. Square: statistical neighbours."
        )
    return figure


def _described(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> str:
    lines = []
    for row in _each(rows):
        indicator = indicators[row["indicator"]]
        parts = [f"{_line_name(row, indicators)} {value_of(row, indicator)}"]
        if not is_missing(row["other_value"]):
            parts.append(f"{_before(rows)} {value_of(row, indicator, prefix='other_')}")
        if not is_missing(row["target_low"]):
            parts.append(f"target {_target(row, indicator)}")
        if not is_missing(row["benchmark_value"]):
            parts.append(f"neighbours {_neighbours(row, indicator)}")
        lines.append(", ".join(parts))
    return f"Dot chart of the percentages of the scorecard. {'; '.join(lines)}."


def rule(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show by which rule each line was rated.

    Args:
        rows: as for :func:`scorecard`.
        indicators: definitions by id.
    """
    rated = rows[rows["rating"].isin(_RATED)]
    lead = (
        "On target is at the target or on its better side, or within its range. Near target is on the other side by no more "
        "than the tolerance of the line. Off target is further away. Printed values are compared."
    )
    if rated.empty:
        return with_rows("rating_rule", "scorecard", [lead, "No line has a target."], None, rows)
    table = table_of("By which rule each line was rated", rated, [
        Column("Indicator", lambda item: _line_name(item, indicators)),
        Column("Better is", lambda item: {"higher_is_better": "higher", "lower_is_better": "lower"}.get(item["polarity"], "within the range")),
        Column("Target", lambda item: _target(item, indicators[item["indicator"]]), "number"),
        Column("Tolerance", lambda item: quantity(float(item["near"]), indicators[item["indicator"]], 0), "number"),
        Column("Short of it by", lambda item: quantity(float(item["target_distance"]), indicators[item["indicator"]], decimals_of(item, indicators[item["indicator"]])), "number"),
    ])  # fmt: skip
    return with_rows("rating_rule", "scorecard", [lead], table, rated)
