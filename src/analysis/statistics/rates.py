"""Rates and proportions with the intervals that OHID publishes: Byar, exact Poisson, Wilson."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from analysis.statistics.inputs import (
    Confidence,
    Floats,
    bases,
    confidence_level,
    counts,
    limit_columns,
    normal_quantile,
    numbers,
    one_of,
    parts,
    refuse,
)

# Below ten events Byar's approximation strays from the exact limits; OHID changes method here.
BYAR_FROM = 10


def byar_limits(count: npt.ArrayLike, *, confidence: float) -> tuple[Floats, Floats]:
    """Return Byar's limits of a count, on the scale of the count.

    lower = O (1 - 1/(9 O) - z/(3 sqrt O))^3
    upper = (O+1) (1 - 1/(9 (O+1)) + z/(3 sqrt(O+1)))^3

    Args:
        count: events, 0 or more; a number or an array.
        confidence: a fraction, such as 0.95.

    Returns:
        Lower and upper limits (events). A lower limit that the approximation puts below 0 is missing:
        it happens only at counts of about 1, where the exact limits should be used.

    Raises:
        StatisticError: for a negative count or a confidence that cannot be used.

    Reference:
        Breslow NE, Day NE (1987) Statistical Methods in Cancer Research II, page 69.
        OHID, Technical guide: confidence intervals (2018).

    Example:
        >>> lower, upper = byar_limits(65, confidence=0.95)
        >>> round(float(lower), 3), round(float(upper), 3)
        (50.163, 82.849)
    """
    observed = _checked(count, "count")
    z = normal_quantile(confidence_level(confidence))
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = observed * (1 - 1 / (9 * observed) - z / (3 * np.sqrt(observed))) ** 3
    raised = observed + 1
    upper = raised * (1 - 1 / (9 * raised) + z / (3 * np.sqrt(raised))) ** 3
    return np.where(lower >= 0, lower, np.nan), upper


def exact_limits(count: npt.ArrayLike, *, confidence: float) -> tuple[Floats, Floats]:
    """Return the exact Poisson limits of a count, on the scale of the count.

    lower = chi2_{a/2}(2 O) / 2 (0 where O = 0), upper = chi2_{1-a/2}(2 O + 2) / 2, a = 1 - confidence

    Args:
        count: events, 0 or more; a number or an array.
        confidence: a fraction, such as 0.95.

    Returns:
        Lower and upper limits (events).

    Raises:
        StatisticError: for a negative count or a confidence that cannot be used.

    Reference:
        Garwood F (1936) Fiducial limits for the Poisson distribution. Biometrika 28:437-442.

    Example:
        >>> lower, upper = exact_limits([0, 5], confidence=0.95)
        >>> lower.round(3).tolist(), upper.round(3).tolist()
        ([0.0, 1.623], [3.689, 11.668])
    """
    observed = _checked(count, "count")
    lower, upper = confint_poisson(observed, 1, method="exact-c", alpha=1 - confidence_level(confidence))
    # statsmodels gives a missing count the lower limit 0.
    lower = np.where(np.isnan(observed), np.nan, lower)
    return np.where(observed == 0, 0.0, lower), np.asarray(upper, dtype=np.float64)


def rate_limits(count: npt.ArrayLike, *, confidence: float) -> tuple[Floats, Floats]:
    """Return the limits that OHID puts on a count: Byar's from 10 events, exact below.

    Example:
        >>> lower, upper = rate_limits([9, 10], confidence=0.95)
        >>> lower.round(4).tolist()
        [4.1154, 4.7874]
    """
    observed = _checked(count, "count")
    lower, upper = (np.array(limit) for limit in byar_limits(observed, confidence=confidence))
    few = observed < BYAR_FROM
    # Quantiles of chi-squared cost a hundred times as much as Byar's formula: only where they are needed.
    if few.any():
        lower[few], upper[few] = exact_limits(observed[few], confidence=confidence)
    return lower, upper


def wilson_limits(count: npt.ArrayLike, base: npt.ArrayLike, *, confidence: float) -> tuple[Floats, Floats]:
    """Return Wilson's score limits of a proportion, without continuity correction, as fractions.

    (2x + z^2 -/+ z sqrt(z^2 + 4 x (1 - x/n))) / (2 (n + z^2))

    Args:
        count: x, from 0 to ``base``; it may have a fraction, as a weighted count has.
        base: n, above 0.
        confidence: a fraction, such as 0.95.

    Returns:
        Lower and upper limits (fractions from 0 to 1).

    Raises:
        StatisticError: for a count or base outside these bounds, or a confidence that cannot be used.

    Reference:
        Wilson EB (1927) J Am Stat Assoc 22:209-212. Newcombe RG (1998) Stat Med 17:857-872, method 3.

    Example:
        >>> lower, upper = wilson_limits(81, 263, confidence=0.95)
        >>> round(float(lower), 4), round(float(upper), 4)
        (0.2553, 0.3662)
    """
    part, whole = checked_parts(count, base)
    alpha = 1 - confidence_level(confidence)
    lower, upper = proportion_confint(part, whole, alpha=alpha, method="wilson")
    # At no and at all events the limits are exactly 0 and 1; floating point leaves them a hair off.
    return np.where(part == 0, 0.0, lower), np.where(part == whole, 1.0, upper)


def add_rate(
    rows: pd.DataFrame,
    *,
    multiplier: float = 10_000,
    confidence: Confidence = 0.95,
    keep_value: bool = False,
) -> pd.DataFrame:
    """Add the rate and its interval to each row.

    value = multiplier * numerator / denominator; limits are those of the count (Byar's from 10 events,
    exact Poisson below), divided and multiplied in the same way.

    Args:
        rows: with ``numerator`` (events, 0 or more) and ``denominator`` (population or person-years, above
            0).
        multiplier: the rate is per this many.
        confidence: a fraction, or (0.95, 0.998) for two intervals.
        keep_value: leave the published ``value`` as it is and add only the interval.

    Returns:
        The same rows with ``value``, ``lower_ci``, ``upper_ci`` (per ``multiplier``), ``confidence``,
        ``method`` ("Byar" or "exact Poisson"; missing where a number is missing), and for a second level
        ``lower_ci_2``, ``upper_ci_2``, ``confidence_2``.

    Raises:
        StatisticError: for a negative numerator, a denominator of 0 or less, a confidence that cannot be
            used.

    Reference:
        OHID, Technical guide: confidence intervals (2018), rates.

    Example:
        >>> rows = pd.DataFrame({"numerator": [65, 5], "denominator": [100, 100]})
        >>> add_rate(rows, multiplier=100)[["value", "lower_ci", "upper_ci", "method"]].round(2)
           value  lower_ci  upper_ci         method
        0   65.0     50.16     82.85           Byar
        1    5.0      1.62     11.67  exact Poisson
    """
    count, base = counts(rows, "numerator"), bases(rows, "denominator")

    def limits(level: float) -> tuple[Floats, Floats]:
        lower, upper = rate_limits(count, confidence=level)
        return lower / base * multiplier, upper / base * multiplier

    byar = (count >= BYAR_FROM).astype(np.intp)
    return _with_interval(
        rows,
        count / base * multiplier,
        limit_columns(confidence, limits),
        method=one_of(rows, ["exact Poisson", "Byar"], np.where(np.isfinite(count / base), byar, -1)),
        keep_value=keep_value,
    )


def add_proportion(
    rows: pd.DataFrame,
    *,
    multiplier: float = 100,
    confidence: Confidence = 0.95,
    keep_value: bool = False,
) -> pd.DataFrame:
    """Add the proportion and its Wilson interval to each row.

    value = multiplier * numerator / denominator; limits as in :func:`wilson_limits`, times ``multiplier``.

    Args:
        rows: with ``numerator`` (0 or more) and the ``denominator`` (above 0) that it is a part of.
        multiplier: 100 for a percentage, 1 for a fraction.
        confidence: a fraction, or (0.95, 0.998) for two intervals.
        keep_value: leave the published ``value`` as it is and add only the interval.

    Returns:
        The same rows with ``value``, ``lower_ci``, ``upper_ci`` (on the scale of ``multiplier``),
        ``confidence``, ``method`` ("Wilson"; missing where a number is missing), and ``..._2`` for a second
        level.

    Raises:
        StatisticError: for a negative numerator, one above its denominator, a denominator of 0 or less,
            a confidence that cannot be used.

    Reference:
        OHID, Technical guide: confidence intervals (2018), proportions. Wilson EB (1927).

    Example:
        >>> rows = pd.DataFrame({"numerator": [65], "denominator": [100]})
        >>> add_proportion(rows)[["value", "lower_ci", "upper_ci", "method"]].round(2)
           value  lower_ci  upper_ci  method
        0   65.0     55.25     73.64  Wilson
    """
    count, base = parts(rows, "numerator", "denominator")

    def limits(level: float) -> tuple[Floats, Floats]:
        lower, upper = wilson_limits(count, base, confidence=level)
        return lower * multiplier, upper * multiplier

    return _with_interval(
        rows,
        count / base * multiplier,
        limit_columns(confidence, limits),
        method=one_of(rows, ["Wilson"], np.where(np.isfinite(count / base), 0, -1)),
        keep_value=keep_value,
    )


def _with_interval(
    rows: pd.DataFrame,
    value: Floats,
    interval: dict[str, Floats | float],
    *,
    method: pd.Series,
    keep_value: bool,
) -> pd.DataFrame:
    if keep_value:
        # The published figure stands, and is not refused for lacking its numerator; it has to be a number.
        numbers(rows, "value")
    else:
        rows = rows.assign(value=value)
    return rows.assign(**interval).assign(method=method)


def _checked(values: npt.ArrayLike, name: str, *, above_zero: bool = False) -> Floats:
    numbers_ = np.asarray(values, dtype=np.float64)
    flat = numbers_.ravel()
    bad = flat <= 0 if above_zero else flat < 0
    expected = "a number above 0" if above_zero else "a count of 0 or more"
    refuse(flat, bad, column=name, expected=expected, labels=range(flat.size))
    return numbers_


def checked_parts(count: npt.ArrayLike, base: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return counts and bases as arrays of one shape, or refuse what no proportion can be made of.

    Example:
        >>> checked_parts([1, 2], 4)
        (array([1., 2.]), array([4., 4.]))
    """
    part, whole = np.broadcast_arrays(_checked(count, "count"), _checked(base, "base", above_zero=True))
    labels = range(part.size)
    refuse(part.ravel(), (part > whole).ravel(), column="count", expected="at most the base", labels=labels)
    return part, whole
