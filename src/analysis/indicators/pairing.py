"""What stands beside a row: a count, a base, the year before, others. The same rows, with new columns.

A row that rests on several figures cites them all, and carries the caveats of them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.indicators.observations import overlap_in_days
from analysis.indicators.selection import (
    COMPARATOR_NAMES,
    comparator_codes,
    comparator_rows,
    one_value_each,
    select_before,
)
from analysis.periods import in_time_order, parse_period
from analysis.sources.areas import load_areas
from analysis.vocabulary import MEASURE, NOT_HELD, WORKED_OUT

#: Days between the area's period and that of a comparator: two years.
FURTHEST_COMPARATOR = 731
NOT_KNOWN = "Not known"
PAIRED = (
    "value", "precision", "period", "numerator", "denominator", "figure", "area_name", "value_type", "caveat", "status",
)  # fmt: skip


def pair_with_count(level: pd.DataFrame, figures: pd.DataFrame, *, count: str) -> pd.DataFrame:
    """Return the same rows with the count behind them as ``numerator``, from the same area and period.

    An official rate has its own count beside it, and keeps it.

    Args:
        level: rows of a rate.
        figures: the observation table.
        count: id of the indicator that counts.
    """
    return _pair(level, figures, other=count, column="numerator")


def pair_with_base(level: pd.DataFrame, figures: pd.DataFrame, *, base: str) -> pd.DataFrame:
    """Return the same rows with the number that they are a share of as ``denominator``.

    An official share has its own base beside it, and keeps it.

    Args:
        level: rows of a proportion.
        figures: the observation table.
        base: id of the indicator that counts the base.
    """
    return _pair(level, figures, other=base, column="denominator")


def put_beside(rows: pd.DataFrame, other: pd.DataFrame, *, prefix: str = "other_") -> pd.DataFrame:
    """Return the same rows with another table's rows, in the same order, in columns that begin with a prefix.

    Args:
        rows: the rows to keep.
        other: as many rows, one for each.
        prefix: what the names of the new columns begin with.

    Returns:
        The same rows with other_value, other_precision, other_period, other_numerator, other_denominator
        and the like. The rows then cite both figures and carry the caveats of both.
    """
    return _with_columns(rows, other.reset_index(drop=True), prefix=prefix)


def as_events(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a count with the value as ``numerator``: the number of events that a statistic works on."""
    return rows.assign(numerator=rows["value"])


def as_counts_over_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a count as events of a population taken as unchanged.

    Args:
        rows: as from ``selection.select_trend``.
    """
    return rows.assign(numerator=rows["value"], denominator=1.0)


def assume_same_population(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with both denominators 1 where either is missing, and ``assumption`` saying so.

    A ratio of counts is a ratio of rates if the population stayed the same.
    """
    known = rows["denominator"].notna() & rows["other_denominator"].notna()
    return rows.assign(
        denominator=rows["denominator"].where(known, 1.0),
        other_denominator=rows["other_denominator"].where(known, 1.0),
        assumption=known.map({True: "", False: "taking the number of children who live there as unchanged"}),
    )


def pair_with_comparators(
    level: pd.DataFrame, figures: pd.DataFrame, indicator: Indicator, *, comparators: Sequence[str]
) -> pd.DataFrame:
    """Return a row for each comparator that has a figure, beside the area's own figure.

    The comparator's period is that of the area's figure, else the latest one before it, else the first after it,
    within two years: a figure further away says nothing about the year asked for.

    Args:
        level: one row of the area.
        figures: the observation table.
        indicator: what is asked; only the comparators that its definition allows are used.
        comparators: statistical_neighbours, region, england, target.

    Returns:
        The area's row, once for each comparator, with ``benchmark_name``, ``benchmark_value``,
        ``benchmark_period`` and the like. Where there is none, one row whose ``benchmark_name`` is blank.
    """
    own = level.iloc[[0]]
    place = load_areas()[own["area_code"].iloc[0]]
    found = []
    wanted = [*comparators, "own_group", "target"]
    for name, code in comparator_codes(place, indicator, wanted):
        kind = "target" if name == COMPARATOR_NAMES["target"] else "comparator"
        topic = own["breakdown_topic"].iloc[0]
        held = (
            comparator_rows(figures, indicator, code, topic=topic)
            if kind == "comparator"
            else _targets(figures, indicator, code, topic=topic)
        )
        rows = held[held["breakdown"] == own["breakdown"].iloc[0]]
        period = _benchmark_period(list(rows["period"].unique()), own["period"].iloc[0])
        chosen = rows[rows["period"] == period]
        if kind == "target":
            # A target can be a range: both its ends stand.
            found += [_paired(own, chosen.iloc[[at]], name) for at in range(len(chosen))]
        elif not chosen.empty and code != place.code:
            one = one_value_each(chosen)
            found.append(_paired(own, one, one["known_as"].iloc[0] or name if "known_as" in one else name))
    return pd.concat(found, ignore_index=True) if found else _paired(own, None, "")


def _targets(figures: pd.DataFrame, indicator: Indicator, code: str, *, topic: str) -> pd.DataFrame:
    return figures[
        (figures["indicator"] == indicator.id)
        & (figures["area_code"] == code)
        & (figures["value_type"] == "target")
        & (figures["breakdown_topic"] == topic)
    ]


def with_before_as_benchmark(others: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return rows beside comparators with one row more, beside the same area a year before.

    Args:
        others: rows as from :func:`pair_with_comparators`.
        before: one row as from ``selection.select_before``.
    """
    own = others.iloc[[0]].drop(columns=[name for name in map(str, others.columns) if name.startswith("benchmark_")])
    earlier = _paired(own, before, "the year before")
    return stack(others[others["benchmark_name"] != ""], earlier)


def with_before_and_neighbours(
    rows: pd.DataFrame, figures: pd.DataFrame, indicators: Mapping[str, Indicator]
) -> pd.DataFrame:
    """Return rows of several indicators, each beside the year before and the statistical neighbours.

    Args:
        rows: one row an indicator, of one area.
        figures: the observation table.
        indicators: definitions by id.

    Returns:
        The same rows with the year before in columns ``other_*`` and the neighbours in ``benchmark_*``.
    """
    paired = put_beside(rows, select_before(rows, figures))
    each = [paired.iloc[[place]] for place in range(len(paired))]
    neighbours = ["statistical_neighbours"]
    beside = [
        pair_with_comparators(row, figures, indicators[row["indicator"].iloc[0]], comparators=neighbours).iloc[[0]]
        for row in each
    ]
    return stack(*beside)


def with_denominator_of(level: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with the denominator of another row of the same area: one population for both.

    Args:
        level: rows without a denominator.
        other: one row with one.
    """
    source = other.iloc[0]
    there = pd.notna(source.get("denominator"))
    known = {name: source.get(name, float("nan")) for name in ("denominator", "denominator_lower", "denominator_upper")}
    cites = [unite(own, source["cites"]) if there else own for own in level["cites"]]
    caveats = [unite(own, source["caveat"], by="\n") if there else own for own in level["caveat"]]
    return level.assign(**known, cites=cites, caveat=caveats)


def with_denominator_where_missing(level: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as they are where they have a denominator, else with that of another row of the same area."""
    known = level["denominator"].notna().all()
    return level if known else with_denominator_of(level, other)


def mark_worked_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows; one that no source prints but that has a value now says that it is worked out."""
    found = (rows["status"] == NOT_HELD) & rows["value"].notna()
    return rows.assign(
        status=rows["status"].where(~found, WORKED_OUT), figure=rows["figure"].where(~found, rows["cites"])
    )


def with_claim(rows: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with the change, in per cent, that a source itself puts on them.

    Args:
        rows: rows of a count.
        figures: the observation table.

    Returns:
        The same rows with claimed_value, claimed_precision and claimed_figure; missing where no source says.
    """
    claims = one_value_each(figures[figures["value_type"] == "change_percent"])
    keys = [name for name in MEASURE if name != "value_type"]
    matched = rows[keys].merge(claims, on=keys, how="left")
    return put_beside(rows, matched, prefix="claimed_")


def with_profile(
    users: pd.DataFrame,
    profile: pd.DataFrame,
    *,
    of_whom: str = "children who used advocacy",
    against_whom: str = "children in care",
) -> pd.DataFrame:
    """Return shares of one number of people with the share of another of the same group in columns ``other_*``.

    Of several shares for a group, that of the users' own period is taken, else the one that is nearest in time.

    Args:
        users: rows of a share, one a group.
        profile: rows of shares of the others in the same area (percentages).
        of_whom: who the users are, as sentences name them.
        against_whom: who the others are.

    Returns:
        The users' rows with ``other_*``, ``of_whom`` and ``against_whom``.
    """
    matched = [_nearest_in_time(profile[profile["breakdown"] == group], period)
               for group, period in zip(users["breakdown"], users["period"], strict=True)]  # fmt: skip
    return put_beside(users, pd.concat(matched, ignore_index=True)).assign(of_whom=of_whom, against_whom=against_whom)


def without_unknown(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows less the group of those of whom it is not known which group they belong to."""
    known = rows[rows["breakdown"] != NOT_KNOWN]
    return (rows if known.empty else known).reset_index(drop=True)


def with_total(rows: pd.DataFrame, figures: pd.DataFrame, *, total: Indicator) -> pd.DataFrame:
    """Return the same rows with ``users_total``, the one count given for all groups, and its unit.

    Where a share comes with the numbers behind it, its own denominator is the total, and there is no unit to warn of.

    Args:
        rows: rows of a share.
        figures: the observation table.
        total: the indicator that counts.
    """
    counted = _pair(
        rows.assign(breakdown_topic="Total", breakdown="Total"), figures, other=total.id, column="users_total"
    )
    known = rows["numerator"].notna() & rows["denominator"].notna()
    own = {"users_total": rows["denominator"], "cites": rows["cites"], "caveat": rows["caveat"]}
    taken = {name: column.where(known, counted[name].to_numpy()) for name, column in own.items()}
    return rows.assign(**taken, users_total_unit=known.map({True: None, False: total.unit}))


def stack(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return tables one below the other."""
    there = [table for table in tables if not table.empty]
    return pd.concat(there, ignore_index=True) if there else tables[0]


def only_held(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are held, or the first gap where none is."""
    held = rows[rows["status"] != NOT_HELD]
    return (rows.iloc[[0]] if held.empty else held).reset_index(drop=True)


def only_printed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose value a source prints, or the first gap where none is."""
    printed = rows[~rows["status"].isin([NOT_HELD, WORKED_OUT])]
    return (rows.iloc[[0]] if printed.empty else printed).reset_index(drop=True)


def only_transcribed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose value a council's document prints, or the first gap where none is.

    Official rates stand beside the population that they are taken of; nothing is to be implied from them. What was
    implied before is forgotten, so that it can be implied anew with its bounds.
    """
    printed = only_printed(rows)
    own = printed[~_is_official(printed)]
    chosen = printed.iloc[[0]].assign(numerator=float("nan")) if own.empty else own
    return chosen.assign(denominator=float("nan")).reset_index(drop=True)


def without_base(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows without a value where the number behind it is known: nothing is to be supposed then.

    What is known stands in ``known_numerator`` and ``known_denominator``.
    """
    unknown = rows["denominator"].isna()
    known = {"known_numerator": rows["numerator"], "known_denominator": rows["denominator"]}
    return rows.assign(value=rows["value"].where(unknown), denominator=float("nan"), numerator=float("nan"), **known)


def without_value(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows without the printed value: only the counts are asked about."""
    return rows.assign(value=float("nan"), precision=float("nan"), also_printed="")


def unite(*texts: str, by: str = ";") -> str:
    """Return lists kept as text as one list, each item once, in order.

    Example:
        >>> unite("A.1;A.2", "A.2;B.1")
        'A.1;A.2;B.1'
    """
    items = [item for text in texts if isinstance(text, str) for item in text.split(by) if item]
    return by.join(dict.fromkeys(items))


def _pair(level: pd.DataFrame, figures: pd.DataFrame, *, other: str, column: str) -> pd.DataFrame:
    counts = one_value_each(figures[(figures["indicator"] == other) & (figures["value_type"] == "observed")])
    keys = ["area_code", "period", "breakdown_topic", "breakdown"]
    matched = level[keys].merge(counts[[*keys, "value", "cites", "caveat"]], on=keys, how="left")
    own = level[column] if column in level else pd.Series(float("nan"), index=level.index)
    taken = own.isna().to_numpy() & ~_is_official(level)
    cites = [
        unite(mine, new) if take else mine
        for mine, new, take in zip(level["cites"], matched["cites"], taken, strict=True)
    ]
    caveats = [
        unite(mine, new, by="\n") if take else mine
        for mine, new, take in zip(level["caveat"], matched["caveat"], taken, strict=True)
    ]
    return level.assign(**{column: own.where(~taken, matched["value"].to_numpy())}, cites=cites, caveat=caveats)


def _is_official(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """An official figure whose count is hidden is not given another one."""
    if "official" not in rows:
        return np.zeros(len(rows), dtype=bool)
    return (rows["official"] == True).to_numpy(dtype=bool)  # noqa: E712 (a gap has no such cell)


def _paired(own: pd.DataFrame, benchmark: pd.DataFrame | None, name: str) -> pd.DataFrame:
    empty = pd.DataFrame([dict.fromkeys(PAIRED)])
    return _with_columns(own, empty if benchmark is None else benchmark, prefix="benchmark_").assign(
        benchmark_name=name
    )


def _with_columns(rows: pd.DataFrame, other: pd.DataFrame, *, prefix: str) -> pd.DataFrame:
    """Put another table's values beside rows, and let the rows cite its figures and carry its caveats."""
    beside = {f"{prefix}{name}": other[name].to_numpy() for name in PAIRED}
    return rows.assign(
        **beside,
        cites=[unite(own, new) for own, new in zip(rows["cites"], other["figure"], strict=True)],
        caveat=[unite(own, new, by="\n") for own, new in zip(rows["caveat"], other["caveat"], strict=True)],
    ).reset_index(drop=True)


def _benchmark_period(labels: list[str], wanted: str) -> str | None:
    if wanted in labels or not labels:
        return wanted if labels else None
    end = parse_period(wanted).end
    ordered = [
        label for label in in_time_order(labels) if abs((parse_period(label).end - end).days) <= FURTHEST_COMPARATOR
    ]
    if not ordered:
        return None
    earlier = [label for label in ordered if parse_period(label).end <= end]
    return earlier[-1] if earlier else ordered[0]


def _nearest_in_time(profile: pd.DataFrame, period: str) -> pd.DataFrame:
    """The one row whose period is the one asked for, else shares most days with it, else ends nearest to it."""
    known = profile[profile["value"].notna()]
    if known.empty or not period:
        return pd.DataFrame([dict.fromkeys(PAIRED)])
    wanted = parse_period(period)
    days = known["period"].map(lambda label: abs((parse_period(label).end - wanted.end).days))
    shared = known["period"].map(lambda label: overlap_in_days(label, period))
    ranked = known.assign(_same=known["period"] == period, _shared=shared, _days=days)
    best = ranked.sort_values(["_same", "_shared", "_days"], ascending=[False, False, True], kind="stable")
    return best.iloc[[0]].drop(columns=["_same", "_shared", "_days"])
