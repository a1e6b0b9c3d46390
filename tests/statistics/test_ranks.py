"""Ranks with their uncertainty, and quantiles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StatisticError
from analysis.statistics.ranks import add_quantile, add_rank

VALUES = st.lists(st.integers(0, 1000), min_size=2, max_size=15)


def rows_of(values: list[float], half: float = 5.0) -> pd.DataFrame:
    value = np.array(values, dtype=float)
    return pd.DataFrame({"value": value, "lower_ci": value - half, "upper_ci": value + half, "confidence": 0.95})


def test_ranks_by_hand() -> None:
    found = add_rank(rows_of([10, 30, 30, 90]), polarity="higher_is_better")
    assert found["rank"].tolist() == [4, 2, 2, 1]
    assert found["rank_lower"].tolist() == [4, 2, 2, 1]
    assert found["rank_upper"].tolist() == [4, 3, 3, 1]
    turned = add_rank(rows_of([10, 30, 30, 90]), polarity="lower_is_better")
    assert turned["rank"].tolist() == [1, 2, 2, 4]


def test_ranks_are_corrected_for_the_number_of_comparisons() -> None:
    # 7.5 is more than sqrt(5^2 + 5^2) = 7.07, but less than 2.2414 / 1.96 times it: two comparisons a row.
    two, three = (add_rank(rows_of(values), polarity="higher_is_better") for values in ([10, 17.5], [10, 17.5, 99]))
    assert two[["rank_lower", "rank_upper"]].values.tolist() == [[2, 2], [1, 1]]
    assert three[["rank_lower", "rank_upper"]].values.tolist() == [[2, 3], [2, 3], [1, 1]]


def test_the_sides_of_the_intervals_that_face_each_other_count() -> None:
    rows = pd.DataFrame({"value": [10.0, 12], "lower_ci": [2.0, 11], "upper_ci": [10.5, 20], "confidence": 0.95})
    assert add_rank(rows, polarity="higher_is_better")["rank_upper"].tolist() == [2, 1]
    turned = rows.assign(lower_ci=[9.5, 4], upper_ci=[18, 12.5])
    assert add_rank(turned, polarity="higher_is_better")["rank_upper"].tolist() == [2, 2]


def test_wide_intervals_leave_every_rank_open() -> None:
    found = add_rank(rows_of([10, 11, 12], half=50), polarity="neutral")
    assert found["rank_lower"].tolist() == [1, 1, 1]
    assert found["rank_upper"].tolist() == [3, 3, 3]


def test_missing_values_have_no_rank_and_missing_intervals_no_bounds() -> None:
    rows = rows_of([10, 50, 90]).assign(value=[10, None, 90], lower_ci=[5, None, None])
    found = add_rank(rows, polarity="higher_is_better")
    assert found["rank"].tolist()[::2] == [2, 1]
    assert found["rank"].isna().tolist() == [False, True, False]
    assert found["rank_lower"].isna().tolist() == [False, True, True]
    assert found["ranked"].tolist() == [2, 2, 2]


def test_groups_are_ranked_apart_and_levels_are_not_mixed() -> None:
    rows = rows_of([10, 90, 5]).assign(year=[1, 2, 1])
    assert add_rank(rows, polarity="higher_is_better", by=["year"])["rank"].tolist() == [1, 1, 2]
    with pytest.raises(StatisticError, match="expected one level"):
        add_rank(rows.assign(confidence=[0.95, 0.998, 0.95]), polarity="neutral")
    with pytest.raises(StatisticError, match="Did you mean"):
        add_rank(rows, polarity="higher_better")
    assert add_rank(rows.iloc[:0], polarity="neutral").empty


@given(VALUES, st.floats(0.1, 300))
def test_law_a_rank_lies_within_its_bounds(values, half) -> None:
    found = add_rank(rows_of(values, half), polarity="lower_is_better")
    assert (found["rank_lower"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_upper"]).all()
    assert found[["rank_lower", "rank_upper"]].isin(range(1, len(values) + 1)).all(axis=None)


def test_quartiles_by_hand() -> None:
    rows = pd.DataFrame({"value": [1.0, 2, 3, 4, 5, 6, 7, 8]})
    assert add_quantile(rows, polarity="higher_is_better")["quantile"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert add_quantile(rows, polarity="lower_is_better")["quantile"].tolist() == [4, 4, 3, 3, 2, 2, 1, 1]
    few = add_quantile(rows.head(3), polarity="neutral")
    assert few["quantile"].isna().all()
    with pytest.raises(StatisticError, match="at least 2"):
        add_quantile(rows, polarity="neutral", quantiles=1)


def test_no_quantile_lies_below_the_first() -> None:
    # 17 / (17 / 7) is a hair above 7 in floating point, which would put the worst row in quantile 0.
    rows = pd.DataFrame({"value": np.arange(17.0)})
    found = add_quantile(rows, polarity="higher_is_better", quantiles=7)["quantile"]
    assert (found.min(), found.max()) == (1, 7)


@given(VALUES)
def test_law_equal_values_share_a_quantile_and_better_ones_are_no_worse(values) -> None:
    found = add_quantile(pd.DataFrame({"value": values}), polarity="higher_is_better", quantiles=2)
    ordered = found.sort_values("value")
    assert (ordered["quantile"].diff().dropna() >= 0).all()
    assert (found.groupby("value")["quantile"].nunique() == 1).all()
