"""The one table: every figure that the project holds, and what it holds for whom and when."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pandas as pd

from analysis.errors import UnknownNameError, nearest
from analysis.indicators.areas_compared import members_of
from analysis.indicators.counting.observed import count_folder, counted_figures
from analysis.indicators.definitions import units
from analysis.indicators.open_figures import circle_of, read_official
from analysis.indicators.reconciling.register import add_doubts, reconcile
from analysis.periods import in_time_order, parse_period, parse_year, years_touched
from analysis.sources.areas import Area, find_area
from analysis.sources.cited import COUNTED_CODE
from analysis.sources.published import read_published, stamp_of_published
from analysis.sources.returns.looking import holds_returns
from analysis.vocabulary import TOTAL


def load_figures(
    data: str = "", *, area: str = "", group: Sequence[str] = (), as_published: str = "latest"
) -> pd.DataFrame:
    """Return every figure held, checked: those transcribed from documents, and the official ones of a folder.

    Args:
        data: a folder of official files, of the council's own returns, or of both; only the transcribed figures where it is blank.
        area: name or code. Official figures are then those of the area and of whom it is read with (its regions,
            England, those it followed or was followed by, its neighbours); of all areas where it is blank.
        group: names or codes of authorities to hold beside it.
        as_published: of several releases, the ``latest`` or the ``first`` that is held.

    Returns:
        The observation table with ``citation``, ``caveat``, ``preferred``, ``official`` (from the folder) and
        ``cites``, the identifiers of the figures that a row rests on.

    Raises:
        DataError: a data file breaks the contract, or the folder holds nothing that can be read.
        CatalogueError: a catalogue entry cannot be used.
        UnknownNameError: the area or one of the group is not known.
    """
    rows = _transcribed(stamp_of_published())
    own = rows.assign(cites=rows["figure"], official=False, known_as="")
    if not data:
        return own
    official = _official(data, area=area, group=group, as_published=as_published)
    held = pd.concat([own, official[own.columns]], ignore_index=True)
    return with_counted(held, count_folder(data), area=area) if area and holds_returns(data) else held


def with_counted(figures: pd.DataFrame, rows: pd.DataFrame, *, area: str) -> pd.DataFrame:
    """Return figures with those counted from a council's own returns below them, small numbers hidden.

    Args:
        figures: as from :func:`load_figures`; figures counted before are left out.
        rows: as from ``counting.engine.count``, nothing hidden.
        area: name or code of the council whose returns they are.
    """
    place = find_area(area)
    others = figures[~figures["figure"].str.startswith(f"{COUNTED_CODE}.")]
    counted = counted_figures(rows, area=place, populations=_populations(others, place))
    return pd.concat([others, counted[others.columns]], ignore_index=True)


def _populations(figures: pd.DataFrame, place: Area) -> dict[str, float]:
    """Children who live in an area, by the middle of the year, from the figures that are held."""
    rows = figures[figures["indicator"].eq("children_population") & figures["area_code"].eq(place.code)]
    rows = rows[rows["breakdown_topic"].eq(TOTAL) & rows["value"].notna()]
    return dict(zip(rows["period"], rows["value"], strict=True))


def load_register() -> pd.DataFrame:
    """Return every check of the transcribed figures against each other, as from ``reconciling.register.reconcile``."""
    return _register(stamp_of_published()).copy()


@cache
def _register(stamp: str) -> pd.DataFrame:
    """Kept as long as the files are the same, as figures and pages ask for it."""
    return reconcile(read_published(units=units()))


@cache
def _transcribed(stamp: str) -> pd.DataFrame:
    """The transcribed figures with what the register knows of them; kept as long as their files are the same."""
    return add_doubts(read_published(units=units()), _register(stamp))


def _official(data: str, *, area: str, group: Sequence[str], as_published: str) -> pd.DataFrame:
    if not area:
        return read_official(data, as_published=as_published)
    place = find_area(area)
    members = members_of(data, place, group=group)["member"].unique()
    near = circle_of(place)
    rows = read_official(data, areas=[*near, *members], as_published=as_published)
    # Of a neighbour only the figures of all children are read with those of the area.
    return rows[rows["area_code"].isin(near) | (rows["breakdown_topic"] == TOTAL)]


def filter_figures(
    figures: pd.DataFrame, *, area: str | None = None, year: str | None = None, indicator: str | None = None
) -> pd.DataFrame:
    """Return the figures of an area, a year and an indicator; all where one is not given.

    Args:
        figures: the observation table.
        area: area code.
        year: a financial year's label; figures of any period that touches it are kept.
        indicator: indicator id.
    """
    keep = pd.Series(True, index=figures.index)
    if area is not None:
        keep &= figures["area_code"] == area
    if indicator is not None:
        keep &= figures["indicator"] == indicator
    if year is not None:
        keep &= figures["period"].map(lambda label: year in years_touched(label))
    return figures[keep]


def years_held(figures: pd.DataFrame, area: Area) -> list[str]:
    """Return the financial years, in order, for which an area has at least one observed figure."""
    own = figures[(figures["area_code"] == area.code) & (figures["value_type"] == "observed")]
    return in_time_order(sorted({year for label in own["period"].unique() for year in years_touched(label)}))


def require_held(figures: pd.DataFrame, *, area: str, year: str) -> tuple[Area, str]:
    """Return the area and the year that two texts name, if the figures hold anything for them.

    Args:
        figures: the observation table.
        area: name or code.
        year: a year or any period; the financial year that it ends in is meant.

    Raises:
        UnknownNameError: the area or the year is not known, or no figure is held for them.
    """
    place = find_area(area)
    label = parse_year(year)
    held = years_held(figures, place)
    if not held:
        others = sorted(set(figures.loc[figures["geographic_level"] == "Local authority", "area_name"]))
        listed = ", ".join(others[:20]) + (f" and {len(others) - 20} more" if len(others) > 20 else "")
        raise UnknownNameError(
            f"No figure of {place.name} is held. There are figures of: {listed}. "
            "Give --data a folder of official files for those of any authority."
        )
    if label not in held:
        close = nearest(label, held, count=1) or [held[-1]]
        raise UnknownNameError(
            f"No figure of {place.name} is held for {label}. There are figures for {', '.join(held)}. "
            f"Try --year {close[0]}, give --data a folder of official files, or add the figures to data/published."
        )
    return place, label


def overlap_in_days(label: str, year: str) -> int:
    """Return on how many days a period and a financial year overlap.

    Example:
        >>> overlap_in_days("2020-10/2021-09", "2020-21"), overlap_in_days("2021-03-31", "2020-21")
        (182, 1)
    """
    one, other = parse_period(label), parse_period(year)
    return max(0, (min(one.end, other.end) - max(one.start, other.start)).days + 1)


def overlap_in_months(label: str, year: str) -> int:
    """Return the overlap of a period and a financial year in whole months, rounded.

    Example:
        >>> overlap_in_months("2019-10/2020-09", "2020-21"), overlap_in_months("2020-10/2021-09", "2020-21")
        (6, 6)
    """
    return round(overlap_in_days(label, year) / 30.4)
