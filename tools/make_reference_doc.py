"""Make the document whose styles Word reports take: pandoc's own, with a plain typeface, quiet tables and page numbers.

Run once, when the styles are to change: ``python tools/make_reference_doc.py``.
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pypandoc
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TARGET = Path(__file__).parents[1] / "src" / "analysis" / "report" / "templates" / "reference.docx"
FONT = "Arial"
BLUE, GREY, INK = RGBColor(0x12, 0x43, 0x6D), RGBColor(0x4A, 0x4A, 0x4A), RGBColor(0x1B, 0x1B, 0x1B)
#: Style, size in points, bold, colour, space before and after in points.
STYLES = (
    ("Normal", 11, False, INK, 0, 6),
    ("Body Text", 11, False, INK, 0, 6),
    ("First Paragraph", 11, False, INK, 0, 6),
    ("Compact", 9, None, INK, 1, 1),
    ("Title", 20, True, BLUE, 0, 12),
    ("Heading 1", 20, True, BLUE, 0, 10),
    ("Heading 2", 15, True, BLUE, 18, 6),
    ("Heading 3", 12, True, INK, 12, 4),
    ("Table Caption", 10.5, True, INK, 10, 3),
    ("Image Caption", 9.5, False, GREY, 2, 10),
    ("Captioned Figure", 11, False, INK, 6, 0),
    ("Definition Term", 10, True, INK, 6, 0),
    ("Definition", 10, False, INK, 0, 2),
    ("Block Text", 11, False, INK, 4, 4),
)


def main() -> int:
    document = Document(io.BytesIO(default_document()))
    for name, size, bold, colour, before, after in STYLES:
        restyle(document.styles[name], size=size, bold=bold, colour=colour, before=before, after=after)
    for name in ("Heading 2", "Heading 3", "Table Caption", "Captioned Figure"):
        document.styles[name].paragraph_format.keep_with_next = True
    restyle_tables(document.styles["Table"])
    set_page(document.sections[0])
    set_language(document)
    TARGET.write_bytes(with_fixed_dates(document))
    return 0


def default_document() -> bytes:
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"], capture_output=True, check=True
    )
    return done.stdout


def restyle(style, *, size, bold, colour, before, after) -> None:
    font = style.font
    font.name, font.size, font.italic, font.color.rgb = FONT, Pt(size), False, colour
    # A style that says "not bold" would undo the bold of a table's heading row.
    font.bold = bold or None
    fonts = style.element.rPr.rFonts
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)
    for attribute in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(attribute), FONT)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.alignment = Pt(before), Pt(after), WD_ALIGN_PARAGRAPH.LEFT


def restyle_tables(style) -> None:
    """Thin lines between rows, a thicker one below the heading row, which is bold."""
    element = style.element
    for old in element.findall(qn("w:tblStylePr")):
        element.remove(old)
    properties = element.find(qn("w:tblPr"))
    for old in properties.findall(qn("w:tblBorders")):
        properties.remove(old)
    properties.append(borders("w:tblBorders", {"bottom": 4, "insideH": 4}))
    first = OxmlElement("w:tblStylePr")
    first.set(qn("w:type"), "firstRow")
    run = OxmlElement("w:rPr")
    run.append(OxmlElement("w:b"))
    cells = OxmlElement("w:tcPr")
    cells.append(borders("w:tcBorders", {"bottom": 12}))
    first.extend([run, cells])
    element.append(first)


def borders(name, sizes):
    found = OxmlElement(name)
    for side, size in sizes.items():
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "8A8A8A")):
            line.set(qn(f"w:{key}"), value)
        found.append(line)
    return found


def set_page(section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        foot.add_run(words).font.size = Pt(9)
        add_field(foot, field)


def add_field(paragraph, code) -> None:
    for kind in ("begin", None, "separate", "text", "end"):
        run = paragraph.add_run()
        run.font.size = Pt(9)
        if kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = code
        elif kind == "text":
            part = OxmlElement("w:t")
            part.text = "1"
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def set_language(document) -> None:
    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), "en-GB")


def with_fixed_dates(document) -> bytes:
    document.core_properties.author = ""
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


if __name__ == "__main__":
    sys.exit(main())
