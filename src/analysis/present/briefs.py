"""What a briefing shows besides the exhibits of reports: its title, what goes with a figure, its limits, short sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import pandas as pd

from analysis.indicators.asking import find_asked
from analysis.indicators.definitions import Indicator
from analysis.present import narrative, tables
from analysis.present.citations import definition_address, figure_links, quotes_html, source_address, source_of
from analysis.present.exhibits import HOW_TO_READ, OF_OTHERS, Exhibit, figures_used, with_rows
from analysis.present.formatting import interval_of, listed, value_of
from analysis.present.phrases import POLARITY
from analysis.present.tabulating import Column, figures, period_of, table_of
from analysis.sources.catalogue import load_caveats
from analysis.vocabulary import NOT_HELD


def title(indicator: Indicator, *, asked: str = "") -> Exhibit:
    """Show the question of an indicator as the title, and below it what was asked and what it was taken for.

    Args:
        indicator: what the briefing is about.
        asked: the question as it was put; blank where the indicator was named.
    """
    said = _taken(indicator, asked) if asked else ""
    words = f'<p class="asked">{escape(said, quote=False)}</p>' if said else ""
    return Exhibit("title", "title", (indicator.question,), body=f"<h1>{escape(indicator.question)}</h1>{words}")


def short(exhibit: Exhibit, *, most: int = 2) -> Exhibit:
    """Return an exhibit with few sentences and without its caveats, which a briefing lists once.

    The headline has named the figure: what is kept does not name it again, where a chart shows it or another sentence says
    the rest. How to read the indicator stands in its definition.

    Args:
        exhibit: as a report shows it.
        most: how many sentences to keep.
    """
    named_before = exhibit.brief or exhibit.svg
    said = [exhibit.brief, *exhibit.sentences[1:]] if named_before else list(exhibit.sentences)
    kept = [text for text in said if text and not text.startswith(POLARITY)]
    return replace(exhibit, sentences=tuple(kept[:most]), caveats=())


def without_chart(exhibit: Exhibit) -> Exhibit:
    """Return an exhibit as its sentences alone: of what it draws, a briefing has no room for more."""
    return replace(exhibit, svg="", png=b"", alt="", table=None, rows=None)


def place(exhibit: Exhibit, indicator: Indicator) -> Exhibit:
    """Return an area's place among all; a number has none, as it is high where many children live.

    Args:
        exhibit: the rank.
        indicator: what is ranked.
    """
    if indicator.calculation != "count":
        return exhibit
    said = ("Numbers are not ranked, as they are high where many children live; rates and shares are.",)
    return replace(exhibit, sentences=said, cites=())


def read_with(rows: pd.DataFrame, indicators: Mapping[str, Indicator], *, of: Indicator) -> Exhibit:
    """Show the figures that an indicator is read with, beside the year before and the neighbours.

    Args:
        rows: one row an indicator, with ``other_*``, ``benchmark_*`` and ``direction`` against the year before.
        indicators: definitions by id.
        of: what the briefing is about.
    """
    held = rows[rows["value"].notna()]
    if not of.read_with:
        return Exhibit("read_with", "read_with", ("No other indicator is declared to be read with it.",))
    if held.empty:
        names = listed([indicators[name].noun for name in rows["indicator"]])
        lead = f"No figure that it is read with is held for {rows['area_name'].iloc[0]} in {rows['asked'].iloc[0]} ({names})."
        return with_rows("read_with", "read_with", [lead], None, rows)
    return with_rows("read_with", "read_with", _moved(rows, indicators), tables.overview(held, indicators), held)


def parts(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show the groups that an indicator is made of, topic by topic, in one table.

    Args:
        rows: shares of groups, with ``value`` and, where counts allow, an interval.
        indicators: definitions by id.
    """
    if rows.empty:
        return Exhibit("parts", "parts", ("It is given as a whole; no groups that it is made of are declared.",))
    topics = [group for _, group in rows.groupby(["indicator", "breakdown_topic"], sort=False)]
    sentences = [_made_of(group, indicators[group["indicator"].iloc[0]]) for group in topics]
    held = rows[rows["status"] != NOT_HELD]
    table = _parts_table(held, indicators) if len(held) else None
    return with_rows("parts", "parts", sentences, table, held if len(held) else rows)


def limits(indicator: Indicator, *shown: Exhibit) -> Exhibit:
    """List what to beware of: of the answer in full, of all else in a few words.

    Args:
        indicator: what the briefing is about.
        shown: the exhibits of the page as reports show them, those of the answer first.
    """
    always = [load_caveats()[key].text for key in indicator.caveats]
    lines = [text for exhibit in shown for text in exhibit.caveats if not text.startswith(OF_OTHERS)]
    lines = list(dict.fromkeys(lines))
    full, brief = lines[:_IN_FULL], [line.partition(": ")[0] for line in lines[_IN_FULL:]]
    items = [escape(text) for text in always]
    items += [
        f"<strong>{escape(head)}.</strong> {escape(text)}" for head, _, text in (line.partition(": ") for line in full)
    ]
    also = f"<li>Also, as reports explain: {escape('; '.join(brief))}.</li>" if brief else ""
    body = "".join(f"<li>{item}</li>" for item in items) + also
    return Exhibit("limits", "cautions", body=f"<ul>{body}</ul>" if body else "<p>No caveat is recorded.</p>")


def definition(indicator: Indicator) -> Exhibit:
    """Show what is measured: our words, the official ones, and where all of it stands."""
    official = indicator.official_definition
    citation = f" ({escape(official.citation)}.)" if official.citation else ""
    body = (
        f'<p><a href="{definition_address(indicator.id)}">{escape(indicator.name)}</a>: {escape(indicator.definition)} '
        f"{HOW_TO_READ[indicator.polarity]}</p>"
        f'<p class="small">Official definition: {escape(official.text)}{citation}</p>'
    )
    return Exhibit("definitions", "definitions", body=body, measures=(indicator.id,))


def sources(figures: pd.DataFrame, shown: Sequence[Exhibit], *, answer: Exhibit) -> Exhibit:
    """List the sources, each once with the identifiers that the page links to; quoted are the area's figures of the answer.

    Args:
        figures: the observation table.
        shown: the exhibits of the page, as they are shown.
        answer: the headline.
    """
    used = figures_used(figures, [*shown, answer])
    linked = set(re.findall(r'href="#figure-([A-Z0-9.]+)"', "".join(item.html() for item in (*shown, answer))))
    named = used[used["figure"].isin(linked)]
    area = used.loc[used["figure"] == answer.cites[0], "area_name"] if answer.cites else used["area_name"]
    quoted = named[named["figure"].isin(answer.cites) & named["area_name"].isin(area)].head(_QUOTED)
    items = "".join(_source_html(rows, set(quoted["figure"])) for _, rows in named.groupby("source", sort=False))
    left = len(used) - len(named)
    more = f"<p>{left} more figures, of other years and areas, stand in the file of rows.</p>" if left else ""
    body = f'<ul class="sources">{items}</ul>{more}{quotes_html(quoted)}' if len(used) else "<p>No figure was used.</p>"
    used = used.assign(in_full=used["in_full"] | used["figure"].isin(linked))
    return Exhibit("sources", "sources", rows=used, body=body, cites=tuple(used["figure"]))


#: Caveats in full, and figures quoted, on two pages.
_IN_FULL, _QUOTED = 3, 3


def _taken(indicator: Indicator, asked: str) -> str:
    near = [item.name for item in find_asked(asked).near if item.id != indicator.id]
    others = f" It came near to {listed(near)} too." if near else ""
    return f"You asked: “{asked.strip()}”. That is taken to be about: {indicator.name}.{others}"


def _moved(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Which of the figures stand higher or lower than a year before, as printed; no cause is said."""
    both = rows[rows["value"].notna() & rows["other_value"].notna()]
    found = []
    for direction in ("higher", "lower"):
        names = [indicators[name].noun for name in both.loc[both["direction"] == direction, "indicator"]]
        if names:
            found.append(f"{direction.capitalize()} than a year before, as printed: {listed(names)}.")
    if both.empty:
        found.append("No figure of the year before is held for them.")
    missing = [indicators[name].noun for name in rows.loc[rows["value"].isna(), "indicator"]]
    return found + ([f"Not held or hidden for this year: {listed(missing)}."] if missing else [])


def _made_of(rows: pd.DataFrame, indicator: Indicator) -> str:
    row = rows.iloc[0]
    if (rows["status"] == NOT_HELD).all():
        return f"{row['breakdown_topic']}: no figures are held for {row['area_name']} in {row['asked']}."
    return narrative.composition(rows, indicator)[0]


def _parts_table(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> tables.Table:
    row = rows.iloc[0]
    return table_of(f"What it is made of: {row['area_name']}, {row['asked']}", rows, [
        Column("Group", lambda item: item["breakdown"]),
        Column("Of what", lambda item: item["breakdown_topic"]),
        Column("Period", period_of, "period"),
        Column("Per cent", lambda item: value_of(item, indicators[item["indicator"]]), "number"),
        Column("Interval", lambda item: interval_of(item, indicators[item["indicator"]]) or "\N{EN DASH}", "number"),
        figures("figure"),
    ])  # fmt: skip


def _source_html(rows: pd.DataFrame, quoted: set[str]) -> str:
    source = source_of(rows["figure"].iloc[0])
    names = [
        figure_links(figure) if figure in quoted else _out(figure) for figure in dict.fromkeys(rows["figure"])
    ]  # fmt: skip
    return f'<li><a href="{source_address(rows["figure"].iloc[0])}">{escape(source.short)}</a>: {" ".join(names)}</li>'


def _out(figure: str) -> str:
    """An identifier that the page's sentences lead to, and that leads on to the words that hold it."""
    return f'<a id="figure-{escape(figure)}" href="{source_address(figure)}">{escape(figure)}</a>'
