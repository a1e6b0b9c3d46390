"""A page for each indicator: what it is, how to read it, what to beware of, and where it is used."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.indicators.definitions import Indicator, load_indicators
from analysis.present.exhibits import HOW_TO_READ
from analysis.present.formatting import listed
from analysis.report.look import navigation, render
from analysis.report.site.made import Made
from analysis.sources.catalogue import load_caveats
from analysis.sources.cited import published_of
from analysis.vocabulary import Comparator

FOLDER = "definitions"
_ROOT = "../"
_MEASURED = {"stock": "at the end of a period (a stock)", "flow": "over a period (a flow)"}
_COMPARED: dict[Comparator, str] = {
    "statistical_neighbours": "its statistical neighbours",
    "region": "its region",
    "england": "England",
    "target": "a target",
}


def definition_pages(figures: pd.DataFrame, reports: Sequence[Made]) -> dict[str, str]:
    """Return the page of each indicator and the list of them, by their paths in the folder of all reports.

    Args:
        figures: as from ``made.known_figures``.
        reports: the reports.
    """
    indicators = load_indicators()
    held = {str(name): list(rows["figure"]) for name, rows in figures.groupby("indicator")}
    pages = {f"{FOLDER}/{name}.html": _page(item, held.get(name, []), reports) for name, item in indicators.items()}
    by_name = sorted(indicators.values(), key=lambda item: item.name.casefold())
    values = {
        "title": "Definitions of indicators",
        "navigation": navigation(_ROOT, here=f"{FOLDER}/index.html"),
        "lead": "What each indicator counts, the official definition and its source, and how to read it.",
        "items": [(f"{item.id}.html", item.name, item.definition) for item in by_name],
    }
    return {**pages, f"{FOLDER}/index.html": render("list.html", values, root=_ROOT)}


def _page(item: Indicator, figures: Sequence[str], reports: Sequence[Made]) -> str:
    used = [report for report in reports if item.id in report.entry.measures]
    caveats = load_caveats()
    values = {
        "title": item.name,
        "navigation": navigation(_ROOT),
        "item": item,
        "unit": "per cent" if item.is_percentage else item.unit,
        "measured": _MEASURED[item.measured],
        "how_to_read": HOW_TO_READ[item.polarity],
        "uncertainty": _uncertainty(item),
        "comparators": listed([_COMPARED[name] for name in item.comparators]),
        "breakdowns": listed([topic.lower() for topic in item.breakdowns]),
        "read_with": [(f"{name}.html", load_indicators()[name].name) for name in item.read_with],
        "caveats": [caveats[key].text for key in item.caveats],
        "used_in": [(f"{_ROOT}{report.address}", f"{report.place}: {report.entry.question}") for report in used],
        "sources": _sources(figures),
    }
    return render("definition.html", values, root=_ROOT)


def _uncertainty(item: Indicator) -> str:
    if item.interval.method == "none":
        return f"No interval is given: {item.interval.where_missing}."
    return f"Interval: {item.interval.method}. There is none where {item.interval.where_missing}."


def _sources(figures: Sequence[str]) -> list[tuple[str, str]]:
    found = {source.id: source for source in (published_of(figure) for figure in figures)}
    return [(f"{_ROOT}sources/{name}.html", source.short) for name, source in found.items()]
