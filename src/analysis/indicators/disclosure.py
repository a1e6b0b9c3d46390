"""Which counts may be shown: those from 1 to 5 are hidden, with everything worked out from them, and a second one where a total gives one away.

This is the rule for one table of counts. It does not look across tables of different years or cuts.
"""

from __future__ import annotations

import pandas as pd

from analysis.vocabulary import SUPPRESSED, TOTAL

SMALLEST, LARGEST = 1, 5
PRIMARY = "counts of 1 to 5 are hidden"
SECONDARY = "hidden so that a total does not give another away"
#: Status of a number that another choice changes by 1 to 5: the two together would show a small count.
ALMOST = "almost the same"
#: Groups of these keys add up to the total of the same rule and year.
_TABLE = ["rule", "year", "topic"]
_NUMBERS = ["numerator", "denominator", "value"]


def hide_small(counted: pd.DataFrame) -> pd.DataFrame:
    """Return counts with the small ones hidden.

    A count of 1 to 5 is hidden. A share is hidden where its numerator, its denominator or the difference of the two is 1 to 5. Where
    exactly one group of a topic is hidden, the smallest other group is hidden too, as the total less the others would give it away.

    Args:
        counted: rows as from ``counting.engine.count``.

    Returns:
        The same rows, in the same order, with ``status`` (reported or suppressed) and ``disclosure`` (why it is hidden, blank
        where it is not); the numbers of hidden rows are missing.

    Example:
        >>> rows = pd.DataFrame({"rule": "cla_number", "year": 2025, "topic": "Gender", "name": ["Male", "Female", "Not known"],
        ...     "numerator": float("nan"), "denominator": float("nan"), "value": [40.0, 30.0, 2.0]})
        >>> hide_small(rows)[["value", "status"]].values.tolist()
        [[40.0, 'reported'], [nan, 'suppressed'], [nan, 'suppressed']]
    """
    small = _is_small(counted["value"]) | _is_small(counted["numerator"]) | _is_small(counted["denominator"])
    small |= _is_small(counted["denominator"] - counted["numerator"])
    groups = counted[counted["topic"] != TOTAL].groupby(_TABLE, sort=False)
    second = [at for _, rows in groups for at in _second(rows, small[rows.index])]
    also = pd.Series(counted.index.isin(second), index=counted.index)
    hidden = small | also
    blank = {name: counted[name].where(~hidden) for name in _NUMBERS}
    why = pd.Series("", index=counted.index).mask(also, SECONDARY).mask(small, PRIMARY)
    return counted.assign(**blank, status=hidden.map({True: SUPPRESSED, False: "reported"}), disclosure=why)


def hide_small_choices(rows: pd.DataFrame) -> pd.DataFrame:
    """Return counts under two choices with the small ones hidden, and the second of two that differ by 1 to 5.

    Args:
        rows: as from ``counting.counted.Counted.sensitivity``: counts, and those under another choice in ``other_*``.

    Returns:
        As :func:`hide_small`, with ``other_status``: reported, suppressed, or ALMOST where the two differ by 1 to 5.

    Example:
        >>> rows = pd.DataFrame({"rule": "cla_three_placements", "year": 2025, "topic": "Total", "name": "Total", "numerator": [57.0],
        ...     "denominator": 573.0, "value": float("nan"), "other_numerator": 55.0, "other_denominator": 573.0,
        ...     "other_value": float("nan")})
        >>> hide_small_choices(rows)[["numerator", "other_numerator", "other_status"]].values.tolist()
        [[57.0, nan, 'almost the same']]
    """
    others = {f"other_{name}": name for name in _NUMBERS}
    first = hide_small(rows)
    second = hide_small(rows[[*_TABLE, "name", *others]].rename(columns=others))
    near = pd.Series(False, index=rows.index)
    for other, name in others.items():
        near |= _is_small((rows[other] - rows[name]).abs())
    # A number of which the other is hidden would give that one away only together with the difference, which is not shown.
    status = second["status"].mask(near & second["status"].eq("reported"), ALMOST)
    kept = status.eq("reported") & first["status"].eq("reported")
    blank = {other: rows[other].where(kept) for other in others}
    return first.assign(**blank, other_status=status.where(kept | status.ne("reported"), SUPPRESSED))


def _is_small(numbers: pd.Series) -> pd.Series:
    return numbers.between(SMALLEST, LARGEST)


def _second(rows: pd.DataFrame, small: pd.Series) -> list[object]:
    """The group to hide beside the only hidden one: the smallest of the others that is not nought."""
    if int(small.sum()) != 1:
        return []
    size = rows["value"].fillna(rows["denominator"])
    others = size[~small & (size > 0)]
    return [others.idxmin()] if len(others) else []
