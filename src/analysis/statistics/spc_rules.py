"""The rules of an XmR chart that look at runs of points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.statistics.inputs import Floats

RUN = 7
Signs = npt.NDArray[np.int64]


def seven_on_one_side(side: Signs) -> Signs:
    """Return 1 at each point that ends seven in a row on the same side of the mean (sides -1, 0, 1).

    Example:
        >>> seven_on_one_side(np.array([1] * 8 + [-1])).tolist()
        [0, 0, 0, 0, 0, 0, 1, 1, 0]
    """
    ends = [
        int(place >= RUN - 1 and abs(int(side[place - RUN + 1 : place + 1].sum())) == RUN) for place in range(len(side))
    ]
    return np.array(ends, dtype=np.int64)


def part_of_seven(ends: Signs) -> Signs:
    """Return 1 at each point that is among the seven which a marked point ends.

    Example:
        >>> part_of_seven(np.array([0, 0, 0, 0, 0, 0, 0, 1, 0])).tolist()
        [0, 1, 1, 1, 1, 1, 1, 1, 0]
    """
    found = [int(np.any(ends[place : place + RUN] != 0)) for place in range(len(ends))]
    return np.array(found, dtype=np.int64)


def seven_point_trend(values: Floats) -> Signs:
    """Return 1 or -1 at each point that ends seven points which rise or fall without pause.

    Example:
        >>> seven_point_trend(np.array([2.0, 1, 2, 3, 4, 5, 6, 7, 3])).tolist()
        [0, 0, 0, 0, 0, 0, 0, 1, 0]
    """
    steps = np.sign(np.diff(values)) if len(values) else np.array([])
    found = np.zeros(len(values), dtype=np.int64)
    for place in range(RUN - 1, len(values)):
        total = steps[place - RUN + 1 : place].sum()
        found[place] = int(total / (RUN - 1)) if abs(total) == RUN - 1 else 0
    return found


def two_in_three(near: npt.ArrayLike, side: npt.ArrayLike) -> Signs:
    """Return 1 at each point of three in a row on one side of which at least two are near a limit.

    Example:
        >>> two_in_three([0, 0, 1, 0, 1, 0, 0], [1] * 7).tolist()
        [0, 0, 1, 1, 1, 0, 0]
    """
    close, where = np.asarray(near, dtype=np.int64), np.asarray(side, dtype=np.int64)
    found = np.zeros(len(close), dtype=np.int64)
    for start in range(len(close) - 2):
        three = slice(start, start + 3)
        if close[three].sum() >= 2 and abs(where[three].sum()) == 3:
            found[three] = 1
    return found


def part_of_two_in_three(near: npt.ArrayLike, side: npt.ArrayLike) -> Signs:
    """Return 1 at the near points alone of each such three.

    Example:
        >>> part_of_two_in_three([0, 0, 1, 0, 1, 0, 0], [1] * 7).tolist()
        [0, 0, 1, 0, 1, 0, 0]
    """
    return np.where(np.asarray(near, dtype=np.int64) != 0, two_in_three(near, side), 0)


def spread_back(ends: Signs) -> Signs:
    """Return the sign of each marked end at every point of its seven; the first run wins where two share one.

    Example:
        >>> spread_back(np.array([0, 0, 0, 0, 0, 0, 0, -1])).tolist()
        [0, -1, -1, -1, -1, -1, -1, -1]
    """
    found = np.zeros(len(ends), dtype=np.int64)
    for end in reversed(np.flatnonzero(ends)):
        found[end - RUN + 1 : end + 1] = ends[end]
    return found
