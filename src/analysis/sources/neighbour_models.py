"""Lists of statistical neighbours: which authorities a model of the DfE calls similar to which.

A list is recognised by its heading, whatever its file is called. A further model is one more entry of ``MODELS``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.errors import DataError, UnknownNameError, did_you_mean
from analysis.sources.areas import Area, area_of_dfe_code, find_area
from analysis.sources.folders import shown

#: How close a neighbour is, the closest first.
CLOSENESS: Final = ("extremely close", "very close", "close", "somewhat close", "not close")

COLUMNS: Final = ("model", "group", "member", "place", "closeness", "file", "line")

MOST_PROBLEMS: Final = 20


@dataclass(frozen=True)
class NeighbourModel:
    """One model, and the headings under which its list gives each group and its members.

    Attributes:
        id: how the model is called in tables.
        words: how sentences name it.
        code: heading of the DfE number of the authority whose neighbours are listed.
        name: heading of that authority's name.
        members: headings of the members' DfE numbers, the closest first.
        closeness: headings of how close each member is, in the same order; a heading may be repeated.
    """

    id: str
    words: str
    code: str
    name: str
    members: tuple[str, ...]
    closeness: tuple[str, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings that the list must have."""
        return (self.code, self.name, *self.members, *self.closeness)


_TEN = range(1, 11)

MODELS: Final = (
    NeighbourModel(
        id="2025",
        words="DfE statistical neighbours, May 2025 model",
        code="old_la_code",
        name="la_name",
        members=tuple(f"SN_{place}" for place in _TEN),
        closeness=tuple(f"SN_{place}P" for place in _TEN),
    ),
    NeighbourModel(
        id="2021",
        words="DfE statistical neighbours, April 2021 model",
        code="LA num",
        name="LA Name",
        members=tuple(f"SN{place}" for place in _TEN),
        closeness=("SNP",) * 10,
    ),
)


def describe_model(model: str) -> str:
    """Return the words for a model.

    Raises:
        UnknownNameError: there is no such model.

    Example:
        >>> describe_model("2025")
        'DfE statistical neighbours, May 2025 model'
    """
    words = {known.id: known.words for known in MODELS}
    if model not in words:
        raise UnknownNameError(f"{model!r} is no model of statistical neighbours. {did_you_mean(model, words)}")
    return words[model]


def is_neighbour_model(header: list[str]) -> str | None:
    """Return the model whose list has these headings; None for any other file.

    Example:
        >>> is_neighbour_model(["time_period", "old_la_code", "la_name"]) is None
        True
        >>> is_neighbour_model(list(MODELS[0].headings))
        '2025'
    """
    model = _model_of(header)
    return model.id if model else None


def read_neighbour_model(path: Path) -> pd.DataFrame:
    """Read a list of statistical neighbours.

    Groups and members are those that the list names, an abolished authority too where the list is older than its
    end; nothing is put in its place.

    Args:
        path: the list, as CSV.

    Returns:
        One row for each member of each group: ``model``, ``group`` and ``member`` (codes of areas in use), ``place``
        (1 for the closest), ``closeness`` (one of CLOSENESS), ``file`` (its name) and ``line`` (the heading is 1).

    Raises:
        DataError: the file is no such list, or breaks its contract; up to 20 problems are listed.
    """
    header, lines = _read_lines(path)
    model = _model_of(header)
    if model is None:
        raise DataError(_not_a_list(path, header))
    at = _positions(model.headings, header)
    found = [(line, _cells(cells, at)) for line, cells in lines]
    groups = [(line, cells) for line, cells in found if not _is_blank_or_caption(cells)]
    problems = [*_surplus_cells(header, lines), *_problems(model, groups, at)]
    if not groups:
        problems.append("line 2: found no authority, expected one on each line. Take the list from the DfE again.")
    if problems:
        raise DataError(_listed(path, problems))
    rows = [row for line, cells in groups for row in _rows(model, cells, file=path.name, line=line)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


#: What stands under each heading of a model on one line: code, name, members and closeness.
_Cells = tuple[str, ...]


def _model_of(header: Sequence[str]) -> NeighbourModel | None:
    given = [_tidy(text) for text in header]
    for model in MODELS:
        if all(given.count(text) == model.headings.count(text) for text in model.headings):
            return model
    return None


def _tidy(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").split())


def _read_lines(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The heading, and every other row with its line in the file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            return header, [(reader.line_num, cells) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{shown(path)} cannot be read: {error}. Save it as CSV in UTF-8.") from None


def _positions(headings: Sequence[str], header: Sequence[str]) -> list[int]:
    """Where each heading stands; a repeated one stands where it is next found."""
    given = [_tidy(text) for text in header]
    found: list[int] = []
    for number, text in enumerate(headings):
        places = [at for at, other in enumerate(given) if other == text]
        found.append(places[headings[:number].count(text)])
    return found


def _cells(cells: Sequence[str], at: Sequence[int]) -> _Cells:
    return tuple(_tidy(cells[place]) if place < len(cells) else "" for place in at)


def _is_blank_or_caption(cells: _Cells) -> bool:
    """Whether a line names no authority and holds no number or closeness, such as the caption "Old SNs:"."""
    code, name, *rest = cells
    return not any((code, *rest)) and _named(name) is None


def _surplus_cells(header: Sequence[str], lines: list[tuple[int, list[str]]]) -> Iterator[str]:
    """A text beyond the last heading means that the cells of its line have moved."""
    for line, cells in lines:
        for text in cells[len(header) :]:
            if text.strip():
                yield f"line {line}: found {text!r} beyond the last column, expected nothing. Mend the commas."


def _problems(model: NeighbourModel, groups: list[tuple[int, _Cells]], at: Sequence[int]) -> Iterator[str]:
    columns = [f"{text} (column {place + 1})" for text, place in zip(model.headings, at, strict=True)]
    first: dict[str, int] = {}
    for line, cells in groups:
        for number, problem in _problems_of_line(cells, len(model.members)):
            yield f"line {line}, {columns[number]}: {problem}"
        if area_of_dfe_code(cells[0]) and first.setdefault(cells[0], line) != line:
            yield (
                f"line {line}, {columns[0]}: found {cells[0]}, as on line {first[cells[0]]}, expected each authority "
                "once. Remove one of the two."
            )


def _problems_of_line(cells: _Cells, size: int) -> Iterator[tuple[int, str]]:
    """Each problem of one line, after the number of its cell."""
    code, name, members, closeness = cells[0], cells[1], cells[2 : 2 + size], cells[2 + size :]
    if problem := _number_problem(code):
        yield 0, problem
    elif problem := _name_problem(code, name):
        yield 1, problem
    for place, member in enumerate(members):
        if problem := _number_problem(member) or _member_problem(code, members, place):
            yield 2 + place, problem
    for place, text in enumerate(closeness):
        if text.casefold() not in CLOSENESS:
            yield (
                2 + size + place,
                f"found {_or_nothing(text)}, expected one of: {', '.join(CLOSENESS)}. Hold it against the DfE's list.",
            )


def _number_problem(text: str) -> str:
    if area_of_dfe_code(text):
        return ""
    return (
        f"found {_or_nothing(text)}, expected the three-digit DfE number of one local authority. "
        "Mend the number; an authority that is new needs a row in data/reference/areas.csv."
    )


def _name_problem(code: str, name: str) -> str:
    """The name must be one of the number's authority, so that a number that has moved to another line is seen."""
    area = area_of_dfe_code(code)
    if area is None or _named(name) == area:
        return ""
    return (
        f"found {_or_nothing(name)}, expected {area.name!r}, whose number {code} is. Mend the number or the name; "
        "another name of the same authority belongs in data/reference/areas.csv, also_known_as."
    )


def _member_problem(code: str, members: Sequence[str], place: int) -> str:
    member, others = members[place], ", ".join(members)
    if member == code:
        return f"found {member}, the authority itself, expected another one. Hold it against the DfE's list."
    if member in members[:place]:
        return f"found {member} a second time in {others}, expected each member once. Hold it against the DfE's list."
    return ""


def _named(name: str) -> Area | None:
    try:
        return find_area(name)
    except UnknownNameError:
        return None


def _rows(model: NeighbourModel, cells: _Cells, *, file: str, line: int) -> Iterator[tuple[object, ...]]:
    size = len(model.members)
    members, closeness = cells[2 : 2 + size], cells[2 + size :]
    for place, (member, close) in enumerate(zip(members, closeness, strict=True), start=1):
        yield model.id, _code(cells[0]), _code(member), place, close.casefold(), file, line


def _code(number: str) -> str:
    area = area_of_dfe_code(number)
    assert area is not None, f"{number} was checked"
    return area.code


def _or_nothing(text: str) -> str:
    return repr(text) if text else "nothing"


def _not_a_list(path: Path, header: Sequence[str]) -> str:
    expected = "\n".join(f"  - {model.words}: {', '.join(model.headings)}" for model in MODELS)
    return (
        f"{shown(path)} is no list of statistical neighbours that is known here. Line 1: found the columns "
        f"{', '.join(header) or 'of an empty file'}; expected those of one of these:\n{expected}\n"
        "Take the list as the DfE publishes it."
    )


def _listed(path: Path, problems: list[str]) -> str:
    shown_ones = "\n".join(f"  - {path.name}, {text}" for text in problems[:MOST_PROBLEMS])
    more = len(problems) - MOST_PROBLEMS
    tail = f"\n  - and {more} more." if more > 0 else ""
    return f"{shown(path)} does not follow its contract ({len(problems)} found):\n{shown_ones}{tail}"
