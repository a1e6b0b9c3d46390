"""From an executed notebook to the files of a report: page, charts, rows, other formats. Notebook in, contents out."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from analysis.report.exhibited import About, Finding, exhibits_of, findings_of, numbers_of, title_of
from analysis.report.formats import FORMATS, Content, in_format
from analysis.report.page import chart_path, page_of
from analysis.report.soundness import require_sound


@dataclass(frozen=True)
class Report:
    """The files of one report.

    Attributes:
        name: the notebook's name, or that of the briefing.
        kind: report or briefing.
        question: its title.
        headline: the sentence that answers it.
        figures: identifiers of the figures used, in order of use.
        measures: ids of the indicators that it is about.
        findings: what it says, and where.
        numbers: each figure that it rests on, as printed.
        files: contents by path, relative to the folder of its area and year.
    """

    name: str
    kind: str
    question: str
    headline: str
    figures: tuple[str, ...]
    measures: tuple[str, ...]
    findings: tuple[Finding, ...]
    numbers: Mapping[str, str]
    files: Mapping[str, bytes]


def export_report(
    notebook: nbformat.NotebookNode,
    *,
    name: str,
    area: str,
    year: str,
    kind: str = "report",
    formats: Sequence[str] = ("html",),
    code: bool = False,
    reference_doc: Path | None = None,
) -> Report:
    """Return the report of an executed notebook.

    Args:
        notebook: as from ``runner.run_notebook``.
        name: the notebook's name.
        area: the area's name.
        year: the year's label.
        kind: report or briefing.
        formats: of ``formats.FORMATS``; the page is always made.
        code: whether the page has the code of each step, behind a disclosure.
        reference_doc: a Word document whose styles are taken.

    Raises:
        CatalogueError: two exhibits or two tables share a name, a link leads to nothing on the page, or a rule of
            accessible or plain pages is broken.
        OutputError: the tool of a format is missing or fails.
    """
    exhibits = exhibits_of(notebook)
    about = About(name, title_of(notebook), area, year, kind)
    further = [item for item in formats if item != "html"]
    also = {FORMATS[item]: f"{name}.{item}" for item in further}
    page = require_sound(page_of(notebook, exhibits, about=about, code=code, also=also), name)
    content = Content(page, exhibits, about)
    files = {f"{name}.ipynb": _notebook_bytes(notebook), f"{name}.html": page.encode()}
    files |= {path: data for item in exhibits for path, data in _exhibit_files(name, item)}
    files |= {f"{name}.{item}": in_format(item, content, reference_doc=reference_doc) for item in further}
    return Report(
        name=name,
        kind=kind,
        question=about.title,
        headline=next((item["lead"] for item in exhibits if item["kind"] == "headline"), ""),
        figures=tuple(dict.fromkeys(figure for item in exhibits for figure in item["cites"])),
        measures=tuple(dict.fromkeys(measure for item in exhibits for measure in item["measures"])),
        findings=tuple(findings_of(notebook)),
        numbers=numbers_of(exhibits),
        files=files,
    )


def _exhibit_files(name: str, item: Mapping[str, Any]) -> Iterable[tuple[str, bytes]]:
    if item["svg"]:
        yield chart_path(name, item, "svg"), item["svg"].encode()
        yield chart_path(name, item, "png"), base64.b64decode(item["png"])
        yield chart_path(name, item, "txt"), _words_of_chart(name, item).encode("utf-8-sig")
    if item["rows"]:
        yield chart_path(name, item, "csv"), item["rows"].encode("utf-8-sig")


def _words_of_chart(name: str, item: Mapping[str, Any]) -> str:
    """What must go with a chart wherever it is pasted."""
    return (
        f"Caption: {item['caption']}\n{item['source']}\nAlt text: {item['alt']}\n"
        f"From: {name}.html\nRows: {chart_path(name, item, 'csv')}\n"
    )


def _notebook_bytes(notebook: nbformat.NotebookNode) -> bytes:
    text: str = nbformat.writes(notebook)
    return f"{text}\n".encode()
