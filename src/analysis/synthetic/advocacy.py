"""Draws referrals to advocacy for lives that are drawn already, from chances of their own: the lives stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.synthetic.calendar import add_working_days, as_date, birthday, first_day, last_day
from analysis.synthetic.chances import Chance, weighted
from analysis.synthetic.drawing import age_on
from analysis.synthetic.lives import Child, Period, Referral

_SOURCES = weighted(
    {
        "Young people": 28, "Social workers": 34, "Reviewing officers": 12, "Parents or carers": 12, "Education": 4, "Health": 2,
        "Other": 4, "": 4,
    }
)  # fmt: skip
_ISSUES = weighted(
    {
        "Care placement": 36, "Personal relationships": 20, "Professional support": 14, "Social care": 10, "Education": 6, "Legal": 6,
        "Health": 3, "Housing": 3, "Other": 2,
    }
)  # fmt: skip
_ANSWERS = weighted({"accepted": 62, "refused": 26, "": 12})
_NUMBERS_OF_ISSUES = weighted({"1": 70, "2": 22, "3": 8})
#: Below this age an advocate acts without instruction; so it is for some disabled children.
_INSTRUCTS_FROM = 5
_CANNOT_INSTRUCT, _YOUNG_REACHED = 0.4, 0.3
_NEVER_OFFERED = 0.1
_AT_START, _AS_LEAVER, _ON_PLAN = 0.7, 0.3, 0.2
#: Days before the first year from which referrals are drawn, so that some are open when it begins.
_BEFORE = 300
#: How near the end of its year a referral may be offered an advocate on 31 March, to be answered on 1 April.
_NEAR = 45


class ReferralDrawing:
    """Draws the referrals of one child after another.

    Args:
        seed: that of the lives; another stream is made of it.
        years: the years of the returns, in order.
    """

    def __init__(self, seed: int, years: Sequence[int]) -> None:
        self._chance = Chance(seed * 1_000_003 + 7_919)
        self._first, self._last = first_day(min(years)) - _BEFORE, last_day(max(years))
        self._count = 0

    def draw(self, child: Child) -> list[Referral]:
        """Return the referrals of a child: in care, after it, and while on a plan."""
        days = [day for item in child.periods for day in self._in_care(item) if self._is_reached(child, day)]
        found = [self._referral(child, day, "in care", named=True) for day in days]
        found += [self._referral(child, day, "care leaver", named=True) for day in self._after_care(child)]
        return found + [
            self._referral(child, day, "child protection plan", named=self._chance.whether(0.5))
            for day in self._on_plans(child)
        ]

    def _in_care(self, period: Period) -> Iterator[int]:
        """At the start of care, and again from time to time. Children in short breaks have none."""
        chance, day = self._chance, period.start + self._chance.between(1, 40)
        if period.respite:
            return
        if not chance.whether(_AT_START):
            day += chance.wait(500)
        while day < min(period.end, self._last + 1):
            if day >= self._first:
                yield day
            day += chance.wait(420)

    def _is_reached(self, child: Child, day: int) -> bool:
        """Few ask for an advocate on behalf of the youngest."""
        return age_on(child.birth, day) >= _INSTRUCTS_FROM or self._chance.whether(_YOUNG_REACHED)

    def _after_care(self, child: Child) -> Iterator[int]:
        ends = [item.end for item in child.periods if not item.respite and item.end >= birthday(child.birth, 18)]
        for end in ends:
            day = end + self._chance.between(5, 250)
            if self._chance.whether(_AS_LEAVER) and self._first <= day <= self._last:
                yield day

    def _on_plans(self, child: Child) -> Iterator[int]:
        for plan in child.plans:
            day = plan.start + self._chance.between(0, 20)
            in_care = any(item.start <= day < item.end for item in child.periods)
            old_enough = age_on(child.birth, day) >= _INSTRUCTS_FROM
            if self._chance.whether(_ON_PLAN) and old_enough and not in_care and self._first <= day <= self._last:
                yield day

    def _referral(self, child: Child, day: int, status: str, *, named: bool) -> Referral:
        self._count += 1
        chance = self._chance
        found = Referral(
            reference=f"R{self._count:06d}", day=day, status=status, source=chance.pick(_SOURCES), named=named, offered=None,
            answer="", answered=None, instructed=None, issues=self._issues(), contact=None, closed=day + chance.between(20, 60),
        )  # fmt: skip
        young = age_on(child.birth, day) < _INSTRUCTS_FROM
        if young or (child.disabilities and chance.whether(_CANNOT_INSTRUCT)):
            found.instructed = False
            self._work(found, day)
        elif not chance.whether(_NEVER_OFFERED):
            self._offer(found)
        return found

    def _offer(self, referral: Referral) -> None:
        """An offer and, of most, an answer; some across the end of the year."""
        chance = self._chance
        referral.offered, wait = referral.day + chance.between(0, 10), chance.between(0, 14)
        year_end = _year_end(referral.day)
        if year_end - referral.day <= _NEAR and chance.whether(0.5):
            referral.offered, wait = year_end, 1
        referral.answer = chance.pick(_ANSWERS)
        if referral.answer:
            referral.answered = referral.offered + wait
            referral.closed = referral.answered + chance.between(0, 10)
        else:
            referral.closed = referral.offered + chance.between(20, 60)
        if referral.answer == "accepted":
            referral.instructed = True
            self._work(referral, referral.offered)

    def _work(self, referral: Referral, since: int) -> None:
        """The first contact, on a working day, and the end of the work."""
        chance = self._chance
        referral.contact = add_working_days(since - 1, 1 + chance.wait(5))
        begun = max(referral.contact, referral.answered or 0)
        referral.closed = begun + chance.days(80, 0.9, least=5)

    def _issues(self) -> tuple[str, ...]:
        drawn = [self._chance.pick(_ISSUES) for _ in range(int(self._chance.pick(_NUMBERS_OF_ISSUES)))]
        return tuple(dict.fromkeys(drawn))


def _year_end(day: int) -> int:
    """The 31 March on or after a day."""
    year = as_date(day).year
    return last_day(year) if day <= last_day(year) else last_day(year + 1)
