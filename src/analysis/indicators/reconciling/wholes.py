"""Parts against wholes: rows of a table against its total, shares of groups against 100."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Between, Check, as_printed, exact, judge, show
from analysis.sources.catalogue import load_breakdowns
from analysis.vocabulary import TOTAL

TOTALS, HUNDRED = "total", "hundred"
_SAME_TABLE = ["source", "table", "indicator", "area_code", "period", "breakdown_topic"]
_FEWEST = 2


def check_totals(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold the sum of a table's rows against its own total, or where it has none against every total of the same children."""
    counts = _in_tables(figures, calculation="count")
    totals = counts[counts["breakdown_topic"] == TOTAL]
    for _, parts in counts[counts["breakdown_topic"].map(_is_of_a_whole)].groupby(_SAME_TABLE, sort=False):
        if len(parts) < _FEWEST:
            continue
        row = parts.iloc[0]
        same = totals[
            (totals[["indicator", "area_code", "period"]] == row[["indicator", "area_code", "period"]]).all(axis=1)
        ]
        own = same[(same["source"] == row["source"]) & (same["table"] == row["table"])]
        for _, total in (same if own.empty else own).iterrows():
            yield _sum_against(parts, total, is_own=not own.empty)


def check_hundred(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold the shares of a table's groups against 100, as far as rounding leaves it."""
    shares = _in_tables(figures, calculation="proportion")
    shares = shares[shares["breakdown_topic"].map(_is_of_a_whole)]
    whole: set[Any] = {key for key, parts in shares.groupby(_SAME_TABLE, sort=False) if _adds_up(parts)}
    for key, parts in shares.groupby(_SAME_TABLE, sort=False):
        if len(parts) > _FEWEST:
            yield _shares_against_hundred(parts, is_whole=_same_groups_elsewhere(parts, key, whole, shares))


def _in_tables(figures: pd.DataFrame, *, calculation: str) -> pd.DataFrame:
    """Observed figures of a kind, with the table that each stands in: its place without row and column."""
    known = load_indicators()
    kinds = figures["indicator"].map(lambda name: known[name].calculation)
    rows = figures[(kinds == calculation) & (figures["value_type"] == "observed")]
    return rows.assign(table=rows["locator"].str.replace(r',? (?:row|column)s? "[^"]*"', "", regex=True))


def _sum_against(parts: pd.DataFrame, total: pd.Series, *, is_own: bool) -> Check:
    row, names = parts.iloc[0], (*parts["figure"], total["figure"])
    about = (row["area_name"], row["indicator"], row["period"])
    if parts["value"].isna().any() or pd.isna(total["value"]):
        return Check(TOTALS, "cannot be decided", names, "a part, or the total, has no number", *about)
    added, _ = _added(parts.assign(precision=0))
    terms = " + ".join(show(value) for value in parts["value"]) if len(parts) <= 4 else f"the {len(parts)} rows"
    line = f"{terms} = {show(added)}, the total is {show(total['value'])}"
    if added < as_printed(total["value"]) and not is_own and not _is_complete(parts):
        return Check(TOTALS, "cannot be decided", names, f"{line}; the list may not be whole", *about)
    verdict, size = judge(Between(added, added), exact(total["value"]), decimals=0)
    return Check(TOTALS, verdict, names, line, *about, size)


def _is_complete(parts: pd.DataFrame) -> bool:
    """Boys and girls are all children; of other groups only a table shows all."""
    in_a_table = bool(parts["locator"].str.contains(" row ", regex=False).all())
    return in_a_table or {"Male", "Female"} <= set(parts["breakdown"])


def _shares_against_hundred(parts: pd.DataFrame, *, is_whole: bool) -> Check:
    row, names = parts.iloc[0], tuple(parts["figure"])
    about = (row["area_name"], row["indicator"], row["period"])
    if parts["value"].isna().any():
        return Check(HUNDRED, "cannot be decided", names, "a group has no number", *about)
    added, room = _added(parts)
    line = f"{' + '.join(show(value) for value in parts['value'])} = {show(added)}"
    if abs(added - 100) <= room:
        return Check(HUNDRED, "agrees", names, f"{line}, which rounding lets be 100", *about)
    if added < 100 and not is_whole:
        return Check(HUNDRED, "cannot be decided", names, f"{line}; the list may not be whole", *about)
    more = "" if added > 100 else "; the same groups add up to 100 in another period"
    return Check(HUNDRED, "disagrees", names, f"{line}, not 100{more}", *about)


def _added(parts: pd.DataFrame) -> tuple[Fraction, Fraction]:
    """The sum, and how far from 100 rounding alone can put it."""
    room = sum((Fraction(1, 2 * 10 ** int(decimals)) for decimals in parts["precision"]), Fraction(0))
    return sum((as_printed(value) for value in parts["value"]), Fraction(0)), room


def _adds_up(parts: pd.DataFrame) -> bool:
    if parts["value"].isna().any() or len(parts) <= _FEWEST:
        return False
    added, room = _added(parts)
    return abs(added - 100) <= room


def _same_groups_elsewhere(parts: pd.DataFrame, key: Any, whole: set[Any], shares: pd.DataFrame) -> bool:
    """Whether the same table has the same groups in a period in which they add up to 100."""
    names = set(parts["breakdown"])
    for other in whole:
        if other[:4] == key[:4] and other[5] == key[5] and other != key:
            rows = shares[(shares[_SAME_TABLE] == list(other)).all(axis=1)]
            if set(rows["breakdown"]) == names:
                return True
    return False


def _is_of_a_whole(topic: str) -> bool:
    return topic != TOTAL and load_breakdowns()[topic].of_a_whole
