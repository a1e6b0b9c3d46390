"""One check and its verdict, and the arithmetic of numbers that were rounded before they were printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal
from zlib import crc32

import pandas as pd

Verdict = Literal["agrees", "disagrees", "cannot be decided"]
#: A disagreement that rounding differently, or cutting off instead of rounding, would explain.
LAST_DIGIT = "in the last digit only"


@dataclass(frozen=True)
class Check:
    """One thing that was computed.

    Attributes:
        rule: name of the rule, as in ``register.RULES``.
        verdict: agrees, disagrees, or cannot be decided.
        figures: identifiers, those that are checked first.
        arithmetic: the computation in one line, or why there is none.
        area: the area's name.
        indicator: id of the indicator.
        period: the period's label.
        size: how far a disagreement goes, where it goes no further than the last digit.
        use: what a careful reader should use, and why.
        claim: identifier of the claim in words that was checked; blank where only numbers were.
        assumes: what the verdict takes for granted, where it rests on a reading of words or dates; blank where it is computed
            from what is printed alone.
    """

    rule: str
    verdict: Verdict
    figures: tuple[str, ...]
    arithmetic: str
    area: str
    indicator: str
    period: str
    size: str = ""
    use: str = ""
    claim: str = ""
    assumes: str = ""

    @property
    def is_judged(self) -> bool:
        """Whether the verdict rests on how words or dates are read."""
        return self.assumes != ""

    @property
    def id(self) -> str:
        """An identifier that stays the same as long as the rule and its figures, or its claim, do."""
        if self.claim:
            return f"{self.rule}.{self.claim}"
        return f"{self.rule}.{self.figures[0]}.{crc32(';'.join(self.figures).encode()):08x}"


@dataclass(frozen=True)
class Between:
    """What a printed number can have been before it was rounded: from ``low`` up to, but not with, ``high``.

    A count is exactly what is printed; then the two are the same and it is with both.
    """

    low: Fraction
    high: Fraction

    def meets(self, other: Between) -> bool:
        """Whether one number can lie in both."""
        if self.low == self.high or other.low == other.high:
            point, wide = (self, other) if self.low == self.high else (other, self)
            return wide.low <= point.low < wide.high or wide.low == point.low
        return max(self.low, other.low) < min(self.high, other.high)

    def apart(self, other: Between) -> Fraction:
        """How far the two are from one another; nought where they meet."""
        return max(Fraction(0), self.low - other.high, other.low - self.high)


def exact(value: float) -> Between:
    """Return a number that was not rounded, such as a count."""
    return Between(as_printed(value), as_printed(value))


def rounded(value: float, decimals: int) -> Between:
    """Return what rounds, half up, to a printed number.

    Example:
        >>> found = rounded(4.2, 1)
        >>> float(found.low), float(found.high)
        (4.15, 4.25)
    """
    middle, half = as_printed(value), Fraction(1, 2 * 10**decimals)
    return Between(middle - half, middle + half)


def printed(row: pd.Series, *, is_count: bool) -> Between:
    """Return what a figure says: a count exactly, another number within its rounding."""
    return exact(row["value"]) if is_count else rounded(row["value"], int(row["precision"]))


def as_printed(value: float) -> Fraction:
    """Return a float as the short decimal that it is printed as, exactly."""
    return Fraction(repr(float(value)))


def judge(found: Between, said: Between, *, decimals: int) -> tuple[Verdict, str]:
    """Return the verdict on what was computed against what was said, and its size.

    Args:
        found: what was computed.
        said: what is printed, within its rounding.
        decimals: decimals that are printed: less than one unit of the last one apart is a matter of the last digit.

    Example:
        >>> judge(exact(4.268), rounded(4.2, 1), decimals=1)
        ('disagrees', 'in the last digit only')
    """
    if found.meets(said):
        return "agrees", ""
    return "disagrees", LAST_DIGIT if decimals and found.apart(said) < Fraction(1, 10**decimals) else ""


def show(value: float | Fraction, decimals: int = 2) -> str:
    """Return a number as it stands in a line of arithmetic: no more decimals than it has."""
    text = f"{float(value):,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_table(checks: Iterable[Check]) -> pd.DataFrame:
    """Return checks as rows, in the order of their identifiers."""
    columns = ["check", "rule", "verdict", "size", "area", "indicator", "period", "figures", "arithmetic", "use",
               "judged", "assumes", "claim"]  # fmt: skip
    rows = [
        {
            "check": item.id, "rule": item.rule, "verdict": item.verdict, "size": item.size, "area": item.area,
            "indicator": item.indicator, "period": item.period, "figures": ";".join(item.figures),
            "arithmetic": item.arithmetic, "use": item.use, "judged": "yes" if item.is_judged else "no",
            "assumes": item.assumes, "claim": item.claim,
        }
        for item in checks
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    return table.drop_duplicates("check").sort_values("check", kind="stable").reset_index(drop=True)
