"""Checks of representation: groups against a fixed profile, and users who are a subset of those in care."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics import pairs
from analysis.statistics.overall import overall_fit, overall_uptake
from analysis.statistics.reference_items import (
    Cases,
    Companions,
    Excluded,
    Figures,
    Item,
    figures,
    pairs_of,
    texts,
    vector,
)
from analysis.statistics.representation import add_fixed_representation, add_subset_representation

OVERALL = "__overall_chi2__"
_FIT = (
    "min_expected",
    "chi2",
    "asymptotic_p",
    "exact_multinomial_p_probability_ordering",
    "exact_p_chi2_ordering",
)


def check_fit(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check goodness of fit to a fixed profile, asymptotic and exact in both orderings."""
    yield Cases(len(frame))
    found, kept = [], []
    for observed, shares in zip(frame["observed"], frame["probabilities"], strict=True):
        given = vector(observed), vector(shares)
        chi2 = overall_fit(*given, exact=False)
        exact = overall_fit(*given, exact=True)
        kept.append("Monte Carlo" not in exact.method)
        if not kept[-1]:
            yield Excluded(len(_FIT), "too many outcomes to list; ours are sampled")
            continue
        other = overall_fit(*given, exact=True, ordering="chi-squared")
        found.append((chi2.smallest_expected, chi2.chi_squared, chi2.p_value, exact.p_value, other.p_value))
    table, listed = np.array(found, dtype=np.float64).reshape(-1, len(_FIT)), frame[kept]
    for place, column in enumerate(_FIT):
        yield Figures(column, table[:, place], figures(listed, column))
    yield Excluded(len(frame), "R's Monte Carlo p-values are random")


def check_fixed(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check representation against a fixed profile."""
    yield Cases(len(frame))
    names = ("users_in_group", "users_total", "population_share")
    rows = pd.DataFrame({name: figures(frame, name) for name in names})
    for limits in ("wilson", "exact"):
        found = add_fixed_representation(rows, limits=limits)
        yield from pairs_of(found, frame, {"lower_ci": f"rr_{limits}_lower", "upper_ci": f"rr_{limits}_upper"})
    columns = {"representation_ratio": "representation_ratio", "p_value": "binom_test_p"}
    yield from pairs_of(found, frame, columns | {"largest_ratio": "max_possible_ratio"})
    mid = [pairs.mid_p(stats.binom(int(n), p), x) for x, n, p in rows.to_numpy()]
    yield Figures("mid-P", np.array(mid, dtype=np.float64), figures(frame, "binom_midp"))


def check_subset(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check representation where the users are a subset, group by group and overall."""
    sets = pd.Series(texts(frame, "set"))
    cases = 0
    for places in sets.groupby(sets, sort=False).indices.values():
        rows = frame.iloc[places]
        total = np.array(texts(rows, "group")) == OVERALL
        cases += int((~total).sum())
        yield from _subset_groups(rows[~total])
        if total.any():
            yield from _subset_overall(rows[~total], rows[total])
    yield Cases(cases)


def _subset_groups(rows: pd.DataFrame) -> Iterator[Item]:
    given = pd.DataFrame({"group": texts(rows, "group"), "in_care": figures(rows, "in_care")})
    given["users"] = figures(rows, "users")
    found = add_subset_representation(given, reference=texts(rows, "reference_group")[0])
    same = ("uptake", "disproportionality_metric", "relative_rate_index", "ratio_vs_rest")
    columns = {name: name for name in same} | {"p_value": "fisher_p", "mid_p_value": "hypergeom_midp"}
    yield from pairs_of(found, rows, columns)
    limits = {"lower_ci": "ratio_vs_rest_katz_lower", "upper_ci": "ratio_vs_rest_katz_upper"}
    limits |= {f"relative_rate_index_{side}_ci": f"rri_katz_{side}" for side in ("lower", "upper")}
    some = (given["users"] > 0).to_numpy() & (given["users"].sum() > given["users"]).to_numpy()
    reference = (given["group"] == texts(rows, "reference_group")[0]).to_numpy()
    for ours, theirs in limits.items():
        defined = some & ~reference & some[reference] if "index" in ours else some
        yield Figures(ours, figures(found, ours)[defined], figures(rows, theirs)[defined])
        yield Excluded(int((~defined).sum()), "Katz limits of the reference group, or at no events, are undefined")
    metric = figures(found, "disproportionality_metric")
    with np.errstate(divide="ignore", invalid="ignore"):
        index = metric / metric[reference]
    yield Figures("disparity_index", index, figures(rows, "disparity_index"))
    users, everyone = given["users"].to_numpy(), given["in_care"].to_numpy()
    yield Figures("share_users", users / users.sum(), figures(rows, "share_users"))
    yield Figures("share_care", everyone / everyone.sum(), figures(rows, "share_care"))
    pearson = [
        pairs.pearson((x, users.sum() - x), (n, everyone.sum() - n))[1] for x, n in zip(users, everyone, strict=True)
    ]
    yield Figures("Pearson's p", np.array(pearson), figures(rows, "pearson_p_nocc"))


def _subset_overall(rows: pd.DataFrame, total: pd.DataFrame) -> Iterator[Item]:
    given = pd.DataFrame({"users": figures(rows, "users"), "in_care": figures(rows, "in_care")})
    chi2, exact = overall_uptake(given, exact=False), overall_uptake(given, exact=True)
    expected = figures(total, "disproportionality_metric")
    yield Figures("overall chi-squared", np.array([chi2.chi_squared]), expected)
    yield Figures("overall p", np.array([chi2.p_value]), figures(total, "pearson_p_nocc"))
    theirs = figures(total, "fisher_p")
    if "Monte Carlo" in exact.method:
        yield Excluded(1, "too many tables to list for the exact overall test; ours is sampled")
    else:
        # R sums the same probabilities over a network, ours over a list.
        yield Figures("overall exact p", np.array([exact.p_value]), theirs)
