"""Groups that an area is held against: their members, and the median, mean and pooled figure of them, worked by hand."""

import pandas as pd
import pytest

from analysis.errors import UnknownNameError
from analysis.indicators.areas_compared import (
    OWN_GROUP,
    SUMMARISED_BY,
    load_members,
    members_of,
    model_for,
    select_members,
    with_groups,
)
from analysis.indicators.observations import load_figures
from analysis.indicators.open_figures import read_official
from analysis.indicators.open_folder import open_folder
from analysis.sources.areas import find_area, neighbours_code, own_group_code
from analysis.sources.store import STORE_VARIABLE
from analysis.statistics.neighbours import summarise_members
from analysis.vocabulary import COLUMNS, WORKED_OUT
from conftest import shared
from open_cases import GROUPS, NEIGHBOURS, RATES, neighbours_list, rates

MEMBERS = ("Leeds", "Derby", "Camden", "Hampshire", "Bristol", "Sefton", "Kent", "Essex", "Surrey", "Devon")
COUNTS = (30, 50, 120, 70, 10, 40, 90, 60, 80, 20)
PEOPLE = (10_000, 10_000, 20_000, 50_000, 5_000, 20_000, 30_000, 10_000, 40_000, 10_000)


@pytest.fixture(scope="module", autouse=True)
def own_store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORE_VARIABLE, str(tmp_path_factory.mktemp("store")))
        yield


def folder_of(place, *, hidden=()):
    """Nottingham and ten neighbours with counts and populations that can be worked by hand; some counts hidden."""
    made = rates(2025, names=("Nottingham", *MEMBERS))
    for name, count, people in zip(MEMBERS, COUNTS, PEOPLE, strict=True):
        at = made.number(la_name=find_area(name).name, population_type=GROUPS["on 31 March"])
        rate = (20_000 * count + people) // (2 * people)
        texts = ["c", "c"] if name in hidden else [str(count), str(rate)]
        made = made.put(at, population_estimate=str(people), children_count=texts[0], rate_per_10000=texts[1])
    made.write(place / RATES)
    numbers = " ".join(find_area(name).dfe_code for name in MEMBERS)
    (place / NEIGHBOURS).write_text(neighbours_list(Nottingham=numbers), encoding="utf-8")
    return str(place)


def summary_row(data, *, average, neighbours="2025", group=()):
    """The row of the neighbours' rate, as a report puts it beside the area's."""
    figures = load_figures(data, area="Nottingham", group=group)
    members = load_members(data, area="Nottingham", group=group)
    summary = summarise_members(select_members(figures, members), members, by=SUMMARISED_BY, multiplier=1)
    found = with_groups(figures, summary, members, area="Nottingham", neighbours=neighbours, average=average)
    code = own_group_code(find_area("Nottingham")) if group else neighbours_code(find_area("Nottingham"))
    rows = found[found["area_code"].eq(code) & found["indicator"].eq("cla_rate") & found["period"].eq("2024-25")]
    assert len(rows) == 1
    return rows.iloc[0]


# By hand: the rates are 30, 50, 60, 14, 20, 20, 30, 60, 20, 20; sorted 14, 20, 20, 20, 20, 30, 30, 50, 60, 60.


@pytest.mark.parametrize(
    ("average", "value", "words"),
    [
        ("median", 25.0, "median, 10 of 10 with data"),
        ("mean", 32.4, "mean, 10 of 10 with data"),
        ("pooled", 10_000 * sum(COUNTS) / sum(PEOPLE), "pooled, 10 of 10 with data"),
    ],
)
def test_median_mean_and_pooled_are_as_worked_by_hand(tmp_path, average, value, words):
    row = summary_row(folder_of(tmp_path), average=average)
    assert row["value"] == pytest.approx(value, abs=1e-9)
    assert (row["status"], row["value_type"], row["precision"]) == (WORKED_OUT, "comparator", 1)
    assert row["known_as"] == f"statistical neighbours (2025 model, {words})"
    assert row["quote"].count("(CLA25.NR.") == 10


@pytest.mark.parametrize(("average", "value"), [("median", 25.0), ("mean", 29.25), ("pooled", 10_000 * 400 / 175_000)])
def test_a_neighbour_without_a_figure_is_left_out_and_said(tmp_path, average, value):
    """Camden and Sefton hidden: 14, 20, 20, 20, 30, 30, 50, 60 are left, with 410 less Camden's and Sefton's counts."""
    hidden = ("Camden", "Sefton")
    data = folder_of(tmp_path, hidden=hidden)
    left = [at for at, name in enumerate(MEMBERS) if name not in hidden]
    rates_left = sorted((20_000 * COUNTS[at] + PEOPLE[at]) // (2 * PEOPLE[at]) for at in left)
    expected = {
        "median": (rates_left[3] + rates_left[4]) / 2, "mean": sum(rates_left) / 8,
        "pooled": 10_000 * sum(COUNTS[at] for at in left) / sum(PEOPLE[at] for at in left),
    }  # fmt: skip
    row = summary_row(data, average=average)
    assert row["value"] == pytest.approx(expected[average])
    assert "8 of 10 with data" in row["known_as"]
    assert row["quote"].count("no figure") == 2


def test_a_group_of_ones_own(tmp_path):
    row = summary_row(folder_of(tmp_path), average="mean", group=["Leeds", "Derby", "E09000007"])
    assert row["value"] == pytest.approx((30 + 50 + 60) / 3)
    assert row["known_as"] == "the group chosen (mean, 3 of 3 with data)"


def test_a_count_has_no_neighbours(tmp_path):
    data = folder_of(tmp_path)
    figures, members = load_figures(data, area="Nottingham"), load_members(data, area="Nottingham")
    summary = summarise_members(select_members(figures, members), members, by=SUMMARISED_BY, multiplier=1)
    found = with_groups(figures, summary, members, area="Nottingham", neighbours="", average="median")
    own = found[found["area_code"].eq(neighbours_code(find_area("Nottingham"))) & found["official"].astype(bool)]
    assert set(own["indicator"]) == {"cla_rate", "cla_started_rate", "cla_ceased_rate"}
    assert list(found.columns[: len(COLUMNS)]) == list(COLUMNS)


def test_of_a_neighbour_only_the_figures_of_all_children_are_read(tmp_path):
    figures = load_figures(folder_of(tmp_path), area="Nottingham")
    assert set(figures.loc[figures["area_code"].eq(find_area("Leeds").code), "breakdown_topic"]) == {"Total"}


def test_members_are_in_the_order_of_the_list(tmp_path):
    members = load_members(folder_of(tmp_path), area="Nottingham", group=["Rutland"])
    assert [find_area(code).name for code in members.loc[members["group"] == "2025", "member"]] == [
        find_area(name).name for name in MEMBERS
    ]
    assert members.loc[members["group"] == OWN_GROUP, "member"].tolist() == [find_area("Rutland").code]
    assert load_members(str(tmp_path), area="Leeds").empty
    assert members_of("", find_area("Leeds")).empty


def test_an_area_is_no_member_of_its_own_group(tmp_path):
    with pytest.raises(UnknownNameError, match="cannot be in the group that it is held against"):
        load_members("", area="Nottingham", group=["Derby", "nottingham"])
    with pytest.raises(UnknownNameError, match="Did you mean"):
        load_members("", area="Nottingham", group=["Darby"])


def test_a_model_or_an_average_that_is_not_known(tmp_path):
    data = folder_of(tmp_path)
    figures, members = load_figures(data, area="Nottingham"), load_members(data, area="Nottingham")
    for more, says in (({"neighbours": "2021", "average": "mean"}, "a list in the model of 2025"),
                       ({"neighbours": "2025", "average": "avarage"}, "average is 'avarage'")):  # fmt: skip
        with pytest.raises(UnknownNameError, match=says):
            with_groups(figures, pd.DataFrame({"group": []}), members, area="Nottingham", **more)


def test_without_a_model_named_the_latest_is_taken():
    members = pd.DataFrame({"group": ["2021", "2025", OWN_GROUP], "member": ["E06000001"] * 3})
    assert model_for(members, "", find_area("Derby")) == "2025"
    assert model_for(members, "2021", find_area("Derby")) == "2021"
    assert model_for(members[:0], "", find_area("Derby")) == ""


# The real lists


@pytest.fixture(scope="module")
def real():
    """The rate of 2025 of every authority, and the summaries of its neighbours by either model."""
    folder = shared("open-data")
    rows = read_official(folder, indicators=["cla_rate"])
    rows = rows[rows["period"].eq("2024-25") & rows["geographic_level"].eq("Local authority")]
    listed = open_folder(folder).members
    found = {}
    for model in ("2021", "2025"):
        own = listed[listed["model"] == model]
        members = pd.DataFrame({"group": own["group"].astype(str), "member": own["member"].astype(str)})
        found[model] = summarise_members(rows, members, by=SUMMARISED_BY, multiplier=10_000).set_index("group")
    return rows.set_index("area_code"), found


@pytest.mark.parametrize(
    ("area", "median", "mean", "pooled"),
    [("Sefton", 110.0, 104.0, 91.7), ("North Tyneside", 73.5, 84.1, 66.7), ("Middlesbrough", 104.5, 120.4, 115.7)],
)
def test_three_averages_of_the_same_neighbours_differ(real, area, median, mean, pooled):
    """Of the 2025 list: median and mean of the printed rates, pooled of the counts."""
    row = real[1]["2025"].loc[find_area(area).code]
    assert (row["median"], round(row["mean"], 1), round(row["pooled_value"], 1)) == (median, mean, pooled)
    assert row["n_with_value"] == 10


def test_the_other_list_is_another_answer(real):
    """62 medians move by 5 or more, 32 authorities change sides: above their neighbours' median or not.

    Medians are of the rates as printed, in whole numbers; an authority that equals its median is not above it.
    """
    rows, found = real
    both = pd.DataFrame({"own": rows["value"], "old": found["2021"]["median"], "new": found["2025"]["median"]}).dropna()
    assert len(both) == 149
    assert ((both["old"] - both["new"]).abs() >= 5).sum() == 62
    assert ((both["own"] > both["old"]) != (both["own"] > both["new"])).sum() == 32


def test_how_far_the_two_lists_agree():
    listed = open_folder(shared("open-data")).members
    groups = {model: own.groupby("group")["member"].agg(set) for model, own in listed.groupby("model")}
    both = sorted(set(groups["2021"].index) & set(groups["2025"].index))
    shared_members = [len(groups["2021"][code] & groups["2025"][code]) for code in both]
    assert (round(sum(shared_members) / len(both), 1), min(shared_members), max(shared_members)) == (5.4, 1, 10)
    links = {(group, member) for group, own in groups["2025"].items() for member in own}
    assert round(sum((member, group) in links for group, member in links) / len(links), 2) == 0.61
