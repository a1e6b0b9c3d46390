"""The command ``analysis briefing``."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.commands.console import (
    Area,
    DataFolder,
    Formats,
    Further,
    OutputFolder,
    ReferenceDoc,
    YearLabel,
    out,
    require_open,
    warn_of_left_out,
)
from analysis.commands.reports import given_by, make_and_tell


def briefing_command(
    indicator: Annotated[str | None, typer.Option(help="Id or any name of an indicator, such as NI 65.")] = None,
    question: Annotated[str | None, typer.Option(help="A question in plain words, in place of an indicator.")] = None,
    area: Area = "Nottingham",
    year: YearLabel = "2020-21",
    data: DataFolder = "",
    output: OutputFolder = None,
    formats: Formats = "html",
    reference_doc: ReferenceDoc = None,
    set_: Further = None,
) -> None:
    """Answer one question about an area and a year on at most two pages."""
    from analysis.report.batch import Making
    from analysis.report.briefing import choose_indicator, order_briefing
    from analysis.report.formats import parse_formats
    from analysis.sources.folders import project_folder

    require_open(data)
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
