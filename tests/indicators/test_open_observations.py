"""Official tables as observations: laws that hold for any file, and answers that others worked out for the real ones."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.indicators.definitions import load_indicators
from analysis.indicators.open_figures import read_releases
from analysis.indicators.open_folder import open_folder
from analysis.periods import parse_period
from analysis.sources.areas import ENGLAND, existed_on, find_area, load_areas, local_authorities, regions_of
from analysis.sources.catalogue import load_breakdowns
from analysis.sources.open_data import MARKS, STATUS_OF_MARK
from analysis.sources.store import STORE_VARIABLE
from analysis.vocabulary import TOTAL, WORKED_OUT
from conftest import shared
from open_cases import (
    CHARACTERISTICS,
    CONFERENCES,
    POPULATION,
    RATES,
    REPEAT_PLANS,
    characteristics,
    conferences,
    half_up,
    population,
    population_of,
    printed,
    rates,
    repeat_plans,
)


@pytest.fixture(scope="module", autouse=True)
def own_store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORE_VARIABLE, str(tmp_path_factory.mktemp("store")))
        yield


def observations(folder):
    table = open_folder(folder, use_store=False).observations().to_pandas()
    coded = [name for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.astype(dict.fromkeys(coded, str))


def one(rows, area, period, indicator, *, source=None, breakdown=TOTAL):
    """The one observation of an area, period and indicator."""
    found = rows[
        rows["area_code"].eq(find_area(area).code) & rows["period"].eq(period) & rows["indicator"].eq(indicator)
        & rows["breakdown"].eq(breakdown)
    ]  # fmt: skip
    found = found if source is None else found[found["source"] == source]
    assert len(found) == 1, (area, period, indicator, len(found))
    return found.iloc[0]


# Laws


SYMBOLS = st.sampled_from(MARKS)


@settings(max_examples=5, deadline=None)
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_the_lines(tmp_path_factory, order):
    names = ("Nottingham", "Camden")
    tables = {
        RATES: rates(2025, names=names), REPEAT_PLANS: repeat_plans(2025, names=names).put(4, CPP_subsequent="c"),
        CONFERENCES: conferences(2025, names=names).put(5, ICPC="x"), POPULATION: population(2024, names=names),
        CHARACTERISTICS: characteristics(2025, names=names),
    }  # fmt: skip

    def figures(shuffled):
        folder = tmp_path_factory.mktemp("any")
        for file, made in tables.items():
            rows = list(made.rows)
            if shuffled:
                order.shuffle(rows)
            type(made)(made.header, rows).write(folder / file)
        found = read_releases(folder)
        kept = found.drop(columns=["figure", "cites", "locator"]).assign(
            quote=[re.sub(r" \(row \d+\)", "", text) for text in found["quote"]]
        )
        keys = ["indicator", "area_code", "period", "breakdown_topic", "breakdown"]
        return kept.sort_values(keys, ignore_index=True)

    pd.testing.assert_frame_equal(figures(shuffled=False), figures(shuffled=True))


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_hidden_cell_never_yields_a_number(tmp_path_factory, data):
    """Whatever is worked out from a cell without a number has none either, and says why."""
    names = ("Nottingham",)
    columns = ["ICPC", "Duration_0-10_days", "Duration_11-15_days", "Section47"]
    hidden = {name: data.draw(SYMBOLS) for name in columns if data.draw(st.booleans())}
    made = conferences(2025, names=names, regions=())
    at = made.number(la_name="Nottingham")
    folder = tmp_path_factory.mktemp("any")
    made.put(at, **hidden).write(folder / CONFERENCES)
    people = {} if data.draw(st.booleans()) else {"population_estimate": data.draw(SYMBOLS)}
    population(2024, names=names, regions=()).put(1, **people).write(folder / POPULATION)
    rows = observations(folder)
    needs = {
        ("section_47_number", TOTAL): ["Section47"], ("conference_number", TOTAL): ["ICPC"],
        ("section_47_rate", TOTAL): ["Section47", "population_estimate"],
        ("conference_rate", TOTAL): ["ICPC", "population_estimate"],
        ("icpc_in_timescale", TOTAL): ["Duration_0-10_days", "Duration_11-15_days", "ICPC"],
        ("conference_waits", "0 to 10"): ["Duration_0-10_days", "ICPC"],
        ("conference_waits", "11 to 15"): ["Duration_11-15_days", "ICPC"],
        ("conference_waits", "16 to 20"): ["ICPC"], ("conference_waits", "21 or more"): ["ICPC"],
    }  # fmt: skip
    for (indicator, breakdown), cells in needs.items():
        row = one(rows, "Nottingham", "2024-25", indicator, breakdown=breakdown)
        marks = [mark for name, mark in {**hidden, **people}.items() if name in cells]
        assert np.isnan(row["value"]) == bool(marks), (indicator, marks)
        if marks:
            assert row["status"] in {STATUS_OF_MARK[MARKS.index(mark)] for mark in marks}
    if "ICPC" in hidden:
        shares = rows[
            rows["area_code"].eq(find_area("Nottingham").code)
            & rows["indicator"].isin(["icpc_in_timescale", "conference_waits"])
        ]
        assert shares["denominator"].isna().all()


@pytest.mark.parametrize("mark", MARKS)
def test_a_printed_share_without_a_number_has_no_value_though_its_counts_are_there(tmp_path, mark):
    made = repeat_plans(2025)
    at = made.number(la_name="Nottingham")
    made.put(at, CPP_subsequent_percent=mark).write(tmp_path / REPEAT_PLANS)
    row = one(observations(tmp_path), "Nottingham", "2024-25", "cp_repeat_plans")
    assert np.isnan(row["value"])
    assert row["status"] == STATUS_OF_MARK[MARKS.index(mark)]


def test_numerator_denominator_and_value_agree(tmp_path):
    for file, made in ((RATES, rates()), (REPEAT_PLANS, repeat_plans()), (CONFERENCES, conferences()),
                       (POPULATION, population()), (CHARACTERISTICS, characteristics())):  # fmt: skip
        made.write(tmp_path / file)
    rows = observations(tmp_path)
    indicators = load_indicators()
    whole = rows[rows["numerator"].notna() & rows["denominator"].notna() & rows["value"].notna()]
    assert {"cla_rate", "cp_repeat_plans", "icpc_in_timescale", "conference_rate", "cla_share"} <= set(
        whole["indicator"]
    )
    for row in whole.itertuples():
        exact = indicators[row.indicator].multiplier * row.numerator / row.denominator
        if row.status == WORKED_OUT:
            assert row.value == pytest.approx(exact, abs=1e-12)
        else:
            expected = half_up(int(row.numerator), int(row.denominator), multiplier=indicators[row.indicator].multiplier,
                               decimals=row.precision)  # fmt: skip
            assert printed(expected) == printed(half_up(round(row.value * 10), 10, multiplier=1, decimals=1))


def test_the_population_of_a_rate_is_that_of_the_year_before(tmp_path):
    conferences(2024, 2025).write(tmp_path / CONFERENCES)
    population(2022, 2023, 2024).write(tmp_path / POPULATION)
    rows = observations(tmp_path)
    for label, year in (("2023-24", 2023), ("2024-25", 2024)):
        row = one(rows, "Nottingham", label, "conference_rate")
        assert row["denominator"] == population_of(find_area("Nottingham"), year)
        assert row["base_source"] == "ons_2025"


def test_of_several_population_releases_that_of_the_same_year_is_taken(tmp_path):
    for year in (2024, 2025):
        made = conferences(2023, year)
        made.write(tmp_path / str(year) / CONFERENCES)
        population(2022, year - 1).write(tmp_path / str(year) / POPULATION)
    rows = observations(tmp_path)
    used = rows[rows["indicator"] == "conference_rate"].groupby("source")["base_source"].unique()
    assert {name: list(found) for name, found in used.items()} == {
        "cin_2024": ["ons_2024"], "cin_2025": ["ons_2025"],
    }  # fmt: skip
    (tmp_path / "2025" / POPULATION).unlink()
    rows = observations(tmp_path)
    assert set(rows.loc[rows["indicator"] == "conference_rate", "base_source"]) == {"ons_2024"}


def test_where_no_population_is_there_nothing_is_worked_out(tmp_path):
    """A rate that a release does not print is not held then; it is not said to be hidden."""
    conferences().write(tmp_path / CONFERENCES)
    assert "conference_rate" not in set(observations(tmp_path)["indicator"])
    population(2024).write(tmp_path / POPULATION)
    rows = observations(tmp_path)
    assert set(rows.loc[rows["indicator"] == "conference_rate", "period"]) == {"2024-25"}


def test_of_nothing_there_is_no_share(tmp_path):
    made = conferences(2025)
    at = made.number(la_name="Nottingham")
    nothing = dict.fromkeys(["ICPC", "Duration_0-10_days", "Duration_11-15_days"], "0")
    made.put(at, **nothing).write(tmp_path / CONFERENCES)
    row = one(observations(tmp_path), "Nottingham", "2024-25", "icpc_in_timescale")
    assert (row["status"], row["numerator"], row["denominator"]) == ("not_applicable", 0, 0)
    assert np.isnan(row["value"])
    figure = read_releases(tmp_path, areas=[find_area("Nottingham").code], indicators=["icpc_in_timescale"]).iloc[0]
    assert np.isnan(figure["denominator"]), "the contract wants a base above nought"
    assert figure["quote"] == "Duration_0-10_days + Duration_11-15_days: 0; ICPC: 0"


def test_other_breakdowns_have_their_topic_and_group(tmp_path):
    characteristics().write(tmp_path / CHARACTERISTICS)
    rows = observations(tmp_path)
    shares = rows[rows["indicator"] == "cla_share"]
    assert set(shares["breakdown_topic"]) == {"Age group", "Gender"}
    assert TOTAL not in set(shares["breakdown"]), "the whole is no group of itself"
    assert (shares.groupby(["area_code", "period", "breakdown_topic"])["numerator"].sum()
            == shares.groupby(["area_code", "period", "breakdown_topic"])["denominator"].first()).all()  # fmt: skip


# The real files


@pytest.fixture(scope="module")
def real():
    return observations(shared("open-data"))


ENGLAND_CLA = """
2021 11,787,794 80,780 69 28,470 24 28,120 24 7,400 9 12,840 59,880 21 20,000 28,640 70
2022 11,762,878 82,090 70 31,100 26 30,230 26 8,210 10 12,350 59,010 21 20,830 29,510 71
2023 11,901,267 83,750 70 33,090 28 31,850 27 8,850 11 13,310 59,530 22 20,190 29,590 68
2024 12,059,476 83,530 69 33,130 27 33,780 28 8,860 11 13,860 60,330 23 19,620 28,970 68
2025 12,183,016 81,770 67 32,270 26 34,450 28 8,500 10 13,410 59,430 23 19,680 28,710 69
"""
ENGLAND_CIN = """
2013 52,680 7,870 14.9 43,140 1,400 3.2
2014 59,780 9,450 15.8 48,300 1,230 2.6
2015 62,210 10,310 16.6 49,690 1,120 2.3
2016 63,310 11,350 17.9 50,310 1,030 2.1
2017 66,410 12,420 18.7 51,080 1,080 2.1
2018 68,770 13,900 20.2 53,790 950 1.8
2019 66,680 13,860 20.8 52,260 1,120 2.1
2020 66,380 14,540 21.9 51,510 1,100 2.1
2021 63,830 14,090 22.1 50,010 1,020 2
2022 64,390 14,550 22.7 50,920 1,250 2.5
2023 63,870 15,050 23.6 50,780 1,120 2.2
2024 62,110 15,330 24.7 49,900 1,270 2.6
2025 61,840 15,130 24.5 49,420 1,130 2.3
"""


def lines(table):
    return [[float(text.replace(",", "")) for text in line.split()] for line in table.split("\n") if line]


def label_of(year):
    return f"{year - 1}-{year % 100:02d}"


@pytest.mark.parametrize("line", lines(ENGLAND_CLA), ids=lambda line: str(int(line[0])))
def test_children_looked_after_in_england_are_as_published(real, line):
    year, people, count, rate, started, started_rate, ceased, ceased_rate, three, three_share, *rest = line
    moved, group, moved_share, stayed, long_term, stayed_share = rest

    def of(name):
        return one(real, "England", label_of(int(year)), name, source="cla_2025")

    found = [of("cla_rate"), of("cla_started_rate"), of("cla_ceased_rate")]
    assert [(row["numerator"], row["denominator"], row["value"]) for row in found] == [
        (count, people, rate), (started, people, started_rate), (ceased, people, ceased_rate),
    ]  # fmt: skip
    numbers = [of(name)["value"] for name in ("cla_number", "cla_started_number", "cla_ceased_number")]
    assert numbers == [count, started, ceased]
    found = [of("cla_three_placements"), of("cla_three_placements_two_years"), of("cla_same_placement")]
    assert [(row["numerator"], row["denominator"], row["value"]) for row in found] == [
        (three, count, three_share), (moved, group, moved_share), (stayed, long_term, stayed_share),
    ]  # fmt: skip


@pytest.mark.parametrize("line", lines(ENGLAND_CIN), ids=lambda line: str(int(line[0])))
def test_child_protection_plans_in_england_are_as_published(real, line):
    year, started, again, again_share, there, long, long_share = line

    def of(name):
        return one(real, "England", label_of(int(year)), name, source="cin_2025")

    found = [of("cp_repeat_plans"), of("cp_plans_two_years_open")]
    assert [(row["numerator"], row["denominator"], row["value"]) for row in found] == [
        (again, started, again_share), (long, there, long_share),
    ]  # fmt: skip
    assert [of("cp_started_number")["value"], of("cp_plan_number")["value"]] == [started, there]


@pytest.mark.parametrize(
    ("area", "year", "indicator", "top", "bottom", "value"),
    [
        ("Sandwell", 2023, "cp_repeat_plans", 115, 368, 31.3),
        ("Westminster", 2014, "cp_repeat_plans", 7, 112, 6.3),
        ("Plymouth", 2025, "cla_three_placements_two_years", 90, 400, 23),
        ("Bromley", 2025, "cla_same_placement", 60, 96, 63),
        ("Middlesbrough", 2023, "cla_same_placement", 120, 192, 63),
        ("Bracknell Forest", 2024, "cp_plans_two_years_open", 7, 112, 6.3),
        ("Kingston upon Thames", 2022, "cp_plans_two_years_open", 8, 128, 6.3),
        ("Coventry", 2020, "cp_plans_two_years_open", 9, 400, 2.3),
    ],
)
def test_a_half_goes_up(real, area, year, indicator, top, bottom, value):
    """Each is a half exactly: rounding to even would give another digit."""
    places = 1 if indicator.startswith("cp") else 0
    exact = 100 * top / bottom * 10**places
    assert exact % 1 == 0.5
    source = "cla_2025" if indicator.startswith("cla") else "cin_2025"
    row = one(real, area, label_of(year), indicator, source=source)
    assert (row["numerator"], row["denominator"], row["value"], row["precision"]) == (top, bottom, value, places)
    assert float(half_up(top, bottom, multiplier=100, decimals=places)) == value


def test_a_number_without_its_nought_keeps_the_decimals_of_its_column(real):
    row = one(real, "England", "2020-21", "cp_plans_two_years_open", source="cin_2025")
    assert (row["value"], row["precision"], row["printed"]) == (2, 1, 0)


def test_the_population_beside_every_rate_is_that_of_the_year_before(real):
    """Every row of the release has the estimate of the mid-year before its year ended, as the other release prints it."""
    own = real[
        real["source"].eq("cla_2025") & real["indicator"].isin(["cla_rate", "cla_started_rate", "cla_ceased_rate"])
    ]
    people = real[real["source"].eq("ons_2025")].set_index(["area_code", "period"])["value"]
    keys = [(area, f"{period[:4]}-06-30") for area, period in zip(own["area_code"], own["period"], strict=True)]
    expected = people.reindex(pd.MultiIndex.from_tuples(keys)).to_numpy()
    held = own["denominator"].notna().to_numpy()
    assert held.sum() == 2_463
    assert (own["denominator"].to_numpy()[held] == expected[held]).all()
    assert np.isnan(expected[~held]).all()


def test_city_of_london_changed_with_its_population(real):
    """Nine children both times: the population went from 841 to 985, and the rate from 107 to 91."""

    def of(period, source):
        row = one(real, "City of London", period, "cla_rate", source=source)
        return row["numerator"], row["denominator"], row["value"]

    assert of("2022-23", "cla_2024") == (9, 841, 107)
    assert of("2022-23", "cla_2025") == (9, 985, 91)
    assert of("2023-24", "cla_2024")[2] == 109
    assert of("2023-24", "cla_2025")[2] == 76


def test_cells_that_are_known_to_have_no_number(real):
    for year in (2021, 2022):
        for name in (
            "cp_repeat_plans",
            "cp_plan_number",
            "conference_number",
            "cp_plans_two_years_open",
            "cp_plan_rate",
        ):
            row = one(real, "Hackney", label_of(year), name, source="cin_2025")
            assert row["status"] == "not_available", (year, name)
            assert np.isnan(row["value"])
    for name in ("cp_repeat_plans", "cp_plan_number", "conference_number"):
        assert one(real, "Hampshire", "2023-24", name, source="cin_2025")["status"] == "low_reliability"
    doncaster = one(real, "Doncaster", "2021-22", "cp_repeat_plans", source="cin_2025")
    assert (doncaster["status"], doncaster["denominator"]) == ("low_reliability", 437)
    assert np.isnan(doncaster["value"])
    shropshire = one(real, "Shropshire", "2016-17", "cp_plan_durations", source="cin_2025",
                     breakdown="More than 6 months, less than 1 year")  # fmt: skip
    assert (shropshire["numerator"], shropshire["denominator"], shropshire["value"]) == (69, 240, 28.7)
    zero = one(real, "City of London", "2024-25", "cla_three_placements", source="cla_2025")
    assert zero["numerator"] == 0 or zero["status"] == "suppressed"


def test_every_authority_has_rows_while_it_exists(real):
    totals = real[real["breakdown_topic"] == TOTAL]
    for name, source in (("cla_rate", "cla_2025"), ("cla_same_placement", "cla_2025"), ("cp_repeat_plans", "cin_2025"),
                         ("cp_plan_rate", "cin_2025"), ("cp_reviews_in_timescale", "cin_2024")):  # fmt: skip
        own = totals[totals["indicator"].eq(name) & totals["source"].eq(source)]
        for label in own["period"].unique():
            there = set(own.loc[own["period"] == label, "area_code"])
            expected = {area.code for area in local_authorities(parse_period(label).end)}
            assert expected <= there, (name, label)
            assert ENGLAND in there
            assert {load_areas()[code].name for code in there if code.startswith("E12")} >= {"London", "North East"}


def test_an_authority_has_no_number_outside_its_life(real):
    values = real[real["value"].notna() & ~real["table"].isin(["residents_by_ethnicity", "pupils_by_ethnicity"])]
    outside = []
    for code, label in values[["area_code", "period"]].drop_duplicates().itertuples(index=False):
        area, day = load_areas()[code], parse_period(label).end
        day = day.replace(year=day.year + 1) if label.endswith("06-30") else day
        if area.level == "Local authority" and not existed_on(area, day.replace(month=3, day=31)):
            outside.append((area.name, label))
    assert outside == []


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Cumbria", 2013, 2023), ("Cumberland", 2024, 2025), ("Westmorland and Furness", 2024, 2025),
        ("Northamptonshire", 2013, 2021), ("North Northamptonshire", 2022, 2025), ("West Northamptonshire", 2022, 2025),
        ("Dorset (to 2019)", 2013, 2019), ("Poole", 2013, 2019), ("Dorset", 2020, 2025),
        ("Bournemouth, Christchurch and Poole", 2020, 2025), ("Buckinghamshire", 2013, 2025), ("Somerset", 2013, 2025),
    ],
)  # fmt: skip
def test_old_and_new_authorities_have_lines_of_their_own(real, name, first, last):
    own = real[real["area_code"].eq(find_area(name).code) & real["indicator"].eq("cp_started_number")
               & real["source"].eq("cin_2025") & real["value"].notna()]  # fmt: skip
    assert sorted(own["period"]) == [label_of(year) for year in range(first, last + 1)]


def test_london_and_its_halves_are_three_areas(real):
    """Each half has its own row; together they are London, up to the rounding of three counts."""
    for year in range(2021, 2026):
        inner, outer, london = (
            one(real, name, label_of(year), "cla_rate", source="cla_2025") for name in ("Inner London", "Outer London", "London")
        )  # fmt: skip
        assert inner["denominator"] + outer["denominator"] == london["denominator"]
        assert abs(inner["numerator"] + outer["numerator"] - london["numerator"]) <= 10
    codes = {load_areas()[code].region for code in real["area_code"].unique() if code.startswith("E09")}
    assert codes == {"E13000001", "E13000002"}


def test_regions_add_up_to_england(real):
    regions = {
        region.code for area in local_authorities() for region in regions_of(area) if region.code.startswith("E12")
    }
    assert len(regions) == 9
    own = real[real["indicator"].eq("cla_number") & real["source"].eq("cla_2025") & real["table"].eq("cla_rates")]
    for label, rows in own.groupby("period"):
        whole = rows.loc[rows["area_code"] == ENGLAND, "value"].iloc[0]
        assert abs(rows.loc[rows["area_code"].isin(regions), "value"].sum() - whole) <= 45, label


def test_every_group_is_one_of_the_catalogue(real):
    topics = load_breakdowns()
    for topic, name in real[["breakdown_topic", "breakdown"]].drop_duplicates().itertuples(index=False):
        assert (topic, name) == (TOTAL, TOTAL) or name in topics[topic].groups, (topic, name)


def test_a_measure_is_held_once_in_each_release(real):
    keys = ["indicator", "area_code", "period", "breakdown_topic", "breakdown", "source"]
    assert not real.duplicated(keys).any()
    assert len(real) > 250_000


def test_hidden_counts_stay_hidden(real):
    """Where a count is hidden no share of it is printed, and none is worked out."""
    without = real[
        real["status"].isin(["suppressed", "not_available", "low_reliability", "not_applicable", "rounds_to_zero"])
    ]
    assert without["value"].isna().all()
    with_value = real[real["value"].notna() & real["parts"].ne("") & real["status"].eq(WORKED_OUT)]
    assert with_value["numerator"].notna().all()
    assert with_value["denominator"].gt(0).all()
    assert real.loc[real["status"].eq(WORKED_OUT), "hidden"].eq("").all()
