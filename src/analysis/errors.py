"""Errors written for the person who meets them, one class and one exit code for each family.

Every message says what was asked, what was found, what was expected and what to do.
The command line prints the message and ends with the family's exit code; no traceback is shown.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


class AnalysisError(Exception):
    """An error that a person can act on. Its text is the whole message.

    Raise one of the subclasses: each is a family with an exit code of its own.
    """

    exit_code: ClassVar[int] = 70


class NotebookFailedError(AnalysisError):
    """A notebook stopped at a cell. The message names notebook, heading and error."""

    exit_code: ClassVar[int] = 1


class UnknownNameError(AnalysisError, LookupError):
    """Something asked for is not known: an area, year, indicator, source, notebook or parameter."""

    exit_code: ClassVar[int] = 3


class DataError(AnalysisError, ValueError):
    """A data file does not hold what its contract promises."""

    exit_code: ClassVar[int] = 4


class CatalogueError(AnalysisError, ValueError):
    """A definition, source entry or caveat in the catalogue cannot be used."""

    exit_code: ClassVar[int] = 5


class OutputError(AnalysisError, OSError):
    """An output cannot be written. What stood there before still stands."""

    exit_code: ClassVar[int] = 6


class StatisticError(AnalysisError, ValueError):
    """A statistic was asked of numbers it is not defined for."""

    exit_code: ClassVar[int] = 7


class FetchError(AnalysisError):
    """Files of a release could not be fetched. What was fetched before is whole; the rest is listed, to be had by hand."""

    exit_code: ClassVar[int] = 8


class StoppedError(AnalysisError):
    """Somebody stopped the run. What was finished is whole, and listed."""

    exit_code: ClassVar[int] = 130


def nearest(name: str, legal: Iterable[str], *, count: int = 3) -> list[str]:
    """Return the legal names closest in spelling to ``name``, best first.

    Args:
        name: what was asked for, in any case.
        legal: the names that exist.
        count: how many to offer at the most.

    Example:
        >>> nearest("Notingham", ["Nottingham", "Nottinghamshire", "Derby"])
        ['Nottingham', 'Nottinghamshire']
    """
    by_folded = {item.casefold(): item for item in legal}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=count, cutoff=0.6)
    return [by_folded[item] for item in found]


def did_you_mean(name: str, legal: Iterable[str]) -> str:
    """Return a sentence that offers the nearest legal names, or lists the legal ones where none is near.

    Example:
        >>> did_you_mean("rat", ["rate", "count"])
        'Did you mean rate?'
        >>> did_you_mean("xyz", ["rate", "count"])
        'It can be: rate, count.'
    """
    names = list(legal)
    close = nearest(name, names)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"It can be: {', '.join(names)}."
