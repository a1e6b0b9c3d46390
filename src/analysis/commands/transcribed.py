"""What ``analysis check`` says of files of transcribed figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from analysis.commands.console import Format, err
from analysis.errors import DataError

if TYPE_CHECKING:
    from analysis.sources.transcribed import CheckedFile


def check_transcribed(paths: Sequence[Path], *, text: Path | None, format: Format) -> None:
    """Print every problem of files of transcribed figures, and count them.

    Args:
        paths: CSV files of transcribed figures.
        text: the document as plain text, to hold each quote against.
        format: lines to read, or the problems as CSV or JSON.

    Raises:
        typer.Exit: something is wrong with one of them.
        CatalogueError: the catalogue itself cannot be used.
    """
    from analysis.indicators.definitions import units
    from analysis.sources.transcribed import check_file

    files = [check_file(path, units=units(), text=text) for path in paths]
    if format != Format.table:
        _write_rows(files, format)
    for item in files:
        if format == Format.table:
            for problem in item.problems:
                # rich would turn what looks like the name of a picture, such as :c:, into one.
                typer.echo(problem.words(_name(item)))
        err.print(_counted(item), markup=False)
    if any(item.problems for item in files):
        raise typer.Exit(DataError.exit_code)


def _name(item: CheckedFile) -> str:
    from analysis.sources.folders import shown

    return shown(item.path)


def _write_rows(files: Sequence[CheckedFile], format: Format) -> None:
    import pandas as pd

    rows = [{"file": _name(item), **asdict(problem)} for item in files for problem in item.problems]
    if format == Format.json:
        sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        return
    columns = ["file", "row", "field", "found", "expected", "action"]
    sys.stdout.write(pd.DataFrame(rows, columns=columns).to_csv(index=False, lineterminator="\n"))


def _counted(item: CheckedFile) -> str:
    """The last line of a file, such as "x.csv: 153 rows, 2 problems in 2 rows."."""
    wrong = {problem.row for problem in item.problems}
    places = [_count(len(wrong - {0}), "row")] if wrong - {0} else []
    places += ["the file as a whole"] if 0 in wrong else []
    found = f"{_count(len(item.problems), 'problem')} in {' and '.join(places)}" if wrong else "nothing wrong"
    return f"{_name(item)}: {_count(item.rows, 'row')}, {found}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
