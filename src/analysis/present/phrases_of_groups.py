"""Parts of sentences about groups and points: shares, counts, and which of them differ."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.present import phrases
from analysis.present.formatting import capital, cite, is_missing, level_words, listed, number, quantity, value_of


def without_figure(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say how many groups have no figure, and why: one that is hidden may be larger than one that is shown."""
    missing = rows[rows["value"].isna()]
    if missing.empty:
        return []
    reasons = list(dict.fromkeys(value_of(row, indicator) for _, row in missing.iterrows()))
    if len(missing) == 1:
        return [f"One more group has no figure: {missing['breakdown'].iloc[0]}, {reasons[0]}."]
    names = "; ".join(missing["breakdown"])
    return [f"{number(len(missing))} more groups have no figure, {listed(reasons)}: {names}."]


def of_whom(row: pd.Series) -> str:
    """Name the people whose shares are looked at."""
    return str(row.get("of_whom", "children who used advocacy"))


def against_whom(row: pd.Series) -> str:
    """Name the people that they are held against."""
    return str(row.get("against_whom", "children in care"))


def others(row: pd.Series, indicator: Indicator) -> str:
    """Say the share of those that a group is held against, and when it was, where that was at another time."""
    then = "" if row["other_period"] == row["period"] else f" ({parse_period(row['other_period']).words})"
    return f"{value_of(row, indicator, prefix='other_')} of {against_whom(row)}{then}{cite(row['other_figure'])}"


def two_shares(row: pd.Series, indicator: Indicator) -> str:
    """Say a group's two shares and their ratio."""
    shares = (
        f"{row['breakdown']}: {value_of(row, indicator)} of {of_whom(row)}{cite(row['figure'])}, "
        f"{others(row, indicator)}"
    )
    if is_missing(row["representation_ratio"]):
        return shares
    return (
        f"{shares}, a ratio of {number(row['representation_ratio'], 2)} "
        f"({level_words(row['confidence'])} interval {number(row['lower_ci'], 2)} to {number(row['upper_ci'], 2)})"
    )


def of_how_many(row: pd.Series, indicator: Indicator) -> str:
    """Say a count out of its total, or a value."""
    if indicator.calculation == "count" and not is_missing(row["denominator"]):
        return f"{value_of(row, indicator)} of {number(row['denominator'])}"
    return value_of(row, indicator)


def moved(row: pd.Series, indicator: Indicator) -> str:
    """Say a group's share before and now."""
    before, now = value_of(row, indicator, prefix="other_"), value_of(row, indicator)
    return f"{row['breakdown']} ({before} to {now})"


def those(row: pd.Series) -> str:
    """The children of a group, as the subject of a sentence."""
    name = group(row)
    if name.endswith("groups"):
        return f"children of {name.lower()}"
    return f"those {name}" if row["breakdown_topic"] in ("Age group", "Disability") else f"{name} children"


def group(row: pd.Series) -> str:
    """A group as it stands after "children who were"."""
    words = {"Age group": "aged {}", "Disability": "with a {}"}
    name = str(row["breakdown"])
    template = words.get(str(row["breakdown_topic"]), "{}")
    return template.format(name if template == "{}" else name.lower())


def _if_supposed(row: pd.Series, base: str) -> str:
    """How many people the shares are of: supposed where a report counts something else, and said so."""
    if is_missing(row.get("users_total_unit")):
        return f"Of {base} {of_whom(row)}"
    return f"If {base} {of_whom(row).replace(' who', '', 1)} (the report counts {base} {row['users_total_unit']}, not children)"


def beyond_chance(apart: pd.DataFrame, there: pd.DataFrame) -> str:
    """Say which groups differ by more than chance, looked at together."""
    totals = there["users_total"].dropna()
    if totals.empty:
        return f"The number of {of_whom(there.iloc[0])} is not held, so nothing can be said of chance."
    base = number(totals.iloc[0])
    supposed = _if_supposed(there.iloc[0], base)
    if apart.empty:
        return f"{supposed}, chance alone could give each of these differences."
    names = {
        side: [those(row) for _, row in apart[apart["position"] == side].iterrows()] for side in ("higher", "lower")
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


def one_of_several(row: pd.Series, indicator: Indicator) -> str:
    """Say one figure beside the year before and the neighbours."""
    parts = []
    if not is_missing(row["other_value"]):
        parts.append(f"{value_of(row, indicator, prefix='other_')} a year before{cite(row['other_figure'])}")
    if not is_missing(row["benchmark_value"]):
        parts.append(
            f"{value_of(row, indicator, prefix='benchmark_')} for {phrases.whose(row)}{cite(row['benchmark_figure'])}"
        )
    beside = f" ({'; '.join(parts)})" if parts else ""
    return f"{phrases.states(row, indicator)}{beside}."


def counted_again(row: pd.Series, indicator: Indicator) -> str:
    """Say a percentage counted again, and whether the printed one agrees."""
    counted = f"{number(row['numerator'])} of {number(row['denominator'])} is {number(row['recounted'], 1)}%"
    who = capital(indicator.numerator)
    if is_missing(row["printed"]):
        return f"{who}: {counted}{cite(row['cites'])}."
    shown = quantity(row["printed"], indicator, int(row["printed_precision"]))
    verdict = "which agrees" if row["agrees"] else "which does not agree"
    return f"{who}: {counted}{cite(row['cites'])}; the report prints {shown}, {verdict}."


def marked(run: pd.DataFrame, indicator: Indicator) -> str:
    """Points in a row that one rule marks."""
    first, last = run.iloc[0], run.iloc[-1]
    if len(run) == 1:
        return f"{phrases.at(first, indicator)} ({first['cause']})"
    return f"the points from {parse_period(first['period']).short} to {parse_period(last['period']).short} ({first['cause']})"
