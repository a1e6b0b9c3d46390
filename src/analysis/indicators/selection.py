"""The rows of one question: which figures answer it, one value for each measure, and what stands beside them.

Where several sources give a value, the figure that a caveat prefers is used, else that of the latest release,
else the first in its document; the others are kept in ``also_printed``. Where no source gives a value, a row with
the status ``not_held`` says so: a gap is a row like any other, and no question comes back empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.indicators.observations import overlap_in_days
from analysis.periods import in_time_order, parse_period, parse_year, year_before
from analysis.sources.areas import ENGLAND, Area, find_area, load_areas, neighbours_code
from analysis.sources.catalogue import load_breakdowns
from analysis.vocabulary import MEASURE, NOT_HELD, TOTAL

COMPARATOR_NAMES = {
    "statistical_neighbours": "statistical neighbours",
    "region": "region",
    "england": "England",
    "target": "target",
}
#: Days between the area's period and that of a comparator: two years.
FURTHEST_COMPARATOR = 731
PAIRED = ("value", "precision", "period", "numerator", "denominator", "figure", "area_name", "value_type", "caveat")


def select_level(
    figures: pd.DataFrame, indicator: Indicator, *, area: str, year: str, topic: str = TOTAL, nearest: bool = False
) -> pd.DataFrame:
    """Return an area's figures of one indicator for a year: one row a group of the topic.

    The period is the financial year itself, else the one that shares most days with it.

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
        chosen = _not_held(figures, indicator, place, period=label, topic=topic)
    return chosen.assign(asked=label)


def select_trend(
    figures: pd.DataFrame, indicator: Indicator, *, area: str, comparators: Sequence[str] = (), topic: str = TOTAL
) -> pd.DataFrame:
    """Return all that is held of one indicator for an area and its comparators, in the order of time.

    Args:
        figures: the observation table.
        indicator: what is asked.
        area: name or code.
        comparators: statistical_neighbours, region, england.
        topic: a breakdown topic; Total for the figure of all children.

    Returns:
        Rows as from :func:`select_level` with ``series``, which names the line that a row belongs to:
        the area, or the comparator.
    """
    place = find_area(area)
    own = one_value_each(_of(figures, indicator, place, topic=topic))
    if own.empty:
        own = _not_held(figures, indicator, place, period="", topic=topic)
    lines = [own.assign(series=place.name)]
    for name, code in _comparator_codes(place, indicator, comparators):
        if code != place.code:
            others = _comparator_rows(figures, indicator, code, topic=topic)
            lines.append(one_value_each(others).assign(series=name))
    return _sorted_by_time(pd.concat([line for line in lines if not line.empty], ignore_index=True))


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
    ranked = rows.assign(_place=range(len(rows))).sort_values(
        ["preferred", "release", "_place"], ascending=[False, False, True], kind="stable"
    )
    texts = {key: _also_printed(group) for key, group in ranked.groupby(list(MEASURE), sort=False)}
    first = ranked.drop_duplicates(list(MEASURE)).sort_values("_place", kind="stable").drop(columns="_place")
    keys = first[list(MEASURE)].itertuples(index=False, name=None)
    return first.assign(also_printed=[texts[key] for key in keys]).reset_index(drop=True)


def pair_with_count(level: pd.DataFrame, figures: pd.DataFrame, *, count: str) -> pd.DataFrame:
    """Return the same rows with the count behind them as ``numerator``, from the same area and period.

    Args:
        level: rows of a rate.
        figures: the observation table.
        count: id of the indicator that counts.
    """
    return _pair(level, figures, other=count, column="numerator")


def pair_with_base(level: pd.DataFrame, figures: pd.DataFrame, *, base: str) -> pd.DataFrame:
    """Return the same rows with the number that they are a share of as ``denominator``.

    Args:
        level: rows of a proportion.
        figures: the observation table.
        base: id of the indicator that counts the base.
    """
    return _pair(level, figures, other=base, column="denominator")


def select_before(level: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Return what was measured one year before each row, in the same order; not_held where nothing is.

    Args:
        level: rows of one indicator and area, with one period each.
        figures: the observation table.
    """
    wanted = level[list(MEASURE)].assign(period=level["period"].map(year_before))
    found = wanted.merge(one_value_each(figures), on=list(MEASURE), how="left")
    held = found["status"].notna()
    texts = {name: found[name].fillna("") for name in ("cites", "caveat", "figure", "also_printed", "note")}
    kept = level[["area_name", "geographic_level"]].to_dict("list")
    return found.assign(**texts, **kept, status=found["status"].where(held, NOT_HELD))


def put_beside(rows: pd.DataFrame, other: pd.DataFrame, *, prefix: str = "other_") -> pd.DataFrame:
    """Return the same rows with another table's rows, in the same order, in columns that begin with a prefix.

    Args:
        rows: the rows to keep.
        other: as many rows, one for each.
        prefix: what the names of the new columns begin with.

    Returns:
        The same rows with other_value, other_precision, other_period, other_numerator, other_denominator
        and the like. The rows then cite both figures and carry the caveats of both.
    """
    return _with_columns(rows, other.reset_index(drop=True), prefix=prefix)


def as_events(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a count with the value as ``numerator``: the number of events that a statistic works on."""
    return rows.assign(numerator=rows["value"])


def assume_same_population(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with both denominators 1 where either is missing, and ``assumption`` saying so.

    A ratio of counts is a ratio of rates if the population stayed the same.
    """
    known = rows["denominator"].notna() & rows["other_denominator"].notna()
    return rows.assign(
        denominator=rows["denominator"].where(known, 1.0),
        other_denominator=rows["other_denominator"].where(known, 1.0),
        assumption=known.map({True: "", False: "taking the number of children who live there as unchanged"}),
    )


def pair_with_comparators(
    level: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator, *, comparators: Sequence[str]
) -> pd.DataFrame:
    """Return a row for each comparator that has a figure, beside the area's own figure.

    The comparator's period is that of the area's figure, else the latest one before it, else the first after it,
    within two years: a figure further away says nothing about the year asked for.

    Args:
        level: one row of the area.
        figures: the observation table.
        indicator: what is asked; only the comparators that its definition allows are used.
        comparators: statistical_neighbours, region, england, target.

    Returns:
        The area's row, once for each comparator, with ``benchmark_name``, ``benchmark_value``,
        ``benchmark_period`` and the like. Where there is none, one row whose ``benchmark_name`` is blank.
    """
    own = level.iloc[[0]]
    place = load_areas()[own["area_code"].iloc[0]]
    found = []
    wanted = [*comparators, "target"]
    for name, code in _comparator_codes(place, indicator, dict.fromkeys(wanted)):
        kind = "target" if name == COMPARATOR_NAMES["target"] else "comparator"
        rows = figures[
            (figures["indicator"] == indicator.id) & (figures["area_code"] == code) & (figures["value_type"] == kind)
            & (figures["breakdown_topic"] == own["breakdown_topic"].iloc[0])
            & (figures["breakdown"] == own["breakdown"].iloc[0])
        ]  # fmt: skip
        period = _benchmark_period(list(rows["period"].unique()), own["period"].iloc[0])
        if period is not None and (kind == "target" or code != place.code):
            found.append(_paired(own, one_value_each(rows[rows["period"] == period]).iloc[[0]], name))
    return pd.concat(found, ignore_index=True) if found else _paired(own, None, "")


def with_denominator_of(level: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with the denominator of another row of the same area: one population for both.

    Args:
        level: rows without a denominator.
        other: one row with one.
    """
    source = other.iloc[0]
    there = pd.notna(source.get("denominator"))
    known = {
        name: source.get(name, float("nan")) for name in ("denominator", "denominator_lower", "denominator_upper")
    }
    cites = [unite(own, source["cites"]) if there else own for own in level["cites"]]
    caveats = [unite(own, source["caveat"], by="\n") if there else own for own in level["caveat"]]
    return level.assign(**known, cites=cites, caveat=caveats)


def add_groups(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with ``group``: the broader group that each breakdown belongs to."""
    topics = load_breakdowns()
    groups = [
        topics[topic].groups[name] if topic in topics else name
        for topic, name in zip(rows["breakdown_topic"], rows["breakdown"], strict=True)
    ]
    return rows.assign(group=groups)


def summarise_groups(rows: pd.DataFrame, *, base: str = "sum") -> pd.DataFrame:
    """Return counts added up within each broader group and period, as numerators of their sum.

    Args:
        rows: counts with ``group``, ``series`` and ``period``.
        base: only "sum": the denominator is the sum of the rows, not a total printed beside them.

    Returns:
        One row a group and period, with ``numerator``, ``denominator`` and united ``cites`` and ``caveat``.
        A group with a missing part has no number.
    """
    keys = ["area_code", "area_name", "series", "period", "group"]
    shared = {name: rows[name].iloc[0] for name in ("indicator", "geographic_level", "breakdown_topic", "value_type")}
    added = rows.groupby(keys, sort=False, as_index=False).agg(
        numerator=("value", lambda values: values.sum(skipna=False)),
        cites=("cites", lambda texts: unite(*texts)),
        caveat=("caveat", lambda texts: unite(*texts, by="\n")),
        status=("status", "first"),
    )
    totals = added.groupby(keys[:-1], sort=False)["numerator"].transform(lambda values: values.sum(skipna=False))
    order = {group: place for place, group in enumerate(dict.fromkeys(load_breakdowns()[shared["breakdown_topic"]].groups.values()))} if shared["breakdown_topic"] in load_breakdowns() else {}  # fmt: skip
    table = added.assign(denominator=totals, breakdown=added["group"], also_printed="", precision=pd.NA, **shared)
    return table.sort_values("group", key=lambda names: names.map(order), kind="stable").reset_index(drop=True)


def unite(*texts: str, by: str = ";") -> str:
    """Return lists kept as text as one list, each item once, in order.

    Example:
        >>> unite("A.1;A.2", "A.2;B.1")
        'A.1;A.2;B.1'
    """
    items = [item for text in texts if isinstance(text, str) for item in text.split(by) if item]
    return by.join(dict.fromkeys(items))


def _of(figures: pd.DataFrame, indicator: Indicator, place: Area, *, topic: str) -> pd.DataFrame:
    return figures[
        (figures["indicator"] == indicator.id)
        & (figures["area_code"] == place.code)
        & (figures["value_type"] == "observed")
        & (figures["breakdown_topic"] == topic)
    ]


def _comparator_rows(figures: pd.DataFrame, indicator: Indicator, code: str, *, topic: str) -> pd.DataFrame:
    return figures[
        (figures["indicator"] == indicator.id)
        & (figures["area_code"] == code)
        & (figures["value_type"] == "comparator")
        & (figures["breakdown_topic"] == topic)
    ]


def _comparator_codes(place: Area, indicator: Indicator, comparators: Iterable[str]) -> list[tuple[str, str]]:
    codes = {
        "statistical_neighbours": neighbours_code(place),
        "region": place.region,
        "england": ENGLAND,
        "target": place.code,
    }
    allowed = [name for name in comparators if name in indicator.comparators and codes[name]]
    return [(_comparator_name(name, codes[name]), codes[name]) for name in allowed]


def _comparator_name(name: str, code: str) -> str:
    return load_areas()[code].name if name == "region" else COMPARATOR_NAMES[name]


def _period_for(labels: list[str], year: str, *, nearest: bool) -> str | None:
    """The year itself, else the period that shares most days with it, the latest of several."""
    touching = [label for label in labels if overlap_in_days(label, year) > 0]
    if year in touching:
        return year
    if touching:
        return max(touching, key=lambda label: (overlap_in_days(label, year), parse_period(label).end))
    if nearest and labels:
        end = parse_period(year).end
        return min(labels, key=lambda label: (abs((parse_period(label).end - end).days), label))
    return None


def _benchmark_period(labels: list[str], wanted: str) -> str | None:
    if wanted in labels or not labels:
        return wanted if labels else None
    end = parse_period(wanted).end
    ordered = [
        label for label in in_time_order(labels) if abs((parse_period(label).end - end).days) <= FURTHEST_COMPARATOR
    ]
    if not ordered:
        return None
    earlier = [label for label in ordered if parse_period(label).end <= end]
    return earlier[-1] if earlier else ordered[0]


def _also_printed(group: pd.DataFrame) -> str:
    used = group["value"].iloc[0]
    others = group[group["value"].notna() & (group["value"] != used)].drop_duplicates("value")
    return "; ".join(
        f"{value:.{int(precision)}f} ({figure})"
        for value, precision, figure in zip(others["value"], others["precision"], others["figure"], strict=True)
    )


def _not_held(figures: pd.DataFrame, indicator: Indicator, place: Area, *, period: str, topic: str) -> pd.DataFrame:
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
    return table.assign(**blank, precision=pd.array([pd.NA], dtype="Int64"), preferred=False, also_printed="")


def _pair(level: pd.DataFrame, figures: pd.DataFrame, *, other: str, column: str) -> pd.DataFrame:
    counts = one_value_each(figures[(figures["indicator"] == other) & (figures["value_type"] == "observed")])
    keys = ["area_code", "period", "breakdown_topic", "breakdown"]
    matched = level[keys].merge(counts[[*keys, "value", "cites", "caveat"]], on=keys, how="left")
    values = matched["value"].to_numpy()
    return level.assign(
        **{column: values},
        cites=[unite(own, new) for own, new in zip(level["cites"], matched["cites"], strict=True)],
        caveat=[unite(own, new, by="\n") for own, new in zip(level["caveat"], matched["caveat"], strict=True)],
    )


def _paired(own: pd.DataFrame, benchmark: pd.DataFrame | None, name: str) -> pd.DataFrame:
    empty = pd.DataFrame([dict.fromkeys(PAIRED)])
    return _with_columns(own, empty if benchmark is None else benchmark, prefix="benchmark_").assign(benchmark_name=name)


def _with_columns(rows: pd.DataFrame, other: pd.DataFrame, *, prefix: str) -> pd.DataFrame:
    """Put another table's values beside rows, and let the rows cite its figures and carry its caveats."""
    beside = {f"{prefix}{name}": other[name].to_numpy() for name in PAIRED}
    return rows.assign(
        **beside,
        cites=[unite(own, new) for own, new in zip(rows["cites"], other["figure"], strict=True)],
        caveat=[unite(own, new, by="\n") for own, new in zip(rows["caveat"], other["caveat"], strict=True)],
    ).reset_index(drop=True)


def _sorted_by_time(rows: pd.DataFrame) -> pd.DataFrame:
    order = {label: place for place, label in enumerate(in_time_order([p for p in rows["period"].unique() if p]))}
    return rows.sort_values("period", key=lambda labels: labels.map(order), kind="stable").reset_index(drop=True)
