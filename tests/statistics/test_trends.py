"""Markers, fitted trends and changes; nothing is computed across a break."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StatisticError
from analysis.statistics.change import add_change
from analysis.statistics.marker import (
    CRITICAL,
    cochran_armitage,
    proportion_marker,
    summarise_recent_trend,
    weighted_marker,
)
from analysis.statistics.series import after_last_break, breaks, centred, series_places, stretches
from analysis.statistics.trends import negative_binomial_trend, poisson_trend, summarise_trend

YEARS = np.arange(2020.0, 2025.0)
HUNDRED = np.full(5, 100.0)


def series(counts: list[float | None], base: float = 100, first: int = 2020) -> pd.DataFrame:
    years = range(first, first + len(counts))
    return pd.DataFrame({"year": years, "numerator": counts, "denominator": base})


def test_the_critical_value_is_fingertips_own() -> None:
    assert pytest.approx(9.549535706, rel=1e-9) == CRITICAL


@pytest.mark.parametrize(
    ("counts", "trend", "reason"),
    [
        ([3, 5, 8, 11, 15], "Increasing", "No outliers and significant trend"),
        ([15, 11, 8, 5, 3], "Decreasing", "No outliers and significant trend"),
        ([6, 6, 6, 6, 6], "No significant change", "No significant trend"),
        ([6, 6, 6, 6, 25], "No significant change", "Outlier found"),
        ([0, 1, 0, 1, 1], "No significant change", "No significant trend"),
        ([0, 2, 6, 12, 20], "Increasing", "No outliers and significant trend"),
        ([0, 0, 0, 0, 0], "Cannot be calculated", "No events in any year"),
        ([20, 25, 28, 29, 30], "Cannot be calculated", "Count equals denominator in a year"),
        ([5, 6, 7, 8], "Cannot be calculated", "Not enough data points"),
        ([5, 6, None, 8, 9], "Cannot be calculated", "Missing values"),
        ([29, 3, 5, 8, 11, 15], "Increasing", "No outliers and significant trend"),
    ],
)
def test_markers_of_proportions(counts, trend, reason) -> None:
    row = summarise_recent_trend(series(counts, base=30)).iloc[0]
    assert (row["trend"], row["trend_reason"]) == (trend, reason)
    assert pd.isna(row["method"]) == (trend == "Cannot be calculated")


def test_a_trend_is_judged_by_polarity_only() -> None:
    rows = series([3, 5, 8, 11, 15], base=30)
    for polarity, said in (("higher_is_better", "getting better"), ("lower_is_better", "getting worse")):
        assert summarise_recent_trend(rows, polarity=polarity)["trend_judgement"].tolist() == [said]
    assert summarise_recent_trend(rows)["trend_judgement"].isna().all()
    assert summarise_recent_trend(series([6] * 5), polarity="lower_is_better")["trend_judgement"].isna().all()


def test_the_published_chi_squared_of_fingertips() -> None:
    # TrendMarkerCalculatorTest.cs in fingertips-open: 47.9 for the proportions, 46.77 for the intervals
    # (it divides by 3.92, which is 0.004% more than twice the normal quantile).
    count = np.array([994.0, 1023, 1199, 1332, 1367])
    base = np.array([40299.0, 41527, 42811, 44064, 44701])
    assert round(proportion_marker(YEARS, count, base).chi_squared, 1) == 47.9
    value, lower = np.array([24.67, 24.6, 28, 30.2, 30.6]), np.array([23.16, 23.15, 26.44, 28.63, 28.98])
    upper = np.array([26.25, 26.19, 29.64, 31.9, 32.25])
    assert weighted_marker(YEARS, value, lower, upper).chi_squared == pytest.approx(46.77, abs=0.01)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"upper_ci": [53, 56, 57, 63, 69], "lower_ci": [47, 50, 57, 57, 63]},
            "A confidence interval has no width",
        ),
        ({"lower_ci": [47, None, 54, 57, 63]}, "Missing at least one confidence interval value"),
        ({"value": [50, None, 57, 60, 66]}, "Missing values"),
        ({"year": [2020, 2021, 2021, 2023, 2024]}, "Duplicate years"),
    ],
)
def test_weighted_markers_that_cannot_be_calculated(change, reason) -> None:
    rows = pd.DataFrame({"year": YEARS, "value": [50.0, 53, 57, 60, 66]})
    rows = rows.assign(lower_ci=rows["value"] - 3, upper_ci=rows["value"] + 3)
    assert summarise_recent_trend(rows, kind="weighted").iloc[0]["trend"] == "Increasing"
    row = summarise_recent_trend(rows.assign(**change), kind="weighted").iloc[0]
    assert (row["trend"], row["trend_reason"]) == ("Cannot be calculated", reason)


def test_a_missing_year_counts_with_its_real_distance() -> None:
    gap = np.array([2018.0, 2019, 2020, 2022, 2024])
    count = np.array([20.0, 25, 30, 40, 45])
    assert proportion_marker(gap, count, HUNDRED).chi_squared == pytest.approx(19.4143794, rel=1e-7)


def test_raw_years_and_centred_ones_agree() -> None:
    count = np.array([20.0, 24, 27, 31, 41])
    assert cochran_armitage(count, HUNDRED, YEARS) == cochran_armitage(count, HUNDRED, YEARS - 2020)
    assert all(map(math.isnan, cochran_armitage(np.zeros(5), HUNDRED, YEARS)))


def test_no_marker_reaches_across_a_break() -> None:
    rows = series([3, 5, 8, 11, 15, 16], base=30).assign(break_before=[False, False, True, False, False, None])
    row = summarise_recent_trend(rows).iloc[0]
    assert (row["n_points"], row["trend"]) == (4, "Cannot be calculated")
    assert "since a break" in row["trend_reason"]


def test_series_stand_apart_and_kinds_are_known() -> None:
    rows = pd.concat([series([3, 5, 8, 11, 15], 30).assign(area="A"), series([6] * 5, 30).assign(area="B")])
    found = summarise_recent_trend(rows.sample(frac=1, random_state=2), by=["area"]).set_index("area")
    assert found["trend"].to_dict() == {"A": "Increasing", "B": "No significant change"}
    with pytest.raises(StatisticError, match="not known"):
        summarise_recent_trend(rows, kind="other")  # type: ignore[arg-type]
    with pytest.raises(StatisticError, match="tell the groups apart"):
        summarise_recent_trend(rows, by=["areas"])


@given(st.lists(st.integers(1, 99), min_size=5, max_size=5))
def test_law_turning_a_series_round_turns_its_marker(counts) -> None:
    turned = {"Increasing": "Decreasing", "Decreasing": "Increasing"}
    there = proportion_marker(YEARS, np.array(counts, dtype=float), HUNDRED)
    back = proportion_marker(YEARS, np.array(counts[::-1], dtype=float), HUNDRED)
    assert back.trend == turned.get(there.trend, there.trend)
    assert back.chi_squared == pytest.approx(there.chi_squared, rel=1e-9, abs=1e-12)


def test_series_are_ordered_and_cut_at_breaks() -> None:
    rows = pd.DataFrame({"year": [3, 1, 2], "break_before": [None, False, True]})
    (places,) = series_places(rows)
    assert places.tolist() == [1, 2, 0]
    assert after_last_break(places, breaks(rows)).tolist() == [2, 0]
    assert [part.tolist() for part in stretches(places, breaks(rows))] == [[1], [2, 0]]
    twice = np.array([False, True, False, True, False])
    assert after_last_break(np.arange(5), twice).tolist() == [3, 4]
    assert [part.tolist() for part in stretches(np.arange(5), twice)] == [[0], [1, 2], [3, 4]]
    assert breaks(rows[["year"]]).tolist() == [False] * 3
    assert centred(np.array([])).size == 0
    with pytest.raises(StatisticError, match="point in time"):
        series_places(pd.DataFrame({"year": [1, None]}))


def test_a_steady_rise_is_recovered() -> None:
    counts = [round(1000 * 1.05**year) for year in range(8)]
    row = summarise_trend(series(counts, base=10_000), model="poisson").iloc[0]
    assert row["change_ratio"] == pytest.approx(1.05, abs=0.001)
    assert row["change_ratio_lower_ci"] < 1.05 < row["change_ratio_upper_ci"]
    assert row["method"] == "Poisson regression"


def test_time_may_be_counted_from_anywhere() -> None:
    count, base = np.array([10.0, 14, 9, 20, 16]), np.full(5, 1000.0)
    near, far = (poisson_trend(YEARS - start, count, base) for start in (2020, 0))
    assert near.slope == pytest.approx(far.slope, rel=1e-12)
    assert far.intercept + far.slope * 2020 == pytest.approx(near.intercept, rel=1e-9)


def test_quasi_poisson_widens_by_the_dispersion_and_uses_t() -> None:
    count, base = np.array([10.0, 40, 9, 60, 16]), np.full(5, 1000.0)
    plain, quasi = poisson_trend(YEARS, count, base), poisson_trend(YEARS, count, base, quasi=True)
    assert quasi.standard_error == pytest.approx(plain.standard_error * math.sqrt(plain.dispersion))
    assert quasi.degrees_of_freedom == 3
    wide, narrow = (fit.ratio_limits(confidence=0.95) for fit in (quasi, plain))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_negative_binomial_falls_back_to_poisson() -> None:
    even = negative_binomial_trend(YEARS, np.array([20.0, 21, 22, 23, 24]), HUNDRED)
    assert even.theta == math.inf
    uneven = negative_binomial_trend(YEARS, np.array([10.0, 40, 9, 60, 16]), HUNDRED)
    assert 1 < uneven.theta < 20


@pytest.mark.parametrize("counts", [[5, 6], [0, 0, 0, 0], [5, None, 6, None]])
def test_too_little_for_a_trend(counts) -> None:
    for model in ("poisson", "quasi_poisson", "negative_binomial"):
        row = summarise_trend(series(counts), model=model).iloc[0]
        assert math.isnan(row["change_ratio"])
        assert pd.isna(row["method"])


def test_fitted_trends_stop_at_breaks_and_know_their_models() -> None:
    rows = series([90, 90, 10, 11, 12]).assign(break_before=[False, False, True, False, False])
    row = summarise_trend(rows).iloc[0]
    assert row["n_points"] == 3
    assert row["change_ratio"] > 1
    with pytest.raises(StatisticError, match="Did you mean"):
        summarise_trend(rows, model="poison")  # type: ignore[arg-type]


def test_changes_of_proportions_by_hand() -> None:
    rows = series([20, 40, None, 41, 41]).iloc[[1, 0, 3, 2, 4]].assign(break_before=[None] * 4 + [True])
    found = add_change(rows).sort_values("year")
    assert found["change"].tolist()[1] == 20
    assert found["change_percent"].tolist()[1] == 100
    assert found["change_direction"].fillna("").tolist() == ["", "rising", "", "", ""]
    assert found["change_note"].fillna("").tolist() == [
        "no figure before this one",
        "",
        "a figure is missing",
        "a figure is missing",
        "measured differently before: no change is computed across a break",
    ]
    assert add_change(rows).index.tolist() == rows.index.tolist()


def test_a_gap_is_not_a_year_before() -> None:
    found = add_change(series([20, 40, 60]).iloc[[0, 2]])
    assert found["change_note"].tolist() == ["no figure before this one", "no figure for the point before"]


def test_changes_of_rates_and_of_bare_values() -> None:
    rates = add_change(series([80, 100], base=10_000), kind="rate", multiplier=10_000).iloc[1]
    assert (rates["change"], rates["change_ratio"]) == pytest.approx((20, 1.25))
    assert rates["change_direction"] == "no clear change"
    values = add_change(pd.DataFrame({"year": [1, 2], "value": [0.0, 3.0]}), kind="value").iloc[1]
    assert values["change"] == 3
    assert math.isnan(values["change_percent"])
    assert "change_direction" not in values.index


def test_two_points_at_one_time_are_refused() -> None:
    rows = pd.concat([series([1]), series([2])])
    with pytest.raises(StatisticError, match="two points at one time"):
        add_change(rows)
    with pytest.raises(StatisticError, match="not known"):
        add_change(rows, kind="rates")  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 100), min_size=2, max_size=6))
def test_law_the_direction_agrees_with_the_sign(counts) -> None:
    found = add_change(series(counts)).dropna(subset=["change"])
    assert (found.loc[found["change_direction"] == "rising", "change"] > 0).all()
    assert (found.loc[found["change_direction"] == "falling", "change"] < 0).all()
