"""The true answers add up, and are right in small lives whose answers can be seen."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

from analysis.synthetic.calendar import working_days
from analysis.synthetic.histories import draw_children
from analysis.synthetic.lives import Absence, Child, Home, Need, Period, Plan, Review
from analysis.synthetic.plans import EXACT_GAPS, EXACT_LENGTHS
from analysis.synthetic.truth import CONVENTIONS, answers, year_of

from .conftest import YEARS


def d(text):
    return date.fromisoformat(text).toordinal()


LATER = d("2040-01-01")


def child(periods=(), needs=(), birth="2015-06-01"):
    return Child("S1", 1, d(birth), "F", True, "WBRI", (), "ZZ1 1AA", None, list(periods), list(needs))


def home(start, end=None, kind="U6", carer=1, **more):
    return Home(d(start), d(end) if end else LATER, kind, carer, "PR1", "ZZ1 1AB", "", **more)


def period(*homes, reviews=(), end=None, respite=False):
    return Period(
        homes[0].start,
        d(end) if end else homes[-1].end,
        "N1",
        [(homes[0].start, "C2")],
        list(homes),
        "E8",
        respite,
        list(reviews),
    )


def plan(start, end=None, previous=0, reviews=()):
    return Plan(d(start), d(end) if end else LATER, "NEG", "NEG", d(start), previous, [d(day) for day in reviews])


def need(item):
    return Need(item.start - 20, item.end, "N1", item.start - 15, item.start, item)


def answered(one, year=2025):
    found = {}
    for name, numerator, denominator in answers(one, year_of(year)):
        sums = found.setdefault(name, [0, 0])
        sums[0] += numerator
        sums[1] += denominator or 0
    return {name: tuple(sums) for name, sums in found.items()}


def test_every_answer_has_a_convention_and_every_convention_an_answer(truth, lives):
    assert {name for _, name in truth} == set(CONVENTIONS)
    assert all(truth[2025, name][0] > 0 for name in CONVENTIONS)


def test_stock_grows_by_what_starts_and_shrinks_by_what_ceases(truth, lives):
    for before, year in pairwise(YEARS):
        first, last = year_of(year).first, year_of(year).last
        periods = [item for one in lives for item in one.periods if not item.respite]
        started = sum(first <= item.start <= last for item in periods)
        ceased = sum(first <= item.end <= last for item in periods)
        assert truth[year, "cla_number"][0] == truth[before, "cla_number"][0] + started - ceased
        assert truth[year, "cla_ceased_number"][0] <= ceased <= started + truth[before, "cla_number"][0]
        assert truth[year, "cla_started_number"][0] <= started
        plans = truth[year, "cp_started_number"][0] - truth[year, "cp_ended_number"][0]
        assert truth[year, "cp_plan_number"][0] == truth[before, "cp_plan_number"][0] + plans


def test_parts_are_parts_of_wholes(truth):
    for year in YEARS:
        number = truth[year, "cla_number"][0]
        parts = [truth[year, f"{name}_placement{'s' if name != 'one' else ''}"] for name in ("one", "two", "three")]
        assert sum(part for part, _ in parts) == number and all(of == number for _, of in parts)
        assert truth[year, "three_placements_same_carer_ignored"][0] <= parts[2][0]
        assert (
            truth[year, "cp_repeat_12_months"][0]
            <= truth[year, "cp_repeat_24_months"][0]
            <= truth[year, "cp_repeat_ever"][0]
        )
        assert truth[year, "cp_started_number"][0] == truth[year, "cp_repeat_ever"][1]
        assert truth[year, "moves_planned"][1] == truth[year, "moves_unplanned"][1]
        for name in CONVENTIONS:
            numerator, denominator = truth[year, name]
            assert denominator is None or numerator <= denominator


def test_it_looks_like_an_authority(truth, lives):
    """About as many start as cease, a median stay of about two years, and a long tail."""
    started = sum(truth[year, "cla_started_number"][0] for year in YEARS)
    ceased = sum(truth[year, "cla_ceased_number"][0] for year in YEARS)
    assert 0.8 < started / ceased < 1.25
    stays = sorted(
        item.end - item.start
        for one in lives
        for item in one.periods
        if not item.respite and item.end <= year_of(2026).last
    )
    assert 500 < stays[len(stays) // 2] < 1000
    assert stays[-1] > 3000


def test_exact_gaps_and_lengths_are_there(lives):
    gaps = Counter(later.start - first.end for one in lives for first, later in pairwise(one.plans))
    assert all(gaps[gap] >= 3 for gap in EXACT_GAPS)
    lengths = Counter(item.end - item.start for one in lives for item in one.plans)
    assert all(lengths[length] >= 2 for length in EXACT_LENGTHS)


def test_conferences_are_held_on_working_days(lives):
    held = [item.conference for one in lives for item in one.needs if item.conference is not None]
    assert len(held) > 300 and set(held) <= set(working_days())


def test_exact_gaps_are_in_the_set_that_is_kept():
    kept = draw_children(120, years=(2023, 2024, 2025), seed=7)
    gaps = Counter(later.start - first.end for one in kept for first, later in pairwise(one.plans))
    assert all(gaps[gap] >= 2 for gap in EXACT_GAPS)


def test_gaps_around_a_year_turn_on_the_calendar():
    for gap, twelve, leap in ((364, 1, 1), (365, 1, 1), (366, 0, 1), (367, 0, 0)):
        for end, wanted in (("2023-03-10", leap), ("2023-05-10", leap)):
            first = plan("2022-10-01", end)
            again = plan(date.fromordinal(first.end + gap).isoformat(), previous=1)
            found = answered(child(needs=[need(first), need(again)]), 2024 if again.start <= d("2024-03-31") else 2025)
            assert found["cp_repeat_12_months"] == (wanted, 1), (gap, end)
        first = plan("2023-10-01", "2024-03-10")
        again = plan(date.fromordinal(first.end + gap).isoformat(), previous=1)
        assert answered(child(needs=[need(first), need(again)]))["cp_repeat_12_months"] == (twelve, 1), gap


def test_two_years_of_a_plan_count_both_days():
    for end, wanted in (("2024-12-29", 0), ("2024-12-30", 1)):
        # 729 and 730 days, the last day counted.
        found = answered(child(needs=[need(plan("2023-01-01", end))]))
        assert found["cp_two_years_ended"] == (wanted, 1)


def test_hospital_stay_and_legal_change_are_no_placement():
    """Case A of the domain paper."""
    stay = home("2024-02-01", absences=[Absence(d("2024-05-10"), d("2024-05-15"), "T1", "ZZ2 2AA")])
    found = answered(child([period(stay)]))
    assert found["one_placement"] == (1, 1) and found["three_placements"] == (0, 1)


def test_two_real_moves_are_three_placements():
    """Case B."""
    homes = (
        home("2020-01-01", "2024-07-01", "U4", reason="CARPL"),
        home("2024-07-01", "2024-10-01", carer=2, reason="CREQB"),
        home("2024-10-01", kind="K2", carer=3),
    )
    found = answered(child([period(*homes)]))
    assert found["three_placements"] == (1, 1) and found["three_placements_same_carer_ignored"] == (1, 1)
    assert found["moves_planned"] == (1, 2) and found["moves_unplanned"] == (1, 2)


def test_a_carers_move_counts_and_can_be_ignored():
    """Case C, with a second move of the carer."""
    homes = (
        home("2020-01-01", "2024-06-01", reason="OTHER"),
        home("2024-06-01", "2024-08-01", same_carer=True, reason="OTHER"),
        home("2024-08-01", same_carer=True),
    )
    found = answered(child([period(*homes)]))
    assert found["three_placements"] == (1, 1) and found["three_placements_same_carer_ignored"] == (0, 1)
    assert found["same_carer_two_years"] == (1, 1)
    assert found["moves_planned"] == (0, 2) and found["moves_unplanned"] == (0, 2)


def test_adoption_by_the_carer_is_no_move_and_by_others_keeps_the_years():
    own = (
        home("2021-01-01", "2024-06-01", reason="PLACE"),
        home("2024-06-01", kind="A5", same_carer=True, same_placement=True),
    )
    found = answered(child([period(*own)]))
    assert found["one_placement"] == (1, 1) and found["same_carer_two_years"] == (1, 1) and "moves_planned" not in found
    other = home("2021-01-01", "2024-06-01", reason="CARPL"), home("2024-06-01", kind="A6", carer=2)
    found = answered(child([period(*other)]))
    assert (
        found["two_placements"] == (1, 1)
        and found["same_carer_two_years"] == (1, 1)
        and found["moves_planned"] == (1, 1)
    )
    moved = home("2021-01-01", "2024-06-01", reason="CARPL"), home("2024-06-01", kind="U4", carer=2)
    assert answered(child([period(*moved)]))["same_carer_two_years"] == (0, 1)


def test_who_began_after_30_september_or_is_16_is_not_asked():
    assert "same_carer_two_years" in answered(child([period(home("2022-09-30"))]))
    assert "same_carer_two_years" not in answered(child([period(home("2022-10-01"))]))
    assert "same_carer_two_years" not in answered(child([period(home("2015-10-01"))], birth="2009-03-31"))
    assert "same_carer_two_years" in answered(child([period(home("2015-10-01"))], birth="2009-04-01"))


def test_the_day_of_ceasing_is_not_a_day_in_care():
    found = answered(child([period(home("2024-05-01", "2025-03-31"))]))
    assert found["cla_ceased_number"] == (1, 0) and "cla_number" not in found
    assert answered(child([period(home("2024-05-01", "2025-04-01"))]))["cla_number"] == (1, 0)


def test_respite_is_in_no_answer():
    assert answered(child([period(home("2024-05-01"), respite=True)])) == {}


def test_a_review_a_day_late_is_late_and_one_not_due_is_not_missed():
    start = home("2024-05-01")
    on_time = Review(d("2024-05-30"), d("2024-05-30"), "PN1")
    late = Review(d("2024-08-30"), d("2024-08-31"), "PN2")
    assert answered(child([period(start, reviews=[on_time])]))["reviews_on_time"] == (1, 1)
    assert answered(child([period(start, reviews=[on_time, late])]))["reviews_on_time"] == (0, 1)
    never = Review(d("2024-05-30"), None, "")
    assert "reviews_on_time" not in answered(child([period(home("2024-05-01", "2024-05-30"), reviews=[never])]))
    assert answered(child([period(start, reviews=[on_time, late])]))["advocate_reviews"] == (1, 2)


def test_reviews_of_plans():
    def found(*reviews, start="2024-06-01"):
        return answered(child(needs=[need(plan(start, reviews=reviews))])).get("cp_reviews_in_timescale")

    assert found("2024-09-01", "2025-03-01") == (1, 1)
    assert found("2024-09-02", "2025-03-01") == (0, 1)
    assert found("2024-08-01") == (0, 1)
    # Of three months, which are 91 days, or more; the first review of the older plan was due on 30 March.
    assert found(start="2024-12-31") is None
    assert found(start="2024-12-30") == (0, 1)


def test_fifteen_working_days_exclude_the_bank_holidays():
    # From Friday 20 December 2024 fifteen working days, without Christmas, Boxing Day and New Year's Day, end on 15 January.
    for conference, wanted in (("2025-01-15", 1), ("2025-01-16", 0)):
        one = Need(d("2024-12-19"), LATER, "N1", d("2024-12-20"), d(conference))
        assert answered(child(needs=[one]))["icpc_in_timescale"] == (wanted, 1)
    assert "icpc_in_timescale" not in answered(child(needs=[Need(d("2024-12-19"), LATER, "N1", None, d("2025-01-15"))]))
