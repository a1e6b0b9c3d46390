"""One figure against another: a benchmark's value, another area, another year."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, TypeVar

import numpy as np
import pandas as pd

from analysis.errors import StatisticError, did_you_mean
from analysis.statistics import pairs
from analysis.statistics.inputs import Floats, bases, confidence_level, counts, numbers, parts, words

T = TypeVar("T")

POSITIONS = ("higher", "similar", "lower")
_JUDGEMENTS = {
    "higher_is_better": {"higher": "better", "lower": "worse", "similar": "similar"},
    "lower_is_better": {"higher": "worse", "lower": "better", "similar": "similar"},
    "neutral": {"higher": "higher", "lower": "lower", "similar": "similar"},
}
_RATIO_LIMITS = {
    "katz": (pairs.katz_limits, "Katz log limits"),
    "score": (pairs.score_ratio_limits, "Miettinen-Nurminen score limits"),
}


def add_position(rows: pd.DataFrame, *, benchmark: str = "benchmark_value") -> pd.DataFrame:
    """Add where each row stands against its benchmark: by the row's interval against the benchmark's value.

    higher where lower_ci > benchmark, lower where upper_ci < benchmark, else similar. The benchmark's own
    interval is ignored, as OHID does; an interval that only touches the benchmark is similar.

    Args:
        rows: with ``lower_ci``, ``upper_ci`` and the benchmark's value, all in one unit.
        benchmark: the column that holds the benchmark's value.

    Returns:
        The same rows with ``position``: "higher", "similar" or "lower", missing where a number is missing.

    Raises:
        StatisticError: for a missing column or a cell that is not a number.

    Reference:
        OHID, Technical guide: confidence intervals (2018), comparisons with a benchmark.

    Example:
        >>> rows = pd.DataFrame({"lower_ci": [60.0, 40.0], "upper_ci": [75.0, 55.0]})
        >>> rows = rows.assign(benchmark_value=50.0)
        >>> add_position(rows)["position"].tolist()
        ['higher', 'similar']
    """
    lower, upper, fixed = numbers(rows, "lower_ci"), numbers(rows, "upper_ci"), numbers(rows, benchmark)
    names = np.where(lower > fixed, "higher", np.where(upper < fixed, "lower", "similar"))
    known = np.isfinite(lower + upper + fixed)
    return rows.assign(
        position=words(rows, [str(name) if there else None for name, there in zip(names, known, strict=True)])
    )


def add_judgement(rows: pd.DataFrame, *, polarity: str) -> pd.DataFrame:
    """Add what a position means under a polarity: better, worse or similar; a neutral one is not judged.

    Args:
        rows: with ``position``.
        polarity: "higher_is_better", "lower_is_better" or "neutral".

    Returns:
        The same rows with ``judgement``; under neutral polarity it repeats the position.

    Raises:
        StatisticError: for an unknown polarity.

    Example:
        >>> rows = pd.DataFrame({"position": ["higher"]})
        >>> add_judgement(rows, polarity="lower_is_better")["judgement"].tolist()
        ['worse']
    """
    if polarity not in _JUDGEMENTS:
        raise StatisticError(f"Polarity {polarity!r} is not known. {did_you_mean(polarity, _JUDGEMENTS)}")
    if "position" not in rows.columns:
        raise StatisticError("Column 'position' is needed: add it with add_position first.")
    meaning = _JUDGEMENTS[polarity]
    return rows.assign(judgement=words(rows, [meaning.get(str(name)) for name in rows["position"]]))


def add_rate_ratio(rows: pd.DataFrame, *, confidence: float = 0.95, multiplier: float = 10_000) -> pd.DataFrame:
    """Add the ratio of two rates with its exact conditional interval and p-value.

    ratio = (numerator / denominator) / (other_numerator / other_denominator). Given all events, those of the
    first are binomial; the interval transforms Clopper-Pearson's, the p-value is two-sided by probability.

    Args:
        rows: with ``numerator``, ``other_numerator`` (whole events), ``denominator``, ``other_denominator``
            (above 0).
        confidence: a fraction, such as 0.95.
        multiplier: the difference is per this many.

    Returns:
        The same rows with ``ratio``, ``ratio_lower_ci``, ``ratio_upper_ci`` (1 means equal; infinite where
        the other has no events), ``p_value``, ``difference`` (per ``multiplier``), ``confidence``,
        ``method``.

    Raises:
        StatisticError: for a negative or fractional count, a denominator of 0 or less.

    Reference:
        Przyborowski J, Wilenski H (1940) Biometrika 31:313-323.

    Example:
        >>> rows = pd.DataFrame({"numerator": [30], "denominator": [1000],
        ...                      "other_numerator": [24], "other_denominator": [1000]})
        >>> add_rate_ratio(rows)[["ratio", "ratio_lower_ci", "ratio_upper_ci", "p_value"]].round(3)
           ratio  ratio_lower_ci  ratio_upper_ci  p_value
        0   1.25           0.706           2.234    0.497
    """
    level = confidence_level(confidence)
    events = _both(counts(rows, "numerator", whole=True), counts(rows, "other_numerator", whole=True))
    time = _both(bases(rows, "denominator"), bases(rows, "other_denominator"))
    limits = _intervals(events, time, lambda x, t: pairs.exact_rate_ratio_limits(x, t, confidence=level))
    rates = events / time
    return rows.assign(
        ratio=_ratios(rates),
        ratio_lower_ci=limits[:, 0],
        ratio_upper_ci=limits[:, 1],
        p_value=_each(events, time, pairs.exact_rate_p, missing=math.nan),
        difference=(rates[:, 0] - rates[:, 1]) * multiplier,
        confidence=level,
        method=words(rows, _each(events, time, lambda _x, _t: "exact conditional", missing=None)),
    )


def add_risk_ratio(
    rows: pd.DataFrame, *, confidence: float = 0.95, limits: Literal["katz", "score"] = "katz"
) -> pd.DataFrame:
    """Add the ratio of two proportions with its interval and Fisher's p-value.

    ratio = (numerator / denominator) / (other_numerator / other_denominator);
    Katz: ratio exp(-/+ z sqrt(1/x1 - 1/n1 + 1/x2 - 1/n2)); score: Miettinen and Nurminen's, which holds at
        small counts.

    Args:
        rows: with ``numerator``, ``denominator``, ``other_numerator``, ``other_denominator`` (whole persons).
        confidence: a fraction, such as 0.95.
        limits: "katz" or "score". Katz's are poor unless samples are large, and undefined at 0 events.

    Returns:
        The same rows with ``ratio``, ``ratio_lower_ci``, ``ratio_upper_ci`` (1 means equal), ``p_value``
        (Fisher's exact, two-sided), ``confidence``, ``method``. Where Katz's limits are undefined they are
        missing and the method says so.

    Raises:
        StatisticError: for counts that are negative, fractional or above their base, an unknown kind of
            limits.

    Reference:
        Katz D et al. (1978) Biometrics 34:469-474. Miettinen O, Nurminen M (1985) Stat Med 4:213-226.
        Fagerland MW, Lydersen S, Laake P (2015) Stat Methods Med Res 24:224-254.

    Example:
        >>> rows = pd.DataFrame({"numerator": [18], "denominator": [48],
        ...                      "other_numerator": [89], "other_denominator": [402]})
        >>> add_risk_ratio(rows)[["ratio", "ratio_lower_ci", "ratio_upper_ci", "p_value"]].round(3)
           ratio  ratio_lower_ci  ratio_upper_ci  p_value
        0  1.694           1.126           2.549     0.03
    """
    if limits not in _RATIO_LIMITS:
        raise StatisticError(f"Limits {limits!r} are not known. {did_you_mean(limits, _RATIO_LIMITS)}")
    level = confidence_level(confidence)
    kernel, name = _RATIO_LIMITS[limits]
    events, base = _two_proportions(rows)
    interval = _intervals(events, base, lambda x, n: kernel(x, n, confidence=level))

    def method(x: pairs.Pair, n: pairs.Pair) -> str | None:
        return f"{name}{_undefined(x, n, limits)}, Fisher's exact p"

    return rows.assign(
        ratio=_ratios(events / base),
        ratio_lower_ci=interval[:, 0],
        ratio_upper_ci=interval[:, 1],
        p_value=_each(events, base, pairs.fisher_p, missing=math.nan),
        confidence=level,
        method=words(rows, _each(events, base, method, missing=None)),
    )


def add_proportion_difference(rows: pd.DataFrame, *, confidence: float = 0.95, multiplier: float = 100) -> pd.DataFrame:
    """Add the difference of two proportions with Newcombe's interval and a p-value.

    difference = multiplier * (numerator / denominator - other_numerator / other_denominator). The p-value is
    Fisher's exact one where an expected count is below 5, Pearson's without correction otherwise.

    Args:
        rows: with ``numerator``, ``denominator``, ``other_numerator``, ``other_denominator`` (whole persons).
        confidence: a fraction, such as 0.95.
        multiplier: 100 for percentage points.

    Returns:
        The same rows with ``difference``, ``difference_lower_ci``, ``difference_upper_ci`` (on the scale of
        ``multiplier``), ``p_value``, ``confidence``, ``method``, which names the test.

    Raises:
        StatisticError: for counts that are negative, fractional or above their base.

    Reference:
        Newcombe RG (1998) Stat Med 17:873-890, method 10.

    Example:
        >>> rows = pd.DataFrame({"numerator": [56], "denominator": [70],
        ...                      "other_numerator": [48], "other_denominator": [80]})
        >>> add_proportion_difference(rows).filter(like="difference").round(2)
           difference  difference_lower_ci  difference_upper_ci
        0        20.0                 5.24                33.39
    """
    level = confidence_level(confidence)
    events, base = _two_proportions(rows)
    shares = events / base
    limits = _intervals(events, base, lambda x, n: pairs.newcombe_limits(x, n, confidence=level))
    return rows.assign(
        difference=(shares[:, 0] - shares[:, 1]) * multiplier,
        difference_lower_ci=limits[:, 0] * multiplier,
        difference_upper_ci=limits[:, 1] * multiplier,
        p_value=_each(events, base, _difference_p, missing=math.nan),
        confidence=level,
        method=words(rows, _each(events, base, _difference_method, missing=None)),
    )


def _is_small(events: pairs.Pair, base: pairs.Pair) -> bool:
    return pairs.smallest_expected(events, base) < pairs.SMALL_EXPECTED


def _difference_method(events: pairs.Pair, base: pairs.Pair) -> str:
    test = "Fisher's exact" if _is_small(events, base) else "Pearson's"
    return f"Newcombe limits, {test} p"


def _difference_p(events: pairs.Pair, base: pairs.Pair) -> float:
    return pairs.fisher_p(events, base) if _is_small(events, base) else pairs.pearson(events, base)[1]


def _undefined(events: pairs.Pair, base: pairs.Pair, limits: str) -> str:
    if sum(events) == 0:
        return " undefined: no events in either"
    if limits == "katz" and min(events) == 0:
        return " undefined at 0 events"
    if limits == "katz" and events == base:
        return " undefined where all have the event"
    return ""


def _two_proportions(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    one = parts(rows, "numerator", "denominator", whole=True)
    two = parts(rows, "other_numerator", "other_denominator", whole=True)
    return _both(one[0], two[0]), _both(one[1], two[1])


def _both(one: Floats, two: Floats) -> Floats:
    return np.column_stack([one, two])


def _ratios(figures: Floats) -> list[float]:
    return [pairs.ratio_of(one, two) for one, two in figures.tolist()]


def _intervals(events: Floats, base: Floats, kernel: Callable[[pairs.Pair, pairs.Pair], pairs.Pair]) -> Floats:
    return np.array(_each(events, base, kernel, missing=pairs.UNKNOWN), dtype=np.float64).reshape(-1, 2)


def _each(events: Floats, base: Floats, kernel: Callable[[pairs.Pair, pairs.Pair], T], *, missing: T) -> list[T]:
    return [
        missing if math.isnan(sum(x) + sum(n)) else kernel((x[0], x[1]), (n[0], n[1]))
        for x, n in zip(events.tolist(), base.tolist(), strict=True)
    ]
