"""The words of reports that a reader may stumble over: data/catalogue/glossary.yml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import Field

from analysis.errors import CatalogueError
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder, shown


class Term(Declared):
    """A term in plain words.

    Attributes:
        also: other forms under which it stands in text.
        meaning: one or two sentences.
        source: where an official definition stands; blank where there is none.
    """

    also: list[str] = Field(default_factory=list)
    meaning: str = Field(min_length=1)
    source: str


@cache
def load_glossary() -> Mapping[str, Term]:
    """Return every term by its name.

    Raises:
        CatalogueError: the file breaks its contract, or one form belongs to two terms.
    """
    path = data_folder() / "catalogue" / "glossary.yml"
    terms = load_declared(path, dict[str, Term])
    owners: dict[str, str] = {}
    for name, term in terms.items():
        for form in (name, *term.also):
            other = owners.setdefault(form.casefold(), name)
            if other != name:
                raise CatalogueError(f"{shown(path)}: {form!r} is a form of both {other!r} and {name!r}.")
    return terms
