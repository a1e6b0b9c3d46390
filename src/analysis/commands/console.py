"""What every command shares: where it prints, how it shows a table, how it shows progress, how it is stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from analysis.errors import StoppedError
from analysis.sources.returns.walking import readable, shown_name, walk


class _PlainConsole(Console):
    """A console to which no name of a file can give an order: characters that would steer a terminal are written out."""

    def print(self, *objects: Any, **more: Any) -> None:
        super().print(*(_plain(item) if isinstance(item, str) else item for item in objects), **more)


def _plain(text: str) -> str:
    """A text without characters that steer a terminal; its lines and tabs stay."""
    return "".join(part if part in {"\n", "\t"} else shown_name(part) for part in re.split(r"([\n\t])", text))


out = _PlainConsole(highlight=False, soft_wrap=True)
err = _PlainConsole(stderr=True, highlight=False, soft_wrap=True)


class Format(StrEnum):
    """How rows can be shown."""

    table = "table"
    csv = "csv"
    json = "json"


def given_path(text: str) -> Path:
    """Return the path that somebody gave; a blank one would be the folder that one stands in.

    Raises:
        typer.BadParameter: it is blank.
    """
    if not text.strip():
        raise typer.BadParameter(
            "a blank path, expected that of a file or folder. Was a variable of the shell empty? Give the path, or . for the folder you are in."
        )
    return Path(text)


#: Options that several commands take, so that they mean the same everywhere.
Area = Annotated[str, typer.Option(help="Name or nine-character code.")]
YearLabel = Annotated[str, typer.Option(help="A financial year, such as 2020-21.")]
DataFolder = Annotated[str, typer.Option(help="A folder of official files, such as data/raw.")]
OutputFolder = Annotated[
    Path | None, typer.Option(parser=given_path, help="The folder of all reports; outputs if none.")
]
Formats = Annotated[str, typer.Option(help="Of html, pdf, docx, xlsx and ods, parted by commas.")]
ReferenceDoc = Annotated[
    Path | None,
    typer.Option(parser=given_path, help="A Word document whose styles are taken, such as the council's template."),
]
Further = Annotated[list[str] | None, typer.Option("--set", help="A further parameter, such as confidence=0.998.")]


def warn_of_left_out(data: str) -> None:
    """Say which files of a folder were not read, and why; the others were."""
    from analysis.indicators.open_folder import left_out, open_folder

    for line in left_out(open_folder(data)) if data else []:
        err.print(f"Left out: {line}", style="yellow", markup=False)


def require_open(data: str) -> None:
    """Refuse a folder of which a part may not be looked at: it would be passed over unseen.

    Args:
        data: the folder; blank where none is given. That it is not there is said by what reads it.

    Raises:
        DataError: a folder in it may not be opened or listed, or holds what may not be looked at.
    """
    folder = Path(data)
    with readable(data):
        is_folder = bool(data) and folder.is_dir()
    if is_folder:
        walk(folder)


def print_table(headings: list[str], rows: list[list[str]]) -> None:
    """Print rows as a table on a terminal, with tabs elsewhere."""
    if not out.is_terminal:
        for cells in [headings, *rows]:
            # rich would turn tabs into spaces.
            typer.echo("\t".join(map(shown_name, cells)))
        return
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for cells in rows:
        table.add_row(*map(shown_name, cells))
    out.print(table)


@contextmanager
def stoppable(
    left: str = "Reports that were finished are whole and listed; nothing is half-written.",
) -> Iterator[None]:
    """Ctrl+C ends a run with a sentence; ``left`` says what it leaves behind."""
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(f"Stopped. {left}") from None


@contextmanager
def progress(title: str) -> Iterator[Any]:
    """Show a bar while something is done; the step function takes a name, how many are done, and of how many."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def step(name: str, done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, description=f"{title}: {name}" if name else title)

        yield step
