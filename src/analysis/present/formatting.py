"""How numbers, periods and intervals are written. The only place where anything is rounded: half up, as DfE does."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.periods import parse_period
from analysis.vocabulary import NOT_HELD, STATUS_WORDS

_CITED = re.compile(r"\[\[([A-Z0-9.;]+)\]\]")
#: Enough digits for the largest float, so that no number is too large to be rounded.
_EXACT = Context(prec=330)
MINUS = "\N{MINUS SIGN}"


def half_up(value: float, decimals: int) -> Decimal:
    """Return a number rounded half up, away from zero, as DfE rounds; not half to even, as Python does.

    Example:
        >>> half_up(2.5, 0), half_up(31.25, 1), round(2.5)
        (Decimal('3'), Decimal('31.3'), 2)
    """
    # repr gives the shortest decimal that is the float: 0.285 is rounded as 0.285, not as 0.28499999.
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_EXACT)


def number(value: float, decimals: int = 0) -> str:
    """Return a number as it is written in a sentence, with commas for thousands.

    Example:
        >>> number(69213.48), number(74, 1), number(-3.25, 1)
        ('69,213', '74.0', '\\u22123.3')
    """
    rounded = half_up(value, decimals)
    text = f"{abs(rounded):,}"
    return f"{MINUS}{text}" if rounded < 0 else text


def is_missing(value: Any) -> bool:
    """Return whether there is no number."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def decimals_of(row: pd.Series, indicator: Indicator, *, prefix: str = "") -> int:
    """Return the decimals to write: those that the source printed, else those of the indicator."""
    printed = row.get(f"{prefix}precision")
    return indicator.decimals if is_missing(printed) else int(printed)  # type: ignore[arg-type]


def quantity(value: float, indicator: Indicator, decimals: int) -> str:
    """Return a value with its % sign where it is a percentage."""
    return number(value, decimals) + ("%" if indicator.is_percentage else "")


def value_of(row: pd.Series, indicator: Indicator, *, prefix: str = "") -> str:
    """Return a row's value as it was printed, or why there is none."""
    value = row.get(f"{prefix}value")
    if is_missing(value):
        # The status of a row says nothing of a value that stands beside it.
        status = str(row.get(f"{prefix}status", ""))
        return "not held" if status == NOT_HELD else STATUS_WORDS.get(status, "") or "not held"
    return quantity(float(value), indicator, decimals_of(row, indicator, prefix=prefix))  # type: ignore[arg-type]


def interval_of(row: pd.Series, indicator: Indicator, *, prefix: str = "") -> str:
    """Return a row's interval such as ``82 to 96``; blank where there is none."""
    lower, upper = row.get(f"{prefix}lower_ci"), row.get(f"{prefix}upper_ci")
    if is_missing(lower) or is_missing(upper):
        return ""
    decimals = decimals_of(row, indicator)
    return f"{quantity(float(lower), indicator, decimals)} to {quantity(float(upper), indicator, decimals)}"  # type: ignore[arg-type]


def level_words(confidence: float) -> str:
    """Return a confidence level as a percentage.

    Example:
        >>> level_words(0.95), level_words(0.998)
        ('95%', '99.8%')
    """
    return f"{Decimal(repr(float(confidence))) * 100:f}".rstrip("0").rstrip(".") + "%"


def when(label: str, indicator: Indicator) -> str:
    """Return when something was measured, as it stands at the end of a clause.

    Example:
        >>> from analysis.indicators.definitions import find_indicator
        >>> when("2020-21", find_indicator("cla_rate")), when("2020-21", find_indicator("cp_repeat_plans"))
        ('at the end of 2020-21', 'in 2020-21')
    """
    period = parse_period(label)
    if period.kind == "date":
        return f"on {period.words}"
    if period.kind == "window":
        return f"in {period.words}" if period.start.month == period.end.month else f"from {period.words}"
    if period.kind == "quarter":
        shown = f"quarter {label[-1]} of {label[:7]} ({period.end:%B %Y})"
        return f"at the end of {shown}" if indicator.measured == "stock" else f"in {shown}"
    return f"at the end of {label}" if indicator.measured == "stock" else f"in {label}"


def cite(cites: Any) -> str:
    """Return the mark that cites figures in a sentence; the page turns it into links, plain text drops it.

    Example:
        >>> cite("NCS21.011;NCS21.006")
        '[[NCS21.011;NCS21.006]]'
    """
    return f"[[{cites}]]" if isinstance(cites, str) and cites else ""


def cited_in(text: str) -> list[str]:
    """Return the identifiers of the figures that a text cites."""
    return [item for found in _CITED.findall(text) for item in found.split(";")]


def plain(text: str) -> str:
    """Return a text without its citation marks.

    Example:
        >>> plain("The rate was 89[[NCS21.011]].")
        'The rate was 89.'
    """
    return _CITED.sub("", text)


def capital(text: str) -> str:
    """Return a text with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def ordinal(place: float) -> str:
    """Return a whole number as a place in an order.

    Example:
        >>> [ordinal(place) for place in (1, 2, 3, 4, 11, 22, 113)]
        ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    whole = int(place)
    ending = "th" if 10 < whole % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{number(whole)}{ending}"


def all_of(count: int) -> str:
    """Return how many as all of them.

    Example:
        >>> all_of(2), all_of(9)
        ('both', 'all 9')
    """
    return "both" if count == 2 else f"all {number(count)}"


def signed(value: float, decimals: int) -> str:
    """Return a difference with its sign.

    Example:
        >>> signed(18, 0), signed(-1.25, 1), signed(0, 0)
        ('+18', '\u22121.3', '0')
    """
    text = number(value, decimals)
    return f"+{text}" if half_up(value, decimals) > 0 else text


def listed(items: list[str]) -> str:
    """Return items as a list in words.

    Example:
        >>> listed(["a", "b", "c"])
        'a, b and c'
    """
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
