"""Rates, proportions and their intervals: outside answers, hand-made tables, laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StatisticError
from analysis.statistics.rates import (
    add_proportion,
    add_rate,
    byar_limits,
    exact_limits,
    rate_limits,
    wilson_limits,
)

LEVELS = st.sampled_from([0.9, 0.95, 0.99, 0.998])
COUNTS = st.integers(0, 100_000)
PROPORTIONS = st.integers(1, 50_000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


def as_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={"count": "numerator", "population": "denominator"})


@pytest.mark.parametrize(
    ("name", "add", "cases"),
    [
        ("published_phe_rate", add_rate, 43),
        ("oracle_phe_rate", add_rate, 445),
        ("published_phe_proportion", add_proportion, 40),
        ("oracle_phe_proportion", add_proportion, 984),
    ],
)
def test_the_published_intervals_are_reproduced(reference, close, name, add, cases) -> None:
    frame = reference(name).dropna(subset=["expected_value"])
    assert len(frame) == cases
    methods = {"Exact": "exact Poisson", "Byars": "Byar", "Wilson": "Wilson"}
    for (multiplier, confidence), group in frame.groupby(["multiplier", "confidence"]):
        found = add(as_rows(group), multiplier=multiplier, confidence=confidence)
        for ours, theirs in {"value": "value", "lower_ci": "lower", "upper_ci": "upper"}.items():
            close(found[ours], found[f"expected_{theirs}"])
        assert found["method"].tolist() == found["expected_method"].map(methods).tolist()


def test_single_calls_of_byar_and_wilson(reference, close) -> None:
    for row in reference("published_phe_byars_wilson").itertuples():
        args = (row.x,) if row.method == "Byars" else (row.x, row.n)
        limits = (byar_limits if row.method == "Byars" else wilson_limits)(*args, confidence=row.confidence)
        close(limits, [row.expected_lower, row.expected_upper])


def test_exact_limits_agree_with_r(reference, close) -> None:
    frame = reference("oracle_r_one_rate")
    for confidence, group in frame.groupby("confidence"):
        lower, upper = exact_limits(group["count"], confidence=confidence)
        close(lower / group["population"], group["poisson_test_lower"])
        close(upper / group["population"], group["poisson_test_upper"])


def test_published_table_of_newcombe_1998() -> None:
    # Stat Med 17:857-872, table I, method 3, as printed to four decimals.
    lower, upper = wilson_limits([81, 15, 0, 1], [263, 148, 20, 29], confidence=0.95)
    assert lower.round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert upper.round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_garwood_limits_as_textbooks_print_them() -> None:
    # Any table of exact limits: 0 -> 3.69, 1 -> 0.03 to 5.57, 5 -> 1.62 to 11.67, 10 -> 4.80 to 18.39.
    lower, upper = exact_limits([0, 1, 5, 10], confidence=0.95)
    assert lower.round(2).tolist() == [0.0, 0.03, 1.62, 4.80]
    assert upper.round(2).tolist() == [3.69, 5.57, 11.67, 18.39]


def test_byar_below_nothing_is_missing() -> None:
    lower, upper = byar_limits([0, 1], confidence=0.998)
    assert np.isnan(lower).all()
    assert np.isfinite(upper).all()


def test_two_levels_stand_beside_each_other() -> None:
    rows = pd.DataFrame({"numerator": [65], "denominator": [100]})
    both = add_rate(rows, multiplier=100, confidence=(0.95, 0.998))
    narrow, wide = (add_rate(rows, multiplier=100, confidence=level) for level in (0.95, 0.998))
    assert both[["lower_ci", "upper_ci"]].equals(narrow[["lower_ci", "upper_ci"]])
    assert both["lower_ci_2"].tolist() == wide["lower_ci"].tolist()
    assert both[["confidence", "confidence_2"]].iloc[0].tolist() == [0.95, 0.998]


def test_a_published_value_is_kept_and_only_the_interval_added() -> None:
    rows = pd.DataFrame({"value": [33.0, 25.0], "numerator": [1, None], "denominator": [3, 4]})
    found = add_proportion(rows, keep_value=True)
    assert found["value"].tolist() == [33.0, 25.0]
    assert found["lower_ci"].notna().tolist() == [True, False]
    with pytest.raises(StatisticError, match="'value' is needed"):
        add_proportion(rows.drop(columns="value"), keep_value=True)


@pytest.mark.parametrize("add", [add_rate, add_proportion])
def test_missing_in_is_missing_out_and_no_error(add) -> None:
    rows = pd.DataFrame({"numerator": [3, None, 4], "denominator": [10, 10, None]}, index=["a", "b", "b"])
    found = add(rows)
    assert found[["value", "lower_ci", "upper_ci", "method"]].isna().to_numpy().tolist() == [
        [False] * 4,
        [True] * 4,
        [True] * 4,
    ]
    assert found.index.tolist() == ["a", "b", "b"]


@pytest.mark.parametrize("add", [add_rate, add_proportion])
def test_an_empty_table_gains_the_columns(add) -> None:
    found = add(pd.DataFrame(columns=["note", "numerator", "denominator"]))
    expected = ["value", "lower_ci", "upper_ci", "confidence", "method"]
    assert list(found.columns) == ["note", "numerator", "denominator", *expected]
    assert found.empty


@pytest.mark.parametrize(
    ("add", "numerator", "denominator", "message"),
    [
        (add_rate, -65, 100, "column 'numerator': found -65"),
        (add_rate, 30, 0, "column 'denominator': found 0"),
        (add_rate, 80, -100, "column 'denominator': found -100"),
        (add_proportion, -80, 100, "column 'numerator': found -80"),
        (add_proportion, 80, 0, "column 'denominator': found 0"),
        (add_proportion, 101, 100, "column 'numerator': found 101, expected at most 'denominator'"),
    ],
)
def test_what_no_rate_can_be_made_of_is_refused(add, numerator, denominator, message) -> None:
    rows = pd.DataFrame({"numerator": [1, numerator], "denominator": [100, denominator]})
    with pytest.raises(StatisticError, match=f"Row 1, {message}"):
        add(rows)


def test_a_rate_may_exceed_its_denominator() -> None:
    found = add_rate(pd.DataFrame({"numerator": [250], "denominator": [220]}), multiplier=100)
    assert found["value"].round(4).tolist() == [113.6364]


def test_kernels_refuse_what_the_tables_refuse() -> None:
    for call in (
        lambda: byar_limits([65, 0, -4], confidence=0.95),
        lambda: exact_limits(-1, confidence=0.95),
        lambda: wilson_limits(65, -6, confidence=0.95),
        lambda: wilson_limits([80], [50], confidence=0.95),
        lambda: wilson_limits(1, 2, confidence=95),
    ):
        with pytest.raises(StatisticError):
            call()


@given(PROPORTIONS, LEVELS)
def test_law_the_interval_holds_the_proportion(pair, level) -> None:
    row = add_proportion(pd.DataFrame([pair], columns=["numerator", "denominator"]), confidence=level).iloc[0]
    assert 0 <= row["lower_ci"] <= row["value"] <= row["upper_ci"] <= 100


@given(COUNTS, st.integers(1, 100_000), LEVELS)
def test_law_the_interval_holds_the_rate(count, base, level) -> None:
    rows = pd.DataFrame({"numerator": [count], "denominator": [base]})
    row = add_rate(rows, confidence=level).iloc[0]
    assert 0 <= row["lower_ci"] <= row["value"] <= row["upper_ci"]


@given(PROPORTIONS)
def test_law_doubling_both_leaves_the_value_and_narrows_the_interval(pair) -> None:
    rows = pd.DataFrame([pair, (2 * pair[0], 2 * pair[1])], columns=["numerator", "denominator"])
    for add in (add_rate, add_proportion):
        once, twice = add(rows).to_dict("records")
        assert once["value"] == twice["value"]
        assert twice["upper_ci"] - twice["lower_ci"] < once["upper_ci"] - once["lower_ci"]


@given(st.lists(PROPORTIONS, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_law_the_order_of_rows_changes_nothing(pairs, random) -> None:
    rows = pd.DataFrame(pairs, columns=["numerator", "denominator"])
    order = random.sample(range(len(rows)), len(rows))
    for add in (add_rate, add_proportion):
        pd.testing.assert_frame_equal(add(rows).iloc[order], add(rows.iloc[order]))


@given(COUNTS)
def test_law_a_wider_confidence_contains_a_narrower(count) -> None:
    for limits in (rate_limits, exact_limits):
        narrow, wide = limits(count, confidence=0.95), limits(count, confidence=0.998)
        assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@given(st.integers(10, 100_000))
def test_law_byar_is_close_to_exact(count) -> None:
    byar, exact = byar_limits(count, confidence=0.95), exact_limits(count, confidence=0.95)
    np.testing.assert_allclose(byar, exact, rtol=0.002)
