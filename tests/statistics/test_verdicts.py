"""Verdicts on trends, and groups looked at together."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.errors import StatisticError
from analysis.statistics.trends import summarise_trend
from analysis.statistics.verdicts import add_joint_position, add_trend_verdict, joint_confidence

RISING = [60, 85, 95, 125, 130]
LIMITS = ["yearly_change", "yearly_change_lower_ci", "yearly_change_upper_ci"]


def series(counts: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame({"year": range(2018, 2018 + len(counts)), "numerator": counts, "denominator": 1})


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [(RISING, "rising"), (RISING[::-1], "falling"), ([60, 85, 70, 90, 65], "no clear change")],
)
def test_a_trend_is_called_by_the_side_of_nothing_that_its_interval_lies_on(counts, verdict) -> None:
    found = add_trend_verdict(series(counts))
    assert found["trend_verdict"].tolist() == [verdict] * 5
    assert found["trend_points"].tolist() == [5] * 5
    change, lower, upper = found[LIMITS].iloc[0]
    assert lower < change < upper
    assert (lower > 0, upper < 0) == (verdict == "rising", verdict == "falling")


def test_the_change_is_that_of_the_fitted_trend_in_per_cent() -> None:
    scattered = [60, 95, 80, 130, 125]
    row, fitted = add_trend_verdict(series(scattered)).iloc[0], summarise_trend(series(scattered)).iloc[0]
    assert fitted["dispersion"] > 1
    ratios = fitted[["change_ratio", "change_ratio_lower_ci", "change_ratio_upper_ci"]]
    assert row[LIMITS].tolist() == pytest.approx([100 * (ratio - 1) for ratio in ratios])


@pytest.mark.parametrize(
    "rows",
    [
        series(RISING[:4]),
        series([*RISING[:4], None]),
        series(RISING).assign(break_before=[False, True, False, False, False]),
        series(RISING).assign(year=[2018, 2019, 2020, 2021, None]),
        series([None] * 5),
    ],
)
def test_below_five_years_there_is_no_verdict(rows) -> None:
    found = add_trend_verdict(rows)
    assert found[["trend_verdict", *LIMITS]].isna().all(axis=None)
    assert (found["trend_points"] < 5).all()


def test_several_intervals_hold_together_at_a_higher_confidence() -> None:
    assert joint_confidence(0.95, groups=1) == 0.95
    assert joint_confidence(0.95, groups=5) == pytest.approx(0.99)
    with pytest.raises(StatisticError, match="cannot be used"):
        joint_confidence(0.5, groups=5)


def test_a_joint_interval_that_touches_one_is_similar() -> None:
    rows = pd.DataFrame({"representation_ratio": [2.0, 1.5, 1.0, 0.5, np.nan]})
    joint = rows.assign(lower_ci=[1.1, 1.0, 0.5, 0.2, np.nan], upper_ci=[3.0, 2.0, 1.0, 0.9, np.nan])
    found = add_joint_position(rows, joint)
    assert found["position"].fillna("").tolist() == ["higher", "similar", "similar", "lower", ""]
    assert set(found["groups"]) == {4}


def test_counts_that_lie_on_a_line_are_no_proof_of_a_trend() -> None:
    """Five counts that rise by one each year: chance alone moves them more than that."""
    for values in ([60, 61, 62, 63, 64], [600, 605, 611, 615, 620], [50, 50, 50, 50, 50]):
        rows = pd.DataFrame({"year": range(2017, 2022), "numerator": values, "denominator": 1})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = add_trend_verdict(rows).iloc[0]
        assert found["trend_verdict"] == "no clear change", values
        assert found["yearly_change_lower_ci"] < 0 < found["yearly_change_upper_ci"]
