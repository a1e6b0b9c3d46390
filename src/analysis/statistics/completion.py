"""Shares and rates that are printed for some rows and can be worked out for others."""

from __future__ import annotations

import pandas as pd

from analysis.statistics.inputs import Confidence
from analysis.statistics.rates import add_proportion, add_rate


def complete_proportion(rows: pd.DataFrame, *, multiplier: float = 100, confidence: Confidence = 0.95) -> pd.DataFrame:
    """Add the proportion where a row has counts but no value, and the interval wherever there are counts.

    value = the printed one, else multiplier * numerator / denominator; the interval is Wilson's.

    Args:
        rows: with ``numerator`` and ``denominator`` (either may be missing); ``value`` where it is printed.
        multiplier: 100 for a percentage.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``value``, ``lower_ci``, ``upper_ci``, ``confidence`` and ``method``.

    Example:
        >>> rows = pd.DataFrame({"value": [6.7, None], "numerator": [None, 20], "denominator": [None, 370]})
        >>> complete_proportion(rows.astype(float))["value"].round(1).tolist()
        [6.7, 5.4]
    """
    counted = add_proportion(rows, multiplier=multiplier, confidence=confidence)
    if "value" not in rows.columns:
        return counted
    return counted.assign(value=rows["value"].fillna(counted["value"]))


def complete_rate(rows: pd.DataFrame, *, multiplier: float = 10_000, confidence: Confidence = 0.95) -> pd.DataFrame:
    """Add the rate where a row has counts but no value, and the interval wherever there are counts.

    value = the printed one, else multiplier * numerator / denominator; the interval is that of the count.

    Args:
        rows: with ``numerator`` (events), ``denominator`` (population) and ``value``; any may be missing.
        multiplier: the rate is per this many.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``value``, ``lower_ci``, ``upper_ci``, ``confidence`` and ``method``.

    Example:
        >>> rows = pd.DataFrame({"value": [89.0, None], "numerator": [616, 684], "denominator": [None, 69213]})
        >>> complete_rate(rows.astype(float))["value"].round(1).tolist()
        [89.0, 98.8]
    """
    counted = add_rate(rows, multiplier=multiplier, confidence=confidence)
    return counted.assign(value=rows["value"].fillna(counted["value"]))
