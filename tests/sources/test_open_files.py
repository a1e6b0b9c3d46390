"""Which table of which release a file is, and what is said of a file that is none: never a traceback, always its name."""

import csv
import zipfile

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.sources import open_files
from analysis.sources.open_files import header_of, look_at_folder, read_bytes
from conftest import shared
from open_cases import (
    BOM,
    CHARACTERISTICS,
    CONFERENCES,
    NEIGHBOURS,
    POPULATION,
    RATES,
    REPEAT_PLANS,
    characteristics,
    conferences,
    neighbours_list,
    population,
    rates,
    rates_2024,
    repeat_plans,
)


def only(folder):
    (one,) = look_at_folder(folder)
    return one


def said(folder):
    """What is wrong with the one file of a folder, as a person reads it."""
    return "\n".join(problem.words(one.name) for one in look_at_folder(folder) for problem in one.problems)


def archive(path, **members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path


# What a file is


@pytest.mark.parametrize(
    ("name", "made", "table", "release"),
    [
        (RATES, rates(), "cla_rates", "cla_2025"),
        (RATES, rates_2024(), "cla_rates", "cla_2024"),
        (POPULATION, population(), "population", "ons_2025"),
        (POPULATION, population(2022, 2023), "population", "ons_2024"),
        (REPEAT_PLANS, repeat_plans(), "plans_subsequent", "cin_2025"),
        (CONFERENCES, conferences(), "section_47_and_conferences", "cin_2025"),
        (CHARACTERISTICS, characteristics(), "cla_characteristics", "cla_2025"),
        (RATES.upper(), rates(), "cla_rates", "cla_2025"),
        ("cla_number_and_rate_per_10k_children (1).csv", rates(), "cla_rates", "cla_2025"),
    ],
)
def test_a_table_is_known_by_its_name_and_its_last_year(tmp_path, name, made, table, release):
    made.write(tmp_path / "any folder" / name)
    one = only(tmp_path)
    assert (one.file.table, one.file.release.id) == (table, release)
    assert not one.problems
    assert one.file.release.short in one.is_a


def test_a_table_under_another_name_is_known_by_its_columns(tmp_path):
    rates().write(tmp_path / "download.csv")
    repeat_plans().write(tmp_path / "plans again.csv")
    tables = {one.name: one.file.table for one in look_at_folder(tmp_path)}
    assert tables == {"download.csv": "cla_rates", "plans again.csv": "plans_subsequent"}


def test_tables_that_cannot_be_told_apart_by_columns_are_not_guessed(tmp_path):
    characteristics().write(tmp_path / "download.csv")
    one = only(tmp_path)
    assert one.file is None
    assert one.is_a == "not a table that is read here"
    assert not one.problems


def test_any_other_csv_file_is_no_fault(tmp_path):
    (tmp_path / "las.csv").write_text("new_la_code,la_name\nE06000018,Nottingham\n", encoding="utf-8")
    rates().write(tmp_path / RATES)
    (tmp_path / "read me.txt").write_text("not looked at", encoding="utf-8")
    looked = {one.name: one for one in look_at_folder(tmp_path)}
    assert set(looked) == {"las.csv", RATES}
    assert looked["las.csv"].is_a == "not a table that is read here"
    assert not looked["las.csv"].problems


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(rates().header), bom=st.booleans(), crlf=st.booleans(), quoted=st.booleans())
def test_order_of_columns_byte_order_mark_and_line_ends_do_not_matter(tmp_path_factory, order, bom, crlf, quoted):
    folder = tmp_path_factory.mktemp("any")
    made = rates(names=("Nottingham",)).ordered(order)
    newline, quoting = "\r\n" if crlf else "\n", csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    made.write(folder / RATES, bom=bom, newline=newline, quoting=quoting)
    file = only(folder).file
    assert file.header == tuple(order)
    assert file.cells["children_count"].to_pylist() == [row["children_count"] for row in made.rows]


def test_the_real_files_are_what_their_folders_say():
    folder = shared("open-data")
    looked = look_at_folder(folder)
    assert [one.name for one in looked if one.problems] == []
    releases = {"children-looked-after": "cla", "children-in-need": "cin"}
    for one in looked:
        publication, _, year = one.name.rpartition("/")[0].partition("/")
        if year:
            assert one.file.release.id == f"{releases[publication]}_{year}", one.name
    assert sum(one.file is not None for one in looked) >= 21
    assert sorted(one.model for one in looked if one.model) == ["2021", "2025"]


# Archives


def test_an_archive_with_folders_and_descriptions_of_columns(tmp_path):
    members = {
        f"data/{RATES}": rates().text(),
        f"data/{RATES.replace('.csv', '.meta.csv')}": "col_name,col_type\nchildren_count,Indicator\n",
        f"data/{REPEAT_PLANS}": BOM.decode() + repeat_plans().text(newline="\r\n"),
        "read me.txt": "hello",
        f"__MACOSX/data/._{RATES}": b"\0\5\x16\7",
        f"data/._{REPEAT_PLANS}": b"\0\5\x16\7",
    }
    archive(tmp_path / "release.zip", **members)
    looked = {one.name: one for one in look_at_folder(tmp_path)}
    assert {name: one.file.table for name, one in looked.items()} == {
        f"release.zip/data/{RATES}": "cla_rates", f"release.zip/data/{REPEAT_PLANS}": "plans_subsequent",
    }  # fmt: skip
    file = looked[f"release.zip/data/{RATES}"].file
    assert bytes(file.content()).decode() == rates().text()


def test_a_description_of_columns_beside_its_table_is_no_table(tmp_path):
    rates().write(tmp_path / RATES)
    (tmp_path / RATES.replace(".csv", ".meta.csv")).write_text(
        "col_name,col_type,label\na,Filter,b\n", encoding="utf-8"
    )
    looked = {one.name: one for one in look_at_folder(tmp_path)}
    beside = looked[RATES.replace(".csv", ".meta.csv")]
    assert beside.is_a == "a description of the columns of another file"
    assert not beside.problems
    assert looked[RATES].file is not None


def test_an_archive_without_a_table_is_named(tmp_path):
    archive(tmp_path / "a.zip", **{"read me.txt": "hello"})
    assert only(tmp_path).is_a == "an archive without a CSV file"


def broken_archive(path, how):
    archive(path, **{RATES: rates(*range(2016, 2026)).text()})
    content = bytearray(path.read_bytes())
    if how == "cut off":
        path.write_bytes(content[: len(content) // 2])
    elif how == "spoiled":
        middle = len(content) // 2
        content[middle : middle + 50] = bytes(50)
        path.write_bytes(content)
    elif how == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(b"<html>Service unavailable</html>")


@pytest.mark.parametrize("how", ["cut off", "spoiled", "empty", "a web page"])
def test_a_broken_archive_is_one_message(tmp_path, how):
    broken_archive(tmp_path / "release.zip", how)
    assert said(tmp_path).startswith("release.zip")
    assert "a broken archive" in said(tmp_path)
    assert "Download it again" in said(tmp_path)


def test_a_list_of_neighbours_is_known_inside_and_outside_an_archive(tmp_path):
    (tmp_path / NEIGHBOURS).write_text(neighbours_list(), encoding="utf-8")
    archive(tmp_path / "b.zip", **{f"lists/{NEIGHBOURS}": neighbours_list()})
    assert [(one.model, one.inside) for one in look_at_folder(tmp_path)] == [
        ("2025", f"lists/{NEIGHBOURS}"), ("2025", ""),
    ]  # fmt: skip


# What is no table


def put(change):
    """A spoiled copy of the rates, as bytes."""
    text = change(rates().text())
    return text if isinstance(text, bytes) else text.encode()


def cells(number, **new):
    return lambda _: rates().put(number, **new).text()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda t: "", ["an empty file"]),
        (lambda t: "\n\n \n", ["an empty file"]),
        (lambda t: t.splitlines()[0], ["no row under its header"]),
        (lambda t: t.splitlines()[0] + "\r\n", ["no row under its header"]),
        (lambda t: "\n" + t, ["row 1, the header", "found nothing"]),
        (lambda t: "<!DOCTYPE html>\n<html><body>Sorry</body></html>", ["a web page", "error page"]),
        (lambda t: "\n <!-- x --><html></html>", ["a web page"]),
        (lambda t: '<?xml version="1.0"?><Error/>', ["a web page"]),
        (lambda t: "PK\x03\x04rest", ["a binary file"]),
        (lambda t: b"\x1f\x8b\x08\x00" + bytes(range(256)), ["a binary file"]),
        (lambda t: bytes(range(256)) * 20, ["a binary file"]),
        (lambda t: t.encode("utf-16"), ["UTF-16", "UTF-8"]),
        (lambda t: t.replace("starting", "st\u00e4rting", 1).encode("cp1252"), ["row 3", "not UTF-8", "xe4"]),
        (lambda t: t.replace(",", ";"), ["row 1, the header", "one column", "parted by commas"]),
        (lambda t: t[:-20], ["row 61", "11 cells", "14 cells", "cut off"]),
        (lambda t: t.replace("Nottingham", "Notting,ham", 1), ["row 14", "15 cells", "quotation marks"]),
        (lambda t: t.replace("Nottingham", '"Nottingham', 1), ["row 14", "a quotation mark is not closed"]),
        (lambda t: t.replace(",Derby,", ',"Derby,', 1) + "x" * 200_000, ["row 17"]),
        (lambda t: t.replace("time_period", "year", 1), ["column 'time_period'", "no such column"]),
        (lambda t: t.replace("\n2024,", "\nsoon,").replace("\n2025,", "\n,"), ["column 'time_period'", "'soon'"]),
        (lambda t: t.replace("geographic_level", "level", 1), ["column 'geographic_level'", "nothing"]),
        (lambda t: t.replace("old_la_code", "la_code", 1), ["column 'old_la_code'", "nothing"]),
        (lambda t: t.replace("children_count", "children", 1),
         ["column 'children_count'", "cla_2025", "does not know: 'children'"]),
        (lambda t: t.replace("la_name", "children_count", 1), ["column 'children_count'", "found it twice"]),
        (lambda t: t.replace("la_name", "time_period", 1), ["column 'time_period'", "found it twice"]),
    ],
)  # fmt: skip
def test_what_is_no_table_is_one_message(tmp_path, spoil, says):
    (tmp_path / RATES).write_bytes(put(spoil))
    message = said(tmp_path)
    assert message.startswith(RATES)
    for words in says:
        assert words in message, message


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=400))
def test_whatever_a_file_holds_there_is_no_traceback(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    header = ",".join(rates().header).encode()
    for name, start in ((RATES, b""), (REPEAT_PLANS, header + b"\n"), (POPULATION, header[: len(content)])):
        (folder / name).write_bytes(start + content)
    assert len(look_at_folder(folder)) == 3


def test_columns_of_another_release_are_named_as_such(tmp_path):
    rates_2024(2024, 2025).write(tmp_path / RATES)
    message = said(tmp_path)
    assert "column 'population_type': found nothing, expected this column, as cla_2025 says" in message
    assert "These are the columns of cla_2024" in message


def test_a_release_without_a_map_names_the_nearest_one_and_what_differs(tmp_path):
    names = {"population_type": "cla_group", "children_count": "headcount"}
    rates(2025, 2026).renamed(names).write(tmp_path / RATES)
    message = said(tmp_path)
    assert "found the 2026 release, which has no map" in message
    assert "the nearest is cla_2025" in message
    assert "it has no 'population_type', 'children_count'" in message
    assert "'cla_group', 'headcount'" in message
    assert "Write cla_2026.yml, like: cla_2025 (docs/adding-a-release.md)" in message


def test_a_year_before_all_maps_finds_the_nearest_too(tmp_path):
    rates_2024(2018, 2019).write(tmp_path / RATES)
    assert "the 2019 release, which has no map" in said(tmp_path)
    assert "the nearest is cla_2024, and its map fits all columns" in said(tmp_path)


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    rates().write(tmp_path / RATES)
    population().write(tmp_path / POPULATION)
    opened = pa.OSFile

    def refuse(path, *rest):
        if path.endswith(RATES):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest)

    monkeypatch.setattr(open_files.pa, "OSFile", refuse)
    assert said(tmp_path) == (
        f"{RATES}, the file: found that it cannot be read (Permission denied), expected a file that may be read. "
        "Look at its permissions and whether the disk is there, or download it again."
    )
    assert sum(one.file is not None for one in look_at_folder(tmp_path)) == 1
    with pytest.raises(DataError, match="Permission denied"):
        read_bytes(tmp_path / RATES)


def test_an_archive_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    archive(tmp_path / "release.zip", **{RATES: rates().text()})

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(open_files.zipfile, "ZipFile", refuse)
    assert "release.zip, the file: found that it cannot be read (Permission denied)" in said(tmp_path)


def test_a_folder_that_is_not_there_or_holds_nothing(tmp_path):
    with pytest.raises(DataError, match="is not a folder"):
        look_at_folder(tmp_path / "none")
    rates().write(tmp_path / RATES)
    with pytest.raises(DataError, match="is not a folder"):
        look_at_folder(tmp_path / RATES)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no CSV or zip file"):
        look_at_folder(tmp_path / "empty")


def test_a_folder_that_may_not_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr(open_files.os, "access", lambda *_: False)
    with pytest.raises(DataError, match="no permission"):
        look_at_folder(tmp_path)


# The same table twice


def test_the_same_bytes_twice_are_read_once_and_the_copy_is_named(tmp_path):
    for place in ("a", "b", "c"):
        rates().write(tmp_path / place / RATES)
    archive(tmp_path / "d.zip", **{RATES: rates().text()})
    looked = look_at_folder(tmp_path)
    assert [one.name for one in looked if one.file] == [f"a/{RATES}"]
    copies = [one for one in looked if not one.file]
    assert [one.is_a for one in copies] == [f"a copy of a/{RATES}, which is read instead"] * 3
    assert not any(one.problems for one in looked)


def test_other_bytes_for_the_same_table_exclude_both(tmp_path):
    rates().write(tmp_path / "a" / RATES)
    rates().put(3, children_count="1").write(tmp_path / "b" / RATES)
    rates_2024().write(tmp_path / "c" / RATES)
    looked = {one.name: one for one in look_at_folder(tmp_path)}
    assert [name for name, one in looked.items() if one.file] == [f"c/{RATES}"]
    for own, other in (("a", "b"), ("b", "a")):
        (problem,) = looked[f"{own}/{RATES}"].problems
        assert f"the same table of the same release as {other}/{RATES}, with other content" in problem.found
        assert "neither is read" in problem.action


# Rows and letters


def test_empty_lines_are_read_over_and_counted(tmp_path):
    lines = rates().text().splitlines()
    text = "\n".join([lines[0], "", *lines[1:4], "", "", *lines[4:], "", ""])
    (tmp_path / RATES).write_text(text, encoding="utf-8")
    file = only(tmp_path).file
    assert file.lines[:6].tolist() == [3, 4, 5, 8, 9, 10]
    assert len(file.lines) == file.cells.num_rows == 60


def test_a_line_end_inside_a_cell_is_no_row(tmp_path):
    made = rates().put(4, la_name="Notting\nham")
    made.write(tmp_path / RATES)
    assert only(tmp_path).file.lines.tolist() == list(range(2, 62))


def test_the_header_is_read_whatever_stands_before_it():
    text = 'time_period, la_name ,"a, b"\n1,2,3\n'
    for content in (text.encode(), BOM + text.encode(), text.replace("\n", "\r\n").encode()):
        assert header_of(pa.py_buffer(content)) == ("time_period", "la_name", "a, b")
