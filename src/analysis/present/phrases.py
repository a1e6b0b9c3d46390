"""Parts of sentences that several kinds of exhibit share: what a row states, how sure it is, what it stands against."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period, years_touched
from analysis.present.formatting import cite, interval_of, is_missing, level_words, listed, number, value_of, when
from analysis.vocabulary import NOT_HELD, TOTAL, WORKED_OUT

_CHANCE = {
    "higher": "higher by more than chance alone would give",
    "lower": "lower by more than chance alone would give",
    "similar": "a difference that chance alone could give",
}
_DIRECTION = {
    "higher": "higher",
    "lower": "lower",
    "the same": "the same figure",
    "not told apart": "too close to tell apart, as printed",
}
_BETTER = {"higher_is_better": "higher", "lower_is_better": "lower"}


def states(row: pd.Series, indicator: Indicator) -> str:
    """Say what a row states: place, clause with its value, interval and citation, and when."""
    cites = row["cites"] if row["status"] == WORKED_OUT else row["figure"]
    interval = interval_of(row, indicator)
    beside = f" ({level_words(row['confidence'])} interval {interval})" if interval else ""
    clause = indicator.says.format(value=value_of(row, indicator) + cite(cites) + beside)
    clause += "" if row["breakdown"] in (TOTAL, "") else f" ({row['breakdown']})"
    clause += " (worked out here, not printed)" if row["status"] == WORKED_OUT else ""
    return f"In {row['area_name']}, {clause} {when(row['period'], indicator)}"


def gap(row: pd.Series, indicator: Indicator) -> list[str]:
    """Say what is missing, and where it might be found if nothing is held at all."""
    found = [indicator.where_to_find] if row["status"] == NOT_HELD else []
    return [missing(row, indicator), *found]


def missing(row: pd.Series, indicator: Indicator) -> str:
    """Say that a figure is missing, and why."""
    asked = row.get("asked") or row["period"]
    about = f" in {asked}" if isinstance(asked, str) and asked else ""
    if row["status"] == NOT_HELD:
        return f"The documents held here do not give the {indicator.noun} for {row['area_name']}{about}."
    return f"The {indicator.noun} in {row['area_name']}{about} is {value_of(row, indicator)} in the source{cite(row['figure'])}."


def worked_out(row: pd.Series) -> list[str]:
    """Say so where no source prints the figure."""
    if row["status"] != WORKED_OUT:
        return []
    return [
        "No source held prints this figure: it is worked out from a count and the population that other figures imply."
    ]


def older(row: pd.Series) -> str:
    """Say so where the period is not the one asked for."""
    asked = row.get("asked")
    if not isinstance(asked, str) or not asked or asked in years_touched(row["period"]):
        return ""
    return f" No figure for {asked} is held; this is the nearest."


def uncertainty(row: pd.Series, indicator: Indicator) -> list[str]:
    """The reason why there is no interval, where there is none; an interval stands beside its figure."""
    if interval_of(row, indicator):
        return clustered(row, indicator)
    return [f"No interval can be given: {indicator.interval.where_missing}."]


def clustered(row: pd.Series, indicator: Indicator) -> list[str]:
    """The interval under a stated design effect, beside the plain one."""
    interval = interval_of(row, indicator, prefix="clustered_")
    if not interval:
        return []
    effect = number(row["design_effect"], 1)
    return [
        f"If brothers and sisters, who come together, make it vary {effect} times as much (a supposition), "
        f"the interval is {interval}."
    ]


def also_printed(row: pd.Series, indicator: Indicator) -> list[str]:
    """Say what other values the sources print."""
    if not row.get("also_printed"):
        return []
    others = []
    for item in row["also_printed"].split("; "):
        text, _, figure = item.partition(" (")
        others.append(f"{text}{'%' if indicator.is_percentage else ''}{cite(figure.rstrip(')'))}")
    return [f"The sources also print {listed(others)}."]


def against(row: pd.Series, indicator: Indicator) -> str:
    """Say a comparator and the verdict on it."""
    name, value = row["benchmark_name"], value_of(row, indicator, prefix="benchmark_")
    whom = f"a target of {value}" if name == "target" else f"{value} for {whose(row)}"
    older = "" if row["benchmark_period"] == row["period"] else f" ({parse_period(row['benchmark_period']).short})"
    return f"against {whom}{older}{cite(row['benchmark_figure'])}: {verdict(row)}"


def whose(row: pd.Series) -> str:
    """Name a comparator as it stands inside a sentence."""
    name = str(row["benchmark_name"])
    return "its statistical neighbours" if name == "statistical neighbours" else name


def verdict(row: pd.Series) -> str:
    """Say how a figure stands to another, by its interval where there is one."""
    if not is_missing(row.get("position")):
        return _CHANCE[row["position"]]
    return _DIRECTION[row["direction"]]


def chance_unknown(row: pd.Series) -> list[str]:
    """Say so where two figures differ and no interval tells whether by chance."""
    if not is_missing(row.get("position")) or row["direction"] not in ("higher", "lower"):
        return []
    return ["Whether that is more than chance cannot be said."]


def polarity(indicator: Indicator) -> list[str]:
    """Say which direction is better, where one is."""
    better = _BETTER.get(indicator.polarity)
    return [f"For this figure, {better} is better."] if better else []


def at(row: pd.Series, indicator: Indicator) -> str:
    """Say a value, when it was, and where it stands."""
    return f"{value_of(row, indicator)} {when(row['period'], indicator)}{cite(row['figure'])}"


def definition_changed(indicator: Indicator, earlier: str, later: str) -> list[str]:
    """Say so where two periods are not measured alike."""
    between = [
        item
        for item in indicator.breaks
        if parse_period(earlier).end < parse_period(item.period).end <= parse_period(later).end
    ]
    return [f"The national definition changed from {item.period}: {item.reason}." for item in between]
