"""The command ``analysis fetch``: files of a release, downloaded from the service that publishes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from analysis.commands.console import given_path

if TYPE_CHECKING:
    from analysis.fetching.downloading import Watch
    from analysis.fetching.wanted import Wanted

#: The environment variable that names another address of the service.
SERVICE_VARIABLE = "ANALYSIS_SERVICE"

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fetch_command(
    publication: Annotated[
        str | None, typer.Option(help="Id of a publication; all that the service keeps if none.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="The last year of the release; the latest that is mapped if none.")
    ] = None,
    table: Annotated[str | None, typer.Option(help="Id of a table, such as cla_rates; all if none.")] = None,
    folder: Annotated[
        Path | None, typer.Option(parser=given_path, help="Where files are put; data/raw if none.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Another address of the service.", envvar=SERVICE_VARIABLE, show_envvar=True)
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Only list the files, without the network.")] = False,
) -> None:
    """Download the files of official releases from the Department for Education's service."""
    from analysis.fetching.running import fetch_files
    from analysis.fetching.service import load_service
    from analysis.fetching.wanted import choose_wanted
    from analysis.sources.folders import data_folder

    wanted = choose_wanted(publication=publication, year=year, table=table, folder=folder or data_folder() / "raw")
    if list_:
        _print_list(wanted)
        return
    service = load_service().at(address) if address else load_service()
    with _watched() as watch:
        outcome = fetch_files(wanted, service, watch=watch)
    out.print(f"{_files(len(outcome.done))} there and whole.", markup=False)


def _print_list(wanted: list[Wanted]) -> None:
    """What there is to fetch, without the network: for a person on a terminal, else one line a file, parted by tabs."""
    from analysis.fetching.records import is_still_there, read_records
    from analysis.fetching.wanted import by_hand, page_of
    from analysis.sources.folders import shown

    records = [read_records(one.folder).get(one.table) for one in wanted]
    dates = [
        record.fetched[:10] if record and is_still_there(one.folder, record) else "no"
        for one, record in zip(wanted, records, strict=True)
    ]
    if out.is_terminal:
        out.print(by_hand(wanted), markup=False)
        out.print(f"{_files(len(wanted) - dates.count('no'))} of these fetched before.", markup=False)
        return
    typer.echo("\t".join(["release", "table", "fetched", "title", "file", "folder", "page"]))
    for one, date in zip(wanted, dates, strict=True):
        place = [one.map.title, f"{one.map.file}.csv", shown(one.folder), page_of(one)]
        typer.echo("\t".join([one.release.id, one.table, date, *place]))


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"


@contextmanager
def _watched() -> Iterator[Watch]:
    """A progress bar on a terminal; elsewhere a plain line for each file, so that a log can be read."""
    from analysis.fetching.downloading import Watch

    def say(words: str) -> None:
        err.print(words, markup=False)

    if not err.is_terminal:
        yield Watch(begin=lambda title, number, of: say(f"{number} of {of}: {title}"), say=say, done=say)
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=None)

        def begin(title: str, number: int, of: int) -> None:
            bar.reset(task, total=None, description=f"{number} of {of}: {title[:50]}")

        def step(done: int, of: int | None) -> None:
            bar.update(task, completed=done, total=of)

        yield Watch(begin=begin, step=step, say=say, done=say)
