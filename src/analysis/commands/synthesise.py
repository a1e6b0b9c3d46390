"""The command ``analysis synthesise``."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.console import given_path, out, progress, stoppable
from analysis.errors import OutputError, UnknownNameError

#: Layouts and code lists are known from the first of these years, bank holidays up to the last.
_EARLIEST, _LATEST = 2016, 2030


class ReturnFormat(StrEnum):
    """How SSDA903 can be written."""

    csv = "csv"
    xml = "xml"


def synthesise_command(
    output: Annotated[
        Path, typer.Option(parser=given_path, help="A new folder, or one that this command made before.")
    ],
    children: Annotated[int, typer.Option(min=1, help="How many children to draw.")] = 1000,
    years: Annotated[
        str, typer.Option(help="Years by the 31 March on which they end, such as 2019..2025.")
    ] = "2023..2025",
    seed: Annotated[int, typer.Option(help="Any whole number; the same gives the same files.")] = 1,
    format: Annotated[ReturnFormat, typer.Option(help="How to write SSDA903.")] = ReturnFormat.csv,
) -> None:
    """Write made-up child-level returns that agree with one another, with the true answers beside them."""
    from analysis.synthetic.making import Order, make_returns, require_own_folder

    order = Order(children, parse_years(years), seed, format.value)
    require_own_folder(output)
    with stoppable("Nothing was written."), progress("Children") as step, _beside(output.resolve()) as made:
        make_returns(order, made, progress=step)
        _take_place(made, output)
    out.print(
        f"Written: {output / 'truth.csv'}, README.md, and a folder for each of {len(order.years)} years", markup=False
    )


@contextmanager
def _beside(output: Path) -> Iterator[Path]:
    """A folder beside the one asked for, gone at the end: what is stopped or fails leaves nothing half-written."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=".partial-", ignore_cleanup_errors=True) as name:
            yield Path(name) / output.name
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(
            f"{output} cannot be written: {error.strerror or error}. Give another folder to --output."
        ) from None


def _take_place(made: Path, output: Path) -> None:
    """Put the files that were made where they were asked for; those of another order there would be counted beside them."""
    files = [path.relative_to(made) for path in sorted(made.rglob("*")) if path.is_file()]
    there = [path.relative_to(output) for path in sorted(output.rglob("*")) if path.is_file()]
    others = [path.as_posix() for path in there if path not in set(files)]
    if others:
        raise OutputError(
            f"{output} holds {len(others)} files that this order would not write over, such as {others[0]}: returns of other years or of "
            "another format would be mixed. Nothing was written. Give an empty or a new folder to --output, or remove them."
        )
    for path in files:
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).replace(output / path)


def parse_years(text: str) -> tuple[int, ...]:
    """Return the years of a text such as 2019..2025 or 2025.

    Args:
        text: one year, or the first and the last parted by two dots.

    Raises:
        UnknownNameError: it is no such text, or a year is not known.

    Example:
        >>> parse_years("2023..2025")
        (2023, 2024, 2025)
    """
    found = re.fullmatch(r"(\d{4})(?:\.\.(\d{4}))?", text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not _EARLIEST <= first <= last <= _LATEST:
        raise UnknownNameError(
            f"--years {text!r}: expected years from {_EARLIEST} to {_LATEST}, the earlier first, such as 2019..2025 or 2025."
        )
    return tuple(range(first, last + 1))
