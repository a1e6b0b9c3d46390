"""What a page must be before it is written: rules that accessibility checkers do not see, and links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from analysis.errors import CatalogueError
from analysis.report.plain_words import check_words

_TABLE = re.compile(r"<table.*?</table>", flags=re.S)


def require_sound(html: str, name: str) -> str:
    """Return a page that keeps every rule.

    Raises:
        CatalogueError: it breaks some; all are listed.
    """
    problems = check_page(html)
    if problems:
        listed = "; ".join(problems[:5]) + (f"; and {len(problems) - 5} more" if len(problems) > 5 else "")
        raise CatalogueError(f"Report {name}: its page is not fit to be published. {listed}.")
    return html


def check_page(html: str) -> list[str]:
    """Return every rule that a page breaks, in words; none for a sound page."""
    rules: tuple[Callable[[str], Iterator[str]], ...] = (_title, _one_h1, _pictures, _tables, _captions, _links)
    return [problem for rule in rules for problem in rule(html)] + check_words(html)


def _title(html: str) -> Iterator[str]:
    match = re.search(r"<title>([^<]*)</title>", html)
    if match is None or match[1].strip() in ("", "Notebook", "Untitled"):
        yield "the page has no title"


def _one_h1(html: str) -> Iterator[str]:
    found = len(re.findall(r"<h1[ >]", html))
    if found != 1:
        yield f"the page has {found} headings of the first level, expected one"


def _pictures(html: str) -> Iterator[str]:
    for attributes in re.findall(r"<img([^>]*)>", html):
        alt = re.search(r' alt="([^"]*)"', attributes)
        if alt is None or len(alt[1].strip()) < 20 or "No description" in alt[1]:
            yield f"a picture is not described ({alt[1] if alt else 'no alt text'!r})"


def _tables(html: str) -> Iterator[str]:
    for table in _TABLE.findall(html):
        if "<caption>" not in table:
            yield "a table has no caption"
        if re.search(r"<th(?![^>]*scope=)[ >]", table):
            yield "a heading of a table does not say what it heads"


def _captions(html: str) -> Iterator[str]:
    captions = re.findall(r"<caption>([^<]+)</caption>", html)
    for caption in sorted({item for item in captions if captions.count(item) > 1}):
        yield f"two tables are called {caption!r}: tell them apart with exhibits.named(caption_ends=…)"


def _links(html: str) -> Iterator[str]:
    targets = set(re.findall(r'id="([^"]+)"', html))
    for dead in sorted(set(re.findall(r'href="#([^"]+)"', html)) - targets):
        yield (
            f"the page links to {dead!r}, which is not on it: is every exhibit in the list that exhibits.sources() gets?"
        )
