"""The formats that a report can be made in, each from the same page and the same rows."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import UnknownNameError, did_you_mean
from analysis.report.exhibited import About

#: Formats by the ending of their files, with the words that name them. The page is always made.
FORMATS = {
    "html": "page",
    "pdf": "PDF",
    "docx": "Word",
    "xlsx": "Excel workbook",
    "ods": "OpenDocument workbook",
}

#: A briefing is printed on no more.
BRIEFING_PAGES = 2


@dataclass(frozen=True)
class Content:
    """What a format is made from.

    Attributes:
        page: the page, as HTML.
        exhibits: what each exhibit of it carries.
        about: what the report is.
    """

    page: str
    exhibits: Sequence[Mapping[str, Any]]
    about: About


def parse_formats(text: str) -> tuple[str, ...]:
    """Return the formats that a text names, parted by commas; the page is always among them.

    Raises:
        UnknownNameError: one is not known; the nearest are offered.

    Example:
        >>> parse_formats("pdf, docx")
        ('html', 'pdf', 'docx')
    """
    asked = [item.strip().lower() for item in text.split(",") if item.strip()]
    for item in asked:
        if item not in FORMATS:
            raise UnknownNameError(f"There is no format {item!r}. {did_you_mean(item, FORMATS)} Nothing was run.")
    return tuple(dict.fromkeys(["html", *asked]))


def require_tools(formats: Sequence[str], *, reference_doc: Path | None = None) -> None:
    """Make sure that every format can be made, before anything is run.

    Raises:
        OutputError: a tool is not installed; the message says which, and what to do.
        UnknownNameError: the council's own template cannot be used.
    """
    if "pdf" in formats:
        from analysis.report.pdf import find_browser

        find_browser()
    if "docx" in formats:
        from analysis.report.word import require_pandoc, require_reference_doc

        require_pandoc()
        if reference_doc is not None:
            require_reference_doc(reference_doc)


def in_format(name: str, content: Content, *, reference_doc: Path | None = None) -> bytes:
    """Return a report in a format.

    Args:
        name: pdf, docx, xlsx or ods.
        content: what it is made from.
        reference_doc: for Word, a document whose styles are taken.

    Raises:
        OutputError: the tool is missing or fails.
    """
    return _MAKERS[name](content, reference_doc)


def _pdf(content: Content, _reference_doc: Path | None) -> bytes:
    from analysis.report.pdf import pdf_of
    from analysis.report.printed import printed_html

    most = BRIEFING_PAGES if content.about.kind == "briefing" else None
    return pdf_of(printed_html(content.page), title=content.about.full_title, most_pages=most)


def _docx(content: Content, reference_doc: Path | None) -> bytes:
    from analysis.report.printed import printed_html, with_pngs
    from analysis.report.word import docx_of

    html = with_pngs(printed_html(content.page), _pngs(content))
    return docx_of(html, title=content.about.full_title, reference_doc=reference_doc)


def _xlsx(content: Content, _reference_doc: Path | None) -> bytes:
    from analysis.report.workbooks import xlsx_of

    return xlsx_of(content.exhibits, about=content.about)


def _ods(content: Content, _reference_doc: Path | None) -> bytes:
    from analysis.report.opendocument import ods_of

    return ods_of(_xlsx(content, None))


_MAKERS: dict[str, Callable[[Content, Path | None], bytes]] = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "ods": _ods}


def _pngs(content: Content) -> dict[str, bytes]:
    return {item["name"]: base64.b64decode(item["png"]) for item in content.exhibits if item["png"]}
