"""Making the reports of one area and year: check everything, run, export, write, list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError
from analysis.indicators.observations import load_figures, require_held
from analysis.report.export import export_report
from analysis.report.files import require_writable, write_whole
from analysis.report.manifest import Entry, entry_of, write_manifest
from analysis.report.runner import find_notebook, list_notebooks, run_notebook
from analysis.report.signature import read_signature, require_parameters
from analysis.report.site import write_index
from analysis.sources.areas import find_area

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Order:
    """What is to be made: everything has been checked, and nothing has been run.

    Attributes:
        area: the area's name.
        year: the year's label.
        folder: where the reports of this area and year go.
        root: the folder of all reports.
        parameters: for each notebook, a value for each of its parameters.
    """

    area: str
    year: str
    folder: Path
    root: Path
    parameters: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What was made.

    Attributes:
        pages: the pages written, by notebook.
        failures: what went wrong, by notebook.
        index: the list of all reports.
    """

    pages: Mapping[str, Path]
    failures: Mapping[str, AnalysisError]
    index: Path


def make_order(
    notebooks: Sequence[str], *, area: str, year: str, output: Path, given: Mapping[str, Any] | None = None
) -> Order:
    """Return a checked order: notebooks, area, year, parameters and folder are all good before any kernel starts.

    Args:
        notebooks: names or numbers; all where there are none.
        area: name or code.
        year: a financial year.
        output: the folder of all reports.
        given: further parameters by name.

    Raises:
        UnknownNameError: a name, type, area or year that is not known or held.
        DataError: a data file breaks its contract.
        OutputError: the folder cannot be written to.
    """
    names = list(dict.fromkeys(find_notebook(name) for name in notebooks)) or list(list_notebooks())
    further = dict(given or {})
    figures = load_figures(str(further.get("data", "")), area=find_area(area).code)
    place, label = require_held(figures, area=area, year=year)
    values = {"area": place.name, "year": label, **further}
    parameters = {
        name: require_parameters(read_signature(list_notebooks()[name]), values, notebook=name) for name in names
    }
    folder = require_writable(output / place.slug / label)
    return Order(place.name, label, folder, output, parameters)


def make_reports(order: Order, *, progress: Progress = lambda _name, _done, _all: None) -> Outcome:
    """Run the notebooks of an order and write their reports; one that fails does not stop the others.

    Args:
        order: as from :func:`make_order`.
        progress: called with a notebook's name, how many are done and how many there are.

    Raises:
        OutputError: a file cannot be written.
    """
    pages: dict[str, Path] = {}
    failures: dict[str, AnalysisError] = {}
    entries: dict[str, Entry] = {}
    try:
        for done, (name, values) in enumerate(order.parameters.items()):
            progress(name, done, len(order.parameters))
            try:
                entries[name] = _make_one(name, values, order)
                pages[name] = order.folder / f"{name}.html"
            except AnalysisError as error:
                failures[name] = error
    finally:
        # Whatever stops the run, the reports that are done are listed.
        index = _list(order, entries)
    progress("", len(order.parameters), len(order.parameters))
    return Outcome(pages, failures, index)


def _list(order: Order, entries: Mapping[str, Entry]) -> Path:
    if entries:
        write_manifest(order.folder, area=order.area, year=order.year, entries=entries)
    return write_index(order.root)


def _make_one(name: str, values: Mapping[str, Any], order: Order) -> Entry:
    failed = order.folder / f"{name}.failed.ipynb"
    notebook = run_notebook(list_notebooks()[name], values, failed=failed)
    report = export_report(notebook, name=name, area=order.area, year=order.year)
    for path, content in report.files.items():
        write_whole(order.folder / path, content)
    failed.unlink(missing_ok=True)
    return entry_of(report, values)
