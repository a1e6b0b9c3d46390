"""Parts of sentences about two sources of one figure: a report beside official figures, one release beside the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.present.formatting import all_of, capital, cite, decimals_of, is_missing, listed, number, value_of, when
from analysis.present.phrases import of_group
from analysis.sources.cited import COUNTED_CODE, load_published
from analysis.vocabulary import NOT_HELD, STATUS_WORDS, WORKED_OUT

REPORT, DFE = "the council’s report", "the Department for Education"
#: How sentences name figures that were counted here, and several kinds of sources together.
COUNTED, OWN, PUBLISHED = "the count from the council’s own returns", "the council’s figures", "what is published"
UNEXPLAINED = "The figures held do not say why."


def is_given(row: pd.Series, *, prefix: str = "") -> bool:
    """Whether a source gives a figure: a number, or a mark that says why there is none."""
    status = row.get(f"{prefix}status")
    marked = isinstance(status, str) and status != NOT_HELD and bool(STATUS_WORDS.get(status))
    return not is_missing(row.get(f"{prefix}value")) or marked


def differs(row: pd.Series) -> bool:
    """Whether two numbers differ by more than their rounding."""
    return row["direction"] in ("higher", "lower")


def says(row: pd.Series, indicator: Indicator, cites: str) -> str:
    """Say a figure as a clause: what, of which group, when."""
    clause = indicator.says.format(value=f"{value_of(row, indicator)}{cite(cites)}")
    return f"{clause}{of_group(row)}{_unprinted(row)} {when(row['period'], indicator)}"


def apart_by(row: pd.Series, indicator: Indicator, *, from_other: bool) -> str:
    """Say how far two figures are apart.

    Args:
        row: with ``value_difference``, the value minus the other one.
        indicator: their definition.
        from_other: whether the row's own figure is said to be more or fewer than the other; else the other way round.
    """
    decimals = max(decimals_of(row, indicator), decimals_of(row, indicator, prefix="other_"))
    size = number(abs(row["value_difference"]), decimals)
    above = (row["value_difference"] > 0) == from_other
    if indicator.is_percentage:
        points = "percentage point" if size == "1" else "percentage points"
        return f"{size} {points} {'higher' if above else 'lower'}"
    if indicator.calculation == "count":
        return f"{size} {'more' if above else 'fewer'}"
    return f"{size} {'higher' if above else 'lower'}"


def both_sources(row: pd.Series, indicator: Indicator) -> str:
    """Say what the council's report and the Department for Education give for one figure."""
    if row["direction"] == "the same":
        both = ";".join(text for text in (row["figure"], row["other_figure"]) if isinstance(text, str) and text)
        if of_group(row):
            return f"{_subject(row, indicator)}: both give {value_of(row, indicator)}{cite(both)}."
        return f"Both say that {says(row, indicator, both)}."
    other = f"{value_of(row, indicator, prefix='other_')}{cite(row['other_figure'])}{_unprinted(row, prefix='other_')}"
    ending = f", which is {apart_by(row, indicator, from_other=False)}"
    if not differs(row):
        ending = ", the same within rounding"
    if of_group(row):
        own = f"{value_of(row, indicator)}{cite(row['figure'])}{_unprinted(row)}"
        return f"{_subject(row, indicator)}: {_ours(row)} gives {own}; {_their_figure(row)} {other}{ending}."
    said = says(row, indicator, row["figure"])
    return f"{capital(_ours(row))} says that {said}; {_their_figure(row)} {other}{ending}."


def _ours(row: pd.Series) -> str:
    return COUNTED if row.get("source_name") == load_published()[COUNTED_CODE].short else REPORT


def _their_figure(row: pd.Series) -> str:
    name = _theirs(row)
    return f"{DFE}’s figure is" if name == DFE else f"the figure in {name} is"


def _theirs(row: pd.Series) -> str:
    name = row.get("other_source_name")
    return DFE if not isinstance(name, str) or not name or name.startswith("DfE") else name


def _sides(rows: pd.DataFrame) -> tuple[str, str]:
    """Names of the two sources of all rows; general ones where the rows are of several."""
    ours, theirs = {_ours(row) for _, row in rows.iterrows()}, {_theirs(row) for _, row in rows.iterrows()}
    return ours.pop() if len(ours) == 1 else OWN, theirs.pop() if len(theirs) == 1 else PUBLISHED


def _subject(row: pd.Series, indicator: Indicator) -> str:
    """Name a figure of one group: the clause of a share is whole only with a group's verb."""
    return f"{capital(indicator.noun)}{of_group(row)} {when(row['period'], indicator)}"


def how_many_agree(rows: pd.DataFrame) -> str:
    """Say of how many figures that two sources give how many are the same."""
    area, both = rows["area_name"].iloc[0], in_both_sources(rows)
    one, other = _sides(rows if both.empty else both)
    if both.empty:
        return f"{capital(one)} and {other} have no figure of {area} in common."
    apart = int(sum(differs(row) for _, row in both.iterrows()))
    same = int((both["direction"] == "the same").sum())
    close = len(both) - apart - same
    if len(both) in (apart, same, close):
        verb = "differ" if apart else "agree" if same else "agree within rounding"
        which = "the one figure" if len(both) == 1 else f"{all_of(len(both))} figures"
        return f"{capital(one)} and {other} {verb} on {which} of {area} that both give."
    counted = [(same, "is the same", "are the same"), (apart, "differs", "differ"),
               (close, "is the same within rounding", "are the same within rounding")]  # fmt: skip
    parts = [f"{number(count)} {single if count == 1 else several}" for count, single, several in counted if count]
    return f"Of the {number(len(both))} figures of {area} that both {one} and {other} give, {listed(parts)}."


def in_both_sources(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of which both sources give a number."""
    return rows[rows["value"].notna() & rows["other_value"].notna()]


def given_by_one(rows: pd.DataFrame) -> list[str]:
    """Say how many figures only one of two sources gives as a number."""
    alone = int((rows["value"].notna() != rows["other_value"].notna()).sum())
    if not alone:
        return []
    further = "" if in_both_sources(rows).empty else "further "
    what = "figure has" if alone == 1 else "figures have"
    return [f"{number(alone)} {further}{what} a number in only one of the two."]


def is_changed(row: pd.Series) -> bool:
    """Whether a release changed a figure: another number, or a number hidden, or one no longer hidden."""
    if is_missing(row["value"]) != is_missing(row["other_value"]):
        return True
    if is_missing(row["value"]):
        return bool(row.get("status") != row.get("other_status"))
    return differs(row)


def in_both_releases(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that both releases give."""
    return _where(rows, lambda row: is_given(row) and is_given(row, prefix="other_"))


def changed_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that both releases give and that the newer one changed."""
    return _where(in_both_releases(rows), is_changed)


def how_many_changed(rows: pd.DataFrame) -> str:
    """Say how many figures a release changed of those that an earlier one gave too."""
    area, (newer, older) = rows["area_name"].iloc[0], releases(rows)
    both, changed = in_both_releases(rows), changed_rows(rows)
    if not newer:
        return f"No two releases that give the same figure of {area} are held."
    if both.empty:
        return f"The {newer} and the {older} give no figure of {area} in common."
    if len(both) == 1:
        verb = "changed" if len(changed) else "did not change"
        return f"The {newer} {verb} the one figure of {area} that the {older} gave too."
    given = f"figures of {area} that the {older} gave too"
    if len(changed) == len(both):
        return f"The {newer} changed {all_of(len(both))} {given}."
    return f"The {newer} changed {number(len(changed)) if len(changed) else 'none'} of the {number(len(both))} {given}."


def largest_change(changed: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say which number was changed most, relative to its size."""
    numbers = changed[changed["value"].notna() & changed["other_value"].notna()]
    sized = numbers[numbers["value_difference_percent"].notna()]
    if sized.empty:
        return []
    size = sized["value_difference_percent"].abs()
    row = sized[size == size.max()].iloc[0]
    indicator = indicators[row["indicator"]]
    lead = "The largest change, relative to its size, is to"
    if (size == size.max()).sum() > 1:
        lead = "One of the largest changes, relative to their size, is to"
    if len(numbers) == 1:
        lead = "The change is to"
    newer = f"{value_of(row, indicator)}{cite(row['figure'])}{_unprinted(row)}"
    older = f"{value_of(row, indicator, prefix='other_')}{cite(row['other_figure'])}{_unprinted(row, prefix='other_')}"
    return [
        f"{lead} the {indicator.noun}{of_group(row)} {when(row['period'], indicator)}: now {newer}, "
        f"{apart_by(row, indicator, from_other=True)} than the {older} before."
    ]


def hidden_or_shown(changed: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say how many numbers are no longer given, how many are given now, and how many marks are other ones."""
    now, before = changed["value"].notna(), changed["other_value"].notna()
    gone, shown, marked = changed[~now & before], changed[now & ~before], changed[~now & ~before]
    said = []
    for reason, count in _counted(gone, indicators, prefix=""):
        said.append(f"{number(count)} that had a number {'is' if count == 1 else 'are'} now {reason}")
    for reason, count in _counted(shown, indicators, prefix="other_"):
        said.append(
            f"{number(count)} that {'was' if count == 1 else 'were'} {reason} now {'has' if count == 1 else 'have'} a number"
        )
    if len(marked):
        said.append(
            f"{number(len(marked))} without a number {'is' if len(marked) == 1 else 'are'} now marked in another way"
        )
    return [f"Of the changed figures, {listed(said)}."] if said else []


def no_longer_given(rows: pd.DataFrame) -> list[str]:
    """Say how many figures of the older release the newer one does not give at all."""
    newer, older = releases(rows)
    gone = sum(is_given(row, prefix="other_") and not is_given(row) for _, row in rows.iterrows())
    if not gone:
        return []
    return [
        f"{number(gone)} {'figure' if gone == 1 else 'figures'} of the {older} {'is' if gone == 1 else 'are'} not in the {newer}."
    ]


def within_rounding(rows: pd.DataFrame) -> list[str]:
    """Say how many figures are the same within rounding; they do not count as changed."""
    count = int((in_both_releases(rows)["direction"] == "not told apart").sum())
    return [f"Of the others, {number(count)} {_are(count)} the same within rounding."] if count else []


def not_printed(rows: pd.DataFrame) -> list[str]:
    """Say how many of the figures that are held against each other a release does not print itself."""
    both = in_both_releases(rows)
    count = int(((both["status"] == WORKED_OUT) | (both["other_status"] == WORKED_OUT)).sum())
    if not count:
        return []
    return [
        f"{number(count)} of these figures {_are(count)} worked out here from a release that does not print {'it' if count == 1 else 'them'}."
    ]


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def releases(rows: pd.DataFrame) -> tuple[str, str]:
    """Return the newer and the older release, as the rows name them."""
    newer, older = (list(dict.fromkeys(rows[name].dropna())) for name in ("release_short", "other_release_short"))
    return listed(newer), listed(older)


def _where(rows: pd.DataFrame, holds: Callable[[pd.Series], bool]) -> pd.DataFrame:
    return rows[pd.Series([holds(row) for _, row in rows.iterrows()], index=rows.index, dtype=bool)]


def _counted(rows: pd.DataFrame, indicators: Mapping[str, Indicator], *, prefix: str) -> list[tuple[str, int]]:
    reasons = [value_of(row, indicators[row["indicator"]], prefix=prefix) for _, row in rows.iterrows()]
    return [(reason, reasons.count(reason)) for reason in dict.fromkeys(reasons)]


def _unprinted(row: pd.Series, *, prefix: str = "") -> str:
    return " (worked out here, not printed)" if row.get(f"{prefix}status") == WORKED_OUT else ""
