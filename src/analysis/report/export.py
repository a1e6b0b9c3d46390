"""From an executed notebook to the files of a report: page, charts, rows. Pure: notebook in, contents out."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

from analysis.errors import CatalogueError
from analysis.present.exhibits import MIME

TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r"<h(2)>([^<]+)</h2>")
_CAVEAT = re.compile(r'<li data-caveat="([a-z0-9-]+)"><strong>([^<]+)\.</strong> (.*?)</li>')
_FILES = re.compile(r'<p class="files" data-exhibit="([a-z0-9_]+)"></p>')


@dataclass(frozen=True)
class Report:
    """The files of one report.

    Attributes:
        name: the notebook's name.
        question: its title.
        headline: the sentence that answers it.
        figures: identifiers of the figures used, in order of use.
        files: contents by path, relative to the folder of its area and year.
    """

    name: str
    question: str
    headline: str
    figures: tuple[str, ...]
    files: Mapping[str, bytes]


def export_report(notebook: nbformat.NotebookNode, *, name: str, area: str, year: str) -> Report:
    """Return the report of an executed notebook.

    Args:
        notebook: as from ``runner.run_notebook``.
        name: the notebook's name.
        area: the area's name.
        year: the year's label.

    Raises:
        CatalogueError: two exhibits or two tables share a name, or a link leads to nothing on the page.
    """
    exhibits = exhibits_of(notebook)
    question = title_of(notebook)
    charts = {path: content for item in exhibits for path, content in _chart_files(name, item)}
    page = _require_sound(_page(notebook, exhibits, name=name, question=question, area=area, year=year), name)
    headline = next((item["lead"] for item in exhibits if item["kind"] == "headline"), "")
    files = {f"{name}.ipynb": _notebook_bytes(notebook), f"{name}.html": page.encode(), **charts}
    cited = dict.fromkeys(figure for item in exhibits for figure in item["cites"])
    return Report(name, question, headline, tuple(cited), files)


def exhibits_of(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Return what each exhibit in an executed notebook carries, in order.

    Raises:
        CatalogueError: two share a name, so that their files would overwrite each other.
    """
    found = [
        output["data"][MIME]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    names = [item["name"] for item in found]
    twice = sorted({item for item in names if names.count(item) > 1})
    if twice:
        raise CatalogueError(f"Two exhibits are called {twice[0]!r}. Give one another name with exhibits.named().")
    return found


def title_of(notebook: nbformat.NotebookNode) -> str:
    """Return the first heading of a notebook.

    Example:
        >>> cell = nbformat.v4.new_markdown_cell("# How many?")
        >>> title_of(nbformat.v4.new_notebook(cells=[cell]))
        'How many?'
    """
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), "Untitled")


def _page(
    notebook: nbformat.NotebookNode, exhibits: list[dict[str, Any]], *, name: str, question: str, area: str, year: str
) -> str:
    exporter = HTMLExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        config=Config(),
    )
    page = {
        "question": question,
        "area": area,
        "year": year,
        "contents": _contents(notebook),
        "css": stylesheet(),
    }
    html, _ = exporter.from_notebook_node(notebook, resources={"page": page})
    by_name = {item["name"]: item for item in exhibits}
    html = _HEADING.sub(lambda match: f'<h{match[1]} id="{_slug(match[2])}">{match[2]}</h{match[1]}>', html)
    return _FILES.sub(lambda match: _file_links(name, by_name[match[1]]), _each_caveat_once(html))


def _each_caveat_once(html: str) -> str:
    """Leave a caveat in full where it first stands; where it applies again, point there."""
    seen: set[str] = set()

    def once(match: re.Match[str]) -> str:
        slug, short, text = match[1], match[2], match[3]
        if slug in seen:
            return f'<li><a href="#caveat-{slug}">{short}</a> (as said above)</li>'
        seen.add(slug)
        return f'<li id="caveat-{slug}"><strong>{short}.</strong> {text}</li>'

    return _CAVEAT.sub(once, html)


def stylesheet() -> str:
    """Return the one stylesheet of all pages."""
    return (TEMPLATES / "report" / "report.css").read_text(encoding="utf-8")


def _contents(notebook: nbformat.NotebookNode) -> list[dict[str, str]]:
    heads = [
        line.removeprefix("## ")
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    return [{"text": head, "id": _slug(head)} for head in heads]


def _slug(heading: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", heading.lower()))


def _file_links(name: str, item: Mapping[str, Any]) -> str:
    links = [
        f'<a href="{path}" download>{kind} <span class="hidden">of {escape(item["caption"])}</span></a>'
        for kind, path in (("SVG", _path(name, item, "svg")), ("PNG", _path(name, item, "png")))
        if item["svg"]
    ]
    links.append(
        f'<a href="{_path(name, item, "csv")}" download>CSV <span class="hidden">of {escape(item["caption"])}</span></a>'
    )
    return f'<p class="files">Take away: {" ".join(links)}</p>'


def _path(name: str, item: Mapping[str, Any], kind: str) -> str:
    folder = "tables" if kind == "csv" else "charts"
    return f"{folder}/{name[:2]}_{item['name']}.{kind}"


def _chart_files(name: str, item: Mapping[str, Any]) -> Iterable[tuple[str, bytes]]:
    if item["svg"]:
        yield _path(name, item, "svg"), item["svg"].encode()
        yield _path(name, item, "png"), base64.b64decode(item["png"])
    if item["rows"]:
        yield _path(name, item, "csv"), item["rows"].encode("utf-8-sig")


def _notebook_bytes(notebook: nbformat.NotebookNode) -> bytes:
    text: str = nbformat.writes(notebook)
    return f"{text}\n".encode()


def _require_sound(html: str, name: str) -> str:
    """A number that leads nowhere cannot be trusted, and two tables of one name cannot be told apart by ear."""
    captions = re.findall(r"<caption>([^<]+)</caption>", html)
    twice = sorted({caption for caption in captions if captions.count(caption) > 1})
    if twice:
        raise CatalogueError(
            f"Notebook {name}: two tables are called {twice[0]!r}. Tell them apart with exhibits.named(caption_ends=…)."
        )
    targets = set(re.findall(r'id="([^"]+)"', html))
    dead = sorted(set(re.findall(r'href="#([^"]+)"', html)) - targets)
    if dead:
        raise CatalogueError(
            f"Notebook {name}: the page links to {dead[0]!r}, which is not on it. "
            "Is every exhibit in the list that exhibits.sources() gets?"
        )
    return html
