"""Verdicts that words may use: a trend that may be called rising or falling, and groups looked at together."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from analysis.statistics.inputs import confidence_level, numbers, words
from analysis.statistics.trends import summarise_trend

#: Fewer yearly points than this are not called a trend, however steep: the same number as the trend marker takes.
LEAST_POINTS = 5


def add_trend_verdict(
    rows: pd.DataFrame, *, confidence: float = 0.95, last: int | None = None, by: str = ""
) -> pd.DataFrame:
    """Add to each row what its whole series does, or the last points of it: rising, falling, or no clear change.

    The quasi-Poisson trend of the yearly counts, or the Poisson trend where they lie closer to the line than chance
    would put them (dispersion below 1): a few counts that happen to lie on a line are no proof of a trend. Rising
    where the interval of the rate of change lies above 1, falling where it lies below. Below five yearly points there
    is no verdict.

    Args:
        rows: one series in time order, with ``year`` (missing for rows that are no full year), ``numerator``
            (events), ``denominator`` (above 0; 1 where the population is taken as unchanged) and optionally
            ``break_before``.
        confidence: a fraction, such as 0.95.
        last: how many of the last yearly points are looked at; all where it is None.
        by: the column that tells series apart; one series where it is blank.

    Returns:
        The same rows with ``trend_is_part`` (whether earlier points were left out), ``trend_points`` (yearly points since the last break), ``trend_verdict`` ("rising",
        "falling", "no clear change"; missing without verdict), ``trend_base`` (unchanged where all denominators are
        the same, else counted), and in per cent a year ``yearly_change``,
        ``yearly_change_lower_ci`` and ``yearly_change_upper_ci``.

    Raises:
        StatisticError: for a negative count, or a denominator of 0 or less.

    Example:
        >>> rows = pd.DataFrame({"year": range(2017, 2023), "numerator": [620, 618, 629, 656, 684, 724], "denominator": 1})
        >>> found = add_trend_verdict(rows).iloc[0]
        >>> found["trend_verdict"], round(float(found["yearly_change"]), 1)
        ('rising', 3.3)
    """
    if by:
        parts = [
            add_trend_verdict(part, confidence=confidence, last=last)
            for _, part in rows.groupby(by, sort=False, dropna=False)
        ]
        return pd.concat(parts).loc[rows.index] if parts else rows
    yearly = rows[rows["year"].notna() & rows["numerator"].notna() & rows["denominator"].notna()]
    whole, yearly = len(yearly), yearly if last is None else yearly.tail(last)
    unchanged = bool(len(yearly)) and yearly["denominator"].nunique() == 1
    rows = rows.assign(
        trend_is_part=whole > len(yearly),
        trend_base=words(rows, ["unchanged" if unchanged else "counted"] * len(rows)),
    )
    summary = _cautious_trend(yearly, confidence_level(confidence)) if len(yearly) else None
    points = 0 if summary is None else int(summary["n_points"].iloc[0])
    if summary is None or points < LEAST_POINTS:
        blank = dict.fromkeys(("yearly_change", "yearly_change_lower_ci", "yearly_change_upper_ci"), np.nan)
        none = words(rows, [None] * len(rows))
        return rows.assign(trend_points=points, trend_verdict=none, confidence=confidence, **blank)
    ratio = summary.iloc[0]
    low, high = float(ratio["change_ratio_lower_ci"]), float(ratio["change_ratio_upper_ci"])
    verdict = "rising" if low > 1 else "falling" if high < 1 else "no clear change"
    return rows.assign(
        trend_points=points,
        trend_verdict=words(rows, [verdict] * len(rows)),
        yearly_change=100 * (float(ratio["change_ratio"]) - 1),
        yearly_change_lower_ci=100 * (low - 1),
        yearly_change_upper_ci=100 * (high - 1),
        confidence=confidence,
    )


def _cautious_trend(yearly: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """The quasi-Poisson trend, with an interval that is never narrower than the Poisson one."""
    with warnings.catch_warnings():
        # statsmodels warns of a perfect fit; here it only means that the counts lie on a line.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        found = summarise_trend(yearly, confidence=confidence)
        if not float(found["dispersion"].iloc[0]) >= 1:
            found = summarise_trend(yearly, model="poisson", confidence=confidence)
    return found


def joint_confidence(confidence: float, *, groups: int) -> float:
    """Return the confidence of each of several intervals that together hold with a given confidence (Bonferroni).

    1 - (1 - confidence) / groups

    Args:
        confidence: a fraction, such as 0.95.
        groups: how many intervals are looked at together, 1 or more.

    Reference:
        Dunn OJ (1961) Multiple comparisons among means. J Am Stat Assoc 56:52-64.

    Example:
        >>> round(joint_confidence(0.95, groups=6), 4)
        0.9917
    """
    return 1 - (1 - confidence_level(confidence)) / max(1, groups)


def add_joint_position(rows: pd.DataFrame, joint: pd.DataFrame, *, of: str = "representation_ratio") -> pd.DataFrame:
    """Add where each ratio stands against 1 when all groups are looked at together, and how many groups there are.

    Args:
        rows: with a ratio.
        joint: the same rows with ``lower_ci`` and ``upper_ci`` at the joint confidence.
        of: the column of the ratio.

    Returns:
        The same rows with ``position`` ("higher", "similar", "lower"; missing where there is no interval) and ``groups``.

    Example:
        >>> rows = pd.DataFrame({"representation_ratio": [1.8, 0.9]})
        >>> add_joint_position(rows, rows.assign(lower_ci=[1.1, 0.5], upper_ci=[2.5, 1.3]))["position"].tolist()
        ['higher', 'similar']
    """
    lower, upper = numbers(joint, "lower_ci"), numbers(joint, "upper_ci")
    names = np.where(lower > 1, "higher", np.where(upper < 1, "lower", "similar"))
    known = np.isfinite(lower + upper)
    texts = [str(name) if there else None for name, there in zip(names, known, strict=True)]
    return rows.assign(position=words(rows, texts), groups=int(rows[of].notna().sum()))
