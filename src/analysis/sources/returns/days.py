"""Days as returns write them, read strictly: a day is read or it is said why it is none; nothing is guessed, nothing swapped.

A reason never quotes the text: it may be a date of birth, or an identifier that slipped into the wrong column.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from typing import Final, Literal

#: How a return writes its days: 31/03/2024, or 2024-03-31.
Order = Literal["day_first", "iso"]

#: Days outside of these are slips: nobody in a return was born before, and no return runs so far ahead.
EARLIEST, LATEST = date(1950, 1, 1), date(2099, 12, 31)

#: How a day is to be written, in words for a message.
EXPECTED: Final[dict[Order, str]] = {
    "day_first": "a day written dd/mm/yyyy, such as 31/03/2024",
    "iso": "a day written yyyy-mm-dd, such as 2024-03-31",
}

MONTH_FIRST = "a text that could be a day only with the month first"
NO_SUCH_DAY = "a day that is in no calendar"
OTHER_ORDER: Final[dict[Order, str]] = {"day_first": "a day with the year first", "iso": "a day with the year last"}
SHORT_YEAR = "a year of two digits"
WITH_A_TIME = "more than a day, such as a time of day after it"
SINGLE_DIGITS = "a day or month of one digit"
NO_DAY = "a text that is no day"
IMPLAUSIBLE = f"a day before {EARLIEST.year} or after {LATEST.year}"

# Written out, as \d would also match digits of other scripts.
_FORMS: Final[dict[Order, re.Pattern[str]]] = {
    "day_first": re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})"),
    "iso": re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
}
_OTHER: Final[dict[Order, Order]] = {"day_first": "iso", "iso": "day_first"}
_LOOSE = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{4}|[0-9]{4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,2}")
_SHORT = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{2}")


def parse_day(text: str, *, order: Order) -> date | str:
    """Return the day that a text says, or the reason why it says none.

    Args:
        text: the text; spaces around it do not matter.
        order: how days are written in this return.

    Returns:
        The day; or words such as "a year of two digits", which never quote the text.

    Example:
        >>> parse_day("31/03/2024", order="day_first"), parse_day("2024-03-31", order="iso")
        (datetime.date(2024, 3, 31), datetime.date(2024, 3, 31))
        >>> parse_day("03/25/2024", order="day_first")
        'a text that could be a day only with the month first'
        >>> parse_day("31/03/2024", order="iso")
        'a day with the year last'
        >>> parse_day("30/02/2024", order="day_first"), parse_day("31/03/24", order="day_first")
        ('a day that is in no calendar', 'a year of two digits')
        >>> parse_day("2024-03-31T09:30:00", order="iso")
        'more than a day, such as a time of day after it'
    """
    stripped = text.strip()
    found = _FORMS[order].fullmatch(stripped)
    if not found:
        return _why_not(stripped, order)
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    try:
        return date(year, month, day)
    except ValueError:
        return MONTH_FIRST if _is_day(year, day, month) else NO_SUCH_DAY


def can_be_read_both_ways(text: str) -> bool:
    """Return whether a day written dd/mm/yyyy would be another day if the month came first.

    Example:
        >>> can_be_read_both_ways("03/04/2024"), can_be_read_both_ways("04/04/2024")
        (True, False)
        >>> can_be_read_both_ways("31/03/2024"), can_be_read_both_ways("03/31/2024")
        (False, False)
    """
    found = parse_day(text, order="day_first")
    return isinstance(found, date) and found.day <= 12 and found.day != found.month


def day_of_serial(number: float, *, epoch: datetime) -> date | str:
    """Return the day that a spreadsheet means by a plain number, or the reason why it means none.

    Args:
        number: days since the epoch; a part of a day is a time, and is left away.
        epoch: the day 0 of the workbook, 30 December 1899 or 1 January 1904.

    Example:
        >>> day_of_serial(45382, epoch=datetime(1899, 12, 30)), day_of_serial(43920.5, epoch=datetime(1904, 1, 1))
        (datetime.date(2024, 3, 31), datetime.date(2024, 3, 31))
        >>> day_of_serial(10721552, epoch=datetime(1899, 12, 30))
        'a number that is no day'
    """
    try:
        return (epoch + timedelta(days=math.floor(number))).date()
    except (OverflowError, ValueError):
        return "a number that is no day"


def plausible(found: date | str) -> date | str:
    """Return a day that can be in a return, or the reason why it cannot; a reason is returned as it stands.

    Example:
        >>> plausible(date(2024, 3, 31)), plausible(date(1066, 4, 13)), plausible("a year of two digits")
        (datetime.date(2024, 3, 31), 'a day before 1950 or after 2099', 'a year of two digits')
    """
    if isinstance(found, str) or EARLIEST <= found <= LATEST:
        return found
    return IMPLAUSIBLE


def _why_not(text: str, order: Order) -> str:
    if _FORMS[_OTHER[order]].fullmatch(text):
        return OTHER_ORDER[order]
    if any(form.match(text) for form in _FORMS.values()):
        return WITH_A_TIME
    if _LOOSE.fullmatch(text):
        return SINGLE_DIGITS if order == "day_first" and "/" in text else NO_DAY
    return SHORT_YEAR if _SHORT.fullmatch(text) else NO_DAY


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
