"""Everything that a folder of reports holds, as its manifests and files say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.indicators.observations import load_figures
from analysis.report.manifest import NAME, Entry, Manifest, read_manifest

#: The end of the path of the file that lists the figures of a report, with their words.
_FIGURES = "_sources.csv"


@dataclass(frozen=True)
class Made:
    """One report that has been made.

    Attributes:
        folder: of its area and year, from the folder of all reports.
        name: its name, with which its files begin.
        area: the area's name.
        year: the year's label.
        entry: what its manifest says of it.
    """

    folder: str
    name: str
    area: str
    year: str
    entry: Entry

    @property
    def address(self) -> str:
        """Its page, from the folder of all reports."""
        return f"{self.folder}/{self.name}.html"

    @property
    def place(self) -> str:
        """Its area and year, in words."""
        return f"{self.area}, {self.year}"


def found_in(folder: Path) -> list[tuple[str, Manifest]]:
    """Return each folder of reports, relative to this one, with its manifest: by area, the latest year first.

    Raises:
        OutputError: a manifest cannot be read.
    """
    found = []
    for path in folder.glob(f"*/*/{NAME}"):
        manifest = read_manifest(path.parent)
        if manifest:
            found.append((path.parent.relative_to(folder).as_posix(), manifest))
    by_year = sorted(found, key=lambda item: item[1].year, reverse=True)
    return sorted(by_year, key=lambda item: item[1].area)


def reports_in(folder: Path) -> list[Made]:
    """Return every report below a folder: by area, the latest year first."""
    return [
        Made(place, name, manifest.area, manifest.year, entry)
        for place, manifest in found_in(folder)
        for name, entry in manifest.reports.items()
    ]


def known_figures(folder: Path, reports: Sequence[Made]) -> pd.DataFrame:
    """Return every figure that was transcribed, and those of official files that reports rest on.

    Returns:
        One row a figure, with ``figure``, ``indicator``, ``area_name``, ``period``, ``value`` (a number or text),
        ``quote`` and more; of the figures of all other authorities, which reports name without their words, none.
    """
    paths = [
        folder / report.folder / path
        for report in reports
        for path in report.entry.files
        if path.endswith(_FIGURES)
    ]  # fmt: skip
    tables = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in paths if path.exists()]
    in_full = [table[table["in_full"] == "True"] for table in tables]
    transcribed = load_figures().astype({"value": object, "precision": object})
    return pd.concat([transcribed, *in_full], ignore_index=True).drop_duplicates("figure").reset_index(drop=True)
