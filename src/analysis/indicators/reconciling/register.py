"""The register: every rule over all figures at once, and what a careful reader should use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analysis.indicators.reconciling import bases, claims, moments, repeats, sharing, wholes, words
from analysis.indicators.reconciling.checks import Check, as_table
from analysis.sources.areas import find_area
from analysis.sources.catalogue import load_caveats
from analysis.sources.claims import load_claims
from analysis.vocabulary import NUMBER_COLUMNS


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        name: as checks carry it.
        says: what must hold, in words.
        advice: what to use where it does not hold and no caveat says better.
        run: from figures to checks.
        doubts: which figures are in doubt where it does not hold: all, the first (one that others do not bear out), or none
            (words, not figures).
    """

    name: str
    says: str
    advice: str
    run: Callable[[pd.DataFrame], Iterator[Check]]
    doubts: Literal["all", "first", "none"] = "all"


RULES = (
    Rule(repeats.RULE, "Two places that give the same measure of the same children at the same time give the same value.",
         "Neither is known to be right: give both, with where they stand.", repeats.check_repeats),
    Rule(repeats.NEAR, "Values of two reports that look like the same are of the same day and ages.",
         "Say of which day and ages each is.", repeats.check_near_repeats),
    Rule(wholes.TOTALS, "The rows of a table add up to its total; groups of all children add up to the number of all.",
         "Use the rows beside one another, and the total by itself.", wholes.check_totals),
    Rule(wholes.HUNDRED, "The shares of all groups add up to 100, as far as rounding leaves it.",
         "At least one share is wrong: compare none of them with another year.", wholes.check_hundred),
    Rule(claims.RULE, "A change that is claimed is that of the two values.",
         "Use the two values, not the claimed change.", claims.check_all_claims, "first"),
    Rule(bases.SHARE, "A percentage is that of the two numbers printed beside it.",
         "Use the two numbers, not the percentage.", bases.check_shares, "first"),
    Rule(bases.WHOLE_NUMBER, "Some whole number of children gives the percentage of the number that it is taken of.",
         "It is a percentage of another number than the one held: say of which is not known.", bases.check_whole_numbers, "first"),
    Rule(bases.POPULATION, "Counts and rates of one place and time imply the same number of children.",
         "At least one count or rate is of other children or another day: do not compare the two.", bases.check_populations),
    Rule(moments.MOMENT, "Two positions of one day are the same, whatever the labels of their periods.",
         "Neither is known to be right: give both, with the label that each carries.", moments.check_moments),
    Rule(moments.SUM_OF_PERIODS, "The parts of a period add up to the whole of it.",
         "Use the parts beside one another, and the whole by itself.", moments.check_sums_of_periods),
    Rule(sharing.AVERAGE, "An average per worker is the number shared among the workers.",
         "Work it out from the number and the posts, and say so; the printed average is of another number.",
         sharing.check_averages, "first"),
    Rule(sharing.REST, "A share and the rest of the same whole add up to 100.",
         "At least one of the two is wrong: use neither without the other.", sharing.check_rests),
    Rule(sharing.PROFILE, "The share of a group is that of the counts of the groups.",
         "Use the counts, and say of which day they are.", sharing.check_profiles, "first"),
    Rule(words.RULE, "What is said in words is borne out by the numbers.",
         "Use the numbers, not the words.", words.check_words, "none"),
)  # fmt: skip


_DOUBTED = {rule.name: rule.doubts for rule in RULES}
#: How the caveat begins that the register adds to a figure in doubt.
IN_DOUBT = "The sources disagree"


def add_doubts(figures: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """Return figures with a caveat added to each that the register puts in doubt and that no caveat speaks of yet.

    Args:
        figures: the observation table, of transcribed figures.
        checks: as from :func:`reconcile`.
    """
    lines: dict[str, list[str]] = {}
    for _, check in checks.iterrows():
        for name in _in_doubt(check):
            lines.setdefault(name, []).append(f"{IN_DOUBT}: {_with_stop(check['arithmetic'])} {check['use']}")
    told = [
        text if _lines(text) else "\n".join(dict.fromkeys([*text.split("\n"), *lines.get(name, [])])).strip()
        for name, text in zip(figures["figure"], figures["caveat"], strict=True)
    ]
    return figures.assign(caveat=told)


def _in_doubt(check: pd.Series) -> list[str]:
    """The figures that a disagreement puts in doubt; a difference in the last digit puts none."""
    if check["verdict"] != "disagrees" or check["size"]:
        return []
    names = check["figures"].split(";")
    doubts = _DOUBTED[check["rule"]]
    if check["claim"]:
        # A wrong label or a wrong explanation is about the figure itself; other words are only words.
        claim = load_claims()[check["claim"]]
        return claim.of if claim.says in ("labelled", "late_of", "same", "runs_up") else []
    return names if doubts == "all" else names[:1] if doubts == "first" else []


def _with_stop(text: str) -> str:
    return text if text.endswith(".") else f"{text[:1].upper()}{text[1:]}."


def reconcile(figures: pd.DataFrame, *, only: str = "") -> pd.DataFrame:
    """Return every check that the rules can compute over figures.

    Args:
        figures: the observation table, of transcribed figures.
        only: id of a source: only checks that touch one of its figures.

    Returns:
        One row a check: ``check`` (an identifier that stays), ``rule``, ``verdict`` (agrees, disagrees, cannot be decided),
        ``size``, ``area``, ``indicator``, ``period``, ``figures`` (parted by semicolons), ``arithmetic``, ``use``,
        ``quotes`` (the words of each figure, parted by bars), ``judged`` (yes where the verdict rests on how words or dates are read, and
        ``assumes`` says how) and ``claim`` (the identifier of a claim in words).
    """
    caveats = {name: _lines(text) for name, text in zip(figures["figure"], figures["caveat"], strict=True)}
    # Plain objects: the rules ask many small questions of a few hundred rows.
    rows = figures.astype(object).assign(**{name: figures[name] for name in NUMBER_COLUMNS})
    checks = [_with_advice(check, rule, caveats) for rule in RULES for check in rule.run(rows)]
    table = as_table(checks)
    quotes = dict(zip(figures["figure"], figures["quote"], strict=True))
    table["quotes"] = [
        " | ".join(dict.fromkeys([*_said(claim), *(quotes[name] for name in names.split(";"))]))
        for names, claim in zip(table["figures"], table["claim"], strict=True)
    ]
    return touching(table, figures, source=only) if only else table


def touching(checks: pd.DataFrame, figures: pd.DataFrame, *, source: str) -> pd.DataFrame:
    """Return the checks that touch a figure of a source.

    Args:
        checks: as from :func:`reconcile`.
        figures: the observation table.
        source: id of the source.
    """
    own = set(figures.loc[figures["source"].str.partition("/")[0] == source, "figure"])
    touched = checks["figures"].map(lambda names: bool(own & set(names.split(";")))).astype(bool)
    return checks[touched].reset_index(drop=True)


def _said(claim: str) -> list[str]:
    return [load_claims()[claim].quote] if claim else []


def _lines(text: object) -> list[str]:
    """The caveats of a figure that speak of its indicator: one on a whole document is no advice on a single measure."""
    lines = text.split("\n") if isinstance(text, str) else []
    own = {caveat.line for caveat in load_caveats().values() if "indicator" in caveat.where}
    return [line for line in lines if line in own]


def _with_advice(check: Check, rule: Rule, caveats: Mapping[str, Sequence[str]]) -> Check:
    """Say what to use: what the caveats say that touch all the figures, else those of the first, else what the rule advises."""
    if check.verdict != "disagrees" or check.use:
        return check
    first, *others = (caveats[name] for name in check.figures)
    shared = [line for line in first if all(line in lines for lines in others)]
    told = [line.partition(": ")[2] for line in (shared or first)]
    return replace(check, use=" ".join(told[:1]) or rule.advice)


def select_register(table: pd.DataFrame, *, area: str) -> pd.DataFrame:
    """Return the checks of an area and of those that stand for its neighbours or its region.

    Args:
        table: as from :func:`reconcile`.
        area: name or code.
    """
    place = find_area(area)
    own = table["area"].eq(place.name) | table["area"].str.endswith(f" of {place.name}")
    return table[own].reset_index(drop=True)
