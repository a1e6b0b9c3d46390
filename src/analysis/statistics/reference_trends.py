"""Checks of trends: the recent trend marker and fitted trends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import StatisticError
from analysis.statistics.inputs import Floats
from analysis.statistics.marker import (
    NOT_CALCULATED,
    Marker,
    cochran_armitage,
    proportion_marker,
    trend_judgement,
    weighted_marker,
)
from analysis.statistics.reference_items import (
    FITTED,
    Cases,
    Companions,
    Excluded,
    Figures,
    Item,
    Labels,
    companion,
    figures,
    texts,
    vector,
)
from analysis.statistics.trends import negative_binomial_trend, poisson_trend

# Upstream fits on raw calendar years and loses digits.
MARKER_TOLERANCE = 5e-6
# Beyond this the likelihood is so flat that theta is not determined to the digits compared.
_TELLING_THETA = 1e4
_GOOD = {"High is good)": "higher_is_better", "Low is good)": "lower_is_better"}


def check_trend(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check recent trend markers, one series for each series name and method."""
    cases = 0
    for rows in _series(frame):
        cases += 1
        expected, _, _ = texts(rows, "expected_trend")[0].partition(" | ")
        marker = _marker(rows)
        if _nothing_to_fit(rows, expected):
            reason = "no intervals: upstream finds nothing to fit and prints no change; ours cannot be calculated"
            yield Excluded(1, reason)
        else:
            yield Labels(f"trend of {texts(rows, 'series')[0]}", (marker.trend,), (expected,))
            yield from _judgement(rows, marker)
        yield from _marker_figures(rows, marker)
    yield Cases(cases)


def check_trend_edge_cases(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check trend markers of awkward series; where upstream stops with an error ours is decided and
    stated."""
    cases = 0
    for rows in _series(frame):
        cases += 1
        marker, name = _marker(rows), texts(rows, "series")[0]
        expected = texts(rows, "r_trend")[0]
        if expected == "R ERROR":
            yield Excluded(1, f"{name}: upstream stops with an error; decided here: {marker.trend}, {marker.reason}")
        else:
            yield Labels(f"trend of {name}", (marker.trend,), (expected,))
            chi2 = figures(rows, "chi2")[:1]
            if np.isfinite(marker.chi_squared) and np.isfinite(chi2).all():
                yield Figures(f"chi-squared of {name}", np.array([marker.chi_squared]), chi2, MARKER_TOLERANCE)
    yield Cases(cases)


def _series(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    keys = pd.DataFrame({name: texts(frame, name) for name in ("series", "method")})
    for places in keys.groupby(["series", "method"], sort=False).indices.values():
        rows = frame.iloc[places]
        yield rows.iloc[np.argsort(figures(rows, "year"), kind="stable")]


def _marker(rows: pd.DataFrame, *, positions: bool = False) -> Marker:
    year = np.arange(float(len(rows))) if positions else figures(rows, "year")
    if texts(rows, "method")[0] == "proportion":
        count, base = figures(rows, "count"), figures(rows, "denominator")
        known = np.isfinite(count + base)
        if known.all() and np.any((count > base) | (count < 0) | (base <= 0)):
            return Marker(NOT_CALCULATED, "Bad input")
        return proportion_marker(year, count, base)
    try:
        return weighted_marker(year, *(figures(rows, name) for name in ("value", "lower95", "upper95")))
    except StatisticError as error:
        return Marker(NOT_CALCULATED, str(error))


def _nothing_to_fit(rows: pd.DataFrame, expected: str) -> bool:
    if texts(rows, "method")[0] != "weighted" or expected != "No significant change":
        return False
    return not np.isfinite(np.concatenate([figures(rows, "lower95"), figures(rows, "upper95")])).any()


def _marker_figures(rows: pd.DataFrame, marker: Marker) -> Iterator[Item]:
    chi2, slope = figures(rows, "expected_chi2")[:1], figures(rows, "expected_gradient")[:1]
    if not np.isfinite(marker.chi_squared) or not (np.isfinite(chi2).all() or np.isfinite(slope).all()):
        return
    name = texts(rows, "series")[0]
    near_zero = _printed(rows)
    by_place = _marker(rows, positions=True).chi_squared
    if np.isfinite(chi2).all() and _has_gap(rows) and abs(by_place - chi2[0]) <= near_zero:
        reason = f"{name}: upstream's figure counts the points 1 to 5 across a missing year; ours uses the years"
        yield Excluded(2, reason)
        return
    for what, ours, theirs in (("chi-squared", marker.chi_squared, chi2), ("slope", marker.slope, slope)):
        if np.isfinite(theirs).all():
            yield Figures(f"{what} of {name}", np.array([ours]), theirs, MARKER_TOLERANCE, near_zero)


def _judgement(rows: pd.DataFrame, marker: Marker) -> Iterator[Item]:
    said, _, good = texts(rows, "expected_trend")[0].partition(" | ")[2].partition(" (")
    if good in _GOOD:
        found = trend_judgement(marker.trend, polarity=_GOOD[good])
        yield Labels(f"judgement of {texts(rows, 'series')[0]}", (found or "",), (said,))


def _has_gap(rows: pd.DataFrame) -> bool:
    return bool(np.any(np.diff(figures(rows, "year")[-5:]) > 1))


def _printed(rows: pd.DataFrame) -> float:
    # Fingertips' own tests print two decimals and divide the interval by 3.92; the others print four.
    if "note" not in rows.columns and "source" not in rows.columns:
        return 1e-9
    return 0.01 if "2 dp" in texts(rows, "note")[0] else 5.1e-5


def check_glm_trend(frame: pd.DataFrame, companions: Companions) -> Iterator[Item]:
    """Check Poisson, quasi-Poisson and negative binomial trends against R."""
    given = companion(companions, "r_glm_trend_input")
    if given is None:
        yield Excluded(len(frame), "the file of series, r_glm_trend_input, is not there")
        return
    yield Cases(len(frame))
    names = np.array(texts(given, "series"))
    for at, name in enumerate(texts(frame, "series")):
        mine, row = given[names == name], frame.iloc[[at]]
        yield from _glm(row, *(figures(mine, column) for column in ("t", "count", "population")))


def _glm(row: pd.DataFrame, time: Floats, count: Floats, base: Floats) -> Iterator[Item]:
    plain, quasi = poisson_trend(time, count, base), poisson_trend(time, count, base, quasi=True)
    low, high = plain.ratio_limits(confidence=0.95)
    found = {
        "poisson_intercept": plain.intercept,
        "poisson_slope": plain.slope,
        "poisson_se": plain.standard_error,
        "poisson_p": plain.p_value,
        "lrt_chi2": plain.likelihood_ratio,
        "lrt_p": float(stats.chi2.sf(plain.likelihood_ratio, 1)),
        "deviance": plain.deviance,
        "pearson_dispersion": plain.dispersion,
        "quasi_se": quasi.standard_error,
        "quasi_t": quasi.slope / quasi.standard_error,
        "quasi_p": quasi.p_value,
        "irr_per_year": float(np.exp(plain.slope)),
        "irr_lower": low,
        "irr_upper": high,
    }
    for column, value in found.items():
        yield Figures(column, np.array([value]), figures(row, column), FITTED)
    yield from _negative_binomial(row, time, count, base)


def _negative_binomial(row: pd.DataFrame, time: Floats, count: Floats, base: Floats) -> Iterator[Item]:
    theta = figures(row, "nb_theta")
    if not np.isfinite(theta).all():
        yield Excluded(3, "R's negative binomial fit gave nothing")
        return
    found = negative_binomial_trend(time, count, base)
    yield Figures("nb_slope", np.array([found.slope]), figures(row, "nb_slope"), FITTED)
    yield Figures("nb_se", np.array([found.standard_error]), figures(row, "nb_se"), FITTED)
    if found.theta > _TELLING_THETA:
        yield Excluded(1, "theta runs to infinity: the counts vary no more than Poisson ones")
    else:
        yield Figures("nb_theta", np.array([found.theta]), theta, FITTED)


def check_prop_trend(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check the Cochran-Armitage test against R's prop.trend.test."""
    yield Cases(len(frame))
    cells = zip(frame["counts"], frame["denominators"], frame["scores"], strict=True)
    found = np.array([cochran_armitage(*(vector(cell) for cell in row)) for row in cells]).reshape(-1, 2)
    yield Figures("chi-squared", found[:, 0], figures(frame, "prop_trend_chi2"))
    yield Figures("p", found[:, 1], figures(frame, "prop_trend_p"))
    yield Excluded(3 * len(frame), "logistic regression is not offered; the sign of the slope is the marker's")
