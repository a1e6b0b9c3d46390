"""Where one area stands among all: its funnel position, allowing for what areas differ anyway, and its rank."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.funnel import WITHIN
from analysis.statistics.inputs import Confidence, Floats, numbers, words
from analysis.statistics.overdispersion import add_overdispersed_funnel
from analysis.statistics.ranks import add_rank
from analysis.statistics.rates import add_proportion, add_rate

Calculation = Literal["rate", "proportion"]
#: Each limit, and the share of areas that chance alone leaves below it.
_ENDS = {"lower_95": 0.025, "upper_95": 0.975, "lower_998": 0.001, "upper_998": 0.999}


def add_place_among_all(
    rows: pd.DataFrame, *, calculation: Calculation, multiplier: float, polarity: str, confidence: Confidence = 0.95
) -> pd.DataFrame:
    """Add intervals, funnel limits that allow for the usual differences between areas, the position, and the rank.

    The baseline is the pooled value of all areas with both counts. Authorities differ by more than chance for many
    reasons, so plain limits would leave most of them outside; the limits here add the variance between areas (tau2,
    estimated after drawing in the outer tenths) to that of chance. They rest on a normal approximation, which is too
    narrow for an area with few children, so they are never narrower than the exact limits of chance alone. Position: above 99.8% limits, above 95% limits,
    within limits, and below.

    Args:
        rows: areas in one period, with ``value`` (as printed), ``numerator`` and ``denominator`` (either may be missing).
        calculation: rate or proportion.
        multiplier: 10,000 or 100.
        polarity: as for ``ranks.add_rank``.
        confidence: of the intervals, a fraction such as 0.95.

    Returns:
        The same rows with ``lower_ci``, ``upper_ci``, ``confidence``, ``method``, ``rank``, ``rank_lower``, ``rank_upper``,
        ``ranked``, ``baseline``, ``funnel_lower_95`` to ``funnel_upper_998`` (in the unit of the value), ``funnel_position``
        and ``tau2``; missing where a count is. The printed value is kept.

    Raises:
        StatisticError: for counts that no rate or proportion can be made of.

    Reference:
        Spiegelhalter DJ (2005) Handling over-dispersion of performance indicators. Qual Saf Health Care 14:347-351.

    Example:
        >>> rows = pd.DataFrame({"value": [12.0, 45, 60, None], "numerator": [12, 45, 60, None],
        ...                      "denominator": [100, 100, 100, None]}, dtype=float)
        >>> found = add_place_among_all(rows, calculation="proportion", multiplier=100, polarity="lower_is_better")
        >>> found["rank"].tolist()[:3], found["funnel_position"].dropna().tolist()
        ([1.0, 2.0, 3.0], ['within limits', 'within limits', 'within limits'])
    """
    add = add_rate if calculation == "rate" else add_proportion
    counted = add(rows, multiplier=multiplier, confidence=confidence, keep_value=True)
    ranked = add_rank(counted, polarity=polarity)
    return _with_funnel(ranked, calculation=calculation, multiplier=multiplier)


def _with_funnel(rows: pd.DataFrame, *, calculation: Calculation, multiplier: float) -> pd.DataFrame:
    top, bottom = numbers(rows, "numerator"), numbers(rows, "denominator")
    known = np.isfinite(top) & np.isfinite(bottom) & (bottom > 0)
    top, bottom = np.where(known, top, np.nan), np.where(known, bottom, np.nan)
    pooled = float(np.nansum(top) / np.nansum(bottom)) if known.any() else np.nan
    if calculation == "proportion":
        found = add_overdispersed_funnel(pd.DataFrame({"numerator": top, "denominator": bottom}))
        scale = multiplier
    else:
        given = pd.DataFrame({"observed": top, "expected": bottom * pooled})
        found = add_overdispersed_funnel(given, kind="ratio_root")
        scale = multiplier * pooled
    limits = {
        f"funnel_{end}": _no_narrower(found[f"od_{end}"].to_numpy(dtype=np.float64) * scale, exact, end=end)
        for end, exact in _exact_ends(
            top, bottom, pooled=pooled, calculation=calculation, multiplier=multiplier
        ).items()
    }
    value = multiplier * top / bottom
    names = np.select(
        [value > limits["funnel_upper_998"], value > limits["funnel_upper_95"],
         value < limits["funnel_lower_998"], value < limits["funnel_lower_95"]],
        ["above 99.8% limits", "above 95% limits", "below 99.8% limits", "below 95% limits"], WITHIN,
    )  # fmt: skip
    texts = [str(name) if there else None for name, there in zip(names, known, strict=True)]
    return rows.assign(
        baseline=multiplier * pooled, **limits, funnel_position=words(rows, texts), tau2=found["tau2"].to_numpy()
    )


def _exact_ends(
    top: Floats, bottom: Floats, *, pooled: float, calculation: Calculation, multiplier: float
) -> dict[str, Floats]:
    """The binomial or Poisson limits of chance alone about the pooled value, in the unit of the value."""
    known = np.isfinite(top + bottom)
    base = np.where(known, np.round(bottom), 1)
    found = {}
    for end, below in _ENDS.items():
        if calculation == "proportion":
            count = stats.binom.ppf(below, base, pooled)
        else:
            count = stats.poisson.ppf(below, base * pooled)
        found[end] = np.where(known, multiplier * count / base, np.nan)
    return found


def _no_narrower(limit: Floats, exact: Floats, *, end: str) -> Floats:
    return np.fmin(limit, exact) if end.startswith("lower") else np.fmax(limit, exact)
