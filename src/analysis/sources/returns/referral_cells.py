"""One cell of an advocacy referral list: read, or what is wrong with it. What is wrong never quotes the cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from analysis.errors import nearest
from analysis.sources.returns.days import EXPECTED, parse_day, plausible
from analysis.sources.returns.referral_columns import load_referral_list, plain, spellings_of
from analysis.sources.returns.tables import TABLES
from analysis.sources.returns.workbooks import ERRORS

#: Care leavers have a right to advocacy up to their 25th birthday; an age above is a slip.
OLDEST = 25
#: Whole numbers above this lose digits in a spreadsheet, so that two children could become one.
_MOST_EXACT = 10**15
#: What parts several values of one cell.
PARTS = ";"


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a cell or row, in words that hold nothing of it.

    Attributes:
        found: what is there.
        expected: what may be there.
        action: what to do.
        rule: short name of the check.
    """

    found: str
    expected: str
    action: str
    rule: str


def read_cell(column: str, value: Any) -> object:
    """Return what a cell says, None where it is blank, or what is wrong with it.

    Args:
        column: a column of ours.
        value: as a CSV (text) or a workbook (text, number, date) gives it.

    Returns:
        A day, a whole number, a text or yes and no (bool), by the type of the column; or a :class:`Wrong`.

    Example:
        >>> read_cell("offered", "31/03/2025"), read_cell("answer", "Declined"), read_cell("age", "14"), read_cell("disabled", "Y")
        (datetime.date(2025, 3, 31), 'refused', 14, True)
        >>> read_cell("issues", "legal; Health; Legal: other")
        'Legal;Health'
        >>> read_cell("answer", "acepted").expected
        'accepted, refused or no answer; the nearest is accepted'
    """
    if is_blank(value):
        return None
    if isinstance(value, str) and value.strip() in ERRORS:
        return Wrong("an error of the spreadsheet", "a value", "Mend the formula or fill in the value.", "error")
    readers = {pa.date32(): _day, pa.int32(): _age, pa.bool_(): _yes}
    reader = readers.get(TABLES["referrals"][column])
    return reader(value) if reader else _words(column, value)


def is_blank(value: object) -> bool:
    """Return whether nothing stands in a cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def _day(value: Any) -> date | Wrong:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, str):
        value = parse_day(value, order="day_first")
    found = plausible(value) if isinstance(value, date | str) else "a number or time that is no day"
    if isinstance(found, date):
        return found
    return Wrong(found, f"a date, or {EXPECTED['day_first']}", "Mend the date.", "date")


def _age(value: Any) -> int | Wrong:
    number = value
    if isinstance(value, str):
        text = value.strip()
        number = int(text) if text.isascii() and text.isdigit() else None
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if is_number and 0 <= number <= OLDEST and number == int(number):
        return int(number)
    return Wrong("no such age", f"whole years from 0 to {OLDEST}", "Mend the age; it is taken as not known.", "number")


def _yes(value: Any) -> bool | Wrong:
    if isinstance(value, bool):
        return value
    found = _words("disabled", value)
    return found if isinstance(found, Wrong) else found == "yes"


def _words(column: str, value: Any) -> str | Wrong:
    text = _text(value)
    return text if isinstance(text, Wrong) or not spellings_of(column) else _values(column, text)


def _text(value: Any) -> str | Wrong:
    """A text, with each run of blanks as one; a whole number as its digits."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST_EXACT:
        return str(int(value)) if value == int(value) else str(value)
    return Wrong("a date, or a number too long to be kept exactly", "text", "Write it as text.", "identifier")


def _values(column: str, text: str) -> str | Wrong:
    """The value, or the values each once, in the words of the catalogue."""
    declared, spellings = load_referral_list().columns[column], spellings_of(column)
    parts = [plain(part) for part in text.split(PARTS) if plain(part)] if declared.several else [plain(text)]
    unknown = [part for part in parts if part not in spellings]
    if not unknown:
        return PARTS.join(dict.fromkeys(spellings[part] for part in parts))
    *most, last = list(declared.listed())
    near = nearest(unknown[0], spellings, count=1)
    offer = f"; the nearest is {spellings[near[0]]}" if near else ""
    return Wrong("none of its values", f"{', '.join(most)} or {last}{offer}", "Mend it; it is taken as blank.", "value")
