"""The command: help with an example for each subcommand, plain words for mistakes, an exit code for each family."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys

import pytest

from analysis.errors import (
    AnalysisError,
    CatalogueError,
    DataError,
    NotebookFailedError,
    OutputError,
    StatisticError,
    StoppedError,
    UnknownNameError,
)
from conftest import ROOT, shared


def run(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        **more,
    )


@pytest.mark.parametrize("command", ["list", "show", "figures", "report", "reference", "lab"])
def test_every_command_has_help_and_an_example(command):
    done = run(command, "--help")
    assert done.returncode == 0
    assert "Example: analysis " + command in done.stdout


@pytest.mark.parametrize(
    ("what", "holds"),
    [("indicators", "cp_repeat_plans"), ("areas", "E10000024"), ("periods", "2021-22-Q2"),
     ("sources", "peterborough_iro_2018"), ("notebooks", "Do children in care stay in one home?"), ("subjects", "Workforce")],
)  # fmt: skip
def test_lists(what, holds):
    done = run("list", what)
    assert done.returncode == 0
    assert holds in done.stdout


@pytest.mark.parametrize(
    ("name", "holds"),
    [("NI 62", "three or more placements"), ("NCS21.011", "Currently 89 children per 10,000"),
     ("nottingham_cpb_2021_11", "Children's Society"), ("brothers_and_sisters", "treat children one by one")],
)  # fmt: skip
def test_show(name, holds):
    done = run("show", name)
    assert done.returncode == 0
    assert holds in done.stdout


def test_figures_as_csv_and_json_hold_the_same():
    arguments = ("figures", "--area", "Nottingham", "--year", "2020-21", "--indicator", "cp_plan_rate")
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").stdout)))
    records = json.loads(run(*arguments, "--format", "json").stdout)
    assert [float(row["value"]) for row in rows] == [record["value"] for record in records] == [89.0]
    assert "NCS21.011" in run(*arguments).stdout


def test_figures_to_a_file(tmp_path):
    done = run("figures", "--format", "csv", "--output", str(tmp_path / "all.csv"))
    assert done.returncode == 0
    assert len((tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()) > 300


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("report", "--area", "Notingham"), 3, "Did you mean Nottingham"),
        (("report", "--year", "2020-22"), 3, "2020 is followed by 2021"),
        (("report", "--year", "1999-00"), 3, "No figure of Nottingham is held for 1999-00"),
        (("report", "--set", "confidnce=0.9"), 3, "Did you mean confidence"),
        (("report", "--set", "confidence"), 3, "NAME=VALUE"),
        (("report", "99"), 3, "There is no notebook '99'"),
        (("figures", "--indicator", "repeat plan"), 3, "cp_repeat_plans"),
        (("show", "nothing_at_all"), 3, "no indicator, source, caveat or figure"),
        (("figures", "--output", "/dev/null/x.csv"), 6, "cannot be written"),
        (("report", "--output", "/dev/null"), 6, "cannot be written"),
        (("list", "everything"), 2, "everything"),
    ],
)
def test_a_mistake_is_one_message_and_an_exit_code(arguments, code, says):
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_bad_data_has_its_own_exit_code(tmp_path):
    """A copy of the project with a spoiled file: one message, and the outputs stay as they were."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "data", home / "data")
    path = home / "data" / "published" / "nottinghamshire_ics_2012.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",702,", ",seven hundred,"), encoding="utf-8")
    done = run("figures", env={**os.environ, "ANALYSIS_HOME": str(home)})
    assert done.returncode == 4
    assert "nottinghamshire_ics_2012.csv, row 2, value: found 'seven hundred'" in done.stderr
    (home / "data" / "catalogue" / "caveats.yml").write_text("a: [", encoding="utf-8")
    done = run("figures", env={**os.environ, "ANALYSIS_HOME": str(home)})
    assert done.returncode == 5
    assert "caveats.yml" in done.stderr
    done = run("figures", env={**os.environ, "ANALYSIS_HOME": str(tmp_path)})
    assert done.returncode == 4
    assert "ANALYSIS_HOME" in done.stderr


def test_each_family_of_errors_has_an_exit_code_of_its_own():
    families = [
        StoppedError,
        NotebookFailedError,
        UnknownNameError,
        DataError,
        CatalogueError,
        OutputError,
        StatisticError,
        AnalysisError,
    ]
    codes = [family.exit_code for family in families]
    assert len(set(codes)) == len(codes)
    assert not {0, 2} & set(codes), "success and usage have theirs"


def test_help_does_not_wait_for_heavy_imports():
    done = subprocess.run(
        [sys.executable, "-c", "import sys, analysis.cli; print('pandas' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


RATES = """count,population,multiplier,confidence,expected_value,expected_lower,expected_upper,expected_method
65,100,100,0.95,65,50.163187710459454,82.84913854593984,Byars
5,100,100,0.95,5,1.62348639011842,11.668332079322669,Exact
"""


def test_reference_passes_on_every_case_beside_the_checkout():
    done = run("reference", str(shared("reference")), "--format", "json")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert sum(item["status"] == "passed" for item in results) >= 46
    assert sum(item["cases"] for item in results) > 5_000
    assert "0 failed" in done.stderr


def test_reference_on_cases_that_are_not_in_that_folder(tmp_path):
    (tmp_path / "heldout_phe_rate.csv").write_text(RATES, encoding="utf-8")
    (tmp_path / "notes_on_something.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = run("reference", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "notes_on_something.csv" in done.stdout, "a file of an unknown kind is named"
    assert "1 files passed, 0 failed, 1 skipped" in done.stderr


def test_reference_fails_where_an_answer_differs(tmp_path):
    (tmp_path / "heldout_phe_rate.csv").write_text(RATES.replace("82.849", "82.859"), encoding="utf-8")
    done = run("reference", str(tmp_path))
    assert done.returncode == 1
    assert "heldout_phe_rate.csv" in done.stderr
    assert "82.859" in done.stderr


def test_reference_of_nothing_is_no_proof(tmp_path):
    assert run("reference", str(tmp_path)).returncode == 1
    done = run("reference", str(tmp_path / "none"))
    assert done.returncode == 4
    assert "is not a folder" in done.stderr
