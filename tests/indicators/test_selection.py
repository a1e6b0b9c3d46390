"""The rows of one question: the right figure for a year, gaps as rows, and several sources in the open."""

import pandas as pd
import pytest

from analysis.errors import UnknownNameError
from analysis.indicators.definitions import load_indicators
from analysis.indicators.grouping import add_groups, beside_first, select_profile, summarise_groups
from analysis.indicators.observations import filter_figures, load_figures, require_held, years_held
from analysis.indicators.pairing import (
    mark_worked_out,
    only_held,
    pair_with_base,
    pair_with_comparators,
    pair_with_count,
    put_beside,
    stack,
    unite,
    with_claim,
    with_profile,
    with_total,
)
from analysis.indicators.selection import (
    one_value_each,
    select_before,
    select_latest,
    select_level,
    select_levels,
    select_trend,
)
from analysis.sources.areas import find_area
from analysis.statistics.completion import complete_proportion, complete_rate
from analysis.statistics.rounding import add_implied_denominator

I = load_indicators()  # noqa: E741


@pytest.fixture(scope="module")
def figures():
    return load_figures()


def level(figures, indicator, area="Nottingham", year="2020-21", **more):
    return select_level(figures, I[indicator], area=area, year=year, **more)


@pytest.mark.parametrize(
    ("indicator", "area", "year", "value", "figure"),
    [
        ("cp_plan_rate", "Nottingham", "2020-21", 89, "NCS21.011"),
        ("cp_repeat_plans", "Nottingham", "2019-20", 32, "NCS21.022"),
        ("cla_number", "Nottingham", "2020-21", 684, "NCP23.002"),
        ("cla_number", "Nottingham", "2019-20", 656, "NCS21.002"),
        ("cla_same_placement", "Nottingham", "2020-21", 64, "NCP23.005"),
        ("cla_rate", "Peterborough", "2017-18", 74.0, "PIR18.007"),
        ("cla_started_rate", "Peterborough", "2017-18", 35.0, "PIR18.019"),
        ("cla_number", "Nottinghamshire", "2011-12", 812, "NIC12.002"),
    ],
)
def test_the_figure_of_a_year(figures, indicator, area, year, value, figure):
    row = level(figures, indicator, area, year).iloc[0]
    assert (row["value"], row["figure"]) == (value, figure)


def test_several_indicators_are_a_row_each_in_the_order_asked_for(figures):
    asked = ["cp_plan_rate", "adoption_number", "cla_number"]
    rows = select_levels(figures, [I[name] for name in asked], area="Nottingham", year="2019-20")
    assert rows["indicator"].tolist() == asked
    assert rows["status"].tolist() == [level(figures, name, year="2019-20")["status"].iloc[0] for name in asked]
    assert {"reported", "not_held"} == set(rows["status"]), "a gap is a row like any other"
    assert rows["asked"].eq("2019-20").all()


def test_other_values_are_kept_in_sight(figures):
    assert level(figures, "cla_number")["also_printed"].iloc[0] == "687 (NCP21.059)"
    assert "69 (NCP21.207)" in level(figures, "cla_same_placement")["also_printed"].iloc[0]
    assert level(figures, "cla_started_rate", "Peterborough", "2017-18")["also_printed"].iloc[0] == "36.0 (PIR18.022)"


def test_a_gap_is_a_row_that_says_so(figures):
    gap = level(figures, "cp_repeat_plans", "Peterborough", "2017-18")
    assert len(gap) == 1
    assert gap["status"].iloc[0] == "not_held"
    assert gap["value"].isna().all()
    assert gap["area_name"].iloc[0] == "Peterborough"


def test_a_window_is_taken_for_the_years_it_touches_the_later_of_two(figures):
    rows = level(figures, "advocacy_referrals", topic="Referral source")
    assert set(rows["period"]) == {"2020-10/2021-09"}
    assert set(level(figures, "advocacy_referrals", year="2021-22", topic="Referral source")["period"]) == {
        "2020-10/2021-09"
    }


def test_nearest_only_where_asked(figures):
    assert level(figures, "foster_long_term")["status"].iloc[0] == "not_held"
    assert level(figures, "foster_long_term", nearest=True)["period"].iloc[0] == "2021-22-Q1"


def test_the_order_of_rows_changes_nothing(figures):
    shuffled = figures.sample(frac=1, random_state=7)
    for indicator in ("cla_number", "cp_plan_rate", "cla_same_placement"):
        one = level(figures, indicator)[["value", "figure", "also_printed"]]
        pd.testing.assert_frame_equal(one, level(shuffled, indicator)[["value", "figure", "also_printed"]])


def test_one_value_for_each_measure(figures):
    resolved = one_value_each(figures)
    keys = ["indicator", "area_code", "period", "breakdown_topic", "breakdown", "value_type"]
    assert not resolved.duplicated(keys).any()
    assert len(resolved) == len(figures.drop_duplicates(keys))


def test_implied_population_of_nottingham(figures):
    rate = pair_with_count(level(figures, "cp_plan_rate"), figures, count="cp_plan_number")
    row = add_implied_denominator(rate, multiplier=10_000).iloc[0]
    assert round(row["denominator"], -2) == 69_200
    assert round(row["denominator_lower"]) == 68_827
    assert round(row["denominator_upper"]) == 69_605
    assert row["cites"] == "NCS21.011;NCS21.006"


def test_comparators_of_peterborough(figures):
    rows = pair_with_comparators(
        level(figures, "cla_rate", "Peterborough", "2017-18"), figures, I["cla_rate"],
        comparators=["statistical_neighbours", "region", "england"],
    )  # fmt: skip
    assert dict(zip(rows["benchmark_name"], rows["benchmark_value"], strict=True)) == {
        "statistical neighbours": 87, "England": 64.0,
    }  # fmt: skip
    assert rows["cites"].str.contains("PIR18.007").all()


def test_a_comparator_years_away_is_none(figures):
    rows = pair_with_comparators(
        level(figures, "cla_rate", year="2021-22"), figures, I["cla_rate"], comparators=["england"]
    )
    assert list(rows["benchmark_name"]) == [""]


def test_both_ends_of_a_target_range_stand(figures):
    rows = pair_with_comparators(
        select_latest(figures, I["foster_long_term"], area="Nottingham"), figures, I["foster_long_term"], comparators=[]
    )
    assert list(rows["benchmark_value"]) == [40, 60]


def test_the_year_before_and_the_change_claimed(figures):
    own = level(figures, "cla_number")
    rows = with_claim(put_beside(own, select_before(own, figures)), figures)
    row = rows.iloc[0]
    assert (row["other_value"], row["other_period"], row["claimed_value"]) == (656, "2019-20", 4.2)
    assert set(row["cites"].split(";")) >= {"NCP23.002", "NCS21.002", "NCS21.003"}


def test_a_rate_that_no_source_prints_is_marked(figures):
    rate = pair_with_count(level(figures, "cla_rate"), figures, count="cla_number")
    worked_out = mark_worked_out(complete_rate(rate.assign(denominator=69_213.0)))
    assert worked_out["status"].iloc[0] == "worked_out"
    assert round(worked_out["value"].iloc[0], 1) == 98.8


def test_trend_of_stability_in_time_order(figures):
    rows = select_trend(figures, I["cla_same_placement"], area="Nottingham")
    assert list(rows["period"]) == ["2019-20", "2020-21", "2021-22-Q1", "2021-22-Q2", "2021-22"]
    assert list(rows["value"]) == [68, 64, 66.4, 70.6, 72]


def test_profiles(figures):
    counts = add_groups(select_trend(figures, I["cla_number"], area="Nottingham", topic="Ethnicity"))
    groups = complete_proportion(summarise_groups(counts).drop(columns="value"))
    latest = groups[groups["period"] == "2020-21"].set_index("breakdown")
    assert latest.loc["Mixed", "numerator"] == 7 + 26 + 89 + 23
    assert (latest["denominator"] == 694).all()
    assert groups.groupby("period")["value"].sum().round(9).eq(100).all()
    assert len(latest.loc["Mixed", "cites"].split(";")) == 4


def test_a_sum_with_a_missing_part_is_missing(figures):
    counts = add_groups(select_trend(figures, I["cla_number"], area="Nottingham", topic="Gender"))
    counts.loc[0, "value"] = float("nan")
    groups = summarise_groups(counts)
    assert groups.loc[groups["period"] == "2016-17", "denominator"].isna().all()


def test_ages_are_shares_here_and_counts_there(figures):
    shares = {"share": I["cla_share"], "count": I["cla_number"], "topic": "Age group"}
    printed = select_profile(figures, area="Nottingham", **shares)
    assert printed.loc[printed["period"] == "2020-21", "value"].sum() == pytest.approx(96.81)
    counted = complete_proportion(select_profile(figures, area="Peterborough", **shares))
    assert round(counted.set_index("breakdown").loc["10 to 15", "value"], 1) == 39.7


def test_beside_first_compares_the_last_with_the_first(figures):
    ages = select_profile(figures, share=I["cla_share"], count=I["cla_number"], area="Nottingham", topic="Age group")
    rows = beside_first(ages)
    last = rows[rows["period"] == "2020-21"].set_index("breakdown")
    assert last.loc["1 to 4", "other_value"] == 9.7
    assert rows.loc[rows["period"] != "2020-21", "other_value"].isna().all()


def test_users_beside_those_in_care(figures):
    users = only_held(
        stack(*[level(figures, "advocacy_share", topic=topic) for topic in ("Ethnicity", "Age group", "Gender")])
    )
    profile = filter_figures(figures, area="E06000018", indicator="cla_share")
    rows = with_total(with_profile(users, profile), figures, total=I["advocacy_issues"]).set_index("breakdown")
    assert rows.loc["White British", "other_value"] == 62
    assert rows.loc["16 and over", "other_value"] == 20.2
    assert (rows["users_total"] == 72).all()
    assert rows.loc["16 and over", "other_period"] == "2020-21"


def test_base_of_a_percentage(figures):
    rows = pair_with_base(
        select_latest(figures, I["cla_three_placements"], area="Nottingham"), figures, base="cla_number"
    )
    assert rows["denominator"].iloc[0] == 700


def test_years_held(figures):
    assert years_held(figures, find_area("Nottingham"))[0] == "2016-17"
    # Its annual report, and one post that the strategy of its neighbour tells of.
    assert years_held(figures, find_area("Nottinghamshire")) == ["2010-11", "2011-12", "2019-20"]


@pytest.mark.parametrize(
    ("area", "year", "says"),
    [
        ("Nottingham", "2010-11", "figures for 2016-17"),
        ("England", "2017-18", "Peterborough"),
        ("Nottingham", "nope", "not a period"),
    ],
)
def test_what_is_not_held_is_refused_with_what_is(figures, area, year, says):
    with pytest.raises(UnknownNameError, match=says):
        require_held(figures, area=area, year=year)


def test_unite_keeps_each_once_in_order():
    assert unite("A;B", "B;C", "") == "A;B;C"
