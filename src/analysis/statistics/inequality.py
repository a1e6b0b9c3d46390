"""Slope and relative index of inequality: how much a figure differs from one end of a ranking to the
other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from statsmodels.regression.linear_model import WLS

from analysis.errors import StatisticError, did_you_mean
from analysis.statistics.inputs import Floats, bases, group_places, numbers, refuse

Transform = Literal["none", "log", "logit"]
_SCALES: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    "none": (np.asarray, np.asarray),
    "log": (np.log, np.exp),
    "logit": (logit, expit),
}


def summarise_slope_index(
    rows: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    quantile: str = "quantile",
    transform: Transform = "none",
    multiplier: float = 1,
) -> pd.DataFrame:
    """Summarise the quantiles of a ranking into slope (SII) and relative (RII) index of inequality.

    Weighted least squares of the value y on x, the middle of each quantile's share of the population counted
    from the first; weights are the population shares. SII = y(1) - y(0), RII = y(1) / y(0), y taken back
    from the scale of the transform. No interval is given: the customary one rests on random draws.

    Args:
        rows: one quantile a row, with ``value`` and ``denominator`` (population, above 0).
        by: the columns that tell rankings apart.
        quantile: the column of the order, 1 first.
        transform: "log" for rates, "logit" for proportions, "none" otherwise.
        multiplier: of the SII; a negative one turns SII and RII about, for figures where high is bad.

    Returns:
        One row a ranking: the columns ``by``, ``n_quantiles``, ``slope_index`` (unit of the value times
        ``multiplier``), ``relative_index``, ``intercept`` (value at 0, unit of the value); missing where a
        value is.

    Raises:
        StatisticError: for a population of 0 or less, a value outside the transform's range.

    Reference:
        Pamuk ER (1985) Social class inequality in mortality. Population Studies 39:17-31.
        Low A, Low A (2004) Measuring the gap. J Public Health 26:388-395.

    Example:
        >>> rows = pd.DataFrame({"quantile": [1, 2], "value": [10.0, 20.0], "denominator": [100, 100]})
        >>> summarise_slope_index(rows)[["slope_index", "relative_index"]].round(2)
           slope_index  relative_index
        0         20.0             5.0
    """
    if transform not in _SCALES:
        raise StatisticError(f"Transform {transform!r} is not known. {did_you_mean(transform, _SCALES)}")
    value, population, order = numbers(rows, "value"), bases(rows, "denominator"), numbers(rows, quantile)
    _refuse_outside(rows, value, transform)
    groups = [places[np.argsort(order[places], kind="stable")] for places in group_places(rows, by)]
    found = [(len(places), *_index(value[places], population[places], transform, multiplier)) for places in groups]
    keys = rows.iloc[[int(places[0]) for places in groups]][list(by)].reset_index(drop=True)
    names = ["n_quantiles", "slope_index", "relative_index", "intercept"]
    return keys.join(pd.DataFrame(found, columns=names, index=keys.index))


def _index(value: Floats, population: Floats, transform: Transform, multiplier: float) -> tuple[float, float, float]:
    if len(value) < 2 or not np.isfinite(value + population).all():
        return np.nan, np.nan, np.nan
    there, back = _SCALES[transform]
    share = population / population.sum()
    middle = np.cumsum(share) - share / 2
    fit = WLS(there(value), np.column_stack([np.ones(len(value)), middle]), weights=share).fit()
    first, last = back(np.array([fit.params[0], fit.params.sum()]))
    ratio = last / first if multiplier > 0 else first / last
    return float((last - first) * multiplier), float(ratio), float(first)


def _refuse_outside(rows: pd.DataFrame, value: Floats, transform: str) -> None:
    labels = list(rows.index)
    if transform == "log":
        refuse(value, value <= 0, column="value", expected="a rate above 0", labels=labels)
    if transform == "logit":
        outside = (value <= 0) | (value >= 1)
        refuse(value, outside, column="value", expected="a fraction between 0 and 1", labels=labels)
