"""What a reader of returns gathers: rows, in batches; problems, of which many of a kind are counted; and the file itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from analysis.errors import DataError
from analysis.sources.returns.tables import TABLES, ReturnProblem

#: Rows that are held as Python objects at once; they are several times as large as in a table.
BATCH = 10_000
#: Problems of one kind that are listed one by one; the rest are counted. What is left out of a count is always listed.
MOST_LISTED = 100

Cell = object


class Rows:
    """Rows of one table of TABLES, turned into columns batch by batch."""

    def __init__(self, name: str) -> None:
        self._schema = pa.schema(list(TABLES[name].items()))
        self._batches: list[pa.RecordBatch] = []
        self._waiting: list[dict[str, Cell]] = []

    def add(self, row: dict[str, Cell]) -> None:
        """Add a row; a column that it lacks is blank, and so is a text without characters."""
        self._waiting.append({column: None if value == "" else value for column, value in row.items()})
        if len(self._waiting) >= BATCH:
            self._pack()

    def table(self) -> pa.Table:
        """Return all rows that were added."""
        self._pack()
        return pa.Table.from_batches(self._batches, self._schema)

    def _pack(self) -> None:
        if self._waiting:
            self._batches.append(pa.RecordBatch.from_pylist(self._waiting, self._schema))
            self._waiting = []


class Problems:
    """What is wrong with one file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._listed: list[ReturnProblem] = []
        self._more: Counter[tuple[str, str, str, str, str]] = Counter()
        self._kinds: Counter[tuple[str, str, str, str, str]] = Counter()

    def add(
        self, row: int, column: str, *, found: str, expected: str, action: str, rule: str, left_out: bool = False
    ) -> None:
        """Add a problem. Its words must hold nothing that stands in a record.

        Args:
            row: row or line; 0 for the file as a whole.
            column: column or element.
            found: what is there, in words.
            expected: what may be there.
            action: what to do.
            rule: short name of the check.
            left_out: whether the record is left out of every count.
        """
        kind = (column, found, expected, action, rule)
        self._kinds[kind] += not left_out
        if left_out or self._kinds[kind] <= MOST_LISTED:
            self._listed.append(ReturnProblem(self._file, row, column, found, expected, action, rule, left_out))
        else:
            self._more[kind] += 1

    def listed(self) -> tuple[ReturnProblem, ...]:
        """Return every problem, those beyond the first hundred of a kind as one with their number."""
        rest = [
            ReturnProblem(
                self._file, 0, column, f"{found}, in {count:,} more records", expected, action, rule, records=count
            )
            for (column, found, expected, action, rule), count in self._more.items()
        ]
        return (*self._listed, *rest)


def first_and_rest(problems: Iterable[ReturnProblem]) -> list[ReturnProblem]:
    """Return the first hundred problems of a kind one by one, and those beyond as one with their number.

    Args:
        problems: of one kind; they differ in their row alone.
    """
    found = iter(problems)
    listed, rest = list(islice(found, MOST_LISTED)), sum(1 for _ in found)
    if not rest:
        return listed
    last = replace(listed[0], row=0, found=f"{listed[0].found}, in {rest:,} more records", records=rest)
    return [*listed, last]


def require_content(path: Path, what: str) -> bytes:
    """Return the first bytes of a file, or raise where there is none to read.

    Args:
        path: the file.
        what: what it should be, such as "a CIN Census file (.xml)".

    Raises:
        DataError: it is missing, a folder, unreadable or empty.
    """
    if path.is_dir():
        raise DataError(f"{path.name} is a folder, expected {what}. Give the file itself.")
    wrong = ""
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except FileNotFoundError:
        wrong = f"{path} is not there, expected {what}. Look at the spelling of its path."
    except OSError as error:
        wrong = (
            f"{path.name} cannot be read: {error.strerror}. Expected {what}. Look at its permissions, or copy it again."
        )
    if wrong:
        raise DataError(wrong)
    if not start.strip(b"\x00 \r\n\t"):
        raise DataError(f"{path.name} is empty, expected {what}. Export it again.")
    return start
