"""Questions in plain words: the indicator that they are about, also where it is misspelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import UnknownNameError
from analysis.indicators.asking import find_asked
from analysis.indicators.definitions import load_indicators

#: What people ask, and what they mean; names that are spelt wrong among them.
ASKED = [
    ("why are we above our neighbours on repeat plans", "cp_repeat_plans"),
    ("Why are we above our neighbors on repeet plans?", "cp_repeat_plans"),
    ("re-plans", "cp_repeat_plans"),
    ("NI 65", "cp_repeat_plans"),
    ("what is our NI 62", "cla_three_placements"),
    ("do placement moves go up", "cla_three_placements"),
    ("placment stability", "cla_same_placement"),
    ("kids in care rate", "cla_rate"),
    ("how many children are in care?", "cla_number"),
    ("How many children are on a child protection plan?", "cp_plan_number"),
    ("child protection rate against England", "cp_plan_rate"),
    ("are initial conferences on time", "icpc_in_timescale"),
    ("why are so many children placed far from home", "cla_placed_far"),
    ("section 47 rate", "section_47_rate"),
    ("do children in care see a dentist", "dental_check_share"),
    ("how many care leavers work or study", "care_leaver_eet_share"),
]


@pytest.mark.parametrize(("question", "indicator"), ASKED)
def test_what_people_ask(question, indicator):
    assert find_asked(question).indicator.id == indicator


@pytest.mark.parametrize("indicator", load_indicators().values(), ids=list(load_indicators()))
def test_a_name_by_itself_is_found_or_comes_near(indicator):
    taken = find_asked(indicator.name)
    assert indicator.id in [taken.indicator.id, *[item.id for item in taken.near]]


@pytest.mark.parametrize("question", ["", "   ", "why are we above?", "the weather in Nottingham", "<script>"])
def test_a_question_about_nothing_held(question):
    with pytest.raises(UnknownNameError, match="analysis list indicators"):
        find_asked(question)


@given(st.text(max_size=200))
def test_any_text_is_answered_or_refused_in_words(question):
    try:
        taken = find_asked(question)
    except UnknownNameError as error:
        assert "analysis list indicators" in str(error)
    else:
        assert taken.indicator not in taken.near


def test_digits_are_not_nearly_others():
    assert find_asked("NI 63").indicator.id == "cla_same_placement"
    assert find_asked("NI 64").indicator.id == "cp_plans_two_years_ended"
