"""A provider's list is known by its headings; what is not certain is a problem, and no problem holds a child."""

import csv
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from analysis.errors import CatalogueError, DataError
from analysis.sources.catalogue import load_breakdowns
from analysis.sources.declared import parse_declared
from analysis.sources.folders import data_folder
from analysis.sources.returns.layouts import all_codes
from analysis.sources.returns.opening import open_returns
from analysis.sources.returns.referral_cells import Wrong, read_cell
from analysis.sources.returns.referral_columns import ReferralList, load_referral_list
from analysis.sources.returns.referrals import holds_referrals, read_referrals
from analysis.sources.returns.tables import TABLES
from analysis.synthetic.making import Order, make_returns
from analysis.synthetic.referral_list import COLUMNS

TEMPLATE = data_folder() / "templates" / "advocacy_referrals.csv"
#: A row in which nothing is wrong.
GOOD = {
    "CHILD": "CANARY0001", "REFERENCE": "CANARY-R7", "STATUS": "in care", "REFERRAL_DATE": "01/06/2024", "SOURCE": "Young people",
    "OFFER_DATE": "03/06/2024", "ANSWER": "accepted", "ANSWER_DATE": "05/06/2024", "ADVOCACY": "instructed", "ISSUES": "Legal; Health",
    "FIRST_CONTACT_DATE": "10/06/2024", "CLOSED_DATE": "01/09/2024", "AGE": "14", "SEX": "F", "ETHNIC": "WBRI", "DISABLED": "no",
}  # fmt: skip
READ = {
    "child": "CANARY0001", "reference": "CANARY-R7", "status": "in care", "referred": date(2024, 6, 1), "source": "Young people",
    "offered": date(2024, 6, 3), "answer": "accepted", "answered": date(2024, 6, 5), "advocacy": "instructed", "issues": "Legal;Health",
    "first_contact": date(2024, 6, 10), "closed": date(2024, 9, 1), "age": 14, "sex": "F", "ethnicity": "WBRI", "disabled": False,
}  # fmt: skip


def changed(**cells):
    return {**GOOD, **cells}


@pytest.fixture(params=["csv", "xlsx"])
def write(request, tmp_path):
    """Writes rows, in either format, with lines above the headings if asked for."""

    def writing(*rows, above=0, name="list"):
        path = tmp_path / f"{name}.{request.param}"
        cells = [["As sent"]] * above + [list(rows[0]), *(list(row.values()) for row in rows)]
        if request.param == "csv":
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(cells)
        else:
            book = Workbook()
            for row in cells:
                book.active.append(row)
            book.save(path)
        return path

    return writing


@pytest.fixture
def read(write):
    return lambda *rows, **how: read_referrals(write(*rows, **how))


def rows_of(found):
    return [{name: row[name] for name in READ} for row in found.tables["referrals"].to_pylist()]


def rules(found):
    return [(item.rule, item.row, item.column.rpartition(", ")[2], item.left_out) for item in found.problems]


def test_every_column_is_read(read):
    found = read(GOOD)
    assert rows_of(found) == [READ] and rules(found) == []
    assert (found.files[0].is_a, found.files[0].rows, found.files[0].note) == ("Advocacy referral list", 1, "")


def test_headings_are_found_below_other_lines_and_in_any_spelling(read):
    row = {heading.replace("_", " ").title(): value for heading, value in GOOD.items()}
    found = read(row, above=3)
    assert rows_of(found) == [READ] and found.tables["referrals"]["row"].to_pylist() == [5]


@pytest.mark.parametrize(
    ("column", "written", "ours", "value"),
    [
        ("STATUS", "Looked-after child", "status", "in care"), ("ANSWER", "DECLINED", "answer", "refused"),
        ("ADVOCACY", "Non instructed", "advocacy", "non-instructed"), ("SOURCE", "iro", "source", "Reviewing officers"),
        ("SEX", "2", "sex", "F"), ("SEX", "boy", "sex", "M"), ("ETHNIC", "White and Asian", "ethnicity", "MWAS"),
        ("DISABLED", "Y", "disabled", True), ("ISSUES", "care placement: other;;Legal:  immigration ; legal", "issues", "Care placement;Legal"),
        ("CHILD", "  CANARY   0001 ", "child", "CANARY 0001"), ("SOURCE", "", "source", None), ("CLOSED_DATE", " ", "closed", None),
    ],
)  # fmt: skip
def test_other_spellings_are_known(read, column, written, ours, value):
    assert rows_of(read(changed(**{column: written})))[0][ours] == value


def test_what_a_workbook_holds_as_numbers_and_dates(tmp_path):
    book = Workbook()
    row = changed(CHILD=20771, REFERRAL_DATE=datetime(2024, 6, 1, 9, 30), AGE=14.0, SEX=2, DISABLED=True)
    book.active.append(list(row))
    book.active.append(list(row.values()))
    book.save(tmp_path / "list.xlsx")
    found = read_referrals(tmp_path / "list.xlsx")
    assert rows_of(found) == [{**READ, "child": "20771", "disabled": True}] and rules(found) == []


@pytest.mark.parametrize(
    ("column", "written", "rule", "words"),
    [
        ("OFFER_DATE", "06/25/2024", "date", "month first"), ("OFFER_DATE", "2024-06-03", "date", "year first"),
        ("OFFER_DATE", "yes", "date", "no day"), ("CLOSED_DATE", "31/06/2024", "date", "no calendar"),
        ("ANSWER", "acepted", "value", "the nearest is accepted"), ("ANSWER", "n", "value", "accepted, refused or no answer"),
        ("SOURCE", "social wroker", "value", "the nearest is Social workers"), ("ISSUES", "Legal; Leagl", "value", "the nearest is Legal"),
        ("ETHNIC", "WBRII", "value", "the nearest is WBRI"), ("STATUS", "in car", "value", "the nearest is in care"),
        ("AGE", "26", "number", "whole years from 0 to 25"), ("AGE", "13.5", "number", "whole years"), ("AGE", "-1", "number", "whole years"),
        ("DISABLED", "#N/A", "error", "a value"),
    ],
)  # fmt: skip
def test_a_cell_that_is_none_is_blank_and_named(read, column, written, rule, words):
    found = read(GOOD, changed(REFERENCE="CANARY-R8", **{column: written}))
    named = [item for item in found.problems if item.rule == rule]
    assert [(item.row, item.column.rpartition(", ")[2], item.left_out) for item in named] == [(3, column, False)]
    assert words in f"{named[0].found} {named[0].expected}"
    ours = next(name for name, item in load_referral_list().columns.items() if item.heading == column)
    assert [row[ours] for row in rows_of(found)] == [READ[ours], None]


def test_a_row_without_a_day_of_referral_is_left_out(read):
    found = read(changed(REFERRAL_DATE=""), changed(REFERRAL_DATE="1/6/24"), GOOD)
    assert rules(found) == [("blank", 2, "REFERRAL_DATE", True), ("date", 3, "REFERRAL_DATE", True)]
    assert rows_of(found) == [READ] and found.files[0].rows == 3


@pytest.mark.parametrize(
    ("cells", "rule", "column"),
    [
        ({"OFFER_DATE": "06/06/2024"}, "order", "ANSWER_DATE"),
        ({"FIRST_CONTACT_DATE": "31/05/2024"}, "order", "FIRST_CONTACT_DATE"),
        ({"CLOSED_DATE": "09/06/2024"}, "order", "CLOSED_DATE"),
        ({"ANSWER_DATE": ""}, "answer", "ANSWER_DATE"), ({"ANSWER": "no answer"}, "answer", "ANSWER"), ({"ANSWER": ""}, "answer", "ANSWER"),
        ({"ANSWER": "refused"}, "answer", "ADVOCACY"), ({"CHILD": ""}, "no child", "CHILD"),
    ],
)  # fmt: skip
def test_what_cannot_all_be_so_is_named_and_counted_as_it_stands(read, cells, rule, column):
    found = read(changed(**cells))
    assert rules(found) == [(rule, 2, column, False)]
    assert len(rows_of(found)) == 1


def test_a_referral_after_the_provider_closed_it(read):
    found = read(
        changed(
            REFERRAL_DATE="02/09/2024", OFFER_DATE="", ANSWER="", ANSWER_DATE="", ADVOCACY="", FIRST_CONTACT_DATE=""
        )
    )
    assert [item.found for item in found.problems] == ["a referral after the day on which it was closed"]


@pytest.mark.parametrize(
    ("second", "twice"),
    [
        ({}, True), ({"REFERENCE": "CANARY-R8"}, False), ({"REFERRAL_DATE": "31/05/2024"}, False), ({"CHILD": "CANARY0002"}, False),
        ({"ISSUES": "Housing"}, True),
    ],
)  # fmt: skip
def test_a_referral_given_twice(read, second, twice):
    found = read(GOOD, changed(**second))
    assert rules(found) == ([("duplicate", 2, "REFERENCE", True)] if twice else [])


def test_without_a_reference_a_child_has_one_referral_a_day(read):
    blank = {"REFERENCE": ""}
    found = read(changed(**blank), changed(**blank, ISSUES="Housing"), changed(**blank, CHILD="CANARY0002"))
    assert rules(found) == [("duplicate", 2, "CHILD", True)]
    nobody = changed(**blank, CHILD="")
    assert {rule for rule, *_ in rules(read(nobody, nobody, name="nobody"))} == {"no child"}


def test_no_problem_holds_a_child_a_reference_or_a_cell(read):
    wrong = {name: "CANARY" for name in GOOD if name != "REFERRAL_DATE"}
    found = read(
        GOOD, GOOD, {**wrong, "REFERRAL_DATE": "01/06/2024"}, changed(CHILD="CANARY"), changed(CLOSED_DATE="01/01/2024")
    )
    assert len(found.problems) > 10
    for item in found.problems:
        words = f"{item.column} {item.found} {item.expected} {item.action}"
        assert "CANARY" not in words and "2024" not in words.replace("31/03/2024", ""), item
    assert "CANARY" not in repr(found)


@given(st.sampled_from(sorted(READ)), st.text(min_size=1).map(lambda text: f"canary{text}"))
def test_any_text_is_read_or_named_and_never_quoted(column, text):
    found = read_cell(column, text)
    if isinstance(found, Wrong):
        assert "canary" not in f"{found}"
    else:
        assert column in ("child", "reference") and found == " ".join(text.split())


@pytest.mark.parametrize("value", [time(9, 30), 45_000, 1e300, True, date(1066, 4, 13)])
def test_a_value_of_a_workbook_that_is_no_day(value):
    assert isinstance(read_cell("offered", value), Wrong)


def test_a_formula_that_was_never_worked_out(tmp_path):
    book = Workbook()
    book.active.append(list(GOOD))
    book.active.append([*list(GOOD.values())[:-1], '=IF(M2>5,"yes","no")'])
    book.save(tmp_path / "list.xlsx")
    found = read_referrals(tmp_path / "list.xlsx")
    assert rules(found) == [("formula", 2, "DISABLED", False)] and rows_of(found) == [{**READ, "disabled": None}]


def test_missing_doubled_and_other_columns(write, tmp_path):
    few = {name: GOOD[name] for name in ("REFERRAL_DATE", "OFFER_DATE", "ANSWER")}
    found = read_referrals(write({**few, "NAME": "CANARY", "NOTES": "CANARY"}))
    assert {rule for rule, *_ in rules(found)} == {"column"} and len(found.problems) == len(GOOD) - 3
    assert found.files[0].note == "columns that are not of the list, and were not read: 2"
    assert "CANARY" not in str(found.tables["referrals"].to_pylist())
    path = tmp_path / "doubled.csv"
    path.write_text("REFERRAL_DATE,OFFER_DATE,ANSWER,Answer\n01/06/2024,,refused,accepted\n", encoding="utf-8")
    found = read_referrals(path)
    assert ("column", 1, "ANSWER", False) in rules(found) and found.tables["referrals"]["answer"].to_pylist() == [None]


def test_semicolons_and_tabs_part_cells_too(tmp_path):
    for mark in (";", "\t"):
        path = tmp_path / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=mark).writerows([list(GOOD), list(GOOD.values())])
        assert rows_of(read_referrals(path)) == [READ]


def test_files_that_are_none_say_so(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("CHILD,DECOM\nCANARY,01/01/2024\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"no advocacy referral list.*REFERRAL_DATE, OFFER_DATE, ANSWER"):
        read_referrals(path)
    lines = ",".join(GOOD) + "\n" + "x" * 100_000 + "\n"
    path.write_bytes(lines.encode() + "CANARY é".encode("cp1252"))
    assert holds_referrals(path)
    with pytest.raises(DataError, match="UTF-8") as error:
        read_referrals(path)
    assert "CANARY" not in str(error.value)
    path.write_bytes(b"")
    assert not holds_referrals(path)
    with pytest.raises(DataError, match="is empty"):
        read_referrals(path)


HEADINGS, PLAIN = ",".join(GOOD), ",".join(GOOD.values())


def lines_of(tmp_path, *lines, headings=HEADINGS):
    path = tmp_path / "lines.csv"
    path.write_text("\n".join((headings, *lines, "")), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("column", "lines", "row", "taken"),
    [
        ("ISSUES", ['"Legal', "Legal", "Legal"], 2, 2),  # never closed
        ("ISSUES", ["Legal", '"Legal', "Legal", 'Legal"'], 3, 2),  # closed at the end of the same cell, three rows on
        ("ISSUES", ["Legal", '"Legal', '"Legal; Health"'], 3, 1),  # closed by the mark that begins another cell
        ("ISSUES", ['"Legal', '"Legal, Health"'], 2, 1),
        ("ISSUES", ['"Legal', '""', 'Legal"'], 2, 2),
        ("CHILD", ['"C1', 'C2"'], 2, 1), ("CHILD", ['"C1', "C2"], 2, 1),
        ("DISABLED", ['"no', "no"], 2, 1), ("DISABLED", ['"no', 'no"'], 2, 1),
    ],
)  # fmt: skip
def test_a_quotation_mark_that_takes_in_rows_is_refused_and_not_quoted(tmp_path, column, lines, row, taken):
    path = lines_of(tmp_path, *(",".join({**GOOD, column: cell}.values()) for cell in lines))
    with pytest.raises(DataError, match=rf"row {row}: a quotation mark takes in {taken} of the rows after it") as error:
        read_referrals(path)
    assert "CANARY" not in str(error.value) and "2024" not in str(error.value)


def test_a_mark_closed_in_another_column_is_refused_as_well(tmp_path):
    first, last = changed(ISSUES='"Legal'), changed(STATUS='in care"', REFERENCE="CANARY-R9")
    for pair in ((first, last), (changed(STATUS='"in care'), changed(ISSUES='Legal"'))):
        path = lines_of(tmp_path, *(",".join(row.values()) for row in pair))
        with pytest.raises(DataError, match="row 2: a quotation mark takes in 1 of the rows"):
            read_referrals(path)


def test_a_cell_in_which_lines_break_is_read(tmp_path):
    rows = [changed(ISSUES="Legal;\nHealth"), changed(REFERENCE="CANARY\r\n\r\nR8", SOURCE="Young\npeople"), changed(REFERENCE="CANARY-R9")]  # fmt: skip
    noted = [{"NOTES": "one, two\nthree", **row, "MORE": "a, b,\nc, d"} for row in rows]
    for number, many in enumerate((rows, noted)):
        path = tmp_path / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["As sent\nby post"], list(many[0]), *(row.values() for row in many)])
        found = read_referrals(path)
        assert rows_of(found) == [READ, {**READ, "reference": "CANARY R8"}, {**READ, "reference": "CANARY-R9"}]
        assert rules(found) == [] and found.tables["referrals"]["row"].to_pylist() == [3, 4, 5]


@pytest.mark.parametrize(
    "line",
    [
        PLAIN.replace("Legal; Health", "Legal, Health"),
        PLAIN + ",CANARY",
        ",,," + PLAIN,
        "," * len(GOOD) + "CANARY",
    ],
)
def test_a_row_with_more_cells_than_headings_is_left_out(tmp_path, line):
    found = read_referrals(lines_of(tmp_path, line, PLAIN))
    assert rows_of(found) == [READ] and found.files[0].rows == 2
    assert [(item.rule, item.row, item.column, item.found, item.left_out) for item in found.problems] == [
        ("cells", 2, "the whole row", "more cells than there are headings", True)
    ]
    assert "CANARY" not in f"{found.problems}"


def test_a_row_that_ends_early_is_read_and_said(tmp_path):
    """Spreadsheets leave the last commas of a row out."""
    last = list(GOOD)[-1]
    found = read_referrals(lines_of(tmp_path, PLAIN.rpartition(",")[0], ",".join(changed(CHILD="CANARY2").values())))
    assert len(rows_of(found)) == 2 and GOOD[last]
    assert [(item.rule, item.row, item.left_out) for item in found.problems if item.rule == "cells"] == [
        ("cells", 2, False)
    ]


def test_blank_cells_beyond_the_headings_and_blank_rows_are_no_problem(tmp_path):
    path = lines_of(tmp_path, PLAIN + ",, ,", "", ",", "," * 30, changed(CHILD="CANARY2")["CHILD"] + PLAIN[10:])
    found = read_referrals(path)
    assert [row["child"] for row in rows_of(found)] == ["CANARY0001", "CANARY2"] and rules(found) == []
    # A heading that is blank holds a place, which a row may fill or not have.
    found = read_referrals(lines_of(tmp_path, PLAIN + ",note", PLAIN, headings=HEADINGS + ","))
    assert {rule for rule, *_ in rules(found)} == {"duplicate"} and len(rows_of(found)) == 2


def test_a_row_of_a_workbook_may_end_early(tmp_path):
    book = Workbook()
    for row in (list(GOOD), list(GOOD.values())[:-1], [*GOOD.values(), "beside the list"]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    found = read_referrals(tmp_path / "list.xlsx")
    assert {rule for rule, *_ in rules(found)} == {"duplicate"} and len(rows_of(found)) == 2


def test_a_list_of_which_no_row_can_be_used_says_how_many_and_why(tmp_path, write):
    book = Workbook()
    for row in (list(GOOD), *(list(changed(REFERRAL_DATE=45_444 + at).values()) for at in range(3))):
        book.active.append(row)
    book.save(tmp_path / "serials.xlsx")
    says = r"^serials.xlsx: 3 rows left out: 3 for sheet 1, REFERRAL_DATE \(a plain number, .*Expected a date, .*Show the column as dates"
    with pytest.raises(DataError, match=says), open_returns([tmp_path / "serials.xlsx"]):
        pass
    days = ("2024-06-01", "2024-06-02", "45444", "")
    rows = [",".join(changed(REFERRAL_DATE=day).values()) for day in days]
    with pytest.raises(DataError, match=r"5 rows left out: 2 for REFERRAL_DATE \(a day with the year first\)") as error:
        read_referrals(lines_of(tmp_path, *rows, PLAIN + ",CANARY"))
    words = str(error.value)
    assert all(f"1 for {why}" in words for why in (
        "REFERRAL_DATE (a plain number", "REFERRAL_DATE (nothing)", "the whole row (more cells"
    ))  # fmt: skip
    assert "CANARY" not in words and "2024" not in words.replace("31/03/2024", "") and "45444" not in words
    with pytest.raises(DataError, match="1 row left out: 1 for"):
        read_referrals(write(changed(REFERRAL_DATE="soon")))


def test_a_day_of_referral_in_two_columns_is_said_to_be_why(tmp_path):
    path = lines_of(tmp_path, PLAIN + ",01/06/2024", headings=HEADINGS + ",Referral date")
    with pytest.raises(DataError, match=r"1 row left out: 1 for REFERRAL_DATE \(no one day, as several columns"):
        read_referrals(path)


def test_one_row_that_can_be_used_is_enough_and_none_at_all_is_no_such_error(tmp_path):
    found = read_referrals(lines_of(tmp_path, PLAIN, ",".join(changed(CLOSED_DATE="45444").values())))
    assert "a plain number, as a spreadsheet keeps its days" in [item.found for item in found.problems]
    assert len(rows_of(found)) == 2
    assert read_referrals(lines_of(tmp_path)).files[0].note == "no referral in it"


def test_dates_are_read_as_the_page_says():
    for written, found in (("31/03/2024", date(2024, 3, 31)), (datetime(2024, 3, 31), date(2024, 3, 31))):
        assert read_cell("offered", written) == found
    assert {read_cell("offered", text).rule for text in ("1/3/2024", "2024-03-31", "03/31/2024", "31/03/24")} == {
        "date"
    }


def test_a_workbook_with_the_list_on_two_sheets_is_refused(tmp_path):
    book = Workbook()
    for sheet in (book.active, book.create_sheet("Notes"), book.create_sheet("Again")):
        sheet.append(list(GOOD) if sheet.title != "Notes" else ["Notes"])
        sheet.append(list(GOOD.values()))
    book.save(tmp_path / "list.xlsx")
    with pytest.raises(DataError, match="on sheet 1 and sheet 3, expected on one"):
        read_referrals(tmp_path / "list.xlsx")


def test_the_list_is_opened_among_the_returns(tmp_path, write):
    make_returns(Order(20, (2025,), 3), tmp_path / "made")
    path = write(GOOD, name="any name")
    with zipfile.ZipFile(tmp_path / "made" / "2025" / "sent.zip", "w") as packed:
        packed.write(path, path.name)
    with open_returns([tmp_path / "made" / "2025", path]) as opened:
        known = {file.name: file.is_a for file in opened.files}
        counts = dict(opened.con.execute("SELECT file, count(*) FROM referrals GROUP BY file").fetchall())
    # The list in the zip and the one beside it are the very same, and are read once.
    lists = {f"sent.zip/{path.name}", "advocacy_referrals.csv"}
    assert {name for name, is_a in known.items() if is_a == "Advocacy referral list"} == lists
    assert known[path.name] == ""
    assert known["episodes.csv"] == "SSDA903 episodes" and any("list 8" in is_a for is_a in known.values())
    assert counts[f"sent.zip/{path.name}"] == 1 and counts["advocacy_referrals.csv"] > 1


def test_no_return_is_taken_for_a_list(tmp_path):
    make_returns(Order(20, (2025,), 3), tmp_path / "made")
    found = {
        path.name
        for path in (tmp_path / "made").rglob("*.*")
        if path.suffix in (".csv", ".xlsx") and holds_referrals(path)
    }
    assert found == {"advocacy_referrals.csv"}


def test_the_template_has_every_column_and_its_rows_are_left_out(tmp_path):
    with TEMPLATE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS == tuple(item.heading for item in load_referral_list().columns.values())
    found = read_referrals(TEMPLATE)
    assert [(rule, left_out) for rule, _, _, left_out in rules(found)] == [("example", True)] * len(rows)
    assert found.tables["referrals"].num_rows == 0 and found.files[0].note == "no referral in it"
    # Without the mark they are rows in which nothing is wrong, so that they show how to fill it in.
    text = TEMPLATE.read_text(encoding="utf-8").replace("EXAMPLE", "R")
    path = tmp_path / "filled.csv"
    path.write_text(text, encoding="utf-8")
    assert {rule for rule, *_ in rules(read_referrals(path))} == {"no child"}


def test_the_page_explains_every_column_and_value():
    page = (data_folder().parent / "docs" / "advocacy-referrals.md").read_text(encoding="utf-8")
    for column in load_referral_list().columns.values():
        assert f"| {column.heading} |" in page
        for value in column.listed():
            assert column.heading in ("ETHNIC", "SOURCE") or f"`{value}`" in page, value


def test_values_are_those_of_the_catalogue_and_the_return():
    columns = load_referral_list().columns
    assert set(columns["ethnicity"].values) == all_codes("ethnicity")
    for name in ("source", "issues"):
        assert set(columns[name].listed()) == set(load_breakdowns()[columns[name].topic].groups.values())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"closed": None}, "columns must be those of the table"),
        ({"source": {"heading": "SOURCE", "topic": "Sources"}}, "no topic of breakdowns.yml"),
        ({"source": {"heading": "SOURCE", "topic": "Referral source", "values": {"Police": []}}}, "no group of Referral source"),
        ({"answer": {"heading": "ANSWER", "values": {"yes": ["y"], "no": ["Y"]}}}, "given twice"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_declaration_is_one_clear_message(tmp_path, change, says):
    content = load_referral_list().model_dump()
    content["columns"] = {name: item for name, item in {**content["columns"], **change}.items() if item is not None}
    with pytest.raises(CatalogueError, match=says):
        parse_declared(content, ReferralList, tmp_path / "referrals.yml")


def test_the_table_is_that_of_the_reader(read):
    assert read(GOOD).tables["referrals"].schema.names == list(TABLES["referrals"])
