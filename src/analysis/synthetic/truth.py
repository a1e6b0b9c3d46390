"""The true answers, worked out from the lives: real moves, real carers, real plans. No row of a return is looked at.

A stay runs from its first day up to, not including, the day it ends: the day of a move belongs to the new home, and who ceased
to be looked after on 31 March is not counted as looked after on that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from analysis.synthetic.calendar import add_months, add_working_days, first_day, last_day
from analysis.synthetic.chances import PLANNED, UNPLANNED
from analysis.synthetic.drawing import age_on
from analysis.synthetic.lives import ADOPTIVE, Child, Home, Period, Plan, is_outside

#: What is counted as what, a line an indicator, in the order of truth.csv. Indicators without a denominator are counts.
CONVENTIONS: Final[Mapping[str, str]] = {
    "cla_number": "Children looked after at the end of 31 March; series of short-term placements (V3, V4) are left out here and in all that follows.",
    "cla_outside_number": "Of the children of cla_number, those who on that day were at a postcode out of the area (ZZ7 to ZZ9), on a temporary stay or at home.",
    "cla_started_number": "Children who started a period of care in the year, each once.",
    "cla_ceased_number": "Children who ceased a period of care in the year, each once, also if they came back.",
    "one_placement": "Of the children of cla_number, those with one placement in the year. Counted are placements of the year, of every period of care, "
    "that began by 31 March and ended after 1 April; temporary stays are none; a move with the same carer (T, U) makes a new one; adoption by the "
    "current carer (A3, A5) does not.",
    "two_placements": "As one_placement, with two.",
    "three_placements": "As one_placement, with three or more.",
    "three_placements_same_carer_ignored": "As three_placements, where homes with the same carer after one another are one placement.",
    "three_placements_two_years": "Of the children of cla_number who were also looked after on a day of the year before, those with three or more "
    "placements, counted as above, in the two years together.",
    "same_carer_two_years": "Of the children of cla_number under 16 on 31 March whose period of care began by 30 September three calendar years before, "
    "those with the same carer since 31 March two years before, or placed for adoption (A4, A6) and with their carer before since then.",
    "moves_planned": "Of all changes of home in the year (moves with the same carer counted; temporary stays, returns and adoption by the current "
    "carer not; of children in care at any time), those with the reason CARPL, PLACE or CUSTOD.",
    "moves_unplanned": "Of the same, those with a reason other than these and OTHER.",
    "reviews_on_time": "Of children with a review due in the year, or overdue all through it, those whose reviews were all held by the day they were due. Due: 20 "
    "working days after the start, 3 calendar months after the first review, 6 after later ones; not due if care ceased by that day.",
    "participation": "Of reviews held in the year of children of 4 or over, those coded PN1, PN2, PN3, PN5 or PN6.",
    "advocate_reviews": "Of the same, those coded PN2 or PN5.",
    "cp_plan_number": "Children with a plan that started by 31 March and had not ended by the end of that day.",
    "cp_started_number": "Plans that started in the year.",
    "cp_ended_number": "Plans that ended in the year.",
    "cp_repeat_ever": "Of plans that started in the year, those of children with an earlier plan with this authority.",
    "cp_repeat_12_months": "Of the same, those that started at most 12 calendar months after the last plan ended (end + 12 months >= start).",
    "cp_repeat_24_months": "As before, with 24 calendar months.",
    "cp_two_years_open": "Of plans open on 31 March, those of more than 729 days, first day and 31 March both counted.",
    "cp_two_years_ended": "Of plans that ended in the year, those of more than 729 days, first and last day both counted.",
    "cp_reviews_in_timescale": "Of plans open on 31 March that started at least 91 days before, those with every review that was held in the year, "
    "or was not held by 31 March though due, on time: 3 calendar months after the start, 6 after the review before.",
    "icpc_in_timescale": "Of initial conferences held in the year after an enquiry of this authority, those within 15 working days of the strategy discussion, "
    "that day not counted. Conferences of plans transferred in have no enquiry and are left out.",
}  # fmt: skip
_PARTICIPATED = frozenset({"PN1", "PN2", "PN3", "PN5", "PN6"})
_ADVOCATE = frozenset({"PN2", "PN5"})
_TWO_YEARS, _THREE_MONTHS = 729, 91
#: Numerator, and denominator where the indicator is a share.
Answer = tuple[str, int, int | None]


@dataclass(frozen=True, slots=True)
class Year:
    """A year by its end.

    Attributes:
        number: calendar year in which it ends.
        first: 1 April.
        last: 31 March.
    """

    number: int
    first: int
    last: int


@dataclass(slots=True)
class Run:
    """Homes after one another that count as one.

    Attributes:
        start: first day.
        end: day on which the last of them ended.
        homes: the homes.
    """

    start: int
    end: int
    homes: list[Home]


class Truth:
    """Adds up the answers of children, one after another.

    Args:
        years: the years to answer for.
    """

    def __init__(self, years: Sequence[int]) -> None:
        self._years = [year_of(number) for number in years]
        self._sums: dict[tuple[int, str], list[int]] = {}

    def add(self, child: Child) -> None:
        """Add what is true of a child."""
        for year in self._years:
            for name, numerator, denominator in answers(child, year):
                sums = self._sums.setdefault((year.number, name), [0, 0])
                sums[0] += numerator
                sums[1] += denominator or 0

    def rows(self) -> list[list[str]]:
        """Return year, indicator, group, numerator and denominator, a row a year and indicator; counts have no denominator."""
        found = []
        for year in self._years:
            for name in CONVENTIONS:
                numerator, denominator = self._sums.get((year.number, name), [0, 0])
                count = name.endswith("_number")
                found.append([str(year.number), name, "Total", str(numerator), "" if count else str(denominator)])
        return found


def year_of(number: int) -> Year:
    """Return a year by the calendar year in which it ends."""
    return Year(number, first_day(number), last_day(number))


def answers(child: Child, year: Year) -> Iterator[Answer]:
    """Yield what a child adds to each indicator of a year.

    Args:
        child: the child.
        year: the year.
    """
    periods = [item for item in child.periods if not item.respite and item.start <= year.last]
    if periods and periods[-1].end >= year.first:
        yield from _care_answers(child, periods, year)
    if child.needs:
        yield from _plan_answers([item for item in child.plans if item.start <= year.last], year)
        yield from _conference_answers(child, year)


def placements_of(periods: Sequence[Period], first: int, last: int) -> int:
    """Return how many placements fall into a time, moves with the same carer counted and temporary stays not.

    Args:
        periods: periods of care.
        first: first day of the time.
        last: its last day.
    """
    return sum(_within(run, first, last) for item in periods for run in runs(item, _same_placement))


def runs(period: Period, joined: Callable[[Home], bool]) -> list[Run]:
    """Return the homes of a period of care, joined to the one before where a rule says so.

    Args:
        period: the period.
        joined: whether a home belongs to the run of the one before.
    """
    found: list[Run] = []
    for home in period.homes:
        if found and joined(home):
            found[-1].homes.append(home)
            found[-1].end = home.end
        else:
            found.append(Run(home.start, home.end, [home]))
    return found


def _same_placement(home: Home) -> bool:
    return home.same_placement


def _same_carer(home: Home) -> bool:
    return home.same_carer


def _within(run: Run, first: int, last: int) -> bool:
    return run.start <= last and run.end > first


def _care_answers(child: Child, periods: Sequence[Period], year: Year) -> Iterator[Answer]:
    started = any(year.first <= item.start for item in periods)
    ceased = any(year.first <= item.end <= year.last for item in periods)
    yield "cla_started_number", int(started), None
    yield "cla_ceased_number", int(ceased), None
    yield from _move_answers(periods, year)
    yield from _review_answers(child, periods, year)
    if periods[-1].end > year.last:
        yield "cla_number", 1, None
        yield "cla_outside_number", int(is_outside(_post_on(periods[-1], year.last))), None
        yield from _stability_answers(child, periods, year)


def _post_on(period: Period, day: int) -> str:
    """Where a child was on a day of a period of care."""
    home = next(item for item in period.homes if item.start <= day < item.end)
    return next((away.post for away in home.absences if away.start <= day < away.end), home.post)


def _stability_answers(child: Child, periods: Sequence[Period], year: Year) -> Iterator[Answer]:
    """Of a child looked after on 31 March."""
    count = placements_of(periods, year.first, year.last)
    carers = sum(_within(run, year.first, year.last) for item in periods for run in runs(item, _same_carer))
    yield "one_placement", int(count == 1), 1
    yield "two_placements", int(count == 2), 1
    yield "three_placements", int(count >= 3), 1
    yield "three_placements_same_carer_ignored", int(carers >= 3), 1
    before = year_of(year.number - 1)
    if any(item.start <= before.last and item.end > before.first for item in periods):
        yield "three_placements_two_years", int(placements_of(periods, before.first, year.last) >= 3), 1
    # 30 September three calendar years before is half a year and two years before 31 March.
    long_ago = add_months(last_day(year.number - 2), -6)
    if periods[-1].start <= long_ago and age_on(child.birth, year.last) < 16:
        yield "same_carer_two_years", int(_with_carer_since(periods[-1], year) <= last_day(year.number - 2)), 1


def _with_carer_since(period: Period, year: Year) -> int:
    """First day with the carer of 31 March; of a child placed for adoption with somebody new, with the carer before."""
    carers = [item for item in runs(period, _same_carer) if item.start <= year.last]
    adoptive = carers[-1].homes[0].kind in ADOPTIVE
    return carers[-2].start if adoptive and len(carers) > 1 else carers[-1].start


def _move_answers(periods: Sequence[Period], year: Year) -> Iterator[Answer]:
    for period in periods:
        for before, home in pairwise(period.homes):
            if year.first <= home.start <= year.last and not home.same_placement:
                yield "moves_planned", int(before.reason in PLANNED), 1
                yield "moves_unplanned", int(before.reason in UNPLANNED), 1


def _review_answers(child: Child, periods: Sequence[Period], year: Year) -> Iterator[Answer]:
    due = [
        review
        for period in periods
        for review in period.reviews
        if (year.first <= review.due <= year.last and review.due < period.end)
        or (review.due < year.first and period.end > year.last and (review.day is None or review.day > year.last))
    ]
    if due:
        yield "reviews_on_time", int(all(item.day is not None and item.day <= item.due for item in due)), 1
    for period in periods:
        for review in period.reviews:
            held = review.day is not None and year.first <= review.day <= year.last
            if review.day is not None and held and age_on(child.birth, review.day) >= 4:
                yield "participation", int(review.code in _PARTICIPATED), 1
                yield "advocate_reviews", int(review.code in _ADVOCATE), 1


def _plan_answers(plans: Sequence[Plan], year: Year) -> Iterator[Answer]:
    if any(item.end > year.last for item in plans):
        yield "cp_plan_number", 1, None
    for number, plan in enumerate(plans):
        if plan.start >= year.first:
            yield "cp_started_number", 1, None
            yield from _repeat_answers(plan, plans[number - 1] if number else None)
        if year.first <= plan.end <= year.last:
            yield "cp_ended_number", 1, None
            yield "cp_two_years_ended", int(plan.end - plan.start + 1 > _TWO_YEARS), 1
        if plan.end > year.last:
            yield "cp_two_years_open", int(year.last - plan.start + 1 > _TWO_YEARS), 1
            if year.last - plan.start >= _THREE_MONTHS:
                yield "cp_reviews_in_timescale", int(_reviewed_on_time(plan, year)), 1


def _repeat_answers(plan: Plan, before: Plan | None) -> Iterator[Answer]:
    yield "cp_repeat_ever", int(before is not None), 1
    for months in (12, 24):
        within = before is not None and add_months(before.end, months) >= plan.start
        yield f"cp_repeat_{months}_months", int(within), 1


def _reviewed_on_time(plan: Plan, year: Year) -> bool:
    before, months = plan.start, 3
    for day in plan.reviews:
        if day > year.last:
            break
        if day >= year.first and day > add_months(before, months):
            return False
        before, months = day, 6
    return add_months(before, months) >= year.last


def _conference_answers(child: Child, year: Year) -> Iterator[Answer]:
    for need in child.needs:
        if need.conference is None or need.enquiry is None or not year.first <= need.conference <= year.last:
            continue
        yield "icpc_in_timescale", int(need.conference <= add_working_days(need.enquiry, 15)), 1
