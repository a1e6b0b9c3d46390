"""Layouts and code lists of SSDA903 by collection year: a base, and for each later year only what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pydantic import Field

from analysis.sources.declared import Declared, load_declared, read_yaml
from analysis.sources.folders import data_folder


class Layout(Declared):
    """One file of a return.

    Attributes:
        is_a: what it is, in words.
        columns: those by which it is known, whatever its name.
        read: for each column of ours the column of the file.
    """

    is_a: str
    columns: list[str]
    read: dict[str, str]


class Change(Declared):
    """What a year changed in a code list."""

    add: list[str] = Field(default_factory=list)
    remove: list[str] = Field(default_factory=list)


class Layouts(Declared):
    """Files, and files that are recognised and not needed.

    Attributes:
        files: by table.
        not_needed: columns by which each is known.
        codes: for each column of ours the codes of the base year and what later years changed.
        disputed: codes on whose years public implementations disagree; they are never warned of.
    """

    files: dict[str, Layout]
    not_needed: dict[str, list[str]]
    codes: dict[str, object]
    disputed: dict[str, list[str]]


@cache
def load_layouts() -> Layouts:
    """Return the layouts of SSDA903.

    Raises:
        CatalogueError: data/catalogue/returns/ssda903.yml breaks its contract.
    """
    return load_declared(_path(), Layouts)


@cache
def codes_of(column: str, year: int) -> frozenset[str]:
    """Return the codes of a column that are valid in the collection that ended on 31 March of a year.

    Args:
        column: a column of ours, such as ``place``.
        year: the year in which the collection ended.

    Example:
        >>> "H5" in codes_of("place", 2024), "H5" in codes_of("place", 2026), "K3" in codes_of("place", 2025)
        (True, False, True)
    """
    lists: Mapping[object, object] = read_yaml(_path())["codes"][column]
    codes = set(_texts(lists["base"]))
    for later in sorted(key for key in lists if isinstance(key, int) and key <= year):
        change = Change.model_validate(lists[later])
        codes = (codes | set(change.add)) - set(change.remove)
    return frozenset(codes)


@cache
def all_codes(column: str) -> frozenset[str]:
    """Return the codes of a column that were valid in any year."""
    lists: Mapping[object, object] = read_yaml(_path())["codes"][column]
    added = [Change.model_validate(value).add for key, value in lists.items() if isinstance(key, int)]
    return frozenset([*_texts(lists["base"]), *(code for codes in added for code in codes)])


def coded_columns() -> list[str]:
    """Return the columns of ours that hold codes."""
    return [name for name in load_layouts().codes if name != "base"]


def recognise(columns: Iterable[str]) -> tuple[str, str]:
    """Return the table that a file holds by its columns, and what it is in words; both blank where it is not known.

    A file that is recognised and not needed has a name in words and no table.

    Args:
        columns: headings of the file; case and spaces around them do not matter.

    Example:
        >>> recognise(["CHILD", "DOB", "REVIEW", "REVIEW_CODE"])
        ('reviews', 'SSDA903 reviews')
        >>> recognise(["child", "sw_id", "sw_decom"]), recognise(["a", "b"])
        (('', 'SSDA903 social workers'), ('', ''))
    """
    given = {name.strip().upper() for name in columns}
    layouts = load_layouts()
    # The layout with most columns wins: the file of unaccompanied children has some of the header's columns.
    fits = [(len(item.columns), name) for name, item in layouts.files.items() if set(item.columns) <= given]
    if fits:
        table = max(fits)[1]
        return table, layouts.files[table].is_a
    others = [(len(known), name) for name, known in layouts.not_needed.items() if set(known) <= given]
    return "", max(others)[1] if others else ""


def nearest(columns: Iterable[str]) -> tuple[str, list[str]]:
    """Return what a file nearly is, of which it has more than half of the columns, and those that it has not; blank where it is near nothing.

    Args:
        columns: headings of the file.

    Example:
        >>> nearest(["CHILD_ID", "DOB", "REVIEW", "REVIEW_CODE"])
        ('SSDA903 reviews', ['CHILD'])
        >>> nearest(["a", "b"])
        ('', [])
    """
    given = {name.strip().upper() for name in columns}
    shares = {name: len(given & set(item.columns)) / len(item.columns) for name, item in load_layouts().files.items()}
    name = max(shares, key=lambda name: shares[name])
    layout = load_layouts().files[name]
    return (
        (layout.is_a, [column for column in layout.columns if column not in given]) if shares[name] > 0.5 else ("", [])
    )


def _texts(values: object) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else []


def _path() -> Path:
    return data_folder() / "catalogue" / "returns" / "ssda903.yml"
