"""Reading official files: every cell with its area, its period, its labels, and a value or the reason for none.

Text becomes numbers and statuses here and nowhere else. A file that holds something it should not is left out whole,
with every such cell named; a file that merely lacks an authority is read, and the lack is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import nearest
from analysis.sources.areas import ENGLAND, area_of_code, area_of_dfe_code, local_authorities
from analysis.sources.checks import Problem
from analysis.sources.open_files import GUIDE, OpenFile
from analysis.sources.releases import AREA_COLUMNS, PERIOD_COLUMN, SKIP, SYMBOLS
from analysis.vocabulary import Status

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

MOST_PROBLEMS = 20
BLANK = ""
#: What may stand in the place of a number, and the status that each means; the last is for a number itself.
MARKS = [*SYMBOLS, BLANK]
STATUS_OF_MARK: list[Status] = [*SYMBOLS.values(), "blank_in_source", "reported"]
_LEVELS = {"National", "Regional", "Local authority"}


@dataclass(frozen=True)
class Coded:
    """A column of names, each row as a number that points into a list.

    Attributes:
        codes: one a row.
        names: what the codes stand for.
    """

    codes: Ints
    names: list[str]


@dataclass(frozen=True)
class Numbers:
    """A column of numbers.

    Attributes:
        value: missing where the status says why.
        mark: what stands there instead, as a place in MARKS; -1 for a number.
        decimals: decimals that the column is printed with.
    """

    value: Floats
    mark: npt.NDArray[np.int8]
    decimals: npt.NDArray[np.int8]


@dataclass(frozen=True)
class OpenTable:
    """One table of one release, read.

    Attributes:
        file: where it came from.
        line: line in the file, as a spreadsheet numbers it.
        area: nine-character code of today.
        period: canonical period label.
        filters: our labels, by our name of the column.
        numbers: by our name of the column; a column that the release lacks is not there.
        missing: what one would expect to find in it and does not.
    """

    file: OpenFile
    line: Ints
    area: Coded
    period: Coded
    filters: dict[str, Coded]
    numbers: dict[str, Numbers]
    missing: tuple[Problem, ...]


def read_table(file: OpenFile) -> OpenTable | list[Problem]:
    """Return a table, or every problem that forbids to read it.

    Args:
        file: a file that is known to be a table of a release.
    """
    problems: list[Problem] = []
    area = _areas(file, problems)
    period = _periods(file, problems)
    filters = {name: _labels(file, name, problems) for name in file.kind.filters}
    numbers = {name: _numbers(file, name, problems) for name in file.kind.numbers if file.printed(name)}
    if problems:
        return problems[:MOST_PROBLEMS]
    line = np.arange(2, len(area.codes) + 2, dtype=np.int32)
    read = np.logical_and.reduce([column.codes >= 0 for column in (area, *filters.values())])
    twice = _twice(line, (period, area, *filters.values()), read)
    if twice:
        return twice
    if not read.all():
        line, area, period = line[read], _only(area, read), _only(period, read)
        filters = {name: _only(column, read) for name, column in filters.items()}
        numbers = {name: _only_numbers(column, read) for name, column in numbers.items()}
    return OpenTable(file, line, area, period, filters, numbers, _missing_authorities(file, area, period))


def cell_column(header: tuple[str, ...], printed: str) -> str:
    """Return the letters by which a spreadsheet names a column.

    Example:
        >>> cell_column(("time_period", "la_name", "number"), "number")
        'C'
    """
    place, letters = header.index(printed) + 1, ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _dictionary(file: OpenFile, printed: str) -> tuple[Ints, list[str]]:
    column = file.cells[printed].combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    return column.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), column.dictionary.to_pylist()


def _areas(file: OpenFile, problems: list[Problem]) -> Coded:
    """The area of each row; -1 for an area outside England."""
    own = file.printed("area_code")
    if own:
        return _areas_by_code(file, own, problems)
    level, levels = _dictionary(file, AREA_COLUMNS[0])
    region, regions = _dictionary(file, AREA_COLUMNS[1])
    number, dfe_numbers = _dictionary(file, AREA_COLUMNS[2])
    names: list[str] = [ENGLAND]
    of_region = _placed(regions, names, lambda text: text if area_of_code(text) else None)
    of_number = _placed(dfe_numbers, names, lambda text: found.code if (found := area_of_dfe_code(text)) else None)
    is_level = {name: level == levels.index(name) if name in levels else np.zeros(len(level), bool) for name in _LEVELS}
    unknown = ~np.logical_or.reduce(list(is_level.values()))
    codes = np.where(is_level["National"], 0, np.where(is_level["Regional"], of_region[region], of_number[number]))
    _report(
        problems,
        unknown,
        AREA_COLUMNS[0],
        lambda at: levels[level[at]],
        "National, Regional or Local authority",
        "Look at the file.",
    )
    known_level = ~unknown & (codes < 0)
    _report(
        problems, known_level, AREA_COLUMNS[2], lambda at: dfe_numbers[number[at]] or regions[region[at]],
        "an area of data/reference/areas.csv", "A new authority needs a row there.",
    )  # fmt: skip
    return Coded(codes.astype(np.int32), names)


def _areas_by_code(file: OpenFile, printed: str, problems: list[Problem]) -> Coded:
    code, codes = _dictionary(file, printed)
    names: list[str] = []
    placed = _placed(codes, names, lambda text: found.code if (found := area_of_code(text)) else None)
    english = np.array([text.startswith("E") for text in codes])
    of_row = placed[code]
    _report(problems, (of_row < 0) & english[code], printed, lambda at: codes[code[at]],
            "an area of data/reference/areas.csv", "A new authority needs a row there.")  # fmt: skip
    return Coded(of_row, names)


def _placed(texts: list[str], names: list[str], find: Callable[[str], str | None]) -> Ints:
    """The place in ``names`` of what each text stands for, added where it is new; -1 where it stands for nothing."""
    places = []
    for text in texts:
        name = find(text)
        if name is not None and name not in names:
            names.append(name)
        places.append(-1 if name is None else names.index(name))
    return np.array(places, dtype=np.int32)


def _periods(file: OpenFile, problems: list[Problem]) -> Coded:
    if file.kind.year == "census":
        return Coded(np.zeros(file.cells.num_rows, dtype=np.int32), ["2021-03-21"])
    year, years = _dictionary(file, PERIOD_COLUMN)
    labels = [_label(text, file.kind.year) for text in years]
    known = np.array([label is not None for label in labels])
    form = "a year such as 202122" if file.kind.year == "academic" else "a year such as 2025"
    _report(problems, ~known[year], PERIOD_COLUMN, lambda at: years[year[at]], form, "Look at the file.")
    return Coded(year, [label or "" for label in labels])


def _label(text: str, kind: str) -> str | None:
    """The canonical label of what the file calls a time_period."""
    if not text.isdigit() or len(text) != (6 if kind == "academic" else 4):
        return None
    year = int(text[:4])
    if kind == "academic":
        # The school census of a school year is that of January.
        return f"{year + 1}-01/{year + 1}-01"
    return f"{year}-06-30" if kind == "mid_year" else f"{year - 1}-{year % 100:02d}"


def _labels(file: OpenFile, name: str, problems: list[Problem]) -> Coded:
    printed = file.printed(name)
    code, texts = _dictionary(file, printed)
    known = file.map.labels[name]
    names = list(dict.fromkeys(ours for ours in known.values() if ours != SKIP))
    place = {SKIP: -1} | {ours: at for at, ours in enumerate(names)}
    for at, text in enumerate(texts):
        if text not in known:
            close = nearest(text, known, count=1)
            row = int(np.flatnonzero(code == at)[0]) + 2
            offer = f"the nearest is {close[0]!r}" if close else f"such as {next(iter(known))!r}"
            problems.append(Problem(row, f"column {printed!r}", repr(text), f"a label of {file.release.id}; {offer}",
                                    f"Add it to the labels of its map ({GUIDE})."))  # fmt: skip
    places = np.array([place[known[text]] if text in known else -1 for text in texts], dtype=np.int32)
    return Coded(places[code], names)


def _numbers(file: OpenFile, name: str, problems: list[Problem]) -> Numbers:
    printed = file.printed(name)
    text = file.cells[printed].combine_chunks()
    which = pc.index_in(text, value_set=pa.array(MARKS))
    bare = pc.if_else(pc.is_valid(which), pa.scalar(None, pa.string()), text)
    try:
        parsed = pc.cast(bare, pa.float64())
    except pa.ArrowInvalid:
        parsed = pa.array([_float(one) for one in bare.to_pylist()], pa.float64())
    value = parsed.to_numpy(zero_copy_only=False)
    wrong = (np.isnan(value) & bare.is_valid().to_numpy(zero_copy_only=False)) | np.isinf(value) | (value < 0)
    _report(problems, wrong, f"column {printed!r}", lambda at: text[at].as_py(), "a number, or one of " + " ".join(SYMBOLS),
            "A number has no thousands separator and no % sign; a new symbol is to be added to the symbols that are known.")  # fmt: skip
    mark = which.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int8)
    return Numbers(value, mark, _decimals(bare, len(value)))


def _float(text: str | None) -> float | None:
    try:
        return None if text is None else float(text) if "," not in text and "_" not in text else float("nan")
    except ValueError:
        return float("nan")


def _decimals(text: pa.Array, rows: int) -> npt.NDArray[np.int8]:
    """Decimals of the column: a file drops a last nought (28 for 28.0), so its longest number tells them for all."""
    point = pc.find_substring(text, ".").fill_null(-1).to_numpy(zero_copy_only=False)
    if (point < 0).all():
        return np.zeros(rows, dtype=np.int8)
    length = pc.binary_length(text).fill_null(0).to_numpy(zero_copy_only=False)
    return np.full(rows, (length - point - 1)[point >= 0].max(), dtype=np.int8)


def _twice(line: Ints, columns: tuple[Coded, ...], read: npt.NDArray[np.bool_]) -> list[Problem]:
    """Rows that agree in area, period and every label."""
    key = np.zeros(len(line), dtype=np.int64)
    for column in columns:
        key = key * (len(column.names) + 1) + column.codes + 1
    key, line = key[read], line[read]
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(np.diff(key[order]) == 0)
    return [
        Problem(int(line[order[at + 1]]), "the row", f"the same area, year and labels as row {line[order[at]]}",
                "each once", "Download the file again, or remove one of the two.")
        for at in same[:MOST_PROBLEMS]
    ]  # fmt: skip


def _only(column: Coded, rows: npt.NDArray[np.bool_]) -> Coded:
    return Coded(column.codes[rows], column.names)


def _only_numbers(column: Numbers, rows: npt.NDArray[np.bool_]) -> Numbers:
    return Numbers(column.value[rows], column.mark[rows], column.decimals[rows])


def _missing_authorities(file: OpenFile, area: Coded, period: Coded) -> tuple[Problem, ...]:
    """Authorities that existed at the end of the last year and have no row."""
    if file.kind.year in ("academic", "census"):
        return ()
    end = date(file.release.year, 3, 31)
    last = max(range(len(period.names)), key=period.names.__getitem__)
    there = {area.names[code] for code in np.unique(area.codes[period.codes == last])}
    return tuple(
        Problem(0, "the rows", f"none for {one.name} in {period.names[last]}", "a row for each authority",
                "Perhaps the file was cut off: download it again.")
        for one in local_authorities(end) if one.code not in there
    )  # fmt: skip


def _report(
    problems: list[Problem],
    wrong: npt.NDArray[np.bool_],
    field: str,
    found: Callable[[int], str],
    expected: str,
    action: str,
) -> None:
    """Add a problem for each of the first rows that a mask marks."""
    for at in np.flatnonzero(wrong)[:MOST_PROBLEMS]:
        problems.append(Problem(int(at) + 2, field, repr(found(int(at))), expected, action))
