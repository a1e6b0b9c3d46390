"""The record of a folder of reports: what was run, from what, to what. No clock: two equal runs compare equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis.errors import OutputError
from analysis.indicators.open_folder import open_folder
from analysis.report.exhibited import Finding
from analysis.report.export import Report
from analysis.report.files import checksum_of, write_whole
from analysis.sources.catalogue import Published, Source
from analysis.sources.cited import published_of
from analysis.sources.published import checksum, published_folder
from analysis.sources.releases import Release

NAME = "manifest.json"
PACKAGE = "children-in-care-statistics"


@dataclass(frozen=True)
class Entry:
    """One report in a manifest.

    Attributes:
        question: the report's title.
        headline: the sentence that answers it.
        parameters: what the notebook was run with.
        sources: for each document used, the checksum of its file of figures and of the document's text; for each
            release those of the files that were read.
        figures: identifiers of the figures used.
        files: checksums by path.
        kind: report or briefing.
        measures: ids of the indicators that it is about.
        findings: what it says, and where.
        numbers: each figure that it rests on, as printed.
    """

    question: str
    headline: str
    parameters: dict[str, Any]
    sources: dict[str, dict[str, str]]
    figures: list[str]
    files: dict[str, str]
    kind: str = "report"
    measures: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """All reports of one area and year.

    Attributes:
        area: the area's name.
        year: the year's label.
        package: name and version of the program.
        reports: entries by notebook name.
    """

    area: str
    year: str
    package: dict[str, str]
    reports: dict[str, Entry] = field(default_factory=dict)


def entry_of(report: Report, parameters: Mapping[str, Any]) -> Entry:
    """Return the entry of a report."""
    return Entry(
        question=report.question,
        headline=report.headline,
        parameters=dict(parameters),
        sources=_sources(report.figures, str(parameters.get("data", ""))),
        figures=list(report.figures),
        files={path: checksum_of(content) for path, content in sorted(report.files.items())},
        kind=report.kind,
        measures=list(report.measures),
        findings=list(report.findings),
        numbers=dict(sorted(report.numbers.items())),
    )


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, or None where there is none.

    Raises:
        OutputError: there is one that cannot be read.
    """
    path = folder / NAME
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = {name: _entry(entry) for name, entry in content.pop("reports").items()}
        return Manifest(**content, reports=entries)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise OutputError(
            f"{path} is not a readable manifest ({error}). Delete its folder and run the report again."
        ) from None


def _entry(content: dict[str, Any]) -> Entry:
    return Entry(**{**content, "findings": [Finding(**item) for item in content.get("findings", [])]})


def write_manifest(folder: Path, *, area: str, year: str, entries: Mapping[str, Entry]) -> None:
    """Write the manifest of a folder, keeping the entries of reports that were not run this time.

    Files that an entry listed before and lists no more are removed.

    Raises:
        OutputError: it cannot be written.
    """
    before = read_manifest(folder)
    kept = before.reports if before else {}
    package = {"name": PACKAGE, "version": version(PACKAGE)}
    manifest = Manifest(area, year, package, dict(sorted({**kept, **entries}.items())))
    write_whole(folder / NAME, json.dumps(asdict(manifest), indent=2, ensure_ascii=False, sort_keys=True) + "\n")
    listed = {path for entry in manifest.reports.values() for path in entry.files}
    for path in {path for entry in kept.values() for path in entry.files} - listed:
        (folder / path).unlink(missing_ok=True)


def _sources(figures: Iterable[str], data: str) -> dict[str, dict[str, str]]:
    """For a document the checksums of its figures and its text; for a release those of the files that were read."""
    used = {item.id: item for item in (published_of(figure) for figure in figures)}
    return {name: _checksums(item, data) for name, item in sorted(used.items())}


def _checksums(item: Published, data: str) -> dict[str, str]:
    if isinstance(item, Source):
        return {
            "figures_sha256": checksum(published_folder() / f"{item.id}.csv"),
            "document_sha256": item.document_sha256,
        }
    files = open_folder(data).files if data else ()
    ours = [file for file in files if file.release == item.id or (file.is_neighbours and not isinstance(item, Release))]
    return {file.name: checksum(file.path(data)) for file in ours}
