"""One figure of all authorities, the population behind a rate, the choice of neighbours, and what both sources say."""

import numpy as np
import pandas as pd
import pytest

from analysis.indicators.areas_compared import SUMMARISED_BY, load_members, select_members
from analysis.indicators.definitions import find_indicator
from analysis.indicators.everywhere import pair_with_choices, select_beside, select_everywhere, select_population
from analysis.indicators.observations import load_figures
from analysis.indicators.selection import select_level
from analysis.periods import parse_period
from analysis.sources.areas import find_area, local_authorities
from analysis.sources.store import STORE_VARIABLE
from analysis.statistics.neighbours import summarise_members
from analysis.vocabulary import COLUMNS, NOT_HELD
from conftest import shared
from open_cases import NEIGHBOURS, POPULATION, RATES, neighbours_list, population, population_of, rates

RATE = find_indicator("cla_rate")


@pytest.fixture(scope="module", autouse=True)
def own_store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORE_VARIABLE, str(tmp_path_factory.mktemp("store")))
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    rates(2022, 2023, 2025).write(folder / RATES)
    population(2022, 2023, 2024).write(folder / POPULATION)
    (folder / NEIGHBOURS).write_text(
        neighbours_list(Nottingham="831 850 202 335 942 330 331 332 333 334"), encoding="utf-8"
    )
    return str(folder)


@pytest.fixture(scope="module")
def figures(data):
    return load_figures(data, area="Nottingham")


def test_all_authorities_that_existed_and_no_other(data, figures):
    now = select_everywhere(figures, RATE, data=data, area="Nottingham", year="2024-25")
    assert set(now["area_name"]) == {"Nottingham", "Derby", "Hampshire", "Camden", "Cumberland"}
    before = select_everywhere(figures, RATE, data=data, area="Nottingham", year="2022-23")
    assert set(before["area_name"]) == {"Nottingham", "Derby", "Hampshire", "Camden", "Cumbria"}
    for rows in (now, before):
        assert rows.loc[rows["is_area"], "area_name"].tolist() == ["Nottingham"]
        assert not rows["area_code"].duplicated().any()


@pytest.mark.parametrize("area", ["England", "East Midlands", "Cumbria"])
def test_an_area_that_is_no_authority_of_the_year_is_not_among_them(data, figures, area):
    rows = select_everywhere(figures, RATE, data=data, area=area, year="2024-25")
    assert len(rows) == 5
    assert not rows["is_area"].any()


@pytest.mark.parametrize(
    ("year", "folder"), [("2010-11", True), ("2023-24", True), ("2030-31", True), ("2024-25", False)]
)
def test_where_nothing_is_held_one_row_says_so(data, figures, year, folder):
    rows = select_everywhere(figures, RATE, data=data if folder else "", area="Nottingham", year=year)
    assert rows["status"].tolist() == [NOT_HELD]
    assert rows["is_area"].tolist() == [True]
    assert np.isnan(rows["value"].iloc[0])
    assert set(COLUMNS) <= set(rows.columns)


def test_the_population_of_a_rate_is_that_of_the_middle_of_the_year_before_its_end(figures):
    indicator = find_indicator("children_population")
    rows = select_population(figures, area="Nottingham", year="2024-25", indicator=indicator)
    assert (rows["period"].iloc[0], rows["value"].iloc[0]) == (
        "2024-06-30",
        population_of(find_area("Nottingham"), 2024),
    )
    missing = select_population(figures, area="Nottingham", year="2015-16", indicator=indicator)
    assert (missing["status"].iloc[0], missing["period"].iloc[0]) == (NOT_HELD, "2015-06-30")


def test_every_choice_of_neighbours_is_a_row(data, figures):
    group = ("Leeds", "Hampshire")
    members = load_members(data, area="Nottingham", group=group)
    own = load_figures(data, area="Nottingham", group=group)
    summary = summarise_members(select_members(own, members), members, by=SUMMARISED_BY, multiplier=1)
    level = select_level(own, RATE, area="Nottingham", year="2024-25")
    rows = pair_with_choices(level, summary, members, own, RATE)
    assert rows["benchmark_name"].tolist() == [
        *(f"the group chosen ({average})" for average in ("median", "mean", "pooled")),
        *(f"statistical neighbours (2025 model, {average})" for average in ("median", "mean", "pooled")),
    ]
    with_value = own[own["indicator"].eq("cla_rate") & own["period"].eq("2024-25") & own["value"].notna()].set_index(
        "area_name"
    )
    assert rows["benchmark_value"].iloc[0] == with_value.loc["Hampshire", "value"], "Leeds has no row"
    listed = with_value.loc[["Derby", "Hampshire", "Camden", "Cumberland"], "value"]
    assert rows["benchmark_value"].iloc[3] == listed.median()
    assert rows["benchmark_value"].iloc[4] == pytest.approx(listed.mean())
    assert rows["benchmark_with_data"].tolist() == [1, 1, 1, 4, 4, 4]
    assert rows["benchmark_members"].tolist() == [2, 2, 2, 10, 10, 10]


def test_without_neighbours_there_is_one_row_with_the_same_columns(data, figures):
    none = load_members("", area="Nottingham")
    summary = summarise_members(select_members(figures, none), none, by=SUMMARISED_BY, multiplier=1)
    level = select_level(figures, RATE, area="Nottingham", year="2024-25")
    rows = pair_with_choices(level, summary, none, figures, RATE)
    assert rows["benchmark_name"].tolist() == [""]
    members = load_members(data, area="Nottingham")
    full = summarise_members(select_members(figures, members), members, by=SUMMARISED_BY, multiplier=1)
    assert set(pair_with_choices(level, full, members, figures, RATE).columns) == set(rows.columns)


# The real files


@pytest.fixture(scope="module")
def real():
    return str(shared("open-data"))


@pytest.mark.parametrize(("year", "number"), [("2024-25", 153), ("2022-23", 152), ("2020-21", 151)])
def test_every_authority_of_its_year(real, figures, year, number):
    rows = select_everywhere(figures, RATE, data=real, area="Nottingham", year=year)
    assert len(rows) == number == len(local_authorities(parse_period(year).end))
    assert rows["is_area"].sum() == 1
    assert rows["value"].notna().sum() >= number - 2


def test_first_and_latest_differ(real, figures):
    latest, first = (
        select_everywhere(
            load_figures(), RATE, data=real, area="Nottingham", year="2023-24", as_published=which
        ).set_index("area_code")
        for which in ("latest", "first")
    )
    assert set(latest["source"]) == {"cla_2025"}
    assert set(first["source"]) == {"cla_2024"}
    assert (latest["value"] != first["value"].reindex(latest.index)).sum() > 50


def test_a_council_and_the_department_side_by_side(real):
    """What Nottingham's documents print of 2020-21 stands beside the official figure of the same measure."""
    held = load_figures(real, area="Nottingham")
    asked = [
        find_indicator(name) for name in ("cla_rate", "cla_number", "cp_plan_rate", "cp_plan_number", "cp_repeat_plans")
    ]
    rows = select_beside(held, asked, area="Nottingham", year="2020-21")
    assert len(rows) >= 2
    assert isinstance(rows, pd.DataFrame)
    assert rows["other_value"].notna().all()
    assert not rows["source_name"].str.contains("DfE").any()
    assert rows["other_source_name"].str.contains("DfE").all()
    nothing = select_beside(held, asked, area="Nottingham", year="2024-25")
    assert nothing["status"].tolist() == [NOT_HELD]
