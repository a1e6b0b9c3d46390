"""Process limits and the rules of an XmR chart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StatisticError
from analysis.statistics.spc import ProcessLimits, add_process_limits, assurance, causes_of, xmr_limits
from analysis.statistics.spc_rules import seven_on_one_side, spread_back

VALUES = st.lists(st.integers(0, 50), min_size=2, max_size=30)


def process(values: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame({"year": range(len(values)), "value": values})


def test_limits_by_hand() -> None:
    # Moving ranges 1, 1, 2, 1: mean 1.25; 2.66 * 1.25 = 3.325 about a mean of 5.8.
    limits = xmr_limits(np.array([5.0, 6, 5, 7, 6]))
    assert (limits.mean, limits.lower, limits.upper) == pytest.approx((5.8, 2.475, 9.125))
    assert limits.near == pytest.approx((5.8 - 2 * 3.325 / 3, 5.8 + 2 * 3.325 / 3))


def test_one_great_leap_is_screened_unless_told_otherwise() -> None:
    values = np.array([1.0, 2] * 8 + [60])
    assert xmr_limits(values).upper < xmr_limits(values, screen_outliers=False).upper


@pytest.mark.parametrize(("leap", "reach"), [(7.8, 2.66), (7.3, 2.66 * 11.3 / 5)])
def test_a_leap_is_screened_from_3_267_mean_ranges_on(leap, reach) -> None:
    # Ranges 1, 1, 1, 1 and the leap: 7.8 is 3.31 times their mean, 7.3 is 3.23 times.
    limits = xmr_limits(np.array([0.0, 1, 0, 1, 0, leap]))
    assert limits.upper - limits.mean == pytest.approx(reach)


def test_a_constant_series_has_limits_without_width() -> None:
    # Upstream's are missing.
    limits = xmr_limits(np.full(6, 4.0))
    assert (limits.lower, limits.mean, limits.upper) == (4, 4, 4)
    found = add_process_limits(process([4.0] * 6))
    assert set(found["cause"]) == {"common cause"}
    assert xmr_limits(np.array([4.0])).mean == 4
    assert np.isnan(xmr_limits(np.array([])).mean)


def test_the_first_rule_that_a_point_meets_names_it() -> None:
    limits = ProcessLimits(10, 4, 16)
    rising = causes_of(np.array([7.0, 8, 9, 10, 11, 12, 13, 17]), limits)
    assert rising == ["7 points rising"] * 7 + ["above limit"]
    near = "2 of 3 near upper limit"
    assert causes_of(np.array([15.0, 11, 15]), limits) == [near, "common cause", near]
    assert causes_of(np.full(7, 9.0), limits) == ["7 points below mean"] * 7
    assert set(causes_of(np.array([9.0] * 6 + [10] + [9.0] * 6), limits)) == {"common cause"}


def test_falling_runs_carry_their_sign() -> None:
    assert spread_back(np.array([0] * 6 + [-1])).tolist() == [-1] * 7
    assert seven_on_one_side(np.array([], dtype=np.int64)).size == 0


@pytest.mark.parametrize(
    ("polarity", "signal"),
    [("higher_is_better", "improvement"), ("lower_is_better", "concern"), ("neutral", "high")],
)
def test_a_signal_is_judged_by_polarity(polarity, signal) -> None:
    found = add_process_limits(process([5.0, 6, 5, 6, 5, 20]), polarity=polarity)
    assert found["signal"].iloc[-1] == signal
    assert found["cause"].iloc[-1] == "above limit"


def test_a_break_starts_everything_anew() -> None:
    rows = process([5.0, 6, 5, 6, 25, 26, 25, 26]).assign(break_before=[False] * 4 + [True] + [False] * 3)
    found = add_process_limits(rows)
    assert found["process_mean"].tolist() == [5.5] * 4 + [25.5] * 4
    assert set(found["limits_note"]) == {"trial limits"}


def test_missing_points_are_passed_over_and_limits_can_be_fixed() -> None:
    found = add_process_limits(process([5.0, None, 6, 5]))
    assert found["process_mean"].isna().tolist() == [False, True, False, False]
    assert found["cause"].isna().tolist() == [False, True, False, False]
    values = [5.0, 6] * 7 + [50.0]
    fixed = add_process_limits(process(values), fix_after=12)
    assert fixed["process_mean"].tolist() == [5.5] * 15
    with pytest.raises(StatisticError, match="at least 12"):
        add_process_limits(process(values), fix_after=11)
    with pytest.raises(StatisticError, match="Did you mean"):
        add_process_limits(process(values), polarity="higher_better")
    assert add_process_limits(process([])).empty


def test_trial_limits_end_at_thirteen_points() -> None:
    assert add_process_limits(process([1.0, 2] * 6))["limits_note"].notna().all()
    assert add_process_limits(process([1.0, 2] * 6 + [1.0]))["limits_note"].isna().all()


@pytest.mark.parametrize(
    ("target", "polarity", "said"),
    [
        (4, "higher_is_better", "consistent fail"),
        (4, "lower_is_better", "consistent pass"),
        (0, "higher_is_better", "consistent pass"),
        (2, "higher_is_better", "inconsistent"),
        (4, "neutral", None),
        (np.nan, "higher_is_better", None),
    ],
)
def test_assurance(target, polarity, said) -> None:
    assert assurance(ProcessLimits(2, 1, 3), target, polarity=polarity) == said


@given(VALUES)
def test_law_limits_surround_the_mean_and_screening_never_widens(values) -> None:
    screened = xmr_limits(np.array(values, dtype=float))
    plain = xmr_limits(np.array(values, dtype=float), screen_outliers=False)
    assert plain.lower - 1e-9 <= screened.lower <= screened.mean <= screened.upper <= plain.upper + 1e-9


@given(VALUES)
def test_law_turning_a_process_upside_down_turns_its_signals(values) -> None:
    up = add_process_limits(process([float(value) for value in values]))["signal"].fillna("")
    down = add_process_limits(process([-float(value) for value in values]))["signal"].fillna("")
    turned = {"high": "low", "low": "high", "": ""}
    assert [turned[word] for word in up] == down.tolist()
