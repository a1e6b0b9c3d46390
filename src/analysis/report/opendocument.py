"""The workbook of a report as OpenDocument, which gptables does not write: the same sheets and cells, read from it again."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from odfdo import Cell, Column, Document, Element, Link, Paragraph, Row, Table
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_LANGUAGE, _COUNTRY = "en", "GB"
_MOST_DECIMALS = 4


def ods_of(xlsx: bytes) -> bytes:
    """Return a workbook as OpenDocument, the same bytes whenever it is made from the same workbook.

    Args:
        xlsx: as from ``workbooks.xlsx_of``.
    """
    book = load_workbook(io.BytesIO(xlsx))
    document = Document("spreadsheet")
    document.body.clear()
    _add_styles(document)
    for sheet in book.worksheets:
        document.body.append(_table(document, sheet))
    _lay_out(document)
    _describe(document, str(book.properties.title), str(book.properties.creator))
    return _saved(document)


def _add_styles(document: Document) -> None:
    """Decimals as they are shown; headings and titles that can be told from what they head."""
    for decimals in range(_MOST_DECIMALS + 1):
        _insert(
            document,
            f'<number:number-style style:name="n{decimals}"><number:number number:decimal-places="{decimals}" '
            f'number:min-decimal-places="{decimals}" number:min-integer-digits="1" number:grouping="true"/>'
            "</number:number-style>",
        )
        _add_cell_style(document, f"number{decimals}", paragraph='fo:text-align="end"', data=f"n{decimals}")
        _add_cell_style(document, f"left{decimals}", paragraph='fo:text-align="start"', data=f"n{decimals}")
    _insert(
        document,
        '<style:style style:name="row" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>',
    )
    _add_cell_style(document, "words")
    _add_cell_style(document, "right", paragraph='fo:text-align="end"')
    _add_cell_style(document, "heading", text='fo:font-weight="bold"', cell='fo:border-bottom="1pt solid #1b1b1b"')
    _add_cell_style(document, "title", text='fo:font-weight="bold" fo:font-size="14pt"', wrap=False)
    _add_cell_style(document, "line", wrap=False)


def _insert(document: Document, style: str) -> None:
    made: Any = Element.from_tag(style)
    document.insert_style(made, automatic=True)


def _add_cell_style(
    document: Document,
    name: str,
    *,
    paragraph: str = "",
    text: str = "",
    cell: str = "",
    data: str = "",
    wrap: bool = True,
) -> None:
    link = f' style:data-style-name="{data}"' if data else ""
    _insert(
        document,
        f'<style:style style:name="{name}" style:family="table-cell"{link}>'
        f'<style:table-cell-properties style:vertical-align="top" fo:wrap-option="{"wrap" if wrap else "no-wrap"}" {cell}/>'
        f"<style:paragraph-properties {paragraph}/>"
        f'<style:text-properties style:font-name="Arial" fo:language="{_LANGUAGE}" fo:country="{_COUNTRY}" {text}/>'
        "</style:style>",
    )


def _table(document: Document, sheet: Worksheet) -> Table:
    table = Table(sheet.title)
    for place in range(1, sheet.max_column + 1):
        table.append(_column(document, sheet, place))
    heading = _heading_row(sheet)
    for row in sheet.iter_rows():
        made = Row(style="row")
        for cell in row:
            made.append(_cell(cell, _style(cell, sheet, heading)))
        if row[0].row == heading:
            heads = Element.from_tag("<table:table-header-rows/>")
            heads.append(made)
            table.append(heads)
        else:
            table.append(made)
    return table


def _column(document: Document, sheet: Worksheet, place: int) -> Column:
    width = sheet.column_dimensions[get_column_letter(place)].width or 12
    name = f"width{round(width * 10)}"
    if document.get_style("table-column", name) is None:
        _insert(
            document,
            f'<style:style style:name="{name}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * 0.2:.2f}cm"/></style:style>',
        )
    return Column(style=name)


def _heading_row(sheet: Worksheet) -> int:
    """The row that heads the table of a sheet; none on the cover."""
    ranges = [table.ref for table in sheet.tables.values()]
    return int(re.search(r"\d+", ranges[0])[0]) if ranges else 0  # type: ignore[index]


def _style(cell: Any, sheet: Worksheet, heading: int) -> str:
    if isinstance(cell.value, (int, float)):
        return f"{'left' if cell.column == 1 else 'number'}{_decimals(cell)}"
    if cell.row == 1:
        return "title"
    if cell.row == heading:
        return "heading"
    if cell.row < heading:
        return "line"
    return "right" if cell.alignment.horizontal == "right" else "words"


def _decimals(cell: ExcelCell) -> int:
    return min(_MOST_DECIMALS, len(str(cell.number_format).partition(".")[2]))


def _cell(cell: Any, style: str) -> Cell:
    if cell.value is None:
        return Cell()
    if isinstance(cell.value, (int, float)):
        return Cell(value=cell.value, text=f"{cell.value:,.{_decimals(cell)}f}", cell_type="float", style=style)
    made = Cell(value=str(cell.value), cell_type="string", style=style)
    target = cell.hyperlink.location if cell.hyperlink else None
    if target:
        made.clear()
        made.set_attribute("office:value-type", "string")
        made.style = style
        paragraph = Paragraph()
        paragraph.append(Link(f"#{target.replace('!', '.')}", text=str(cell.value)))
        made.append(paragraph)
    return made


def _lay_out(document: Document) -> None:
    """One page wide when it is printed."""
    for layout in document.get_styles("page-layout"):
        properties: Any = layout.get_element("style:page-layout-properties")
        for name, value in (
            ("style:print-orientation", "landscape"), ("fo:page-width", "29.7cm"), ("fo:page-height", "21cm"),
            ("style:scale-to-X", "1"), ("style:scale-to-Y", "0"),
        ):  # fmt: skip
            properties.set_attribute(name, value)


def _describe(document: Document, title: str, author: str) -> None:
    document.meta.title = title
    document.meta.creator = author
    document.meta.language = f"{_LANGUAGE}-{_COUNTRY}"


def _saved(document: Document) -> bytes:
    """The file without the times at which it was made; ODF wants its type first, and not compressed."""
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made, packaging="zip")
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        names = sorted(old.namelist(), key=lambda name: (name != "mimetype", name))
        for name in names:
            content = old.read(name)
            if name == "meta.xml":
                content = re.sub(rb"<(meta:creation-date|dc:date|meta:editing-duration)>[^<]*</\1>", b"", content)
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, kind)
    return fixed.getvalue()
