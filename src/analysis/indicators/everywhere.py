"""One figure of all authorities, an area's choice of neighbours, and what council and Department say of the same thing."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.indicators.areas_compared import AVERAGES, OWN_GROUP, select_members
from analysis.indicators.definitions import Indicator
from analysis.indicators.open_figures import read_official
from analysis.indicators.pairing import put_beside, unite
from analysis.indicators.selection import not_held, one_value_each
from analysis.periods import parse_period, parse_year, years_touched
from analysis.sources.areas import find_area, local_authorities
from analysis.sources.cited import COUNTED_CODE, load_published, published_of
from analysis.vocabulary import MEASURE, TOTAL


def select_everywhere(
    figures: pd.DataFrame, indicator: Indicator, *, data: str, area: str, year: str, as_published: str = "latest"
) -> pd.DataFrame:
    """Return the official figures of all authorities of one indicator and year, the one asked about marked.

    Args:
        figures: the observation table, for its columns.
        indicator: what is asked.
        data: a folder of official files; where it is blank there are none.
        area: name or code of the area asked about.
        year: a financial year.
        as_published: latest or first.

    Returns:
        Rows of the observation table with ``is_area``, ``asked`` and ``also_printed``: authorities that existed at the
        end of the year. One not_held row of the area where there are none; an area that is no authority is not among them.
    """
    place, label = find_area(area), parse_year(year)
    nothing = not_held(figures, indicator, place, period=label).assign(is_area=True, asked=label)
    if not data:
        return nothing
    there = sorted(item.code for item in local_authorities(parse_period(label).end))
    rows = read_official(data, areas=there, indicators=[indicator.id], as_published=as_published)
    rows = rows[rows["period"].eq(label) & rows["breakdown_topic"].eq(TOTAL)].reset_index(drop=True)
    if rows["value"].notna().sum() == 0:
        return nothing
    return rows.assign(is_area=rows["area_code"].eq(place.code), asked=label, also_printed="")


def select_population(figures: pd.DataFrame, *, area: str, year: str, indicator: Indicator) -> pd.DataFrame:
    """Return the estimate of children that the rates of a year are taken of: that of the middle of the year before its end.

    Args:
        figures: the observation table.
        area: name or code.
        year: a financial year.
        indicator: the indicator of the estimate.
    """
    place, label = find_area(area), parse_year(year)
    middle = f"{label[:4]}-06-30"
    rows = figures[
        figures["indicator"].eq(indicator.id) & figures["area_code"].eq(place.code) & figures["period"].eq(middle)
    ]
    found = one_value_each(rows)
    return (found if len(found) else not_held(figures, indicator, place, period=middle)).assign(asked=label)


def pair_with_choices(
    level: pd.DataFrame, summary: pd.DataFrame, members: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator
) -> pd.DataFrame:
    """Return an area's row once for each way of choosing and averaging its neighbours.

    Args:
        level: one row of the area.
        summary: the members' figures summarised, as for ``areas_compared.with_groups``.
        members: the members of each group.
        figures: the observation table.
        indicator: what is asked.

    Returns:
        The area's row with ``benchmark_name``, ``benchmark_model``, ``benchmark_by``, ``benchmark_value``,
        ``benchmark_precision``, ``benchmark_members``, ``benchmark_with_data`` and ``benchmark_period``; it then cites
        the figures of all members. One row with a blank ``benchmark_name`` where there are no neighbours.
    """
    own = level.iloc[[0]]
    period = own["period"].iloc[0]
    found = summary[
        summary["indicator"].eq(indicator.id) & summary["period"].eq(period) & (summary["n_with_value"] > 0)
    ]
    if found.empty or own["value"].isna().all():
        return own.assign(benchmark_name="", benchmark_value=float("nan"), benchmark_precision=float("nan"),
                          benchmark_model="", benchmark_by="", benchmark_period=period,
                          benchmark_members=float("nan"), benchmark_with_data=float("nan"), benchmark_figure="")  # fmt: skip
    used = select_members(figures, members)
    used = used[used["indicator"].eq(indicator.id) & used["period"].eq(period)]
    cites = unite(own["cites"].iloc[0], *used["cites"])
    decimals = max(1, int(used["precision"].max()))
    rows = [
        own.assign(
            benchmark_name=_choice_name(str(row["group"]), average), benchmark_model=row["group"], benchmark_by=average,
            benchmark_value=row[column] * (indicator.multiplier if average == "pooled" else 1),
            benchmark_precision=decimals, benchmark_members=row["n_members"],
            benchmark_with_data=row["n_pooled" if average == "pooled" else "n_with_value"], benchmark_figure="",
            benchmark_period=period, cites=cites,
        )
        for _, row in found.sort_values("group", ascending=False, kind="stable").iterrows()
        for average, column in AVERAGES.items()
    ]  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def select_counted_beside(
    figures: pd.DataFrame, indicators: Iterable[Indicator], *, area: str, year: str
) -> pd.DataFrame:
    """Return the figures that were counted from returns and are published too, the published one beside.

    Args:
        figures: the observation table.
        indicators: what is asked.
        area: name or code.
        year: a financial year.

    Returns:
        As :func:`select_beside`, with what was counted first and in ``other_*`` what is published, an official figure before others.
    """
    counted = figures["figure"].str.startswith(f"{COUNTED_CODE}.")
    rows = _beside(figures, indicators, counted, ~counted, area=area, year=year)
    names = {"source_name": load_published()[COUNTED_CODE].short, "other_source_name": "what is published"}
    return rows.assign(**{name: rows[name].replace("", words) for name, words in names.items()})


def select_beside(figures: pd.DataFrame, indicators: Iterable[Indicator], *, area: str, year: str) -> pd.DataFrame:
    """Return the figures that both a council's document and official files give, the official one beside.

    Args:
        figures: the observation table.
        indicators: what is asked.
        area: name or code.
        year: a financial year; figures of any period that touches it.

    Returns:
        The document's rows with the official one in ``other_*``, ``source_name`` and ``other_source_name``; one not_held
        row where no figure is given by both.
    """
    official = figures["official"].astype(bool)
    return _beside(figures, indicators, ~official, official, area=area, year=year)


def _beside(
    figures: pd.DataFrame, indicators: Iterable[Indicator], first: pd.Series, second: pd.Series, *, area: str, year: str
) -> pd.DataFrame:
    """Figures of an area and year that both kinds of sources give, by which rows are of the first and which of the second."""
    place, label = find_area(area), parse_year(year)
    asked = list(indicators)
    own = figures[figures["area_code"].eq(place.code) & figures["value_type"].eq("observed")]
    own = own[own["indicator"].isin([item.id for item in asked]) & own["value"].notna()]
    own = own[own["period"].map(lambda period: label in years_touched(period)).astype(bool)]
    keys = list(MEASURE)
    printed, beside = own[first[own.index]], one_value_each(own[second[own.index]])
    # What several documents repeat is said once.
    both = printed.merge(beside[keys], on=keys).drop_duplicates([*keys, "value"]).reset_index(drop=True)
    if both.empty:
        nothing = not_held(figures, asked[0], place, period=label)
        return put_beside(nothing, nothing).assign(asked=label, source_name="", other_source_name="")
    table = put_beside(both, both[keys].merge(beside, on=keys, how="left"))
    names = {name: [published_of(figure).short for figure in table[name]] for name in ("figure", "other_figure")}
    return table.assign(source_name=names["figure"], other_source_name=names["other_figure"], asked=label)


def _choice_name(group: str, average: str) -> str:
    if group == OWN_GROUP:
        return f"the group chosen ({average})"
    return f"statistical neighbours ({group} model, {average})"
