"""Draws enquiries, conferences and child protection plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from analysis.synthetic.calendar import add_months, add_working_days, birthday, on_working_day
from analysis.synthetic.chances import CATEGORIES, NEEDS
from analysis.synthetic.drawing import Drawing, age_on
from analysis.synthetic.lives import Need, Plan

#: Days between two plans at which 12 and 24 months begin to differ by how they are counted.
EXACT_GAPS = (364, 365, 366, 729, 730, 731)
#: Lengths of a plan at which two years begin, by whether the last day is counted.
EXACT_LENGTHS = (728, 729, 730, 731)
#: Years before the first year in which a history may begin.
_YEARS_BEFORE = 4
_LENGTH = (235.0, 0.7)
_AGAIN, _EXACT, _LATE = 0.27, 0.15, 0.03
_MOST_PLANS = 5
_TRANSFERRED_IN = 0.04
#: Needs under which a plan is made.
_ABUSE = "N1"


def draw_plan_start(draw: Drawing) -> int:
    """Return a day on which a first plan may start: each day alike, so that stock and flow are steady."""
    return on_working_day(draw.chance.between(draw.first - _YEARS_BEFORE * 365, draw.last))


def draw_plans(draw: Drawing, birth: int, start: int) -> list[Plan]:
    """Return the plans of a child, of which the first starts on a given day.

    Args:
        draw: the drawing.
        birth: day of birth, which may be some weeks later.
        start: start of the first plan.
    """
    chance, adult = draw.chance, birthday(birth, 18)
    plans: list[Plan] = []
    while start <= draw.last and start + 30 < adult and len(plans) < _MOST_PLANS:
        end = min(adult, start + chance.days(*_LENGTH, least=20))
        again = chance.whether(_AGAIN)
        gap = chance.one_of(EXACT_GAPS) if chance.whether(_EXACT) else chance.wait(560) + 20
        # A conference is held on a working day; so that the gap stays exact, the plan before ends earlier.
        following = on_working_day(end + gap)
        end = max(start + 1, following - gap) if again else end
        plans.append(make_plan(draw, start, end, previous=len(plans)))
        if not again:
            break
        start = following
    return plans


def draw_exact_plans(draw: Drawing, number: int) -> list[Plan]:
    """Return two plans with a gap of an exact number of days, the first of an exact length for every other child.

    Args:
        draw: the drawing.
        number: which of these children it is; gaps and lengths go round.
    """
    chance, gap = draw.chance, EXACT_GAPS[number % len(EXACT_GAPS)]
    # Where the years are many enough, the first plan ended within them, so that the returns show the gap.
    earliest = draw.first + gap + 1
    earliest = earliest if earliest + 30 < draw.last else draw.first
    length = EXACT_LENGTHS[number // 2 % len(EXACT_LENGTHS)] if number % 2 else chance.days(*_LENGTH, least=20)
    start = began = 0
    while not (start and start == on_working_day(start) and began == on_working_day(began)):
        start = chance.between(earliest, draw.last)
        began = start - gap - length
    first = make_plan(draw, began, start - gap, previous=0)
    return [first, make_plan(draw, start, start + chance.days(*_LENGTH, least=20), previous=1)]


def make_plan(draw: Drawing, start: int, end: int, *, previous: int) -> Plan:
    """Return a plan with its category and reviews.

    Args:
        draw: the drawing.
        start: first day.
        end: day on which it ends.
        previous: earlier plans of the child.
    """
    chance = draw.chance
    category = chance.pick(CATEGORIES)
    latest = chance.pick(CATEGORIES) if chance.whether(0.1) else category
    return Plan(start, end, category, latest, start + chance.wait(150), previous, _draw_reviews(draw, start, end))


def needs_of(draw: Drawing, plans: Sequence[Plan]) -> list[Need]:
    """Return a time in need for each plan: from the referral through enquiry and conference to some time after the plan.

    Args:
        draw: the drawing.
        plans: the plans of a child, in order.
    """
    needs: list[Need] = []
    for plan, following in zip_longest(plans, plans[1:]):
        ended = needs[-1].plan.end if needs and needs[-1].plan else 0
        # An enquiry begins after the plan before, however soon the next one follows.
        day = max(ended + 1, add_working_days(plan.start, -_working_days(draw)))
        enquiry = None if draw.chance.whether(_TRANSFERRED_IN) else day
        referral = max(day - draw.chance.between(0, 12), needs[-1].closure if needs else 0)
        closure = plan.end + draw.chance.between(10, 150)
        if following is not None:
            gap = following.start - plan.end
            closure = min(closure, plan.end + (gap // 3 if gap > 120 else 0))
        needs.append(Need(referral, closure, _ABUSE, enquiry, plan.start, plan))
    return needs


def draw_enquiry(draw: Drawing, start: int) -> Need:
    """Return an enquiry that led to no plan, with a conference or without.

    Args:
        draw: the drawing.
        start: day of the referral.
    """
    chance = draw.chance
    enquiry = start + chance.between(0, 10)
    conference = add_working_days(enquiry, _working_days(draw)) if chance.whether(0.3) else None
    closure = (conference or enquiry) + chance.wait(60)
    return Need(start, closure, _ABUSE if chance.whether(0.8) else chance.pick(NEEDS), enquiry, conference)


def draw_care_need(draw: Drawing, start: int, end: int, code: str) -> Need:
    """Return the time in need around a period of care.

    Args:
        draw: the drawing.
        start: first day of care.
        end: day on which care ceased.
        code: category of need.
    """
    return Need(start - draw.chance.between(3, 60), end + draw.chance.between(0, 60), code)


def can_share(birth: int, plans: Sequence[Plan]) -> bool:
    """Return whether a brother or sister may have the same plans: old enough for the first, not grown up in the last.

    Args:
        birth: day of birth.
        plans: the plans.
    """
    return bool(plans) and birth <= plans[0].start + 100 and age_on(birth, plans[-1].end) < 18


def copy_needs(needs: Sequence[Need]) -> list[Need]:
    """Return times in need for a brother or sister: one enquiry and one conference decide on all of them."""
    return [
        replace(item, plan=replace(item.plan, reviews=list(item.plan.reviews)) if item.plan else None) for item in needs
    ]


def _draw_reviews(draw: Drawing, start: int, end: int) -> list[int]:
    """The first within three months, later ones within six months of the one before; a few are late, half of those by a day."""
    chance, reviews, before, months = draw.chance, list[int](), start, 3
    while before <= draw.last:
        due = add_months(before, months)
        if chance.whether(_LATE):
            day = due + (1 if chance.whether(0.5) else chance.wait(25))
        else:
            day = due - (0 if chance.whether(0.15) else chance.between(0, 20))
        if day > end:
            break
        reviews.append(day)
        before, months = day, 6
    return reviews


def _working_days(draw: Drawing) -> int:
    """Working days from the enquiry to the conference; the limit is 15."""
    chance = draw.chance
    if chance.whether(0.17):
        return 15 + chance.wait(6)
    return chance.between(6, 15) if chance.whether(0.8) else 15
