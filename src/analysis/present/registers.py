"""Where the sources disagree: each disagreement in words, with the quotes side by side and the arithmetic between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import get_args

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.indicators.reconciling.register import RULES
from analysis.periods import parse_period
from analysis.present.citations import figure_links, source_of
from analysis.present.exhibits import Exhibit, with_rows
from analysis.present.formatting import capital, number
from analysis.present.tabulating import Column, figures, table_of
from analysis.sources.claims import Claim, load_claims
from analysis.vocabulary import Subject

#: From identifiers of figures to links.
Link = Callable[[str], str]
DISAGREES, UNDECIDED = "disagrees", "cannot be decided"
#: Claims whose words contradict themselves, whatever the numbers are.
_BY_THEMSELVES = ("both_ways", "runs_up")
#: What a disagreement is, by rule.
_SAYS = {
    "repeat": "Two places give two values",
    "near": "Two values are near each other, and not of the same day or ages",
    "total": "The parts do not add up to the whole",
    "hundred": "The shares of all groups do not add up to 100%",
    "claim": "The change that is claimed is not that of the values",
    "share": "The percentage is not that of the numbers beside it",
    "whole_number": "No whole number gives the percentage",
    "population": "Counts and rates imply different numbers of children",
    "moment": "One day has two values",
    "periods": "The parts of the period do not add up to the whole",
    "average": "The average is not that of the number and the workers",
    "rest": "The two shares do not add up to 100%",
    "profile": "The share of the group is not that of the counts",
    "words": "The numbers do not bear out the words",
}
#: Quotes that stand side by side; of a long table its first row and its total.
_MOST_QUOTES = 2


def summary(rows: pd.DataFrame, *, area: str) -> Exhibit:
    """Say how many checks there are for an area, and how many disagree.

    Args:
        rows: the register of the area.
        area: its name.
    """
    if rows.empty:
        lead = f"No two figures of council documents are held for {area}, so nothing can be held against each other."
        return with_rows("register_summary", "register", [lead], None, _as_rows(rows))
    disagree = rows[rows["verdict"] == DISAGREES]
    last = int((disagree["size"] != "").sum())
    lead = f"For {area}, {_checks(len(rows))} of the figures transcribed here could be made, and {_disagree(len(disagree))}."
    judged = int((disagree["judged"] == "yes").sum())
    more = [f"{number(last)} of these {'goes' if last == 1 else 'go'} no further than the last digit."] if last else []
    more += (
        [
            f"{number(judged)} of these {'rests' if judged == 1 else 'rest'} on how words or dates are read; each says how."
        ]
        if judged
        else []
    )
    table = table_of(f"Checks by rule: {area}", _by_rule(rows), [
        Column("What must hold", lambda row: row["says"]),
        Column("Agree", lambda row: number(row["agrees"]), "number"),
        Column("Disagree", lambda row: number(row[DISAGREES]), "number"),
        Column("Cannot be decided", lambda row: number(row[UNDECIDED]), "number"),
    ])  # fmt: skip
    return with_rows("register_summary", "register", [lead, *more], table, _as_rows(rows.iloc[:0]))


def disagreements(rows: pd.DataFrame, indicators: Mapping[str, Indicator], quotes: Mapping[str, str]) -> Exhibit:
    """Show each disagreement: what it is, the quotes side by side, the arithmetic, and what to use.

    Args:
        rows: the register of an area.
        indicators: definitions by id.
        quotes: the words that hold each figure, by identifier.
    """
    found = rows[rows["verdict"] == DISAGREES]
    if found.empty:
        return with_rows("disagreements", "register", ["No check disagrees."], None, _as_rows(found))
    lead = "Each is shown with the words of the sources. Nothing was corrected; both values stay in the data."
    blocks = by_subject_html(found, indicators, quotes, link=figure_links)
    table = table_of(f"Where the sources disagree: {found['area'].iloc[0]}", found, [
        Column("Of what", lambda row: indicators[row["indicator"]].name),
        Column("Period", lambda row: parse_period(row["period"]).short, "period"),
        Column("What the figures say", lambda row: row["arithmetic"]),
        Column("Judged", lambda row: row["judged"]),
        Column("What to use", lambda row: row["use"]),
        figures("figures"),
    ])  # fmt: skip
    shown = with_rows("disagreements", "register", [lead], table, _as_rows(found))
    files = '<p class="files" data-exhibit="disagreements"></p>'
    hidden = '<details class="data"><summary>All of them as a table</summary>'
    body = f"<p>{lead}</p>{blocks}{hidden}{table.html()}</details>{files}"
    return replace(shown, body=body)


def undecided(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show what could not be decided, and why.

    Args:
        rows: the register of an area.
        indicators: definitions by id.
    """
    found = rows[rows["verdict"] == UNDECIDED]
    if found.empty:
        return with_rows("undecided", "register", ["Every check could be decided."], None, _as_rows(found))
    lead = f"{_checks(len(found))} could not be decided; the reason stands beside each."
    table = table_of(f"What could not be decided: {found['area'].iloc[0]}", found, [
        Column("Of what", lambda row: indicators[row["indicator"]].name),
        Column("Period", lambda row: parse_period(row["period"]).short, "period"),
        Column("Why", _why),
        figures("figures"),
    ])  # fmt: skip
    return with_rows("undecided", "register", [lead[:1].upper() + lead[1:]], table, _as_rows(found))


def undecided_html(rows: pd.DataFrame, indicators: Mapping[str, Indicator], *, link: Link) -> str:
    """Return what could not be decided as a list.

    Args:
        rows: those checks of a register that cannot be decided.
        indicators: definitions by id.
        link: from identifiers, parted by semicolons, to links.
    """
    items = [
        f"<li>{escape(indicators[row['indicator']].name)}, {escape(parse_period(row['period']).words)}: {escape(_why(row))} {link(row['figures'])}</li>"
        for _, row in rows.iterrows()
    ]
    return f"<ul>{''.join(items)}</ul>"


def rules() -> Exhibit:
    """List what is checked."""
    items = "".join(f"<li>{escape(rule.says)}</li>" for rule in RULES)
    return Exhibit("rules", "definitions", body=f"<ul>{items}</ul>")


def by_subject_html(
    rows: pd.DataFrame, indicators: Mapping[str, Indicator], quotes: Mapping[str, str], *, link: Link, level: int = 3
) -> str:
    """Return disagreements as HTML, subject by subject, each with the words of the sources side by side.

    Args:
        rows: those checks of a register that disagree.
        indicators: definitions by id.
        quotes: the words that hold each figure, by identifier.
        link: from identifiers, parted by semicolons, to links.
        level: level of the headings of subjects; those of the disagreements are one lower.
    """
    return "".join(
        f"<h{level}>{escape(subject)}</h{level}>"
        + "".join(
            _block(row, indicators[row["indicator"]], quotes, link, level + 1) for _, row in _said_once(own).iterrows()
        )
        for subject, own in _by_subject(rows, indicators)
    )


def _by_subject(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each subject, in the order of the closed list."""
    of = rows["indicator"].map(lambda name: indicators[name].subject)
    for subject in get_args(Subject):
        if (of == subject).any():
            yield subject, rows[of == subject]


def _said_once(rows: pd.DataFrame) -> pd.DataFrame:
    """One of each contradiction: that two numbers differ is said once, however many places print either of them."""
    return rows.drop_duplicates(["rule", "indicator", "period", "arithmetic", "claim"])


def _block(row: pd.Series, indicator: Indicator, quotes: Mapping[str, str], link: Link, level: int) -> str:
    last = " The difference is in the last digit only." if row["size"] else ""
    when = parse_period(row["period"]).words
    names = row["figures"].split(";")
    shown = list(dict.fromkeys((names[0], names[-1]) if len(names) > _MOST_QUOTES else names))
    claim = load_claims()[row["claim"]] if row["claim"] else None
    says = "The words contradict themselves" if claim and claim.says in _BY_THEMSELVES else _SAYS[row["rule"]]
    said = f"{says}: {row['arithmetic']}.{last}"
    told = claim.quote if claim else ""
    # The quote of a figure is often the sentence of the claim: it is not shown twice.
    said_of = [] if claim and claim.is_of_dates else [name for name in shown if quotes[name] not in told]
    claimed = _claim_sides(row["claim"], claim, row["figures"], link) if claim else ""
    sides = claimed + "".join(_side(name, quotes[name], link) for name in said_of)
    judged = f"<p><strong>Judged.</strong> {escape(row['assumes'])}</p>" if row["judged"] == "yes" else ""
    return (
        f"<h{level}>{escape(indicator.name)}, {escape(when)}</h{level}><p>{escape(said)}</p>"
        f'<div class="sides">{sides}</div>{judged}<p><strong>What to use.</strong> {escape(row["use"])}</p>'
    )


def _why(row: pd.Series) -> str:
    """Why a check could not be decided, with how the words were read where words were."""
    return f"{capital(row['arithmetic'])}. {row['assumes']}" if row["assumes"] else str(row["arithmetic"])


def _side(name: str, quote: str, link: Link) -> str:
    return (
        f"<blockquote><q>{escape(_readable(quote))}</q><p>{escape(source_of(name).short)} {link(name)}</p></blockquote>"
    )


def _readable(quote: str) -> str:
    """A quote without the marks of bold and slanted letters that some texts carry; the list of sources has it to the letter."""
    return re.sub(r"</?(?:b|i|sup)>", "", quote)


def _claim_sides(name: str, claim: Claim, figures: str, link: Link) -> str:
    """The words of a claim, and those beside it that hold no figure."""
    source = source_of(name).short
    links = "" if claim.is_of_dates else link(figures)
    words = [(claim.quote, f"{escape(source)}, {escape(claim.locator)} {links}")]
    if claim.beside:
        other = source_of(f"{claim.beside_source}.").short if claim.beside_source else source
        words.append((claim.beside, f"{escape(other)}, {escape(claim.beside_locator)}"))
    return "".join(
        f"<blockquote><q>{escape(_readable(quote))}</q><p>{place}</p></blockquote>" for quote, place in words
    )


def _by_rule(rows: pd.DataFrame) -> pd.DataFrame:
    counts = rows.groupby(["rule", "verdict"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["agrees", DISAGREES, UNDECIDED], fill_value=0)
    known = [rule for rule in RULES if rule.name in counts.index]
    return counts.loc[[rule.name for rule in known]].assign(says=[rule.says for rule in known]).reset_index()


def _as_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Checks as an exhibit carries them: citing their figures, with no caveats beside those that they are."""
    return rows.assign(cites=rows["figures"], caveat="")


def _checks(count: int) -> str:
    return "1 check" if count == 1 else f"{number(count)} checks"


def _disagree(count: int) -> str:
    return (
        "none of them disagrees" if count == 0 else "1 of them disagrees" if count == 1 else f"{number(count)} disagree"
    )
