"""The command ``analysis reference``."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.console import Format, err, given_path, print_table, progress
from analysis.errors import NotebookFailedError

if TYPE_CHECKING:
    from analysis.statistics.reference import ReferenceResult


def reference_command(
    folder: Annotated[Path, typer.Argument(parser=given_path, help="A folder of case files with expected answers.")],
    format: Annotated[Format, typer.Option(help="How to show the results.")] = Format.table,
) -> None:
    """Hold our statistics against answers that other people's programs computed, file by file."""
    results = _reference_results(folder)
    _print_results(results, format)
    passed = [item for item in results if item.status == "passed"]
    failed = [item for item in results if item.status == "failed"]
    for item in failed:
        for line in item.failures:
            err.print(f"{item.name}: {line}", style="red", markup=False)
    skipped = len(results) - len(passed) - len(failed)
    err.print(f"{len(passed)} files passed, {len(failed)} failed, {skipped} skipped", markup=False)
    if failed or not passed:
        raise typer.Exit(NotebookFailedError.exit_code)


def _reference_results(folder: Path) -> list[ReferenceResult]:
    from analysis.sources.reference_cases import read_cases
    from analysis.statistics.reference import run_reference

    tables = read_cases(folder)
    results = []
    with progress(str(folder)) as step:
        for done, (name, table) in enumerate(tables.items()):
            step(name, done, len(tables))
            results.append(run_reference(name, table, tables))
    return results


def _print_results(results: list[ReferenceResult], format: Format) -> None:
    if format == Format.json:
        sys.stdout.write(json.dumps([asdict(item) for item in results], indent=2, ensure_ascii=False) + "\n")
        return
    headings = [
        "file",
        "kind",
        "cases",
        "refused",
        "relative error",
        "absolute error",
        "labels wrong",
        "tolerance",
        "result",
        "notes",
    ]
    rows = [_result_cells(item) for item in results]
    if format == Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([headings, *rows])
    else:
        print_table(headings, rows)


def _result_cells(item: ReferenceResult) -> list[str]:
    return [
        item.name, item.kind or "not known", str(item.cases), str(item.refused), f"{item.largest_relative_error:.1e}",
        f"{item.largest_absolute_error:.1e}", str(item.mismatched_labels), item.precision or f"{item.tolerance:.0e}",
        item.status, "; ".join(item.notes),
    ]  # fmt: skip
