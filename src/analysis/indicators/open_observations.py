"""Official tables as observations: every indicator that a table holds, for every area and year, in one compact table.

The compact table keeps texts as numbered names, so that hundreds of thousands of rows are read in a moment;
``open_figures`` turns the few that are asked for into rows of the observation table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analysis.indicators.definitions import Indicator, PublishedIn
from analysis.sources.open_data import MARKS, STATUS_OF_MARK, Coded, Floats, Ints, Numbers, OpenTable, cell_column
from analysis.vocabulary import STATUSES, TOTAL, WORKED_OUT

#: Columns of the compact table, beside numerator, denominator, value, precision, printed, line and base_line.
NAMES = (
    "indicator", "area_code", "period", "breakdown_topic", "breakdown", "status", "mark", "source", "table", "file",
    "cell", "own", "parts", "base_column", "base_source", "hidden",
)  # fmt: skip
#: What ``hidden`` names where it is the denominator.
BASE = "denominator"
_STATUS_NAMES = [*STATUSES, WORKED_OUT]
_STATUS_OF_MARK = np.array([STATUSES.index(status) for status in STATUS_OF_MARK], dtype=np.int32)
_REPORTED, _WORKED_OUT = STATUSES.index("reported"), len(STATUSES)
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class _Base:
    """What a numerator is taken out of: one number a row, and where it stands."""

    value: Floats
    mark: Ints
    line: Ints
    column: str
    source: str
    there: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Batch:
    """Figures of one indicator from one table, column by column."""

    texts: dict[str, Coded]
    numbers: dict[str, npt.NDArray[Any]]

    def only(self, rows: npt.NDArray[np.bool_]) -> _Batch:
        texts = {name: Coded(coded.codes[rows], coded.names) for name, coded in self.texts.items()}
        return _Batch(texts, {name: column[rows] for name, column in self.numbers.items()})


def open_observations(tables: Sequence[OpenTable], indicators: Iterable[Indicator]) -> pa.Table:
    """Return every figure that official tables hold, one row each, as a compact table.

    Args:
        tables: tables of any releases, each table of a release once.
        indicators: definitions that say where they are published.

    Returns:
        A table with NAMES as numbered names, ``numerator``, ``denominator``, ``value`` (missing where there is none),
        ``precision``, ``printed`` (decimals that the cell shows), ``line`` and ``base_line`` (where the denominator
        stands, 0 for the same line or none). ``own`` is the column that holds the value, blank where the release
        prints none and it is worked out from ``parts`` and the denominator; ``hidden`` then names the first of these
        without a number. Where the denominator stands in a row or file that is not there, there is nothing to work out.
    """
    populations = [table for table in tables if table.file.table == "population"]
    by_release: dict[str, dict[str, OpenTable]] = {}
    for table in tables:
        by_release.setdefault(table.file.release.id, {})[table.file.table] = table
    batches = [
        batch
        for held in by_release.values()
        for indicator in indicators
        for place in _places(indicator, held)
        for batch in _observe(indicator, place, held[place.table], populations)
    ]
    return _joined(batches)


def _places(indicator: Indicator, held: dict[str, OpenTable]) -> list[PublishedIn]:
    """The first place that a release has for the figure of all, and the first for each way of breaking it down."""
    found: dict[tuple[str, str], PublishedIn] = {}
    for place in indicator.published:
        if place.table in held and _has_columns(place, held[place.table]):
            found.setdefault((place.topic, str(place.where.get("topic", ""))), place)
    return list(found.values())


def _has_columns(place: PublishedIn, table: OpenTable) -> bool:
    needed = [*place.numerator, place.denominator, *(group.numerator for group in place.groups.values())]
    # A share or rate that this release does not print is worked out, if its parts are there.
    needed += [] if place.numerator or place.groups else [place.value]
    return all(name in table.numbers for name in needed if name)


def _observe(
    indicator: Indicator, place: PublishedIn, table: OpenTable, populations: Sequence[OpenTable]
) -> Iterable[_Batch]:
    rows = _rows(place, table)
    if not len(rows):
        return
    base = _base(place, table, rows, populations)
    for name, group in _groups(place).items():
        topics, names = _breakdown(place, table, rows, name)
        yield _batch(indicator, table, rows, group, base, topics, names)


def _groups(place: PublishedIn) -> dict[str, tuple[list[str], str]]:
    """For each group that stands in columns of its own, else for all: the columns of the numerator, that of the value."""
    if place.groups:
        return {name: ([group.numerator], group.value) for name, group in place.groups.items()}
    return {"": (place.numerator, place.value)}


def _rows(place: PublishedIn, table: OpenTable) -> Rows:
    keep = np.ones(len(table.line), dtype=bool)
    for name, wanted in place.where.items():
        keep &= _is(table.filters[name], wanted)
    if place.group:
        keep &= ~_is(table.filters[place.group], TOTAL)
    return np.flatnonzero(keep)


def _is(column: Coded, name: str) -> npt.NDArray[np.bool_]:
    if name not in column.names:
        return np.zeros(len(column.codes), dtype=bool)
    marked: npt.NDArray[np.bool_] = column.codes == column.names.index(name)
    return marked


def _breakdown(place: PublishedIn, table: OpenTable, rows: Rows, name: str) -> tuple[Coded, Coded]:
    if place.groups:
        return _one(place.topic, len(rows)), _one(name, len(rows))
    if place.group:
        return _topics(place, table, rows), _of(table.filters[place.group], rows)
    return _one(TOTAL, len(rows)), _one(TOTAL, len(rows))


def _topics(place: PublishedIn, table: OpenTable, rows: Rows) -> Coded:
    if place.topic in table.filters:
        return _of(table.filters[place.topic], rows)
    return _one(place.topic or place.where["topic"], len(rows))


def _one(name: str, rows: int) -> Coded:
    # One number seen as many: nothing is written for a column that says the same in every row.
    return Coded(np.broadcast_to(np.int32(0), rows), [name])


def _of(column: Coded, rows: Rows) -> Coded:
    return Coded(column.codes[rows], column.names)


def _base(place: PublishedIn, table: OpenTable, rows: Rows, populations: Sequence[OpenTable]) -> _Base | None:
    if place.of_population and not place.denominator:
        return _population(table, rows, populations)
    if not place.denominator:
        return None
    numbers = table.numbers[place.denominator]
    printed = table.file.printed(place.denominator)
    if not place.denominator_where:
        here = np.ones(len(rows), dtype=bool)
        return _Base(numbers.value[rows], _marks(numbers)[rows], np.zeros(len(rows), np.int32), printed, "", here)
    at = _matching_rows(place, table, rows)
    return _taken(numbers, table.line, at, printed, "")


def _matching_rows(place: PublishedIn, table: OpenTable, rows: Rows) -> Rows:
    """For each row, the row of the same area, period and labels that has the other labels; -1 where there is none."""
    shared = [column for name, column in table.filters.items() if name not in place.denominator_where]
    key = _key([table.area, table.period, *shared])
    whole = np.ones(len(key), dtype=bool)
    for name, wanted in place.denominator_where.items():
        whole &= _is(table.filters[name], wanted)
    return _look_up(key[rows], key, np.flatnonzero(whole))


def _key(columns: Sequence[Coded]) -> npt.NDArray[np.int64]:
    key = np.zeros(len(columns[0].codes), dtype=np.int64)
    for column in columns:
        key = key * (len(column.names) + 1) + column.codes
    return key


def _look_up(wanted: npt.NDArray[np.int64], keys: npt.NDArray[np.int64], candidates: Rows) -> Rows:
    if not len(candidates):
        return np.full(len(wanted), -1)
    order = candidates[np.argsort(keys[candidates], kind="stable")]
    at = np.minimum(np.searchsorted(keys[order], wanted), len(order) - 1)
    found = order[at]
    return np.where(keys[found] == wanted, found, -1)


def _taken(numbers: Numbers, line: Ints, at: Rows, printed: str, source: str) -> _Base:
    there = at >= 0
    value = np.where(there, numbers.value[at], np.nan)
    mark = np.where(there, _marks(numbers)[at], MARKS.index("x"))
    return _Base(value, mark.astype(np.int32), np.where(there, line[at], 0).astype(np.int32), printed, source, there)


def _population(table: OpenTable, rows: Rows, populations: Sequence[OpenTable]) -> _Base | None:
    """The number of children at the mid-year before each year ended, of the same year's release where it is there."""
    if not populations:
        return None
    year = table.file.release.year
    chosen = min(populations, key=lambda item: (abs(item.file.release.year - year), -item.file.release.year))
    numbers = chosen.numbers["population"]
    area = {name: place for place, name in enumerate(chosen.area.names)}
    period = {name: place for place, name in enumerate(chosen.period.names)}
    areas = np.array([area.get(name, -1) for name in table.area.names])[table.area.codes[rows]]
    periods = np.array([period.get(_mid_year(name), -1) for name in table.period.names])[table.period.codes[rows]]
    size = len(chosen.period.names)
    keys = chosen.area.codes.astype(np.int64) * size + chosen.period.codes
    wanted = np.where((areas < 0) | (periods < 0), -1, areas * size + periods)
    at = _look_up(wanted, keys, np.arange(len(keys)))
    return _taken(numbers, chosen.line, at, chosen.file.printed("population"), chosen.file.release.id)


def _mid_year(label: str) -> str:
    """The mid-year before the end of a financial year: 2024-06-30 for 2024-25."""
    return f"{label[:4]}-06-30"


def _marks(numbers: Numbers) -> Ints:
    return numbers.mark.astype(np.int32)


def _batch(
    indicator: Indicator, table: OpenTable, rows: Rows, group: tuple[list[str], str], base: _Base | None,
    topics: Coded, names: Coded,
) -> _Batch:  # fmt: skip
    parts, column = group
    numerator = sum((table.numbers[name].value[rows] for name in parts), np.zeros(len(rows))) if parts else None
    missing = np.full(len(rows), np.nan)
    denominator = base.value if base else missing
    names_of_parts = [table.file.printed(name) for name in parts]
    own = table.file.printed(column) if column in table.numbers else ""
    hidden = _one("", len(rows))
    if own:
        numbers = table.numbers[column]
        value, mark, decimals = numbers.value[rows], _marks(numbers)[rows], numbers.decimals[rows]
        status, printed, cells = _STATUS_OF_MARK[mark], numbers.printed[rows], [own]
    else:
        value, mark, missing_at = _worked_out(indicator, table, rows, parts, numerator, base)
        status = np.where(mark < 0, _WORKED_OUT, _STATUS_OF_MARK[mark])
        decimals, printed = np.full(len(rows), indicator.decimals, np.int8), np.zeros(len(rows), np.int8)
        hidden, cells = Coded(missing_at, ["", *names_of_parts, BASE]), names_of_parts
    texts = {
        "indicator": _one(indicator.id, len(rows)),
        "area_code": _of(table.area, rows),
        "period": _of(table.period, rows),
        "breakdown_topic": topics,
        "breakdown": names,
        "status": Coded(status.astype(np.int32), _STATUS_NAMES),
        "mark": Coded(np.where(mark < 0, len(MARKS), mark).astype(np.int32), [*MARKS, "number"]),
        "source": _one(table.file.release.id, len(rows)),
        "table": _one(table.file.table, len(rows)),
        "file": _one(table.file.name, len(rows)),
        "cell": _one(" ".join(cell_column(table.file.header, name) for name in cells), len(rows)),
        "own": _one(own, len(rows)),
        "parts": _one(" + ".join(names_of_parts), len(rows)),
        "base_column": _one(base.column if base else "", len(rows)),
        "base_source": _one(base.source if base else "", len(rows)),
        "hidden": hidden,
    }
    figures = {
        "numerator": missing if numerator is None else numerator,
        "denominator": denominator,
        "value": value,
        "precision": decimals,
        "printed": printed,
        "line": table.line[rows],
        "base_line": base.line if base else np.zeros(len(rows), np.int32),
    }
    batch = _Batch(texts, figures)
    return batch if own else batch.only(base.there if base else np.zeros(len(rows), dtype=bool))


def _worked_out(
    indicator: Indicator, table: OpenTable, rows: Rows, parts: list[str], numerator: Floats | None, base: _Base | None
) -> tuple[Floats, Ints, Ints]:
    """A value that is not printed, from its parts; else the mark of the first that has no number, and which that is."""
    nothing, nowhere = np.full(len(rows), np.nan), np.zeros(len(rows), np.int32)
    if numerator is None or base is None:
        return nothing, np.full(len(rows), MARKS.index("x"), np.int32), nowhere
    mark, missing_at = base.mark, np.where(base.mark >= 0, len(parts) + 1, 0)
    for place, name in reversed(list(enumerate(parts, start=1))):
        own = _marks(table.numbers[name])[rows]
        mark, missing_at = np.where(own >= 0, own, mark), np.where(own >= 0, place, missing_at)
    none_at_all = (mark < 0) & (base.value == 0)
    mark = np.where(none_at_all, MARKS.index("z"), mark).astype(np.int32)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = indicator.multiplier * numerator / base.value
    return np.where(mark < 0, value, np.nan), mark, missing_at.astype(np.int32)


def _joined(batches: Sequence[_Batch]) -> pa.Table:
    """All batches below one another, each column of names with one list of names."""
    if not batches:
        return _empty()
    sizes = [len(batch.numbers["value"]) for batch in batches]
    ends = np.cumsum(sizes)
    places = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    columns = {name: _joined_names([batch.texts[name] for batch in batches], places) for name in NAMES}
    for name in batches[0].numbers:
        columns[name] = pa.array(np.concatenate([batch.numbers[name] for batch in batches]))
    return pa.table(columns)


def _joined_names(parts: Sequence[Coded], places: Sequence[slice]) -> pa.DictionaryArray:
    """Columns of names below one another, with one list of names for all."""
    codes = np.empty(places[-1].stop, dtype=np.int32)
    known: dict[str, int] = {}
    for part, place in zip(parts, places, strict=True):
        own = [known.setdefault(text, len(known)) for text in part.names]
        codes[place] = own[0] if len(own) == 1 else np.array(own, dtype=np.int32)[part.codes]
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(known)))


def _empty() -> pa.Table:
    text = pa.dictionary(pa.int32(), pa.string())
    numbers = {"numerator": pa.float64(), "denominator": pa.float64(), "value": pa.float64(), "precision": pa.int8(), "printed": pa.int8(),
               "line": pa.int32(), "base_line": pa.int32()}  # fmt: skip
    return pa.schema([(name, text) for name in NAMES] + list(numbers.items())).empty_table()
