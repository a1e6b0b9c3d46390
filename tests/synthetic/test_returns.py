"""Made-up returns obey the rules that real ones are checked against, in every year."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from analysis.sources.returns.layouts import codes_of
from analysis.synthetic.annex_a import LIST_7, LIST_8

from .conftest import YEARS

CODED = {
    "header": {"SEX": "sex", "ETHNIC": "ethnicity"},
    "episodes": {
        "RNE": "reason_new", "LS": "legal", "CIN": "need", "PLACE": "place", "PLACE_PROVIDER": "provider", "REC": "reason_ended",
        "REASON_PLACE_CHANGE": "reason_change",
    },
    "reviews": {"REVIEW_CODE": "code"},
}  # fmt: skip
MAY_BE_BLANK = {"PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE"}
LONGEST = {"T1": 42, "T2": 21, "T3": 21, "T4": 7}


def day(text):
    return datetime.strptime(text, "%d/%m/%Y").date()


@pytest.mark.parametrize("year", YEARS)
def test_every_code_is_of_the_list_of_the_year(read_rows, year):
    for name, columns in CODED.items():
        for column, ours in columns.items():
            used = {row[column] for row in read_rows(year, name)}
            assert used - ({""} if column in MAY_BE_BLANK else set()) <= codes_of(ours, year), (name, column)


def test_the_codes_that_changed_are_used(read_rows):
    places = {year: {row["PLACE"] for row in read_rows(year, "episodes")} for year in YEARS}
    assert "H5" in places[2024] and "H5" not in places[2025] and "K3" in places[2025]
    assert "Z1" not in places[2026]
    assert {row["SEX"] for row in read_rows(2024, "header")} == {"1", "2"}
    assert {row["SEX"] for row in read_rows(2025, "header")} >= {"M", "F"}


def test_the_variety_that_was_asked_for_is_there(read_rows):
    rows = [row for year in YEARS for row in read_rows(year, "episodes")]
    assert {row["RNE"] for row in rows} == set("SLPTBU")
    assert {"A3", "A4", "A5", "A6", "T1", "T2", "T3", "T4", "U2", "U5", "K2"} <= {row["PLACE"] for row in rows}
    assert {"V2", "V3", "V4", "C1", "C2", "E1"} <= {row["LS"] for row in rows}
    assert {"CARPL", "CLOSE", "CREQB", "PLACE", "OTHER"} <= {row["REASON_PLACE_CHANGE"] for row in rows}
    assert {f"PN{n}" for n in range(8)} == {row["REVIEW_CODE"] for year in YEARS for row in read_rows(year, "reviews")}
    assert any(read_rows(year, "uasc") for year in YEARS)


@pytest.mark.parametrize("year", YEARS)
def test_after_a_temporary_stay_the_child_is_back_where_it_was(by_child, year):
    """Rules 375, 376, 379, 380, 381, 383."""
    seen = 0
    for rows in by_child(year):
        for number, row in enumerate(rows):
            if row["PLACE"] not in LONGEST:
                continue
            seen += 1
            assert row["RNE"] == "P" and row["LS"] not in ("V3", "V4")
            assert row["PLACE_PROVIDER"] == "" and row["REASON_PLACE_CHANGE"] == ""
            if row["DEC"]:
                assert (day(row["DEC"]) - day(row["DECOM"])).days <= LONGEST[row["PLACE"]]
                back = rows[number + 1]
                assert back["RNE"] == "P" and back["DECOM"] == row["DEC"]
                if number:
                    before = rows[number - 1]
                    assert (back["PLACE"], back["PL_POST"]) == (before["PLACE"], before["PL_POST"])
    assert seen


@pytest.mark.parametrize("year", YEARS)
def test_episodes_join_within_a_period_of_care_and_never_overlap(by_child, year):
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    for rows in by_child(year):
        for row in rows:
            assert day(row["DECOM"]) <= last
            assert not row["DEC"] or first <= day(row["DEC"]) <= last
            assert not row["DEC"] or day(row["DECOM"]) < day(row["DEC"])
            assert bool(row["DEC"]) == bool(row["REC"])
        for before, row in pairwise(rows):
            if before["REC"] == "X1":
                assert before["DEC"] == row["DECOM"] and row["RNE"] != "S"
                assert before["CIN"] == row["CIN"]
            else:
                assert row["RNE"] == "S" and day(row["DECOM"]) > day(before["DEC"])
        assert rows[-1]["REC"] != "X1"


def test_an_open_episode_goes_on_in_the_next_return(by_child):
    for year, following in pairwise(YEARS):
        later = {rows[0]["CHILD"]: rows[0] for rows in by_child(following)}
        for rows in by_child(year):
            if not rows[-1]["DEC"]:
                assert later[rows[-1]["CHILD"]]["DECOM"] == rows[-1]["DECOM"]


def test_a_change_of_placement_says_why(by_child):
    """Rule 225: not where a temporary stay begins or ends, nor where only the legal status changes."""
    for year in YEARS:
        for rows in by_child(year):
            for before, row in pairwise(rows):
                moved = row["RNE"] in "PTBU" and "T" not in before["PLACE"] + row["PLACE"]
                assert bool(before["REASON_PLACE_CHANGE"]) == moved


def test_only_two_holidays_of_the_carers_in_twelve_months(lives):
    for child in lives:
        for period in child.periods:
            starts = [item.start for home in period.homes for item in home.absences if item.code == "T3"]
            assert all(later - first > 365 for first, later in zip(starts, starts[2:], strict=False))


@pytest.mark.parametrize("year", YEARS)
def test_reviews_are_coded_by_age_and_never_of_respite(read_rows, by_child, year):
    respite = {rows[0]["CHILD"] for rows in by_child(year) if all(row["LS"] in ("V3", "V4") for row in rows)}
    assert respite
    for row in read_rows(year, "reviews"):
        born, held = day(row["DOB"]), day(row["REVIEW"])
        age = held.year - born.year - ((held.month, held.day) < (born.month, born.day))
        assert (row["REVIEW_CODE"] == "PN0") == (age < 4)
        assert row["CHILD"] not in respite


def test_xml_holds_what_csv_holds(made_xml, read_rows):
    for year in YEARS:
        tree = ElementTree.parse(made_xml / str(year) / "ssda903.xml")
        found = [
            (child.findtext("HEADER/CHILDID"), *(item.findtext(name) or "" for name in ("DECOM", "PL", "DEC", "REC")))
            for child in tree.iter("CHILD")
            for item in child.iter("EPISODE")
        ]
        rows = read_rows(year, "episodes")
        assert found == [tuple(row[name] for name in ("CHILD", "DECOM", "PLACE", "DEC", "REC")) for row in rows]
        assert len(list(tree.iter("AREVIEW"))) == len(read_rows(year, "reviews"))


def test_the_census_holds_each_plan_and_the_last_review_before(made, lives):
    for year in YEARS:
        tree = ElementTree.parse(made / str(year) / "cin_census.xml")
        first, last = date(year - 1, 4, 1).toordinal(), date(year, 3, 31).toordinal()
        wanted = [plan for child in lives for plan in child.plans if plan.start <= last and plan.end >= first]
        found = list(tree.iter("ChildProtectionPlans"))
        assert len(found) == len(wanted)
        for item in found:
            before = [
                text.text for text in item.iter("CPPreviewDate") if date.fromisoformat(text.text).toordinal() < first
            ]
            assert len(before) <= 1
            assert (item.find("CPPendDate") is None) or date.fromisoformat(
                item.findtext("CPPendDate")
            ).toordinal() <= last


def test_a_child_is_the_same_in_every_return(made, read_rows):
    year = 2025
    header = {row["CHILD"]: (day(row["DOB"]), row["ETHNIC"]) for row in read_rows(year, "header")}
    census = {
        item.findtext("ChildIdentifiers/LAchildID"): (
            date.fromisoformat(item.findtext("ChildIdentifiers/PersonBirthDate") or "1900-01-01"),
            item.findtext("ChildCharacteristics/Ethnicity"),
        )
        for item in ElementTree.parse(made / str(year) / "cin_census.xml").iter("Child")
    }
    both = header.keys() & census.keys()
    assert len(both) > 100 and all(header[child] == census[child] for child in both)
    sheet = load_workbook(made / str(year) / "annex_a.xlsx", read_only=True)["List 8"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows and all(header[row[0]][0] == row[3].date() for row in rows if row[0] in header)


def test_annex_a_has_its_columns_and_the_plans_of_the_last_day(made, truth):
    for year in YEARS:
        book = load_workbook(made / str(year) / "annex_a.xlsx", read_only=True)
        plans, care = ([*book[name].iter_rows(values_only=True)] for name in ("List 7", "List 8"))
        assert (plans[0], care[0]) == (LIST_7, LIST_8)
        assert (
            sum(row[LIST_7.index("Child Protection Plan End Date")] is None for row in plans)
            == truth[year, "cp_plan_number"][0]
        )
        ceased = LIST_8.index("Date Ceased to be Looked After")
        assert sum(row[ceased] is None for row in care) == truth[year, "cla_number"][0]
        moves = LIST_8.index("Number of Placements in the Last 12 months")
        assert sum(row[ceased] is None and row[moves] >= 3 for row in care) == truth[year, "three_placements"][0]
