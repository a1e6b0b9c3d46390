"""What a newer release changed: the same measure in two releases, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd

from analysis.errors import UnknownNameError
from analysis.indicators.definitions import Indicator
from analysis.indicators.open_figures import read_releases
from analysis.indicators.pairing import put_beside
from analysis.indicators.selection import not_held
from analysis.periods import in_time_order
from analysis.sources.areas import Area, find_area
from analysis.sources.releases import load_publications, load_releases
from analysis.vocabulary import MEASURE, NO_LONGER_SHOWN, NOT_HELD, SUPPRESSED, TOTAL


def load_revisions(folder: Path | str, *, area: Area, indicators: Sequence[str] = ()) -> pd.DataFrame:
    """Return every figure of an area that two releases give, the newer one with the older beside it.

    Args:
        folder: a folder of official files.
        area: the area.
        indicators: ids of indicators; all where none are given.

    Returns:
        Rows of the newer release with ``other_*`` (the older one), ``release_short`` and ``other_release_short``, latest
        period first. Of more than two releases each is held against the one before it.

    Raises:
        UnknownNameError: the folder holds only one release of each publication, or nothing of the area.
    """
    rows = read_releases(folder, areas=[area.code], indicators=indicators)
    releases = load_releases()
    publication = rows["source"].map({name: item.publication for name, item in releases.items()})
    pairs = []
    for _, same in rows.groupby(publication, sort=False):
        held = sorted(same["source"].unique(), key=lambda name: releases[name].year)
        pairs += [_beside(same, newer, older) for older, newer in pairwise(held)]
    there = [pair for pair in pairs if len(pair)]
    if not there:
        names = ", ".join(item.title for item in load_publications().values() if item.address)
        raise UnknownNameError(
            f"The folder holds no two releases that both give figures of {area.name}, so nothing can be said of revisions. "
            f"Put two releases of one publication into it ({names})."
        )
    return pd.concat(there, ignore_index=True)


def only_changed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose value, or the reason for having none, is another one than in the older release.

    Args:
        rows: as from :func:`load_revisions`.
    """
    one, other = rows["value"], rows["other_value"]
    places = rows["precision"].astype(float)
    same = (one - other).abs() < 0.5 * 10.0**-places
    both_missing = one.isna() & other.isna() & rows["status"].eq(rows["other_status"])
    return rows[~(same | both_missing)].reset_index(drop=True)


def _beside(rows: pd.DataFrame, newer: str, older: str) -> pd.DataFrame:
    """The measures that both releases hold, in time order backwards."""
    one, other = rows[rows["source"] == newer], rows[rows["source"] == older]
    keys = list(MEASURE)
    one = one.drop_duplicates(keys).merge(other[keys].drop_duplicates(), on=keys).reset_index(drop=True)
    matched = one[keys].merge(other.drop_duplicates(keys), on=keys, how="left")
    both = put_beside(one, matched)
    order = {label: place for place, label in enumerate(in_time_order(list(both["period"].unique())))}
    # A number that the newer release hides is not shown from the older one: only that it was printed.
    hides = both["status"].eq(SUPPRESSED) & both["other_value"].notna()
    table = both.assign(
        other_value=both["other_value"].where(~hides),
        other_numerator=both["other_numerator"].where(~hides),
        other_status=matched["status"].where(~hides.to_numpy(), NO_LONGER_SHOWN).to_numpy(),
        release_short=f"{load_releases()[newer].year} release",
        other_release_short=f"{load_releases()[older].year} release",
    )
    return table.sort_values("period", key=lambda labels: -labels.map(order), kind="stable").reset_index(drop=True)


def select_revisions(figures: pd.DataFrame, indicators: Sequence[Indicator], *, data: str, area: str) -> pd.DataFrame:
    """Return what a newer release changed in an area's figures of some indicators, for all children.

    Args:
        figures: the observation table, for its columns.
        indicators: what is asked.
        data: a folder of official files; where it is blank there are no releases.
        area: name or code.

    Returns:
        Rows as from :func:`load_revisions`; one not_held row where no two releases give the same figure.
    """
    place = find_area(area)
    try:
        rows = load_revisions(data, area=place, indicators=[item.id for item in indicators]) if data else None
    except UnknownNameError:
        rows = None
    if rows is not None:
        rows = rows[rows["breakdown_topic"] == TOTAL].reset_index(drop=True)
    if rows is None or rows.empty:
        nothing = not_held(figures, indicators[0], place, period="")
        return put_beside(nothing, nothing).assign(
            asked="", release_short="", other_release_short="", other_status=NOT_HELD
        )
    return rows


def with_every_release(figures: pd.DataFrame, *, data: str, area: str) -> pd.DataFrame:
    """Return the figures with those of an area that other releases give, so that a revision can be looked up.

    Args:
        figures: the observation table.
        data: a folder of official files; where it is blank the figures are returned as they are.
        area: name or code.
    """
    if not data:
        return figures
    rows = read_releases(data, areas=[find_area(area).code])
    others = rows[~rows["figure"].isin(figures["figure"])]
    return pd.concat([figures, others.reindex(columns=figures.columns)], ignore_index=True)
