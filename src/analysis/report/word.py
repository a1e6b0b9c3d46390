"""A page as a Word document, by pandoc: real headings, tables and alt text, in the styles of the council's template."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import pypandoc
from bs4 import BeautifulSoup, Tag

from analysis.errors import OutputError, UnknownNameError
from analysis.report.look import TEMPLATES

#: The styles that are taken where a council gives no document of its own; made by tools/make_reference_doc.py.
REFERENCE_DOC = TEMPLATES / "reference.docx"
#: A date that is always the same: two runs write the same bytes.
_EPOCH = "315532800"
_READER = "html-native_divs"
#: Characters to a line of a table, and to the longest text that a column is made wide for.
_LINE, _LONG = 84, 36


def require_pandoc() -> None:
    """Make sure that pandoc is there.

    Raises:
        OutputError: it is not.
    """
    try:
        pypandoc.get_pandoc_path()
    except OSError:
        raise OutputError(
            "pandoc, which makes Word documents, was not found. Install the packages of requirements.lock again, "
            "or leave docx out of --formats: Word can also open the page itself."
        ) from None


def require_reference_doc(path: Path) -> Path:
    """Return the path of a Word document whose styles can be taken.

    Raises:
        UnknownNameError: there is no such file, or it is no Word document.
    """
    if not path.is_file():
        raise UnknownNameError(f"--reference-doc {path}: there is no such file. Expected a Word document (.docx).")
    if not zipfile.is_zipfile(path) or "word/styles.xml" not in zipfile.ZipFile(path).namelist():
        raise UnknownNameError(
            f"--reference-doc {path}: this is no Word document with styles. Expected a .docx; a template (.dotx) or an "
            "older .doc must be saved as .docx first."
        )
    return path


def docx_of(html: str, *, title: str, reference_doc: Path | None = None) -> bytes:
    """Return a printed page as a Word document.

    Args:
        html: a page, as from ``printed.printed_html``, its charts as PNG.
        title: the document's title.
        reference_doc: a Word document whose styles, margins, header and footer are taken.

    Raises:
        OutputError: pandoc is missing or fails.
        UnknownNameError: the reference document cannot be used.
    """
    require_pandoc()
    styles = require_reference_doc(reference_doc or REFERENCE_DOC)
    with tempfile.TemporaryDirectory() as folder, _fixed_date():
        made = Path(folder) / "report.docx"
        try:
            pypandoc.convert_text(
                _for_word(html), "docx", format=_READER, outputfile=str(made),
                extra_args=["--sandbox", f"--reference-doc={styles}"],
            )  # fmt: skip
        except RuntimeError as error:
            raise OutputError(f"pandoc could not make a Word document: {str(error).strip()[:300]}") from None
        return _finished(made.read_bytes(), title)


def _for_word(html: str) -> str:
    """The page in the forms that pandoc turns into Word's own."""
    page = BeautifulSoup(html, "html.parser")
    # Pandoc would print the title above the first heading, which says the same.
    for part in page.select("title, style, .hidden"):
        part.decompose()
    for item in page.select("dt[id]"):
        _bookmark(page, item)
    for cell in page.select("th.number, td.number"):
        cell["style"] = "text-align: right"
    for table in page.select("table"):
        _widths(page, table)
    return str(page)


def _bookmark(page: BeautifulSoup, item: Tag) -> None:
    """Pandoc keeps the id of a span as a bookmark, that of a term it drops."""
    mark = page.new_tag("span", id=str(item["id"]))
    del item["id"]
    for child in list(item.contents):
        mark.append(child.extract())
    item.append(mark)


def _widths(page: BeautifulSoup, table: Tag) -> None:
    """Columns with room for their longest word, and what is left by their longest text; Word would make them all equal."""
    rows = [[_text(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    columns = list(zip(*rows, strict=False))
    least = [max(len(word) for text in column for word in [*text.split(), "four"]) + 4 for column in columns]
    wanted = [min(max(map(len, column)), _LONG) + 4 for column in columns]
    more = [max(0, want - need) for want, need in zip(wanted, least, strict=True)]
    spare = max(0, _LINE - sum(least))
    widths = [need + (spare * extra / sum(more) if sum(more) else 0) for need, extra in zip(least, more, strict=True)]
    group = page.new_tag("colgroup")
    for width in widths:
        group.append(page.new_tag("col", style=f"width: {100 * width / sum(widths):.1f}%"))
    caption = table.find("caption")
    table.insert(1 if caption else 0, group)


def _text(cell: Tag) -> str:
    return re.sub(r"\s+", " ", cell.get_text(" ")).strip()


def _finished(made: bytes, title: str) -> bytes:
    """The document with its title in its properties, and the pictures' names in place of their whole content."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as file:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "word/document.xml":
                content = re.sub(rb'(<pic:cNvPr [^>]*)descr="data:[^"]*"', rb'\1descr=""', content)
            if item.filename == "docProps/core.xml":
                content = re.sub(rb"<dc:title>.*?</dc:title>", b"", content)
                named = f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
                content = content.replace(b"</cp:coreProperties>", named.encode())
            file.writestr(item, content)
    return new.getvalue()


@contextmanager
def _fixed_date() -> Iterator[None]:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = _EPOCH
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
