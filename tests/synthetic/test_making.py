"""The same order gives the same bytes; a folder that holds something else is left alone; small orders are whole."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from analysis.cli import app
from analysis.commands.synthesise import parse_years
from analysis.errors import OutputError, UnknownNameError
from analysis.sources.returns.bank_holidays import load_bank_holidays
from analysis.synthetic.calendar import add_working_days
from analysis.synthetic.histories import draw_children
from analysis.synthetic.making import Order, make_returns
from analysis.synthetic.ssda903 import episodes_of
from analysis.synthetic.truth import answers, year_of
from conftest import ROOT

SMALL = Order(60, (2024, 2025), 5)


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path):
    make_returns(SMALL, tmp_path / "a")
    code = (
        "from pathlib import Path; from analysis.synthetic.making import Order, make_returns; "
        f"make_returns({SMALL!r}, Path({str(tmp_path / 'b')!r}))"
    )
    # Another process, with another order of sets.
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": "1234"})
    make_returns(Order(60, (2024, 2025), 6), tmp_path / "c")
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
    assert all(
        hashes(tmp_path / "a")[name] != digest for name, digest in hashes(tmp_path / "c").items() if "uasc" not in name
    )


def test_written_again_over_itself_it_is_the_same(tmp_path):
    make_returns(SMALL, tmp_path / "a")
    before = hashes(tmp_path / "a")
    make_returns(SMALL, tmp_path / "a")
    assert hashes(tmp_path / "a") == before


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "episodes.csv").write_text("real", encoding="utf-8")
    with pytest.raises(OutputError, match="did not make"):
        make_returns(SMALL, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["episodes.csv"]


def test_the_command_writes_and_says_so(tmp_path):
    done = CliRunner().invoke(
        app,
        [
            "synthesise",
            "--children",
            "5",
            "--years",
            "2025",
            "--seed",
            "2",
            "--format",
            "xml",
            "--output",
            str(tmp_path / "x"),
        ],
    )
    assert done.exit_code == 0 and "truth.csv" in done.output
    assert {path.name for path in (tmp_path / "x" / "2025").iterdir()} == {
        "ssda903.xml",
        "cin_census.xml",
        "annex_a.xlsx",
        "advocacy_referrals.csv",
        "placement_locations.csv",
    }
    assert "no real child" in (tmp_path / "x" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["2025..2019", "2010", "2019-2025", "", "2019..2099"])
def test_years_that_are_none(text):
    with pytest.raises(UnknownNameError, match=r"2019\.\.2025"):
        parse_years(text)


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(-(10**9), 10**9), st.integers(2016, 2030), st.integers(0, 3))
def test_any_small_order_is_whole(count, seed, first, more):
    years = tuple(range(first, min(first + more, 2030) + 1))
    children = list(draw_children(count, years=years, seed=seed))
    assert len(children) == count and len({child.id for child in children}) == count
    for child in children:
        within = [
            item
            for item in [*child.periods, *child.plans, *child.needs]
            if (item.start if hasattr(item, "start") else item.referral) <= year_of(years[-1]).last
        ]
        assert within
        for period in child.periods:
            whole_period(period, year_of(years[-1]).last)
        assert all(item.start < item.end for item in episodes_of(child))
        assert all(first.end < later.start for first, later in pairwise(child.plans))
        assert [plan.previous for plan in child.plans] == list(range(len(child.plans)))
        for year in years:
            assert all(of is None or 0 <= number <= of for _, number, of in answers(child, year_of(year)))


def whole_period(period, last):
    """Homes fill the period, absences lie inside homes, and no legal status changes during one."""
    homes = period.homes
    assert homes[0].start == period.start and (homes[-1].end == period.end or homes[-1].end > last)
    assert all(first.end == later.start for first, later in pairwise(homes))
    assert all(home.start < home.end for home in homes)
    for home in homes:
        for item in home.absences:
            assert home.start < item.start < item.end < home.end
            assert not any(item.start <= day <= item.end for day, _ in period.legal)
    days = [day for day, _ in period.legal]
    assert days == sorted(set(days)) and days[0] == period.start and days[-1] < period.end
    held = [item.day for item in period.reviews if item.day is not None]
    assert held == sorted(set(held)) and all(period.start < day < period.end for day in held)


def test_bank_holidays_hold_the_days_that_no_rule_gives():
    days = load_bank_holidays()
    special = (
        "2011-04-29",
        "2012-06-04",
        "2012-06-05",
        "2020-05-08",
        "2022-06-02",
        "2022-06-03",
        "2022-09-19",
        "2023-05-08",
    )
    assert {date.fromisoformat(text) for text in special} <= set(days)
    assert date(2020, 5, 4) not in days and date(2021, 12, 28) in days
    extra = {2011: 9, 2012: 9, 2022: 10, 2023: 9}
    for year in range(2008, 2031):
        assert sum(day.year == year for day in days) == extra.get(year, 8), year


def test_working_days_go_both_ways():
    friday = date(2025, 4, 17).toordinal()
    assert date.fromordinal(add_working_days(friday, 1)) == date(2025, 4, 22)
    assert date.fromordinal(add_working_days(date(2025, 4, 22).toordinal(), -1)) == date(2025, 4, 17)


def test_the_set_that_is_kept_is_what_the_command_writes(tmp_path):
    kept = ROOT / "data" / "synthetic"
    make_returns(Order(120, (2023, 2024, 2025), 7), tmp_path / "again")
    texts = {name: digest for name, digest in hashes(tmp_path / "again").items() if not name.endswith(".xlsx")}
    assert {name: digest for name, digest in hashes(kept).items() if not name.endswith(".xlsx")} == texts
    assert sum(path.stat().st_size for path in kept.rglob("*") if path.is_file()) < 1_000_000
