"""What several tests need: the material beside the checkout, and the reports, made once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from analysis.errors import OutputError
from analysis.report.batch import RETURNS, Making, Outcome, make_order, make_reports
from analysis.report.formats import FORMATS, require_tools
from analysis.report.runner import list_notebooks
from analysis.report.signature import read_signature

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
PLACES = (("Nottingham", "2020-21"), ("Peterborough", "2017-18"), ("Nottinghamshire", "2011-12"))
#: Names of the reports that are made where no return is given, in order.
NAMES = [name for name, path in list_notebooks().items() if RETURNS not in read_signature(path)]


def shared(name: str) -> Path:
    """A folder of the material beside the checkout; the test is skipped, and says so, where it is absent."""
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"needs ../shared/{name}, which is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def source_texts() -> dict[str, str]:
    """The text of each source document, by the first three letters of its file's name."""
    return {path.name[:3]: path.read_text(encoding="utf-8") for path in shared("sources").glob("*.txt")}


@pytest.fixture(scope="session")
def formats() -> tuple[str, ...]:
    """Every format that can be made here; in CI all of them must."""
    try:
        require_tools(tuple(FORMATS))
    except OutputError:
        if in_ci():
            raise
        return tuple(name for name in FORMATS if name != "pdf")
    return tuple(FORMATS)


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory, formats: tuple[str, ...]) -> Iterator[Path]:
    """A folder with all reports of three places, really run; those of the first in every format."""
    folder = tmp_path_factory.mktemp("outputs")
    for area, year in PLACES:
        making = Making(formats if (area, year) == PLACES[0] else ("html",))
        outcome: Outcome = make_reports(make_order([], area=area, year=year, output=folder, making=making))
        assert not outcome.failures, {name: str(error) for name, error in outcome.failures.items()}
    yield folder


#: Authorities of every kind: large, small with hidden counts, nearly all hidden, new, abolished; and the country.
OFFICIAL = (
    ("Leeds", "2024-25"),
    ("Rutland", "2024-25"),
    ("City of London", "2024-25"),
    ("Cumberland", "2024-25"),
    ("Cumbria", "2021-22"),
    ("England", "2024-25"),
    ("Nottingham", "2020-21"),
)


@pytest.fixture(scope="session")
def official_reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with all reports of these places, made from the official files beside the checkout."""
    folder = tmp_path_factory.mktemp("official")
    data = {"data": str(shared("open-data"))}
    for area, year in OFFICIAL:
        outcome: Outcome = make_reports(make_order([], area=area, year=year, output=folder, given=data))
        assert not outcome.failures, {name: str(error) for name, error in outcome.failures.items()}
    yield folder


def in_ci() -> bool:
    return bool(os.environ.get("CI"))
