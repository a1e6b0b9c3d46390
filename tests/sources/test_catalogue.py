"""The catalogue: strict, and each entry in use."""

import csv

import pytest

from analysis.errors import CatalogueError, DataError, UnknownNameError
from analysis.indicators.counting.rules import load_rules
from analysis.indicators.definitions import Indicator, find_indicator, load_indicators, units
from analysis.sources.areas import find_area, load_areas
from analysis.sources.catalogue import Caveat, get_source, load_breakdowns, load_caveats, load_sources
from analysis.sources.declared import load_declared
from analysis.sources.folders import data_folder
from analysis.sources.published import add_caveats, read_published
from analysis.sources.releases import load_releases
from conftest import shared

GOOD = (data_folder() / "catalogue" / "indicators" / "cp_plan_rate.yml").read_text(encoding="utf-8")


def test_every_definition_is_in_use():
    figures = read_published(units=units())
    transcribed = set(figures["indicator"])
    counted = {rule.indicator for rule in load_rules().rules.values()}
    for name, indicator in load_indicators().items():
        held = name in transcribed or indicator.published or name in counted
        assert held, f"{name}: neither a document nor an official file holds it, and no rule counts it"
    used = set(figures["breakdown_topic"]) | {topic for name in counted for topic in load_indicators()[name].breakdowns}
    for indicator in load_indicators().values():
        for place in indicator.published:
            used |= {place.topic, place.where.get("topic", "")}
    labels = [found.labels for release in load_releases().values() for found in release.tables.values()]
    used |= {ours for label in labels for ours in label.get("topic", {}).values()}
    for topic in load_breakdowns():
        assert topic in used, topic


def test_every_label_of_a_release_is_a_group_of_the_catalogue():
    topics = load_breakdowns()
    groups = {name for topic in topics.values() for name in topic.groups} | {"Total", "skip"}
    for release in load_releases().values():
        for table, found in release.tables.items():
            if {"topic", "group"} <= set(found.labels):
                assert set(found.labels["topic"].values()) <= {*topics, "skip"}, f"{release.id} {table}"
                assert set(found.labels["group"].values()) <= groups, f"{release.id} {table}"


def test_every_caveat_is_printed_somewhere():
    named = {key for indicator in load_indicators().values() for key in indicator.caveats}
    for key, caveat in load_caveats().items():
        assert bool(caveat.where) != (key in named), f"{key}: by figures or by an indicator, and only one of the two"


def test_a_caveat_that_touches_nothing_is_an_error(monkeypatch):
    figures = read_published(units=units())
    stray = {"stray": Caveat(short="x", text="y", where={"area_code": "E99"})}
    monkeypatch.setattr("analysis.sources.published.load_caveats", lambda: stray)
    with pytest.raises(DataError, match="stray touches no figure"):
        add_caveats(figures)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda t: t.replace("polarity: neutral", "polarity: neutrl"),
            ["polarity", "'neutrl'", "Did you mean neutral"],
        ),
        (lambda t: t.replace("polarity:", "polarty:"), ["polarty", "not known", "Did you mean polarity", "missing"]),
        (lambda t: t.replace("multiplier: 10000", "multiplier: 1000"), ["multiplier of a rate must be 10000"]),
        (lambda t: t.replace("- rates_are_not_need", "- rates_are_need"), ["'rates_are_need' is no key"]),
        (lambda t: t.replace("{value}", "value"), ["{value} once"]),
        (lambda t: t.replace("question: How", "question: [How"), ["not readable YAML", "line"]),
        (lambda t: t + "\nid: again\n", ["'id' is given twice"]),
        (lambda t: t.replace("unit: per 10,000 children", "unit: percent"), ["percent for a proportion"]),
    ],
)
def test_a_mistake_in_a_definition_is_one_clear_message(tmp_path, change, says):
    path = tmp_path / "cp_plan_rate.yml"
    path.write_text(change(GOOD), encoding="utf-8")
    with pytest.raises(CatalogueError) as error:
        load_declared(path, Indicator)
    for words in [path.name, *says]:
        assert words in str(error.value), str(error.value)


def test_every_problem_of_a_file_is_listed_at_once(tmp_path):
    path = tmp_path / "x.yml"
    path.write_text(GOOD.replace("polarity: neutral", "polarity: up").replace("decimals: 1", "decimals: many"))
    with pytest.raises(CatalogueError) as error:
        load_declared(path, Indicator)
    assert "(2 found)" in str(error.value)


def test_unreadable_bytes_are_named(tmp_path):
    path = tmp_path / "x.yml"
    path.write_bytes("name: café".encode("cp1252"))
    with pytest.raises(CatalogueError, match="not UTF-8"):
        load_declared(path, Indicator)


@pytest.mark.parametrize("name", ["Nottingham", "nottingham", " NOTTINGHAM ", "E06000018", "e06000018"])
def test_an_area_by_name_or_code(name):
    assert find_area(name).code == "E06000018"


@pytest.mark.parametrize(("name", "offered"), [("Notingham", "Nottingham"), ("Peterboro", "Peterborough")])
def test_an_unknown_area_gets_the_nearest_names(name, offered):
    with pytest.raises(UnknownNameError, match=offered):
        find_area(name)


def test_area_codes_are_the_official_ones():
    with (shared("open-data") / "areas" / "las.csv").open(encoding="utf-8-sig") as file:
        official = {row["new_la_code"]: row["la_name"] for row in csv.DictReader(file)}
    for area in load_areas().values():
        if area.level == "Local authority":
            assert official[area.code] == area.name.removesuffix(" (to 2019)")


@pytest.mark.parametrize(
    ("name", "found"),
    [("NI 65", "cp_repeat_plans"), ("repeat plans", "cp_repeat_plans"), ("NI 62", "cla_three_placements"),
     ("CP rate", "cp_plan_rate"), ("Children in care per 10,000", "cla_rate"), ("cla_rate", "cla_rate")],
)  # fmt: skip
def test_an_indicator_by_any_of_its_names(name, found):
    assert find_indicator(name).id == found


def test_an_unknown_indicator_gets_the_nearest():
    with pytest.raises(UnknownNameError, match="cp_repeat_plans"):
        find_indicator("repeat plan")


def test_a_source_cites_its_part():
    source = get_source("nottingham_cpb_2021_11/advocacy")
    citation = source.citation("nottingham_cpb_2021_11/advocacy")
    assert "Children's Society" in citation
    assert "2021-11-15" in citation
    with pytest.raises(UnknownNameError, match="nottingham_cpb_2021_11"):
        get_source("nottingham_cpb_2021_10")


def test_codes_of_sources_are_unique():
    codes = [source.code for source in load_sources().values()]
    assert len(codes) == len(set(codes))
