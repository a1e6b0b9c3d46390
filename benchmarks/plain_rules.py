"""Rules of child-level returns as an analyst would write them in pandas: one function a child, applied to each group.

They take the same tables that the SQL takes and are written straight from the definitions, for the choices that are the default. They
serve as a yardstick of speed, and as a second opinion: the benchmark refuses to compare where the two do not agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

Tables = Mapping[str, pd.DataFrame]
#: Numerator and denominator by year, all children together.
Answer = dict[int, tuple[int, int]]

TEMPORARY = ["T0", "T1", "T2", "T3", "T4"]
TAKES_PART = ["PN1", "PN2", "PN3", "PN5", "PN6"]
FOSTERING_FOR_ADOPTION, ADOPTIVE = ["U2", "U5"], ["A3", "A4", "A5", "A6"]


def year_of(day: pd.Timestamp) -> int:
    """Return the financial year of a day, by the calendar year in which it ends."""
    return day.year + (day.month >= 4)


def care_of(child: pd.DataFrame, *, last: int) -> pd.DataFrame:
    """Return the episodes of a child, each once and in order, with ``period``: the periods of care in which they lie.

    Args:
        child: the episodes of one child with ``collection``, the year of the return that holds them.
        last: the year of the last return.
    """
    care = child[~child["legal"].isin(["V3", "V4"]) & child["started"].notna()]
    care = care.sort_values(["started", "collection", "row"]).drop_duplicates("started", keep="last")
    then, why = care["started"].shift(-1), care["reason_new"].shift(-1)
    year_end = pd.to_datetime(care["collection"].astype(str) + "-03-31")
    is_open = care["ended"].isna()
    ended = care["ended"].mask(is_open & then.notna(), then)
    ended = ended.mask(is_open & (why == "S"), np.minimum(year_end, then))
    ended = ended.mask(is_open & then.isna() & (care["collection"] < last), year_end)
    ended = ended.mask(care["ended"] > then, then)
    ended = ended.mask((care["reason_ended"] == "X1") & (care["ended"] < then) & (why != "S"), then)
    care = care.assign(ended=ended)
    care = care[care["ended"].isna() | (care["ended"] > care["started"])]
    before, reason = care["ended"].shift(), care["reason_ended"].shift().fillna("X1")
    return care.assign(period=(before.isna() | (before < care["started"]) | (reason != "X1")).cumsum())


def placements_of(care: pd.DataFrame) -> pd.DataFrame:
    """Return the episodes of a period of care less temporary stays, numbered by ``placement`` and by ``carer``."""
    care = care.assign(turn=range(len(care)))
    main = care[~care["place"].isin(TEMPORARY)]
    place, post = main["place"].shift(), main["place_post"].shift()
    back = (main["turn"] > main["turn"].shift() + 1) & (main["place"] == place)
    back &= (main["place_post"] == post) | (main["place_post"].isna() & post.isna())
    adopted = main["place"].isin(["A3", "A5"]) & place.str.startswith("U").fillna(False).astype(bool)
    stays = back | adopted | (main["reason_new"] == "L")
    first = pd.Series(range(len(main)), main.index) == 0
    begins = main["place"].isin(FOSTERING_FOR_ADOPTION) & place.notna() & ~place.isin(FOSTERING_FOR_ADOPTION)
    new_carer = first | begins | ~(stays | main["reason_new"].isin(["T", "U"]))
    return main.assign(placement=(first | ~stays).cumsum(), carer=new_carer.cumsum())


def _is_open_on(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    return (rows["started"] <= day) & (rows["ended"].isna() | (rows["ended"] > day))


def _three_placements_of(child: pd.DataFrame, years: range) -> pd.DataFrame:
    care = care_of(child, last=max(years))
    found = []
    periods = [placements_of(period) for _, period in care.groupby("period")]
    stays = pd.concat(
        [period.groupby("placement").agg(started=("started", "min"), ended=("ended", _last)) for period in periods]
        or [care]
    )
    for year in years:
        first, day = pd.Timestamp(year - 1, 4, 1), pd.Timestamp(year, 3, 31)
        if _is_open_on(care, day).any():
            during = (stays["started"] <= day) & (stays["ended"].isna() | (stays["ended"] > first))
            found.append((year, int(during.sum() >= 3), 1))
    return pd.DataFrame(found, columns=["year", "numerator", "denominator"])


def _last(days: pd.Series) -> pd.Timestamp:
    return pd.NaT if days.isna().any() else days.max()
