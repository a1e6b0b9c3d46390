"""One set of made-up returns for all tests of this folder, in both formats of SSDA903."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.synthetic.histories import draw_children
from analysis.synthetic.lives import Child
from analysis.synthetic.making import Order, make_returns
from analysis.synthetic.truth import CONVENTIONS

YEARS = (2022, 2023, 2024, 2025, 2026)
COUNT, SEED = 1500, 11


@pytest.fixture(scope="session")
def lives() -> list[Child]:
    return list(draw_children(COUNT, years=YEARS, seed=SEED))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "returns"
    make_returns(Order(COUNT, YEARS, SEED), folder)
    return folder


@pytest.fixture(scope="session")
def made_xml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "xml"
    make_returns(Order(COUNT, YEARS, SEED, "xml"), folder)
    return folder


def rows_of_file(folder: Path, year: int, name: str) -> list[dict[str, str]]:
    with (folder / str(year) / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def read_rows(made: Path):
    return lambda year, name: rows_of_file(made, year, name)


@pytest.fixture(scope="session")
def truth(made: Path) -> dict[tuple[int, str], tuple[int, int | None]]:
    with (made / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {
            (int(row["year"]), row["indicator"]): (
                int(row["numerator"]),
                int(row["denominator"]) if row["denominator"] else None,
            )
            for row in csv.DictReader(file)
            # Those on advocacy, of which there are answers by group, are looked at where they are made.
            if row["indicator"] in CONVENTIONS
        }


@pytest.fixture(scope="session")
def by_child(made: Path):
    """Episodes of each child in the return of a year, in order."""

    def found(year: int) -> Iterator[list[dict[str, str]]]:
        children = defaultdict(list)
        for row in rows_of_file(made, year, "episodes"):
            children[row["CHILD"]].append(row)
        return iter(children.values())

    return found
