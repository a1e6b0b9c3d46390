"""The register of areas: names, codes, regions, and which local authority followed which.

An authority that was only given a new code is one area with earlier codes. An authority that was abolished is an area
of its own, followed by others; no figure passes from one to the other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from analysis.errors import DataError, UnknownNameError, nearest
from analysis.sources.declared import Declared
from analysis.sources.folders import data_folder, shown
from analysis.vocabulary import GeographicLevel

ENGLAND = "E92000001"

#: The first day of which the register speaks: every authority without a first day had begun by then.
REGISTER_BEGINS = date(2009, 4, 1)

COLUMNS = (
    "code", "name", "level", "region", "dfe_code", "from", "until",
    "earlier_codes", "also_known_as", "followed_by", "members",
)  # fmt: skip


def _listed(text: object) -> object:
    return tuple(part.strip() for part in text.split(";") if part.strip()) if isinstance(text, str) else text


def _day(text: object) -> object:
    if not isinstance(text, str):
        return text
    if text.strip() and not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip()):
        raise ValueError("a day is written year-month-day, such as 2019-04-01")
    return text.strip() or None


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Day = Annotated[date | None, BeforeValidator(_day)]


class Area(Declared):
    """One area, or one named comparator group.

    Attributes:
        code: nine-character code in use now (for an abolished authority its last one), or SN: and the code of
            the area whose neighbours these are.
        name: as the DfE writes it.
        level: National, Regional, Local authority or Comparator group.
        region: code of the region that it lies in; of a London borough its half of London, of a half London.
        dfe_code: three-digit number of the DfE, as text; local authorities only.
        from_: first day of an authority that began after 1 April 2013 (column ``from``).
        until: last day of an abolished authority.
        earlier_codes: nine-character codes that the same authority had before.
        also_known_as: other names of the same area.
        followed_by: codes of the authorities that took over its territory, the largest share first.
        members: for a comparator group, the names of the members that a source gives.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    code: str = Field(pattern=r"^(SN:)?E\d{8}$")
    name: str = Field(min_length=1)
    level: GeographicLevel
    region: str = ""
    dfe_code: str = Field(default="", pattern=r"^(\d{3})?$")
    from_: Day = Field(default=None, alias="from")
    until: Day = None
    earlier_codes: Listed = ()
    also_known_as: Listed = ()
    followed_by: Listed = ()
    members: Listed = ()

    @model_validator(mode="after")
    def _fits_its_level(self) -> Area:
        authority = self.level == "Local authority"
        if authority != bool(self.dfe_code):
            raise ValueError("a local authority has a dfe_code, and nothing else has one")
        if authority and not self.region:
            raise ValueError("a local authority has a region")
        if bool(self.until) != bool(self.followed_by):
            raise ValueError("an abolished authority has both until and followed_by; any other has neither")
        if self.members and self.level != "Comparator group":
            raise ValueError("only a comparator group has members")
        return self

    @property
    def slug(self) -> str:
        """The name as a folder is called."""
        return _key(self.name).replace(" ", "-")


_Found = list[tuple[int, Area]]
_Rows = list[tuple[int, dict[str, str]]]


@cache
def load_areas() -> Mapping[str, Area]:
    """Return every area of the register by its code in use.

    Raises:
        DataError: data/reference/areas.csv cannot be used; every problem is listed.
    """
    return read_areas(data_folder() / "reference" / "areas.csv")


def read_areas(path: Path) -> dict[str, Area]:
    """Read a register of areas.

    Raises:
        DataError: the file breaks the contract of the register; every problem is listed.
    """
    rows = _read_rows(path)
    found: _Found = []
    problems: list[tuple[int, str]] = []
    for line, row in rows:
        try:
            found.append((line, Area.model_validate(row)))
        except ValidationError as error:
            problems += [(line, _described(problem)) for problem in error.errors()]
    problems += _named_twice(found)
    for check in (_unknown_regions, _unknown_successors, _unknown_members):
        problems += check(found, rows)
    if problems:
        words = "\n".join(f"  - line {line}, {text}" for line, text in sorted(problems))
        raise DataError(f"{shown(path)} does not follow its contract ({len(problems)} found):\n{words}")
    return {area.code: area for _, area in found}


def find_area(name: str) -> Area:
    """Return the area that a text names: by any of its names, a code it has or had, or its DfE number.

    Case, punctuation and surrounding spaces do not matter, and "&" means "and".

    Raises:
        UnknownNameError: no such area; the nearest names are offered.

    Example:
        >>> find_area("nottingham").code, find_area("E06000031").name, find_area("892").name
        ('E06000018', 'Peterborough', 'Nottingham')
        >>> find_area("St Helens").name, find_area("Bristol").name, find_area("E10000027").code
        ('St. Helens', 'Bristol, City of', 'E06000066')
    """
    found = _index().get(_key(name))
    if found is None:
        raise UnknownNameError(
            f"{name!r} is no area of the register. {_offer(name)} Give a name, a nine-character code "
            "or a DfE number; `analysis list areas` shows them all."
        )
    return found


@cache
def area_of_dfe_code(text: str) -> Area | None:
    """Return the local authority with a DfE number, or None.

    Example:
        >>> area_of_dfe_code("370").name, area_of_dfe_code("999")
        ('Barnsley', None)
    """
    found = _index().get(_key(text))
    return found if found and found.dfe_code == text.strip() else None


@cache
def area_of_code(text: str) -> Area | None:
    """Return the area that has a nine-character code, or had it before; None where there is none.

    Example:
        >>> area_of_code("E08000016").code, area_of_code("E06000099")
        ('E08000038', None)
    """
    found, code = _index().get(_key(text)), text.strip().upper()
    return found if found and code in (found.code, *found.earlier_codes) else None


def successors(area: Area) -> tuple[Area, ...]:
    """Return the authorities that took over the territory of an abolished one, the largest share first.

    Example:
        >>> [after.name for after in successors(find_area("Cumbria"))]
        ['Cumberland', 'Westmorland and Furness']
    """
    return tuple(load_areas()[code] for code in area.followed_by)


def predecessors(area: Area) -> tuple[Area, ...]:
    """Return the abolished authorities whose territory, or part of it, an authority took over.

    Example:
        >>> [before.name for before in predecessors(find_area("BCP"))]
        ['Bournemouth', 'Dorset (to 2019)', 'Poole']
    """
    return tuple(before for before in load_areas().values() if area.code in before.followed_by)


def existed_on(area: Area, day: date) -> bool:
    """Return whether an area existed on a day.

    Raises:
        UnknownNameError: a local authority is asked for on a day before the register begins.

    Example:
        >>> existed_on(find_area("Cumbria"), date(2023, 3, 31)), existed_on(find_area("Cumbria"), date(2023, 4, 1))
        (True, False)
    """
    if area.level == "Local authority" and day < REGISTER_BEGINS:
        raise UnknownNameError(
            f"Whether {area.name} existed on {day} is not known: the register of areas begins on {REGISTER_BEGINS}. "
            "Ask for that day or a later one."
        )
    return (area.from_ is None or area.from_ <= day) and (area.until is None or day <= area.until)


def local_authorities(day: date | None = None) -> list[Area]:
    """Return the local authorities that existed on a day, or all that the register knows, in alphabetical order.

    Raises:
        UnknownNameError: the day is before the register begins.

    Example:
        >>> len(local_authorities()), len(local_authorities(date(2019, 3, 31))), len(local_authorities(date(2025, 3, 31)))
        (158, 152, 153)
    """
    return list(_existing(day))


@cache
def _existing(day: date | None) -> tuple[Area, ...]:
    areas = [area for area in load_areas().values() if area.level == "Local authority"]
    return tuple(area for area in areas if day is None or existed_on(area, day))


def regions_of(area: Area) -> tuple[Area, ...]:
    """Return the regions that an area lies in, from the nearest to the widest.

    Example:
        >>> [region.name for region in regions_of(find_area("Camden"))]
        ['Inner London', 'London']
        >>> [region.name for region in regions_of(find_area("Nottingham"))]
        ['East Midlands']
    """
    if not area.region:
        return ()
    nearest_region = load_areas()[area.region]
    return (nearest_region, *regions_of(nearest_region))


def neighbours_code(area: Area) -> str:
    """Return the code of the group of statistical neighbours of an area.

    Example:
        >>> neighbours_code(find_area("Nottingham"))
        'SN:E06000018'
    """
    return f"SN:{area.code}"


def own_group_code(area: Area) -> str:
    """Return the code of a group of authorities that a reader holds beside an area.

    Example:
        >>> own_group_code(find_area("Nottingham"))
        'OWN:E06000018'
    """
    return f"OWN:{area.code}"


def _key(text: str) -> str:
    """A name or code as it is compared: without case, punctuation and doubled spaces."""
    return " ".join(re.sub(r"\W+", " ", text.casefold().replace("&", " and ")).split())


def _namings(area: Area) -> Iterator[tuple[str, str]]:
    """Every text that names an area, after the column that it stands in."""
    yield "code", area.code
    yield "name", area.name
    yield from (("earlier_codes", code) for code in area.earlier_codes)
    yield from (("also_known_as", name) for name in area.also_known_as)
    if area.dfe_code:
        yield "dfe_code", area.dfe_code


def _real_areas() -> Iterable[Area]:
    return (area for area in load_areas().values() if area.level != "Comparator group")


@cache
def _index() -> Mapping[str, Area]:
    return {_key(text): area for area in _real_areas() for _, text in _namings(area)}


def _offer(name: str) -> str:
    """The nearest names; how many areas there are where none is near."""
    names = {_key(text): area.name for area in _real_areas() for column, text in _namings(area)
             if column in ("name", "also_known_as")}  # fmt: skip
    close = dict.fromkeys(names[key] for key in nearest(_key(name), names))
    return f"Did you mean {' or '.join(close)}?" if close else f"The register holds {len(set(names.values()))} areas."


def _read_rows(path: Path) -> _Rows:
    """The rows under their columns, with their lines in the file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if cells]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{shown(path)} cannot be read: {error}. Save it as CSV in UTF-8.") from None
    if header != list(COLUMNS):
        raise DataError(
            f"{shown(path)}, line 1: found the columns {', '.join(header) or 'of an empty file'}; "
            f"expected {', '.join(COLUMNS)}. Mend the heading."
        )
    ragged = [f"line {line}: {len(cells)}" for line, cells in rows if len(cells) != len(COLUMNS)]
    if ragged:
        raise DataError(
            f"{shown(path)}: found another number of cells ({'; '.join(ragged)}), expected {len(COLUMNS)}. "
            "Write an empty cell as nothing between commas, and a text that holds a comma in quotes."
        )
    return [(line, dict(zip(COLUMNS, cells, strict=True))) for line, cells in rows]


def _described(problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"]) or "the row"
    found = f" found {problem['input']!r}." if problem["loc"] else ""
    return f"{place}:{found} {problem['msg'].removeprefix('Value error, ')}. Mend the row."


def _named_twice(found: _Found) -> Iterator[tuple[int, str]]:
    """Each name, code and number names one area only, so that every way of asking has one answer."""
    first: dict[str, int] = {}
    for line, area in found:
        for column, text in _namings(area):
            other = first.setdefault(_key(text), line)
            if other != line:
                yield line, f"{column}: found {text!r}, which names the area of line {other} too. Keep it in one row."


def _unknown_regions(found: _Found, rows: _Rows) -> Iterator[tuple[int, str]]:
    """A region is a row of the level Regional; that of a region is one that lies in none."""
    regions = {row["code"]: row["region"] for _, row in rows if row["level"] == "Regional"}
    for line, area in found:
        if area.region and (area.region not in regions or (area.level == "Regional" and regions[area.region])):
            yield line, f"region: found {area.region!r}, expected the code of a region in this file. Mend the code."


def _unknown_successors(found: _Found, rows: _Rows) -> Iterator[tuple[int, str]]:
    """A successor is an authority of this file that begins on the day after."""
    authorities = {row["code"] for _, row in rows if row["level"] == "Local authority"}
    begins = {area.code: area.from_ for _, area in found}
    for line, area in found:
        for code in area.followed_by:
            if code not in authorities:
                yield (
                    line,
                    f"followed_by: found {code!r}, expected the code of an authority in this file. Mend the code.",
                )
            elif code in begins and area.until and begins[code] != area.until + timedelta(days=1):
                yield line, f"until: found {area.until}, expected the day before {code} begins. Mend one of the two."


def _unknown_members(found: _Found, rows: _Rows) -> Iterator[tuple[int, str]]:
    """A member of a comparator group is named as in this file."""
    names = {row["name"] for _, row in rows}
    for line, area in found:
        for name in area.members:
            if name not in names:
                yield line, f"members: found {name!r}, expected the name of an area in this file. Mend the name."
