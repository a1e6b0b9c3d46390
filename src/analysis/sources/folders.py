"""Where the project's files stand."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from analysis.errors import DataError

HOME_VARIABLE = "ANALYSIS_HOME"


@cache
def project_folder() -> Path:
    """Return the folder that holds ``data/`` and ``notebooks/``.

    It is the one named by the environment variable ANALYSIS_HOME, or else the checkout
    that this package was installed from.

    Raises:
        DataError: there is no ``data/catalogue`` in that folder.
    """
    named = os.environ.get(HOME_VARIABLE)
    folder = Path(named) if named else Path(__file__).resolve().parents[3]
    if not (folder / "data" / "catalogue").is_dir():
        raise DataError(
            f"{folder} holds no data/catalogue folder, so there are no figures to read. "
            f"Install the package from its checkout (pip install -e .), or set {HOME_VARIABLE} to the checkout."
        )
    return folder


def data_folder() -> Path:
    """Return the folder ``data/``."""
    return project_folder() / "data"


def notebooks_folder() -> Path:
    """Return the folder ``notebooks/``."""
    return project_folder() / "notebooks"


def shown(path: Path) -> str:
    """Return a path as a reader would write it: relative to the project where it lies inside.

    Example:
        >>> shown(data_folder() / "published")
        'data/published'
    """
    try:
        return path.relative_to(project_folder()).as_posix()
    except ValueError:
        return str(path)
