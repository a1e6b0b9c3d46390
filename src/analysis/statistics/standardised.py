"""Directly and indirectly standardised rates: one figure from many age bands (or other strata)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.inputs import Floats, bases, confidence_level, counts, words
from analysis.statistics.rates import BYAR_FROM, byar_limits, rate_limits

# Below this many events in all, a directly standardised rate is not worth its weights; OHID leaves it out.
DIRECT_FROM = 10
_COLUMNS = ["numerator", "denominator", "value", "lower_ci", "upper_ci", "confidence", "method"]


def summarise_directly_standardised_rate(
    rows: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    multiplier: float = 100_000,
    confidence: float = 0.95,
    persons_with: str | None = None,
) -> pd.DataFrame:
    """Summarise strata into a directly standardised rate with Dobson's interval, one row for each group.

    value = sum(w x / n) / sum(w); var = sum(x (w / n)^2) / sum(w)^2;
    limits = value + sqrt(var / O) (B(O) - O), O = sum x, B Byar's limits of O.
    Where one person can have several events, var takes the sum over f of f^2 times the persons with f
    events in place of x.

    Args:
        rows: one stratum a row, with ``numerator`` (x, events), ``denominator`` (n, persons) and ``weight``
            (w, the standard population).
        by: the columns that tell groups apart; none makes one group of all rows.
        multiplier: the rate is per this many.
        confidence: a fraction, such as 0.95.
        persons_with: prefix of columns that count persons by their number of events, such as
            ``persons_with_`` for ``persons_with_1``, ``persons_with_2``; for events that are not independent.

    Returns:
        One row a group: the columns ``by``, ``numerator``, ``denominator`` (totals), ``value``, ``lower_ci``,
        ``upper_ci`` (per ``multiplier``), ``confidence``, ``method``. Below 10 events in all, or where a
        stratum is missing, value, limits and method are missing.

    Raises:
        StatisticError: for a negative numerator, a denominator or weight of 0 or less.

    Reference:
        Dobson AJ, Kuulasmaa K, Eberle E, Scherer J (1991) Stat Med 10:457-462. OHID technical guide (2018).

    Example:
        >>> rows = pd.DataFrame({"numerator": [30, 20], "denominator": [1000, 500], "weight": [6000, 4000]})
        >>> shown = ["numerator", "value", "lower_ci", "upper_ci"]
        >>> summarise_directly_standardised_rate(rows, multiplier=1000)[shown].round(2)
           numerator  value  lower_ci  upper_ci
        0       50.0   34.0     25.14     44.94
    """
    level = confidence_level(confidence)
    held = rows.assign(_x=counts(rows, "numerator"), _n=bases(rows, "denominator"), _w=bases(rows, "weight"))
    held["_v"] = _event_variance(held, persons_with)
    name = "Dobson" if persons_with is None else "Dobson, events not independent"

    def one(group: pd.DataFrame) -> tuple[object, ...]:
        x, n, w, v = (group[column].to_numpy(dtype=np.float64) for column in ("_x", "_n", "_w", "_v"))
        total, value = x.sum(), np.sum(w * x / n) / w.sum()
        if not np.isfinite(value) or total < DIRECT_FROM:
            return total, n.sum(), np.nan, np.nan, np.nan, level, None
        scale = np.sqrt(np.sum(v * (w / n) ** 2) / w.sum() ** 2 / total)
        lower, upper = byar_limits(total, confidence=level)
        limits = ((value + scale * (limit - total)) * multiplier for limit in (lower, upper))
        return total, n.sum(), value * multiplier, *(float(limit) for limit in limits), level, name

    return _summarise(held, by, one)


def summarise_indirectly_standardised_rate(
    rows: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    multiplier: float = 100_000,
    confidence: float = 0.95,
    kind: Literal["rate", "ratio"] = "rate",
) -> pd.DataFrame:
    """Summarise strata into an indirectly standardised rate or ratio, one row for each group.

    E = sum(n x_ref / n_ref); ratio = O / E; rate = O / E * sum(x_ref) / sum(n_ref).
    Limits are those of O (Byar's from 10 events, exact below), scaled in the same way.

    Args:
        rows: one stratum a row, with ``numerator`` (events), ``denominator`` (persons),
            ``reference_numerator`` and ``reference_denominator`` (events and persons of the standard).
        by: the columns that tell groups apart; none makes one group of all rows.
        multiplier: the rate is per this many; 100 makes the usual standardised ratio.
        confidence: a fraction, such as 0.95.
        kind: "rate" or "ratio".

    Returns:
        One row a group: the columns ``by``, ``numerator`` (observed), ``denominator`` (expected events),
        ``value``, ``lower_ci``, ``upper_ci`` (times ``multiplier``), ``confidence``, ``method``; all but the
        totals are missing where a stratum is missing or nothing is expected.

    Raises:
        StatisticError: for a negative count, a denominator of 0 or less, an unknown kind.

    Reference:
        Breslow NE, Day NE (1987) Statistical Methods in Cancer Research II. OHID technical guide (2018).

    Example:
        >>> rows = pd.DataFrame({"numerator": [30, 20], "denominator": [1000, 500],
        ...                      "reference_numerator": [200, 300], "reference_denominator": [10000, 10000]})
        >>> found = summarise_indirectly_standardised_rate(rows, kind="ratio", multiplier=100)
        >>> found[["numerator", "denominator", "value", "method"]].round(2)
           numerator  denominator   value method
        0       50.0         35.0  142.86   Byar
    """
    if kind not in ("rate", "ratio"):
        raise StatisticError(f"Kind {kind!r} is not known: it is 'rate' or 'ratio'.")
    level = confidence_level(confidence)
    held = rows.assign(
        _x=counts(rows, "numerator"),
        _n=bases(rows, "denominator"),
        _rx=counts(rows, "reference_numerator"),
        _rn=bases(rows, "reference_denominator"),
    )

    def one(group: pd.DataFrame) -> tuple[object, ...]:
        x, n, rx, rn = (group[column].to_numpy(dtype=np.float64) for column in ("_x", "_n", "_rx", "_rn"))
        observed, expected = x.sum(), np.sum(n * rx / rn)
        if not np.isfinite(observed + expected) or expected == 0:
            return observed, expected, np.nan, np.nan, np.nan, level, None
        scale = multiplier / expected * (rx.sum() / rn.sum() if kind == "rate" else 1)
        lower, upper = rate_limits(observed, confidence=level)
        name = "Byar" if observed >= BYAR_FROM else "exact Poisson"
        return observed, expected, observed * scale, float(lower) * scale, float(upper) * scale, level, name

    return _summarise(held, by, one)


def _event_variance(rows: pd.DataFrame, prefix: str | None) -> Floats:
    if prefix is None:
        return rows["_x"].to_numpy(dtype=np.float64)
    frequencies = {column: column.removeprefix(prefix) for column in rows.columns if column.startswith(prefix)}
    if not frequencies or not all(text.isdigit() for text in frequencies.values()):
        raise StatisticError(f"No columns {prefix}1, {prefix}2, ... that count persons by number of events.")
    terms = [counts(rows, column) * int(text) ** 2 for column, text in frequencies.items()]
    return np.asarray(np.sum(terms, axis=0), dtype=np.float64)


def _summarise(
    rows: pd.DataFrame, by: Sequence[str], one: Callable[[pd.DataFrame], tuple[object, ...]]
) -> pd.DataFrame:
    groups = list(rows.groupby(list(by), sort=False, dropna=False)) if by else [((), rows)]
    keys = pd.DataFrame([key for key, _ in groups], columns=list(by), index=range(len(groups)))
    found = keys.join(pd.DataFrame([one(group) for _, group in groups], columns=_COLUMNS, index=keys.index))
    return found.assign(method=words(found, [None if pd.isna(text) else text for text in found["method"]]))
