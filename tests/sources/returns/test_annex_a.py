"""Annex A workbooks are read by their headings; what is not certain is a problem, and no problem holds a child."""

import pickle
import re
import traceback
import warnings
import zipfile
from datetime import date, datetime, time

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from analysis.errors import CatalogueError, DataError
from analysis.sources.declared import parse_declared
from analysis.sources.returns import workbooks
from analysis.sources.returns.annex_a import Annex, load_annex, read_annex_a
from analysis.sources.returns.tables import TABLES
from conftest import shared

PLANS = {
    "Child Unique ID": "CANARY0001",
    "Gender": "b) Female",
    "Ethnicity": "a) wbri",
    "Date of Birth": datetime(2015, 6, 7),
    "Age of Child (Years)": 8.1,
    "Does the Child have a Disability": "b) No",
    "Child Protection Plan Start Date": datetime(2023, 5, 17),
    "Initial Category of Abuse": "  Physical\xa0abuse ",
    "Latest Category of Abuse": "neg",
    "Date of the Last Statutory Visit": datetime(2023, 12, 1, 14, 30),
    "Was the Child Seen Alone?": "a) Yes",
    "Date of latest review conference": "15/12/2023",
    "Child Protection Plan End Date": None,
    "Number of Previous Child Protection Plans": 1,
    "Allocated Worker": "CANARY Worker",
}
CARE = {
    "Child Unique ID": 10721552,
    "Gender": "m",
    "Ethnicity": "s) NOBT",
    "Date of Birth": datetime(2010, 6, 7),
    "Does the Child have a Disability": "c) Unknown",
    "Date Started to be Looked After": datetime(2020, 5, 17),
    "Child’s Category of Need": "N1 - Abuse or neglect",
    "Start date of current legal status": datetime(2020, 5, 17),
    "Child's Legal Status": "c2: FCO",
    "Date of Latest Statutory Review": datetime(2023, 11, 2),
    "Date of Last IRO Visit / Contact to the Child": datetime(2023, 11, 1),
    "Number of Placements in the Last 12 months": "2",
    "Date Ceased to be Looked After ": datetime(2024, 1, 9),
    "Reason Ceased to be Looked After": "e) E4A: Returned home",
    "Start Date of Most Recent Placement": datetime(2021, 2, 3),
    "Placement Type": "d) u4: Foster placement - long term",
    "Placement Provider": "b) PR1 - Own provision",
    "Placement postcode": "CA1 1RY",
}
REFERRALS = {"Child Unique ID": 1, "Date of Birth": datetime(2015, 6, 7), "Date of referral": datetime(2023, 5, 17),
             "Referral Source": "School", "Referral NFA?": "a) Yes", "Number of Referrals in Last 12 Months": 1}  # fmt: skip
START, END, BIRTH, REVIEW = (
    "Child Protection Plan Start Date", "Child Protection Plan End Date", "Date of Birth", "Date of latest review conference",
)  # fmt: skip


def plan(**cells):
    """A row of list 7; a cell is named by its place among PLANS, such as c1."""
    names = list(PLANS)
    return {**PLANS, **{names[int(key[1:])]: value for key, value in cells.items()}}


def changed(heading, value, row=PLANS):
    return {**row, heading: value}


@pytest.fixture
def write(tmp_path):
    def writing(sheets, name="annex.xlsx", above=0, epoch=None):
        book = Workbook()
        book.remove(book.active)
        if epoch:
            book.epoch = epoch
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for _ in range(above):
                sheet.append([f"{title}: as at 31 March"])
            if rows:
                sheet.append(list(rows[0]))
            for row in rows:
                sheet.append(list(row.values()))
        path = tmp_path / name
        book.save(path)
        return path

    return writing


@pytest.fixture
def read(write):
    return lambda sheets, **how: read_annex_a(write(sheets, **how))


@pytest.fixture
def read_plans(read):
    """What is read of a workbook with these rows in list 7, and one in list 8."""
    return lambda *rows, **how: read({"List 7": list(rows), "List 8": [CARE]}, **how)


def rows(found, table="annex_plans"):
    return found.tables[table].to_pylist()


def rules(found):
    return [(problem.rule, problem.column.rpartition(", ")[2], problem.left_out) for problem in found.problems]


def said(error):
    return "".join(traceback.format_exception(error.value)) + repr(error.value)


# What is read


def test_lists_7_and_8_are_read_into_their_tables(read_plans):
    found = read_plans(PLANS)
    assert rows(found) == [
        {"child": "CANARY0001", "sex": "b) Female", "birth": date(2015, 6, 7), "ethnicity": "a) WBRI", "disabled": False,
         "started": date(2023, 5, 17), "ended": None, "category": "Physical abuse", "category_latest": "NEG", "previous": 1,
         "last_review": date(2023, 12, 15), "last_visit": date(2023, 12, 1), "file": "annex.xlsx", "row": 2}
    ]  # fmt: skip
    assert rows(found, "annex_care") == [
        {"child": "10721552", "sex": "M", "birth": date(2010, 6, 7), "ethnicity": "s) NOBT", "disabled": None,
         "started": date(2020, 5, 17), "ceased": date(2024, 1, 9), "reason_ceased": "e) E4A: Returned home",
         "need": "N1 - Abuse or neglect", "legal": "C2: FCO", "last_review": date(2023, 11, 2),
         "last_officer_visit": date(2023, 11, 1), "placements": 2, "placement_started": date(2021, 2, 3),
         "place": "d) U4: Foster placement - long term", "provider": "b) PR1 - Own provision", "file": "annex.xlsx", "row": 2}
    ]  # fmt: skip
    assert not found.problems
    assert [(file.name, file.rows) for file in found.files] == [
        ("annex.xlsx, sheet 1 (List 7)", 1), ("annex.xlsx, sheet 2 (List 8)", 1),
    ]  # fmt: skip
    assert found.files[0].matched["last_review"] == REVIEW


def test_nothing_but_the_tables_is_read(read_plans):
    shown = str([table.to_pylist() for table in read_plans(PLANS).tables.values()])
    assert "Worker" not in shown and "CA1" not in shown


@pytest.mark.parametrize("count", [0, 1, 3])
def test_types_of_columns_are_those_of_the_contract(read, count):
    found = read({"7": [PLANS] * max(count, 1), "8": [CARE]}) if count else read_annex_a(_sample("2015-01-sample.xlsx"))
    assert set(found.tables) == {"annex_plans", "annex_care"}
    for name, table in found.tables.items():
        assert table.schema == pa.schema(list(TABLES[name].items()))


def _sample(name):
    return shared("returns") / "annex-a" / name


@pytest.mark.parametrize(
    ("name", "plans", "care", "others"), [("Annex_A.xlsx", 7, 5, 9), ("2015-01-sample.xlsx", 0, 0, 9)]
)
def test_the_samples_are_read_without_a_problem(name, plans, care, others):
    found = read_annex_a(_sample(name))
    assert (len(rows(found)), len(rows(found, "annex_care")), found.problems) == (plans, care, ())
    assert len([file for file in found.files if file.note == "recognised; not needed"]) == others
    by_list = {file.is_a: file for file in found.files}
    for number, table in ((7, "annex_plans"), (8, "annex_care")):
        assert set(by_list[load_annex().lists[number].is_a].matched) == set(TABLES[table]) - {"file", "row"}


def test_a_sheet_of_codes_or_guidance_is_no_list():
    found = read_annex_a(_sample("2015-01-sample.xlsx"))
    assert {file.is_a for file in found.files[:4]} == {""}


@pytest.mark.parametrize("above", [0, 1, 5, 29])
def test_headings_may_stand_below_a_title(read_plans, above):
    found = read_plans(PLANS, above=above)
    assert rows(found)[0]["row"] == above + 2


def test_sheets_are_known_by_their_headings_and_not_by_name_or_order(read):
    found = read({"Tabelle1": [CARE], "List 8": [PLANS], "List 7": [REFERRALS]})
    assert (rows(found)[0]["child"], rows(found, "annex_care")[0]["child"]) == ("CANARY0001", "10721552")
    assert found.files[2].is_a == "Annex A list 3 (referrals)"
    assert found.files[2].note == "recognised; not needed"


def test_headings_may_be_in_any_order_case_and_quotes(read):
    headings = {
        name.upper() if at % 2 else f" {name.replace(' ', '  ')}\n": value
        for at, (name, value) in enumerate(PLANS.items())
    }
    found = read({"7": [dict(reversed(headings.items()))], "8": [CARE]})
    assert (rows(found)[0]["child"], found.problems) == ("CANARY0001", ())


def test_other_words_for_a_heading_are_known(read_plans):
    other = {"Child Unique ID": "Child ID", "Gender": "Sex", START: "CP Plan Start Date", END: "CP Plan End Date",
             "Number of Previous Child Protection Plans": "Number of previous CP plans"}  # fmt: skip
    found = read_plans({other.get(name, name): value for name, value in PLANS.items()})
    assert found.files[0].matched["started"] == "CP Plan Start Date"
    assert not found.problems


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ("a) Yes", True), ("b) No", False), ("Y", True), ("n", False), ("yes", True), ("NO", False), (True, True), (False, False),
        ("c) Unknown", None), ("Not recorded", None), (None, None),
    ],
)  # fmt: skip
def test_yes_and_no(read_plans, value, read_as):
    found = read_plans(changed("Does the Child have a Disability", value))
    assert (rows(found)[0]["disabled"], rules(found)) == (read_as, [])


@pytest.mark.parametrize(("value", "child"), [(10721552, "10721552"), (10721552.0, "10721552"), (" 00123 ", "00123")])
def test_identifiers_are_texts(read_plans, value, child):
    assert rows(read_plans(plan(c0=value)))[0]["child"] == child


def test_empty_rows_are_read_over_and_counted(read_plans):
    blank = dict.fromkeys(PLANS)
    found = read_plans(PLANS, blank, {**blank, "Age of Child (Years)": 0, BIRTH: " "}, plan(c0="B"))
    assert [row["row"] for row in rows(found)] == [2, 5]
    assert (found.files[0].rows, found.problems) == (2, ())


def test_a_wrong_size_of_the_sheet_hides_nothing(write):
    path = write({"List 7": [PLANS, plan(c0="B")], "List 8": [CARE]})
    replace_in_part(path, "xl/worksheets/sheet1.xml", rb'<dimension ref="[^"]*"', b'<dimension ref="C2:D2"')
    assert [row["child"] for row in rows(read_annex_a(path))] == ["CANARY0001", "B"]


# Days


def test_numbers_of_the_spreadsheet_are_days_with_a_warning(read_plans):
    found = read_plans(plan(c0="A"), plan(c0="B", c6=45063, c3=42162.0), plan(c0="C", c6=45064))
    assert [row["started"] for row in rows(found)] == [date(2023, 5, 17), date(2023, 5, 17), date(2023, 5, 18)]
    assert rules(found) == [("serial", BIRTH, False), ("serial", START, False)]
    assert found.problems[1].found.startswith("2 plain numbers") and found.problems[1].row == 3


def test_the_day_0_of_the_workbook_is_heeded(read_plans):
    found = read_plans(plan(c6=45063 - 1462, c11=None), epoch=CALENDAR_MAC_1904)
    assert rows(found)[0]["started"] == date(2023, 5, 17)


@pytest.mark.parametrize(
    "value", ["03/25/2024", "17/05/23", "2023-05-17", "17 May 2023", "1/5/2023", "soon", 8.1, -1, 10721552, time(9), True, "12/01/1066"]
)  # fmt: skip
def test_what_is_no_day_is_a_problem_and_never_swapped(read_plans, value):
    found = read_plans(changed(REVIEW, value))
    assert rules(found) == [("date", REVIEW, False)]
    assert rows(found)[0]["last_review"] is None


@pytest.mark.parametrize("heading", [START, END])
def test_a_plan_whose_start_or_end_cannot_be_read_is_left_out(read_plans, heading):
    found = read_plans(changed(heading, "05/17/2023"), plan(c0="B"))
    assert rules(found)[0] == ("date", heading, True)
    # The start of the other plan is a date: that both ways are in one column is said too.
    assert rules(found)[1:] == ([("mixed", START, False)] if heading == START else [])
    assert [row["child"] for row in rows(found)] == ["B"]


def test_other_days_of_a_column_with_the_month_first_are_doubted(read_plans):
    found = read_plans(changed(REVIEW, "12/25/2023"), plan(c0="B", c11="03/04/2024"), plan(c0="C", c11="04/04/2024"))
    assert [row["last_review"] for row in rows(found)] == [None, date(2024, 4, 3), date(2024, 4, 4)]
    assert rules(found) == [("date", REVIEW, False), ("month first", REVIEW, False)]
    assert found.problems[1].found.startswith("1 days that may be written month first")


def test_dates_beside_days_written_as_text_are_doubted(read_plans):
    found = read_plans(PLANS, plan(c0="B", c11=datetime(2023, 4, 3)))
    assert rules(found) == [("mixed", REVIEW, False)]


@given(day=st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_day_is_the_same_as_text_date_and_number(tmp_path_factory, day):
    book = Workbook()
    sheet = book.active
    sheet.append(list(PLANS))
    number = (day - date(1899, 12, 30)).days
    sheet.append(
        list(plan(c3=f"{day:%d/%m/}{day.year}", c6=datetime(day.year, day.month, day.day), c9=number).values())
    )
    path = tmp_path_factory.mktemp("day") / "annex.xlsx"
    book.save(path)
    (row,) = rows(read_annex_a(path))
    assert row["birth"] == row["started"] == row["last_visit"] == day


# What is wrong


@pytest.mark.parametrize(
    ("heading", "value", "problem", "left"),
    [
        ("Child Unique ID", " ", ("blank", "Child Unique ID", True), 0),
        ("Child Unique ID", datetime(2015, 6, 7), ("identifier", "Child Unique ID", True), 0),
        ("Child Unique ID", 1e17, ("identifier", "Child Unique ID", True), 0),
        ("Child Unique ID", "#N/A", ("error", "Child Unique ID", True), 0),
        (START, None, ("blank", START, True), 0),
        (END, "#VALUE!", ("error", END, True), 0),
        ("Does the Child have a Disability", "perhaps", ("yes or no", "Does the Child have a Disability", False), 1),
        ("Does the Child have a Disability", 1, ("yes or no", "Does the Child have a Disability", False), 1),
        ("Number of Previous Child Protection Plans", "CANARY0001", ("number", "Number of Previous Child Protection Plans", False), 1),
        ("Number of Previous Child Protection Plans", -1, ("number", "Number of Previous Child Protection Plans", False), 1),
        ("Number of Previous Child Protection Plans", 1.5, ("number", "Number of Previous Child Protection Plans", False), 1),
        ("Number of Previous Child Protection Plans", 10721552, ("number", "Number of Previous Child Protection Plans", False), 1),
        ("Initial Category of Abuse", datetime(2015, 6, 7), ("category", "Initial Category of Abuse", False), 1),
        ("Ethnicity", "#REF!", ("error", "Ethnicity", False), 1),
    ],
)  # fmt: skip
def test_a_mistake_is_one_problem(read_plans, heading, value, problem, left):
    found = read_plans(changed(heading, value))
    assert rules(found) == [problem]
    assert len(rows(found)) == left
    (one,) = found.problems
    assert (one.file, one.row) == ("annex.xlsx", 2) and all([one.found, one.expected, one.action])
    assert "CANARY" not in str(found.problems) and "2015" not in str(found.problems)


def test_a_child_that_is_there_twice_is_said(read_plans):
    found = read_plans(PLANS, PLANS)
    assert rules(found) == [("duplicate", "Child Unique ID", False)]
    assert len(rows(found)) == 2


@pytest.mark.parametrize(
    ("heading", "left_out"), [("Gender", False), (START, True), (END, True), ("Child Unique ID", True)]
)
def test_a_column_that_is_missing_is_a_problem(read_plans, heading, left_out):
    found = read_plans({name: value for name, value in PLANS.items() if name != heading})
    ((rule, _, out),) = rules(found)
    assert (rule, out) == ("column", left_out)
    assert ("annex_plans" in found.tables) is not left_out
    assert len(rows(found, "annex_care")) == 1


@pytest.mark.parametrize(
    ("heading", "other", "left_out"), [(BIRTH, "DOB", False), ("Child Unique ID", "Child ID", True)]
)
def test_two_columns_that_could_be_the_same_are_a_problem_and_none_is_read(read_plans, heading, other, left_out):
    found = read_plans({**PLANS, other: PLANS[heading]})
    ((rule, _, out),) = rules(found)
    assert (rule, out) == ("columns", left_out)
    assert repr(heading) in found.problems[0].found and repr(other) in found.problems[0].found
    if not left_out:
        assert rows(found)[0]["birth"] is None


def test_a_list_on_two_sheets_is_read_from_none(read):
    found = read({"List 7": [PLANS], "List 7 (2)": [PLANS], "List 8": [CARE]})
    assert [problem.rule for problem in found.problems] == ["twice", "twice"]
    assert set(found.tables) == {"annex_care"}


def test_a_list_that_is_not_there_is_said(read):
    found = read({"List 7": [PLANS]})
    assert rules(found) == [("list", "list 8", False)]
    found = read({"List 3": [REFERRALS], "Notes": []})
    assert rules(found) == [("list", "list 7", False), ("list", "list 8", False)]
    assert not found.tables and [file.note for file in found.files] == ["recognised; not needed", "empty"]


def test_a_formula_that_was_never_worked_out_is_no_blank(read_plans):
    found = read_plans(plan(c0="A"), plan(c0="B", c12="=TODAY()"), plan(c0="C", c11="=A1"))
    assert rules(found) == [("formula", END, True), ("formula", REVIEW, False)]
    assert [row["child"] for row in rows(found)] == ["A", "C"]


# What is refused


def replace_in_part(path, name, pattern, by):
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            parts[part] = archive.read(part)
    assert re.search(pattern, parts[name])
    parts[name] = re.sub(pattern, lambda _: by, parts[name], count=1)
    write_parts(path, parts)


def write_parts(path, parts):
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for part, content in parts.items():
            out.writestr(part, content)
    return path


def add_part(path, name, content=b"CANARY0001"):
    with zipfile.ZipFile(path, "a") as out:
        out.writestr(name, content)


def refused(path, words):
    with pytest.raises(DataError, match=words) as error:
        read_annex_a(path)
    assert path.name in str(error.value) and re.search("expected", str(error.value), re.I)
    assert "CANARY" not in said(error)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("annex.xlsx", b"", "is empty"),
        ("annex.xlsx", bytes(5000), "is empty"),
        ("annex.xls", OLE, r"old Excel workbook \(\.xls\)"),
        ("annex.xlsx", OLE, r"old Excel workbook \(\.xls\)"),
        ("annex.xlsx", OLE + bytes(2_000_000) + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        ("annex.xlsx", b"Child Unique ID,Gender\nCANARY0001,F\n", "no workbook"),
        ("annex.csv", b"Child Unique ID,Gender\nCANARY0001,F\n", "no workbook"),
        ("annex.xlsx", b"<html>CANARY0001</html>", "no workbook"),
        ("annex.xlsx", b"PK\x03\x04CANARY0001", "broken zip file"),
    ],
)
def test_another_file_is_refused_with_what_to_do(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, words)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"annex\.xlsx is not there"):
        read_annex_a(tmp_path / "annex.xlsx")
    with pytest.raises(DataError, match="is a folder"):
        read_annex_a(tmp_path)


@pytest.mark.parametrize("ending", ["xlsm", "xls", "XLSM", "xlsb", "xltm"])
def test_endings_of_workbooks_with_macros_are_refused(write, tmp_path, ending):
    path = write({"List 7": [PLANS]})
    refused(path.rename(tmp_path / f"annex.{ending}"), "kind")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("xl/vbaProject.bin", "holds macros"),
        ("xl/other/VBAPROJECT.BIN", "holds macros"),
        ("xl/macrosheets/sheet1.xml", "holds macros"),
        ("xl/workbook.bin", "binary workbook"),
    ],
)
def test_a_workbook_with_macros_is_refused_whatever_its_ending(write, part, words):
    path = write({"List 7": [PLANS]})
    add_part(path, part)
    refused(path, words)


def test_content_that_says_macros_is_refused(write):
    path = write({"List 7": [PLANS]})
    replace_in_part(path, "[Content_Types].xml", rb"spreadsheetml\.sheet\.main", b"sheet.macroEnabled.main")
    refused(path, "holds macros")


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    refused(write_parts(tmp_path / "a.xlsx", {"CANARY0001.csv": b"1"}), "zip file that is no workbook")
    refused(
        write_parts(tmp_path / "b.xlsx", {"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "no workbook"
    )
    refused(
        write_parts(tmp_path / "c.xlsx", {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}), "cannot be read"
    )


def test_a_workbook_that_unpacks_to_too_much_is_refused(write, monkeypatch):
    path = write({"List 7": [PLANS]})
    add_part(path, "xl/media/bomb.bin", bytes(3_000_000))
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 2_000_000)
    refused(path, "unpacks to 3 MB, more than the 2 MB")


def test_the_limit_is_500_megabytes():
    assert workbooks.MOST_UNPACKED == 500_000_000


def test_a_part_that_lies_about_its_size_is_refused(write):
    path = write({"List 7": [PLANS]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/media/bomb.bin", bytes(3_000_000))
    content = path.read_bytes()
    path.write_bytes(content.replace((3_000_000).to_bytes(4, "little"), (3_000).to_bytes(4, "little")))
    refused(path, "is broken")


def test_a_workbook_that_is_cut_off_or_damaged_is_refused(write):
    path = write({"List 7": [PLANS] * 50})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    refused(path, "broken")
    at = content.index(b"xl/worksheets/sheet1.xml") + 200
    path.write_bytes(content[:at] + bytes(50) + content[at + 50 :])
    refused(path, "broken")


BOMB = b'<!DOCTYPE a [<!ENTITY a "CANARY0001"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("padding", [0, (1 << 20) - 4])
def test_an_entity_in_any_part_is_refused(write, part, padding):
    path = write({"List 7": [PLANS]})
    replace_in_part(path, part, rb"^(<\?xml[^>]*>)?", b"<!--" + b" " * padding + b"-->" + BOMB)
    refused(path, "document type or entities")


def test_a_broken_sheet_is_refused(write):
    path = write({"List 7": [PLANS], "List 8": [CARE]})
    replace_in_part(path, "xl/worksheets/sheet2.xml", rb"</row>", b"</CANARY0001>")
    refused(path, "broken")


def test_an_empty_workbook_is_refused(write):
    refused(write({"Sheet 1": [], "Sheet 2": []}), "no cell with anything in it")


def test_a_workbook_of_another_kind_is_refused(write):
    refused(write({"CANARY0001": [{"CANARY0001": "CANARY0001", "b": 2}]}), "holds no list of Annex A")


# Nobody is named


def test_no_child_is_in_a_problem_a_message_or_a_repr(read):
    everywhere = dict.fromkeys(PLANS, "CANARY0001")
    in_care = dict.fromkeys(CARE, "CANARY0001")
    found = read(
        {
            "CANARY0001": [PLANS, everywhere, everywhere],
            "List 8 CANARY0001": [CARE, in_care],
            "x CANARY0001": [{"CANARY0001": 1}],
        }
    )
    assert len(found.problems) > 8
    for shown in (str(found.problems), repr(found.problems), str(found.files), repr(found.files)):
        assert "CANARY" not in shown
    assert b"CANARY" not in pickle.dumps((found.problems, found.files))


def test_what_holds_a_sheet_does_not_show_it(write):
    with workbooks.open_workbook(write({"CANARY0001": [PLANS]})) as book:
        assert "CANARY" not in repr(book) + repr(book.sheets) + str(book.sheets[0])


# What is declared


def test_no_heading_of_the_template_is_claimed_by_two_columns():
    for number, headings in ((7, PLANS), (8, CARE)):
        columns = load_annex().lists[number].columns
        for heading in headings:
            plain = heading.strip().replace("’", "'")
            assert sum(column.fits(plain) for column in columns.values()) <= 1, heading


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"known_by": ["(", "b"]}, "no regular expression"),
        ({"table": "plans"}, "table"),
        ({"table": "annex_plans"}, "columns must be those of the table"),
        ({"columns": {"child": {"patterns": ["("]}}}, "no regular expression"),
        ({"columns": {"child": {"patterns": ["id"]}}}, "columns must be those of the table"),
        ({"sheet": "List 7"}, "not known"),
    ],
)
def test_a_declaration_that_breaks_its_contract_is_refused(tmp_path, change, words):
    lists = {7: {"is_a": "seven", "known_by": ["c", "d"], **change}}
    with pytest.raises(CatalogueError, match=words):
        parse_declared({"person": ["id"], "lists": lists}, Annex, tmp_path / "annex_a.yml")


def test_a_row_beyond_the_last_that_a_workbook_can_have_is_refused(tmp_path, monkeypatch):
    """A file of a few bytes can name row 2,000,000,000, and all before it would be made up as blank."""
    monkeypatch.setattr(workbooks, "MOST_ROWS", 50)
    book = Workbook()
    book.active.append(["a"])
    book.active.cell(row=51, column=1, value="b")
    book.save(tmp_path / "a.xlsx")
    with workbooks.open_workbook(tmp_path / "a.xlsx") as opened, pytest.raises(DataError, match="a row beyond row 50"):
        list(opened.sheets[0].rows(1))
