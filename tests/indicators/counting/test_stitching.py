"""Returns of several years as councils send them: days corrected, rows withdrawn, a return missing, records that overlap."""

import pytest
from returns_made_up import day, episode, opened

from analysis.indicators.counting.checks import check_records
from analysis.indicators.counting.engine import count, prepare

YEARS = (2022, 2023, 2024, 2025)
CAME = ("x", "2022-05-01", "S", "U4", "HO1")
MOVED = ("x", "2024-02-05", "P", "U4", "HO2")
OPEN = ("", "")


def care(returns, years=YEARS, **values):
    """What one child adds to the counts of each year; beside it each return has another child, who came and left in it."""
    rows = []
    for year, told in returns.items():
        other = (f"other {year}", f"{year - 1}-06-01", "S", "U4", "X", f"{year - 1}-07-01", "E4A")
        rows += [episode(item, row=2 + at, file=f"{year}.csv") for at, item in enumerate([other, *told])]
        for row in rows:
            row.update(values.get(f"{row['child']} {row['started']}", {}))
    con = opened({"episodes": rows, "header": [header("x"), *(header(f"other {year}") for year in returns)]})
    prepare(con, years=years)
    return con


def header(child):
    return {"child": child, "sex": "1", "birth": day("2014-06-01"), "ethnicity": "WBRI", "file": "header.csv", "row": 2}


def numbers(con, rule, others=0):
    found = count(con, rules=[rule]).query("topic == 'Total'")
    values = found["value"].fillna(found["numerator"]).astype(int) - others
    return {year: value for year, value in zip(found["year"], values, strict=True) if value}


def in_care(con):
    return numbers(con, "cla_number")


def came(con):
    return numbers(con, "cla_started_number", others=1)


def left(con):
    return numbers(con, "cla_ceased_number", others=1)


def problems(con):
    return {(item.file, item.rule) for item in check_records(con)}


def test_who_is_in_no_later_return_was_in_care_when_its_own_ended_and_left_on_no_known_day():
    con = care({2024: [(*CAME, *OPEN)], 2025: []})
    assert (in_care(con), left(con)) == ({2024: 1}, {})
    assert ("2024.csv", "repaired") in problems(con)


def test_a_return_that_is_missing_makes_nobody_leave():
    con = care({2023: [(*CAME, *OPEN)], 2025: []})
    assert (in_care(con), left(con)) == ({2023: 1}, {})


def test_who_is_open_and_comes_anew_in_a_later_return_left_on_no_known_day():
    con = care({2024: [(*CAME, *OPEN)], 2025: [("x", "2024-09-01", "S", "U4", "HO2", *OPEN)]})
    assert (in_care(con), left(con), came(con)) == ({2024: 1, 2025: 1}, {}, {2025: 1})


@pytest.mark.parametrize(
    "newest",
    [
        [("x", "2024-02-01", "P", "U4", "HO2", *OPEN)],  # the day corrected to an earlier one
        [("x", "2024-02-09", "P", "U4", "HO2", *OPEN)],  # or to a later one
        [(*CAME, *OPEN)],  # the move withdrawn
    ],
)
def test_a_day_that_a_later_return_corrects_makes_no_child_leave_and_no_placement(newest):
    con = care({2024: [(*CAME, "2024-02-05", "X1"), (*MOVED, *OPEN)], 2025: newest})
    assert (in_care(con), left(con)) == ({2024: 1, 2025: 1}, {})
    placements = con.execute("SELECT placements FROM stock WHERE year = 2024").fetchone()
    assert placements == (1 if newest[0][2] == "S" else 2,)
    assert ("2024.csv", "withdrawn") in problems(con)


def test_a_start_that_a_later_return_corrects():
    con = care(
        {2024: [("x", "2023-06-01", "S", "U4", "HO1", *OPEN)], 2025: [("x", "2023-06-03", "S", "U4", "HO1", *OPEN)]}
    )
    assert (in_care(con), came(con)) == ({2024: 1, 2025: 1}, {2024: 1})
    assert con.execute("SELECT started FROM periods WHERE child = 'x'").fetchall() == [(day("2023-06-03"),)]


def test_a_legal_status_that_a_later_return_corrects_to_short_breaks():
    first, later = (
        ("x", "2024-01-10", "S", "U4", "HO1", *OPEN),
        ("x", "2024-01-10", "S", "U4", "HO1", "2024-07-01", "E8"),
    )
    rows = [episode(first, row=3, file="2024.csv", legal="V2"), episode(later, row=3, file="2025.csv", legal="V4")]
    for year in (2024, 2025):
        rows.append(
            episode(
                (f"o{year}", f"{year - 1}-06-01", "S", "U4", "X", f"{year - 1}-07-01", "E4A"), row=2, file=f"{year}.csv"
            )
        )
    con = opened({"episodes": rows, "header": []})
    prepare(con, years=[2024, 2025])
    assert (in_care(con), came(con), left(con)) == ({}, {}, {})


def test_what_overlaps_and_goes_on_is_no_leaving_and_no_coming():
    told = [
        ("x", "2020-01-01", "S", "U6", "HO1", "2025-01-10", "E4A"),
        ("x", "2024-06-01", "L", "U6", "HO1", "2025-01-10", "E4A"),
    ]
    con = care({2025: told})
    assert (came(con), left(con)) == ({}, {2025: 1})
    assert con.execute("SELECT count(*) FROM periods WHERE child = 'x'").fetchone() == (1,)


def short_breaks(*told):
    """Spells of one child, each with its legal status, in a return of 2025 and two before."""
    rows = [episode(item, row=3 + at, file="2025.csv", legal=legal) for at, (legal, item) in enumerate(told)]
    for year in (2023, 2024, 2025):
        rows.append(
            episode(
                (f"o{year}", f"{year - 1}-06-01", "S", "U4", "X", f"{year - 1}-07-01", "E4A"), row=2, file=f"{year}.csv"
            )
        )
    con = opened({"episodes": rows, "header": [header("x")]})
    prepare(con, years=[2023, 2024, 2025])
    return con


def test_a_series_of_short_breaks_between_two_spells_is_not_filled_in():
    con = short_breaks(
        ("V2", ("x", "2023-01-01", "S", "U4", "HO1", "2024-02-01", "X1")),
        ("V4", ("x", "2024-02-01", "L", "U4", "HO1", "2024-06-01", "X1")),
        ("V2", ("x", "2024-06-01", "L", "U4", "HO1", *OPEN)),
    )
    assert in_care(con) == {2023: 1, 2025: 1}
    assert problems(con) & {("2025.csv", "repaired")} == set()


@pytest.mark.parametrize(("legal", "found"), [("V4", []), ("V2", [1])])
def test_who_came_from_a_series_of_short_breaks_is_not_looked_after_continuously(legal, found):
    con = short_breaks(
        (legal, ("x", "2021-05-01", "S", "U4", "HO1", "2022-06-01", "X1")),
        ("V2", ("x", "2022-06-01", "L", "U4", "HO1", *OPEN)),
    )
    rows = count(con, rules=["cla_same_placement"]).query("topic == 'Total' and year == 2025")
    assert rows["denominator"].tolist() == found


# Temporary stays


def test_who_is_away_on_31_march_is_still_placed_for_adoption():
    told = [
        ("x", "2020-01-01", "S", "U4", "HO1", "2024-06-01", "X1"), ("x", "2024-06-01", "P", "A6", "HO2", "2025-03-20", "X1"),
        ("x", "2025-03-20", "P", "T1", "WARD", *OPEN),
    ]  # fmt: skip
    con = care({2023: [], 2024: [], 2025: told})
    row = count(con, rules=["cla_same_placement"]).query("topic == 'Total' and year == 2025").iloc[0]
    assert (row["numerator"], row["denominator"]) == (1, 1)


def test_a_home_to_which_a_child_did_not_come_back_lasted_until_it_moved():
    """Away from 25 March to 20 April, then to another home: on 1 April the first home was its placement, and the move is of April."""
    told = [
        ("x", "2023-01-01", "S", "U4", "HO1", "2024-03-25", "X1"), ("x", "2024-03-25", "P", "T1", "WARD", "2024-04-20", "X1"),
        ("x", "2024-04-20", "P", "U4", "HO2", "2024-08-01", "X1"), ("x", "2024-08-01", "P", "U4", "HO3", *OPEN),
    ]  # fmt: skip
    con = care({2025: told})
    assert con.execute("SELECT placements FROM stock WHERE year = 2025 AND child = 'x'").fetchone() == (3,)
    assert numbers(con, "moves_planned") == {2025: 2}


@pytest.mark.parametrize(("place", "found"), [("A5", 1), ("A4", 2)])
def test_the_order_that_follows_on_adoption_by_the_carers_is_no_move(place, found):
    told = [("x", "2024-01-01", "S", "A3", "HO1", "2024-08-01", "X1"), ("x", "2024-08-01", "U", place, "HO1", *OPEN)]
    con = care({2025: told})
    assert con.execute("SELECT placements FROM stock WHERE year = 2025 AND child = 'x'").fetchone() == (found,)


# Who comes twice


def test_who_comes_and_leaves_twice_in_a_year_is_in_one_group():
    told = [
        ("x", "2024-05-01", "S", "U4", "HO1", "2024-05-20", "E8"), ("x", "2024-09-01", "S", "K2", "HO2", "2024-10-01", "E8"),
    ]  # fmt: skip
    con = care({2025: told})
    for rule, place in (
        ("cla_started_number", "Foster placement"),
        ("cla_ceased_number", "Secure homes and children's homes"),
    ):
        rows = count(con, rules=[rule]).query("topic == 'Placement'").set_index("name")["value"]
        others = {"Foster placement": 1}
        assert {name: value - others.get(name, 0) for name, value in rows.items() if value > others.get(name, 0)} == {
            place: 1
        }


# Plans


def plans(censuses):
    """Plans of one child; beside it each census has another child, whose plan began and ended in it."""
    rows = []
    for year, told in censuses.items():
        other = (f"other {year}", f"{year - 1}-06-01", f"{year - 1}-07-01", 0)
        rows += [
            {
                "child": child,
                "started": day(started),
                "ended": day(ended),
                "previous": before,
                "file": f"{year}.xml",
                "row": at,
            }
            for at, (child, started, ended, before) in enumerate([other, *(("x", *plan) for plan in told)])
        ]
    con = opened({"plans": rows})
    prepare(con, years=YEARS)
    return con


@pytest.mark.parametrize("later", [(2025,), (2024, 2025)])
def test_a_plan_in_no_later_census_is_open_to_the_end_of_its_own(later):
    con = plans({2023: [("2022-11-01", "", 0)], **{year: [] for year in later}})
    assert numbers(con, "cp_plan_number") == {2023: 1}
    assert numbers(con, "cp_plans_two_years_open") == {}
    assert numbers(con, "cp_ended_number", others=1) == {}
    assert ("2023.xml", "repaired") in problems(con)


@pytest.mark.parametrize("start", ["2023-11-03", "2023-10-30"])
@pytest.mark.parametrize("end", ["", "2024-08-01"])
def test_a_start_of_a_plan_that_a_later_census_corrects_is_one_plan(start, end):
    con = plans({2024: [("2023-11-01", "", 0)], 2025: [(start, end, 0)]})
    assert numbers(con, "cp_started_number", others=1) == {2024: 1}
    assert numbers(con, "cp_plan_number") == {2024: 1, **({} if end else {2025: 1})}
    assert numbers(con, "cp_repeat_plans") == {}
    assert ("2024.xml", "withdrawn") in problems(con)


def test_a_plan_whose_end_was_never_sent_is_one_before_and_not_open_beside_the_next():
    con = plans({2024: [("2023-05-03", "", 0)], 2025: [("2024-12-01", "", 1)]})
    rows = count(con, rules=["cp_plans_two_years_open"]).query("topic == 'Total' and year == 2025")
    assert rows["denominator"].tolist() == [1]
    assert numbers(con, "cp_repeat_plans") == {2025: 1}


# Which years a return is of


def test_one_wrong_day_makes_no_years_in_a_small_council():
    told = [(f"c{at}", f"20{16 + at % 9}-05-01", "S", "U4", "HO1", *OPEN) for at in range(20)]
    told += [(f"d{at}", "2024-05-01", "S", "U4", "HO1", "2024-09-01", "E4A") for at in range(17)]
    told += [("slip", "2014-05-01", "S", "U4", "HO1", "2015-01-10", "E4A")]
    con = opened({"episodes": [episode(item, row=at) for at, item in enumerate(told)]})
    prepare(con, years=range(2015, 2026))
    assert set(in_care(con)) == {2025}


def test_all_records_that_are_left_out_are_counted_though_a_hundred_are_listed():
    told = [(f"c{at}", "2024-05-01", "S", "U4", "HO1", *OPEN) for at in range(30)]
    blank = [episode((f"b{at}", "", "S", "U4", "HO1", *OPEN), row=100 + at) for at in range(700)]
    con = opened({"episodes": [*(episode(item, row=at) for at, item in enumerate(told)), *blank]})
    prepare(con, years=[2025])
    found = [item for item in check_records(con) if item.rule == "start"]
    assert (len(found), sum(item.records for item in found)) == (101, 700)


def test_who_moved_on_the_first_day_of_the_next_return_leaves_on_the_day_that_it_gives():
    """The older return has the first home open; the newer one begins with the second, on 1 April, and has the end of care."""
    told = {2024: [(*CAME, *OPEN)], 2025: [("x", "2024-04-01", "P", "U4", "HO2", "2024-09-01", "E4A")]}
    con = care(told)
    assert (in_care(con), left(con)) == ({2024: 1}, {2025: 1})


def test_a_gap_after_a_plan_that_ended_on_no_known_day_is_not_a_plan_outside_the_returns():
    con = plans({2022: [], 2023: [], 2024: [("2023-05-03", "", 0)], 2025: [("2024-12-01", "", 1)]})
    rows = count(con, rules=["cp_repeat_gaps"]).query("year == 2025")
    assert rows["name"].tolist() == ["End of the plan before not known"]
