"""The difference between two printed figures, and whether their rounding lets its direction be told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics.comparison import add_position, add_proportion_difference
from analysis.statistics.inputs import numbers, words
from analysis.statistics.rounding import rounding_bounds

#: Ends of what prints as a number are multiples of half a unit; floats miss them by less than this.
_ROUNDING_ERROR = 1e-9


def add_difference(rows: pd.DataFrame, *, other: str = "other_") -> pd.DataFrame:
    """Add how far each value lies from another one, and on which side as far as their rounding tells.

    value_difference = value - other value; value_difference_percent = 100 * value_difference / other value.
    direction = higher where the lowest number that prints as the value is not below the highest
    that prints as the other, lower the other way round, else "not told apart".

    Args:
        rows: with ``value`` and ``precision`` (decimals printed), and the same of the other with the prefix.
        other: prefix of the other figure's columns, such as "other_" or "benchmark_".

    Returns:
        The same rows with ``value_difference`` (unit of the value), ``value_difference_percent`` (missing where the other
        is 0) and ``direction`` ("higher", "lower", "the same", "not told apart"; missing where a value is).

    Raises:
        StatisticError: for a missing column or a cell that is not a number.

    Example:
        >>> rows = pd.DataFrame({"value": [89.0, 3.7], "precision": [0, 1],
        ...                      "other_value": [63.0, 4.0], "other_precision": [0, 0]})
        >>> add_difference(rows)[["value_difference", "direction"]].round(1).values.tolist()
        [[26.0, 'higher'], [-0.3, 'not told apart']]

    Neighbouring numbers are told apart: whatever prints as 0.3 is not below whatever prints as 0.2.

        >>> near = {"value": [0.3], "precision": [1], "other_value": [0.2], "other_precision": [1]}
        >>> add_difference(pd.DataFrame(near))["direction"].item()
        'higher'
    """
    value, fixed = numbers(rows, "value"), numbers(rows, f"{other}value")
    low, high = rounding_bounds(value, numbers(rows, "precision"))
    other_low, other_high = rounding_bounds(fixed, numbers(rows, f"{other}precision"))
    same = (value == fixed) & (high - low == other_high - other_low)
    names = np.select(
        [same, low >= other_high - _ROUNDING_ERROR, high <= other_low + _ROUNDING_ERROR],
        ["the same", "higher", "lower"],
        default="not told apart",
    )
    known = np.isfinite(value + fixed)
    percent = 100 * (value - fixed) / np.where(fixed == 0, np.nan, fixed)
    texts = [str(name) if there else None for name, there in zip(names, known, strict=True)]
    return rows.assign(value_difference=value - fixed, value_difference_percent=percent, direction=words(rows, texts))


def add_ratio_position(rows: pd.DataFrame) -> pd.DataFrame:
    """Add whether a ratio lies above or below 1 by more than its interval leaves to chance.

    higher where ratio_lower_ci > 1, lower where ratio_upper_ci < 1, else similar. The limits as percentages say
    how large a change could have gone unseen: 100 (limit - 1).

    Args:
        rows: with ``ratio_lower_ci`` and ``ratio_upper_ci``.

    Returns:
        The same rows with ``ratio_position`` (missing where a limit is), ``percent_lower_ci`` and
        ``percent_upper_ci`` (%).

    Example:
        >>> rows = pd.DataFrame({"ratio_lower_ci": [1.1, 0.9], "ratio_upper_ci": [1.4, 1.2]})
        >>> add_ratio_position(rows)["ratio_position"].tolist()
        ['higher', 'similar']
    """
    limits = pd.DataFrame({"lower_ci": rows["ratio_lower_ci"], "upper_ci": rows["ratio_upper_ci"]})
    positions = add_position(limits.assign(benchmark_value=1.0))["position"]
    return rows.assign(
        ratio_position=positions,
        percent_lower_ci=100 * (numbers(rows, "ratio_lower_ci") - 1),
        percent_upper_ci=100 * (numbers(rows, "ratio_upper_ci") - 1),
    )


def add_proportion_change(rows: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add the difference of two percentages from the counts behind them, and whether chance alone could give it.

    Newcombe's interval of the difference (:func:`comparison.add_proportion_difference`); higher where it lies above 0,
    lower where it lies below, else similar.

    Args:
        rows: with ``numerator``, ``denominator``, ``other_numerator``, ``other_denominator``; any may be missing.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``difference``, ``difference_lower_ci``, ``difference_upper_ci`` (percentage points),
        ``p_value``, ``confidence``, ``method`` and ``difference_position`` ("higher", "similar", "lower"; missing where a
        count is).

    Raises:
        StatisticError: for counts that are negative or above their base.

    Example:
        >>> rows = pd.DataFrame({"numerator": [145, 10], "denominator": [450, 40],
        ...                      "other_numerator": [120, 9], "other_denominator": [480, 38]})
        >>> add_proportion_change(rows)["difference_position"].tolist()
        ['higher', 'similar']
    """
    found = add_proportion_difference(rows, confidence=confidence)
    limits = pd.DataFrame({"lower_ci": found["difference_lower_ci"], "upper_ci": found["difference_upper_ci"]})
    position = add_position(limits.assign(benchmark_value=0.0))["position"]
    return found.assign(difference_position=position)
