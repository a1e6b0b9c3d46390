"""Groups of authorities that an area is held against: DfE's statistical neighbours by either model, or a group of one's own.

The members' figures are summarised by ``statistics.neighbours``; here they are chosen before, and put beside the
area's own figures afterwards, each with how many members had data and by which model they were chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.errors import UnknownNameError, did_you_mean
from analysis.indicators.definitions import Indicator, load_indicators
from analysis.indicators.open_folder import open_folder
from analysis.sources.areas import Area, find_area, neighbours_code, own_group_code
from analysis.sources.cited import OWN_GROUP_CODE, load_published
from analysis.sources.neighbour_models import describe_model
from analysis.vocabulary import TOTAL, WORKED_OUT

OWN_GROUP = "own group"
COMPARATOR_NEIGHBOURS = "statistical neighbours"
COMPARATOR_OWN = "the group chosen"
AVERAGES = {"median": "median", "mean": "mean", "pooled": "pooled_value"}
#: What members' figures are summarised for: each indicator in each period on its own.
SUMMARISED_BY = ("indicator", "period")
_KEPT = ("group", "member")


def members_of(data: str, area: Area, *, group: Sequence[str] = ()) -> pd.DataFrame:
    """Return the members of every group that an area can be held against.

    Args:
        data: a folder of official files, with or without DfE's lists of neighbours; none where it is blank.
        area: the area.
        group: names or codes of authorities of the reader's own choice.

    Returns:
        ``group`` (the model's name, or own group), ``member`` (area code), nearest first.

    Raises:
        UnknownNameError: one of the group is not known, or is the area itself.
    """
    chosen = [find_area(name) for name in group]
    if any(one.code == area.code for one in chosen):
        raise UnknownNameError(f"{area.name} cannot be in the group that it is held against. Leave it out of `group`.")
    own = pd.DataFrame([(OWN_GROUP, one.code) for one in chosen], columns=list(_KEPT))
    if not data:
        return own
    listed = open_folder(data).members
    listed = listed[listed["group"] == area.code]
    neighbours = pd.DataFrame({"group": listed["model"].astype(str), "member": listed["member"].astype(str)})
    return pd.concat([neighbours, own], ignore_index=True)


def load_members(data: str, *, area: str, group: Sequence[str] = ()) -> pd.DataFrame:
    """Return the members of every group that an area can be held against, as :func:`members_of`, by the area's name."""
    return members_of(data, find_area(area), group=group)


def select_members(figures: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return the official figures of all members, for all children, with their ``name``.

    Args:
        figures: the observation table.
        members: as from :func:`load_members`.
    """
    official = figures["official"].astype(bool) & (figures["breakdown_topic"] == TOTAL)
    return figures[official & figures["area_code"].isin(members["member"])].reset_index(drop=True)


def with_groups(
    figures: pd.DataFrame, summary: pd.DataFrame, members: pd.DataFrame, *, area: str, neighbours: str, average: str
) -> pd.DataFrame:
    """Return the figures with one more row for each summary of neighbours, by one model and one average.

    Args:
        figures: the observation table.
        summary: the members' figures summarised by group, indicator and period (``statistics.neighbours``), with a
            pooled value for a multiplier of 1.
        members: as from :func:`load_members`.
        area: name or code of the area.
        neighbours: the model of statistical neighbours, 2025 or 2021; the latest that lists the area where it is blank.
        average: median, mean or pooled.

    Returns:
        The figures, less those that documents print for the area's neighbours where they are worked out here:
        lines of two kinds would otherwise be taken for one.

    Raises:
        UnknownNameError: the model or the average is not known.
    """
    require_average(average)
    place = find_area(area)
    wanted = summary[summary["group"].isin([model_for(members, neighbours, place), OWN_GROUP])]
    rows = summaries_as_figures(wanted, select_members(figures, members), members, place=place, average=average)
    if rows.empty:
        return figures
    replaced = (figures["area_code"] == neighbours_code(place)) & figures["indicator"].isin(rows["indicator"])
    return pd.concat([figures[~replaced], rows.reindex(columns=figures.columns)], ignore_index=True)


def model_for(members: pd.DataFrame, neighbours: str, place: Area) -> str:
    """Return the model of statistical neighbours to use: the one named, or the latest that lists the area.

    Raises:
        UnknownNameError: the model named has no list for the area, while another has.
    """
    models = sorted({*members["group"]} - {OWN_GROUP})
    if models and neighbours and neighbours not in models:
        raise UnknownNameError(
            f"neighbours is {neighbours!r}: {place.name} has a list in the model of {' and '.join(models)}. Give that one."
        )
    return neighbours or (models[-1] if models else "")


def require_average(name: str) -> str:
    """Return its argument, if it is a way of taking an average of members.

    Raises:
        UnknownNameError: it is not.
    """
    if name not in AVERAGES:
        raise UnknownNameError(f"average is {name!r}. {did_you_mean(name, AVERAGES)}")
    return name


def summaries_as_figures(
    summary: pd.DataFrame, of_members: pd.DataFrame, members: pd.DataFrame, *, place: Area, average: str
) -> pd.DataFrame:
    """Return summaries of members as rows of the observation table, each naming model, average and members with data.

    Args:
        summary: rows of ``statistics.neighbours.summarise_members``.
        of_members: the figures summarised.
        members: the members of each group.
        place: the area whose groups these are.
        average: median, mean or pooled.

    Returns:
        One row for each summary of an indicator that is compared with neighbours, where a member has data; none for a
        count, which depends on how large the neighbours are.
    """
    indicators = load_indicators()
    compared = [name for name, item in indicators.items() if "statistical_neighbours" in item.comparators]
    rows = summary[summary["indicator"].isin(compared) & (summary["n_with_value"] > 0)]
    listed = {name: set(part["member"]) for name, part in members.groupby("group")}
    parts = dict(list(of_members.groupby(list(SUMMARISED_BY))))
    found = []
    for number, (_, row) in enumerate(rows.iterrows(), start=1):
        part = parts[row["indicator"], row["period"]]
        own = part[part["area_code"].isin(listed[row["group"]])]
        found.append(_as_figure(row, own, indicators[row["indicator"]], place=place, average=average, number=number))
    return pd.DataFrame(found)


def _as_figure(
    row: pd.Series, own: pd.DataFrame, indicator: Indicator, *, place: Area, average: str, number: int
) -> dict[str, object]:
    """One summary as a figure: its words list every member with the cell that its value comes from."""
    chosen = row["group"] == OWN_GROUP
    code = OWN_GROUP_CODE if chosen else f"SNM{row['group'][2:]}"
    value = row[AVERAGES[average]] * (indicator.multiplier if average == "pooled" else 1)
    with_data = row["n_pooled" if average == "pooled" else "n_with_value"]
    how = f"{'' if chosen else row['group'] + ' model, '}{average}, {with_data} of {row['n_members']} with data"
    decimals = max(1, int(own["precision"].max()))
    figure = f"{code}.{number}"
    release = load_published()[code]
    each = "; ".join(_member_words(member, decimals) for _, member in own.iterrows())
    return {
        "figure": figure, "indicator": row["indicator"], "period": row["period"], "period_basis": "stated",
        "area_code": own_group_code(place) if chosen else neighbours_code(place),
        "area_name": f"The group chosen for {place.name}" if chosen else f"Statistical neighbours of {place.name}",
        "geographic_level": "Comparator group", "breakdown_topic": TOTAL, "breakdown": TOTAL,
        "numerator": float("nan"), "denominator": float("nan"), "value": float(value),
        "status": WORKED_OUT if pd.notna(value) else "not_available", "value_type": "comparator", "precision": decimals,
        "source": release.id, "release": max(own["release"]), "disclosure": "",
        "locator": f"worked out here, {OWN_GROUP if chosen else describe_model(row['group'])}",
        "quote": f"{average.capitalize()} of {with_data} of {row['n_members']} members: {each}",
        "note": f"Worked out here as the {average} of {with_data} of {row['n_members']} members",
        "citation": release.citation(release.id), "caveat": "", "preferred": False, "official": True, "cites": figure,
        "known_as": f"{COMPARATOR_OWN if chosen else COMPARATOR_NEIGHBOURS} ({how})",
    }  # fmt: skip


def _member_words(member: pd.Series, decimals: int) -> str:
    value = (
        "no figure" if pd.isna(member["value"]) else f"{member['value']:.{min(decimals, int(member['precision']))}f}"
    )
    return f"{member['area_name']} {value} ({member['figure']})"
