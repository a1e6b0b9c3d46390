"""The command ``analysis``. Heavy imports stand inside the commands, so that help is quick."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from analysis.errors import AnalysisError, NotebookFailedError, StoppedError, UnknownNameError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.statistics.reference import ReferenceResult

app = typer.Typer(
    name="analysis",
    help="Statistics about children in care and child protection in England, from published figures to reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


#: JupyterLab would ask the network for news and for a newer version; nothing here does so unasked.
QUIET_LAB = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")


class What(StrEnum):
    """What can be listed."""

    indicators = "indicators"
    areas = "areas"
    periods = "periods"
    sources = "sources"
    notebooks = "notebooks"


class Format(StrEnum):
    """How rows can be shown."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command("list", epilog="Example: analysis list indicators")
def list_command(what: Annotated[What, typer.Argument(help="What to list.")]) -> None:
    """List the indicators, areas, periods, sources or notebooks that there are."""
    headings, rows = _listing(what)
    _print_table(headings, rows)


@app.command("show", epilog="Example: analysis show cp_repeat_plans")
def show_command(
    name: Annotated[str, typer.Argument(help="An indicator, a source, a caveat or a figure, such as NCS21.011.")],
) -> None:
    """Show the definition of an indicator, the entry of a source or caveat, or one figure with its words."""
    for title, content in _described(name):
        out.print(f"{title}: {content}", markup=False)


@app.command("figures", epilog="Example: analysis figures --area Nottingham --year 2020-21 --format csv")
def figures_command(
    area: Annotated[str | None, typer.Option(help="Name or nine-character code.")] = None,
    year: Annotated[str | None, typer.Option(help="A financial year, such as 2020-21.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Id or name of an indicator.")] = None,
    format: Annotated[Format, typer.Option(help="How to show them.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="A file to write them to.")] = None,
) -> None:
    """Show the table of figures, whole or filtered."""
    rows = _figures(area, year, indicator)
    text = _as_text(rows, format)
    if output is not None:
        from analysis.report.files import write_whole

        write_whole(output, text)
        err.print(f"{len(rows)} figures written to {output}", markup=False)
    elif format == Format.table:
        _print_table(*_short_table(rows))
    else:
        sys.stdout.write(text)


@app.command("report", epilog="Example: analysis report 1 2 --area Peterborough --year 2017-18")
def report_command(
    notebooks: Annotated[list[str] | None, typer.Argument(help="Names or numbers of notebooks; all if none.")] = None,
    area: Annotated[str, typer.Option(help="Name or nine-character code of a local authority.")] = "Nottingham",
    year: Annotated[str, typer.Option(help="A financial year, such as 2020-21.")] = "2020-21",
    output: Annotated[Path | None, typer.Option(help="The folder of all reports; outputs if none.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A further parameter, such as confidence=0.998.")
    ] = None,
) -> None:
    """Run notebooks for an area and a year, and write their reports."""
    from analysis.report.batch import make_order, make_reports
    from analysis.sources.folders import project_folder

    folder = output or project_folder() / "outputs"
    order = make_order(notebooks or [], area=area, year=year, output=folder, given=_given(set_ or []))
    with _stoppable(), _progress(f"{order.area}, {order.year}") as progress:
        outcome = make_reports(order, progress=progress)
    for page in outcome.pages.values():
        out.print(f"Written: {page}", markup=False)
    out.print(f"All reports: {outcome.index}", markup=False)
    for failure in outcome.failures.values():
        err.print(str(failure), style="red", markup=False)
    if outcome.failures:
        raise typer.Exit(NotebookFailedError.exit_code)


@app.command("reference", epilog="Example: analysis reference ../shared/reference --format json")
def reference_command(
    folder: Annotated[Path, typer.Argument(help="A folder of case files with expected answers.")],
    format: Annotated[Format, typer.Option(help="How to show the results.")] = Format.table,
) -> None:
    """Hold our statistics against answers that other people's programs computed, file by file."""
    results = _reference_results(folder)
    _print_results(results, format)
    passed = [item for item in results if item.status == "passed"]
    failed = [item for item in results if item.status == "failed"]
    for item in failed:
        for line in item.failures:
            err.print(f"{item.name}: {line}", style="red", markup=False)
    skipped = len(results) - len(passed) - len(failed)
    err.print(f"{len(passed)} files passed, {len(failed)} failed, {skipped} skipped", markup=False)
    if failed or not passed:
        raise typer.Exit(NotebookFailedError.exit_code)


@app.command("lab", epilog="Example: analysis lab")
def lab_command() -> None:
    """Open JupyterLab on the notebooks."""
    from importlib.util import find_spec

    from analysis.sources.folders import notebooks_folder

    if find_spec("jupyterlab") is None:
        raise UnknownNameError(
            "JupyterLab is not installed here, as it slows every report. Run `make lab`, or on Windows the commands of "
            "the README, which install it in an environment of its own."
        )
    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyterlab", *QUIET_LAB, str(notebooks_folder())]))


def main() -> None:
    """Run the command; a person's mistake ends with its message and its exit code, not with a traceback."""
    try:
        app()
    except AnalysisError as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(error.exit_code)


def _listing(what: What) -> tuple[list[str], list[list[str]]]:
    makers = {
        What.indicators: _list_indicators,
        What.areas: _list_areas,
        What.periods: _list_periods,
        What.sources: _list_sources,
        What.notebooks: _list_notebooks,
    }
    return makers[what]()


def _list_indicators() -> tuple[list[str], list[list[str]]]:
    from analysis.indicators.definitions import load_indicators

    rows = [[item.id, item.name, item.unit, item.polarity.replace("_", " ")] for item in load_indicators().values()]
    return ["id", "name", "unit", "polarity"], rows


def _list_areas() -> tuple[list[str], list[list[str]]]:
    from analysis.indicators.observations import load_figures, years_held
    from analysis.sources.areas import load_areas

    figures = load_figures()
    rows = []
    for area in load_areas().values():
        number = int((figures["area_code"] == area.code).sum())
        rows.append([area.code, area.name, area.level, str(number), ", ".join(years_held(figures, area))])
    return ["code", "name", "level", "figures", "years"], rows


def _list_periods() -> tuple[list[str], list[list[str]]]:
    from analysis.indicators.observations import load_figures
    from analysis.periods import in_time_order, parse_period

    counts = load_figures()["period"].value_counts()
    rows = [[label, parse_period(label).words, str(counts[label])] for label in in_time_order(list(counts.index))]
    return ["label", "in words", "figures"], rows


def _list_sources() -> tuple[list[str], list[list[str]]]:
    from analysis.sources.catalogue import load_sources

    rows = [[item.id, item.code, item.title, item.publisher, item.published] for item in load_sources().values()]
    return ["id", "code", "title", "publisher", "published"], rows


def _list_notebooks() -> tuple[list[str], list[list[str]]]:
    import nbformat

    from analysis.report.export import title_of
    from analysis.report.runner import list_notebooks

    rows = [[name, title_of(nbformat.read(path, as_version=4))] for name, path in list_notebooks().items()]
    return ["name", "question"], rows


def _described(name: str) -> Iterator[tuple[str, str]]:
    """Titles and contents of whatever has this name: a figure, a source, a caveat, or an indicator."""
    from analysis.indicators.definitions import find_indicator, load_indicators
    from analysis.indicators.observations import load_figures
    from analysis.sources.catalogue import load_caveats, load_sources

    declared = {**load_sources(), **load_caveats(), **load_indicators()}
    found: Any = declared.get(name)
    if found is None and "." in name:
        rows = load_figures()
        match = rows[rows["figure"] == name.upper()]
        if not match.empty:
            yield from ((key, str(value)) for key, value in match.iloc[0].items() if str(value) not in ("", "nan"))  # type: ignore[misc]
            return
    if found is None:
        found = _indicator_or_all_names(name, find_indicator, list(declared))
    yield from ((key, _in_words(value)) for key, value in found.model_dump().items() if value not in ("", [], {}))


def _indicator_or_all_names(name: str, find: Any, names: list[str]) -> Any:
    from analysis.errors import nearest

    try:
        return find(name)
    except UnknownNameError:
        close = nearest(name, names)
        offer = f"Did you mean {' or '.join(close)}?" if close else "`analysis list` shows what there is."
        raise UnknownNameError(f"{name!r} is no indicator, source, caveat or figure. {offer}") from None


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_in_words(item)}" for key, item in value.items() if item not in ("", [], {}))
    if isinstance(value, list):
        return ", ".join(_in_words(item) for item in value)
    return str(value)


def _figures(area: str | None, year: str | None, indicator: str | None) -> pd.DataFrame:
    from analysis.indicators.definitions import find_indicator
    from analysis.indicators.observations import filter_figures, load_figures
    from analysis.periods import parse_year
    from analysis.sources.areas import find_area

    return filter_figures(
        load_figures(),
        area=find_area(area).code if area else None,
        year=parse_year(year) if year else None,
        indicator=find_indicator(indicator).id if indicator else None,
    )


def _as_text(rows: pd.DataFrame, format: Format) -> str:
    from analysis.vocabulary import COLUMNS

    table = rows[[*COLUMNS, "citation", "caveat"]]
    if format == Format.json:
        records = json.loads(table.to_json(orient="records"))
        return json.dumps(records, indent=2, ensure_ascii=False) + "\n"
    if format == Format.csv:
        return table.to_csv(index=False, lineterminator="\n")
    headings, cells = _short_table(rows)
    lines = ["\t".join(headings), *("\t".join(cell) for cell in cells)]
    return "\n".join(lines) + "\n"


def _short_table(rows: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    from analysis.present.formatting import is_missing

    def value(row: Any) -> str:
        return str(row.status) if is_missing(row.value) else f"{row.value:.{int(row.precision)}f}"

    cells = [
        [row.figure, row.indicator, row.area_name, row.period, row.breakdown, row.value_type, value(row)]
        for row in rows.itertuples()
    ]
    return ["figure", "indicator", "area", "period", "breakdown", "type", "value"], cells  # type: ignore[return-value]


def _given(texts: list[str]) -> dict[str, Any]:
    from analysis.report.signature import parse_value

    given = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UnknownNameError(f"--set {text!r}: expected NAME=VALUE, such as confidence=0.998.")
        given[name.strip()] = parse_value(value.strip())
    return given


def _reference_results(folder: Path) -> list[ReferenceResult]:
    from analysis.sources.reference_cases import read_cases
    from analysis.statistics.reference import run_reference

    tables = read_cases(folder)
    results = []
    with _progress(str(folder)) as progress:
        for done, (name, table) in enumerate(tables.items()):
            progress(name, done, len(tables))
            results.append(run_reference(name, table, tables))
    return results


def _print_results(results: list[ReferenceResult], format: Format) -> None:
    if format == Format.json:
        sys.stdout.write(json.dumps([asdict(item) for item in results], indent=2, ensure_ascii=False) + "\n")
        return
    headings = [
        "file",
        "kind",
        "cases",
        "refused",
        "relative error",
        "absolute error",
        "labels wrong",
        "tolerance",
        "result",
        "notes",
    ]
    rows = [_result_cells(item) for item in results]
    if format == Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([headings, *rows])
    else:
        _print_table(headings, rows)


def _result_cells(item: ReferenceResult) -> list[str]:
    return [
        item.name, item.kind or "not known", str(item.cases), str(item.refused), f"{item.largest_relative_error:.1e}",
        f"{item.largest_absolute_error:.1e}", str(item.mismatched_labels), item.precision or f"{item.tolerance:.0e}",
        item.status, "; ".join(item.notes),
    ]  # fmt: skip


def _print_table(headings: list[str], rows: list[list[str]]) -> None:
    if not out.is_terminal:
        for cells in [headings, *rows]:
            out.print("\t".join(cells), markup=False)
        return
    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for cells in rows:
        table.add_row(*cells)
    out.print(table)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl+C ends a run with a sentence."""
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(
            "Stopped. Reports that were finished are whole and listed; nothing is half-written."
        ) from None


@contextmanager
def _progress(title: str) -> Iterator[Any]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def step(name: str, done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, description=f"{title}: {name}" if name else title)

        yield step
