"""The scorecard is the one that the board received: each value, quarter before, outturn and target as the report prints them."""

import math

import pytest

from analysis.errors import CatalogueError, UnknownNameError
from analysis.indicators import scorecard
from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_figures
from analysis.indicators.scorecard import (
    find_period,
    indicators_of,
    load_scorecard,
    select_scorecard,
    without_figure,
)

#: What the performance report of November 2021 prints: value, quarter before, outturn 2020/21, target (two for a range).
PRINTED = {
    ("visit_share", "Total"): (83, 80, None, 95, 95),
    ("health_assessment_share", "Total"): (83, None, None, 90, 90),
    ("dental_check_share", "Total"): (61.5, None, 49, 90, 90),
    ("pathway_plan_share", "Children in care"): (89.3, 89, None, 95, 95),
    ("pathway_plan_share", "Care leavers"): (92.2, 92, None, 95, 95),
    ("cla_three_placements", "Total"): (6.6, 7.2, 8.3, 9, 9),
    ("cla_same_placement", "Total"): (70.6, 66.4, 64, 70, 70),
    ("foster_in_house", "Total"): (53.8, 53, None, None, None),
    ("foster_long_term", "Total"): (28.8, 27, None, 40, 60),
    ("cla_number", "Total"): (700, 710, 684, None, None),
    ("cla_rate", "Total"): (101, 102.5, None, None, None),
    ("adoption_or_sgo_number", "Total"): (14, 12, None, None, None),
    ("review_timeliness", "Total"): (93.5, None, 95, 97, 97),
    ("review_participation", "Total"): (93.2, None, 92, 90, 90),
    ("care_leaver_suitable_share", "19 to 21"): (92.3, None, None, 90, 90),
    ("care_leaver_eet_share", "19 to 21"): (60.1, 57.5, None, 60, 60),
}


@pytest.fixture(scope="module")
def figures():
    return load_figures()


@pytest.fixture(scope="module")
def rows(figures):
    return select_scorecard(figures, area="Nottingham", period="2021-22-Q2").set_index(["indicator", "breakdown"])


@pytest.mark.parametrize(("line", "wanted"), PRINTED.items())
def test_each_line_is_what_the_report_prints(rows, line, wanted):
    row = rows.loc[line]
    names = ("value", "other_value", "outturn_value", "target_low", "target_high")
    found = tuple(None if math.isnan(row[name]) else row[name] for name in names)
    assert found == wanted


def test_everything_that_a_line_rests_on_is_cited(rows):
    cites = set(rows.loc[("cla_three_placements", "Total"), "cites"].split(";"))
    assert {"NCP21.200", "NCP21.201", "NCP21.202", "NCP21.204", "NCP21.222"} <= cites
    assert rows.loc[("cla_three_placements", "Total"), "benchmark_value"] == 11


def test_a_base_that_is_only_bounded_says_so(rows):
    assert rows.loc[("visit_share", "Total"), ["denominator", "other_denominator"]].tolist() == [700, 710]
    assert rows.loc[("visit_share", "Total"), "base_is_bound"]
    assert not rows.loc[("cla_three_placements", "Total"), "base_is_bound"]


def test_an_indicator_of_several_groups_is_defined_once(figures):
    shown = select_scorecard(figures, area="Nottingham", period="2021-22-Q2")
    assert shown["indicator"].tolist().count("pathway_plan_share") == 2
    assert [item.id for item in indicators_of(shown)] == list(dict.fromkeys(shown["indicator"]))


def test_what_has_no_figure_is_named(figures, rows):
    missing = without_figure(figures, area="Nottingham", period="2021-22-Q2")
    assert "cp_repeat_plans" in missing
    assert not set(missing) & set(rows.index.get_level_values("indicator"))


@pytest.mark.parametrize(
    ("year", "quarter", "found"),
    [
        ("2021-22", "", "2021-22-Q2"),
        ("2021-22", "Q1", "2021-22-Q1"),
        ("2021/22", "q1", "2021-22-Q1"),
        ("2020-21", "", "2020-21"),
    ],
)
def test_which_period(figures, year, quarter, found):
    assert find_period(figures, area="Nottingham", year=year, quarter=quarter) == found


def test_a_quarter_that_is_none_is_refused(figures):
    with pytest.raises(UnknownNameError, match="Write Q1, Q2, Q3 or Q4"):
        find_period(figures, area="Nottingham", year="2021-22", quarter="5")


def test_a_year_has_the_year_before_beside_it(figures):
    rows = select_scorecard(figures, area="Peterborough", period="2017-18").set_index("indicator")
    assert rows.loc["cla_number", ["value", "other_value"]].tolist() == [370, 365]
    assert rows["outturn_value"].isna().all()


def test_nothing_held_is_a_row_that_says_so(figures):
    rows = select_scorecard(figures, area="Derby", period="2013-14")
    assert rows["status"].tolist() == ["not_held"]


def test_every_line_is_an_indicator_once():
    lines = [(line.indicator, line.group) for lines in load_scorecard().subjects.values() for line in lines]
    assert len(lines) == len(set(lines)) > 20
    assert {name for name, _ in lines} <= set(load_indicators())


def test_a_line_of_no_indicator_is_refused(tmp_path, monkeypatch):
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "scorecard.yml").write_text(
        "subjects: {Numbers: [{indicator: cla_numbr}]}", encoding="utf-8"
    )
    monkeypatch.setattr(scorecard, "data_folder", lambda: tmp_path)
    with pytest.raises(CatalogueError, match="'cla_numbr' is not declared"):
        load_scorecard.__wrapped__()
