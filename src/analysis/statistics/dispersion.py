"""Overdispersion: areas that differ by more than chance, and funnels that allow for it.

Two remedies. Additive: a variance between areas, tau2, is added to each area's own. Multiplicative: every
standard error grows by sqrt(phi). Which one was used is to be stated beside the funnel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from analysis.errors import StatisticError, did_you_mean
from analysis.statistics.inputs import Floats

TRIM = 0.1
Kind = Literal["proportion", "ratio_log", "ratio_root"]
KINDS = ("proportion", "ratio_log", "ratio_root")


@dataclass(frozen=True)
class Dispersion:
    """How much areas vary about the target beyond chance.

    Attributes:
        n: areas that the estimate rests on.
        phi: mean of the squared z-scores after outliers were drawn in; 1 under chance alone.
        tau2: variance between areas on the transformed scale; 0 where there is none beyond chance.
    """

    n: int
    phi: float
    tau2: float


@dataclass(frozen=True)
class RandomEffects:
    """DerSimonian and Laird's estimate: variance between areas, heterogeneity, mean and its standard
    error."""

    tau2: float
    q: float
    i2: float
    mean: float
    standard_error: float


def z_scores(observed: Floats, expected: Floats, *, kind: Kind, target: float) -> tuple[Floats, Floats]:
    """Return the z-scores about the target and their standard errors on the transformed scale.

    proportion: (asin sqrt p - asin sqrt P) 2 sqrt n, s = 1 / (2 sqrt n);
    ratio_log: sqrt(E) ln(O / E), s = 1 / sqrt(E); ratio_root: (sqrt(O / E) - 1) 2 sqrt(E), s = 1 / (2 sqrt
        E).

    Args:
        observed: events.
        expected: expected events for a ratio, the base for a proportion.
        kind: the transformation; "ratio_log" is that of SHMI, "ratio_root" that of the Care Quality
            Commission.
        target: the fixed centre P for proportions; ratios are about 1 times it.

    Reference:
        Spiegelhalter DJ (2005) Stat Med 24:1185-1202; Spiegelhalter DJ et al. (2012) J R Stat Soc A 175:1-47.

    Example:
        >>> z, s = z_scores(np.array([22.0]), np.array([96.0]), kind="proportion", target=0.25)
        >>> round(float(z[0]), 4), round(float(s[0]), 4)
        (-0.4783, 0.051)
    """
    require_kind(kind)
    error = 1 / np.sqrt(expected) if kind == "ratio_log" else 1 / (2 * np.sqrt(expected))
    transformed = _forward(observed / expected, kind) - _forward(np.asarray(target), kind)
    return transformed / error, error


def winsorised(z: Floats, *, trim: float = TRIM) -> Floats:
    """Return the z-scores with those beyond the ``trim`` and 1 - ``trim`` quantiles drawn in to them.

    Example:
        >>> winsorised(np.array([-9.0, -1, 0, 1, 9]), trim=0.25).tolist()
        [-1.0, -1.0, 0.0, 1.0, 1.0]
    """
    return np.clip(z, *np.quantile(z, [trim, 1 - trim])) if len(z) else z


def truncated(z: Floats, *, trim: float = TRIM) -> Floats:
    """Return the z-scores with the lowest and highest share ``trim`` missing, as SHMI does.

    A score of rank r among n is left out where floor(r k / (n + 1)) is 0 or k - 1, k = 1 / trim.

    Example:
        >>> truncated(np.array([3.0, 1, 2, 4]), trim=0.25).tolist()
        [3.0, nan, 2.0, nan]
    """
    groups = round(1 / trim)
    rank = pd.Series(z).rank(method="average").to_numpy(dtype=np.float64)
    place = np.floor(rank * groups / (len(z) + 1))
    return np.where((place == 0) | (place == groups - 1), np.nan, z)


def dispersion_of(adjusted: Floats, error: Floats) -> Dispersion:
    """Return phi and tau2 from z-scores whose outliers were drawn in or left out (missing).

    phi = mean z^2; tau2 = max(0, (n phi - (n - 1)) / (sum w - sum w^2 / sum w)), w = 1 / s^2.
    It is DerSimonian and Laird's formula about the target, not about the weighted mean.

    Example:
        >>> dispersion_of(np.array([0.5, -0.5]), np.array([0.1, 0.1]))
        Dispersion(n=2, phi=0.25, tau2=0.0)
    """
    kept = np.isfinite(adjusted)
    n, weight = int(kept.sum()), 1 / error[kept] ** 2
    if n < 2:
        return Dispersion(n, np.nan, np.nan)
    phi = float(np.mean(adjusted[kept] ** 2))
    excess = n * phi - (n - 1)
    spread = float(weight.sum() - np.sum(weight**2) / weight.sum())
    return Dispersion(n, phi, max(0.0, excess / spread))


def random_effects(effect: Floats, variance: Floats) -> RandomEffects:
    """Return DerSimonian and Laird's random-effects summary of several effects.

    statsmodels does the work; its tau2, which can be negative, is taken as 0 there and the rest follows.

    Reference:
        DerSimonian R, Laird N (1986) Control Clin Trials 7:177-188. R: metafor::rma(method = "DL").

    Example:
        >>> found = random_effects(np.array([0.1, 0.5, 0.9]), np.array([0.01, 0.01, 0.01]))
        >>> round(found.tau2, 4), round(found.mean, 4)
        (0.15, 0.5)
    """
    if np.any(variance <= 0) or len(effect) < 2:
        raise StatisticError("Random effects: expected at least two effects, each with a variance above 0.")
    with np.errstate(divide="ignore", invalid="ignore"):
        found = combine_effects(effect, variance, method_re="dl")
    tau2, q, free = max(0.0, float(found.tau2)), float(found.q), len(effect) - 1
    weight = 1 / (variance + tau2)
    mean = float(np.sum(weight * effect) / weight.sum())
    i2 = max(0.0, 100 * (q - free) / q) if q > 0 else 0.0
    return RandomEffects(tau2, q, i2, mean, float(1 / np.sqrt(weight.sum())))


def transformed_limits(target: float, error: Floats, tau2: float, *, kind: Kind, z: float) -> tuple[Floats, Floats]:
    """Return the limits f(target) -/+ z sqrt(s^2 + tau2) on the transformed scale f.

    FunnelPlotR leaves its limits for the square root on this scale; they are not limits of the ratio.

    Example:
        >>> lower, upper = transformed_limits(1.0, np.array([0.1]), 0.0, kind="ratio_log", z=2.0)
        >>> round(float(lower[0]), 9), round(float(upper[0]), 9)
        (-0.2, 0.2)
    """
    centre, reach = _forward(np.asarray(target), kind), z * np.sqrt(error**2 + tau2)
    return centre - reach, centre + reach


def back_transformed(figure: Floats, *, kind: Kind) -> Floats:
    """Return figures of the transformed scale as fractions or ratios; nothing goes beyond 0 (or 1).

    Example:
        >>> back_transformed(np.array([-0.1, 1.2]), kind="ratio_root").round(2).tolist()
        [0.0, 1.44]
    """
    if kind == "proportion":
        return np.asarray(np.sin(np.clip(figure, 0, np.pi / 2)) ** 2, dtype=np.float64)
    return np.asarray(np.exp(figure) if kind == "ratio_log" else np.maximum(figure, 0) ** 2, dtype=np.float64)


def poisson_ratio_limits(expected: Floats, *, confidence: float) -> tuple[Floats, Floats]:
    """Return funnel limits of a ratio about 1 at each expected count, by the gamma quantiles of that count.

    lower = chi2_{a/2}(2 E) / (2 E), upper = chi2_{1-a/2}(2 (E + 1)) / (2 E)

    Example:
        >>> lower, upper = poisson_ratio_limits(np.array([15.0]), confidence=0.95)
        >>> round(float(lower[0]), 7), round(float(upper[0]), 6)
        (0.5596924, 1.649348)
    """
    tail = (1 - confidence) / 2
    upper = stats.chi2.isf(tail, 2 * (expected + 1)) / 2
    return stats.chi2.ppf(tail, 2 * expected) / 2 / expected, upper / expected


def _forward(figure: Floats, kind: Kind) -> Floats:
    if kind == "proportion":
        return np.asarray(np.arcsin(np.sqrt(figure)), dtype=np.float64)
    return np.asarray(np.log(figure) if kind == "ratio_log" else np.sqrt(figure), dtype=np.float64)


def require_kind(kind: str) -> None:
    """Raise an error that offers the nearest kind where ``kind`` is not known.

    Example:
        >>> require_kind("proportion")
    """
    if kind not in KINDS:
        raise StatisticError(f"Kind {kind!r} is not known. {did_you_mean(kind, KINDS)}")
