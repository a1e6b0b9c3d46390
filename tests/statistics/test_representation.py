"""Representation: users against a fixed profile, and users who are a subset of those in care."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StatisticError
from analysis.statistics.representation import add_fixed_representation, add_subset_representation

GROUPS = st.lists(
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=6
)


def fixed(users: float | None, total: float, share: float) -> pd.DataFrame:
    return pd.DataFrame({"users_in_group": [users], "users_total": [total], "population_share": [share]})


def subset(pairs: list[tuple[int, int]]) -> pd.DataFrame:
    rows = pd.DataFrame(pairs, columns=["users", "in_care"])
    return rows.assign(group=[f"group {number}" for number in range(len(rows))])


@pytest.mark.parametrize("limits", ["wilson", "exact"])
def test_fixed_profiles_agree_with_r(reference, close, limits) -> None:
    frame = reference("oracle_r_representation_fixed")
    assert len(frame) == 30
    found = add_fixed_representation(frame.drop(columns="representation_ratio"), limits=limits)
    close(found["representation_ratio"], frame["representation_ratio"])
    close(found["lower_ci"], frame[f"rr_{limits}_lower"])
    close(found["upper_ci"], frame[f"rr_{limits}_upper"])
    close(found["p_value"], frame["binom_test_p"])
    close(found["largest_ratio"], frame["max_possible_ratio"])


def test_subsets_agree_with_r(reference, close) -> None:
    frame = reference("oracle_r_representation_subset")
    frame = frame[frame["group"] != "__overall_chi2__"]
    assert len(frame) == 10
    for _, rows in frame.groupby("set"):
        found = add_subset_representation(
            rows[["group", "in_care", "users"]], reference=rows["reference_group"].iloc[0]
        )
        for ours, theirs in {
            "uptake": "uptake",
            "disproportionality_metric": "disproportionality_metric",
            "ratio_vs_rest": "ratio_vs_rest",
            "lower_ci": "ratio_vs_rest_katz_lower",
            "upper_ci": "ratio_vs_rest_katz_upper",
            "p_value": "fisher_p",
            "mid_p_value": "hypergeom_midp",
            "relative_rate_index": "relative_rate_index",
            "relative_rate_index_lower_ci": "rri_katz_lower",
            "relative_rate_index_upper_ci": "rri_katz_upper",
        }.items():
            close(found[ours], rows[theirs])


def test_a_fixed_profile_by_hand() -> None:
    row = add_fixed_representation(fixed(3, 12, 0.25)).iloc[0]
    assert row["representation_ratio"] == 1
    assert row["p_value"] == 1
    assert row["largest_ratio"] == 4
    assert row["method"] == "Wilson limits over a fixed share, exact binomial p"


def test_fractional_users_have_an_interval_but_no_exact_p() -> None:
    row = add_fixed_representation(fixed(2.4, 12, 0.25)).iloc[0]
    assert row["lower_ci"] < row["representation_ratio"] < row["upper_ci"]
    assert math.isnan(row["p_value"])
    assert row["method"] == "Wilson limits over a fixed share"


@pytest.mark.parametrize(("users", "share"), [(None, 0.2), (3, 0.0), (3, np.nan)])
def test_without_users_or_share_there_is_no_ratio(users, share) -> None:
    row = add_fixed_representation(fixed(users, 12, share))
    assert row[["representation_ratio", "lower_ci", "upper_ci", "p_value", "method"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("users", "total", "share", "column"),
    [
        (13, 12, 0.2, "users_in_group"),
        (-1, 12, 0.2, "users_in_group"),
        (1, 0, 0.2, "users_total"),
        (1, 12, 20, "population_share"),
        (1, 12, -0.1, "population_share"),
    ],
)
def test_bad_profiles_are_refused(users, total, share, column) -> None:
    with pytest.raises(StatisticError, match=f"Row 0, column '{column}'"):
        add_fixed_representation(fixed(users, total, share))


def test_a_subset_by_hand() -> None:
    found = add_subset_representation(subset([(10, 50), (20, 200)]), reference="group 1")
    assert found["uptake"].tolist() == [0.2, 0.1]
    assert found["ratio_vs_rest"].tolist() == [2.0, 0.5]
    assert found["relative_rate_index"].tolist() == [2.0, 1.0]
    assert found["disproportionality_metric"].tolist() == pytest.approx([(10 / 30) / 0.2, (20 / 30) / 0.8])
    # A group held against itself has a ratio of 1 and no interval.
    assert found["relative_rate_index_lower_ci"].isna().tolist() == [False, True]
    assert found["relative_rate_index_upper_ci"].isna().tolist() == [False, True]
    # 1/10 - 1/50 + 1/20 - 1/200 = 0.125
    spread = math.exp(1.959963984540054 * math.sqrt(0.125))
    assert found["lower_ci"].iloc[0] == pytest.approx(2 / spread)
    assert found["upper_ci"].iloc[0] == pytest.approx(2 * spread)


def test_groups_without_users_or_children_are_said_to_be_undefined() -> None:
    found = add_subset_representation(subset([(10, 50), (0, 20), (0, 0)]))
    assert found["ratio_vs_rest"].iloc[1] == 0
    assert found["method"].iloc[1] == "Katz log limits undefined at 0 events, Fisher's exact p"
    assert found["lower_ci"].isna().tolist() == [True, True, True]
    assert found["ratio_vs_rest"].isna().tolist() == [False, False, True]


def test_a_missing_group_leaves_the_others_without_a_rest() -> None:
    rows = subset([(10, 50), (20, 200)]).assign(users=[10.0, np.nan])
    found = add_subset_representation(rows)
    assert found[["ratio_vs_rest", "p_value", "disproportionality_metric", "method"]].isna().all(axis=None)
    assert found["uptake"].notna().tolist() == [True, False]


def test_bad_subsets_are_refused() -> None:
    with pytest.raises(StatisticError, match="column 'users': found 51"):
        add_subset_representation(subset([(51, 50), (20, 200)]))
    with pytest.raises(StatisticError, match="column 'in_care'"):
        add_subset_representation(subset([(1, 0), (20, 200)]))
    with pytest.raises(StatisticError, match="has to be exactly one row"):
        add_subset_representation(subset([(1, 5), (20, 200)]), reference="White")


@given(GROUPS)
def test_law_the_index_is_the_ratio_of_the_metrics(pairs) -> None:
    if sum(users for users, _ in pairs) == 0 or pairs[0][0] == 0:
        return
    found = add_subset_representation(subset(pairs), reference="group 0")
    metric = found["disproportionality_metric"]
    np.testing.assert_allclose(found["relative_rate_index"], metric / metric.iloc[0], rtol=1e-12)


@given(GROUPS)
def test_law_order_changes_nothing_and_limits_hold_the_ratio(pairs) -> None:
    rows = subset(pairs)
    found = add_subset_representation(rows)
    pd.testing.assert_frame_equal(add_subset_representation(rows.iloc[::-1]), found.iloc[::-1])
    defined = found.dropna(subset=["lower_ci"])
    assert (defined["lower_ci"] <= defined["ratio_vs_rest"]).all()
    assert (defined["ratio_vs_rest"] <= defined["upper_ci"]).all()


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.01, 1))
def test_law_a_share_in_proportion_has_a_ratio_of_one_within_its_limits(users, total, share) -> None:
    if users > total:
        return
    for limits in ("wilson", "exact"):
        row = add_fixed_representation(fixed(users, total, share), limits=limits).iloc[0]
        assert row["lower_ci"] <= row["representation_ratio"] <= row["upper_ci"]
        assert row["representation_ratio"] <= row["largest_ratio"] * (1 + 1e-12)
