"""Days as whole numbers (``date.toordinal``): lives hold millions of them, and sums on whole numbers are quick."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from analysis.sources.returns.bank_holidays import load_bank_holidays

#: The working days that are known: well before the first life and well after the last.
_FROM, _TO = date(1995, 1, 1), date(2035, 12, 31)
_SATURDAY = 5


def first_day(year: int) -> int:
    """Return 1 April of the year that ends on 31 March of ``year``.

    Args:
        year: the calendar year in which the year ends.
    """
    return date(year - 1, 4, 1).toordinal()


def last_day(year: int) -> int:
    """Return 31 March of ``year``.

    Args:
        year: the calendar year in which the year ends.
    """
    return date(year, 3, 31).toordinal()


@cache
def add_months(day: int, months: int) -> int:
    """Return a day some calendar months later; the last day of the month where there is no such day.

    Args:
        day: a day.
        months: how many; before it if negative.

    Example:
        >>> date.fromordinal(add_months(date(2024, 8, 31).toordinal(), 6)).isoformat()
        '2025-02-28'
    """
    start = date.fromordinal(day)
    month = start.year * 12 + start.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


def birthday(birth: int, age: int) -> int:
    """Return the day on which somebody becomes an age; who is born on 29 February, on 28 February of other years.

    Args:
        birth: day of birth.
        age: whole years.
    """
    return add_months(birth, 12 * age)


@cache
def working_days() -> list[int]:
    """Return the working days of England in order: no weekend, no bank holiday (before 2008 only weekends are known)."""
    holidays = {day.toordinal() for day in load_bank_holidays()}
    days = range(_FROM.toordinal(), _TO.toordinal() + 1)
    return [day for day in days if date.fromordinal(day).weekday() < _SATURDAY and day not in holidays]


def add_working_days(day: int, count: int) -> int:
    """Return the last of so many working days after a day, which is itself not counted.

    Args:
        day: a day, working or not.
        count: how many working days later, or earlier if negative.

    Example:
        >>> date.fromordinal(add_working_days(date(2022, 9, 16).toordinal(), 1)).isoformat()
        '2022-09-20'
    """
    days = working_days()
    if count < 0:
        return days[bisect_left(days, day) + count]
    return days[bisect_right(days, day) + count - 1]


def on_working_day(day: int) -> int:
    """Return the day itself if it is a working day, else the last working day before it.

    Args:
        day: a day.
    """
    return add_working_days(day + 1, -1)


@cache
def british(day: int) -> str:
    """Return a day as dd/mm/yyyy."""
    return date.fromordinal(day).strftime("%d/%m/%Y")


@cache
def iso(day: int) -> str:
    """Return a day as yyyy-mm-dd."""
    return date.fromordinal(day).isoformat()


@cache
def as_date(day: int) -> date:
    """Return a day as a date."""
    return date.min + timedelta(days=day - 1)
