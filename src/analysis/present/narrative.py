"""What rows say in words, one function for each kind of exhibit. A sentence never says more than its rows.

Each returns sentences; the first is the one that answers the question. Citations stand in the text as marks
(see ``formatting.cite``). Nothing is computed here: each number and each direction is a cell of the rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period, years_touched
from analysis.present.formatting import (
    capital,
    cite,
    decimals_of,
    interval_of,
    is_missing,
    level_words,
    listed,
    number,
    quantity,
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
_BETTER = {"higher_is_better": "higher", "lower_is_better": "lower"}


def level(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say how high a figure is, how sure that is, and what else the sources print.

    Args:
        rows: one row of the area.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]):
        return _gap(row, indicator)
    return [
        _states(row, indicator) + "." + _older(row),
        *_worked_out(row),
        *_uncertainty(row, indicator),
        *_also_printed(row, indicator),
    ]


def comparison(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say how a figure compares with those of others.

    Args:
        rows: the area's row beside each comparator: ``benchmark_*``, ``direction`` and, where the area has an
            interval, ``position``.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]):
        return _gap(row, indicator)
    known = rows[rows["benchmark_name"] != ""]
    lead = _states(row, indicator)
    if known.empty:
        return [f"{lead}.{_older(row)}", *_worked_out(row), "No figure of others is held to compare it with.",
                *_uncertainty(row, indicator), *_also_printed(row, indicator)]  # fmt: skip
    against = [_against(other, indicator) for _, other in known.iterrows()]
    return [f"{lead}, {'; '.join(against)}.{_older(row)}", *_worked_out(row), *_chance_unknown(row), *_polarity(indicator),
            *_uncertainty(row, indicator), *_also_printed(row, indicator)]  # fmt: skip


def change(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say what changed on the year before, and whether chance alone could have done it.

    Args:
        rows: one row with ``other_*`` (the year before), ``value_difference``, ``direction`` and, where a test was
            possible, ``ratio`` with its interval and ``assumption``.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]):
        return [_missing(row, indicator)]
    if is_missing(row["other_value"]):
        return [f"{_states(row, indicator)}. No figure of the year before is held, so no change can be given."]
    return [
        f"{_states(row, indicator)}, {_changed(row, indicator)}{_chance_of_change(row)}.",
        *_claimed(row),
        *_definition_changed(indicator, row["other_period"], row["period"]),
        *_test_of_change(row, indicator),
        *_polarity(indicator),
    ]


def change_in_brief(rows: pd.DataFrame, indicator: Indicator) -> str:
    """Say the same as :func:`change` after the figure itself has been named; blank where nothing is held.

    Args:
        rows: as for :func:`change`.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]) or is_missing(row["other_value"]):
        return ""
    return f"That is {_changed(row, indicator)}{_chance_of_change(row)}."


def trend(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say where a line of figures began and ended, and where it was highest and lowest.

    Args:
        rows: the figures of the area and its comparators in time order, with ``series``.
        indicator: its definition.
    """
    own = rows[(rows["value_type"] == "observed") & rows["value"].notna()]
    if own.empty:
        return [_missing(rows.iloc[0], indicator)]
    first, last = own.iloc[0], own.iloc[-1]
    if len(own) == 1:
        return [f"{_states(first, indicator)}. It is the only figure held, so nothing can be said of change over time."]
    by_value = own.sort_values("value", kind="stable")
    low, high = by_value.iloc[0], by_value.iloc[-1]
    extremes = f"The highest figure held is {_at(high, indicator)}; the lowest is {_at(low, indicator)}."
    return [
        f"{capital(indicator.noun)} in {last['area_name']}: {_at(first, indicator)} and {_at(last, indicator)}.",
        *([extremes] if len(own) > 2 else []),
        *_definition_changed(indicator, first["period"], last["period"]),
        _trend_verdict(last),
    ]


def composition(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say which groups are the largest.

    Args:
        rows: one period, one row a group; ``value``, or ``numerator`` and ``denominator``.
        indicator: its definition.
    """
    there = rows[rows["value"].notna()]
    if there.empty:
        return _gap(rows.iloc[0], indicator)
    largest = there.sort_values("value", ascending=False, kind="stable").head(3)
    parts = [
        f"{row['breakdown']} ({_of_how_many(row, indicator)}){cite(row['cites'])}" for _, row in largest.iterrows()
    ]
    row = there.iloc[0]
    return [
        f"In {row['area_name']}, {when(row['period'], indicator)}, the largest groups ({indicator.noun}) were {listed(parts)}."
    ]


def profile(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say which groups' shares changed most from the first period to the last.

    Args:
        rows: one row a group and period, with ``value``; on the last period's rows ``value_difference`` from the first.
        indicator: its definition.
    """
    there = rows[rows["value"].notna()]
    if there.empty:
        return _gap(rows.iloc[0], indicator)
    moved = there[there["value_difference"].notna()]
    if moved.empty:
        return [
            f"Only one period is held for {there['area_name'].iloc[0]}, so nothing can be said of change over time."
        ]
    order = moved["value_difference"].abs().sort_values(ascending=False, kind="stable").index
    parts = [_moved(row, indicator) for _, row in moved.loc[order].head(3).iterrows()]
    row = moved.iloc[0]
    return [
        f"In {row['area_name']}, from {row['other_period']} to {row['period']}, the {indicator.noun} changed most for "
        f"{listed(parts)}.",
        "Many of the same children are counted in several years, so no test of these changes is made.",
    ]


def representation(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say which groups have a larger or smaller share of the users than of the children in care.

    Args:
        rows: one row a group with ``value`` (share of users, %), ``other_value`` (share of children in care, %),
            ``representation_ratio``, ``lower_ci``, ``upper_ci``, ``position`` and ``users_total``.
        indicator: its definition.
    """
    there = rows[rows["value"].notna() & rows["other_value"].notna()]
    if there.empty:
        return _gap(rows.iloc[0], indicator)
    row = there.iloc[0]
    apart = there[there["position"].isin(["higher", "lower"])]
    return [
        f"In {row['area_name']}, {when(row['period'], indicator)}, {value_of(row, indicator)} of children who used advocacy were "
        f"{_group(row)}{cite(row['figure'])}, against {value_of(row, indicator, prefix='other_')} of children in care"
        f"{cite(row['other_figure'])}. {_beyond_chance(apart, there)}",
        *[f"{_two_shares(row, indicator)}." for _, row in there.iterrows()],
    ]


def funnel(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say where an area stands among all areas, given its size.

    Args:
        rows: all areas with ``value``, ``baseline``, ``funnel_position`` and ``is_area``, true for the one asked about.
        indicator: its definition.
    """
    own = rows[rows["is_area"]]
    row = own.iloc[0]
    if is_missing(row["value"]) or is_missing(row["funnel_position"]):
        return _gap(row, indicator)
    known = int(rows["value"].notna().sum())
    words = {
        "within limits": "within the limits that chance alone would leave an area of its size",
        "above 95% limits": "above the 95% limits, which chance leaves about one area in forty above",
        "below 95% limits": "below the 95% limits, which chance leaves about one area in forty below",
        "above 99.8% limits": "above the 99.8% limits, which chance leaves about one area in a thousand above",
        "below 99.8% limits": "below the 99.8% limits, which chance leaves about one area in a thousand below",
    }
    pooled = quantity(row["baseline"], indicator, indicator.decimals)
    return [
        f"{_states(row, indicator)}, {words[row['funnel_position']]}, "
        f"around {pooled} for all {number(known)} areas together.",
        *_polarity(indicator),
    ]


def process(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say whether a monthly or quarterly series moves as it always does, or whether some points signal a change.

    Args:
        rows: the points in time order with ``process_mean``, limits, ``cause``, ``signal`` and ``limits_note``.
        indicator: its definition.
    """
    there = rows[rows["value"].notna()]
    if len(there) < 2:
        return [f"{len(there)} points are too few to tell usual variation from a change."]
    last = there.iloc[-1]
    limits = (
        f"{quantity(last['lower_process_limit'], indicator, indicator.decimals)} to "
        f"{quantity(last['upper_process_limit'], indicator, indicator.decimals)}"
    )
    marked = there[~there["cause"].isin(["common cause"]) & there["cause"].notna()]
    lead = (
        f"{capital(indicator.noun)} in {last['area_name']}: {_at(last, indicator)}, where {limits} is usual variation."
    )
    trial = "With few points the limits are trial ones." if isinstance(last["limits_note"], str) else ""
    if marked.empty:
        return [
            lead,
            f"No rule marks any of the {len(there)} points: all is usual variation.",
            *([trial] if trial else []),
        ]
    runs = (there["cause"] != there["cause"].shift()).cumsum()
    parts = [_marked(run, indicator) for _, run in there[there.index.isin(marked.index)].groupby(runs)]
    return [lead, f"The rules mark {listed(parts)}.", *([trial] if trial else []), *_polarity(indicator)]


def _marked(run: pd.DataFrame, indicator: Indicator) -> str:
    """Points in a row that one rule marks."""
    first, last = run.iloc[0], run.iloc[-1]
    if len(run) == 1:
        return f"{_at(first, indicator)} ({first['cause']})"
    return f"the points from {parse_period(first['period']).short} to {parse_period(last['period']).short} ({first['cause']})"


def sensitivity(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say what a percentage of an unknown number can and cannot tell.

    Args:
        rows: one row a supposed base with ``value``, ``denominator``, ``lower_ci``, ``upper_ci``; and
            ``needed`` with ``needed_for``: the base from which the value is told apart from another one.
        indicator: its definition.
    """
    row = rows.iloc[0]
    if is_missing(row["value"]):
        return _gap(row, indicator)
    value = value_of(row, indicator)
    told = [
        f"{value_of(other, indicator, prefix='benchmark_')} ({other['benchmark_name']}) from a base of "
        f"{number(other['needed'])}"
        for _, other in rows.drop_duplicates("benchmark_name").iterrows()
        if not is_missing(other["needed"])
    ]
    smallest, largest = rows.iloc[0], rows.iloc[-1]
    sentences = [
        f"The report prints {value}{cite(row['figure'])} but not the number that it is a percentage of.",
        f"Of {number(smallest['denominator'])} it would stand for anything from {interval_of(smallest, indicator)} "
        f"({level_words(smallest['confidence'])} interval), of {number(largest['denominator'])} "
        f"for {interval_of(largest, indicator)}.",
    ]
    if told:
        sentences.append(f"{value} can be told from {listed(told)} upwards.")
    return [
        *sentences,
        *[
            f"Of {number(largest['denominator'])}: {text[:1].lower()}{text[1:]}"
            for text in _clustered(largest, indicator)
        ],
    ]


def overview(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say several figures together, each beside the year before and the neighbours.

    Args:
        rows: one row an indicator, with ``other_*`` (the year before) and ``benchmark_*``.
        indicators: their definitions by id.
    """
    held = [row for _, row in rows.iterrows() if not is_missing(row["value"])]
    if not held:
        row = rows.iloc[0]
        return [f"The documents held here give none of these figures for {row['area_name']} in {row['asked']}."]
    return [_one_of_several(row, indicators[row["indicator"]]) for row in held]


def population(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say how many children live in the area, as count and rate imply.

    Args:
        rows: rows with ``denominator``, ``denominator_lower`` and ``denominator_upper``.
        indicators: the definitions of the rates by id.
    """
    there = rows[rows["denominator"].notna()]
    if there.empty:
        row = rows.iloc[0]
        return [f"No count stands beside a rate of {row['area_name']}, so its number of children cannot be worked out."]
    row = there.iloc[0]
    return [
        f"About {number(row['denominator'])} children aged 0 to 17 lived in {row['area_name']}, as "
        f"{number(row['numerator'])} children at a rate of {value_of(row, indicators[row['indicator']])} per 10,000 imply "
        f"{when(row['period'], indicators[row['indicator']])}{cite(row['cites'])}.",
        f"The rounding of the rate leaves anything from {number(row['denominator_lower'])} to "
        f"{number(row['denominator_upper'])}.",
    ]


def recount(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say what printed percentages are when counted again from the numbers printed beside them.

    Args:
        rows: one row a percentage with ``numerator``, ``denominator``, ``printed``, ``recounted``, ``agrees``.
        indicators: definitions by id.
    """
    there = rows[rows["recounted"].notna()]
    if there.empty:
        return _gap(rows.iloc[0], indicators[rows["indicator"].iloc[0]])
    return [_counted_again(row, indicators[row["indicator"]]) for _, row in there.iterrows()]


def _states(row: pd.Series, indicator: Indicator) -> str:
    cites = row["cites"] if row["status"] == WORKED_OUT else row["figure"]
    interval = interval_of(row, indicator)
    beside = f" ({level_words(row['confidence'])} interval {interval})" if interval else ""
    clause = indicator.says.format(value=value_of(row, indicator) + cite(cites) + beside)
    clause += "" if row["breakdown"] in (TOTAL, "") else f" ({row['breakdown']})"
    clause += " (worked out here, not printed)" if row["status"] == WORKED_OUT else ""
    return f"In {row['area_name']}, {clause} {when(row['period'], indicator)}"


def _gap(row: pd.Series, indicator: Indicator) -> list[str]:
    """Say what is missing, and where it might be found if nothing is held at all."""
    found = [indicator.where_to_find] if row["status"] == NOT_HELD else []
    return [_missing(row, indicator), *found]


def _missing(row: pd.Series, indicator: Indicator) -> str:
    asked = row.get("asked") or row["period"]
    about = f" in {asked}" if isinstance(asked, str) and asked else ""
    if row["status"] == NOT_HELD:
        return f"The documents held here do not give the {indicator.noun} for {row['area_name']}{about}."
    return f"The {indicator.noun} in {row['area_name']}{about} is {value_of(row, indicator)} in the source{cite(row['figure'])}."


def _worked_out(row: pd.Series) -> list[str]:
    if row["status"] != WORKED_OUT:
        return []
    return [
        "No source held prints this figure: it is worked out from a count and the population that other figures imply."
    ]


def _older(row: pd.Series) -> str:
    """Say so where the period is not the one asked for."""
    asked = row.get("asked")
    if not isinstance(asked, str) or not asked or asked in years_touched(row["period"]):
        return ""
    return f" No figure for {asked} is held; this is the nearest."


def _uncertainty(row: pd.Series, indicator: Indicator) -> list[str]:
    """The reason why there is no interval, where there is none; an interval stands beside its figure."""
    if interval_of(row, indicator):
        return _clustered(row, indicator)
    return [f"No interval can be given: {indicator.interval.where_missing}."]


def _clustered(row: pd.Series, indicator: Indicator) -> list[str]:
    """The interval under a stated design effect, beside the plain one."""
    interval = interval_of(row, indicator, prefix="clustered_")
    if not interval:
        return []
    effect = number(row["design_effect"], 1)
    return [
        f"If brothers and sisters, who come together, make it vary {effect} times as much (a supposition), "
        f"the interval is {interval}."
    ]


def _also_printed(row: pd.Series, indicator: Indicator) -> list[str]:
    if not row.get("also_printed"):
        return []
    others = []
    for item in row["also_printed"].split("; "):
        text, _, figure = item.partition(" (")
        others.append(f"{text}{'%' if indicator.is_percentage else ''}{cite(figure.rstrip(')'))}")
    return [f"The sources also print {listed(others)}."]


def _against(row: pd.Series, indicator: Indicator) -> str:
    name, value = row["benchmark_name"], value_of(row, indicator, prefix="benchmark_")
    whom = f"a target of {value}" if name == "target" else f"{value} for {_whose(row)}"
    older = "" if row["benchmark_period"] == row["period"] else f" ({parse_period(row['benchmark_period']).short})"
    return f"against {whom}{older}{cite(row['benchmark_figure'])}: {_verdict(row)}"


def _whose(row: pd.Series) -> str:
    name = str(row["benchmark_name"])
    return "its statistical neighbours" if name == "statistical neighbours" else name


def _verdict(row: pd.Series) -> str:
    if not is_missing(row.get("position")):
        return _CHANCE[row["position"]]
    return _DIRECTION[row["direction"]]


def _chance_unknown(row: pd.Series) -> list[str]:
    if not is_missing(row.get("position")) or row["direction"] not in ("higher", "lower"):
        return []
    return ["Whether that is more than chance cannot be said."]


def _polarity(indicator: Indicator) -> list[str]:
    better = _BETTER.get(indicator.polarity)
    return [f"For this figure, {better} is better."] if better else []


def _size_of_change(row: pd.Series, indicator: Indicator) -> str:
    if row["direction"] == "the same":
        return "the same as the"
    if indicator.is_percentage:
        decimals = max(decimals_of(row, indicator), decimals_of(row, indicator, prefix="other_"))
        points = number(abs(row["value_difference"]), decimals)
        unit = "percentage point" if points == "1" else "percentage points"
        return f"{points} {unit} {_more_or_less(row, 'higher', 'lower')} than the"
    decimals = max(decimals_of(row, indicator), decimals_of(row, indicator, prefix="other_"))
    percent = number(abs(row["value_difference_percent"]), 1)
    return (
        f"{number(abs(row['value_difference']), decimals)} ({percent}%) {_more_or_less(row, 'more', 'fewer')} than the"
    )


def _more_or_less(row: pd.Series, more: str, less: str) -> str:
    return more if row["value_difference"] > 0 else less


def _changed(row: pd.Series, indicator: Indicator) -> str:
    before = f"{value_of(row, indicator, prefix='other_')} a year before{cite(row['other_figure'])}"
    return f"{_size_of_change(row, indicator)} {before}"


def _chance_of_change(row: pd.Series) -> str:
    """What a change says about chance, as the end of its sentence; nothing where there is no change."""
    if row["direction"] == "the same":
        return ""
    if is_missing(row.get("ratio")):
        return ", and whether that is more than chance cannot be said"
    beyond = row["ratio_position"] in ("higher", "lower")
    return ", a change larger than chance alone would give" if beyond else ", a change that chance alone could give"


def _trend_verdict(row: pd.Series) -> str:
    """Rising, falling or no clear change, by the quasi-Poisson trend of yearly counts; or why that cannot be said."""
    if "trend_points" not in row or is_missing(row["trend_points"]):
        return "Whether it rises or falls is not tested: these are single figures without counts behind them."
    points = int(row["trend_points"])
    if is_missing(row["trend_verdict"]):
        return f"Whether it rises or falls is tested from five yearly figures on; {points} {'is' if points == 1 else 'are'} held."
    change = (
        f"{_signed(row['yearly_change'])} a year ({level_words(row['confidence'])} interval "
        f"{_signed(row['yearly_change_lower_ci'])} to {_signed(row['yearly_change_upper_ci'])})"
    )
    if row["trend_verdict"] == "no clear change":
        return f"Over {points} yearly figures there is no clear change: {change}, which is not to say that nothing changed."
    return f"Over {points} yearly figures it is {row['trend_verdict']}: {change}, taking the number of children who live there as unchanged."


_LARGE = 999


def _signed(value: float) -> str:
    """A percentage with its sign; one that no reader could use is only said to be large."""
    if value > _LARGE:
        return f"more than +{_LARGE}%"
    text = number(value, 1)
    return f"+{text}%" if value > 0 and text != "0.0" else f"{text}%"


def _definition_changed(indicator: Indicator, earlier: str, later: str) -> list[str]:
    """Say so where two periods are not measured alike."""
    between = [
        item
        for item in indicator.breaks
        if parse_period(earlier).end < parse_period(item.period).end <= parse_period(later).end
    ]
    return [f"The national definition changed from {item.period}: {item.reason}." for item in between]


def _claimed(row: pd.Series) -> list[str]:
    """What the source itself says of the change, in per cent, and whether its own figures give that."""
    if is_missing(row.get("claimed_value")):
        return []
    said = f"The report puts the change at {number(row['claimed_value'], int(row['claimed_precision']))}%{cite(row['claimed_figure'])}"
    given = number(row["value_difference_percent"], int(row["claimed_precision"]))
    same = given == number(row["claimed_value"], int(row["claimed_precision"]))
    return [f"{said}." if same else f"{said}; the two figures give {given}%."]


def _test_of_change(row: pd.Series, indicator: Indicator) -> list[str]:
    if is_missing(row.get("ratio")):
        return [f"No test is possible: {indicator.interval.where_missing}."]
    assumption = f", {row['assumption']}" if row.get("assumption") else ""
    ratio = (
        f"The ratio of the two years is {number(row['ratio'], 2)} ({level_words(row['confidence'])} interval "
        f"{number(row['ratio_lower_ci'], 2)} to {number(row['ratio_upper_ci'], 2)}){assumption}."
    )
    return [ratio, *_unseen(row)]


def _unseen(row: pd.Series) -> list[str]:
    """How large a change the figures leave room for, where they show none."""
    if row["ratio_position"] != "similar" or is_missing(row["percent_lower_ci"]) or row["percent_upper_ci"] == math.inf:
        return []
    fall, rise = number(abs(row["percent_lower_ci"]), 0), number(row["percent_upper_ci"], 0)
    return [f"A true fall of up to {fall}% or a true rise of up to {rise}% could have gone unseen."]


def _at(row: pd.Series, indicator: Indicator) -> str:
    return f"{value_of(row, indicator)} {when(row['period'], indicator)}{cite(row['figure'])}"


def _two_shares(row: pd.Series, indicator: Indicator) -> str:
    shares = (
        f"{row['breakdown']}: {value_of(row, indicator)} of children who used advocacy{cite(row['figure'])}, "
        f"{value_of(row, indicator, prefix='other_')} of children in care{cite(row['other_figure'])}"
    )
    if is_missing(row["representation_ratio"]):
        return shares
    return (
        f"{shares}, a ratio of {number(row['representation_ratio'], 2)} "
        f"({level_words(row['confidence'])} interval {number(row['lower_ci'], 2)} to {number(row['upper_ci'], 2)})"
    )


def _of_how_many(row: pd.Series, indicator: Indicator) -> str:
    if indicator.calculation == "count" and not is_missing(row["denominator"]):
        return f"{value_of(row, indicator)} of {number(row['denominator'])}"
    return value_of(row, indicator)


def _moved(row: pd.Series, indicator: Indicator) -> str:
    before, now = value_of(row, indicator, prefix="other_"), value_of(row, indicator)
    return f"{row['breakdown']} ({before} to {now})"


def _those(row: pd.Series) -> str:
    """The children of a group, as the subject of a sentence."""
    name = _group(row)
    return f"those {name}" if row["breakdown_topic"] in ("Age group", "Disability") else f"{name} children"


def _group(row: pd.Series) -> str:
    """A group as it stands after "children who were"."""
    words = {"Age group": "aged {}", "Disability": "with a {}"}
    name = str(row["breakdown"])
    template = words.get(str(row["breakdown_topic"]), "{}")
    return template.format(name if template == "{}" else name.lower())


def _beyond_chance(apart: pd.DataFrame, there: pd.DataFrame) -> str:
    base = number(there["users_total"].iloc[0])
    supposed = f"If {base} children used advocacy (the report counts {base} issues, not children)"
    if apart.empty:
        return f"{supposed}, chance alone could give each of these differences."
    names = {
        side: [_those(row) for _, row in apart[apart["position"] == side].iterrows()] for side in ("higher", "lower")
    }
    sides = {
        "higher": "had a larger share than chance alone would give",
        "lower": "had a smaller share than chance alone would give",
    }
    parts = [f"{listed(names[side])} {words}" for side, words in sides.items() if names[side]]
    groups = int(there["groups"].iloc[0])
    together = "both groups are" if groups == 2 else f"all {number(groups)} groups are"
    rest = "; the other differences chance alone could give" if len(apart) < len(there) else ""
    return f"{supposed}, {' and '.join(parts)}, even when {together} looked at together{rest}."


def _one_of_several(row: pd.Series, indicator: Indicator) -> str:
    parts = []
    if not is_missing(row["other_value"]):
        parts.append(f"{value_of(row, indicator, prefix='other_')} a year before{cite(row['other_figure'])}")
    if not is_missing(row["benchmark_value"]):
        parts.append(
            f"{value_of(row, indicator, prefix='benchmark_')} for {_whose(row)}{cite(row['benchmark_figure'])}"
        )
    beside = f" ({'; '.join(parts)})" if parts else ""
    return f"{_states(row, indicator)}{beside}."


def _counted_again(row: pd.Series, indicator: Indicator) -> str:
    counted = f"{number(row['numerator'])} of {number(row['denominator'])} is {number(row['recounted'], 1)}%"
    who = capital(indicator.numerator)
    if is_missing(row["printed"]):
        return f"{who}: {counted}{cite(row['cites'])}."
    shown = quantity(row["printed"], indicator, int(row["printed_precision"]))
    verdict = "which agrees" if row["agrees"] else "which does not agree"
    return f"{who}: {counted}{cite(row['cites'])}; the report prints {shown}, {verdict}."
