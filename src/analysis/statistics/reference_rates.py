"""Checks of rates and proportions, of their limits, and of what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.funnel import add_proportion_funnel, add_rate_funnel
from analysis.statistics.rates import (
    add_proportion,
    add_rate,
    byar_limits,
    exact_limits,
    wilson_limits,
)
from analysis.statistics.reference_items import (
    METHODS,
    Cases,
    Companions,
    Excluded,
    Figures,
    Item,
    Labels,
    Refusals,
    figures,
    labels_of,
    pairs_of,
    texts,
    vector,
)
from analysis.statistics.representation import clopper_pearson_limits
from analysis.statistics.rounding import prints_as

_INTERVAL = {"value": "expected_value", "lower_ci": "expected_lower", "upper_ci": "expected_upper"}


def check_rate(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check rates with OHID intervals, one row a rate at one level."""
    yield from _intervals(frame, add_rate)


def check_proportion(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check proportions with Wilson intervals, one row a proportion at one level."""
    yield from _intervals(frame, add_proportion)


def _intervals(frame: pd.DataFrame, add: Callable[..., pd.DataFrame]) -> Iterator[Item]:
    yield Cases(len(frame))
    held = pd.DataFrame({"numerator": figures(frame, "count"), "denominator": figures(frame, "population")})
    held = held.assign(multiplier=figures(frame, "multiplier"), level=figures(frame, "confidence"))
    for (multiplier, level), group in held.groupby(["multiplier", "level"], dropna=False):
        found, expected = add(group, multiplier=multiplier, confidence=level), frame.iloc[group.index]
        yield from pairs_of(found, expected, _INTERVAL)
        known = np.isfinite(found["value"].to_numpy())
        theirs = [METHODS.get(text, text) for text in texts(expected[known], "expected_method")]
        yield Labels("method", labels_of(found["method"][known]), tuple(theirs))


def check_byars_wilson(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check single calls of Byar's and Wilson's limits."""
    yield Cases(len(frame))
    x, n, level = (figures(frame, name) for name in ("x", "n", "confidence"))
    found = [
        byar_limits(x[at], confidence=level[at])
        if name == "Byars"
        else wilson_limits(x[at], n[at], confidence=level[at])
        for at, name in enumerate(texts(frame, "method"))
    ]
    limits = np.array(found, dtype=np.float64).reshape(-1, 2)
    yield Figures("lower", limits[:, 0], figures(frame, "expected_lower"))
    yield Figures("upper", limits[:, 1], figures(frame, "expected_upper"))


def check_one_rate(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check exact Poisson limits against R's poisson.test and epitools."""
    yield Cases(len(frame))
    count, base, level = (figures(frame, name) for name in ("count", "population", "confidence"))
    yield Figures("rate", count / base, figures(frame, "rate"))
    for confidence in np.unique(level):
        at = level == confidence
        limits, some = exact_limits(count[at], confidence=float(confidence)), count[at] > 0
        for side, limit in zip(("lower", "upper"), limits, strict=True):
            found = limit / base[at]
            yield Figures(f"exact {side}", found, figures(frame[at], f"poisson_test_{side}"))
            yield Figures(f"Daly {side}", found[some], figures(frame[at], f"epitools_daly_{side}")[some])
        yield Excluded(2 * int((~some).sum()), "epitools' Daly limits at no events are one-sided")
    reason = "epitools' Byar and Wald limits are other formulas than OHID's, and not offered"
    yield Excluded(4 * len(frame), reason)


def check_one_proportion(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check Wilson and Clopper-Pearson limits against R."""
    yield Cases(len(frame))
    count, base, level = (figures(frame, name) for name in ("count", "population", "confidence"))
    for confidence in np.unique(level):
        at = level == confidence
        for name, limits in (("wilson", wilson_limits), ("clopper_pearson", clopper_pearson_limits)):
            lower, upper = limits(count[at], base[at], confidence=float(confidence))
            yield Figures(f"{name} lower", lower, figures(frame[at], f"{name}_lower"))
            yield Figures(f"{name} upper", upper, figures(frame[at], f"{name}_upper"))


def check_poisson_gamma_limits(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check exact Poisson limits of counts that need not be whole."""
    yield Cases(len(frame))
    for level, tail in ((0.95, "025"), (0.998, "001")):
        lower, upper = exact_limits(figures(frame, "expected"), confidence=level)
        yield Figures("lower", lower, figures(frame, f"poisson_exact_lower_{tail}"))
        yield Figures("upper", upper, figures(frame, f"poisson_exact_upper_{tail}"))


def check_errors(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check that what upstream refuses is refused here."""
    yield Cases(len(frame))
    refused, accepted = 0, []
    for name, x, n, confidence, case in zip(
        *(texts(frame, column) for column in ("function", "x", "n", "confidence", "case_id")), strict=True
    ):
        try:
            _call(name, x, n, confidence)
            accepted.append(f"{case}: {name}")
        except StatisticError:
            refused += 1
    yield Refusals(refused, tuple(accepted))


def _call(name: str, x: str, n: str, confidence: str) -> None:
    levels = tuple(float(level) for level in vector(confidence)) or (0.95,)
    level = levels[0] if len(levels) == 1 else levels
    rows = pd.DataFrame({"numerator": vector(x), "denominator": vector(n) if n else np.nan})
    if name == "rate":
        add_rate(rows, confidence=level)  # type: ignore[arg-type]
    elif name == "proportion":
        add_proportion(rows, confidence=level)  # type: ignore[arg-type]
    elif name.startswith("byars"):
        byar_limits(vector(x), confidence=levels[0])
    elif name.startswith("wilson"):
        wilson_limits(vector(x), vector(n), confidence=levels[0])
    elif name == "funnel_significance_rate":
        add_rate_funnel(rows)
    else:
        add_proportion_funnel(rows)


def check_round_five_up(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check that a number lies in what its published rounding, half up, stands for."""
    yield Cases(len(frame))
    places = [0 if np.isnan(dp) else int(dp) for dp in figures(frame, "dp")]
    printed = zip(texts(frame, "number"), texts(frame, "expected"), places, strict=True)
    found = tuple(str(prints_as(number, value, precision=dp)) for number, value, dp in printed)
    yield Labels("prints as", found, ("True",) * len(frame))
