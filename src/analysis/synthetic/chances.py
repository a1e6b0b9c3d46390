"""Chances: seeded draws, and the tables of what is how likely. They are plausible, not estimated from any real child."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from random import Random


@dataclass(frozen=True, slots=True)
class Choice:
    """Things with weights.

    Attributes:
        values: the things.
        upto: their weights, added up.
    """

    values: tuple[str, ...]
    upto: tuple[float, ...]


def weighted(weights: Mapping[str, float]) -> Choice:
    """Return a choice from weights by thing.

    Args:
        weights: how likely each is, in any unit.
    """
    return Choice(tuple(weights), tuple(accumulate(weights.values())))


class Chance:
    """A stream of draws: the same seed gives the same draws.

    Args:
        seed: any whole number.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.uniform = self._random.random

    def whether(self, share: float) -> bool:
        """Return yes with a given probability."""
        return self.uniform() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both possible; low where high is lower."""
        return low + int(self.uniform() * (high - low + 1)) if high > low else low

    def one_of(self, items: Sequence[int]) -> int:
        """Return one of some numbers, each as likely."""
        return items[int(self.uniform() * len(items))]

    def pick(self, choice: Choice) -> str:
        """Return one of the values of a choice."""
        return choice.values[bisect(choice.upto, self.uniform() * choice.upto[-1])]

    def days(self, median: float, spread: float, *, least: int = 1) -> int:
        """Return a length with a long tail: log-normal with a median and the standard deviation of its logarithm."""
        return max(least, int(self._random.lognormvariate(log(median), spread)))

    def wait(self, mean: float) -> int:
        """Return a waiting time of at least a day: one and an exponential."""
        return 1 + int(self._random.expovariate(1 / mean))


ETHNICITIES = weighted(
    {
        "WBRI": 66, "WIRI": 0.6, "WOTH": 5, "WIRT": 0.8, "WROM": 1, "MWBC": 3.4, "MWBA": 1.2, "MWAS": 1.2, "MOTH": 3.6, "AIND": 0.7,
        "APKN": 2, "ABAN": 1, "AOTH": 1.6, "BCRB": 2, "BAFR": 3.6, "BOTH": 1.6, "CHNE": 0.2, "OOTH": 2.5, "REFU": 0.4, "NOBT": 1.6,
    }
)  # fmt: skip
ASYLUM_ETHNICITIES = weighted({"OOTH": 40, "AOTH": 25, "BAFR": 25, "WOTH": 8, "BOTH": 2})
DISABILITIES = weighted({"LD": 35, "AUT": 30, "BEH": 15, "COMM": 10, "MOB": 4, "HEAR": 3, "VIS": 3})
FAMILY_SIZES = weighted({"1": 66, "2": 20, "3": 10, "4": 4})

#: Age at the start of care, in bands of years.
AGES_AT_START = weighted({"0-0": 20, "1-4": 17, "5-9": 18, "10-15": 32, "16-17": 13})
AGES_AT_PLAN = weighted({"0-0": 18, "1-4": 25, "5-9": 28, "10-15": 26, "16-16": 3})
NEEDS = weighted({"N1": 64, "N2": 3, "N3": 4, "N4": 8, "N5": 14, "N6": 2, "N7": 0.3, "N8": 4.7})
CATEGORIES = weighted({"NEG": 50, "EMO": 36, "PHY": 7, "SAB": 4, "MUL": 3})

#: Where a child goes, by age: below 2, below 10, below 16, from 16.
HOMES = (
    weighted({"U6": 62, "U3": 23, "U5": 3, "U2": 1, "R3": 5, "P1": 6}),
    weighted({"U6": 60, "U3": 24, "P1": 8, "K2": 4, "U4": 3, "R1": 1}),
    weighted({"U6": 52, "U3": 13, "K2": 22, "U4": 6, "P1": 4, "S1": 1.2, "K1": 0.6, "R1": 0.8, "other": 0.6}),
    weighted({"supported": 36, "U6": 28, "K2": 20, "U3": 7, "U4": 3, "P1": 2, "R5": 1, "R2": 0.5, "P3": 0.3, "other": 1.6}),
)  # fmt: skip
ASYLUM_HOMES = weighted({"supported": 45, "U6": 53, "U4": 2})
OWN_OR_AGENCY = weighted({"PR1": 58, "PR4": 37, "PR5": 4, "PR2": 1})
MOSTLY_PRIVATE = weighted({"PR1": 20, "PR4": 74, "PR5": 5, "PR3": 1})

#: Why a child moved to another carer; the reasons that are planned are CARPL, PLACE and CUSTOD.
PLANNED = frozenset({"CARPL", "PLACE", "CUSTOD"})
UNPLANNED = frozenset({"ALLEG", "STAND", "APPRR", "CLOSE", "CREQB", "CREQO", "CHILD", "LAREQ"})
REASONS = weighted(
    {
        "CARPL": 46, "CREQB": 16, "CREQO": 9, "CHILD": 5, "LAREQ": 5, "CLOSE": 4, "STAND": 3, "ALLEG": 2, "APPRR": 1.5,
        "CUSTOD": 0.5, "OTHER": 8,
    }
)  # fmt: skip
REASONS_OF_A_CARERS_MOVE = weighted({"OTHER": 50, "CARPL": 30, "CREQO": 20})

FIRST_LEGAL = weighted({"V2": 48, "C1": 38, "C2": 5, "L2": 5, "L1": 4})
#: Why care ceased: at 18, and before. SGO stands for a special guardianship order, whose code depends on year and carer.
ENDED_AT_18 = weighted({"E5": 26, "E6": 12, "E17": 36, "E7": 8, "E8": 18})
ENDED_BEFORE = weighted(
    {"E4A": 42, "E4B": 12, "E13": 6, "SGO": 18, "E41": 8, "E8": 9, "E3": 2, "E2": 0.3, "E16": 0.7, "E9": 2}
)
ENDED_ASYLUM = weighted({"E15": 40, "E8": 35, "E3": 25})

#: Temporary stays: hospital, holiday, carers' holiday, other; the longest of each in days.
ABSENCES = weighted({"T1": 20, "T2": 15, "T3": 40, "T4": 25})
LONGEST_ABSENCE = {"T1": 42, "T2": 21, "T3": 21, "T4": 7}

#: How a child of 4 or over took part in a review.
PARTICIPATION = weighted({"PN1": 50, "PN2": 3, "PN3": 1.5, "PN4": 4, "PN5": 8, "PN6": 21, "PN7": 12.5})
