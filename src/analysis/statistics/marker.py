"""The recent trend marker: rising, falling or no clear change over the last five points (Fingertips' rules).

The marker is cautious: with 60 events a year it flags growth of 5% a year only 3 times in 100, so
"no significant change" must never be worded "no change".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import WLS

from analysis.errors import StatisticError
from analysis.statistics.inputs import Bools, Floats, Places, normal_quantile, numbers, parts, words
from analysis.statistics.ranks import require_polarity
from analysis.statistics.series import after_last_break, breaks, centred, keys_of, series_places

POINTS = 5
# Chi-squared, one degree of freedom, at 99.8%.
CRITICAL = float(stats.chi2.isf(0.002, 1))
INCREASING, DECREASING = "Increasing", "Decreasing"
NO_CHANGE, NOT_CALCULATED = "No significant change", "Cannot be calculated"

# A slope this small beside the terms it is summed from is the rounding of a slope of exactly 0.
_NOTHING = 1e-12

Slope = Callable[[Bools], float]


@dataclass(frozen=True)
class Marker:
    """A recent trend and how it came about.

    Attributes:
        trend: "Increasing", "Decreasing", "No significant change" or "Cannot be calculated".
        reason: why, in a few words.
        chi_squared: the test statistic, against 9.5495 (99.8%); missing where it is not defined.
        slope: logit per unit of time for proportions, unit of the value per unit of time otherwise.
    """

    trend: str
    reason: str
    chi_squared: float = np.nan
    slope: float = np.nan


def cochran_armitage(count: Floats, base: Floats, score: Floats) -> tuple[float, float]:
    """Return chi-squared (one degree of freedom) and p of the Cochran-Armitage test for trend in proportions.

    chi2 = N (N sum xt - X sum nt)^2 / (X (N - X) (N sum nt^2 - (sum nt)^2)), X = sum x, N = sum n

    Args:
        count: x, events of each group.
        base: n, size of each group.
        score: t, the groups' place in time or order.

    Returns:
        The statistic and its p-value; both missing where nobody or everybody has the event.

    Reference:
        Armitage P (1955) Biometrics 11:375-386. R: prop.trend.test.

    Example:
        >>> chi2, p = cochran_armitage(np.array([9.0, 11, 9, 15, 17]), np.array([24.0, 31, 24, 30, 28]), np.arange(5.0))
        >>> round(chi2, 6), round(p, 6)
        (4.295694, 0.038209)
    """
    t, events, people = centred(score), count.sum(), base.sum()
    spread = people * np.sum(base * t**2) - np.sum(base * t) ** 2
    below = events * (people - events) * spread
    if not below > 0:
        return np.nan, np.nan
    chi2 = float(people * (people * np.sum(count * t) - events * np.sum(base * t)) ** 2 / below)
    return chi2, float(stats.chi2.sf(chi2, 1))


def proportion_marker(time: Floats, count: Floats, base: Floats) -> Marker:
    """Return the marker of a proportion over the last five of the points given, which are in order of time.

    Cochran-Armitage chi2 > 9.5495, and the slope of logit(x / n) on time, unweighted, keeps its sign
    whichever point is left out. Years that are missing between the points count: the real times are used.
    Decided here: everybody having the event in a year is refused, as Fingertips does; where a year has no
    events, half an event is added to both sides of every year, for the sign of the slope only.

    Reference:
        Fingertips, public health technical guidance: trend markers.

    Example:
        >>> count, base = np.array([3.0, 5, 8, 11, 15]), np.full(5, 30.0)
        >>> proportion_marker(np.arange(2020.0, 2025.0), count, base).trend
        'Increasing'
    """
    t, x, n = centred(time[-POINTS:]), count[-POINTS:], base[-POINTS:]
    refusal = _refusal(t, np.isfinite(x + n), "Missing values")
    if refusal:
        return Marker(NOT_CALCULATED, refusal)
    if np.any(x == n):
        return Marker(NOT_CALCULATED, "Count equals denominator in a year")
    if x.sum() == 0:
        return Marker(NOT_CALCULATED, "No events in any year")
    chi2, _ = cochran_armitage(x, n, t)
    half = 0.5 if np.any(x == 0) else 0.0
    logit = np.log((x + half) / (n - x + half))
    return _decide(chi2, lambda kept: _slope(t[kept], logit[kept], np.ones(int(kept.sum()))))


def weighted_marker(time: Floats, value: Floats, lower: Floats, upper: Floats) -> Marker:
    """Return the marker of any value with 95% limits over the last five of the points given, in order of
    time.

    Weighted least squares of value on time, standard errors (upper - lower) / (2 x 1.95996) taken as known;
    chi2 = (slope / its standard error)^2 > 9.5495, and the slope keeps its sign whichever point is left out.
    Decided here: an interval of no width, which rounding leaves, is refused, for it would weigh infinitely.

    Reference:
        Fingertips, public health technical guidance: trend markers.

    Example:
        >>> value = np.array([50.0, 53, 57, 60, 66])
        >>> weighted_marker(np.arange(2020.0, 2025.0), value, value - 3, value + 3).trend
        'Increasing'
    """
    t, y = centred(time[-POINTS:]), value[-POINTS:]
    width = upper[-POINTS:] - lower[-POINTS:]
    refusal = _refusal(t, np.isfinite(y), "Missing values")
    if not refusal and not np.isfinite(width).all():
        refusal = "Missing at least one confidence interval value"
    if not refusal and not (width > 0).all():
        refusal = "A confidence interval has no width"
    if refusal:
        return Marker(NOT_CALCULATED, refusal)
    weight = (2 * normal_quantile(0.95) / width) ** 2
    fit = WLS(y, np.column_stack([np.ones(POINTS), t]), weights=weight).fit(
        cov_type="fixed scale", cov_kwds={"scale": 1.0}
    )
    return _decide(float(fit.tvalues[1] ** 2), lambda kept: _slope(t[kept], y[kept], weight[kept]))


def trend_judgement(trend: str, *, polarity: str) -> str | None:
    """Return what a trend means under a polarity: "getting better" or "getting worse"; None if it is not
    judged.

    Example:
        >>> trend_judgement("Decreasing", polarity="lower_is_better")
        'getting better'
    """
    require_polarity(polarity)
    if trend not in (INCREASING, DECREASING) or polarity == "neutral":
        return None
    rising_is_good = polarity == "higher_is_better"
    return "getting better" if (trend == INCREASING) == rising_is_good else "getting worse"


def summarise_recent_trend(
    rows: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    time: str = "year",
    kind: Literal["proportion", "weighted"] = "proportion",
    polarity: str = "neutral",
) -> pd.DataFrame:
    """Summarise each series into its recent trend marker, from its last five points after any break.

    Args:
        rows: one point a row. For "proportion": ``numerator``, ``denominator``. For "weighted": ``value``,
            ``lower_ci``, ``upper_ci`` (95%). ``break_before`` (optional) marks rows that begin a new
            measurement.
        by: the columns that tell the series apart.
        time: the column of the time, a number; one unit is the step between points.
        kind: "proportion" (Cochran-Armitage), or "weighted" for everything else that has 95% limits.
        polarity: which direction is good; under "neutral" a trend is not judged.

    Returns:
        One row a series: the columns ``by``, ``n_points`` (used), ``trend`` ("Increasing", "Decreasing", "No
        significant change", "Cannot be calculated"), ``trend_reason``, ``trend_judgement`` ("getting better",
        "getting worse"; missing where it is not judged), ``chi_squared``, ``slope``, ``method``.

    Raises:
        StatisticError: for a numerator above its denominator, a time that is not a number, an unknown kind.

    Reference:
        Fingertips, public health technical guidance: trend markers.

    Example:
        >>> rows = pd.DataFrame({"year": range(2020, 2025), "numerator": [3, 5, 8, 11, 15], "denominator": 30})
        >>> summarise_recent_trend(rows)[["n_points", "trend", "chi_squared"]].round(2)
           n_points       trend  chi_squared
        0         5  Increasing        14.88
    """
    require_polarity(polarity)
    series, moments = series_places(rows, by=by, time=time), numbers(rows, time)
    mark, name = _mark(rows, moments, kind)
    broken = breaks(rows)
    kept = [after_last_break(places, broken) for places in series]
    markers = [_after_break(mark(now), now, places) for now, places in zip(kept, series, strict=True)]
    summary = keys_of(rows, series, by)
    return summary.assign(
        n_points=[min(POINTS, len(now)) for now in kept],
        trend=words(summary, [marker.trend for marker in markers]),
        trend_reason=words(summary, [marker.reason for marker in markers]),
        trend_judgement=words(summary, [trend_judgement(marker.trend, polarity=polarity) for marker in markers]),
        chi_squared=np.array([marker.chi_squared for marker in markers], dtype=np.float64),
        slope=np.array([marker.slope for marker in markers], dtype=np.float64),
        method=words(summary, [name if marker.trend != NOT_CALCULATED else None for marker in markers]),
    )


def _mark(rows: pd.DataFrame, moments: Floats, kind: str) -> tuple[Callable[[Places], Marker], str]:
    if kind == "proportion":
        count, base = parts(rows, "numerator", "denominator")
        return lambda at: proportion_marker(moments[at], count[at], base[at]), "Cochran-Armitage, last five"
    if kind == "weighted":
        value, lower, upper = (numbers(rows, name) for name in ("value", "lower_ci", "upper_ci"))
        return (
            lambda at: weighted_marker(moments[at], value[at], lower[at], upper[at]),
            "weighted least squares, last five",
        )
    raise StatisticError(f"Kind {kind!r} is not known: it is 'proportion' or 'weighted'.")


def _after_break(marker: Marker, used: Places, places: Places) -> Marker:
    if len(used) < POINTS <= len(places):
        return Marker(NOT_CALCULATED, "Fewer than five points since a break in the series")
    return marker


def _refusal(time: Floats, known: Bools, reason: str) -> str:
    if len(time) < POINTS:
        return "Not enough data points"
    if len(np.unique(time)) < POINTS:
        return "Duplicate years"
    return "" if known.all() else reason


def _slope(time: Floats, value: Floats, weight: Floats) -> float:
    # About the first value, so that a flat series gives exactly 0 and not the rounding of its logarithms.
    t, y = time - np.average(time, weights=weight), value - value[0]
    terms = weight * t * y
    total = float(terms.sum())
    return 0.0 if abs(total) <= _NOTHING * np.abs(terms).sum() else total / float(np.sum(weight * t**2))


def _decide(chi2: float, slope: Slope) -> Marker:
    everything = np.ones(POINTS, dtype=np.bool_)
    whole = slope(everything)
    if not chi2 > CRITICAL:
        return Marker(NO_CHANGE, "No significant trend", chi2, whole)
    for place in range(POINTS):
        kept = everything.copy()
        kept[place] = False
        if np.sign(slope(kept)) != np.sign(whole):
            return Marker(NO_CHANGE, "Outlier found", chi2, whole)
    return Marker(INCREASING if whole > 0 else DECREASING, "No outliers and significant trend", chi2, whole)
