"""From an executed notebook to its page: one HTML file that needs nothing else. Pure: notebook in, text out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

from analysis.present.glossary import glossary_html, terms_in
from analysis.report.exhibited import About, headings_of, slug
from analysis.report.look import TEMPLATES, navigation, script, stylesheet

#: The way from a page's folder, <area>/<year>, to the folder of all reports.
ROOT = "../../"
GLOSSARY = "Words used on this page"
_HEADING = re.compile(r"<h2>([^<]+)</h2>")
_CAVEAT = re.compile(r'<li data-caveat="([a-z0-9-]+)"><strong>([^<]+)\.</strong> (.*?)</li>')
_FILES = re.compile(r'<p class="files" data-exhibit="([a-z0-9_]+)"></p>')
_UNSEEN = re.compile(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", flags=re.S)

Exhibits = Sequence[Mapping[str, Any]]


def page_of(
    notebook: nbformat.NotebookNode,
    exhibits: Exhibits,
    *,
    about: About,
    code: bool = False,
    also: Mapping[str, str] | None = None,
) -> str:
    """Return the page of an executed notebook.

    Args:
        notebook: executed.
        exhibits: what it shows.
        about: what the report is.
        code: whether the code of each step stands on the page, behind a disclosure.
        also: the other formats that the report is made in: file by name of format.
    """
    exporter = HTMLExporter(
        template_name="report", extra_template_basedirs=[str(TEMPLATES)], exclude_anchor_links=True, config=Config()
    )
    page = {
        "about": about, "code": code, "contents": _contents(notebook),
        "css": stylesheet(about.kind), "script": script(), "navigation": navigation(ROOT),
    }  # fmt: skip
    html, _ = exporter.from_notebook_node(notebook, resources={"page": page})
    html = _each_caveat_once(_HEADING.sub(lambda match: f'<h2 id="{slug(match[1])}">{match[1]}</h2>', html))
    by_name = {item["name"]: item for item in exhibits}
    html = _FILES.sub(lambda match: _file_links(about.name, by_name[match[1]]), html)
    return _with_formats(_with_glossary(html), also or {})


def chart_path(name: str, item: Mapping[str, Any], kind: str) -> str:
    """Return the path of a file of an exhibit, from the page's folder."""
    folder = "tables" if kind == "csv" else "charts"
    start = name[:2] if name[:2].isdigit() else name
    return f"{folder}/{start}_{item['name']}.{kind}"


def _contents(notebook: nbformat.NotebookNode) -> list[dict[str, str]]:
    heads = [text for depth, text in headings_of(notebook) if depth == 2]
    return [{"text": text, "id": slug(text)} for text in [*heads, GLOSSARY]]


def _each_caveat_once(html: str) -> str:
    """Leave a caveat in full where it first stands; where it applies again, point there."""
    seen: set[str] = set()

    def once(match: re.Match[str]) -> str:
        name, short, text = match[1], match[2], match[3]
        if name in seen:
            return f'<li><a href="#caveat-{name}">{short}</a> (as said above)</li>'
        seen.add(name)
        return f'<li id="caveat-{name}"><strong>{short}.</strong> {text}</li>'

    return _CAVEAT.sub(once, html)


def _file_links(name: str, item: Mapping[str, Any]) -> str:
    hidden = f'<span class="hidden">of {escape(item["caption"])}</span>'
    links = [f'<a href="{path}" download>{kind} {hidden}</a>' for kind, path in _files_of(name, item)]
    return f'<p class="files" data-screen>Take away: {" ".join(links)}</p>'


def _files_of(name: str, item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if item["svg"]:
        yield "SVG", chart_path(name, item, "svg")
        yield "PNG", chart_path(name, item, "png")
        yield "caption and alt text", chart_path(name, item, "txt")
    yield "CSV", chart_path(name, item, "csv")


def _with_glossary(html: str) -> str:
    terms = terms_in(_UNSEEN.sub(" ", html))
    part = f'<h2 id="{slug(GLOSSARY)}">{GLOSSARY}</h2>{glossary_html(terms)}' if terms else ""
    if not part:
        html = html.replace(f'<li><a href="#{slug(GLOSSARY)}">{GLOSSARY}</a></li>', "")
    return html.replace("</main>", f"{part}</main>")


def _with_formats(html: str, also: Mapping[str, str]) -> str:
    if not also:
        return html
    links = ", ".join(f'<a href="{escape(path)}">{escape(words)}</a>' for words, path in also.items())
    return html.replace("</h1>", f'</h1><p class="formats" data-screen>Also as {links}.</p>', 1)
