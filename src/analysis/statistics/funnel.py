"""Funnels: where chance alone would put areas of each size about one common value.

Limits at 95% and 99.8%. A position compares strictly, the outer limits first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.errors import StatisticError
from analysis.statistics.inputs import (
    TWO_LEVELS,
    Bools,
    Floats,
    bases,
    counts,
    normal_quantile,
    parts,
    refuse,
    words,
)
from analysis.statistics.rates import rate_limits

WITHIN = "within limits"
BELOW = ("below 95% limits", "below 99.8% limits")
ABOVE = ("above 95% limits", "above 99.8% limits")
LINES = ("lower 95%", "upper 95%", "lower 99.8%", "upper 99.8%")


def add_proportion_funnel(
    rows: pd.DataFrame, *, multiplier: float = 100, baseline: float | None = None
) -> pd.DataFrame:
    """Add the funnel limits of a proportion and each row's position among them.

    P -/+ z sqrt(P (1 - P) / n), P = sum(numerator) / sum(denominator) of all rows unless given,
    kept within 0 and ``multiplier``; z at 95% and 99.8%.

    Args:
        rows: with ``numerator`` and the ``denominator`` (above 0) that it is a part of.
        multiplier: 100 for percentages.
        baseline: the common value on the scale of ``multiplier``, such as England's; needed where a row lacks
            its figures, because then the pooled value is not known.

    Returns:
        The same rows with ``value``, ``baseline``, ``funnel_lower_95``, ``funnel_upper_95``,
        ``funnel_lower_998``, ``funnel_upper_998`` (on the scale of ``multiplier``) and ``funnel_position``:
        "within limits", "above 95% limits", "above 99.8% limits" or below; missing where a figure is.

    Raises:
        StatisticError: for a numerator above its denominator, a missing figure without a baseline.

    Reference:
        Spiegelhalter DJ (2005) Funnel plots for comparing institutional performance. Stat Med 24:1185-1202.

    Example:
        >>> rows = pd.DataFrame({"numerator": [12, 45, 60], "denominator": [100, 100, 100]})
        >>> add_proportion_funnel(rows)["funnel_position"].tolist()
        ['below 99.8% limits', 'within limits', 'above 99.8% limits']
    """
    part, base = parts(rows, "numerator", "denominator")
    share = _pooled(rows, part, base, multiplier=multiplier, baseline=baseline) / multiplier
    lines = proportion_funnel_limits(base, baseline=share * multiplier, multiplier=multiplier)
    value = part / base * multiplier
    # Limits that were cut at 0 or the multiplier cannot be crossed: compare with the uncut ones.
    below = [share - (part / base) > reach for reach in _reaches(base, share)]
    above = [(part / base) - share > reach for reach in _reaches(base, share)]
    return rows.assign(
        value=value,
        baseline=share * multiplier,
        **dict(zip(_FUNNEL_COLUMNS, lines, strict=True)),
        funnel_position=_positions(rows, below, above, known=np.isfinite(value)),
    )


def proportion_funnel_limits(
    base: npt.ArrayLike, *, baseline: float, multiplier: float = 100
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the lower and upper 95% and the lower and upper 99.8% funnel limits at each ``base``.

    Example:
        >>> lower, upper, *_ = proportion_funnel_limits([100], baseline=50.0)
        >>> lower.round(2).tolist(), upper.round(2).tolist()
        ([40.2], [59.8])
    """
    share = baseline / multiplier
    near, far = _reaches(np.asarray(base, dtype=np.float64), share)
    ends = (share - near, share + near, share - far, share + far)
    lower95, upper95, lower998, upper998 = (np.clip(end, 0, 1) * multiplier for end in ends)
    return lower95, upper95, lower998, upper998


def add_rate_funnel(rows: pd.DataFrame, *, multiplier: float = 10_000, baseline: float | None = None) -> pd.DataFrame:
    """Add each row's position in the funnel of a rate: by the row's own OHID interval against the common
    rate.

    below where upper limit of the rate < baseline, above where lower limit > baseline; first at 99.8%, then
    95%.

    Args:
        rows: with ``numerator`` (events, needed even where 0) and ``denominator`` (above 0).
        multiplier: the rate is per this many.
        baseline: the common rate; by default the pooled one, sum(numerator) / sum(denominator).

    Returns:
        The same rows with ``value``, ``baseline`` (per ``multiplier``) and ``funnel_position``.
        The lines of the chart come from :func:`make_rate_funnel_lines`.

    Raises:
        StatisticError: for a negative count, a denominator of 0 or less, a missing figure without a baseline.

    Reference:
        OHID, PHEindicatormethods: phe_funnels (the rule, not the code).

    Example:
        >>> rows = pd.DataFrame({"numerator": [5, 60, 120], "denominator": [10_000] * 3})
        >>> add_rate_funnel(rows)["funnel_position"].tolist()
        ['below 99.8% limits', 'within limits', 'above 99.8% limits']
    """
    count, base = counts(rows, "numerator"), bases(rows, "denominator")
    common = _pooled(rows, count, base, multiplier=multiplier, baseline=baseline)
    return rows.assign(
        value=count / base * multiplier,
        baseline=common,
        funnel_position=_by_interval(rows, count, expected=base * common / multiplier),
    )


def add_ratio_funnel(rows: pd.DataFrame) -> pd.DataFrame:
    """Add each row's position in the funnel of a standardised ratio, observed to expected, about 1.

    Args:
        rows: with ``observed`` (events) and ``expected`` (above 0).

    Returns:
        The same rows with ``ratio`` (1 means as expected) and ``funnel_position``, as
        :func:`add_rate_funnel`.

    Raises:
        StatisticError: for a negative count, nothing expected.

    Example:
        >>> rows = pd.DataFrame({"observed": [8, 151], "expected": [6.24, 106.44]})
        >>> add_ratio_funnel(rows)["funnel_position"].tolist()
        ['within limits', 'above 99.8% limits']
    """
    observed, expected = counts(rows, "observed"), bases(rows, "expected")
    return rows.assign(ratio=observed / expected, funnel_position=_by_interval(rows, observed, expected=expected))


def expected_at_limits(observed: npt.ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the expected counts at which ``observed`` events lie exactly on a funnel line.

    On the lower line P(X <= O | E) = a / 2: E = chi2_{1 - a/2}(2 O + 2) / 2; on the upper line
    E = chi2_{a/2}(2 O) / 2. Order: lower 95%, upper 95%, lower 99.8%, upper 99.8%. So the ratio O / E
    of the lower line is below 1, that of the upper above.

    Example:
        >>> [round(float(line), 4) for line in expected_at_limits(1)]
        [5.5716, 0.0253, 9.2334, 0.001]
    """
    count = np.asarray(observed, dtype=np.float64)
    tails = [(1 - level) / 2 for level in TWO_LEVELS]
    lower = [stats.chi2.isf(tail, 2 * count + 2) / 2 for tail in tails]
    upper = [np.where(count > 0, stats.chi2.ppf(tail, 2 * np.maximum(count, 1)) / 2, 0.0) for tail in tails]
    return lower[0], upper[0], lower[1], upper[1]


def make_rate_funnel_lines(
    *, baseline: float, largest: float, multiplier: float = 10_000, points: int = 100
) -> pd.DataFrame:
    """Make the four lines of a rate funnel, each point a denominator and the rate on the line there.

    A point holds O events: denominator = E(O) * multiplier / baseline, value = O / denominator * multiplier,
    with E(O) from :func:`expected_at_limits`.

    Args:
        baseline: the common rate, above 0 (per ``multiplier``).
        largest: the largest denominator that the chart shows.
        multiplier: the rate is per this many.
        points: how many points a line has at the most.

    Returns:
        One row a point: ``line`` (such as "lower 95%"), ``denominator``, ``value`` (per ``multiplier``).

    Raises:
        StatisticError: for a baseline or a largest denominator of 0 or less.

    Example:
        >>> lines = make_rate_funnel_lines(baseline=50.0, largest=20_000)
        >>> bool((lines.loc[lines["line"] == "lower 95%", "value"] < 50).all())
        True
    """
    if baseline <= 0 or largest <= 0:
        raise StatisticError(f"Baseline {baseline:g}, largest {largest:g}: expected numbers above 0.")
    most = largest * baseline / multiplier
    events = np.unique(np.round(np.geomspace(1, max(2.0, 2 * most + 20), points)))
    lines = [
        pd.DataFrame({"line": name, "denominator": expected * multiplier / baseline, "events": events})
        for name, expected in zip(LINES, expected_at_limits(events), strict=True)
    ]
    found = pd.concat(lines, ignore_index=True)
    found = found[found["denominator"] <= largest].reset_index(drop=True)
    return found.assign(value=found["events"] / found["denominator"] * multiplier).drop(columns="events")


_FUNNEL_COLUMNS = ("funnel_lower_95", "funnel_upper_95", "funnel_lower_998", "funnel_upper_998")


def _reaches(base: Floats, share: float) -> list[Floats]:
    return [normal_quantile(level) * np.sqrt(share * (1 - share) / base) for level in TWO_LEVELS]


def _by_interval(rows: pd.DataFrame, count: Floats, *, expected: Floats) -> pd.Series:
    limits = [rate_limits(count, confidence=level) for level in TWO_LEVELS]
    below = [upper < expected for _, upper in limits]
    above = [lower > expected for lower, _ in limits]
    return _positions(rows, below, above, known=np.isfinite(count + expected))


def _positions(rows: pd.DataFrame, below: list[Bools], above: list[Bools], *, known: Bools) -> pd.Series:
    conditions = [below[1], above[1], below[0], above[0]]
    names = np.select(conditions, [BELOW[1], ABOVE[1], BELOW[0], ABOVE[0]], default=WITHIN)
    return words(rows, [str(name) if there else None for name, there in zip(names, known, strict=True)])


def _pooled(rows: pd.DataFrame, part: Floats, base: Floats, *, multiplier: float, baseline: float | None) -> float:
    if baseline is not None:
        return baseline
    for column, values in (("numerator", part), ("denominator", base)):
        expected = "a figure in every row, because the pooled value needs them all; else give a baseline"
        refuse(values, np.isnan(values), column=column, expected=expected, labels=list(rows.index))
    return float(part.sum() / base.sum() * multiplier) if len(base) else np.nan
