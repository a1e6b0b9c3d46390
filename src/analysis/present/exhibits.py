"""Exhibits: the sentence, the chart and the table that show the same rows.

In a notebook an exhibit displays itself. Inside the executed notebook it also carries its chart as SVG and PNG
and its rows as CSV, so that the report needs nothing but the notebook.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from html import escape
from typing import Any
from urllib.parse import quote
from zlib import crc32

import pandas as pd
from matplotlib.figure import Figure

from analysis.indicators.definitions import Indicator
from analysis.indicators.open_folder import FileReport
from analysis.present import alternatives, charts, drawing, narrative, tables
from analysis.present.citations import definition_address, sentence_html, source_line, sources_html
from analysis.present.formatting import cited_in, plain
from analysis.present.sheets import csv_of
from analysis.present.tables import Table
from analysis.sources.catalogue import load_caveats

MIME = "application/vnd.children-in-care.exhibit+json"


@dataclass(frozen=True)
class Exhibit:
    """One thing, said, drawn and tabulated.

    Attributes:
        name: unique on its page; the name of its files.
        kind: which kind of exhibit.
        sentences: what it says; the first answers the question.
        table: the rows to read, or None.
        rows: the rows as data, or None.
        svg: the chart as SVG; blank where there is none.
        png: the chart as PNG.
        alt: what the chart shows, in words.
        caveats: what to beware of.
        body: HTML that stands in place of all the above, for exhibits that are lists.
        cites: identifiers of the figures used.
        about: indicator and period, to know two exhibits of the same figure.
        brief: what it adds once that figure has been named; blank where that is nothing.
        measures: ids of the indicators that it is about.
    """

    name: str
    kind: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    rows: pd.DataFrame | None = field(default=None, compare=False)
    svg: str = ""
    png: bytes = b""
    alt: str = ""
    caveats: tuple[str, ...] = ()
    body: str = ""
    cites: tuple[str, ...] = ()
    about: str = ""
    brief: str = ""
    measures: tuple[str, ...] = ()

    @property
    def lead(self) -> str:
        """The sentence that answers the question, with its citation marks."""
        return self.sentences[0] if self.sentences else ""

    def html(self) -> str:
        """Return the exhibit as HTML."""
        if self.body:
            return f'<div class="exhibit {self.kind}">{self.body}</div>'
        words = "".join(f"<p>{sentence_html(text)}</p>" for text in _paragraphs(self.sentences))
        notes = "".join(_caveat_html(text) for text in self.caveats)
        beware = f'<div class="caveats"><p>Beware:</p><ul>{notes}</ul></div>' if notes else ""
        return (
            f'<div class="exhibit {self.kind}" id="{self.name}">{words}{self._picture()}{self._table()}{beware}</div>'
        )

    def _picture(self) -> str:
        if not self.svg:
            return ""
        caption = self.table.caption if self.table else ""
        return (
            f'<figure data-exhibit="{self.name}"><img src="{escape(as_address(self.svg), quote=True)}" alt="{escape(self.alt, quote=True)}">'
            f"<figcaption>{escape(caption)}. {escape(source_line(list(self.cites)))}</figcaption></figure>"
        )

    def _table(self) -> str:
        if not self.table:
            return ""
        files = f'<p class="files" data-exhibit="{self.name}"></p>'
        if not self.svg:
            return self.table.html() + files
        hidden = f'<span class="hidden">: {escape(self.table.caption)}</span>'
        return f'<details class="data"><summary>The data of this chart{hidden}</summary>{self.table.html()}</details>{files}'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        content = {
            "name": self.name,
            "kind": self.kind,
            "lead": plain(self.lead),
            "sentences": [plain(text) for text in self.sentences],
            "alt": self.alt,
            "caption": self.table.caption if self.table else "",
            "table": asdict(self.table) if self.table else None,
            "caveats": list(self.caveats),
            "measures": list(self.measures),
            "source": source_line(list(self.cites)),
            "cites": list(self.cites),
            "svg": self.svg,
            "png": base64.b64encode(self.png).decode(),
            "rows": "" if self.rows is None else csv_of(self.rows),
        }
        return {
            MIME: content,
            "text/html": self.html(),
            "text/plain": plain(" ".join(self.sentences)) or self.name,
        }


Say = Callable[[pd.DataFrame, Any], list[str]]
Draw = Callable[[pd.DataFrame, Any], Figure | None]
Tabulate = Callable[[pd.DataFrame, Any], Table]
Describe = Callable[[pd.DataFrame, Any], str]


def level(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show one figure, how sure it is, and what else the sources print."""
    return _exhibit("level", rows, indicator, narrative.level, tables.level)


def comparison(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show a figure beside those of others."""
    return _exhibit(
        "comparison",
        rows,
        indicator,
        narrative.comparison,
        tables.comparison,
        charts.comparison,
        alternatives.comparison,
    )


def change(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show what changed on the year before, and whether chance alone could have done it."""
    whole = _exhibit("change", rows, indicator, narrative.change, tables.change)
    return replace(whole, brief=narrative.change_in_brief(rows, indicator))


def trend(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show all periods held, as a line."""
    return _exhibit("trend", rows, indicator, narrative.trend, tables.trend, charts.trend, alternatives.trend)


def composition(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show what a whole is made of, as bars."""
    return _exhibit(
        "composition", rows, indicator, narrative.composition, tables.composition, charts.composition,
        alternatives.composition,
    )  # fmt: skip


def profile(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show how the shares of groups changed from the first period to the last."""
    return _exhibit("profile", rows, indicator, narrative.profile, tables.profile, charts.profile, alternatives.profile)


def representation(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show who uses something beside who could."""
    return _exhibit(
        "representation", rows, indicator, narrative.representation, tables.representation, charts.representation,
        alternatives.representation,
    )  # fmt: skip


def sensitivity(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show what a percentage of an unknown number can tell."""
    return _exhibit(
        "sensitivity", rows, indicator, narrative.sensitivity, tables.sensitivity, charts.sensitivity,
        alternatives.sensitivity,
    )  # fmt: skip


def funnel(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show an area among all areas, given its size."""
    return _exhibit("funnel", rows, indicator, narrative.funnel, tables.funnel, charts.funnel, alternatives.funnel)


def rank(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show an area's place among all areas, and how far chance alone could move it."""
    whole = _exhibit("rank", rows, indicator, narrative.rank, tables.rank, charts.rank, alternatives.rank)
    return replace(whole, brief=narrative.rank_in_brief(rows, indicator))


def choice(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show whether it matters which list of neighbours, and which average of them, an area is held against."""
    whole = _exhibit("choice", rows, indicator, narrative.choice, tables.choice, charts.choice, alternatives.choice)
    return replace(whole, brief=narrative.choice_in_brief(rows, indicator))


def process(rows: pd.DataFrame, indicator: Indicator) -> Exhibit:
    """Show a monthly or quarterly series with its process limits."""
    return _exhibit("process", rows, indicator, narrative.process, tables.process, charts.process, alternatives.process)


def population(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show how many children live in an area, as count and rate imply."""
    return _exhibit("population", rows, indicators, narrative.population, tables.population)


def overview(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show several figures together."""
    return _exhibit(
        "overview",
        rows,
        indicators,
        narrative.overview,
        tables.overview,
        charts.overview,
        alternatives.overview,
    )


def recount(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show percentages counted again from the numbers beside them."""
    return _exhibit("recount", rows, indicators, narrative.recount, tables.recount)


def beside(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show the figures of a council's report beside those of the Department for Education."""
    return _exhibit("beside", rows, indicators, narrative.beside, tables.beside)


def revision(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show which figures a newer release changed."""
    whole = _exhibit("revision", rows, indicators, narrative.revision, tables.revision)
    return whole if whole.table and whole.table.cells else replace(whole, table=None)


def headline(*exhibits: Exhibit) -> Exhibit:
    """Show the answers of several exhibits before anything else: what is held, then what is not."""
    answers_first = sorted(exhibits, key=lambda exhibit: exhibit.table is None)
    leads = tuple(dict.fromkeys(text for text in _each_figure_named_once(answers_first) if text))
    words = "".join(f'<p class="lead">{sentence_html(text)}</p>' for text in leads)
    return Exhibit("headline", "headline", leads, body=words, cites=_cited(leads))


def definitions(*indicators: Indicator) -> Exhibit:
    """Show what was measured: a card for each indicator."""
    cards = "".join(_card(indicator) for indicator in indicators)
    return Exhibit("definitions", "definitions", body=cards, measures=tuple(item.id for item in indicators))


def cautions(*indicators: Indicator) -> Exhibit:
    """Show the caveats that always apply to these indicators."""
    caveats = load_caveats()
    keys = dict.fromkeys(key for indicator in indicators for key in indicator.caveats)
    items = "".join(f"<li>{escape(caveats[key].text)}</li>" for key in keys)
    return Exhibit("cautions", "cautions", body=f"<ul>{items}</ul>")


def sources(figures: pd.DataFrame, exhibits: Iterable[Exhibit]) -> Exhibit:
    """List the sources of exactly the figures that the exhibits used, each with its words.

    Args:
        figures: the observation table.
        exhibits: the exhibits of the page.
    """
    used = figures_used(figures, exhibits)
    return Exhibit("sources", "sources", rows=used, body=sources_html(used), cites=tuple(used["figure"]))


def figures_used(figures: pd.DataFrame, exhibits: Iterable[Exhibit]) -> pd.DataFrame:
    """Return the figures that exhibits used, each once, with its place and its words.

    Args:
        figures: the observation table; a figure that is not in it is taken from the exhibit's own rows.
        exhibits: the exhibits of the page.

    Returns:
        One row a figure; ``in_full`` is false for the figures of all other authorities, that a rank or a funnel draws:
        they are named without their words.
    """
    shown = list(exhibits)
    cites = {cite for exhibit in shown for cite in exhibit.cites}
    linked = {cite for exhibit in shown for cite in _linked(exhibit)}
    own = [exhibit.rows for exhibit in shown if exhibit.rows is not None and {*_OF_A_SOURCE} <= {*exhibit.rows.columns}]
    known = pd.concat([table[list(_OF_A_SOURCE)] for table in (figures, *own)], ignore_index=True)
    # The same figure can stand in several tables: its identifier stands on the page once.
    used = known[known["figure"].isin(cites)].drop_duplicates("figure").reset_index(drop=True)
    return used.assign(in_full=used["figure"].isin(linked))


def files(reports: Sequence[FileReport]) -> Exhibit:
    """List the official files that were read, and those that were left out, with the reason.

    Args:
        reports: as from ``open_folder.files_of``; nothing where no folder was given.
    """
    if not reports:
        words = "<p>No official files were given: the figures are those of the documents held here.</p>"
        return Exhibit("files", "files", ("No official files were given.",), body=words)
    read = [item for item in reports if item.rows and not item.left_out]
    items = [f"<li>{escape(item.name)}: {escape(item.is_a)}</li>" for item in read]
    out = [f"<li>{escape(line)}</li>" for item in reports for line in item.left_out]
    gaps = [f"<li>{escape(line)}</li>" for item in reports for line in item.missing]
    said = f"{len(read)} official files were read" + (
        f", {sum(bool(item.left_out) for item in reports)} were left out." if out else "."
    )
    body = f"<p>{said}</p><details><summary>Files read</summary><ul>{''.join(items)}</ul></details>"
    body += f"<p>Left out, so that their figures are missing here:</p><ul>{''.join(out)}</ul>" if out else ""
    body += f"<p>Not in the files, where one would expect it:</p><ul>{''.join(gaps)}</ul>" if gaps else ""
    return Exhibit("files", "files", (said,), body=body)


def named(exhibit: Exhibit, name: str, *, caption_ends: str) -> Exhibit:
    """Return an exhibit under another name, where a page shows two of a kind.

    Args:
        exhibit: the exhibit.
        name: its new name, unique on the page.
        caption_ends: what its caption says that the other's does not.
    """
    table = replace(exhibit.table, caption=f"{exhibit.table.caption}, {caption_ends}") if exhibit.table else None
    return replace(exhibit, name=name, table=table)


def as_address(svg: str) -> str:
    """Return a chart as an address that holds it whole: text, which is a quarter shorter than base64.

    Example:
        >>> as_address('<path style="fill: #fff"/>')
        "data:image/svg+xml,%3Cpath style='fill: %23fff'/%3E"
    """
    return "data:image/svg+xml," + quote(svg.replace('"', "'"), safe=" '=:/()!*;,.+-_~@$|?[]{}")


def unless_same(latest: Exhibit, other: Exhibit) -> Exhibit:
    """Return the exhibit of a latest figure, or one sentence where it is the figure that another exhibit shows.

    Args:
        latest: of the latest figure held.
        other: of the figure of the year asked for.
    """
    if latest.about != other.about or latest.table is None:
        return latest
    return Exhibit(latest.name, latest.kind, ("The latest figure held is the one above.",), about=latest.about)


def _caveat_html(line: str) -> str:
    """A caveat in a list. The page says it in full once, and points there where it applies again."""
    short, _, text = line.partition(": ")
    # Two caveats can have the same short form and say different things of different areas.
    slug = "-".join([*re.findall(r"[a-z0-9]+", short.lower()), f"{crc32(text.encode()):08x}"])
    return f'<li data-caveat="{slug}"><strong>{escape(short)}.</strong> {escape(text)}</li>'


def _each_figure_named_once(exhibits: Sequence[Exhibit]) -> Iterator[str]:
    named_before: set[str] = set()
    for exhibit in exhibits:
        yield exhibit.brief if exhibit.about in named_before else exhibit.lead
        named_before.add(exhibit.about)


def _exhibit(
    kind: str,
    rows: pd.DataFrame,
    subject: Any,
    say: Say,
    tabulate: Tabulate,
    draw: Draw | None = None,
    describe: Describe | None = None,
) -> Exhibit:
    sentences = tuple(say(rows, subject))
    if _nothing_held(rows, kind):
        return Exhibit(
            _name(kind, rows),
            kind,
            sentences,
            cites=_cited(sentences),
            about=_about(kind, rows),
            measures=_measures(rows),
        )
    table = tabulate(rows, subject)
    picture = draw(rows, subject) if draw else None
    cites = _cited(sentences, *rows["cites"], *table_cites(table))
    return Exhibit(
        name=_name(kind, rows),
        kind=kind,
        sentences=sentences,
        table=table,
        rows=_as_data(rows),
        svg=drawing.svg_of(picture) if picture else "",
        png=drawing.png_of(picture) if picture else b"",
        alt=describe(rows, subject) if describe and picture else "",
        caveats=_caveats(rows, kind),
        cites=cites,
        about=_about(kind, rows),
        measures=_measures(rows),
    )


def with_rows(name: str, kind: str, sentences: Sequence[str], table: Table | None, rows: pd.DataFrame) -> Exhibit:
    """Return an exhibit of sentences and a table over rows, without a chart.

    Args:
        name: unique on its page.
        kind: which kind of exhibit.
        sentences: what it says.
        table: the rows to read, or None.
        rows: the rows, with ``cites`` and ``caveat``.
    """
    cites = _cited(sentences, *rows["cites"], *(table_cites(table) if table else []))
    return Exhibit(
        name, kind, tuple(sentences), table, _as_data(rows), caveats=_caveats_of(rows), cites=cites, measures=_measures(rows)
    )  # fmt: skip


def table_only(exhibit: Exhibit) -> Exhibit:
    """Return an exhibit without its chart, where what it lists has no common scale."""
    return replace(exhibit, svg="", png=b"", alt="")


def with_picture(exhibit: Exhibit, picture: Figure, *, alt: str) -> Exhibit:
    """Return an exhibit with a chart of its rows.

    Args:
        exhibit: as from :func:`with_rows`.
        picture: the chart.
        alt: what it shows, in words.
    """
    return replace(exhibit, svg=drawing.svg_of(picture), png=drawing.png_of(picture), alt=alt)


def _measures(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rows["indicator"]))


#: What the list of sources says of a figure.
_OF_A_SOURCE = (
    "figure", "indicator", "area_name", "period", "period_basis", "breakdown_topic", "breakdown", "value", "status",
    "value_type", "precision", "source", "citation", "locator", "quote", "note",
)  # fmt: skip


def _linked(exhibit: Exhibit) -> Iterator[str]:
    """The figures that the list of sources must give in full: of an area among others only those that the page links to."""
    if exhibit.kind not in _AMONG_OTHERS or exhibit.rows is None:
        yield from exhibit.cites
        return
    own = exhibit.rows[exhibit.rows["is_area"]]
    yield from _cited(exhibit.sentences, *own["cites"], *(table_cites(exhibit.table) if exhibit.table else []))


def table_cites(table: Table) -> list[str]:
    """Return the identifiers that stand in a table."""
    at = [place for place, kind in enumerate(table.kinds) if kind == "figures"]
    return [cells[place] for cells in table.cells for place in at]


#: How the caveat begins that speaks of other authorities' figures.
OF_OTHERS = "Caveats of others"
_OTHERS_HAVE_CAVEATS = (
    f"{OF_OTHERS}: Some figures of other authorities have caveats of their own; the file of rows has them."
)
#: The column that an exhibit is about, where it is not the value.
_ABOUT = {"population": "denominator", "recount": "recounted"}
#: Kinds that show an area among others: without the area's own value there is nothing to show.
_AMONG_OTHERS = ("rank", "funnel")
#: Kinds that show two values of one figure: one of them is enough.
_TWO_VALUES = ("beside", "revision")


def _nothing_held(rows: pd.DataFrame, kind: str) -> bool:
    """Whether the numbers that an exhibit is about are all missing; a count beside a missing rate is no answer."""
    if kind in _TWO_VALUES:
        return bool(rows[["value", "other_value"]].isna().all(axis=None))
    beside = {"representation": "other_value", "choice": "benchmark_value"}.get(kind)
    if beside and rows[beside].isna().all():
        return True
    about = rows[rows["is_area"]] if kind in _AMONG_OTHERS else rows
    return bool(about[_ABOUT.get(kind, "value")].isna().all())


def _name(kind: str, rows: pd.DataFrame) -> str:
    if kind in _TWO_VALUES:
        return f"{kind}_{rows['indicator'].iloc[0]}"
    topic = str(rows["breakdown_topic"].iloc[0]).lower().replace(" ", "_")
    return f"{kind}_{rows['indicator'].iloc[0]}" + ("" if topic == "total" else f"_by_{topic}")


def _about(kind: str, rows: pd.DataFrame) -> str:
    """The one figure that an exhibit is about; one about two sources of many figures is about no other's."""
    if kind in _TWO_VALUES:
        return kind
    return f"{rows['indicator'].iloc[0]} {rows['period'].iloc[0]}"


def _cited(sentences: Iterable[str], *cites: object) -> tuple[str, ...]:
    in_words = [figure for text in sentences for figure in cited_in(text)]
    in_rows = [figure for text in cites if isinstance(text, str) for figure in text.split(";") if figure]
    return tuple(dict.fromkeys([*in_words, *in_rows]))


def _caveats(rows: pd.DataFrame, kind: str) -> tuple[str, ...]:
    """What to beware of; of an area among others only what touches the area, and that others have caveats too."""
    if kind not in _AMONG_OTHERS:
        return _caveats_of(rows)
    own, others = rows[rows["is_area"]], rows[~rows["is_area"]]
    touched = sum(bool(_caveats_of(others.iloc[[place]])) for place in range(len(others)))
    return (*_caveats_of(own), *([_OTHERS_HAVE_CAVEATS] if touched else []))


def _caveats_of(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(text for cell in rows["caveat"] if isinstance(cell, str) for text in cell.split("\n") if text)
    )


def _as_data(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns=[name for name in ("preferred",) if name in rows])


def _paragraphs(sentences: Sequence[str]) -> list[str]:
    """The answer by itself, then the rest as one paragraph."""
    return [text for text in ("".join(sentences[:1]), " ".join(sentences[1:])) if text]


#: How to read an indicator, by its polarity.
HOW_TO_READ = {
    "higher_is_better": "Higher is better.",
    "lower_is_better": "Lower is better.",
    "neutral": "Neither high nor low is good in itself.",
}


def _card(indicator: Indicator) -> str:
    known_as = f" Also known as: {', '.join(indicator.also_known_as)}." if indicator.also_known_as else ""
    citation = f" ({escape(indicator.official_definition.citation)}.)" if indicator.official_definition.citation else ""
    return (
        f'<h3><a href="{definition_address(indicator.id)}">{escape(indicator.name)}</a></h3><p>'
        f"{escape(indicator.definition)} "
        f"{HOW_TO_READ[indicator.polarity]}{escape(known_as)}</p>"
        f'<p class="small">Official definition: {escape(indicator.official_definition.text)}{citation}</p>'
    )
