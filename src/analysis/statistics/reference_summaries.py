"""Checks of summaries of many rows: means, standardised rates, quantiles, indices of inequality."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd

from analysis.statistics.inequality import Transform, summarise_slope_index
from analysis.statistics.means import summarise_mean
from analysis.statistics.ranks import add_quantile
from analysis.statistics.rates import rate_limits
from analysis.statistics.reference_items import (
    METHODS,
    Cases,
    Companions,
    Excluded,
    Figures,
    Item,
    Labels,
    companion,
    figures,
    labels_of,
    pairs_of,
    texts,
)
from analysis.statistics.standardised import (
    summarise_directly_standardised_rate,
    summarise_indirectly_standardised_rate,
)

QUANTILES = {
    "Tertile": 3,
    "Quartile": 4,
    "Quintile": 5,
    "Sextile": 6,
    "Septile": 7,
    "Octile": 8,
    "Nonile": 9,
    "Decile": 10,
    "Ventile": 20,
    "Percentile": 100,
}
ESP2013 = (
    5000,
    5500,
    5500,
    5500,
    6000,
    6000,
    6500,
    *[7000] * 4,
    6500,
    6000,
    5500,
    5000,
    4000,
    2500,
    1500,
    1000,
)
_LEVELS = {0.95: "95_0", 0.998: "99_8"}


def check_mean(frame: pd.DataFrame, companions: Companions) -> Iterator[Item]:
    """Check means with t limits; the values stand in the companion file."""
    key = "area" if "area" in frame.columns else "series"
    given = companion(companions, "phe_mean_input", column=key)
    if given is None:
        yield Excluded(len(frame), "the file of input values, phe_mean_input, is not there")
        return
    yield Cases(len(frame))
    held = pd.DataFrame({"group": texts(given, key), "value": figures(given, "value")})
    names, level = texts(frame, key), figures(frame, "confidence")
    columns = {
        "n": "n",
        "standard_deviation": "stdev",
        **{name: name[:-3] for name in ("lower_ci", "upper_ci")},
    }
    for at, name in enumerate(names):
        rows = held if name == "No grouping" else held[held["group"] == name]
        found = summarise_mean(rows, confidence=level[at])
        expected = {ours: f"expected_{theirs}" for ours, theirs in {"value": "value", **columns}.items()}
        yield from pairs_of(found, frame.iloc[[at]], expected)


def check_dsr(frame: pd.DataFrame, companions: Companions) -> Iterator[Item]:
    """Check directly standardised rates with Dobson's limits."""
    yield Cases(len(frame))
    for at, area in enumerate(texts(frame, "area")):
        rows, prefix = _strata(companions, area)
        if rows is None:
            yield Excluded(1, f"the strata of {area} are not there")
            continue
        row, multiplier = frame.iloc[[at]], _multiplier(texts(frame, "statistic")[at])
        for level, name in _LEVELS.items():
            found = summarise_directly_standardised_rate(
                rows, multiplier=multiplier, confidence=level, persons_with=prefix
            )
            yield from pairs_of(found, row, {"numerator": "expected_total_count", "value": "expected_value"})
            yield from _dsr_limits(found, row, name, area)


def _dsr_limits(found: pd.DataFrame, row: pd.DataFrame, name: str, area: str) -> Iterator[Item]:
    columns = {"lower_ci": f"expected_lower{name}cl", "upper_ci": f"expected_upper{name}cl"}
    scale = [figures(row, theirs)[0] / figures(found, ours)[0] for ours, theirs in columns.items()]
    if area == "testdata_1976" and np.allclose(scale, 10, rtol=1e-9):
        yield Excluded(2, "testdata_1976: its published 99.8% limits are ten times too large")
    else:
        yield from pairs_of(found, row, columns)


def check_isr(frame: pd.DataFrame, companions: Companions) -> Iterator[Item]:
    """Check indirectly standardised rates and ratios, from strata where they are given and from totals."""
    yield Cases(len(frame))
    for at, area in enumerate(texts(frame, "area")):
        row, statistic = frame.iloc[[at]], texts(frame, "statistic")[at]
        kind: Literal["rate", "ratio"] = "ratio" if "ratio" in statistic else "rate"
        multiplier = _multiplier(statistic)
        yield from _isr_from_totals(row, multiplier, kind)
        rows, _ = _strata(companions, area)
        if rows is None or "reference_numerator" not in rows.columns:
            yield Excluded(1, f"the strata of {area} are not there; compared from its totals only")
            continue
        for level, name in _LEVELS.items():
            found = summarise_indirectly_standardised_rate(rows, multiplier=multiplier, confidence=level, kind=kind)
            yield from pairs_of(found, row, _isr_columns(name))
            expected = METHODS.get(texts(row, "method")[0], "")
            yield Labels("method", labels_of(found["method"]), (expected,))


def _isr_from_totals(row: pd.DataFrame, multiplier: float, kind: str) -> Iterator[Item]:
    observed, expected = figures(row, "expected_observed"), figures(row, "expected_expected")
    scale = (figures(row, "expected_ref_rate") if kind == "rate" else multiplier) / expected
    yield Figures("value from totals", observed * scale, figures(row, "expected_value"))
    for level, name in _LEVELS.items():
        limits = rate_limits(observed, confidence=level)
        for side, limit in zip(("lower", "upper"), limits, strict=True):
            theirs = figures(row, f"expected_{side}{name}cl")
            if np.isfinite(theirs).all():
                yield Figures(f"{side} from totals", limit * scale, theirs)


def _isr_columns(name: str) -> dict[str, str]:
    return {
        "numerator": "expected_observed",
        "denominator": "expected_expected",
        "value": "expected_value",
        "lower_ci": f"expected_lower{name}cl",
        "upper_ci": f"expected_upper{name}cl",
    }


def _strata(companions: Companions, area: str) -> tuple[pd.DataFrame | None, str | None]:
    for name, prefix in (("phe_dsr_isr_input", None), ("phe_dsr_nonindependent_input", "persons_with_")):
        given = companion(companions, name)
        if given is not None and area in texts(given, "area"):
            return _area_strata(given, area, prefix), prefix
    given = companion(companions, "phe_dsr1976_input")
    if given is None or not area.endswith("1976"):
        return None, None
    names = {"numerator": "count", "denominator": "pop", "weight": "esp1976"}
    return pd.DataFrame({ours: figures(given, theirs) for ours, theirs in names.items()}), None


def _area_strata(given: pd.DataFrame, area: str, prefix: str | None) -> pd.DataFrame | None:
    mine = np.array(texts(given, "area")) == area
    bands = pd.Series(texts(given, "ageband"))
    names = {"numerator": "count", "denominator": "pop"}
    names |= {"reference_numerator": "refcount", "reference_denominator": "refpop"} if prefix is None else {}
    names |= {name: name for name in given.columns if prefix is not None and name.startswith(prefix)}
    held = pd.DataFrame({ours: figures(given, theirs) for ours, theirs in names.items()})
    # A blank count stands for 0 in these files; a blank population is that of the same band in another area.
    for name in ("denominator", "reference_numerator", "reference_denominator"):
        if name in held.columns:
            held[name] = held[name].fillna(held[name].groupby(bands).transform("first"))
    rows = held[mine].fillna(0).reset_index(drop=True)
    return rows.assign(weight=ESP2013) if len(rows) == len(ESP2013) else None


def _multiplier(statistic: str) -> float:
    last = statistic.rsplit(maxsplit=1)[-1]
    return float(last) if last.isdigit() and "NA" not in statistic else 100_000


def check_quantile(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check quantiles by polarity within groups of areas."""
    good = np.array([text.startswith("Good") for text in texts(frame, "test")], dtype=np.bool_)
    yield Excluded(int((~good).sum()), "upstream's test of mixed polarities; ours takes one polarity a call")
    held = frame[good].reset_index(drop=True)
    yield Cases(len(held))
    keys = pd.DataFrame({name: texts(held, name) for name in ("group_set", "indicator_sex_ref", "parent_code")})
    keys.loc[keys["group_set"] != "IndSexReg", "parent_code"] = ""
    keys.loc[keys["group_set"].isin(["None", ""]), "indicator_sex_ref"] = ""
    for places in keys.groupby(list(keys.columns), sort=False).indices.values():
        rows = held.iloc[places]
        signs = {"high" if word in ("RAG - High is good", "False") else "low" for word in texts(rows, "polarity")}
        # Where one group holds both polarities upstream uses its default, that low is good.
        polarity = "higher_is_better" if signs == {"high"} else "lower_is_better"
        values = pd.DataFrame({"value": figures(rows, "value")})
        found = add_quantile(values, polarity=polarity, quantiles=QUANTILES[texts(rows, "quantile_name")[0]])
        yield Figures("quantile", figures(found, "quantile"), figures(rows, "expected_quantile_in_group"))


def check_sii(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check point values of the slope and relative index of inequality."""
    keys = pd.DataFrame({name: texts(frame, name) for name in ("TestDescription", "Area", "Grouping1", "Grouping2")})
    groups = keys.groupby(list(keys.columns), sort=False, dropna=False).indices
    done = 0
    for places in groups.values():
        rows = frame.iloc[places]
        first = rows.iloc[[0]]
        if not np.isfinite(figures(first, "sii")[0]):
            yield Excluded(1, "upstream's tests of errors and warnings give no index to compare")
            continue
        done += 1
        found = _slope_index(rows, texts(first, "TestDescription")[0])
        for ours, theirs in (("slope_index", "sii"), ("relative_index", "rii"), ("intercept", "Intercept")):
            if np.isfinite(figures(first, theirs)[0]):
                yield Figures(ours, figures(found, ours), figures(first, theirs))
    yield Cases(done)
    yield Excluded(done, "intervals of the indices rest on random draws upstream; none is offered")


def _slope_index(rows: pd.DataFrame, description: str) -> pd.DataFrame:
    transform: Transform = "none"
    if "log transform" in description:
        transform = "log"
    if "logit transform" in description:
        transform = "logit"
    named = description.partition("(x ")[2].partition(")")[0]
    multiplier = float(named) if named else (-1.0 if "negative multiplier" in description else 1.0)
    held = pd.DataFrame({"quantile": figures(rows, "Quantile"), "value": figures(rows, "Value")})
    held["denominator"] = figures(rows, "Population")
    return summarise_slope_index(held, transform=transform, multiplier=multiplier)
