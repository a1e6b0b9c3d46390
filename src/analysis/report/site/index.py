"""The list of every report that there is, by place, year and question, with a search over what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.report.exhibited import slug
from analysis.report.formats import FORMATS
from analysis.report.look import SITE, navigation, render
from analysis.report.site.made import Made

TITLE = f"{SITE}: all reports"


@dataclass(frozen=True)
class Card:
    """A report in the list."""

    kind: str
    address: str
    question: str
    headline: str
    also: list[tuple[str, str]]


@dataclass
class Year:
    """The reports of one year."""

    label: str
    cards: list[Card] = field(default_factory=list)


@dataclass
class Place:
    """The reports of one area."""

    name: str
    slug: str
    years: list[Year] = field(default_factory=list)


def index_html(reports: Sequence[Made]) -> str:
    """Return the page that lists reports."""
    values = {
        "title": TITLE,
        "navigation": navigation("", here="index.html"),
        "places": _places(reports),
        "questions": _by_question(reports),
        "filters": [
            ("place", "Place", list(dict.fromkeys(report.area for report in reports))),
            ("year", "Year", sorted({report.year for report in reports}, reverse=True)),
            ("question", "Question", sorted({report.entry.question for report in reports})),
        ],
    }
    return render("index.html", values, root="")


def _places(reports: Sequence[Made]) -> list[Place]:
    places: list[Place] = []
    for report in reports:
        if not places or places[-1].name != report.area:
            places.append(Place(report.area, slug(report.area)))
        years = places[-1].years
        if not years or years[-1].label != report.year:
            years.append(Year(report.year))
        years[-1].cards.append(_card(report))
    return places


def _card(report: Made) -> Card:
    also = [
        (words, f"{report.folder}/{report.name}.{ending}")
        for ending, words in FORMATS.items()
        if ending != "html" and f"{report.name}.{ending}" in report.entry.files
    ]
    return Card(report.entry.kind, report.address, report.entry.question, report.entry.headline, also)


def _by_question(reports: Sequence[Made]) -> list[tuple[str, list[tuple[str, str]]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for report in sorted(reports, key=lambda item: item.name):
        found.setdefault(report.entry.question, []).append((report.place, report.address))
    return list(found.items())
