"""Word by pandoc, opened again: headings, tables, alt text, bookmarks, styles of the council's own document."""

import io
import re
import zipfile

import pytest
from document_cases import ESCAPED, HOSTILE, LONG, chart, page
from docx import Document
from docx.shared import RGBColor

from analysis.errors import UnknownNameError
from analysis.report.printed import with_pngs
from analysis.report.word import REFERENCE_DOC, docx_of, require_reference_doc


def made(title="How many?", reference_doc=None, **changes):
    _, png = chart()
    return docx_of(with_pngs(page(**changes), {"trend": png}), title=title, reference_doc=reference_doc)


def opened(**changes):
    return Document(io.BytesIO(made(**changes)))


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name).decode()


def test_headings_are_headings():
    styles = [(item.style.name, item.text) for item in opened().paragraphs if item.style.name.startswith("Heading")]
    assert styles == [("Heading 1", "How many?"), ("Heading 2", "Over time"), ("Heading 3", "Sources")]


def test_tables_are_tables_with_a_heading_row_that_is_repeated():
    content = made()
    table = Document(io.BytesIO(content)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Who", "Per 10,000"], ["Nottingham", "89"]]
    xml = part(content, "word/document.xml")
    assert "<w:tblHeader" in xml
    assert 'w:tblCaption w:val="Rates"' in xml


def test_pictures_are_described_and_their_content_stands_once():
    xml = part(made(), "word/document.xml")
    assert 'descr="Line chart of a rate that rises from 60 to 89."' in xml
    assert "data:image" not in xml


def test_a_citation_leads_to_the_words():
    xml = part(made(), "word/document.xml")
    assert 'w:hyperlink w:anchor="figure-NCS21.011"' in xml
    assert re.search(r'w:bookmarkStart [^>]*w:name="figure-NCS21.011"', xml)


def test_title_and_language():
    content = made(title=HOSTILE)
    assert Document(io.BytesIO(content)).core_properties.title == HOSTILE
    assert 'w:val="en-GB"' in part(content, "word/styles.xml")
    assert part(content, "docProps/core.xml").count("<dc:title>") == 1


def test_the_same_bytes_twice():
    assert made() == made()


@pytest.mark.parametrize("changes", [{"title": ESCAPED}, {"caption": LONG}, {"caption": ESCAPED}, {"alt": LONG}])
def test_the_worst_names(changes):
    document = Document(io.BytesIO(docx_of(page(**changes), title=HOSTILE)))
    assert len(document.tables) == 1
    if changes.get("title"):
        assert any(HOSTILE in item.text for item in document.paragraphs)


def test_the_councils_own_styles_are_taken(tmp_path):
    path = tmp_path / "council.docx"
    document = Document(REFERENCE_DOC)
    document.styles["Heading 1"].font.color.rgb = RGBColor(0xAA, 0x00, 0x55)
    document.save(path)
    assert opened(reference_doc=path).styles["Heading 1"].font.color.rgb == RGBColor(0xAA, 0x00, 0x55)
    assert opened().styles["Heading 1"].font.color.rgb != RGBColor(0xAA, 0x00, 0x55)


def test_a_template_that_cannot_be_used_is_one_message(tmp_path):
    with pytest.raises(UnknownNameError, match="no such file"):
        require_reference_doc(tmp_path / "none.docx")
    wrong = tmp_path / "wrong.docx"
    wrong.write_text("not a document")
    with pytest.raises(UnknownNameError, match="no Word document"):
        require_reference_doc(wrong)


def test_a_table_of_many_columns_gives_each_room():
    heads = "".join(f'<th scope="col">Column {n}</th>' for n in range(9))
    cells = "".join(f"<td>2020-21 {n}</td>" for n in range(9))
    table = f"<table><caption>Wide</caption><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
    document = Document(io.BytesIO(docx_of(f"<html><body><h1>T</h1>{table}</body></html>", title="T")))
    widths = [column.width for column in document.tables[0].columns]
    assert min(widths) > 0.5 * max(widths)
