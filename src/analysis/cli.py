"""The command ``analysis``. Heavy imports stand inside the commands, so that help is quick."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import typer

from analysis.commands.briefing import briefing_command
from analysis.commands.console import err
from analysis.commands.count import count_command
from analysis.commands.fetch import fetch_command
from analysis.commands.figures import figures_command
from analysis.commands.listing import list_command, show_command
from analysis.commands.official import backtest_command, check_command, revisions_command
from analysis.commands.reconcile import reconcile_command
from analysis.commands.reference import reference_command
from analysis.commands.reports import lab_command, report_command
from analysis.commands.synthesise import synthesise_command
from analysis.errors import AnalysisError, DataError, OutputError

app = typer.Typer(
    name="analysis",
    help="Statistics about children in care and child protection in England, from published figures to reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

#: Name, what it does, and an example, in the order in which help shows them.
COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("list", list_command, "analysis list indicators"),
    ("show", show_command, "analysis show cp_repeat_plans"),
    ("figures", figures_command, "analysis figures --area Nottingham --year 2020-21 --format csv"),
    ("report", report_command, "analysis report 1 2 --area Peterborough --year 2017-18"),
    ("briefing", briefing_command, "analysis briefing --indicator cp_plan_rate --area Nottingham --year 2020-21"),
    ("fetch", fetch_command, "analysis fetch --publication children_looked_after --year 2025"),
    ("check", check_command, "analysis check data/raw"),
    ("revisions", revisions_command, "analysis revisions --area Hampshire --data data/raw"),
    ("backtest", backtest_command, "analysis backtest --data data/raw"),
    ("count", count_command, "analysis count returns/2025 --groups --format csv"),
    ("reconcile", reconcile_command, "analysis reconcile --format csv"),
    ("reference", reference_command, "analysis reference ../shared/reference --format json"),
    (
        "synthesise",
        synthesise_command,
        "analysis synthesise --children 500 --years 2023..2025 --seed 1 --output /tmp/made-up",
    ),
    ("lab", lab_command, "analysis lab"),
)

for _name, _command, _example in COMMANDS:
    app.command(_name, epilog=f"Example: {_example}")(_command)


#: What the system says where an output takes no more.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def main() -> None:
    """Run the command; a person's mistake ends with its message and its exit code, not with a traceback."""
    try:
        _run()
    except AnalysisError as error:
        _end(error)
    except OSError as error:
        # What goes wrong with a file that is written has been said by then; an error without a name is of standard output.
        if error.filename is not None:
            _end(_not_read(error))
        _end_of_output(error)


def _run() -> None:
    try:
        app()
    finally:
        # What is still held back is written while a full disk can be told.
        sys.stdout.flush()


def _end(error: AnalysisError) -> NoReturn:
    err.print(str(error), style="red", markup=False)
    sys.exit(error.exit_code)


def _end_of_output(error: OSError) -> NoReturn:
    """The disk under standard output is full, or whoever read on has seen enough and closed the pipe."""
    if error.errno not in {*_FULL, errno.EPIPE}:
        raise error
    _let_go_of_output()
    if error.errno == errno.EPIPE:
        sys.exit(1)
    _end(_not_written(error))


def _not_read(error: OSError) -> DataError:
    return DataError(
        f"{error.filename} cannot be opened: {error.strerror}. Expected files that may be. Look at its permissions and whether the disk is there."
    )


def _not_written(error: OSError) -> OutputError:
    return OutputError(
        f"What was asked for could not be written to standard output: {error.strerror}. Expected room for all of it; what is there is not whole. "
        "Make room, or send it to another place, and run the command again."
    )


def _let_go_of_output() -> None:
    """Let Python try no more to write what is left, which would fail again at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
