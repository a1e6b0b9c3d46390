"""The true answers on advocacy, worked out from the lives and their referrals. No row of a list is looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analysis.synthetic.calendar import working_days
from analysis.synthetic.drawing import age_on
from analysis.synthetic.lives import Child, Referral
from analysis.synthetic.truth import Year, year_of

_IN_CARE = (
    "Of children looked after on any day of the year (short-term placements left out), those whom the list names who "
)
#: What is counted as what, as ``truth.CONVENTIONS``.
ADVOCACY_CONVENTIONS: Final[Mapping[str, str]] = {
    "advocacy_referral_number": "Referrals to advocacy made in the year, of any child; by age on the day of the referral.",
    "advocacy_referrals": "Of the same, those of each source.",
    "advocacy_offered_share": f"{_IN_CARE}were offered an advocate in the year; by age on the last day in care in the year.",
    "advocacy_uptake_share": f"{_IN_CARE}accepted one in the year, or with whom one who acts without instruction first made contact in it.",
    "advocacy_refused_share": f"{_IN_CARE}refused one in the year and accepted none in it.",
    "advocacy_accepted_share": "Of children of advocacy_offered_share who accepted or refused an advocate in the year, those who accepted one.",
    "advocacy_share": "Children whom the list names and for whom an advocate worked in the year, from the day of the acceptance (without instruction: "
    "of the first contact) to the day on which the referral was closed, in care or not; by age on the first of those days in the year, or on the day "
    "of the referral for a child who is in no SSDA903 return.",
    "advocacy_instructed_share": "Of referrals accepted in the year, or first contacts without instruction in it, those in which the child instructed.",
    "advocacy_issues": "Issues of the same referrals; a referral can have several.",
    "advocacy_contact_waits": "First contacts in the year by working days after the day of the referral.",
}  # fmt: skip
#: Answers that are parts of a whole, which is the sum over the groups of a topic.
_PARTS = frozenset({"advocacy_referrals", "advocacy_share", "advocacy_contact_waits"})
_COUNTS = frozenset({"advocacy_referral_number", "advocacy_issues"})
_AGES = ((1, "Under 1"), (5, "1 to 4"), (10, "5 to 9"), (16, "10 to 15"))
_WAITS = ((5, "5 or fewer"), (10, "6 to 10"), (20, "11 to 20"))
#: Indicator, group, numerator, denominator (0 where it is a count or a part).
Answer = tuple[str, str, int, int]


class AdvocacyTruth:
    """Adds up the answers of children, one after another.

    Args:
        years: the years to answer for.
    """

    def __init__(self, years: Sequence[int]) -> None:
        self._years = [year_of(number) for number in years]
        self._sums: dict[tuple[int, str, str], list[int]] = {}

    def add(self, child: Child) -> None:
        """Add what is true of a child."""
        for year in self._years:
            for name, group, numerator, denominator in answers(child, year):
                sums = self._sums.setdefault((year.number, name, group), [0, 0])
                sums[0] += numerator
                sums[1] += denominator

    def rows(self) -> list[list[str]]:
        """Return year, indicator, group (Total, or topic and name), numerator and denominator; counts have no denominator."""
        return [row for year in self._years for name in ADVOCACY_CONVENTIONS for row in self._rows(year.number, name)]

    def _rows(self, year: int, name: str) -> Iterator[list[str]]:
        own = {group: sums for (number, told, group), sums in self._sums.items() if (number, told) == (year, name)}
        for group in sorted(own, key=lambda group: (group != "Total", group)):
            numerator, denominator = own[group]
            whole = _whole(own, group) if name in _PARTS else denominator
            if name in _COUNTS:
                yield [str(year), name, group, str(numerator), ""]
            elif whole:
                yield [str(year), name, group, str(numerator), str(whole)]


def answers(child: Child, year: Year) -> Iterator[Answer]:
    """Yield what a child adds to each indicator of a year.

    Args:
        child: the child.
        year: the year.
    """
    yield from _care_answers(child, year)
    yield from _user_answers(child, year)
    for item in child.referrals:
        yield from _referral_answers(child, item, year)


def _care_answers(child: Child, year: Year) -> Iterator[Answer]:
    last_days = [
        min(item.end - 1, year.last)
        for item in child.periods
        if not item.respite and item.start <= year.last and item.end > year.first
    ]
    if not last_days:
        return
    named = [item for item in child.referrals if item.named]
    answered = {item.answer for item in named if item.answer and _within(item.answered, year)}
    accepted, refused = "accepted" in answered, answered == {"refused"}
    numbers = {
        "advocacy_offered_share": any(_within(item.offered, year) for item in named),
        "advocacy_uptake_share": any(_within(item.taken_up, year) for item in named),
        "advocacy_refused_share": refused,
    }
    for group in ["Total", *_groups(child, max(last_days))]:
        for name, numerator in numbers.items():
            yield name, group, int(numerator), 1
    yield "advocacy_accepted_share", "Total", int(accepted), int(accepted or refused)


def _user_answers(child: Child, year: Year) -> Iterator[Answer]:
    served = [
        (item.taken_up, item.day)
        for item in child.referrals
        if item.named and item.taken_up is not None and item.taken_up <= year.last and item.closed >= year.first
    ]
    if served:
        begun, referred = min(served)
        disability = "Disability or special need" if child.disabilities else "Not disabled"
        day = max(begun, year.first) if child.periods else referred
        for group in [*_groups(child, day), f"Disability: {disability}"]:
            yield "advocacy_share", group, 1, 0


def _referral_answers(child: Child, item: Referral, year: Year) -> Iterator[Answer]:
    if _within(item.day, year):
        for group in ["Total", *_groups(child, item.day)]:
            yield "advocacy_referral_number", group, 1, 0
        yield "advocacy_referrals", f"Referral source: {item.source or 'Not known'}", 1, 0
    if _within(item.taken_up, year):
        yield "advocacy_instructed_share", "Total", int(item.instructed is True), 1
        for issue in item.issues:
            yield "advocacy_issues", "Total", 1, 0
            yield "advocacy_issues", f"Advocacy issue: {issue}", 1, 0
    if item.contact is not None and _within(item.contact, year):
        days = bisect_right(working_days(), item.contact) - bisect_right(working_days(), item.day)
        name = next((name for most, name in _WAITS if days <= most), "21 or more")
        yield "advocacy_contact_waits", f"Working days to first contact: {name}", 1, 0


def _groups(child: Child, day: int) -> list[str]:
    """Age group and ethnicity; sex is left to the returns, of which some do not know it."""
    age = age_on(child.birth, day)
    name = next((name for below, name in _AGES if age < below), "16 and over")
    return [f"Age group: {name}", f"Ethnicity: {child.ethnicity}"]


def _whole(own: Mapping[str, Sequence[int]], group: str) -> int:
    topic = group.partition(":")[0]
    return sum(sums[0] for other, sums in own.items() if other.partition(":")[0] == topic)


def _within(day: int | None, year: Year) -> bool:
    return day is not None and year.first <= day <= year.last
