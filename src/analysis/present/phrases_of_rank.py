"""Parts of sentences about rank: which place an area has among all, and how far chance alone could move it."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.present.formatting import is_missing, level_words, listed, number, ordinal, value_of

#: Where chance leaves at least this share of all places open, the rank is said to tell little.
NEARLY_ALL = 0.8
#: Whose value a funnel is drawn around.
ALL_TOGETHER, COUNTED_TOGETHER = "all areas together", "all areas with counts together"


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have a rank, the first place first, with ``_place`` (1, 2, …; also where ranks are shared)."""
    there = rows[rows["value"].notna() & rows["rank"].notna()].sort_values(["rank", "area_name"], kind="stable")
    return there.assign(_place=range(1, len(there) + 1), is_area=there["is_area"].astype(bool))


def first_end(indicator: Indicator) -> str:
    """Return which end of the order rank 1 is: highest, but lowest where lower is better."""
    return "lowest" if indicator.polarity == "lower_is_better" else "highest"


def last_end(indicator: Indicator) -> str:
    """Return which end of the order the last rank is."""
    return "highest" if first_end(indicator) == "lowest" else "lowest"


def place(rows: pd.DataFrame, row: pd.Series, indicator: Indicator) -> str:
    """Say the place of a row among all that have a figure."""
    ranked = int(row["ranked"])
    shared = int((rows["rank"] == row["rank"]).sum())
    among = f"of the {number(ranked)} authorities with a figure"
    if ranked == 1:
        return "the only authority with a figure"
    if shared == ranked:
        return f"the same in each {among}"
    joint = "joint " if shared > 1 else ""
    if row["rank"] == 1:
        return f"the {joint}{first_end(indicator)} {among}"
    if row["rank"] + shared - 1 == ranked:
        return f"the {joint}{last_end(indicator)} {among}"
    return f"the {joint}{ordinal(row['rank'])} {first_end(indicator)} {among}"


def chance(row: pd.Series) -> str:
    """Say which places chance leaves open; as a sentence."""
    if row["ranked"] == 1:
        return "There is no other to rank it among."
    if is_missing(row["rank_lower"]) or is_missing(row["rank_upper"]):
        return "How far chance alone could move that place cannot be said."
    level = f"({level_words(row['confidence'])} interval of the rank)"
    if row["rank_lower"] == row["rank_upper"]:
        return f"Chance alone would not move it from that place {level}."
    opened = row["rank_upper"] - row["rank_lower"] + 1
    if opened == row["ranked"]:
        return f"Chance alone could place it anywhere from first to last {level}, so the rank says little."
    ends = f"from {ordinal(row['rank_lower'])} to {ordinal(row['rank_upper'])} {level}"
    nearly = ": nearly every place, so the rank says little" if opened >= NEARLY_ALL * row["ranked"] else ""
    return f"Chance alone could place it anywhere {ends}{nearly}."


def without_figure(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """Say how many authorities have no figure, and why."""
    missing = rows[rows["value"].isna()]
    if missing.empty:
        return []
    reasons = [value_of(row, indicator) for _, row in missing.iterrows()]
    if len(missing) == 1:
        return [f"One more authority has no figure: {reasons[0]}."]
    counted = [f"{number(reasons.count(reason))} {reason}" for reason in dict.fromkeys(reasons)]
    every = "both" if len(missing) == 2 else "all"
    parts = f"{every} {reasons[0]}" if len(counted) == 1 else listed(counted)
    return [f"{number(len(missing))} more authorities have no figure: {parts}."]


def common_value(rows: pd.DataFrame) -> str:
    """Name the value that all areas of a funnel are held against: a named one, or that of all areas together."""
    names = rows["baseline_name"].dropna() if "baseline_name" in rows else pd.Series(dtype=str)
    if not names.empty:
        return str(names.iloc[0])
    if rows["value"].notna().all() and not allows_for_differences(rows):
        return ALL_TOGETHER
    # Without every area's counts it is the value of those that have them, where the limits are made from them, or one given.
    return COUNTED_TOGETHER if allows_for_differences(rows) else "the value they are held against"


def allows_for_differences(rows: pd.DataFrame) -> bool:
    """Whether funnel limits allow for what areas differ by anyway, besides chance."""
    return "tau2" in rows and bool(rows["tau2"].notna().any())


def have_counts(rows: pd.DataFrame) -> int:
    """How many areas have the counts that a funnel is made from."""
    return int((rows["numerator"].notna() & rows["denominator"].notna()).sum())


def rank_words(rows: pd.DataFrame, row: pd.Series) -> str:
    """Return a rank as it stands in a table."""
    joint = "joint " if (rows["rank"] == row["rank"]).sum() > 1 else ""
    return f"{joint}{number(row['rank'])}"


def places_left_open(row: pd.Series) -> str:
    """Return the places that chance leaves open, as they stand in a table."""
    if is_missing(row["rank_lower"]) or is_missing(row["rank_upper"]):
        return "\N{EN DASH}"
    return f"{number(row['rank_lower'])} to {number(row['rank_upper'])}"
