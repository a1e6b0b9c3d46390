"""What statsmodels gets wrong, and that nobody meets it here.

Each defect stands twice: once as it is in the locked version, so that its disappearance is noticed and the
workaround can go, and once with the right answer from our own function, held against a computation that
shares nothing with it.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import statsmodels
from scipy.optimize import brentq
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson
from statsmodels.stats.rates import test_poisson_2indep as two_rates

from analysis.statistics import pairs
from analysis.statistics.comparison import add_risk_ratio
from analysis.statistics.dispersion import random_effects
from analysis.statistics.marker import cochran_armitage
from analysis.statistics.rates import exact_limits, wilson_limits

Z95 = 1.959963984540054
NO_EVENTS = [(0, 25, 12, 90), (0, 10, 3, 20), (0, 34, 1, 34)]


def still(defect: bool, what: str, workaround: str) -> None:
    """Fail where a defect is gone, and say what to do about it."""
    assert defect, (
        f"statsmodels mended this: {what} (installed: {statsmodels.__version__}). "
        f"The workaround can go: {workaround}. Then delete this test."
    )


def poisson_cdf(count: int, mean: float) -> float:
    return math.fsum(math.exp(x * math.log(mean) - mean - math.lgamma(x + 1)) for x in range(count + 1))


def score_z(ratio: float, figures: tuple[int, int, int, int]) -> float:
    """Miettinen and Nurminen's z, the likeliest proportions found by search instead of by formula."""
    x1, n1, x2, n2 = figures

    def uphill(p2: float) -> float:
        first = (n1 - x1) * ratio / (1 - ratio * p2) if x1 < n1 else 0.0
        second = (n2 - x2) / (1 - p2) if x2 < n2 else 0.0
        return (x1 + x2) / p2 - first - second

    most = min(1.0, 1 / ratio)
    near = most * (1 - 1e-13)
    p2 = most if uphill(near) > 0 else brentq(uphill, 1e-12, near, xtol=1e-15)
    p1 = ratio * p2
    variance = p1 * (1 - p1) / n1 + ratio**2 * p2 * (1 - p2) / n2
    total = n1 + n2
    return (x1 / n1 - ratio * x2 / n2) / math.sqrt(variance * total / (total - 1))


def score_limits(figures: tuple[int, int, int, int]) -> pairs.Pair:
    x1, n1, x2, n2 = figures
    return pairs.score_ratio_limits((x1, x2), (n1, n2), confidence=0.95)


# Rates


def test_mid_p_limits_of_a_count_are_wrong_at_nothing_and_at_large_counts() -> None:
    what, workaround = "confint_poisson(method='midp-c')", "nothing calls it; it may now be used"
    none = confint_poisson(0, 1, method="midp-c")
    still(none[0] > 1, f"{what} at 0 events", workaround)
    # 10,259.97 twice, both above the count itself.
    many = confint_poisson(10_000, 1, method="midp-c", alpha=0.01)
    still(many[0] > 10_000, f"{what} at 10,000 events", workaround)
    # England's own number of children looked after: the lower limit exceeds the upper.
    england = confint_poisson(83_840, 1, method="midp-c", alpha=0.1)
    still(england[0] > england[1], f"{what} at 83,840 events", workaround)


@pytest.mark.parametrize(("count", "confidence"), [(1, 0.95), (5, 0.998), (10_000, 0.99), (83_840, 0.95)])
def test_exact_limits_leave_half_of_the_doubt_on_either_side(count, confidence) -> None:
    lower, upper = (float(limit) for limit in exact_limits(count, confidence=confidence))
    tail = (1 - confidence) / 2
    assert poisson_cdf(count, upper) == pytest.approx(tail, rel=1e-6)
    assert 1 - poisson_cdf(count - 1, lower) == pytest.approx(tail, rel=1e-6)


def test_exact_limits_of_no_events() -> None:
    # P(0 | mean) = exp(-mean) = 0.025.
    assert [float(limit) for limit in exact_limits(0, confidence=0.95)] == [0, pytest.approx(-math.log(0.025))]


def test_a_missing_count_has_no_exact_limits() -> None:
    theirs = confint_poisson(np.nan, 1, method="exact-c")
    still(theirs[0] == 0, "confint_poisson('exact-c') of a missing count", "the isnan in rates.exact_limits")
    assert np.isnan(exact_limits(np.nan, confidence=0.95)).all()


def test_mid_p_of_two_rates_is_not_the_central_one() -> None:
    # 3 events in 1,000 against 12 in 2,000: given 15 events, the first have share 1/3.
    share, total, seen = Fraction(1, 3), 15, 3
    law = [math.comb(total, x) * share**x * (1 - share) ** (total - x) for x in range(total + 1)]
    half = law[seen] / 2
    central = 2 * min(sum(law[:seen]) + half, sum(law[seen + 1 :]) + half)
    by_likelihood = sum(p for p in law if p <= law[seen]) - half
    theirs = two_rates(3, 1000, 12, 2000, method="cond-midp").pvalue
    assert theirs == pytest.approx(float(by_likelihood), rel=1e-9)
    still(
        abs(theirs - float(central)) > 0.01,
        "test_poisson_2indep(method='cond-midp') takes what is less likely, not twice the smaller tail",
        "pairs.mid_p_rate",
    )
    assert pairs.mid_p_rate((3, 12), (1000, 2000)) == pytest.approx(float(central), rel=1e-12)


# Proportions


def test_wilson_limits_at_nothing_and_at_all_are_exact() -> None:
    theirs = [proportion_confint(0, base, method="wilson")[0] for base in range(1, 200)]
    still(any(limit != 0 for limit in theirs), "Wilson's lower limit at 0 events", "the where in rates.wilson_limits")
    bases = np.arange(1, 200)
    assert (wilson_limits(np.zeros(199), bases, confidence=0.95)[0] == 0).all()
    assert (wilson_limits(bases, bases, confidence=0.95)[1] == 1).all()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("figures", [(0, 25, 12, 90), (10, 10, 0, 20), (3, 18, 40, 160)])
def test_score_limits_of_a_difference_stop_with_an_error(figures) -> None:
    try:
        confint_proportions_2indep(*figures, compare="diff", method="score")
    except ValueError:
        return
    still(False, f"score limits of a difference, {figures}", "nothing calls it; pairs.newcombe_limits stands")


def test_score_limits_of_a_difference_are_wrong_where_there_are_some() -> None:
    def z(difference: float) -> float:
        def uphill(p2: float) -> float:
            p1 = p2 + difference
            return 7 / p1 - 27 / (1 - p1) + 1 / p2 - 33 / (1 - p2)

        p2 = brentq(uphill, max(0, -difference) + 1e-13, min(1, 1 - difference) - 1e-13, xtol=1e-16)
        p1 = p2 + difference
        return (6 / 34 - difference) / math.sqrt((p1 * (1 - p1) + p2 * (1 - p2)) / 34)

    lower, upper = brentq(lambda d: z(d) - Z95, -0.5, 6 / 34), brentq(lambda d: z(d) + Z95, 6 / 34, 0.9)
    # epiR and a solution to 30 digits have the same; statsmodels 0.0287 to 0.3421.
    assert (round(lower, 4), round(upper, 4)) == (0.0284, 0.3439)
    theirs = confint_proportions_2indep(7, 34, 1, 34, compare="diff", method="score", correction=False)
    what = "score limits of the difference of 7/34 and 1/34"
    still(abs(theirs[1] - upper) > 0.001, what, "nothing calls it; pairs.newcombe_limits stands")


@pytest.mark.parametrize("figures", [(0, 25, 12, 90), (10, 10, 0, 20), (3, 18, 40, 160), (7, 34, 1, 34)])
def test_newcombe_limits_of_the_same_differences(figures) -> None:
    # Wilson's limits as the roots of (p - P)^2 = z^2 P (1 - P) / n.
    ends = []
    for x, n in (figures[:2], figures[2:]):
        p = x / n
        ends.append((p, *sorted(np.roots([1 + Z95**2 / n, -(2 * p + Z95**2 / n), p**2]))))
    (p1, low1, high1), (p2, low2, high2) = ends
    expected = (
        p1 - p2 - math.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2),
        p1 - p2 + math.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2),
    )
    x1, n1, x2, n2 = figures
    assert pairs.newcombe_limits((x1, x2), (n1, n2), confidence=0.95) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("figures", NO_EVENTS)
def test_log_limits_of_a_ratio_divide_by_nothing(figures) -> None:
    try:
        confint_proportions_2indep(*figures, compare="ratio", method="log")
    except ZeroDivisionError:
        pass
    else:
        still(False, "log limits of a ratio at 0 events", "the guard in pairs.katz_limits (it says 'undefined')")
    names = ["numerator", "denominator", "other_numerator", "other_denominator"]
    row = add_risk_ratio(pd.DataFrame([figures], columns=names)).iloc[0]
    assert (row["ratio"], row["method"]) == (0, "Katz log limits undefined at 0 events, Fisher's exact p")
    assert np.isnan([row["ratio_lower_ci"], row["ratio_upper_ci"]]).all()


def test_score_limits_of_a_ratio_go_below_nothing() -> None:
    theirs = [confint_proportions_2indep(*figures, compare="ratio", method="score")[0] for figures in NO_EVENTS]
    still(min(theirs) < 0, "the score limits of a ratio at 0 events", "own code in pairs.score_ratio_limits")


@pytest.mark.parametrize("figures", NO_EVENTS)
def test_score_limits_of_a_ratio_at_no_events(figures) -> None:
    lower, upper = score_limits(figures)
    assert lower == 0
    assert score_z(upper, figures) == pytest.approx(-Z95, rel=1e-6)


@pytest.mark.parametrize("figures", [(7, 34, 1, 34), (3, 18, 40, 160), (10, 10, 3, 20), (5, 10, 20, 20)])
def test_score_limits_of_a_ratio_are_where_the_test_begins_to_reject(figures) -> None:
    lower, upper = score_limits(figures)
    assert score_z(lower, figures) == pytest.approx(Z95, rel=1e-6)
    assert score_z(upper, figures) == pytest.approx(-Z95, rel=1e-6)


def test_where_all_of_the_second_have_the_event_the_score_limits_collapse() -> None:
    theirs = confint_proportions_2indep(5, 10, 20, 20, compare="ratio", method="score")
    still(theirs[1] - theirs[0] < 1e-6, "score limits of the ratio 5/10 to 20/20", "pairs.score_ratio_limits")
    # Below 5/6 the likeliest p2 is 1 and p1 the ratio r: (1/2 - r)^2 = k r (1 - r), k = z^2 / 10 * 30/29.
    k = Z95**2 / 10 * 30 / 29
    reach = math.sqrt(1 - 1 / (1 + k)) / 2
    assert score_limits((5, 10, 20, 20)) == pytest.approx((0.5 - reach, 0.5 + reach), rel=1e-9)


def test_where_all_of_both_have_the_event_the_score_limits_are_complex_numbers() -> None:
    theirs = confint_proportions_2indep(10, 10, 20, 20, compare="ratio", method="score")
    broken = np.iscomplexobj(theirs[0]) or not theirs[0] < 0.9
    still(broken, "score limits of the ratio 10/10 to 20/20", "pairs.score_ratio_limits")
    # Below 1: (1 - r) / r * 10 * 29/30 = z^2. Above 1: (r - 1) * 20 * 29/30 = z^2.
    expected = 1 / (1 + Z95**2 / 10 * 30 / 29), 1 + Z95**2 / 20 * 30 / 29
    assert score_limits((10, 10, 20, 20)) == pytest.approx(expected, rel=1e-9)


# Trends and random effects


def test_the_test_for_trend_lacks_one_person() -> None:
    count, base = [9, 11, 9, 15, 17], [24, 31, 24, 30, 28]
    people, events = sum(base), sum(count)
    middle = Fraction(sum(n * t for t, n in enumerate(base)), people)
    slope = sum(x * (t - middle) for t, x in enumerate(count))
    spread = sum(n * (t - middle) ** 2 for t, n in enumerate(base))
    share = Fraction(events, people)
    exact = slope**2 / (share * (1 - share) * spread)
    table = np.column_stack([count, np.subtract(base, count)])
    theirs = Table(table).test_ordinal_association(row_scores=np.arange(5.0), col_scores=np.array([1.0, 0.0]))
    assert theirs.zscore**2 == pytest.approx(float(exact * (people - 1) / people), rel=1e-9)
    still(
        theirs.zscore**2 < float(exact) * (1 - 1e-6),
        "Table.test_ordinal_association is (N - 1) / N of Cochran-Armitage's chi-squared",
        "marker.cochran_armitage",
    )
    ours = cochran_armitage(np.array(count, dtype=float), np.array(base, dtype=float), np.arange(5.0))
    assert ours[0] == pytest.approx(float(exact), rel=1e-12)


def test_the_variance_between_areas_is_negative() -> None:
    effect, variance = np.array([0.1, 0.1, 0.1]), np.array([0.04, 0.05, 0.06])
    theirs = float(combine_effects(effect, variance, method_re="dl").tau2)
    still(theirs < 0, "combine_effects('dl') gives a negative tau2", "the max in dispersion.random_effects")
    # Equal effects: nothing between them, and the mean weighs by 1 / variance alone.
    found = random_effects(effect, variance)
    assert (found.tau2, found.i2) == (0, 0)
    assert found.standard_error == pytest.approx(1 / math.sqrt(25 + 20 + 50 / 3))


def test_the_variance_between_areas_by_its_formula() -> None:
    effect, variance = [Fraction(1, 10), Fraction(5, 10), Fraction(12, 10)], [Fraction(n, 100) for n in (1, 2, 4)]
    weight = [1 / v for v in variance]
    mean = sum(w * y for w, y in zip(weight, effect, strict=True)) / sum(weight)
    q = sum(w * (y - mean) ** 2 for w, y in zip(weight, effect, strict=True))
    tau2 = (q - 2) / (sum(weight) - sum(w**2 for w in weight) / sum(weight))
    found = random_effects(np.array(effect, dtype=float), np.array(variance, dtype=float))
    assert (found.q, found.tau2) == pytest.approx((float(q), float(tau2)), rel=1e-12)
