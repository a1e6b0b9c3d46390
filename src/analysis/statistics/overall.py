"""One test for all groups together, to be looked at before any single group; and Holm's correction after it.

"Exact" alone does not say which outcomes count as at least as extreme as the one observed: those that are no
more probable, or those whose chi-squared is no smaller. The two can differ widely, so the ordering is named.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from scipy.special import gammaln, xlogy
from statsmodels.stats.multitest import multipletests

from analysis.errors import StatisticError
from analysis.statistics.inputs import Floats, group_places, numbers, parts, refuse

Ordering = Literal["probability", "chi-squared"]

# Below this expected count the chi-squared distribution is a poor guide.
SMALL_EXPECTED = 5
# As many outcomes as are listed one by one; beyond that they are sampled.
MOST_OUTCOMES = 2_000_000
DRAWS = 100_000
# Outcomes tied with the observed one differ from it by rounding only.
_TIE = 1e-7


@dataclass(frozen=True)
class OverallTest:
    """A test of all groups at once.

    Attributes:
        chi_squared: Pearson's statistic.
        degrees_of_freedom: of its asymptotic distribution.
        p_value: by the method named.
        smallest_expected: the smallest expected count.
        method: "chi-squared", "exact ..." or "Monte Carlo ...", with the ordering of outcomes.
    """

    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    smallest_expected: float
    method: str


def overall_fit(
    observed: npt.ArrayLike,
    shares: npt.ArrayLike,
    *,
    ordering: Ordering = "probability",
    exact: bool | None = None,
    seed: int = 20200401,
) -> OverallTest:
    """Test whether users spread over groups as a fixed profile would have it.

    chi2 = sum((observed - n share)^2 / (n share)). Exact: the multinomial probability of all outcomes that
    are no more probable than the observed one (or whose chi2 is no smaller).

    Args:
        observed: users in each group (whole numbers).
        shares: the fixed profile, fractions that sum to 1. A group without share and without users
            is left out.
        ordering: of the exact test.
        exact: True or False to choose; by default exact where an expected count is below 5. Where there are
            more than two million outcomes, 100,000 are drawn instead, and the method says so.
        seed: of those draws.

    Raises:
        StatisticError: for fractions of users, shares that do not sum to 1, lengths that differ.

    Reference:
        Read TRC, Cressie NAC (1988) Goodness-of-Fit Statistics for Discrete Multivariate Data.

    Example:
        >>> found = overall_fit([6, 2, 1, 3, 0], [0.62, 0.1, 0.08, 0.12, 0.08])
        >>> round(found.p_value, 6), found.method
        (0.359445, 'exact multinomial, by probability')
    """
    count, share = _profile(observed, shares)
    total = int(count.sum())
    expected = total * share
    chi2 = float(np.sum((count - expected) ** 2 / expected)) if total else math.nan
    found = OverallTest(chi2, len(share) - 1, math.nan, float(expected.min()), "")
    if exact is False or (exact is None and expected.min() >= SMALL_EXPECTED):
        return _with(found, float(stats.chi2.sf(chi2, len(share) - 1)), "chi-squared")
    if math.comb(total + len(share) - 1, len(share) - 1) <= MOST_OUTCOMES:
        outcomes = compositions(total, len(share))
        p = _tail(outcomes, count, share, ordering=ordering)
        return _with(found, p, f"exact multinomial, by {ordering}")
    drawn = np.random.default_rng(seed).multinomial(total, share, size=DRAWS)
    hits = _extreme(drawn, count, share, ordering=ordering).sum()
    return _with(found, (int(hits) + 1) / (DRAWS + 1), f"Monte Carlo multinomial, by {ordering}, seed {seed}")


def overall_uptake(rows: pd.DataFrame, *, exact: bool | None = None, seed: int = 20200401) -> OverallTest:
    """Test whether all groups of one set use something at the same rate; the users are among those in care.

    Pearson's chi-squared of the 2 x k table; where an expected count is below 5 the exact test of
    Freeman and Halton (all tables with the same margins that are no more probable).

    Args:
        rows: the groups of one set, with ``users`` and ``in_care`` (whole persons, each group above 0).
        exact: True or False to choose.
        seed: of the draws that replace the full list of tables where it is longer than two million.

    Raises:
        StatisticError: for users above those in care, a missing figure, fewer than two groups.

    Reference:
        Freeman GH, Halton JH (1951) Biometrika 38:141-149.

    Example:
        >>> rows = pd.DataFrame({"users": [50, 57], "in_care": [250, 200]})
        >>> found = overall_uptake(rows)
        >>> round(found.chi_squared, 4), round(found.p_value, 4), found.method
        (4.4294, 0.0353, 'chi-squared')
    """
    users, base = parts(rows, "users", "in_care", whole=True)
    labels = list(rows.index)
    refuse(users, np.isnan(users + base), column="users", expected="a figure in every group", labels=labels)
    if len(rows) < 2:
        raise StatisticError("A test of equal uptake needs at least two groups.")
    total, everyone = users.sum(), base.sum()
    expected = np.concatenate([base * total / everyone, base * (everyone - total) / everyone])
    seen = np.concatenate([users, base - users])
    if total in (0, everyone):
        return OverallTest(math.nan, len(rows) - 1, 1.0, float(expected.min()), "nobody or everybody uses it")
    chi2 = float(np.sum((seen - expected) ** 2 / expected))
    found = OverallTest(chi2, len(rows) - 1, math.nan, float(expected.min()), "")
    if exact is False or (exact is None and expected.min() >= SMALL_EXPECTED):
        return _with(found, float(stats.chi2.sf(chi2, len(rows) - 1)), "chi-squared")
    return _freeman_halton(found, users, base, seed)


def add_holm(rows: pd.DataFrame, *, p_value: str = "p_value", by: Sequence[str] = ()) -> pd.DataFrame:
    """Add p-values corrected by Holm's method for the groups looked at together.

    Sorted p(1) <= ... <= p(m): the k-th is the largest of min(1, (m - j + 1) p(j)) over j <= k.

    Args:
        rows: with p-values; a missing one is not counted.
        p_value: their column.
        by: the columns that tell apart families of groups that are looked at together.

    Returns:
        The same rows with ``p_value_holm``.

    Raises:
        StatisticError: for a p-value outside 0 to 1.

    Reference:
        Holm S (1979) A simple sequentially rejective multiple test procedure. Scand J Stat 6:65-70.

    Example:
        >>> add_holm(pd.DataFrame({"p_value": [0.01, 0.04, None]}))["p_value_holm"].tolist()
        [0.02, 0.04, nan]
    """
    found = numbers(rows, p_value)
    outside = (found < 0) | (found > 1)
    refuse(found, outside, column=p_value, expected="a probability", labels=list(rows.index))
    corrected = np.full(len(rows), np.nan)
    for places in group_places(rows, by):
        known = places[np.isfinite(found[places])]
        if len(known):
            corrected[known] = multipletests(found[known], method="holm")[1]
    return rows.assign(p_value_holm=corrected)


def compositions(total: int, groups: int) -> npt.NDArray[np.int64]:
    """Return every way to spread ``total`` users over ``groups``, one a row.

    Example:
        >>> compositions(2, 2).tolist()
        [[0, 2], [1, 1], [2, 0]]
    """
    found = np.zeros((1, 0), dtype=np.int64)
    for _ in range(groups - 1):
        left = total - found.sum(axis=1)
        repeats = np.repeat(found, left + 1, axis=0)
        added = np.concatenate([np.arange(most + 1) for most in left])
        found = np.column_stack([repeats, added])
    return np.column_stack([found, total - found.sum(axis=1)])


def _profile(observed: npt.ArrayLike, shares: npt.ArrayLike) -> tuple[Floats, Floats]:
    count, share = np.asarray(observed, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    if count.shape != share.shape or count.ndim != 1 or len(count) < 2:
        raise StatisticError("Observed and shares: expected one number for each of at least two groups.")
    if not np.isfinite(count).all() or np.any(count < 0) or np.any(count != np.floor(count)):
        raise StatisticError(f"Observed {count.tolist()}: expected whole numbers of 0 or more, none missing.")
    if not np.all(share >= 0) or abs(share.sum() - 1) > 1e-6:
        raise StatisticError(f"Shares {share.tolist()}: expected fractions of 0 or more that sum to 1.")
    if np.any((share == 0) & (count > 0)):
        raise StatisticError("Observed: users in a group that has no share of the profile.")
    held = share > 0
    return count[held], share[held] / share.sum()


def _with(test: OverallTest, p_value: float, method: str) -> OverallTest:
    return OverallTest(test.chi_squared, test.degrees_of_freedom, min(1.0, p_value), test.smallest_expected, method)


def _log_probability(outcomes: npt.NDArray[np.int64] | Floats, share: Floats) -> Floats:
    total = outcomes.sum(axis=1)
    each = xlogy(outcomes, share) - gammaln(outcomes + 1)
    return np.asarray(gammaln(total + 1) + each.sum(axis=1), dtype=np.float64)


def _extreme(
    outcomes: npt.NDArray[np.int64], count: Floats, share: Floats, *, ordering: Ordering
) -> npt.NDArray[np.bool_]:
    if ordering == "chi-squared":
        expected = count.sum() * share
        statistic = ((outcomes - expected) ** 2 / expected).sum(axis=1)
        seen = float(((count - expected) ** 2 / expected).sum())
        return np.asarray(statistic >= seen * (1 - _TIE) - 1e-12, dtype=np.bool_)
    if ordering != "probability":
        raise StatisticError(f"Ordering {ordering!r} is not known: it is 'probability' or 'chi-squared'.")
    seen = float(_log_probability(count[None, :], share)[0])
    return np.asarray(_log_probability(outcomes, share) <= seen + _TIE, dtype=np.bool_)


def _tail(outcomes: npt.NDArray[np.int64], count: Floats, share: Floats, *, ordering: Ordering) -> float:
    kept = _extreme(outcomes, count, share, ordering=ordering)
    return float(np.exp(_log_probability(outcomes[kept], share)).sum())


def _freeman_halton(found: OverallTest, users: Floats, base: Floats, seed: int) -> OverallTest:
    order = np.argsort(base)
    x, n = users[order].astype(np.int64), base[order].astype(np.int64)
    total = int(x.sum())
    if math.prod(min(int(size), total) + 1 for size in n[:-1]) <= MOST_OUTCOMES:
        tables = _tables(total, n)
        weight = _log_ways(tables, n)
        kept = weight <= _log_ways(x[None, :], n)[0] + _TIE
        scale = weight.max()
        p = float(np.exp(weight[kept] - scale).sum() / np.exp(weight - scale).sum())
        return _with(found, p, "exact Freeman-Halton, by probability")
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(n, total, size=DRAWS)
    hits = (_log_ways(drawn, n) <= _log_ways(x[None, :], n)[0] + _TIE).sum()
    return _with(found, (int(hits) + 1) / (DRAWS + 1), f"Monte Carlo Freeman-Halton, by probability, seed {seed}")


def _tables(total: int, base: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    # Users of each group, at most its size; the last group, the largest, takes what is left.
    found = np.zeros((1, 0), dtype=np.int64)
    for size in base[:-1]:
        most = np.minimum(size, total - found.sum(axis=1))
        repeats = np.repeat(found, most + 1, axis=0)
        found = np.column_stack([repeats, np.concatenate([np.arange(top + 1) for top in most])])
    left = total - found.sum(axis=1)
    return np.asarray(np.column_stack([found, left])[left <= base[-1]], dtype=np.int64)


def _log_ways(users: npt.NDArray[np.int64], base: npt.NDArray[np.int64]) -> Floats:
    ways = gammaln(base + 1) - gammaln(users + 1) - gammaln(base - users + 1)
    return np.asarray(ways.sum(axis=1), dtype=np.float64)
