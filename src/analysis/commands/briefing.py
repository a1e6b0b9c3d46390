"""The command ``analysis briefing``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.console import out, warn_of_left_out
from analysis.commands.reports import given_by, make_and_tell


def briefing_command(
    indicator: Annotated[str | None, typer.Option(help="Id or any name of an indicator, such as NI 65.")] = None,
    question: Annotated[str | None, typer.Option(help="A question in plain words, in place of an indicator.")] = None,
    area: Annotated[str, typer.Option(help="Name or nine-character code.")] = "Nottingham",
    year: Annotated[str, typer.Option(help="A financial year, such as 2020-21.")] = "2020-21",
    data: Annotated[str, typer.Option(help="A folder of official files, such as data/raw.")] = "",
    output: Annotated[Path | None, typer.Option(help="The folder of all reports; outputs if none.")] = None,
    formats: Annotated[str, typer.Option(help="Of html, pdf, docx, xlsx and ods, parted by commas.")] = "html",
    reference_doc: Annotated[
        Path | None, typer.Option(help="A Word document whose styles are taken, such as the council's template.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A further parameter, such as confidence=0.998.")
    ] = None,
) -> None:
    """Answer one question about an area and a year on at most two pages."""
    from analysis.report.batch import Making
    from analysis.report.briefing import choose_indicator, order_briefing
    from analysis.report.formats import parse_formats
    from analysis.sources.folders import project_folder

    making = Making(parse_formats(formats), reference_doc=reference_doc)
    taken = choose_indicator(indicator, question)
    given = given_by(set_ or []) | ({"data": data} if data else {})
    order = order_briefing(
        taken, area=area, year=year, output=output or project_folder() / "outputs",
        asked=question or "", given=given, making=making,
    )  # fmt: skip
    if question is not None:
        near = f" It came near to {', '.join(item.id for item in taken.near)} too." if taken.near else ""
        out.print(f"Taken to be about: {taken.indicator.name} ({taken.indicator.id}).{near}", markup=False)
    warn_of_left_out(data)
    make_and_tell(order)
