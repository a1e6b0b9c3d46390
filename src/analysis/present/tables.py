"""The same rows as a table: one function for each kind of exhibit.

Tables of many areas and of two sources have modules of their own; every kind can be reached from here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present import phrases
from analysis.present.formatting import capital, interval_of, is_missing, number, value_of
from analysis.present.phrases_of_groups import against_whom, of_whom
from analysis.present.tables_of_many import choice, funnel, rank
from analysis.present.tables_of_sources import beside, revision
from analysis.present.tabulating import (
    Column,
    Table,
    caption_of,
    figures,
    heading_of,
    interval_column,
    interval_heading,
    period_of,
    plain_number,
    table_of,
    two_numbers,
)
from analysis.vocabulary import NOT_HELD

__all__ = [
    "Table",
    "beside",
    "change",
    "choice",
    "comparison",
    "composition",
    "funnel",
    "level",
    "overview",
    "population",
    "process",
    "profile",
    "rank",
    "recount",
    "representation",
    "revision",
    "sensitivity",
    "trend",
]


def level(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a figure: period, value, interval, source."""
    return table_of(caption_of(rows, indicator), rows, [
        Column("Period", period_of, "period"),
        Column(heading_of(indicator), lambda row: value_of(row, indicator), "number"),
        *interval_column(rows, indicator),
        Column("Also printed", lambda row: row.get("also_printed", "") or "none"),
        figures("cites"),
    ])  # fmt: skip


def comparison(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return the area first, then each comparator with where the area stands against it."""
    own = rows.iloc[[0]].assign(_who=rows["area_name"].iloc[0], _stands="")
    others = rows[rows["benchmark_name"] != ""]
    beside = pd.DataFrame({
        "_who": [capital(phrases.named(row, with_data=True)) for _, row in others.iterrows()],
        "value": others["benchmark_value"],
        "precision": others["benchmark_precision"],
        "period": others["benchmark_period"],
        "figure": others["benchmark_figure"],
        "status": "reported",
        "_stands": [_stands(row) for _, row in others.iterrows()],
    })  # fmt: skip
    table = pd.concat([own, beside], ignore_index=True) if not others.empty else own
    return table_of(caption_of(rows, indicator), table, [
        Column("Who", lambda row: row["_who"]),
        Column("Period", period_of, "period"),
        Column(heading_of(indicator), lambda row: value_of(row, indicator), "number"),
        *interval_column(rows, indicator),
        Column(f"{rows['area_name'].iloc[0]} is", lambda row: row["_stands"] or "\N{EN DASH}"),
        figures("figure"),
    ])  # fmt: skip


def change(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return the year before and the year itself."""
    row = rows.iloc[0]
    before = {"period": row["other_period"], "value": row["other_value"], "precision": row["other_precision"],
              "figure": row["other_figure"], "status": row.get("other_status", NOT_HELD)}  # fmt: skip
    table = pd.DataFrame([before, row[["period", "value", "precision", "figure", "status"]].to_dict()])
    return table_of(f"{caption_of(rows, indicator)} and a year before", table, [
        Column("Period", period_of, "period"),
        Column(heading_of(indicator), lambda item: value_of(item, indicator), "number"),
        figures("figure"),
    ])  # fmt: skip


def trend(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a period and one column a line, with the interval of the area's own figures."""
    texts = {(row["period"], row["series"]): value_of(row, indicator) for _, row in rows.iterrows()}
    cited = rows.groupby("period")["figure"].agg(_together)
    observed = rows[rows["value_type"] == "observed"]
    periods = pd.DataFrame({"period": list(dict.fromkeys(rows["period"]))})
    columns = [Column(capital(str(line)), lambda row, line=line: texts.get((row["period"], line), "not held"), "number")  # type: ignore[misc]
               for line in dict.fromkeys(rows["series"])]  # fmt: skip
    own = rows if observed.empty else observed
    return table_of(f"{caption_of(own, indicator, period=False)}, over time", periods, [
        Column("Period", period_of, "period"),
        *columns,
        *_interval_over_time(observed, indicator),
        Column("Figures", lambda row: cited[row["period"]], "figures"),
    ])  # fmt: skip


def _interval_over_time(own: pd.DataFrame, indicator: Indicator) -> list[Column]:
    if "lower_ci" not in own or own["lower_ci"].isna().all():
        return []
    texts = {row["period"]: interval_of(row, indicator) for _, row in own.iterrows()}
    heading = f"{interval_heading(own)} of {own['series'].iloc[0]}"
    return [Column(heading, lambda row: texts.get(row["period"]) or "\N{EN DASH}", "number")]


def composition(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a group."""
    counted = rows["numerator"].notna().all() and rows["denominator"].notna().all()
    return table_of(caption_of(rows, indicator), rows, [
        Column("Group", lambda row: row["breakdown"]),
        *([Column("Number", lambda row: number(row["numerator"]), "number"),
           Column("Out of", lambda row: number(row["denominator"]), "number")] if counted else []),
        Column(heading_of(indicator), lambda row: value_of(row, indicator), "number"),
        *interval_column(rows, indicator),
        figures("cites"),
    ])  # fmt: skip


def profile(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a group and one column a period, in per cent."""
    periods = list(dict.fromkeys(rows["period"]))
    texts = {(row["breakdown"], row["period"]): value_of(row, indicator) for _, row in rows.iterrows()}
    cited = rows.groupby("breakdown")["cites"].agg(_together)
    groups = pd.DataFrame({"group": list(dict.fromkeys(rows["breakdown"]))})
    return table_of(f"{caption_of(rows, indicator, period=False)}, year by year", groups, [
        Column("Group", lambda row: row["group"]),
        *[Column(parse_period(label).short, lambda row, label=label: texts.get((row["group"], label), "not held"), "number")  # type: ignore[misc]
          for label in periods],
        Column("Figures", lambda row: cited[row["group"]], "figures"),
    ])  # fmt: skip


def representation(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a group: both shares, their ratio and its interval."""
    first = rows.iloc[0]
    users, others = capital(of_whom(first)), against_whom(first)
    return table_of(f"{users} beside {others}: {first['area_name']}, {period_of(first)}", rows, [
        Column("Group", lambda row: row["breakdown"]),
        Column(f"Share of {of_whom(first)}", lambda row: value_of(row, indicator), "number"),
        Column(f"Share of {others}", lambda row: value_of(row, indicator, prefix="other_"), "number"),
        Column("Ratio", lambda row: plain_number(row["representation_ratio"]), "number"),
        Column(interval_heading(rows), lambda row: two_numbers(row, "lower_ci", "upper_ci", 2), "number"),
        figures("cites"),
    ])  # fmt: skip


def process(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a point: value, what is usual, and the rule that marks it."""
    return table_of(
        f"{caption_of(rows, indicator, period=False)}, point by point",
        rows,
        [
            Column("Period", period_of, "period"),
            Column(heading_of(indicator), lambda row: value_of(row, indicator), "number"),
            Column(
                "Usual variation",
                lambda row: two_numbers(row, "lower_process_limit", "upper_process_limit", indicator.decimals),
                "number",
            ),
            Column(
                "Marked by",
                lambda row: (
                    "\N{EN DASH}" if is_missing(row["cause"]) or row["cause"] == "common cause" else row["cause"]
                ),
            ),
            figures("cites"),
        ],
    )


def sensitivity(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a supposed base, with the interval it would give."""
    bases = rows.drop_duplicates("denominator")
    return table_of(f"{indicator.name}: what the printed percentage would mean, by supposed base", bases, [
        Column("If the base were", lambda row: number(row["denominator"])),
        Column("Printed", lambda row: value_of(row, indicator), "number"),
        *interval_column(rows, indicator),
    ])  # fmt: skip


def overview(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    """Return one row an indicator: the year, the year before, the neighbours."""
    row = rows.iloc[0]
    return table_of(f"Read together: {row['area_name']}, {row['asked']}", rows, [
        Column("Figure", lambda item: indicators[item["indicator"]].name),
        Column("Period", period_of, "period"),
        Column(row["area_name"], lambda item: value_of(item, indicators[item["indicator"]]), "number"),
        Column("Year before", lambda item: value_of(item, indicators[item["indicator"]], prefix="other_"), "number"),
        Column(capital(phrases.compared_with(rows)), lambda item: value_of(item, indicators[item["indicator"]], prefix="benchmark_"), "number"),
        figures("cites"),
    ])  # fmt: skip


def population(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    """Return one row a pair of count and rate."""
    there = rows[rows["denominator"].notna()]
    return table_of(
        f"Children aged 0 to 17 as count and rate imply: {rows['area_name'].iloc[0]}",
        there,
        [
            Column("Worked out from", lambda row: f"{indicators[row['indicator']].name}, {period_of(row)}"),
            Column("Count", lambda row: plain_number(row["numerator"], 0), "number"),
            Column("Rate", lambda row: value_of(row, indicators[row["indicator"]]), "number"),
            Column("Children aged 0 to 17", lambda row: plain_number(row["denominator"], 0), "number"),
            Column(
                "Left open by rounding",
                lambda row: two_numbers(row, "denominator_lower", "denominator_upper", 0),
                "number",
            ),
            figures("cites"),
        ],
    )


def recount(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    """Return one row a percentage: the counts, the percentage they give, and the one printed."""
    return table_of(f"Percentages counted again: {rows['area_name'].iloc[0]}", rows, [
        Column("Who", lambda row: capital(indicators[row["indicator"]].numerator)),
        Column("Number", lambda row: plain_number(row["numerator"], 0), "number"),
        Column("Out of", lambda row: plain_number(row["denominator"], 0), "number"),
        Column("Counted again", lambda row: plain_number(row["recounted"], 1) + ("" if is_missing(row["recounted"]) else "%"), "number"),
        Column("Printed", lambda row: _printed(row, indicators[row["indicator"]]), "number"),
        *interval_column(rows, indicators[rows["indicator"].iloc[0]]),
        figures("cites"),
    ])  # fmt: skip


def _printed(row: pd.Series, indicator: Indicator) -> str:
    return "none" if is_missing(row["printed"]) else value_of(row, indicator)


def _stands(row: pd.Series) -> str:
    if not is_missing(row.get("position")):
        return {"higher": "higher", "lower": "lower", "similar": "similar (within chance)"}[row["position"]]
    words = {"higher": "higher, chance not ruled out", "lower": "lower, chance not ruled out"}
    return "" if is_missing(row["direction"]) else words.get(str(row["direction"]), str(row["direction"]))


def _together(cites: pd.Series) -> str:
    return ";".join(text for text in cites if isinstance(text, str) and text)
