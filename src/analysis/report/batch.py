"""Making reports of one area and year: check everything, run, export, write, list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError
from analysis.indicators.observations import load_figures, require_held
from analysis.periods import parse_year
from analysis.report.export import export_report
from analysis.report.files import require_writable, write_whole
from analysis.report.formats import require_tools
from analysis.report.manifest import Entry, entry_of, read_manifest, write_manifest
from analysis.report.runner import find_notebook, list_notebooks, run_notebook
from analysis.report.signature import read_signature, require_parameters
from analysis.report.site.changes import Change, change_of
from analysis.report.site.writing import write_site
from analysis.sources.areas import Area, find_area
from analysis.sources.returns.looking import holds_returns

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Making:
    """How reports are made.

    Attributes:
        formats: of ``formats.FORMATS``; the page is always made.
        code: whether pages have the code of each step, behind a disclosure.
        reference_doc: a Word document whose styles are taken.
    """

    formats: tuple[str, ...] = ("html",)
    code: bool = False
    reference_doc: Path | None = None


@dataclass(frozen=True)
class Job:
    """One report that is to be made.

    Attributes:
        name: with which its files begin.
        notebook: the file of the notebook.
        parameters: a value for each of its parameters.
        kind: report or briefing.
    """

    name: str
    notebook: Path
    parameters: Mapping[str, Any]
    kind: str = "report"


@dataclass(frozen=True)
class Order:
    """What is to be made: everything has been checked, and nothing has been run.

    Attributes:
        area: the area's name.
        year: the year's label.
        folder: where the reports of this area and year go.
        root: the folder of all reports.
        jobs: the reports.
        making: how they are made.
    """

    area: str
    year: str
    folder: Path
    root: Path
    jobs: tuple[Job, ...]
    making: Making = field(default_factory=Making)


@dataclass(frozen=True)
class Outcome:
    """What was made.

    Attributes:
        pages: the pages written, by report.
        failures: what went wrong, by report.
        index: the list of all reports.
    """

    pages: Mapping[str, Path]
    failures: Mapping[str, AnalysisError]
    index: Path


def make_order(
    notebooks: Sequence[str],
    *,
    area: str,
    year: str,
    output: Path,
    given: Mapping[str, Any] | None = None,
    making: Making | None = None,
) -> Order:
    """Return a checked order: notebooks, area, year, parameters, folder and tools are all good before any kernel starts.

    Args:
        notebooks: names or numbers; all where there are none.
        area: name or code.
        year: a financial year.
        output: the folder of all reports.
        given: further parameters by name.
        making: how the reports are made.

    Raises:
        UnknownNameError: a name, type, area or year that is not known or held.
        DataError: a data file breaks its contract.
        OutputError: the folder cannot be written to, or the tool of a format is missing.
    """
    given = given or {}
    names = list(dict.fromkeys(find_notebook(name) for name in notebooks)) or _usual(with_returns(given))
    paths = {name: list_notebooks()[name] for name in names}
    if any(RETURNS in read_signature(path) for path in paths.values()):
        given = with_returns(given)
    only_records = bool(given.get(RETURNS)) and not given.get("data")
    place, label = (find_area(area), parse_year(year)) if only_records else require_place(area, year, given)
    values = {"area": place.name, "year": label, **given}
    jobs = tuple(job_of(name, path, _taken(values, path, paths.values())) for name, path in paths.items())
    return order_of(jobs, place, label, output=output, making=making or Making())


#: The parameter that names a folder of child-level returns, and the folder for what was counted from them.
RETURNS, RESTRICTED = "returns", "restricted"


def with_returns(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return parameters with the folder of data as that of returns, where it holds returns and no other is given."""
    data = str(given.get("data", ""))
    return given if given.get(RETURNS) or not holds_returns(data) else {**given, RETURNS: data}


def _usual(given: Mapping[str, Any]) -> list[str]:
    """The notebooks that are run where none is named: those that read records only where records are given, and then alone
    where nothing else is."""
    of_records = {name for name, path in list_notebooks().items() if RETURNS in read_signature(path)}
    if not given.get(RETURNS):
        return [name for name in list_notebooks() if name not in of_records]
    return [name for name in list_notebooks() if name in of_records or given.get("data")]


def _taken(values: Mapping[str, Any], notebook: Path, notebooks: Iterable[Path]) -> dict[str, Any]:
    """Return the values that a notebook takes; one that none of the notebooks takes stays, to be refused by its name."""
    own = read_signature(notebook)
    any_takes = {name for path in notebooks for name in read_signature(path)}
    return {name: value for name, value in values.items() if name in own or name not in any_takes}


def require_place(area: str, year: str, given: Mapping[str, Any]) -> tuple[Area, str]:
    """Return the area and year that two texts name, if the figures held, or those of the folder given, have any for them."""
    figures = load_figures(str(given.get("data", "")), area=find_area(area).code)
    return require_held(figures, area=area, year=year)


def job_of(name: str, notebook: Path, values: Mapping[str, Any], *, kind: str = "report") -> Job:
    """Return a report that can be made: its notebook takes these values."""
    return Job(name, notebook, require_parameters(read_signature(notebook), values, notebook=notebook.stem), kind)


def order_of(jobs: tuple[Job, ...], place: Area, year: str, *, output: Path, making: Making) -> Order:
    """Return an order whose tools are there and whose folder can be written to."""
    require_tools(making.formats, reference_doc=making.reference_doc)
    # What was counted from records is kept apart from what everybody may see.
    root = output / RESTRICTED if any(_of_records(job.parameters) for job in jobs) else output
    folder = require_writable(root / place.slug / year)
    return Order(place.name, year, folder, root, jobs, making)


def _of_records(parameters: Mapping[str, Any]) -> bool:
    return bool(parameters.get(RETURNS)) or holds_returns(str(parameters.get("data", "")))


def make_reports(order: Order, *, progress: Progress = lambda _name, _done, _all: None) -> Outcome:
    """Run the notebooks of an order and write their reports; one that fails does not stop the others.

    Args:
        order: as from :func:`make_order`.
        progress: called with a report's name, how many are done and how many there are.

    Raises:
        OutputError: a file cannot be written.
    """
    pages: dict[str, Path] = {}
    failures: dict[str, AnalysisError] = {}
    entries: dict[str, Entry] = {}
    try:
        for done, job in enumerate(order.jobs):
            progress(job.name, done, len(order.jobs))
            try:
                entries[job.name] = _make_one(job, order)
                pages[job.name] = order.folder / f"{job.name}.html"
            except AnalysisError as error:
                failures[job.name] = error
    finally:
        # Whatever stops the run, the reports that are done are listed.
        index = _list(order, entries, failures)
    progress("", len(order.jobs), len(order.jobs))
    return Outcome(pages, failures, index)


def _make_one(job: Job, order: Order) -> Entry:
    failed = order.folder / f"{job.name}.failed.ipynb"
    notebook = run_notebook(job.notebook, job.parameters, failed=failed)
    making = order.making
    report = export_report(
        notebook, name=job.name, area=order.area, year=order.year, kind=job.kind,
        formats=making.formats, code=making.code, reference_doc=making.reference_doc,
    )  # fmt: skip
    for path, content in report.files.items():
        write_whole(order.folder / path, content)
    failed.unlink(missing_ok=True)
    return entry_of(report, job.parameters)


def _list(order: Order, entries: Mapping[str, Entry], failures: Mapping[str, AnalysisError]) -> Path:
    changes = list(_changes(order, entries, failures))
    if entries:
        write_manifest(order.folder, area=order.area, year=order.year, entries=entries)
    return write_site(order.root, changes=changes)


def _changes(
    order: Order, entries: Mapping[str, Entry], failures: Mapping[str, AnalysisError]
) -> Iterator[Change]:  # fmt: skip
    """What this run changes in each report, as long as the manifest still says what they were."""
    before = read_manifest(order.folder)
    known = before.reports if before else {}
    place, folder = f"{order.area}, {order.year}", order.folder.relative_to(order.root).as_posix()
    for name, entry in entries.items():
        yield change_of(known.get(name), entry, place=place, address=f"{folder}/{name}.html")
    for name in failures:
        yield Change(place, known[name].question if name in known else name, "", "failed")
