"""What stands beside an official figure: where its cells are, what they say, and what a reader must know."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from analysis.indicators.open_observations import BASE
from analysis.sources.areas import find_area, load_areas, predecessors, successors
from analysis.sources.open_data import MARKS
from analysis.sources.releases import load_releases
from analysis.vocabulary import WORKED_OUT

ROUNDED = "National and regional counts are rounded to the nearest 10, so a value worked out from them can differ in its last digit"


def locators(cells: pd.DataFrame) -> pd.Series:
    """Return file, row and column of each figure.

    Args:
        cells: compact observations as text: ``file``, ``line``, ``own``, ``parts``.
    """
    column = cells["own"].where(cells["own"] != "", cells["parts"])
    return cells["file"] + ", row " + cells["line"].astype(str) + ", column " + column


def quotes(cells: pd.DataFrame) -> list[str]:
    """Return the cells that hold each figure, to the letter, each behind the name of its column.

    Args:
        cells: compact observations as text.
    """
    return [_quote(row) for row in _rows(cells)]


def notes(cells: pd.DataFrame) -> list[str]:
    """Return what a reader must know about each figure: whether it is worked out, and from what.

    Args:
        cells: compact observations as text.
    """
    return [_note(row) for row in _rows(cells)]


def gaps(cells: pd.DataFrame) -> list[str]:
    """Return the known weaknesses of each figure: those of the release map, and those of an authority that came or went.

    Args:
        cells: compact observations as text: ``source``, ``area_code``, ``period``.
    """
    known, boundaries = _known_gaps(), _boundaries()
    keys = zip(cells["source"], cells["area_code"], cells["period"], strict=True)
    return ["\n".join((*known.get(key, ()), *boundaries.get(key[1], ()))) for key in keys]


def _rows(cells: pd.DataFrame) -> Iterator[Any]:
    """The rows one by one; from plain objects, as each cell taken out of a column of Arrow's is a call of its own."""
    return cells.astype(object).itertuples()


def _quote(row: Any) -> str:
    said = []
    if row.parts and not math.isnan(row.numerator):
        said.append(f"{row.parts}: {row.numerator:.0f}")
    if row.own:
        said.append(f"{row.own}: {_text(row)}")
    elif row.hidden and row.hidden != BASE:
        said.append(f"{row.hidden}: {row.mark}")
    if row.base_column and (row.hidden == BASE or not math.isnan(row.denominator)):
        base = row.mark if row.hidden == BASE else f"{row.denominator:.0f}"
        said.append(f"{row.base_column}: {base}" + (f" (row {row.base_line})" if row.base_line else ""))
    return "; ".join(said)


def _text(row: Any) -> str:
    """What the cell of the value shows: a number with as many decimals as it has there, or the mark."""
    return str(row.mark) if row.mark in MARKS else f"{row.value:.{row.printed}f}"


def _note(row: Any) -> str:
    said = []
    has_base = row.base_source and not math.isnan(row.denominator)
    if not row.own:
        of = f" and the population of {load_releases()[row.base_source].short}" if row.base_source else ""
        said.append(
            f"Worked out here from the cells quoted{of}, as the release does not print it" if row.status == WORKED_OUT
            else f"The release does not print it, and it cannot be worked out from the cells quoted{of}"
        )  # fmt: skip
    elif has_base:
        said.append(f"The population beside it is that of {load_releases()[row.base_source].short}")
    if load_areas()[row.area_code].level != "Local authority" and not math.isnan(row.numerator):
        said.append(ROUNDED)
    return ". ".join(said)


@cache
def _known_gaps() -> dict[tuple[str, str, str], tuple[str, ...]]:
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for name, release in load_releases().items():
        for gap in release.gaps:
            for year in gap.years:
                key = (name, find_area(gap.area).code, f"{year - 1}-{year % 100:02d}")
                found[key] = (*found.get(key, ()), f"A known gap: {gap.area}: {gap.says}.")
    return found


@cache
def _boundaries() -> dict[str, tuple[str, ...]]:
    """What is to be said of an authority that was made of others, or was divided or joined."""
    found: dict[str, tuple[str, ...]] = {}
    for area in load_areas().values():
        said = []
        if area.from_ and predecessors(area):
            before = " and ".join(other.name for other in predecessors(area))
            said.append(
                f"A new authority: {area.name} exists since {_day(area.from_)}. Before that its children were counted in "
                f"{before}, which is a line of its own; nothing is shared out."
            )
        if area.until:
            after = " and ".join(other.name for other in successors(area))
            said.append(f"An authority that is no more: {area.name} was replaced by {after} after {_day(area.until)}.")
        if said:
            found[area.code] = tuple(said)
    return found


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
