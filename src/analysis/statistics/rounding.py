"""What a printed, rounded figure still leaves open: the bases and whole counts that would print the same.

DfE rounds half up: a figure printed as v in units of u stands for any number in [v - u/2, v + u/2).
Where a count is asked for, the arithmetic is exact (fractions): 115/368 is 31.25% and prints as 31.3.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.inputs import (
    Floats,
    bases,
    confidence_level,
    counts,
    normal_quantile,
    numbers,
    refuse,
    words,
)
from analysis.statistics.rates import wilson_limits

WITHIN_ROUNDING = "Wilson, over the whole numbers that fit the printed percentage"
_METHODS = {True: "Wilson", False: WITHIN_ROUNDING}

# A printed figure kept as a float is off by 1e-16 of itself; more than this share of a unit is another
# figure.
_SAME_FIGURE = Decimal("1e-6")


def rounding_bounds(value: npt.ArrayLike, precision: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the numbers that rounding half up would print as ``value``: [low, high).

    low = value - u/2, high = value + u/2, u = 10^-precision

    Args:
        value: the printed figure.
        precision: decimals printed; -1 for figures printed to the nearest 10.

    Returns:
        The lowest number, which is included, and the number that ends the interval, which is not.

    Example:
        >>> low, high = rounding_bounds(31.3, 1)
        >>> round(float(low), 9), round(float(high), 9)
        (31.25, 31.35)
    """
    printed = np.asarray(value, dtype=np.float64)
    half = 0.5 * 10.0 ** -np.asarray(precision, dtype=np.float64)
    return printed - half, printed + half


def add_implied_denominator(rows: pd.DataFrame, *, multiplier: float) -> pd.DataFrame:
    """Add the base that a count and its printed rate imply, with the interval that rounding leaves.

    denominator = multiplier * numerator / value;
    multiplier * numerator / high < base <= multiplier * numerator / low, [low, high) from the rounding.

    Args:
        rows: with ``numerator`` (a count, exact), ``value`` (the printed rate) and ``precision`` (its
            decimals).
        multiplier: the rate is per this many.

    Returns:
        The same rows with ``denominator``, ``denominator_lower``, ``denominator_upper`` (persons). A count of
        0 implies nothing: all three are missing. A rate printed as 0 has no upper bound: it is infinite.
        A denominator that the rows already hold is left as it is, and is both its bounds.

    Raises:
        StatisticError: for a negative count or rate, or a precision that is not a whole number.

    Example:
        >>> rows = pd.DataFrame({"numerator": [600], "value": [85.2], "precision": [1]})
        >>> add_implied_denominator(rows, multiplier=10_000).filter(like="denominator").round(1)
           denominator  denominator_lower  denominator_upper
        0      70422.5            70381.2            70463.9
    """
    count, printed, decimals = counts(rows, "numerator"), counts(rows, "value"), _precisions(rows)
    low, high = rounding_bounds(printed, decimals)
    implied = np.where(count > 0, count * multiplier, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.where(printed > 0, implied / printed, np.nan)
        upper = np.where(low > 0, implied / low, np.where(np.isnan(implied * low), np.nan, np.inf))
    given = bases(rows, "denominator") if "denominator" in rows.columns else np.full(len(rows), np.nan)
    known = np.isfinite(given)
    return rows.assign(
        denominator=np.where(known, given, base),
        denominator_lower=np.where(known, given, implied / high),
        denominator_upper=np.where(known, given, upper),
    )


def whole_counts(
    value: Decimal | str | float, base: Decimal | str | float, *, precision: int, multiplier: float = 100
) -> range:
    """Return every whole number x, from 0 to ``base``, for which x / base prints as ``value``.

    x with round_half_up(multiplier * x / base, precision) = value, in exact arithmetic

    Args:
        value: the printed figure, best as text or ``Decimal``.
        base: the denominator, above 0.
        precision: decimals printed.
        multiplier: 100 for a percentage.

    Returns:
        A range of whole numbers, empty where none fits: then figure, base or rounding is not what it seems.

    Raises:
        StatisticError: for a base of 0 or less, or a value that has more decimals than ``precision``.

    Example:
        >>> list(whole_counts("31.3", 368, precision=1))
        [115]
        >>> list(whole_counts("89", 45, precision=0))
        [40]
        >>> list(whole_counts("50", 3, precision=0))
        []
    """
    printed, whole = _printed(value, precision), Fraction(_decimal(base))
    if whole <= 0:
        raise StatisticError(f"Base {base}: expected a number above 0.")
    half = Fraction(10) ** -precision / 2
    scale = whole / Fraction(_decimal(multiplier))
    lowest = max(0, math.ceil((printed - half) * scale))
    highest = min(math.floor(whole), math.ceil((printed + half) * scale) - 1)
    return range(lowest, max(lowest, highest + 1))


def prints_as(number: Decimal | str | float, value: Decimal | str | float, *, precision: int) -> bool:
    """Return whether ``number``, rounded half up to ``precision`` decimals, prints as ``value``.

    value - u/2 <= number < value + u/2, u = 10^-precision, in exact arithmetic

    Args:
        number: the figure before rounding.
        value: the printed figure.
        precision: decimals printed; -1 for figures printed to the nearest 10.

    Returns:
        True where it does.

    Raises:
        StatisticError: for a value that has more decimals than ``precision``.

    Example:
        >>> prints_as(285, 290, precision=-1), prints_as(2.5, 2, precision=0)
        (True, False)
    """
    printed, exact = _printed(value, precision), Fraction(_decimal(number))
    half = Fraction(10) ** -precision / 2
    return printed - half <= exact < printed + half


def add_implied_numerator(rows: pd.DataFrame, *, multiplier: float = 100) -> pd.DataFrame:
    """Add the whole counts that a printed percentage of a known base leaves possible.

    Args:
        rows: with ``value`` (printed), ``denominator`` (above 0) and ``precision`` (decimals of the value).
        multiplier: 100 for a percentage.

    Returns:
        The same rows with ``numerator_lower`` and ``numerator_upper`` (counts; missing where none fits), and
        ``numerator`` where exactly one fits. A numerator that the rows already hold is left as it is.

    Raises:
        StatisticError: for a base of 0 or less, or a value that has more decimals than its precision.

    Example:
        >>> rows = pd.DataFrame({"value": [31.3, 50], "denominator": [368, 3], "precision": [1, 0]})
        >>> add_implied_numerator(rows)[["numerator_lower", "numerator_upper", "numerator"]]
           numerator_lower  numerator_upper  numerator
        0            115.0            115.0      115.0
        1              NaN              NaN        NaN
    """
    lowest, highest = _lowest_and_highest(rows, multiplier)
    numerator = np.where(lowest == highest, lowest, np.nan)
    given = _given_counts(rows)
    numerator = np.where(np.isnan(given), numerator, given)
    return rows.assign(numerator_lower=lowest, numerator_upper=highest, numerator=numerator)


def add_proportion_within_rounding(
    rows: pd.DataFrame, *, multiplier: float = 100, confidence: float = 0.95
) -> pd.DataFrame:
    """Add the widest Wilson interval that the whole counts behind a printed percentage allow.

    lower = Wilson's lower limit of the lowest count that fits, upper = the upper limit of the highest.
    Where the count itself is known, it is Wilson's interval of that count.

    Args:
        rows: with ``value`` (printed), ``denominator`` (above 0) and ``precision`` (decimals of the value); and
            ``numerator`` where it is known.
        multiplier: 100 for a percentage.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``lower_ci``, ``upper_ci`` (on the scale of ``multiplier``), ``confidence``,
        ``method``, and ``fits``: whether any whole count prints as this value. Where none does, limits and
        method are missing; where value or base is missing, ``fits`` is missing too.

    Raises:
        StatisticError: as :func:`add_implied_numerator`, and for a confidence that cannot be used.

    Example:
        >>> rows = pd.DataFrame({"value": [89], "denominator": [45], "precision": [0]})
        >>> add_proportion_within_rounding(rows)[["lower_ci", "upper_ci", "fits"]].round(1)
           lower_ci  upper_ci  fits
        0      76.5      95.2  True
    """
    level = confidence_level(confidence)
    base = bases(rows, "denominator")
    counted = np.isfinite(_given_counts(rows) + base)
    lowest, highest = _lowest_and_highest(rows, multiplier)
    known = pd.Series(np.isfinite(numbers(rows, "value") + base + _precisions(rows)), index=rows.index)
    there = np.isfinite(lowest)
    return rows.assign(
        lower_ci=wilson_limits(lowest, base, confidence=level)[0] * multiplier,
        upper_ci=wilson_limits(highest, base, confidence=level)[1] * multiplier,
        confidence=level,
        method=words(rows, [_METHODS[exact] if row else None for row, exact in zip(there, counted, strict=True)]),
        fits=pd.Series(there, index=rows.index, dtype="boolean").where(known),
    )


def smallest_base_to_tell_apart(
    value: float, other: float, *, multiplier: float = 100, confidence: float = 0.95
) -> int:
    """Return the smallest base at which the Wilson interval of ``value`` excludes the fixed ``other``.

    The interval leaves out p0 where n > z^2 p0 (1 - p0) / (p - p0)^2, p = value / multiplier, p0 = other /
    multiplier.

    Args:
        value: the observed figure, from 0 to ``multiplier``.
        other: the figure it is compared with, taken as known exactly.
        multiplier: 100 for percentages.
        confidence: a fraction, such as 0.95.

    Returns:
        The number of persons, at least 1.

    Raises:
        StatisticError: for equal figures, which no base tells apart, or a figure outside 0 to ``multiplier``.

    Reference:
        Wilson EB (1927): the interval is the set of p0 that the score test does not reject.

    Example:
        >>> smallest_base_to_tell_apart(89, 80)
        76
    """
    for figure in (value, other):
        if not 0 <= figure <= multiplier:
            raise StatisticError(f"Figure {figure:g}: expected a number from 0 to {multiplier:g}.")
    if value == other:
        raise StatisticError(f"No base, however large, tells {value:g} from {other:g}: the figures are equal.")
    z, share, fixed = normal_quantile(confidence_level(confidence)), value / multiplier, other / multiplier
    return max(1, math.floor((z / (share - fixed)) ** 2 * fixed * (1 - fixed)) + 1)


def _given_counts(rows: pd.DataFrame) -> Floats:
    return counts(rows, "numerator") if "numerator" in rows.columns else np.full(len(rows), np.nan)


def _lowest_and_highest(rows: pd.DataFrame, multiplier: float) -> tuple[Floats, Floats]:
    value, base, decimals = numbers(rows, "value"), bases(rows, "denominator"), _precisions(rows)
    # What is counted need not be worked back from what was printed.
    lowest = np.where(np.isfinite(base), _given_counts(rows), np.nan)
    highest = lowest.copy()
    for place in np.flatnonzero(np.isfinite(value + base + decimals) & np.isnan(lowest)):
        fitting = whole_counts(
            float(value[place]), float(base[place]), precision=int(decimals[place]), multiplier=multiplier
        )
        if fitting:
            lowest[place], highest[place] = fitting[0], fitting[-1]
    return lowest, highest


def _precisions(rows: pd.DataFrame) -> Floats:
    decimals = numbers(rows, "precision")
    fractional = np.isfinite(decimals) & (decimals != np.floor(decimals))
    refuse(
        decimals,
        fractional,
        column="precision",
        expected="a whole number of decimals",
        labels=list(rows.index),
    )
    return decimals


def _printed(value: Decimal | str | float, precision: int) -> Fraction:
    exact = _decimal(value)
    printed = exact.quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_EVEN)
    if abs(exact - printed) > _SAME_FIGURE.scaleb(-precision):
        raise StatisticError(f"Value {value} has more decimals than its precision, {precision}.")
    return Fraction(printed)


def _decimal(value: Decimal | str | float) -> Decimal:
    # A float's shortest text is what was printed: 31.3, not 31.300000000000000710...
    text = value if isinstance(value, Decimal | str) else repr(float(value))
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise StatisticError(f"Value {value!r} is not a number.") from error
