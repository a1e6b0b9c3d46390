"""`analysis count` and `analysis synthesise`: bad input of every kind is one clear message and an exit code, and nothing is half-written."""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from analysis import cli
from analysis.sources.returns import opening, scratch, unpacking
from conftest import ROOT

SYNTHETIC = ROOT / "data" / "synthetic"
YEAR = SYNTHETIC / "2025"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
CENSUS = (YEAR / "cin_census.xml").read_text(encoding="utf-8")
OTHER_COUNCIL = CENSUS.replace("<LEA>000</LEA>", "<LEA>001</LEA>")


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path_factory, monkeypatch):
    """What the commands keep on disk while they run goes here, to be looked at afterwards."""
    folder = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert [path.name for path in folder.iterdir()] == [], "nothing stays of what was unpacked and read"


@pytest.fixture
def run(monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["analysis", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else bool(error.code)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err + printed.out
        return code, printed.out, printed.err

    return call


def episode(child: object, started: str = "01/06/2024", **more: str) -> str:
    given = {
        "DECOM": started,
        "RNE": "S",
        "LS": "C2",
        "CIN": "N1",
        "PLACE": "U4",
        "PLACE_PROVIDER": "PR1",
        "PL_POST": "ZZ1 1ZZ",
        **more,
    }
    return ",".join([str(child), *(given.get(name, "") for name in EPISODES.strip().split(",")[1:])]) + "\n"


def text(name: str, content: str | bytes) -> Callable[[Path], None]:
    """Writes one file."""

    def write(folder: Path) -> None:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return write


def workbook(name: str, parts: dict[str, bytes]) -> Callable[[Path], None]:
    """Writes a workbook with more parts."""

    def write(folder: Path) -> None:
        Workbook().save(folder / "made.xlsx")
        with zipfile.ZipFile(folder / "made.xlsx") as good, zipfile.ZipFile(folder / name, "w") as bad:
            for part in good.namelist():
                bad.writestr(part, good.read(part))
            for part, content in parts.items():
                bad.writestr(part, content)
        (folder / "made.xlsx").unlink()

    return write


def packed(name: str, members: dict[str, bytes]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)

    return write


def inner_zip() -> bytes:
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("e.csv", EPISODES)
        file.seek(0)
        return file.read()


def locked_zip(folder: Path) -> None:
    packed("a.zip", {"e.csv": EPISODES.encode()})(folder)
    content = bytearray((folder / "a.zip").read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(mark) + at, 1)
    (folder / "a.zip").write_bytes(content)


def broken_zip(folder: Path) -> None:
    packed("a.zip", {"e.csv": (EPISODES + "".join(episode(at) for at in range(500))).encode()})(folder)
    content = bytearray((folder / "a.zip").read_bytes())
    content[200:230] = bytes(30)
    (folder / "a.zip").write_bytes(content)


def two_councils(folder: Path) -> None:
    text("a.xml", CENSUS)(folder)
    text("b.xml", OTHER_COUNCIL)(folder)


BOMB = (
    '<?xml version="1.0"?>{before}<!DOCTYPE a [<!ENTITY b0 "boom">'
    + "".join(f'<!ENTITY b{at + 1} "{f"&b{at};" * 10}">' for at in range(9))
    + "]><{root}>{inside}</{root}>"
)
CHILD = "<CHILD><HEADER><CHILDID>&b9;</CHILDID></HEADER></CHILD>"
MONTH_FIRST = EPISODES + "".join(episode(at, f"{at % 12 + 1:02d}/{at % 28 + 1:02d}/2024") for at in range(200))

BAD = {
    "an empty folder": (lambda folder: None, "(there is no file in it). Expected .csv, .xml, .xlsx, .zip"),
    "an empty file": (text("e.csv", ""), "e.csv: it is empty"),
    "wrong columns": (text("e.csv", EPISODES.replace("DECOM", "STARTED") + episode(1)), "files are known by their columns"),
    "no headings": (text("e.csv", episode(1)), "files are known by their columns"),
    "a column twice": (text("e.csv", EPISODES.replace("URN", "DEC") + episode(1)), "the column DEC is there 2 times, expected once"),
    "headings alone": (text("e.csv", EPISODES), "The files hold headings and no record: e.csv (SSDA903 episodes)"),
    "UTF-16": (text("e.csv", (EPISODES + episode(1)).encode("utf-16")), "no text in UTF-8"),
    "another encoding": (text("e.csv", (EPISODES + episode("Zo\xeb")).encode("cp1252")), "no text in UTF-8"),
    "a quotation mark": (
        text("e.csv", EPISODES + episode(1) + episode('"2') + "".join(map(episode, range(3, 90)))),
        "row 3: a quotation mark takes in 87 of the rows after it",
    ),
    "month-first dates": (text("e.csv", MONTH_FIRST), "days can only be read month first, 0 only day first"),
    "serial dates": (
        text("e.csv", EPISODES + "".join(episode(at, str(45_400 + at)) for at in range(20))),
        "None of the 20 records has a day that can be read",
    ),
    "a broken XML": (text("a.xml", CENSUS[:-600]), "no well-formed XML"),
    "a broken SSDA903 XML": (text("a.xml", "<EXPSSDA903><CHILD><HEADER>"), "not readable XML"),
    "an SSDA903 XML without a child": (text("a.xml", "<EXPSSDA903></EXPSSDA903>"), "no child was found"),
    "XML of another collection": (text("a.xml", CENSUS.replace(">CIN<", ">SchoolCensus<")), "a file of another collection"),
    "XML of another kind": (text("a.xml", "<html><body/></html>"), "XML of another kind"),
    "an entity bomb": (text("a.xml", BOMB.format(before="", root="EXPSSDA903", inside=CHILD)), "declares a document type or entities"),
    "a late entity bomb": (
        text("a.xml", BOMB.format(before=f"<!--{'x' * 200_000}-->", root="EXPSSDA903", inside=CHILD)), "declares a document type or entities",
    ),
    "an entity bomb in UTF-16": (
        text("a.xml", BOMB.replace("?>", ' encoding="utf-16"?>', 1).format(before="", root="EXPSSDA903", inside=CHILD).encode("utf-16")),
        "declares a document type or entities",
    ),
    "an entity bomb as census": (text("a.xml", BOMB.format(before="", root="Message", inside="&b9;")), "declares a document type or entities"),
    "a child without end": (
        text("a.xml", "<EXPSSDA903><CHILD>" + "<EPISODE><DECOM>01/06/2024</DECOM></EPISODE>" * 120_000 + "</CHILD></EXPSSDA903>"),
        "without the end of a CHILD",
    ),
    "XML full of something else": (text("a.xml", "<EXPSSDA903>" + "<A><B>x</B></A>" * 300_000 + "</EXPSSDA903>"), "without the end of a CHILD"),
    "a protected workbook": (
        text("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")), "protected with a password",
    ),
    "an old workbook": (text("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "an old Excel workbook"),
    "a workbook with macros": (workbook("a.xlsx", {"xl/vbaProject.bin": b"macro"}), "holds macros"),
    "a workbook with an entity bomb": (workbook("a.xlsx", {"xl/more.xml": BOMB.encode()}), "declares a document type or entities"),
    "a workbook of something else": (workbook("a.xlsx", {}), "holds no cell with anything in it"),
    "Annex A alone": (lambda folder: shutil.copy(YEAR / "annex_a.xlsx", folder), "From an Annex A workbook alone nothing is counted"),
    "no zip": (text("a.zip", "PK"), "no readable zip"),
    "a broken zip": (broken_zip, "no readable zip"),
    "a locked zip": (locked_zip, "protected with a password"),
    "a zip of zips": (packed("a.zip", {"b.zip": inner_zip()}), "holds another zip"),
    "a zip with a name twice": (packed("a.zip", {"e.csv": EPISODES.encode(), "E.csv": b""}), "holds 1 names twice"),
    "a zip with a path twice": (packed("a.zip", {"2025/e.csv": EPISODES.encode(), "2025/./e.csv": b""}), "holds 1 names twice"),
    "a zip with a path twice, one leading out": (packed("a.zip", {"e.csv": EPISODES.encode(), "/../e.csv": b""}), "holds 1 names twice"),
    "a zip of deep folders": (packed("a.zip", {"a/" * 900 + "e.csv": EPISODES.encode()}), "a.zip: it holds more than 100 folders in one another"),
    "two councils": (two_councils, "of 2 councils (000: a.xml; 001: b.xml), expected those of one"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_a_message_and_an_exit_code(run, tmp_path, kind):
    make, says = BAD[kind]
    make(tmp_path)
    code, out, err = run("count", tmp_path)
    assert (code, out) == (4, ""), err
    assert says in err
    assert str(tempfile.gettempdir()) not in err, "no path of the workings"


@pytest.mark.parametrize("kind", [kind for kind in BAD if "XML" in kind or "workbook" in kind or "zip" in kind])
def test_a_bad_file_among_good_ones_is_named(run, tmp_path, kind):
    """What could be a return stops the count; what is readable and of another kind is left alone, and said to be."""
    shutil.copytree(YEAR, tmp_path / "2025")
    BAD[kind][0](tmp_path / "2025")
    code, out, err = run("count", tmp_path)
    left_alone = kind in ("XML of another kind", "a workbook of something else")
    assert code == (0 if left_alone else 4), err
    assert "cla_number" in out if left_alone else out == ""
    assert ("a.xml" if "XML" in kind else "a.zip" if "zip" in kind else "a.xlsx") in err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((YEAR / "none",), 4, "is not there"),
        ((YEAR, "--set", "tmps=count"), 3, "There is no switch 'tmps'. Did you mean temps?"),
        ((YEAR, "--set", "temps=maybe"), 3, "temps is 'maybe', and can be exclude or count"),
        ((YEAR, "--set", "temps"), 3, "expected NAME=VALUE"),
        ((YEAR, "--set", "=count"), 3, "expected NAME=VALUE"),
        ((YEAR, "--rule", "cla_numbr"), 3, "There is no rule 'cla_numbr'. Did you mean cla_number"),
        ((YEAR, "--years", "2019"), 4, "are of the years that ended in 2025; asked was 2019"),
        ((YEAR, "--years", "2024..2025"), 4, "asked was 2024, 2025"),
        ((YEAR, "--years", "2025..2024"), 3, "the earlier first"),
        ((YEAR, "--years", "last year"), 3, "expected a year"),
        ((YEAR, "--format", "xml"), 2, "xml"),
        ((), 2, "Missing argument"),
        (("",), 2, "a blank path, expected that of a file or folder"),
        ((YEAR, " "), 2, "a blank path, expected that of a file or folder"),
        (("/dev/null",), 4, "/dev/null is a device, expected a folder or a file of a return"),
        ((f"{'a' * 300}.csv",), 4, "aaa.csv cannot be read: File name too long"),
        ((YEAR / "episodes.csv" / "x.csv",), 4, "x.csv is not there"),
    ],
)
def test_a_mistake_in_the_command_is_a_message_and_an_exit_code(run, arguments, code, says):
    found, out, err = run("count", *arguments)
    assert (found, out) == (code, ""), err
    assert says in err


def test_a_rule_that_does_not_exist_is_said_before_anything_is_read(run, tmp_path):
    text("e.csv", "")(tmp_path)
    assert run("count", tmp_path, "--rule", "cla_numbr")[0] == 3


def test_counts_as_json_and_csv_are_the_same_and_small_ones_are_hidden(run):
    code, out, _ = run("count", SYNTHETIC, "--groups", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert {row["year"] for row in rows} == {2023, 2024, 2025}
    assert not [row for row in rows if row["value"] and row["numerator"] is None and 1 <= row["value"] <= 5]
    assert not [row for row in rows if row["numerator"] and 1 <= row["numerator"] <= 5]
    lines = run("count", SYNTHETIC, "--groups", "--format", "csv")[1].splitlines()
    assert len(lines) == len(rows) + 1


def test_only_the_rules_and_years_asked_for_are_shown(run):
    code, out, _ = run("count", SYNTHETIC, "--rule", "cla_number", "--years", "2024..2025", "--format", "json")
    assert code == 0
    assert [(row["rule"], row["year"]) for row in json.loads(out)] == [("cla_number", 2024), ("cla_number", 2025)]


def test_what_is_not_counted_is_said(run):
    code, out, err = run("count", YEAR, "--rule", "cla_same_placement", "--format", "json")
    assert (code, json.loads(out)) == (0, [])
    assert "Not counted for 2025, as no return of the years before is here: cla_same_placement." in err
    err = run("count", YEAR / "cin_census.xml", "--rule", "cla_number")[2]
    assert "Not counted, as the returns hold nothing that they need: cla_number." in err


@pytest.fixture
def flawed(tmp_path) -> Path:
    """A return of 40 good episodes, and one record of each flaw."""
    rows = [episode(f"C{at}") for at in range(40)]
    rows += [
        episode("C1", "01/07/2024", PLACE="U99"),
        episode("C1", "01/07/2024"),
        episode("", "01/08/2024"),
        episode("C50", "31/02/2024"),
    ]
    rows += [episode("C51").strip() + ",one,two\n", episode("C52", DEC="01/05/2024", REC="E3")]
    text("episodes.csv", EPISODES + "".join(rows))(tmp_path)
    headers = [f"C{at},M,01/01/2012,WBRI" for at in range(40)] + ["C0,M,02/01/2012,WBRI", ",F,01/01/2011,WBRI"]
    text("header.csv", "CHILD,SEX,DOB,ETHNIC\n" + "\n".join(headers))(tmp_path)
    text(
        "reviews.csv",
        "CHILD,DOB,REVIEW,REVIEW_CODE\nC2,01/01/2012,,PN1\nC3,02/02/2002,01/08/2024,PN1\nC4,01/01/2012,01/01/2011,PN1\n",
    )(tmp_path)
    return tmp_path


def test_every_flaw_is_a_problem_and_what_is_left_out_is_said(run, flawed):
    code, out, err = run("count", flawed, "--rule", "cla_number", "--format", "json")
    assert code == 0
    assert [row["value"] for row in json.loads(out)] == [40]
    problems = next(line for line in err.splitlines() if line.startswith("Problems: "))
    for kind in ("code 1", "date 1", "cells 1", "no review 1", "no child 1"):
        assert kind in problems
    left_out = next(line for line in err.splitlines() if "were left out of every count" in line)
    for kind in ("start 2", "duplicate 1", "cells 1", "no review 1"):
        assert kind in left_out


def test_files_that_are_not_read_are_named(run, tmp_path):
    shutil.copytree(YEAR, tmp_path / "2025")
    for name in ("letter.docx", "list.xlsm", "~$annex_a.xlsx", ".DS_Store"):
        (tmp_path / "2025" / name).write_bytes(b"something")
    code, _, err = run("count", tmp_path)
    assert code == 0
    assert "letter.docx: a kind of file that is not read; left alone" in err
    assert "list.xlsm: a workbook of the kind .xlsm; not opened" in err
    assert "kind 1" in err
    assert "~$" not in err and "DS_Store" not in err, "what a program leaves beside an open file is no file of a return"


def test_a_file_given_twice_is_counted_once(run, tmp_path):
    shutil.copytree(YEAR, tmp_path / "a")
    shutil.copytree(YEAR, tmp_path / "b")
    once = run("count", tmp_path / "a", "--format", "csv")[1]
    code, out, err = run("count", tmp_path, "--format", "csv")
    assert (code, out) == (0, once)
    assert "b/episodes.csv: the very same as a/episodes.csv; read once" in err
    assert run("count", tmp_path / "a", tmp_path / "a" / "episodes.csv", "--format", "csv")[1] == once


def test_two_returns_of_one_year_are_said(run, tmp_path):
    shutil.copytree(YEAR, tmp_path / "sent")
    (tmp_path / "corrected").mkdir()
    lines = (YEAR / "episodes.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    text("episodes.csv", "".join(lines[:-1]))(tmp_path / "corrected")
    code, _, err = run("count", tmp_path)
    assert code == 0
    assert "year twice 1" in err


def test_a_zip_gives_what_its_folder_does(run, tmp_path):
    with zipfile.ZipFile(tmp_path / "sent.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(SYNTHETIC.rglob("*.*")):
            archive.write(path, path.relative_to(SYNTHETIC))
        archive.writestr("__MACOSX/2025/._episodes.csv", b"\x00\x05\x16\x07")
    code, out, err = run("count", tmp_path / "sent.zip", "--format", "csv")
    assert (code, out) == (0, run("count", SYNTHETIC, "--format", "csv")[1])
    assert "sent.zip/2025/episodes.csv: SSDA903 episodes" in err
    assert "MACOSX" not in err


def test_two_zips_of_one_name_are_not_mixed(run, tmp_path):
    for year in ("2024", "2025"):
        (tmp_path / year).mkdir()
        packed("sent.zip", {name: (SYNTHETIC / year / name).read_bytes() for name in ("episodes.csv", "header.csv")})(
            tmp_path / year
        )
    code, _, err = run("count", tmp_path)
    assert code == 0
    assert [line.split(":")[0] for line in err.splitlines() if "SSDA903" in line] == [
        "2024/sent.zip/episodes.csv", "2024/sent.zip/header.csv", "2025/sent.zip/episodes.csv", "2025/sent.zip/header.csv",
    ]  # fmt: skip


def test_what_is_too_large_is_refused_at_once(run, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_BYTES", 10_000)
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 1000)
    text("a.xml", CENSUS)(tmp_path)
    code, _, err = run("count", tmp_path)
    assert (code, "It was not read: give the return itself" in err) == (4, True)
    (tmp_path / "a.xml").unlink()
    packed("a.zip", {"a.xml": CENSUS.encode()})(tmp_path)
    code, _, err = run("count", tmp_path)
    assert (code, "which no return does" in err) == (4, True)


def test_a_large_xml_takes_no_more_memory_than_a_small_one(tmp_path):
    """The peak of the reading alone, of a file eight times as large: a tree of it would take hundreds of megabytes more."""
    child = (
        "<CHILD><HEADER><CHILDID>{}</CHILDID><DOB>28/07/2010</DOB></HEADER>"
        + "<EPISODE><DECOM>06/01/2024</DECOM><RNE>S</RNE><LS>C2</LS><PL>U4</PL></EPISODE>" * 10 + "</CHILD>\n"
    )  # fmt: skip
    code = (
        "import resource, sys; from pathlib import Path; from analysis.sources.returns.ssda903_xml import Oddities, read_batches\n"
        "rows = sum(len(batch['episodes']) for batch in read_batches(Path(sys.argv[1]), Oddities()))\n"
        "print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    peaks = {}
    for children in (10_000, 80_000):
        path = tmp_path / f"{children}.xml"
        with path.open("w", encoding="utf-8") as file:
            file.write("<EXPSSDA903>")
            file.writelines(child.format(at) for at in range(children))
            file.write("</EXPSSDA903>")
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
        rows, peaks[children] = map(int, done.stdout.split())
        assert rows == 10 * children
    assert peaks[80_000] < peaks[10_000] + 40, peaks


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals on Windows")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_count_that_is_stopped_leaves_nothing_behind(tmp_path, how):
    (tmp_path / "own").mkdir()
    with (tmp_path / "e.csv").open("w", encoding="utf-8") as file:
        file.write(EPISODES)
        file.writelines(episode(at) for at in range(400_000))
    running = subprocess.Popen(
        [sys.executable, "-m", "analysis", "count", str(tmp_path / "e.csv")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(tmp_path / "own")},
    )  # fmt: skip
    until = time.monotonic() + 60
    while not list((tmp_path / "own").glob("returns-*")) and time.monotonic() < until:
        time.sleep(0.02)
    running.send_signal(how)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "Nothing was counted, and nothing written." in err
    assert "Traceback" not in err
    assert list((tmp_path / "own").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="whether a folder is in use cannot be asked on Windows")
def test_what_a_killed_run_left_behind_is_taken_away_by_the_next(run, own_temporary_folder, monkeypatch):
    monkeypatch.setattr(scratch, "_YOUNG", -1)
    left, strange = own_temporary_folder / "returns-left", own_temporary_folder / "returns-of-somebody-else"
    for folder in (left, strange):
        folder.mkdir()
        (folder / "returns.duckdb").write_bytes(b"children")
    (left / "in-use-by-analysis").touch()
    with scratch.scratch_folder() as in_use:
        assert run("count", YEAR)[0] == 0
        assert in_use.is_dir(), "the folder of a run that goes on stays"
    assert not left.exists()
    assert strange.exists(), "a folder that is not ours stays"
    shutil.rmtree(strange)


# What stands in a folder

not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions, pipes and names")
#: Runs the command as a user whom permissions bind: root reads every file. What is imported later is imported before that.
AS_ANYBODY = (
    "import encodings.utf_8_sig, os, sys; import analysis.indicators.counting.counted, analysis.report.batch; from analysis import cli\n"
    "if os.geteuid() == 0: os.seteuid(65534)\n"
    "sys.argv = ['analysis', *sys.argv[1:]]; cli.main()"
)


@pytest.fixture
def two_years():
    """Returns of two years in a folder that anybody may open; it is taken away whatever became of the permissions."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for year in ("2024", "2025"):
            shutil.copytree(SYNTHETIC / year, folder / year)
        yield folder
        for path in (folder / "2024", folder / "2024" / "reviews.csv"):
            path.chmod(0o755)


def run_as_anybody(*arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", AS_ANYBODY, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@not_on_windows
@pytest.mark.parametrize(
    ("closed", "mode", "named"),
    [("2024", 0o000, "2024"), ("2024", 0o444, "2024/advocacy_referrals.csv"), ("2024/reviews.csv", 0o000, "2024/reviews.csv")],
)  # fmt: skip
def test_what_may_not_be_opened_is_named_and_nothing_is_counted(run, two_years, closed, mode, named):
    assert run("count", two_years)[0] == 0
    (two_years / closed).chmod(mode)
    code, out, err = run_as_anybody("count", two_years)
    assert (code, out) == (4, "")
    assert f"{named} cannot be read: Permission denied" in err


@not_on_windows
def test_a_file_in_a_closed_folder_and_a_twin_that_may_not_be_read_are_messages(two_years):
    shutil.copy(two_years / "2024" / "reviews.csv", two_years / "2025" / "reviews.csv")
    (two_years / "2024" / "reviews.csv").chmod(0)
    code, _, err = run_as_anybody("count", two_years)
    assert (code, "2024/reviews.csv cannot be read: Permission denied" in err) == (4, True)
    (two_years / "2024").chmod(0)
    code, _, err = run_as_anybody("count", two_years / "2024" / "episodes.csv")
    assert (code, "2024/episodes.csv cannot be read: Permission denied" in err) == (4, True)


@not_on_windows
@pytest.mark.parametrize("more", [("--data",), ("--data", "2024/x"), ("--returns",), ("--returns", "2024/x")])
def test_a_report_of_a_folder_that_may_not_be_opened_is_a_message(two_years, tmp_path, more):
    (two_years / "2024").chmod(0)
    place = two_years.joinpath(*more[1:])
    code, _, err = run_as_anybody("report", 1, more[0], place, "--output", tmp_path / "made")
    assert (code, "2024" in err, "cannot be read: Permission denied" in err) == (4, True, True)
    assert not (tmp_path / "made").exists()


@not_on_windows
def test_a_link_to_a_folder_is_followed_once_and_loops_end(run, tmp_path):
    shutil.copytree(SYNTHETIC / "2024", tmp_path / "kept" / "2024")
    given = tmp_path / "given"
    shutil.copytree(YEAR, given / "2025")
    (given / "2024").symlink_to(tmp_path / "kept" / "2024")
    (given / "a").symlink_to(tmp_path / "kept" / "2024")
    (given / "2025" / "loop").symlink_to(given)
    (given / "2025" / "out").symlink_to(tmp_path)
    for name, to in (("nowhere.csv", "gone.csv"), ("itself.csv", "itself.csv")):
        (given / name).symlink_to(to)
    code, out, err = run("count", given, "--format", "csv")
    shutil.copytree(tmp_path / "kept" / "2024", tmp_path / "plain" / "2024")
    shutil.copytree(YEAR, tmp_path / "plain" / "2025")
    assert (code, out) == (0, run("count", tmp_path / "plain", "--format", "csv")[1])
    assert "\n2024/episodes.csv: SSDA903 episodes" in err
    assert "2025/out: a link to a folder above the one that was given; not followed" in err
    assert "nowhere.csv: a link that leads nowhere; left alone" in err
    assert "itself.csv: a link that leads nowhere; left alone" in err
    assert "very same" not in err


@not_on_windows
def test_what_is_no_file_is_named_with_what_it_is(run, tmp_path):
    os.mkfifo(tmp_path / "x.csv")
    code, _, err = run("count", tmp_path / "x.csv")
    assert (code, "x.csv is a pipe, expected a folder or a file of a return" in err) == (4, True)
    code, _, err = run("count", tmp_path)
    assert (code, f"in the folder {tmp_path} (x.csv: a pipe; left alone)" in err) == (4, True)


def test_where_nothing_was_found_is_named(run, tmp_path):
    (tmp_path / "x.csv").mkdir()
    assert (
        f"No file of a return was found in the folder {tmp_path / 'x.csv'} (there is no file in it)"
        in run("count", tmp_path / "x.csv")[2]
    )
    packed("empty.zip", {})(tmp_path)
    code, _, err = run("count", tmp_path / "empty.zip")
    assert (code, f"in the file {tmp_path / 'empty.zip'} (empty.zip: a zip with no file in it" in err) == (4, True)
    shutil.copytree(YEAR, tmp_path / "2025")
    code, _, err = run("count", tmp_path)
    assert (code, "empty.zip: a zip with no file in it; left alone" in err) == (0, True)


@not_on_windows
def test_folders_in_one_another_without_end_are_refused(run, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.chdir(tmp_path)
        for _ in range(1200):
            Path("a").mkdir()
            patched.chdir("a")
    code, _, err = run("count", tmp_path)
    assert (code, "holds more than 100 folders in one another" in err) == (4, True)
    code, _, err = run("report", 1, "--data", tmp_path, "--output", tmp_path / "made")
    assert (code, "holds more than 100 folders in one another" in err) == (4, True)
    subprocess.run(["rm", "-rf", tmp_path / "a"], check=True)  # Python's own way of taking it away is too deep, too


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each name is text")
@pytest.mark.parametrize("name", ["cin_census.xml", "episodes.csv"])
def test_a_name_that_is_no_text_is_said(run, tmp_path, name):
    shutil.copy(YEAR / name, os.fsencode(tmp_path / name).replace(b"s.", b"\xe9."))
    for command in (("count", tmp_path), ("report", 1, "--output", tmp_path / "made", "--data", tmp_path)):
        code, _, err = run(*command)
        assert (code, "\\udce9" in err, "no text in UTF-8" in err) == (4, True, True), err


@not_on_windows
def test_no_name_of_a_file_steers_the_terminal(run, tmp_path):
    shutil.copytree(YEAR, tmp_path / "2025")
    (tmp_path / "2025" / "\x1b]0;new\x07title\u202e\n.csv").write_bytes(b"")
    code, _, err = run("count", tmp_path)
    assert code == 4
    (tmp_path / "2025" / "\x1b]0;new\x07title\u202e\n.csv").rename(tmp_path / "2025" / "\x1b[2J.txt")
    code, _, more = run("count", tmp_path)
    assert (code, "\\x1b[2J.txt: a kind of file that is not read" in more) == (0, True)
    assert not {"\x1b", "\x07", "\u202e"} & set(err + more)


def test_the_same_list_of_postcodes_or_bare_headings_beside_each_year_is_no_problem(run, tmp_path):
    for year in ("2024", "2025"):
        shutil.copytree(SYNTHETIC / year, tmp_path / year)
        shutil.copy(YEAR / "placement_locations.csv", tmp_path / year)
        text("uasc.csv", "CHILD,SEX,DOB,DUC\n\n")(tmp_path / year)
    code, _, err = run("count", tmp_path)
    assert (code, "file twice" in err) == (0, False)
    assert "2025/placement_locations.csv: the very same as 2024/placement_locations.csv; read once" in err
    assert "2025/uasc.csv: the very same as 2024/uasc.csv; read once" in err
    shutil.copy(YEAR / "reviews.csv", tmp_path / "2024")
    assert "file twice 1" in run("count", tmp_path)[2]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_a_full_disk_under_standard_output_is_a_message(format):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "analysis", "count", str(YEAR), "--format", format],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 6, done.stderr
    assert "could not be written to standard output: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are closed otherwise on Windows")
@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_a_pipe_that_is_closed_ends_without_a_word(format):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "count", str(YEAR), "--format", format],
        stdout=write, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(write)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr and "written" not in done.stderr


@pytest.mark.parametrize(
    "command", [("report", "1"), ("figures",), ("synthesise",), ("briefing", "--indicator", "cp_plan_rate")]
)
def test_a_blank_output_is_a_mistake(run, command):
    code, _, err = run(*command, "--output", "")
    assert (code, "a blank path, expected that of a file or folder" in err) == (2, True)


# synthesise


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_made_up_returns_are_written_and_counted(run, tmp_path):
    code, out, _ = run("synthesise", "--children", 60, "--years", "2025", "--output", tmp_path / "made")
    assert code == 0 and "Written" in out
    assert run("count", tmp_path / "made")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["made"], "the folder in which they were made is gone"


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (("--years", "1999"), 3, "expected years from 2016 to 2030"),
        (("--years", "2025..2024"), 3, "the earlier first"),
        (("--children", "0"), 2, "--children"),
        (("--format", "pdf"), 2, "pdf"),
    ],
)
def test_a_mistake_in_the_order_writes_nothing(run, tmp_path, more, code, says):
    found, _, err = run("synthesise", "--output", tmp_path / "made", *more)
    assert found == code
    assert says in err
    assert list(tmp_path.iterdir()) == []


def test_what_the_command_did_not_make_is_not_written_over(run, tmp_path):
    text("episodes.csv", "a council's own")(tmp_path)
    code, _, err = run("synthesise", "--children", 20, "--output", tmp_path)
    assert (code, "did not make" in err) == (6, True)
    assert files_of(tmp_path) == {"episodes.csv": b"a council's own"}
    assert run("synthesise", "--children", 20, "--output", tmp_path / "episodes.csv")[0] == 6
    assert run("synthesise", "--children", 20, "--output", tmp_path / "episodes.csv" / "made")[0] == 6


@pytest.mark.parametrize("more", [("--format", "xml"), ("--years", "2024")])
def test_returns_of_another_order_are_not_mixed_in(run, tmp_path, more):
    order = ("synthesise", "--children", 20, "--years", "2025", "--output", tmp_path / "made")
    assert run(*order)[0] == 0
    before = files_of(tmp_path)
    code, _, err = run(*order, *more)
    assert (code, "would be mixed" in err) == (6, True)
    assert files_of(tmp_path) == before
    assert run(*order)[0] == 0
    assert files_of(tmp_path) == before, "the same order writes over itself"


def test_a_run_that_fails_leaves_what_was_there(run, tmp_path, monkeypatch):
    order = ("synthesise", "--children", 20, "--years", "2025", "--output", tmp_path / "made")
    assert run(*order)[0] == 0
    before = files_of(tmp_path)
    monkeypatch.setattr("analysis.synthetic.making._write_truth", raise_no_room)
    code, _, err = run(*order, "--seed", "2")
    assert (code, "cannot be written: No space left on device" in err) == (6, True)
    assert files_of(tmp_path) == before


def raise_no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")
