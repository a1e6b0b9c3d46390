"""What a group of comparable areas says together: median, mean, pooled value, and how many had data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.inputs import Floats, bases, counts, numbers

_COLUMNS = ["n_members", "n_with_value", "median", "mean", "lowest", "highest", "n_pooled", "pooled_value"]


def summarise_members(
    rows: pd.DataFrame,
    members: pd.DataFrame,
    *,
    key: str = "area_code",
    by: Sequence[str] = (),
    multiplier: float = 100,
) -> pd.DataFrame:
    """Summarise the values of each group's members, saying how many of them had data.

    median and mean over members with a value; pooled_value = multiplier * sum(numerator) / sum(denominator)
    over members with both. The three answer different questions: the pooled value is that of all children of
    these areas together, the mean and the median are those of a typical area.

    Args:
        rows: figures, with ``key``, ``value``, and ``numerator`` and ``denominator`` if a pooled value is
            wanted.
        members: which members each group has: columns ``group`` and ``member`` (a value of ``key``).
        key: the column of ``rows`` that names the member.
        by: the columns that tell apart what is summarised on its own, such as the period.
        multiplier: of the pooled value.

    Returns:
        One row for each group and each combination of ``by`` found in ``rows``: ``group``, the columns
        ``by``, ``n_members`` (listed), ``n_with_value``, ``median``, ``mean``, ``lowest``, ``highest`` (unit
        of the value), ``n_pooled``, ``pooled_value`` (per ``multiplier``). Without any value the summaries
        are missing.

    Raises:
        StatisticError: for a missing column, or a member that has two rows in one combination of ``by``.

    Example:
        >>> rows = pd.DataFrame({"area_code": ["A", "B", "C"], "value": [50.0, 20.0, None],
        ...                      "numerator": [5, 20, None], "denominator": [10, 100, None]})
        >>> members = pd.DataFrame({"group": ["of X"] * 3, "member": ["A", "B", "C"]})
        >>> found = summarise_members(rows, members)
        >>> found[["group", "n_members", "n_with_value", "median", "pooled_value"]].round(1)
          group  n_members  n_with_value  median  pooled_value
        0  of X          3             2    35.0          22.7
    """
    _require(members, ["group", "member"], "members")
    _require(rows, [key, "value", *by], "rows")
    held = rows.assign(_value=numbers(rows, "value"), **_pooling(rows))
    parts = list(held.groupby(list(by), sort=False, dropna=False)) if by else [((), held)]
    found = []
    for label, part in parts:
        _refuse_doubles(part, members, key)
        for group, listed in members.groupby("group", sort=False):
            names = listed["member"].drop_duplicates()
            found.append((group, *label, len(names), *_summary(part[part[key].isin(names)], multiplier)))
    return pd.DataFrame(found, columns=["group", *by, *_COLUMNS])


def _summary(part: pd.DataFrame, multiplier: float) -> tuple[float, ...]:
    value = part["_value"].dropna().to_numpy(dtype=np.float64)
    pooled = part[["_numerator", "_denominator"]].dropna()
    total = pooled["_denominator"].sum()
    whole = multiplier * pooled["_numerator"].sum() / total if total > 0 else np.nan
    if not len(value):
        return 0, np.nan, np.nan, np.nan, np.nan, len(pooled), whole
    spread = (float(np.median(value)), float(value.mean()), float(value.min()), float(value.max()))
    return len(value), *spread, len(pooled), whole


def _pooling(rows: pd.DataFrame) -> dict[str, Floats]:
    if {"numerator", "denominator"} <= set(rows.columns):
        return {"_numerator": counts(rows, "numerator"), "_denominator": bases(rows, "denominator")}
    missing = np.full(len(rows), np.nan)
    return {"_numerator": missing, "_denominator": missing}


def _refuse_doubles(part: pd.DataFrame, members: pd.DataFrame, key: str) -> None:
    ours = part.loc[part[key].isin(members["member"]), key]
    if ours.duplicated().any():
        twice = ours[ours.duplicated()].iloc[0]
        raise StatisticError(
            f"Member {twice!r} has more than one row for the same figure. "
            "Choose one source, or name in 'by' the column that tells the rows apart."
        )


def _require(table: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise StatisticError(f"Table {name!r} lacks {', '.join(absent)}; it has: {', '.join(table.columns)}.")
