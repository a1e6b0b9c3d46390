"""Means, standardised rates, indices of inequality, members of a group."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StatisticError
from analysis.statistics.inequality import summarise_slope_index
from analysis.statistics.means import add_mean_limits, summarise_mean
from analysis.statistics.neighbours import summarise_members
from analysis.statistics.standardised import (
    summarise_directly_standardised_rate,
    summarise_indirectly_standardised_rate,
)

FINITE = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
STRATA = st.lists(st.tuples(st.integers(3, 200), st.integers(300, 5000), st.integers(1, 100)), min_size=2, max_size=6)


def strata(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["numerator", "denominator", "weight"])


def test_a_mean_as_in_a_table_of_t() -> None:
    # n = 3, s = 2: t(0.975, 2) = 4.3027, 4.3027 * 2 / sqrt(3) = 4.968.
    row = summarise_mean(pd.DataFrame({"value": [2.0, 4.0, 6.0]})).iloc[0]
    assert (row["n"], row["value"], row["standard_deviation"]) == (3, 4, 2)
    assert row["upper_ci"] - row["value"] == pytest.approx(4.968, abs=5e-4)
    again = add_mean_limits(pd.DataFrame({"value": [4.0], "n": [3], "standard_deviation": [2.0]})).iloc[0]
    assert again["lower_ci"] == pytest.approx(row["lower_ci"])


def test_few_or_missing_measurements_leave_no_interval() -> None:
    rows = pd.DataFrame({"area": ["A", "A", "B", "C"], "value": [1.0, None, None, 2.0]})
    found = summarise_mean(rows, by=["area"])
    assert found["area"].tolist() == ["A", "B", "C"]
    assert found["n"].tolist() == [1, 0, 1]
    assert found["n_missing"].tolist() == [1, 1, 0]
    assert found["method"].isna().all()
    assert (
        add_mean_limits(pd.DataFrame({"value": [1.0], "n": [1], "standard_deviation": [np.nan]}))
        .isna()
        .iloc[0][["lower_ci", "method"]]
        .all()
    )


@given(st.lists(FINITE, min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_law_a_mean_lies_in_its_interval_whatever_the_order(values, random) -> None:
    mixed = random.sample(values, len(values))
    one, other = (summarise_mean(pd.DataFrame({"value": some})).iloc[0] for some in (values, mixed))
    assert one["lower_ci"] <= one["value"] <= one["upper_ci"]
    assert one["value"] == pytest.approx(other["value"], abs=1e-6)


@given(STRATA)
def test_law_equal_rates_standardise_to_themselves(rows) -> None:
    even = strata(rows).assign(numerator=lambda t: t["denominator"] / 10)
    row = summarise_directly_standardised_rate(even, multiplier=1000).iloc[0]
    assert row["value"] == pytest.approx(100)
    assert row["lower_ci"] < row["value"] < row["upper_ci"]


@given(STRATA)
def test_law_weights_count_only_in_proportion(rows) -> None:
    one = summarise_directly_standardised_rate(strata(rows))
    ten = summarise_directly_standardised_rate(strata(rows).assign(weight=lambda t: 10 * t["weight"]))
    columns = ["value", "lower_ci", "upper_ci"]
    np.testing.assert_allclose(one[columns].to_numpy(float), ten[columns].to_numpy(float), rtol=1e-12)


def test_below_ten_events_no_direct_rate_is_given() -> None:
    row = summarise_directly_standardised_rate(strata([(4, 500, 10), (5, 500, 10)])).iloc[0]
    assert row["numerator"] == 9
    assert math.isnan(row["value"])
    assert pd.isna(row["method"])


def test_a_missing_stratum_leaves_no_rate_and_a_bad_one_is_refused() -> None:
    rows = strata([(40, 500, 10), (50, 500, 10)])
    gone = summarise_directly_standardised_rate(rows.assign(numerator=[40, None])).iloc[0]
    assert pd.isna(gone["value"])
    with pytest.raises(StatisticError, match="Row 1, column 'weight'"):
        summarise_directly_standardised_rate(rows.assign(weight=[10, 0]))
    with pytest.raises(StatisticError, match="persons by number of events"):
        summarise_directly_standardised_rate(rows, persons_with="persons_with_")


def test_persons_with_one_event_each_change_nothing() -> None:
    rows = strata([(40, 500, 10), (50, 500, 10)])
    plain = summarise_directly_standardised_rate(rows)
    single = summarise_directly_standardised_rate(rows.assign(p_1=[40, 50]), persons_with="p_")
    twice = summarise_directly_standardised_rate(rows.assign(p_1=[0, 0], p_2=[20, 25]), persons_with="p_")
    assert single["upper_ci"].tolist() == plain["upper_ci"].tolist()
    assert twice["upper_ci"].iloc[0] > plain["upper_ci"].iloc[0]


def test_an_area_like_the_standard_has_a_ratio_of_100() -> None:
    rows = pd.DataFrame({"numerator": [20, 30], "denominator": [1000, 1000]})
    rows = rows.assign(reference_numerator=[200, 300], reference_denominator=[10_000, 10_000])
    ratio = summarise_indirectly_standardised_rate(rows, kind="ratio", multiplier=100).iloc[0]
    rate = summarise_indirectly_standardised_rate(rows, multiplier=1000).iloc[0]
    assert (ratio["numerator"], ratio["denominator"], ratio["value"]) == (50, 50, 100)
    assert rate["value"] == pytest.approx(25)
    with pytest.raises(StatisticError, match="not known"):
        summarise_indirectly_standardised_rate(rows, kind="rates")  # type: ignore[arg-type]


def test_a_straight_line_has_its_own_slope() -> None:
    rows = pd.DataFrame({"quantile": [2, 1, 4, 3], "value": [3.0, 1, 7, 5], "denominator": 100})
    row = summarise_slope_index(rows).iloc[0]
    assert row["slope_index"] == pytest.approx(8)
    assert row["intercept"] == pytest.approx(0)
    turned = summarise_slope_index(rows.assign(value=lambda t: t["value"] + 1), multiplier=-1).iloc[0]
    assert (turned["slope_index"], turned["relative_index"]) == pytest.approx((-8, 1 / 9))


def test_larger_quantiles_weigh_more() -> None:
    # Shares 1/4, 1/4, 1/2, middles 1/8, 3/8, 3/4; about their weighted means 1/2 and 37.5:
    # (0.25 x 0.375 x 27.5 + 0.25 x 0.125 x 17.5 + 0.5 x 0.25 x 22.5) / (0.25 x 0.375^2 + 0.25 x 0.125^2 + 0.5 x 0.25^2).
    rows = pd.DataFrame({"quantile": [1, 2, 3], "value": [10.0, 20, 60], "denominator": [100, 100, 200]})
    row = summarise_slope_index(rows).iloc[0]
    assert row["slope_index"] == pytest.approx(5.9375 / 0.0703125)
    assert row["intercept"] == pytest.approx(37.5 - 5.9375 / 0.0703125 / 2)


@pytest.mark.parametrize(("transform", "value"), [("log", 0.0), ("logit", 1.0)])
def test_values_outside_a_transform_are_refused(transform, value) -> None:
    rows = pd.DataFrame({"quantile": [1, 2], "value": [0.5, value], "denominator": 100})
    with pytest.raises(StatisticError, match="Row 1, column 'value'"):
        summarise_slope_index(rows, transform=transform)
    assert summarise_slope_index(rows.assign(value=[0.5, None]))["slope_index"].isna().all()


MEMBERS = pd.DataFrame({"group": ["X"] * 4, "member": ["A", "B", "C", "D"]})


def test_members_are_summarised_with_how_many_had_data() -> None:
    rows = pd.DataFrame(
        {
            "area_code": ["A", "B", "C", "E"],
            "year": 2020,
            "value": [50.0, 20.0, None, 99.0],
            "numerator": [5, 20, None, 9],
            "denominator": [10, 100, None, 9],
        }
    )
    row = summarise_members(rows, MEMBERS, by=["year"]).iloc[0]
    assert (row["group"], row["year"], row["n_members"], row["n_with_value"], row["n_pooled"]) == (
        "X",
        2020,
        4,
        2,
        2,
    )
    assert (row["median"], row["mean"], row["lowest"], row["highest"]) == (35, 35, 20, 50)
    assert row["pooled_value"] == pytest.approx(100 * 25 / 110)


def test_the_median_is_not_the_mean() -> None:
    rows = pd.DataFrame({"area_code": ["A", "B", "C"], "value": [10.0, 20, 60]})
    row = summarise_members(rows, MEMBERS).iloc[0]
    assert (row["median"], row["mean"], row["lowest"], row["highest"]) == (20, 30, 10, 60)


def test_members_without_any_data_have_no_summary() -> None:
    rows = pd.DataFrame({"area_code": ["E"], "value": [3.0]})
    row = summarise_members(rows, MEMBERS).iloc[0]
    assert (row["n_members"], row["n_with_value"]) == (4, 0)
    assert row[["median", "mean", "pooled_value"]].isna().all()


def test_a_member_with_two_rows_is_refused() -> None:
    rows = pd.DataFrame({"area_code": ["A", "A"], "value": [3.0, 4.0]})
    with pytest.raises(StatisticError, match="'A' has more than one row"):
        summarise_members(rows, MEMBERS)
    with pytest.raises(StatisticError, match="lacks member"):
        summarise_members(rows, MEMBERS[["group"]])
