"""The briefing: one question answered on two pages, for any indicator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.errors import UnknownNameError
from analysis.indicators.asking import Taken, find_asked
from analysis.indicators.briefed import require_of_all_children
from analysis.indicators.definitions import find_indicator
from analysis.indicators.observations import load_figures
from analysis.report.batch import Making, Order, job_of, order_of, require_place
from analysis.sources.areas import find_area
from analysis.sources.folders import notebooks_folder

NOTEBOOK = "briefing.ipynb"


def choose_indicator(indicator: str | None, question: str | None) -> Taken:
    """Return the indicator that is named, or that a question is about.

    Args:
        indicator: id or any name.
        question: in plain words.

    Raises:
        UnknownNameError: both or neither are given, or nothing is found.
    """
    if (indicator is None) == (question is None):
        raise UnknownNameError(
            "A briefing needs --indicator or --question, one of the two. For example: --indicator cp_plan_rate, or "
            '--question "why are we above our neighbours on repeat plans". `analysis list indicators` shows what there is.'
        )
    if question is not None:
        return find_asked(question)
    found = find_indicator(indicator or "")
    return Taken(found, found.name, ())


def order_briefing(
    taken: Taken,
    *,
    area: str,
    year: str,
    output: Path,
    asked: str = "",
    given: Mapping[str, Any] | None = None,
    making: Making | None = None,
) -> Order:
    """Return a checked order for a briefing; give it to ``batch.make_reports``.

    Args:
        taken: the indicator, as from :func:`choose_indicator`.
        area: name or code.
        year: a financial year.
        output: the folder of all reports.
        asked: the question as it was put.
        given: further parameters by name.
        making: how it is made.

    Raises:
        UnknownNameError: a name, type, area or year that is not known or held, or an indicator that is only given by groups.
        DataError: a data file breaks its contract.
        OutputError: the folder cannot be written to, or the tool of a format is missing.
    """
    further = dict(given or {})
    place, label = require_place(area, year, further)
    figures = load_figures(str(further.get("data", "")), area=find_area(area).code)
    require_of_all_children(figures, taken.indicator, area_code=place.code)
    values = {"area": place.name, "year": label, "indicator": taken.indicator.id, "asked": asked, **further}
    job = job_of(f"briefing_{taken.indicator.id}", notebooks_folder() / NOTEBOOK, values, kind="briefing")
    return order_of((job,), place, label, output=output, making=making or Making())
