"""Draws periods of care: when they begin and end, under what legal status, and why they ceased."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.synthetic.calendar import add_months, add_working_days, birthday, last_day
from analysis.synthetic.chances import (
    AGES_AT_START,
    ENDED_ASYLUM,
    ENDED_AT_18,
    ENDED_BEFORE,
    FIRST_LEGAL,
    NEEDS,
    OWN_OR_AGENCY,
    PARTICIPATION,
)
from analysis.synthetic.drawing import Drawing, age_on
from analysis.synthetic.homes import draw_adoptive_home, draw_early_permanence, draw_homes
from analysis.synthetic.lives import Home, Period, Review

#: The oldest start of care that can still reach the first year.
_YEARS_OF_CARE = 18
#: Days of care before somebody leaves: median before the 18th birthday cuts it short, and spread of its logarithm.
_STAY = (900.0, 1.25)
_AGAIN = 0.13
#: Share of children later adopted who begin with carers that mean to adopt them.
_EARLY_PERMANENCE = 0.15
#: Ends of care after which a child may come back into care.
_MAY_RETURN = frozenset({"E4A", "E4B", "E13", "E8"})
#: From 1 April 2018 a special guardianship order has the codes E45 to E48.
_NEW_ORDERS_FROM = last_day(2018)


@dataclass(slots=True)
class Route:
    """What is settled of a period of care before its details are.

    Attributes:
        start: first day.
        end: day on which it ceases.
        kind: plain, adoption or asylum.
        placed: day of the adoptive placement.
    """

    start: int
    end: int
    kind: str
    placed: int = 0


def draw_first_start(draw: Drawing) -> int:
    """Return a day on which care may begin: each day alike, so that stock and flow are steady."""
    return draw.chance.between(draw.first - _YEARS_OF_CARE * 365, draw.last)


def draw_birth(draw: Drawing, start: int, *, asylum: bool) -> int:
    """Return a day of birth for a start of care.

    Args:
        draw: the drawing.
        start: first day of care.
        asylum: whether the child is an unaccompanied asylum-seeking child.
    """
    return start - (draw.chance.between(15 * 365 + 30, 18 * 365 - 120) if asylum else draw.age(AGES_AT_START))


def draw_route(draw: Drawing, birth: int, start: int, *, asylum: bool) -> Route:
    """Return what is settled of a period of care.

    Args:
        draw: the drawing.
        birth: day of birth.
        start: first day of care.
        asylum: whether the child is an unaccompanied asylum-seeking child.
    """
    chance, adult = draw.chance, birthday(birth, 18)
    if asylum:
        return Route(
            start, adult if chance.whether(0.8) else min(adult, start + chance.days(200, 0.8, least=20)), "asylum"
        )
    age = age_on(birth, start)
    if age < 5 and chance.whether(0.34 if age < 1 else 0.2):
        placed = start + chance.between(240, 420) + chance.wait(150)
        return Route(start, placed + 150 + chance.wait(140), "adoption", placed)
    return Route(start, min(adult, start + chance.days(*_STAY, least=3)), "plain")


def draw_periods(draw: Drawing, birth: int, route: Route, *, need: str, home: Home | None) -> list[Period]:
    """Return the periods of care of a child, of which the first is settled.

    Args:
        draw: the drawing.
        birth: day of birth.
        route: the first.
        need: category of need.
        home: the first home, which brothers and sisters may share.
    """
    periods = [_draw_period(draw, birth, route, need=need, home=home)]
    while periods[-1].reason_ended in _MAY_RETURN and draw.chance.whether(_AGAIN):
        start = periods[-1].end + 1 + draw.chance.wait(330)
        if start > draw.last or start + 60 > birthday(birth, 18):
            break
        again = Route(start, min(birthday(birth, 18), start + draw.chance.days(*_STAY, least=3)), "plain")
        periods.append(_draw_period(draw, birth, again, need=draw.chance.pick(NEEDS), home=None))
    return periods


def draw_respite(draw: Drawing, start: int, birth: int) -> list[Period]:
    """Return short-term placements: one agreement (V4), or single breaks that are recorded each (V3).

    Args:
        draw: the drawing.
        start: first day.
        birth: day of birth.
    """
    chance, adult = draw.chance, birthday(birth, 18)
    home = Home(
        start, start, "U6" if chance.whether(0.6) else "K2", draw.carer(), chance.pick(OWN_OR_AGENCY), draw.post(), ""
    )
    if chance.whether(0.5):
        end = min(adult, start + chance.days(420, 0.7, least=30))
        return [_respite_period(home, start, end, "V4")]
    breaks = []
    for _ in range(chance.between(2, 9)):
        end = start + chance.between(2, 5)
        if end >= adult or start > draw.last:
            break
        breaks.append(_respite_period(home, start, end, "V3"))
        start = end + chance.between(20, 60)
    return breaks


def _respite_period(home: Home, start: int, end: int, legal: str) -> Period:
    stay = Home(start, end, home.kind, home.carer, home.provider, home.post, home.urn)
    return Period(start, end, "N2", [(start, legal)], [stay], "E8", respite=True)


def _draw_period(draw: Drawing, birth: int, route: Route, *, need: str, home: Home | None) -> Period:
    legal = _draw_legal(draw, birth, route)
    days = [day for day, _ in legal]
    if route.kind == "adoption":
        if home is None and draw.chance.whether(_EARLY_PERMANENCE):
            home = draw_early_permanence(draw, route.start)
        homes = draw_homes(draw, birth, (route.start, route.placed), legal=days, first=home, asylum=False)
        if route.placed <= draw.last:
            homes.append(draw_adoptive_home(draw, homes[-1], route.placed, route.end, order=legal[-1][1] == "E1"))
    else:
        homes = draw_homes(draw, birth, (route.start, route.end), legal=days, first=home, asylum=route.kind == "asylum")
    period = Period(route.start, route.end, need, legal, homes, _reason_ended(draw, birth, route, homes[-1]))
    period.reviews = _draw_reviews(draw, birth, period)
    return period


def _draw_legal(draw: Drawing, birth: int, route: Route) -> list[tuple[int, str]]:
    chance, start = draw.chance, route.start
    if route.kind == "asylum":
        return [(start, "V2")]
    if age_on(birth, start) >= 12 and chance.whether(0.04):
        return _before(route.end, [(start, "J1"), (start + chance.between(7, 60), "V2")])
    first = chance.pick(FIRST_LEGAL)
    legal, day = [(start, first)], start
    if first in ("L1", "L2"):
        day = start + chance.between(1, 3 if first == "L1" else 8)
        legal.append((day, "C1" if chance.whether(0.75) else "V2"))
    if legal[-1][1] == "V2" and (route.kind == "adoption" or chance.whether(0.4)):
        day += chance.between(15, 150)
        legal.append((day, "C1"))
    if route.kind == "adoption":
        return _before(route.placed + 1, [*legal, *_placement_order(draw, day, route.placed)])
    if legal[-1][1] == "C1" and chance.whether(0.85):
        legal.append((day + chance.between(100, 330), "C2"))
    return _before(route.end, legal)


def _placement_order(draw: Drawing, day: int, placed: int) -> list[tuple[int, str]]:
    """With an order (E1), else with the parents' consent; one in six orders is made on the very day of the placement."""
    if draw.chance.whether(0.12):
        return [(day + draw.chance.between(20, 60), "V2")]
    return [(placed if draw.chance.whether(1 / 6) else draw.chance.between(day + 10, placed), "E1")]


def _before(end: int, legal: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those that began before the end, one a day, in order, without repeating the status before."""
    kept: list[tuple[int, str]] = []
    for day, code in legal:
        if day < end and (not kept or (day > kept[-1][0] and code != kept[-1][1])):
            kept.append((day, code))
    return kept


def _reason_ended(draw: Drawing, birth: int, route: Route, home: Home) -> str:
    chance = draw.chance
    if route.kind == "adoption":
        return "E12" if chance.whether(0.6) else "E11"
    if route.end >= birthday(birth, 18):
        code = chance.pick(ENDED_AT_18)
        # Staying put at 18 is for those in foster care.
        return "E5" if code == "E17" and not home.kind.startswith("U") else code
    if route.kind == "asylum":
        return chance.pick(ENDED_ASYLUM)
    code = chance.pick(ENDED_BEFORE)
    if code == "SGO":
        return _guardianship(draw, route.end, home)
    return "E8" if code == "E9" and age_on(birth, route.end) < 12 else code


def _guardianship(draw: Drawing, end: int, home: Home) -> str:
    """To relatives or others, who were or were not the foster carers; before 2018/19 only the last is told apart."""
    former, relative = home.kind.startswith("U"), home.kind in ("U1", "U2", "U3") or draw.chance.whether(0.5)
    if end <= _NEW_ORDERS_FROM:
        return "E43" if former else "E44"
    return {(True, True): "E45", (True, False): "E46", (False, True): "E47", (False, False): "E48"}[former, relative]


def _draw_reviews(draw: Drawing, birth: int, period: Period) -> list[Review]:
    """The first within 20 working days, the second within 3 months of it, later ones within 6 months of the one before."""
    reviews: list[Review] = []
    before, due = period.start, add_working_days(period.start, 20)
    while before <= draw.last:
        day = _review_day(draw, before, due)
        if day >= period.end:
            reviews.append(Review(due, None, ""))
            break
        young = age_on(birth, day) < 4
        reviews.append(Review(due, day, "PN0" if young else draw.chance.pick(PARTICIPATION)))
        before, due = day, add_months(day, 3 if len(reviews) == 1 else 6)
    return reviews


def _review_day(draw: Drawing, before: int, due: int) -> int:
    chance = draw.chance
    if chance.whether(0.045):
        # A third of the late ones are late by a single day, where counting the day matters.
        return due + (1 if chance.whether(1 / 3) else 1 + chance.wait(25))
    return max(before + 1, due - (0 if chance.whether(0.1) else chance.between(0, 12)))
