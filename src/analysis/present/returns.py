"""A council's own return: what was read, what is wrong with it, every indicator counted, and how much each choice matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.indicators.counting.rules import load_rules
from analysis.indicators.definitions import Indicator
from analysis.present.exhibits import Exhibit, with_rows
from analysis.present.formatting import capital, is_missing, listed, number
from analysis.present.tabulating import Column, Table, table_of
from analysis.sources.returns.tables import FileRead, ReturnProblem

#: Problems of one kind that the page lists; the file of rows has more.
_MOST_SHOWN = 10
_DASH = "\N{EN DASH}"
_HIDDEN = "hidden (1 to 5, or beside one that is)"


def read(files: Sequence[FileRead]) -> Exhibit:
    """Show what each file was.

    Args:
        files: as from ``counted.count_returns``; empty where no return was given.
    """
    rows = pd.DataFrame(
        [{"file": item.name, "is_a": item.is_a, "records": item.rows, "note": item.note} for item in files]
    )
    if rows.empty:
        return _exhibit(
            "files_read",
            ["No return was given: set `returns` to the folder that holds it. Nothing was counted."],
            None,
            rows,
        )
    known = rows[rows["records"] > 0]
    lead = f"{number(len(known))} of {number(len(rows))} files hold what is counted, with {number(int(rows['records'].sum()))} records."
    table = table_of("Files of the return", rows, [
        Column("File", lambda row: row["file"]),
        Column("What it is", lambda row: row["is_a"] or "not known by its columns"),
        Column("Records", lambda row: number(row["records"]), "number"),
        Column("Remark", lambda row: row["note"] or _DASH),
    ])  # fmt: skip
    return _exhibit("files_read", [lead], table, rows)


def problems(found: Sequence[ReturnProblem]) -> Exhibit:
    """Show what is wrong with the records: how often, and where the first ones are; no child is named.

    Args:
        found: as from ``counted.count_returns``.
    """
    rows = pd.DataFrame([vars(item) for item in found])
    if rows.empty:
        return _exhibit("problems", ["Nothing that counting needs was found wrong."], None, rows)
    kinds = Counter(rows["rule"])
    told = listed([f"{number(count)} of kind “{name}”" for name, count in kinds.most_common()])
    out = int(rows["left_out"].sum())
    left = (
        f"{number(out)} of the listed records were left out of every count."
        if out
        else "No record was left out of the counts."
    )
    shown = rows.groupby("rule", sort=False).head(_MOST_SHOWN)
    table = table_of("What is wrong with the return, the first of each kind", shown, [
        Column("Kind", lambda row: row["rule"]),
        Column("File", lambda row: row["file"]),
        Column("Row", lambda row: number(row["row"]) if row["row"] else "whole file", "number"),
        Column("Column", lambda row: row["column"]),
        Column("Found", lambda row: row["found"]),
        Column("Expected", lambda row: row["expected"]),
        Column("What to do", lambda row: row["action"]),
    ])  # fmt: skip
    return _exhibit("problems", [f"Listed are {told}.", left], table, rows)


def counted(
    rows: pd.DataFrame, indicators: Mapping[str, Indicator], *, year: int, wanting: Mapping[str, Sequence[int]]
) -> Exhibit:
    """Show every indicator counted for a year, with its interval, beside the year before.

    Args:
        rows: totals as from ``engine.count`` with small counts hidden, an interval, and ``status``.
        indicators: definitions by id.
        year: the year, by its end.
        wanting: as from ``counted.Counted.wanting``.
    """
    now, before = rows[rows["year"] == year], rows[rows["year"] == year - 1].set_index("rule")
    if now.empty:
        return _exhibit("counted", [f"Nothing was counted for the year that ended in {year}."], None, rows.iloc[:0])
    lead = f"{number(len(now))} indicators were counted for the year that ended on 31 March {year}."
    hidden = int((now["status"] != "reported").sum())
    more = [f"{number(hidden)} are hidden, as a count behind them is from 1 to 5."] if hidden else []
    back = [rule for rule, years in wanting.items() if year in years]
    more += (
        [
            f"Not counted, as the returns of earlier years that they look back on are not here: {_names(back, indicators)}."
        ]
        if back
        else []
    )
    shown = now.assign(before=[_amount(before.loc[name]) if name in before.index else _DASH for name in now["rule"]])
    table = table_of(f"Counted from the return, {year - 1}-{year % 100:02d}", shown, [
        Column("Indicator", lambda row: indicators[load_rules().rules[row["rule"]].indicator].name),
        Column("Number", lambda row: _whole(row["numerator"]), "number"),
        Column("Out of", lambda row: _whole(row["denominator"]), "number"),
        Column("Counted", _amount, "number"),
        Column("Interval", _interval, "number"),
        Column("Year before", lambda row: row["before"], "number"),
    ])  # fmt: skip
    return _exhibit("counted", [lead, *more], table, now)


def sensitivity(rows: pd.DataFrame, indicators: Mapping[str, Indicator], *, year: int) -> Exhibit:
    """Show how much each choice that no official text settles changes an indicator.

    Args:
        rows: as from ``counted.Counted.sensitivity`` with small counts hidden.
        indicators: definitions by id.
        year: the year, by its end.
    """
    own = rows[rows["year"] == year] if len(rows) else rows
    if own.empty:
        return _exhibit("sensitivity", ["No choice matters for what could be counted."], None, rows)
    switches = load_rules().switches
    said = [
        f"{capital(name.replace('_', ' '))}: {switch.says}"
        for name, switch in switches.items()
        if name in set(own["switch"])
    ]
    table = table_of(f"How much each choice matters, {year - 1}-{year % 100:02d}", own, [
        Column("Indicator", lambda row: indicators[load_rules().rules[row["rule"]].indicator].name),
        Column("Choice", lambda row: row["switch"].replace("_", " ")),
        Column("As counted", lambda row: f"{row['made']}: {_amount(row)}"),
        Column("Else", lambda row: f"{row['choice']}: {_amount(row, prefix='other_')}"),
    ])  # fmt: skip
    return _exhibit(
        "sensitivity",
        [
            "Where no official text settles how to count, the choice made here is said, and what the other would give.",
            *said,
        ],
        table,
        own,
    )


def rules_of(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show the definition of each rule, with where it stands.

    Args:
        rows: as for :func:`counted`.
        indicators: definitions by id.
    """
    known = load_rules().rules
    names = list(dict.fromkeys(rows["rule"])) if len(rows) else []
    shown = pd.DataFrame({"rule": names})
    if shown.empty:
        return _exhibit("rules_of", ["No rule was used."], None, shown)
    table = table_of("By which rule each was counted", shown, [
        Column("Indicator", lambda row: indicators[known[row["rule"]].indicator].name),
        Column("Definition", lambda row: known[row["rule"]].definition),
        Column("Where it stands", lambda row: known[row["rule"]].citation),
    ])  # fmt: skip
    return _exhibit(
        "rules_of",
        [
            "Each rule is SQL that can be read and taken away; the file of rows names it, and the command “analysis show” prints it."
        ],
        table,
        shown,
    )


def _names(rules: Sequence[str], indicators: Mapping[str, Indicator]) -> str:
    return listed([indicators[load_rules().rules[rule].indicator].name for rule in rules])


def _amount(row: pd.Series, prefix: str = "") -> str:
    top, bottom, value = (row[f"{prefix}{name}"] for name in ("numerator", "denominator", "value"))
    if row.get("status", "reported") != "reported":
        return _HIDDEN
    if not is_missing(top) and not is_missing(bottom) and bottom:
        return f"{number(100 * top / bottom, 1)}%"
    return _whole(value)


def _whole(value: object) -> str:
    return _DASH if is_missing(value) else number(float(value))  # type: ignore[arg-type]


def _interval(row: pd.Series) -> str:
    if is_missing(row["lower_ci"]) or is_missing(row["numerator"]):
        return _DASH
    return f"{number(row['lower_ci'], 1)}% to {number(row['upper_ci'], 1)}%"


def _exhibit(name: str, sentences: Sequence[str], table: Table | None, rows: pd.DataFrame) -> Exhibit:
    """An exhibit that cites no published figure: what it shows was counted here."""
    known = load_rules().rules
    measures = rows["rule"].map(lambda rule: known[rule].indicator if rule in known else "") if "rule" in rows else ""
    return with_rows(name, "returns", sentences, table, rows.assign(indicator=measures, cites="", caveat=""))
