"""The rows of one question: which figures answer it, one value for each measure, and what stands beside them.

Where several sources give a value, the official statistic is used, else the figure that a caveat prefers, else that
of the latest release, else the one with the lowest number in its document; the others are kept in ``also_printed``. Where no source gives a value, a row with
the status ``not_held`` says so: a gap is a row like any other, and no question comes back empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.indicators.observations import overlap_in_days, overlap_in_months
from analysis.periods import in_time_order, parse_period, parse_year, year_before
from analysis.sources.areas import (
    ENGLAND,
    Area,
    find_area,
    load_areas,
    neighbours_code,
    own_group_code,
    predecessors,
    regions_of,
    successors,
)
from analysis.sources.catalogue import load_breakdowns
from analysis.sources.cited import COUNTED_CODE
from analysis.vocabulary import MEASURE, NOT_HELD, TOTAL

COMPARATOR_NAMES = {
    "statistical_neighbours": "statistical neighbours",
    "own_group": "the group chosen",
    "region": "region",
    "england": "England",
    "target": "target",
}


def select_level(
    figures: pd.DataFrame,
    indicator: Indicator,
    *,
    area: str,
    year: str,
    topic: str = TOTAL,
    nearest: bool = False,
) -> pd.DataFrame:
    """Return an area's figures of one indicator for a year: one row a group of the topic.

    The period is the financial year itself, else the one that shares most months with it, the later of two.

    Args:
        figures: the observation table.
        indicator: what is asked.
        area: name or code.
        year: a financial year.
        topic: a breakdown topic; Total for the figure of all children.
        nearest: where no figure touches the year, take the period nearest to it.

    Returns:
        Rows of the observation table with ``also_printed`` and ``asked`` (the year); a row with the status
        not_held where there is none.
    """
    place, label = find_area(area), parse_year(year)
    own = _of(figures, indicator, place, topic=topic)
    period = _period_for(list(own["period"].unique()), label, nearest=nearest)
    chosen = one_value_each(own[own["period"] == period])
    if chosen.empty:
        chosen = not_held(figures, indicator, place, period=label, topic=topic)
    return chosen.assign(asked=label)


def select_levels(figures: pd.DataFrame, indicators: Iterable[Indicator], *, area: str, year: str) -> pd.DataFrame:
    """Return an area's figures of several indicators for a year, one row each, in the order asked for.

    Args:
        figures: the observation table.
        indicators: what is asked, at least one.
        area: name or code.
        year: a financial year.

    Returns:
        Rows as from :func:`select_level`; an indicator of which no figure is held has its not_held row.
    """
    return pd.concat([select_level(figures, item, area=area, year=year) for item in indicators], ignore_index=True)


def select_latest(figures: pd.DataFrame, indicator: Indicator, *, area: str) -> pd.DataFrame:
    """Return an area's latest figure of one indicator, whatever its period; a not_held row where there is none.

    Args:
        figures: the observation table.
        indicator: what is asked.
        area: name or code.
    """
    place = find_area(area)
    own = one_value_each(_of(figures, indicator, place, topic=TOTAL))
    if own.empty:
        return not_held(figures, indicator, place, period="", topic=TOTAL).assign(asked="")
    return _sorted_by_time(own).iloc[[-1]].reset_index(drop=True).assign(asked="")


def select_trend(
    figures: pd.DataFrame,
    indicator: Indicator,
    *,
    area: str,
    comparators: Sequence[str] = (),
    topic: str = TOTAL,
) -> pd.DataFrame:
    """Return all that is held of one indicator for an area and its comparators, in the order of time.

    Args:
        figures: the observation table.
        indicator: what is asked.
        area: name or code.
        comparators: statistical_neighbours, region, england.
        topic: a breakdown topic; Total for the figure of all children.

    Returns:
        Rows as from :func:`select_level` with ``series``, which names the line that a row belongs to
        (the area, the comparator, or an authority that it followed or was followed by), ``segment``, which counts the breaks in the definition before it, ``break_before``, true
        for the first row of its line after one, and ``year``, in which a financial year ends (missing for other periods).
    """
    place = find_area(area)
    own = one_value_each(_of(figures, indicator, place, topic=topic))
    if own.empty:
        own = not_held(figures, indicator, place, period="", topic=topic)
    lines = [own.assign(series=place.name)]
    for name, code in comparator_codes(place, indicator, [*comparators, "own_group"]):
        if code != place.code:
            others = one_value_each(comparator_rows(figures, indicator, code, topic=topic))
            lines.append(_within_a_year_of(own, others).assign(series=_line_name(others, name)))
    lines += [
        before_and_after.assign(series=name) for name, before_and_after in _followed(figures, indicator, place, topic)
    ]
    rows = _sorted_by_time(pd.concat([line for line in lines if not line.empty], ignore_index=True))
    segment = pd.Series([_breaks_before(indicator, label) for label in rows["period"]], index=rows.index)
    years = [
        float(label[:4]) + 1 if label and parse_period(label).kind == "year" else float("nan")
        for label in rows["period"]
    ]
    table = rows.assign(segment=segment, year=years)
    return table.assign(break_before=table.groupby("series")["segment"].diff().fillna(0) > 0)


def _followed(figures: pd.DataFrame, indicator: Indicator, place: Area, topic: str) -> list[tuple[str, pd.DataFrame]]:
    """The authorities that an area followed or was followed by, each as a line of its own: nothing is shared out."""
    found = []
    for other in (*predecessors(place), *successors(place)):
        rows = one_value_each(_of(figures, indicator, other, topic=topic))
        rows = rows[rows["value"].notna()]
        if len(rows):
            found.append((other.name, rows.assign(value_type="comparator")))
    return found


def one_value_each(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each measure, with ``also_printed``: other values that sources give, and where.

    Example:
        >>> rows = pd.DataFrame({"indicator": "cla_number", "area_code": "E06000018", "period": "2020-21",
        ...     "breakdown_topic": "Total", "breakdown": "Total", "value_type": "observed", "preferred": False,
        ...     "release": ["2021-05-27", "2021-11-15"], "value": [684.0, 687.0], "precision": 0,
        ...     "figure": ["A.001", "B.001"]})
        >>> one_value_each(rows)[["value", "also_printed"]].values.tolist()
        [[687.0, '684 (A.001)']]
    """
    ranked = _best_first(rows)
    twice = ranked.duplicated(list(MEASURE), keep=False)
    texts = {key: _also_printed(group) for key, group in ranked[twice].groupby(list(MEASURE), sort=False)}
    first = _in_order(ranked.drop_duplicates(list(MEASURE)))
    keys = first[list(MEASURE)].itertuples(index=False, name=None)
    return first.assign(also_printed=[texts.get(key, "") for key in keys]).reset_index(drop=True)


def _best_first(rows: pd.DataFrame) -> pd.DataFrame:
    """The figure to use first: an official one with a value, else one that a caveat prefers, else the latest release."""
    official = rows["official"] if "official" in rows else pd.Series(False, index=rows.index)
    ranked = rows.assign(_official=official & rows["value"].notna(), _without=official & rows["value"].isna())
    by = ["_official", "_without", "preferred", "release", "figure"]
    ordered = ranked.sort_values(by, ascending=[False, True, False, False, True], kind="stable")
    return ordered.drop(columns=["_official", "_without"])


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Documents print groups in an order of their own; official files and returns do not, and the catalogue's stands for it."""
    ordered = rows.sort_values("figure", kind="stable")
    counted = rows["figure"].str.startswith(f"{COUNTED_CODE}.")
    if not (counted | rows.get("official", False)).any():
        return ordered
    places = {
        (topic, name): place for topic, item in load_breakdowns().items() for place, name in enumerate(item.groups)
    }
    keys = zip(ordered["breakdown_topic"], ordered["breakdown"], strict=True)
    return (
        ordered.assign(_place=[places.get(key, 0) for key in keys])
        .sort_values("_place", kind="stable")
        .drop(columns="_place")
    )


def select_before(level: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Return what was measured one year before each row, in the same order; not_held where nothing is.

    Args:
        level: rows of one indicator and area, with one period each.
        figures: the observation table.
    """
    wanted = level[list(MEASURE)].assign(period=level["period"].map(year_before))
    near = figures["indicator"].isin(level["indicator"]) & figures["area_code"].isin(level["area_code"])
    found = wanted.merge(one_value_each(figures[near]), on=list(MEASURE), how="left")
    held = found["status"].notna()
    texts = {name: found[name].fillna("") for name in ("cites", "caveat", "figure", "also_printed", "note")}
    area = {name: level[name].to_numpy() for name in ("area_name", "geographic_level")}
    return found.assign(**texts, **area, status=found["status"].where(held, NOT_HELD))


def _of(figures: pd.DataFrame, indicator: Indicator, place: Area, *, topic: str) -> pd.DataFrame:
    return figures[
        (figures["indicator"] == indicator.id)
        & (figures["area_code"] == place.code)
        & (figures["value_type"] == "observed")
        & (figures["breakdown_topic"] == topic)
    ]


def comparator_rows(figures: pd.DataFrame, indicator: Indicator, code: str, *, topic: str = TOTAL) -> pd.DataFrame:
    """Return what is held of a comparator: as documents print it beside an area, or as its own official figures.

    Args:
        figures: the observation table.
        indicator: what is asked.
        code: code of the region, of England or of a group.
        topic: a breakdown topic.
    """
    official = figures["official"] if "official" in figures else pd.Series(False, index=figures.index)
    beside = (figures["value_type"] == "comparator") | (official & (figures["value_type"] == "observed"))
    found = figures[
        (figures["indicator"] == indicator.id)
        & (figures["area_code"] == code)
        & beside
        & (figures["breakdown_topic"] == topic)
    ]
    return found.assign(value_type="comparator")


def comparator_codes(place: Area, indicator: Indicator, comparators: Iterable[str]) -> list[tuple[str, str]]:
    """Return name and area code of each comparator that an indicator's definition allows for an area."""
    codes = {
        "statistical_neighbours": [neighbours_code(place)],
        "own_group": [own_group_code(place)],
        "region": [region.code for region in regions_of(place)],
        "england": [ENGLAND],
        "target": [place.code],
    }
    # Whom a reader chose may stand wherever neighbours may.
    may = {*indicator.comparators} | ({"own_group"} if "statistical_neighbours" in indicator.comparators else set())
    allowed = [name for name in dict.fromkeys(comparators) if name in may]
    return [(_comparator_name(name, code), code) for name in allowed for code in codes[name]]


def _line_name(rows: pd.DataFrame, name: str) -> str:
    """The name of a line: with the model and the average of a group, without how many had data, as that differs."""
    known_as = rows["known_as"].iloc[0] if len(rows) and "known_as" in rows else ""
    return re.sub(r", \d+ of \d+ with data", "", known_as) or name


def _within_a_year_of(own: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Figures of others at most a year before the area's first period or after its last."""
    ends = [parse_period(label).end for label in own["period"] if label]
    year = timedelta(days=366)
    near = [
        bool(ends) and min(ends) - year <= parse_period(label).end <= max(ends) + year for label in others["period"]
    ]
    return others[near]


def _comparator_name(name: str, code: str) -> str:
    return load_areas()[code].name if name == "region" else COMPARATOR_NAMES[name]


def _period_for(labels: list[str], year: str, *, nearest: bool) -> str | None:
    """The year itself, else the period that shares most months with it, the latest of several."""
    touching = [label for label in labels if overlap_in_days(label, year) > 0]
    if year in touching:
        return year
    if touching:
        return max(touching, key=lambda label: (overlap_in_months(label, year), parse_period(label).end))
    if nearest and labels:
        end = parse_period(year).end
        return min(labels, key=lambda label: (abs((parse_period(label).end - end).days), label))
    return None


def _also_printed(group: pd.DataFrame) -> str:
    used = group["value"].iloc[0]
    others = group[group["value"].notna() & (group["value"] != used)].drop_duplicates("value")
    return "; ".join(
        f"{value:.{int(precision)}f} ({figure})"
        for value, precision, figure in zip(others["value"], others["precision"], others["figure"], strict=True)
    )


def not_held(
    figures: pd.DataFrame, indicator: Indicator, place: Area, *, period: str, topic: str = TOTAL
) -> pd.DataFrame:
    """Return one row that stands for a figure which no source held here gives."""
    row = dict.fromkeys(figures.columns, "")
    row |= {
        "indicator": indicator.id,
        "area_code": place.code,
        "area_name": place.name,
        "geographic_level": place.level,
        "period": period,
        "breakdown_topic": topic,
        "breakdown": TOTAL,
        "status": NOT_HELD,
        "value_type": "observed",
    }
    table = pd.DataFrame([row], columns=figures.columns)
    blank = {name: float("nan") for name in ("numerator", "denominator", "value")}
    marks = {name: False for name in ("preferred", "official") if name in table}
    return table.assign(**blank, precision=pd.array([pd.NA], dtype="Int64"), also_printed="", **marks)


def _breaks_before(indicator: Indicator, label: str) -> int:
    """How many breaks in its definition lie before the end of a period."""
    return sum(bool(label) and parse_period(item.period).end <= parse_period(label).end for item in indicator.breaks)


def _sorted_by_time(rows: pd.DataFrame) -> pd.DataFrame:
    order = {label: place for place, label in enumerate(in_time_order([p for p in rows["period"].unique() if p]))}
    return rows.sort_values("period", key=lambda labels: labels.map(order), kind="stable").reset_index(drop=True)
