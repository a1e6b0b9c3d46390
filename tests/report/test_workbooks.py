"""Workbooks opened again, by other libraries than those that wrote them."""

import io
import re
import zipfile

import pytest
from document_cases import HOSTILE, LONG
from odf.opendocument import load as load_odf
from odf.table import Table, TableCell, TableHeaderRows, TableRow
from odf.teletype import extractText
from openpyxl import load_workbook

from analysis.report.exhibited import About
from analysis.report.opendocument import ods_of
from analysis.report.workbooks import xlsx_of

ABOUT = About("01_x", "How many?", "Nottingham", "2020-21")


def exhibit(name="trend", kind="trend", caption="Rates", cells=(("Leeds", "31.7%", "28.0% to 35.6%"),), **more):
    shown = {"caption": caption, "headings": ["Who", "Per cent", "95% interval"], "kinds": ["text", "number", "number"]}
    return {
        "name": name, "kind": kind, "lead": "There were 89.", "sentences": ["There were 89."], "caption": caption,
        "source": "Source: A report.", "cites": [], "caveats": [], "measures": [], "rows": "", "svg": "", "png": "",
        "table": shown | {"cells": cells} if cells is not None else None,
    } | more  # fmt: skip


SOURCES = exhibit(
    name="sources", kind="sources", cells=None,
    rows='figure,area_name,period,breakdown,value,citation,locator,quote\nNCS21.011,Nottingham,2020-21,Total,89.0,A,"p 1",=1+1\n',
)  # fmt: skip


def excel(*exhibits, about=ABOUT):
    return load_workbook(io.BytesIO(xlsx_of([*exhibits, SOURCES], about=about)))


def cells_of_ods(content):
    """Each sheet's rows, as text, and as numbers where they are numbers."""
    found = {}
    for sheet in load_odf(io.BytesIO(content)).getElementsByType(Table):
        rows = []
        for row in sheet.getElementsByType(TableRow):
            cells = row.getElementsByType(TableCell)
            rows.append([
                float(cell.getAttribute("value")) if cell.getAttribute("valuetype") == "float" else extractText(cell)
                for cell in cells
            ])  # fmt: skip
        found[sheet.getAttribute("name")] = rows
    return found


def test_cover_contents_notes_tables_sources():
    book = excel(exhibit(caveats=["Beware: Of this."]), exhibit(name="other", caption="Other"))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table 1", "Table 2", "Sources"]
    assert book["Cover"]["A1"].value == "How many? Nottingham, 2020-21"
    links = [row[0].hyperlink.location for row in book["Contents"].iter_rows() if row[0].hyperlink]
    assert links == ["'Table 1'!A1", "'Table 2'!A1", "'Sources'!A1"]
    assert "Beware: Of this." in [cell.value for row in book["Notes"].iter_rows() for cell in row]
    assert "[note 1]" in book["Table 1"]["A1"].value
    assert "[note" not in book["Table 2"]["A1"].value
    assert book.properties.title == "How many? Nottingham, 2020-21"


def test_numbers_are_numbers_with_the_decimals_that_were_shown():
    sheet = excel(exhibit())["Table 1"]
    last = [(cell.value, cell.number_format) for cell in list(sheet.iter_rows())[-1]]
    assert last[0][0] == "Leeds"
    assert last[1:] == [(31.7, "#,##0.0"), (28.0, "#,##0.0"), (35.6, "#,##0.0")]
    heads = [cell.value for cell in list(sheet.iter_rows())[-2]]
    assert heads == ["Who", "Per cent", "95% interval: lower limit (%)", "95% interval: upper limit (%)"]


def test_each_table_is_one_that_programs_know():
    for sheet in excel(exhibit()).worksheets[1:]:
        assert len(sheet.tables) == 1, sheet.title


def test_a_shorthand_is_explained_where_it_stands_and_on_the_cover():
    book = excel(exhibit(cells=(("Leeds", "31.7%", "28.0% to 35.6%"), ("York", "suppressed (c)", "\N{EN DASH}"))))
    for name in ("Table 1", "Cover"):
        assert "[c] hidden to protect children" in [cell.value for row in book[name].iter_rows() for cell in row]


@pytest.mark.parametrize(
    "changes",
    [{"caption": LONG}, {"caption": HOSTILE}, {"cells": ((HOSTILE, "5%", "\N{EN DASH}"),)}, {"cells": (("-", "5%", "1% to 9%"),)},
     {"cells": (("[a](b) $$c$$", "5%", "\N{EN DASH}"),)}, {"cells": ()}, {"cells": None}, {"sentences": [], "source": ""}],
)  # fmt: skip
def test_the_worst_names_and_no_table_at_all(changes):
    content = xlsx_of([exhibit(**changes), SOURCES], about=ABOUT)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames[-1] == "Sources"
    assert set(cells_of_ods(ods_of(content))) == set(book.sheetnames)


def test_no_cell_is_a_formula_and_none_begins_like_one():
    for sheet in excel(exhibit(cells=(("=HYPERLINK(1)", "5%", "\N{EN DASH}"), ("@SUM", "6%", "\N{EN DASH}")))):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "+", "-", "@"))


def test_two_runs_are_the_same_bytes():
    one, other = (xlsx_of([exhibit(), SOURCES], about=ABOUT) for _ in range(2))
    assert one == other
    assert ods_of(one) == ods_of(other)


def test_opendocument_has_the_same_cells():
    content = xlsx_of([exhibit(), SOURCES], about=ABOUT)
    ods = cells_of_ods(ods_of(content))
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        rows = [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()]
        assert ods[sheet.title] == rows


def test_opendocument_has_heading_rows_title_and_language():
    content = ods_of(xlsx_of([exhibit(), SOURCES], about=ABOUT))
    assert len(load_odf(io.BytesIO(content)).getElementsByType(TableHeaderRows)) == 3
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        meta = file.read("meta.xml").decode()
    assert re.search(r"<dc:title[^>]*>How many\? Nottingham, 2020-21<", meta)
    assert re.search(r"<dc:language[^>]*>en-GB<", meta)
    assert "creation-date" not in meta
