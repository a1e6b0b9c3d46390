"""The plain tables that every return is read into, whatever its format and year, and what is wrong with a return.

A reader makes only these tables and only these columns: names, unique pupil numbers and home postcodes are never read. ``child`` is
the council's own identifier; it stays inside the tables and is never shown, logged or written to an output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

_DAY, _TEXT, _WHOLE, _YES = pa.date32(), pa.string(), pa.int32(), pa.bool_()

#: Columns of each table, with their types. ``file`` is the name of the file and ``row`` its row or line, to find a record again.
TABLES: Final[Mapping[str, Mapping[str, pa.DataType]]] = {
    # SSDA903
    "header": {"child": _TEXT, "sex": _TEXT, "birth": _DAY, "ethnicity": _TEXT, "file": _TEXT, "row": _WHOLE},
    "episodes": {
        "child": _TEXT, "started": _DAY, "reason_new": _TEXT, "legal": _TEXT, "need": _TEXT, "place": _TEXT, "provider": _TEXT,
        "ended": _DAY, "reason_ended": _TEXT, "reason_change": _TEXT, "place_post": _TEXT, "urn": _TEXT,
        "file": _TEXT, "row": _WHOLE,
    },
    "reviews": {"child": _TEXT, "birth": _DAY, "review": _DAY, "code": _TEXT, "file": _TEXT, "row": _WHOLE},
    "uasc": {"child": _TEXT, "birth": _DAY, "ceased": _DAY, "file": _TEXT, "row": _WHOLE},
    # Which postcodes of placements lie IN the council's area, and which OUT of it
    "localities": {"post": _TEXT, "location": _TEXT, "file": _TEXT, "row": _WHOLE},
    # CIN Census
    "cin_children": {
        "child": _TEXT, "sex": _TEXT, "birth": _DAY, "expected_birth": _DAY, "ethnicity": _TEXT, "disabled": _YES,
        "file": _TEXT, "row": _WHOLE,
    },
    "plans": {
        "child": _TEXT, "started": _DAY, "ended": _DAY, "category": _TEXT, "category_latest": _TEXT, "previous": _WHOLE,
        "file": _TEXT, "row": _WHOLE,
    },
    "plan_reviews": {"child": _TEXT, "plan_started": _DAY, "review": _DAY, "file": _TEXT, "row": _WHOLE},
    "conferences": {
        "child": _TEXT, "enquiry": _DAY, "target": _DAY, "conference": _DAY, "not_required": _YES, "transferred_in": _YES,
        "file": _TEXT, "row": _WHOLE,
    },
    # Annex A, lists 7 and 8: one row a child or plan, with no history
    "annex_plans": {
        "child": _TEXT, "sex": _TEXT, "birth": _DAY, "ethnicity": _TEXT, "disabled": _YES, "started": _DAY, "ended": _DAY,
        "category": _TEXT, "category_latest": _TEXT, "previous": _WHOLE, "last_review": _DAY, "last_visit": _DAY,
        "file": _TEXT, "row": _WHOLE,
    },
    "annex_care": {
        "child": _TEXT, "sex": _TEXT, "birth": _DAY, "ethnicity": _TEXT, "disabled": _YES, "started": _DAY, "ceased": _DAY,
        "reason_ceased": _TEXT, "need": _TEXT, "legal": _TEXT, "last_review": _DAY, "last_officer_visit": _DAY,
        "placements": _WHOLE, "placement_started": _DAY, "place": _TEXT, "provider": _TEXT, "file": _TEXT, "row": _WHOLE,
    },
    # A provider's list of advocacy referrals; `reference` is kept as `child` is, and `issues` are parted by semicolons
    "referrals": {
        "child": _TEXT, "reference": _TEXT, "status": _TEXT, "referred": _DAY, "source": _TEXT, "offered": _DAY, "answer": _TEXT,
        "answered": _DAY, "advocacy": _TEXT, "issues": _TEXT, "first_contact": _DAY, "closed": _DAY, "age": _WHOLE, "sex": _TEXT,
        "ethnicity": _TEXT, "disabled": _YES, "file": _TEXT, "row": _WHOLE,
    },
}  # fmt: skip


@dataclass(frozen=True)
class ReturnProblem:
    """Something wrong with a return. It never holds an identifier of a child, nor a date of birth.

    Attributes:
        file: name of the file.
        row: row in the file (the header of a CSV is row 1), or line of an XML file; 0 for the file as a whole.
        column: column or element.
        found: what is there, without anything that could name a child.
        expected: what may be there.
        action: what to do.
        rule: short name of the check, such as "date" or "overlap".
        left_out: whether the record is left out of every count because of it.
        records: of how many records it is said; more than one where those beyond the first hundred of a kind are only counted.
    """

    file: str
    row: int
    column: str
    found: str
    expected: str
    action: str
    rule: str
    left_out: bool = False
    records: int = 1


@dataclass(frozen=True)
class FileRead:
    """One file of a return, as it was recognised.

    Attributes:
        name: its name.
        is_a: what it is, in words, such as "SSDA903 episodes"; blank where it is not known.
        rows: records read.
        matched: for each column of ours the column of the file that it was read from.
        note: what a reader should know, such as that it is recognised but not needed.
        council: code of the council whose it is, as its header says; blank where it says none.
    """

    name: str
    is_a: str
    rows: int
    matched: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    council: str = ""


@dataclass(frozen=True)
class Return:
    """What was read of one or several files.

    Attributes:
        tables: tables of TABLES by name; one that no file gave is missing.
        problems: what is wrong.
        files: what each file was.
    """

    # Never in a repr: a traceback or a notebook would print the records.
    tables: Mapping[str, pa.Table] = field(repr=False)
    problems: tuple[ReturnProblem, ...]
    files: tuple[FileRead, ...]


def empty(name: str) -> pa.Table:
    """Return a table of TABLES without rows."""
    return pa.table({column: pa.array([], kind) for column, kind in TABLES[name].items()})
