"""A page for each source, with its figures and the words that hold them: where every number of a report leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.periods import parse_period
from analysis.present.citations import place_of, remarks_of
from analysis.present.formatting import quantity
from analysis.report.look import navigation, render
from analysis.report.site.made import Made
from analysis.sources.catalogue import Published, Source
from analysis.sources.cited import load_published, published_of
from analysis.vocabulary import STATUS_WORDS, TOTAL

FOLDER = "sources"
_ROOT = "../"
_TYPES = {
    "observed": "",
    "target": "target",
    "comparator": "comparator",
    "change": "change",
    "change_percent": "change",
}


@dataclass(frozen=True)
class Figure:
    """One figure: its identifier, and what it is in words."""

    id: str
    words: str


@dataclass(frozen=True)
class Group:
    """The figures that one quote holds."""

    figures: list[Figure]
    quote: str
    place: str
    note: str


@dataclass(frozen=True)
class Part:
    """The figures of one indicator."""

    indicator: str
    name: str
    groups: list[Group]


def source_pages(figures: pd.DataFrame, reports: Sequence[Made]) -> dict[str, str]:
    """Return the page of each source and the list of them, by their paths in the folder of all reports.

    Args:
        figures: those transcribed, and those that reports rest on, as from ``made.known_figures``.
        reports: the reports.
    """
    codes = figures["figure"].str.partition(".")[0]
    by_code = dict(iter(figures.groupby(codes, sort=False)))
    sources = load_published()
    pages = {
        f"{FOLDER}/{item.id}.html": _page(item, by_code.get(code, figures.iloc[:0]), reports)
        for code, item in sources.items()
    }
    values = {
        "title": "Sources",
        "navigation": navigation(_ROOT, here=f"{FOLDER}/index.html"),
        "lead": "The documents and official files from which figures are taken, each with its figures and their words.",
        "items": [(f"{item.id}.html", item.short, f"{item.title}. {item.publisher}.") for item in sources.values()],
    }
    return {**pages, f"{FOLDER}/index.html": render("list.html", values, root=_ROOT)}


def _page(source: Published, figures: pd.DataFrame, reports: Sequence[Made]) -> str:
    used = [report for report in reports if any(published_of(figure) is source for figure in report.entry.figures)]
    values = {
        "title": source.short,
        "navigation": navigation(_ROOT),
        "facts": [(name, value) for name, value in _facts(source) if value],
        "used_in": [(f"{_ROOT}{report.address}", f"{report.place}: {report.entry.question}") for report in used],
        "about": _about(source, len(figures)),
        "parts": list(_parts(figures)),
    }
    return render("source.html", values, root=_ROOT)


def _facts(source: Published) -> Iterator[tuple[str, str]]:
    yield "Title", source.title
    yield "Author", source.author
    yield "Publisher", source.publisher
    yield "Published", parse_period(source.published).words if "-" in source.published else source.published
    yield "Covers", source.covers
    yield "Licence", source.licence
    yield "Note", source.note
    if isinstance(source, Source):
        yield "Meeting", source.meeting
        yield "Transcribed on", parse_period(source.transcribed).words
        yield "Checksum of its text (SHA-256)", source.document_sha256


def _about(source: Published, number: int) -> str:
    if isinstance(source, Source):
        return f"All {number} figures that were transcribed from it, by indicator, with its words to the letter."
    if not number:
        return "No figure of it is used in a report that has been made."
    return f"The {number} figures of it that reports here rest on, by indicator. Each is a cell of a file, or is worked out from cells."


def _parts(figures: pd.DataFrame) -> Iterator[Part]:
    indicators = load_indicators()
    for name, rows in figures.groupby("indicator", sort=False):
        groups = [_group(same) for _, same in rows.groupby("quote", sort=False)]
        yield Part(str(name), indicators[str(name)].name, groups)


def _group(rows: pd.DataFrame) -> Group:
    return Group(
        [Figure(row["figure"], _words(row)) for _, row in rows.iterrows()],
        rows["quote"].iloc[0],
        place_of(rows),
        " ".join(remarks_of(rows)),
    )


def _words(row: pd.Series) -> str:
    of = "" if row["breakdown"] == TOTAL else f", {row['breakdown']}"
    kind = _TYPES[row["value_type"]]
    return f"{row['area_name']}, {parse_period(row['period']).words}{of}{f', {kind}' if kind else ''}: {_value(row)}."


def _value(row: pd.Series) -> str:
    indicator = load_indicators()[row["indicator"]]
    # Figures of a report come from its file, as text; those that were transcribed are numbers.
    value = pd.to_numeric(row["value"], errors="coerce")
    if pd.isna(value):
        return STATUS_WORDS.get(row["status"], "") or "no value"
    text = quantity(float(value), indicator, int(float(row["precision"])))
    return text if row["value_type"] != "change_percent" or indicator.is_percentage else f"{text}%"
