"""Parts of sentences that several kinds of exhibit share: what a row states, how sure it is, what it stands against."""

from __future__ import annotations

import re

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period, years_touched
from analysis.present.formatting import (
    cite,
    interval_of,
    is_missing,
    level_words,
    listed,
    number,
    value_of,
    when,
)
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
#: How comparators are named: by the rows, and in words.
NEIGHBOURS, OWN_GROUP, CHOSEN = "statistical neighbours", "own group", "group chosen"
_WITH_DATA = re.compile(r", \d+ of \d+ with data")
_BETTER = {"higher_is_better": "higher", "lower_is_better": "lower"}


def states(row: pd.Series, indicator: Indicator) -> str:
    """Say what a row states: place, clause with its value, interval and citation, and when."""
    interval = interval_of(row, indicator)
    beside = f" ({level_words(row['confidence'])} interval {interval})" if interval else ""
    said = indicator.says.format(value=value_of(row, indicator) + cite(row["figure"]) + beside)
    unprinted = " (worked out here, not printed)" if row["status"] == WORKED_OUT else ""
    return f"In {row['area_name']}, {said}{of_group(row)}{unprinted} {when(row['period'], indicator)}"


def of_group(row: pd.Series) -> str:
    """Name the group that a row is about, in brackets; nothing where it is about all."""
    return "" if is_missing(row["breakdown"]) or row["breakdown"] in (TOTAL, "") else f" ({row['breakdown']})"


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
    """Say so where no source prints the figure, and what it is worked out from; a note of the row knows best."""
    if row["status"] != WORKED_OUT:
        return []
    note = row.get("note")
    if isinstance(note, str) and note.startswith("Worked out"):
        return [note if note.endswith(".") else f"{note}."]
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
    if is_missing(row["benchmark_value"]):
        return f"with no figure for {whose(row)}"
    name, value = row["benchmark_name"], value_of(row, indicator, prefix="benchmark_")
    whom = f"a target of {value}" if name == "target" else f"{value} for {whose(row)}"
    older = "" if row["benchmark_period"] == row["period"] else f" ({parse_period(row['benchmark_period']).short})"
    return f"against {whom}{older}{cite(row['benchmark_figure'])}: {verdict(row)}"


def whose(row: pd.Series) -> str:
    """Name a comparator as it stands inside a sentence, with how many of its members had data.

    Example:
        >>> whose(pd.Series({"benchmark_name": "statistical neighbours (2025 model, median)",
        ...                  "benchmark_members": 10, "benchmark_with_data": 9}))
        'its statistical neighbours (2025 model, median, 9 of 10 with data)'
    """
    name = named(row, with_data=True)
    return f"its {name}" if name.startswith(NEIGHBOURS) else f"the {name}" if name.startswith(CHOSEN) else name


def named(row: pd.Series, *, with_data: bool = False) -> str:
    """Return the name of a comparator without article.

    Args:
        row: with ``benchmark_name``, such as "statistical neighbours (2025 model, median)", "own group (median)" or
            "England"; optionally ``benchmark_by``, ``benchmark_members`` and ``benchmark_with_data``.
        with_data: whether to say how many of a group's members had data, where that is known.

    Example:
        >>> row = pd.Series({"benchmark_name": "own group", "benchmark_by": "median", "benchmark_members": 3.0,
        ...                  "benchmark_with_data": 3.0})
        >>> named(row), named(row, with_data=True)
        ('group chosen (median)', 'group chosen (median, 3 of 3 with data)')
    """
    name = str(row["benchmark_name"])
    name = name if with_data else _WITH_DATA.sub("", name)
    head, _, inner = name.partition(" (")
    if not (head == OWN_GROUP or (head == NEIGHBOURS and inner)):
        return name
    by = row.get("benchmark_by")
    inner = inner.removesuffix(")") or (by if isinstance(by, str) else "")
    known = with_data and "with data" not in inner
    parts = [part for part in (inner, members_with_data(row) if known else "") if part]
    return (CHOSEN if head == OWN_GROUP else head) + (f" ({', '.join(parts)})" if parts else "")


def aside(row: pd.Series) -> str:
    """Name a comparator as it stands inside brackets."""
    return named(row).replace(" (", ", ").removesuffix(")") if "(" in named(row) else named(row)


def members_with_data(row: pd.Series) -> str:
    """Say how many members of a group had data; blank where that is not known."""
    if any(is_missing(row.get(name)) for name in ("benchmark_members", "benchmark_with_data")):
        return ""
    return f"{number(row['benchmark_with_data'])} of {number(row['benchmark_members'])} with data"


def compared_with(rows: pd.DataFrame) -> str:
    """Name the one comparator that several rows share; statistical neighbours where they share no more than that."""
    names = {named(row) for _, row in rows.iterrows() if isinstance(row.get("benchmark_name"), str)} - {""}
    if len(names) == 1:
        return names.pop()
    return NEIGHBOURS if all(name.startswith(NEIGHBOURS) for name in names) else "comparator"


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


#: How the sentence begins that says which direction is better.
POLARITY = "For this figure"


def polarity(indicator: Indicator) -> list[str]:
    """Say which direction is better, where one is."""
    better = _BETTER.get(indicator.polarity)
    return [f"{POLARITY}, {better} is better."] if better else []


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
