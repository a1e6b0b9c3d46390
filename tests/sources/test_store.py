"""The store of what was read: as good as reading again, made anew where anything changed, and never in the way."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from analysis.indicators import open_folder as module
from analysis.indicators.open_folder import open_folder
from analysis.sources import store
from analysis.sources.store import STORE_VARIABLE, read_about, read_rows, stamp_of, store_folder, write_store
from open_cases import (
    NEIGHBOURS,
    POPULATION,
    RATES,
    REPEAT_PLANS,
    neighbours_list,
    population,
    rates,
    repeat_plans,
)


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "store"))


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "files"
    rates().write(place / RATES)
    repeat_plans().write(place / REPEAT_PLANS)
    population().write(place / POPULATION)
    (place / NEIGHBOURS).write_text(neighbours_list(), encoding="utf-8")
    return place


@pytest.fixture
def readings(monkeypatch):
    """How often files were read, rather than the store."""
    counted = []
    real = module._read_folder
    monkeypatch.setattr(module, "_read_folder", lambda folder: counted.append(folder) or real(folder))
    return counted


def forget():
    """As a new run would begin."""
    module._opened.cache_clear()
    module._kept_anew.cache_clear()


def rows_of(folder, **choice):
    table = open_folder(folder).observations(**choice).to_pandas()
    coded = [name for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.astype(dict.fromkeys(coded, str)).reset_index(drop=True)


# The same again


def test_the_second_reading_is_from_the_store_and_the_same_to_the_last_cell(folder, readings):
    first, files, members = rows_of(folder), open_folder(folder).files, open_folder(folder).members
    forget()
    second = rows_of(folder)
    assert len(readings) == 1
    pd.testing.assert_frame_equal(first, second)
    assert open_folder(folder).files == files
    pd.testing.assert_frame_equal(open_folder(folder).members, members)
    assert len(members) == 10


@pytest.mark.parametrize(
    "choice",
    [
        {"areas": ["E06000018"]}, {"indicators": ["cla_rate", "cp_repeat_plans"]},
        {"areas": ["E06000018", "E92000001"], "indicators": ["cla_number"]}, {"areas": ["E06000099"]}, {},
    ],
)  # fmt: skip
def test_a_choice_of_rows_is_the_same_from_the_store_and_from_the_files(folder, choice):
    fresh = rows_of(folder, **choice)
    forget()
    pd.testing.assert_frame_equal(fresh, rows_of(folder, **choice))
    whole = rows_of(folder)
    for name, kept in (("area_code", "areas"), ("indicator", "indicators")):
        whole = whole[whole[name].isin(choice[kept])] if kept in choice else whole
    pd.testing.assert_frame_equal(fresh, whole.reset_index(drop=True))


def test_a_folder_is_the_same_by_whatever_way_it_is_named(folder, readings, monkeypatch):
    first = rows_of(folder)
    monkeypatch.chdir(folder.parent)
    for place in (Path("files"), Path("files") / ".." / "files", folder):
        forget()
        pd.testing.assert_frame_equal(rows_of(place), first)
    assert len(readings) == 1


def test_without_the_store_nothing_is_written(folder, tmp_path):
    assert len(open_folder(folder, use_store=False).observations()) == 200
    assert not (tmp_path / "store").exists()


# Anew where something changed


def changed_file(folder):
    rates().put(20, children_count="c").write(folder / RATES)


def added_file(folder):
    rates(2023, 2024).renamed({"population_type": "population_count", "children_count": "number"}).write(
        folder / "b" / RATES
    )


def removed_file(folder):
    (folder / REPEAT_PLANS).unlink()


def renamed_file(folder):
    (folder / REPEAT_PLANS).rename(folder / "d3_cpps_subsequent_plan_new.csv")


def touched_file(folder):
    os.utime(folder / RATES, ns=(1, 1))


@pytest.mark.parametrize("change", [changed_file, added_file, removed_file, renamed_file, touched_file])
def test_a_change_in_the_folder_is_seen(folder, readings, change):
    rows_of(folder)
    change(folder)
    after = rows_of(folder)
    assert len(readings) == 2
    forget()
    pd.testing.assert_frame_equal(after, rows_of(folder))
    assert len(readings) == 2, "the new state is in the store"
    expected = open_folder(folder, use_store=False).observations()
    assert len(after) == expected.num_rows


@pytest.mark.parametrize(
    "name", ["catalogue/releases/cla_2025.yml", "catalogue/indicators/cla_rate.yml", "reference/areas.csv"]
)
def test_a_change_in_the_catalogue_is_seen(folder, readings, tmp_path, monkeypatch, name):
    home = tmp_path / "data"
    for part in ("catalogue", "reference"):
        shutil.copytree(module.data_folder() / part, home / part)
    monkeypatch.setattr(module, "data_folder", lambda: home)
    rows_of(folder)
    path = home / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    rows_of(folder)
    assert len(readings) == 2


def test_a_stamp_changes_with_size_time_and_name(tmp_path):
    path = tmp_path / "a"
    path.write_text("one", encoding="utf-8")
    os.utime(path, ns=(5, 5))
    first = stamp_of([path])
    assert stamp_of([path]) == first
    path.write_text("two", encoding="utf-8")
    assert stamp_of([path]) != first
    os.utime(path, ns=(5, 5))
    assert stamp_of([path]) == first, "as make does: size and time, not content"
    path.rename(tmp_path / "b")
    assert stamp_of([tmp_path / "b"]) != first
    assert stamp_of([]) != first


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each name is text")
def test_a_name_that_is_no_text_has_a_stamp_of_its_own(tmp_path):
    paths = [Path(os.fsdecode(os.fsencode(tmp_path) + name)) for name in (b"/\xe9", b"/\xe8")]
    for path in paths:
        path.touch()
        os.utime(path, ns=(5, 5))
    assert stamp_of(paths[:1]) != stamp_of(paths[1:])


# A store that is not whole


def cut(path):
    path.write_bytes(path.read_bytes()[:-200])


def flip(path):
    """One other byte in the middle of the numbers."""
    content = bytearray(path.read_bytes())
    for at in range(200, len(content) // 2, 97):
        content[at] ^= 0xFF
    path.write_bytes(content)


def garbage(path):
    path.write_bytes(b'{"stamp": [}')


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("observations.parquet", cut), ("observations.parquet", Path.unlink), ("observations.parquet", garbage),
        ("observations.parquet", flip), ("observations.parquet", lambda path: path.write_bytes(b"")),
        ("about.json", garbage), ("about.json", Path.unlink), ("about.json", lambda path: path.write_bytes(b"\xff\xfe")),
        ("about.json", lambda path: path.write_text("[]", encoding="utf-8")),
    ],
)  # fmt: skip
def test_a_spoiled_store_is_made_anew(folder, readings, name, spoil):
    before = rows_of(folder)
    forget()
    spoil(store_folder(folder) / name)
    pd.testing.assert_frame_equal(rows_of(folder), before)
    assert len(readings) == 2
    forget()
    pd.testing.assert_frame_equal(rows_of(folder), before)
    assert len(readings) == 2, "the store is whole again"


@pytest.mark.parametrize("name", ["observations.parquet", "about.json"])
def test_one_other_bit_is_noticed_wherever_it_is(folder, name):
    rows_of(folder)
    path = store_folder(folder) / name
    about = json.loads((store_folder(folder) / "about.json").read_text(encoding="utf-8"))
    whole = path.read_bytes()
    for at in range(4, len(whole), len(whole) // 100):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        if name == "about.json":
            assert read_about(folder, stamp=about["stamp"]) is None, at
        else:
            assert read_rows(folder, checksum=about["rows"]) is None, at


@pytest.mark.parametrize("key", ["files", "members"])
@pytest.mark.parametrize("content", [None, 5, [{"name": "a"}], {"a": [1]}, [5]])
def test_another_content_of_the_store_is_made_anew(folder, readings, key, content):
    before = rows_of(folder)
    forget()
    path = store_folder(folder) / "about.json"
    about = json.loads(path.read_text(encoding="utf-8")) | {key: content}
    del about["checksum"]
    about["checksum"] = store._checksum(store._text(about).encode())
    path.write_text(json.dumps(about), encoding="utf-8")
    members = open_folder(folder).members
    assert len(readings) == 2
    assert len(members) == 10
    pd.testing.assert_frame_equal(rows_of(folder), before)


def test_rows_of_another_state_are_not_taken(folder, readings):
    """Two files make the store; those of two different runs do not go together."""
    old = rows_of(folder)
    kept = (store_folder(folder) / "observations.parquet").read_bytes()
    changed_file(folder)
    new = rows_of(folder)
    forget()
    (store_folder(folder) / "observations.parquet").write_bytes(kept)
    pd.testing.assert_frame_equal(rows_of(folder), new)
    assert len(readings) == 3
    assert not old.equals(new)


def test_a_store_that_goes_while_it_is_in_use(folder, readings):
    before = rows_of(folder)
    forget()
    found = open_folder(folder)
    shutil.rmtree(store_folder(folder))
    for _ in range(2):
        assert found.observations(areas=["E06000018"]).num_rows == (before["area_code"] == "E06000018").sum()
    assert len(readings) == 2


# A store that cannot be written


def test_a_store_that_cannot_be_written_is_no_error(folder, tmp_path, monkeypatch):
    (tmp_path / "a file").write_text("", encoding="utf-8")
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "a file" / "store"))
    first = rows_of(folder)
    forget()
    pd.testing.assert_frame_equal(rows_of(folder), first)


@pytest.mark.parametrize("refused", ["mkdtemp", "mkdir", "rename", "write_table"])
def test_a_folder_without_permission_to_write_is_no_error(folder, monkeypatch, refused):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    if refused == "mkdtemp":
        monkeypatch.setattr(store.tempfile, "mkdtemp", refuse)
    elif refused == "write_table":
        monkeypatch.setattr(store.parquet, "write_table", refuse)
    else:
        monkeypatch.setattr(store.Path, refused, refuse)
    assert len(rows_of(folder)) == 200
    assert not (store_folder(folder) / "about.json").exists()


def test_nothing_half_made_stays_behind(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(
        store.json, "dumps", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    rows_of(folder)
    assert list((tmp_path / "store").iterdir()) == []


def test_the_store_has_a_place_for_each_folder(tmp_path, monkeypatch):
    assert store_folder(tmp_path / "a") != store_folder(tmp_path / "b")
    assert store_folder(tmp_path / "a") == store_folder(tmp_path / "b" / ".." / "a")
    monkeypatch.delenv(STORE_VARIABLE)
    assert store_folder(tmp_path).parent == store.data_folder() / "cache"


def test_what_is_written_is_what_is_read(tmp_path):
    rows = pa.table({"area_code": pa.array(["a", "b"]).dictionary_encode(), "value": [1.5, None]})
    write_store(tmp_path, rows, about={"stamp": "s", "files": []})
    about = read_about(tmp_path, stamp="s")
    assert about == {"stamp": "s", "files": [], "rows": about["rows"]}
    assert read_about(tmp_path, stamp="t") is None
    assert read_rows(tmp_path, checksum=about["rows"]).to_pylist() == rows.to_pylist()
    assert read_rows(tmp_path, checksum="another") is None


# Several at once


LOOP = """
import shutil, sys
from pathlib import Path
from analysis.indicators.open_folder import _kept_anew, _opened, open_folder
from analysis.sources.store import store_folder

folder, number = Path(sys.argv[1]), int(sys.argv[2])
for again in range(6):
    _opened.cache_clear(), _kept_anew.cache_clear()
    if again % 3 == number:
        shutil.rmtree(store_folder(folder), ignore_errors=True)
    print(open_folder(folder).observations().num_rows)
"""


def test_several_processes_at_once_do_no_harm(folder, tmp_path):
    """Each of three removes the store now and then, while the others read and write it."""
    expected = len(rows_of(folder))
    runs = [
        subprocess.Popen([sys.executable, "-c", LOOP, str(folder), str(number)], stdout=-1, stderr=-1, text=True)
        for number in range(3)
    ]
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert run.returncode == 0, err
        assert out.split() == [str(expected)] * 6
    forget()
    assert len(rows_of(folder)) == expected
    left = [path.name for path in (tmp_path / "store").iterdir() if path.name.startswith(".making-")]
    assert left == []
