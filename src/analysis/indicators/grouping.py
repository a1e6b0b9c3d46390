"""Groups: counts added up within broader groups, and profiles over the years."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.indicators.pairing import put_beside, unite
from analysis.indicators.selection import select_trend
from analysis.periods import parse_period
from analysis.sources.areas import find_area
from analysis.sources.catalogue import load_breakdowns
from analysis.vocabulary import NOT_HELD


def add_groups(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with ``group``: the broader group that each breakdown belongs to."""
    topics = load_breakdowns()
    groups = [
        topics[topic].groups.get(name, name) if topic in topics else name
        for topic, name in zip(rows["breakdown_topic"], rows["breakdown"], strict=True)
    ]
    return rows.assign(group=groups)


def summarise_groups(rows: pd.DataFrame, *, by: str = "group") -> pd.DataFrame:
    """Return counts added up within each group and period, as numerators of the sum of all rows of the period.

    The denominator is the sum of the rows, not a total that is printed beside them and may differ.

    Args:
        rows: counts with ``group``, ``series`` and ``period``.
        by: group, for the broader groups, or breakdown, for the rows as they are.

    Returns:
        One row a group and period with ``breakdown`` (its name), ``numerator``, ``denominator`` and united
        ``cites`` and ``caveat``. A group with a missing part has no number.
    """
    if (rows["status"] == NOT_HELD).all():
        return rows.assign(numerator=float("nan"), denominator=float("nan"))
    parts = rows.assign(breakdown=rows[by])
    kept = {
        name: (name, "first") for name in ("indicator", "geographic_level", "breakdown_topic", "value_type", "status")
    }
    added = parts.groupby(["area_code", "area_name", "series", "period", "breakdown"], sort=False, as_index=False).agg(
        **kept,
        numerator=("value", lambda values: values.sum(skipna=False)),
        cites=("cites", lambda texts: unite(*texts)),
        caveat=("caveat", lambda texts: unite(*texts, by="\n")),
    )
    totals = added.groupby("period")["numerator"].transform(lambda values: values.sum(skipna=False))
    table = added.assign(
        denominator=totals, value=added["numerator"], figure=added["cites"], also_printed="", precision=0
    )
    return _in_catalogue_order(table, by=by)


def select_profile(
    figures: pd.DataFrame, *, share: Indicator, count: Indicator, area: str, topic: str, only_official: bool = False
) -> pd.DataFrame:
    """Return the shares of groups at the ends of years: official ones, else those printed, else those that counts give.

    Args:
        figures: the observation table.
        share: the indicator of the printed shares.
        count: the indicator of the counts.
        area: name or code.
        topic: a breakdown topic.
        only_official: take counts before the shares that a council's document prints.

    Returns:
        Rows with ``value`` (per cent) where shares are printed, or ``numerator`` and ``denominator`` where only
        counts are: give them to ``statistics.completion.complete_proportion``.
    """
    figures = figures[figures["area_code"] == find_area(area).code]
    official = figures[figures["official"].astype(bool)]
    for shares in (official,) if only_official else (official, figures):
        printed = select_trend(shares, share, area=area, topic=topic)
        of_years = printed[[bool(label) and parse_period(label).kind == "year" for label in printed["period"]]]
        if of_years["value"].notna().any():
            return of_years.reset_index(drop=True)
    counted = summarise_groups(add_groups(select_trend(figures, count, area=area, topic=topic)))
    # A count must not be taken for the share that is worked out from it.
    return counted.assign(value=float("nan"))


def beside_first(rows: pd.DataFrame, *, decimals: int | None = None) -> pd.DataFrame:
    """Return the same rows; those of the last period have the first period's value in columns ``other_*``.

    Args:
        rows: shares of groups in several periods.
        decimals: decimals to compare computed shares at; official ones, and all where it is None, keep theirs.
    """
    official = rows["official"].eq(True) if "official" in rows else pd.Series(False, index=rows.index)
    table = rows if decimals is None else rows.assign(precision=rows["precision"].where(official, decimals))
    first = table[table["period"] == table["period"].iloc[0]]
    if first["period"].iloc[0] == table["period"].iloc[-1]:
        first = first.iloc[0:0]
    wanted = table["breakdown"].where(table["period"] == table["period"].iloc[-1], "")
    matched = pd.DataFrame({"breakdown": wanted.to_numpy()}).merge(first, on="breakdown", how="left")
    return put_beside(table.reset_index(drop=True), matched)


def _in_catalogue_order(rows: pd.DataFrame, *, by: str) -> pd.DataFrame:
    groups = load_breakdowns()[str(rows["breakdown_topic"].iloc[0])].groups
    order = {name: place for place, name in enumerate(dict.fromkeys(groups.values() if by == "group" else groups))}
    return rows.sort_values("breakdown", key=lambda names: names.map(order), kind="stable").reset_index(drop=True)
