"""Draws lives, family by family: the one place where it is decided what happened to whom.

The returns and the true answers are both made from these lives, neither from the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.synthetic import care, plans
from analysis.synthetic.calendar import birthday, on_working_day
from analysis.synthetic.chances import (
    AGES_AT_PLAN,
    ASYLUM_ETHNICITIES,
    DISABILITIES,
    ETHNICITIES,
    FAMILY_SIZES,
    NEEDS,
    weighted,
)
from analysis.synthetic.drawing import Drawing, age_on
from analysis.synthetic.homes import draw_early_permanence
from analysis.synthetic.lives import Child, Home, Need, Period, Plan

#: What happened to a family: care, plans, both, an enquiry that came to nothing, or short breaks only.
_KINDS = weighted({"care": 38, "plans": 44, "both": 8, "enquiry": 8, "respite": 2})
_ASYLUM = 0.06
#: Every tenth child or so is one of those with plans at exact gaps, until each gap has been drawn this often.
_EXACT_EVERY, _EXACT_ROUNDS = 10, 4
#: Every fourth of the first families is of a kind that a small set might lack.
_RARE = ("adoption", "respite", "asylum", "adoption")
_RARE_EVERY, _RARE_ROUNDS = 4, 4
_SHARES_START, _SHARES_HOME, _SHARES_PLANS = 0.8, 0.6, 0.85
_TRIES = 25


def draw_children(count: int, *, years: Sequence[int], seed: int) -> Iterator[Child]:
    """Yield children, brothers and sisters after one another. Each has care, a plan or an enquiry within the years.

    Args:
        count: how many.
        years: the years of the returns, in order.
        seed: any whole number; the same gives the same lives.
    """
    draw = Drawing(seed, years)
    while draw.children < count:
        draw.families += 1
        for child in _draw_family(draw, at_most=count - draw.children):
            draw.children += 1
            child.id = f"S{draw.children:07d}"
            yield child


def _draw_family(draw: Drawing, *, at_most: int) -> list[Child]:
    if draw.exact < min(_EXACT_ROUNDS * len(plans.EXACT_GAPS), (draw.children + _EXACT_EVERY // 2) // _EXACT_EVERY):
        draw.exact += 1
        return [_child_of_exact_plans(draw, draw.exact - 1)]
    turn, place = divmod(draw.families, _RARE_EVERY)
    if place == 0 and turn <= _RARE_ROUNDS * len(_RARE):
        return [_rare_child(draw, _RARE[turn % len(_RARE)])]
    kind = draw.chance.pick(_KINDS)
    if kind in ("care", "both"):
        return _family_in_care(draw, at_most, with_plans=kind == "both")
    if kind == "plans":
        return _family_on_plans(draw, at_most)
    return [_child_of_enquiry(draw) if kind == "enquiry" else _child_in_respite(draw)]


def _rare_child(draw: Drawing, kind: str) -> Child:
    if kind == "respite":
        return _child_in_respite(draw)
    child = _child_in_care(draw, asylum=kind == "asylum", adopted=kind == "adoption")
    _add_needs(draw, child, [])
    return child


def _size(draw: Drawing, at_most: int) -> int:
    return min(at_most, int(draw.chance.pick(FAMILY_SIZES)))


def _new_child(draw: Drawing, birth: int, *, like: Child | None = None, asylum: bool = False) -> Child:
    """A child without a history; brothers and sisters share home and mostly ethnicity."""
    chance = draw.chance
    girls = 0.08 if asylum else 0.46
    ethnicity = chance.pick(ASYLUM_ETHNICITIES if asylum else ETHNICITIES)
    return Child(
        id="",
        family=draw.families,
        birth=birth,
        sex="F" if chance.whether(girls) else "M",
        sex_known=not chance.whether(0.003),
        ethnicity=like.ethnicity if like is not None and chance.whether(0.93) else ethnicity,
        disabilities=(chance.pick(DISABILITIES),) if chance.whether(0.12) else (),
        home_post=draw.post() if like is None else like.home_post,
        asylum_until=birthday(birth, 18) if asylum else None,
    )


def _family_in_care(draw: Drawing, at_most: int, *, with_plans: bool) -> list[Child]:
    asylum = not with_plans and draw.chance.whether(_ASYLUM)
    first = _child_in_care(draw, asylum=asylum)
    children = [first]
    size = 1 if asylum else _size(draw, at_most)
    while len(children) < size:
        children.append(_sibling_in_care(draw, first))
    shared = plans.needs_of(draw, _plans_before_care(draw, first)) if with_plans else []
    for child in children:
        _add_needs(draw, child, shared)
    return children


def _child_in_care(draw: Drawing, *, asylum: bool = False, adopted: bool = False) -> Child:
    """A child in care within the years; if it is to be adopted, one that is placed for adoption within them."""
    while True:
        start = care.draw_first_start(draw)
        birth = care.draw_birth(draw, start, asylum=asylum)
        route = care.draw_route(draw, birth, start, asylum=asylum)
        # Who turns 18 on the day itself (the oldest age of all, one in tens of thousands) does not come into care.
        is_in_care = route.end > start and route.end >= draw.first
        if is_in_care and (not adopted or draw.first <= route.placed <= draw.last):
            child = _new_child(draw, birth, asylum=asylum)
            need = "N8" if asylum else draw.chance.pick(NEEDS)
            # Half of them with the carers of their first home, should they stay there.
            home = draw_early_permanence(draw, route.start) if adopted and draw.chance.whether(0.5) else None
            child.periods = care.draw_periods(draw, birth, route, need=need, home=home)
            return child


def _sibling_in_care(draw: Drawing, first: Child) -> Child:
    """A brother or sister: born some time apart, mostly taken into care on the same day, often with the same carers."""
    eldest = first.periods[0]
    for _ in range(_TRIES):
        start = eldest.start if draw.chance.whether(_SHARES_START) else eldest.start + draw.chance.wait(300)
        birth = _sibling_birth(draw, first.birth)
        if not birth <= start <= min(draw.last, birthday(birth, 17)):
            continue
        route = care.draw_route(draw, birth, start, asylum=False)
        if route.end >= draw.first:
            child = _new_child(draw, birth, like=first)
            home = _shared_home(draw, eldest, start)
            child.periods = care.draw_periods(draw, birth, route, need=eldest.need, home=home)
            return child
    return _child_in_care(draw)


def _shared_home(draw: Drawing, period: Period, start: int) -> Home | None:
    """The first home of the eldest, if the child comes on the same day and foster carers take both."""
    home = period.homes[0]
    together = start == period.start and home.kind in ("U1", "U3", "U4", "U6")
    return home if together and draw.chance.whether(_SHARES_HOME) else None


def _sibling_birth(draw: Drawing, birth: int) -> int:
    apart = 320 + draw.chance.between(0, 1500)
    return birth + (apart if draw.chance.whether(0.5) else -apart)


def _plans_before_care(draw: Drawing, child: Child) -> list[Plan]:
    """A plan that ended as care began. It may have started before the birth."""
    start = child.periods[0].start
    if start < draw.first:
        return []
    began = on_working_day(max(start - draw.chance.between(40, 500), child.birth - 80))
    end = start + draw.chance.between(0, 30)
    return [plans.make_plan(draw, began, end, previous=0)] if began + 5 < end else []


def _add_needs(draw: Drawing, child: Child, shared: Sequence[Need]) -> None:
    """The times in need around plans and care; a child that was on a plan stays in need until the end of care."""
    first = child.periods[0]
    found = [need.plan for need in shared if need.plan is not None]
    if plans.can_share(child.birth, found) and found[-1].end >= first.start:
        child.needs = plans.copy_needs(shared)
    if child.needs and child.needs[-1].referral < first.start:
        child.needs[-1].closure = max(first.end, child.needs[-1].closure)
        rest = child.periods[1:]
    else:
        rest = child.periods
    child.needs += [plans.draw_care_need(draw, item.start, item.end, item.need) for item in rest]


def _family_on_plans(draw: Drawing, at_most: int) -> list[Child]:
    first = _child_on_plans(draw)
    children = [first]
    size = _size(draw, at_most)
    while len(children) < size:
        birth = _sibling_birth(draw, first.birth)
        if draw.chance.whether(_SHARES_PLANS) and plans.can_share(birth, first.plans):
            sibling = _new_child(draw, birth, like=first)
            sibling.needs = plans.copy_needs(first.needs)
            children.append(sibling)
        else:
            children.append(_child_on_plans(draw, like=first))
    return children


def _child_on_plans(draw: Drawing, *, like: Child | None = None) -> Child:
    while True:
        start = plans.draw_plan_start(draw)
        # One in forty is not born yet when the plan starts.
        age = -draw.chance.between(1, 90) if draw.chance.whether(1 / 40) else draw.age(AGES_AT_PLAN)
        found = plans.draw_plans(draw, start - age, start)
        if found and found[-1].end >= draw.first:
            child = _new_child(draw, start - age, like=like)
            child.needs = plans.needs_of(draw, found)
            return child


def _child_of_exact_plans(draw: Drawing, number: int) -> Child:
    found = plans.draw_exact_plans(draw, number)
    # Young enough for both plans.
    birth = found[0].start - draw.chance.between(30, 9 * 365)
    child = _new_child(draw, birth)
    child.needs = plans.needs_of(draw, found)
    return child


def _child_of_enquiry(draw: Drawing) -> Child:
    start = draw.chance.between(draw.first, draw.last - 15)
    child = _new_child(draw, start - draw.age(AGES_AT_PLAN))
    child.needs = [plans.draw_enquiry(draw, start)]
    return child


def _child_in_respite(draw: Drawing) -> Child:
    """Short breaks of a disabled child; one in six is looked after in the full sense later."""
    chance = draw.chance
    start = chance.between(draw.first, draw.last - 30)
    birth = start - chance.between(4 * 365, 14 * 365)
    child = _new_child(draw, birth)
    child.disabilities = (chance.pick(DISABILITIES),)
    child.periods = care.draw_respite(draw, start, birth)
    later = child.periods[-1].end + chance.wait(120)
    if chance.whether(1 / 6) and later <= draw.last and age_on(birth, later) < 17:
        route = care.draw_route(draw, birth, later, asylum=False)
        child.periods += care.draw_periods(draw, birth, route, need="N2", home=None)
    real = [item for item in child.periods if not item.respite]
    child.needs = [plans.draw_care_need(draw, item.start, item.end, item.need) for item in real]
    return child
