"""Official figures as rows of the observation table: each is the cell that its identifier names, to the letter."""

import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import UnknownNameError
from analysis.indicators.open_figures import (
    as_figures,
    circle_of,
    find_official,
    one_release_each,
    read_official,
    read_releases,
)
from analysis.indicators.open_folder import open_folder
from analysis.sources.areas import find_area
from analysis.sources.open_data import MARKS
from analysis.sources.releases import load_releases, load_tables
from analysis.sources.store import STORE_VARIABLE
from analysis.vocabulary import COLUMNS, KEY, MEASURE, STATUSES, STATUSES_WITH_A_VALUE, WORKED_OUT
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
    rates_2024,
    repeat_plans,
)


@pytest.fixture(scope="module", autouse=True)
def own_store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORE_VARIABLE, str(tmp_path_factory.mktemp("store")))
        yield


def everything(place: Path) -> Path:
    """A folder with five made-up tables of three publications, and one of the release before."""
    rates().write(place / "cla" / RATES)
    rates_2024().write(place / "cla 2024" / RATES)
    characteristics().write(place / "cla" / CHARACTERISTICS)
    repeat_plans().write(place / "cin" / REPEAT_PLANS)
    conferences().write(place / "cin" / CONFERENCES)
    population().write(place / "ons" / POPULATION)
    return place


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return everything(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def figures(folder):
    return read_releases(folder)


# To the letter


@cache
def cells_of(path: Path) -> list[list[str]]:
    """A file as a spreadsheet shows it: row 1 is the header, an empty line is a row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def files_of(folder):
    """Where the file of each table of each release lies."""
    found = open_folder(folder)
    return {(item.release, item.table): item.path(folder) for item in found.files if item.table and item.rows}


def number_of(letters):
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def assert_its_cells_hold_what_it_quotes(figure, files):
    """Identifier, locator and quote name the same cells, and these hold the text that the quote gives."""
    release = next(item for item in load_releases().values() if figure.figure.startswith(f"{item.code}."))
    _, key, *places = figure.figure.removesuffix(".R").split(".")
    table = next(name for name, kind in load_tables().items() if kind.key == key)
    path = files[release.id, table]
    rows = cells_of(path)
    header = rows[0]
    cells = [re.fullmatch(r"([A-Z]+)(\d+)", place).groups() for place in places]
    (row,) = {int(line) for _, line in cells}
    names = [header[number_of(letters)] for letters, _ in cells]
    assert figure.locator == f"{path.name}, row {row}, column {' + '.join(names)}"
    said = [re.fullmatch(r"(.+): (\S*?)(?: \(row (\d+)\))?", part).groups() for part in figure.quote.split("; ")]
    for name, text, line in said:
        source = path
        if not {*name.split(" + ")} <= {*header}:
            source = next(where for (other, kind), where in files.items()
                          if kind == "population" and load_releases()[other].short in figure.note)  # fmt: skip
        there = cells_of(source)[(int(line) if line else row) - 1]
        found = [there[cells_of(source)[0].index(one)] for one in name.split(" + ")]
        held = found[0] if len(found) == 1 else str(sum(int(one) for one in found))
        assert held == text, (figure.figure, figure.quote)
    if not figure.figure.endswith(".R"):
        assert names[0] in [name for name, _, line in said if not line]
        own = rows[row - 1][header.index(names[0])]
        assert (pd.isna(figure.value) and own in MARKS) or float(own) == figure.value
    return path.name, row


def test_every_figure_is_the_cell_that_its_identifier_names(folder, figures):
    files = files_of(folder)
    checked = {assert_its_cells_hold_what_it_quotes(figure, files) for figure in figures.itertuples()}
    assert len(checked) > 150, "cells in many rows"


TEXTS = st.sampled_from(["6", "60", "1234", "100000", "0", "c", "z", "x", "k", "low", "u", ":", "..", ".", "~", ""])
SHARES = st.sampled_from(["28", "28.0", "5.5", "100", "0", "0.0", "c", "u", ""])


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_cells_are_quoted_to_the_letter_whatever_a_file_holds(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    names = ("Nottingham", "Cumbria")
    tables = {
        RATES: (rates(2025, names=names, regions=()), ["children_count", "population_estimate"], ["rate_per_10000"]),
        REPEAT_PLANS: (repeat_plans(2025, names=names, regions=()), ["CPP_start", "CPP_subsequent"], ["CPP_subsequent_percent"]),
        CONFERENCES: (conferences(2025, names=names, regions=()),
                      ["ICPC", "Duration_0-10_days", "Duration_11-15_days", "Duration_16-20_days", "Section47"], []),
        POPULATION: (population(2024, names=names, regions=()), ["population_estimate"], []),
    }  # fmt: skip
    for file, (made, counts, shares) in tables.items():
        table = made
        for number in range(len(made.rows)):
            new = {name: data.draw(TEXTS) for name in counts} | {name: data.draw(SHARES) for name in shares}
            table = table.put(number, **new)
        path = table.ordered(data.draw(st.permutations(table.header))).write(
            folder / file, bom=data.draw(st.booleans()), newline=data.draw(st.sampled_from(["\n", "\r\n", "\n\n"])),
            quoting=data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        )  # fmt: skip
        assert path.exists()
    files = files_of(folder)
    figures = read_releases(folder)
    assert len(figures) > 40
    for figure in figures.itertuples():
        assert_its_cells_hold_what_it_quotes(figure, files)
        assert (figure.status in {*STATUSES_WITH_A_VALUE, WORKED_OUT} - {"low_reliability"}) == pd.notna(figure.value)


def test_a_sample_of_the_real_files_to_the_letter():
    folder = shared("open-data")
    files = files_of(folder)
    rows = open_folder(folder).observations()
    every = 173
    figures = as_figures(rows.take(list(range(0, rows.num_rows, every))))
    checked = {assert_its_cells_hold_what_it_quotes(figure, files) for figure in figures.itertuples()}
    assert {name for name, _ in checked} == {*rows["file"].unique().to_pylist()}, "some of every file"
    assert figures["figure"].str.endswith(".R").sum() > 100
    assert figures["value"].isna().sum() > 100
    cells_of.cache_clear()


# The contract


def test_the_contract_of_the_observation_table_holds(figures):
    assert list(figures.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert not figures.duplicated(list(KEY)).any()
    assert not figures.duplicated([*MEASURE, "source"]).any()
    assert set(figures["status"]) <= {*STATUSES, WORKED_OUT}
    assert (figures["denominator"].dropna() > 0).all()
    assert figures["citation"].str.len().gt(20).all()
    assert figures["official"].all()


def test_one_identifier_is_one_cell(figures):
    """Two indicators may share a cell, never with another value: a rate that is worked out is not the count it is from."""
    several = figures.groupby("figure")[["value", "status", "quote", "locator"]].nunique(dropna=False)
    assert (several == 1).all().all()


def test_what_a_release_does_not_print_is_marked(figures):
    own = figures[figures["figure"].str.endswith(".R")]
    assert set(own["indicator"]) == {
        "conference_rate",
        "conference_waits",
        "icpc_in_timescale",
        "section_47_rate",
        "cp_started_rate",
    }
    worked_out = own[own["status"] == WORKED_OUT]
    assert worked_out["note"].str.startswith("Worked out here from the cells quoted").all()
    rest = own[own["status"] != WORKED_OUT]
    assert rest["note"].str.contains("cannot be worked out").all()


def test_a_sum_names_all_its_cells(figures):
    own = figures[figures["indicator"] == "icpc_in_timescale"].iloc[0]
    assert re.fullmatch(r"CIN25\.C4\.N\d+\.O\d+\.R", own["figure"])
    assert own["quote"].startswith("Duration_0-10_days + Duration_11-15_days: ")
    assert own["locator"].endswith("column Duration_0-10_days + Duration_11-15_days")


def test_counts_of_regions_are_said_to_be_rounded(figures):
    wide = figures["geographic_level"] != "Local authority"
    has_count = figures["numerator"].notna()
    assert figures.loc[wide & has_count, "note"].str.contains("rounded to the nearest 10").all()
    assert not figures.loc[~wide, "note"].str.contains("rounded").any()


def test_a_known_gap_stands_beside_the_figures_it_touches(tmp_path):
    repeat_plans(2024, 2025).write(tmp_path / REPEAT_PLANS)
    figures = read_releases(tmp_path, areas=[find_area("Hampshire").code], indicators=["cp_repeat_plans"])
    caveats = figures.set_index("period")["caveat"]
    assert caveats["2023-24"] == "A known gap: Hampshire: the figures of 2024 are marked as of low reliability (u)."
    assert caveats["2024-25"] == ""


# Finding one


def test_a_figure_is_found_by_its_identifier(folder, figures):
    for name in (
        figures["figure"].iloc[0],
        figures["figure"].iloc[-1],
        *figures.loc[figures["figure"].str.endswith(".R"), "figure"][:2],
    ):
        found = find_official(folder, name)
        assert set(found["figure"]) == {name}
        assert len(found) == (figures["figure"] == name).sum()


@pytest.mark.parametrize(
    "name",
    ["CLA25.NR.M9999", "CLA99.NR.M5", "CLA25.NR", "CLA25", "", "CLA25.NR.M5.R", "NCS21.011", "....", "CLA25.ZZ.M5"],
)
def test_what_is_no_figure_is_not_found(folder, name):
    found = find_official(folder, name)
    assert found.empty
    assert list(found.columns[: len(COLUMNS)]) == list(COLUMNS)


# Several releases


def test_of_two_releases_the_latest_or_the_first(tmp_path):
    """2024 stands in both: the newer release changed a count."""
    at = {"time_period": "2024", "la_name": "Derby"}
    newer, older = rates(2024, 2025), rates_2024(2023, 2024)
    newer = newer.put(
        newer.number(**at, population_type="Children starting to be looked after each year"), children_count="77"
    )
    newer.write(tmp_path / "b" / RATES)
    older.write(tmp_path / "a" / RATES)
    choice = {"areas": [find_area("Derby").code], "indicators": ["cla_started_number"]}
    latest = read_official(tmp_path, **choice).set_index("period")
    first = read_official(tmp_path, **choice, as_published="first").set_index("period")
    assert latest["source"].to_dict() == {"2022-23": "cla_2024", "2023-24": "cla_2025", "2024-25": "cla_2025"}
    assert first["source"].to_dict() == {"2022-23": "cla_2024", "2023-24": "cla_2024", "2024-25": "cla_2025"}
    assert latest.loc["2023-24", "value"] == 77
    assert first.loc["2023-24", "value"] != 77
    assert len(read_releases(tmp_path, **choice)) == 4


def test_what_the_latest_release_hides_is_shown_from_none(tmp_path):
    at = {"time_period": "2024", "la_name": "Derby"}
    newer = rates(2024, 2025)
    hidden = newer.number(**at, population_type="Children starting to be looked after each year")
    newer.put(hidden, children_count="c", rate_per_10000="c").write(tmp_path / "b" / RATES)
    rates_2024(2023, 2024).write(tmp_path / "a" / RATES)
    for which in ("latest", "first"):
        rows = read_official(tmp_path, areas=[find_area("Derby").code], as_published=which)
        own = rows[rows["period"].eq("2023-24") & rows["indicator"].isin(["cla_started_number", "cla_started_rate"])]
        assert own["status"].tolist() == ["suppressed", "suppressed"], which
        assert own[["value", "numerator"]].isna().all().all()
        assert rows.loc[rows["period"].eq("2023-24") & rows["indicator"].eq("cla_rate"), "value"].notna().all()


def test_the_order_of_rows_decides_nothing(figures):
    mixed = figures.sample(frac=1, random_state=7)
    for which in ("latest", "first"):
        one = one_release_each(figures, as_published=which).sort_values("figure", ignore_index=True)
        other = one_release_each(mixed, as_published=which).sort_values("figure", ignore_index=True)
        pd.testing.assert_frame_equal(one, other)
        assert not one.duplicated(list(MEASURE)).any()


def test_another_word_than_latest_and_first_is_refused(folder):
    with pytest.raises(UnknownNameError, match="Did you mean first"):
        read_official(folder, as_published="firts")


def test_nothing_is_found_of_an_area_without_rows(folder):
    found = read_official(folder, areas=["E06000099"])
    assert found.empty
    assert found["value"].dtype == float


def test_the_circle_of_an_area_is_whom_it_is_read_with():
    assert [*map(str, circle_of(find_area("Camden"), ["E09000012", "E09000007"]))] == [
        "E09000007", "E13000001", "E12000007", "E92000001", "E09000012",
    ]  # fmt: skip
    assert {find_area(name).code for name in ("Cumbria", "Cumberland")} <= set(circle_of(find_area("Cumberland")))
    assert {find_area(name).code for name in ("Cumberland", "Westmorland and Furness")} <= set(
        circle_of(find_area("Cumbria"))
    )
