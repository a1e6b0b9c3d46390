"""What a made-up life is. All days are whole numbers; a stay runs from its first day up to, not including, the day it ends."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Kinds of placement whose code depends on the year of the return: semi-independent living and supported accommodation; other.
SUPPORTED, OTHER = "supported", "other"
ADOPTIVE = frozenset({"A3", "A4", "A5", "A6"})


#: Of the nine made-up districts these are outside.
_OUTSIDE = ("ZZ7", "ZZ8", "ZZ9")


def is_outside(post: str) -> bool:
    """Return whether a made-up postcode lies outside the area.

    Example:
        >>> is_outside("ZZ6 1AB"), is_outside("ZZ7 1AB")
        (False, True)
    """
    return post.startswith(_OUTSIDE)


@dataclass(slots=True)
class Absence:
    """A temporary stay away from a home to which the child comes back.

    Attributes:
        start: first day away.
        end: day of the return.
        code: T1 hospital, T2 holiday, T3 carers' holiday, T4 other.
        post: made-up postcode.
    """

    start: int
    end: int
    code: str
    post: str


@dataclass(slots=True)
class Home:
    """A stay with one carer at one address under one kind of placement.

    Attributes:
        start: first day.
        end: day on which it ended, which may lie after the last year.
        kind: code of the placement, or SUPPORTED or OTHER.
        carer: number of the carer, or of the children's home.
        provider: code of the provider.
        post: made-up postcode.
        urn: made-up number of the registered setting; blank where it has none.
        same_carer: whether the child was with this carer just before.
        same_placement: whether nothing but the status changed: the carer adopts the child.
        reason: why the next home followed; blank for the last of a period.
        absences: temporary stays, in order.
    """

    start: int
    end: int
    kind: str
    carer: int
    provider: str
    post: str
    urn: str
    same_carer: bool = False
    same_placement: bool = False
    reason: str = ""
    absences: list[Absence] = field(default_factory=list)


@dataclass(slots=True)
class Review:
    """A review of a child in care.

    Attributes:
        due: the last day on which it was on time.
        day: when it was held; none where care ended or the last year passed first.
        code: of participation; blank if it was not held.
    """

    due: int
    day: int | None
    code: str


@dataclass(slots=True)
class Period:
    """A period of care.

    Attributes:
        start: first day.
        end: day on which it ceased, which may lie after the last year.
        need: category of need.
        legal: day and code of each legal status, in order.
        homes: in order, without gaps.
        reason_ended: why it ceased.
        respite: whether it is a series of short-term placements (V3, V4), which no indicator counts.
        reviews: in order.
    """

    start: int
    end: int
    need: str
    legal: list[tuple[int, str]]
    homes: list[Home]
    reason_ended: str
    respite: bool = False
    reviews: list[Review] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """A child protection plan.

    Attributes:
        start: day of the conference that made it.
        end: day on which it ended, which may lie after the last year.
        category: initial category of abuse.
        latest: latest category of abuse.
        changed: day from which the latest category held.
        previous: earlier plans of the child with this authority.
        reviews: days of the review conferences, in order.
    """

    start: int
    end: int
    category: str
    latest: str
    changed: int
    previous: int
    reviews: list[int]


@dataclass(slots=True)
class Need:
    """A time of being a child in need.

    Attributes:
        referral: first day.
        closure: day on which it closed, which may lie after the last year.
        code: primary need.
        enquiry: day of the strategy discussion that began a section 47 enquiry.
        conference: day of the initial conference.
        plan: the plan that followed.
    """

    referral: int
    closure: int
    code: str
    enquiry: int | None = None
    conference: int | None = None
    plan: Plan | None = None

    @property
    def transferred_in(self) -> bool:
        """Whether the plan came from another authority: a conference with no enquiry of ours."""
        return self.conference is not None and self.enquiry is None


@dataclass(slots=True)
class Referral:
    """A referral to advocacy.

    Attributes:
        reference: the provider's number.
        day: day of the referral.
        status: what the child was on that day, in the words of the list.
        source: who made it; blank where the provider did not note it.
        named: whether the provider knows the identifier of the child.
        offered: day of the offer; none where an advocate was not offered.
        answer: accepted or refused; blank without an answer.
        answered: day of the answer.
        instructed: whether the child instructed the advocate; none where no advocate worked.
        issues: what it was about.
        contact: day of the first contact; none where there was none.
        closed: day on which it was closed, which may lie after the last year.
    """

    reference: str
    day: int
    status: str
    source: str
    named: bool
    offered: int | None
    answer: str
    answered: int | None
    instructed: bool | None
    issues: tuple[str, ...]
    contact: int | None
    closed: int

    @property
    def taken_up(self) -> int | None:
        """Day on which advocacy was taken up: accepted, or begun without instruction."""
        if self.answer == "accepted":
            return self.answered
        return self.contact if self.instructed is False else None


@dataclass(slots=True)
class Child:
    """A made-up child.

    Attributes:
        id: the council's identifier.
        family: number of the family; brothers and sisters share it.
        birth: day of birth.
        sex: M or F.
        sex_known: whether returns that know U (unknown) say so.
        ethnicity: code.
        disabilities: codes of the CIN Census; none if not disabled.
        home_post: made-up postcode of the family.
        asylum_until: day on which the status of an unaccompanied asylum-seeking child ceased.
        periods: periods of care, in order.
        needs: times in need, in order of referral.
        referrals: referrals to advocacy, in no order.
    """

    id: str
    family: int
    birth: int
    sex: str
    sex_known: bool
    ethnicity: str
    disabilities: tuple[str, ...]
    home_post: str
    asylum_until: int | None = None
    periods: list[Period] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)

    @property
    def plans(self) -> list[Plan]:
        """The plans, in order."""
        return [need.plan for need in self.needs if need.plan is not None]
