"""The command ``analysis synthesise``."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.console import out, progress, stoppable
from analysis.errors import UnknownNameError

#: Layouts and code lists are known from the first of these years, bank holidays up to the last.
_EARLIEST, _LATEST = 2016, 2030


class ReturnFormat(StrEnum):
    """How SSDA903 can be written."""

    csv = "csv"
    xml = "xml"


def synthesise_command(
    output: Annotated[Path, typer.Option(help="A new folder, or one that this command made before.")],
    children: Annotated[int, typer.Option(min=1, help="How many children to draw.")] = 1000,
    years: Annotated[
        str, typer.Option(help="Years by the 31 March on which they end, such as 2019..2025.")
    ] = "2023..2025",
    seed: Annotated[int, typer.Option(help="Any whole number; the same gives the same files.")] = 1,
    format: Annotated[ReturnFormat, typer.Option(help="How to write SSDA903.")] = ReturnFormat.csv,
) -> None:
    """Write made-up child-level returns that agree with one another, with the true answers beside them."""
    from analysis.synthetic.making import Order, make_returns

    order = Order(children, parse_years(years), seed, format.value)
    with stoppable(), progress("Children") as step:
        make_returns(order, output, progress=step)
    out.print(
        f"Written: {output / 'truth.csv'}, README.md, and a folder for each of {len(order.years)} years", markup=False
    )


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
