"""Rating a figure against its target by a stated rule, reading its direction, and asking whether chance could have moved it."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.statistics.completion import add_tested_change
from analysis.statistics.difference import add_difference
from analysis.statistics.inputs import numbers, words

Rating = Literal["on target", "near target", "off target", "no target", "not rated"]
Travel = Literal["better", "worse", "higher", "lower", "the same", "not told apart"]
Chance = Literal[
    "more than chance", "within chance", "within chance, however many", "not told: base not known",
    "not tested: quarters overlap", "not tested: see the count", "no earlier figure",
]  # fmt: skip

RATINGS: tuple[str, ...] = get_args(Rating)


def add_rating(rows: pd.DataFrame) -> pd.DataFrame:
    """Add how each value stands to its target, by one rule.

    With a single target: on target where the value is at it or on its better side; near target where it is on the other
    side by no more than ``near``; off target where it is further. With a range (``target_low`` below ``target_high``): on
    target within it, both ends included; near by no more than ``near`` outside it. A neutral indicator with a single target
    is not rated, as neither side is better. Printed values are compared, as a reader compares them.

    Args:
        rows: with ``value``, ``target_low``, ``target_high``, ``near`` (all in the indicator's unit) and ``polarity``.

    Returns:
        The same rows with ``rating`` and ``target_distance``: how far the value is on the wrong side (0 where it is not).

    Raises:
        StatisticError: for a missing column or a cell that is not a number.

    Example:
        >>> rows = pd.DataFrame({"value": [83.0, 93.5, 6.6, 28.8], "target_low": [95.0, 97.0, 9.0, 40.0],
        ...     "target_high": [95.0, 97.0, 9.0, 60.0], "near": 5.0,
        ...     "polarity": ["higher_is_better"] * 2 + ["lower_is_better", "higher_is_better"]})
        >>> add_rating(rows)["rating"].tolist()
        ['off target', 'near target', 'on target', 'off target']
    """
    value, low, high = (numbers(rows, name) for name in ("value", "target_low", "target_high"))
    near = numbers(rows, "near")
    polarity = rows["polarity"].to_numpy()
    below, above = np.maximum(low - value, 0), np.maximum(value - high, 0)
    is_range = high > low
    distance = np.select(
        [is_range, polarity == "higher_is_better", polarity == "lower_is_better"], [below + above, below, above], np.nan
    )
    # 97 - 93.5 is a little more or less than 3.5 in floats: a distance at the limit is within it.
    rating = np.select([distance <= 0, distance <= near + 1e-9], ["on target", "near target"], "off target")
    rating = np.where(np.isnan(distance), "not rated", rating)
    rating = np.where(np.isfinite(low), rating, "no target")
    known = np.isfinite(value)
    return rows.assign(
        rating=words(rows, [str(text) if there else None for text, there in zip(rating, known, strict=True)]),
        target_distance=np.where(known & np.isfinite(low), distance, np.nan),
    )


def add_travel(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the direction of travel since the figure before, read through polarity.

    Args:
        rows: with ``value``, ``precision``, ``other_value``, ``other_precision`` and ``polarity``.

    Returns:
        The same rows with ``direction`` (as from :func:`difference.add_difference`), ``value_difference`` and ``travel``:
        better or worse where the indicator has a better side, else higher or lower; missing where a value is.

    Example:
        >>> rows = pd.DataFrame({"value": [6.6, 700], "precision": [1, 0], "other_value": [7.2, 710], "other_precision": [1, 0],
        ...     "polarity": ["lower_is_better", "neutral"]})
        >>> add_travel(rows)["travel"].tolist()
        ['better', 'lower']
    """
    found = add_difference(rows)
    better = {"higher_is_better": "higher", "lower_is_better": "lower"}
    texts = [
        ("better" if better[polarity] == direction else "worse")
        if polarity in better and direction in ("higher", "lower")
        else direction
        for polarity, direction in zip(found["polarity"], found["direction"], strict=True)
    ]
    return found.assign(travel=words(found, texts))


def add_chance(rows: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add whether chance alone could have moved each figure since the one before.

    A proportion is tested by Newcombe's interval of the difference, taking the two as of different children; a count by the
    interval of the ratio of two counts. Where the base is only known to be no larger than a number
    (``base_is_bound``), a change within chance for that many is within chance for fewer too; one that is not is left open.
    A rate is not tested: the count behind it is.

    Args:
        rows: with ``value``, ``other_value``, ``denominator``, ``other_denominator``, ``base_is_bound``, ``looks_back``
            and ``calculation``.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``chance`` (words) and ``difference_lower_ci``, ``difference_upper_ci`` (percentage points; of
        proportions with a known base).

    Example:
        >>> rows = pd.DataFrame({"value": [83.0, 83.0], "precision": 0, "other_value": [80.0, 60.0], "other_precision": 0,
        ...     "denominator": 700.0, "other_denominator": 710.0, "base_is_bound": True, "looks_back": False,
        ...     "calculation": "proportion"})
        >>> add_chance(rows)["chance"].tolist()
        ['within chance, however many', 'not told: base not known']
    """
    found = [_chance_of(rows.iloc[[place]], confidence) for place in range(len(rows))]
    return pd.concat(found, ignore_index=True) if found else rows.assign(chance=None)


def _chance_of(row: pd.DataFrame, confidence: float) -> pd.DataFrame:
    first = row.iloc[0]
    blank = row.assign(difference_lower_ci=np.nan, difference_upper_ci=np.nan)
    why = _why_not_tested(first)
    if why:
        return blank.assign(chance=why)
    if first["calculation"] == "count":
        events = row.assign(
            numerator=row["value"], other_numerator=row["other_value"], denominator=1.0, other_denominator=1.0
        )
        position = add_tested_change(events, calculation="count", confidence=confidence)["ratio_position"].iloc[0]
        return blank.assign(chance=_words_of(position, is_bound=False))
    tested = add_tested_change(_with_numerators(row), calculation="proportion", confidence=confidence)
    is_bound = bool(first["base_is_bound"])
    limits = blank if is_bound else tested
    return blank.assign(
        chance=_words_of(tested["difference_position"].iloc[0], is_bound=is_bound),
        difference_lower_ci=limits["difference_lower_ci"].to_numpy(),
        difference_upper_ci=limits["difference_upper_ci"].to_numpy(),
    )


def _why_not_tested(row: pd.Series) -> str:
    """Why the change of a row is not tested; blank where it is."""
    if pd.isna(row["value"]) or pd.isna(row["other_value"]):
        return "no earlier figure"
    if row["looks_back"]:
        return "not tested: quarters overlap"
    if row["calculation"] == "rate":
        return "not tested: see the count"
    has_bases = (
        row["calculation"] == "proportion" and pd.notna(row["denominator"]) and pd.notna(row["other_denominator"])
    )
    return "" if has_bases or row["calculation"] == "count" else "not told: base not known"


def _with_numerators(row: pd.DataFrame) -> pd.DataFrame:
    """The counts that the percentages stand for: those printed, else the whole numbers nearest to them."""
    counted = {
        f"{prefix}numerator": (row[f"{prefix}value"] * row[f"{prefix}denominator"] / 100).round()
        for prefix in ("", "other_")
    }
    return row.assign(**{name: row[name].fillna(made) if name in row else made for name, made in counted.items()})


def _words_of(position: object, *, is_bound: bool) -> str:
    if position == "similar":
        return "within chance, however many" if is_bound else "within chance"
    return "not told: base not known" if is_bound else "more than chance"
