"""Who is over- or under-represented among those who use something: shares and rates of groups held together.

Two designs, which are not interchangeable: users against a FIXED profile that is known from elsewhere, and
users who are themselves a SUBSET of the children counted. Test overall before looking at single groups.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import StatisticError, did_you_mean
from analysis.statistics import pairs
from analysis.statistics.inputs import Floats, confidence_level, numbers, parts, refuse, words
from analysis.statistics.rates import checked_parts, wilson_limits


def clopper_pearson_limits(count: npt.ArrayLike, base: npt.ArrayLike, *, confidence: float) -> tuple[Floats, Floats]:
    """Return the exact (Clopper-Pearson) limits of a proportion, as fractions.

    Args:
        count: x, from 0 to ``base``; it may have a fraction.
        base: n, above 0.
        confidence: a fraction, such as 0.95.

    Returns:
        Lower and upper limits (fractions from 0 to 1).

    Raises:
        StatisticError: as :func:`wilson_limits`.

    Reference:
        Clopper CJ, Pearson ES (1934) Biometrika 26:404-413.

    Example:
        >>> lower, upper = clopper_pearson_limits(np.array([0.0]), np.array([12.0]), confidence=0.95)
        >>> lower.round(4).tolist(), upper.round(4).tolist()
        ([0.0], [0.2646])
    """
    part, whole = checked_parts(count, base)
    lower, upper = proportion_confint(part, whole, alpha=1 - confidence_level(confidence), method="beta")
    missing = np.isnan(part + whole)
    at_none, at_all = np.where(part == 0, 0.0, lower), np.where(part == whole, 1.0, upper)
    return np.where(missing, np.nan, at_none), np.where(missing, np.nan, at_all)


_FIXED_LIMITS: dict[str, tuple[Callable[..., tuple[Floats, Floats]], str]] = {
    "wilson": (wilson_limits, "Wilson"),
    "exact": (clopper_pearson_limits, "exact binomial"),
}


def add_fixed_representation(
    rows: pd.DataFrame, *, confidence: float = 0.95, limits: Literal["wilson", "exact"] = "wilson"
) -> pd.DataFrame:
    """Add how a group's share of the users compares with its share of a fixed, known population.

    representation_ratio = (users_in_group / users_total) / population_share; the limits are those of the
    users' share divided by the population share, which is taken as known exactly.

    Args:
        rows: with ``users_in_group`` (a count, which may have a fraction), ``users_total`` (above 0) and
            ``population_share`` (a fraction from 0 to 1).
        confidence: a fraction, such as 0.95.
        limits: "wilson" or "exact" (Clopper-Pearson).

    Returns:
        The same rows with ``representation_ratio``, ``lower_ci``, ``upper_ci`` (1 means in proportion),
        ``p_value`` (exact binomial, two-sided by probability; missing where the counts are not whole),
        ``largest_ratio`` (1 / population_share: the most the ratio can be), ``confidence``, ``method``. A
        population share of 0 leaves all of them missing.

    Raises:
        StatisticError: for a count that is negative or above its total, a share outside 0 to 1.

    Reference:
        Hill RB (2006) Synthesis of research on disproportionality in child welfare (the disproportionality
        metric).

    Example:
        >>> rows = pd.DataFrame({"users_in_group": [6], "users_total": [12], "population_share": [0.62]})
        >>> add_fixed_representation(rows).filter(regex="ratio|_ci|p_value").round(3).T[0].tolist()
        [0.806, 0.409, 1.204, 0.39, 1.613]
    """
    if limits not in _FIXED_LIMITS:
        raise StatisticError(f"Limits {limits!r} are not known. {did_you_mean(limits, _FIXED_LIMITS)}")
    level = confidence_level(confidence)
    users, total, share = *parts(rows, "users_in_group", "users_total"), _shares(rows)
    kernel, name = _FIXED_LIMITS[limits]
    lower, upper = kernel(users, total, confidence=level)
    there = np.isfinite(users + total + share)
    tested = [_binomial_p(x, n, p) for x, n, p in zip(users, total, share, strict=True)]
    texts = [_fixed_method(name, p) if row else None for row, p in zip(there, tested, strict=True)]
    return rows.assign(
        representation_ratio=users / total / share,
        lower_ci=lower / share,
        upper_ci=upper / share,
        p_value=np.array(tested, dtype=np.float64),
        largest_ratio=1 / share,
        confidence=level,
        method=words(rows, texts),
    )


def add_subset_representation(
    rows: pd.DataFrame, *, confidence: float = 0.95, reference: Hashable | None = None, group: str = "group"
) -> pd.DataFrame:
    """Add how the uptake of each group compares with that of the rest; the users are among those in care.

    uptake = users / in_care; ratio_vs_rest = uptake / uptake of all other groups together;
    relative_rate_index = uptake / uptake of the reference group;
    disproportionality_metric = share of the users / share of those in care (at most 1 / share: not for
    comparing groups with each other).

    Args:
        rows: the groups of ONE set, each with ``in_care`` and ``users``, who are part of them (whole
            persons). The groups do not overlap and there is no row for the total.
        confidence: a fraction, such as 0.95.
        reference: which group the relative rate index is held against, as it stands in the column ``group``.
        group: the column that names the groups.

    Returns:
        The same rows with ``uptake`` (a fraction), ``disproportionality_metric``, ``ratio_vs_rest`` with Katz
        limits ``lower_ci``, ``upper_ci``, ``p_value`` (Fisher's exact) and ``mid_p_value`` (hypergeometric,
        central), ``confidence``, ``method``; with a reference also ``relative_rate_index`` and its Katz
        limits ``relative_rate_index_lower_ci``, ``relative_rate_index_upper_ci``. If one group's count is
        missing so is everything that needs the total.

    Raises:
        StatisticError: for users above those in care, fractions of persons, a reference that is not a group.

    Reference:
        Shaw TV et al. (2008) Measuring racial disparity in child welfare. Child Welfare 87(2):23-36.
        OJJDP: relative rate index. Katz D et al. (1978) Biometrics 34:469-474.

    Example:
        >>> rows = pd.DataFrame({"group": ["Black", "all others"], "in_care": [48, 402], "users": [18, 89]})
        >>> shown = ["uptake", "disproportionality_metric", "ratio_vs_rest", "p_value"]
        >>> add_subset_representation(rows)[shown].head(1).round(3)
           uptake  disproportionality_metric  ratio_vs_rest  p_value
        0   0.375                      1.577          1.694     0.03
    """
    level = confidence_level(confidence)
    users, base = _whole_set(rows)
    all_users, everyone = users.sum(), base.sum()
    tables = [((x, all_users - x), (n, everyone - n)) for x, n in zip(users, base, strict=True)]
    limits = _katz(tables, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        uptake, metric = users / base, (users / all_users) / (base / everyone)
    answer = rows.assign(
        uptake=uptake,
        disproportionality_metric=metric,
        ratio_vs_rest=[_ratio(x, n) for x, n in tables],
        lower_ci=limits[:, 0],
        upper_ci=limits[:, 1],
        p_value=[pairs.fisher_p(x, n) if _is_known(x, n) else math.nan for x, n in tables],
        mid_p_value=[_hypergeometric_mid_p(x, n) if _is_known(x, n) else math.nan for x, n in tables],
        confidence=level,
        method=words(rows, [_subset_method(x, n) for x, n in tables]),
    )
    return answer if reference is None else _against_reference(answer, users, base, reference=reference, group=group)


def _against_reference(
    rows: pd.DataFrame, users: Floats, base: Floats, *, reference: Hashable, group: str
) -> pd.DataFrame:
    if group not in rows.columns or (rows[group] == reference).sum() != 1:
        raise StatisticError(f"Reference {reference!r} has to be exactly one row of column {group!r}.")
    at = int(np.flatnonzero((rows[group] == reference).to_numpy(dtype=bool))[0])
    tables = [((x, users[at]), (n, base[at])) for x, n in zip(users, base, strict=True)]
    limits = _katz(tables, float(rows["confidence"].iloc[0]))
    limits[at] = math.nan
    return rows.assign(
        relative_rate_index=[_ratio(x, n) for x, n in tables],
        relative_rate_index_lower_ci=limits[:, 0],
        relative_rate_index_upper_ci=limits[:, 1],
    )


def _whole_set(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    # A group with nobody in care has no uptake, but it is not an error: published profiles have such rows.
    users, base = numbers(rows, "users"), numbers(rows, "in_care")
    filled = rows.assign(users=users, in_care=np.where((base == 0) & (users == 0), np.nan, base))
    parts(filled, "users", "in_care", whole=True)
    return users, base


def _katz(tables: list[tuple[pairs.Pair, pairs.Pair]], level: float) -> Floats:
    limits = [pairs.katz_limits(x, n, confidence=level) if _is_known(x, n) else pairs.UNKNOWN for x, n in tables]
    return np.array(limits, dtype=np.float64).reshape(-1, 2)


def _is_known(users: pairs.Pair, base: pairs.Pair) -> bool:
    return min(base) > 0 and not math.isnan(sum(users) + sum(base))


def _ratio(users: pairs.Pair, base: pairs.Pair) -> float:
    return pairs.ratio_of(users[0] / base[0], users[1] / base[1]) if _is_known(users, base) else math.nan


def _subset_method(users: pairs.Pair, base: pairs.Pair) -> str | None:
    if not _is_known(users, base):
        return None
    undefined = math.isnan(pairs.katz_limits(users, base, confidence=0.95)[0])
    return f"Katz log limits{' undefined at 0 events' if undefined else ''}, Fisher's exact p"


def _hypergeometric_mid_p(users: pairs.Pair, base: pairs.Pair) -> float:
    return pairs.mid_p(stats.hypergeom(int(sum(base)), int(sum(users)), int(base[0])), users[0])


def _shares(rows: pd.DataFrame) -> Floats:
    share = numbers(rows, "population_share")
    outside = (share < 0) | (share > 1)
    refuse(share, outside, column="population_share", expected="a fraction from 0 to 1", labels=list(rows.index))
    return np.where(share == 0, np.nan, share)


def _binomial_p(count: float, total: float, share: float) -> float:
    if math.isnan(count + total + share) or count != int(count) or total != int(total):
        return math.nan
    return float(stats.binomtest(int(count), int(total), share).pvalue)


def _fixed_method(name: str, p_value: float) -> str:
    return f"{name} limits over a fixed share" + ("" if math.isnan(p_value) else ", exact binomial p")
