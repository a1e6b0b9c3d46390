"""Lists of statistical neighbours: recognised by their headings, read strictly, and as the DfE's two lists are."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataError, UnknownNameError
from analysis.sources.areas import area_of_dfe_code, find_area, load_areas, local_authorities
from analysis.sources.neighbour_models import (
    CLOSENESS,
    COLUMNS,
    MODELS,
    describe_model,
    is_neighbour_model,
    read_neighbour_model,
)
from conftest import shared

HEADER_2025 = ["old_la_code", "la_name", "region_ind", "region_name"] + [
    text for place in range(1, 11) for text in (f"SN_{place}", f"SN_{place}P")
]
HEADER_2021 = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"] + [
    text for place in range(1, 11) for text in (f"SN{place}", "SNP")
]
HEADER_2021.append("")
SPELLED = ["Extremely Close", "Very close ", "Close ", "Somewhat close", "Not close"]
MEMBERS = ["831", "856", "330", "331", "332", "333", "334", "335", "336", "350"]


def pairs(members=MEMBERS, closeness=SPELLED):
    return [text for at, member in enumerate(members) for text in (member, closeness[at // 2])]


def row_2025(code="892", name="Nottingham", cells=None):
    return [code, name, "1", "East Midlands", *(cells or pairs())]


def row_2021(code="892", name="Nottingham", cells=None):
    return [code, name, code, "1", "East Midlands", *(cells or pairs()), ""]


def write(tmp_path, *rows, header=HEADER_2025, name="any name.csv", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    path = tmp_path / name
    path.write_text(text.getvalue(), encoding=encoding)
    return path


def message_of(path):
    with pytest.raises(DataError) as error:
        read_neighbour_model(path)
    return str(error.value)


# Recognising


def test_a_list_is_recognised_by_its_headings():
    assert is_neighbour_model(HEADER_2025) == "2025"
    assert is_neighbour_model(HEADER_2021) == "2021"
    assert is_neighbour_model(["\ufeff" + HEADER_2021[0], *HEADER_2021[1:]]) == "2021"
    assert is_neighbour_model(["old_la_code", "la_name", "time_period"]) is None
    assert is_neighbour_model([]) is None


@given(order=st.permutations(HEADER_2025), extra=st.lists(st.sampled_from(["", "note", "SN", "SN_11"])))
def test_the_order_of_the_headings_and_further_ones_do_not_matter(order, extra):
    assert is_neighbour_model([*order, *extra]) == "2025"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_a_heading_that_is_absent_makes_it_another_file(model):
    for number in range(len(model.headings)):
        assert is_neighbour_model([*model.headings[:number], *model.headings[number + 1 :]]) is None


def test_the_models_are_told_apart_and_described():
    assert describe_model("2025") == "DfE statistical neighbours, May 2025 model"
    assert describe_model("2021") == "DfE statistical neighbours, April 2021 model"
    assert [is_neighbour_model(list(model.headings)) for model in MODELS] == [model.id for model in MODELS]
    with pytest.raises(UnknownNameError, match="2025"):
        describe_model("2205")


# Reading


@pytest.mark.parametrize(("header", "row"), [(HEADER_2025, row_2025), (HEADER_2021, row_2021)])
def test_a_list_becomes_a_row_for_each_member(tmp_path, header, row):
    path = write(tmp_path, row(), [""] * len(header), row("370", "Barnsley"), header=header, encoding="utf-8-sig")
    found = read_neighbour_model(path)
    assert list(found.columns) == list(COLUMNS)
    assert found["model"].unique().tolist() == [is_neighbour_model(header)]
    assert found["group"].tolist() == ["E06000018"] * 10 + ["E08000038"] * 10
    assert found["member"].tolist() == [area_of_dfe_code(code).code for code in MEMBERS] * 2
    assert found["place"].tolist() == [*range(1, 11)] * 2
    assert found["closeness"].tolist() == [text for text in CLOSENESS for _ in range(2)] * 2
    assert found["file"].unique().tolist() == ["any name.csv"]
    assert found["line"].tolist() == [2] * 10 + [4] * 10


@given(data=st.data())
def test_what_is_written_is_read_whatever_the_order_of_columns(tmp_path_factory, data):
    numbers = [area.dfe_code for area in local_authorities()]
    chosen = data.draw(st.lists(st.sampled_from(numbers), min_size=11, max_size=11, unique=True))
    close = data.draw(st.lists(st.sampled_from(SPELLED), min_size=10, max_size=10))
    order = data.draw(st.permutations(range(len(HEADER_2025))))
    cells = [text for pair in zip(chosen[1:], close, strict=True) for text in pair]
    row = row_2025(chosen[0], area_of_dfe_code(chosen[0]).name, cells)
    path = write(tmp_path_factory.mktemp("list"), [row[at] for at in order], header=[HEADER_2025[at] for at in order])
    found = read_neighbour_model(path).sort_values("place")
    assert found["group"].unique().tolist() == [area_of_dfe_code(chosen[0]).code]
    assert found["member"].tolist() == [area_of_dfe_code(code).code for code in chosen[1:]]
    assert found["closeness"].tolist() == [text.strip().casefold() for text in close]


def test_an_abolished_authority_stays_what_the_list_says(tmp_path):
    rows = [
        row_2021("838", "Dorset", pairs(["909", *MEMBERS[1:]])),
        [""] * 26,
        ["", "Old SNs:", *[""] * 24],
        row_2021("835", "Dorset (Pre LG)", pairs(["836", *MEMBERS[1:]])),
    ]
    found = read_neighbour_model(write(tmp_path, *rows, header=HEADER_2021))
    assert found.groupby("group", sort=False)["line"].first().to_dict() == {"E06000059": 2, "E10000009": 5}
    closest = found[found["place"] == 1]["member"]
    assert closest.tolist() == [find_area("Cumbria").code, find_area("Poole").code]


def with_cell(number, text, row=row_2025):
    cells = row()
    cells[number] = text
    return cells


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        (HEADER_2025, with_cell(0, "999"), ["line 3, old_la_code (column 1)", "found '999'", "one local authority"]),
        (HEADER_2025, with_cell(0, ""), ["line 3, old_la_code (column 1)", "found nothing"]),
        (HEADER_2025, with_cell(0, "831"), ["line 3, la_name (column 2)", "found 'Nottingham'", "'Derby'", "831"]),
        (HEADER_2025, with_cell(1, ""), ["line 3, la_name (column 2)", "found nothing", "'Nottingham'"]),
        (HEADER_2025, with_cell(4, "892"), ["line 3, SN_1 (column 5)", "found 892", "itself"]),
        (HEADER_2025, with_cell(6, "831"), ["line 3, SN_2 (column 7)", "found 831 a second time", "once"]),
        (HEADER_2025, with_cell(22, ""), ["line 3, SN_10 (column 23)", "found nothing", "three-digit"]),
        (HEADER_2025, with_cell(22, "350.0"), ["line 3, SN_10 (column 23)", "found '350.0'"]),
        (HEADER_2025, with_cell(22, "940 / 941"), ["line 3, SN_10 (column 23)", "'940 / 941'", "one local authority"]),
        (HEADER_2025, with_cell(22, "E08000001"), ["line 3, SN_10 (column 23)", "found 'E08000001'"]),
        (HEADER_2025, with_cell(22, "Bolton"), ["line 3, SN_10 (column 23)", "found 'Bolton'"]),
        (HEADER_2025, with_cell(5, "Closest"), ["line 3, SN_1P (column 6)", "'Closest'", "somewhat close, not close"]),
        (HEADER_2025, with_cell(5, ""), ["line 3, SN_1P (column 6)", "found nothing"]),
        (HEADER_2025, row_2025()[:20], ["line 3, SN_9 (column 21)", "line 3, SN_10P (column 24)", "(4 found)"]),
        (HEADER_2025, [*row_2025(), "", "351"], ["line 3", "found '351' beyond the last column"]),
        (HEADER_2021, with_cell(24, "Clse", row_2021), ["line 3, SNP (column 25)", "found 'Clse'"]),
        (HEADER_2021, with_cell(23, "892", row_2021), ["line 3, SN10 (column 24)", "itself"]),
        (HEADER_2021, ["", "Camden", *[""] * 24], ["line 3, LA num (column 1)", "found nothing"]),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_column(tmp_path, header, row, says):
    sound = row_2025("202", "Camden") if header is HEADER_2025 else row_2021("203", "Greenwich")
    path = write(tmp_path, sound, row, header=header)
    message = message_of(path)
    for words in ["any name.csv, line 3", "expected", *says]:
        assert words in message, message
    assert "line 2" not in message


def test_an_authority_listed_twice(tmp_path):
    message = message_of(write(tmp_path, row_2025(), row_2025("202", "Camden"), row_2025()))
    assert "(1 found)" in message
    assert "line 4, old_la_code (column 1): found 892, as on line 2, expected each authority once" in message


def test_up_to_twenty_problems_are_listed(tmp_path):
    bad = [f"9{number:02d}" for number in range(70, 80)]
    assert not any(area_of_dfe_code(text) for text in bad)
    rows = [row_2025(code, name, pairs(bad)) for code, name in (("892", "Nottingham"), ("202", "Camden"))]
    whole = message_of(write(tmp_path, *rows))
    assert whole.count("\n  - ") == 20
    assert "more" not in whole
    longer = message_of(write(tmp_path, *rows, row_2025("203", "Greenwich", pairs(bad))))
    assert "(30 found)" in longer
    assert longer.count("\n  - ") == 21
    assert longer.endswith("and 10 more.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", ["line 1", "empty file", "May 2025 model", "April 2021 model"]),
        ("a,b\n1,2\n", ["line 1", "found the columns a, b", "SN_10P"]),
        (",".join(HEADER_2025) + "\n", ["line 2", "found no authority"]),
        ('a,"b\n', ["cannot be read", "CSV"]),
    ],
)
def test_a_file_that_is_no_list(tmp_path, content, says):
    path = tmp_path / "some.csv"
    path.write_text(content, encoding="utf-8")
    message = message_of(path).replace("Line 1", "line 1")
    for words in ["some.csv", *says]:
        assert words in message, message


def test_a_file_that_is_absent_or_not_utf8(tmp_path):
    assert "cannot be read" in message_of(tmp_path / "absent.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes("old_la_code,café".encode("cp1252"))
    assert "UTF-8" in message_of(path)


# The two lists of the DfE


@pytest.fixture(scope="module")
def lists():
    folder = shared("open-data") / "areas"
    return {
        "2025": read_neighbour_model(folder / "sn_model_2025_wide.csv"),
        "2021": read_neighbour_model(folder / "New_Statistical_Neighbour_Groupings_April_2021.csv"),
    }


def members(rows):
    return {group: set(part["member"]) for group, part in rows.groupby("group")}


def mutual_share(rows):
    links = set(zip(rows["group"], rows["member"], strict=True))
    return sum((member, group) in links for group, member in links) / len(links)


@pytest.mark.parametrize(("model", "groups"), [("2025", 153), ("2021", 156)])
def test_every_group_of_the_real_lists_has_ten_members(lists, model, groups):
    rows = lists[model]
    assert rows["model"].unique().tolist() == [model]
    assert rows["group"].nunique() == groups
    assert (rows.groupby("group")["place"].apply(list).map(lambda places: places == [*range(1, 11)])).all()
    assert not rows.duplicated(["group", "member"]).any()
    assert (rows["group"] != rows["member"]).all()


def test_the_lists_hold_the_authorities_of_their_time(lists):
    now = {area.code for area in local_authorities() if not area.until}
    assert set(lists["2025"]["group"]) == now
    assert set(lists["2025"]["member"]) <= now
    older = set(lists["2021"]["group"])
    assert {load_areas()[code].name for code in older - now} == {
        "Cumbria", "Northamptonshire", "Dorset (to 2019)", "Bournemouth", "Poole"}  # fmt: skip
    assert {load_areas()[code].name for code in now - older} == {"Cumberland", "Westmorland and Furness"}
    living = lists["2021"][lists["2021"]["group"].isin(now)]
    assert {load_areas()[code].name for code in set(living["member"]) - now} == {"Cumbria"}


def test_how_far_the_two_lists_agree(lists):
    old, new = members(lists["2021"]), members(lists["2025"])
    overlap = pd.Series({group: len(old[group] & new[group]) for group in old.keys() & new.keys()})
    assert len(overlap) == 151
    assert round(overlap.mean(), 1) == 5.4
    assert (overlap.min(), overlap.max()) == (1, 10)


def test_being_a_neighbour_is_not_mutual(lists):
    assert round(100 * mutual_share(lists["2025"])) == 61
    assert round(100 * mutual_share(lists["2021"])) == 59


def test_a_later_place_is_never_a_closer_one(lists):
    for rows in lists.values():
        rank = rows["closeness"].map(CLOSENESS.index)
        assert (rank.groupby(rows["group"]).diff().dropna() >= 0).all()


def test_the_first_lines_of_the_real_lists(lists):
    nottingham = lists["2025"][lists["2025"]["group"] == "E06000018"]
    with (shared("open-data") / "areas" / "sn_model_2025_wide.csv").open(encoding="utf-8-sig") as file:
        line = file.read().splitlines()[nottingham["line"].iloc[0] - 1].split(",")
    assert line[:2] == ["892", "Nottingham"]
    assert nottingham["member"].map(lambda code: load_areas()[code].dfe_code).tolist() == line[4::2]
