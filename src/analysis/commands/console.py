"""What every command shares: where it prints, how it shows a table, how it shows progress, how it is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from analysis.errors import StoppedError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Format(StrEnum):
    """How rows can be shown."""

    table = "table"
    csv = "csv"
    json = "json"


#: Options that several commands take, so that they mean the same everywhere.
Area = Annotated[str, typer.Option(help="Name or nine-character code.")]
YearLabel = Annotated[str, typer.Option(help="A financial year, such as 2020-21.")]
DataFolder = Annotated[str, typer.Option(help="A folder of official files, such as data/raw.")]
OutputFolder = Annotated[Path | None, typer.Option(help="The folder of all reports; outputs if none.")]
Formats = Annotated[str, typer.Option(help="Of html, pdf, docx, xlsx and ods, parted by commas.")]
ReferenceDoc = Annotated[
    Path | None, typer.Option(help="A Word document whose styles are taken, such as the council's template.")
]
Further = Annotated[list[str] | None, typer.Option("--set", help="A further parameter, such as confidence=0.998.")]


def warn_of_left_out(data: str) -> None:
    """Say which files of a folder were not read, and why; the others were."""
    from analysis.indicators.open_folder import left_out, open_folder

    for line in left_out(open_folder(data)) if data else []:
        err.print(f"Left out: {line}", style="yellow", markup=False)


def print_table(headings: list[str], rows: list[list[str]]) -> None:
    """Print rows as a table on a terminal, with tabs elsewhere."""
    if not out.is_terminal:
        for cells in [headings, *rows]:
            # rich would turn tabs into spaces.
            typer.echo("\t".join(cells))
        return
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for cells in rows:
        table.add_row(*cells)
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
