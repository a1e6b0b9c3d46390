"""Averages, rests, profiles, sums of periods, one day under two labels: made-up figures with known answers."""

import pandas as pd
import pytest

from analysis.indicators.reconciling.claims import check_all_claims
from analysis.indicators.reconciling.moments import check_moments, check_sums_of_periods
from analysis.indicators.reconciling.repeats import check_near_repeats
from analysis.indicators.reconciling.sharing import check_averages, check_profiles, check_rests


def row(figure, indicator, value, period="2020-21", *, topic="Total", group="Total", precision=0, kind="observed",
        source="nottingham_scrutiny_2021_05"):  # fmt: skip
    return {
        "figure": figure, "indicator": indicator, "area_code": "E06000018", "area_name": "Nottingham", "period": period,
        "breakdown_topic": topic, "breakdown": group, "value": value, "value_type": kind, "precision": precision,
        "source": source, "locator": "x", "release": "2021-05-27", "quote": figure,
    }  # fmt: skip


def verdicts(rule, *rows):
    return [check.verdict for check in rule(pd.DataFrame(rows))]


@pytest.mark.parametrize(("average", "posts", "found"), [(69, 9.5, "disagrees"), (72, 9.5, "agrees"), (69, 0, "cannot be decided")])  # fmt: skip
def test_an_average_is_the_number_shared_among_the_posts(average, posts, found):
    rows = (
        row("A", "iro_caseload", average), row("B", "cla_number", 684), row("C", "iro_posts", posts, precision=1),
    )  # fmt: skip
    assert verdicts(check_averages, *rows) == [found]


@pytest.mark.parametrize(("rest", "found"), [(46.2, "agrees"), (45.2, "disagrees")])
def test_two_shares_of_a_whole(rest, found):
    rows = (row("A", "foster_in_house", 53.8, precision=1), row("B", "foster_external", rest, precision=1))
    assert verdicts(check_rests, *rows) == [found]


@pytest.mark.parametrize(("share", "found"), [(52, "agrees"), (62, "disagrees"), (54, "cannot be decided")])
def test_a_profile_is_held_against_counts_of_the_groups(share, found):
    rows = (
        row("A", "cla_share", share, "2020-10/2021-09", topic="Ethnicity", group="White British"),
        row("B", "cla_number", 361, topic="Ethnicity", group="White British"),
        row("C", "cla_number", 333, topic="Ethnicity", group="African"),
    )
    assert verdicts(check_profiles, *rows) == [found]


@pytest.mark.parametrize(("whole", "found"), [(26, ["agrees"]), (27, ["disagrees"])])
def test_quarters_add_up_to_the_half_year(whole, found):
    rows = (
        row("A", "adoption_or_sgo_number", 12, "2021-22-Q1"), row("B", "adoption_or_sgo_number", 14, "2021-22-Q2"),
        row("C", "adoption_or_sgo_number", whole, "2021-04/2021-09"),
    )  # fmt: skip
    assert verdicts(check_sums_of_periods, *rows) == found
    # With a quarter missing nothing is said.
    assert verdicts(check_sums_of_periods, rows[0], rows[2]) == []


def test_one_day_under_two_labels():
    rows = (
        row("A", "cla_number", 700, "2021-22-Q2"),
        row("B", "cla_number", 701, "2021-09-30"),
        row("C", "cla_number", 690, "2021-08/2021-08"),
    )
    assert verdicts(check_moments, *rows) == ["disagrees"]
    # What is counted over a period is not a position: a quarter and a month may differ.
    flows = (row("A", "review_timeliness", 93, "2021-22-Q2"), row("B", "review_timeliness", 95, "2021-09/2021-09"))
    assert verdicts(check_moments, *flows) == []


def test_values_near_each_other_are_named_and_not_judged():
    later = {"source": "nottingham_cpb_2021_11/strategy"}
    rows = (
        row("A", "pathway_plan_share", 92.2, "2021-22-Q2", precision=1),
        row("B", "pathway_plan_share", 89, "2021-10-16", **later),
        row("C", "pathway_plan_share", 70, "2020-10-16", **later),
    )
    found = list(check_near_repeats(pd.DataFrame(rows)))
    assert [check.verdict for check in found] == ["cannot be decided"]
    assert found[0].figures == ("A", "B")


@pytest.mark.parametrize(("percent", "found"), [(19.6, "agrees"), (16.4, "disagrees")])
def test_a_change_and_its_percentage_are_held_against_each_other(percent, found):
    rows = (
        row("A", "cp_plan_number", 100, kind="change"), row("B", "cp_plan_number", percent, precision=1, kind="change_percent"),
        row("C", "cp_plan_number", 609),
    )  # fmt: skip
    by_pair = [check.verdict for check in check_all_claims(pd.DataFrame(rows)) if len(check.figures) == 3]
    assert by_pair == [found]
