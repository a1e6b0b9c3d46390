"""Which rules there are: what each counts, its official definition, the choices it depends on, and its SQL."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from analysis.errors import UnknownNameError, did_you_mean
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder

SQL = Path(__file__).parent / "sql"
Sentence = Annotated[str, Field(min_length=1)]


class Rule(Declared):
    """One rule.

    Attributes:
        code: short code, part of the identifier of each figure that it counts; it never changes.
        indicator: id of the indicator that it counts.
        needs: tables of a return without which it cannot be counted.
        years_before: of how many years before the one counted there must be a return, too.
        switches: the choices that it depends on.
        definition: the definition, official or ours.
        citation: where it stands, and what in it is our reading.
    """

    code: str = Field(pattern=r"^[A-Z]\d{2}$")
    indicator: str
    needs: list[str]
    years_before: int = 0
    switches: list[str] = Field(default_factory=list)
    definition: Sentence
    citation: Sentence


class Switch(Declared):
    """A choice that no official text settles.

    Attributes:
        default: what is taken.
        choices: what can be.
        says: what the default means.
    """

    default: str
    choices: list[str]
    says: Sentence


class Rules(Declared):
    """Rules, switches, and the groups of codes by breakdown topic."""

    rules: dict[str, Rule]
    switches: dict[str, Switch]
    groups: dict[str, dict[str, str]]


@cache
def load_rules() -> Rules:
    """Return all rules.

    Raises:
        CatalogueError: data/catalogue/counting.yml breaks its contract.
    """
    return load_declared(data_folder() / "catalogue" / "counting.yml", Rules)


def defaults() -> dict[str, str]:
    """Return each switch with its default."""
    return {name: switch.default for name, switch in load_rules().switches.items()}


def chosen(switches: Mapping[str, str]) -> dict[str, str]:
    """Return every switch with what is chosen, else its default.

    Args:
        switches: choices by name.

    Raises:
        UnknownNameError: there is no such switch, or no such choice of it.

    Example:
        >>> chosen({"temps": "count"})["temps"], chosen({})["temps"]
        ('count', 'exclude')
    """
    known = load_rules().switches
    for name, value in switches.items():
        if name not in known:
            raise UnknownNameError(f"There is no switch {name!r}. {did_you_mean(name, known)}")
        if value not in known[name].choices:
            raise UnknownNameError(f"{name} is {value!r}, and can be {' or '.join(known[name].choices)}.")
    return {**defaults(), **switches}


def sql_of(rule: str) -> str:
    """Return the SQL of a rule.

    Raises:
        UnknownNameError: there is no such rule.
    """
    if rule not in load_rules().rules:
        raise UnknownNameError(f"There is no rule {rule!r}. {did_you_mean(rule, load_rules().rules)}")
    return (SQL / "rules" / f"{rule}.sql").read_text(encoding="utf-8")


def steps() -> list[tuple[str, str]]:
    """Return the shared steps, in order, each with its SQL."""
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted((SQL / "steps").glob("*.sql"))]
