"""What a printed figure leaves open, checked by trying every whole number."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StatisticError
from analysis.statistics.rates import wilson_limits
from analysis.statistics.rounding import (
    add_implied_denominator,
    add_implied_numerator,
    add_proportion_within_rounding,
    rounding_bounds,
    smallest_base_to_tell_apart,
    whole_counts,
)


def printed(count: int, base: int, precision: int) -> Decimal:
    """Round 100 * count / base half up without a float anywhere."""
    scaled = Fraction(100 * count * 10**precision, base)
    return Decimal(int(scaled + Fraction(1, 2))).scaleb(-precision)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 2))
def test_law_whole_counts_are_exactly_those_that_print_the_same(pair, precision) -> None:
    count, base = pair
    value = printed(count, base, precision)
    brute = [x for x in range(base + 1) if printed(x, base, precision) == value]
    assert list(whole_counts(value, base, precision=precision)) == brute
    assert list(whole_counts(float(value), base, precision=precision)) == brute


def test_the_two_ties_that_python_rounds_the_other_way() -> None:
    # Published by DfE: Sandwell 2023, 115 of 368 is 31.25 and stands as 31.3; Bromley 2025, 60 of 96 as 63.
    assert list(whole_counts("31.3", 368, precision=1)) == [115]
    assert 115 not in whole_counts("31.2", 368, precision=1)
    assert list(whole_counts("63", 96, precision=0)) == [60]
    assert 60 not in whole_counts("62", 96, precision=0)


def test_89_and_89_point_0_are_not_the_same_knowledge() -> None:
    assert list(whole_counts("89", 200, precision=0)) == [177, 178]
    assert list(whole_counts("89.0", 200, precision=1)) == [178]


def test_a_part_is_never_above_its_base_or_below_nothing() -> None:
    assert list(whole_counts(100, 400, precision=0))[-1] == 400
    assert list(whole_counts(0, 400, precision=0)) == [0, 1]
    assert list(whole_counts("1240", 5000, precision=-1, multiplier=10_000)) == list(range(618, 623))


@pytest.mark.parametrize(
    ("value", "base", "message"),
    [("31.25", 10, "more decimals"), ("c", 10, "not a number"), (5, 0, "above 0")],
)
def test_figures_that_cannot_be_printed_ones_are_refused(value, base, message) -> None:
    with pytest.raises(StatisticError, match=message):
        whole_counts(value, base, precision=1)


def test_a_float_that_was_computed_counts_as_the_figure_it_prints() -> None:
    assert list(whole_counts(0.1 + 0.2, 1000, precision=1)) == list(whole_counts("0.3", 1000, precision=1))


def test_rounding_bounds_are_half_a_unit_each_way() -> None:
    low, high = rounding_bounds([89, 89.0, 1240], [0, 1, -1])
    np.testing.assert_allclose(low, [88.5, 88.95, 1235])
    np.testing.assert_allclose(high, [89.5, 89.05, 1245])


@given(st.integers(1, 3000), st.integers(1, 200_000), st.integers(0, 2))
def test_law_the_true_base_lies_within_what_the_rate_implies(count, base, precision) -> None:
    rate = Decimal(count) * 10_000 / Decimal(base)
    value = float(rate.quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_UP))
    rows = pd.DataFrame({"numerator": [count], "value": [value], "precision": [precision]})
    found = add_implied_denominator(rows, multiplier=10_000).iloc[0]
    assert found["denominator_lower"] * (1 - 1e-12) <= base <= found["denominator_upper"] * (1 + 1e-12)
    if value > 0:
        assert found["denominator_lower"] < found["denominator"] < found["denominator_upper"]


def test_no_events_imply_no_base_and_a_rate_of_nothing_has_no_upper_one() -> None:
    rows = pd.DataFrame({"numerator": [0, 1, None], "value": [0.0, 0.0, 5.0], "precision": [0, 0, 0]})
    found = add_implied_denominator(rows, multiplier=10_000)
    assert found.loc[[0, 2]].filter(like="denominator").isna().all(axis=None)
    assert found.loc[1, "denominator_lower"] == 20_000
    assert found.loc[1, "denominator_upper"] == np.inf


def test_the_numerator_is_named_only_where_one_fits() -> None:
    rows = pd.DataFrame({"value": [89, 50, 89, None], "denominator": [45, 3, 200, 9], "precision": 0})
    found = add_implied_numerator(rows)
    assert found["numerator"].fillna(-1).tolist() == [40, -1, -1, -1]
    assert found["numerator_lower"].fillna(-1).tolist() == [40, -1, 177, -1]
    assert found["numerator_upper"].fillna(-1).tolist() == [40, -1, 178, -1]


def test_a_published_numerator_is_left_alone() -> None:
    rows = pd.DataFrame({"value": [89, 89], "denominator": 45, "precision": 0, "numerator": [41, None]})
    assert add_implied_numerator(rows)["numerator"].tolist() == [41, 40]


def test_the_interval_within_rounding_is_that_of_the_outermost_counts() -> None:
    rows = pd.DataFrame({"value": [89, 50, None], "denominator": [200, 3, 9], "precision": 0})
    found = add_proportion_within_rounding(rows, confidence=0.95)
    assert found.loc[0, "lower_ci"] == 100 * wilson_limits(177, 200, confidence=0.95)[0]
    assert found.loc[0, "upper_ci"] == 100 * wilson_limits(178, 200, confidence=0.95)[1]
    assert found["fits"].astype(object).where(found["fits"].notna(), None).tolist() == [True, False, None]
    assert found["method"].notna().tolist() == [True, False, False]
    assert found["lower_ci"].notna().tolist() == [True, False, False]


@given(st.integers(0, 100), st.integers(0, 100), st.sampled_from([0.95, 0.998]))
def test_law_the_smallest_base_tells_apart_and_one_fewer_does_not(value, other, confidence) -> None:
    if value == other:
        with pytest.raises(StatisticError, match="No base"):
            smallest_base_to_tell_apart(value, other, confidence=confidence)
        return
    base = smallest_base_to_tell_apart(value, other, confidence=confidence)

    def excludes(n: int) -> bool:
        lower, upper = wilson_limits(value / 100 * n, n, confidence=confidence)
        return bool(not lower - 1e-12 <= other / 100 <= upper + 1e-12)

    assert excludes(base)
    assert base == 1 or not excludes(base - 1)


def test_empty_tables_gain_the_columns() -> None:
    empty = pd.DataFrame(columns=["value", "denominator", "precision"])
    assert "fits" in add_proportion_within_rounding(empty).columns
    assert "numerator" in add_implied_numerator(empty).columns
    assert "denominator_upper" in add_implied_denominator(empty.assign(numerator=[]), multiplier=1).columns
