"""Funnels that allow for overdispersion: areas that differ by more than chance.

Two remedies. Additive: a variance between areas, tau2, is added to each area's own. Multiplicative: every
standard error grows by sqrt(phi). Which one was used is to be stated beside the funnel.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics.dispersion import (
    TRIM,
    Kind,
    back_transformed,
    dispersion_of,
    poisson_ratio_limits,
    require_kind,
    transformed_limits,
    truncated,
    winsorised,
    z_scores,
)
from analysis.statistics.inputs import TWO_LEVELS, Floats, bases, counts, normal_quantile, parts, refuse

_LABELS = ("95", "998")


def add_overdispersed_funnel(
    rows: pd.DataFrame, *, kind: Kind = "proportion", trim: float = TRIM, truncate: bool | None = None
) -> pd.DataFrame:
    """Add funnel limits that allow for variation between areas beyond chance (additive, tau2).

    On the transformed scale (see :func:`z_scores`) limits are target -/+ z sqrt(s^2 + tau2), brought back to
    the scale of the figures.

    Args:
        rows: for "proportion" with ``numerator`` and ``denominator``; for the ratios with ``observed`` and
            ``expected``.
        kind: "proportion", "ratio_log" or "ratio_root".
        trim: the share of areas at either end whose z-scores are drawn in (or left out).
        truncate: leave outliers out instead of drawing them in; by default only for "ratio_log", as SHMI
            does.

    Returns:
        The same rows with ``target``, ``z_score``, ``z_score_adjusted`` (missing where left out),
        ``dispersion_n``, ``phi``, ``tau2``, ``od_lower_95``, ``od_upper_95``, ``od_lower_998``,
        ``od_upper_998`` (a fraction, or a ratio) and, without tau2, ``plain_lower_95`` to
        ``plain_upper_998`` (for a ratio the Poisson limits). A row that lacks a figure has no z-score and
        takes no part.

    Raises:
        StatisticError: for figures no proportion or ratio can be made of, an unknown kind.

    Reference:
        Spiegelhalter DJ (2005) Handling over-dispersion of performance indicators. Qual Saf Health Care
        14:347-351. DerSimonian R, Laird N (1986) Control Clin Trials 7:177-188.

    Example:
        >>> rows = pd.DataFrame({"numerator": [12, 45, 60, 30], "denominator": [100] * 4})
        >>> found = add_overdispersed_funnel(rows)
        >>> bool((found["od_upper_95"] > found["plain_upper_95"]).all())
        True
    """
    require_kind(kind)
    observed, expected = _figures(rows, kind)
    known = np.isfinite(observed + expected)
    target = _target(observed[known], expected[known], kind)
    z, error = z_scores(observed, expected, kind=kind, target=target)
    leave_out = kind == "ratio_log" if truncate is None else truncate
    adjusted = np.full(len(rows), np.nan)
    adjusted[known] = (truncated if leave_out else winsorised)(z[known], trim=trim)
    found = dispersion_of(adjusted[known], error[known])
    columns: dict[str, Floats | float] = {
        "target": target,
        "z_score": z,
        "z_score_adjusted": adjusted,
        "dispersion_n": found.n,
        "phi": found.phi,
        "tau2": found.tau2,
    }
    columns |= _od_lines(error, found.tau2, target=target, kind=kind)
    return rows.assign(**columns | _plain_lines(expected, target=target, kind=kind))


def add_multiplicative_funnel(rows: pd.DataFrame, *, trim: float = TRIM) -> pd.DataFrame:
    """Add funnel limits of a proportion whose standard errors grow by sqrt(phi) (multiplicative).

    z = (p - P) / sqrt(P (1 - P) / n), drawn in at the ``trim`` quantiles; phi = mean z^2;
    limits P -/+ z sqrt(phi P (1 - P) / n) where phi > 1 + 2 sqrt(2 / I), I areas, and plain limits otherwise.

    Args:
        rows: with ``numerator`` and ``denominator``.
        trim: the share of areas at either end whose z-scores are drawn in.

    Returns:
        The same rows with ``target``, ``z_score``, ``z_score_adjusted``, ``phi``, ``phi_threshold``,
        ``phi_applied`` (whether it was exceeded) and ``od_lower_95``, ``od_upper_95``, ``od_lower_998``,
        ``od_upper_998`` (fractions).

    Raises:
        StatisticError: for figures no proportion can be made of.

    Reference:
        Spiegelhalter DJ (2005) Stat Med 24:1185-1202, section 4.

    Example:
        >>> rows = pd.DataFrame({"numerator": [12, 45, 60, 30], "denominator": [100] * 4})
        >>> bool(add_multiplicative_funnel(rows)["phi_applied"].all())
        True
    """
    part, base = parts(rows, "numerator", "denominator")
    known = np.isfinite(part + base)
    target = _target(part[known], base[known], "proportion")
    error = np.sqrt(target * (1 - target) / base)
    z = (part / base - target) / error
    adjusted = np.full(len(rows), np.nan)
    adjusted[known] = winsorised(z[known], trim=trim)
    areas = int(known.sum())
    phi = float(np.mean(adjusted[known] ** 2)) if areas else np.nan
    threshold = 1 + 2 * np.sqrt(2 / areas) if areas else np.nan
    applied = bool(phi > threshold)
    reach = {level: normal_quantile(level) * error * np.sqrt(phi if applied else 1.0) for level in TWO_LEVELS}
    return rows.assign(
        target=target,
        z_score=z,
        z_score_adjusted=adjusted,
        phi=phi,
        phi_threshold=threshold,
        phi_applied=applied,
        od_lower_95=np.maximum(0, target - reach[0.95]),
        od_upper_95=np.minimum(1, target + reach[0.95]),
        od_lower_998=np.maximum(0, target - reach[0.998]),
        od_upper_998=np.minimum(1, target + reach[0.998]),
    )


def _figures(rows: pd.DataFrame, kind: Kind) -> tuple[Floats, Floats]:
    if kind == "proportion":
        return parts(rows, "numerator", "denominator")
    observed, expected = counts(rows, "observed"), bases(rows, "expected")
    if kind == "ratio_log":
        none = "more than no events, whose logarithm has no value; use 'ratio_root'"
        refuse(observed, observed == 0, column="observed", expected=none, labels=list(rows.index))
    return observed, expected


def _target(observed: Floats, expected: Floats, kind: Kind) -> float:
    if not len(observed):
        return np.nan
    return float(observed.sum() / expected.sum()) if kind == "proportion" else 1.0


def _od_lines(error: Floats, tau2: float, *, target: float, kind: Kind) -> dict[str, Floats | float]:
    found: dict[str, Floats | float] = {}
    for level, label in zip(TWO_LEVELS, _LABELS, strict=True):
        lower, upper = transformed_limits(target, error, tau2, kind=kind, z=normal_quantile(level))
        found |= {f"od_lower_{label}": back_transformed(lower, kind=kind)}
        found |= {f"od_upper_{label}": back_transformed(upper, kind=kind)}
    return found


def _plain_lines(expected: Floats, *, target: float, kind: Kind) -> dict[str, Floats | float]:
    found: dict[str, Floats | float] = {}
    for level, label in zip(TWO_LEVELS, _LABELS, strict=True):
        if kind == "proportion":
            error = 0.5 / np.sqrt(expected)
            ends = transformed_limits(target, error, 0.0, kind=kind, z=normal_quantile(level))
            lower, upper = (back_transformed(end, kind=kind) for end in ends)
        else:
            lower, upper = poisson_ratio_limits(expected, confidence=level)
        found |= {f"plain_lower_{label}": lower, f"plain_upper_{label}": upper}
    return found
