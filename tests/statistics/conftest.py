"""Where the answers of other people's programs stand, and how close ours have to come.

This folder holds no ``__init__.py``: ``tests`` is on the import path, and a package called
``statistics`` there would hide Python's own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"

settings.register_profile("statistics", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("statistics")


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    """Return the folder of reference files; the test is skipped where it is absent."""
    if not REFERENCE.is_dir():
        pytest.skip("needs ../shared/reference, which is not beside this checkout")
    return REFERENCE


@pytest.fixture(scope="session")
def reference(reference_folder: Path) -> Callable[[str], pd.DataFrame]:
    """Return a reader of one reference file by its name."""
    return lambda name: pd.read_csv(reference_folder / f"{name}.csv", keep_default_na=False, na_values=[""])


@pytest.fixture(scope="session")
def close() -> Callable[..., None]:
    """Return the comparison that every golden test uses: 1e-9 relative, 1e-12 absolute near zero."""

    def check(found: object, expected: object, *, rel: float = 1e-9, absolute: float = 1e-12) -> None:
        np.testing.assert_allclose(
            np.asarray(found, dtype=float), np.asarray(expected, dtype=float), rtol=rel, atol=absolute
        )

    return check
