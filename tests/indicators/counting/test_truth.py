"""Every indicator counted from made-up returns against its true answer, which was worked out from the lives and not from any row."""

import csv
import math
from pathlib import Path

import pandas as pd
import pytest

from analysis.indicators.counting.counted import Counted, count_returns
from analysis.indicators.counting.rules import load_rules
from analysis.sources.folders import data_folder
from analysis.synthetic.making import Order, make_returns

#: What truth.csv calls an indicator, and the rule that counts it; names that are the same are left out.
RULES = {
    "three_placements": "cla_three_placements",
    "three_placements_two_years": "cla_three_placements_two_years",
    "same_carer_two_years": "cla_same_placement",
    "reviews_on_time": "children_reviewed_on_time",
    "participation": "review_participation",
    "advocate_reviews": "advocate_at_review_share",
    "cp_repeat_ever": "cp_repeat_plans",
    "cp_repeat_12_months": "cp_repeat_plans_12_months",
    "cp_repeat_24_months": "cp_repeat_plans_24_months",
    "cp_two_years_open": "cp_plans_two_years_open",
    "cp_two_years_ended": "cp_plans_two_years_ended",
}
#: Answers that no rule of the same name gives; the tests below take the first three.
NOT_RULES = {
    "three_placements_same_carer_ignored",
    "moves_planned",
    "moves_unplanned",
    "one_placement",
    "two_placements",
    "cla_outside_number",
}
YEARS = range(2021, 2026)


def yearly(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.is_dir()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("made") / "returns"
    make_returns(Order(children=1500, years=tuple(YEARS), seed=20, format="csv"), place)
    return place


@pytest.fixture(scope="module")
def counted(folder) -> Counted:
    return count_returns(yearly(folder), sensitivity=True)


@pytest.fixture(scope="module")
def truth(folder) -> dict[tuple[str, int], tuple[float, float]]:
    return read_truth(folder)


def read_truth(folder: Path) -> dict[tuple[str, int], tuple[float, float]]:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["indicator"], int(row["year"])): (float(row["numerator"]), float(row["denominator"] or "nan"))
            for row in csv.DictReader(file)
            if row["group"] == "Total"
        }


def totals(rows: pd.DataFrame) -> dict[tuple[str, int], tuple[float, float]]:
    """Numerator and denominator by rule and year; of a count the count, without a denominator."""
    rows = rows[rows["topic"] == "Total"]
    top = rows["numerator"].fillna(rows["value"])
    keys = zip(rows["rule"], rows["year"], strict=True)
    return dict(zip(keys, zip(top, rows["denominator"], strict=True), strict=True))


def same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(one, other, strict=True))


def differences(counted: Counted, truth: dict[tuple[str, int], tuple[float, float]]) -> list[str]:
    ours, found = totals(counted.rows), []
    for (name, year), answer in truth.items():
        rule = RULES.get(name, name)
        if name in NOT_RULES or rule not in load_rules().rules or year in counted.wanting.get(rule, ()):
            continue
        if not same(ours[rule, year], answer):
            found.append(f"{name} {year}: counted {ours[rule, year]}, true {answer}")
    return found


def test_every_answer_is_exact(counted, truth):
    assert differences(counted, truth) == []


def test_every_answer_of_the_set_that_is_kept_is_exact():
    folder = data_folder() / "synthetic"
    assert differences(count_returns(yearly(folder), sensitivity=False), read_truth(folder)) == []


def test_only_years_that_look_back_on_nothing_are_left_out(counted):
    first, second = YEARS[0], YEARS[1]
    for rule, years in counted.wanting.items():
        assert list(years) == [first, second][: load_rules().rules[rule].years_before]
    assert counted.wanting["cla_same_placement"] == [first, second]


@pytest.mark.parametrize("year", YEARS)
def test_children_placed_outside_the_area(counted, truth, year):
    rows = counted.rows.query("rule == 'cla_number' and year == @year and topic == 'Locality of placement'")
    outside = truth["cla_outside_number", year][0]
    inside = truth["cla_number", year][0] - outside
    assert rows.set_index("name")["value"].to_dict() == {"Inside the boundary": inside, "Outside the boundary": outside}
    assert outside and inside


@pytest.mark.parametrize("year", YEARS)
def test_planned_moves(counted, truth, year):
    """By default moves for another reason are left out, so that planned and unplanned make up the whole; else all moves do."""
    planned, moves = truth["moves_planned", year]
    unplanned, _ = truth["moves_unplanned", year]
    assert totals(counted.rows)["moves_planned", year] == (planned, planned + unplanned)
    assert other(counted, "moves_planned", "other_reasons", "count", year) == (planned, moves)


@pytest.mark.parametrize("year", YEARS)
def test_moves_with_the_same_carer_can_be_ignored(counted, truth, year):
    found = other(counted, "cla_three_placements", "same_carer_moves", "ignore", year)
    assert found == truth["three_placements_same_carer_ignored", year]


def other(counted: Counted, rule: str, switch: str, choice: str, year: int) -> tuple[float, float]:
    rows = counted.sensitivity
    (row,) = rows[
        (rows["rule"] == rule) & (rows["switch"] == switch) & (rows["choice"] == choice) & (rows["year"] == year)
    ].to_dict("records")
    return row["other_numerator"], row["other_denominator"]


def test_the_groups_of_a_topic_add_up_to_the_whole(counted):
    """Each child, plan and review is in one group of each topic; a child who started twice may be in two."""
    rows = counted.rows
    amounts = rows["numerator"].fillna(rows["value"])
    sums = rows.assign(amount=amounts).groupby(["rule", "year", "topic"])["amount"].sum()
    checked = 0
    for (rule, year, topic), amount in sums.items():
        whole = sums.get((rule, year, "Total"))
        if topic == "Total" or whole is None:
            continue
        checked += 1
        twice = rule in {"cla_started_number", "cla_ceased_number"}
        assert amount == whole or (twice and whole <= amount <= whole + 5), (rule, year, topic)
    assert checked > 100


def test_every_repeat_plan_has_a_gap(counted):
    rows = counted.rows
    gaps = rows[rows["rule"] == "cp_repeat_gaps"]
    within = (
        gaps[gaps["name"].isin(["Within 6 months", "More than 6, within 12 months"])].groupby("year")["numerator"].sum()
    )
    ours = totals(rows)
    for year, number in within.items():
        assert number == ours["cp_repeat_plans_12_months", year][0]
    for year, number in gaps.groupby("year")["numerator"].sum().items():
        assert number == ours["cp_repeat_plans", year][0]
