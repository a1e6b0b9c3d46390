"""What a check of one reference file hands back, and how the cells of such a file are read.

The caller reads the files, as text or with types, and with ``keep_default_na=False`` where it can: one file
holds the word None as a name. Blank, NA and NaN all mean missing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.statistics.inputs import Floats

TOLERANCE = 1e-9
# Regressions are found by iteration, upstream and here.
FITTED = 1e-6
# The reference finds these by bisection.
BISECTED = 5e-5
# Differences below this are taken for 0 whatever they are relative to.
NEAR_ZERO = 1e-12
METHODS = {"Exact": "exact Poisson", "Byars": "Byar", "Wilson": "Wilson"}
_MISSING = frozenset({"", "NA", "NaN", "nan", "None", "<NA>"})


@dataclass(frozen=True)
class Figures:
    """Numbers of ours beside the expected ones; they agree within near_zero + tolerance * |expected|."""

    what: str
    found: Floats
    expected: Floats
    tolerance: float = TOLERANCE
    near_zero: float = NEAR_ZERO


@dataclass(frozen=True)
class Labels:
    """Words of ours beside the expected ones."""

    what: str
    found: tuple[str, ...]
    expected: tuple[str, ...]


@dataclass(frozen=True)
class Refusals:
    """Calls that have to be refused: how many were, and which were not."""

    refused: int
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Excluded:
    """Cells or rows that were not compared, and why."""

    count: int
    reason: str


@dataclass(frozen=True)
class Cases:
    """How many cases of this file were computed."""

    count: int


Item = Figures | Labels | Refusals | Excluded | Cases
Companions = Mapping[str, pd.DataFrame]
Check = Callable[[pd.DataFrame, Companions], Iterator[Item]]


def figures(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column as numbers, missing as NaN.

    Example:
        >>> figures(pd.DataFrame({"x": ["1.5", "", "NA"]}), "x")
        array([1.5, nan, nan])
    """
    cells = [np.nan if _is_missing(cell) else float(cell) for cell in frame[column]]
    return np.array(cells, dtype=np.float64)


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column as text, missing as an empty one. The word None is kept, because it is a name
    somewhere.

    Example:
        >>> texts(pd.DataFrame({"x": ["None", None]}), "x")
        ['None', '']
    """
    return ["" if pd.isna(cell) else str(cell) for cell in frame[column]]


def truths(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column of truth values as "true", "false" or, missing, an empty text.

    Example:
        >>> truths(pd.DataFrame({"x": ["TRUE", False, "1", ""]}), "x")
        ['true', 'false', 'true', '']
    """
    known = {"true": "true", "1": "true", "1.0": "true", "false": "false", "0": "false", "0.0": "false"}
    return [known.get(cell.casefold(), "") for cell in texts(frame, column)]


def vector(cell: object) -> Floats:
    """Return the numbers of one cell, which a bar or a space separates.

    Example:
        >>> vector("6|2|NA")
        array([ 6.,  2., nan])
    """
    pieces = str(cell).replace("|", " ").split()
    return np.array([np.nan if piece in _MISSING else float(piece) for piece in pieces], dtype=np.float64)


def companion(companions: Companions, name: str, *, column: str = "") -> pd.DataFrame | None:
    """Return the first file whose name ends in ``name``, whatever it begins with, and that has ``column``.

    Example:
        >>> companion({"oracle_phe_mean_input.csv": pd.DataFrame({"a": [1]})}, "phe_mean_input") is None
        False
    """
    for key, frame in companions.items():
        named = f"_{key.removesuffix('.csv')}".endswith(f"_{name}")
        if named and (not column or column in frame.columns):
            return frame
    return None


def decimals(cell: object) -> int:
    """Return how many decimals a printed number shows; 54 and 54.0 show none.

    Example:
        >>> decimals("0.0381"), decimals(54.0)
        (4, 0)
    """
    text = str(cell)
    return len(text.partition(".")[2]) if not text.endswith(".0") else 0


def pairs_of(found: pd.DataFrame, expected: pd.DataFrame, columns: Mapping[str, str]) -> Iterator[Figures]:
    """Yield our columns beside the expected ones.

    Example:
        >>> table = pd.DataFrame({"value": [1.0], "expected_value": ["1"]})
        >>> [item.what for item in pairs_of(table, table, {"value": "expected_value"})]
        ['value']
    """
    for ours, theirs in columns.items():
        yield Figures(ours, figures(found, ours), figures(expected, theirs))


def labels_of(found: pd.Series | list[str | None] | npt.NDArray[np.object_]) -> tuple[str, ...]:
    """Return our words as text, missing as an empty one.

    Example:
        >>> labels_of(pd.Series(["Byar", None], dtype="str"))
        ('Byar', '')
    """
    return tuple("" if pd.isna(word) else str(word) for word in found)


def _is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, str) and cell.strip() in _MISSING)
