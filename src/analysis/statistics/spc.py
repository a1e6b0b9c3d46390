"""Statistical process control: XmR limits and the rules that tell a signal from ordinary variation.

Annual figures about children have five to ten points: limits from fewer than thirteen are trial limits
and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.inputs import Floats, numbers, words
from analysis.statistics.ranks import require_polarity
from analysis.statistics.series import breaks, series_places, stretches
from analysis.statistics.spc_rules import (
    part_of_seven,
    part_of_two_in_three,
    seven_on_one_side,
    seven_point_trend,
    spread_back,
)

# 2.66 = 3 / d2, d2 = 1.128 for ranges of two, as NHS England rounds it; 3.267 bounds a moving range.
LIMIT_FACTOR, RANGE_FACTOR = 2.66, 3.267
TRIAL_BELOW = 13
COMMON = "common cause"
CAUSES = {
    "above limit": 1,
    "below limit": -1,
    "7 points rising": 1,
    "7 points falling": -1,
    "2 of 3 near upper limit": 1,
    "2 of 3 near lower limit": -1,
    "7 points above mean": 1,
    "7 points below mean": -1,
}


@dataclass(frozen=True)
class ProcessLimits:
    """The centre and natural limits of a process, in the unit of its values."""

    mean: float
    lower: float
    upper: float

    @property
    def near(self) -> tuple[float, float]:
        """The lower and upper lines at two thirds of the way to the limits."""
        third = (self.upper - self.mean) / 3
        return self.mean - 2 * third, self.mean + 2 * third


def xmr_limits(values: Floats, *, screen_outliers: bool = True) -> ProcessLimits:
    """Return mean and process limits of a series of single values (an XmR chart).

    mean -/+ 2.66 MR, MR the mean absolute difference of neighbouring points. With ``screen_outliers``,
    moving ranges of 3.267 MR or more are left out once and MR is taken again.

    Args:
        values: in order of time, none missing; at least two.
        screen_outliers: leave out outlying moving ranges, as NHSRplotthedots does by default and the NHS
            Excel tool does not.

    Reference:
        Wheeler DJ (1993) Understanding Variation. NHS England, Making data count.

    Example:
        >>> limits = xmr_limits(np.array([5.0, 6, 5, 7, 6]))
        >>> round(limits.mean, 2), round(limits.lower, 3), round(limits.upper, 3)
        (5.8, 2.475, 9.125)
    """
    if len(values) < 2:
        return ProcessLimits(float(values[0]) if len(values) else np.nan, np.nan, np.nan)
    ranges = np.abs(np.diff(values))
    if screen_outliers:
        kept = ranges[ranges < RANGE_FACTOR * ranges.mean()]
        # In a constant series every range is 0 and none is below 0: there is nothing to screen.
        ranges = kept if len(kept) else ranges
    mean, reach = float(values.mean()), LIMIT_FACTOR * float(ranges.mean())
    return ProcessLimits(mean, mean - reach, mean + reach)


def add_process_limits(
    rows: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    time: str = "year",
    polarity: str = "neutral",
    screen_outliers: bool = True,
    fix_after: int | None = None,
) -> pd.DataFrame:
    """Add the process limits of each series and what its points signal; a break starts everything anew.

    The first rule that a point meets names it: outside a limit; the last of 7 points that rise or fall
    without pause; one of 2 in 3 beyond the near lines (two thirds of the way) on one side; in a run of 7 on
    one side of the mean (a point on the mean ends it).

    Args:
        rows: one point a row, with ``value``; ``break_before`` (optional) marks where limits are computed
            anew.
        by: the columns that tell the series apart.
        time: the column of the time, a number.
        polarity: which direction of a signal is an improvement.
        screen_outliers: leave outlying moving ranges out, see :func:`xmr_limits`.
        fix_after: compute the limits from this many points and hold them (at least 12); all points by
            default.

    Returns:
        The same rows with ``process_mean``, ``lower_process_limit``, ``upper_process_limit``,
        ``lower_near_limit``, ``upper_near_limit`` (unit of the value), ``cause`` ("common cause" or the rule
        that it meets), ``signal`` ("improvement", "concern", "high", "low", missing for common cause) and
        ``limits_note`` ("trial limits" below 13 points). A point without value has none of these and is
        passed over.

    Raises:
        StatisticError: for an unknown polarity, or limits fixed after fewer than 12 points.

    Reference:
        Wheeler DJ (1993) Understanding Variation. NHS England, Making data count: XmR rules.

    Example:
        >>> rows = pd.DataFrame({"year": range(8), "value": [5.0, 6, 5, 6, 5, 6, 5, 20]})
        >>> add_process_limits(rows, polarity="lower_is_better")[["cause", "signal"]].iloc[-1].tolist()
        ['above limit', 'concern']
    """
    require_polarity(polarity)
    if fix_after is not None and fix_after < 12:
        raise StatisticError(f"Limits fixed after {fix_after} points: expected at least 12.")
    value, broken = numbers(rows, "value"), breaks(rows)
    lines, causes = np.full((len(rows), 5), np.nan), np.full(len(rows), None, dtype=object)
    notes = np.full(len(rows), None, dtype=object)
    for places in series_places(rows, by=by, time=time):
        for stretch in stretches(places, broken):
            known = stretch[np.isfinite(value[stretch])]
            limits = xmr_limits(value[known][:fix_after], screen_outliers=screen_outliers)
            lines[known] = (limits.mean, limits.lower, limits.upper, *limits.near)
            causes[known] = causes_of(value[known], limits)
            notes[known] = "trial limits" if len(value[known][:fix_after]) < TRIAL_BELOW else None
    named = dict(zip(_LINES, lines.T, strict=True))
    return rows.assign(**named).assign(
        cause=words(rows, causes),
        signal=words(rows, [_signal(cause, polarity) for cause in causes]),
        limits_note=words(rows, notes),
    )


def causes_of(values: Floats, limits: ProcessLimits) -> list[str]:
    """Return, for each value in order of time, the first rule that it meets or "common cause".

    Example:
        >>> causes_of(np.array([1.0, 9, 1]), ProcessLimits(3, 0, 6))
        ['common cause', 'above limit', 'common cause']
    """
    side = np.sign(values - limits.mean).astype(np.int64)
    low, high = limits.near
    outside = (values > limits.upper).astype(np.int64) - (values < limits.lower)
    near = ((values > high) | (values < low)) & (outside == 0)
    rules = (
        (outside, "above limit", "below limit"),
        (spread_back(seven_point_trend(values)), "7 points rising", "7 points falling"),
        (part_of_two_in_three(near, side) * side, "2 of 3 near upper limit", "2 of 3 near lower limit"),
        (part_of_seven(seven_on_one_side(side)) * side, "7 points above mean", "7 points below mean"),
    )
    found = [COMMON] * len(values)
    for signs, upper, lower in reversed(rules):
        found = [upper if sign > 0 else lower if sign < 0 else name for sign, name in zip(signs, found, strict=True)]
    return found


def assurance(limits: ProcessLimits, target: float, *, polarity: str) -> str | None:
    """Return whether a process will meet its target by itself: "consistent pass", "consistent fail",
    "inconsistent".

    A target outside the limits is always or never met; one between them is met by chance. None under
    neutral polarity, or where limits or target are missing.

    Example:
        >>> assurance(ProcessLimits(2, 1, 3), 4, polarity="higher_is_better")
        'consistent fail'
    """
    require_polarity(polarity)
    if polarity == "neutral" or np.isnan(limits.lower + limits.upper + target):
        return None
    if limits.lower <= target <= limits.upper:
        return "inconsistent"
    above = target > limits.upper
    return "consistent fail" if above == (polarity == "higher_is_better") else "consistent pass"


_LINES = (
    "process_mean",
    "lower_process_limit",
    "upper_process_limit",
    "lower_near_limit",
    "upper_near_limit",
)


def _signal(cause: str | None, polarity: str) -> str | None:
    direction = CAUSES.get(cause or "")
    if direction is None:
        return None
    if polarity == "neutral":
        return "high" if direction > 0 else "low"
    return "improvement" if (direction > 0) == (polarity == "higher_is_better") else "concern"
