"""Shares and rates that are printed for some rows and can be worked out for others."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from analysis.statistics.comparison import add_rate_ratio
from analysis.statistics.difference import add_difference, add_proportion_change, add_ratio_position
from analysis.statistics.inputs import Confidence, counts
from analysis.statistics.rates import add_proportion, add_rate
from analysis.statistics.rounding import (
    add_implied_denominator,
    add_implied_numerator,
    add_proportion_within_rounding,
)

Calculation = Literal["count", "proportion", "rate"]


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


def complete(
    rows: pd.DataFrame, *, calculation: Calculation, multiplier: float, confidence: float = 0.95
) -> pd.DataFrame:
    """Add value and interval as far as the numbers beside a row allow, by the way in which the indicator is calculated.

    rate: a missing denominator is what count and printed rate imply, a missing numerator what rate and population imply;
    then :func:`complete_rate`. proportion: :func:`complete_proportion`, and where only the base is known the widest interval
    that its rounding allows (:func:`rounding.add_proportion_within_rounding`). count: no interval, as all are counted.

    Args:
        rows: with ``value``, ``precision``, ``numerator`` and ``denominator``; any may be missing.
        calculation: count, proportion or rate.
        multiplier: 1, 100 or 10,000.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``value``, ``lower_ci``, ``upper_ci``, ``confidence`` and ``method``; of a count the limits are missing.

    Example:
        >>> rows = pd.DataFrame({"value": [89.0], "precision": [0], "numerator": [616.0], "denominator": [float("nan")]})
        >>> complete(rows, calculation="rate", multiplier=10_000)[["lower_ci", "upper_ci"]].round(1).values.tolist()
        [[82.1, 96.3]]
    """
    if calculation == "count":
        # A count of all is no sample: there is nothing that an interval of it would be about.
        return rows.assign(lower_ci=float("nan"), upper_ci=float("nan"), confidence=confidence, method=None)
    if calculation == "rate":
        implied = add_implied_denominator(rows, multiplier=multiplier)
        return complete_rate(_with_implied_numerator(implied, multiplier), multiplier=multiplier, confidence=confidence)
    counted = complete_proportion(rows, multiplier=multiplier, confidence=confidence)
    rounded = add_proportion_within_rounding(counted, multiplier=multiplier, confidence=confidence)
    filled = {name: counted[name].where(counted["lower_ci"].notna(), rounded[name]) for name in _OF_INTERVAL}
    return counted.assign(**filled)


def add_tested_change(rows: pd.DataFrame, *, calculation: Calculation, confidence: float = 0.95) -> pd.DataFrame:
    """Add what changed from another year, and whether chance alone could have done it, by the way of calculation.

    proportion: Newcombe's interval of the difference (:func:`difference.add_proportion_change`); rate and count: the exact
    interval of the ratio (:func:`comparison.add_rate_ratio`).

    Args:
        rows: with ``value``, ``numerator``, ``denominator`` and the same of the other year in ``other_*``.
        calculation: count, proportion or rate.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``value_difference``, ``direction``, and the columns of the test.

    Example:
        >>> rows = pd.DataFrame({"value": [62.0], "precision": [0], "numerator": [620], "denominator": [1.0], "other_value": [50.0],
        ...     "other_precision": [0], "other_numerator": [500], "other_denominator": [1.0]})
        >>> add_tested_change(rows, calculation="rate")["ratio_position"].tolist()
        ['higher']
    """
    if calculation == "proportion":
        return add_difference(add_proportion_change(rows, confidence=confidence))
    events = rows.assign(
        **{name: counts(rows, name).round() for name in ("numerator", "other_numerator")}
    )  # an implied count is not whole
    return add_ratio_position(add_difference(add_rate_ratio(events, confidence=confidence)))


_OF_INTERVAL = ("lower_ci", "upper_ci", "method")


def _with_implied_numerator(rows: pd.DataFrame, multiplier: float) -> pd.DataFrame:
    wanted = rows["numerator"].isna() & rows["denominator"].notna() & rows["value"].notna() & rows["precision"].notna()
    if not wanted.any():
        return rows
    implied = add_implied_numerator(rows[wanted], multiplier=multiplier)["numerator"]
    return rows.assign(numerator=rows["numerator"].fillna(implied))
