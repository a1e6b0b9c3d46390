"""The CIN Census is read as it stands; each mistake is one problem, and no problem holds a child."""

import os
import pickle
import sys
import traceback
from contextlib import contextmanager
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.sources.returns import cin_census, gathered
from analysis.sources.returns.cin_census import TABLE_NAMES, read_cin_census
from analysis.sources.returns.tables import TABLES
from conftest import shared

SAMPLES = (
    "CIN_Census_2021.xml", "CIN_Census_2021_copy.xml", "CIN_Census_2021_no_assessment_factors.xml", "CIN_Census_2024.xml",
    "CIN_Census_2026.xml",
)  # fmt: skip

HEADER = """<Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>
<ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails></Header>"""
IDS = (
    """<LAchildID>CANARY0001</LAchildID><UPN>CANARYUPN</UPN><PersonBirthDate>2015-06-07</PersonBirthDate><Sex>F</Sex>"""
)
ABOUT = "<Ethnicity>WBRI</Ethnicity><Disabilities><Disability>NONE</Disability></Disabilities>"
ENQUIRY = """<Section47><S47ActualStartDate>2023-05-02</S47ActualStartDate><InitialCPCtarget>2023-05-23</InitialCPCtarget>
<DateOfInitialCPC>2023-05-17</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>"""
PLAN = """<ChildProtectionPlans><CPPstartDate>2023-05-17</CPPstartDate><CPPendDate>2024-01-14</CPPendDate>
<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>
<NumberOfPreviousCPP>1</NumberOfPreviousCPP>
<Reviews><CPPreviewDate>2023-08-10</CPPreviewDate><CPPreviewDate>2023-12-15</CPPreviewDate></Reviews></ChildProtectionPlans>"""


def child(ids=IDS, about=ABOUT, details=ENQUIRY + PLAN):
    return (
        f"<Child>\n<ChildIdentifiers>{ids}</ChildIdentifiers>\n<ChildCharacteristics>{about}</ChildCharacteristics>\n"
        f"<CINdetails>{details}</CINdetails>\n</Child>"
    )


def message(*children, header=HEADER, before="", attributes=""):
    return f"{before}<Message{attributes}>{header}<Children>{''.join(children) or child()}</Children></Message>"


@pytest.fixture
def read(tmp_path):
    def reading(text, name="census.xml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_cin_census(path)

    return reading


def rows(found, table):
    return found.tables[table].to_pylist()


def rules(found):
    return [(problem.rule, problem.column, problem.left_out) for problem in found.problems]


def said(error):
    return "".join(traceback.format_exception(error.value)) + repr(error.value)


# What is read


def test_a_census_is_read_into_its_tables(read):
    found = read(message())
    assert not found.problems
    (file,) = found.files
    assert (file.name, file.is_a, file.rows, file.note) == ("census.xml", "CIN Census", 1, "reference date 2024-03-31")
    assert rows(found, "cin_children") == [
        {"child": "CANARY0001", "sex": "F", "birth": date(2015, 6, 7), "expected_birth": None, "ethnicity": "WBRI",
         "disabled": False, "file": "census.xml", "row": 2}
    ]  # fmt: skip
    assert rows(found, "conferences") == [
        {"child": "CANARY0001", "enquiry": date(2023, 5, 2), "target": date(2023, 5, 23), "conference": date(2023, 5, 17),
         "not_required": False, "transferred_in": False, "file": "census.xml", "row": 5}
    ]  # fmt: skip
    (plan,) = rows(found, "plans")
    assert (plan["started"], plan["ended"], plan["category"], plan["category_latest"], plan["previous"]) == (
        date(2023, 5, 17), date(2024, 1, 14), "NEG", "EMO", 1,
    )  # fmt: skip
    assert [(row["plan_started"], row["review"]) for row in rows(found, "plan_reviews")] == [
        (date(2023, 5, 17), date(2023, 8, 10)),
        (date(2023, 5, 17), date(2023, 12, 15)),
    ]


def test_nothing_but_the_tables_is_read(read):
    assert "CANARYUPN" not in str([table.to_pylist() for table in read(message()).tables.values()])


@pytest.mark.parametrize("details", ["", ENQUIRY + PLAN])
def test_types_of_columns_are_those_of_the_contract(read, details):
    found = read(message(child(details=details)))
    assert set(found.tables) == set(TABLE_NAMES)
    for name, table in found.tables.items():
        assert table.schema == pa.schema(list(TABLES[name].items()))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_read_and_every_problem_in_them_is_said(name):
    found = read_cin_census(shared("returns") / "cin-census" / name)
    expected = [("conference", "DateOfInitialCPC", True)]
    if name == "CIN_Census_2021.xml":
        expected.insert(0, ("date", "ExpectedPersonBirthDate", False))
    else:
        expected.append(("reference", "ReferenceDate", False))
    assert rules(found) == expected
    assert {table: len(rows(found, table)) for table in TABLE_NAMES} == {
        "cin_children": 2 if name in SAMPLES[3:] else 1, "plans": 1, "plan_reviews": 1, "conferences": 1,
    }  # fmt: skip
    assert {row["disabled"] for row in rows(found, "cin_children")} == (
        {True, False} if name in SAMPLES[3:] else {True}
    )


@pytest.mark.parametrize("element", ["Sex", "PersonSex", "GenderCurrent", "PersonGenderCurrent", "gendercurrent"])
@pytest.mark.parametrize(("code", "sex"), [("1", "M"), ("2", "F"), ("0", "U"), ("9", "U"), ("m", "M"), ("F", "F"), ("U", "U")])  # fmt: skip
def test_sex_is_read_in_the_spelling_of_every_year(read, element, code, sex):
    found = read(message(child(ids=IDS.replace("<Sex>F</Sex>", f"<{element}>{code}</{element}>"))))
    assert (rows(found, "cin_children")[0]["sex"], rules(found)) == (sex, [])


def test_two_elements_that_say_the_same_sex_are_no_contradiction(read):
    found = read(message(child(ids=IDS + "<GenderCurrent>2</GenderCurrent>")))
    assert (rows(found, "cin_children")[0]["sex"], rules(found)) == ("F", [])
    found = read(message(child(ids=IDS + "<GenderCurrent>1</GenderCurrent>")))
    assert (rows(found, "cin_children")[0]["sex"], rules(found)) == (None, [("twice", "Sex", False)])


def test_an_unborn_child_has_an_expected_date_of_birth(read):
    ids = IDS.replace("PersonBirthDate", "ExpectedPersonBirthDate")
    found = read(message(child(ids=ids)))
    (row,) = rows(found, "cin_children")
    assert (row["birth"], row["expected_birth"], rules(found)) == (None, date(2015, 6, 7), [])


@pytest.mark.parametrize(
    ("codes", "disabled", "problems"),
    [
        ([], None, []),
        ([""], None, []),
        (["NONE"], False, []),
        (["none", "NONE"], False, []),
        (["HAND", "HEAR"], True, []),
        (["NONE", "HAND"], True, [("contradiction", "Disability", False)]),
        (["CANARY0001"], True, [("code", "Disability", False)]),
    ],
)
def test_a_child_is_disabled_where_there_is_any_code_but_none(read, codes, disabled, problems):
    listed = "".join(f"<Disability>{code}</Disability>" for code in codes)
    found = read(message(child(about=f"<Ethnicity>WBRI</Ethnicity><Disabilities>{listed}</Disabilities>")))
    assert (rows(found, "cin_children")[0]["disabled"], rules(found)) == (disabled, problems)


def test_a_conference_without_an_enquiry_is_that_of_a_child_who_came_with_a_plan(read):
    found = read(message(child(details="<DateOfInitialCPC>2023-05-17</DateOfInitialCPC>" + PLAN)))
    (row,) = rows(found, "conferences")
    assert (row["enquiry"], row["conference"], row["not_required"], row["transferred_in"]) == (
        None, date(2023, 5, 17), False, True,
    )  # fmt: skip
    assert not found.problems


@pytest.mark.parametrize("attributes", ["", ' xmlns="urn:of:another:year"', ' xmlns:x="urn:x" x:a="1"'])
def test_namespaces_do_not_matter(read, attributes):
    found = read(message(attributes=attributes))
    assert (len(rows(found, "plans")), rules(found)) == (1, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_any_encoding_that_is_declared_is_read(read, encoding):
    declared = "" if encoding == "utf-8-sig" else f'<?xml version="1.0" encoding="{encoding}"?>'
    text = message(child(ids=IDS.replace("CANARY0001", "É1")), before=declared)
    assert rows(read(text.encode(encoding)), "plans")[0]["child"] == "É1"


def test_comments_and_instructions_do_not_matter(read):
    text = message(before="<?xml-stylesheet href='http://127.0.0.1:9/x.xsl'?>").replace(
        "NEG", "<!-- was EMO -->NE<![CDATA[G]]>"
    )
    assert rows(read(text), "plans")[0]["category"] == "NEG"


def test_rows_of_many_batches_are_all_there(read, monkeypatch):
    monkeypatch.setattr(gathered, "BATCH", 3)
    found = read(message(*(child(ids=IDS.replace("0001", f"{number:04}")) for number in range(50))))
    assert [row["child"] for row in rows(found, "plans")] == [f"CANARY{number:04}" for number in range(50)]
    assert found.files[0].rows == 50


def test_a_line_beyond_65535_is_its_own(read):
    found = read(message(child(), header=HEADER + "\n" * 70_000))
    assert [rows(found, table)[0]["row"] for table in TABLE_NAMES] == [70_002, 70_006, 70_009, 70_005]


# What is wrong


@pytest.mark.parametrize(
    ("mistake", "problem", "table", "left"),
    [
        (("2015-06-07", "07/06/2015"), ("date", "PersonBirthDate", False), "cin_children", 1),
        (("2015-06-07", "1066-04-13"), ("date", "PersonBirthDate", False), "cin_children", 1),
        (("2023-05-02", "2023-02-30"), ("date", "S47ActualStartDate", False), "conferences", 1),
        (("<S47ActualStartDate>2023-05-02</S47ActualStartDate>", ""), ("blank", "S47ActualStartDate", False), "conferences", 1),
        (("2023-05-23", "23 May"), ("date", "InitialCPCtarget", False), "conferences", 1),
        (("DateOfInitialCPC>2023-05-17", "DateOfInitialCPC>17/05/2023"), ("date", "DateOfInitialCPC", True), "conferences", 0),
        (("false", "CANARY0001"), ("yes or no", "ICPCnotRequired", False), "conferences", 1),
        (("CPPstartDate>2023-05-17", "CPPstartDate>2023-5-17"), ("date", "CPPstartDate", True), "plans", 0),
        (("CPPstartDate>2023-05-17", "CPPstartDate> "), ("blank", "CPPstartDate", True), "plans", 0),
        (("2024-01-14", "14/01/2024"), ("date", "CPPendDate", True), "plans", 0),
        (("NEG", "CANARY0001"), ("code", "InitialCategoryOfAbuse", False), "plans", 1),
        (("EMO", ""), ("blank", "LatestCategoryOfAbuse", False), "plans", 1),
        ((">1<", ">-1<"), ("number", "NumberOfPreviousCPP", False), "plans", 1),
        ((">1<", ">10721552<"), ("number", "NumberOfPreviousCPP", False), "plans", 1),
        ((">1<", "><"), ("blank", "NumberOfPreviousCPP", False), "plans", 1),
        (("2023-08-10", "2023-13-10"), ("date", "CPPreviewDate", True), "plan_reviews", 1),
        (("2023-08-10", ""), ("blank", "CPPreviewDate", True), "plan_reviews", 1),
        (("WBRI", "CANARY0001"), ("code", "Ethnicity", False), "cin_children", 1),
        (("<Sex>F</Sex>", ""), ("blank", "Sex", False), "cin_children", 1),
        (("<Sex>F</Sex>", "<Sex>CANARY0001</Sex>"), ("code", "Sex", False), "cin_children", 1),
        (("<PersonBirthDate>2015-06-07</PersonBirthDate>", ""), ("blank", "PersonBirthDate", False), "cin_children", 1),
        (("CANARY0001", " "), ("blank", "LAchildID", True), "cin_children", 0),
        (("<UPN>", "<LAchildID>CANARY0002</LAchildID><UPN>"), ("twice", "LAchildID", True), "cin_children", 0),
        (("<Year>2024", "<Year>2025"), ("reference", "ReferenceDate", False), "plans", 1),
        ((">2024-03-31<", "><"), ("blank", "ReferenceDate", False), "plans", 1),
        ((">2024-03-31<", ">31/03/2024<"), ("date", "ReferenceDate", False), "plans", 1),
        (("</Section47>", "</Section47><DateOfInitialCPC>2023-06-01</DateOfInitialCPC>"),
         ("conference", "DateOfInitialCPC", True), "conferences", 1),
    ],
)  # fmt: skip
def test_a_mistake_is_one_problem(read, mistake, problem, table, left):
    text = message()
    assert text.count(mistake[0]) >= 1
    found = read(text.replace(*mistake))
    assert rules(found) == [problem]
    assert len(rows(found, table)) == left
    (one,) = found.problems
    assert one.file == "census.xml" and (one.row > 0 or problem[0] == "blank")
    assert all([one.found, one.expected, one.action])
    assert "CANARY" not in str(found.problems) and "2015" not in str(found.problems)


def test_a_wrong_date_is_blank_where_the_record_still_counts(read):
    found = read(message().replace("2023-05-23", "23/05/2023").replace("2015-06-07", "07/06/2015"))
    assert rows(found, "conferences")[0]["target"] is None
    assert rows(found, "cin_children")[0]["birth"] is None


def test_reviews_of_a_plan_that_is_left_out_are_left_out_with_it(read):
    found = read(message().replace("CPPstartDate>2023-05-17", "CPPstartDate>soon"))
    assert not rows(found, "plans") and not rows(found, "plan_reviews")


def test_a_child_that_is_there_twice_is_said(read):
    found = read(message(child(), child()))
    assert rules(found) == [("duplicate", "LAchildID", False)]
    assert len(rows(found, "cin_children")) == 2


@pytest.mark.parametrize(
    ("text", "element"),
    [
        (message(child().replace("<CINdetails>", PLAN + "<CINdetails>")), "ChildProtectionPlans"),
        (message(child().replace("<CINdetails>", ENQUIRY + "<CINdetails>")), "Section47"),
        (message(child(details="<CPPreviewDate>2023-01-01</CPPreviewDate>")), "CPPreviewDate"),
    ],
)
def test_a_record_at_a_strange_place_is_not_passed_over(read, text, element):
    assert ("structure", element, True) in rules(read(text))


def test_many_problems_of_a_kind_are_counted(read):
    wrong = child().replace("2015-06-07", "07/06/2015")
    found = read(message(*(wrong.replace("0001", f"{number:04}") for number in range(150))))
    assert len(found.problems) == gathered.MOST_LISTED + 1
    assert found.problems[-1].found.endswith("in 50 more records")


def test_all_that_is_left_out_is_listed(read):
    wrong = child().replace("2024-01-14", "14/01/2024")
    found = read(message(*(wrong.replace("0001", f"{number:04}") for number in range(150))))
    assert sum(problem.left_out for problem in found.problems) == 150


# What is refused


BOMB = '<!DOCTYPE Message [<!ENTITY a "CANARY0001">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True)
) + "]>\n"  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        message(before=BOMB).replace("NEG", "&j;"),
        message(before=BOMB, attributes=' a="&j;"'),
        message(before="<!DOCTYPE Message>"),
        message(before='<!DOCTYPE Message SYSTEM "http://127.0.0.1:9/cin.dtd">'),
        message(before='<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace("NEG", "&x;"),
        message(before='<!DOCTYPE Message [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>'),
        message(before="<!--" + " " * 70_000 + "--><!DOCTYPE Message [<!ENTITY a 'x'>]>"),
        message(before='<?xml version="1.0" encoding="utf-16"?><!DOCTYPE Message>').encode("utf-16"),
    ],
    ids=["bomb", "bomb in an attribute", "doctype", "external", "file", "parameter", "late", "utf-16"],
)
def test_a_document_type_or_entity_is_refused(read, text):
    with pytest.raises(DataError, match=r"census.xml") as error:
        read(text)
    assert "CANARY" not in said(error) and "root:" not in said(error)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (b"PK\x03\x04rest", "zip file or workbook"),
        (b"%PDF-1.7", "a PDF"),
        ("CHILD,DOB\nCANARY0001,07/06/2015\n", "no well-formed XML"),
        ("<html><body>CANARY0001</body></html>", "XML of another kind"),
        ("<EXPSSDA903><CHILD/></EXPSSDA903>", "XML of another kind"),
        (message().replace("CIN<", "SEN2<"), "another collection"),
        (f"<Message>{HEADER}<Children/></Message>", "holds no Child"),
        (message()[:-200], "cut off"),
        (message().replace("</Sex>", "</CANARY0001>"), "no well-formed XML"),
        (message().replace("NEG", "&undeclared;"), "no well-formed XML"),
        (message().replace("NEG", "\x00"), "no well-formed XML"),
        (message().replace("NEG", "é").encode("latin-1"), "no well-formed XML"),
        (message(child().replace("<CINdetails>", child() + "<CINdetails>")), "inside a Child"),
        (message(child(details="<a>" * 300 + "</a>" * 300)), "too deep"),
        ("<Message>" + "<a>" * 100_000, "too deep"),
        (message(child(details="<a b='c'/>" * 500_000)), "more than 4,000,000 bytes"),
        (message(child(details=f"<a>{'x' * 11_000_000}</a>")), "census.xml"),
    ],
)
def test_another_file_is_refused_with_what_to_do(read, text, words):
    with pytest.raises(DataError, match=words) as error:
        read(text)
    assert "census.xml" in str(error.value) and "expected" in str(error.value)
    assert "CANARY" not in said(error)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"census\.xml is not there"):
        read_cin_census(tmp_path / "census.xml")
    with pytest.raises(DataError, match="is a folder"):
        read_cin_census(tmp_path)


@contextmanager
def bound_by_permissions():
    """As a user whom permissions bind: root reads every file."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    path = tmp_path / "census.xml"
    path.write_text(message())
    path.chmod(0)
    with bound_by_permissions(), pytest.raises(DataError, match="cannot be read"):
        read_cin_census(path)


@given(st.integers(0, len(message()) - 1), st.characters(blacklist_categories=["Cs"]))
def test_any_slip_of_a_key_gives_a_return_or_an_error_and_no_child(tmp_path_factory, at, character):
    path = tmp_path_factory.mktemp("slip") / "census.xml"
    text = message()
    path.write_text(text[:at] + character + text[at + 1 :], encoding="utf-8")
    try:
        found = read_cin_census(path)
    except DataError as error:
        assert "CANARY" not in str(error)
    else:
        assert "CANARY" not in str(found.problems) + str(found.files)


# Nobody is named


def test_no_child_is_in_a_problem_a_message_or_a_repr(read):
    everywhere = child(
        ids="".join(f"<{name}>CANARY0001</{name}>" for name in (
            "LAchildID", "UPN", "PersonBirthDate", "ExpectedPersonBirthDate", "Sex", "GenderCurrent")),
        about="<Ethnicity>CANARY0001</Ethnicity><Disabilities><Disability>CANARY0001</Disability></Disabilities>",
        details="".join(f"<{name}>CANARY0001</{name}>" for name in ("CINreferralDate", "DateOfInitialCPC"))
        + "<Section47>CANARY0001<S47ActualStartDate>CANARY0001</S47ActualStartDate><ICPCnotRequired>CANARY0001</ICPCnotRequired></Section47>"
        + PLAN.replace("2023", "CANARY0001").replace("NEG", "CANARY0001").replace(">1<", ">CANARY0001<"),
    )  # fmt: skip
    found = read(message(everywhere, everywhere))
    assert len(found.problems) > 10
    for shown in (str(found.problems), repr(found.problems), str(found.files), repr(found.files)):
        assert "CANARY" not in shown
    assert b"CANARY" not in pickle.dumps((found.problems, found.files))


def test_what_gathers_children_does_not_show_them():
    census = cin_census._Census("census.xml")
    census.seen.add("CANARY0001")
    census.add("plans", 1, child="CANARY0001")
    assert "CANARY" not in repr(census) + repr(census.rows["plans"]) + repr(census.problems)
