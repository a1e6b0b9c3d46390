"""Draws the homes of a period of care: with whom, where, for how long, why the child moved, and temporary stays away."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.synthetic.chances import (
    ABSENCES,
    ASYLUM_HOMES,
    HOMES,
    LONGEST_ABSENCE,
    MOSTLY_PRIVATE,
    OWN_OR_AGENCY,
    PLANNED,
    REASONS,
    REASONS_OF_A_CARERS_MOVE,
)
from analysis.synthetic.drawing import Drawing, age_on
from analysis.synthetic.lives import ADOPTIVE, OTHER, SUPPORTED, Absence, Home

#: Days in the first home, in later ones and in one that was chosen to last: median and spread of the logarithm.
_FIRST_STAY, _LATER_STAY, _LASTING_STAY = (115.0, 1.7), (350.0, 1.7), (2500.0, 1.0)
#: Shares of what ends a stay with foster carers: the carer moves house, or the same home becomes long-term.
_MOVES_HOUSE, _BECOMES_LONG_TERM = 0.07, 0.10
_LASTING = frozenset({"U1", "U2", "U4", "U5"})
_LONG_TERM = {"U6": "U4", "U3": "U1"}
#: Kinds that have a number of their own at the inspectorate.
_WITHOUT_URN = frozenset({"P1", "P3", OTHER, "R2", "R5"})
#: A day of absence begins every so many days in a home.
_DAYS_BETWEEN_ABSENCES = 1300
_MOST_CARERS_HOLIDAYS = 2
_AGES = (2, 10, 16)


def draw_homes(
    draw: Drawing, birth: int, span: tuple[int, int], *, legal: Sequence[int], first: Home | None, asylum: bool
) -> list[Home]:
    """Return homes that fill a span of care without gaps; what would begin after the last year is not drawn.

    Args:
        draw: the drawing.
        birth: day of birth.
        span: first day, and the day on which it ends.
        legal: days on which the legal status changes; some moves fall on one, and no temporary stay lies across one.
        first: the first home, which brothers and sisters share.
        asylum: whether the child is an unaccompanied asylum-seeking child.
    """
    start, until = span
    home = _first_home(draw, birth, start, first, asylum=asylum)
    homes = [home]
    holidays: list[int] = []
    while True:
        home.end = min(until, _move_day(draw, home, len(homes), legal))
        home.absences = _draw_absences(draw, home, legal, holidays)
        # Less than two days before the end there is no time for another home.
        if home.end >= until - 1 or home.end > draw.last:
            home.end = until if home.end >= until - 1 else home.end
            return homes
        home = _next_home(draw, birth, home)
        homes.append(home)


def draw_early_permanence(draw: Drawing, start: int) -> Home:
    """Return a home with foster carers who mean to adopt (U2, U5).

    Args:
        draw: the drawing.
        start: first day.
    """
    return _new_home(draw, start, "U2" if draw.chance.whether(0.25) else "U5")


def draw_adoptive_home(draw: Drawing, before: Home, start: int, end: int, *, order: bool) -> Home:
    """Return a placement for adoption, with the carers of the home before or with others.

    Args:
        draw: the drawing.
        before: the home before, which is told why it ended.
        start: day of the placement.
        end: day of the adoption.
        order: whether under a placement order; else with the parents' consent.
    """
    own = before.kind in ("U2", "U5") or (before.kind in _LONG_TERM and draw.chance.whether(0.12))
    before.reason = "PLACE" if own else "CARPL"
    if own:
        kind = "A5" if order else "A3"
        return Home(start, end, kind, before.carer, before.provider, before.post, before.urn, True, True)
    provider = "PR1" if draw.chance.whether(0.7) else "PR5"
    return Home(start, end, "A6" if order else "A4", draw.carer(), provider, draw.post(), "")


def _first_home(draw: Drawing, birth: int, start: int, first: Home | None, *, asylum: bool) -> Home:
    if first is not None:
        return Home(start, start, first.kind, first.carer, first.provider, first.post, first.urn)
    if asylum:
        return _new_home(draw, start, _of_age(draw.chance.pick(ASYLUM_HOMES), birth, start))
    return _new_home(draw, start, _kind(draw, birth, start))


def _kind(draw: Drawing, birth: int, day: int) -> str:
    age = age_on(birth, day)
    return _of_age(draw.chance.pick(HOMES[sum(age >= limit for limit in _AGES)]), birth, day)


def _of_age(kind: str, birth: int, day: int) -> str:
    """Supported accommodation is for those of 16 or over."""
    return "U6" if kind == SUPPORTED and age_on(birth, day) < 16 else kind


def _new_home(draw: Drawing, start: int, kind: str) -> Home:
    urn = "" if kind in _WITHOUT_URN else f"SC9{draw.chance.between(0, 99999):05d}"
    return Home(start, start, kind, draw.carer(), _provider(draw, kind), draw.post(), urn)


def _provider(draw: Drawing, kind: str) -> str:
    if kind == "P1":
        return "PR0"
    if kind in ("U1", "U2", "U3"):
        return "PR1"
    if kind in ("R2", "R5", "K1"):
        return "PR3"
    return draw.chance.pick(OWN_OR_AGENCY if kind.startswith("U") else MOSTLY_PRIVATE)


def _move_day(draw: Drawing, home: Home, number: int, legal: Sequence[int]) -> int:
    stay = _LASTING_STAY if home.kind in _LASTING else _FIRST_STAY if number == 1 else _LATER_STAY
    day = home.start + draw.chance.days(*stay, least=2)
    near = [item for item in legal if item > home.start + 1 and abs(item - day) <= 40]
    return near[0] if near and draw.chance.whether(0.3) else day


def _next_home(draw: Drawing, birth: int, home: Home) -> Home:
    """Where the child goes next; the home before is told why."""
    chance, day = draw.chance, home.end
    fostered = home.kind.startswith("U")
    what = chance.uniform()
    if fostered and what < _MOVES_HOUSE:
        home.reason = chance.pick(REASONS_OF_A_CARERS_MOVE)
        return Home(day, day, home.kind, home.carer, home.provider, draw.post(), home.urn, same_carer=True)
    if home.kind in _LONG_TERM and what < _MOVES_HOUSE + _BECOMES_LONG_TERM:
        home.reason = "PLACE"
        kind = _LONG_TERM[home.kind]
        return Home(day, day, kind, home.carer, home.provider, home.post, home.urn, same_carer=True)
    home.reason = chance.pick(REASONS)
    if home.reason == "CUSTOD" and age_on(birth, day) < 12:
        home.reason = "OTHER"
    # A planned move is often to a home that is meant to last.
    if home.reason in PLANNED and fostered and chance.whether(0.5):
        return _new_home(draw, day, "U4" if chance.whether(0.75) else "U1")
    return _new_home(draw, day, _kind(draw, birth, day))


def _draw_absences(draw: Drawing, home: Home, legal: Sequence[int], holidays: list[int]) -> list[Absence]:
    """Temporary stays within a home: after its first day, over before its last, and not across a change of legal status."""
    chance, found = draw.chance, list[Absence]()
    if home.kind in ADOPTIVE or home.kind == SUPPORTED:
        return found
    start = home.start + chance.wait(_DAYS_BETWEEN_ABSENCES)
    while start < min(home.end, draw.last + 1):
        code = _absence_code(chance.pick(ABSENCES), start, holidays)
        end = start + (LONGEST_ABSENCE[code] if chance.whether(0.1) else chance.between(1, LONGEST_ABSENCE[code]))
        if end < home.end and not any(start <= day <= end for day in legal):
            found.append(Absence(start, end, code, draw.post()))
            if code == "T3":
                holidays.append(start)
        start = end + chance.wait(_DAYS_BETWEEN_ABSENCES)
    return found


def _absence_code(code: str, start: int, holidays: Sequence[int]) -> str:
    """Two holidays of the carers in twelve months are the most; a third stay is of another kind."""
    recent = sum(start - day <= 366 for day in holidays)
    return "T4" if code == "T3" and recent >= _MOST_CARERS_HOLIDAYS else code
