"""The register of all places on one page: where the transcribed documents contradict themselves and each other."""

from __future__ import annotations

from html import escape

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_register
from analysis.present.formatting import number
from analysis.present.registers import DISAGREES, UNDECIDED, by_subject_html, undecided_html
from analysis.report.look import navigation, render
from analysis.report.site.sources import FOLDER
from analysis.sources.cited import published_of

ADDRESS = "disagreements.html"
_MOST_LINKS = 4


def disagreement_page(figures: pd.DataFrame) -> dict[str, str]:
    """Return the page, by its path in the folder of all reports.

    Args:
        figures: those transcribed, with ``quote``.
    """
    register = load_register()
    quotes = dict(zip(figures["figure"], figures["quote"], strict=True))
    places = [_place(str(area), rows, quotes) for area, rows in register.groupby("area", sort=True)]
    values = {
        "title": "Where the sources disagree",
        "navigation": navigation("", here=ADDRESS),
        "lead": _lead(register),
        # Places where nothing disagrees come last: most are named once in a report on another.
        "places": sorted(
            (place for place in places if place["disagree"] or place["undecided"]),
            key=lambda place: not place["disagree"],
        ),
    }
    return {ADDRESS: render("disagreements.html", values, root="")}


def _lead(register: pd.DataFrame) -> str:
    counts = register["verdict"].value_counts()
    disagree = register[register["verdict"] == DISAGREES]
    judged, last = int((disagree["judged"] == "yes").sum()), int((disagree["size"] != "").sum())
    return (
        f"{number(len(register))} checks of the figures and claims of the documents could be made: {number(counts.get('agrees', 0))} agree, "
        f"{number(counts.get(DISAGREES, 0))} disagree and {number(counts.get(UNDECIDED, 0))} cannot be decided. Of those that disagree "
        f"{number(last)} go no further than the last digit, and {number(judged)} rest on how words or dates are read."
    )


def _place(area: str, rows: pd.DataFrame, quotes: dict[str, str]) -> dict[str, str]:
    disagree, undecided = rows[rows["verdict"] == DISAGREES], rows[rows["verdict"] == UNDECIDED]
    indicators = load_indicators()
    return {
        "name": area,
        "disagree": by_subject_html(disagree, indicators, quotes, link=_links),
        "undecided": undecided_html(undecided, indicators, link=_links) if len(undecided) else "",
        "how_many": number(len(undecided)),
    }


def _links(text: str) -> str:
    """Identifiers as links to the words that hold them, on the pages of their sources."""
    names = list(dict.fromkeys(name for name in text.split(";") if name))
    shown = names if len(names) <= _MOST_LINKS else names[:1]
    more = "" if len(shown) == len(names) else f" and {len(names) - 1} more"
    links = [
        f'<a href="{FOLDER}/{published_of(name).id}.html#figure-{escape(name)}">{escape(name)}</a>' for name in shown
    ]
    return " ".join(links) + more
