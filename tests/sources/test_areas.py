"""The register of areas: every name finds its own area, histories fit together, and the facts are the official ones."""

import csv
from collections import Counter
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataError, UnknownNameError
from analysis.sources.areas import (
    COLUMNS,
    ENGLAND,
    REGISTER_BEGINS,
    area_of_code,
    area_of_dfe_code,
    existed_on,
    find_area,
    load_areas,
    local_authorities,
    neighbours_code,
    predecessors,
    read_areas,
    regions_of,
    successors,
)
from analysis.sources.folders import data_folder
from conftest import shared

REAL = [area for area in load_areas().values() if area.level != "Comparator group"]
NAMINGS = [
    (text, area)
    for area in REAL
    for text in (area.name, area.code, area.dfe_code, *area.earlier_codes, *area.also_known_as)
    if text
]
DAYS = st.dates(REGISTER_BEGINS, date(2035, 12, 31))
CHANGES = {day for area in REAL for day in (area.from_, area.until) if day}
AROUND_CHANGES = st.sampled_from(sorted(day + timedelta(days=by) for day in CHANGES for by in (-1, 0, 1)))
REGISTER = data_folder() / "reference" / "areas.csv"


def test_the_register_holds_everything_once():
    levels = Counter(area.level for area in load_areas().values())
    assert levels == {"National": 1, "Regional": 11, "Local authority": 158, "Comparator group": 2}
    assert len({area.dfe_code for area in local_authorities()}) == 158
    assert len({area.slug for area in REAL}) == len(REAL)
    assert all(area.slug.replace("-", "").isalnum() for area in REAL)


def test_the_groups_of_neighbours_stand_as_they_did():
    group = load_areas()[neighbours_code(find_area("Peterborough"))]
    assert len(group.members) == 10
    assert [find_area(name).name for name in group.members] == list(group.members)
    assert load_areas()[neighbours_code(find_area("Nottingham"))].members == ()
    with pytest.raises(UnknownNameError):
        find_area(group.code)
    assert area_of_code(group.code) is None


# Finding


def changed(text: str, how: int) -> str:
    return [text.upper, text.lower, text.title, lambda: f"  {text} ", lambda: text.replace(" and ", " & "),
            lambda: text.replace(".", ""), lambda: text.replace(",", ""), lambda: text.replace(" ", "  "),
            lambda: text.replace("-", " ")][how]()  # fmt: skip


@given(naming=st.sampled_from(NAMINGS), how=st.integers(0, 8))
def test_every_way_of_naming_an_area_finds_it(naming, how):
    text, area = naming
    assert find_area(changed(text, how)) is area


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("St Helens", "E08000013"), ("st. helens", "E08000013"), ("Bristol", "E06000023"), ("Hull", "E06000010"),
        ("Kingston Upon Hull, City of", "E06000010"), ("Herefordshire", "E06000019"), ("Durham", "E06000047"),
        ("Bedford Borough", "E06000055"), ("Bournemouth, Christchurch & Poole", "E06000058"), ("BCP", "E06000058"),
        ("Telford & Wrekin", "E06000020"), ("Southend", "E06000033"), ("Stoke on Trent", "E06000021"),
        ("Dorset", "E06000059"), ("Dorset (to 2019)", "E10000009"), ("Dorset (Pre LG)", "E10000009"),
        ("835", "E10000009"), ("838", "E06000059"), ("E10000023", "E06000065"), ("815", "E06000065"),
        ("Bournemouth", "E06000028"), ("London (Inner)", "E13000001"), ("Yorkshire and the Humber", "E12000003"),
        ("England", ENGLAND), ("e08000019", "E08000039"),
    ],
)  # fmt: skip
def test_names_as_files_and_people_write_them(text, code):
    assert find_area(text).code == code


@pytest.mark.parametrize(
    ("text", "offered"), [("Notingham", "Nottingham"), ("Bristl", "Bristol, City of"), ("Herefordshre", "Herefordshire, ")]
)  # fmt: skip
def test_the_nearest_names_are_offered(text, offered):
    with pytest.raises(UnknownNameError, match=f"Did you mean .*{offered}"):
        find_area(text)


@pytest.mark.parametrize("text", ["Xyzzy", "", "  ", "999", "Z99999999", "日本"])
def test_where_nothing_is_near_the_register_is_not_recited(text):
    with pytest.raises(UnknownNameError) as error:
        find_area(text)
    message = str(error.value)
    assert repr(text) in message
    assert f"holds {len(REAL)} areas" in message
    assert "`analysis list areas`" in message
    assert sum(area.name in message for area in REAL) == 0


@given(text=st.text(max_size=12))
def test_no_text_is_a_crash_and_what_is_found_has_that_name(text):
    try:
        area = find_area(text)
    except UnknownNameError:
        return
    assert any(area is other for _, other in NAMINGS)


@given(area=st.sampled_from(REAL))
def test_a_code_is_not_a_dfe_number_and_a_name_is_neither(area):
    for code in (area.code, *area.earlier_codes):
        assert area_of_code(f" {code.lower()} ") is area
        assert area_of_dfe_code(code) is None
    assert area_of_code(area.name) is None
    assert area_of_dfe_code(area.name) is None
    if area.dfe_code:
        assert area_of_dfe_code(f" {area.dfe_code} ") is area
        assert area_of_code(area.dfe_code) is None


# History


def test_who_followed_whom():
    found = {area.name: {after.name for after in successors(area)} for area in local_authorities() if area.until}
    bcp = "Bournemouth, Christchurch and Poole"
    assert found == {
        "Cumbria": {"Cumberland", "Westmorland and Furness"},
        "Northamptonshire": {"North Northamptonshire", "West Northamptonshire"},
        "Dorset (to 2019)": {"Dorset", bcp},  # Christchurch lay in the old Dorset
        "Bournemouth": {bcp},
        "Poole": {bcp},
    }
    assert successors(find_area("Dorset (to 2019)"))[0].name == "Dorset"


@given(one=st.sampled_from(REAL), other=st.sampled_from(REAL))
def test_successors_and_predecessors_are_inverse(one, other):
    assert (other in successors(one)) == (one in predecessors(other))


def test_every_authority_that_began_or_ended_has_its_counterpart():
    for area in local_authorities():
        assert bool(area.until) == bool(successors(area)), area.name
        assert bool(area.from_) == bool(predecessors(area)), area.name
        assert all(after.from_ == area.until + timedelta(days=1) for after in successors(area))


@given(day=DAYS | AROUND_CHANGES)
def test_on_every_day_every_territory_has_an_authority_and_only_one(day):
    for area in local_authorities():
        if area.until:
            after = {existed_on(later, day) for later in successors(area)}
            assert after == {not existed_on(area, day)}, f"{area.name} and those who followed it, on {day}"
        elif not area.from_:
            assert existed_on(area, day)


@given(day=DAYS | AROUND_CHANGES)
def test_the_authorities_of_a_day_are_those_that_existed(day):
    then = local_authorities(day)
    assert [area for area in local_authorities() if existed_on(area, day)] == then
    assert all(existed_on(area, day) for area in REAL if area.level != "Local authority")


@pytest.mark.parametrize(
    ("day", "number"),
    [((2009, 4, 1), 152), ((2019, 3, 31), 152), ((2019, 4, 1), 151), ((2021, 3, 31), 151), ((2021, 4, 1), 152),
     ((2023, 3, 31), 152), ((2023, 4, 1), 153), ((2026, 1, 1), 153)],
)  # fmt: skip
def test_how_many_authorities_there_were(day, number):
    assert len(local_authorities(date(*day))) == number


def test_a_new_code_is_no_new_authority():
    recoded = {area.name: area.earlier_codes for area in local_authorities() if area.earlier_codes}
    assert recoded == {
        "Barnsley": ("E08000016",), "Buckinghamshire": ("E10000002",), "Gateshead": ("E08000020",),
        "North Yorkshire": ("E10000023",), "Northumberland": ("E06000048",), "Sheffield": ("E08000019",),
        "Somerset": ("E10000027",),
    }  # fmt: skip
    assert not any(find_area(name).from_ or find_area(name).until for name in recoded)


def test_before_the_register_begins_nothing_is_claimed():
    with pytest.raises(UnknownNameError, match=r"Bedford existed on 2009-03-31 is not known.*2009-04-01"):
        existed_on(find_area("Bedford"), date(2009, 3, 31))
    with pytest.raises(UnknownNameError, match="2009-04-01"):
        local_authorities(date(2001, 1, 1))
    assert existed_on(find_area("England"), date(2001, 1, 1))


# Regions


def test_the_regions_of_an_area_from_the_nearest_to_the_widest():
    def names(area):
        return [region.name for region in regions_of(find_area(area))]

    assert names("Camden") == ["Inner London", "London"]
    assert names("Greenwich") == ["Outer London", "London"]
    assert names("Outer London") == ["London"]
    assert names("Nottingham") == ["East Midlands"]
    assert names("East Midlands") == names("England") == []


def test_every_authority_lies_in_one_of_the_nine_regions():
    widest = Counter(regions_of(area)[-1].name for area in local_authorities(date(2025, 3, 31)))
    assert widest == {
        "North East": 12, "North West": 24, "Yorkshire and The Humber": 15, "East Midlands": 10, "West Midlands": 14,
        "East of England": 11, "London": 33, "South East": 19, "South West": 15,
    }  # fmt: skip
    halves = Counter(regions_of(area)[0].name for area in local_authorities() if len(regions_of(area)) == 2)
    assert halves == {"Inner London": 14, "Outer London": 19}


# A register that is broken


def spoilt(tmp_path, *changes):
    """The register with cells replaced: (code of the row, column, text)."""
    with REGISTER.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    for code, column, text in changes:
        rows[code] = {**rows[code], column: text}
    path = tmp_path / "areas.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())
    return path


def problems(path):
    with pytest.raises(DataError) as error:
        read_areas(path)
    return [line for line in str(error.value).splitlines() if line.startswith("  - ")], str(error.value)


def test_the_register_read_anew_is_the_register(tmp_path):
    assert read_areas(spoilt(tmp_path)) == load_areas()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("E06000015", "region", "E12000099"), ["region: found 'E12000099'"]),
        (("E06000015", "region", "E06000016"), ["region: found 'E06000016'"]),
        (("E06000015", "region", ""), ["a local authority has a region"]),
        (("E12000004", "region", "E13000001"), ["region: found 'E13000001'"]),
        (("E06000015", "code", "E06000018"), ["code: found 'E06000018'", "names the area of line"]),
        (("E06000015", "code", "E6000015"), ["code: found 'E6000015'"]),
        (("E06000015", "name", "Leicester"), ["name: found 'Leicester'"]),
        (("E06000015", "name", ""), ["name: found ''"]),
        (("E06000015", "also_known_as", "LEICESTER CITY"), ["also_known_as", "names the area of line"]),
        (("E06000015", "earlier_codes", "E08000016"), ["earlier_codes"]),
        (("E06000015", "dfe_code", "892"), ["dfe_code: found '892'"]),
        (("E06000015", "dfe_code", "31"), ["dfe_code: found '31'"]),
        (("E06000015", "dfe_code", ""), ["a local authority has a dfe_code"]),
        (("E12000004", "dfe_code", "999"), ["a local authority has a dfe_code"]),
        (("E06000015", "level", "Local authorty"), ["level: found 'Local authorty'"]),
        (("E06000015", "from", "01/04/2019"), ["from: found '01/04/2019'", "year-month-day"]),
        (("E06000015", "from", "2019-02-30"), ["from: found '2019-02-30'"]),
        (("E10000006", "until", "2023-03-30"), ["until: found 2023-03-30", "day before E06000063"]),
        (("E10000006", "until", ""), ["both until and followed_by"]),
        (("E10000006", "followed_by", ""), ["both until and followed_by"]),
        (("E10000006", "followed_by", "E06000063; E06000099"), ["followed_by: found 'E06000099'"]),
        (("E10000006", "followed_by", "E12000002"), ["followed_by: found 'E12000002'"]),
        (("E06000015", "members", "Leicester"), ["only a comparator group has members"]),
        (("SN:E06000031", "members", "Bolton; Derbi"), ["members: found 'Derbi'"]),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path, change, says):
    found, message = problems(spoilt(tmp_path, change))
    line = 2 + [row["code"] for row in csv.DictReader(REGISTER.open(encoding="utf-8"))].index(change[0])
    assert "areas.csv" in message
    # A code or name that stands twice is told of the later of the two rows.
    assert any(f"line {line}, " in text for text in found) or f"area of line {line} too" in message, message
    for words in says:
        assert words in message, message


def test_every_problem_is_listed_at_once_and_none_that_follows_from_another(tmp_path):
    path = spoilt(
        tmp_path,
        ("E06000015", "region", "E12000099"),
        ("E06000016", "name", "Derby"),
        ("E06000063", "from", "1 April 2023"),
        ("E10000009", "followed_by", "E06000059; E99"),
    )
    found, message = problems(path)
    assert "(4 found)" in message
    assert len(found) == 4
    numbers = [int(text.split("line ")[1].split(",")[0]) for text in found]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ["line 1", "empty file", "dfe_code"]),
        (b"code,name\nE92000001,England\n", ["line 1", "code, name", "expected"]),
        (",".join(COLUMNS).encode() + b"\nE92000001,England\n", ["line 2: 2", "expected 11"]),
        ("café".encode("cp1252"), ["UTF-8"]),
        (b'code,"name\n', ["cannot be read"]),
    ],
)
def test_a_file_that_is_no_register(tmp_path, content, says):
    path = tmp_path / "areas.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_areas(path)
    for words in ["areas.csv", *says]:
        assert words in str(error.value), str(error.value)


def test_a_register_that_is_absent(tmp_path):
    with pytest.raises(DataError, match=r"areas\.csv"):
        read_areas(tmp_path / "areas.csv")


# The official lists


def official():
    with (shared("open-data") / "areas" / "las.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["old_la_code"].isdigit()]


def day_of(text):
    return date(*map(int, reversed(text.split("/")))) if text else None


def test_the_register_holds_the_facts_of_the_official_list():
    for row in official():
        ended = day_of(row["date_of_termination"])
        area = area_of_dfe_code(row["old_la_code"])
        if row["new_la_code"] == "z" or (ended and ended < REGISTER_BEGINS):
            assert area is None, f"{row['la_name']} is no authority of this register"
            continue
        assert row["new_la_code"] in (area.code, *area.earlier_codes), area
        assert area.name.removesuffix(" (to 2019)") == row["la_name"]
        assert row["parent_geography_code"] in {region.code for region in regions_of(area)}
        assert (row["new_la_code"] == area.code) == (row["status"] == "live" or area.until is not None)
        assert not area.until or area.until == ended
        began = day_of(row["date_of_operation"])
        assert area.from_ == began if area.from_ else began <= REGISTER_BEGINS or area.earlier_codes
    assert {row["old_la_code"] for row in official()} >= {area.dfe_code for area in local_authorities()}


@pytest.mark.parametrize(
    "name", ["c4_children_in_need_section_47s_and_icpcs", "d3_cpps_subsequent_plan", "d5_cpps_at31march_by_duration"]
)
def test_published_files_list_the_authorities_that_existed(name):
    """The children in need files have a row for each authority that existed on 31 March of the year."""
    path = shared("open-data") / "children-in-need" / "2025" / f"{name}_2013_to_2025.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    rows = table[table["geographic_level"] == "Local authority"]
    for year, part in rows.groupby("time_period"):
        then = {area.dfe_code: area for area in local_authorities(date(int(year), 3, 31))}
        assert sorted(part["old_la_code"]) == sorted(then), year
        for row in part.itertuples():
            area = then[row.old_la_code]
            assert area_of_code(row.new_la_code) is area
            assert area.region == row.region_code
            assert area.name.removesuffix(" (to 2019)") == row.la_name
