"""Where the service keeps things: addresses of data/catalogue/service.yml, filled in and checked."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache
from typing import Literal
from urllib.parse import quote

from pydantic import Field, field_validator

from analysis.fetching.addresses import require_safe
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder
from analysis.sources.releases import Release

#: What may stand in braces in an address.
PLACES = ("service", "site", "publication", "release", "version", "file", "data_set")


class FileFields(Declared):
    """What an answer calls the particulars of a file; dots lead inwards, and a blank is what it does not say.

    Attributes:
        title: title of the data set.
        file: id of the file, which is another for other content.
        data_set: id of the data set.
        name: the file's name.
        rows: how many rows it has, the header not counted.
    """

    title: str
    file: str
    data_set: str = ""
    name: str = ""
    rows: str = ""


class Listing(Declared):
    """What says which files a release has.

    Attributes:
        address: where to ask.
        kind: an answer in JSON, or a web page that carries one.
        inside: leads to the answer; blank where it is the whole.
        version: what the id of this version of the release is called.
        files: the lists of files in the answer, and what each calls things.
    """

    address: str
    kind: Literal["json", "page"]
    inside: str
    version: str
    files: dict[str, FileFields]


class Details(Declared):
    """What says the file name of a data set.

    Attributes:
        address: where to ask.
        name: what the answer calls the name.
    """

    address: str
    name: str


class Service(Declared):
    """A service that publishes files, as data/catalogue/service.yml declares it.

    Attributes:
        address: what all addresses of its programs begin with.
        site: what the addresses of its pages begin with.
        page: the page of a release, for a person.
        release_names: names of releases that are not named by their year, by the id of their map.
        listings: what says which files a release has, the first to be asked first.
        details: what says the file name of a data set.
        downloads: where a file is, the first to be tried first.
        largest_megabytes: nothing larger is taken.
    """

    address: str
    site: str
    page: str
    release_names: dict[str, str]
    listings: list[Listing] = Field(min_length=1)
    details: Details
    downloads: list[str] = Field(min_length=1)
    largest_megabytes: int = Field(gt=0)

    @field_validator("page", "listings", "details", "downloads")
    @classmethod
    def _has_known_places(cls, given: object) -> object:
        found = {place for text in _texts_of(given) for _, place, _, _ in string.Formatter().parse(text) if place}
        unknown = sorted(found - {*PLACES})
        if unknown:
            raise ValueError(f"{{{unknown[0]}}} cannot be filled in; an address may hold {', '.join(PLACES)}")
        return given

    @property
    def largest(self) -> int:
        """The largest file that is taken, in bytes."""
        return self.largest_megabytes * 1024 * 1024

    def release_name(self, release: Release) -> str:
        """What the service calls a release."""
        return self.release_names.get(release.id, str(release.year))

    def at(self, address: str) -> Service:
        """Return the same service at another address, such as a copy of it inside a network.

        Raises:
            FetchError: that is not an address that files may be fetched from.
        """
        base = require_safe(address.rstrip("/"))
        return self.model_copy(update={"address": base, "site": base.removesuffix("/api")})

    def fill(self, template: str, **given: str) -> str:
        """Return an address with everything in braces filled in, safe for whatever the service calls its ids."""
        safe = {name: quote(text, safe="") for name, text in given.items()}
        return template.format(service=self.address, site=self.site, **safe)


@cache
def load_service() -> Service:
    """Return the service that is declared.

    Raises:
        CatalogueError: data/catalogue/service.yml breaks its contract.
    """
    return load_declared(data_folder() / "catalogue" / "service.yml", Service)


def _texts_of(given: object) -> list[str]:
    """Every template in a value of the declaration."""
    if isinstance(given, str):
        return [given]
    if isinstance(given, list):
        return [text for one in given for text in _texts_of(one)]
    if isinstance(given, Listing | Details):
        return [given.address]
    return []


def value_at(content: object, path: str) -> object:
    """Return what stands at a path of names parted by dots; nothing where the path leads nowhere.

    Example:
        >>> value_at({"meta": {"rows": 3}}, "meta.rows")
        3
        >>> value_at({"meta": {"rows": 3}}, "meta.title.en") is None
        True
    """
    for name in path.split(".") if path else []:
        if not isinstance(content, Mapping):
            return None
        content = content.get(name)
    return content
