"""What an executed notebook shows: its exhibits, its headings, and what it says under which heading."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat

from analysis.errors import CatalogueError
from analysis.present.exhibits import MIME
from analysis.present.formatting import number
from analysis.vocabulary import STATUS_WORDS

#: Kinds of exhibit that say nothing of their own: they repeat, define or list.
_SAY_NOTHING_NEW = ("title", "headline", "definitions", "cautions", "files", "sources")


@dataclass(frozen=True)
class About:
    """What a report is.

    Attributes:
        name: with which its files begin.
        title: its title, a question.
        area: the area's name.
        year: the year's label.
        kind: report or briefing.
    """

    name: str
    title: str
    area: str
    year: str
    kind: str = "report"

    @property
    def full_title(self) -> str:
        """The title with its place and year, as a window or a document is called."""
        return f"{self.title} {self.area}, {self.year}"


@dataclass(frozen=True)
class Finding:
    """What a report says in one place.

    Attributes:
        heading: the headings above it, from the outermost.
        anchor: its id on the page.
        sentences: what it says.
        measures: ids of the indicators that it is about.
    """

    heading: str
    anchor: str
    sentences: list[str]
    measures: list[str] = field(default_factory=list)


def exhibits_of(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Return what each exhibit in an executed notebook carries, in order.

    Raises:
        CatalogueError: two share a name, so that their files would overwrite each other.
    """
    found = [item for cell in notebook.cells for item in _shown_by(cell)]
    names = [item["name"] for item in found]
    twice = sorted({item for item in names if names.count(item) > 1})
    if twice:
        raise CatalogueError(f"Two exhibits are called {twice[0]!r}. Give one another name with exhibits.named().")
    return found


def title_of(notebook: nbformat.NotebookNode) -> str:
    """Return the title of a notebook: what an exhibit gives as such, else its first heading.

    Example:
        >>> cell = nbformat.v4.new_markdown_cell("# How many?")
        >>> title_of(nbformat.v4.new_notebook(cells=[cell]))
        'How many?'
    """
    for cell in notebook.cells:
        for item in _shown_by(cell):
            if item["kind"] == "title":
                return str(item["lead"])
    return next((text for depth, text in headings_of(notebook) if depth == 1), "Untitled")


def headings_of(notebook: nbformat.NotebookNode) -> list[tuple[int, str]]:
    """Return the depth and the text of each heading, in order."""
    return [heading for cell in notebook.cells for heading in _headings(cell)]


def findings_of(notebook: nbformat.NotebookNode) -> list[Finding]:
    """Return what a notebook says, each with the headings above it."""
    above: dict[int, str] = {}
    found = []
    for cell in notebook.cells:
        for depth, text in _headings(cell):
            above = {level: words for level, words in above.items() if level < depth} | {depth: text}
        heading = ": ".join(text for depth, text in sorted(above.items()) if depth > 1)
        found += [
            Finding(heading, item["name"], item["sentences"], item["measures"])
            for item in _shown_by(cell)
            if item["sentences"] and item["kind"] not in _SAY_NOTHING_NEW
        ]
    return found


def numbers_of(exhibits: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return each figure that a report rests on, as its source prints it, or why there is none.

    Example:
        >>> rows = "figure,value,status,precision\\nNCS21.011,89.0,reported,0\\nNCS21.012,,suppressed,\\n"
        >>> numbers_of([{"kind": "sources", "rows": rows}])
        {'NCS21.011': '89', 'NCS21.012': 'suppressed (c)'}
    """
    lists = (item["rows"] for item in exhibits if item["kind"] == "sources")
    return {row["figure"]: _printed(row) for text in lists for row in csv.DictReader(io.StringIO(text))}


def _printed(row: Mapping[str, str]) -> str:
    if row["value"]:
        return number(float(row["value"]), int(float(row["precision"] or 0)))
    return STATUS_WORDS.get(row["status"], "") or "no value"


def slug(heading: str) -> str:
    """Return a heading as an id.

    Example:
        >>> slug("Is the change real?")
        'is-the-change-real'
    """
    return "-".join(re.findall(r"[a-z0-9]+", heading.lower()))


def _shown_by(cell: nbformat.NotebookNode) -> Iterator[dict[str, Any]]:
    for output in cell.get("outputs", []):
        if MIME in output.get("data", {}):
            yield output["data"][MIME]


def _headings(cell: nbformat.NotebookNode) -> Iterator[tuple[int, str]]:
    if cell.cell_type != "markdown":
        return
    for line in cell.source.splitlines():
        match = re.match(r"(#{1,4}) (.+)", line)
        if match:
            yield len(match[1]), match[2].strip()
