"""Means of measured values with Student's t limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from analysis.statistics.inputs import Floats, confidence_level, numbers, refuse, words


def mean_limits(values: Floats, *, confidence: float) -> tuple[float, float]:
    """Return Student's t limits of the mean of ``values``; missing below two values.

    mean -/+ t_{1-a/2, n-1} s / sqrt(n), s with divisor n - 1

    Example:
        >>> low, high = mean_limits(np.array([33.09375, 48.38596, 64.83495]), confidence=0.95)
        >>> round(low, 3), round(high, 3)
        (9.338, 88.205)
    """
    if len(values) < 2:
        return np.nan, np.nan
    low, high = DescrStatsW(values).tconfint_mean(alpha=1 - confidence_level(confidence))
    return float(low), float(high)


def summarise_mean(
    rows: pd.DataFrame, *, by: Sequence[str] = (), value: str = "value", confidence: float = 0.95
) -> pd.DataFrame:
    """Summarise single measurements into their mean with its t interval, one row for each group.

    mean -/+ t_{1-a/2, n-1} s / sqrt(n)

    Args:
        rows: one measurement a row; missing measurements are left out and counted.
        by: the columns that tell groups apart; none makes one group of all rows.
        value: the column of measurements, in any unit.
        confidence: a fraction, such as 0.95.

    Returns:
        One row a group, in order of first appearance: the columns ``by``, ``n`` (measurements),
        ``n_missing``, ``standard_deviation`` (divisor n - 1), ``value`` (the mean), ``lower_ci``,
        ``upper_ci`` (unit of the measurements), ``confidence``, ``method`` (missing where fewer than two
        measurements leave no interval).

    Raises:
        StatisticError: for a cell that is not a number.

    Reference:
        Armitage P, Berry G, Matthews JNS (2002) Statistical Methods in Medical Research, section 4.2.

    Example:
        >>> rows = pd.DataFrame({"area": ["A", "A", "A"], "value": [2.0, 4.0, 6.0]})
        >>> summarise_mean(rows, by=["area"])[["area", "n", "value", "lower_ci", "upper_ci"]].round(2)
          area  n  value  lower_ci  upper_ci
        0    A  3    4.0     -0.97      8.97
    """
    level = confidence_level(confidence)
    held = rows.assign(_measured=numbers(rows, value))
    groups = list(held.groupby(list(by), sort=False, dropna=False)) if by else [((), held)]
    found = [_summary(group["_measured"].to_numpy(), level) for _, group in groups]
    keys = pd.DataFrame([key for key, _ in groups], columns=list(by), index=range(len(groups)))
    columns = ["n", "n_missing", "standard_deviation", "value", "lower_ci", "upper_ci"]
    summary = keys.join(pd.DataFrame(found, columns=columns, index=keys.index))
    named = ["Student's t" if np.isfinite(low) else None for low in summary["lower_ci"]]
    return summary.assign(confidence=level, method=words(summary, named))


def add_mean_limits(rows: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add the t interval to means that come with their number of measurements and standard deviation.

    value -/+ t_{1-a/2, n-1} standard_deviation / sqrt(n)

    Args:
        rows: with ``value`` (the mean), ``n`` (measurements) and ``standard_deviation`` (divisor n - 1).
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``lower_ci``, ``upper_ci`` (unit of the mean), ``confidence``, ``method``; missing
        where fewer than two measurements, or a missing number, leave no interval.

    Raises:
        StatisticError: for a negative number of measurements or standard deviation.

    Example:
        >>> rows = pd.DataFrame({"value": [4.0], "n": [3], "standard_deviation": [2.0]})
        >>> add_mean_limits(rows)[["lower_ci", "upper_ci", "method"]].round(2)
           lower_ci  upper_ci       method
        0     -0.97      8.97  Student's t
    """
    level, labels = confidence_level(confidence), list(rows.index)
    value, n, spread = (numbers(rows, name) for name in ("value", "n", "standard_deviation"))
    refuse(n, n < 0, column="n", expected="a count of 0 or more", labels=labels)
    refuse(spread, spread < 0, column="standard_deviation", expected="0 or more", labels=labels)
    enough = np.where(n >= 2, n, np.nan)
    half = stats.t.ppf(0.5 + level / 2, enough - 1) * spread / np.sqrt(enough)
    named = ["Student's t" if there else None for there in np.isfinite(value + half)]
    return rows.assign(lower_ci=value - half, upper_ci=value + half, confidence=level, method=words(rows, named))


def _summary(measured: Floats, level: float) -> tuple[float, ...]:
    known = measured[np.isfinite(measured)]
    spread = float(np.std(known, ddof=1)) if len(known) > 1 else np.nan
    mean = float(np.mean(known)) if len(known) else np.nan
    return (len(known), len(measured) - len(known), spread, mean, *mean_limits(known, confidence=level))
