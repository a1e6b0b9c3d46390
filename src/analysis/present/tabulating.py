"""What all tables share: columns, captions, and HTML with caption and scopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present.citations import figure_links
from analysis.present.formatting import capital, interval_of, is_missing, level_words, number
from analysis.vocabulary import TOTAL

Cell = Callable[[pd.Series], str]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        heading: its heading.
        cell: what stands in it for a row, as text.
        kind: text, period, number, figures (identifiers that become links), rating (a shape, and a word that says it), or
            verbatim (names of files and the like, to the letter).
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
        kinds: text, period, number, figures, rating or verbatim for each column.
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
            f"<td{_class(kind)}>{_shown(text, kind)}</td>" for text, kind in zip(rest, self.kinds[1:], strict=True)
        )
        return f'<th scope="row"{_class(self.kinds[0])}>{_shown(first, self.kinds[0])}</th>{others}'


#: Shapes of ratings: they differ in form, so that nobody has to tell red from green.
SHAPES = {
    "on target": "\N{BLACK CIRCLE}",
    "near target": "\N{BLACK UP-POINTING TRIANGLE}",
    "off target": "\N{BLACK SQUARE}",
}


def _shown(text: str, kind: str) -> str:
    if kind == "figures":
        return figure_links(text)
    if kind == "rating" and text in SHAPES:
        name = text.partition(" ")[0]
        return f'<span class="rating {name}"><span aria-hidden="true">{SHAPES[text]}</span> {escape(text)}</span>'
    return f"<samp>{escape(text)}</samp>" if kind == "verbatim" and text else escape(text)


def table_of(caption: str, rows: pd.DataFrame, columns: Sequence[Column]) -> Table:
    """Return a table of rows by its columns."""
    cells = tuple(tuple(column.cell(row) for column in columns) for _, row in rows.iterrows())
    return Table(caption, tuple(c.heading for c in columns), tuple(c.kind for c in columns), cells)


def caption_of(rows: pd.DataFrame, indicator: Indicator, *, period: bool = True) -> str:
    """Return a caption: what is measured, of which group, where and when."""
    row = rows.iloc[0]
    topics = set(rows["breakdown_topic"])
    by = f" ({str(row['breakdown_topic']).lower()})" if len(topics) == 1 and TOTAL not in topics else ""
    about = f", {period_of(row)}" if period and row["period"] else ""
    return f"{indicator.name}{by}: {row['area_name']}{about}"


def heading_of(indicator: Indicator) -> str:
    """Return the heading of a column of values."""
    if indicator.is_percentage:
        return "Per cent"
    return "Per 10,000 children" if indicator.calculation == "rate" else capital(indicator.unit)


def interval_heading(rows: pd.DataFrame) -> str:
    """Return the heading of a column of intervals."""
    known = rows["confidence"].dropna() if "confidence" in rows else pd.Series(dtype=float)
    return f"{level_words(float(known.iloc[0]))} interval" if not known.empty else "Interval"


def interval_column(rows: pd.DataFrame, indicator: Indicator) -> list[Column]:
    """Return the columns of intervals, where the rows have any."""
    if "lower_ci" not in rows or rows["lower_ci"].isna().all():
        return []
    plain = Column(interval_heading(rows), lambda row: interval_of(row, indicator) or "\N{EN DASH}", "number")
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


def figures(column: str) -> Column:
    """Return the column of identifiers, which become links."""
    return Column("Figures", lambda row: row[column] if isinstance(row[column], str) else "", "figures")


def period_of(row: pd.Series) -> str:
    """Return a row's period in few characters."""
    label = row["period"]
    return parse_period(label).short if isinstance(label, str) and label else "not held"


def plain_number(value: float, decimals: int = 2) -> str:
    """Return a number, or that it is not held."""
    return "not held" if is_missing(value) else number(value, decimals)


def two_numbers(row: pd.Series, low: str, high: str, decimals: int) -> str:
    """Return two numbers as a range; a dash where one is missing."""
    if is_missing(row[low]) or is_missing(row[high]):
        return "\N{EN DASH}"
    return f"{number(row[low], decimals)} to {number(row[high], decimals)}"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind in ("number", "period") else ""
