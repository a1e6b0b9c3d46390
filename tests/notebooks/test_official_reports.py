"""The notebooks on official files, for authorities of every kind: what they say is held against the files themselves."""

import csv
import re

import pytest
from test_reports import assert_shares_are_shares, own_words_of, page, text_of

from conftest import NAMES, OFFICIAL, shared

SLUGS = [f"{area.lower().replace(' ', '-')}/{year}" for area, year in OFFICIAL]


def spoken(reports, folder, name):
    """The text of a page as it is read, without the spaces that links leave behind."""
    return re.sub(r" ([,.:;)])", r"\1", text_of(page(reports, folder, name)))


def cells(file, *, encoding="utf-8-sig", **wanted):
    """The one row of a published file that has these cells, read by another reader than ours."""
    with (shared("open-data") / file).open(encoding=encoding, newline="") as lines:
        found = [row for row in csv.DictReader(lines) if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, (file, wanted, len(found))
    return found[0]


@pytest.mark.parametrize("folder", SLUGS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_machinery_shows(official_reports, folder, name):
    text = own_words_of(page(official_reports, folder, name))
    for word in (
        "nan",
        "NaN",
        "None",
        "Traceback",
        "not_held",
        "worked_out",
        "low_reliability",
        "[[",
        "NaT",
        "<NA>",
        "inf",
    ):
        assert not re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text), word


@pytest.mark.parametrize("folder", SLUGS)
@pytest.mark.parametrize("name", NAMES)
def test_every_link_to_a_figure_leads_to_its_words(official_reports, folder, name):
    html = page(official_reports, folder, name)
    assert set(re.findall(r'href="#figure-([A-Z0-9.]+)"', html)) <= set(re.findall(r'id="figure-([A-Z0-9.]+)"', html))
    listed = re.findall(r'id="figure-([A-Z0-9.]+)"', html)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("area", "year"), [("Leeds", "2025"), ("Rutland", "2025"), ("Cumberland", "2025"), ("England", "2025")]
)
def test_children_in_care_are_those_of_the_file(official_reports, area, year):
    level = {"geographic_level": "National"} if area == "England" else {"la_name": area}
    row = cells(
        "children-looked-after/2025/cla_number_and_rate_per_10k_children.csv",
        time_period=year, population_type="Children looked after on 31 March each year", **level,
    )  # fmt: skip
    text = spoken(official_reports, f"{area.lower()}/2024-25", "01_rates_per_10000")
    assert f"In {area}, {row['rate_per_10000']} (95% interval" in text
    assert f"In {area}, {int(row['children_count']):,} children were in care at the end of 2024-25" in text


def test_plans_are_counted_against_the_population_of_the_year_before(official_reports):
    plans = cells(
        "children-in-need/2025/d5_cpps_at31march_by_duration_2013_to_2025.csv", time_period="2025", la_name="Leeds"
    )
    people = cells("population/ons_mid-year_population_estimates_2012_to_2024.csv", time_period="2024", la_name="Leeds")
    rate = 10_000 * int(plans["CPP_At31"]) / int(people["population_estimate"])
    text = spoken(official_reports, "leeds/2024-25", "01_rates_per_10000")
    assert f"In Leeds, {rate:.1f} (95% interval" in text
    assert f"{int(people['population_estimate']):,} children aged 0 to 17 lived in the area on 30 June 2024" in text


def test_neighbours_are_named_by_model_average_and_how_many_had_data(official_reports):
    for name in NAMES[:3]:
        text = spoken(official_reports, "leeds/2024-25", name)
        assert "its statistical neighbours (2025 model, median, 10 of 10 with data)" in text
        assert "Does the choice of neighbours matter?" in text


def test_a_choice_that_flips_the_answer_is_said_at_the_top(official_reports):
    html = page(official_reports, "leeds/2024-25", "02_repeat_child_protection_plans")
    head = html[: html.index("<h2")]
    assert "depends on the choice" in head


def test_hidden_figures_are_said_to_be_hidden(official_reports):
    for name in ("01_rates_per_10000", "03_placement_stability"):
        text = spoken(official_reports, "city-of-london/2024-25", name)
        assert "in City of London in 2024-25 is suppressed (c) in the source" in text
    text = spoken(official_reports, "rutland/2024-25", "03_placement_stability")
    assert (
        "The share of children with three or more placements in twelve months in Rutland in 2024-25 is suppressed (c)"
        in text
    )
    assert "more groups have no figure, suppressed (c)" in text


def test_a_new_authority_and_the_one_it_came_from_are_lines_of_their_own(official_reports):
    new = spoken(official_reports, "cumberland/2024-25", "01_rates_per_10000")
    assert "Cumberland exists since 1 April 2023" in new
    assert "nothing is shared out" in new
    assert re.search(r"Cumbria\W+.*2013-14", new), "the line of the county before"
    old = spoken(official_reports, "cumbria/2021-22", "01_rates_per_10000")
    assert "replaced by Cumberland and Westmorland and Furness after 31 March 2023" in old
    assert "(2021 model, median" in old, "the later model does not list it"


def test_england_is_among_no_authorities(official_reports):
    text = spoken(official_reports, "england/2024-25", "01_rates_per_10000")
    assert "No figure of others is held to compare it with" in text
    assert "not among" in text


def test_council_and_department_stand_side_by_side(official_reports):
    rates = spoken(official_reports, "nottingham/2020-21", "01_rates_per_10000")
    assert "616 children were on a child protection plan" in rates
    assert "the Department for Education’s figure is 598, which is 18" in rates
    stability = spoken(official_reports, "nottingham/2020-21", "03_placement_stability")
    assert re.search(r"64% of children in care long enough.*the Department for Education’s figure is 62%", stability)


def test_children_in_care_beside_pupils(official_reports):
    row = cells(
        "children-looked-after/2025/cla_on_31_march_by_characteristics_tidied.csv",
        la_name="Leeds", time_period="2025", cla_group="Ethnicity", characteristic="Mixed or Multiple ethnic groups",
    )  # fmt: skip
    text = spoken(official_reports, "leeds/2024-25", "04_advocacy_uptake")
    assert f"Mixed: {row['children_percent']}% of children in care" in text
    assert "of pupils of the area (January 2022)" in text
    assert "of residents of the area (21 March 2021)" in text


@pytest.mark.parametrize("folder", SLUGS)
@pytest.mark.parametrize("name", NAMES)
def test_no_share_is_a_count(official_reports, folder, name):
    assert_shares_are_shares(official_reports / folder / f"{name}.ipynb")


@pytest.mark.parametrize("folder", SLUGS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_weighs_less_than_a_megabyte(official_reports, folder, name):
    assert len(page(official_reports, folder, name).encode()) < 1_000_000
