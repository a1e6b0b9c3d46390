"""The commands that look at official files: ``analysis check``, ``analysis revisions`` and ``analysis backtest``."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.console import Format, err, given_path, print_table, require_open, warn_of_left_out
from analysis.commands.transcribed import check_transcribed
from analysis.errors import DataError, NotebookFailedError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.indicators.open_folder import FileReport

_BLANK = "\N{EN DASH}"


def check_command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            parser=given_path, help="A folder of official files, such as data/raw; or CSV files of transcribed figures."
        ),
    ],
    text: Annotated[
        Path | None,
        typer.Option(
            parser=given_path, help="The document as plain text: each quote of a transcribed file is held against it."
        ),
    ] = None,
    format: Annotated[Format, typer.Option(help="How to show what was found.")] = Format.table,
) -> None:
    """Say of each official file in a folder what it is and what is wrong with it; or, row by row, what is wrong with transcribed figures."""
    files = [path for path in paths if _is_one_file(path)]
    if files and len(files) < len(paths):
        raise typer.BadParameter("Give one folder of official files, or files of transcribed figures, not both.")
    if len(paths) > 1 and (text or not files):
        raise typer.BadParameter("A document's text belongs to one file." if files else "Give one folder at a time.")
    if files:
        check_transcribed(files, text=text, format=format)
    elif text:
        raise typer.BadParameter("--text goes with a file of transcribed figures, not with a folder.")
    else:
        _check_official(paths[0], format)


def _is_one_file(path: Path) -> bool:
    """Whether a path is a file, or is named like one that is not there."""
    return path.is_file() or (path.suffix != "" and not path.is_dir())


def _check_official(folder: Path, format: Format) -> None:
    from analysis.indicators.open_folder import check_folder

    require_open(str(folder))
    files = check_folder(folder)
    if format == Format.json:
        sys.stdout.write(json.dumps([vars(item) for item in files], indent=2, ensure_ascii=False) + "\n")
    else:
        print_table(
            ["file", "what it is", "release", "rows", "periods", "levels"], [_file_cells(item) for item in files]
        )
    problems = [line for item in files for line in item.left_out]
    for line in [*problems, *(line for item in files for line in item.missing)]:
        err.print(line, style="red", markup=False)
    left_out = [item for item in files if item.left_out]
    read = [item for item in files if item.rows and not item.left_out]
    err.print(
        f"{len(files)} files: {len(read)} read, {len(left_out)} left out, {len(files) - len(read) - len(left_out)} not for us",
        markup=False,
    )
    if left_out:
        raise typer.Exit(DataError.exit_code)


def revisions_command(
    area: Annotated[str, typer.Option(help="Name or nine-character code.")],
    data: Annotated[str, typer.Option(help="A folder with two releases of a publication or more.")],
    indicator: Annotated[str | None, typer.Option(help="Id or name of an indicator; all if none.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show what did not change, too.")] = False,
    format: Annotated[Format, typer.Option(help="How to show them.")] = Format.table,
) -> None:
    """Show what a newer release changed in the figures of an area."""
    from analysis.indicators.definitions import find_indicator
    from analysis.indicators.revisions import load_revisions, only_changed
    from analysis.sources.areas import find_area

    wanted = [find_indicator(indicator).id] if indicator else []
    require_open(data)
    rows = load_revisions(data, area=find_area(area), indicators=wanted)
    warn_of_left_out(data)
    changed = only_changed(rows)
    _print_rows(rows if everything else changed, _revision_cells, _REVISION_HEADINGS, format)
    place = find_area(area).name
    err.print(f"{len(changed)} of the {len(rows)} figures of {place} that two releases give were changed", markup=False)


def backtest_command(
    data: Annotated[str, typer.Option(help="A folder of official files, such as data/raw.")],
    format: Annotated[Format, typer.Option(help="How to show the counts.")] = Format.table,
) -> None:
    """Work out again every published rate and percentage from the counts beside it, and list those that differ."""
    from analysis.indicators.backtest import UNEXPLAINED, run_backtest

    require_open(data)
    found = run_backtest(data)
    warn_of_left_out(data)
    headings = [str(name) for name in found.summary.columns]
    _print_rows(found.summary, lambda row: [str(row[name]) for name in headings], headings, format)
    for _, row in found.differences.iterrows():
        places = int(row["precision"])
        err.print(
            f"{row['figure']} {row['indicator']}, {row['area_name']} {row['period']} {row['breakdown']}: printed "
            f"{row['value']:.{places}f}, worked out {row['recomputed']:.{places}f}: {row['reason']}",
            markup=False,
        )
    total = found.summary[["compared", "equal", "within_rounding", "differ", "not_compared"]].sum()
    err.print(
        f"{total['compared']:,} compared: {total['equal']:,} equal, {total['within_rounding']:,} within the rounding of "
        f"national and regional counts, {total['differ']:,} differ; {total['not_compared']:,} have a hidden part",
        markup=False,
    )
    if total["compared"] == 0 or (found.differences["reason"] == UNEXPLAINED).any():
        raise typer.Exit(NotebookFailedError.exit_code)


def _file_cells(item: FileReport) -> list[str]:
    what = "cannot be read" if item.left_out else item.is_a
    return [item.name, what, item.release or _BLANK, f"{item.rows:,}", item.periods or _BLANK, item.levels or _BLANK]


_REVISION_HEADINGS = ["indicator", "period", "breakdown", "older release", "was", "newer release", "is", "figure"]


def _revision_cells(row: pd.Series) -> list[str]:
    return [
        row["indicator"], row["period"], row["breakdown"], row["other_release_short"], _value(row, "other_"),
        row["release_short"], _value(row, ""), row["figure"],
    ]  # fmt: skip


def _value(row: pd.Series, prefix: str) -> str:
    value = row[f"{prefix}value"]
    return str(row[f"{prefix}status"]) if math.isnan(value) else f"{value:.{int(row[f'{prefix}precision'])}f}"


def _print_rows(
    rows: pd.DataFrame, cells: Callable[[pd.Series], list[str]], headings: list[str], format: Format
) -> None:
    if format == Format.json:
        sys.stdout.write(json.dumps(json.loads(rows.to_json(orient="records")), indent=2, ensure_ascii=False) + "\n")
    elif format == Format.csv:
        sys.stdout.write(rows.to_csv(index=False, lineterminator="\n"))
    else:
        print_table(headings, [cells(row) for _, row in rows.iterrows()])
