"""A table as it is shown, as typed columns: the numbers of a workbook are the numbers of the page.

Exact rows stand in the file of rows; here a number is what a reader sees, as a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.present.formatting import MINUS
from analysis.vocabulary import STATUS_WORDS

#: Shorthand for a value that is missing, and what it means; the Government Analysis Function's where it has one.
SYMBOLS = {
    "[c]": "hidden to protect children",
    "[z]": "not applicable, or nothing to say here",
    "[x]": "not available, or not held",
    "[low]": "rounds to nothing but is not nothing",
    "[u]": "of low reliability",
    "[nr]": "the source says that it was not recorded",
    "[b]": "the source leaves the cell empty",
}
_MISSING = {
    STATUS_WORDS["suppressed"]: "[c]",
    STATUS_WORDS["not_applicable"]: "[z]",
    STATUS_WORDS["not_available"]: "[x]",
    STATUS_WORDS["rounds_to_zero"]: "[low]",
    STATUS_WORDS["low_reliability"]: "[u]",
    STATUS_WORDS["not_recorded"]: "[nr]",
    STATUS_WORDS["blank_in_source"]: "[b]",
    STATUS_WORDS["no_longer_shown"]: "[c]",
    "not held": "[x]",
    "\N{EN DASH}": "[z]",
    "": "[z]",
}
_NUMBER = re.compile(rf"([+{MINUS}]?)(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?(%?)")
#: What a spreadsheet takes for the beginning of a formula.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Shown:
    """A number as it is shown.

    Attributes:
        value: the number.
        decimals: how many decimals are shown.
        is_percentage: whether it has a % sign.
    """

    value: float
    decimals: int
    is_percentage: bool = False


Cell = Shown | str


@dataclass(frozen=True)
class Sheet:
    """A table in typed columns.

    Attributes:
        headings: unique; those of numbers name their unit.
        rows: a number or a text for each heading.
        symbols: the shorthands that stand in it, in the order of ``SYMBOLS``.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    symbols: tuple[str, ...]


def sheet_of(table: Mapping[str, Any]) -> Sheet:
    """Return a table as shown in typed columns; a column of intervals becomes two.

    Args:
        table: ``headings``, ``kinds`` (text, period, number, figures) and ``cells`` (texts, row by row).

    Example:
        >>> sheet_of({"headings": ["Who", "Per cent", "95% interval"], "kinds": ["text", "number", "number"],
        ...           "cells": [["Leeds", "31.7%", "28.0% to 35.6%"]]}).headings
        ('Who', 'Per cent', '95% interval: lower limit (%)', '95% interval: upper limit (%)')
    """
    headings: list[str] = []
    columns: list[list[Cell]] = []
    for place, (heading, kind) in enumerate(zip(table["headings"], table["kinds"], strict=True)):
        for name, cells in _typed(str(heading), kind, [row[place] for row in table["cells"]]):
            headings.append(_unique(name, headings))
            columns.append(cells)
    rows = tuple(tuple(column[place] for column in columns) for place in range(len(table["cells"])))
    there = {cell for row in rows for cell in row if isinstance(cell, str)}
    return Sheet(tuple(headings), rows, tuple(symbol for symbol in SYMBOLS if symbol in there))


def parse_shown(text: str) -> Shown | None:
    """Return the number that a text shows, or None where it shows none: the inverse of ``formatting.number``.

    Example:
        >>> parse_shown("1,234"), parse_shown("31.7%"), parse_shown("about 5")
        (Shown(value=1234.0, decimals=0, is_percentage=False), Shown(value=31.7, decimals=1, is_percentage=True), None)
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    sign, whole, decimals, percent = match.groups(default="")
    value = float(whole.replace(",", "") + decimals)
    return Shown(-value if sign == MINUS else value, max(0, len(decimals) - 1), bool(percent))


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that would begin like one gets an apostrophe before it.

    Example:
        >>> safe_text("=1+1"), safe_text("Leeds")
        ("'=1+1", 'Leeds')
    """
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def csv_of(rows: pd.DataFrame) -> str:
    """Return rows as CSV in which no text begins a formula; numbers stay as they are.

    Example:
        >>> csv_of(pd.DataFrame({"quote": ["=A1"], "value": [-1.5]}))
        "quote,value\\n'=A1,-1.5\\n"
    """
    texts = rows.select_dtypes(exclude=["number", "bool"]).columns
    safe = rows.assign(**{name: [safe_text(x) if isinstance(x, str) else x for x in rows[name]] for name in texts})
    return safe.to_csv(index=False, lineterminator="\n")


def _typed(heading: str, kind: str, texts: Sequence[str]) -> list[tuple[str, list[Cell]]]:
    if kind == "number":
        ranges = [_range(text) for text in texts]
        if any(ranges) and all(found or text in _MISSING for found, text in zip(ranges, texts, strict=True)):
            return _two_columns(heading, ranges, texts)
        numbers = [parse_shown(text) for text in texts]
        if any(numbers) and all(found or text in _MISSING for found, text in zip(numbers, texts, strict=True)):
            return [(_with_unit(heading, numbers), _filled(numbers, texts))]
    return [(heading, [_MISSING.get(text) or safe_text(text) for text in texts])]


def _range(text: str) -> tuple[Shown, Shown] | None:
    low, to, high = text.partition(" to ")
    one, other = parse_shown(low), parse_shown(high)
    return (one, other) if to and one and other else None


def _two_columns(
    heading: str, ranges: Sequence[tuple[Shown, Shown] | None], texts: Sequence[str]
) -> list[tuple[str, list[Cell]]]:
    found: list[tuple[str, list[Cell]]] = []
    for place, words in enumerate(("lower limit", "upper limit")):
        ends = [pair[place] if pair else None for pair in ranges]
        found.append((_with_unit(f"{heading}: {words}", ends), _filled(ends, texts)))
    return found


def _filled(numbers: Sequence[Shown | None], texts: Sequence[str]) -> list[Cell]:
    return [found or _MISSING[text] for found, text in zip(numbers, texts, strict=True)]


def _with_unit(heading: str, numbers: Sequence[Shown | None]) -> str:
    is_percentage = any(found.is_percentage for found in numbers if found)
    return f"{heading} (%)" if is_percentage and heading != "Per cent" else heading


def _unique(name: str, taken: Sequence[str]) -> str:
    name = name.strip() or "Column"
    number, found = 2, name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found
