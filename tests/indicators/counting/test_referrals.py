"""Advocacy counted from a provider's list: against its true answers, a day either side of every limit, and laws."""

import csv
from datetime import date, timedelta

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns_made_up import in_care

from analysis.indicators.counting.checks import check_records
from analysis.indicators.counting.counted import count_returns
from analysis.indicators.counting.engine import count, prepare
from analysis.indicators.counting.observed import counted_figures
from analysis.indicators.counting.rules import load_rules
from analysis.indicators.definitions import load_indicators
from analysis.sources.areas import find_area
from analysis.sources.catalogue import load_breakdowns
from analysis.sources.folders import data_folder
from analysis.sources.returns.tables import TABLES
from analysis.synthetic.making import Order, make_returns

RULES = sorted(name for name in load_rules().rules if "referrals" in load_rules().rules[name].needs)
OF_CHILDREN_IN_CARE = [name for name in RULES if "episodes" in load_rules().rules[name].needs]
OF_CHILDREN = [*OF_CHILDREN_IN_CARE, "advocacy_share"]
KEYS, NUMBERS = ["rule", "year", "topic", "name"], ["numerator", "denominator", "value"]
#: Answers of which several codes of ethnicity are one group have the numbers of the codes added up; of parts the whole stays.
PARTS = {"advocacy_share", "advocacy_referrals", "advocacy_contact_waits"}

# The true answers.


def truth_of(folder):
    found: dict[tuple[str, int, str, str], list[int]] = {}
    names = load_rules().groups["Ethnicity"]
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["indicator"] not in RULES:
                continue
            topic, _, name = row["group"].partition(": ")
            name = names.get(name, "Not known") if topic == "Ethnicity" else name or "Total"
            numerator, denominator = int(row["numerator"]), int(row["denominator"] or 0)
            sums = found.setdefault((row["indicator"], int(row["year"]), topic, name), [0, 0])
            sums[0] += numerator
            sums[1] = denominator if row["indicator"] in PARTS else sums[1] + denominator
    return {key: tuple(sums) for key, sums in found.items()}


def counted_of(folder):
    rows = count_returns([path for path in sorted(folder.iterdir()) if path.is_dir()], sensitivity=False).rows
    rows = rows[rows["rule"].isin(RULES) & (rows["topic"] != "Gender")]
    return {
        (row["rule"], row["year"], row["topic"], row["name"]): (
            int(row["value"] if pd.isna(row["numerator"]) else row["numerator"]),
            0 if pd.isna(row["denominator"]) else int(row["denominator"]),
        )
        for row in rows.to_dict("records")
    }


@pytest.mark.parametrize("format_", ["csv", "xml"])
def test_every_answer_of_every_group_is_exact(tmp_path, format_):
    make_returns(Order(children=900, years=(2022, 2023, 2024, 2025), seed=31, format=format_), tmp_path / "made")
    truth = truth_of(tmp_path / "made")
    assert counted_of(tmp_path / "made") == truth
    assert {name for name, *_ in truth} == set(RULES)
    assert {topic for _, _, topic, _ in truth} >= {"Total", "Age group", "Ethnicity", "Disability", "Advocacy issue"}


def test_every_answer_of_the_set_that_is_kept_is_exact():
    folder = data_folder() / "synthetic"
    assert counted_of(folder) == truth_of(folder)


# Small lists whose answers can be seen.

IN_CARE = [("a", "2020-05-01", "S", "U6", "HOME", "", "")]
GOOD = {"referred": "2024-06-01", "offered": "2024-06-03", "answer": "accepted", "answered": "2024-06-05", "child": "a"}
_DAYS = {name for name, kind in TABLES["referrals"].items() if kind == pa.date32()}


def referral(**values):
    told = {"file": "list.csv", "row": 2, **values}
    days = {name: date.fromisoformat(value) for name, value in told.items() if name in _DAYS and isinstance(value, str)}
    return {**told, **days}


def with_list(con: duckdb.DuckDBPyConnection, rows):
    columns = TABLES["referrals"]
    full = [{**dict.fromkeys(columns), **row} for row in rows]
    con.register("incoming", pa.Table.from_pylist(full, schema=pa.schema(list(columns.items()))))
    con.execute("CREATE TABLE referrals AS SELECT * FROM incoming")
    con.unregister("incoming")
    return con


def counted(rows, *, told=IN_CARE, years=(2025,), births=None, rules=RULES, **switches):
    con = with_list(in_care(told, births=births), rows)
    prepare(con, years=years, switches=switches)
    return count(con, rules=rules)


def totals(rows, **how):
    """Numerator and denominator, or value, of the total by rule."""
    found = counted(rows, **how).query("topic == 'Total'").set_index("rule")
    return {
        rule: row["value"] if pd.notna(row["value"]) else (row["numerator"], row["denominator"])
        for rule, row in found.iterrows()
    }


@pytest.mark.parametrize(
    ("values", "offered", "taken_up", "refused"),
    [
        ({}, 1, 1, 0), ({"answer": "refused"}, 1, 0, 1), ({"answer": "no answer", "answered": None}, 1, 0, 0),
        ({"offered": None, "answer": None, "answered": None}, 0, 0, 0),
        # Who answered was offered one; an answer without a day is of the day of the offer, else of the referral.
        ({"offered": None}, 1, 1, 0), ({"answered": None}, 1, 1, 0), ({"offered": None, "answered": None}, 1, 1, 0),
        # The last day of the year before, and the first day of the next.
        ({"offered": "2024-03-31"}, 0, 1, 0), ({"offered": "2024-04-01"}, 1, 1, 0),
        ({"answered": "2025-03-31"}, 1, 1, 0), ({"answered": "2025-04-01"}, 1, 0, 0), ({"answer": "refused", "answered": "2025-04-01"}, 1, 0, 0),
        # Without instruction the child is not offered one and does not answer.
        ({"offered": None, "answer": None, "answered": None, "advocacy": "non-instructed"}, 0, 1, 0),
        ({"offered": None, "answer": None, "answered": None, "advocacy": "non-instructed", "first_contact": "2025-04-01"}, 0, 0, 0),
        ({"child": None}, 0, 0, 0), ({"child": "other"}, 0, 0, 0),
    ],
)  # fmt: skip
def test_each_event_counts_in_the_year_of_its_own_day(values, offered, taken_up, refused):
    found = totals([referral(**{**GOOD, **values})])
    assert found["advocacy_offered_share"] == (offered, 1)
    assert found["advocacy_uptake_share"] == (taken_up, 1)
    assert found["advocacy_refused_share"] == (refused, 1)


def test_a_child_who_refused_and_accepted_has_accepted():
    again = {"referred": "2024-09-01", "offered": "2024-09-02", "answered": "2024-09-03", "row": 3}
    found = totals([referral(**{**GOOD, "answer": "refused"}), referral(**{**GOOD, **again})])
    assert (found["advocacy_uptake_share"], found["advocacy_refused_share"]) == ((1, 1), (0, 1))
    assert found["advocacy_accepted_share"] == (1, 1)
    later = totals([referral(**{**GOOD, "answer": "refused"}), referral(**{**GOOD, **again, "answered": "2025-04-02"})])
    assert (later["advocacy_refused_share"], later["advocacy_accepted_share"]) == ((1, 1), (0, 1))


def test_of_nobody_who_answered_there_is_no_share():
    assert "advocacy_accepted_share" not in totals([referral(**{**GOOD, "answer": "no answer", "answered": None})])


@pytest.mark.parametrize(("non_instructed", "taken_up"), [("count", 1), ("exclude", 0)])
def test_advocacy_without_instruction_is_a_choice(non_instructed, taken_up):
    rows = [referral(child="a", referred="2024-06-01", advocacy="non-instructed")]
    assert totals(rows, non_instructed=non_instructed)["advocacy_uptake_share"] == (taken_up, 1)


@pytest.mark.parametrize(
    ("started", "ended", "there"),
    [
        ("2020-01-01", "2024-04-01", False), ("2020-01-01", "2024-04-02", True), ("2025-03-31", "", True), ("2025-04-01", "", False),
        ("2024-08-01", "2024-08-02", True),
    ],
)  # fmt: skip
def test_in_care_at_any_time_is_in_care_on_at_least_one_day(started, ended, there):
    told = [*IN_CARE, ("b", started, "S", "U6", "HOME", ended, "E4A" if ended else "")]
    rows = [referral(**GOOD), referral(**{**GOOD, "child": "b", "row": 3})]
    assert totals(rows, told=told)["advocacy_uptake_share"] == ((2, 2) if there else (1, 1))


def test_a_child_in_care_twice_is_one_child_and_short_breaks_are_none():
    told = [
        ("a", "2024-05-01", "S", "U6", "HOME", "2024-06-01", "E4A"), ("a", "2024-09-01", "S", "U6", "HOME", "2024-10-01", "E4A"),
    ]  # fmt: skip
    assert totals([referral(**GOOD)], told=told)["advocacy_offered_share"] == (1, 1)
    con = with_list(in_care(told, legal="V4"), [referral(**GOOD)])
    prepare(con, years=[2025])
    assert count(con, rules=["advocacy_offered_share"]).empty


def test_age_is_that_of_the_last_day_in_care_in_the_year():
    told = [*IN_CARE, ("b", "2020-05-01", "S", "U6", "HOME", "2024-07-01", "E4A")]
    births = {"a": "2015-03-31", "b": "2014-07-01"}
    found = counted([referral(**GOOD)], told=told, births=births, rules=["advocacy_uptake_share"])
    ages = found[found["topic"] == "Age group"].set_index("name")[["numerator", "denominator"]]
    # One is 10 on 31 March; the other would be 10 on the day on which care ended, which is no day in care.
    assert ages.T.to_dict("list") == {"10 to 15": [1, 1], "5 to 9": [0, 1]}


def test_users_are_those_for_whom_an_advocate_worked_and_need_not_be_in_care():
    open_, leaver = referral(**GOOD, disabled=True), referral(
        **{**GOOD, "child": "x", "closed": "2024-12-01", "row": 3}, age=18, sex="F", ethnicity="MWAS", disabled=False
    )  # fmt: skip
    unknown = referral(**{**GOOD, "child": "y", "closed": "2024-12-01", "row": 4})
    found = counted([open_, leaver, unknown], rules=["advocacy_share"]).set_index(["topic", "name"])
    shares = {key: (row["numerator"], row["denominator"]) for key, row in found.iterrows()}
    assert shares["Age group", "16 and over"] == (1, 3) and shares["Gender", "Female"] == (1, 3)
    assert shares["Ethnicity", "White and Asian"] == (1, 3) and shares["Ethnicity", "Not known"] == (1, 3)
    assert shares["Disability", "Disability or special need"] == (1, 2)


def test_work_goes_on_until_it_is_closed_or_the_lists_end():
    def users(*rows, years=(2024, 2025)):
        found = counted(rows, years=years, rules=["advocacy_share"]).query("topic == 'Gender'")
        return found.set_index("year")["numerator"].to_dict()

    early = {**GOOD, "referred": "2023-06-01", "offered": "2023-06-03", "answered": "2023-06-05"}
    other = referral(child=None, referred="2024-06-01", closed="2024-07-01", row=9)
    before = referral(child=None, referred="2023-06-01", closed="2023-07-01", file="before.csv", row=9)
    assert users(referral(**early, closed="2024-03-31"), other, before) == {2024: 1}
    assert users(referral(**early, closed="2024-04-01"), other, before) == {2024: 1, 2025: 1}
    # In the list of the first year and not of the second: it ended with the first.
    assert users(referral(**early, file="before.csv"), other, before) == {2024: 1}
    assert users(referral(**early), other, before) == {2024: 1, 2025: 1}


def test_a_slip_in_the_day_of_closing_makes_no_advocate_work_for_ever():
    slip = referral(**GOOD, closed="2055-09-01")
    others = [referral(child=None, referred="2024-06-01", closed="2024-07-01", row=row) for row in range(3, 33)]
    later = referral(child=None, referred="2025-06-01", closed="2025-07-01", file="later.csv")
    found = counted([slip, *others, later], years=(2025, 2026), rules=["advocacy_share"])
    assert set(found["year"]) == {2025}


def test_age_of_a_child_whom_no_return_knows_is_that_of_the_list():
    late = {"referred": "2023-06-01", "offered": "2024-06-03", "answered": "2024-07-01", "closed": "2024-12-01"}
    found = counted([referral(**{**GOOD, **late, "child": "x"}, age=9)], rules=["advocacy_share"])
    assert found.query("topic == 'Age group'")["name"].tolist() == ["5 to 9"]


def test_the_list_of_a_later_year_replaces_what_an_earlier_one_said():
    first = {"reference": "R1", "child": "a", "referred": "2024-03-20", "offered": "2024-03-25"}
    old = [
        referral(**first, answer="no answer", file="2024.csv"),
        referral(referred="2023-05-01", closed="2023-06-01", file="2024.csv", row=3),
    ]
    new = [referral(**first, answer="accepted", answered="2024-04-05", closed="2024-09-01", file="2025.csv")]
    found = counted([*old, *new], years=(2024, 2025)).query("topic == 'Total'").set_index(["rule", "year"])
    assert found.loc[("advocacy_referral_number", 2024), "value"] == 2
    assert ("advocacy_referral_number", 2025) not in found.index
    assert found.loc[("advocacy_offered_share", 2024), "numerator"] == 1
    assert found.loc[("advocacy_uptake_share", 2024), "numerator"] == 0
    assert found.loc[("advocacy_uptake_share", 2025), "numerator"] == 1


def test_rows_without_child_and_reference_are_never_the_same():
    nobody = [referral(referred="2024-06-01", row=row) for row in (2, 3, 4)]
    assert totals(nobody)["advocacy_referral_number"] == 3
    named = [referral(referred="2024-06-01", child="a", row=row) for row in (2, 3, 4)]
    assert totals(named)["advocacy_referral_number"] == 1
    numbered = [referral(referred="2024-06-01", child="a", reference=f"R{row}", row=row) for row in (2, 3, 4)]
    assert totals(numbered)["advocacy_referral_number"] == 3


def test_issues_sources_and_instruction_are_of_referrals():
    rows = [
        referral(**GOOD, issues="Legal;Health", advocacy="instructed", source="Young people"),
        referral(**{**GOOD, "answer": "refused", "row": 3, "reference": "R2"}, issues="Housing", source="Education"),
        referral(referred="2024-07-01", advocacy="non-instructed", issues="Legal", row=4),
    ]
    found = counted(rows, rules=["advocacy_issues", "advocacy_referrals", "advocacy_instructed_share"])
    issues = found[(found["rule"] == "advocacy_issues")].set_index("name")["value"].to_dict()
    assert issues == {"Total": 3, "Legal": 2, "Health": 1}
    sources = found[found["rule"] == "advocacy_referrals"].set_index("name")[["numerator", "denominator"]]
    assert sources.T.to_dict("list") == {"Young people": [1, 3], "Education": [1, 3], "Not known": [1, 3]}
    instructed = found[found["rule"] == "advocacy_instructed_share"]
    assert instructed[["numerator", "denominator"]].to_numpy().tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("contact", "wait"),
    [
        ("2024-12-20", "5 or fewer"), ("2024-12-31", "5 or fewer"), ("2025-01-02", "6 to 10"), ("2025-01-08", "6 to 10"), ("2025-01-09", "11 to 20"),
        ("2025-01-22", "11 to 20"), ("2025-01-23", "21 or more"), ("2024-12-19", None),
    ],
)  # fmt: skip
def test_waits_are_working_days_without_bank_holidays(contact, wait):
    """From Friday 20 December 2024: Christmas Day, Boxing Day and New Year's Day are no working days."""
    rows = [referral(referred="2024-12-20", first_contact=contact)]
    found = counted(rows, rules=["advocacy_contact_waits"])
    assert found["name"].tolist() == ([wait] if wait else [])


def test_years_without_a_list_are_not_counted_as_noughts():
    found = counted([referral(**GOOD)], years=(2023, 2024, 2025))
    assert set(found["year"]) == {2025} and set(OF_CHILDREN_IN_CARE) <= set(found["rule"])


def test_a_list_without_a_return_is_counted_as_far_as_it_goes():
    con = with_list(duckdb.connect(), [referral(**GOOD, age=14, sex="F", ethnicity="WBRI", issues="Legal")])
    prepare(con, years=[2025])
    found = count(con)
    assert set(found["rule"]) == {"advocacy_issues", "advocacy_referral_number", "advocacy_referrals", "advocacy_share"}
    assert set(found.query("rule == 'advocacy_share'")["name"]) == {"10 to 15", "Female", "White British"}


def test_nothing_is_counted_where_no_list_is_held():
    con = in_care(IN_CARE)
    prepare(con, years=[2025])
    assert not set(count(con)["rule"]) & set(RULES)


# What does not agree with the return.


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"child": "nobody", "status": "in care"}, "not in the return"), ({"child": "nobody"}, "not in the return"),
        ({"child": "nobody", "status": "care leaver"}, None), ({"child": None, "status": "in care"}, None),
        ({"status": "in care", "referred": "2020-04-30"}, "not in care"), ({"status": "in care", "referred": "2020-05-01"}, None),
        ({"status": "care leaver", "referred": "2020-04-30"}, None),
        # The child of the return was born on 1 January 2015.
        ({"age": 9}, None), ({"age": 10}, None), ({"age": 11}, "another age"), ({"age": 7}, "another age"),
    ],
)  # fmt: skip
def test_a_list_is_held_against_the_return(values, rule):
    con = with_list(in_care(IN_CARE), [referral(**{**GOOD, **values}, row=7)])
    prepare(con, years=[2025])
    found = [item for item in check_records(con) if item.file == "list.csv"]
    assert [(item.rule, item.row) for item in found] == ([(rule, 7)] if rule else [])
    assert all("nobody" not in f"{item.found} {item.expected} {item.action}" for item in found)


def test_years_of_which_no_return_is_held_are_not_held_against_it():
    con = with_list(in_care(IN_CARE), [referral(child="nobody", referred="2010-06-01"), referral(**GOOD, row=3)])
    prepare(con, years=[2025])
    assert [item.rule for item in check_records(con) if item.file == "list.csv"] == []


# What is counted fits the catalogue.


def test_every_group_that_is_counted_is_one_of_the_catalogue_or_not_known():
    rows = counted_of(data_folder() / "synthetic")
    topics = load_breakdowns()
    for rule, _, topic, name in rows:
        indicator = load_indicators()[load_rules().rules[rule].indicator]
        if topic == "Total":
            continue
        assert topic in indicator.breakdowns, (rule, topic)
        assert name in topics[topic].groups or name in ("Not known", "Not disabled"), (topic, name)


def test_counts_become_observations_with_their_small_numbers_hidden():
    rows = counted(_lists(40), told=_many(40))
    figures = counted_figures(rows, area=find_area("Nottingham"), populations={})
    own = figures[figures["breakdown_topic"] == "Total"].set_index("indicator")
    uptake, refused = own.loc["advocacy_uptake_share"], own.loc["advocacy_refused_share"]
    assert (uptake["numerator"], uptake["denominator"], uptake["value"], uptake["status"]) == (20, 40, 50, "reported")
    assert refused["status"] == "suppressed" and pd.isna(refused["value"]) and pd.isna(refused["numerator"])
    # Beside the acceptances the share of those who answered would give the refusals away.
    assert own.loc["advocacy_accepted_share", "status"] == "suppressed"


def _many(number):
    """Children who came into care in one of nine years, so that the return is taken as one of all these years."""
    return [(f"c{at}", f"{2016 + at % 9}-05-01", "S", "U6", "HOME", "", "") for at in range(number)]


def _lists(number):
    """Half of the children accept; three refuse."""
    answers = ["accepted"] * (number // 2) + ["refused"] * 3
    return [
        referral(**{**GOOD, "child": f"c{at}", "answer": answer, "row": at + 2}) for at, answer in enumerate(answers)
    ]


# Laws, for lists of any shape.

FIRST = date(2023, 4, 1)
#: Referrals of nobody, closed in their years: whatever else the list holds, it is one of these years.
ANCHORS = [
    referral(referred=f"{year}-07-01", closed=f"{year}-08-01", reference=f"anchor{year}", row=900 + year % 100) for year in (2023, 2024)
]  # fmt: skip
_CHILDREN = {"a": "2009-05-05", "b": "2015-01-01", "c": "2020-02-29", "d": "2008-12-31"}
_TOLD = [
    ("a", "2020-05-01", "S", "U6", "HOME", "2024-05-05", "E4A"), ("b", "2023-12-01", "S", "U6", "HOME", "2024-02-01", "E4A"),
    ("b", "2024-06-01", "S", "U6", "HOME", "", ""), ("c", "2024-03-31", "S", "U6", "HOME", "", ""),
]  # fmt: skip


@st.composite
def referrals(draw, of=("a", "b", "c", "d", "x", None)):
    """One referral: days in any order or missing, any answer."""
    day = FIRST + timedelta(days=draw(st.integers(0, 729)))
    days = {
        name: draw(st.none() | st.integers(-30, 120).map(lambda after: day + timedelta(days=after)))
        for name in ("offered", "answered", "first_contact", "closed")
    }
    return {
        "child": draw(st.sampled_from(of)), "referred": day, **days, "answer": draw(st.sampled_from(["accepted", "refused", "no answer", None])),
        "advocacy": draw(st.sampled_from(["instructed", "non-instructed", None])), "source": draw(st.sampled_from(["Education", None])),
        "issues": draw(st.sampled_from(["Legal", "Legal;Health", None])),
    }  # fmt: skip


lists = st.lists(referrals(), max_size=9).map(
    lambda rows: [{**row, "reference": f"R{at}", "file": "list.csv", "row": at + 2} for at, row in enumerate(rows)]
)


def of_list(rows, children=frozenset({"a", "b", "c"})):
    told = [item for item in _TOLD if item[0] in children] or [
        ("nobody", "2010-01-01", "S", "U6", "HOME", "2010-02-01", "E4A")
    ]
    found = counted([*rows, *ANCHORS], told=told, births=_CHILDREN, years=(2024, 2025))
    return found.set_index(KEYS)[NUMBERS].sort_index()


@settings(max_examples=10, deadline=None)
@given(lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    mixed = [{**row, "row": at + 2} for at, row in enumerate(mixed)]
    pd.testing.assert_frame_equal(of_list(rows), of_list(mixed))


@settings(max_examples=10, deadline=None)
@given(lists, st.data())
def test_a_second_referral_in_the_year_changes_no_count_of_children(rows, data):
    if not rows:
        return
    row = data.draw(st.sampled_from(rows))
    again = {**row, "reference": "again", "row": 100}
    one, other = of_list(rows), of_list([*rows, again])
    of_children = one.index.get_level_values("rule").isin(OF_CHILDREN)
    pd.testing.assert_frame_equal(one[of_children], other[other.index.get_level_values("rule").isin(OF_CHILDREN)])
    key = ("advocacy_referral_number", row["referred"].year + (row["referred"].month >= 4), "Total", "Total")
    assert other.loc[key, "value"] == one.loc[key, "value"] + 1


@settings(max_examples=10, deadline=None)
@given(lists, st.sampled_from(["a", "b", "c", "x"]))
def test_removing_a_child_removes_exactly_that_child(rows, gone):
    children = {"a", "b", "c"}
    rest = of_list([row for row in rows if row["child"] != gone], children - {gone})
    alone = of_list([row for row in rows if row["child"] == gone], children & {gone})
    everybody, nobody = of_list(rows, children), of_list([], set())
    for column in ("numerator", "value"):
        parts = rest[column].add(alone[column], fill_value=0).sub(nobody[column], fill_value=0)
        both = pd.concat([everybody[column].fillna(0), parts.fillna(0)], axis=1).fillna(0)
        assert both.iloc[:, 0].eq(both.iloc[:, 1]).all(), column
    whole = [
        frame[frame.index.get_level_values("rule").isin(OF_CHILDREN_IN_CARE)]["denominator"]
        for frame in (everybody, rest, alone)
    ]
    parts = whole[1].add(whole[2], fill_value=0)
    assert whole[0].eq(parts.reindex(whole[0].index)).all() and len(parts) == len(whole[0])


@settings(max_examples=10, deadline=None)
@given(lists)
def test_parts_are_parts_and_groups_add_up(rows):
    found = of_list(rows).reset_index()
    shares = found[found["denominator"].notna()]
    assert (shares["numerator"] <= shares["denominator"]).all() and (shares["numerator"] >= 0).all()
    amounts = found.assign(amount=found["numerator"].fillna(found["value"]))
    sums = amounts.groupby(["rule", "year", "topic"])["amount"].sum()
    for (rule, year, topic), amount in sums.items():
        whole = sums.get((rule, year, "Total"))
        assert whole is None or amount == whole or topic == "Disability", (rule, year, topic)
    wide = shares[shares["topic"] == "Total"].pivot(index="year", columns="rule", values=["numerator", "denominator"])
    answered = wide["denominator"].get("advocacy_accepted_share", pd.Series(dtype=float)).dropna()
    for year, number in answered.items():
        numbers = wide["numerator"].loc[year]
        assert number == numbers["advocacy_accepted_share"] + numbers["advocacy_refused_share"]
        assert numbers["advocacy_accepted_share"] <= numbers["advocacy_uptake_share"]
        assert number <= wide["denominator"].loc[year, "advocacy_uptake_share"]
