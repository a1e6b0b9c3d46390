"""The command ``analysis reconcile``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.console import Format, err, print_table
from analysis.errors import NotebookFailedError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd


def reconcile_command(
    only: Annotated[str, typer.Option(help="Id of a source: only what touches one of its figures.")] = "",
    disagreements: Annotated[bool, typer.Option("--disagreements", help="Only what disagrees.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 where anything disagrees.")] = False,
    format: Annotated[Format, typer.Option(help="How to show the checks.")] = Format.table,
) -> None:
    """Hold every transcribed figure, and every claim in words, against every other; checks that rest on a reading are judged."""
    from analysis.indicators.observations import load_figures, load_register
    from analysis.indicators.reconciling.register import touching

    _require_source(only)
    table = touching(load_register(), load_figures(), source=only) if only else load_register()
    shown = table[table["verdict"] == "disagrees"] if disagreements else table
    _print(shown, format)
    counts = table["verdict"].value_counts()
    said = ", ".join(f"{counts.get(name, 0)} {words}" for name, words in _WORDS.items())
    err.print(f"{len(table)} checks: {said}", markup=False)
    if strict and counts.get("disagrees", 0):
        raise typer.Exit(NotebookFailedError.exit_code)


_WORDS = {"agrees": "agree", "disagrees": "disagree", "cannot be decided": "cannot be decided"}


def _require_source(name: str) -> None:
    from analysis.sources.catalogue import load_sources

    if name and name not in load_sources():
        raise UnknownNameError(f"There is no source {name!r}. {did_you_mean(name, load_sources())}")


def _print(table: pd.DataFrame, format: Format) -> None:
    if format == Format.json:
        sys.stdout.write(json.dumps(table.to_dict(orient="records"), indent=2, ensure_ascii=False) + "\n")
    elif format == Format.csv:
        from analysis.present.sheets import csv_of

        sys.stdout.write(csv_of(table))
    else:
        names = ["verdict", "judged", "area", "indicator", "period", "arithmetic", "figures", "use"]
        shown = table.assign(verdict=table["verdict"] + table["size"].map(lambda size: f" {size}" if size else ""))
        print_table(names, [[str(row[name]) for name in names] for _, row in shown.iterrows()])
