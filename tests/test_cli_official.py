"""The commands on official files, as a person meets them; and the guide to a new release, followed to the letter."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from analysis import cli
from analysis.indicators.open_folder import open_folder
from analysis.sources import open_files
from analysis.sources.areas import find_area
from analysis.sources.store import STORE_VARIABLE
from conftest import ROOT, shared
from open_cases import (
    CONFERENCES,
    GROUPS,
    NEIGHBOURS,
    POPULATION,
    RATES,
    REPEAT_PLANS,
    conferences,
    count_of,
    half_up,
    neighbours_list,
    population,
    population_of,
    rates,
    rates_2024,
    repeat_plans,
)

GUIDE = ROOT / "docs" / "adding-a-release.md"


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv(STORE_VARIABLE, str(tmp_path / "store"))


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the command in this process: exit code, what it prints, and what it says beside it."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["analysis", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            cli.main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return done.value.code or 0, printed.out, printed.err

    return command


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "files"
    rates().write(place / "2025" / RATES)
    rates_2024().write(place / "2024" / RATES)
    repeat_plans().write(place / REPEAT_PLANS)
    conferences().write(place / CONFERENCES)
    population().write(place / POPULATION)
    return place


# check


def test_check_lists_every_file_as_json(run, folder):
    (folder / NEIGHBOURS).write_text(neighbours_list(), encoding="utf-8")
    (folder / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    code, out, err = run("check", folder, "--format", "json")
    found = {item["name"]: item for item in json.loads(out)}
    assert code == 0
    assert set(found) == {
        f"2025/{RATES}",
        f"2024/{RATES}",
        REPEAT_PLANS,
        CONFERENCES,
        POPULATION,
        NEIGHBOURS,
        "other.csv",
    }
    assert found[f"2025/{RATES}"] | {"missing": [], "is_a": ""} == {
        "name": f"2025/{RATES}", "is_a": "", "release": "cla_2025", "table": "cla_rates", "rows": 60,
        "periods": "2023-24 to 2024-25", "levels": "England 6, regions 18, authorities 36", "left_out": [], "missing": [],
    }  # fmt: skip
    assert "7 files: 6 read, 0 left out, 1 not for us" in err
    assert "found none for Barking and Dagenham" in err, "what a file lacks is said, and is no error"


def test_check_as_a_table(run, folder):
    code, out, _ = run("check", folder)
    assert code == 0
    assert out.splitlines()[0].split("\t") == ["file", "what it is", "release", "rows", "periods", "levels"]
    assert len(out.splitlines()) == 6


BAD = {
    "a web page": (lambda folder: (folder / REPEAT_PLANS).write_text("<html>Sorry</html>", encoding="utf-8"),
                   f"{REPEAT_PLANS}, the file: found a web page"),
    "cut off in a line": (lambda folder: (folder / REPEAT_PLANS).write_text(repeat_plans().text()[:-20], encoding="utf-8"),
                          f"{REPEAT_PLANS}, row 21, the line: found"),
    "empty": (lambda folder: (folder / REPEAT_PLANS).write_bytes(b""), f"{REPEAT_PLANS}, the file: found an empty file"),
    "binary": (lambda folder: (folder / REPEAT_PLANS).write_bytes(bytes(range(256)) * 9), "found a binary file"),
    "not UTF-8": (lambda folder: (folder / REPEAT_PLANS).write_bytes(
        repeat_plans().put(4, time_period="2025\u00e9").text().encode("cp1252")), f"{REPEAT_PLANS}, row 6, the line"),
    "another release's columns": (lambda folder: rates_2024(2024, 2025).write(folder / "2025" / RATES),
                                  "These are the columns of cla_2024"),
    "a row twice": (lambda folder: replace(repeat_plans(), rows=repeat_plans().rows[:5] + repeat_plans().rows[3:]).write(folder / REPEAT_PLANS),
                    f"{REPEAT_PLANS}, row 7, the row: found the same area, year and labels as row 5"),
    "two files for one table": (lambda folder: repeat_plans().put(1, CPP_start="9").write(folder / "b" / REPEAT_PLANS),
                                f"the same table of the same release as {REPEAT_PLANS}, with other content"),
    "a thousands separator": (lambda folder: repeat_plans().put(1, CPP_start="1,234").write(folder / REPEAT_PLANS),
                              f"{REPEAT_PLANS}, row 3, column 'CPP_start': found '1,234'"),
    "an unknown symbol": (lambda folder: repeat_plans().put(1, CPP_start="[x]").write(folder / REPEAT_PLANS),
                          f"{REPEAT_PLANS}, row 3, column 'CPP_start': found '[x]'"),
    "an unknown label": (lambda folder: rates().put(1, population_type="In care").write(folder / "2025" / RATES),
                         f"2025/{RATES}, row 3, column 'population_type': found 'In care'"),
    "an unknown authority": (lambda folder: repeat_plans().put(5, old_la_code="999").write(folder / REPEAT_PLANS),
                             f"{REPEAT_PLANS}, row 7, old_la_code: found '999'"),
    "a release without a map": (lambda folder: rates(2026).write(folder / "2026" / RATES), "the 2026 release, which has no map"),
    "a broken archive": (lambda folder: (folder / "release.zip").write_bytes(b"PK\x03\x04"), "release.zip, the file: found a broken archive"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_message_and_exit_code_4_and_the_others_are_read(run, folder, name):
    spoil, says = BAD[name]
    spoil(folder)
    code, out, err = run("check", folder)
    assert code == 4
    assert says in err.replace("\n", " ")
    assert "cannot be read" in out
    others = open_folder(folder).observations(areas=[find_area("Derby").code], indicators=["conference_number"])
    assert others.num_rows == 2, "the other files still give their figures"


def test_figures_come_from_the_files_that_can_be_read(run, folder):
    (folder / REPEAT_PLANS).write_bytes(b"")
    code, out, _ = run("figures", "--data", folder, "--area", "Derby", "--year", "2024-25", "--format", "csv")
    assert code == 0
    assert {row["source"] for row in rows_of(out)} == {"cla_2025", "cin_2025", "ons_2025"}
    assert "cp_repeat_plans" not in out


def test_permission(run, folder, monkeypatch):
    """A file and a folder that may not be read, by somebody who is not allowed to read everything."""
    if os.geteuid() == 0:

        def refuse(*_):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(open_files.pa, "OSFile", refuse)
    else:
        for path in folder.rglob("*.csv"):
            path.chmod(0)
    code, _, err = run("check", folder)
    assert code == 4
    assert err.count("found that it cannot be read (Permission denied)") == 5
    code, _, err = run("figures", "--data", folder)
    assert code == 4
    assert "holds no file that can be read" in err


@pytest.mark.parametrize(
    "command", [["check"], ["backtest", "--data"], ["figures", "--data"], ["revisions", "--area", "Derby", "--data"]]
)
def test_a_folder_that_is_not_there_or_holds_nothing(run, tmp_path, command):
    code, _, err = run(*command, tmp_path / "none")
    assert code == 4
    assert "is not a folder" in err
    (tmp_path / "empty").mkdir()
    code, _, err = run(*command, tmp_path / "empty")
    assert code == 4
    assert "holds no CSV or zip file" in err
    (tmp_path / "empty" / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    code, _, err = run(*command, tmp_path / "empty")
    if command != ["check"]:
        assert code == 4
        assert "holds no file that can be read" in err


# figures


def rows_of(out):
    return list(csv.DictReader(io.StringIO(out)))


def test_figures_of_a_folder_beside_those_of_documents(run, folder):
    code, out, _ = run("figures", "--data", folder, "--area", "Nottingham", "--format", "csv")
    sources = {row["source"] for row in rows_of(out)}
    assert code == 0
    assert {"cla_2024", "cla_2025", "cin_2025", "ons_2025"} <= sources
    assert any(name.startswith("nottingham_cpb") for name in sources)


def test_figures_latest_first_and_all(run, folder):
    choice = (
        "figures",
        "--data",
        folder,
        "--area",
        "Derby",
        "--indicator",
        "cla_rate",
        "--year",
        "2023-24",
        "--format",
        "csv",
    )
    found = {
        which: [row["source"] for row in rows_of(run(*choice, "--as-published", which)[1])]
        for which in ("latest", "first", "all")
    }
    assert {which: sorted(sources) for which, sources in found.items()} == {
        "latest": ["cla_2025"], "first": ["cla_2024"], "all": ["cla_2024", "cla_2025"],
    }  # fmt: skip
    code, _, err = run(*choice, "--as-published", "lastest")
    assert code == 3
    assert "Did you mean latest" in err


def test_a_year_that_no_file_holds(run, folder):
    code, out, err = run("figures", "--data", folder, "--area", "Derby", "--year", "2009-10", "--format", "csv")
    assert (code, out) == (3, "")
    assert "No figure is held for Derby, 2009-10" in err
    code, _, err = run(
        "report", "1", "--set", f"data={folder}", "--area", "Derby", "--year", "2009-10", "--output", folder / "out"
    )
    assert code == 3
    assert "No figure of Derby is held for 2009-10. There are figures for 2022-23, 2023-24, 2024-25" in err


def test_show_finds_an_official_figure(run, folder):
    made = conferences()
    row = made.number(la_name="Derby", time_period="2025") + 2
    cells = made.rows[row - 2]
    for figure, quote in (
        (f"CIN25.C4.M{row}", f"ICPC: {cells['ICPC']}"),
        (
            f"CIN25.C4.M{row}.R",
            f"ICPC: {cells['ICPC']}; population_estimate: {population_of(find_area('Derby'), 2024)} (row",
        ),
        (f"CIN25.C4.N{row}.O{row}.R", "Duration_0-10_days + Duration_11-15_days: "),
    ):
        code, out, _ = run("show", figure, "--data", folder)
        assert code == 0
        assert f"figure: {figure}\n" in out
        assert f"quote: {quote}" in out
    code, _, err = run("show", "CIN25.C4.M9999", "--data", folder)
    assert code == 3
    assert "no indicator, source, caveat or figure" in err


# revisions


def test_revisions_as_csv_hold_what_changed_or_all(run, folder):
    made = rates()
    at = made.number(la_name="Derby", time_period="2024", population_type=GROUPS["starting"])
    made.put(at, children_count="999").write(folder / "2025" / RATES)
    code, out, err = run("revisions", "--area", "Derby", "--data", folder, "--format", "csv")
    (row,) = rows_of(out)
    assert code == 0
    assert (row["indicator"], row["period"], float(row["value"])) == ("cla_started_number", "2023-24", 999.0)
    assert float(row["other_value"]) == count_of(find_area("Derby"), 2024, "starting")
    assert "1 of the 6 figures of Derby that two releases give were changed" in err
    _, out, _ = run("revisions", "--area", "Derby", "--data", folder, "--format", "csv", "--all")
    assert len(rows_of(out)) == 6
    _, out, _ = run("revisions", "--area", "Derby", "--data", folder, "--indicator", "cla_rate", "--format", "json")
    assert json.loads(out) == []
    _, out, _ = run("revisions", "--area", "Derby", "--data", folder)
    assert out.splitlines()[1].split("\t")[:3] == ["cla_started_number", "2023-24", "Total"]


def test_revisions_where_there_are_none(run, tmp_path):
    rates().write(tmp_path / "files" / RATES)
    code, _, err = run("revisions", "--area", "Derby", "--data", tmp_path / "files")
    assert code == 3
    assert "no two releases that both give figures of Derby" in err


# backtest


def test_backtest_agrees(run, folder):
    code, out, err = run("backtest", "--data", folder, "--format", "json")
    assert code == 0
    found = {(row["indicator"], row["release"], row["areas"]): row for row in json.loads(out)}
    assert found["cla_rate", "cla_2025", "authorities"]["equal"] == 12
    assert re.search(r"\b0 differ; 0 have a hidden part", err)


def test_backtest_fails_where_a_value_cannot_be_explained(run, folder):
    made = repeat_plans()
    at = made.number(la_name="Derby", time_period="2025")
    made.put(at, CPP_subsequent_percent="99.9").write(folder / REPEAT_PLANS)
    code, _, err = run("backtest", "--data", folder)
    assert code == 1
    assert f"CIN25.D3.N{at + 2} cp_repeat_plans, Derby 2024-25 Total: printed 99.9, worked out" in err
    assert "the counts beside it do not give the value printed" in err


def test_backtest_of_the_real_files(run):
    code, _, err = run("backtest", "--data", shared("open-data"), "--format", "csv")
    assert code == 0
    assert re.search(
        r"9\d,\d{3} compared: 9\d,\d{3} equal, 1,361 within the rounding .* 4 differ; 220 have a hidden part", err
    )


# How to add next year's release


def command(*arguments, home):
    environment = {**os.environ, "ANALYSIS_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)],
        capture_output=True, text=True, check=False, encoding="utf-8", env=environment,
    )  # fmt: skip


COLUMNS_OF_2026 = {
    "population_type": "cla_group",
    "children_count": "headcount",
    "rate_per_10000": "rate_per_10000_children",
}
LABELS_OF_2026 = {"Children looked after on 31 March each year": "In care on 31 March",
                  "Children starting to be looked after each year": "Entering care in the year"}  # fmt: skip

MAP_OF_2026 = """id: cla_2026
like: cla_2025
code: CLA26
short: DfE, Children looked after, 2026 release
publication: children_looked_after
year: 2026
published: '2026-11-19'
tables:
  cla_rates:
    columns: {cla_group: group, headcount: count, rate_per_10000_children: rate}
"""
LABELS = "    labels: {group: {In care on 31 March: at_31_march, Entering care in the year: starting}}\n"


def rates_of_2026():
    """Next year's file: other names of columns and labels, in another order."""
    made = rates(2025, 2026)
    rows = [
        row | {"population_type": LABELS_OF_2026.get(row["population_type"], row["population_type"])}
        for row in made.rows
    ]
    renamed = replace(made, rows=rows).renamed(COLUMNS_OF_2026)
    return renamed.ordered([*renamed.header[10:], *reversed(renamed.header[:10])])


def test_the_guide_to_a_new_release_can_be_followed(tmp_path):
    home = tmp_path / "home"
    shutil.copytree(ROOT / "data", home / "data", ignore=shutil.ignore_patterns("cache", "raw"))
    raw = home / "data" / "raw"
    maps = home / "data" / "catalogue" / "releases"

    # 1, 2. The files are there; `analysis check` says what the nearest map expects and what nobody knows.
    rates_of_2026().write(
        raw / "children-looked-after" / "2026" / RATES, bom=True, newline="\r\n", quoting=csv.QUOTE_ALL
    )
    rates(2024, 2025).write(raw / "children-looked-after" / "2025" / RATES)
    done = command("check", raw, home=home)
    assert done.returncode == 4
    assert "found the 2026 release, which has no map" in done.stderr
    assert "the nearest is cla_2025" in done.stderr
    lacks, unknown = re.search(r"it has no (.+); columns that no map knows: (.+)\. Write", done.stderr).groups()
    assert {name.strip("'") for name in lacks.split(", ")} == {*COLUMNS_OF_2026}
    assert {name.strip("'") for name in unknown.split(", ")} == {*COLUMNS_OF_2026.values()}
    assert "docs/adding-a-release.md" in done.stderr

    # 3, 4. The map with the columns only: the labels are still other ones, and each is named.
    (maps / "cla_2026.yml").write_text(MAP_OF_2026, encoding="utf-8")
    done = command("check", raw, home=home)
    assert done.returncode == 4
    for label in LABELS_OF_2026.values():
        assert f"found {label!r}, expected a label of cla_2026" in done.stderr
    text = MAP_OF_2026 + LABELS
    assert len(text.splitlines()) <= 11, "a map is about ten lines"
    (maps / "cla_2026.yml").write_text(text, encoding="utf-8")

    # 5. Every file is read.
    done = command("check", raw, home=home)
    assert done.returncode == 0, done.stderr
    assert "cla_2026" in done.stdout
    assert "2 files: 2 read, 0 left out" in done.stderr

    # 6, 7. The figures are right: worked out again here, and by the back-test.
    done = command("backtest", "--data", raw, home=home)
    assert done.returncode == 0, done.stderr
    assert "0 differ" in done.stderr
    done = command("revisions", "--area", "Derby", "--data", raw, home=home)
    assert done.returncode == 0, done.stderr
    assert "0 of the 6 figures" in done.stderr
    done = command("figures", "--data", raw, "--area", "Derby", "--year", "2025-26", "--format", "csv", home=home)
    found = {row["indicator"]: row for row in rows_of(done.stdout)}
    derby = find_area("Derby")
    people = population_of(derby, 2025)
    for name, group in (("cla_rate", "on 31 March"), ("cla_started_rate", "starting"), ("cla_ceased_rate", "ceasing")):
        count = count_of(derby, 2026, group)
        row = found[name]
        assert (float(row["numerator"]), float(row["denominator"])) == (count, people)
        assert float(row["value"]) == float(half_up(count, people, multiplier=10_000, decimals=0))
        assert row["figure"].startswith("CLA26.NR.")
        assert row["release"] == "2026-11-19"
        assert "2026 release" in row["citation"]


def test_the_guide_says_what_the_test_does():
    """The guide is short, names each step's command, and every word of a map that it speaks of."""
    text = GUIDE.read_text(encoding="utf-8")
    steps = re.findall(r"^\d+\. ", text, flags=re.M)
    assert 5 <= len(steps) <= 10
    for words in ("data/raw/", "analysis fetch", "analysis check", "like:", "columns", "labels", "published",
                  "analysis backtest", "make test", "gaps:", "areas.csv"):  # fmt: skip
        assert words in text, words
    for key in re.findall(r"^(\w+):", MAP_OF_2026, flags=re.M):
        assert key in text, key


def test_a_mistake_in_a_map_has_its_own_exit_code(tmp_path):
    home = tmp_path / "home"
    shutil.copytree(ROOT / "data", home / "data", ignore=shutil.ignore_patterns("cache"))
    (home / "data" / "catalogue" / "releases" / "cla_2026.yml").write_text(
        MAP_OF_2026.replace("cla_2025", "cla_2052"), encoding="utf-8"
    )
    rates().write(home / "files" / RATES)
    done = command("check", home / "files", home=home)
    assert done.returncode == 5
    assert "cla_2026.yml is like 'cla_2052', which is not there" in done.stderr
    assert "Traceback" not in done.stderr


def test_archives_as_the_service_sends_them(run, tmp_path):
    """All files of a release in one archive, each beside the description of its columns."""
    with zipfile.ZipFile(tmp_path / "release.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(f"data/{RATES}", rates().text())
        out.writestr(f"data/{RATES.replace('.csv', '.meta.csv')}", "col_name,col_type\na,Filter\n")
        out.writestr("data-guidance/data-guidance.txt", "hello")
    code, _, err = run("check", tmp_path)
    assert code == 0
    assert "1 files: 1 read" in err
