"""The list of every report that there is: outputs/index.html, which opens from a file system."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from analysis.report.export import TEMPLATES, stylesheet
from analysis.report.files import write_whole
from analysis.report.manifest import NAME, Manifest, read_manifest


def write_index(folder: Path) -> Path:
    """Write the list of all reports below a folder, from their manifests.

    Returns:
        The path of the page.

    Raises:
        OutputError: it cannot be written, or a manifest cannot be read.
    """
    path = folder / "index.html"
    write_whole(path, index_html(found_in(folder)))
    return path


def found_in(folder: Path) -> list[tuple[str, Manifest]]:
    """Return each folder of reports, relative to this one, with its manifest: by area, the latest year first."""
    found = []
    for path in folder.glob(f"*/*/{NAME}"):
        manifest = read_manifest(path.parent)
        if manifest:
            found.append((path.parent.relative_to(folder).as_posix(), manifest))
    by_year = sorted(found, key=lambda item: item[1].year, reverse=True)
    return sorted(by_year, key=lambda item: item[1].area)


def index_html(manifests: Iterable[tuple[str, Manifest]]) -> str:
    """Return the page that lists reports."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True))
    return environment.get_template("index.html").render(manifests=list(manifests), css=stylesheet(), escape=escape)
