"""Bank holidays of England and Wales, by which working days are counted."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache

from analysis.errors import DataError
from analysis.sources.folders import data_folder


@cache
def load_bank_holidays() -> tuple[date, ...]:
    """Return the bank holidays that are held, in order.

    Raises:
        DataError: data/reference/bank_holidays.csv is not there or holds something that is no date.

    Example:
        >>> date(2022, 9, 19) in load_bank_holidays(), date(2023, 5, 8) in load_bank_holidays()
        (True, True)
    """
    path = data_folder() / "reference" / "bank_holidays.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(sorted(date.fromisoformat(row["day"]) for row in csv.DictReader(file)))
    except (OSError, KeyError, ValueError):
        raise DataError(
            "data/reference/bank_holidays.csv cannot be read. It needs a column `day` of dates such as 2025-12-25."
        ) from None
