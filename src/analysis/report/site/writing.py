"""Writing the pages around the reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.report.files import write_whole
from analysis.report.site.changes import ADDRESS, Change, changes_html
from analysis.report.site.definitions import definition_pages
from analysis.report.site.disagreements import disagreement_page
from analysis.report.site.index import index_html
from analysis.report.site.made import known_figures, reports_in
from analysis.report.site.search import search_files
from analysis.report.site.sources import source_pages


def write_site(folder: Path, *, changes: Sequence[Change] | None = None) -> Path:
    """Write the list of all reports below a folder, and every page around them.

    Args:
        folder: the folder of all reports.
        changes: what the run that just ended changed; None leaves what stands there.

    Returns:
        The path of the list.

    Raises:
        OutputError: a page cannot be written, or a manifest cannot be read.
    """
    reports = reports_in(folder)
    figures = known_figures(folder, reports)
    pages = {
        **search_files(reports),
        **definition_pages(figures, reports),
        **source_pages(figures, reports),
        **disagreement_page(figures),
    }
    if changes is not None or not (folder / ADDRESS).exists():
        pages[ADDRESS] = changes_html(changes or [])
    for path, content in pages.items():
        _write_changed(folder / path, content)
    # Last, so that the list never leads to a page that is not there.
    write_whole(folder / "index.html", index_html(reports))
    return folder / "index.html"


def _write_changed(path: Path, content: str) -> None:
    """Most pages are the same in every run: they are read, and written only where they differ."""
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        write_whole(path, content)
