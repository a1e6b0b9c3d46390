"""Cells of official files as numbers, statuses, areas and periods; what a file lacks, and what forbids to read it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sources.areas import find_area, local_authorities
from analysis.sources.open_data import MARKS, OpenTable, cell_column, read_table
from analysis.sources.open_files import look_at_folder
from analysis.sources.releases import SYMBOLS
from conftest import shared
from open_cases import (
    CHARACTERISTICS,
    CONFERENCES,
    POPULATION,
    RATES,
    REPEAT_PLANS,
    characteristics,
    conferences,
    population,
    rates,
    repeat_plans,
)

EVERY_SYMBOL = {
    "c": "suppressed", "z": "not_applicable", "x": "not_available", "k": "rounds_to_zero", "low": "rounds_to_zero",
    "u": "low_reliability", ":": "not_available", "..": "not_available", ".": "not_applicable", "~": "rounds_to_zero",
}  # fmt: skip


def read(folder, made, name=RATES):
    """The one table of a folder, or every problem in words."""
    path = made.write(folder / name)
    (one,) = look_at_folder(folder)
    table = read_table(one.file)
    path.unlink()
    if isinstance(table, OpenTable):
        return table
    return "\n".join(problem.words(one.name) for problem in table)


def column(table, name):
    numbers = table.numbers[name]
    return [None if np.isnan(value) else value for value in numbers.value]


# Numbers and symbols


def test_every_symbol_is_known():
    assert dict(SYMBOLS) == EVERY_SYMBOL


@pytest.mark.parametrize("symbol", [*EVERY_SYMBOL, ""])
@pytest.mark.parametrize("name", ["children_count", "rate_per_10000", "population_estimate"])
def test_a_symbol_or_a_blank_is_no_number(tmp_path, symbol, name):
    table = read(tmp_path, rates().put(7, **{name: symbol}))
    ours = {"children_count": "count", "rate_per_10000": "rate", "population_estimate": "population"}[name]
    numbers = table.numbers[ours]
    assert np.isnan(numbers.value[7])
    assert MARKS[numbers.mark[7]] == symbol
    others = np.delete(np.arange(60), 7)
    assert np.isfinite(numbers.value[others]).all()
    assert (numbers.mark[others] == -1).all()


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.sampled_from(["0", "7", "28", "28.5", "100", *MARKS]), min_size=20, max_size=20))
def test_a_cell_is_either_a_number_or_a_mark(tmp_path_factory, texts):
    made = repeat_plans()
    for number, text in enumerate(texts):
        made = made.put(number, CPP_subsequent_percent=text)
    numbers = read(tmp_path_factory.mktemp("any"), made, REPEAT_PLANS).numbers["subsequent_percent"]
    for text, value, mark, printed in zip(texts, numbers.value, numbers.mark, numbers.printed, strict=True):
        if text in MARKS:
            assert np.isnan(value)
            assert MARKS[mark] == text
        else:
            assert (float(text), -1, len(text.partition(".")[2])) == (value, mark, printed)


def test_a_column_has_as_many_decimals_as_its_longest_number(tmp_path):
    """A file writes 28 for 28.0: the column, not the cell, says how many decimals are known."""
    table = read(tmp_path, repeat_plans().put(0, CPP_subsequent_percent="28"), REPEAT_PLANS)
    percent = table.numbers["subsequent_percent"]
    assert set(percent.decimals) == {1}
    assert (percent.value[0], percent.printed[0]) == (28.0, 0)
    assert set(table.numbers["started"].decimals) == {0}
    assert set(read(tmp_path, rates()).numbers["rate"].decimals) == {0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234", "a whole number"), ("1 234", "a whole number"), ("1.234", "a whole number"), ("12.0", "a whole number"),
        (" 12", "a whole number"), ("12 ", "a whole number"), ("12%", "a whole number"), ("-12", "a whole number"),
        ("+12", "a whole number"), ("1e3", "a whole number"), ("0x1F", "a whole number"), ("1_000", "a whole number"),
        ("nan", "a whole number"), ("inf", "a whole number"), ("NA", "a whole number"), ("C", "a whole number"),
        ("c ", "a whole number"), ("q", "a whole number"), ("\N{ARABIC-INDIC DIGIT THREE}", "a whole number"),
    ],
)  # fmt: skip
def test_what_is_no_count_is_named_with_row_and_column(tmp_path, text, expected):
    problems = read(tmp_path, rates().put(7, children_count=text))
    assert problems.count("\n") == 0
    assert f"{RATES}, row 9, column 'children_count': found {text!r}, expected {expected}, or one of c z x" in problems
    assert "no thousands separator" in problems


@pytest.mark.parametrize("text", ["100.1", "1,5", "15 %", "-0.1", "1e1"])
def test_what_is_no_percentage_is_named(tmp_path, text):
    problems = read(tmp_path, repeat_plans().put(3, CPP_subsequent_percent=text), REPEAT_PLANS)
    assert f"row 5, column 'CPP_subsequent_percent': found {text!r}, expected a percentage from 0 to 100" in problems


def test_every_wrong_cell_is_listed_up_to_a_limit(tmp_path):
    made = rates().put(2, children_count="a").put(5, rate_per_10000="b").put(9, population_estimate="1,0")
    problems = read(tmp_path, made)
    assert [f"row {row}" in problems for row in (4, 7, 11)] == [True] * 3
    spoiled = rates()
    for number in range(60):
        spoiled = spoiled.put(number, children_count="a lot")
    assert read(tmp_path, spoiled).count("\n") + 1 == 20


def test_row_numbers_of_problems_count_empty_lines(tmp_path):
    lines = rates().put(7, children_count="?").text().splitlines()
    (tmp_path / RATES).write_text("\n".join([lines[0], "", "", *lines[1:]]), encoding="utf-8")
    (one,) = look_at_folder(tmp_path)
    (problem,) = read_table(one.file)
    assert problem.row == 11


# Areas


def test_every_level_is_read_with_its_code_of_today(tmp_path):
    table = read(tmp_path, rates(2025))
    names = [table.area.names[code] for code in table.area.codes[::3]]
    assert names == [
        find_area(name).code
        for name in ("England", "East Midlands", "Inner London", "London", "Nottingham", "Derby", "Hampshire", "Camden",
                     "Cumbria", "Cumberland")
    ]  # fmt: skip


def test_a_code_of_the_time_is_one_with_the_code_of_today(tmp_path):
    """The DfE number decides; an older nine-character code beside it changes nothing."""
    made = rates(2025, names=("Somerset", "Nottingham"))
    old = made.put(made.number(la_name="Somerset", population_type="Children starting to be looked after each year"),
                   new_la_code="E10000027")  # fmt: skip
    assert read(tmp_path, old).area.names == read(tmp_path, made).area.names


def test_an_unknown_authority_is_named(tmp_path):
    at = rates().number(
        time_period="2025", la_name="Derby", population_type="Children ceasing to be looked after each year"
    )
    problems = read(tmp_path, rates().put(at, old_la_code="999"))
    assert f"row {at + 2}, old_la_code: found '999', expected an area of data/reference/areas.csv" in problems
    assert "A new authority needs a row there" in problems


def test_an_unknown_region_or_level_is_named(tmp_path):
    at = rates().number(time_period="2025", region_name="London", geographic_level="Regional",
                        population_type="Children ceasing to be looked after each year")  # fmt: skip
    assert f"row {at + 2}, old_la_code: found 'E12000099'" in read(tmp_path, rates().put(at, region_code="E12000099"))
    problems = read(tmp_path, rates().put(at, geographic_level="Ward"))
    assert f"row {at + 2}, geographic_level: found 'Ward', expected National, Regional or Local authority" in problems


def test_rows_of_commas_only_are_no_rows(tmp_path):
    blank = dict.fromkeys(rates().header, "")
    made = rates()
    assert "row 62, geographic_level: found ''" in read(tmp_path, type(made)(made.header, [*made.rows, blank]))


# Periods


def test_periods_have_their_canonical_labels(tmp_path):
    assert read(tmp_path, rates(2016, 2025)).period.names == ["2015-16", "2024-25"]
    assert read(tmp_path, rates(2000, 2025)).period.names == ["1999-00", "2024-25"]
    assert read(tmp_path, population(2023, 2024), POPULATION).period.names == ["2023-06-30", "2024-06-30"]


@pytest.mark.parametrize("text", ["soon", "202425", "25", "", "2025 ", "0025", "\N{FULLWIDTH DIGIT TWO}025"])
def test_a_time_period_of_another_form_is_named(tmp_path, text):
    problems = read(tmp_path, rates().put(35, time_period=text))
    assert f"row 37, time_period: found {text!r}, expected a year such as 2025" in problems


# Labels


def test_an_unknown_label_is_named_once_with_the_nearest(tmp_path):
    made = rates()
    rows = [row | {"population_type": row["population_type"].replace("starting", "beginning")} for row in made.rows]
    problems = read(tmp_path, type(made)(made.header, rows))
    assert problems.count("\n") == 0
    assert "row 3, column 'population_type': found 'Children beginning to be looked after each year'" in problems
    assert "the nearest is 'Children " in problems
    assert "docs/adding-a-release.md" in problems


def test_rows_that_a_map_skips_are_not_read(tmp_path):
    made = characteristics()
    extra = [row | {"characteristic": "LA of placement", "breakdown": "1. Own LA children placed internally within the local authority boundary"}
             for row in made.rows[:3]]  # fmt: skip
    table = read(tmp_path, type(made)(made.header, [*extra, *made.rows]), CHARACTERISTICS)
    assert table.line.tolist() == list(range(5, 5 + len(made.rows)))
    assert set(table.filters["topic"].names) >= {"Age group", "Gender"}


def test_thousands_of_rows_of_other_breakdowns(tmp_path):
    """Only the rows that a map knows count, and every one is numbered by its place in the file."""
    made = characteristics(2025)
    skipped = [
        row | {"characteristic": "LA of placement", "children_count": str(number),
               "breakdown": "2. Other LA children externally placed within the local authority boundary"}
        for number in range(200) for row in made.rows
    ]  # fmt: skip
    table = read(tmp_path, type(made)(made.header, [*skipped, *made.rows]), CHARACTERISTICS)
    assert len(skipped) > 3_000
    assert table.line.tolist() == [len(skipped) + 2 + number for number in range(len(made.rows))]
    assert column(table, "count") == [float(row["children_count"]) for row in made.rows]


# Rows


def test_duplicated_rows_are_named_with_their_twins(tmp_path):
    made = rates()
    problems = read(
        tmp_path, type(made)(made.header, [*made.rows, made.rows[4], made.rows[9] | {"children_count": "1"}])
    )
    assert "row 62, the row: found the same area, year and labels as row 6" in problems
    assert "row 63, the row: found the same area, year and labels as row 11" in problems


def everybody(*years, **more):
    """A table with a row for every authority that existed at the end of any of these years."""
    return rates(*years, names=tuple(area.name for area in local_authorities()), regions=(), **more)


def test_nothing_is_missing_where_every_authority_is_there(tmp_path):
    assert read(tmp_path, everybody(2024, 2025)).missing == ()


def test_a_missing_authority_is_named_and_the_others_are_read(tmp_path):
    made = everybody(2024, 2025).only(lambda row: (row["la_name"], row["time_period"]) != ("Camden", "2025"))
    table = read(tmp_path, made)
    (problem,) = table.missing
    assert problem.found == "none for Camden in 2024-25"
    assert "cut off" in problem.action
    assert len(table.line) == len(made.rows)


def test_a_file_cut_at_the_end_of_a_line_says_what_is_missing(tmp_path):
    """Years stand one below the other, the last one first: a cut takes authorities out of an early year."""
    made = everybody(2025, 2024)
    cut = type(made)(made.header, made.rows[: 3 * 158 + 1 + 3 * 100])
    found = [problem.found for problem in read(tmp_path, cut).missing]
    assert any(text.startswith("none for ") and "and " in text and text.endswith("more in 2023-24") for text in found)
    assert any(text.startswith("1 of ") and "in 2023-24" in text for text in found), "the authority in the middle"


def test_abolished_authorities_are_missed_in_their_own_years_only(tmp_path):
    made = everybody(2022, 2025).only(lambda row: row["la_name"] not in ("Cumbria", "Cumberland"))
    assert [problem.found for problem in read(tmp_path, made).missing] == [
        "none for Cumbria in 2021-22", "none for Cumberland in 2024-25",
    ]  # fmt: skip


def test_years_before_the_register_are_read_without_a_verdict(tmp_path):
    table = read(tmp_path, rates(2001, 2025))
    assert "2000-01" in table.period.names
    assert not any("2000-01" in problem.found for problem in table.missing)


def test_a_table_that_lacks_a_column_it_may_lack(tmp_path):
    numbers = read(tmp_path, conferences(), CONFERENCES).numbers
    assert "enquiries_rate" not in numbers
    assert "days_0_to_10" in numbers


# Letters


def test_letters_of_columns_are_those_of_a_spreadsheet():
    letters = [chr(ord("A") + at) for at in range(26)]
    names = [*letters, *("".join(pair) for pair in product(letters, letters)), "AAA", "AAB"]
    header = tuple(f"column {number}" for number in range(len(names)))
    assert [cell_column(header, name) for name in header] == names


# The real files


@pytest.fixture(scope="module")
def real():
    tables = [read_table(one.file) for one in look_at_folder(shared("open-data")) if one.file]
    assert all(isinstance(table, OpenTable) for table in tables)
    return tables


def test_the_real_files_lack_nothing_but_two_abolished_authorities(real):
    missing = {(table.file.path.name, problem.found) for table in real for problem in table.missing}
    assert {found for _, found in missing} == {
        "none for Cumbria, Northamptonshire in 2020-21", "none for Cumbria in 2021-22, 2022-23",
    }  # fmt: skip
    assert {name for name, _ in missing} == {"cla_on_31_march_by_characteristics_tidied.csv"}


def test_every_cell_of_the_real_files_is_a_number_or_a_mark(real):
    cells = 0
    for table in real:
        for name, numbers in table.numbers.items():
            assert (np.isnan(numbers.value) == (numbers.mark >= 0)).all(), (table.file.name, name)
            cells += len(numbers.value)
    assert cells > 250_000


def test_counts_of_regions_and_of_england_end_in_nought(real):
    """National and regional counts are multiples of ten; the smallest count of an authority that is not hidden is 6."""
    smallest = []
    for table in real:
        if table.file.kind.publication not in ("children_looked_after", "children_in_need"):
            continue
        wide = np.array([name.startswith(("E92", "E12", "E13")) for name in table.area.names])[table.area.codes]
        for name, numbers in table.numbers.items():
            if name.endswith(("rate", "percent", "population")):
                continue
            known = np.isfinite(numbers.value)
            assert (numbers.value[known & wide] % 10 == 0).all(), (table.file.name, name)
            own = numbers.value[known & ~wide]
            smallest += [own[own > 0].min()]
    assert min(smallest) == 6
