"""The register: every rule over all figures at once, and what a careful reader should use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.indicators.reconciling import bases, claims, repeats, wholes
from analysis.indicators.reconciling.checks import Check, as_table
from analysis.sources.areas import find_area


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        name: as checks carry it.
        says: what must hold, in words.
        advice: what to use where it does not hold and no caveat says better.
        run: from figures to checks.
    """

    name: str
    says: str
    advice: str
    run: Callable[[pd.DataFrame], Iterator[Check]]


RULES = (
    Rule(repeats.RULE, "Two places that give the same measure of the same children at the same time give the same value.",
         "Neither is known to be right: give both, with where they stand.", repeats.check_repeats),
    Rule(wholes.TOTALS, "The rows of a table add up to its total; groups of all children add up to the number of all.",
         "Use the rows beside one another, and the total by itself.", wholes.check_totals),
    Rule(wholes.HUNDRED, "The shares of all groups add up to 100, as far as rounding leaves it.",
         "At least one share is wrong: compare none of them with another year.", wholes.check_hundred),
    Rule(claims.RULE, "A change that is claimed is that of the two values.",
         "Use the two values, not the claimed change.", claims.check_claims),
    Rule(bases.SHARE, "A percentage is that of the two numbers printed beside it.",
         "Use the two numbers, not the percentage.", bases.check_shares),
    Rule(bases.WHOLE_NUMBER, "Some whole number of children gives the percentage of the number that it is taken of.",
         "It is a percentage of another number than the one held: say of which is not known.", bases.check_whole_numbers),
    Rule(bases.POPULATION, "Counts and rates of one place and time imply the same number of children.",
         "At least one count or rate is of other children or another day: do not compare the two.", bases.check_populations),
)  # fmt: skip


def reconcile(figures: pd.DataFrame, *, only: str = "") -> pd.DataFrame:
    """Return every check that the rules can compute over figures.

    Args:
        figures: the observation table, of transcribed figures.
        only: id of a source: only checks that touch one of its figures.

    Returns:
        One row a check: ``check`` (an identifier that stays), ``rule``, ``verdict`` (agrees, disagrees, cannot be decided),
        ``size``, ``area``, ``indicator``, ``period``, ``figures`` (parted by semicolons), ``arithmetic``, ``use``, ``quotes``
        (the words of each figure, parted by bars).
    """
    caveats = {name: _lines(text) for name, text in zip(figures["figure"], figures["caveat"], strict=True)}
    checks = [_with_advice(check, rule, caveats) for rule in RULES for check in rule.run(figures)]
    table = as_table(checks)
    quotes = dict(zip(figures["figure"], figures["quote"], strict=True))
    table["quotes"] = [
        " | ".join(dict.fromkeys(quotes[name] for name in names.split(";"))) for names in table["figures"]
    ]
    if not only:
        return table
    own = set(figures.loc[figures["source"].str.partition("/")[0] == only, "figure"])
    return table[[bool(own & set(names.split(";"))) for names in table["figures"]]].reset_index(drop=True)


def _lines(text: object) -> list[str]:
    return [line for line in text.split("\n") if line] if isinstance(text, str) else []


def _with_advice(check: Check, rule: Rule, caveats: Mapping[str, Sequence[str]]) -> Check:
    """Say what to use: what the caveats say that touch all the figures, else those of the first, else what the rule advises."""
    if check.verdict != "disagrees":
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
