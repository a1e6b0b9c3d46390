"""A folder of official files: what each file is, what is left out, and that the others are read all the same."""

import zipfile

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.indicators.open_folder import check_folder, left_out, open_folder
from analysis.sources.store import STORE_VARIABLE
from conftest import shared
from open_cases import (
    CONFERENCES,
    NEIGHBOURS,
    POPULATION,
    RATES,
    REPEAT_PLANS,
    conferences,
    neighbours_list,
    population,
    rates,
    repeat_plans,
)


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "store"))


def reports(folder):
    return {item.name: item for item in check_folder(folder)}


def test_each_file_is_described(tmp_path):
    rates(2024, 2025).write(tmp_path / "a" / RATES)
    population(2024).write(tmp_path / POPULATION)
    (tmp_path / NEIGHBOURS).write_text(neighbours_list(), encoding="utf-8")
    (tmp_path / "las.csv").write_text("new_la_code,la_name\nE06000018,Nottingham\n", encoding="utf-8")
    found = reports(tmp_path)
    assert set(found) == {f"a/{RATES}", POPULATION, NEIGHBOURS, "las.csv"}
    table = found[f"a/{RATES}"]
    assert (table.release, table.table, table.rows) == ("cla_2025", "cla_rates", 60)
    assert table.periods == "2023-24 to 2024-25"
    assert table.levels == "England 6, regions 18, authorities 36"
    assert found[POPULATION].periods == "2024-06-30"
    assert (found[NEIGHBOURS].is_neighbours, found[NEIGHBOURS].rows) == (True, 10)
    assert (found["las.csv"].rows, found["las.csv"].left_out, found["las.csv"].missing) == (0, [], [])
    assert table.path(tmp_path) == tmp_path / "a" / RATES


def test_one_bad_file_leaves_the_others_alone(tmp_path):
    rates().put(3, children_count="1,234").write(tmp_path / RATES)
    repeat_plans().write(tmp_path / REPEAT_PLANS)
    (tmp_path / CONFERENCES).write_text("<html>Sorry</html>", encoding="utf-8")
    (tmp_path / "release.zip").write_bytes(b"PK\x05\x06broken")
    found = open_folder(tmp_path)
    assert set(found.observations()["indicator"].unique().to_pylist()) == {"cp_repeat_plans", "cp_started_number"}
    words = left_out(found)
    assert len(words) == 3
    assert f"{RATES}, row 5, column 'children_count': found '1,234'" in "\n".join(words)
    assert ("cin_2025", "plans_subsequent") in {(item.release, item.table) for item in found.files}


def test_a_bad_list_of_neighbours_leaves_the_tables_alone(tmp_path):
    rates().write(tmp_path / RATES)
    (tmp_path / NEIGHBOURS).write_text(neighbours_list().replace("831", "999"), encoding="utf-8")
    found = open_folder(tmp_path)
    assert found.members.empty
    assert "999" in "\n".join(left_out(found))
    assert found.observations().num_rows > 100


def test_neighbours_inside_an_archive_are_read(tmp_path):
    rates().write(tmp_path / RATES)
    with zipfile.ZipFile(tmp_path / "lists.zip", "w") as out:
        out.writestr(f"lists/2025/{NEIGHBOURS}", neighbours_list())
    inside = open_folder(tmp_path).members
    (tmp_path / "lists.zip").unlink()
    (tmp_path / NEIGHBOURS).write_text(neighbours_list(), encoding="utf-8")
    pd.testing.assert_frame_equal(inside, open_folder(tmp_path).members)
    assert len(inside) == 10


def test_where_nothing_can_be_read_every_reason_is_given(tmp_path):
    (tmp_path / RATES).write_text("", encoding="utf-8")
    (tmp_path / REPEAT_PLANS).write_text("<html></html>", encoding="utf-8")
    with pytest.raises(DataError) as error:
        open_folder(tmp_path)
    message = str(error.value)
    assert "holds no file that can be read" in message
    assert f"{RATES}, the file: found an empty file" in message
    assert f"{REPEAT_PLANS}, the file: found a web page" in message
    assert "analysis check" in message
    assert [bool(item.left_out) for item in check_folder(tmp_path)] == [True, True]


def test_where_no_file_is_known_the_known_ones_are_named(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="Its files are none of: DfE, Children in need, 2024 release"):
        open_folder(tmp_path)


def test_neighbours_alone_are_no_figures(tmp_path):
    (tmp_path / NEIGHBOURS).write_text(neighbours_list(), encoding="utf-8")
    with pytest.raises(DataError, match="holds no file that can be read"):
        open_folder(tmp_path)


def test_a_copy_of_a_file_is_no_fault(tmp_path):
    for place in ("a", "b"):
        rates().write(tmp_path / place / RATES)
    found = reports(tmp_path)
    assert found[f"b/{RATES}"].is_a == f"a copy of a/{RATES}, which is read instead"
    assert not any(item.left_out for item in found.values())
    assert open_folder(tmp_path).observations().num_rows == 120


def test_two_files_for_one_table_are_both_left_out(tmp_path):
    rates().write(tmp_path / "a" / RATES)
    rates().put(1, children_count="5").write(tmp_path / "b" / RATES)
    population().write(tmp_path / POPULATION)
    found = open_folder(tmp_path)
    assert [item.name for item in found.files if item.left_out] == [f"a/{RATES}", f"b/{RATES}"]
    assert found.observations()["indicator"].unique().to_pylist() == ["children_population"]


def test_an_archive_and_a_folder_hold_the_same_figures(tmp_path):
    tables = {RATES: rates(), REPEAT_PLANS: repeat_plans(), CONFERENCES: conferences(), POPULATION: population()}
    for name, made in tables.items():
        made.write(tmp_path / "plain" / name)
    (tmp_path / "zipped").mkdir()
    with zipfile.ZipFile(tmp_path / "zipped" / "all.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for name, made in tables.items():
            out.writestr(f"data/{name}", made.text())
            out.writestr(f"data/{name.replace('.csv', '.meta.csv')}", "col_name,col_type\na,Filter\n")
    plain, zipped = (
        open_folder(tmp_path / place).observations().to_pandas().astype(str).drop(columns="file") for place in ("plain", "zipped")
    )  # fmt: skip
    keys = ["indicator", "area_code", "period", "breakdown"]
    pd.testing.assert_frame_equal(
        plain.sort_values(keys, ignore_index=True), zipped.sort_values(keys, ignore_index=True)
    )
    item = open_folder(tmp_path / "zipped").files[0]
    assert item.path(tmp_path / "zipped") == tmp_path / "zipped" / "all.zip"


def test_a_missing_authority_is_said_and_the_file_is_read(tmp_path):
    rates(2025).write(tmp_path / RATES)
    (item,) = check_folder(tmp_path)
    assert item.rows == 30
    (words,) = item.missing
    assert words.startswith(f"{RATES}, the rows: found none for Barking and Dagenham")
    assert "and 143 more in 2024-25" in words


def test_the_real_folder_is_read_whole():
    found = open_folder(shared("open-data"))
    assert left_out(found) == []
    releases = {item.release for item in found.files if item.table}
    assert releases == {"cla_2024", "cla_2025", "cin_2024", "cin_2025", "ons_2024", "ons_2025", "sch_2022", "cen_2021"}
    assert found.members.groupby("model").size().to_dict() == {"2021": 1_560, "2025": 1_530}
