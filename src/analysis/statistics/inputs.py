"""What numbers a statistic may be asked of, and the one error that says which row and column broke the rule.

Every statistic of this layer reads its columns through here, so that the same wrong number
gives the same sentence everywhere. A missing number (NaN, ``None``, ``pd.NA``) is never an error:
it gives a missing answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from numbers import Number

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.errors import StatisticError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Labels = Sequence[Hashable] | pd.Index
Confidence = float | tuple[float, float]
Limits = Callable[[float], tuple[Floats, Floats]]

# OHID publishes 95% and 99.8% and refuses anything below 90%; an 80% interval drawn beside theirs misleads.
LOWEST_CONFIDENCE = 0.9
TWO_LEVELS = (0.95, 0.998)


def confidence_level(confidence: float) -> float:
    """Return one confidence level, or refuse what is not a fraction of at least 0.9 and below 1.

    Raises:
        StatisticError: for 95 (write 0.95), for anything below 0.9, for 1 and for what is not a number.

    Example:
        >>> confidence_level(0.95)
        0.95
        >>> confidence_level(95)
        Traceback (most recent call last):
        analysis.errors.StatisticError: Confidence 95 is not a fraction: write 0.95.
    """
    if isinstance(confidence, bool) or not isinstance(confidence, int | float | np.floating | np.integer):
        raise StatisticError(f"Confidence {confidence!r} is not a number: write a fraction such as 0.95.")
    if 1 < confidence < 100:
        raise StatisticError(f"Confidence {confidence:g} is not a fraction: write {confidence / 100:g}.")
    if not LOWEST_CONFIDENCE <= confidence < 1:
        raise StatisticError(
            f"Confidence {confidence:g} cannot be used: "
            f"it is a fraction of at least {LOWEST_CONFIDENCE} and below 1, such as 0.95 or 0.998."
        )
    return float(confidence)


def confidence_levels(confidence: Confidence) -> tuple[float, ...]:
    """Return the level, or the two levels (0.95, 0.998), that were asked for.

    Raises:
        StatisticError: for a level that is not allowed, and for any pair but (0.95, 0.998).

    Example:
        >>> confidence_levels((0.95, 0.998))
        (0.95, 0.998)
    """
    if not isinstance(confidence, tuple | list):
        return (confidence_level(confidence),)
    levels = tuple(confidence_level(level) for level in confidence)
    if len(levels) != 1 and levels != TWO_LEVELS:
        raise StatisticError(f"Confidence {levels} cannot be used: two levels are possible as {TWO_LEVELS}.")
    return levels


def normal_quantile(confidence: float) -> float:
    """Return z, the standard normal deviate that leaves half of ``1 - confidence`` above it.

    Example:
        >>> round(normal_quantile(0.95), 6)
        1.959964
    """
    return float(stats.norm.isf((1 - confidence) / 2))


def refuse(values: Floats, bad: Bools, *, column: str, expected: str, labels: Labels) -> None:
    """Raise the one error of this layer where ``bad`` is true anywhere, naming the first such row.

    Raises:
        StatisticError: naming row, column, what was found and what was expected.
    """
    if not bad.any():
        return
    first = int(np.argmax(bad))
    # Listed only now: a list of a million labels costs more than all the arithmetic. Iterating also gives
    # Python's own numbers, which print as such.
    label = next(iter(labels[first : first + 1]))
    others = int(bad.sum()) - 1
    more = f" The same is wrong in {others} more row{'s' if others > 1 else ''}." if others else ""
    raise StatisticError(
        f"Row {label!r}, column {column!r}: found {values[first]:.15g}, expected {expected}. "
        f"Correct the figure, or leave it empty if it is not known.{more}"
    )


def numbers(rows: pd.DataFrame, column: str) -> Floats:
    """Return one column as floats, missing as NaN.

    Raises:
        StatisticError: if the column is absent, or a cell holds text or an infinite number.

    Example:
        >>> numbers(pd.DataFrame({"numerator": [3, None]}), "numerator")
        array([ 3., nan])
    """
    if column not in rows.columns:
        present = ", ".join(map(str, rows.columns)) or "none"
        raise StatisticError(f"Column {column!r} is needed. The table has: {present}.")
    cells = rows[column]
    if not pd.api.types.is_numeric_dtype(cells):
        _refuse_text(cells)
    values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
    refuse(values, np.isinf(values), column=column, expected="a finite number", labels=rows.index)
    return values


def _refuse_text(cells: pd.Series) -> None:
    # "12" is refused like "c": a figure still in text has not been through the door that parses it.
    for label, cell in cells.items():
        if not pd.isna(cell) and not isinstance(cell, Number):
            raise StatisticError(
                f"Row {label!r}, column {str(cells.name)!r}: found {cell!r}, expected a number. "
                "Read published symbols into the status column and leave the figure empty."
            )


def counts(rows: pd.DataFrame, column: str, *, whole: bool = False) -> Floats:
    """Return a column of counts, each 0 or more and, where ``whole``, without a fraction.

    Raises:
        StatisticError: for a negative count, or a fraction where a whole number is needed.

    Example:
        >>> counts(pd.DataFrame({"users": [4, 0]}), "users", whole=True)
        array([4., 0.])
    """
    values = numbers(rows, column)
    labels = rows.index
    refuse(values, values < 0, column=column, expected="a count of 0 or more", labels=labels)
    if whole:
        fractional = np.isfinite(values) & (values != np.floor(values))
        refuse(values, fractional, column=column, expected="a whole number", labels=labels)
    return values


def bases(rows: pd.DataFrame, column: str, *, whole: bool = False) -> Floats:
    """Return a column of denominators, each above 0.

    Raises:
        StatisticError: for a denominator of 0 or less, or a fraction where a whole number is needed.

    Example:
        >>> bases(pd.DataFrame({"denominator": [450]}), "denominator")
        array([450.])
    """
    values = numbers(rows, column)
    refuse(values, values <= 0, column=column, expected="a number above 0", labels=rows.index)
    return counts(rows, column, whole=whole)


def parts(rows: pd.DataFrame, numerator: str, denominator: str, *, whole: bool = False) -> tuple[Floats, Floats]:
    """Return numerators and the denominators they are part of: 0 <= numerator <= denominator.

    Raises:
        StatisticError: for a negative count, a denominator of 0 or less, a numerator above its denominator.

    Example:
        >>> parts(pd.DataFrame({"numerator": [3], "denominator": [12]}), "numerator", "denominator")
        (array([3.]), array([12.]))
    """
    part = counts(rows, numerator, whole=whole)
    base = bases(rows, denominator, whole=whole)
    refuse(
        part,
        part > base,
        column=numerator,
        expected=f"at most {denominator!r}, of which it is a part",
        labels=rows.index,
    )
    return part, base


def limit_columns(confidence: Confidence, limits: Limits) -> dict[str, Floats | float]:
    """Return the columns of one or two intervals: ``lower_ci``, ``upper_ci``, ``confidence`` (and ``..._2``).

    Args:
        confidence: one level, or (0.95, 0.998).
        limits: gives lower and upper limits at a level.

    Example:
        >>> columns = limit_columns(0.95, lambda level: (np.array([1.0]), np.array([level])))
        >>> list(columns)
        ['lower_ci', 'upper_ci', 'confidence']
    """
    columns: dict[str, Floats | float] = {}
    for level, suffix in zip(confidence_levels(confidence), ("", "_2"), strict=False):
        lower, upper = limits(level)
        columns |= {f"lower_ci{suffix}": lower, f"upper_ci{suffix}": upper, f"confidence{suffix}": level}
    return columns


def words(rows: pd.DataFrame, texts: Sequence[str | None] | npt.NDArray[np.object_]) -> pd.Series:
    """Return a text column beside ``rows``, missing where the text is ``None``.

    Example:
        >>> words(pd.DataFrame(index=["a", "b"]), ["Wilson", None]).isna().tolist()
        [False, True]
    """
    return pd.Series(list(texts), index=rows.index, dtype="str")


def one_of(rows: pd.DataFrame, names: Sequence[str], place: npt.NDArray[np.intp]) -> pd.Series:
    """Return a text column that holds one of a few names in each row, missing where the place is -1.

    It says the same as :func:`words` and does not go through the rows one by one.

    Example:
        >>> rows = pd.DataFrame(index=["a", "b", "c"])
        >>> one_of(rows, ["Byar", "exact"], np.array([1, -1, 0])).fillna("").tolist()
        ['exact', '', 'Byar']
    """
    few = pd.array(list(names), dtype="str")
    return pd.Series(few.take(place, allow_fill=True), index=rows.index)


def group_places(rows: pd.DataFrame, by: Sequence[str]) -> list[Places]:
    """Return the places of the rows of each group, groups in order of first appearance.

    Example:
        >>> group_places(pd.DataFrame({"area": ["B", "A", "B"]}), ["area"])
        [array([0, 2]), array([1])]
    """
    absent = [column for column in by if column not in rows.columns]
    if absent:
        raise StatisticError(f"Columns {absent} are needed to tell the groups apart.")
    if not by:
        return [np.arange(len(rows))] if len(rows) else []
    found = rows.reset_index(drop=True).groupby(list(by), sort=False, dropna=False).indices
    return [np.asarray(places, dtype=np.intp) for places in found.values()]
