"""Printed figures stand; only the gaps are filled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.completion import complete_proportion, complete_rate
from analysis.statistics.rates import add_proportion, add_rate

# Printed and counted differ, as they do where a report rounds or counts otherwise; printed only; counted only; neither.
ROWS = pd.DataFrame(
    {
        "value": [31.0, 6.7, np.nan, np.nan],
        "numerator": [30, np.nan, 20, np.nan],
        "denominator": [100, np.nan, 400, 50],
    }
)


@pytest.mark.parametrize(("complete", "add"), [(complete_proportion, add_proportion), (complete_rate, add_rate)])
def test_what_is_printed_is_never_replaced_by_what_is_counted(complete, add) -> None:
    found = complete(ROWS, multiplier=100)
    assert found["value"].fillna(-1).tolist() == [31.0, 6.7, 5.0, -1]
    counted = add(ROWS, multiplier=100)
    columns = ["lower_ci", "upper_ci", "confidence", "method"]
    pd.testing.assert_frame_equal(found[columns], counted[columns])
    assert found["lower_ci"].isna().tolist() == [False, True, False, True]


def test_without_a_printed_column_everything_is_counted() -> None:
    found = complete_proportion(ROWS.drop(columns="value"))
    assert found["value"].fillna(-1).tolist() == [30, -1, 5, -1]
