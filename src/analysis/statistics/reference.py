"""The reference runner: our statistics beside the answers of other people's programs, file by file.

A file is known by its name and its columns. Names begin with a word that says where the answers come from
(published, oracle, derived, heldout or any other) and end with the kind: ``oracle_phe_rate`` holds rates.
Nothing here reads a file: the caller does, and hands over tables. See :mod:`reference_items` on how to read
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.inputs import Bools, Floats
from analysis.statistics.reference_items import (
    TOLERANCE,
    Cases,
    Companions,
    Excluded,
    Figures,
    Item,
    Labels,
    Refusals,
)
from analysis.statistics.reference_kinds import ELSEWHERE, INPUTS, KINDS, Kind

# A relative error is told of numbers that are not themselves next to nothing.
_TELLING = 1e-6
_SHOWN = 5


@dataclass(frozen=True)
class ReferenceResult:
    """What the comparison of one file came to.

    Attributes:
        name: the file's name.
        kind: what it holds; None where it is not known.
        status: "passed", "failed" or "skipped".
        cases: how many cases (rates, series, tables) were computed.
        compared: how many numbers and labels were compared.
        refused: how many bad inputs were refused, as expected.
        largest_relative_error: over all numbers that are not next to nothing (1e-6).
        largest_absolute_error: over all numbers.
        mismatched_figures: numbers that differ by more than the tolerance.
        mismatched_labels: words that differ, and bad input that was accepted.
        tolerance: relative.
        precision: where expected answers are printed to few digits, how they were compared; otherwise empty.
        excluded: how many numbers or rows were not compared.
        notes: why they were not, or why the file was skipped.
        failures: the first few mismatches, in words.
    """

    name: str
    kind: str | None
    status: str
    cases: int = 0
    compared: int = 0
    refused: int = 0
    largest_relative_error: float = 0.0
    largest_absolute_error: float = 0.0
    mismatched_figures: int = 0
    mismatched_labels: int = 0
    tolerance: float = TOLERANCE
    precision: str = ""
    excluded: int = 0
    notes: tuple[str, ...] = ()
    failures: tuple[str, ...] = field(default=(), repr=False)


def kind_of(name: str, *, extra: Mapping[str, Kind] = MappingProxyType({})) -> str | None:
    """Return the kind of file that a name ends with, the longest where several fit.

    Example:
        >>> kind_of("heldout_r_prop_trend.csv"), kind_of("oracle_trend"), kind_of("trends")
        ('r_prop_trend', 'trend', None)
    """
    stem = f"_{PurePath(name).name.removesuffix('.csv')}"
    fitting = [kind for kind in (*extra, *KINDS, *INPUTS, *ELSEWHERE) if stem.endswith(f"_{kind}")]
    return max(fitting, key=len, default=None)


def run_reference(
    name: str,
    frame: pd.DataFrame,
    companions: Companions | None = None,
    *,
    extra: Mapping[str, Kind] = MappingProxyType({}),
) -> ReferenceResult:
    """Compare our statistics with the expected answers of one reference file.

    Args:
        name: the file's name, such as ``oracle_phe_rate.csv``.
        frame: its table, with typed columns or as text. Read with ``keep_default_na=False`` where the word
            None is a name (phe_quantile); blank, NA and NaN mean missing.
        companions: the other tables of the folder by file name; inputs of some kinds stand in files of their
            own.
        extra: kinds that are checked in another layer, such as disclosure control.

    Returns:
        The result; a file of an unknown kind, or one that lacks columns of its kind, is skipped, and says
        why.

    Example:
        >>> table = pd.DataFrame({"count": [5], "population": [100], "multiplier": [100], "confidence": [0.95],
        ...                       "expected_value": [5], "expected_lower": [1.62348639011842],
        ...                       "expected_upper": [11.668332079322669], "expected_method": ["Exact"]})
        >>> result = run_reference("mine_phe_rate.csv", table)
        >>> result.status, result.cases, result.compared
        ('passed', 1, 4)
    """
    kind = kind_of(name, extra=extra)
    known = {**KINDS, **extra}
    skipped = _reason_to_skip(kind, frame, known)
    if kind is None or skipped:
        return ReferenceResult(name, kind, "skipped", notes=(skipped,))
    items: list[Item] = []
    stopped = ""
    try:
        items.extend(known[kind].check(frame.reset_index(drop=True), _nearest(companions or {}, name, kind)))
    except (StatisticError, ValueError, LookupError, ArithmeticError) as error:
        # A file that cannot be computed has failed, whatever stopped it; it is never passed over.
        stopped = f"stopped: {type(error).__name__}: {error}"
    return _result(name, kind, known[kind], items, stopped)


def _nearest(companions: Companions, name: str, kind: str) -> Companions:
    # Inputs of the same origin first: oracle_phe_mean goes with oracle_phe_mean_input.
    origin = PurePath(name).name.removesuffix(".csv").removesuffix(kind)
    return dict(sorted(companions.items(), key=lambda pair: not PurePath(pair[0]).name.startswith(origin)))


def _reason_to_skip(kind: str | None, frame: pd.DataFrame, known: Mapping[str, Kind]) -> str:
    if kind is None:
        return "the name does not end with a kind that is known"
    if kind in INPUTS:
        return "input of another file"
    if kind in ELSEWHERE and kind not in known:
        return ELSEWHERE[kind]
    absent = [column for column in known[kind].columns if column not in frame.columns]
    return f"lacks columns of its kind: {', '.join(absent)}" if absent else ""


def _result(name: str, kind: str, declared: Kind, items: list[Item], stopped: str) -> ReferenceResult:
    figures = [item for item in items if isinstance(item, Figures)]
    labels = [item for item in items if isinstance(item, Labels)]
    refusals = [item for item in items if isinstance(item, Refusals)]
    excluded = [item for item in items if isinstance(item, Excluded) and item.count]
    wrong = [(item, _differ(item)) for item in figures]
    off = [(item, _unlike(item)) for item in labels]
    accepted = tuple(text for item in refusals for text in item.accepted)
    mismatched_figures = sum(int(bad.sum()) for _, bad in wrong)
    mismatched_labels = sum(map(len, (unlike for _, unlike in off))) + len(accepted)
    cases = sum(item.count for item in items if isinstance(item, Cases))
    refused = sum(item.refused for item in refusals)
    compared = sum(len(item.expected) for item in figures) + sum(len(item.expected) for item in labels)
    compared += refused + len(accepted)
    agreed = mismatched_figures + mismatched_labels == 0 and not stopped
    return ReferenceResult(
        name,
        kind,
        ("passed" if compared else "skipped") if agreed else "failed",
        cases=cases,
        compared=compared,
        refused=refused,
        largest_relative_error=max((_relative(item) for item in figures), default=0.0),
        largest_absolute_error=max((_absolute(item) for item in figures), default=0.0),
        mismatched_figures=mismatched_figures,
        mismatched_labels=mismatched_labels,
        tolerance=declared.tolerance,
        precision=declared.precision,
        excluded=sum(item.count for item in excluded),
        notes=_notes(excluded),
        failures=(
            *([stopped] if stopped else []),
            *_told(wrong),
            *(line for _, lines in off for line in lines),
            *accepted,
        )[:_SHOWN],
    )


def _notes(excluded: list[Excluded]) -> tuple[str, ...]:
    counted: dict[str, int] = {}
    for item in excluded:
        counted[item.reason] = counted.get(item.reason, 0) + item.count
    return tuple(f"{count} not compared: {reason}" for reason, count in counted.items())


def _differ(item: Figures) -> Bools:
    if item.found.shape != item.expected.shape:
        return np.ones(max(item.found.size, item.expected.size), dtype=np.bool_)
    both = np.isnan(item.found) & np.isnan(item.expected)
    same = item.found == item.expected
    with np.errstate(invalid="ignore"):
        close = np.abs(item.found - item.expected) <= item.near_zero + item.tolerance * np.abs(item.expected)
    return np.asarray(~(both | same | close), dtype=np.bool_)


def _gaps(item: Figures) -> Floats:
    if item.found.shape != item.expected.shape:
        return np.array([np.inf])
    known = np.isfinite(item.found) & np.isfinite(item.expected)
    return np.abs(item.found - item.expected)[known]


def _absolute(item: Figures) -> float:
    return float(_gaps(item).max(initial=0.0))


def _relative(item: Figures) -> float:
    if item.found.shape != item.expected.shape:
        return np.inf
    known = np.isfinite(item.found) & np.isfinite(item.expected)
    size = np.abs(item.expected[known])
    telling = size > _TELLING
    return float((_gaps(item)[telling] / size[telling]).max(initial=0.0))


def _unlike(item: Labels) -> list[str]:
    if len(item.found) != len(item.expected):
        return [f"{item.what}: {len(item.found)} labels instead of {len(item.expected)}"]
    return [
        f"{item.what}: found {ours!r}, expected {theirs!r}"
        for ours, theirs in zip(item.found, item.expected, strict=True)
        if ours != theirs
    ]


def _told(wrong: list[tuple[Figures, Bools]]) -> list[str]:
    lines = []
    for item, bad in wrong:
        if item.found.shape != item.expected.shape:
            lines.append(f"{item.what}: {item.found.size} numbers instead of {item.expected.size}")
            continue
        lines += [
            f"{item.what}: found {ours:.17g}, expected {theirs:.17g}"
            for ours, theirs in zip(item.found[bad], item.expected[bad], strict=True)
        ]
    return lines
