"""What every drawing of a life needs: the chances, the window of years, and numbers that are used once."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.synthetic.calendar import birthday, first_day, last_day
from analysis.synthetic.chances import Chance, Choice

#: Letters of the second half of a made-up postcode. No real postcode begins with ZZ and a digit from 1 to 9.
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


class Drawing:
    """The state of a drawing.

    Args:
        seed: any whole number.
        years: the years of the returns, in order.

    Attributes:
        chance: the stream of draws.
        first: first day of the first year.
        last: last day of the last year. Nothing is drawn that begins after it.
        families: families drawn so far.
        children: children drawn so far.
        carers: carers drawn so far.
        exact: children with plans at exact gaps drawn so far.
    """

    def __init__(self, seed: int, years: Sequence[int]) -> None:
        self.chance = Chance(seed)
        self.first = first_day(min(years))
        self.last = last_day(max(years))
        self.families = 0
        self.children = 0
        self.carers = 0
        self.exact = 0

    def post(self) -> str:
        """Return a made-up postcode."""
        number = int(self.chance.uniform() * 9 * 9 * 20 * 20)
        number, last = divmod(number, 20)
        number, letter = divmod(number, 20)
        area, digit = divmod(number, 9)
        return f"ZZ{area + 1} {digit + 1}{_LETTERS[letter]}{_LETTERS[last]}"

    def carer(self) -> int:
        """Return the number of a carer not met before."""
        self.carers += 1
        return self.carers

    def age(self, bands: Choice) -> int:
        """Return an age in days within one of some bands of years."""
        low, high = self.chance.pick(bands).split("-")
        return int((int(low) + self.chance.uniform() * (int(high) - int(low) + 1)) * 365.25)


def age_on(birth: int, day: int) -> int:
    """Return the age in whole years on a day; who is not born yet is 0.

    Args:
        birth: day of birth.
        day: the day.
    """
    years = max(0, int((day - birth) / 365.2425))
    while years and birthday(birth, years) > day:
        years -= 1
    while birthday(birth, years + 1) <= day:
        years += 1
    return years
