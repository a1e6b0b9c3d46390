"""Checks of comparisons: two rates, two proportions, an interval and a benchmark."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analysis.statistics import pairs
from analysis.statistics.comparison import (
    add_judgement,
    add_position,
    add_proportion_difference,
    add_rate_ratio,
    add_risk_ratio,
)
from analysis.statistics.inputs import Floats
from analysis.statistics.rates import add_rate, wilson_limits
from analysis.statistics.reference_items import (
    Cases,
    Companions,
    Excluded,
    Figures,
    Item,
    Labels,
    decimals,
    figures,
    labels_of,
    pairs_of,
    texts,
    truths,
)
from analysis.statistics.representation import clopper_pearson_limits

_POLARITIES = {"HighIsGood": "higher_is_better", "LowIsGood": "lower_is_better"}


def check_two_rates(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check two rates against R's poisson.test, epitools and the score test."""
    yield Cases(len(frame))
    rows = _rows(frame, ("x1", "t1", "x2", "t2"))
    columns = {
        "ratio": "rate_ratio",
        "ratio_lower_ci": "exact_cond_lower",
        "ratio_upper_ci": "exact_cond_upper",
        "p_value": "exact_cond_p_poisson_test",
    }
    yield from pairs_of(add_rate_ratio(rows), frame, columns)
    for column in ("midp_p", "epitools_midp_p"):
        yield Figures(column, _each(rows, pairs.mid_p_rate), figures(frame, column))
    score = _each(rows, pairs.score_rate)
    yield Figures("score z", score[:, 0], figures(frame, "score_z"))
    yield Figures("score p", score[:, 1], figures(frame, "score_p"))
    yield from _log_limits(rows, frame, "epitools_wald_lower", "epitools_wald_upper")
    yield Excluded(2 * len(frame), "mid-P limits of the ratio are not offered; the exact ones are")


def check_two_areas(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check two areas or years: OHID's overlap of intervals beside tests and ratio."""
    yield Cases(len(frame))
    rows = _rows(frame, ("x1", "n1", "x2", "n2"))
    one = add_rate(rows)
    two = add_rate(rows[["other_numerator", "other_denominator"]].rename(columns=lambda name: name[6:]))
    interval = {"value": "rate", "lower_ci": "lower", "upper_ci": "upper"}
    for number, found in (("1", one), ("2", two)):
        yield from pairs_of(found, frame, {ours: f"{theirs}{number}" for ours, theirs in interval.items()})
    overlap = (one["lower_ci"] <= two["upper_ci"]) & (two["lower_ci"] <= one["upper_ci"])
    placed = add_position(one.assign(benchmark_value=two["value"]))["position"]
    score = _each(rows, pairs.score_rate)
    differs = overlap & (score[:, 1] < 0.05)
    for column, flag in (
        ("cis_overlap", overlap),
        ("area1_ci_excludes_rate2", placed != "similar"),
        ("overlap_but_score_p_below_05", differs),
    ):
        yield Labels(column, tuple(str(bool(cell)).lower() for cell in flag), tuple(truths(frame, column)))
    yield Figures("score z", score[:, 0], figures(frame, "score_z"))
    yield Figures("score p", score[:, 1], figures(frame, "score_p"))
    yield Figures("mid-P", _each(rows, pairs.mid_p_rate), figures(frame, "central_midp"))
    columns = {"ratio": "ratio", "ratio_lower_ci": "ratio_exact_lower", "ratio_upper_ci": "ratio_exact_upper"}
    yield from pairs_of(add_rate_ratio(rows), frame, columns | {"p_value": "exact_cond_p"})
    yield from _log_limits(rows, frame, "ratio_wald_log_lower", "ratio_wald_log_upper")


def check_two_proportions(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check two proportions against R's prop.test, fisher.test and epitools."""
    yield Cases(len(frame))
    rows = _rows(frame, ("x1", "n1", "x2", "n2"))
    found = add_risk_ratio(rows)
    x1, n1, x2, n2 = rows.to_numpy().T
    defined = (x1 > 0) & (x2 > 0) & ~((x1 == n1) & (x2 == n2))
    yield from pairs_of(found[defined], frame[defined], {"ratio": "ratio"})
    for source in ("katz", "epitools_katz"):
        columns = {"ratio_lower_ci": f"{source}_lower", "ratio_upper_ci": f"{source}_upper"}
        yield from pairs_of(found[defined], frame[defined], columns)
    yield Excluded(5 * int((~defined).sum()), "Katz limits are undefined at no events or where all have it")
    yield from pairs_of(found, frame, {"p_value": "fisher_p"})
    pearson = _each(rows, pairs.pearson)
    yield Figures("chi-squared", pearson[:, 0], figures(frame, "pearson_chi2"))
    yield Figures("Pearson's p", pearson[:, 1], figures(frame, "pearson_p"))
    yield Excluded(3 * len(frame), "R's odds ratio and its limits are good to 1% only; none is offered")
    yield Excluded(2 * len(frame), "Yates's correction is not offered")


def check_literature(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check intervals printed in papers, to half a unit of the last digit printed."""
    done = 0
    for at, method in enumerate(texts(frame, "method")):
        row = frame.iloc[[at]]
        kernel = _LITERATURE.get(method)
        if kernel is None:
            yield Excluded(1, f"{method} is not offered")
            continue
        done += 1
        (x1, n1, x2, n2), level = (
            (figures(row, name)[0] for name in ("x1", "n1", "x2", "n2")),
            float(figures(row, "confidence")[0]),
        )
        low, high = kernel((x1, x2), (n1, n2), level)
        for side, found in (("lower", low), ("upper", high)):
            cell = row[f"expected_{side}"].iloc[0]
            # Newcombe prints four decimals; a file that was typed in has lost the zeros at the end.
            places = 4 if "newcombe1998" in texts(row, "case_id")[0] else decimals(cell)
            half = 0.5000001 * 10.0**-places
            yield Figures(f"{method} {side}", np.array([found]), figures(row, f"expected_{side}"), 0.0, half)
    yield Cases(done)


def _wilson(events: pairs.Pair, base: pairs.Pair, level: float) -> pairs.Pair:
    low, high = wilson_limits(events[0], base[0], confidence=level)
    return float(low), float(high)


def _clopper_pearson(events: pairs.Pair, base: pairs.Pair, level: float) -> pairs.Pair:
    low, high = clopper_pearson_limits(events[0], base[0], confidence=level)
    return float(low), float(high)


def _newcombe(events: pairs.Pair, base: pairs.Pair, level: float) -> pairs.Pair:
    names = ("numerator", "denominator", "other_numerator", "other_denominator")
    rows = pd.DataFrame([(events[0], base[0], events[1], base[1])], columns=list(names))
    found = add_proportion_difference(rows, confidence=level, multiplier=1).iloc[0]
    return float(found["difference_lower_ci"]), float(found["difference_upper_ci"])


_LITERATURE: dict[str, Callable[[pairs.Pair, pairs.Pair, float], pairs.Pair]] = {
    "wilson_score": _wilson,
    "clopper_pearson": _clopper_pearson,
    "newcombe_hybrid_score_diff": _newcombe,
    "katz_log_ratio": lambda x, n, level: pairs.katz_limits(x, n, confidence=level),
    "koopman_score_ratio": lambda x, n, level: pairs.score_ratio_limits(x, n, confidence=level),
}


def check_benchmark(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check the position of an interval against a benchmark's value, and what it means under a polarity."""
    yield Cases(len(frame))
    held = pd.DataFrame({"lower_ci": figures(frame, "area_lower"), "upper_ci": figures(frame, "area_upper")})
    placed = add_position(held.assign(benchmark_value=figures(frame, "benchmark_value")))
    polarity = np.array([_POLARITIES.get(text, "neutral") for text in texts(frame, "polarity")])
    for name in np.unique(polarity):
        at = polarity == name
        found = labels_of(add_judgement(placed[at], polarity=str(name))["judgement"])
        expected = tuple(text.casefold() for text in texts(frame[at], "expected_outcome"))
        yield Labels("outcome", found, expected)


def _rows(frame: pd.DataFrame, columns: tuple[str, str, str, str]) -> pd.DataFrame:
    names = ("numerator", "denominator", "other_numerator", "other_denominator")
    return pd.DataFrame({ours: figures(frame, theirs) for ours, theirs in zip(names, columns, strict=True)})


def _each(rows: pd.DataFrame, kernel: Callable[[pairs.Pair, pairs.Pair], float | pairs.Pair]) -> Floats:
    found = [kernel((x1, x2), (n1, n2)) for x1, n1, x2, n2 in rows.to_numpy().tolist()]
    return np.array(found, dtype=np.float64)


def _log_limits(rows: pd.DataFrame, frame: pd.DataFrame, lower: str, upper: str) -> Iterator[Item]:
    limits = _each(rows, lambda x, t: pairs.log_rate_ratio_limits(x, t, confidence=0.95)).reshape(-1, 2)
    defined = (rows[["numerator", "other_numerator"]] > 0).all(axis=1).to_numpy()
    for place, column in enumerate((lower, upper)):
        yield Figures(f"log {column}", limits[defined, place], figures(frame[defined], column))
    undefined = int((~defined).sum())
    if undefined:
        yield Excluded(2 * undefined, "limits on the log scale are undefined at no events")
