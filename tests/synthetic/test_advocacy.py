"""Made-up referrals agree with the lives they belong to, with the returns beside them, and with their answers."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, datetime

import pytest

from analysis.sources.returns.bank_holidays import load_bank_holidays
from analysis.sources.returns.referrals import read_referrals
from analysis.synthetic.advocacy import ReferralDrawing
from analysis.synthetic.advocacy_truth import ADVOCACY_CONVENTIONS, AdvocacyTruth, answers
from analysis.synthetic.histories import draw_children
from analysis.synthetic.lives import Child, Home, Period, Referral
from analysis.synthetic.truth import year_of

from .conftest import SEED, YEARS

FIRST, LAST = year_of(YEARS[0]).first, year_of(YEARS[-1]).last


def d(text):
    return date.fromisoformat(text).toordinal()


@pytest.fixture(scope="module")
def with_referrals(lives):
    """The same children, each with its referrals, drawn as they are drawn for a folder."""
    drawing = ReferralDrawing(SEED, YEARS)
    return [(child, drawing.draw(child)) for child in lives]


def test_the_lives_are_those_without_referrals():
    """Referrals have chances of their own: the other files of an order are what they were before there were any."""

    def told(*, referred):
        drawing, found = ReferralDrawing(5, (2024, 2025)), hashlib.sha256()
        for child in draw_children(80, years=(2024, 2025), seed=5):
            if referred:
                drawing.draw(child)
            found.update(repr(child).encode())
        return found.hexdigest()

    assert told(referred=True) == told(referred=False)


def test_each_referral_is_in_order(with_referrals):
    holidays, numbers = set(load_bank_holidays()), set()
    for _, items in with_referrals:
        for item in items:
            numbers.add(item.reference)
            assert item.closed >= max(item.day, item.offered or 0, item.answered or 0, item.contact or 0)
            assert item.offered is None or item.offered >= item.day
            assert (item.answered is None) == (item.answer == "")
            assert item.answered is None or (item.offered is not None and item.answered >= item.offered)
            assert (item.contact is None) == (item.instructed is None) and (item.instructed is True) == (
                item.answer == "accepted"
            )
            if item.contact is not None:
                day = date.fromordinal(item.contact)
                assert item.contact >= item.day and day.weekday() < 5 and day not in holidays
    assert len(numbers) == sum(len(items) for _, items in with_referrals) > 500


def test_each_referral_is_of_what_the_child_was_on_the_day(with_referrals):
    statuses = {"in care": 0, "care leaver": 0, "child protection plan": 0}
    for child, items in with_referrals:
        for item in items:
            statuses[item.status] += 1
            care = [one for one in child.periods if not one.respite]
            in_care = any(one.start <= item.day < one.end for one in care)
            assert in_care == (item.status == "in care")
            assert item.status != "care leaver" or any(one.end <= item.day for one in care)
            assert item.status != "child protection plan" or any(one.start <= item.day for one in child.plans)
            assert item.named or item.status == "child protection plan"
    assert min(statuses.values()) > 20


def test_the_variety_that_was_asked_for_is_there(with_referrals):
    items = [item for _, items in with_referrals for item in items]
    assert {item.answer for item in items} == {"accepted", "refused", ""} and {item.named for item in items} == {
        True,
        False,
    }
    assert {item.instructed for item in items} == {True, False, None} and {len(item.issues) for item in items} >= {
        1,
        2,
        3,
    }
    assert any(item.offered is None and item.instructed is None for item in items) and any(
        item.source == "" for item in items
    )
    ends = {year_of(year).last for year in YEARS}
    across = [item for item in items if item.offered in ends and item.answered is not None]
    assert len(across) > 5 and all(
        item.answered == item.offered + 1 for item in across if item.answered > item.offered + 14
    )
    several = [items for _, items in with_referrals if len(items) > 2]
    assert len(several) > 20


def test_a_list_holds_what_was_open_in_its_year_and_nothing_later(made, with_referrals):
    expected = {item.reference: item for _, items in with_referrals for item in items}
    for number in YEARS:
        year = year_of(number)
        with (made / str(number) / "advocacy_referrals.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        held = {item.reference for item in expected.values() if item.day <= year.last and item.closed >= year.first}
        assert [row["REFERENCE"] for row in rows] == sorted(held)
        for row in rows:
            days = {
                name: datetime.strptime(row[name], "%d/%m/%Y").toordinal()
                for name in row
                if name.endswith("_DATE") and row[name]
            }
            assert max(days.values()) <= year.last
            item = expected[row["REFERENCE"]]
            known = {"REFERRAL_DATE": item.day, "OFFER_DATE": item.offered, "ANSWER_DATE": item.answered,
                     "FIRST_CONTACT_DATE": item.contact, "CLOSED_DATE": item.closed}  # fmt: skip
            assert days == {name: day for name, day in known.items() if day is not None and day <= year.last}
            assert (row["ANSWER"] in ("accepted", "refused")) == ("ANSWER_DATE" in days)


def test_nothing_is_wrong_with_a_made_up_list_but_children_without_identifier(made):
    for year in YEARS:
        found = read_referrals(made / str(year) / "advocacy_referrals.csv")
        assert {problem.rule for problem in found.problems} == {"no child"}


def test_a_child_is_the_same_in_the_list_and_in_the_return(made, read_rows):
    year = 2025
    header = {row["CHILD"]: row for row in read_rows(year, "header")}
    both = [row for row in read_rows(year, "advocacy_referrals") if row["CHILD"] in header]
    assert len(both) > 100
    for row in both:
        own = header[row["CHILD"]]
        born, day = (datetime.strptime(text, "%d/%m/%Y") for text in (own["DOB"], row["REFERRAL_DATE"]))
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        leap = (born.month, born.day) == (2, 29)
        assert row["AGE"] == str(age) or leap
        assert (row["SEX"], row["ETHNIC"]) == (own["SEX"], own["ETHNIC"])


def test_every_answer_has_a_convention_and_every_convention_an_answer(made):
    with (made / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"].startswith("advocacy_")]
    for year in YEARS:
        names = {row["indicator"] for row in rows if row["year"] == str(year) and int(row["numerator"])}
        assert names == set(ADVOCACY_CONVENTIONS)
    assert all(not row["denominator"] or int(row["numerator"]) <= int(row["denominator"]) for row in rows)
    readme = (made / "README.md").read_text(encoding="utf-8")
    assert all(f"* `{name}`: {text}" in readme for name, text in ADVOCACY_CONVENTIONS.items())


def test_stays_and_offers_add_up_over_the_years(with_referrals):
    """Each referral is made, offered, answered and begun once, in whatever years."""
    truth = AdvocacyTruth(YEARS)
    for child, items in with_referrals:
        child.referrals = items
        truth.add(child)
        child.referrals = []
    rows = [row for row in truth.rows() if row[1] == "advocacy_referral_number" and row[2] == "Total"]
    made = [item for _, items in with_referrals for item in items if FIRST <= item.day <= LAST]
    assert sum(int(row[3]) for row in rows) == len(made)
    begun = [item for _, items in with_referrals for item in items if item.taken_up and FIRST <= item.taken_up <= LAST]
    rows = [row for row in truth.rows() if row[1] == "advocacy_instructed_share"]
    assert sum(int(row[4]) for row in rows) == len(begun)


# Answers in small lives that can be seen.


def child(*referrals, start="2020-05-01", end="2040-01-01", birth="2015-06-01"):
    home = Home(d(start), d(end), "U6", 1, "PR1", "ZZ1 1AB", "")
    care = Period(d(start), d(end), "N1", [(d(start), "C2")], [home], "E8")
    return Child("S1", 1, d(birth), "F", True, "WBRI", (), "ZZ1 1AA", None, [care], [], list(referrals))


def referral(
    day, *, offered=None, answer="", answered=None, instructed=None, contact=None, closed="2040-01-01", named=True
):
    days = [d(text) if text else None for text in (offered, answered, contact)]
    return Referral("R1", d(day), "in care", "Health", named, days[0], answer, days[1], instructed, ("Legal",), days[2], d(closed))  # fmt: skip


def totals(one, year=2025):
    found = {}
    for name, group, numerator, denominator in answers(one, year_of(year)):
        if group == "Total":
            sums = found.setdefault(name, [0, 0])
            sums[0] += numerator
            sums[1] += denominator
    return {name: tuple(sums) for name, sums in found.items()}


def test_an_offer_of_31_march_and_an_answer_of_1_april_are_of_two_years():
    one = child(
        referral(
            "2024-03-20",
            offered="2024-03-31",
            answer="accepted",
            answered="2024-04-01",
            instructed=True,
            contact="2024-04-03",
        )
    )
    before, after = totals(one, 2024), totals(one, 2025)
    assert (before["advocacy_offered_share"], before["advocacy_uptake_share"]) == ((1, 1), (0, 1))
    assert (after["advocacy_offered_share"], after["advocacy_uptake_share"]) == ((0, 1), (1, 1))
    assert "advocacy_referral_number" not in after and before["advocacy_referral_number"] == (1, 0)


def test_a_child_counts_once_and_an_acceptance_outweighs_a_refusal():
    first = referral("2024-05-01", offered="2024-05-02", answer="refused", answered="2024-05-03")
    second = referral(
        "2024-07-01",
        offered="2024-07-02",
        answer="accepted",
        answered="2024-07-03",
        instructed=True,
        contact="2024-07-09",
    )
    assert totals(child(first))["advocacy_refused_share"] == (1, 1)
    found = totals(child(first, second, second))
    assert found["advocacy_offered_share"] == (1, 1) and found["advocacy_refused_share"] == (0, 1)
    assert found["advocacy_accepted_share"] == (1, 1) and found["advocacy_issues"] == (2, 0)


@pytest.mark.parametrize(("end", "there"), [("2024-04-01", False), ("2024-04-02", True)])
def test_the_day_on_which_care_ended_is_no_day_in_care(end, there):
    one = child(referral("2024-05-01", offered="2024-05-02"), end=end)
    assert totals(one).get("advocacy_offered_share") == ((1, 1) if there else None)


def test_whom_the_list_does_not_name_is_in_no_count_of_children():
    one = child(referral("2024-05-01", instructed=False, contact="2024-05-10", named=False))
    assert totals(one)["advocacy_uptake_share"] == (0, 1) and totals(one)["advocacy_instructed_share"] == (0, 1)
    assert not [name for name, *_ in answers(one, year_of(2025)) if name == "advocacy_share"]


def test_an_advocate_works_until_the_referral_is_closed():
    def years(closed):
        one = child(referral("2023-05-01", instructed=False, contact="2023-05-10", closed=closed))
        return [
            year
            for year in (2023, 2024, 2025)
            if any(name == "advocacy_share" for name, *_ in answers(one, year_of(year)))
        ]

    assert [years(day) for day in ("2024-03-31", "2024-04-01", "2040-01-01")] == [[2024], [2024, 2025], [2024, 2025]]


def test_waits_are_counted_in_working_days():
    # From Friday 20 December 2024 the fifth working day is 31 December, the sixth 2 January.
    for contact, wait in (
        ("2024-12-20", "5 or fewer"),
        ("2024-12-31", "5 or fewer"),
        ("2025-01-02", "6 to 10"),
        ("2025-01-23", "21 or more"),
    ):
        one = child(referral("2024-12-20", instructed=False, contact=contact))
        groups = [group for name, group, *_ in answers(one, year_of(2025)) if name == "advocacy_contact_waits"]
        assert groups == [f"Working days to first contact: {wait}"]
