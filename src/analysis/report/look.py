"""What all pages share: one stylesheet, one script, one frame around their content."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"
SITE = "Children in care and child protection"


@cache
def environment() -> Environment:
    """Return the environment in which the pages around the reports are rendered; every text is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip


def render(template: str, values: Mapping[str, Any], *, root: str) -> str:
    """Return a page of the site.

    Args:
        template: the name of its template in ``templates/site``.
        values: what the template needs.
        root: the way from the page's folder to the folder of all reports, such as ``../``; blank where it is the same.
    """
    shared = {"root": root, "css": stylesheet(), "script": script(), "site": SITE}
    return environment().get_template(f"site/{template}").render(**shared, **values)


def stylesheet(kind: str = "report") -> str:
    """Return the stylesheet of a kind of page: that of all pages, and after it what this kind needs besides."""
    folder = TEMPLATES / "report"
    further = folder / f"{kind}.css"
    own = further.read_text(encoding="utf-8") if kind != "report" and further.exists() else ""
    return (folder / "report.css").read_text(encoding="utf-8") + own


def script() -> str:
    """Return the one script of all pages: light or dark colours, and tables opened for printing."""
    return (TEMPLATES / "page.js").read_text(encoding="utf-8")


def navigation(root: str, *, here: str = "") -> str:
    """Return the links to the pages around the reports.

    Args:
        root: the way to the folder of all reports.
        here: the address of this page, which is marked.
    """
    items = [
        f'<li><a href="{escape(root + address)}"{_current(address, here)}>{words}</a></li>'
        for address, words in PAGES.items()
    ]
    return f'<nav aria-label="Site"><ul>{"".join(items)}</ul></nav>'


#: The pages around the reports, by address.
PAGES = {
    "index.html": "All reports",
    "definitions/index.html": "Definitions",
    "sources/index.html": "Sources",
    "disagreements.html": "Disagreements",
    "changes.html": "What changed",
}


def _current(address: str, here: str) -> str:
    return ' aria-current="page"' if address == here else ""
