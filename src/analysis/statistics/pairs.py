"""Two counts or two proportions held against each other: the scalar kernels behind ``comparison``.

Each takes plain numbers and returns plain numbers. scipy and statsmodels do the work; what stands here
keeps their known gaps (no events, all events, huge counts) away from the callers.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from analysis.statistics.inputs import normal_quantile
from analysis.statistics.rates import wilson_limits

Pair = tuple[float, float]
UNKNOWN: Pair = (math.nan, math.nan)

# Natural logarithm of a ratio that no interval reaches.
_FAR = 60.0

# The usual rule for the chi-squared test of a 2 x 2 table: below this expected count use Fisher's.
SMALL_EXPECTED = 5


def ratio_of(value: float, other: float) -> float:
    """Return value / other: infinite over nothing, missing where both are 0.

    Example:
        >>> ratio_of(3, 0), ratio_of(0, 3)
        (inf, 0.0)
    """
    if other == 0:
        return math.inf if value > 0 else math.nan
    return value / other


def exact_rate_ratio_limits(events: Pair, time: Pair, *, confidence: float) -> Pair:
    """Return the exact conditional limits of a ratio of two rates.

    Given all events, those of the first are binomial with share pi = r t1 / (r t1 + t2); Clopper-Pearson
    limits of pi give those of r = pi / (1 - pi) * t2 / t1.

    Reference:
        Przyborowski J, Wilenski H (1940) Biometrika 31:313-323. R: poisson.test.

    Example:
        >>> low, high = exact_rate_ratio_limits((30, 24), (1000, 1000), confidence=0.95)
        >>> round(low, 6), round(high, 6)
        (0.706486, 2.23419)
    """
    if sum(events) == 0:
        return UNKNOWN
    first, second = events
    tail, scale = (1 - confidence) / 2, time[1] / time[0]
    low, high = 0.0, math.inf
    # pi and 1 - pi each from its own beta quantile: their ratio keeps all digits where one is near 0.
    if first > 0:
        low = stats.beta.ppf(tail, first, second + 1) / stats.beta.isf(tail, second + 1, first)
    if second > 0:
        high = stats.beta.isf(tail, first + 1, second) / stats.beta.ppf(tail, second, first + 1)
    return float(low) * scale, float(high) * scale


def exact_rate_p(events: Pair, time: Pair) -> float:
    """Return the exact conditional p-value of equal rates (two-sided by probability).

    Example:
        >>> round(exact_rate_p((30, 24), (1000, 1000)), 6)
        0.496617
    """
    total = int(sum(events))
    if total == 0:
        return 1.0
    return float(stats.binomtest(int(events[0]), total, time[0] / sum(time)).pvalue)


def mid_p_rate(events: Pair, time: Pair) -> float:
    """Return the central mid-P value of equal rates: twice the smaller tail, half the observed count in each.

    Reference:
        Rothman KJ, Greenland S (2008) Modern Epidemiology, chapter 14. R: epitools rate2by2.test.

    Example:
        >>> round(mid_p_rate((30, 24), (1000, 1000)), 6)
        0.418754
    """
    return mid_p(stats.binom(int(sum(events)), time[0] / sum(time)), events[0])


def mid_p(distribution: stats.rv_discrete, observed: float) -> float:
    """Return twice the smaller tail of a discrete distribution, counting half of the observed outcome.

    Example:
        >>> round(mid_p(stats.binom(12, 0.25), 3), 6)
        0.960546
    """
    half = distribution.pmf(observed) / 2
    return float(min(1.0, 2 * min(distribution.cdf(observed - 1) + half, distribution.sf(observed) + half)))


def score_rate(events: Pair, time: Pair) -> Pair:
    """Return z and p of the score test of equal rates.

    z = (x1 - x t1 / t) / sqrt(x t1 t2 / t^2), x = x1 + x2, t = t1 + t2

    Example:
        >>> z, p = score_rate((30, 24), (1000, 1000))
        >>> round(z, 6), round(p, 6)
        (0.816497, 0.414216)
    """
    total, share = sum(events), time[0] / sum(time)
    if total == 0:
        return math.nan, 1.0
    z = (events[0] - total * share) / math.sqrt(total * share * (1 - share))
    return z, float(2 * stats.norm.sf(abs(z)))


def log_rate_ratio_limits(events: Pair, time: Pair, *, confidence: float) -> Pair:
    """Return Wald's limits on the log scale, r exp(-/+ z sqrt(1/x1 + 1/x2)); missing where either count is 0.

    Example:
        >>> low, high = log_rate_ratio_limits((30, 24), (1000, 1000), confidence=0.95)
        >>> round(low, 6), round(high, 6)
        (0.730801, 2.138066)
    """
    if min(events) == 0:
        return UNKNOWN
    spread = normal_quantile(confidence) * math.sqrt(1 / events[0] + 1 / events[1])
    ratio = (events[0] / time[0]) / (events[1] / time[1])
    return ratio * math.exp(-spread), ratio * math.exp(spread)


def katz_limits(events: Pair, base: Pair, *, confidence: float) -> Pair:
    """Return Katz's log limits of a ratio of two proportions; missing where they are not defined.

    r exp(-/+ z sqrt(1/x1 - 1/n1 + 1/x2 - 1/n2)). At 0 events the logarithm has no value, and where
    everybody has the event in both groups the formula would give an interval of no width.

    Reference:
        Katz D et al. (1978) Biometrics 34:469-474.

    Example:
        >>> low, high = katz_limits((7, 1), (34, 34), confidence=0.95)
        >>> round(low, 2), round(high)
        (0.91, 54)
    """
    if min(events) == 0 or events == base:
        return UNKNOWN
    variance = 1 / events[0] - 1 / base[0] + 1 / events[1] - 1 / base[1]
    ratio = (events[0] / base[0]) / (events[1] / base[1])
    spread = normal_quantile(confidence) * math.sqrt(variance)
    return ratio * math.exp(-spread), ratio * math.exp(spread)


def score_ratio_limits(events: Pair, base: Pair, *, confidence: float) -> Pair:
    """Return the score limits of a ratio of two proportions, which hold at small counts and at 0 events.

    Every ratio r with |p1 - r p2| <= z sqrt(V(r) N / (N - 1)), where V(r) is the variance under the
    proportions that are likeliest given r.

    Own code: statsmodels' version collapses to one point, or to complex numbers, where everybody in a
    group has the event. Fagerland et al. (2015, table 6) print these limits under Koopman's name, whose
    own lack the factor N / (N - 1).

    Reference:
        Miettinen O, Nurminen M (1985) Stat Med 4:213-226.

    Example:
        >>> low, high = score_ratio_limits((7, 1), (34, 34), confidence=0.95)
        >>> round(low, 2), round(high)
        (1.21, 43)
    """
    estimate, z = ratio_of(events[0] / base[0], events[1] / base[1]), normal_quantile(confidence)
    if math.isnan(estimate):
        return UNKNOWN
    centre = math.log(estimate) if 0 < estimate < math.inf else None

    def beyond(log_ratio: float, sign: int) -> float:
        return _score_z(math.exp(log_ratio), events, base) - sign * z

    low, high = 0.0, math.inf
    if events[0] > 0:
        low = math.exp(brentq(beyond, -_FAR, _FAR if centre is None else centre, args=(1,), xtol=1e-15))
    if events[1] > 0:
        high = math.exp(brentq(beyond, -_FAR if centre is None else centre, _FAR, args=(-1,), xtol=1e-15))
    return low, high


def _score_z(ratio: float, events: Pair, base: Pair) -> float:
    # The likeliest p1 given the ratio is the smaller root of N p^2 - a p + r (x1 + x2), in its stable form.
    total, a = sum(base), ratio * (base[0] + events[1]) + events[0] + base[1]
    product = ratio * sum(events)
    p1 = min(1.0, ratio, 2 * product / (a + math.sqrt(max(0.0, a * a - 4 * total * product))))
    p2 = min(1.0, p1 / ratio)
    variance = p1 * (1 - p1) / base[0] + ratio**2 * p2 * (1 - p2) / base[1]
    difference = events[0] / base[0] - ratio * events[1] / base[1]
    if variance <= 0:
        return 0.0 if difference == 0 else math.copysign(math.inf, difference)
    return difference / math.sqrt(variance * total / (total - 1))


def newcombe_limits(events: Pair, base: Pair, *, confidence: float) -> Pair:
    """Return Newcombe's limits of the difference of two proportions, built from the two Wilson intervals.

    lower = d - sqrt((p1 - l1)^2 + (u2 - p2)^2), upper = d + sqrt((u1 - p1)^2 + (p2 - l2)^2)

    Reference:
        Newcombe RG (1998) Stat Med 17:873-890, method 10.

    Example:
        >>> low, high = newcombe_limits((56, 48), (70, 80), confidence=0.95)
        >>> round(low, 4), round(high, 4)
        (0.0524, 0.3339)
    """
    lower, upper = wilson_limits(np.array(events), np.array(base), confidence=confidence)
    shares = np.array(events) / np.array(base)
    difference = float(shares[0] - shares[1])
    down = math.hypot(shares[0] - lower[0], upper[1] - shares[1])
    up = math.hypot(upper[0] - shares[0], shares[1] - lower[1])
    return difference - down, difference + up


def table_of(events: Pair, base: Pair) -> list[list[int]]:
    """Return the 2 x 2 table: events and the rest, one row for each group.

    Example:
        >>> table_of((7, 1), (34, 34))
        [[7, 27], [1, 33]]
    """
    return [[int(event), int(whole - event)] for event, whole in zip(events, base, strict=True)]


def fisher_p(events: Pair, base: Pair) -> float:
    """Return the p-value of Fisher's exact test (two-sided by probability).

    Example:
        >>> round(fisher_p((56, 48), (70, 80)), 6)
        0.012521
    """
    return float(stats.fisher_exact(table_of(events, base)).pvalue)


def pearson(events: Pair, base: Pair) -> Pair:
    """Return Pearson's chi-squared, uncorrected, and its p-value; missing where a margin is empty.

    Example:
        >>> chi2, p = pearson((56, 48), (70, 80))
        >>> round(chi2, 6), round(p, 6)
        (7.023411, 0.008045)
    """
    if sum(events) in (0, sum(base)):
        return UNKNOWN
    found = stats.chi2_contingency(table_of(events, base), correction=False)
    return float(found.statistic), float(found.pvalue)


def smallest_expected(events: Pair, base: Pair) -> float:
    """Return the smallest expected count of the 2 x 2 table under equal proportions.

    Example:
        >>> smallest_expected((7, 1), (34, 34))
        4.0
    """
    happened = sum(events)
    return min(base) * min(happened, sum(base) - happened) / sum(base)
