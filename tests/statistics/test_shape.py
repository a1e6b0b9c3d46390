"""Rows in, the same rows out: one law for every ``add_*`` function of this layer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import pytest

from analysis.statistics.change import add_change
from analysis.statistics.clustering import add_clustered_interval
from analysis.statistics.comparison import (
    add_judgement,
    add_position,
    add_proportion_difference,
    add_rate_ratio,
    add_risk_ratio,
)
from analysis.statistics.funnel import add_proportion_funnel, add_rate_funnel, add_ratio_funnel
from analysis.statistics.means import add_mean_limits
from analysis.statistics.overall import add_holm
from analysis.statistics.overdispersion import add_multiplicative_funnel, add_overdispersed_funnel
from analysis.statistics.ranks import add_quantile, add_rank
from analysis.statistics.rates import add_proportion, add_rate
from analysis.statistics.representation import add_fixed_representation, add_subset_representation
from analysis.statistics.representation_bounds import (
    add_representation_bounds,
    add_representation_within_rounding,
)
from analysis.statistics.rounding import (
    add_implied_denominator,
    add_implied_numerator,
    add_proportion_within_rounding,
)
from analysis.statistics.spc import add_process_limits

Add = Callable[[pd.DataFrame], pd.DataFrame]

ADDS: dict[str, Add] = {
    "change": partial(add_change, by=["area"]),
    "change of rates": partial(add_change, by=["area"], kind="rate"),
    "change of values": partial(add_change, by=["area"], kind="value"),
    "clustered": partial(add_clustered_interval, design_effect=1.5),
    "difference": add_proportion_difference,
    "fixed": add_fixed_representation,
    "holm": add_holm,
    "implied denominator": partial(add_implied_denominator, multiplier=100),
    "implied numerator": add_implied_numerator,
    "judgement": partial(add_judgement, polarity="neutral"),
    "mean": add_mean_limits,
    "multiplicative": add_multiplicative_funnel,
    "overdispersed": add_overdispersed_funnel,
    "overdispersed ratio": partial(add_overdispersed_funnel, kind="ratio_root"),
    "position": add_position,
    "process": partial(add_process_limits, by=["area"]),
    "proportion": add_proportion,
    "proportion funnel": add_proportion_funnel,
    "quantile": partial(add_quantile, polarity="neutral", quantiles=2),
    "rank": partial(add_rank, polarity="neutral"),
    "rate": add_rate,
    "rate funnel": add_rate_funnel,
    "rate ratio": add_rate_ratio,
    "ratio funnel": add_ratio_funnel,
    "representation bounds": add_representation_bounds,
    "representation within rounding": add_representation_within_rounding,
    "risk ratio": add_risk_ratio,
    "subset": add_subset_representation,
    "two levels": partial(add_rate, confidence=(0.95, 0.998)),
    "within rounding": add_proportion_within_rounding,
}


def table() -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "note": ["first", None, "third", "fourth"],
            "area": ["A", "B", "A", "B"],
            "year": [2020, 2020, 2021, 2021],
            "value": [30.0, 40, 35, 45],
            "precision": 0,
            "numerator": [30, 40, 35, 45],
            "denominator": 100,
            "other_numerator": [20, 45, 30, 45],
            "other_denominator": 90,
            "other_value": [25.0, 50, 33, 50],
            "other_precision": 0,
            "lower_ci": [25.0, 35, 30, 40],
            "upper_ci": [35.0, 45, 40, 50],
            "confidence": 0.95,
            "benchmark_value": 33.0,
            "position": ["higher", "lower", "similar", None],
            "p_value": [0.01, 0.2, 0.03, 0.5],
            "n": 10,
            "standard_deviation": 2.0,
            "observed": [30, 40, 35, 45],
            "expected": [28.0, 44, 35, 30],
            "users": [3, 4, 5, 6],
            "in_care": [30, 40, 35, 45],
            "users_in_group": [3, 4, 5, 6],
            "users_total": 100,
            "population_share": [0.2, 0.3, 0.2, 0.3],
        },
        index=["x", "y", "x", "z"],
    )
    return rows.astype({"note": "category"})


@pytest.mark.parametrize("name", ADDS)
def test_no_row_or_column_is_lost_or_moved_and_the_input_is_left_alone(name) -> None:
    rows = table()
    found = ADDS[name](rows)
    assert found.index.tolist() == rows.index.tolist()
    assert [column for column in found.columns if column in rows.columns] == rows.columns.tolist()
    assert found["note"].equals(rows["note"])
    pd.testing.assert_frame_equal(rows, table())
    assert len(set(found.columns)) == len(found.columns)


@pytest.mark.parametrize("name", ADDS)
def test_the_order_of_rows_changes_nothing(name) -> None:
    there, back = ADDS[name](table()), ADDS[name](table().iloc[::-1])
    pd.testing.assert_frame_equal(there.iloc[::-1], back)


@pytest.mark.parametrize("name", ADDS)
def test_an_empty_table_gains_the_same_columns(name) -> None:
    empty = ADDS[name](table().iloc[:0])
    assert empty.columns.tolist() == ADDS[name](table()).columns.tolist()
    assert len(empty) == 0


@pytest.mark.parametrize("name", ADDS)
def test_text_columns_are_text(name) -> None:
    found = ADDS[name](table())
    for column in ("method", "position", "funnel_position", "change_note", "cause"):
        if column in found.columns and column not in table().columns:
            assert str(found[column].dtype) == "str"
