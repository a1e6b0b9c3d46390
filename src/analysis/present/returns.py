"""A council's own return: what was read, what is wrong with it, every indicator counted, and how much each choice matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd

from analysis.indicators.counting.rules import load_rules
from analysis.indicators.definitions import Indicator
from analysis.indicators.disclosure import ALMOST
from analysis.periods import parse_period
from analysis.present.exhibits import Exhibit, overview, with_rows
from analysis.present.formatting import capital, is_missing, listed, number
from analysis.present.tabulating import Column, Table, table_of
from analysis.sources.catalogue import load_breakdowns
from analysis.sources.returns.tables import FileRead, ReturnProblem
from analysis.vocabulary import TOTAL

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
        Column("File", lambda row: row["file"], "verbatim"),
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
        Column("File", lambda row: row["file"], "verbatim"),
        Column("Row", lambda row: number(row["row"]) if row["row"] else "whole file", "number"),
        Column("Column", lambda row: row["column"], "verbatim"),
        Column("Found", lambda row: row["found"], "verbatim"),
        Column("Expected", lambda row: row["expected"]),
        Column("What to do", lambda row: row["action"]),
    ])  # fmt: skip
    return _exhibit("problems", [f"Listed are {told}.", left], table, rows)


def counted(
    rows: pd.DataFrame, indicators: Mapping[str, Indicator], *, year: str, wanting: Mapping[str, Sequence[int]]
) -> Exhibit:
    """Show every indicator counted for a year, with its interval, beside the year before.

    Args:
        rows: totals as from ``engine.count`` with small counts hidden, an interval, and ``status``.
        indicators: definitions by id.
        year: the financial year.
        wanting: as from ``counted.Counted.wanting``.
    """
    end = _end(year)
    places = {name: place for place, name in enumerate(load_rules().rules)}
    rows = rows[rows["topic"] == TOTAL].sort_values("rule", key=lambda names: names.map(places), kind="stable")
    now, before = rows[rows["year"] == end], rows[rows["year"] == end - 1].set_index("rule")
    if now.empty:
        return _exhibit("counted", [f"Nothing was counted for {year}."], None, rows.iloc[:0])
    sentences = [
        *_first(now, indicators, year),
        *_left_out(now, [rule for rule, those in wanting.items() if end in those], indicators),
    ]
    shown = now.assign(before=[_amount(before.loc[name]) if name in before.index else _DASH for name in now["rule"]])
    table = table_of(f"Counted from the return, {year}", shown, [
        Column("Indicator", lambda row: indicators[load_rules().rules[row["rule"]].indicator].name),
        Column("Number", lambda row: _whole(row["numerator"]), "number"),
        Column("Out of", lambda row: _whole(row["denominator"]), "number"),
        Column("Counted", _amount, "number"),
        Column("Interval", _interval, "number"),
        Column("Year before", lambda row: row["before"], "number"),
    ])  # fmt: skip
    return _exhibit("counted", sentences, table, now)


#: The rules whose numbers are said first.
_SAID_FIRST = ("cla_number", "cp_plan_number", "cla_three_placements", "cp_repeat_plans")


def _first(now: pd.DataFrame, indicators: Mapping[str, Indicator], year: str) -> list[str]:
    """The most asked numbers as one sentence, and how many there are."""
    many = f"{number(len(now))} indicators were counted for {year}."
    own = now[now["rule"].isin(_SAID_FIRST) & (now["status"] == "reported")]
    said = [
        indicators[load_rules().rules[row["rule"]].indicator].says.format(value=_with_interval(row))
        for _, row in own.iterrows()
    ]
    return [f"By the council’s own return of {year}, {listed(said)}.", many] if said else [many]


def _left_out(now: pd.DataFrame, back: Sequence[str], indicators: Mapping[str, Indicator]) -> list[str]:
    hidden = int((now["status"] != "reported").sum())
    said = ["A count of all children or plans is no sample and has no interval; a share has one."]
    if hidden:
        said.append(f"{number(hidden)} are hidden, as a count behind them is from 1 to 5.")
    if back:
        names = listed([indicators[load_rules().rules[rule].indicator].name for rule in back])
        said.append(f"Not counted, as the returns of earlier years that they look back on are not here: {names}.")
    return said


def beside_others(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> Exhibit:
    """Show every share that a rule counts beside the year before and the neighbours, as a picture with its table.

    Args:
        rows: one row an indicator, with ``other_*`` (the year before) and ``benchmark_*``.
        indicators: definitions by id.
    """
    if rows.empty:
        return _exhibit("beside_others", ["No share is held to put beside others."], None, rows)
    together = overview(rows, indicators)
    held = int(rows["value"].notna().sum())
    said = f"{number(held)} shares of {rows['area_name'].iloc[0]}, each beside the year before and the neighbours, where they are held."
    return replace(together, sentences=(said,))


def sensitivity(rows: pd.DataFrame, indicators: Mapping[str, Indicator], *, year: str) -> Exhibit:
    """Show how much each choice that no official text settles changes an indicator.

    Args:
        rows: as from ``disclosure.hide_small_choices``.
        indicators: definitions by id.
        year: the financial year.
    """
    own = rows[rows["year"] == _end(year)] if len(rows) else rows
    if own.empty:
        return _exhibit("sensitivity", ["No choice matters for what could be counted."], None, rows)
    switches = load_rules().switches
    said = [
        f"{capital(name.replace('_', ' '))}: {switch.says}"
        for name, switch in switches.items()
        if name in set(own["switch"])
    ]
    table = table_of(f"How much each choice matters, {year}", own, [
        Column("Indicator", lambda row: indicators[load_rules().rules[row["rule"]].indicator].name),
        Column("Choice", lambda row: row["switch"].replace("_", " ")),
        Column("As counted", lambda row: f"{row['made']}: {_amount(row)}"),
        Column("Else", lambda row: f"{row['choice']}: {_other_amount(row)}"),
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


#: Which rules are shown by group, and the heading of each: of children in care, and of plans.
_BY_GROUP = {
    "care": {
        "cla_number": "In care", "cla_three_placements": "Three or more placements", "cla_same_placement": "Same carer for two years",
        "review_participation": "Took part in reviews", "advocate_at_review_share": "Advocate at reviews",
    },
    "plans": {"cp_plan_number": "On a plan", "cp_started_number": "Plans that started", "cp_repeat_plans": "Repeat plans"},
}  # fmt: skip
_OF_WHOM = {"care": "Children in care", "plans": "Child protection plans"}


def grouped(rows: pd.DataFrame, *, year: str, of: Literal["care", "plans"]) -> Exhibit:
    """Show what was counted by age, gender, ethnicity and the like, one row a group.

    Args:
        rows: as for :func:`counted`.
        year: the financial year.
        of: children in care, or plans.
    """
    rules, name = _BY_GROUP[of], f"{of}_by_group"
    own = rows[(rows["year"] == _end(year)) & (rows["topic"] != TOTAL) & rows["rule"].isin(rules)]
    if own.empty:
        return _exhibit(name, [f"{_OF_WHOM[of]}: nothing was counted by group."], None, own)
    known = {
        (topic, name): place for topic, item in load_breakdowns().items() for place, name in enumerate(item.groups)
    }
    cells = {(row["topic"], row["name"], row["rule"]): _with_interval(row) for _, row in own.iterrows()}
    groups = own[["topic", "name"]].drop_duplicates()
    groups = groups.assign(place=[known.get(key, len(known)) for key in groups.itertuples(index=False, name=None)])
    groups = groups.sort_values(["topic", "place", "name"], kind="stable")
    table = table_of(f"{_OF_WHOM[of]} by group, {year}", groups, [
        Column("Group", lambda row: f"{row['topic']}: {row['name']}"),
        *(
            Column(heading, _cell_of(cells, rule), "number")
            for rule, heading in rules.items() if rule in set(own["rule"])
        ),
    ])  # fmt: skip
    hidden = int((own["status"] != "reported").sum())
    said = f"{_OF_WHOM[of]}: {number(len(own))} numbers by group, of which {number(hidden)} are hidden."
    return _exhibit(name, [said], table, own)


def _cell_of(cells: Mapping[tuple[str, str, str], str], rule: str) -> Callable[[pd.Series], str]:
    """What the column of a rule says of a group."""
    return lambda row: cells.get((row["topic"], row["name"], rule), _DASH)


def _with_interval(row: pd.Series) -> str:
    if row["status"] != "reported":
        return "hidden"
    interval = _interval(row)
    return _amount(row) if interval == _DASH else f"{_amount(row)} ({interval})"


def _end(year: str) -> int:
    """The calendar year in which a financial year ends, as counted rows name years."""
    return parse_period(year).end.year


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


def _amount(row: pd.Series) -> str:
    return _share(row) if row.get("status", "reported") == "reported" else _HIDDEN


def _share(row: pd.Series, prefix: str = "") -> str:
    top, bottom, value = (row[f"{prefix}{name}"] for name in ("numerator", "denominator", "value"))
    if not is_missing(top) and not is_missing(bottom) and bottom:
        return f"{number(100 * top / bottom, 1)}%"
    return _whole(value)


def _other_amount(row: pd.Series) -> str:
    if row["other_status"] == ALMOST:
        return "differs by 1 to 5, so that the number is hidden"
    if row["other_status"] != "reported":
        return _HIDDEN
    return _share(row, "other_")


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
