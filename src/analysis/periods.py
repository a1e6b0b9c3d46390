"""Periods: every way that reports write a year, a date, a quarter or a window, and one label for each.

Labels: ``2020-21`` (financial year, 1 April to 31 March), ``2021-03-31`` (a date), ``2021-22-Q2``
(a quarter of a financial year), ``2020-10/2021-09`` (a window of whole months; one month is a window too).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from analysis.errors import UnknownNameError

Kind = Literal["year", "date", "quarter", "window"]

ACCEPTED = (
    "a financial year (2020-21, 2020/21, 202021 or 2020-2021), a date (31 March 2021 or 2021-03-31), "
    "a quarter (Q2 2021/22) or a window of months (October 2020 to September 2021)"
)
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_YEAR = r"(\d{4})\s*[-/\u2013]?\s*(\d{2}|\d{4})"
_MONTH = r"([A-Za-z]+)\s+(\d{4})"


@dataclass(frozen=True, order=True)
class Period:
    """A span of days with its canonical label. Periods sort by their last day, then by their first.

    Attributes:
        end: last day, included.
        start: first day, included.
        label: the canonical label.
        kind: year (financial), date, quarter or window.
    """

    end: date
    start: date
    label: str
    kind: Kind

    @property
    def reporting_year(self) -> str:
        """The financial year in which the period ends, such as ``2020-21``."""
        return financial_year(self.end)

    @property
    def words(self) -> str:
        """The period as a reader would say it.

        Example:
            >>> parse_period("2021-22-Q2").words
            'quarter 2 of 2021-22 (July to September 2021)'
        """
        if self.kind == "year":
            return self.label
        if self.kind == "date":
            return f"{self.end.day} {self.end:%B %Y}"
        if self.kind == "quarter":
            return f"quarter {self.label[-1]} of {self.label[:7]} ({self.start:%B} to {self.end:%B %Y})"
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.end:%B %Y}"
        return f"{self.start:%B %Y} to {self.end:%B %Y}"

    @property
    def short(self) -> str:
        """The period in the few characters that a chart has room for."""
        if self.kind == "quarter":
            return f"Q{self.label[-1]} {self.label[:7]}"
        if self.kind == "window" and self.start.year == self.end.year and self.start.month == self.end.month:
            return f"{self.end:%b %Y}"
        if self.kind == "window":
            return f"{self.start:%b %Y}\N{EN DASH}{self.end:%b %Y}"
        return self.words


def financial_year(day: date) -> str:
    """Return the label of the financial year (1 April to 31 March) that holds a day.

    Example:
        >>> financial_year(date(2021, 3, 31)), financial_year(date(2021, 4, 1))
        ('2020-21', '2021-22')
    """
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """Return the period that a text names.

    Args:
        text: a period as reports write it.

    Raises:
        UnknownNameError: the text is not a period; the message says what is accepted.

    Example:
        >>> [parse_period(t).label for t in ("2020/21", "202021", "2020-2021")]
        ['2020-21', '2020-21', '2020-21']
        >>> parse_period("31 March 2021").label, parse_period("Q2 2021/22").label
        ('2021-03-31', '2021-22-Q2')
    """
    cleaned = " ".join(str(text).split())
    for reader in (_read_year, _read_date, _read_quarter, _read_window):
        try:
            found = reader(cleaned)
        except ValueError:  # a year such as 0000 is in no calendar
            found = None
        if found is not None:
            return found
    raise UnknownNameError(f"{text!r} is not a period.{_hint(cleaned)} Write {ACCEPTED}.")


def parse_year(text: str) -> str:
    """Return the label of the financial year that a text names, or that the named period ends in.

    Raises:
        UnknownNameError: the text is not a period.

    Example:
        >>> parse_year("2020/21"), parse_year("31 March 2021")
        ('2020-21', '2020-21')
    """
    return parse_period(text).reporting_year


def year_before(label: str) -> str:
    """Return the label of the same period one year earlier.

    Example:
        >>> year_before("2020-21"), year_before("2021-22-Q2"), year_before("2021-03-31")
        ('2019-20', '2020-21-Q2', '2020-03-31')
    """
    period = parse_period(label)
    if period.kind == "year":
        return _financial(period.start.year - 1).label
    if period.kind == "quarter":
        return f"{_financial(int(label[:4]) - 1).label}-{label[-2:]}"
    if period.kind == "date":
        last = calendar.monthrange(period.end.year - 1, period.end.month)[1]
        return period.end.replace(year=period.end.year - 1, day=min(period.end.day, last)).isoformat()
    return _window(period.start.replace(year=period.start.year - 1), _year_earlier(period.end)).label


def quarter_before(label: str) -> str:
    """Return the label of the quarter before a quarter, or of the year before a year.

    Raises:
        UnknownNameError: the label is neither.

    Example:
        >>> quarter_before("2021-22-Q2"), quarter_before("2021-22-Q1"), quarter_before("2021-22")
        ('2021-22-Q1', '2020-21-Q4', '2020-21')
    """
    period = parse_period(label)
    if period.kind == "year":
        return year_before(label)
    if period.kind != "quarter":
        raise UnknownNameError(f"{label!r} is neither a quarter nor a year. Write one such as 2021-22-Q2.")
    number = int(label[-1])
    return f"{label[:-1]}{number - 1}" if number > 1 else f"{_financial(int(label[:4]) - 1).label}-Q4"


def years_touched(label: str) -> list[str]:
    """Return the financial years that a period shares a day with, in order.

    Example:
        >>> years_touched("2020-10/2021-09"), years_touched("2021-03-31")
        (['2020-21', '2021-22'], ['2020-21'])
    """
    period = parse_period(label)
    first, last = int(financial_year(period.start)[:4]), int(financial_year(period.end)[:4])
    return [_financial(year).label for year in range(first, last + 1)]


def in_time_order(labels: list[str]) -> list[str]:
    """Return period labels in the order of time.

    Example:
        >>> in_time_order(["2021-22-Q2", "2020-21", "2021-22-Q1"])
        ['2020-21', '2021-22-Q1', '2021-22-Q2']
    """
    return sorted(labels, key=lambda label: (parse_period(label).end, parse_period(label).start))


def _hint(text: str) -> str:
    """Say what is wrong where the mistake is a known one."""
    if match := re.fullmatch(_YEAR, text):
        return f" The second year does not follow the first: {match[1]} is followed by {int(match[1]) + 1}."
    if re.fullmatch(r"\d{4}", text):
        year = int(text)
        return f" {text} could be {_financial(year - 1).label} or {_financial(year).label}."
    return ""


def _financial(first: int) -> Period:
    label = f"{first}-{(first + 1) % 100:02d}"
    return Period(end=date(first + 1, 3, 31), start=date(first, 4, 1), label=label, kind="year")


def _read_year(text: str) -> Period | None:
    match = re.fullmatch(_YEAR, text)
    if not match:
        return None
    first, second = int(match[1]), int(match[2])
    follows = first + 1 if second > 99 else (first + 1) % 100
    return _financial(first) if second == follows and 1900 <= first < 2200 else None


def _read_date(text: str) -> Period | None:
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        day, month, year = int(match[3]), int(match[2]), int(match[1])
    elif match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
    elif match := re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}", text):
        day, month, year = int(match[1]), _MONTHS.get(match[2].casefold(), 0), int(match[3])
    else:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Period(end=found, start=found, label=found.isoformat(), kind="date")


def _read_quarter(text: str) -> Period | None:
    quarter = r"(?:Q|q|[Qq]uarter )([1-4])"
    if match := re.fullmatch(rf"{quarter}\s+{_YEAR}", text):
        number, year = int(match[1]), _read_year(f"{match[2]}-{match[3]}")
    elif match := re.fullmatch(rf"{_YEAR}[\s-]+{quarter}", text):
        number, year = int(match[3]), _read_year(f"{match[1]}-{match[2]}")
    else:
        return None
    if year is None:
        return None
    month = 4 + 3 * (number - 1)
    first = date(year.start.year + (month > 12), (month - 1) % 12 + 1, 1)
    last = _last_day(first.year, first.month + 2)
    return Period(end=last, start=first, label=f"{year.label}-Q{number}", kind="quarter")


def _read_window(text: str) -> Period | None:
    if match := re.fullmatch(r"(\d{4})-(\d{2})/(\d{4})-(\d{2})", text):
        ends = [(int(match[1]), int(match[2])), (int(match[3]), int(match[4]))]
    elif match := re.fullmatch(rf"{_MONTH}(?:\s+(?:to|-|\u2013)\s+{_MONTH})?", text):
        from_month, from_year = match[1], match[2]
        to_month, to_year = match[3] or from_month, match[4] or from_year
        ends = [
            (int(from_year), _MONTHS.get(from_month.casefold(), 0)),
            (int(to_year), _MONTHS.get(to_month.casefold(), 0)),
        ]
    else:
        return None
    if not all(1 <= month <= 12 for _, month in ends) or ends[0] > ends[1]:
        return None
    return _window(date(*ends[0], 1), _last_day(*ends[1]))


def _window(first: date, last: date) -> Period:
    return Period(end=last, start=first, label=f"{first:%Y-%m}/{last:%Y-%m}", kind="window")


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _year_earlier(day: date) -> date:
    return _last_day(day.year - 1, day.month)
