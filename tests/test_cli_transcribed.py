"""`analysis check FILE` as somebody who transcribes a report meets it; and the guide, followed to the letter."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from analysis import cli
from analysis.indicators.definitions import load_indicators
from analysis.sources.catalogue import load_sources
from analysis.sources.published import published_folder
from analysis.vocabulary import COLUMNS, STATUSES, ValueType
from conftest import ROOT

GUIDE = ROOT / "docs" / "transcribing-a-report.md"
FILE = "nottingham_cpb_2023_01.csv"


def rows_of_file():
    """The figures of the file, by another reader than ours, with the number that a spreadsheet gives each."""
    with (published_folder() / FILE).open(encoding="utf-8", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))


#: How many figures the file holds: reports are transcribed further, and it grows.
FIGURES = len(rows_of_file())


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
def spoilt(tmp_path):
    """A real file with two values spoilt."""
    path = tmp_path / FILE
    text = (published_folder() / FILE).read_text(encoding="utf-8")
    path.write_text(text.replace(",,,724,", ",,,7x4,", 1).replace(",,,72,", ",,,172,", 1), encoding="utf-8")
    return path


@pytest.fixture
def document(tmp_path, source_texts):
    """The document of a source, as a file."""
    texts = {hashlib.sha256(text.encode()).hexdigest(): text for text in source_texts.values()}

    def of(name):
        path = tmp_path / f"{name}.txt"
        path.write_text(texts[load_sources()[name].document_sha256], encoding="utf-8", newline="")
        return path

    return of


def test_every_real_file_passes(run):
    paths = [published_folder() / f"{name}.csv" for name in load_sources()]
    code, out, err = run("check", *paths)
    assert (code, out) == (0, "")
    counts = re.findall(r"^data/published/\w+\.csv: (\d+) rows, nothing wrong\.$", err, flags=re.M)
    assert len(counts) == len(paths) == len(err.splitlines())
    assert sum(map(int, counts)) > 400


@pytest.mark.parametrize("name", load_sources())
def test_every_real_file_passes_against_its_document(run, document, name):
    code, out, err = run("check", published_folder() / f"{name}.csv", "--text", document(name))
    assert (code, out) == (0, "")
    assert "nothing wrong" in err


def test_a_quote_that_is_not_in_the_document(run, document, tmp_path):
    path = tmp_path / FILE
    text = (published_folder() / FILE).read_text(encoding="utf-8")
    path.write_text(text.replace("was 724 (684)", "were 724 (684)"), encoding="utf-8")
    code, out, err = run("check", path, "--text", document(path.stem))
    assert code == 4
    quoting = [row for row, cells in rows_of_file() if "was 724 (684)" in cells["quote"]]
    assert quoting
    assert [line.partition(" found")[0] for line in out.splitlines()] == [
        f"{path}, row {row}, quote:" for row in quoting
    ]
    assert "within Nottingham City Council w'; copy it on from there." in out
    assert err == f"{path}: {FIGURES} rows, {len(quoting)} problems in {len(quoting)} rows.\n"


def test_problems_are_lines_in_the_order_of_rows(run, spoilt):
    code, out, err = run("check", spoilt)
    assert code == 4
    assert out.splitlines() == [
        f"{spoilt}, row 2, value: found '7x4', expected a number such as 74.0, or nothing. Write the number with a point "
        "and no thousands comma or % sign; a symbol such as c belongs in status.",
        f"{spoilt}, row 5, value: found '172', expected a percentage from 0 to 100. Hold it against the source.",
        f"{spoilt}, row 5, value: found '172', expected a number that stands in the quote as digits. Hold it against the "
        "source and quote the words that hold it; where they have it in words, begin the note with “words: ” and those words.",
    ]
    assert err == f"{spoilt}: {FIGURES} rows, 3 problems in 2 rows.\n"


def test_more_than_twenty_problems_are_all_listed(run, tmp_path):
    path = tmp_path / "peterborough_iro_2018.csv"
    text = (published_folder() / path.name).read_text(encoding="utf-8")
    path.write_text(text.replace(",observed,", ",seen,"), encoding="utf-8")
    _, out, err = run("check", path)
    assert len(out.splitlines()) == text.count(",observed,") > 20
    assert f"{text.count(',observed,')} problems in {text.count(',observed,')} rows." in err


def test_several_files_are_each_counted(run, spoilt):
    code, out, err = run("check", published_folder() / FILE, spoilt)
    assert code == 4
    assert len(out.splitlines()) == 3
    assert err.splitlines() == [
        f"data/published/{FILE}: {FIGURES} rows, nothing wrong.", f"{spoilt}: {FIGURES} rows, 3 problems in 2 rows.",
    ]  # fmt: skip


def test_problems_as_json_and_csv_hold_the_same(run, spoilt):
    code, out, err = run("check", spoilt, "--format", "json")
    found = json.loads(out)
    assert code == 4
    assert [(item["row"], item["field"], item["found"]) for item in found] == [
        (2, "value", "'7x4'"), (5, "value", "'172'"), (5, "value", "'172'"),
    ]  # fmt: skip
    assert "3 problems" in err
    rows = list(csv.DictReader(io.StringIO(run("check", spoilt, "--format", "csv")[1])))
    assert [{**row, "row": int(row["row"])} for row in rows] == found
    assert json.loads(run("check", published_folder() / FILE, "--format", "json")[1]) == []


def test_the_template_says_what_to_do(run):
    code, out, err = run("check", published_folder() / "TEMPLATE.csv")
    assert code == 4
    assert out.startswith("data/published/TEMPLATE.csv, the file's name: found 'TEMPLATE', expected the id of a source")
    assert (
        "The source is not yet in the catalogue: write data/catalogue/sources/<id>.yml, save the file as <id>.csv"
        in out
    )
    assert err == "data/published/TEMPLATE.csv: 3 rows, 1 problem in the file as a whole.\n"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("figures.xlsx", b"PK\x03\x04", "found a workbook, a Word document or an archive"),
        ("figures.csv", b"", "found an empty file"),
        ("figures.csv", None, "found no file 'figures.csv'"),
        ("official.csv", b"time_period,rate\n2024,70\n", "official files are checked by their folder: analysis check FOLDER"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_of_figures(run, tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = run("check", tmp_path / name)
    assert code == 4
    assert says in out
    assert "1 problem in the file as a whole." in err


def test_a_problem_in_a_row_and_in_the_file(run, spoilt):
    other = spoilt.rename(spoilt.with_name("ours.csv"))
    _, _, err = run("check", other)
    assert err == f"{other}: {FIGURES} rows, 4 problems in 2 rows and the file as a whole.\n"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["{folder}"], "not both"),
        (["{file}", "--text", "{file}"], "belongs to one file"),
    ],
)
def test_files_and_folders_are_checked_apart(run, spoilt, tmp_path, more, says):
    given = [item.format(folder=tmp_path, file=spoilt) for item in more]
    code, _, err = run("check", spoilt, *given)
    assert code == 2
    assert says in " ".join(err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("more", "says"), [(["{folder}"], "one folder at a time"), (["--text", "x.txt"], "not with a folder")]
)
def test_a_folder_is_checked_as_before(run, tmp_path, more, says):
    code, _, err = run("check", tmp_path, *[item.format(folder=tmp_path) for item in more])
    assert code == 2
    assert says in " ".join(err.replace("│", " ").split())
    code, _, err = run("check", tmp_path)
    assert code == 4
    assert "holds no CSV or zip file" in err


# The guide


def test_the_guide_names_every_column_and_every_command():
    text = GUIDE.read_text(encoding="utf-8")
    assert 8 <= len(re.findall(r"^\d+\. ", text, flags=re.M)) <= 10
    for name in COLUMNS:
        assert f"`{name}`" in text, name
    for name in (*STATUSES, *ValueType.__args__):
        assert f"`{name}`" in text, name
    for words in ("analysis check data/published/<id>.csv", "analysis reconcile --only <id>", "analysis report 7",
                  "--text", "TEMPLATE.csv", "sha256sum", "words: "):  # fmt: skip
        assert words in text, words


def test_the_examples_of_the_guide_hold():
    text = GUIDE.read_text(encoding="utf-8")
    for name in re.findall(r"analysis show ([a-z_]+)", text):
        assert name in load_indicators(), name
    for link in ("README.md", "docs/adding-a-year.md"):
        assert "transcribing-a-report.md" in (ROOT / link).read_text(encoding="utf-8")


def test_the_guide_can_be_followed(tmp_path):
    """A made-up report: the catalogue entry of the guide, the template, and the commands in their order."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "data", home / "data", ignore=shutil.ignore_patterns("cache", "raw"))
    report = tmp_path / "report.txt"
    template = (published_folder() / "TEMPLATE.csv").read_text(encoding="utf-8")
    quotes = [row["quote"] for row in csv.DictReader(io.StringIO(template))]
    report.write_text("\n".join(quotes).replace("Example: ", ""), encoding="utf-8", newline="")
    figures = home / "data" / "published" / "nottingham_iro_2027.csv"
    figures.write_text(template.replace("your_source_id", figures.stem).replace("Example: ", ""), encoding="utf-8")

    def command(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "analysis", *map(str, arguments)], capture_output=True, text=True, check=False,
            encoding="utf-8", env={**os.environ, "ANALYSIS_HOME": str(home)},
        )  # fmt: skip

    done = command("check", figures, "--text", report)
    assert done.returncode == 4
    assert "write data/catalogue/sources/nottingham_iro_2027.yml" in done.stdout
    assert len(done.stdout.splitlines()) == 1

    block = re.search(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.S)[1]
    entry = yaml.safe_load(block)
    assert entry["id"] == figures.stem
    place = home / "data" / "catalogue" / "sources" / f"{figures.stem}.yml"
    place.write_text(block, encoding="utf-8")
    done = command("check", figures, "--text", report)
    assert done.returncode == 4
    assert "the text: found the checksum" in done.stdout
    assert done.stdout.count(f"expected {entry['code']}. and a number") == 3

    checksum = hashlib.sha256(report.read_bytes()).hexdigest()
    place.write_text(block.replace(entry["document_sha256"], checksum), encoding="utf-8")
    figures.write_text(figures.read_text(encoding="utf-8").replace("XXX00", entry["code"]), encoding="utf-8")
    done = command("check", figures, "--text", report)
    assert done.returncode == 0, done.stdout
    assert done.stderr == f"{figures.relative_to(home).as_posix()}: 3 rows, nothing wrong.\n"

    done = command("reconcile", "--only", figures.stem)
    assert done.returncode == 0, done.stderr
    done = command("figures", "--area", "Nottingham", "--year", "2026-27", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert {row["source"] for row in csv.DictReader(io.StringIO(done.stdout))} == {figures.stem}
