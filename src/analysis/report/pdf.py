"""A page as PDF, by a browser that is on the machine: tagged, with title, language, bookmarks and page numbers.

Councils' laptops have a Chromium-based browser (Edge), and often nothing else can be installed.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf

from analysis.errors import OutputError

#: The environment variable that names the browser.
BROWSER_VARIABLE = "ANALYSIS_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
PLACES = (
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
#: Seconds; a report takes about one.
LIMIT = 120
#: How much smaller a document may be printed to keep it within its pages.
_ZOOMS = (1, 0.94, 0.88, 0.82)
ARGUMENTS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
_NODE = re.compile(r"node\d{8}")
#: Page numbers stand in the margin; a browser of 2024 or later draws them.
_PAGES = """@page{{size:A4;margin:16mm 15mm 18mm;
@bottom-left{{content:"{title}";font:8pt sans-serif;color:#4a4a4a}}
@bottom-right{{content:"Page " counter(page) " of " counter(pages);font:8pt sans-serif;color:#4a4a4a}}}}"""


def find_browser() -> Path:
    """Return the browser that makes PDF: the one that ``ANALYSIS_BROWSER`` names, else one that is on the machine.

    Raises:
        OutputError: there is none.
    """
    named = os.environ.get(BROWSER_VARIABLE)
    found = shutil.which(named) if named else next(_browsers(), None)
    if found:
        return Path(found)
    asked = f"{BROWSER_VARIABLE} names {named!r}, which is no program" if named else f"looked for {', '.join(NAMES)}"
    raise OutputError(
        f"No browser was found to make a PDF ({asked}). Install Chromium, Chrome or Edge, or set {BROWSER_VARIABLE} "
        "to its path; or leave pdf out of --formats: a page can also be printed to PDF by hand."
    )


def pdf_of(html: str, *, title: str, most_pages: int | None = None, limit: float = LIMIT) -> bytes:
    """Return a printed page as PDF, the same bytes whenever it is made by the same browser.

    Args:
        html: a page, as from ``printed.printed_html``.
        title: the document's title, which also stands at the foot of each page.
        most_pages: print it a little smaller, step by step, where it would need more pages than this.
        limit: seconds that the browser may take.

    Raises:
        OutputError: there is no browser, or it fails or takes too long.
    """
    browser = find_browser()
    for zoom in _ZOOMS:
        content, pages = _printed(browser, _laid_out(html, title, zoom=zoom), title, limit=limit)
        if most_pages is None or pages <= most_pages:
            break
    return content


def _printed(browser: Path, html: str, title: str, *, limit: float) -> tuple[bytes, int]:
    """The file, and how many pages it has."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        _print(browser, page, made, limit=limit)
        return _finished(made, title)


def _browsers() -> Iterator[str]:
    yield from (found for name in NAMES if (found := shutil.which(name)))
    yield from (place for place in PLACES if Path(place).is_file())


def _laid_out(html: str, title: str, *, zoom: float) -> str:
    """The page with numbered sheets; a figure becomes plain parts, as its picture alone carries a description."""
    in_css = title.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ").replace("\n", " ")
    html = html.replace("<figure", '<div class="figure"').replace("</figure>", "</div>")
    html = html.replace("<figcaption", '<p class="small"').replace("</figcaption>", "</p>")
    style = _PAGES.format(title=in_css) + (f"body{{zoom:{zoom}}}" if zoom != 1 else "")
    return html.replace("</head>", f"<style>{style}</style></head>", 1)


def _print(browser: Path, page: Path, made: Path, *, limit: float) -> None:
    command = [str(browser), *ARGUMENTS, *_as_root(), f"--user-data-dir={page.parent / 'profile'}",
               f"--print-to-pdf={made}", page.as_uri()]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        raise OutputError(f"{browser} took more than {limit:g} seconds to make a PDF. {_ADVICE}") from None
    except OSError as error:
        raise OutputError(f"{browser} could not be started: {error.strerror}. {_ADVICE}") from None
    if done.returncode or not made.exists():
        raise OutputError(f"{browser} made no PDF (it ended with code {done.returncode}). {_ADVICE}")


_ADVICE = f"Name another browser with {BROWSER_VARIABLE}, or leave pdf out of --formats. What stood there before still stands."


def _as_root() -> list[str]:
    """As root, which containers run as, the browser's own cage cannot be built."""
    return ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []


def _finished(made: Path, title: str) -> tuple[bytes, int]:
    """The file with its title in both places where readers look, and without dates and random identifiers."""
    file = io.BytesIO()
    try:
        with pikepdf.open(made) as document:
            with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
                metadata["dc:title"] = title
                metadata["dc:language"] = ["en-GB"]
            document.docinfo = document.make_indirect(
                pikepdf.Dictionary(Title=title, Producer=_producer(document), Creator="Children in care statistics")
            )
            _renumber_nodes(document)
            document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
            document.save(file, deterministic_id=True)
            pages = len(document.pages)
    except pikepdf.PdfError as error:
        raise OutputError(f"The browser made a PDF that cannot be read ({error}). {_ADVICE}") from None
    return file.getvalue(), pages


def _renumber_nodes(document: pikepdf.Pdf) -> None:
    """Count the tags' identifiers from one: the browser counts on from wherever it was, which differs from run to run."""
    places = [place for item in document.objects for place in _node_names(item)]
    numbers = sorted({str(holder[key]) for holder, key in places})
    new = {name: pikepdf.String(f"node{number:08d}") for number, name in enumerate(numbers, start=1)}
    for holder, key in places:
        holder[key] = new[str(holder[key])]


def _node_names(item: Any) -> Iterator[tuple[Any, Any]]:
    """Where the identifier of a tag stands: the dictionary or array that holds it, and under which key."""
    if isinstance(item, pikepdf.Array):
        keys: Iterable[Any] = range(len(item))
    elif isinstance(item, pikepdf.Dictionary):
        keys = list(item.keys())
    else:
        return
    for key in keys:
        value = item[key]
        if isinstance(value, pikepdf.String) and _NODE.fullmatch(str(value)):
            yield item, key
        elif isinstance(value, (pikepdf.Array, pikepdf.Dictionary)) and not value.is_indirect:
            yield from _node_names(value)


def _producer(document: pikepdf.Pdf) -> str:
    return re.sub(r"[^\x20-\x7e]", "", str(document.docinfo.get("/Producer", "")))
