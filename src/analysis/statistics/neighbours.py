"""What a group of comparable areas says together: median, mean, pooled value, and how many had data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.core.groupby import DataFrameGroupBy

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
    _refuse_doubles(held, members, key, by)
    listed = members[["group", "member"]].drop_duplicates()
    labels = [*by] or ["_all"]
    held = held if by else held.assign(_all=0)
    every = listed[["group"]].drop_duplicates().merge(held[labels].drop_duplicates(), how="cross")
    of_members = listed.merge(held, left_on="member", right_on=key).groupby(
        ["group", *labels], sort=False, dropna=False
    )
    found = every.merge(_summaries(of_members, multiplier), on=["group", *labels], how="left")
    sizes = listed.groupby("group", sort=False).size()
    found = found.assign(
        n_members=found["group"].map(sizes),
        n_with_value=found["n_with_value"].fillna(0).astype(int),
        n_pooled=found["n_pooled"].fillna(0).astype(int),
    )
    order = {
        label: place for place, label in enumerate(held[labels].drop_duplicates().itertuples(index=False, name=None))
    }
    places = [order[label] for label in found[labels].itertuples(index=False, name=None)]
    ordered = found.assign(_place=places).sort_values("_place", kind="stable", ignore_index=True)
    return ordered[["group", *by, *_COLUMNS]]


def _summaries(of_members: DataFrameGroupBy[Any, Any], multiplier: float) -> pd.DataFrame:
    value = of_members["_value"]
    table = pd.DataFrame({
        "n_with_value": value.count(), "median": value.median(), "mean": value.mean(), "lowest": value.min(),
        "highest": value.max(), "n_pooled": of_members["_both"].sum(), "_top": of_members["_pooled_numerator"].sum(),
        "_bottom": of_members["_pooled_denominator"].sum(),
    })  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = multiplier * table["_top"] / table["_bottom"]
    return table.assign(pooled_value=whole.where(table["_bottom"] > 0)).reset_index()


def _pooling(rows: pd.DataFrame) -> dict[str, Floats]:
    """Numerators and denominators of the rows that have both; 0 where one is missing."""
    nothing = np.zeros(len(rows))
    if not {"numerator", "denominator"} <= set(rows.columns):
        return {"_both": nothing, "_pooled_numerator": nothing, "_pooled_denominator": nothing}
    top, bottom = counts(rows, "numerator"), bases(rows, "denominator")
    both = np.isfinite(top) & np.isfinite(bottom)
    return {
        "_both": both.astype(np.float64),
        "_pooled_numerator": np.where(both, top, 0.0),
        "_pooled_denominator": np.where(both, bottom, 0.0),
    }


def _refuse_doubles(rows: pd.DataFrame, members: pd.DataFrame, key: str, by: Sequence[str]) -> None:
    ours = rows.loc[rows[key].isin(members["member"]), [key, *by]]
    if ours.duplicated().any():
        twice = ours.loc[ours.duplicated(), key].iloc[0]
        raise StatisticError(
            f"Member {twice!r} has more than one row for the same figure. "
            "Choose one source, or name in 'by' the column that tells the rows apart."
        )


def _require(table: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise StatisticError(f"Table {name!r} lacks {', '.join(absent)}; it has: {', '.join(table.columns)}.")
