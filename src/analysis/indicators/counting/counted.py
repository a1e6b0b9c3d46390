"""A folder of returns counted: what was read, what is wrong with it, every indicator, and how much each choice matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from analysis.errors import DataError
from analysis.indicators.counting.checks import check_records
from analysis.indicators.counting.engine import COLUMNS, count, prepare, years_held, years_wanting
from analysis.indicators.counting.rules import load_rules
from analysis.sources.returns.opening import open_returns
from analysis.sources.returns.tables import FileRead, ReturnProblem


@dataclass(frozen=True)
class Counted:
    """What a folder of returns gives. No record and no identifier is in it.

    Attributes:
        files: what each file was.
        problems: what is wrong with the records.
        years: the years that were counted, each by the calendar year in which it ends.
        rows: as from ``engine.count``, nothing hidden.
        wanting: by rule the years that were not counted, as the rule looks back on years of which no return is held.
        sensitivity: for each switch and its other choices the rules that depend on it: ``switch``, ``choice``, ``rule``, ``year``,
            and the numbers under the default (``numerator``, ``denominator``, ``value``) and the choice (``other_*``).
    """

    files: tuple[FileRead, ...]
    problems: tuple[ReturnProblem, ...]
    years: tuple[int, ...]
    rows: pd.DataFrame
    wanting: Mapping[str, Sequence[int]]
    sensitivity: pd.DataFrame


def count_returns(
    paths: Sequence[Path],
    *,
    years: Sequence[int] = (),
    switches: Mapping[str, str] | None = None,
    sensitivity: bool = True,
) -> Counted:
    """Open returns, check them and count every indicator that they allow.

    Args:
        paths: files or folders.
        years: the years to count; those that the returns are of if none are given.
        switches: choices by name; defaults for the rest.
        sensitivity: count again under every other choice.

    Raises:
        DataError: nothing can be read, or the returns hold none of the years.
        UnknownNameError: a switch or a choice is not known.
    """
    with open_returns(paths) as opened:
        held = tuple(sorted(set().union(*years_held(opened.con).values())))
        wanted = tuple(years) or held
        if not set(wanted) <= set(held):
            raise DataError(
                f"The returns are of the years that ended in {', '.join(map(str, held))}; asked was {', '.join(map(str, wanted))}. "
                "Give the return of each year asked for, or leave years out."
            )
        prepare(opened.con, years=wanted, switches=switches)
        rows, wanting = count(opened.con), years_wanting(opened.con)
        problems = (*opened.problems, *check_records(opened.con))
        more = _sensitivity(opened.con, rows, wanted, switches or {}) if sensitivity else pd.DataFrame()
        return Counted(opened.files, problems, wanted, rows, wanting, more)


def counted_for_notebook(folder: str, *, switches: Sequence[str]) -> Counted:
    """Return what a folder of returns gives under choices such as ``temps=count``; nothing where no folder is given.

    Args:
        folder: the folder; blank for none.
        switches: choices, each as name=value.

    Raises:
        DataError: nothing can be read.
        UnknownNameError: a switch or a choice is not known.
    """
    if not folder:
        return nothing_counted()
    pairs = [item.partition("=") for item in switches]
    return count_returns([Path(folder)], switches={name.strip(): value.strip() for name, _, value in pairs})


def nothing_counted() -> Counted:
    """Return what there is where no return was given."""
    texts, numbers = ["rule", "topic", "name", "switch", "made", "choice"], ["numerator", "denominator", "value"]
    others = [f"other_{name}" for name in numbers]
    kinds = {**dict.fromkeys(texts, str), "year": int, **dict.fromkeys([*numbers, *others], float)}
    more = pd.DataFrame(columns=[*COLUMNS, *others, "switch", "made", "choice"]).astype(kinds)
    blank = more[COLUMNS]
    return Counted((), (), (), blank, {}, more)


def _sensitivity(
    con: duckdb.DuckDBPyConnection, rows: pd.DataFrame, years: Sequence[int], switches: Mapping[str, str]
) -> pd.DataFrame:
    """Totals under each other choice, beside those under the choice made."""
    keys, numbers = ["rule", "year", "topic", "name"], ["numerator", "denominator", "value"]
    known = load_rules()
    found = []
    for name, switch in known.switches.items():
        made = switches.get(name, switch.default)
        rules = [rule for rule, item in known.rules.items() if name in item.switches and rule in set(rows["rule"])]
        for choice in switch.choices:
            if choice == made or not rules:
                continue
            prepare(con, years=years, switches={**switches, name: choice})
            other = count(con, rules=rules).set_index(keys)[numbers].add_prefix("other_").reset_index()
            both = rows[rows["rule"].isin(rules)].merge(other, on=keys, how="outer")
            found.append(both[both["topic"] == "Total"].assign(switch=name, made=made, choice=choice))
    return pd.concat(found, ignore_index=True) if found else nothing_counted().sensitivity
