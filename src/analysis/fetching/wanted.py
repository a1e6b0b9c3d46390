"""Which files are asked for, as release maps call them, and how to have them by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from analysis.errors import FetchError, UnknownNameError, did_you_mean
from analysis.fetching.service import Service, load_service
from analysis.sources.folders import shown
from analysis.sources.releases import (
    Publication,
    Release,
    TableMap,
    load_publications,
    load_releases,
    load_tables,
)


@dataclass(frozen=True)
class Wanted:
    """One table of one release that is asked for.

    Attributes:
        release: the release.
        table: id of the table.
        folder: where its file goes.
    """

    release: Release
    table: str
    folder: Path

    @property
    def map(self) -> TableMap:
        """What the release calls the table."""
        return self.release.tables[self.table]

    @property
    def publication(self) -> Publication:
        """The publication that the release is of."""
        return load_publications()[self.release.publication]

    @property
    def stem(self) -> str:
        """How the name of its file begins, without the stars of the pattern."""
        return self.map.file.replace("*", "")


def choose_wanted(*, publication: str | None, year: int | None, table: str | None, folder: Path) -> list[Wanted]:
    """Return the tables that are asked for: those of the latest release of each publication, unless told otherwise.

    Args:
        publication: id of a publication; all that the service keeps if none.
        year: the last year of the release; the latest that has a map if none.
        table: id of a table; all if none.
        folder: the folder that holds a folder for each publication.

    Raises:
        UnknownNameError: there is no such publication, table, or map of a release of that year.
        FetchError: the service does not keep what is asked for.
    """
    if table is not None and table not in load_tables():
        raise UnknownNameError(f"There is no table {table!r}. {did_you_mean(table, load_tables())}")
    publications = _publications(publication, table)
    releases = [found for name in publications if (found := _release(name, year))]
    if not releases:
        held = ", ".join(
            sorted({str(item.year) for item in load_releases().values() if item.publication in publications})
        )
        raise UnknownNameError(
            f"No release map of {' or '.join(publications)} is of {year or 'any year'}. There are maps of {held}. "
            "A map says what a release calls its files: docs/adding-a-release.md."
        )
    wanted = [
        Wanted(release, name, folder / load_publications()[release.publication].folder / str(release.year))
        for release in releases
        for name in release.tables
        if table in (None, name)
    ]
    if not wanted:
        names = sorted({name for release in releases for name in release.tables})
        ids = ", ".join(release.id for release in releases)
        raise UnknownNameError(f"The table {table!r} is not in the map of {ids}. {did_you_mean(str(table), names)}")
    return wanted


def page_of(wanted: Wanted) -> str:
    """Return the address of the page of a release, for a person."""
    service = load_service()
    return service.fill(
        service.page, publication=wanted.publication.address, release=service.release_name(wanted.release)
    )


def by_hand(wanted: Iterable[Wanted]) -> str:
    """Return in words which files to download by hand, from which page, into which folder."""
    paragraphs = []
    for (page, folder), group in groupby(wanted, key=lambda one: (page_of(one), one.folder)):
        titles = [f'  - "{one.map.title}" ({one.map.file}.csv)' for one in group]
        paragraphs.append("\n".join([page, *titles, f"  into the folder {shown(folder)}"]))
    return "\n".join(paragraphs)


def address_for(template: str, wanted: Wanted, service: Service) -> str:
    """Return an address for a release, filled in from its publication and its name."""
    return service.fill(template, publication=wanted.publication.address, release=service.release_name(wanted.release))


def _publications(publication: str | None, table: str | None) -> list[str]:
    """Ids of the publications that are meant."""
    known = load_publications()
    of_table = load_tables()[table].publication if table else None
    if publication is None:
        publication = of_table
    if publication is None:
        return [name for name, item in known.items() if item.address]
    if publication not in known:
        raise UnknownNameError(f"There is no publication {publication!r}. {did_you_mean(publication, known)}")
    if of_table not in (None, publication):
        raise UnknownNameError(f"The table {table!r} is in {of_table}, not in {publication}. Leave out --publication.")
    if not known[publication].address:
        raise FetchError(
            f"{known[publication].title} ({publication}) is not kept by the service that files are fetched from. "
            f"Download it by hand from its publisher, {known[publication].publisher}, into data/raw/{known[publication].folder}."
        )
    return [publication]


def _release(publication: str, year: int | None) -> Release | None:
    """The release of a year, or the latest that has a map."""
    found = [item for item in load_releases().values() if item.publication == publication and year in (None, item.year)]
    return max(found, key=lambda item: item.year, default=None)
