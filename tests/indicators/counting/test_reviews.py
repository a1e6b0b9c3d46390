"""Reviews of children in care, and plans and their reviews and conferences: a day either side of every limit."""

from datetime import date

import pytest
from returns_made_up import day, episode, opened

from analysis.indicators.counting.engine import count, prepare
from analysis.sources.returns.bank_holidays import load_bank_holidays

#: In care from Monday 3 June 2024: 20 working days later is Monday 1 July.
CARE = ("a", "2024-06-03", "S", "U4", "ONE", "", "")
CARE_OF_LONG = ("a", "2020-06-01", "S", "U4", "ONE", "", "")
#: Reviews of the years before by which the file is known to have a past.
PAST = ["2022-05-02", "2023-05-02", "2024-05-02"]


def reviewed(*days: str, care=CARE, code="PN1"):
    """Children whose reviews were all on time, and children with one due, in the year that ended in 2025."""
    reviews = [("a", one) for one in days] + [("other", one) for one in PAST]
    con = opened(
        {
            "episodes": [episode(care, row=2), episode(("other", "2021-01-01", "S", "U4", "X", "2024-05-03", "E4A"), row=3)],
            "reviews": [
                {"child": child, "birth": date(2010, 1, 1), "review": day(one), "code": code, "file": "reviews.csv", "row": row}
                for row, (child, one) in enumerate(reviews, start=2)
            ],
        }
    )  # fmt: skip
    prepare(con, years=[2025])
    found = con.execute(
        "SELECT bool_and(on_time) FROM reviews_due WHERE child = 'a' AND year = 2025 HAVING count(*) > 0"
    )
    return [row[0] for row in found.fetchall()]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (["2024-07-01", "2024-10-01", "2025-03-31"], [True]),
        (["2024-07-02", "2024-10-01", "2025-03-31"], [False]),  # the first a day late: 21 working days
        (["2024-07-01", "2024-10-02", "2025-03-31"], [False]),  # the second: 3 months and a day after the first
        (["2024-07-01", "2024-10-01"], [True]),  # 6 months after the second is 1 April, in the next year
        (["2024-07-01", "2024-09-30"], [False]),  # and 30 March is in this one, and nothing was held
        ([], [False]),
    ],
)
def test_a_day_either_side_of_the_limits_of_reviews(days, found):
    assert reviewed(*days) == found


def test_bank_holidays_are_no_working_days():
    assert date(2024, 8, 26) in load_bank_holidays()
    care = ("a", "2024-08-05", "S", "U4", "ONE", "", "")
    assert reviewed("2024-09-03", "2024-12-03", care=care) == [True]
    assert reviewed("2024-09-04", "2024-12-03", care=care) == [False]


@pytest.mark.parametrize(("ended", "found"), [("2024-07-01", []), ("2024-07-02", [False])])
def test_what_is_due_on_the_day_care_ended_is_not_judged(ended, found):
    assert reviewed(care=(*CARE[:5], ended, "E4A")) == found


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        # Came into care on the day: the review of September is the first and late, and 3 months later another was due.
        ("S", [False]),
        # Moved on the day, and came into care nobody knows when: the review of September is a later one, the next due in March.
        ("P", [True]),
    ],
)
def test_care_that_went_on_when_the_returns_begin_has_no_first_review_in_them(reason, found):
    care = ("a", "2021-03-20", reason, "U4", "ONE", "", "")
    held = [
        "2021-09-20",
        "2022-03-20",
        "2022-09-20",
        "2023-03-20",
        "2023-09-20",
        "2024-03-20",
        "2024-09-20",
        "2025-03-20",
    ]
    con = opened(
        {
            "episodes": [episode(care, row=2)],
            "reviews": [
                {"child": "a", "birth": None, "review": day(one), "code": "PN1", "file": f"{2022 + at // 2}.csv", "row": at}
                for at, one in enumerate(held)
            ],
        }
    )  # fmt: skip
    prepare(con, years=[2022, 2025])
    rows = con.execute("SELECT bool_and(on_time) FROM reviews_due WHERE year = 2022 HAVING count(*) > 0").fetchall()
    assert [row[0] for row in rows] == found


@pytest.mark.parametrize(
    ("held", "care", "found"),
    [
        # The last review was held in September 2023, the next fell due in March 2024 and is overdue all through the year after.
        (["2023-09-15"], CARE_OF_LONG, [False]),
        (
            ["2023-09-15", "2024-09-15"],
            CARE_OF_LONG,
            [False],
        ),  # late in 2024, and the next one, of March 2025, was not held
        (["2023-09-15", "2024-09-15", "2025-03-15"], CARE_OF_LONG, [True]),
        ([], CARE_OF_LONG, [False]),  # never reviewed in any return
        ([], (*CARE_OF_LONG[:5], "2025-03-31", "E4A"), []),  # not in care when the year ended
    ],
)
def test_who_is_never_reviewed_does_not_disappear(held, care, found):
    assert reviewed(*held, care=care) == found


def test_a_file_with_a_history_of_reviews_begins_with_its_first_year():
    """The second review of a child who came in June 2023 was due three months after the first, in yearly files and in one."""
    care = ("a", "2023-06-05", "S", "U4", "ONE", "", "")
    held = ["2023-07-03", "2023-12-03"]
    con = opened(
        {
            "episodes": [episode(care, row=2), episode(("other", "2021-01-01", "S", "U4", "X", "2024-05-03", "E4A"), row=3)],
            "reviews": [
                {"child": child, "birth": None, "review": day(one), "code": "PN1", "file": "reviews.csv", "row": row}
                for row, (child, one) in enumerate([*(("a", one) for one in held), *(("other", one) for one in PAST)])
            ],
        }
    )  # fmt: skip
    prepare(con, years=[2024])
    rows = con.execute("SELECT due, on_time FROM reviews_due WHERE child = 'a' AND year = 2024 ORDER BY due").fetchall()
    assert rows == [(date(2023, 7, 3), True), (date(2023, 10, 3), False)]


def on_plans(plans, reviews=(), *, others=()):
    """Plans of a child who had one in 2016 as well; others are of a second child. A third had one a year, so that the file has a past."""
    told = [("a", "2016-05-01", "2016-06-01"), *(("a", *plan) for plan in plans), *(("b", *plan) for plan in others)]
    told += [("past", f"{year}-05-02", f"{year}-05-20") for year in range(2016, 2024)]
    con = opened(
        {
            "plans": [
                {"child": child, "started": day(started), "ended": day(ended), "file": "census.xml", "row": row}
                for row, (child, started, ended) in enumerate(told)
            ],
            "plan_reviews": [
                {"child": "a", "plan_started": day(started), "review": day(held), "file": "census.xml", "row": row}
                for row, (started, held) in enumerate(reviews)
            ],
        }
    )
    prepare(con, years=[2025])
    return con


def share(con, rule):
    rows = count(con, rules=[rule]).query("topic == 'Total' and year == 2025")
    return [(int(top), int(base)) for top, base in zip(rows["numerator"], rows["denominator"], strict=True)]


@pytest.mark.parametrize(
    ("rule", "ended", "started", "found"),
    [
        ("cp_repeat_plans_12_months", "2024-02-29", "2025-02-28", 1),
        ("cp_repeat_plans_12_months", "2024-02-29", "2025-03-01", 0),
        ("cp_repeat_plans_12_months", "2023-05-31", "2024-05-31", 1),
        ("cp_repeat_plans_12_months", "2023-05-31", "2024-06-01", 0),
        ("cp_repeat_plans_24_months", "2022-06-10", "2024-06-10", 1),
        ("cp_repeat_plans_24_months", "2022-06-10", "2024-06-11", 0),
        ("cp_repeat_plans", "2017-01-01", "2024-06-11", 1),
    ],
)
def test_a_day_either_side_of_a_repeat_within_calendar_months(rule, ended, started, found):
    con = on_plans([("2016-07-01", ended), (started, "")])
    assert share(con, rule) == [(found, 1)]


@pytest.mark.parametrize(("started", "found"), [("2023-04-02", 1), ("2023-04-03", 0)])
def test_two_years_of_an_open_plan_are_more_than_729_days_with_both_ends(started, found):
    assert (date(2025, 3, 31) - date(2023, 4, 2)).days + 1 == 730
    con = on_plans([(started, "")], others=[("2025-03-01", "")])
    assert share(con, "cp_plans_two_years_open") == [(found, 2)]


@pytest.mark.parametrize(("ended", "found"), [("2024-06-09", 0), ("2024-06-10", 1)])
def test_two_years_of_a_plan_that_ended(ended, found):
    assert (date(2024, 6, 10) - date(2022, 6, 12)).days + 1 == 730
    assert share(on_plans([("2022-06-12", ended)]), "cp_plans_two_years_ended") == [(found, 1)]


STARTED = "2024-05-10"


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (["2024-08-10", "2025-02-10"], (1, 1)),
        (["2024-08-11", "2025-02-10"], (0, 1)),
        (["2024-08-10", "2025-02-11"], (0, 1)),
        (["2024-08-10", "2024-09-29"], (0, 1)),  # the next was due on 29 March
        (["2024-08-10", "2024-10-01"], (1, 1)),  # and here is on 1 April, in the next year
        (["2024-08-10"], (0, 1)),
        ([], (0, 1)),
    ],
)
def test_a_day_either_side_of_the_limits_of_reviews_of_plans(held, found):
    assert share(on_plans([(STARTED, "")], [(STARTED, one) for one in held]), "cp_reviews_in_timescale") == [found]


@pytest.mark.parametrize(("late", "found"), [("2024-03-31", 1), ("2024-04-01", 0)])
def test_a_late_review_counts_in_the_year_in_which_it_was_held(late, found):
    """Held late on 31 March it was late in the year before."""
    held = ["2023-09-10", late, "2024-09-20", "2025-03-20"]
    con = on_plans([("2023-06-10", "")], [("2023-06-10", one) for one in held], others=[("2025-03-01", "")])
    assert share(con, "cp_reviews_in_timescale") == [(found, 1)]


@pytest.mark.parametrize(
    ("choice", "started", "found"),
    [
        ("days", "2024-12-30", [(0, 1)]),
        ("days", "2024-12-31", []),
        ("calendar", "2024-12-31", [(1, 1)]),
        ("calendar", "2025-01-01", []),
    ],
)
def test_a_plan_of_less_than_three_months_is_not_judged(choice, started, found):
    """Nothing was held of any; the first review of the plan of 31 December is due on 31 March, and that day is not over."""
    con = on_plans([(started, "")])
    prepare(con, years=[2025], switches={"three_months": choice})
    assert share(con, "cp_reviews_in_timescale") == found


@pytest.mark.parametrize(
    ("held", "found"), [("2024-06-24", 1), ("2024-06-25", 0), ("2024-06-03", 1), ("2024-06-02", 0)]
)
def test_a_day_either_side_of_fifteen_working_days(held, found):
    """From Monday 3 June 2024, which is not counted; 15 working days later is Monday 24 June. One held before is a conference all the same."""
    conference = {"child": "a", "enquiry": date(2024, 6, 3), "conference": day(held), "file": "census.xml", "row": 1}
    con = opened({"conferences": [conference]})
    prepare(con, years=[2025])
    assert share(con, "icpc_in_timescale") == [(found, 1)]
