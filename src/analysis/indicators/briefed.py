"""What a briefing reads of any indicator: the counts behind it, those it is read with, and what it is made of."""

from __future__ import annotations

import pandas as pd

from analysis.errors import UnknownNameError
from analysis.indicators.definitions import Indicator, load_indicators
from analysis.indicators.pairing import (
    as_counts_over_time,
    as_events,
    assume_same_population,
    pair_with_base,
    pair_with_count,
    put_beside,
    stack,
    with_denominator_of,
    without_value,
)
from analysis.indicators.selection import select_before, select_level, select_levels
from analysis.vocabulary import NOT_HELD, TOTAL


def with_counts(rows: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return the same rows with the counts behind them, where the definition says which indicator holds them.

    Args:
        rows: figures of the indicator.
        figures: the observation table.
        indicator: its definition.

    Returns:
        The same rows with ``numerator`` and ``denominator``; the numerator of a count is the number itself.
    """
    if indicator.calculation == "count":
        return as_events(rows)
    if indicator.counted_in:
        return pair_with_count(rows, figures, count=indicator.counted_in)
    return pair_with_base(rows, figures, base=indicator.taken_of) if indicator.taken_of else rows


def with_counts_over_time(rows: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return the rows of a line as :func:`with_counts` does; counts as events of a population taken as unchanged."""
    return as_counts_over_time(rows) if indicator.calculation == "count" else with_counts(rows, figures, indicator)


def select_same_population(
    figures: pd.DataFrame, indicator: Indicator, *, level: pd.DataFrame, area: str, year: str
) -> pd.DataFrame:
    """Return another rate of the same children with its count, which implies their number; rows that imply nothing if none.

    Args:
        figures: the observation table.
        indicator: what is asked.
        level: its rows for the year.
        area: name or code.
        year: a financial year.
    """
    if not indicator.population_as:
        return without_value(level)
    other = load_indicators()[indicator.population_as]
    found = select_level(figures, other, area=area, year=year)
    return pair_with_count(found, figures, count=other.counted_in) if other.counted_in else found


def select_tested(
    level: pd.DataFrame, before: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator
) -> pd.DataFrame:
    """Return the numbers whose change is tested beside those of the year before: of a rate the counts behind it.

    Args:
        level: the row of the year, with ``denominator``.
        before: that of the year before.
        figures: the observation table.
        indicator: what is asked.

    Returns:
        One row of ``indicator.tested`` with the year before in ``other_*``, both with numerator and denominator where known.
    """
    if not indicator.counted_in:
        return comparable(put_beside(level, before), indicator)
    place, label = level["area_code"].iloc[0], level["asked"].iloc[0]
    count = as_events(select_level(figures, indicator.tested, area=place, year=label))
    earlier = as_events(select_before(count, figures))
    return comparable(
        put_beside(with_denominator_of(count, level), with_denominator_of(earlier, before)), indicator
    )  # fmt: skip


def comparable(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Return rows beside those of another year so that the two can be tested; of rates and counts, by one population."""
    if indicator.calculation == "proportion":
        return rows.assign(assumption="")
    return assume_same_population(rows)


def select_read_with(figures: pd.DataFrame, indicator: Indicator, *, area: str, year: str) -> pd.DataFrame:
    """Return the figures of the year that an indicator is read with, one row each; gaps where they are not held.

    Args:
        figures: the observation table.
        indicator: what is asked; where it is read with none, the rows are its own.
        area: name or code.
        year: a financial year.
    """
    known = load_indicators()
    names = indicator.read_with or [indicator.id]
    return select_levels(figures, [known[name] for name in names], area=area, year=year)


def select_parts(figures: pd.DataFrame, indicator: Indicator, *, area: str, year: str) -> pd.DataFrame:
    """Return the figures of the year for the groups that an indicator is made of, topic by topic.

    Args:
        figures: the observation table.
        indicator: what is asked; where no parts are declared, no row.
        area: name or code.
        year: a financial year.
    """
    known = load_indicators()
    found = [
        select_level(figures, known[part.indicator], area=area, year=year, topic=part.topic) for part in indicator.parts
    ]
    return stack(*found) if found else select_level(figures, indicator, area=area, year=year).iloc[:0]


def require_of_all_children(figures: pd.DataFrame, indicator: Indicator, *, area_code: str) -> None:
    """Make sure that an indicator is not only given by groups, which no single answer can be made of.

    Raises:
        UnknownNameError: it is; those that show it are named.
    """
    rows = figures[(figures["indicator"] == indicator.id) & (figures["status"] != NOT_HELD)]
    by_group = rows[rows["area_code"].eq(area_code)]["breakdown_topic"].unique()
    if len(by_group) == 0 or TOTAL in by_group or not indicator.breakdowns:
        return
    showing = [
        item.id for item in load_indicators().values() if indicator.id in [part.indicator for part in item.parts]
    ]
    where = f" A briefing of {' or '.join(showing[:3])} shows it." if showing else ""
    raise UnknownNameError(
        f"{indicator.name} ({indicator.id}) is only given by groups ({', '.join(sorted(by_group))}), so there is no one "
        f"answer.{where} Nothing was run."
    )
