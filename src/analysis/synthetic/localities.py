"""Writes which made-up postcodes lie in the council's area, as a council would list them beside its return."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from analysis.synthetic.lives import Absence, Child, Home, Period, is_outside
from analysis.synthetic.truth import Year


class LocalityWriter:
    """Gathers the postcodes of placements of a year, and writes each once.

    Args:
        folder: where; it has to be there.
        year: the year.
    """

    def __init__(self, folder: Path, year: Year) -> None:
        self._path, self._year = folder / "placement_locations.csv", year
        self._posts: set[str] = set()

    def add(self, child: Child) -> None:
        """Note where a child lived in the year."""
        self._posts.update(post for period in child.periods for post in _posts(period, self._year))

    def close(self) -> None:
        """Write the file."""
        with self._path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["PL_POST", "PL_LOCATION"])
            writer.writerows((post, "OUT" if is_outside(post) else "IN") for post in sorted(self._posts))


def _posts(period: Period, year: Year) -> Iterator[str]:
    for home in period.homes:
        stays: list[Home | Absence] = [home, *home.absences]
        for stay in stays:
            if stay.start <= year.last and stay.end >= year.first:
                yield stay.post
