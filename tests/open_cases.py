"""Small made-up files in the shape of the Department's: a few areas, a few years, numbers that follow from the area's code.

A table is made once and never changed: ``put`` and its like return another one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from analysis.sources.areas import ENGLAND, Area, find_area, load_areas

AREAS = ("Nottingham", "Derby", "Hampshire", "Camden", "Cumbria", "Cumberland")
REGIONS = ("East Midlands", "Inner London", "London")
PLACE = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code", "region_name",
    "old_la_code", "la_name", "new_la_code",
)  # fmt: skip
GROUPS = {
    "on 31 March": "Children looked after on 31 March each year",
    "starting": "Children starting to be looked after each year",
    "ceasing": "Children ceasing to be looked after each year",
}
BOM = b"\xef\xbb\xbf"
Cells = dict[str, str]


@dataclass(frozen=True)
class Made:
    """A made-up table: its columns in order and its rows."""

    header: tuple[str, ...]
    rows: list[Cells] = field(default_factory=list)

    def put(self, number: int, /, **cells: str) -> Made:
        """The same table with other cells in one row (counted from 0)."""
        rows = list(self.rows)
        rows[number] = rows[number] | cells
        return replace(self, rows=rows)

    def only(self, keep: Callable[[Cells], bool]) -> Made:
        """The same table with some of its rows."""
        return replace(self, rows=[row for row in self.rows if keep(row)])

    def ordered(self, header: Iterable[str]) -> Made:
        """The same table with its columns in another order."""
        return replace(self, header=tuple(header))

    def renamed(self, names: dict[str, str]) -> Made:
        """The same table with other names of its columns."""
        rows = [{names.get(name, name): cell for name, cell in row.items()} for row in self.rows]
        return Made(tuple(names.get(name, name) for name in self.header), rows)

    def number(self, **cells: str) -> int:
        """The number (from 0) of the only row that has these cells."""
        (found,) = [at for at, row in enumerate(self.rows) if all(row[name] == text for name, text in cells.items())]
        return found

    def text(self, *, newline: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
        """The table as CSV."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
        writer.writerow(self.header)
        writer.writerows([row[name] for name in self.header] for row in self.rows)
        return out.getvalue()

    def write(self, path: Path, *, bom: bool = False, newline: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> Path:
        """Write the table; the folder is made where it is not there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((BOM if bom else b"") + self.text(newline=newline, quoting=quoting).encode())
        return path


def place_cells(area: Area, year: int | str) -> Cells:
    """The cells that say which area and year a row is about."""
    authority = area.level == "Local authority"
    region = load_areas()[area.region] if authority else area if area.level == "Regional" else None
    return dict(zip(PLACE, (
        str(year), "Reporting year", area.level, ENGLAND, "England", region.code if region else "", region.name if region else "",
        area.dfe_code, area.name if authority else "", area.code if authority else "",
    ), strict=True))  # fmt: skip


def places(names: tuple[str, ...] = AREAS, regions: tuple[str, ...] = REGIONS) -> list[Area]:
    """England, regions and authorities, as a release has them."""
    return [load_areas()[ENGLAND], *(find_area(name) for name in (*regions, *names))]


def population_of(area: Area, year: int) -> int:
    """A made-up number of children."""
    return 20_000 + 37 * (int(area.code[1:]) % 997) + 11 * (year % 10)


def count_of(area: Area, year: int, group: str) -> int:
    """A made-up count: ending in nought for regions and England, as theirs do."""
    count = 60 + int(area.code[1:]) % 89 + 3 * (year % 10) + 20 * list(GROUPS).index(group)
    return count if area.level == "Local authority" else 10 * count


def half_up(top: int, bottom: int, *, multiplier: int, decimals: int) -> Decimal:
    """A share or rate as the Department rounds it."""
    return (Decimal(multiplier) * top / bottom).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def printed(number: Decimal) -> str:
    """A number as the files print it: without a last nought behind the point."""
    text = str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def rates(*years: int, names: tuple[str, ...] = AREAS, regions: tuple[str, ...] = REGIONS) -> Made:
    """Children looked after, starting and ceasing, as the 2025 release has them."""
    rows = []
    for year in years or (2024, 2025):
        for area in places(names, regions):
            for group, label in GROUPS.items():
                people, count = population_of(area, year - 1), count_of(area, year, group)
                rate = half_up(count, people, multiplier=10_000, decimals=0)
                rows.append(place_cells(area, year) | {
                    "population_type": label, "population_estimate": str(people), "children_count": str(count),
                    "rate_per_10000": str(rate),
                })  # fmt: skip
    return Made((*PLACE, "population_type", "population_estimate", "children_count", "rate_per_10000"), rows)


RATES = "cla_number_and_rate_per_10k_children.csv"
OLDER = {"population_type": "population_count", "children_count": "number"}


def rates_2024(*years: int, names: tuple[str, ...] = AREAS) -> Made:
    """The same as the 2024 release calls its columns and labels."""
    made = rates(*(years or (2023, 2024)), names=names).renamed(OLDER)
    rows = [row | {"population_count": row["population_count"].replace(" on 31", " at 31")} for row in made.rows]
    return replace(made, rows=rows)


@cache
def population(*years: int, names: tuple[str, ...] = AREAS, regions: tuple[str, ...] = REGIONS) -> Made:
    """Children aged 0 to 17, by mid-year."""
    rows = [
        place_cells(area, year)
        | {"age_group": "Children aged 0 to 17 years", "population_estimate": str(population_of(area, year))}
        for year in years or (2023, 2024)
        for area in places(names, regions)
    ]
    return Made((*PLACE, "age_group", "population_estimate"), rows)


POPULATION = "ons_mid-year_population_estimates_2012_to_2024.csv"


@cache
def repeat_plans(*years: int, names: tuple[str, ...] = AREAS, regions: tuple[str, ...] = REGIONS) -> Made:
    """Plans that are a second or subsequent one: percentages of one decimal."""
    rows = []
    for year in years or (2024, 2025):
        for area in places(names, regions):
            started = 3 * count_of(area, year, "starting")
            again = started // 4 // 10 * 10 if area.level != "Local authority" else started // 4
            rows.append(place_cells(area, year) | {
                "category": "Child Protection Plans which are a second or subsequent plan", "CPP_start": str(started),
                "CPP_subsequent": str(again),
                "CPP_subsequent_percent": printed(half_up(again, started, multiplier=100, decimals=1)),
            })  # fmt: skip
    return Made((*PLACE, "category", "CPP_start", "CPP_subsequent", "CPP_subsequent_percent"), rows)


REPEAT_PLANS = "d3_cpps_subsequent_plan_2013_to_2025.csv"


@cache
def conferences(*years: int, names: tuple[str, ...] = AREAS, regions: tuple[str, ...] = REGIONS) -> Made:
    """Section 47 enquiries and conferences, as the 2025 release has them: counts only, without any share or rate."""
    rows = []
    for year in years or (2024, 2025):
        for area in places(names, regions):
            quick, soon, late, latest = (10 * (1 + (int(area.code[1:]) + year + more) % 7) for more in range(4))
            rows.append(place_cells(area, year) | {
                "category": "Section 47s and Initial Child Protection Conferences",
                "Section47": str(8 * (quick + soon + late + latest)), "ICPC": str(quick + soon + late + latest),
                "Duration_0-10_days": str(quick), "Duration_11-15_days": str(soon), "Duration_16-20_days": str(late),
                "Duration_21+_days": str(latest),
            })  # fmt: skip
    added = ("category", "Section47", "ICPC", "Duration_0-10_days", "Duration_11-15_days", "Duration_16-20_days", "Duration_21+_days")  # fmt: skip
    return Made((*PLACE, *added), rows)


CONFERENCES = "c4_children_in_need_section_47s_and_icpcs_2013_to_2025.csv"


@cache
def characteristics(*years: int, names: tuple[str, ...] = ("Nottingham", "Derby")) -> Made:
    """Children looked after by age and sex, with the total of each topic."""
    groups = {
        "Age group": ("Under 1 year", "1 to 4 years", "5 to 9 years", "10 to 15 years", "16 years and over"),
        "Sex": ("Male", "Female"),
    }
    rows = []
    for year in years or (2024, 2025):
        for area in places(names, ()):
            for topic, labels in groups.items():
                counts = [10 * (2 + (int(area.code[1:]) + at) % 5) for at in range(len(labels))]
                for label, count in [("Total", sum(counts)), *zip(labels, counts, strict=True)]:
                    share = half_up(count, sum(counts), multiplier=100, decimals=0)
                    rows.append(place_cells(area, year) | {
                        "characteristic": topic, "breakdown": label, "children_count": str(count),
                        "children_percent": str(share),
                    })  # fmt: skip
    return Made((*PLACE, "characteristic", "breakdown", "children_count", "children_percent"), rows)


CHARACTERISTICS = "la_cla_on_31_march_by_characteristics.csv"


def neighbours_list(**members: str) -> str:
    """A list of neighbours in the form of the 2025 model: ten DfE numbers, parted by spaces, for each authority."""
    header = ["old_la_code", "la_name"] + [text for place in range(1, 11) for text in (f"SN_{place}", f"SN_{place}P")]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for name, numbers in (members or {"Nottingham": "831 856 330 331 332 333 334 335 336 350"}).items():
        area = find_area(name.replace("_", " "))
        writer.writerow(
            [area.dfe_code, area.name, *(text for number in numbers.split() for text in (number, "Close "))]
        )
    return out.getvalue()


NEIGHBOURS = "sn_model_2025_wide.csv"
