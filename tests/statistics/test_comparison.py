"""One figure against another: outside answers, hand-made tables, laws."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import StatisticError
from analysis.statistics import pairs
from analysis.statistics.comparison import (
    add_judgement,
    add_position,
    add_proportion_difference,
    add_rate_ratio,
    add_risk_ratio,
)

NAMES = ["numerator", "denominator", "other_numerator", "other_denominator"]
SHARE = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
POLARITIES = {"HighIsGood": "higher_is_better", "LowIsGood": "lower_is_better", "NoJudgement": "neutral"}


def two(*figures: float) -> pd.DataFrame:
    return pd.DataFrame([figures], columns=NAMES)


def test_positions_and_judgements_of_fingertips(reference) -> None:
    frame = reference("published_benchmark_rag")
    rows = frame.rename(columns={"area_lower": "lower_ci", "area_upper": "upper_ci"})
    assert len(rows) == 20
    for polarity, group in rows.groupby("polarity"):
        found = add_judgement(add_position(group), polarity=POLARITIES[polarity])
        assert found["judgement"].tolist() == group["expected_outcome"].str.lower().tolist()


def test_a_position_by_hand() -> None:
    rows = pd.DataFrame(
        {"lower_ci": [51.0, 40, 50, 40, np.nan], "upper_ci": [60.0, 49, 60, 60, 60], "benchmark_value": 50.0}
    )
    found = add_position(rows)["position"]
    # An interval that touches the benchmark does not exclude it.
    assert found.tolist()[:4] == ["higher", "lower", "similar", "similar"]
    assert found.isna().tolist() == [False] * 4 + [True]
    assert add_position(rows.assign(benchmark_value=np.nan))["position"].isna().all()


def test_an_unknown_polarity_is_refused_with_the_nearest() -> None:
    with pytest.raises(StatisticError, match="Did you mean higher_is_better"):
        add_judgement(pd.DataFrame({"position": ["higher"]}), polarity="higher_better")


def test_rate_ratios_agree_with_r(reference, close) -> None:
    frame = reference("oracle_r_two_rates")
    rows = frame.rename(columns=dict(zip(["x1", "t1", "x2", "t2"], NAMES, strict=True)))
    found = add_rate_ratio(rows, confidence=0.95)
    close(found["ratio"], frame["rate_ratio"])
    close(found["ratio_lower_ci"], frame["exact_cond_lower"])
    close(found["ratio_upper_ci"], frame["exact_cond_upper"])
    close(found["p_value"], frame["exact_cond_p_poisson_test"])


def test_the_other_tests_of_two_rates_agree_with_r(reference, close) -> None:
    for row in reference("oracle_r_two_rates").itertuples():
        events, time = (row.x1, row.x2), (row.t1, row.t2)
        close(pairs.mid_p_rate(events, time), row.midp_p)
        close(pairs.score_rate(events, time), [row.score_z, row.score_p])
        close(
            pairs.log_rate_ratio_limits(events, time, confidence=0.95),
            [row.epitools_wald_lower, row.epitools_wald_upper],
        )


def test_two_areas_per_ten_thousand(reference, close) -> None:
    frame = reference("oracle_compare_two_areas")
    rows = frame.rename(columns=dict(zip(["x1", "n1", "x2", "n2"], NAMES, strict=True)))
    found = add_rate_ratio(rows)
    close(found["ratio"], frame["ratio"])
    close(found["ratio_lower_ci"], frame["ratio_exact_lower"])
    close(found["ratio_upper_ci"], frame["ratio_exact_upper"])
    close(found["p_value"], frame["exact_cond_p"])
    close(found["difference"], frame["rate1"] - frame["rate2"], absolute=1e-9)


def test_risk_ratios_agree_with_r(reference, close) -> None:
    frame = reference("oracle_r_two_proportions")
    rows = frame.drop(columns="ratio").rename(columns=dict(zip(["x1", "n1", "x2", "n2"], NAMES, strict=True)))
    found = add_risk_ratio(rows, confidence=0.95)
    close(found["ratio"], frame["ratio"])
    close(found["ratio_lower_ci"], frame["katz_lower"])
    close(found["ratio_upper_ci"], frame["katz_upper"])
    close(found["p_value"], frame["fisher_p"])
    close([pairs.pearson((r.x1, r.x2), (r.n1, r.n2))[1] for r in frame.itertuples()], frame["pearson_p"])


def test_newcombe_1998_table_two() -> None:
    # Stat Med 17:873-890, table II, method 10, as printed to four decimals.
    rows = pd.DataFrame(
        [[56, 70, 48, 80], [9, 10, 3, 10], [6, 7, 2, 7], [5, 56, 0, 29], [0, 10, 0, 20], [10, 10, 0, 20]],
        columns=NAMES,
    )
    found = add_proportion_difference(rows, multiplier=1).round(4)
    assert found["difference_lower_ci"].tolist() == [0.0524, 0.1705, 0.0582, -0.0381, -0.1611, 0.6791]
    assert found["difference_upper_ci"].tolist() == [0.3339, 0.8090, 0.8062, 0.1926, 0.2775, 1.0]


def test_fagerland_2015_ratio_of_two_small_proportions() -> None:
    # Stat Methods Med Res 24:224-254, table 6: Katz 0.91 to 54, score 1.21 to 43.
    katz, score = (add_risk_ratio(two(7, 34, 1, 34), limits=kind).iloc[0] for kind in ("katz", "score"))
    assert (round(katz["ratio_lower_ci"], 2), round(katz["ratio_upper_ci"])) == (0.91, 54)
    assert (round(score["ratio_lower_ci"], 2), round(score["ratio_upper_ci"])) == (1.21, 43)


def test_the_test_of_a_difference_is_named() -> None:
    small = add_proportion_difference(two(9, 10, 3, 10)).iloc[0]
    large = add_proportion_difference(two(56, 70, 48, 80)).iloc[0]
    assert small["method"] == "Newcombe limits, Fisher's exact p"
    assert small["p_value"] == pytest.approx(stats.fisher_exact([[9, 1], [3, 7]]).pvalue)
    assert large["method"] == "Newcombe limits, Pearson's p"
    assert large["p_value"] == pytest.approx(0.0080450810)


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((0, 25, 12, 90), "undefined at 0 events"),
        ((3, 10, 0, 20), "undefined at 0 events"),
        ((0, 10, 0, 20), "no events in either"),
        ((10, 10, 20, 20), "all have the event"),
    ],
)
def test_katz_limits_say_where_they_are_undefined(figures, words) -> None:
    row = add_risk_ratio(two(*figures)).iloc[0]
    assert math.isnan(row["ratio_lower_ci"])
    assert math.isnan(row["ratio_upper_ci"])
    assert words in row["method"]
    assert 0 <= row["p_value"] <= 1


def test_score_limits_hold_where_katz_has_none() -> None:
    none = add_risk_ratio(two(0, 25, 12, 90), limits="score").iloc[0]
    assert none["ratio_lower_ci"] == 0 < none["ratio_upper_ci"] < math.inf
    # Everybody in the second group: statsmodels 0.15 returns 0.8333 to 0.8333 about a ratio of 0.5.
    everybody = add_risk_ratio(two(5, 10, 20, 20), limits="score").iloc[0]
    assert everybody["ratio_lower_ci"] < 0.5 < everybody["ratio_upper_ci"]


def test_a_zero_against_something_is_a_ratio_of_nothing() -> None:
    row = add_rate_ratio(two(0, 800, 6, 820)).iloc[0]
    assert row["ratio"] == row["ratio_lower_ci"] == 0
    back = add_rate_ratio(two(6, 820, 0, 800)).iloc[0]
    assert back["ratio"] == back["ratio_upper_ci"] == math.inf
    assert back["ratio_lower_ci"] == pytest.approx(1 / row["ratio_upper_ci"])


def test_nothing_against_nothing_is_not_known() -> None:
    row = add_rate_ratio(two(0, 800, 0, 820)).iloc[0]
    assert np.isnan([row["ratio"], row["ratio_lower_ci"], row["ratio_upper_ci"]]).all()
    assert row["p_value"] == 1


@pytest.mark.parametrize("add", [add_rate_ratio, add_risk_ratio, add_proportion_difference])
def test_missing_empty_and_order(add) -> None:
    rows = pd.DataFrame([[3, 30, 9, 40], [None, 30, 9, 40], [3, 30, 9, None]], columns=NAMES, index=list("xyz"))
    found = add(rows)
    assert found.index.tolist() == list("xyz")
    assert found["method"].isna().tolist() == [False, True, True]
    assert found["p_value"].isna().tolist() == [False, True, True]
    pd.testing.assert_frame_equal(add(rows.iloc[::-1]), found.iloc[::-1])
    assert add(rows.iloc[:0]).columns.tolist() == found.columns.tolist()


@pytest.mark.parametrize(
    ("add", "figures"),
    [
        (add_rate_ratio, (1.5, 10, 3, 10)),
        (add_rate_ratio, (-1, 10, 3, 10)),
        (add_rate_ratio, (1, 0, 3, 10)),
        (add_risk_ratio, (11, 10, 3, 10)),
        (add_proportion_difference, (1, 10, 3, 0)),
    ],
)
def test_bad_figures_are_refused(add, figures) -> None:
    with pytest.raises(StatisticError, match="Row 0, column"):
        add(two(*figures))


def test_unknown_limits_are_refused() -> None:
    with pytest.raises(StatisticError, match="Did you mean katz"):
        add_risk_ratio(two(1, 2, 1, 2), limits="kats")  # type: ignore[arg-type]


@given(SHARE, SHARE)
def test_law_limits_hold_the_figure_and_swapping_turns_it_over(one, other) -> None:
    rows = two(*one, *other)
    back = two(*other, *one)
    difference, turned = add_proportion_difference(rows).iloc[0], add_proportion_difference(back).iloc[0]
    tiny = 1e-9
    assert difference["difference_lower_ci"] <= difference["difference"] + tiny
    assert difference["difference"] <= difference["difference_upper_ci"] + tiny
    assert difference["difference_lower_ci"] == pytest.approx(-turned["difference_upper_ci"], abs=1e-9)
    for kind in ("katz", "score"):
        ratio, over = add_risk_ratio(rows, limits=kind).iloc[0], add_risk_ratio(back, limits=kind).iloc[0]
        if math.isnan(ratio["ratio_lower_ci"]):
            continue
        assert ratio["ratio_lower_ci"] <= ratio["ratio"] * (1 + tiny)
        assert ratio["ratio"] <= ratio["ratio_upper_ci"] * (1 + tiny)
        assert pairs.ratio_of(1, ratio["ratio_lower_ci"]) == pytest.approx(over["ratio_upper_ci"], rel=1e-7)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 9), st.integers(1, 9))
def test_law_a_rate_ratio_lies_in_its_interval_and_wider_contains_narrower(x1, x2, t1, t2) -> None:
    narrow, wide = (
        add_rate_ratio(two(x1, 100 * t1, x2, 100 * t2), confidence=level).iloc[0] for level in (0.95, 0.998)
    )
    if x1 + x2 == 0:
        return
    assert wide["ratio_lower_ci"] <= narrow["ratio_lower_ci"] <= narrow["ratio"] * (1 + 1e-9)
    assert narrow["ratio"] <= narrow["ratio_upper_ci"] * (1 + 1e-9) <= wide["ratio_upper_ci"] * (1 + 1e-9)
