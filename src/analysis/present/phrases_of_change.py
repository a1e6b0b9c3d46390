"""Parts of sentences about change: its size, what chance has to do with it, and what a trend is called."""

from __future__ import annotations

import math

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present.formatting import cite, decimals_of, is_missing, level_words, listed, number, value_of
from analysis.vocabulary import NOT_HELD, STATUS_WORDS

_LARGE = 999


def size_of_change(row: pd.Series, indicator: Indicator) -> str:
    """Say how large a change is, in the unit of the figure."""
    if row["direction"] == "the same":
        return "the same as the"
    if indicator.is_percentage:
        decimals = max(decimals_of(row, indicator), decimals_of(row, indicator, prefix="other_"))
        points = number(abs(row["value_difference"]), decimals)
        unit = "percentage point" if points == "1" else "percentage points"
        return f"{points} {unit} {more_or_less(row, 'higher', 'lower')} than the"
    decimals = max(decimals_of(row, indicator), decimals_of(row, indicator, prefix="other_"))
    percent = number(abs(row["value_difference_percent"]), 1)
    return (
        f"{number(abs(row['value_difference']), decimals)} ({percent}%) {more_or_less(row, 'more', 'fewer')} than the"
    )


def more_or_less(row: pd.Series, more: str, less: str) -> str:
    """Return the word for a rise or for a fall."""
    return more if row["value_difference"] > 0 else less


def changed(row: pd.Series, indicator: Indicator) -> str:
    """Say the size of a change and what it started from."""
    before = f"{value_of(row, indicator, prefix='other_')} a year before{cite(row['other_figure'])}"
    return f"{size_of_change(row, indicator)} {before}"


def nothing_before(row: pd.Series) -> str:
    """Say that there is no figure of the year before: none is held, or it is hidden."""
    why = STATUS_WORDS.get(str(row.get("other_status")), "")
    return (
        f"The figure of the year before is {why}{cite(row['other_figure'])}"
        if why
        else "No figure of the year before is held"
    )


def chance_of_change(row: pd.Series) -> str:
    """What a change says about chance, as the end of its sentence; nothing where there is no change."""
    if row["direction"] == "the same":
        return ""
    position = row.get("difference_position") if is_missing(row.get("ratio")) else row["ratio_position"]
    if is_missing(position):
        return ", and whether that is more than chance cannot be said"
    beyond = position in ("higher", "lower")
    return ", a change larger than chance alone would give" if beyond else ", a change that chance alone could give"


def trend_verdict(row: pd.Series) -> str:
    """Rising, falling or no clear change, by the quasi-Poisson trend of yearly counts; or why that cannot be said."""
    if "trend_points" not in row or is_missing(row["trend_points"]):
        return "Whether it rises or falls is not tested here: the line joins the figures as printed."
    points = int(row["trend_points"])
    if is_missing(row["trend_verdict"]):
        return f"Whether it rises or falls is tested from five yearly figures on; {points} {'is' if points == 1 else 'are'} held."
    change = (
        f"{signed(row['yearly_change'])} a year ({level_words(row['confidence'])} interval "
        f"{signed(row['yearly_change_lower_ci'])} to {signed(row['yearly_change_upper_ci'])})"
    )
    over = f"Over {_last(row)}{points} yearly figures"
    if row["trend_verdict"] == "no clear change":
        return f"{over} there is no clear change: {change}, which is not to say that nothing changed."
    taking = ", taking the number of children who live there as unchanged" if row["trend_base"] == "unchanged" else ""
    return f"{over} it is {row['trend_verdict']}: {change}{taking}."


def _last(row: pd.Series) -> str:
    """Whether only the last figures of a line were looked at."""
    part = row.get("trend_is_part")
    # A cell of a row is a truth value of numpy, which is never the True of Python.
    return "the last " if not is_missing(part) and bool(part) else ""


def years_without(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say for which periods a source gives no number of the area, and why; the line is interrupted there."""
    own = rows[(rows["value_type"] == "observed") & rows["value"].isna() & (rows["status"] != NOT_HELD)]
    periods: dict[str, list[str]] = {}
    for _, row in own.iterrows():
        periods.setdefault(value_of(row, indicator), []).append(parse_period(row["period"]).short)
    return [f"There is no number for {listed(labels)}: {reason}." for reason, labels in periods.items()]


def signed(value: float) -> str:
    """A percentage with its sign; one that no reader could use is only said to be large."""
    if value > _LARGE:
        return f"more than +{_LARGE}%"
    text = number(value, 1)
    return f"+{text}%" if value > 0 and text != "0.0" else f"{text}%"


def claimed(row: pd.Series) -> list[str]:
    """What the source itself says of the change, in per cent, and whether its own figures give that."""
    if is_missing(row.get("claimed_value")):
        return []
    said = f"The report puts the change at {number(row['claimed_value'], int(row['claimed_precision']))}%{cite(row['claimed_figure'])}"
    given = number(row["value_difference_percent"], int(row["claimed_precision"]))
    same = given == number(row["claimed_value"], int(row["claimed_precision"]))
    return [f"{said}." if same else f"{said}; the two figures give {given}%."]


def test_of_change(row: pd.Series, indicator: Indicator) -> list[str]:
    """Say the test of a change, or why there is none."""
    if not is_missing(row.get("difference_position")):
        return _difference(row)
    if is_missing(row.get("ratio")):
        return [f"No test is possible: {indicator.interval.where_missing}."]
    assumption = f", {row['assumption']}" if row.get("assumption") else ""
    ratio = (
        f"The ratio of the two years is {number(row['ratio'], 2)} ({level_words(row['confidence'])} interval "
        f"{number(row['ratio_lower_ci'], 2)} to {number(row['ratio_upper_ci'], 2)}){assumption}."
    )
    return [ratio, *unseen(row)]


def _difference(row: pd.Series) -> list[str]:
    """The difference of two percentages with its interval, from the counts behind them."""
    interval = f"{number(row['difference_lower_ci'], 1)} to {number(row['difference_upper_ci'], 1)}"
    points = number(row["difference"], 1)
    said = f"By the counts the difference is {points} percentage points ({level_words(row['confidence'])} interval {interval})."
    if row["difference_position"] != "similar":
        return [said]
    fall, rise = number(abs(row["difference_lower_ci"]), 1), number(abs(row["difference_upper_ci"]), 1)
    return [
        said,
        f"A true fall of up to {fall} or a true rise of up to {rise} percentage points could have gone unseen.",
    ]


def unseen(row: pd.Series) -> list[str]:
    """How large a change the figures leave room for, where they show none."""
    if row["ratio_position"] != "similar" or is_missing(row["percent_lower_ci"]) or row["percent_upper_ci"] == math.inf:
        return []
    fall, rise = number(abs(row["percent_lower_ci"]), 0), number(row["percent_upper_ci"], 0)
    return [f"A true fall of up to {fall}% or a true rise of up to {rise}% could have gone unseen."]
