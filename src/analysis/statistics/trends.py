"""The rate of change a year, from a regression of events on time."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import xlogy
from statsmodels.discrete.discrete_model import NegativeBinomial
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.errors import StatisticError, did_you_mean
from analysis.statistics.inputs import Floats, Places, bases, confidence_level, counts, numbers, words
from analysis.statistics.series import after_last_break, breaks, centred, keys_of, series_places

# A line through two points fits whatever they are; the spread about it needs a third.
FEWEST_POINTS = 3
# Beyond this theta the negative binomial cannot be told from the Poisson, and its fit does not settle.
LARGEST_THETA = 1e7
_METHODS = {
    "poisson": "Poisson regression",
    "quasi_poisson": "quasi-Poisson regression",
    "negative_binomial": "negative binomial regression",
}


@dataclass(frozen=True)
class TrendFit:
    """A log-linear trend of events on time: log(expected) = log(base) + intercept + slope * time.

    Attributes:
        intercept: log of the rate at time 0 of the times as given.
        slope: log of the ratio of one unit of time to the one before.
        standard_error: of the slope.
        p_value: of no slope; Student's t for the quasi-Poisson, normal otherwise.
        degrees_of_freedom: of that t; infinite for the normal.
        dispersion: Pearson's chi-squared over its degrees of freedom; 1 under Poisson variation.
        deviance: of the fit.
        likelihood_ratio: chi-squared of slope against no slope.
        theta: of the negative binomial, variance = mean + mean^2 / theta; infinite for the others.
    """

    intercept: float
    slope: float
    standard_error: float
    p_value: float
    degrees_of_freedom: float
    dispersion: float
    deviance: float
    likelihood_ratio: float
    theta: float = np.inf

    def ratio_limits(self, *, confidence: float) -> tuple[float, float]:
        """Return the limits of exp(slope), the ratio of one unit of time to the one before."""
        t = stats.t.ppf(0.5 + confidence_level(confidence) / 2, self.degrees_of_freedom)
        return tuple(np.exp(self.slope + np.array([-1, 1]) * t * self.standard_error).tolist())


def poisson_trend(time: Floats, count: Floats, base: Floats, *, quasi: bool = False) -> TrendFit:
    """Return the Poisson regression of events on time with log(base) as offset.

    Args:
        time: in any unit.
        count: events.
        base: persons or person-years.
        quasi: widen the standard error by sqrt(dispersion) and test against Student's t with n - 2 degrees of
            freedom.

    Reference:
        McCullagh P, Nelder JA (1989) Generalized Linear Models, chapter 6. R: glm(family = quasipoisson).

    Example:
        >>> fit = poisson_trend(np.arange(4.0), np.array([10.0, 12, 15, 18]), np.full(4, 1000.0))
        >>> round(float(np.exp(fit.slope)), 3)
        1.22
    """
    centre = (time.min() + time.max()) / 2
    design = np.column_stack([np.ones(len(time)), centred(time)])
    model = GLM(count, design, family=Poisson(), offset=np.log(base))
    fit = model.fit(tol=1e-14, maxiter=200)
    free = len(time) - 2
    dispersion = float(fit.pearson_chi2 / free) if free else np.nan
    expected = base * count.sum() / base.sum()
    flat = 2 * float(np.sum(xlogy(count, count / expected) - (count - expected)))
    slope, error = float(fit.params[1]), float(fit.bse[1]) * (np.sqrt(dispersion) if quasi else 1.0)
    freedom = float(free) if quasi else np.inf
    return TrendFit(
        intercept=float(fit.params[0]) - slope * centre,
        slope=slope,
        standard_error=error,
        p_value=float(2 * stats.t.sf(abs(slope / error), freedom)),
        degrees_of_freedom=freedom,
        dispersion=dispersion,
        deviance=float(fit.deviance),
        likelihood_ratio=flat - float(fit.deviance),
    )


def negative_binomial_trend(time: Floats, count: Floats, base: Floats) -> TrendFit:
    """Return the negative binomial regression of events on time, variance = mean + mean^2 / theta.

    Where the counts vary no more than Poisson ones, theta runs to infinity and the fit is the Poisson one:
    then that is returned, with theta infinite.

    Reference:
        Venables WN, Ripley BD (2002) Modern Applied Statistics with S, section 7.4. R: MASS::glm.nb.

    Example:
        >>> fit = negative_binomial_trend(np.arange(4.0), np.array([10.0, 12, 15, 18]), np.full(4, 1000.0))
        >>> fit.theta
        inf
    """
    poisson = poisson_trend(time, count, base)
    expected = np.exp(poisson.intercept + poisson.slope * time) * base
    if not np.sum((count - expected) ** 2 - count) > 0:
        return poisson
    design = np.column_stack([np.ones(len(time)), centred(time)])
    model = NegativeBinomial(count, design, offset=np.log(base))
    start = np.array([poisson.intercept + poisson.slope * (time.min() + time.max()) / 2, poisson.slope, 0.1])
    with warnings.catch_warnings():
        # A fit that does not settle is recognised below, by its theta; the warning says nothing more.
        warnings.simplefilter("ignore")
        rough = model.fit(start, method="nm", maxiter=5000, disp=0, xtol=1e-10, ftol=1e-12)
        fit = model.fit(rough.params, method="newton", maxiter=200, disp=0, tol=1e-14)
    alpha = float(fit.params[2])
    if not alpha > 1 / LARGEST_THETA:
        return poisson
    # R takes theta as known for the standard error: the information of the slope alone.
    mean = np.exp(design @ fit.params[:2]) * base
    information = design.T @ (design * (mean / (1 + alpha * mean))[:, None])
    slope, error = float(fit.params[1]), float(np.sqrt(np.linalg.inv(information)[1, 1]))
    centre = (time.min() + time.max()) / 2
    return TrendFit(
        intercept=float(fit.params[0]) - slope * centre,
        slope=slope,
        standard_error=error,
        p_value=float(2 * stats.norm.sf(abs(slope / error))),
        degrees_of_freedom=np.inf,
        dispersion=poisson.dispersion,
        deviance=np.nan,
        likelihood_ratio=np.nan,
        theta=1 / alpha,
    )


def summarise_trend(
    rows: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    time: str = "year",
    model: Literal["poisson", "quasi_poisson", "negative_binomial"] = "quasi_poisson",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Summarise each series into its rate of change a year, from the points after its last break.

    log(expected events) = log(denominator) + intercept + slope * time; rate of change = exp(slope)

    Args:
        rows: one point a row, with ``numerator`` (events), ``denominator`` (above 0); ``break_before``
            (optional) marks rows that begin a new measurement. Points that lack a figure are left out and
            counted.
        by: the columns that tell the series apart.
        time: the column of the time, a number; the change is that of one unit.
        model: "poisson", "quasi_poisson" (variance in proportion to the mean) or "negative_binomial".
        confidence: a fraction, such as 0.95.

    Returns:
        One row a series: the columns ``by``, ``n_points``, ``n_missing``, ``change_ratio`` (1.05 is a rise of
        5% a unit of time), ``change_ratio_lower_ci``, ``change_ratio_upper_ci``, ``p_value``, ``dispersion``
        (Pearson's; 1 is Poisson), ``confidence``, ``method``. Below three points, or without events, all of
        these are missing.

    Raises:
        StatisticError: for a negative count, a denominator of 0 or less, a time that is not a number.

    Reference:
        McCullagh P, Nelder JA (1989) Generalized Linear Models.

    Example:
        >>> rows = pd.DataFrame({"year": range(2020, 2024), "numerator": [10, 12, 15, 18], "denominator": 1000})
        >>> summarise_trend(rows, model="poisson").filter(like="change_ratio").round(3)
           change_ratio  change_ratio_lower_ci  change_ratio_upper_ci
        0          1.22                  0.959                  1.551
    """
    if model not in _METHODS:
        raise StatisticError(f"Model {model!r} is not known. {did_you_mean(model, _METHODS)}")
    level, moments, broken = confidence_level(confidence), numbers(rows, time), breaks(rows)
    count, base = counts(rows, "numerator"), bases(rows, "denominator")
    series = series_places(rows, by=by, time=time)
    found = []
    for places in series:
        kept = after_last_break(places, broken)
        known = kept[np.isfinite(count[kept] + base[kept])]
        found.append((len(known), len(kept) - len(known), *_change(moments, count, base, known, model, level)))
    summary = keys_of(rows, series, by)
    table = pd.DataFrame(found, columns=list(_SUMMARY), index=summary.index)
    named = [_METHODS[model] if np.isfinite(ratio) else None for ratio in table["change_ratio"]]
    return summary.join(table).assign(confidence=level, method=words(summary, named))


_SUMMARY = (
    "n_points",
    "n_missing",
    "change_ratio",
    "change_ratio_lower_ci",
    "change_ratio_upper_ci",
    "p_value",
    "dispersion",
)


def _change(moments: Floats, count: Floats, base: Floats, known: Places, model: str, level: float) -> tuple[float, ...]:
    figures = moments[known], count[known], base[known]
    if len(known) < FEWEST_POINTS or not figures[1].sum() > 0 or len(np.unique(figures[0])) < FEWEST_POINTS:
        return (np.nan,) * 5
    fit = (
        negative_binomial_trend(*figures)
        if model == "negative_binomial"
        else poisson_trend(*figures, quasi=model == "quasi_poisson")
    )
    return float(np.exp(fit.slope)), *fit.ratio_limits(confidence=level), fit.p_value, fit.dispersion
