"""Returns made up for tests: a few children, told as episodes in the words of the return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from analysis.sources.returns.tables import TABLES

#: One episode: child, start, reason for it, placement, its postcode, end, reason for the end; then what differs from a usual one.
Episode = tuple[str, str, str, str, str, str, str]

#: Years by their beginning that the file of episodes has a past of.
HISTORY = range(2016, 2025)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def episode(told: Sequence[str], *, row: int, **values: object) -> dict[str, object]:
    child, started, reason, place, post, ended, reason_ended = told
    return {
        "child": child, "started": day(started), "reason_new": reason, "legal": "C2", "need": "N1", "place": place, "provider": "PR1",
        "ended": day(ended), "reason_ended": reason_ended or None, "reason_change": "CARPL", "place_post": post, "urn": None,
        "file": "episodes.csv", "row": row, **values,
    }  # fmt: skip


def opened(tables: Mapping[str, Iterable[Mapping[str, object]]]) -> duckdb.DuckDBPyConnection:
    """A database with these records, each table in the shape of the real ones."""
    con = duckdb.connect()
    for name, rows in tables.items():
        incoming = pa.Table.from_pylist([dict(row) for row in rows], schema=pa.schema(list(TABLES[name].items())))
        con.register("incoming", incoming)
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
        con.unregister("incoming")
    return con


def in_care(
    told: Sequence[Sequence[str]], *, births: Mapping[str, str] | None = None, **values: object
) -> duckdb.DuckDBPyConnection:
    """A database of episodes, with a header for each child: a white British boy born in 2015 unless told otherwise.

    A child with a short break in each year, which is in no count, makes the file one with a history.
    """
    episodes = [episode(item, row=place + 2, **values) for place, item in enumerate(told)]
    breaks = [("respite", f"{year}-06-01", "S", "U6", "ANY", f"{year}-06-03", "E8") for year in HISTORY]
    episodes += [episode(item, row=len(told) + 2 + place, legal="V4") for place, item in enumerate(breaks)]
    children = sorted({str(item[0]) for item in told})
    header = [
        {
            "child": child,
            "sex": "1",
            "birth": day((births or {}).get(child, "2015-01-01")),
            "ethnicity": "WBRI",
            "file": "header.csv",
            "row": place + 2,
        }
        for place, child in enumerate(children)
    ]
    return opened({"episodes": episodes, "header": header})
