"""The command ``analysis count``: indicators from child-level returns, with small numbers hidden."""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.console import Format, err, given_path, print_table, progress, stoppable
from analysis.errors import DataError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from analysis.indicators.counting.counted import Counted
    from analysis.sources.returns.tables import ReturnProblem


def count_command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            parser=given_path,
            help="Folders or files of returns: SSDA903, CIN Census, Annex A, lists of advocacy referrals.",
        ),
    ],
    years: Annotated[
        str, typer.Option(help="Years by their end, such as 2025 or 2023..2025; all that are held if none.")
    ] = "",
    rule: Annotated[list[str] | None, typer.Option(help="Only these rules.")] = None,
    groups: Annotated[bool, typer.Option("--groups", help="Show groups (age, sex, ethnicity, …), too.")] = False,
    set_: Annotated[list[str] | None, typer.Option("--set", help="A choice, such as temps=count.")] = None,
    format: Annotated[Format, typer.Option(help="How to show the counts.")] = Format.table,
) -> None:
    """Count the indicators in child-level returns. Nothing leaves this machine; counts of 1 to 5 are hidden; no child is named."""
    from analysis.indicators.counting.counted import count_returns
    from analysis.indicators.counting.rules import chosen
    from analysis.indicators.disclosure import hide_small
    from analysis.statistics.rates import add_proportion

    # What was asked is looked at before the returns are, which can take minutes.
    wanted, switches = parse_years(years), dict(_pair(item) for item in set_ or [])
    chosen(switches)
    rules = _require_rules(rule or [])
    with stoppable("Nothing was counted, and nothing written."), progress("Reading and counting"):
        found = count_returns(paths, years=wanted, switches=switches, sensitivity=False)
    _tell(found, rules)
    rows = found.rows[found.rows["rule"].isin(rules)] if rules else found.rows
    rows = hide_small(rows if groups else rows[rows["topic"] == "Total"])
    shown = add_proportion(rows, keep_value=True).assign(
        value=rows["value"].fillna(100 * rows["numerator"] / rows["denominator"])
    )
    _print(shown, format)


def parse_years(text: str) -> list[int]:
    """Return the years of a text such as 2023..2025 or 2025; none of a blank one.

    Args:
        text: one year, or the first and the last parted by two dots.

    Raises:
        UnknownNameError: it is no such text.

    Example:
        >>> parse_years("2023..2025"), parse_years("")
        ([2023, 2024, 2025], [])
    """
    if not text.strip():
        return []
    found = re.fullmatch(r"([0-9]{4})(?:\.\.([0-9]{4}))?", text.strip())
    if not found or (found[2] and found[2] < found[1]):
        raise UnknownNameError(
            f"--years {text!r}: expected a year, or the first and the last, the earlier first, such as 2025 or 2023..2025."
        )
    return list(range(int(found[1]), int(found[2] or found[1]) + 1))


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name.strip() or not value.strip():
        raise UnknownNameError(f"--set {text!r}: expected NAME=VALUE, such as temps=count.")
    return name.strip(), value.strip()


def _require_rules(names: Sequence[str]) -> Sequence[str]:
    from analysis.indicators.counting.rules import load_rules

    for name in names:
        if name not in load_rules().rules:
            raise UnknownNameError(f"There is no rule {name!r}. {did_you_mean(name, load_rules().rules)}")
    return names


def _tell(found: Counted, rules: Sequence[str]) -> None:
    """What was read, what is wrong, what was left out and what was not counted, without naming a child."""
    for item in found.files:
        records = f", {item.rows:,} records" if item.rows or not item.note else ""
        read = f"{item.is_a}{records}. " if item.is_a else ""
        err.print(f"{item.name}: {read}{item.note}".rstrip(), markup=False)
    if found.problems:
        err.print(
            f"Problems: {_by_kind(found.problems)}. `analysis report 9 --returns` lists them by file and row.",
            style="yellow",
            markup=False,
        )
    for problem in found.problems:
        # What is wrong with a whole file, or two councils in one, is said at once: every number hangs on it.
        if problem.rule == "year twice":
            err.print(f"{problem.file}: {problem.found}. {problem.action}", style="yellow", markup=False)
    left_out = [problem for problem in found.problems if problem.left_out]
    if left_out:
        number = sum(problem.records for problem in left_out)
        err.print(
            f"{number:,} records were left out of every count: {_by_kind(left_out)}.", style="yellow", markup=False
        )
    _tell_wanting(found, rules)
    if found.rows.empty:
        raise DataError(
            "Nothing could be counted: the years of these returns hold no episode, plan, conference or referral that a rule needs. "
            "Is a file of the return missing?"
        )


def _tell_wanting(found: Counted, rules: Sequence[str]) -> None:
    """What looks back on years of which no return is held."""
    by_years: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for rule, years in found.wanting.items():
        if not rules or rule in rules:
            by_years[tuple(years)].append(rule)
    for those, names in by_years.items():
        listed = ", ".join(map(str, those))
        err.print(
            f"Not counted for {listed}, as no return of the years before is here: {', '.join(names)}.", markup=False
        )
    missing = [rule for rule in rules if rule not in found.wanting and rule not in set(found.rows["rule"])]
    if missing:
        err.print(
            f"Not counted, as the returns hold nothing that they need: {', '.join(missing)}.",
            style="yellow",
            markup=False,
        )


def _by_kind(problems: Iterable[ReturnProblem]) -> str:
    kinds: Counter[str] = Counter()
    for problem in problems:
        kinds[problem.rule] += problem.records
    return ", ".join(f"{name} {number:,}" for name, number in kinds.most_common())


_HEADINGS = ["rule", "year", "topic", "name", "numerator", "denominator", "value", "lower_ci", "upper_ci", "status"]


def _print(rows: pd.DataFrame, format: Format) -> None:
    shown = rows[_HEADINGS]
    if format == Format.csv:
        sys.stdout.write(shown.to_csv(index=False, lineterminator="\n"))
    elif format == Format.json:
        sys.stdout.write(shown.to_json(orient="records", indent=2) + "\n")
    else:
        print_table(_HEADINGS, [[_cell(row[name]) for name in _HEADINGS] for _, row in shown.iterrows()])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.1f}".removesuffix(".0")
    return str(value)
