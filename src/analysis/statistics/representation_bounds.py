"""What can be said of representation where only rounded shares are published."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics.inputs import Floats, bases, confidence_level, counts, numbers, words
from analysis.statistics.rates import wilson_limits
from analysis.statistics.rounding import add_implied_numerator, rounding_bounds


def add_representation_bounds(rows: pd.DataFrame, *, multiplier: float = 100) -> pd.DataFrame:
    """Add the ratio of two printed shares and the ratios that their rounding alone leaves possible.

    representation_ratio = value / other_value; bounds: lowest share / highest other, highest share / lowest
    other. They say nothing about chance: for that the number of users has to be known.

    Args:
        rows: with ``value`` and ``precision`` (the users' share as printed, and its decimals),
            ``other_value`` and ``other_precision`` (the population's).
        multiplier: 100 for percentages.

    Returns:
        The same rows with ``representation_ratio``, ``ratio_lowest``, ``ratio_highest``; a population share
        printed as 0 has no ratio and an infinite upper bound, a missing share has none of the three.

    Raises:
        StatisticError: for a negative share or a cell that is not a number.

    Example:
        >>> rows = pd.DataFrame({"value": [27], "precision": [0], "other_value": [24], "other_precision": [0]})
        >>> add_representation_bounds(rows).filter(like="ratio").round(3)
           representation_ratio  ratio_lowest  ratio_highest
        0                 1.125         1.082           1.17
    """
    share, other = counts(rows, "value"), counts(rows, "other_value")
    low, high = _bounds(rows, "value", "precision", multiplier)
    other_low, other_high = _bounds(rows, "other_value", "other_precision", multiplier)
    with np.errstate(divide="ignore", invalid="ignore"):
        return rows.assign(
            representation_ratio=np.where(other > 0, share / np.where(other > 0, other, np.nan), np.nan),
            ratio_lowest=low / other_high,
            ratio_highest=np.where(high > 0, high / other_low, 0.0) + 0 * share,
        )


def add_representation_within_rounding(
    rows: pd.DataFrame, *, multiplier: float = 100, confidence: float = 0.95
) -> pd.DataFrame:
    """Add the widest Wilson interval of the ratio that rounding allows, where the number of users is known.

    lower = Wilson's lower limit of the fewest users that print as the share / highest population share;
    upper = Wilson's upper limit of the most users / lowest population share.

    Args:
        rows: as :func:`add_representation_bounds`, and ``users_total`` (users of all groups, above 0).
        multiplier: 100 for percentages.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with the columns of :func:`add_representation_bounds` and ``lower_ci``, ``upper_ci`` (of
        the ratio), ``confidence``, ``method``; missing where no whole number of users prints as the share.

    Raises:
        StatisticError: for a total of 0 or less, a share with more decimals than its precision.

    Example:
        >>> rows = pd.DataFrame({"value": [27], "precision": [0], "other_value": [24], "other_precision": [0],
        ...                      "users_total": [107]})
        >>> add_representation_within_rounding(rows)[["lower_ci", "upper_ci"]].round(2)
           lower_ci  upper_ci
        0       0.8      1.54
    """
    level, total = confidence_level(confidence), bases(rows, "users_total")
    printed = pd.DataFrame({"value": numbers(rows, "value"), "precision": numbers(rows, "precision")})
    users = add_implied_numerator(printed.assign(denominator=total), multiplier=multiplier)
    fewest, most = users["numerator_lower"].to_numpy(), users["numerator_upper"].to_numpy()
    low, high = _bounds(rows, "other_value", "other_precision", multiplier)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = wilson_limits(fewest, total, confidence=level)[0] * multiplier / high
        upper = wilson_limits(most, total, confidence=level)[1] * multiplier / low
    known = np.isfinite(lower)
    return add_representation_bounds(rows, multiplier=multiplier).assign(
        lower_ci=lower,
        upper_ci=upper,
        confidence=level,
        method=words(rows, ["Wilson, over all that the rounding leaves" if there else None for there in known]),
    )


def _bounds(rows: pd.DataFrame, value: str, precision: str, multiplier: float) -> tuple[Floats, Floats]:
    low, high = rounding_bounds(numbers(rows, value), numbers(rows, precision))
    return np.maximum(0.0, low), np.minimum(multiplier, high)
