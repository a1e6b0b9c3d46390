"""Which files a release has, as the service lists them, and which of them is the table that is asked for."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import requests

from analysis.errors import FetchError
from analysis.fetching.answers import read_answer, read_json, what_it_is
from analysis.fetching.patience import NotThereError, Settings
from analysis.fetching.service import FileFields, Listing, Service, value_at
from analysis.fetching.wanted import Wanted, address_for, page_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Offered:
    """A file that the service lists.

    Attributes:
        title: title of the data set.
        version: id of this version of the release.
        file: id of the file, which is another for other content.
        data_set: id of the data set; blank for another file.
        name: the file's name; blank where the list does not say.
        rows: how many rows it has, the header not counted, where the list says.
    """

    title: str
    version: str
    file: str
    data_set: str = ""
    name: str = ""
    rows: int | None = None

    def addresses(self, service: Service) -> list[str]:
        """Where the file is, the first to be tried first."""
        ids = {"version": self.version, "file": self.file, "data_set": self.data_set}
        usable = [one for one in service.downloads if all(text for name, text in ids.items() if f"{{{name}}}" in one)]
        return [service.fill(one, **ids) for one in usable]


def list_files(
    session: requests.Session, service: Service, wanted: Wanted, *, settings: Settings, say: Say
) -> list[Offered]:
    """Return the files of a release.

    Args:
        session: what asks.
        service: whom.
        wanted: any table of the release.
        settings: how patient we are.
        say: told in words of each trouble.

    Raises:
        UnreachableError: the service cannot be reached.
        FetchError: the service does not list the files of this release, or not in a form that is known.
    """
    refusals = []
    for listing in service.listings:
        address = address_for(listing.address, wanted, service)
        try:
            found = _offered(_content(session, address, listing, settings, say), listing)
        except NotThereError as error:
            refusals.append(str(error))
            continue
        if found:
            return found
        refusals.append(f"{address} lists no file that could be understood.")
    name = service.release_name(wanted.release)
    raise FetchError(
        f"The service does not say which files the release {name!r} of {wanted.publication.address!r} has. "
        f"{' '.join(refusals)} Expected titles and ids of files. If the release is named otherwise, or the service has "
        "changed, mend data/catalogue/service.yml."
    )


def choose_file(offered: list[Offered], wanted: Wanted, *, name_of: Callable[[Offered], str]) -> Offered:
    """Return the file that is the table asked for: by its title, and where that does not tell, by the file's name.

    Args:
        offered: the files of the release.
        wanted: the table.
        name_of: gives the name of a file; asked only where the title does not tell.

    Raises:
        FetchError: none is, or several are; the nearest titles are listed.
    """
    titled = [one for one in offered if _folded(one.title) == _folded(wanted.map.title)]
    if len(titled) == 1:
        return titled[0]
    named = [one for one in titled or offered if wanted.map.is_named(PurePosixPath(name_of(one)).stem)]
    if len(named) == 1:
        return named[0]
    if named:
        found = f"{len(named)} files fit it: {_quoted(one.title for one in named)}"
    else:
        titles = [one.title for one in offered]
        close = difflib.get_close_matches(wanted.map.title, titles, n=5, cutoff=0)
        found = f"the nearest of {len(titles)} titles are {_quoted(close)}"
    raise FetchError(
        f'No single file is titled "{wanted.map.title}" or named {wanted.map.file}: {found}. '
        f"See {page_of(wanted)}, and put the right title into data/catalogue/releases/{wanted.release.id}.yml."
    )


def read_name(session: requests.Session, service: Service, one: Offered, *, settings: Settings, say: Say) -> str:
    """Return the name of a listed file, asking the service where its list does not say; blank where that says nothing.

    Raises:
        UnreachableError: the service cannot be reached.
        FetchError: the service refuses.
    """
    if one.name or not one.data_set:
        return one.name
    try:
        answer = read_json(
            session, service.fill(service.details.address, data_set=one.data_set), settings=settings, say=say
        )
    except NotThereError:
        return ""
    return _text(answer, service.details.name)


def _content(session: requests.Session, address: str, listing: Listing, settings: Settings, say: Say) -> object:
    if listing.kind == "json":
        return value_at(read_json(session, address, settings=settings, say=say), listing.inside)
    kind, page = read_answer(session, address, settings=settings, say=say)
    found = re.search(rb"<script[^>]*\bid=[\"']__NEXT_DATA__[\"'][^>]*>(.*?)</script>", page, flags=re.I | re.S)
    try:
        return value_at(json.loads(found[1]) if found else None, listing.inside)
    except ValueError:
        raise FetchError(f"{address} answered with {what_it_is(kind, page)}. Expected the page of a release.") from None


def _offered(content: object, listing: Listing) -> list[Offered]:
    version = _text(content, listing.version)
    lists = [(value_at(content, name), fields) for name, fields in listing.files.items()]
    found = [_one(item, fields, version) for items, fields in lists if isinstance(items, list) for item in items]
    return [one for one in found if one.title and one.file]


def _one(item: object, fields: FileFields, version: str) -> Offered:
    rows = value_at(item, fields.rows) if fields.rows else None
    return Offered(
        title=_text(item, fields.title),
        version=version,
        file=_text(item, fields.file),
        data_set=_text(item, fields.data_set),
        name=_text(item, fields.name),
        rows=rows if isinstance(rows, int) and not isinstance(rows, bool) else None,
    )


def _text(content: object, path: str) -> str:
    found = value_at(content, path) if path else None
    return found if isinstance(found, str) else ""


def _folded(title: str) -> str:
    """A title without what differs between two people who type it."""
    return " ".join(title.translate(str.maketrans("–—‘’", "--''")).casefold().split())


def _quoted(titles: Iterable[str]) -> str:
    return ", ".join(f'"{title}"' for title in titles)
