"""The commands ``analysis report`` and ``analysis lab``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.commands.console import (
    Area,
    DataFolder,
    Formats,
    Further,
    OutputFolder,
    ReferenceDoc,
    YearLabel,
    err,
    out,
    progress,
    require_open,
    stoppable,
    warn_of_left_out,
)
from analysis.errors import DataError, NotebookFailedError, UnknownNameError

if TYPE_CHECKING:
    from analysis.report.batch import Order

#: JupyterLab would ask the network for news and for a newer version; nothing here does so unasked.
QUIET_LAB = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")


def report_command(
    notebooks: Annotated[list[str] | None, typer.Argument(help="Names or numbers of notebooks; all if none.")] = None,
    area: Area = "Nottingham",
    year: YearLabel = "2020-21",
    data: DataFolder = "",
    returns: Annotated[str, typer.Option(help="A folder of child-level returns, to be checked and counted.")] = "",
    output: OutputFolder = None,
    formats: Formats = "html",
    reference_doc: ReferenceDoc = None,
    code: Annotated[bool, typer.Option("--code", help="Show the code of each step on the page.")] = False,
    set_: Further = None,
) -> None:
    """Run notebooks for an area and a year, and write their reports."""
    from analysis.report.batch import Making, make_order
    from analysis.report.formats import parse_formats
    from analysis.sources.folders import project_folder

    require_open(data)
    require_open(returns)
    if returns and not Path(returns).exists():
        raise DataError(f"{returns} is not there. Give the folder of the return to --returns.")
    making = Making(parse_formats(formats), code, reference_doc)
    folder = output or project_folder() / "outputs"
    folders = {"data": data, "returns": str(Path(returns).resolve()) if returns else ""}
    given = given_by(set_ or []) | {name: value for name, value in folders.items() if value}
    order = make_order(notebooks or [], area=area, year=year, output=folder, given=given, making=making)
    warn_of_left_out(data)
    make_and_tell(order)


def make_and_tell(order: Order) -> None:
    """Make the reports of an order, show progress, and say what was written and what failed."""
    from analysis.report.batch import make_reports

    with stoppable(), progress(f"{order.area}, {order.year}") as step:
        outcome = make_reports(order, progress=step)
    others = [item for item in order.making.formats if item != "html"]
    for page in outcome.pages.values():
        also = f" (and {', '.join(others)})" if others else ""
        out.print(f"Written: {page}{also}", markup=False)
    out.print(f"All reports: {outcome.index}", markup=False)
    for failure in outcome.failures.values():
        err.print(str(failure), style="red", markup=False)
    if outcome.failures:
        raise typer.Exit(NotebookFailedError.exit_code)


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


def given_by(texts: list[str]) -> dict[str, Any]:
    """Return parameters by name from texts such as ``confidence=0.998``.

    Raises:
        UnknownNameError: one is not of that form.
    """
    from analysis.report.signature import parse_value

    given = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UnknownNameError(f"--set {text!r}: expected NAME=VALUE, such as confidence=0.998.")
        given[name.strip()] = parse_value(value.strip())
    return given
