"""Running one notebook: parameters in, an executed notebook without traces of when and where it ran out."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from analysis.errors import NotebookFailedError, UnknownNameError, did_you_mean
from analysis.sources.folders import notebooks_folder

KERNEL = "python3"
CELL_LIMIT = 600
#: The kernel would warn on the terminal that it speaks over the loopback interface; errors still come through.
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=40"]


def list_notebooks() -> dict[str, Path]:
    """Return every notebook by its name, in order."""
    return {path.stem: path for path in sorted(notebooks_folder().glob("[0-9][0-9]_*.ipynb"))}


def find_notebook(name: str) -> str:
    """Return the name of the notebook that a name or a number names.

    Raises:
        UnknownNameError: there is none; the nearest are offered.

    Example:
        >>> find_notebook("2")
        '02_repeat_child_protection_plans'
    """
    names = list(list_notebooks())
    wanted = name.removesuffix(".ipynb")
    number = f"{int(wanted):02d}_" if wanted.isdigit() else None
    for found in names:
        if wanted in (found, found[3:]) or (number and found.startswith(number)):
            return found
    raise UnknownNameError(f"There is no notebook {name!r}. {did_you_mean(name, names)}")


def run_notebook(notebook: Path, values: Mapping[str, Any], *, failed: Path) -> nbformat.NotebookNode:
    """Return a notebook executed with these parameters in a fresh kernel.

    Args:
        notebook: the notebook's file.
        values: a value for each parameter.
        failed: where the partial notebook is kept if a cell fails.

    Raises:
        NotebookFailedError: a cell failed, the kernel died, or a cell took too long.
    """
    with tempfile.TemporaryDirectory() as folder, _quiet():
        partial = Path(folder) / notebook.name
        try:
            papermill.execute_notebook(
                str(notebook), str(partial), parameters=dict(values), kernel_name=KERNEL,
                progress_bar=False, record_timing=False, execution_timeout=CELL_LIMIT,
                extra_arguments=KERNEL_ARGUMENTS, shutdown_kernel="immediate",
            )  # fmt: skip
        except (PapermillExecutionError, DeadKernelError, CellTimeoutError) as error:
            raise _failure(notebook.stem, partial, failed, error) from None
        return without_traces(nbformat.read(partial, as_version=4))


def without_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without what differs from run to run: times, paths, random ids."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for number, cell in enumerate(notebook.cells, start=1):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        cell.id = f"cell-{number:02d}"
    return notebook


def _failure(name: str, partial: Path, failed: Path, error: Exception) -> NotebookFailedError:
    """Keep what there is of the notebook, and say where it stopped."""
    kept = ""
    heading = "its first cell"
    if partial.exists():
        content = partial.read_bytes()
        with suppress(OSError):
            failed.parent.mkdir(parents=True, exist_ok=True)
            failed.write_bytes(content)
            kept = f" The partial notebook is kept as {failed}."
        heading = _heading_before(nbformat.reads(content.decode(), as_version=4), error)
    what = f"{error.ename}: {error.evalue}" if isinstance(error, PapermillExecutionError) else _why(error)
    return NotebookFailedError(
        f"Notebook {name} stopped under the heading “{heading}”: {what}.{kept} "
        "An earlier report of this notebook, if there was one, is left as it was."
    )


def _why(error: Exception) -> str:
    if isinstance(error, CellTimeoutError):
        return f"a cell took more than {CELL_LIMIT} seconds"
    return "its kernel died, perhaps for want of memory"


def _heading_before(notebook: nbformat.NotebookNode, error: Exception) -> str:
    """The last heading before the cell that failed."""
    source = getattr(error, "source", None)
    heading = "its first cell"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heads = [line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")]
            heading = heads[-1] if heads else heading
        elif cell.source == source:
            break
    return heading


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep papermill's chatter off the terminal, and let the kernel's sets have one order in every run."""
    logger, wanted = logging.getLogger("papermill"), {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONHASHSEED": "0"}
    level, before = logger.level, {name: os.environ.get(name) for name in wanted}
    logger.setLevel(logging.CRITICAL)
    os.environ.update(wanted)
    try:
        yield
    finally:
        logger.setLevel(level)
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
