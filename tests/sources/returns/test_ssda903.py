"""SSDA903: files are known by their columns, dates are day first, and no child is ever named."""

import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest

from analysis.errors import DataError
from analysis.sources.returns.layouts import all_codes, codes_of, recognise
from analysis.sources.returns.opening import open_returns
from analysis.sources.returns.ssda903 import create_tables, read_csv, read_xml

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
SAMPLES = Path(__file__).parents[4] / "shared" / "returns" / "ssda903"


@pytest.fixture
def con():
    database = duckdb.connect()
    create_tables(database)
    return database


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_known_by_its_columns_whatever_its_name(con, tmp_path):
    path = write(tmp_path / "anything.csv", EPISODES + "C1,01/04/2024,S,C2,N1,U4,PR1,,,,,AB1,\n")
    file, problems = read_csv(con, path)
    assert (file.is_a, file.rows, problems) == ("SSDA903 episodes", 1, [])
    assert file.matched["started"] == "DECOM"
    assert con.execute("SELECT started, place FROM episodes").fetchall() == [(date(2024, 4, 1), "U4")]


@pytest.mark.parametrize(
    ("text", "found"),
    [("01/04/2024", date(2024, 4, 1)), ("31/12/2024", date(2024, 12, 31)), ("12/31/2024", None), ("2024-04-01", None), ("45383", None),
     ("31/02/2024", None), ("01/04/24", None), ("soon", None)],
)  # fmt: skip
def test_dates_are_day_first_and_nothing_else(con, tmp_path, text, found):
    path = write(tmp_path / "e.csv", EPISODES + f"C1,{text},S,C2,N1,U4,PR1,,,,,AB1,\n")
    _, problems = read_csv(con, path)
    assert con.execute("SELECT started FROM episodes").fetchall() == [(found,)]
    assert [(item.row, item.column, item.rule) for item in problems] == ([] if found else [(2, "DECOM", "date")])


def test_many_bad_dates_are_counted_and_not_all_listed(con, tmp_path):
    rows = "".join(f"C{at},soon,S,C2,N1,U4,PR1,,,,,AB1,\n" for at in range(300))
    _, problems = read_csv(con, write(tmp_path / "e.csv", EPISODES + rows))
    assert len(problems) == 101
    assert (problems[-1].found, problems[-1].records) == ("300 records with a text that is no date", 200)


def test_semicolons_a_mark_at_the_start_and_lower_case_are_no_mistake(con, tmp_path):
    text = "\ufeff" + EPISODES.replace(",", ";").lower() + "C1;01/04/2024;s;c2;n1;u4;pr1;;;;;ab1;\n"
    file, problems = read_csv(con, write(tmp_path / "e.csv", text))
    assert (file.rows, problems) == (1, [])
    assert con.execute("SELECT reason_new, place FROM episodes").fetchall() == [("S", "U4")]


@pytest.mark.parametrize(("content", "says"), [(b"", "empty"), (b"\xff\xfe\x00C", "UTF-8")])
def test_a_file_that_is_no_text_is_named(con, tmp_path, content, says):
    path = tmp_path / "e.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=says):
        read_csv(con, path)


def test_xml_gives_what_csv_does(con, tmp_path):
    text = (
        "<EXPSSDA903><CHILD><HEADER><CHILDID>C1</CHILDID><SEX>2</SEX><DOB>28/07/2010</DOB><ETHNIC>BAFR</ETHNIC>"
        "<AREVIEW><REVIEW>27/09/2024</REVIEW><REVIEW_CODE>PN2</REVIEW_CODE></AREVIEW></HEADER>"
        "<EPISODE><DECOM>06/01/2024</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N4</CIN><PL>U4</PL><DEC/><REC/></EPISODE></CHILD></EXPSSDA903>"
    )
    file, problems = read_xml(con, write(tmp_path / "r.xml", text))
    assert (file.rows, problems) == (3, [])
    assert con.execute("SELECT child, started, place FROM episodes").fetchall() == [("C1", date(2024, 1, 6), "U4")]
    assert con.execute("SELECT review, code FROM reviews").fetchall() == [(date(2024, 9, 27), "PN2")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<!DOCTYPE a [<!ENTITY b "boom">]><EXPSSDA903><CHILD>&b;</CHILD></EXPSSDA903>', "entities"),
        ("<EXPSSDA903><CHILD>", "not readable XML"),
        ("<EXPSSDA903></EXPSSDA903>", "no child was found"),
    ],
)
def test_xml_that_is_no_return_is_refused(con, tmp_path, text, says):
    with pytest.raises(DataError, match=says):
        read_xml(con, write(tmp_path / "r.xml", text))


def test_codes_are_those_of_the_year():
    assert "H5" in codes_of("place", 2024) and "H5" not in codes_of("place", 2026)
    assert {"M", "F", "U"} == codes_of("sex", 2025) and {"1", "2"} == codes_of("sex", 2024)
    assert "E43" in codes_of("reason_ended", 2018) and "E45" in codes_of("reason_ended", 2019)
    assert codes_of("place", 2026) < all_codes("place")


def test_the_layout_with_most_columns_wins():
    assert recognise(["CHILD", "SEX", "DOB", "DUC"])[0] == "uasc"
    assert recognise(["CHILD", "SEX", "DOB", "ETHNIC", "UPN"])[0] == "header"


def test_a_zip_is_read_and_a_zip_of_zips_is_not(tmp_path):
    inner = write(tmp_path / "e.csv", EPISODES + "C1,01/04/2024,S,C2,N1,U4,PR1,,,,,AB1,\n")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(inner, "e.csv")
    with open_returns([tmp_path / "a.zip"]) as opened:
        assert [item.rows for item in opened.files] == [1]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(tmp_path / "a.zip", "a.zip")
    with pytest.raises(DataError, match="another zip"), open_returns([tmp_path / "b.zip"]):
        pass


def test_nothing_that_is_a_return_is_said(tmp_path):
    with pytest.raises(DataError, match="not there"), open_returns([tmp_path / "none"]):
        pass
    write(tmp_path / "x.csv", "a,b\n1,2\n")
    with pytest.raises(DataError, match="known by their columns"), open_returns([tmp_path]):
        pass


@pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="needs ../shared/returns, the samples that other tools are tested with"
)
def test_the_samples_of_other_tools_are_read():
    names = ("episodes.csv", "header.csv", "reviews.csv", "uasc.csv", "ad1.csv", "missing.csv", "fake_903.xml")
    with open_returns([SAMPLES / name for name in names]) as opened:
        rows = {item.name: item.rows for item in opened.files}
    assert rows["episodes.csv"] == 5050
    assert rows["ad1.csv"] == 0
    assert rows["fake_903.xml"] > 1000


@pytest.mark.parametrize(
    ("name", "beside"), [("episodes[1].csv", "episodes1.csv"), ("epi*.csv", "episodes.csv"), ("e?.csv", "e2.csv")]
)
def test_the_name_of_a_file_is_no_pattern(con, tmp_path, name, beside):
    """Browsers call a second download "episodes[1].csv"; the file beside, which its name would fit as a pattern, is not read."""
    path = write(tmp_path / name, EPISODES + "C1,01/04/2024,S,C2,N1,U4,PR1,,,,,AB1,\n")
    write(tmp_path / beside, EPISODES + "C2,01/04/2024,S,C2,N1,U4,PR1,,,,,AB1,\n" * 3)
    file, _ = read_csv(con, path)
    assert (file.rows, con.execute("SELECT DISTINCT child FROM episodes").fetchall()) == (1, [("C1",)])


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (EPISODES.replace("CHILD,", "CHILD_ID,"), "most columns of SSDA903 episodes, and not CHILD; left alone"),
        ("sep=,\n" + EPISODES, "its headings stand in row 2; left alone"),
        ("Children in care\n\n" + EPISODES, "its headings stand in row 3; left alone"),
    ],
)
def test_a_file_that_is_nearly_a_return_is_a_problem(con, tmp_path, text, note):
    file, problems = read_csv(con, write(tmp_path / "e.csv", text + "C1,01/04/2024,S,C2,N1,U4,PR1,,,,,AB1,\n"))
    assert (file.rows, file.note, [item.rule for item in problems]) == (0, note, ["headings"])


def test_another_file_is_no_problem(con, tmp_path):
    file, problems = read_csv(con, write(tmp_path / "e.csv", "NAME,AMOUNT\na,1\n"))
    assert (file.note, problems) == ("not known by its columns; left alone", [])


@pytest.mark.parametrize(
    ("header", "episode", "lines"),
    [
        ("<DOB>01/02/2015</DOB><DOB>01/02/2016</DOB>", "", [1]),
        ("<DOB>01/02/2015</DOB><DOB>01/02/2015</DOB>", "", []),
        ("", "<DECOM>02/05/2024</DECOM>", [2]),
        ("</HEADER><HEADER><CHILDID>C2</CHILDID>", "", [1]),
    ],
)
def test_two_values_of_one_thing_in_xml_are_said(con, tmp_path, header, episode, lines):
    text = (
        f"<M><CHILD><HEADER><CHILDID>C1</CHILDID>{header}</HEADER>\n"
        f"<EPISODE><DECOM>01/05/2024</DECOM>{episode}<RNE>S</RNE></EPISODE></CHILD></M>"
    )
    _, problems = read_xml(con, write(tmp_path / "r.xml", text))
    assert [item.row for item in problems if item.rule == "twice"] == lines
    assert con.execute("SELECT child FROM header").fetchall() == [("C1",)]


def test_files_of_headings_alone_hold_no_record(tmp_path):
    write(tmp_path / "e.csv", EPISODES)
    with (
        pytest.raises(DataError, match=r"hold headings and no record: e.csv \(SSDA903 episodes\)"),
        open_returns([tmp_path]),
    ):
        pass


def test_what_stands_in_the_place_of_days_is_said(tmp_path):
    write(tmp_path / "e.csv", EPISODES + "C1,2024-04-01,S,C2,N1,U4,PR1,,,,,AB1,\n")
    with pytest.raises(DataError, match=r"Found was: a day with the year first \(1\)"), open_returns([tmp_path]):
        pass


def test_a_file_that_is_not_needed_is_not_said_to_hold_no_record(tmp_path):
    write(tmp_path / "oc2.csv", "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK\nC1,01/02/2015,12,,0,1\n")
    with pytest.raises(DataError, match="Nothing that is counted was found"), open_returns([tmp_path]):
        pass
