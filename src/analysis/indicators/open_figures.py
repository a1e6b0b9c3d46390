"""Official figures as rows of the observation table: of one authority and whom it is compared with, or of all areas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import UnknownNameError, did_you_mean
from analysis.indicators.open_folder import open_folder
from analysis.indicators.open_words import gaps, locators, notes, quotes
from analysis.sources.areas import (
    ENGLAND,
    Area,
    load_areas,
    predecessors,
    regions_of,
    successors,
)
from analysis.sources.releases import load_releases, load_tables
from analysis.vocabulary import COLUMNS, MEASURE, SUPPRESSED

AS_PUBLISHED = ("latest", "first")
#: Ends the identifier of a figure that its release does not print: CIN25.C4.P71.Q71.R is worked out from P71 and Q71.
RECKONED = "R"

#: Columns that compact observations share with the observation table.
KEPT = (
    "indicator", "area_code", "period", "breakdown_topic", "breakdown", "numerator", "denominator", "value", "status",
)  # fmt: skip

#: Columns that open figures have beside those of the observation table.
MORE_COLUMNS = ("citation", "caveat", "preferred", "official", "cites", "known_as")


def read_official(
    folder: Path | str, *, areas: Sequence[str] = (), indicators: Sequence[str] = (), as_published: str = "latest"
) -> pd.DataFrame:
    """Return official figures, one a measure: as the latest release held has it, or the first.

    Args:
        folder: a folder of official files.
        areas: codes of areas; all where none are given.
        indicators: ids of indicators; all where none are given.
        as_published: latest or first.

    Returns:
        Rows of the observation table with ``citation``, ``caveat``, ``preferred``, ``official``, ``cites`` and ``known_as``.

    Raises:
        UnknownNameError: ``as_published`` is neither.
        DataError: the folder holds no file that can be read.
    """
    require_as_published(as_published)
    rows = read_releases(folder, areas=areas, indicators=indicators)
    return one_release_each(rows, as_published=as_published)


def read_releases(folder: Path | str, *, areas: Sequence[str] = (), indicators: Sequence[str] = ()) -> pd.DataFrame:
    """Return official figures of every release held, the same measure once a release.

    Args:
        folder: a folder of official files.
        areas: codes of areas; all where none are given.
        indicators: ids of indicators; all where none are given.
    """
    return as_figures(open_folder(folder).observations(areas=areas, indicators=indicators))


def require_as_published(name: str) -> str:
    """Return its argument, if it is latest or first.

    Raises:
        UnknownNameError: it is not.
    """
    if name not in AS_PUBLISHED:
        raise UnknownNameError(f"as_published is {name!r}. {did_you_mean(name, AS_PUBLISHED)}")
    return name


def one_release_each(rows: pd.DataFrame, *, as_published: str = "latest") -> pd.DataFrame:
    """Return one row for each measure: that of the latest release, or of the first.

    What the latest release hides is shown from no release: it may have been hidden to protect a child.

    Args:
        rows: figures of several releases.
        as_published: latest or first.
    """
    newest = rows.sort_values("release", ascending=False, kind="stable").drop_duplicates(list(MEASURE))
    hidden = newest[newest["status"] == SUPPRESSED]
    if as_published == "first" and len(hidden):
        keys = hidden[list(MEASURE)].assign(_hidden=True)
        marked = rows.merge(keys, on=list(MEASURE), how="left")["_hidden"].eq(True).to_numpy()
        rows = pd.concat([rows[~marked], hidden]).sort_index()
    ordered = rows.sort_values("release", ascending=as_published == "first", kind="stable")
    return ordered.drop_duplicates(list(MEASURE)).sort_index().reset_index(drop=True)


def circle_of(area: Area, members: Iterable[str] = ()) -> list[str]:
    """Return the codes of an area and of those it is read with: regions, England, predecessors, successors, members.

    Example:
        >>> from analysis.sources.areas import find_area
        >>> circle_of(find_area("Nottingham"))
        ['E06000018', 'E12000004', 'E92000001']
    """
    near = [area, *regions_of(area), *predecessors(area), *successors(area)]
    return list(dict.fromkeys([*(item.code for item in near), ENGLAND, *members]))


def as_figures(rows: pa.Table) -> pd.DataFrame:
    """Return compact observations as rows of the observation table, each with its place and its words.

    Args:
        rows: as from ``open_observations.open_observations``.
    """
    if not rows.num_rows:
        return _no_figures()
    table = rows.to_pandas()
    coded = [name for name in map(str, table.columns) if isinstance(table[name].dtype, pd.CategoricalDtype)]
    cells = table.astype(dict.fromkeys(coded, str))
    releases, kinds, areas = load_releases(), load_tables(), load_areas()
    source = cells["source"]
    figure = (
        source.map({name: item.code for name, item in releases.items()})
        + "." + cells["table"].map({name: item.key for name, item in kinds.items()})
        + "." + _places(cells) + (cells["own"] == "").map({True: f".{RECKONED}", False: ""})
    )  # fmt: skip
    kept = {name: cells[name] for name in KEPT}
    # Of no children there is no share: the contract wants a base above 0, or none. The quote keeps the nought.
    kept["denominator"] = cells["denominator"].where(cells["denominator"] > 0)
    return pd.DataFrame({
        "figure": figure,
        **kept,
        "area_name": cells["area_code"].map({code: item.name for code, item in areas.items()}),
        "geographic_level": cells["area_code"].map({code: item.level for code, item in areas.items()}),
        "period_basis": "stated",
        "value_type": "observed",
        "precision": cells["precision"].astype("Int64"),
        "source": source,
        "locator": locators(cells),
        "quote": quotes(cells),
        "release": source.map({name: item.published for name, item in releases.items()}),
        "disclosure": "",
        "note": notes(cells),
        "citation": source.map({name: item.citation(name) for name, item in releases.items()}),
        "caveat": gaps(cells),
        "preferred": False,
        "official": True,
        "cites": figure,
        "known_as": "",
    })[[*COLUMNS, *MORE_COLUMNS]]  # fmt: skip


def _places(cells: pd.DataFrame) -> pd.Series:
    """The cells of each figure as a spreadsheet names them: M47, or T71.U71 for a sum."""
    line = cells["line"].astype(str)
    several = cells["cell"].str.contains(" ", regex=False)
    place = cells["cell"] + line
    sums = [
        ".".join(f"{letters}{row}" for letters in cell.split())
        for cell, row in zip(cells.loc[several, "cell"], line[several], strict=True)
    ]
    return place.where(~several, pd.Series(sums, index=cells.index[several], dtype=object))


def _no_figures() -> pd.DataFrame:
    empty = pd.DataFrame(columns=[*COLUMNS, *MORE_COLUMNS])
    return empty.astype({"numerator": float, "denominator": float, "value": float, "preferred": bool, "official": bool})


def find_official(folder: Path | str, figure: str) -> pd.DataFrame:
    """Return the official figure of an identifier, as a table of one row or of several indicators with the same cell.

    Args:
        folder: a folder of official files.
        figure: an identifier such as CLA25.NR.M47.
    """
    code, _, place = figure.partition(".")
    line = re.search(r"\.[A-Z]+(\d+)", f".{place.partition('.')[2]}")
    sources = [name for name, item in load_releases().items() if item.code == code]
    rows = open_folder(folder).observations()
    if not sources or not line or not rows.num_rows:
        return _no_figures()
    same = pc.and_(pc.equal(rows["source"].cast(pa.string()), sources[0]), pc.equal(rows["line"], int(line[1])))
    found = as_figures(rows.filter(same))
    return found[found["figure"] == figure].reset_index(drop=True)
