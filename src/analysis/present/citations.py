"""Where numbers come from: links from a figure to the words that hold it, and the list of sources of a page."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape

import pandas as pd

from analysis.sources.catalogue import Published
from analysis.sources.cited import published_of

_MARK = re.compile(r"\[\[([A-Z0-9.;]+)\]\]")
MOST_LINKS = 4


def source_of(figure: str) -> Published:
    """Return what a figure's identifier belongs to: a document, a release, or a group worked out here.

    Example:
        >>> source_of("NCS21.011").short
        'Nottingham scrutiny report, May 2021'
    """
    return published_of(figure)


def source_line(cites: list[str]) -> str:
    """Return the documents that figures come from, for the line below a chart."""
    names = list(dict.fromkeys(source_of(figure).short for figure in cites))
    return f"Source: {'; '.join(names)}." if names else ""


def anchor(figure: str) -> str:
    """Return the id under which the page lists a figure."""
    return f"figure-{figure}"


def figure_links(text: str) -> str:
    """Return identifiers, parted by semicolons, as links to the page's list of sources."""
    figures = list(dict.fromkeys(figure for figure in text.split(";") if figure))
    links = [f'<a href="#{anchor(figure)}">{escape(figure)}</a>' for figure in figures]
    if len(links) <= MOST_LINKS:
        return " ".join(links)
    # A sum of many rows would drown its table: the first is linked, and the list of sources has them all.
    return f"{links[0]} and {len(links) - 1} more"


def sentence_html(text: str) -> str:
    """Return a sentence as HTML, its citation marks as small links."""

    def link(match: re.Match[str]) -> str:
        return f'<sup class="cite">{figure_links(match[1])}</sup>'

    return _MARK.sub(link, escape(text, quote=False))


def sources_html(figures: pd.DataFrame, cites: list[str], *, also: Collection[str] = ()) -> str:
    """Return the list of sources of exactly the figures cited, each figure with its place and its words.

    Args:
        figures: the observation table.
        cites: the identifiers, in any order.
        also: those of them that nothing on the page links to, such as the figures of all other authorities: they are
            named without their words, which stand in the file of rows.
    """
    # The same figure can stand in several tables: its identifier stands on the page once.
    used = figures[figures["figure"].isin(cites)].drop_duplicates("figure")
    parts = [_document_html(rows, also) for _, rows in used.groupby("source", sort=False)]
    return "".join(parts) or "<p>No figure was used: the documents held here give none for this place and year.</p>"


def _document_html(rows: pd.DataFrame, also: Collection[str]) -> str:
    source = source_of(rows["figure"].iloc[0])
    note = f" {escape(source.note)}" if source.note else ""
    in_full = rows[~rows["figure"].isin(also)]
    items = "".join(_quote_html(same) for _, same in in_full.groupby("quote", sort=False))
    return (
        f"<h3>{escape(rows['citation'].iloc[0])}</h3>"
        f'<p class="small">Covers {escape(source.covers[:1].lower() + source.covers[1:])}.{note}</p>'
        + (f'<dl class="figures">{items}</dl>' if items else "")
        + _others_html([figure for figure in rows["figure"] if figure in also])
    )


def _others_html(figures: list[str]) -> str:
    if not figures:
        return ""
    named = ", ".join(escape(figure) for figure in figures)
    return f'<p class="small">Figures of all other authorities, each with its place and its words in the file of rows: {named}.</p>'


def _quote_html(rows: pd.DataFrame) -> str:
    """One quote, with all the figures that were read from it."""
    names = " ".join(f'<dt id="{anchor(figure)}">{escape(figure)}</dt>' for figure in rows["figure"])
    inferred = "Period inferred. " if (rows["period_basis"] == "inferred").any() else ""
    notes = "".join(f"{_sentence(note)} " for note in dict.fromkeys(rows["note"]) if isinstance(note, str) and note)
    place = _sentence(_places(list(rows["locator"])))
    return f"<div>{names}<dd><q>{escape(rows['quote'].iloc[0])}</q> {place} {inferred}{notes}</dd></div>"


def _places(locators: list[str]) -> str:
    """Where figures of one quote stand: columns of one row are named together."""
    halves = [locator.partition(", column ") for locator in dict.fromkeys(locators)]
    if len(halves) > 1 and len({head for head, _, _ in halves}) == 1:
        return f"{halves[0][0]}, columns {', '.join(column for _, _, column in halves)}"
    return "; ".join("".join(parts) for parts in halves)


def _sentence(text: str) -> str:
    return f"{escape(text[:1].upper() + text[1:])}."
