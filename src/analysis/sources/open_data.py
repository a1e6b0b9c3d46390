"""Reading official files: every cell with its area, its period, its labels, and a value or the reason for none.

Text becomes numbers and statuses here and nowhere else. A file that holds something it should not is left out whole,
with every such cell named; a file that merely lacks an authority is read, and the lack is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import nearest
from analysis.sources.areas import (
    ENGLAND,
    REGISTER_BEGINS,
    area_of_code,
    area_of_dfe_code,
    load_areas,
    local_authorities,
)
from analysis.sources.checks import Problem
from analysis.sources.open_files import GUIDE, OpenFile, is_period, period_form
from analysis.sources.releases import AREA_COLUMNS, PERIOD_COLUMN, SKIP, SYMBOLS, TableKind
from analysis.vocabulary import Status

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

MOST_PROBLEMS = 20
MOST_NAMES = 5
BLANK = ""
#: What may stand in the place of a number, and the status that each means; the last is for a number itself.
MARKS = [*SYMBOLS, BLANK]
_MARKS = pa.array(MARKS)
_NOTHING = pa.scalar(None, pa.string())
STATUS_OF_MARK: list[Status] = [*SYMBOLS.values(), "blank_in_source", "reported"]
#: How the names of our columns end that may hold decimals; all others are counts.
SHARES = ("rate", "percent")
#: A number as these files write it.
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
        printed: decimals that each cell shows; a file that drops a last nought shows fewer.
    """

    value: Floats
    mark: npt.NDArray[np.int8]
    decimals: npt.NDArray[np.int8]
    printed: npt.NDArray[np.int8]


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
    line = file.lines
    read = np.logical_and.reduce([column.codes >= 0 for column in (area, *filters.values())])
    twice = _twice(line, (period, area, *filters.values()), read)
    if twice:
        return twice
    if not read.all():
        line, area, period = line[read], _only(area, read), _only(period, read)
        filters = {name: _only(column, read) for name, column in filters.items()}
        numbers = {name: _only_numbers(column, read) for name, column in numbers.items()}
    return OpenTable(file, line, area, period, filters, numbers, _missing(file, area, period))


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


def _encoded(file: OpenFile, printed: str) -> tuple[Ints, pa.Array]:
    """A column as places in the list of its different texts."""
    column = file.cells[printed].combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    return column.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False), column.dictionary


def _dictionary(file: OpenFile, printed: str) -> tuple[Ints, list[str]]:
    code, text = _encoded(file, printed)
    return code, text.to_pylist()


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
        file,
        unknown,
        AREA_COLUMNS[0],
        lambda at: levels[level[at]],
        "National, Regional or Local authority",
        "Look at the file.",
    )
    known_level = ~unknown & (codes < 0)
    _report(
        problems, file, known_level, AREA_COLUMNS[2], lambda at: dfe_numbers[number[at]] or regions[region[at]],
        "an area of data/reference/areas.csv", "A new authority needs a row there.",
    )  # fmt: skip
    return Coded(codes.astype(np.int32), names)


def _areas_by_code(file: OpenFile, printed: str, problems: list[Problem]) -> Coded:
    code, codes = _dictionary(file, printed)
    names: list[str] = []
    placed = _placed(codes, names, lambda text: found.code if (found := area_of_code(text)) else None)
    english = np.array([text.startswith("E") for text in codes])
    of_row = placed[code]
    _report(problems, file, (of_row < 0) & english[code], printed, lambda at: codes[code[at]],
            "an area of data/reference/areas.csv", "A new authority needs a row there.")  # fmt: skip
    return Coded(of_row, names)


def _placed(texts: list[str], names: list[str], find: Callable[[str], str | None]) -> Ints:
    """The place in ``names`` of what each text stands for, added where it is new; -1 where it stands for nothing."""
    known = {name: place for place, name in enumerate(names)}
    found = [find(text) for text in texts]
    places = [-1 if name is None else known.setdefault(name, len(known)) for name in found]
    names[:] = list(known)
    return np.array(places, dtype=np.int32)


def _periods(file: OpenFile, problems: list[Problem]) -> Coded:
    if file.kind.year == "census":
        return Coded(np.zeros(file.cells.num_rows, dtype=np.int32), ["2021-03-21"])
    year, years = _dictionary(file, PERIOD_COLUMN)
    labels = [_label(text, file.kind) for text in years]
    known = np.array([label is not None for label in labels])
    _report(
        problems,
        file,
        ~known[year],
        PERIOD_COLUMN,
        lambda at: years[year[at]],
        period_form(file.kind),
        "Look at the file.",
    )
    return Coded(year, [label or "" for label in labels])


def _label(text: str, kind: TableKind) -> str | None:
    """The canonical label of what the file calls a time_period."""
    if not is_period(text, kind):
        return None
    year = int(text[:4])
    if kind.year == "academic":
        # The school census of a school year is that of January.
        return f"{year + 1}-01/{year + 1}-01"
    return f"{year}-06-30" if kind.year == "mid_year" else f"{year - 1}-{year % 100:02d}"


def _labels(file: OpenFile, name: str, problems: list[Problem]) -> Coded:
    printed = file.printed(name)
    code, texts = _dictionary(file, printed)
    known = file.map.labels[name]
    names = list(dict.fromkeys(ours for ours in known.values() if ours != SKIP))
    place = {SKIP: -1} | {ours: at for at, ours in enumerate(names)}
    for at, text in enumerate(texts):
        if text not in known:
            close = nearest(text, known, count=1)
            row = int(file.lines[np.flatnonzero(code == at)[0]])
            offer = f"the nearest is {close[0]!r}" if close else f"such as {next(iter(known))!r}"
            problems.append(Problem(row, f"column {printed!r}", repr(text), f"a label of {file.release.id}; {offer}",
                                    f"Add it to the labels of its map ({GUIDE})."))  # fmt: skip
    places = np.array([place[known[text]] if text in known else -1 for text in texts], dtype=np.int32)
    return Coded(places[code], names)


def _numbers(file: OpenFile, name: str, problems: list[Problem]) -> Numbers:
    """Each different text is looked at once: a column of thousands of rows holds some hundreds."""
    printed = file.printed(name)
    code, text = _encoded(file, printed)
    share, percent = name.endswith(SHARES), name.endswith("percent")
    mark = pc.index_in(text, value_set=_MARKS).fill_null(-1).to_numpy(zero_copy_only=False)
    is_number = mark < 0
    plain = _is_plain(text, with_point=share) & is_number
    value = pc.cast(pc.if_else(pa.array(plain), text, _NOTHING), pa.float64()).to_numpy(zero_copy_only=False)
    wrong = is_number & ~np.isfinite(value)
    if percent:
        wrong |= value > 100
    if wrong.any():
        what = "a percentage from 0 to 100" if percent else "a number" if share else "a whole number"
        _report(problems, file, wrong[code], f"column {printed!r}", lambda at: text[code[at]].as_py(), f"{what}, or one of " + " ".join(SYMBOLS),
                "A number has no thousands separator, no % sign and no space; a new symbol is to be added to those that are known.")  # fmt: skip
    shown = _decimals(text, is_number) if share else np.zeros(len(text), dtype=np.int8)
    # A file drops a last nought (28 for 28.0), so the longest number of a column tells the decimals of all.
    decimals = np.full(len(code), shown.max(initial=0), dtype=np.int8)
    return Numbers(value[code], mark[code].astype(np.int8), decimals, shown[code])


def _is_plain(text: pa.Array, *, with_point: bool) -> npt.NDArray[np.bool_]:
    """Whether each text is digits alone, with one point among them where there may be one."""
    digits = pc.replace_substring(text, ".", "", max_replacements=1) if with_point else text
    plain: npt.NDArray[np.bool_] = pc.ascii_is_decimal(digits).to_numpy(zero_copy_only=False)
    if not with_point:
        return plain
    bare = pc.or_(pc.starts_with(text, "."), pc.ends_with(text, ".")).to_numpy(zero_copy_only=False)
    both: npt.NDArray[np.bool_] = plain & ~bare
    return both


def _decimals(text: pa.Array, numbers: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """Decimals that each number shows."""
    point = pc.find_substring(text, ".").to_numpy(zero_copy_only=False)
    length = pc.binary_length(text).to_numpy(zero_copy_only=False)
    return np.where((point < 0) | ~numbers, 0, length - point - 1).astype(np.int8)


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
    return Numbers(column.value[rows], column.mark[rows], column.decimals[rows], column.printed[rows])


def _missing(file: OpenFile, area: Coded, period: Coded) -> tuple[Problem, ...]:
    """What a file that was cut off lacks: authorities that existed in a period, and rows that others have."""
    if not len(area.codes):
        return ()
    size = len(period.names)
    rows = np.bincount(area.codes.astype(np.int64) * size + period.codes, minlength=len(area.names) * size)
    rows = rows.reshape(len(area.names), size)
    return (*_missing_authorities(file, area, period, rows > 0), *_missing_rows(area, period, rows))


def _missing_authorities(file: OpenFile, area: Coded, period: Coded, there: npt.NDArray[np.bool_]) -> Iterator[Problem]:
    """Authorities that existed at the end of a year and have no row in it: one problem for the same ones."""
    if file.kind.year in ("academic", "census"):
        return
    lacking: dict[tuple[str, ...], list[str]] = {}
    for place in np.flatnonzero(there.any(axis=0)):
        label = period.names[place]
        end = date(int(label[:4]) + 1, 3, 31)
        if end < REGISTER_BEGINS:
            continue
        held = {name for name, found in zip(area.names, there[:, place], strict=True) if found}
        absent = tuple(one.name for one in local_authorities(end) if one.code not in held)
        if absent:
            lacking.setdefault(absent, []).append(label)
    for names, labels in lacking.items():
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        yield Problem(
            0, "the rows", f"none for {', '.join(names[:MOST_NAMES])}{more} in {', '.join(sorted(labels))}",
            "a row for each authority", "Perhaps the file was cut off: download it again.",
        )  # fmt: skip


def _missing_rows(area: Coded, period: Coded, rows: npt.NDArray[np.intp]) -> Iterator[Problem]:
    """Areas with fewer rows in a period than most areas have."""
    usual = np.bincount(rows[rows > 0]).argmax()
    for at, place in np.argwhere((rows > 0) & (rows < usual))[:MOST_PROBLEMS]:
        name = load_areas()[area.names[at]].name
        yield Problem(
            0, "the rows", f"{rows[at, place]} of {name} in {period.names[place]}", f"{usual}, as of other areas",
            "Perhaps the file was cut off: download it again.",
        )  # fmt: skip


def _report(
    problems: list[Problem],
    file: OpenFile,
    wrong: npt.NDArray[np.bool_],
    field: str,
    found: Callable[[int], str],
    expected: str,
    action: str,
) -> None:
    """Add a problem for each of the first rows that a mask marks."""
    for at in np.flatnonzero(wrong)[:MOST_PROBLEMS]:
        problems.append(Problem(int(file.lines[at]), field, repr(found(int(at))), expected, action))
