"""Overall tests, Holm's correction, bounds of rounding, clustering."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import StatisticError
from analysis.statistics import overall
from analysis.statistics.clustering import add_clustered_interval, summarise_cluster_bootstrap
from analysis.statistics.overall import add_holm, compositions, overall_fit, overall_uptake
from analysis.statistics.rates import add_proportion, add_rate, rate_limits
from analysis.statistics.representation_bounds import (
    add_representation_bounds,
    add_representation_within_rounding,
)

OBSERVED = st.lists(st.integers(0, 4), min_size=2, max_size=4).filter(lambda counts: sum(counts) > 0)


def groups(pairs: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["users", "in_care"])


@given(OBSERVED)
def test_law_the_exact_test_sums_the_multinomial(counts) -> None:
    shares = np.arange(1, len(counts) + 1) / sum(range(1, len(counts) + 1))
    total = sum(counts)
    law = stats.multinomial(total, shares)
    spreads = [s for s in itertools.product(range(total + 1), repeat=len(counts)) if sum(s) == total]
    seen = law.pmf(counts)
    brute = sum(law.pmf(spread) for spread in spreads if law.pmf(spread) <= seen * (1 + 1e-7))
    assert overall_fit(counts, shares, exact=True).p_value == pytest.approx(brute, rel=1e-9)
    assert len(compositions(total, len(counts))) == len(spreads)


def test_the_two_orderings_differ_and_are_named() -> None:
    counts, shares = [6, 2, 1, 3, 0], [0.62, 0.1, 0.08, 0.12, 0.08]
    by_probability, by_chi2 = (overall_fit(counts, shares, ordering=o) for o in ("probability", "chi-squared"))
    assert (round(by_probability.p_value, 3), round(by_chi2.p_value, 3)) == (0.359, 0.465)
    assert by_probability.method == "exact multinomial, by probability"
    assert by_chi2.method == "exact multinomial, by chi-squared"


def test_large_counts_use_chi_squared_and_long_lists_are_sampled(monkeypatch) -> None:
    found = overall_fit([30, 50], [0.5, 0.5])
    assert (found.method, found.smallest_expected) == ("chi-squared", 40)
    assert found.p_value == pytest.approx(stats.chisquare([30, 50]).pvalue)
    monkeypatch.setattr(overall, "MOST_OUTCOMES", 10)
    sampled = overall_fit([6, 2, 1, 3, 0], [0.62, 0.1, 0.08, 0.12, 0.08])
    assert "Monte Carlo" in sampled.method
    assert sampled.p_value == pytest.approx(0.359445, abs=0.01)
    assert sampled == overall_fit([6, 2, 1, 3, 0], [0.62, 0.1, 0.08, 0.12, 0.08])


def test_a_group_without_share_and_users_is_left_out() -> None:
    assert overall_fit([3, 5, 0], [0.5, 0.5, 0]) == overall_fit([3, 5], [0.5, 0.5])
    for counts, shares in (
        ([3, 5, 1], [0.5, 0.5, 0]),
        ([3, 5], [0.5, 0.4]),
        ([3.5, 5], [0.5, 0.5]),
        ([3, np.nan], [0.5, 0.5]),
        ([3], [1.0]),
        ([3, 5], [0.5, 0.3, 0.2]),
    ):
        with pytest.raises(StatisticError, match=r"expected|profile"):
            overall_fit(counts, shares)


def test_equal_uptake_of_two_groups_is_fishers_test() -> None:
    small = overall_uptake(groups([(3, 9), (1, 12)]))
    assert small.method == "exact Freeman-Halton, by probability"
    assert small.p_value == pytest.approx(stats.fisher_exact([[3, 6], [1, 11]]).pvalue)


def test_the_worked_set_of_107_users_among_450_children(monkeypatch) -> None:
    rows = groups([(70, 310), (9, 52), (8, 24), (18, 48), (2, 16)])
    asymptotic = overall_uptake(rows, exact=False)
    assert (round(asymptotic.chi_squared, 4), round(asymptotic.p_value, 3)) == (8.7651, 0.067)
    monkeypatch.setattr(overall, "MOST_OUTCOMES", 1000)
    sampled = overall_uptake(rows)
    assert "Monte Carlo Freeman-Halton" in sampled.method
    assert sampled.p_value == pytest.approx(0.0773, abs=0.005)


def test_nobody_or_everybody_leaves_nothing_to_test() -> None:
    assert overall_uptake(groups([(0, 9), (0, 12)])).p_value == 1
    with pytest.raises(StatisticError, match="at least two groups"):
        overall_uptake(groups([(1, 9)]))
    with pytest.raises(StatisticError, match="a figure in every group"):
        overall_uptake(groups([(1, 9), (2, 12)]).assign(users=[1, None]))


def test_holm_by_hand() -> None:
    rows = pd.DataFrame({"p_value": [0.01, 0.04, 0.03, None, 0.5], "set": [1, 1, 1, 1, 2]})
    assert add_holm(rows, by=["set"])["p_value_holm"].round(10).tolist()[:3] == [0.03, 0.06, 0.06]
    assert add_holm(rows, by=["set"])["p_value_holm"].iloc[4] == 0.5
    assert math.isnan(add_holm(rows)["p_value_holm"].iloc[3])
    assert add_holm(rows.iloc[:0]).empty
    with pytest.raises(StatisticError, match="a probability"):
        add_holm(pd.DataFrame({"p_value": [1.2]}))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_law_holm_never_lowers_a_p_value_or_changes_their_order(values) -> None:
    found = add_holm(pd.DataFrame({"p_value": values})).sort_values("p_value")
    assert (found["p_value_holm"] >= found["p_value"] - 1e-15).all()
    assert (found["p_value_holm"].diff().dropna() >= -1e-15).all()


def shares(value: float | None, other: float, total: float = 107) -> pd.DataFrame:
    return pd.DataFrame(
        {"value": [value], "precision": 0, "other_value": [other], "other_precision": 0, "users_total": total}
    )


def test_bounds_that_rounding_leaves() -> None:
    row = add_representation_bounds(shares(27, 24)).iloc[0]
    assert row["representation_ratio"] == 27 / 24
    assert (row["ratio_lowest"], row["ratio_highest"]) == pytest.approx((26.5 / 24.5, 27.5 / 23.5))
    none = add_representation_bounds(shares(2, 0)).iloc[0]
    assert math.isnan(none["representation_ratio"])
    assert none["ratio_highest"] == math.inf
    assert add_representation_bounds(shares(None, 24)).filter(like="ratio").isna().all(axis=None)


def test_an_interval_over_all_that_rounding_leaves() -> None:
    wide = add_representation_within_rounding(shares(27, 24)).iloc[0]
    assert wide["lower_ci"] < wide["ratio_lowest"] < wide["ratio_highest"] < wide["upper_ci"]
    unfit = add_representation_within_rounding(shares(27, 24, total=3)).iloc[0]
    assert math.isnan(unfit["lower_ci"])
    assert pd.isna(unfit["method"])


def test_a_design_effect_widens_and_one_changes_nothing() -> None:
    rows = pd.DataFrame({"numerator": [65, None], "denominator": [100, 100]})
    plain, same = add_proportion(rows), add_clustered_interval(rows, design_effect=1)
    wide = add_clustered_interval(plain, design_effect=2)
    assert same["clustered_lower_ci"].iloc[0] == pytest.approx(plain["lower_ci"].iloc[0])
    assert wide["clustered_lower_ci"].iloc[0] < wide["lower_ci"].iloc[0]
    assert wide["clustered_upper_ci"].iloc[0] > wide["upper_ci"].iloc[0]
    assert wide["clustered_method"].isna().tolist() == [False, True]
    rate = add_clustered_interval(add_rate(rows, multiplier=100), design_effect=2, kind="rate")
    # As 32.5 events of 50.
    halved = [2 * float(limit) for limit in rate_limits(32.5, confidence=0.95)]
    assert rate[["clustered_lower_ci", "clustered_upper_ci"]].iloc[0].tolist() == pytest.approx(halved)
    assert rate["clustered_upper_ci"].iloc[0] > rate["upper_ci"].iloc[0]
    for design_effect, kind in ((0.5, "rate"), (math.nan, "rate"), (2, "rates")):
        with pytest.raises(StatisticError):
            add_clustered_interval(rows, design_effect=design_effect, kind=kind)  # type: ignore[arg-type]


def families(count: int, size: int) -> pd.DataFrame:
    family = np.repeat(np.arange(count), size)
    return pd.DataFrame({"family": family, "event": (family % 3 == 0).astype(int)})


def test_families_that_share_their_outcome_have_a_design_effect_of_their_size() -> None:
    row = summarise_cluster_bootstrap(families(90, 3), cluster="family", seed=1).iloc[0]
    assert row["design_effect"] == pytest.approx(3, rel=0.15)
    assert row["clustered_lower_ci"] < row["lower_ci"] < row["value"] < row["upper_ci"] < row["clustered_upper_ci"]
    assert row["clustered_method"] == "cluster bootstrap, 2000 draws, seed 1"


def test_the_same_seed_gives_the_same_interval_in_any_order() -> None:
    rows = families(40, 2)
    first = summarise_cluster_bootstrap(rows, cluster="family", seed=7)
    pd.testing.assert_frame_equal(first, summarise_cluster_bootstrap(rows, cluster="family", seed=7))
    other = summarise_cluster_bootstrap(rows, cluster="family", seed=8)
    assert first["clustered_lower_ci"].iloc[0] != other["clustered_lower_ci"].iloc[0]


def test_few_families_leave_only_the_plain_interval() -> None:
    row = summarise_cluster_bootstrap(families(9, 2), cluster="family", seed=1).iloc[0]
    assert row["lower_ci"] < row["value"]
    assert row[["clustered_lower_ci", "design_effect", "clustered_method"]].isna().all()
    apart = summarise_cluster_bootstrap(
        families(40, 2).assign(sex=lambda t: t["family"] % 2), cluster="family", seed=1, by=["sex"]
    )
    assert apart["clusters"].tolist() == [20, 20]


@pytest.mark.parametrize(
    ("change", "message"),
    [({"event": 2}, "expected 1 or 0"), ({"family": None}, "every child needs its family")],
)
def test_children_without_family_or_outcome_are_refused(change, message) -> None:
    with pytest.raises(StatisticError, match=message):
        summarise_cluster_bootstrap(families(12, 2).assign(**change), cluster="family", seed=1)
