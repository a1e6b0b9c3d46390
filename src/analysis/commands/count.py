"""The command ``analysis count``: indicators from child-level returns, with small numbers hidden."""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.console import Format, err, print_table, progress
from analysis.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.indicators.counting.counted import Counted


def count_command(
    paths: Annotated[list[Path], typer.Argument(help="Folders or files of returns: SSDA903, CIN Census, Annex A.")],
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
    from analysis.indicators.disclosure import hide_small
    from analysis.statistics.rates import add_proportion

    switches = dict(_pair(item) for item in set_ or [])
    with progress("Reading and counting"):
        found = count_returns(paths, years=_years(years), switches=switches, sensitivity=False)
    rows = found.rows[found.rows["rule"].isin(rule)] if rule else found.rows
    rows = hide_small(rows if groups else rows[rows["topic"] == "Total"])
    shown = add_proportion(rows, keep_value=True).assign(
        value=rows["value"].fillna(100 * rows["numerator"] / rows["denominator"])
    )
    _tell(found)
    _print(shown, format)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not value:
        raise typer.BadParameter(f"{text!r}: write a choice as name=value, such as temps=count.")
    return name.strip(), value.strip()


def _years(text: str) -> list[int]:
    if not text:
        return []
    match = re.fullmatch(r"(\d{4})(?:\.\.(\d{4}))?", text.strip())
    if not match or (match[2] and match[2] < match[1]):
        raise typer.BadParameter(f"{text!r} is no year and no range. Write 2025 or 2023..2025.")
    return list(range(int(match[1]), int(match[2] or match[1]) + 1))


def _tell(found: Counted) -> None:
    """What was read and what is wrong, without naming a child."""
    for item in found.files:
        what = item.is_a or "not known"
        err.print(f"{item.name}: {what}, {item.rows:,} records. {item.note}".rstrip(), markup=False)
    kinds = Counter(problem.rule for problem in found.problems)
    if kinds:
        listed = ", ".join(f"{name} {number:,}" for name, number in kinds.most_common())
        err.print(f"Problems: {listed}. Each stands in `analysis report 9`.", style="yellow", markup=False)
    if found.rows.empty:
        raise DataError("Nothing could be counted: the files hold no episodes, plans or conferences.")


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
