"""One indicator over councils and years: what the documents held here give, each with its words; no ranking, as they count differently."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.indicators.definitions import Indicator
from analysis.present import drawing
from analysis.present.exhibits import Exhibit, with_picture, with_rows
from analysis.present.formatting import (
    capital,
    cite,
    decimals_of,
    interval_of,
    is_missing,
    listed,
    number,
    quantity,
    value_of,
    when,
)
from analysis.present.tabulating import Column, Table, figures, heading_of, interval_column, period_of, table_of
from analysis.vocabulary import TOTAL

#: Bars of a picture are drawn for at least this many figures; fewer are said, not drawn.
_FEWEST = 2


def across(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show what councils give of an indicator over the years, the council asked for first.

    Args:
        rows: as from ``councils.select_councils``, with an interval (``lower_ci``, ``upper_ci``, ``confidence``) where the
            values are of a sample; a count of all, and an average of all, needs none.
        indicator: its definition.
    """
    name = f"across_{indicator.id}"
    there = rows[rows["value"].notna()].reset_index(drop=True)
    place = rows["area_name"].iloc[0]
    own = there[there["area_name"] == place]
    if there.empty:
        return with_rows(
            name, "across", [f"No figure of the {indicator.noun} is held for {place} or any other council."], None, rows
        )
    sentences = [_of_own(own, indicator, place), *_of_others(there, indicator, place)]
    exhibit = with_rows(name, "across", sentences, _table(there, indicator), there)
    if len(there) < _FEWEST:
        return exhibit
    return with_picture(exhibit, _drawn(there, indicator), alt=_described(there, indicator))


def _of_own(own: pd.DataFrame, indicator: Indicator, place: str) -> str:
    if own.empty:
        return f"No figure of the {indicator.noun} is held for {place}."
    values = listed([_dated(row, indicator) for _, row in own.iterrows()])
    return f"{capital(indicator.noun)} of {place}: {values}."


def _of_others(there: pd.DataFrame, indicator: Indicator, place: str) -> list[str]:
    found = []
    for name, rows in there[there["area_name"] != place].groupby("area_name", sort=False):
        found.append(f"{name}: {listed([_dated(row, indicator) for _, row in rows.iterrows()])}.")
    if there["range_low"].notna().any():
        row = there.iloc[0]
        low, high = (quantity(float(row[end]), indicator, 0) for end in ("range_low", "range_high"))
        counts = there["stands"].value_counts(sort=False)
        told = listed([f"{number(count)} {'is' if count == 1 else 'are'} {stands}" for stands, count in counts.items()])
        found.append(f"Recommended is {low} to {high}. Of the figures above {told}.")
    return found


def _dated(row: pd.Series, indicator: Indicator) -> str:
    group = "" if row["breakdown_topic"] == TOTAL else f" ({row['breakdown'].lower()})"
    return f"{_value(row, indicator)} {when(row['period'], indicator)}{group}{cite(row['cites'])}"


def _value(row: pd.Series, indicator: Indicator) -> str:
    text = value_of(row, indicator)
    if is_missing(row["value_high"]):
        return text
    return f"{text} to {quantity(float(row['value_high']), indicator, decimals_of(row, indicator))}"


def _table(rows: pd.DataFrame, indicator: Indicator) -> Table:
    by_group = (rows["breakdown_topic"] != TOTAL).any()
    stands = [Column("Against the range", lambda row: row["stands"])] if rows["range_low"].notna().any() else []
    return table_of(f"{indicator.name}: councils and years", rows, [
        Column("Council", lambda row: row["area_name"]),
        *([Column("Of whom", lambda row: "all" if row["breakdown_topic"] == TOTAL else row["breakdown"])] if by_group else []),
        Column("Period", period_of, "period"),
        Column(heading_of(indicator), lambda row: _value(row, indicator), "number"),
        *interval_column(rows, indicator),
        *stands,
        Column("Also printed", lambda row: row.get("also_printed", "") or "none"),
        figures("cites"),
    ])  # fmt: skip


def _name(row: pd.Series) -> str:
    group = "" if row["breakdown_topic"] == TOTAL else f", {row['breakdown'].lower()}"
    return f"{row['area_name']}{group}, {drawing.short(row['period'])}"


def _drawn(rows: pd.DataFrame, indicator: Indicator) -> Figure:
    names = [_name(row) for _, row in rows.iterrows()]
    with drawing.canvas(1.0 + drawing.row_height(names, 0.42) * len(rows)) as (figure, axes):
        if rows["range_low"].notna().any():
            axes.axvspan(
                rows["range_low"].iloc[0], rows["range_high"].iloc[0], color=drawing.TURQUOISE, alpha=0.2, linewidth=0
            )
        for place, (_, row) in enumerate(rows.iterrows()):
            if is_missing(row["value_high"]):
                drawing.dot(axes, place, row, indicator)
                continue
            axes.plot(
                [row["value"], row["value_high"]],
                [place, place],
                "o-",
                color=drawing.DARK_BLUE,
                linewidth=2.5,
                markersize=7,
            )
            drawing.label(axes, row["value_high"], place, _value(row, indicator), drawing.DARK_BLUE)
        drawing.horizontal(axes, names, indicator)
        band = " Shaded: the recommended range." if rows["range_low"].notna().any() else ""
        drawing.key(figure, f"Dot: value, as labelled.{band}")
    return figure


def _described(rows: pd.DataFrame, indicator: Indicator) -> str:
    values = "; ".join(
        f"{_name(row)} {_value(row, indicator)}"
        + (f" ({interval_of(row, indicator)})" if interval_of(row, indicator) else "")
        for _, row in rows.iterrows()
    )
    return f"Dot chart of the {indicator.noun} over councils and years. {values}."
