"""Rules of child-level returns as an analyst would write them in pandas: a function of one child, applied to each group.

They take the tables that the SQL takes, follow the definitions of ``data/catalogue/counting.yml`` under the default choices, and share no
code with the SQL. They are a yardstick of speed, and a second opinion: nothing is compared that does not agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.sources.returns.bank_holidays import load_bank_holidays

Tables = Mapping[str, pd.DataFrame]
Years = Sequence[int]
#: Numerator and denominator by year, of all children together.
Answer = dict[int, tuple[int, int]]
Counted = list[tuple[int, int, int]]

TEMPORARY = ["T0", "T1", "T2", "T3", "T4"]
ADOPTIVE = ["A3", "A4", "A5", "A6"]
#: The end of what goes on.
FAR = pd.Timestamp(2200, 1, 1)
SPOKE = ["PN1", "PN2", "PN3", "PN5", "PN6"]


def three_placements(tables: Tables, years: Years) -> Answer:
    """Children in care on 31 March, and those of them with three or more placements in the year."""

    def of_child(child: pd.DataFrame) -> pd.DataFrame:
        care = care_of(child, last=max(years))
        placed = [placed_of(care[care["period"] == period]) for period in care["period"].unique()]
        placements = [_spans(rows, "placement") for rows in placed]
        found: Counted = []
        for year in years:
            if _there(care, last_day(year)).any():
                during = sum(int(_during(item, year).sum()) for item in placements)
                found.append((year, int(during >= 3), 1))
        return _counts(found)

    return _added(_episodes(tables).groupby("child").apply(of_child))


def same_carer(tables: Tables, years: Years) -> Answer:
    """Children under 16 in care for two and a half years or more, and those of them who lived two years or more with one carer."""
    births = tables["header"].dropna(subset=["birth"]).groupby("child")["birth"].agg(["first", "nunique"])
    births = births[births["nunique"] == 1]["first"].rename("birth")

    def of_child(child: pd.DataFrame) -> pd.DataFrame:
        care = care_of(child, last=max(years))
        birth = child["birth"].iloc[0]
        found: Counted = []
        for number in care["period"].unique():
            period = care[care["period"] == number]
            placed = placed_of(period)
            stays = placed.groupby("carer").agg({"started": "min", "place": "first"})
            for year in years:
                day = last_day(year)
                there = period[_there(period, day)]
                if there.empty or not _is_long_in_care(birth, period["started"].min(), year):
                    continue
                begun = stays[stays["started"] <= day]
                # Where a child is placed for adoption with somebody new the stay before counts as well.
                begun = begun.iloc[-2 if not begun.empty and begun["place"].iloc[-1] in ADOPTIVE else -1 :]
                settled = not begun.empty and begun["started"].iloc[0] <= last_day(year - 2)
                found.append((year, int(settled), 1))
        return _counts(found)

    episodes = _episodes(tables).merge(births, left_on="child", right_index=True, how="left")
    return _added(episodes.groupby("child").apply(of_child))


def reviews_on_time(tables: Tables, years: Years) -> Answer:
    """Children with reviews that fell due in the year while they were in care, and those of them who had each by its day."""
    holidays = np.array(load_bank_holidays(), dtype="datetime64[D]")
    begins = last_day(int(tables["reviews"].groupby("file")["review"].max().map(year_of).min()) - 1) + pd.Timedelta(
        days=1
    )

    def of_child(child: pd.DataFrame) -> pd.DataFrame:
        periods = periods_of(child[child["kind"] == "episode"], last=max(years))
        days = child.loc[child["kind"] == "review", "review"].dropna().drop_duplicates().sort_values()
        judged: dict[int, bool] = {}
        for started, ended, reason in periods.itertuples(index=False):
            held = [day for day in days if started <= day < ended]
            first = pd.Timestamp(np.busday_offset(started.date(), 20, roll="backward", holidays=holidays))
            if reason != "S" and started <= begins:
                # When this care began is not known: the first review that is held is a later one.
                first = pd.Timestamp.min
            due = [
                first,
                *(day + pd.DateOffset(months=3 if at == 0 and first >= begins else 6) for at, day in enumerate(held)),
            ]
            for day, review in zip(due, [*held, pd.NaT], strict=True):
                if day < ended and year_of(day) in years:
                    judged[year_of(day)] = judged.get(year_of(day), True) and bool(review <= day)
        return _counts([(year, int(on_time), 1) for year, on_time in judged.items()])

    return _added(_with_reviews(tables).groupby("child").apply(of_child))


def participation(tables: Tables, years: Years) -> Answer:
    """Reviews in care of children of 4 or over, and those of them to which the child came or made its views known."""

    def of_child(child: pd.DataFrame) -> pd.DataFrame:
        periods = periods_of(child[child["kind"] == "episode"], last=max(years))
        reviews = child[(child["kind"] == "review") & child["code"].between("PN1", "PN7")]
        reviews = reviews.drop_duplicates(["review", "code"])
        found: Counted = []
        for day, code in reviews[["review", "code"]].itertuples(index=False):
            if _there(periods, day).any() and year_of(day) in years:
                found.append((year_of(day), int(code in SPOKE), 1))
        return _counts(found)

    return _added(_with_reviews(tables).groupby("child").apply(of_child))


def repeat_plans_24_months(tables: Tables, years: Years) -> Answer:
    """Plans that started in the year, and those of them that did within 24 months of the end of the child's plan before."""

    def of_child(child: pd.DataFrame) -> pd.DataFrame:
        plans = child.sort_values(["started", "collection", "row"]).drop_duplicates("started", keep="last")
        plans = plans[plans["ended"].isna() | (plans["ended"] >= plans["started"])]
        within = plans["ended"].shift() + pd.DateOffset(months=24) >= plans["started"]
        return _counts(
            [
                (year_of(day), int(repeat), 1)
                for day, repeat in zip(plans["started"], within, strict=True)
                if year_of(day) in years
            ]
        )

    return _added(_collected(tables["plans"]).groupby("child").apply(of_child))


#: By the name of the rule in the catalogue.
PLAIN: dict[str, Callable[[Tables, Years], Answer]] = {
    "cla_three_placements": three_placements,
    "cla_same_placement": same_carer,
    "children_reviewed_on_time": reviews_on_time,
    "review_participation": participation,
    "cp_repeat_plans_24_months": repeat_plans_24_months,
}


def year_of(day: pd.Timestamp) -> int:
    """Return the year in which a financial year ends, of a day."""
    return int(day.year + (day.month >= 4))


def last_day(year: int) -> pd.Timestamp:
    """Return 31 March."""
    return pd.Timestamp(year, 3, 31)


def care_of(child: pd.DataFrame, *, last: int) -> pd.DataFrame:
    """Return the episodes of a child, each once and in order, with ``period``, the period of care in which they lie.

    Args:
        child: the episodes of one child, with ``collection``, the year of the return that holds them, and ``year_end``, its last day.
        last: the year of the last return.

    Returns:
        Episodes of which each has an end; of what goes on it is far away.
    """
    care = child[~child["legal"].isin(["V3", "V4"]) & child["started"].notna()]
    care = care.sort_values(["started", "collection", "row"]).drop_duplicates("started", keep="last")
    then, why = care["started"].shift(-1), care["reason_new"].shift(-1)
    year_end = care["year_end"]
    is_open = care["ended"].isna()
    ended = care["ended"].mask(care["ended"] > then, then)
    ended = ended.mask((care["reason_ended"] == "X1") & (care["ended"] < then) & (why != "S"), then)
    ended = ended.mask(is_open & then.notna(), then)
    ended = ended.mask(is_open & (why == "S") & (year_end < then), year_end)
    ended = ended.mask(is_open & then.isna() & (care["collection"] < last), year_end)
    care = care.assign(ended=ended.fillna(FAR))
    care = care[care["ended"] > care["started"]]
    before, reason = care["ended"].shift(), care["reason_ended"].shift().fillna("X1")
    return care.assign(period=(before.isna() | (before < care["started"]) | (reason != "X1")).cumsum())


def periods_of(child: pd.DataFrame, *, last: int) -> pd.DataFrame:
    """Return the first day of each period of care of a child, the day on which it ended, and why its first episode is new."""
    spans = {"started": "min", "ended": "max", "reason_new": "first"}
    return care_of(child, last=last).groupby("period").agg(spans)


def placed_of(period: pd.DataFrame) -> pd.DataFrame:
    """Return the episodes of a period less its temporary stays, numbered by ``placement`` and by ``carer``."""
    main = period.assign(turn=range(len(period)))
    main = main[~main["place"].isin(TEMPORARY)]
    place, post = main["place"].shift(), main["place_post"].shift()
    back = (main["turn"] > main["turn"].shift() + 1) & (main["place"] == place)
    back &= (main["place_post"] == post) | (main["place_post"].isna() & post.isna())
    adopted = main["place"].isin(["A3", "A5"]) & place.str.startswith("U", na=False)
    stays = back | adopted | (main["reason_new"] == "L")
    first = pd.Series(np.arange(len(main)) == 0, main.index)
    begins = main["place"].isin(["U2", "U5"]) & place.notna() & ~place.isin(["U2", "U5"])
    moves = first | begins | ~(stays | main["reason_new"].isin(["T", "U"]))
    return main.assign(placement=(first | ~stays).cumsum(), carer=moves.cumsum())


def _is_long_in_care(birth: pd.Timestamp, started: pd.Timestamp, year: int) -> bool:
    under_16 = not pd.isna(birth) and birth + pd.DateOffset(years=16) > last_day(year)
    return under_16 and started <= pd.Timestamp(year - 3, 9, 30)


def _spans(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    return rows.groupby(by).agg({"started": "min", "ended": "max"})


def _there(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series[bool]:
    return (rows["started"] <= day) & (rows["ended"] > day)


def _during(rows: pd.DataFrame, year: int) -> pd.Series[bool]:
    first = last_day(year - 1) + pd.Timedelta(days=1)
    return (rows["started"] <= last_day(year)) & (rows["ended"] > first)


def _collected(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the year of their file, which lies in a folder of the year, and its last day."""
    years = rows["file"].str[:4].astype(int)
    return rows.assign(collection=years, year_end=pd.to_datetime({"year": years, "month": 3, "day": 31}))


def _episodes(tables: Tables) -> pd.DataFrame:
    return _collected(tables["episodes"])


def _with_reviews(tables: Tables) -> pd.DataFrame:
    """The episodes and the reviews of each child below one another."""
    both = {"episode": _episodes(tables), "review": tables["reviews"]}
    return pd.concat([rows.assign(kind=kind) for kind, rows in both.items()], ignore_index=True)


def _counts(found: Counted) -> pd.DataFrame:
    return pd.DataFrame(found, columns=["year", "numerator", "denominator"])


def _added(found: pd.DataFrame) -> Answer:
    sums = found.groupby("year")[["numerator", "denominator"]].sum()
    return {int(year): (int(top), int(base)) for year, top, base in sums.itertuples()}
