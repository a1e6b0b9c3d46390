"""Small counts are hidden, with what is worked out from them, and no total gives one away."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.indicators.disclosure import PRIMARY, SECONDARY, hide_small


def counts(values, topic="Gender"):
    return pd.DataFrame(
        {"rule": "cla_number", "year": 2025, "topic": topic, "name": [f"g{at}" for at in range(len(values))],
         "numerator": np.nan, "denominator": np.nan, "value": [float(value) for value in values]}
    )  # fmt: skip


@pytest.mark.parametrize(("value", "hidden"), [(0, False), (1, True), (5, True), (6, False)])
def test_counts_of_1_to_5_are_hidden(value, hidden):
    row = hide_small(counts([value], topic="Total")).iloc[0]
    assert (row["status"] == "suppressed") is hidden
    assert pd.isna(row["value"]) is hidden
    assert row["disclosure"] == (PRIMARY if hidden else "")


@pytest.mark.parametrize(("numerator", "denominator", "hidden"), [(3, 100, True), (97, 100, True), (0, 100, False), (100, 100, False), (2, 4, True), (50, 100, False)])  # fmt: skip
def test_shares_are_hidden_with_any_count_behind_them(numerator, denominator, hidden):
    rows = counts([0], topic="Total").assign(value=np.nan, numerator=float(numerator), denominator=float(denominator))
    found = hide_small(rows).iloc[0]
    assert (found["status"] == "suppressed") is hidden
    assert found[["numerator", "denominator"]].isna().all() == hidden


def test_one_hidden_group_hides_the_smallest_other():
    found = hide_small(counts([40, 30, 2]))
    assert found["disclosure"].tolist() == ["", SECONDARY, PRIMARY]


@given(st.lists(st.integers(0, 60), min_size=2, max_size=8))
def test_no_group_can_be_had_by_subtracting_the_others_from_the_total(values):
    found = hide_small(counts(values))
    hidden = found["status"] == "suppressed"
    small = pd.Series(values).between(1, 5)
    assert hidden[small.to_numpy()].all()
    # With one group left it could be had from the total; that only happens where every other group is nought.
    assert hidden.sum() != 1 or sum(value > 0 for value in values) == 1


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_what_is_shown_is_what_was_counted(values):
    rows = counts(values)
    found = hide_small(rows)
    shown = found["status"] == "reported"
    assert (found.loc[shown, "value"] == rows.loc[shown, "value"]).all()
    assert list(found["name"]) == list(rows["name"])
