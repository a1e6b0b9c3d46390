"""The same rows as a table: one function for each kind of exhibit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present.citations import figure_links
from analysis.present.formatting import capital, interval_of, is_missing, level_words, number, value_of
from analysis.vocabulary import TOTAL

Cell = Callable[[pd.Series], str]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        heading: its heading.
        cell: what stands in it for a row, as text.
        kind: text, period, number, or figures (identifiers that become links).
    """

    heading: str
    cell: Cell
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """A table that is ready to be shown: the first column heads the rows.

    Attributes:
        caption: what the table shows.
        headings: column headings, in order.
        kinds: text, period, number or figures for each column.
        cells: the texts, row by row.
    """

    caption: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    def html(self) -> str:
        """Return the table as HTML with caption and scopes."""
        heads = "".join(
            f'<th scope="col"{_class(kind)}>{escape(heading)}</th>'
            for heading, kind in zip(self.headings, self.kinds, strict=True)
        )
        body = "".join(f"<tr>{self._row(cells)}</tr>" for cells in self.cells)
        return (
            f'<div class="table" role="region" aria-label="Table: {escape(self.caption, quote=True)}" tabindex="0">'
            f"<table><caption>{escape(self.caption)}</caption><thead><tr>{heads}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )

    def _row(self, cells: tuple[str, ...]) -> str:
        first, *rest = cells
        others = "".join(
            f"<td{_class(kind)}>{figure_links(text) if kind == 'figures' else escape(text)}</td>"
            for text, kind in zip(rest, self.kinds[1:], strict=True)
        )
        return f'<th scope="row"{_class(self.kinds[0])}>{escape(first)}</th>{others}'


def level(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a figure: period, value, interval, source."""
    return _table(_caption(rows, indicator), rows, [
        Column("Period", _period, "period"),
        Column(_heading(indicator), lambda row: value_of(row, indicator), "number"),
        *_interval_column(rows, indicator),
        Column("Also printed", lambda row: row.get("also_printed", "") or "none"),
        _figures("cites"),
    ])  # fmt: skip


def comparison(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return the area first, then each comparator with where the area stands against it."""
    own = rows.iloc[[0]].assign(_who=rows["area_name"].iloc[0], _stands="")
    others = rows[rows["benchmark_name"] != ""]
    beside = pd.DataFrame({
        "_who": others["benchmark_name"].map(capital),
        "value": others["benchmark_value"],
        "precision": others["benchmark_precision"],
        "period": others["benchmark_period"],
        "figure": others["benchmark_figure"],
        "status": "reported",
        "_stands": [_stands(row) for _, row in others.iterrows()],
    })  # fmt: skip
    table = pd.concat([own, beside], ignore_index=True) if not others.empty else own
    return _table(_caption(rows, indicator), table, [
        Column("Who", lambda row: row["_who"]),
        Column("Period", _period, "period"),
        Column(_heading(indicator), lambda row: value_of(row, indicator), "number"),
        *_interval_column(rows, indicator),
        Column(f"{rows['area_name'].iloc[0]} is", lambda row: row["_stands"] or "\N{EN DASH}"),
        _figures("figure"),
    ])  # fmt: skip


def change(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return the year before and the year itself."""
    row = rows.iloc[0]
    before = {"period": row["other_period"], "value": row["other_value"], "precision": row["other_precision"],
              "figure": row["other_figure"], "status": "not_held"}  # fmt: skip
    table = pd.DataFrame([before, row[["period", "value", "precision", "figure", "status"]].to_dict()])
    return _table(f"{_caption(rows, indicator)} and a year before", table, [
        Column("Period", _period, "period"),
        Column(_heading(indicator), lambda item: value_of(item, indicator), "number"),
        _figures("figure"),
    ])  # fmt: skip


def trend(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a period and one column a line."""
    lines = list(dict.fromkeys(rows["series"]))
    texts = {(row["period"], row["series"]): value_of(row, indicator) for _, row in rows.iterrows()}
    cited = rows.groupby("period")["figure"].agg(";".join)
    periods = pd.DataFrame({"period": list(dict.fromkeys(rows["period"]))})
    return _table(f"{_caption(rows, indicator, period=False)}, over time", periods, [
        Column("Period", _period, "period"),
        *[Column(capital(line), lambda row, line=line: texts.get((row["period"], line), "not held"), "number")  # type: ignore[misc]
          for line in lines],
        Column("Figures", lambda row: cited[row["period"]], "figures"),
    ])  # fmt: skip


def composition(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a group."""
    counted = rows["numerator"].notna().all() and rows["denominator"].notna().all()
    return _table(_caption(rows, indicator), rows, [
        Column("Group", lambda row: row["breakdown"]),
        *([Column("Number", lambda row: number(row["numerator"]), "number"),
           Column("Out of", lambda row: number(row["denominator"]), "number")] if counted else []),
        Column(_heading(indicator), lambda row: value_of(row, indicator), "number"),
        *_interval_column(rows, indicator),
        _figures("cites"),
    ])  # fmt: skip


def profile(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a group and one column a period, in per cent."""
    periods = list(dict.fromkeys(rows["period"]))
    texts = {(row["breakdown"], row["period"]): value_of(row, indicator) for _, row in rows.iterrows()}
    cited = rows.groupby("breakdown")["cites"].agg(";".join)
    groups = pd.DataFrame({"group": list(dict.fromkeys(rows["breakdown"]))})
    return _table(f"{_caption(rows, indicator, period=False)}, year by year", groups, [
        Column("Group", lambda row: row["group"]),
        *[Column(parse_period(label).short, lambda row, label=label: texts.get((row["group"], label), "not held"), "number")  # type: ignore[misc]
          for label in periods],
        Column("Figures", lambda row: cited[row["group"]], "figures"),
    ])  # fmt: skip


def representation(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a group: both shares, their ratio and its interval."""
    return _table(f"Those who used advocacy beside those in care: {rows['area_name'].iloc[0]}, {_period(rows.iloc[0])}", rows, [
        Column("Group", lambda row: row["breakdown"]),
        Column("Share of those who used advocacy", lambda row: value_of(row, indicator), "number"),
        Column("Share of children in care", lambda row: value_of(row, indicator, prefix="other_"), "number"),
        Column("Ratio", lambda row: _plain_number(row["representation_ratio"]), "number"),
        Column(_interval_heading(rows), lambda row: _two(row, "lower_ci", "upper_ci", 2), "number"),
        _figures("cites"),
    ])  # fmt: skip


def funnel(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row an area, by size: value, limits, position."""
    ordered = rows.sort_values("denominator", kind="stable")
    decimals = indicator.decimals

    def limits(row: pd.Series, low: str, high: str) -> str:
        return _two(row, low, high, decimals)

    return _table(
        f"{_caption(rows, indicator, period=False)} among all areas",
        ordered,
        [
            Column("Area", lambda row: row["area_name"]),
            Column("Size", lambda row: _plain_number(row["denominator"], 0), "number"),
            Column(_heading(indicator), lambda row: value_of(row, indicator), "number"),
            Column("95% limits", lambda row: limits(row, "funnel_lower_95", "funnel_upper_95"), "number"),
            Column("99.8% limits", lambda row: limits(row, "funnel_lower_998", "funnel_upper_998"), "number"),
            Column("Position", lambda row: str(row["funnel_position"] or "not held")),
        ],
    )


def process(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a point: value, what is usual, and the rule that marks it."""
    return _table(
        f"{_caption(rows, indicator, period=False)}, point by point",
        rows,
        [
            Column("Period", _period, "period"),
            Column(_heading(indicator), lambda row: value_of(row, indicator), "number"),
            Column(
                "Usual variation",
                lambda row: _two(row, "lower_process_limit", "upper_process_limit", indicator.decimals),
                "number",
            ),
            Column(
                "Marked by", lambda row: row["cause"] if row["cause"] not in ("common cause", None) else "\N{EN DASH}"
            ),
            _figures("cites"),
        ],
    )


def sensitivity(rows: pd.DataFrame, indicator: Indicator) -> Table:
    """Return one row a supposed base, with the interval it would give."""
    bases = rows.drop_duplicates("denominator")
    return _table(f"{indicator.name}: what the printed percentage would mean, by supposed base", bases, [
        Column("If the base were", lambda row: number(row["denominator"])),
        Column("Printed", lambda row: value_of(row, indicator), "number"),
        *_interval_column(rows, indicator),
    ])  # fmt: skip


def overview(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    """Return one row an indicator: the year, the year before, the neighbours."""
    row = rows.iloc[0]
    return _table(f"Read together: {row['area_name']}, {row['asked']}", rows, [
        Column("Figure", lambda item: indicators[item["indicator"]].name),
        Column("Period", _period, "period"),
        Column(row["area_name"], lambda item: value_of(item, indicators[item["indicator"]]), "number"),
        Column("Year before", lambda item: value_of(item, indicators[item["indicator"]], prefix="other_"), "number"),
        Column("Statistical neighbours", lambda item: value_of(item, indicators[item["indicator"]], prefix="benchmark_"), "number"),
        _figures("cites"),
    ])  # fmt: skip


def population(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    """Return one row a pair of count and rate."""
    there = rows[rows["denominator"].notna()]
    return _table(
        f"Children aged 0 to 17 as count and rate imply: {rows['area_name'].iloc[0]}",
        there,
        [
            Column("Worked out from", lambda row: f"{indicators[row['indicator']].name}, {_period(row)}"),
            Column("Count", lambda row: _plain_number(row["numerator"], 0), "number"),
            Column("Rate", lambda row: value_of(row, indicators[row["indicator"]]), "number"),
            Column("Children aged 0 to 17", lambda row: _plain_number(row["denominator"], 0), "number"),
            Column(
                "Left open by rounding", lambda row: _two(row, "denominator_lower", "denominator_upper", 0), "number"
            ),
            _figures("cites"),
        ],
    )


def recount(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Table:
    """Return one row a percentage: the counts, the percentage they give, and the one printed."""
    return _table(f"Percentages counted again: {rows['area_name'].iloc[0]}", rows, [
        Column("Who", lambda row: capital(indicators[row["indicator"]].numerator)),
        Column("Number", lambda row: _plain_number(row["numerator"], 0), "number"),
        Column("Out of", lambda row: _plain_number(row["denominator"], 0), "number"),
        Column("Counted again", lambda row: _plain_number(row["recounted"], 1) + ("" if is_missing(row["recounted"]) else "%"), "number"),
        Column("Printed", lambda row: _printed(row, indicators[row["indicator"]]), "number"),
        *_interval_column(rows, indicators[rows["indicator"].iloc[0]]),
        _figures("cites"),
    ])  # fmt: skip


def _table(caption: str, rows: pd.DataFrame, columns: Sequence[Column]) -> Table:
    cells = tuple(tuple(column.cell(row) for column in columns) for _, row in rows.iterrows())
    return Table(caption, tuple(c.heading for c in columns), tuple(c.kind for c in columns), cells)


def _printed(row: pd.Series, indicator: Indicator) -> str:
    return "none" if is_missing(row["printed"]) else value_of(row, indicator)


def _caption(rows: pd.DataFrame, indicator: Indicator, *, period: bool = True) -> str:
    row = rows.iloc[0]
    topics = set(rows["breakdown_topic"])
    by = f" ({str(row['breakdown_topic']).lower()})" if len(topics) == 1 and TOTAL not in topics else ""
    about = f", {_period(row)}" if period and row["period"] else ""
    return f"{indicator.name}{by}: {row['area_name']}{about}"


def _heading(indicator: Indicator) -> str:
    if indicator.is_percentage:
        return "Per cent"
    return capital(indicator.unit) if indicator.calculation == "count" else "Per 10,000 children"


def _interval_heading(rows: pd.DataFrame) -> str:
    known = rows["confidence"].dropna() if "confidence" in rows else pd.Series(dtype=float)
    return f"{level_words(float(known.iloc[0]))} interval" if not known.empty else "Interval"


def _interval_column(rows: pd.DataFrame, indicator: Indicator) -> list[Column]:
    if "lower_ci" not in rows or rows["lower_ci"].isna().all():
        return []
    plain = Column(_interval_heading(rows), lambda row: interval_of(row, indicator) or "\N{EN DASH}", "number")
    if "clustered_lower_ci" not in rows or rows["clustered_lower_ci"].isna().all():
        return [plain]
    effect = number(float(rows["design_effect"].dropna().iloc[0]), 1)
    return [
        plain,
        Column(
            f"With design effect {effect}",
            lambda row: interval_of(row, indicator, prefix="clustered_") or "\N{EN DASH}",
            "number",
        ),
    ]


def _figures(column: str) -> Column:
    return Column("Figures", lambda row: row[column] if isinstance(row[column], str) else "", "figures")


def _period(row: pd.Series) -> str:
    label = row["period"]
    return parse_period(label).short if isinstance(label, str) and label else "not held"


def _stands(row: pd.Series) -> str:
    if is_missing(row.get("position")):
        words = {"higher": "higher, chance not ruled out", "lower": "lower, chance not ruled out"}
        return words.get(str(row["direction"]), str(row["direction"]))
    return {"higher": "higher", "lower": "lower", "similar": "similar (within chance)"}[row["position"]]


def _plain_number(value: float, decimals: int = 2) -> str:
    return "not held" if is_missing(value) else number(value, decimals)


def _two(row: pd.Series, low: str, high: str, decimals: int) -> str:
    if is_missing(row[low]) or is_missing(row[high]):
        return "\N{EN DASH}"
    return f"{number(row[low], decimals)} to {number(row[high], decimals)}"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind in ("number", "period") else ""
