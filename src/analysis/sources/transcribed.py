"""A file of transcribed figures held against all that is known of it. Every problem is found, and none is raised.

Reading for the reports (:mod:`analysis.sources.published`) stops at the first file that breaks the contract; this is for
whoever is still transcribing, whose file may be half done, saved by a spreadsheet, or of a document not in the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import nearest
from analysis.sources.catalogue import Source, load_sources
from analysis.sources.checks import Problem, check_columns, check_observations, sheet_row
from analysis.sources.published import checksum
from analysis.sources.quotes import check_numbers, check_quotes
from analysis.sources.sheets import Sheet, read_document, read_sheet
from analysis.vocabulary import COLUMNS, KEY

GUIDE = "docs/transcribing-a-report.md"
TEMPLATE = "data/published/TEMPLATE.csv"

#: Columns that tell a file of transcribed figures from any other.
_TELLING = ("figure", "indicator", "quote")
#: What a check also rests on, besides the column that it names.
_RESTS_ON = {"key": KEY, "precision": ("value",), "area_name": ("area_code", "geographic_level")}
_FORM_OF_FIGURE = re.compile(r"([A-Z]{3}\d{2})\.\d{3,}")
_FORM_OF_RELEASE = r"\d{4}(-\d{2}-\d{2})?"


@dataclass(frozen=True)
class CheckedFile:
    """How one file fared.

    Attributes:
        path: the file.
        rows: how many rows stand under its header, empty ones left out.
        problems: what is wrong with it: first with the file as a whole, then row by row.
    """

    path: Path
    rows: int
    problems: tuple[Problem, ...]


def check_file(path: Path, *, units: Mapping[str, str], text: Path | None = None) -> CheckedFile:
    """Return everything that is wrong with a file of transcribed figures.

    Args:
        path: a CSV file; its name is the id of a source.
        units: the unit of each indicator that exists.
        text: the document as plain text, to hold each quote against.

    Raises:
        CatalogueError: the catalogue itself cannot be used.
    """
    sheet = read_sheet(path)
    if not sheet.header:
        return CheckedFile(path, 0, sheet.problems)
    if not _is_transcription(sheet.header):
        return CheckedFile(path, sheet.counted, (_another_file(sheet.header),))
    renamed = _meant(sheet.header)
    rows = _table(sheet, renamed)
    source = load_sources().get(path.stem)
    problems = [*_name_problems(path, rows, source), *sheet.problems, *_column_problems(sheet.header, renamed)]
    problems += _of_given_columns(_row_problems(rows, source, units), [*sheet.header, *renamed.values()])
    if text is not None:
        problems += _text_problems(rows, text, source)
    return CheckedFile(path, sheet.counted, tuple(sorted(problems, key=_place)))


def _is_transcription(header: Sequence[str]) -> bool:
    return all(name in header or nearest(name, header, count=1) for name in _TELLING) or (
        2 * len(set(header) & set(COLUMNS)) >= len(COLUMNS)
    )


def _another_file(header: Sequence[str]) -> Problem:
    found = ", ".join(repr(name) for name in header[:5]) + (", …" if len(header) > 5 else "")
    return Problem(
        0, "the header", f"the columns {found}", f"those of transcribed figures, such as {', '.join(_TELLING)}",
        f"Copy the first row of {TEMPLATE} ({GUIDE}); official files are checked by their folder: analysis check FOLDER.",
    )  # fmt: skip


def _meant(header: Sequence[str]) -> dict[str, str]:
    """The column that each unknown name means, where it is near one that is missing."""
    missing = [name for name in COLUMNS if name not in header]
    meant: dict[str, str] = {}
    for name in header:
        close = [] if name in COLUMNS else nearest(name, missing, count=1)
        if close:
            meant[name] = close[0]
            missing.remove(close[0])
    return meant


def _column_problems(header: Sequence[str], renamed: Mapping[str, str]) -> list[Problem]:
    """As the contract has them; a column that only needs its right name is not said to be missing too."""
    said = {f"column {name!r}" for name in renamed.values()}
    return [problem for problem in check_columns(header) if problem.field not in said]


def _table(sheet: Sheet, renamed: Mapping[str, str]) -> pd.DataFrame:
    """The observation table as text, its index counting the rows of the file; a missing column is blank."""
    names = [renamed.get(name, name) for name in sheet.header]
    index = [number - sheet_row(0) for number, _ in sheet.rows]
    columns = {name: [cells[names.index(name)] if name in names else "" for _, cells in sheet.rows] for name in COLUMNS}
    return pd.DataFrame(columns, index=index, dtype=object)


def _name_problems(path: Path, rows: pd.DataFrame, source: Source | None) -> list[Problem]:
    """Where the file's name is no source of the catalogue: what to do about it."""
    if source is not None:
        return []
    said = _most_common(_documents(rows))
    action = _what_to_do(path.stem, said)
    return [Problem(0, "the file's name", repr(path.stem), "the id of a source in data/catalogue/sources", action)]


def _what_to_do(name: str, said: str) -> str:
    """How a file gets a source: its name, and what most of its rows say, are two ways of naming it."""
    known = load_sources()
    if said in known:
        return (
            f"Its rows are of {said!r}: name the file {said}.csv, or mend the column source if it is another document."
        )
    close = nearest(name, known, count=1)
    offer = f"Did you mean {close[0]!r}? " if close else ""
    if said in ("", name):
        todo = f"write data/catalogue/sources/{name}.yml"
    else:
        todo = (
            "write data/catalogue/sources/<id>.yml, save the file as <id>.csv, "
            f"and put <id> in the column source (it says {said!r})"
        )
    return f"{offer}The source is not yet in the catalogue: {todo}. {GUIDE} says how; what needs no source was checked."


def _row_problems(rows: pd.DataFrame, source: Source | None, units: Mapping[str, str]) -> list[Problem]:
    if rows.empty:
        return [Problem(0, "the file", "no row that can be checked", "a row for each figure", f"See {GUIDE}.")]
    problems = [*check_observations(rows, source=source, units=units), *check_numbers(rows)]
    return problems if source else [*problems, *_undeclared(rows)]


def _undeclared(rows: pd.DataFrame) -> list[Problem]:
    """What rows of a document that the catalogue does not know must have in common."""
    document = _most_common(_documents(rows))
    code = _most_common(rows["figure"].str.extract(_FORM_OF_FIGURE, expand=False).fillna(""))
    release = _most_common(rows["release"].where(rows["release"].str.fullmatch(_FORM_OF_RELEASE), ""))
    form = rf"{code}\.\d{{3,}}" if code else _FORM_OF_FIGURE.pattern
    wrong = {
        "source": (_documents(rows) != document, f"{document!r}, as in most rows"),
        "figure": (~rows["figure"].str.fullmatch(form).astype(bool), f"{code or 'three letters and two digits'}. and a number"),
        "release": (rows["release"] != release, f"{release!r}, as in most rows" if release else "a day such as 2027-05-27, or a year"),
    }  # fmt: skip
    return [
        Problem(sheet_row(at), field, repr(found), expected, "All figures of a document agree in this; mend the row.")
        for field, (mask, expected) in wrong.items()
        for at, found in rows.loc[mask & (rows[field] != ""), field].items()
    ]  # fmt: skip


def _documents(rows: pd.DataFrame) -> pd.Series:
    """The document that each row names, without its part."""
    return rows["source"].map(lambda name: name.partition("/")[0])


def _most_common(texts: pd.Series) -> str:
    """The text that most rows have, the first in the alphabet where several do, so that the order of rows is no matter."""
    filled = texts[texts != ""]
    return "" if filled.empty else str(filled.mode().iloc[0])


def _of_given_columns(problems: Sequence[Problem], given: Sequence[str]) -> list[Problem]:
    """Without those that only say, row by row, that a whole column is missing."""
    missing = {name for name in COLUMNS if name not in given}
    return [problem for problem in problems if missing.isdisjoint((problem.field, *_RESTS_ON.get(problem.field, ())))]


def _text_problems(rows: pd.DataFrame, path: Path, source: Source | None) -> list[Problem]:
    text, problems = read_document(path)
    if not text.strip():
        return problems
    if source is not None and checksum(path) != source.document_sha256:
        problems.append(
            Problem(
                0, "the text", f"the checksum {checksum(path)}", f"{source.document_sha256}, as the catalogue has it",
                f"Give the text that was transcribed, or mend document_sha256 in data/catalogue/sources/{source.id}.yml.",
            )
        )  # fmt: skip
    return problems + check_quotes(rows, text)


def _place(problem: Problem) -> tuple[int, int]:
    """By row, then by column; what is wrong with the row as a whole comes first."""
    return problem.row, COLUMNS.index(problem.field) if problem.field in COLUMNS else -1
