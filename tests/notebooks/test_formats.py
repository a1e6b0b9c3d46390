"""Each format from the same rows: the numbers of the page's tables stand in Word, in both workbooks and in the PDF."""

import io
import re
import shutil
import subprocess
from html import unescape

import nbformat
import pytest
from docx import Document
from openpyxl import load_workbook
from test_reports import text_of
from test_workbooks import cells_of_ods

from analysis.present.sheets import Shown, sheet_of
from analysis.present.tabulating import SHAPES
from analysis.report.exhibited import exhibits_of
from analysis.report.plain_words import words_to_a_sentence
from conftest import NAMES, in_ci

FOLDER = "nottingham/2020-21"


@pytest.fixture(params=NAMES)
def report(request, reports):
    """The path of a report without its ending, and its tables as the page shows them."""
    path = reports / FOLDER / request.param
    exhibits = exhibits_of(nbformat.read(f"{path}.ipynb", as_version=4))
    tables = [item["table"] for item in exhibits if item["table"] and item["table"]["cells"]]
    assert tables
    return path, tables


def content(path, ending):
    return path.with_name(f"{path.name}.{ending}").read_bytes()


def numbers_in(table):
    return [cell.value for row in sheet_of(table).rows for cell in row if isinstance(cell, Shown)]


def on_the_page(text, kind):
    """What the page shows of a cell: beside the word of a rating its shape, which grey printing keeps."""
    shape = f"{SHAPES[text]} " if kind == "rating" and text in SHAPES else ""
    return re.sub(r"\s+", " ", f"{shape}{text}").strip()


def test_word_has_every_cell_of_every_table(report):
    path, tables = report
    document = Document(io.BytesIO(content(path, "docx")))
    assert len(document.tables) == len(tables)
    for shown, made in zip(tables, document.tables, strict=True):
        cells = [[re.sub(r"\s+", " ", cell.text).strip() for cell in row.cells] for row in made.rows]
        assert cells[0] == [heading.strip() for heading in shown["headings"]]
        for row, texts in zip(cells[1:], shown["cells"], strict=True):
            kinds = shown["kinds"]
            assert [text for text, kind in zip(row, kinds, strict=True) if kind != "figures"] == [
                on_the_page(text, kind) for text, kind in zip(texts, kinds, strict=True) if kind != "figures"
            ]


def test_word_has_a_heading_for_each_of_the_page_and_each_picture_is_described(report):
    path, _ = report
    html = path.with_name(f"{path.name}.html").read_text()
    document = Document(io.BytesIO(content(path, "docx")))
    heads = [(item.style.name, item.text) for item in document.paragraphs if item.style.name.startswith("Heading")]
    assert heads == [(f"Heading {level}", words) for level, words in headings_of(html)]
    alts = [
        item.get("descr") for item in document.element.body.iter() if item.tag.endswith("}docPr")
    ]  # fmt: skip
    assert len(alts) == html.count("<img ")
    assert all(len(alt or "") > 20 for alt in alts)


def headings_of(html):
    """Level and words of each heading of a page, whatever its level."""
    found = re.findall(r"<h([1-6])\b[^>]*>(.*?)</h\1>", html, flags=re.S)
    return [(level, re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", words))).strip()) for level, words in found]


def test_workbooks_have_every_number_of_every_table(report):
    path, tables = report
    book = load_workbook(io.BytesIO(content(path, "xlsx")))
    ods = cells_of_ods(content(path, "ods"))
    for place, shown in enumerate(tables, start=1):
        name = f"Table {place}"
        in_xlsx = [cell.value for row in book[name].iter_rows() for cell in row if isinstance(cell.value, (int, float))]
        in_ods = [value for row in ods[name] for value in row if isinstance(value, float)]
        assert in_xlsx == numbers_in(shown), name
        assert in_ods == numbers_in(shown), name


def test_no_cell_of_a_workbook_is_a_formula(report):
    path, _ = report
    for sheet in load_workbook(io.BytesIO(content(path, "xlsx"))).worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), sheet.title


def test_the_pdf_has_every_number_of_every_table(report, formats):
    path, tables = report
    if "pdf" not in formats or (shutil.which("pdftotext") is None and not in_ci()):
        pytest.skip("needs a browser and pdftotext (Debian: poppler-utils)")
    done = subprocess.run(
        ["pdftotext", "-layout", str(path.with_name(f"{path.name}.pdf")), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    words = set(re.findall(r"\S+", done.stdout))
    for shown in tables:
        for row in shown["cells"]:
            for text, kind in zip(row, shown["kinds"], strict=True):
                if kind == "number":
                    assert set(text.split()) <= words, (shown["caption"], text)


@pytest.mark.parametrize("folder", ["nottingham/2020-21", "peterborough/2017-18", "nottinghamshire/2011-12"])
@pytest.mark.parametrize("name", NAMES)
def test_sentences_are_short(reports, folder, name):
    html = (reports / folder / f"{name}.html").read_text()
    assert 5 < words_to_a_sentence(html) <= 25
    assert "Words used on this page" in text_of(html)


def test_each_chart_can_be_taken_away_with_its_words(reports):
    charts = sorted((reports / FOLDER / "charts").glob("*.svg"))
    assert len(charts) > 10
    for chart in charts:
        words = chart.with_suffix(".txt").read_text(encoding="utf-8-sig")
        assert chart.with_suffix(".png").stat().st_size > 1000
        assert re.search(r"^Caption: .{10,}\nSource: .+\nAlt text: .{20,}\n", words), chart.name
