"""Parts of sentences about choices: which list of neighbours, which average of them, and whether the answer depends on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present.formatting import all_of, cite, is_missing, listed, number, value_of
from analysis.present.phrases import OWN_GROUP

_SIDES = ("higher", "lower", "the same", "not told apart")
#: Where an area is to its neighbours when all choices agree.
_TO_THEM = {
    "higher": "{area} is above them",
    "lower": "{area} is below them",
    "the same": "{area} has the same figure as they have",
    "not told apart": "{area} cannot be told apart from them, as printed",
}
#: Where it is to some of them.
_TO_SOME = {
    "higher": "above",
    "lower": "below",
    "the same": "the same as",
    "not told apart": "not told apart from",
}
#: With more choices than this the sentence counts them, and the table names them.
MOST_NAMED = 4
_AVERAGES = {"pooled": "pooled figure"}


def name_of(row: pd.Series) -> str:
    """Name one choice: the list and the average."""
    return f"{_model(row['benchmark_model'])}, {_average(row['benchmark_by'])}"


def model_words(row: pd.Series) -> str:
    """Name the list of a choice."""
    return _model(row["benchmark_model"])


def side_words(row: pd.Series) -> str:
    """Say on which side of a choice an area is, as it stands in a table; blank where that is not known."""
    words = {"higher": "above", "lower": "below", "the same": "the same"}
    if is_missing(row["direction"]):
        return ""
    side = words.get(str(row["direction"]), str(row["direction"]))
    return f"{side} (within chance)" if row.get("position") == "similar" else side


def average_words(row: pd.Series) -> str:
    """Name the average of a choice."""
    return _average(row["benchmark_by"])


def verdict(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Say whether an area is above or below its neighbours whichever choice is made, or that it depends."""
    known = rows[rows["benchmark_value"].notna()]
    area = known["area_name"].iloc[0]
    sides = [side for side in _SIDES if (known["direction"] == side).any()]
    if len(known) == 1:
        row = known.iloc[0]
        side = f"{area} is {_TO_SOME[row['direction']]} {_those(known, indicator)}{_by_chance(known)}"
        others = "no other choice is looked at" if len(rows) == 1 else "no other choice has a figure"
        return f"Held against its neighbours, {side}; {others}."
    if len(sides) == 1:
        where = _TO_THEM[sides[0]].format(area=area)
        return f"{_whichever(known)}, {where}{_by_chance(known)}: {_range(known, indicator)}."
    both = {"higher", "lower"} & set(sides)
    parts = [f"{_TO_SOME[side]} {_those(known[known['direction'] == side], indicator)}" for side in sides]
    if not both:
        return f"{area} is on no choice above or below its neighbours: {'; '.join(parts)}."
    asked = "above or below" if len(both) == 2 else _TO_SOME[both.pop()]
    depends = f"Whether {area} is {asked} its neighbours depends on the choice"
    if len(known) <= MOST_NAMED:
        return f"{depends}: it is {'; '.join(parts)}."
    counts = [f"{_TO_SOME[side]} {number((known['direction'] == side).sum())}" for side in sides]
    low, high = (_those(known.loc[[name]], indicator) for name in _ends(known))
    return f"{depends}: of {number(len(known))} it is {listed(counts)}, from {low} to {high}."


def chance(known: pd.DataFrame) -> list[str]:
    """Say what chance has to do with it: that it is not looked at, or on how many choices it matters."""
    if _positions(known) is None:
        return ["Above and below go by the figures alone; whether that is more than chance is not tested here."]
    if known["direction"].nunique() == 1:
        return []
    beyond = int(known["position"].isin(["higher", "lower"]).sum())
    if beyond == 0:
        return ["Each of these differences is one that chance alone could give."]
    if beyond == len(known):
        return ["Each of these differences is larger than chance alone would give."]
    return [
        f"On {number(beyond)} of the {number(len(known))} choices the difference is larger than chance alone would give; "
        "on the others chance alone could give it."
    ]


def members(rows: pd.DataFrame) -> list[str]:
    """Say how many members of a list have a figure, where not all have, and which list has none for the area."""
    said = []
    for model in dict.fromkeys(rows["benchmark_model"]):
        own = rows[rows["benchmark_model"] == model]
        if not model:
            continue
        if own["benchmark_value"].isna().all() and not own["benchmark_members"].fillna(0).any():
            said.append(f"The {_model(model)} has no list of neighbours for {own['area_name'].iloc[0]}.")
            continue
        few = own[own["benchmark_with_data"] < own["benchmark_members"]]
        if not few.empty:
            of = f"Of the {number(few['benchmark_members'].iloc[0])} members of the {_model(model)}"
            said.append(f"{of}, {listed(_held(few, everywhere=len(few) == len(own)))}.")
    return said


def _held(few: pd.DataFrame, *, everywhere: bool) -> list[str]:
    """How many members have a figure; for which average, where that is not the same for all."""
    counts = list(dict.fromkeys(few["benchmark_with_data"]))
    parts = []
    for count in counts:
        words = "none has" if count == 0 else f"{number(count)} {'has' if count == 1 else 'have'}"
        figure = " a figure" if count == counts[0] else " one"
        averages = [_average(name) for name in few.loc[few["benchmark_with_data"] == count, "benchmark_by"]]
        which = "" if everywhere and len(counts) == 1 else f" for the {listed(averages)}"
        parts.append(f"{words}{figure}{which}")
    return parts


def _model(name: str) -> str:
    return "group chosen" if name == OWN_GROUP else f"{name} model"


def _average(name: str) -> str:
    return _AVERAGES.get(name, str(name))


def _whichever(known: pd.DataFrame) -> str:
    """Name the choices that all agree; only what was really looked at is claimed."""
    models = list(dict.fromkeys(known["benchmark_model"]))
    averages = [_average(name) for name in dict.fromkeys(known["benchmark_by"])]
    if len(known) < len(models) * len(averages):
        return f"On each of the {number(len(known))} choices of neighbours looked at"
    lists = f"whichever list of neighbours ({_or(_models(models))})"
    if len(averages) == 1:
        return f"W{lists[1:]} is taken, by the {averages[0]}"
    average = f"whichever average ({_or(averages)}) is taken"
    if len(models) == 1:
        return f"Of the neighbours of the {_model(models[0])}, {average}"
    return f"W{lists[1:]} and {average}"


def _models(names: Sequence[str]) -> list[str]:
    """Lists by name, the word model said once."""
    dated = [name for name in names if name != OWN_GROUP]
    own = ["the group chosen"] if OWN_GROUP in names else []
    return [*dated[:-1], *(f"{name} model" for name in dated[-1:]), *own]


def _or(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"


def _range(known: pd.DataFrame, indicator: Indicator) -> str:
    """Say from where to where the neighbours' figures reach."""
    low, high = (known.loc[[name]].iloc[0] for name in _ends(known))
    if _value(low, indicator) == _value(high, indicator):
        return f"{all_of(len(known))} choices give {_value(low, indicator)}{cite(low['benchmark_figure'])}"
    return (
        f"they range from {_value(low, indicator)}{cite(low['benchmark_figure'])} to "
        f"{_value(high, indicator)}{cite(high['benchmark_figure'])}"
    )


def _ends(known: pd.DataFrame) -> tuple[Any, Any]:
    """The rows with the lowest and with the highest figure."""
    ordered = known.sort_values("benchmark_value", kind="stable").index
    return ordered[0], ordered[-1]


def _those(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Name choices with their values, those of one list together."""
    parts = []
    for model in dict.fromkeys(rows["benchmark_model"]):
        own = rows[rows["benchmark_model"] == model]
        averages = [f"{_average(row['benchmark_by'])} ({_dated(row, indicator)})" for _, row in own.iterrows()]
        parts.append(f"the {listed(averages)} of the {_model(model)}")
    return listed(parts)


def _dated(row: pd.Series, indicator: Indicator) -> str:
    """A neighbours' value with its citation, and its period where that is another one."""
    period = row.get("benchmark_period")
    other = isinstance(period, str) and period and period != row["period"]
    older = f", {parse_period(period).short}" if other and isinstance(period, str) else ""
    return f"{_value(row, indicator)}{older}{cite(row['benchmark_figure'])}"


def _value(row: pd.Series, indicator: Indicator) -> str:
    return value_of(row, indicator, prefix="benchmark_")


def _positions(known: pd.DataFrame) -> pd.Series | None:
    return known["position"] if "position" in known and known["position"].notna().all() else None


def _by_chance(known: pd.DataFrame) -> str:
    """What chance has to do with a side on which all choices agree; nothing where that is not known."""
    positions = _positions(known)
    if positions is None or known["direction"].iloc[0] not in ("higher", "lower"):
        return ""
    beyond, each = int(positions.isin(["higher", "lower"]).sum()), " each time" if len(known) > 1 else ""
    if beyond == len(known):
        return f",{each} by more than chance alone would give"
    if beyond == 0:
        return f",{each} by a difference that chance alone could give"
    return f", by more than chance alone would give on {number(beyond)} of the {number(len(known))} choices"
