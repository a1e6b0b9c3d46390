"""The page as it is printed: without what serves the screen, with everything open, and no way out of the document."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from bs4 import BeautifulSoup, Tag


def printed_html(html: str) -> str:
    """Return a page as it is printed.

    What carries ``data-screen`` is gone, scripts too; the data behind charts stands open; links to other pages are
    their words, as a path of the machine that made the document must not stand in it; links within it stay.

    Args:
        html: a page.
    """
    page = BeautifulSoup(html, "html.parser")
    for part in page.select("[data-screen], script"):
        part.decompose()
    for part in page.select("details"):
        _open(part)
    for link in page.select("a[href]"):
        if not str(link["href"]).startswith(("#", "https://")):
            link.unwrap()
    return str(page)


def with_pngs(html: str, pngs: Mapping[str, bytes]) -> str:
    """Return a page whose charts are PNG, by the name of their exhibit; Word cannot show SVG everywhere.

    Args:
        html: a page.
        pngs: pictures by the name of their exhibit.
    """
    page = BeautifulSoup(html, "html.parser")
    for figure in page.select("figure[data-exhibit]"):
        picture, image = pngs.get(str(figure["data-exhibit"])), figure.find("img")
        if picture and image:
            image["src"] = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return str(page)


def _open(part: Tag) -> None:
    for summary in part.find_all("summary", recursive=False):
        summary.decompose()
    part.name = "div"
