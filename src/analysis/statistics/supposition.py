"""What a share would mean if the number behind it were known: suppositions, always labelled as such."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.inputs import Confidence, numbers
from analysis.statistics.rates import add_proportion
from analysis.statistics.rounding import smallest_base_to_tell_apart, whole_counts


def suppose_bases(
    rows: pd.DataFrame, *, bases: Sequence[int], confidence: Confidence = 0.95, multiplier: float = 100
) -> pd.DataFrame:
    """Return each row once for each supposed base, with the interval that the share would then have.

    Args:
        rows: with ``value`` (a share, on the scale of ``multiplier``).
        bases: supposed denominators (persons, above 0).
        confidence: a fraction, such as 0.95.
        multiplier: 100 for a percentage.

    Returns:
        len(rows) * len(bases) rows with ``denominator``, ``numerator`` (which may have a fraction) and
        ``lower_ci``, ``upper_ci`` (Wilson), ``confidence``, ``method``.

    Example:
        >>> rows = pd.DataFrame({"value": [27.0]})
        >>> suppose_bases(rows, bases=[100, 800])[["denominator", "lower_ci", "upper_ci"]].round(1).values.tolist()
        [[100.0, 19.3, 36.4], [800.0, 24.0, 30.2]]
    """
    spread = pd.concat([rows.assign(denominator=float(base)) for base in bases], ignore_index=True)
    share = numbers(spread, "value") / multiplier
    counted = spread.assign(numerator=share * spread["denominator"])
    return add_proportion(counted, multiplier=multiplier, confidence=confidence, keep_value=True)


def add_base_needed(rows: pd.DataFrame, *, other: str = "benchmark_value", confidence: float = 0.95) -> pd.DataFrame:
    """Add the smallest base from which each percentage can be told from another value.

    Args:
        rows: with ``value`` and the other value (percentages).
        other: the column of the other value.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``needed`` (persons): the smallest base at which the Wilson interval of the value
        leaves the other value out; missing where a value is, or where the two are equal.

    Example:
        >>> rows = pd.DataFrame({"value": [27.0], "benchmark_value": [24.0]})
        >>> add_base_needed(rows)["needed"].tolist()
        [779.0]
    """
    pairs = zip(numbers(rows, "value"), numbers(rows, other), strict=True)
    return rows.assign(needed=[_needed(value, fixed, confidence) for value, fixed in pairs])


def suppose_total(rows: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add the number of users in each group that a percentage of a supposed total stands for.

    Args:
        rows: with ``value`` (%), ``users_total`` (the supposed total, persons) and ``other_value`` (%); where there is a
            ``numerator`` that is known, nothing is supposed of it.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``users_in_group`` (value of the total, which may have a fraction), its Wilson
        interval ``share_lower_ci``, ``share_upper_ci`` (%), and ``population_share`` (other_value as a fraction).

    Example:
        >>> rows = pd.DataFrame({"value": [50.0], "other_value": [62.0], "users_total": [72]})
        >>> suppose_total(rows)[["users_in_group", "population_share"]].values.tolist()
        [[36.0, 0.62]]
    """
    total = numbers(rows, "users_total")
    users = numbers(rows, "value") / 100 * total
    if "numerator" in rows:
        counted = numbers(rows, "numerator")
        users = np.where(np.isnan(counted), users, counted)
    shares = add_proportion(pd.DataFrame({"numerator": users, "denominator": total}), confidence=confidence)
    return rows.assign(
        users_in_group=users,
        share_lower_ci=shares["lower_ci"].to_numpy(),
        share_upper_ci=shares["upper_ci"].to_numpy(),
        population_share=numbers(rows, "other_value") / 100,
    )


def count_users(rows: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add the number of people in each group where it is counted and nothing has to be supposed.

    Args:
        rows: with ``numerator`` (people in the group), ``denominator`` (all of them) and ``other_value`` (%); any may
            be missing.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``users_in_group``, ``users_total``, ``share_lower_ci``, ``share_upper_ci`` (%; Wilson) and
        ``population_share`` (other_value as a fraction).

    Example:
        >>> rows = pd.DataFrame({"numerator": [61.0], "denominator": [639.0], "other_value": [12.5]})
        >>> count_users(rows)[["users_in_group", "users_total", "population_share"]].values.tolist()
        [[61.0, 639.0, 0.125]]
    """
    shares = add_proportion(rows[["numerator", "denominator"]], confidence=confidence)
    return rows.assign(
        users_in_group=numbers(rows, "numerator"),
        users_total=numbers(rows, "denominator"),
        share_lower_ci=shares["lower_ci"].to_numpy(),
        share_upper_ci=shares["upper_ci"].to_numpy(),
        population_share=numbers(rows, "other_value") / 100,
    )


def add_recount(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the percentage counted again from numerator and denominator, and whether it rounds to the printed
    one.

    Args:
        rows: with ``numerator``, ``denominator`` (persons), ``value`` (the printed percentage; may be
            missing) and ``precision`` (its decimals).

    Returns:
        The same rows with ``recounted`` (%), ``printed``, ``printed_precision`` and ``agrees`` (whether the
        numerator is one of the whole numbers that print as the value, rounding half up).

    Example:
        >>> rows = pd.DataFrame({"numerator": [127], "denominator": [326], "value": [40.0], "precision": [0]})
        >>> add_recount(rows)[["recounted", "agrees"]].round(2).values.tolist()
        [[38.96, False]]
    """
    top, bottom = numbers(rows, "numerator"), numbers(rows, "denominator")
    printed, decimals = numbers(rows, "value"), numbers(rows, "precision")
    agrees = [_agrees(*row) for row in zip(top, bottom, printed, decimals, strict=True)]
    return rows.assign(
        recounted=100 * top / np.where(bottom > 0, bottom, np.nan),
        printed=printed,
        printed_precision=decimals,
        agrees=agrees,
    )


def _needed(value: float, fixed: float, confidence: float) -> float:
    if math.isnan(value + fixed) or value == fixed:
        return math.nan
    return float(smallest_base_to_tell_apart(float(value), float(fixed), confidence=confidence))


def _agrees(top: float, bottom: float, printed: float, decimals: float) -> bool:
    if math.isnan(top + bottom + printed + decimals):
        return False
    return int(top) in whole_counts(float(printed), float(bottom), precision=int(decimals))
