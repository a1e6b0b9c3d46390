"""A report as a workbook: cover, contents, notes, one table a sheet, and the figures with their words.

Laid out by gptables as the Government Analysis Function asks for accessible spreadsheets.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any

import gptables
import pandas as pd

from analysis.present.sheets import SYMBOLS, Cell, Sheet, Shown, safe_text, sheet_of
from analysis.report.exhibited import About

#: The same in every file, so that two runs write the same bytes.
_MADE = datetime(1980, 1, 1)
_AUTHOR = "Children in care statistics"
#: What the sheet of sources takes from the rows of the list of sources.
_SOURCES = {
    "figure": "Figure", "area_name": "Area", "period": "Period", "breakdown": "Group", "value": "Value",
    "citation": "Source", "locator": "Where in it", "quote": "Its words",
}  # fmt: skip
#: The row of the first note, below title, instruction and headings; the height of a line; a paper size.
_FIRST_NOTE, _LINE_HEIGHT, _A4 = 3, 15.75, 9
_WIDTHS = {"Source": 50, "Where in it": 40, "Its words": 70, "Note text": 90}
Exhibits = Sequence[Mapping[str, Any]]


def xlsx_of(exhibits: Exhibits, *, about: About) -> bytes:
    """Return a report as an Excel workbook.

    Args:
        exhibits: what the report shows.
        about: what the report is.

    Returns:
        The file: sheets Cover, Contents, Notes (where there are caveats), Table 1, Table 2 and so on, Sources.
    """
    notes = list(dict.fromkeys(text for item in exhibits for text in item["caveats"]))
    notes_table = _notes(notes)
    shown = [(item, sheet_of(item["table"])) for item in exhibits if item["table"] and item["table"]["cells"]]
    tables = {f"Table {n}": _table(n, item, sheet, notes) for n, (item, sheet) in enumerate(shown, start=1)}
    symbols = [symbol for symbol in SYMBOLS if any(symbol in sheet.symbols for _, sheet in shown)]
    sheets = tables | {"Sources": _sources(exhibits)}
    file = io.BytesIO()
    with warnings.catch_warnings():
        # It warns of a report without notes, and of cells that are blank on purpose.
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            file, sheets, cover=_cover(exhibits, about, symbols), notes_table=notes_table,
            workbook_options={"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )  # fmt: skip
    for label in ("Cover", "Contents"):
        _print_on_one_width(book.get_worksheet_by_name(label))
    for label, table in sheets.items():
        _lay_out(book.get_worksheet_by_name(label), table.table, first_row=table.data_range[0] + 1)
    if notes_table is not None:
        _lay_out(book.get_worksheet_by_name("Notes"), notes_table, first_row=_FIRST_NOTE)
    book.set_properties({"title": about.full_title, "author": _AUTHOR, "created": _MADE, "comments": ""})
    book.close()
    return file.getvalue()


def _table(number: int, item: Mapping[str, Any], sheet: Sheet, notes: Sequence[str]) -> gptables.GPTable:
    marks = "".join(f"$${_note(notes, text)}$$" for text in item["caveats"])
    return gptables.GPTable(
        table=pd.DataFrame([[_raw(cell) for cell in row] for row in sheet.rows], columns=list(sheet.headings)),
        table_name=f"table_{number}",
        title=f"Table {number}: {_plain(item['caption'])} {marks}".strip(),
        source=_plain(item["source"].removeprefix("Source: ")) or None,
        legend=[f"{symbol} {SYMBOLS[symbol]}" for symbol in sheet.symbols],
        instructions="This worksheet has one table. Notes stand on the sheet called Notes, figures with their words on "
        "the sheet called Sources.",
        index_columns={2: 0},
        additional_formatting=list(_formats(sheet)),
    )


def _raw(cell: Cell) -> float | str:
    return cell.value if isinstance(cell, Shown) else _plain(cell)


def _plain(text: str) -> str:
    """Text in which gptables finds neither a note nor a link, and which is not made of signs alone."""
    text = safe_text(re.sub(r"\s+", " ", text).replace("$$", "$ $").replace("](", "] ("))
    return text if re.search(r"[A-Za-z0-9]", text) else f"[z] {text}".strip()


def _formats(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """The decimals that are shown, cell by cell; words in a column of numbers stand where the numbers do."""
    for column in range(1, len(sheet.headings)):
        numbers = any(isinstance(row[column], Shown) for row in sheet.rows)
        for place, row in enumerate(sheet.rows, start=1):
            cell = row[column]
            if isinstance(cell, Shown):
                form = "#,##0" + (f".{'0' * cell.decimals}" if cell.decimals else "")
                yield {"cell": {"format": {"num_format": form, "align": "right"}, "cells": (place, column)}}
            elif numbers:
                yield {"cell": {"format": {"align": "right"}, "cells": (place, column)}}


def _sources(exhibits: Exhibits) -> gptables.GPTable:
    rows = [row for item in exhibits if item["kind"] == "sources" for row in csv.DictReader(io.StringIO(item["rows"]))]
    cells = [{words: _plain(row.get(name, "")) for name, words in _SOURCES.items()} for row in rows]
    none = dict.fromkeys(_SOURCES.values(), "[x]")
    return gptables.GPTable(
        table=pd.DataFrame(cells or [none], columns=list(_SOURCES.values())),
        table_name="sources",
        title="Sources: each figure that the report uses, with the words that hold it",
        instructions="This worksheet has one table, with one row for each figure. The identifier of a figure stays the same.",
        index_columns={2: 0},
        additional_formatting=[{"column": {"format": {"text_wrap": True}, "columns": [5, 6, 7]}}],
    )


def _notes(notes: Sequence[str]) -> pd.DataFrame | None:
    if not notes:
        return None
    return pd.DataFrame(
        {"Note reference": [_note(notes, text) for text in notes], "Note text": [_plain(text) for text in notes]}
    )


def _note(notes: Sequence[str], text: str) -> str:
    return f"note{list(notes).index(text) + 1}"


def _cover(exhibits: Exhibits, about: About, symbols: Sequence[str]) -> gptables.Cover:
    said = [text for item in exhibits if item["kind"] == "headline" for text in item["sentences"]]
    missing = [f"{symbol} {SYMBOLS[symbol]}" for symbol in symbols]
    return gptables.Cover(
        title=about.full_title,
        intro=[_plain(text) for text in said] or ["The report has no answer for this place and year; it says why."],
        about=[
            "Numbers are those of the report, rounded as it shows them. Unrounded rows stand in the folder called tables, "
            "beside the report.",
            f"The report: {about.name}.html.",
            "Figures of official files: Crown copyright, Open Government Licence v3.0. Those of council reports credit the "
            "report on the sheet called Sources.",
            *(["Shorthand in the tables:", *missing] if missing else []),
        ],
    )


def _lay_out(sheet: Any, table: pd.DataFrame, *, first_row: int) -> None:
    """Widths for long words, and rows as tall as their words need: not every program finds that out by itself."""
    _print_on_one_width(sheet)
    wide = {place: _WIDTHS[name] for place, name in enumerate(table.columns) if name in _WIDTHS}
    for place, width in wide.items():
        sheet.set_column(place, place, width)
    for row, cells in enumerate(table.itertuples(index=False), start=first_row):
        lines = max((ceil(len(str(cells[place])) / (width * 0.85)) for place, width in wide.items()), default=1)
        sheet.set_row(row, _LINE_HEIGHT * lines)


def _print_on_one_width(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
