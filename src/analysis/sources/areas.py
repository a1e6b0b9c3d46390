"""Areas: names and nine-character codes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from analysis.errors import DataError, UnknownNameError, did_you_mean
from analysis.sources.declared import Declared
from analysis.sources.folders import data_folder
from analysis.vocabulary import GeographicLevel

ENGLAND = "E92000001"


class Area(Declared):
    """One area, or one named comparator group.

    Attributes:
        code: nine-character code, or SN: and the code of the area whose neighbours these are.
        name: as the glossary writes it.
        level: National, Regional, Local authority or Comparator group.
        region: code of the region that a local authority lies in; blank for others.
        members: for a comparator group, the members that a source names; blank where none does.
    """

    code: str
    name: str
    level: GeographicLevel
    region: str
    members: str

    @property
    def slug(self) -> str:
        """The name as a folder is called."""
        return "-".join(self.name.casefold().replace(",", "").replace("&", "and").split())


@cache
def load_areas() -> Mapping[str, Area]:
    """Return every known area by its code.

    Raises:
        DataError: data/reference/areas.csv cannot be used.
    """
    path = data_folder() / "reference" / "areas.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    areas = {row["code"]: Area(**row) for row in rows}  # type: ignore[arg-type]
    if len(areas) != len(rows):
        raise DataError("data/reference/areas.csv: a code stands twice. Keep one row for each code.")
    return areas


def find_area(name: str) -> Area:
    """Return the area that a name or a code names; case and surrounding spaces do not matter.

    Raises:
        UnknownNameError: no such area; the nearest names are offered.

    Example:
        >>> find_area("nottingham").code, find_area("E06000031").name
        ('E06000018', 'Peterborough')
    """
    wanted = " ".join(name.split()).casefold()
    areas = [area for area in load_areas().values() if area.level != "Comparator group"]
    for area in areas:
        if wanted in (area.name.casefold(), area.code.casefold()):
            return area
    raise UnknownNameError(
        f"{name!r} is not an area that the figures know. {did_you_mean(name, [area.name for area in areas])} "
        "Give a name or a nine-character code; `analysis list areas` shows them all."
    )


def neighbours_code(area: Area) -> str:
    """Return the code of the group of statistical neighbours of an area.

    Example:
        >>> neighbours_code(find_area("Nottingham"))
        'SN:E06000018'
    """
    return f"SN:{area.code}"
