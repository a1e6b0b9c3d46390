"""Where numbers come from: links from a figure to the words that hold it, and the list of sources of a page."""

from __future__ import annotations

import re
from html import escape

import pandas as pd

from analysis.sources.catalogue import Published
from analysis.sources.cited import published_of

_MARK = re.compile(r"\[\[([A-Z0-9.;]+)\]\]")
MOST_LINKS = 4
#: Quotes of one source that stand open on a page.
MOST_QUOTES = 12


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


#: The way from a report, in <area>/<year>, to the folder of all reports.
_ROOT = "../../"


def definition_address(indicator: str) -> str:
    """Return where a report finds the page of an indicator."""
    return f"{_ROOT}definitions/{indicator}.html"


def source_address(figure: str) -> str:
    """Return where a report finds the words that hold a figure, on the page of its source.

    Example:
        >>> source_address("NCS21.011")
        '../../sources/nottingham_scrutiny_2021_05.html#figure-NCS21.011'
    """
    return f"{_ROOT}sources/{source_of(figure).id}.html#{anchor(figure)}"


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


def sources_html(used: pd.DataFrame) -> str:
    """Return the list of sources of figures, each figure with its place and its words.

    Args:
        used: the figures cited, one row each; those that are not ``in_full`` (the figures of all other authorities,
            which nothing on the page links to) are named without their words, which stand in the file of rows.
    """
    parts = [_document_html(rows) for _, rows in used.groupby("source", sort=False)]
    return "".join(parts) or "<p>No figure was used: the documents held here give none for this place and year.</p>"


def _document_html(rows: pd.DataFrame) -> str:
    source = source_of(rows["figure"].iloc[0])
    note = f" {escape(source.note)}" if source.note else ""
    return (
        f'<h3><a href="{_ROOT}sources/{source.id}.html">{escape(rows["citation"].iloc[0])}</a></h3>'
        f'<p class="small">Covers {escape(source.covers[:1].lower() + source.covers[1:])}.{note}</p>'
        + _folded(rows[rows["in_full"]])
        + _others_html(list(rows.loc[~rows["in_full"], "figure"]))
    )


def _folded(rows: pd.DataFrame) -> str:
    """Quotes of a source; a long list stays closed until a reader, or a link into it, opens it."""
    quotes = quotes_html(rows)
    if rows["quote"].nunique() <= MOST_QUOTES:
        return quotes
    return f'<details class="data"><summary>Its {len(rows)} figures, each with its words</summary>{quotes}</details>'


def quotes_html(rows: pd.DataFrame) -> str:
    """Return figures with their places and words, those of one quote together; blank where there are none."""
    quoted = rows.assign(quote=rows["quote"].fillna(""))
    items = "".join(_quote_html(same) for _, same in quoted.groupby("quote", sort=False))
    return f'<dl class="figures">{items}</dl>' if items else ""


def _others_html(figures: list[str]) -> str:
    if not figures:
        return ""
    named = ", ".join(escape(figure) for figure in figures)
    return f'<p class="small">Figures of all other authorities, each with its place and its words in the file of rows: {named}.</p>'


def _quote_html(rows: pd.DataFrame) -> str:
    """One quote, with all the figures that were read from it."""
    names = " ".join(f'<dt id="{anchor(figure)}">{escape(figure)}</dt>' for figure in rows["figure"])
    words = f"{escape(place_of(rows))} {escape(' '.join(remarks_of(rows)))}"
    return f"<div>{names}<dd>{_words_html(rows['quote'].iloc[0])} {words}</dd></div>"


def _words_html(quote: str) -> str:
    return f"<q>{escape(quote)}</q>" if quote else "The words that hold it are not recorded."


def remarks_of(rows: pd.DataFrame) -> list[str]:
    """Return what a reader must know of figures of one quote: that a period is inferred, and notes on transcription."""
    inferred = ["Period inferred."] if (rows["period_basis"] == "inferred").any() else []
    return inferred + [_sentence(note) for note in dict.fromkeys(rows["note"]) if isinstance(note, str) and note]


def place_of(rows: pd.DataFrame) -> str:
    """Return where figures of one quote stand: columns of one row are named together."""
    halves = [locator.partition(", column ") for locator in dict.fromkeys(rows["locator"])]
    if len(halves) > 1 and len({head for head, _, _ in halves}) == 1:
        return _sentence(f"{halves[0][0]}, columns {', '.join(column for _, _, column in halves)}")
    return _sentence("; ".join("".join(parts) for parts in halves))


def _sentence(text: str) -> str:
    return f"{text[:1].upper() + text[1:]}."
