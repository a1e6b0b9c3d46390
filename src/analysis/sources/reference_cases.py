"""Case files whose answers other people's programs computed: read as text, so that nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.errors import DataError


def read_cases(folder: Path) -> dict[str, pd.DataFrame]:
    """Return every CSV file of a folder by its name, all cells as text; "None" is a word and not a gap.

    Args:
        folder: a folder of case files; other files are left alone.

    Raises:
        DataError: there is no such folder, or a file in it is not a readable table.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder. Name the folder that holds the case files.")
    return {path.name: _read(path) for path in sorted(folder.glob("*.csv"))}


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        return pd.DataFrame()
    except (UnicodeDecodeError, pd.errors.ParserError) as error:
        raise DataError(f"{path} is not a readable table: {error}. Expected CSV, UTF-8, with a header row.") from None
