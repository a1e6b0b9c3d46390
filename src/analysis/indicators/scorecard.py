"""The scorecard: for each of its lines the figure of a quarter or year, the one before, the outturn, the target, the neighbours."""

from __future__ import annotations

from functools import cache

import pandas as pd
from pydantic import Field

from analysis.errors import CatalogueError, UnknownNameError
from analysis.indicators.definitions import Indicator, load_indicators
from analysis.indicators.pairing import pair_with_base, pair_with_comparators, put_beside, stack, unite
from analysis.indicators.selection import not_held, one_value_each
from analysis.periods import in_time_order, parse_period, parse_year, quarter_before, year_before, years_touched
from analysis.sources.areas import Area, find_area
from analysis.sources.catalogue import load_breakdowns
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder
from analysis.vocabulary import NOT_HELD, TOTAL


class Line(Declared):
    """One line of the scorecard.

    Attributes:
        indicator: id.
        topic: breakdown topic; Total for all children.
        group: group within the topic.
        near: how far from the target still counts as near it, in the unit of the values.
        looks_back: whether each value is of the twelve months before, so that two quarters share most of them.
        no_more_than: an indicator that counts at least as many as the percentage is taken of.
    """

    indicator: str
    topic: str = TOTAL
    group: str = TOTAL
    near: float = Field(default=0, ge=0)
    looks_back: bool = False
    no_more_than: str = ""


class Scorecard(Declared):
    """Lines by subject, in order."""

    subjects: dict[str, list[Line]]


@cache
def load_scorecard() -> Scorecard:
    """Return the lines of the scorecard.

    Raises:
        CatalogueError: data/catalogue/scorecard.yml breaks its contract or names what is not declared.
    """
    card = load_declared(data_folder() / "catalogue" / "scorecard.yml", Scorecard)
    known, topics = load_indicators(), load_breakdowns()
    for line in (line for lines in card.subjects.values() for line in lines):
        wrong = [name for name in (line.indicator, line.no_more_than) if name and name not in known]
        if line.topic != TOTAL and line.group not in getattr(topics.get(line.topic), "groups", {}):
            wrong.append(f"{line.topic}: {line.group}")
        if wrong:
            raise CatalogueError(f"data/catalogue/scorecard.yml: {wrong[0]!r} is not declared. Mend the name.")
    return card


def find_period(figures: pd.DataFrame, *, area: str, year: str, quarter: str = "") -> str:
    """Return the period of the scorecard: the quarter asked for, else the latest quarter of the year that is held, else the year.

    Args:
        figures: the observation table.
        area: name or code.
        year: a financial year.
        quarter: Q1 to Q4; blank for the latest that is held.

    Raises:
        UnknownNameError: the quarter is not one of the four.
    """
    label = parse_year(year)
    if quarter:
        if quarter.upper() not in ("Q1", "Q2", "Q3", "Q4"):
            raise UnknownNameError(f"{quarter!r} is not a quarter. Write Q1, Q2, Q3 or Q4, or leave it blank.")
        return f"{label}-{quarter.upper()}"
    place = find_area(area)
    own = figures[(figures["area_code"] == place.code) & (figures["value_type"] == "observed")]
    quarters = [name for name in own["period"].unique() if name.startswith(f"{label}-Q")]
    return in_time_order(quarters)[-1] if quarters else label


def select_scorecard(figures: pd.DataFrame, *, area: str, period: str) -> pd.DataFrame:
    """Return one row a line of the scorecard that has any figure of the area.

    Args:
        figures: the observation table.
        area: name or code.
        period: as from :func:`find_period`.

    Returns:
        Rows of the observation table with ``subject``; the quarter or year before in ``other_*``; ``outturn_value`` (the year
        before a quarter's year), ``outturn_precision``; ``target_low`` and ``target_high`` (one value, or the ends of a range),
        ``target_period``; the neighbours in ``benchmark_*``; ``near`` and ``looks_back`` of the line; ``denominator`` and
        ``other_denominator`` where the base is known or, with ``base_is_bound``, where it can be no larger; ``polarity``
        and ``calculation``. Everything that a row rests on is in ``cites`` and ``caveat``.
    """
    place = find_area(area)
    lines = [(subject, line) for subject, lines in load_scorecard().subjects.items() for line in lines]
    rows = [_row(figures, place, period, subject, line) for subject, line in lines]
    held = [row for row in rows if (row["status"] != NOT_HELD).all()]
    return stack(*held) if held else rows[0]


def indicators_of(rows: pd.DataFrame) -> list[Indicator]:
    """Return the definitions of the indicators that rows are of, each once, in the order of the rows.

    Args:
        rows: as from :func:`select_scorecard`, where an indicator can have a row for each group.
    """
    known = load_indicators()
    return [known[name] for name in rows["indicator"].unique()]


def without_figure(figures: pd.DataFrame, *, area: str, period: str) -> list[str]:
    """Return the ids of lines of the scorecard for which no figure of the period is held, each once.

    Args:
        figures: the observation table.
        area: name or code.
        period: as from :func:`find_period`.
    """
    shown = select_scorecard(figures, area=area, period=period)
    there = set(shown.loc[shown["status"] != NOT_HELD, "indicator"])
    lines = [line.indicator for lines in load_scorecard().subjects.values() for line in lines]
    return [name for name in dict.fromkeys(lines) if name not in there]


def _row(figures: pd.DataFrame, place: Area, period: str, subject: str, line: Line) -> pd.DataFrame:
    indicator = load_indicators()[line.indicator]
    own = figures[
        (figures["indicator"] == line.indicator)
        & (figures["area_code"] == place.code)
        & (figures["breakdown_topic"] == line.topic)
        & (figures["breakdown"] == line.group)
    ]
    now = _of_period(figures, own, indicator, place, period, line)
    before = _of_period(figures, own, indicator, place, quarter_before(period), line)
    paired = put_beside(now, before)
    paired = _with_bases(paired, figures, indicator, line)
    paired = _with_outturn(paired, figures, own, indicator, place, period, line)
    paired = _with_target(paired, own, period)
    beside = pair_with_comparators(paired, figures, indicator, comparators=["statistical_neighbours"])
    neighbours = beside[~beside["benchmark_name"].isin(["", "target", "the group chosen"])]
    chosen = (neighbours if len(neighbours) else _no_neighbours(beside)).iloc[[0]]
    return chosen.assign(
        subject=subject, near=line.near, looks_back=line.looks_back and parse_period(period).kind == "quarter",
        polarity=indicator.polarity, calculation=indicator.calculation, asked=period,
    )  # fmt: skip


def _no_neighbours(beside: pd.DataFrame) -> pd.DataFrame:
    """The row without whom it was compared with: a target has columns of its own."""
    blank = {name: float("nan") for name in ("benchmark_value", "benchmark_precision")}
    return beside.iloc[[0]].assign(benchmark_name="", **blank)


def _of_period(
    figures: pd.DataFrame, own: pd.DataFrame, indicator: Indicator, place: Area, period: str, line: Line
) -> pd.DataFrame:
    """The figure of a period; of a position also one whose label ends on the same day, such as its last month."""
    observed = own[own["value_type"] == "observed"]
    chosen = observed[observed["period"] == period]
    if chosen.empty and indicator.measured == "stock":
        end = parse_period(period).end
        chosen = observed[observed["period"].map(lambda label: parse_period(label).end == end).astype(bool)]
        chosen = chosen[chosen["period"] == chosen["period"].iloc[0]] if len(chosen) else chosen
    found = one_value_each(chosen)
    if found.empty:
        gap = not_held(figures, indicator, place, period=period)
        return gap.assign(breakdown_topic=line.topic, breakdown=line.group)
    return found.iloc[[0]]


def _with_bases(rows: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator, line: Line) -> pd.DataFrame:
    """The numbers that both percentages are taken of, or that they can be no larger than; of a rate the counts behind it."""
    base = indicator.taken_of or line.no_more_than
    if indicator.calculation != "proportion" or not base or rows["status"].eq(NOT_HELD).any():
        return rows.assign(base_is_bound=False)
    known = rows["denominator"].notna().all()
    totals = rows.assign(breakdown_topic=TOTAL, breakdown=TOTAL)
    now = pair_with_base(totals, figures, base=base)
    before = pair_with_base(totals.assign(period=rows["other_period"], denominator=float("nan")), figures, base=base)
    return rows.assign(
        denominator=now["denominator"].to_numpy(),
        other_denominator=rows["other_denominator"].fillna(before["denominator"]),
        cites=[unite(*texts) for texts in zip(rows["cites"], now["cites"], before["cites"], strict=True)],
        base_is_bound=not indicator.taken_of and not known,
    )


def _with_outturn(
    rows: pd.DataFrame,
    figures: pd.DataFrame,
    own: pd.DataFrame,
    indicator: Indicator,
    place: Area,
    period: str,
    line: Line,
) -> pd.DataFrame:
    """What the year before a quarter's year ended with; a year has the year before beside it already."""
    if parse_period(period).kind == "year":
        return rows.assign(outturn_value=float("nan"), outturn_precision=float("nan"), outturn_period="")
    label = year_before(parse_year(period))
    found = _of_period(figures, own, indicator, place, label, line)
    return rows.assign(
        outturn_value=found["value"].to_numpy(), outturn_precision=found["precision"].astype("Float64").to_numpy(),
        outturn_period=label, cites=[unite(*texts) for texts in zip(rows["cites"], found["cites"].fillna(""), strict=True)],
        caveat=[unite(*texts, by="\n") for texts in zip(rows["caveat"], found["caveat"].fillna(""), strict=True)],
    )  # fmt: skip


def _with_target(rows: pd.DataFrame, own: pd.DataFrame, period: str) -> pd.DataFrame:
    """The target of the period, else of the same year; two values are the ends of a range."""
    targets = own[(own["value_type"] == "target") & own["value"].notna()]
    year = parse_year(period)
    chosen = targets[targets["period"] == period]
    if chosen.empty:
        chosen = targets[targets["period"].map(lambda label: year in years_touched(label)).astype(bool)]
    if chosen.empty:
        return rows.assign(target_low=float("nan"), target_high=float("nan"), target_precision=float("nan"))
    return rows.assign(
        target_low=chosen["value"].min(), target_high=chosen["value"].max(),
        target_precision=float(chosen["precision"].max()),
        cites=[unite(text, *chosen["cites"]) for text in rows["cites"]],
        caveat=[unite(text, *chosen["caveat"], by="\n") for text in rows["caveat"]],
    )  # fmt: skip
