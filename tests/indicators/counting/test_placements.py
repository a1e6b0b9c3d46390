"""Placements: the worked cases on which public tools disagree, a day either side of every limit, and laws."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns_made_up import in_care

from analysis.indicators.counting.engine import count, prepare

#: Three children of the year that ended on 31 March 2025, as three public tools count them differently.
HOSPITAL = [
    ("a", "2024-02-01", "S", "U6", "HOME", "2024-05-10", "X1"),
    ("a", "2024-05-10", "P", "T1", "WARD", "2024-05-15", "X1"),
    ("a", "2024-05-15", "P", "U6", "HOME", "2024-09-01", "X1"),
    ("a", "2024-09-01", "L", "U6", "HOME", "", ""),
]
TWO_MOVES = [
    ("b", "2020-05-01", "S", "U4", "ONE", "2024-01-01", "X1"),
    ("b", "2024-01-01", "L", "U4", "ONE", "2024-07-01", "X1"),
    ("b", "2024-07-01", "P", "U6", "TWO", "2024-10-01", "X1"),
    ("b", "2024-10-01", "P", "K2", "THREE", "", ""),
]
CARER_MOVES = [("c", "2020-05-01", "S", "U4", "ONE", "2024-06-01", "X1"), ("c", "2024-06-01", "T", "U4", "TWO", "", "")]


def placements(told, *, years=(2025,), **switches):
    con = in_care(told)
    prepare(con, years=years, switches=switches)
    rows = con.execute("SELECT child, placements FROM stock WHERE year = ?", [max(years)]).fetchall()
    return dict(rows)


@pytest.mark.parametrize(
    ("told", "switches", "found"),
    [
        (HOSPITAL, {}, 1), (HOSPITAL, {"temps": "count"}, 3),
        (TWO_MOVES, {}, 3), (TWO_MOVES, {"same_carer_moves": "ignore"}, 3),
        (CARER_MOVES, {}, 2), (CARER_MOVES, {"same_carer_moves": "ignore"}, 1),
    ],
)  # fmt: skip
def test_the_cases_on_which_public_tools_disagree(told, switches, found):
    assert list(placements(told, **switches).values()) == [found]


@pytest.mark.parametrize(
    ("moved", "found"), [("2024-04-01", 1), ("2024-04-02", 2), ("2025-03-31", 2), ("2025-04-01", 1)]
)
def test_a_day_either_side_of_the_year(moved, found):
    """A child is where the day ends: who moves on 1 April is in one home all year, who moves a day later was in two."""
    told = [("a", "2020-01-01", "S", "U4", "ONE", moved, "X1"), ("a", moved, "P", "U4", "TWO", "", "")]
    assert placements(told) == {"a": found}


def test_adoption_by_the_foster_carers_is_no_change_and_by_others_is():
    for place, found in (("A3", 1), ("A5", 1), ("A4", 2), ("A6", 2)):
        told = [
            ("a", "2020-01-01", "S", "U4", "ONE", "2024-08-01", "X1"),
            ("a", "2024-08-01", "P", place, "ONE", "", ""),
        ]
        assert placements(told) == {"a": found}, place


def test_who_returns_elsewhere_after_a_temporary_stay_has_moved():
    told = [HOSPITAL[0], HOSPITAL[1], ("a", "2024-05-15", "P", "U6", "ELSEWHERE", "", "")]
    assert placements(told) == {"a": 2}


def test_short_breaks_are_in_no_count():
    con = in_care(HOSPITAL, legal="V4")
    prepare(con, years=[2025])
    assert count(con, rules=["cla_number"]).empty


@pytest.mark.parametrize(("ended", "there"), [("2025-03-31", False), ("2025-04-01", True), ("", True)])
def test_in_care_on_31_march_is_in_care_when_the_day_ends(ended, there):
    assert bool(placements([("a", "2020-01-01", "S", "U4", "ONE", ended, "E4A" if ended else "")])) is there


@pytest.mark.parametrize(("started", "found"), [("2023-03-31", 1), ("2023-04-01", 0)])
def test_two_years_with_one_carer_begin_on_31_march(started, found):
    told = [("a", "2020-01-01", "S", "U4", "ONE", started, "X1"), ("a", started, "P", "U4", "TWO", "", "")]
    con = in_care(told)
    prepare(con, years=[2025])
    row = count(con, rules=["cla_same_placement"]).query("topic == 'Total'").iloc[0]
    assert (row["numerator"], row["denominator"]) == (found, 1)


@pytest.mark.parametrize(("started", "birth", "found"), [("2022-09-30", "2015-01-01", 1), ("2022-10-01", "2015-01-01", 0), ("2022-09-30", "2009-03-31", 0), ("2022-09-30", "2009-04-01", 1)])  # fmt: skip
def test_two_and_a_half_years_in_care_and_under_16(started, birth, found):
    con = in_care([("a", started, "S", "U4", "ONE", "", "")], births={"a": birth})
    prepare(con, years=[2025])
    rows = count(con, rules=["cla_same_placement"]).query("topic == 'Total'")
    # Of nobody there is no share, and no row.
    assert rows["denominator"].tolist() == [found] * found


@pytest.mark.parametrize(
    ("place", "post", "found"),
    [
        ("A6", "THREE", 1),  # with somebody new: the stay before counts as well, and together they last from 2022
        ("A5", "TWO", 0),  # with the foster carers of last year: that stay is the placement before
    ],
)
def test_who_is_placed_for_adoption_brings_the_placement_before(place, post, found):
    told = [
        ("a", "2020-01-01", "S", "U6", "ONE", "2022-06-01", "X1"),
        ("a", "2022-06-01", "P", "U6", "ZERO", "2024-02-01", "X1"),
        ("a", "2024-02-01", "P", "U6", "TWO", "2024-09-01", "X1"),
        ("a", "2024-09-01", "T" if post == "TWO" else "P", place, post, "", ""),
    ]
    if found:
        told[1:3] = [("a", "2022-06-01", "P", "U6", "ZERO", "2024-09-01", "X1")]
    con = in_care(told)
    prepare(con, years=[2025])
    row = count(con, rules=["cla_same_placement"]).query("topic == 'Total'").iloc[0]
    assert (row["numerator"], row["denominator"]) == (found, 1)


def test_fostering_for_adoption_begins_a_new_stay():
    told = [("a", "2020-01-01", "S", "U6", "ONE", "2024-06-01", "X1"), ("a", "2024-06-01", "U", "U5", "ONE", "", "")]
    con = in_care(told)
    prepare(con, years=[2025])
    assert con.execute("SELECT stay_started FROM stock").fetchone() == (date(2024, 6, 1),)


def test_three_placements_over_two_years():
    told = [
        ("a", "2023-01-01", "S", "U4", "ONE", "2023-08-01", "X1"), ("a", "2023-08-01", "P", "U4", "TWO", "2024-08-01", "X1"),
        ("a", "2024-08-01", "P", "U4", "THREE", "", ""),
    ]  # fmt: skip
    con = in_care(told)
    prepare(con, years=[2025])
    found = count(con, rules=["cla_three_placements", "cla_three_placements_two_years"]).query("topic == 'Total'")
    assert found.set_index("rule")["numerator"].to_dict() == {
        "cla_three_placements": 0,
        "cla_three_placements_two_years": 1,
    }


# Laws, for lives of any shape.


@st.composite
def lives(draw):
    """Children with a few spells each, of any length, one after another or with gaps."""
    told = []
    for child in range(draw(st.integers(1, 4))):
        start = date(2022, 1, 1) + timedelta(days=draw(st.integers(0, 600)))
        for turn in range(draw(st.integers(1, 5))):
            end = start + timedelta(days=draw(st.integers(2, 400)))
            is_last = draw(st.booleans())
            reason = "S" if turn == 0 else draw(st.sampled_from(["P", "L", "T", "B", "U"]))
            place = draw(st.sampled_from(["U4", "U6", "K2", "A3", "T1", "P1"]))
            post = draw(st.sampled_from(["ONE", "TWO", "THREE"]))
            told.append(
                (
                    f"child{child}",
                    start.isoformat(),
                    reason,
                    place,
                    post,
                    "" if is_last else end.isoformat(),
                    "" if is_last else "X1",
                )
            )
            if is_last:
                break
            start = end
    return told


def counted(told, **switches):
    con = in_care(told)
    prepare(con, years=[2023, 2024, 2025], switches=switches)
    return count(con)


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.reset_index(drop=True).equals(other.reset_index(drop=True))


@settings(max_examples=12, deadline=None)
@given(lives(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(told, random):
    mixed = list(told)
    random.shuffle(mixed)
    assert same(counted(told), counted(mixed))


@settings(max_examples=12, deadline=None)
@given(lives(), st.data())
def test_a_change_of_legal_status_changes_no_placement(told, data):
    at = data.draw(st.integers(0, len(told) - 1))
    child, start, reason, place, post, end, why = told[at]
    last = date.fromisoformat(end) if end else date(2025, 6, 1)
    first = date.fromisoformat(start)
    if (last - first).days < 2:
        return
    middle = (first + timedelta(days=data.draw(st.integers(1, (last - first).days - 1)))).isoformat()
    split = [
        *told[:at],
        (child, start, reason, place, post, middle, "X1"),
        (child, middle, "L", place, post, end, why),
        *told[at + 1 :],
    ]
    rules = ["cla_three_placements", "cla_three_placements_two_years", "cla_same_placement", "cla_number"]
    one, other = counted(told), counted(split)
    assert same(one[one["rule"].isin(rules)], other[other["rule"].isin(rules)])


@settings(max_examples=12, deadline=None)
@given(lives())
def test_removing_a_child_removes_exactly_that_child(told):
    gone = told[0][0]
    rest = [item for item in told if item[0] != gone]
    alone = [item for item in told if item[0] == gone]
    if not rest:
        return
    columns = ["numerator", "denominator", "value"]
    keys = ["rule", "year", "topic", "name"]
    everybody = counted(told).set_index(keys)[columns]
    parts = pd.concat([counted(rest), counted(alone)]).groupby(keys)[columns].sum(min_count=1)
    pd.testing.assert_frame_equal(everybody.sort_index(), parts.sort_index(), check_dtype=False, check_index_type=False)


@settings(max_examples=10, deadline=None)
@given(lives())
def test_counting_twice_gives_the_same(told):
    assert same(counted(told), counted(told))


def test_a_child_whose_carer_is_not_known_is_in_no_numerator_and_is_no_gap():
    """All that the return has of the child is a temporary stay: there is a share of none, not a missing one."""
    con = in_care([("a", "2020-01-01", "S", "T1", "ONE", "", "")])
    prepare(con, years=[2025])
    row = count(con, rules=["cla_same_placement"]).query("topic == 'Total'").iloc[0]
    assert (row["numerator"], row["denominator"]) == (0, 1)
