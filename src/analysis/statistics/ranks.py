"""Ranks that say how uncertain they are, and quantiles by polarity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import StatisticError, did_you_mean
from analysis.statistics.inputs import Floats, confidence_level, group_places, normal_quantile, numbers

POLARITIES = ("higher_is_better", "lower_is_better", "neutral")


def add_rank(rows: pd.DataFrame, *, polarity: str, by: Sequence[str] = ()) -> pd.DataFrame:
    """Add each row's rank and the ranks that its interval leaves possible.

    Row j counts as better than row i where the interval of their difference excludes 0, at a level corrected
    for the N - 1 comparisons of each row (Bonferroni). rank_lower = 1 + number that are better, rank_upper =
    N - number that are worse: at the stated confidence the true rank of a row lies between them.
    The interval of a difference joins the two given intervals, d -/+ sqrt((v_i - l_i)^2 + (u_j - v_j)^2),
    stretched from their confidence to the corrected one.

    Args:
        rows: with ``value``, ``lower_ci``, ``upper_ci`` in one unit and their ``confidence``.
        polarity: rank 1 is the lowest value under "lower_is_better", the highest otherwise.
        by: the columns that tell apart groups that are ranked on their own.

    Returns:
        The same rows with ``rank`` (equal values share the better rank), ``rank_lower``, ``rank_upper`` and
        ``ranked`` (how many rows of the group have a value). A row without value has no rank; one without
        interval has a rank without bounds, and the others leave its place open.

    Raises:
        StatisticError: for an unknown polarity, a cell that is not a number, a confidence that cannot be
            used.

    Reference:
        Mogstad M, Romano JP, Shaikh AM, Wilhelm D (2024) Inference for ranks. Rev Econ Stud 91:476-518.
        Zou GY, Donner A (2008) Stat Med 27:1693-1702 (the interval of a difference from two intervals).

    Example:
        >>> rows = pd.DataFrame({"value": [10.0, 12, 30], "lower_ci": [7.0, 9, 26],
        ...                      "upper_ci": [13.0, 15, 34], "confidence": 0.95})
        >>> add_rank(rows, polarity="higher_is_better")[["rank", "rank_lower", "rank_upper"]]
           rank  rank_lower  rank_upper
        0   3.0         2.0         3.0
        1   2.0         2.0         3.0
        2   1.0         1.0         1.0
    """
    sign = _sign(polarity)
    value, lower, upper = (numbers(rows, column) for column in ("value", "lower_ci", "upper_ci"))
    level = _one_level(rows)
    ranks = np.full((len(rows), 4), np.nan)
    for places in group_places(rows, by):
        known = places[np.isfinite(value[places])]
        ranks[places, 3] = len(known)
        if len(known):
            ends = (sign * lower[known], sign * upper[known])
            low, high = np.minimum(*ends), np.maximum(*ends)
            ranks[known, :3] = _ranks(sign * value[known], low, high, level=level)
    names = ("rank", "rank_lower", "rank_upper", "ranked")
    return rows.assign(**{name: ranks[:, place] for place, name in enumerate(names)})


def add_quantile(rows: pd.DataFrame, *, polarity: str, quantiles: int = 4, by: Sequence[str] = ()) -> pd.DataFrame:
    """Add the quantile of each row within its group: 1 is the worst, ``quantiles`` the best.

    rank from the worst (ties share the smallest), q = floor((Q + 1) - ceil((N + 1 - rank) / (N / Q))), at
    least 1

    Args:
        rows: with ``value``.
        polarity: "higher_is_better" or "lower_is_better"; under "neutral" 1 holds the lowest values.
        quantiles: 4 for quartiles, 10 for deciles.
        by: the columns that tell apart groups that are divided on their own.

    Returns:
        The same rows with ``quantile`` (1 to ``quantiles``) and ``quantiles``; missing where the value is,
        and where the group has fewer values than quantiles.

    Raises:
        StatisticError: for an unknown polarity or fewer than two quantiles.

    Reference:
        OHID, PHEindicatormethods: phe_quantile (the rule, not the code).

    Example:
        >>> rows = pd.DataFrame({"value": [5.0, 8.0, 1.0, 3.0]})
        >>> add_quantile(rows, polarity="lower_is_better")["quantile"].tolist()
        [2.0, 1.0, 4.0, 3.0]
    """
    if quantiles < 2:
        raise StatisticError(f"Quantiles: found {quantiles}, expected a whole number of at least 2.")
    worst_first = _sign(polarity) if polarity != "neutral" else 1
    value = numbers(rows, "value")
    answer = np.full(len(rows), np.nan)
    for places in group_places(rows, by):
        known = places[np.isfinite(value[places])]
        count = len(known)
        if count >= quantiles:
            rank = pd.Series(worst_first * value[known]).rank(method="min").to_numpy(dtype=np.float64)
            steps = np.floor(quantiles + 1 - np.ceil((count + 1 - rank) / (count / quantiles)))
            answer[known] = np.maximum(1, steps)
    return rows.assign(quantile=answer, quantiles=quantiles)


def _ranks(value: Floats, lower: Floats, upper: Floats, *, level: float) -> Floats:
    # Larger is better here. better[i, j]: row j is better than row i beyond doubt.
    comparisons = max(1, len(value) - 1)
    corrected = 1 - (1 - level) / comparisons
    stretch = normal_quantile(corrected) / normal_quantile(level)
    gap = value[None, :] - value[:, None]
    reach = np.hypot((value - lower)[None, :], (upper - value)[:, None])
    better = gap - stretch * reach > 0
    rank = pd.Series(-value).rank(method="min").to_numpy(dtype=np.float64)
    bounded = np.where(np.isfinite(lower + upper), 0.0, np.nan)
    ends = (1 + better.sum(axis=1) + bounded, len(value) - better.sum(axis=0) + bounded)
    return np.column_stack([rank, *ends])


def _one_level(rows: pd.DataFrame) -> float:
    levels = {float(level) for level in numbers(rows, "confidence") if np.isfinite(level)}
    if len(levels) > 1:
        raise StatisticError(f"Column 'confidence': found {sorted(levels)}, expected one level for all rows.")
    return confidence_level(levels.pop()) if levels else 0.95


def require_polarity(polarity: str) -> str:
    """Return the polarity, or raise an error that offers the nearest one.

    Example:
        >>> require_polarity("neutral")
        'neutral'
    """
    if polarity not in POLARITIES:
        raise StatisticError(f"Polarity {polarity!r} is not known. {did_you_mean(polarity, POLARITIES)}")
    return polarity


def _sign(polarity: str) -> int:
    return -1 if require_polarity(polarity) == "lower_is_better" else 1
