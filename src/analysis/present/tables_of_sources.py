"""Tables of two sources of the same figures."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.present import phrases_of_sources as sources
from analysis.present.formatting import capital, decimals_of, is_missing, signed, value_of
from analysis.present.phrases import of_group
from analysis.present.tabulating import Column, Table, figures, period_of, table_of


def beside(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    """Return one row a measure: what the report gives, what the Department gives, and how far apart they are."""
    report, official = (
        _name(rows, "source_name", "Report"),
        _name(rows, "other_source_name", "Department for Education"),
    )
    return _two_of(rows, indicators, f"Two sources of the same figures: {rows['area_name'].iloc[0]}", report, official)


def revision(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    """Return one row for each figure that the newer release changed."""
    newer, older = sources.releases(rows)
    caption = f"Figures that the {newer} changed: {rows['area_name'].iloc[0]}"
    changed = sources.changed_rows(rows)
    return _two_of(changed, indicators, caption, capital(newer), capital(older), newer_last=True)


def _two_of(
    rows: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    caption: str,
    one: str,
    other: str,
    *,
    newer_last: bool = False,
) -> Table:
    own = Column(one, lambda row: value_of(row, indicators[row["indicator"]]), "number")
    beside_it = Column(other, lambda row: value_of(row, indicators[row["indicator"]], prefix="other_"), "number")
    return table_of(caption, rows, [
        Column("Figure", lambda row: f"{indicators[row['indicator']].name}{of_group(row)}"),
        Column("Period", period_of, "period"),
        *((beside_it, own) if newer_last else (own, beside_it)),
        Column("Difference", lambda row: _difference(row, indicators[row["indicator"]]), "number"),
        figures("cites"),
    ])  # fmt: skip


def _difference(row: pd.Series, indicator: Indicator) -> str:
    """The first figure minus the other; nothing where one is no number."""
    if is_missing(row["value_difference"]):
        return "\N{EN DASH}"
    if row["direction"] == "not told apart":
        return "within rounding"
    decimals = max(decimals_of(row, indicator), decimals_of(row, indicator, prefix="other_"))
    return signed(row["value_difference"], decimals)


def _name(rows: pd.DataFrame, column: str, otherwise: str) -> str:
    """The name that all rows share, else a general one."""
    names = rows[column].dropna().unique()
    return str(names[0]) if len(names) == 1 else otherwise
