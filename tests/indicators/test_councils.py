"""Councils and years side by side: ranges stay ranges, nothing is ranked, and the recommended range is the handbook's."""

import pytest

from analysis.indicators.councils import select_councils
from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_figures

KNOWN = load_indicators()


@pytest.fixture(scope="module")
def figures():
    return load_figures()


def test_the_council_asked_for_comes_first_in_the_order_of_time(figures):
    rows = select_councils(figures, KNOWN["review_timeliness"], area="Peterborough")
    assert rows["area_name"].tolist()[:3] == ["Peterborough"] * 3
    assert rows["period"].tolist()[:3] == ["2015-16", "2016-17", "2017-18"]
    assert set(rows["area_name"]) == {"Peterborough", "Nottingham"}


def test_a_range_is_one_row_that_cites_both_ends(figures):
    rows = select_councils(figures, KNOWN["iro_caseload"], area="Peterborough")
    row = rows[rows["area_name"] == "Peterborough"].iloc[0]
    assert (row["value"], row["value_high"], row["cites"]) == (60, 67, "PIR18.054;PIR18.055")


def test_caseloads_stand_against_50_to_70(figures):
    rows = select_councils(figures, KNOWN["iro_caseload"], area="Nottingham", topics=["Total", "Post"])
    assert set(zip(rows["range_low"], rows["range_high"], strict=True)) == {(50, 70)}
    stands = dict(
        zip(zip(rows["area_name"], rows["period"], rows["breakdown"], strict=True), rows["stands"], strict=True)
    )
    assert stands[("Nottingham", "2020-21", "Total")] == "within"
    assert stands[("Nottingham", "2020-21", "Full time")] == "above"
    assert stands[("Nottingham", "2020-21", "Part time")] == "below"
    assert stands[("Peterborough", "2017-18", "Total")] == "within"


def test_a_range_that_crosses_a_limit_is_partly_outside(figures):
    wider = figures.assign(value=figures["value"].where(figures["figure"] != "PIR18.055", 74.0))
    rows = select_councils(wider, KNOWN["iro_caseload"], area="Peterborough")
    assert rows["stands"].iloc[0] == "partly outside"


def test_a_council_without_a_figure_has_a_row_that_says_so(figures):
    rows = select_councils(figures, KNOWN["compliment_number"], area="Peterborough")
    assert rows["status"].tolist() == ["not_held", "reported"]
    assert rows["range_low"].isna().all()
