"""Release maps: what they say, what one takes over from another, and a clear word for each mistake in one."""

import shutil
from pathlib import Path

import pytest
import yaml

from analysis.errors import CatalogueError, UnknownNameError
from analysis.indicators.definitions import load_indicators
from analysis.sources import releases
from analysis.sources.areas import find_area
from analysis.sources.catalogue import load_breakdowns, load_sources
from analysis.sources.releases import (
    SKIP,
    find_release,
    load_publications,
    load_releases,
    load_tables,
    release_of,
)
from analysis.vocabulary import TOTAL
from conftest import ROOT

MAPS = ROOT / "data" / "catalogue" / "releases"


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Write a map beside copies of the real ones, and read them all."""
    shutil.copytree(ROOT / "data" / "catalogue", tmp_path / "catalogue")
    monkeypatch.setattr(releases, "data_folder", lambda: tmp_path)

    def read(text: str, name: str = "cla_2026"):
        (tmp_path / "catalogue" / "releases" / f"{name}.yml").write_text(text, encoding="utf-8")
        return load_releases.__wrapped__()

    return read


NEXT = """
id: cla_2026
like: cla_2025
code: CLA26
short: DfE, Children looked after, 2026 release
publication: children_looked_after
year: 2026
published: '2026-11-19'
"""


# The maps there are


def test_every_map_is_read_and_names_its_tables():
    for name, release in load_releases().items():
        assert release.id == name
        assert release.year == int(name[-4:])
        for table in release.tables:
            assert load_tables()[table].publication == release.publication, (name, table)


def test_codes_tell_documents_and_releases_apart():
    codes = [item.code for item in [*load_releases().values(), *load_sources().values()]]
    assert len(set(codes)) == len(codes)
    keys = [kind.key for kind in load_tables().values()]
    assert len(set(keys)) == len(keys)


def test_a_release_is_found_by_id_and_by_code():
    assert find_release("cla_2025") == find_release("CLA25") == find_release("cla25")
    assert release_of("children_in_need", 2024).id == "cin_2024"
    assert release_of("children_in_need", 1999) is None
    with pytest.raises(UnknownNameError, match="Did you mean cla_2025"):
        find_release("cla_2052")


def test_every_table_and_publication_is_used():
    assert {kind.publication for kind in load_tables().values()} == set(load_publications())
    assert {table for release in load_releases().values() for table in release.tables} == set(load_tables())


def test_every_known_gap_is_of_an_area_in_years_of_its_release():
    gaps = [(release, gap) for release in load_releases().values() for gap in release.gaps]
    assert len(gaps) >= 4
    for release, gap in gaps:
        assert find_area(gap.area).level == "Local authority"
        assert all(year <= release.year for year in gap.years)


def test_every_label_means_something():
    """A label is a group of the catalogue, a code that an indicator asks for, or skipped: a slip of the pen is none."""
    topics = load_breakdowns()
    groups = {group for topic in topics.values() for group in topic.groups} | {TOTAL, SKIP, *topics}
    places = [place for indicator in load_indicators().values() for place in indicator.published]
    asked = {(place.table, column, label) for place in places
             for wanted in (place.where, place.denominator_where) for column, label in wanted.items()}  # fmt: skip
    for name, release in load_releases().items():
        for table, found in release.tables.items():
            for column, labels in found.labels.items():
                for printed, ours in labels.items():
                    known = ours in groups or (table, column, ours) in asked or ours == "all"
                    assert known, (name, table, column, printed, ours)


def test_what_an_indicator_asks_for_is_in_every_release_that_has_the_table():
    for indicator in load_indicators().values():
        for place in indicator.published:
            for release in load_releases().values():
                if place.table not in release.tables:
                    continue
                labels = release.tables[place.table].labels
                for column, label in {**place.where, **place.denominator_where}.items():
                    assert label in labels[column].values(), (indicator.id, release.id, column, label)


# What a map takes over


def test_a_map_takes_over_all_that_it_does_not_say(load):
    found = load(NEXT)
    old, new = found["cla_2025"], found["cla_2026"]
    assert (new.code, new.year, new.published) == ("CLA26", 2026, "2026-11-19")
    assert new.tables == old.tables
    assert new.title.endswith("2026 release"), "the title is of the new release"
    assert new.licence == old.licence


def test_a_new_name_of_a_column_takes_the_place_of_the_old_one(load):
    tables = "tables:\n  cla_rates:\n    columns: {headcount: count}\n"
    columns = load(NEXT + tables)["cla_2026"].tables["cla_rates"].columns
    assert columns == {
        "population_type": "group", "rate_per_10000": "rate", "population_estimate": "population", "headcount": "count",
    }  # fmt: skip


def test_a_new_label_stands_beside_the_old_one(load):
    tables = "tables:\n  cla_rates:\n    labels:\n      group: {In care on 31 March: at_31_march}\n"
    old, new = (load(NEXT + tables)[name].tables["cla_rates"].labels["group"] for name in ("cla_2025", "cla_2026"))
    assert new == old | {"In care on 31 March": "at_31_march"}


def test_a_table_that_is_gone_is_null_and_gaps_add_up(load):
    text = "id: cin_2026\nlike: cin_2025\ncode: CIN26\nshort: s\npublication: children_in_need\nyear: 2026\npublished: '2026-10-29'\n"
    more = (
        "tables:\n  plans:\n  plans_reviewed: null\ngaps:\n- {area: Derby, years: [2026], says: 'it gave no return'}\n"
    )
    new = load(text + more, "cin_2026")["cin_2026"]
    assert {"plans", "plans_reviewed"}.isdisjoint(new.tables)
    assert "plans_subsequent" in new.tables
    assert [gap.area for gap in new.gaps] == ["Hampshire", "Hackney", "Derby"]


def test_a_note_is_of_one_release_only(load):
    found = load(NEXT.replace("cla_2026", "sch_2023").replace("cla_2025", "sch_2022").replace("CLA26", "SCH23")
                 .replace("children_looked_after", "school_census").replace("2026", "2023"), "sch_2023")  # fmt: skip
    assert found["sch_2022"].note
    assert not found["sch_2023"].note


# Mistakes


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("like: cla_2025", "like: cla_2052"), ["cla_2026.yml is like 'cla_2052'", "Did you mean cla_2025"]),
        (("like: cla_2025", "like:"), ["cla_2026.yml is like", "It can be"]),
        (("like: cla_2025", "like: cla_2026"), ["cla_2026.yml is like itself"]),
        (("id: cla_2026", "id: cla_2027"), ["cla_2026.yml: the id is 'cla_2027'"]),
        (("code: CLA26", "code: CLA25"), ["the code CLA25 is used twice"]),
        (("code: CLA26\n", ""), ["the code CLA25 is used twice"]),
        (("publication: children_looked_after", "publication: children"), ["publication must be one of", "children_in_need"]),
        (("year: 2026", "year: soon"), ["year"]),
        (("year: 2026", "yaer: 2026"), ["yaer", "Did you mean year"]),
        (("published: '2026-11-19'", "published: in November"), ["published"]),
        (("published", "tables: [cla_rates]\npublished"), ["tables", "cla_rates"]),
        (("published", "tables:\n  cla_rate: {columns: {a: count}}\npublished"), ["cla_rate", "Did you mean cla_rates"]),
        (("published", "tables:\n  cla_rates: {columns: {a: counts}}\npublished"), ["'counts' is no column of this table"]),
        (("published", "tables:\n  cla_rates: {columns: [a, b]}\npublished"), ["cla_rates.columns"]),
        (("published", "tables:\n  cla_rates: {labels: [a, b]}\npublished"), ["cla_rates.labels"]),
        (("published", "tables:\n  cla_rates: {labels: {group: in care}}\npublished"), ["cla_rates.labels.group"]),
        (("published", "tables:\n  cla_rates: {labels: {group: {2026: at_31_march}}}\npublished"), ["cla_rates.labels.group"]),
        (("published", "tables:\n  cla_rates: {colums: {a: count}}\npublished"), ["cla_rates.colums"]),
        (("published", "tables:\n  cla_rates: in care\npublished"), ["tables.cla_rates"]),
        (("published", "tables:\n  population: {file: a}\npublished"), ["population"]),
        (("published", "gaps: none\npublished"), ["gaps"]),
        (("published", "gaps:\n- {area: Derby, years: 2026, says: a}\npublished"), ["gaps", "years"]),
        (("published", "gaps:\n- {area: Derbi, years: [2026], says: a}\npublished"), ["Derbi", "Did you mean Derby"]),
        ((NEXT, "- a list\n"), ["cla_2026"]),
        ((NEXT, "a: ["), ["cla_2026.yml", "not readable YAML"]),
        ((NEXT, ""), ["cla_2026"]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_map_is_one_clear_message(load, change, says):
    with pytest.raises(CatalogueError) as error:
        load(NEXT.replace(*change))
    for words in says:
        assert words in str(error.value), str(error.value)


def test_blank_parts_of_a_map_are_as_if_they_were_not_there(load):
    tables = "tables:\n  cla_rates:\n    columns:\n    labels:\n      group:\ngaps:\n"
    assert load(NEXT + tables)["cla_2026"].tables == load_releases()["cla_2025"].tables


def test_every_column_that_is_needed_has_a_name(load):
    """A first map, like no other, says every column and label of its tables."""
    text = yaml.safe_load(NEXT) | {"tables": {"cla_rates": {"title": "t", "file": "f", "columns": {"a": "count"}}}}
    del text["like"]
    with pytest.raises(CatalogueError) as error:
        load(yaml.safe_dump(text))
    for words in ("no column stands for group", "no column stands for rate", "no labels for the filter group"):
        assert words in str(error.value)


def test_maps_are_small():
    """A release says what differs: a map like another one is not a copy of it."""
    for path in MAPS.glob("*.yml"):
        text = Path(path).read_text(encoding="utf-8")
        if "\nlike:" in text:
            assert "columns: {time_period" not in text
