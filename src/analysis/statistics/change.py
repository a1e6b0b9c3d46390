"""Change on the year before: only from one point to the next, only where both were measured alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.comparison import add_proportion_difference, add_rate_ratio
from analysis.statistics.inputs import Floats, bases, counts, numbers, words
from analysis.statistics.series import breaks, series_places


def add_change(
    rows: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    time: str = "year",
    kind: Literal["proportion", "rate", "value"] = "proportion",
    multiplier: float = 100,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Add the change of each point on the one exactly one unit of time before it, never across a break.

    change = value - value before. For a proportion the interval is Newcombe's of the difference; for a rate
    it is the exact conditional one of the ratio; a bare value has none.

    Args:
        rows: one point a row, with ``value``; for "proportion" and "rate" also ``numerator`` and
            ``denominator``, from which the change is then computed. ``break_before`` (optional) marks rows
            that begin a new measurement.
        by: the columns that tell the series apart.
        time: the column of the time, a number.
        kind: "proportion", "rate", or "value" where only values are known.
        multiplier: 100 for percentages, 10,000 for rates per 10,000.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``change`` (unit of the value), ``change_percent`` (of the value before),
        ``change_lower_ci`` and ``change_upper_ci`` (proportions), ``change_ratio``,
        ``change_ratio_lower_ci``, ``change_ratio_upper_ci`` (rates), ``change_p_value``, ``change_direction``
        ("rising", "falling", "no clear change"; missing for bare values), ``change_method`` and
        ``change_note``, which says why there is no change.

    Raises:
        StatisticError: for two points of one series at one time, and as the comparison used.

    Reference:
        Newcombe RG (1998) Stat Med 17:873-890. Przyborowski J, Wilenski H (1940) Biometrika 31:313-323.

    Example:
        >>> rows = pd.DataFrame({"year": [2021, 2022], "numerator": [20, 40], "denominator": [100, 100]})
        >>> add_change(rows)[["change", "change_direction"]]
           change change_direction
        0     NaN              NaN
        1    20.0           rising
    """
    if kind not in ("proportion", "rate", "value"):
        raise StatisticError(f"Kind {kind!r} is not known: it is 'proportion', 'rate' or 'value'.")
    before, notes = _places_before(rows, by, time)
    if kind == "value":
        found = _of_values(rows, before)
    elif kind == "rate":
        found = _of_rates(_paired(rows, before), multiplier, confidence)
    else:
        found = _of_proportions(_paired(rows, before), multiplier, confidence)
    missing = np.isnan(found["change"].to_numpy(dtype=np.float64))
    gaps = ["a figure is missing" if gone else None for gone in missing]
    for name in found.columns:
        rows = rows.assign(**{name: found[name].array})
    return rows.assign(change_note=words(rows, [note or gap for note, gap in zip(notes, gaps, strict=True)]))


def _places_before(rows: pd.DataFrame, by: Sequence[str], time: str) -> tuple[Floats, list[str | None]]:
    # The place of the row one unit of time earlier, missing where there is none, and why there is none.
    moments, broken = numbers(rows, time), breaks(rows)
    before = np.full(len(rows), np.nan)
    notes: list[str | None] = [None] * len(rows)
    for places in series_places(rows, by=by, time=time):
        if len(np.unique(moments[places])) < len(places):
            raise StatisticError("A series has two points at one time. Name in 'by' what tells them apart.")
        notes[places[0]] = "no figure before this one"
        for now, last in zip(places[1:], places[:-1], strict=True):
            if broken[now]:
                notes[now] = "measured differently before: no change is computed across a break"
            elif moments[now] - moments[last] != 1:
                notes[now] = "no figure for the point before"
            else:
                before[now] = last
    return before, notes


def _paired(rows: pd.DataFrame, before: Floats) -> pd.DataFrame:
    count, base = counts(rows, "numerator"), bases(rows, "denominator")
    return pd.DataFrame(
        {
            "numerator": count,
            "denominator": base,
            "other_numerator": _at(count, before),
            "other_denominator": _at(base, before),
        },
        index=rows.index,
    )


def _at(values: Floats, places: Floats) -> Floats:
    known = np.isfinite(places)
    found = np.full(len(values), np.nan)
    found[known] = values[places[known].astype(np.intp)]
    return found


def _of_values(rows: pd.DataFrame, before: Floats) -> pd.DataFrame:
    value = numbers(rows, "value")
    earlier = _at(value, before)
    return _with_percent(pd.DataFrame({"change": value - earlier}, index=rows.index), earlier)


def _of_proportions(pairs: pd.DataFrame, multiplier: float, confidence: float) -> pd.DataFrame:
    found = add_proportion_difference(pairs, multiplier=multiplier, confidence=confidence)
    limits = found["difference_lower_ci"].to_numpy(), found["difference_upper_ci"].to_numpy()
    change = pd.DataFrame(
        {
            "change": found["difference"],
            "change_lower_ci": limits[0],
            "change_upper_ci": limits[1],
            "change_p_value": found["p_value"],
            "change_direction": _directions(pairs, *limits, still=0.0),
            "change_method": found["method"],
        }
    )
    return _with_percent(change, multiplier * (pairs["other_numerator"] / pairs["other_denominator"]).to_numpy())


def _of_rates(pairs: pd.DataFrame, multiplier: float, confidence: float) -> pd.DataFrame:
    found = add_rate_ratio(pairs, multiplier=multiplier, confidence=confidence)
    limits = found["ratio_lower_ci"].to_numpy(), found["ratio_upper_ci"].to_numpy()
    change = pd.DataFrame(
        {
            "change": found["difference"],
            "change_ratio": found["ratio"],
            "change_ratio_lower_ci": limits[0],
            "change_ratio_upper_ci": limits[1],
            "change_p_value": found["p_value"],
            "change_direction": _directions(pairs, *limits, still=1.0),
            "change_method": found["method"],
        }
    )
    return _with_percent(change, multiplier * (pairs["other_numerator"] / pairs["other_denominator"]).to_numpy())


def _with_percent(change: pd.DataFrame, earlier: Floats) -> pd.DataFrame:
    base = np.where(earlier > 0, earlier, np.nan)
    return change.assign(change_percent=100 * change["change"].to_numpy() / base)


def _directions(pairs: pd.DataFrame, lower: Floats, upper: Floats, *, still: float) -> pd.Series:
    names = np.where(lower > still, "rising", np.where(upper < still, "falling", "no clear change"))
    known = ~np.isnan(lower + upper)
    return words(pairs, [str(name) if there else None for name, there in zip(names, known, strict=True)])
