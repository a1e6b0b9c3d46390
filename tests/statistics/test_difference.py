"""Two printed figures: what their rounding lets be said of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.difference import add_difference, add_ratio_position

NAMES = ["value", "precision", "other_value", "other_precision"]


@pytest.mark.parametrize(
    ("figures", "direction"),
    [
        ((89, 0, 63, 0), "higher"),
        ((63, 0, 89, 0), "lower"),
        # 89.5 is the least that prints as 90, and more than anything that prints as 89.
        ((90, 0, 89, 0), "higher"),
        ((89, 0, 90, 0), "lower"),
        ((89, 0, 89, 0), "the same"),
        # The same number, but not the same knowledge.
        ((89, 0, 89.0, 1), "not told apart"),
        ((3.7, 1, 4, 0), "not told apart"),
        ((1240, -1, 1236, 0), "not told apart"),
    ],
)
def test_a_direction_is_named_only_where_rounding_leaves_no_doubt(figures, direction) -> None:
    row = add_difference(pd.DataFrame([figures], columns=NAMES)).iloc[0]
    assert row["direction"] == direction
    assert row["value_difference"] == pytest.approx(figures[0] - figures[2])


def test_nothing_is_no_base_for_a_percentage_and_missing_is_missing() -> None:
    rows = pd.DataFrame([(5, 0, 4, 0), (5, 0, 0, 0), (np.nan, 0, 4, 0), (5, 0, np.nan, 0)], columns=NAMES)
    found = add_difference(rows)
    assert found["value_difference_percent"].fillna(-1).tolist() == [25, -1, -1, -1]
    assert found["direction"].isna().tolist() == [False, False, True, True]


def test_a_ratio_that_touches_one_is_similar() -> None:
    rows = pd.DataFrame({"ratio_lower_ci": [1.0, 1.01, 0.5, np.nan], "ratio_upper_ci": [2.0, 2.0, 0.99, 2.0]})
    assert add_ratio_position(rows)["ratio_position"].fillna("").tolist() == ["similar", "higher", "lower", ""]
