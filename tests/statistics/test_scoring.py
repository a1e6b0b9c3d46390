"""Ratings, directions and chance: a stated rule, its limits, and laws that hold for any numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.scoring import RATINGS, add_chance, add_rating, add_travel


def line(value, low, high=None, *, near=5.0, polarity="higher_is_better"):
    return pd.DataFrame(
        {"value": [value], "target_low": [low], "target_high": [low if high is None else high], "near": [near], "polarity": [polarity]}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "found"),
    [(97.0, "on target"), (100.0, "on target"), (96.9, "near target"), (92.0, "near target"), (91.9, "off target")],
)
def test_each_side_of_every_limit(value, found):
    assert add_rating(line(value, 97.0))["rating"].item() == found


@pytest.mark.parametrize(
    ("value", "found"), [(9.0, "on target"), (6.6, "on target"), (9.1, "near target"), (10.1, "off target")]
)
def test_lower_is_better(value, found):
    assert add_rating(line(value, 9.0, near=1.0, polarity="lower_is_better"))["rating"].item() == found


@pytest.mark.parametrize(
    ("value", "found"),
    [(50, "on target"), (70, "on target"), (49, "near target"), (75, "near target"), (76, "off target")],
)
def test_a_range_has_two_wrong_sides_whatever_the_polarity(value, found):
    for polarity in ("neutral", "higher_is_better", "lower_is_better"):
        assert add_rating(line(float(value), 50.0, 70.0, polarity=polarity))["rating"].item() == found


def test_what_is_not_rated_says_why():
    assert add_rating(line(50.0, 40.0, polarity="neutral"))["rating"].item() == "not rated"
    assert add_rating(line(50.0, np.nan))["rating"].item() == "no target"
    assert pd.isna(add_rating(line(np.nan, 40.0))["rating"].item())


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 20))
def test_turning_the_numbers_round_turns_the_polarity_round(value, target, near):
    one = add_rating(line(value, target, near=near))
    other = add_rating(line(-value, -target, near=near, polarity="lower_is_better"))
    assert one["rating"].item() == other["rating"].item()
    assert one["target_distance"].item() == pytest.approx(other["target_distance"].item())


@given(st.floats(0, 100), st.floats(0, 1), st.floats(0, 100))
def test_a_better_value_is_never_rated_worse(value, more, target):
    order = ["off target", "near target", "on target"]
    assert set(order) <= set(RATINGS)
    worse, better = (add_rating(line(number, target))["rating"].item() for number in (value, value + more))
    assert order.index(better) >= order.index(worse)


def travelled(value, other, polarity, precision=0):
    rows = pd.DataFrame(
        {
            "value": [value],
            "precision": [precision],
            "other_value": [other],
            "other_precision": [0],
            "polarity": [polarity],
        }
    )
    return add_travel(rows)["travel"].item()


@pytest.mark.parametrize(
    ("value", "other", "polarity", "found"),
    [
        (83, 80, "higher_is_better", "better"), (80, 83, "higher_is_better", "worse"), (80, 83, "lower_is_better", "better"),
        (80, 83, "neutral", "lower"), (80, 80, "higher_is_better", "the same"),
    ],
)  # fmt: skip
def test_direction_is_read_through_polarity(value, other, polarity, found):
    assert travelled(value, other, polarity) == found


def test_what_rounding_hides_has_no_direction():
    assert travelled(89.3, 89, "higher_is_better", precision=1) == "not told apart"


def moved(**values):
    row = {
        "value": 83.0, "precision": 0, "other_value": 80.0, "other_precision": 0, "denominator": np.nan, "other_denominator": np.nan,
        "numerator": np.nan, "other_numerator": np.nan, "base_is_bound": False, "looks_back": False, "calculation": "proportion",
    }  # fmt: skip
    return add_chance(pd.DataFrame([row | values]))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, "not told: base not known"),
        ({"denominator": 700.0, "other_denominator": 710.0}, "within chance"),
        ({"denominator": 7000.0, "other_denominator": 7100.0}, "more than chance"),
        ({"denominator": 700.0, "other_denominator": 710.0, "base_is_bound": True}, "within chance, however many"),
        ({"denominator": 7000.0, "other_denominator": 7100.0, "base_is_bound": True}, "not told: base not known"),
        ({"looks_back": True}, "not tested: quarters overlap"),
        ({"other_value": np.nan}, "no earlier figure"),
        ({"calculation": "rate"}, "not tested: see the count"),
        ({"calculation": "count", "value": 700.0, "other_value": 710.0}, "within chance"),
        ({"calculation": "count", "value": 700.0, "other_value": 900.0}, "more than chance"),
    ],
)
def test_what_chance_says(values, found):
    assert moved(**values)["chance"].item() == found


@given(st.integers(1, 6), st.integers(0, 100), st.integers(0, 100))
def test_within_chance_for_the_largest_base_is_within_chance_for_smaller_ones(hundreds, now, before):
    """What makes “however many” true: fewer children never make a change more certain."""
    values = {"value": float(now), "other_value": float(before)}
    largest = moved(denominator=700.0, other_denominator=700.0, **values)["chance"].item()
    smaller = moved(denominator=100.0 * hundreds, other_denominator=100.0 * hundreds, **values)["chance"].item()
    assert largest != "within chance" or smaller == "within chance"
