"""Counted rows as figures: what is derived from them, what is hidden, and what stands beside what is published."""

import math

import pandas as pd
import pytest

from analysis.indicators.counting.counted import nothing_counted
from analysis.indicators.counting.engine import COLUMNS
from analysis.indicators.counting.observed import counted_figures, counted_indicators
from analysis.indicators.definitions import load_indicators
from analysis.indicators.everywhere import select_counted_beside
from analysis.indicators.observations import load_figures, with_counted
from analysis.indicators.selection import select_level
from analysis.sources.areas import find_area
from analysis.sources.cited import published_of
from analysis.sources.folders import data_folder
from analysis.vocabulary import TOTAL

NAN = math.nan


def row(rule: str, *, topic: str = TOTAL, name: str = TOTAL, top: float = NAN, bottom: float = NAN, value: float = NAN):
    return (rule, 2021, topic, name, top, bottom, value)


def counts(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def figures_of(*rows, populations=None) -> pd.DataFrame:
    table = counted_figures(counts(*rows), area=find_area("Nottingham"), populations=populations or {})
    return table.set_index(["indicator", "breakdown"])


def test_a_count_and_a_share_carry_their_numbers():
    found = figures_of(row("cla_number", value=656), row("cla_three_placements", top=64, bottom=656))
    count, share = found.loc[("cla_number", TOTAL)], found.loc[("cla_three_placements", TOTAL)]
    assert (count["value"], share["numerator"], share["denominator"]) == (656, 64, 656)
    assert share["value"] == pytest.approx(100 * 64 / 656)
    assert (share["period"], share["area_code"], share["status"]) == ("2020-21", "E06000018", "reported")
    assert published_of(share["figure"]).sensitivity == "restricted"


def test_a_rate_needs_the_population_of_the_middle_of_the_year_before():
    number = row("cla_number", value=656)
    assert ("cla_rate", TOTAL) not in figures_of(number).index
    assert ("cla_rate", TOTAL) not in figures_of(number, populations={"2021-06-30": 66_943}).index
    rate = figures_of(number, populations={"2020-06-30": 66_943}).loc[("cla_rate", TOTAL)]
    assert (rate["numerator"], rate["denominator"]) == (656, 66_943)
    assert rate["value"] == pytest.approx(10_000 * 656 / 66_943)


def test_shares_of_children_in_care_by_group():
    found = figures_of(
        row("cla_number", value=100),
        row("cla_number", topic="Gender", name="Male", value=60),
        row("cla_number", topic="Gender", name="Female", value=40),
    )
    assert found.loc[("cla_share", "Male"), "value"] == 60
    assert found.loc[("cla_share", "Female"), ["numerator", "denominator"]].tolist() == [40, 100]


def test_a_small_count_is_in_no_figure_that_is_worked_out_from_it():
    found = figures_of(
        row("cla_number", value=46),
        row("cla_number", topic="Gender", name="Male", value=43),
        row("cla_number", topic="Gender", name="Female", value=3),
        row("cla_started_number", value=4),
        populations={"2020-06-30": 60_000},
    )
    for key in [("cla_number", "Female"), ("cla_share", "Female"), ("cla_number", "Male"), ("cla_started_rate", TOTAL)]:
        hidden = found.loc[key]
        assert hidden["status"] == "suppressed"
        assert hidden[["numerator", "value"]].isna().all()


def test_identifiers_are_each_used_once_and_name_the_group():
    found = figures_of(
        row("cla_number", value=100),
        row("cla_number", topic="Age group", name="5 to 9", value=60),
        row("cla_number", topic="Age group", name="1 to 4", value=40),
    )
    assert found["figure"].is_unique
    assert "RET00.C01.Y2021.AGEGROUP.5TO9" in set(found["figure"])


def test_what_is_published_is_used_and_the_count_stands_beside_it():
    figures = with_counted(load_figures(), counts(row("cla_number", value=650)), area="Nottingham")
    level = select_level(figures, load_indicators()["cla_number"], area="Nottingham", year="2020-21").iloc[0]
    assert not level["figure"].startswith("RET00")
    assert "650 (RET00.C01.Y2021)" in level["also_printed"]
    beside = select_counted_beside(figures, counted_indicators(), area="Nottingham", year="2020-21").iloc[0]
    assert (beside["value"], beside["other_value"]) == (650, level["value"])
    assert beside["source_name"] == "the council’s own returns"


def test_what_nobody_published_is_the_count():
    figures = with_counted(load_figures(), counts(row("cp_repeat_plans_24_months", top=56, bottom=310)), area="Leeds")
    level = select_level(figures, load_indicators()["cp_repeat_plans_24_months"], area="Leeds", year="2020-21").iloc[0]
    assert (level["numerator"], level["denominator"]) == (56, 310)


def test_counting_again_replaces_what_was_counted():
    once = with_counted(load_figures(), counts(row("cla_number", value=650)), area="Nottingham")
    twice = with_counted(once, counts(row("cla_number", value=651)), area="Nottingham")
    assert len(once) == len(twice)
    assert twice.loc[twice["figure"].eq("RET00.C01.Y2021"), "value"].tolist() == [651]


def test_a_folder_of_returns_gives_figures_of_the_area_asked_for():
    folder = str(data_folder() / "synthetic")
    found = load_figures(folder, area="Rutland")
    own = found[found["source"] == "own_returns"]
    assert set(own["area_name"]) == {"Rutland"}
    assert {"2022-23", "2023-24", "2024-25"} == set(own["period"])
    assert (load_figures(folder)["source"] != "own_returns").all()


def test_nothing_counted_is_no_figure():
    assert len(with_counted(load_figures(), nothing_counted().rows, area="Nottingham")) == len(load_figures())
