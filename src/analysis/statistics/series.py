"""What every statistic over time needs: series apart from each other, in order, and never across a break.

A break is a row whose ``break_before`` is true: what stands before it was measured in another way. No figure
of this layer is computed from both sides of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.inputs import Bools, Floats, Places, group_places, numbers


def series_places(rows: pd.DataFrame, *, by: Sequence[str] = (), time: str = "year") -> list[Places]:
    """Return, for each series in order of first appearance, the places of its rows in order of time.

    Example:
        >>> rows = pd.DataFrame({"area": ["A", "B", "A"], "year": [2022, 2021, 2021]})
        >>> [places.tolist() for places in series_places(rows, by=["area"])]
        [[2, 0], [1]]
    """
    times = numbers(rows, time)
    if np.isnan(times).any():
        raise StatisticError(f"Column {time!r}: every row needs its point in time, as a number.")
    return [found[np.argsort(times[found], kind="stable")] for found in group_places(rows, by)]


def breaks(rows: pd.DataFrame) -> Bools:
    """Return whether each row begins a new way of measuring; false where nothing is said.

    Example:
        >>> breaks(pd.DataFrame({"break_before": [False, None, True]})).tolist()
        [False, False, True]
    """
    if "break_before" not in rows.columns:
        return np.zeros(len(rows), dtype=np.bool_)
    said = rows["break_before"]
    return np.array([not pd.isna(cell) and bool(cell) for cell in said], dtype=np.bool_)


def after_last_break(places: Places, broken: Bools) -> Places:
    """Return the places of a series from its last break on.

    Example:
        >>> after_last_break(np.array([2, 0, 1]), np.array([True, False, False])).tolist()
        [0, 1]
    """
    starts = np.flatnonzero(broken[places])
    return places[starts[-1] :] if len(starts) else places


def stretches(places: Places, broken: Bools) -> Iterator[Places]:
    """Yield the stretches of a series between its breaks.

    Example:
        >>> found = stretches(np.array([0, 1, 2]), np.array([False, True, False]))
        >>> [stretch.tolist() for stretch in found]
        [[0], [1, 2]]
    """
    starts = [start for start in np.flatnonzero(broken[places]) if start > 0]
    yield from np.split(places, starts)


def keys_of(rows: pd.DataFrame, series: Sequence[Places], by: Sequence[str]) -> pd.DataFrame:
    """Return one row for each series with the columns that tell it apart.

    Example:
        >>> rows = pd.DataFrame({"area": ["A", "B"], "year": [1, 1]})
        >>> keys_of(rows, series_places(rows, by=["area"]), ["area"])["area"].tolist()
        ['A', 'B']
    """
    first = [int(places[0]) for places in series]
    return rows.iloc[first][list(by)].reset_index(drop=True)


def centred(times: Floats) -> Floats:
    """Return the times about the middle of their range: raw calendar years cost six digits.

    Example:
        >>> centred(np.array([2020.0, 2021.0, 2024.0])).tolist()
        [-2.0, -1.0, 2.0]
    """
    return times - (times.min() + times.max()) / 2 if len(times) else times
