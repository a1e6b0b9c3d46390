"""Writes lives as lists 7 and 8 of Ofsted's Annex A in a workbook: plans and care open on 31 March or ended in six months before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from analysis.synthetic.calendar import add_months, as_date
from analysis.synthetic.drawing import age_on
from analysis.synthetic.lives import Child, Home, Period, Plan
from analysis.synthetic.ssda903 import place_code
from analysis.synthetic.truth import Year, placements_of

_BASE = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
LIST_7 = (
    *_BASE, "Does the Child have a Disability", "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
    "Date of the Last Statutory Visit", "Was the Child Seen Alone?", "Date of latest review conference", "Child Protection Plan End Date",
    "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
    "Number of Previous Child Protection Plans", "Allocated Team", "Allocated Worker",
)  # fmt: skip
LIST_8 = (
    *_BASE, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", "Does the Child have a Disability",
    "Date Started to be Looked After", "Child's Category of Need",
    "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
    "Start date of current legal status", "Child's Legal Status", "Date of Latest Statutory Review", "Date of Last Social Work Visit",
    "What is the permanence plan for this child?", "Date of Last IRO Visit / Contact to the Child", "Date of Last Health Assessment",
    "Date of Last Dental Check", "Number of Placements in the Last 12 months", "Date Ceased to be Looked After",
    "Reason Ceased to be Looked After", "Start Date of Most Recent Placement", "Placement Type", "Placement Provider", "Placement postcode",
    "URN of Placement", "Placement Location", "LA of Placement",
    "Number of Episodes the Child has been \u2018Missing\u2019 from their Placement in the last 12 months",
    "Number of Episodes the Child has been \u2018Absent\u2019 from their Placement in the last 12 months",
    "Was the child offered a Return Interview after their last missing episode (Y/N)?",
    "Did the child accept a Return Interview after their last missing episode (Y/N)?", "Allocated Team", "Allocated Worker",
)  # fmt: skip
_YES, _NO = "a) Yes", "b) No"
_CATEGORIES = {
    "NEG": "a) Neglect", "PHY": "b) Physical abuse", "SAB": "c) Sexual abuse", "EMO": "d) Emotional abuse",
    "MUL": "e) Multiple/not recommended",
}  # fmt: skip
#: The letter that the list of codes puts before each ethnicity; the last two share one.
_LETTERS = "abcdefghijklmnopqrss"
_CODES = (
    "WBRI", "WIRI", "WIRT", "WOTH", "WROM", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN", "ABAN", "AOTH", "BCRB", "BAFR", "BOTH",
    "CHNE", "OOTH", "REFU", "NOBT",
)  # fmt: skip
_ETHNICITIES = {code: f"{letter}) {code}" for letter, code in zip(_LETTERS, _CODES, strict=True)}
_LEGAL = {
    "C1": "C1: ICO", "C2": "C2: FCO", "E1": "E1: Placement order", "V2": "V2: Single period under S20",
    "L1": "L1: Police protection LA accommodation", "L2": "L2: EPO", "J1": "J1: Remanded to LA or youth detention",
}  # fmt: skip
#: The same in every file, so that two runs write the same bytes.
_MADE, _MADE_IN_ZIP = datetime(1980, 1, 1), (1980, 1, 1, 0, 0, 0)
Cells = list[str | int | date | None]


class AnnexWriter:
    """Writes one workbook.

    Args:
        folder: where; it has to be there.
        year: the year, on whose last day the lists are dated.
    """

    def __init__(self, folder: Path, year: Year) -> None:
        self._path = folder / "annex_a.xlsx"
        self._year = year
        self._since = add_months(year.last, -6)
        self._book = Workbook(write_only=True)
        self._book.properties.created = self._book.properties.modified = _MADE
        self._book.properties.creator = "Made up"
        self._plans, self._care = self._book.create_sheet("List 7"), self._book.create_sheet("List 8")
        self._plans.append(LIST_7)
        self._care.append(LIST_8)

    def add(self, child: Child) -> None:
        """Write the plans and the last period of care of a child that belong in the lists."""
        for plan in child.plans:
            if plan.start <= self._year.last and plan.end > self._since:
                self._plans.append(_plan_cells(child, plan, self._year))
        periods = [item for item in child.periods if not item.respite and item.start <= self._year.last]
        if periods and periods[-1].end > self._since:
            self._care.append(_care_cells(child, periods, self._year))

    def close(self) -> None:
        """Finish the file: saved beside it first, then packed with the same time stamp for every part."""
        descriptor, name = tempfile.mkstemp(suffix=".xlsx")
        os.close(descriptor)
        try:
            with ZipFile(name, "w") as packed:
                ExcelWriter(self._book, packed).save()
            _pack(Path(name), self._path)
        finally:
            Path(name).unlink()


def _pack(written: Path, path: Path) -> None:
    with ZipFile(written) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for item in old.infolist():
            same = ZipInfo(item.filename, _MADE_IN_ZIP)
            same.compress_type = ZIP_DEFLATED
            with old.open(item) as source, new.open(same, "w", force_zip64=item.file_size > 2**31) as target:
                while part := source.read(1 << 20):
                    target.write(part)


def _base(child: Child, year: Year) -> Cells:
    gender = "c) Not stated/recorded" if not child.sex_known else "a) Male" if child.sex == "M" else "b) Female"
    return [child.id, gender, _ETHNICITIES[child.ethnicity], as_date(child.birth), age_on(child.birth, year.last)]


def _plan_cells(child: Child, plan: Plan, year: Year) -> Cells:
    held = [day for day in plan.reviews if day <= year.last]
    latest = plan.latest if plan.changed <= min(year.last, plan.end) else plan.category
    visited = min(year.last, plan.end) - child.birth % 28
    return [
        *_base(child, year), _disabled(child), as_date(plan.start), _CATEGORIES[plan.category], _CATEGORIES[latest],
        as_date(visited) if visited > plan.start else None, _YES if age_on(child.birth, year.last) > 4 else _NO,
        as_date(held[-1]) if held else None, as_date(plan.end) if plan.end <= year.last else None, _NO, plan.previous,
        f"Team {child.family % 7 + 1}", None,
    ]  # fmt: skip


def _care_cells(child: Child, periods: Sequence[Period], year: Year) -> Cells:
    period = periods[-1]
    ceased = period.end <= year.last
    legal = [item for item in period.legal if item[0] <= year.last][-1]
    held = [item.day for item in period.reviews if item.day is not None and item.day <= year.last]
    home = [item for item in period.homes if item.start <= year.last][-1]
    year_ago = add_months(year.last, -12)
    again = len(periods) > 1 and period.start > year_ago and periods[-2].end > year_ago
    visited = min(year.last, period.end) - child.birth % 40
    return [
        *_base(child, year), _YES if child.asylum_until is not None and child.asylum_until > year_ago else _NO, _disabled(child),
        as_date(period.start), period.need, _YES if again else _NO, as_date(legal[0]), _LEGAL[legal[1]],
        as_date(held[-1]) if held else None, as_date(visited) if visited > period.start else None, None, None, None, None,
        placements_of(periods, year.first, year.last), as_date(period.end) if ceased else None, period.reason_ended if ceased else None,
        *_home_cells(home, year), f"Team {child.family % 7 + 1}", None,
    ]  # fmt: skip


def _home_cells(home: Home, year: Year) -> Cells:
    return [
        as_date(home.start),
        place_code(home.kind, year.number),
        home.provider,
        home.post,
        home.urn or None,
        None,
        None,
        0,
        0,
        None,
        None,
    ]


def _disabled(child: Child) -> str:
    return _YES if child.disabilities else _NO
