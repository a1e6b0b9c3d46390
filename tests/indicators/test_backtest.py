"""Published rates and percentages worked out again from the counts beside them."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.indicators.backtest import UNEXPLAINED, rounded_half_up, run_backtest
from analysis.present.formatting import half_up
from analysis.sources.store import STORE_VARIABLE
from conftest import shared
from open_cases import (
    CHARACTERISTICS,
    POPULATION,
    RATES,
    REPEAT_PLANS,
    characteristics,
    population,
    rates,
    repeat_plans,
)


@pytest.fixture(scope="module", autouse=True)
def own_store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORE_VARIABLE, str(tmp_path_factory.mktemp("store")))
        yield


# Rounding


@given(top=st.integers(0, 100_000), bottom=st.integers(1, 100_000), multiplier=st.sampled_from([100, 10_000]),
       decimals=st.integers(0, 2))  # fmt: skip
def test_rounding_is_that_of_exact_decimals(top, bottom, multiplier, decimals):
    found = rounded_half_up(np.array([float(top)]), np.array([float(bottom)]), multiplier=np.array([float(multiplier)]),
                            decimals=np.array([decimals]))[0]  # fmt: skip
    scaled = Decimal(multiplier) * top * 10**decimals / bottom
    exact = scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP) / 10**decimals
    assert found == pytest.approx(float(exact), abs=1e-9)


def test_a_missing_part_rounds_to_nothing():
    for top, bottom in ((np.nan, 5.0), (5.0, np.nan), (5.0, 0.0), (np.inf, 5.0)):
        found = rounded_half_up(
            np.array([top]), np.array([bottom]), multiplier=np.array([100.0]), decimals=np.array([1])
        )
        assert np.isnan(found[0])


def test_a_half_goes_up():
    assert [str(half_up(number, 1)) for number in (31.25, 6.25, 2.25, 0.05)] == ["31.3", "6.3", "2.3", "0.1"]


# Made-up files


def write(folder, plans=None):
    rates().write(folder / RATES)
    characteristics().write(folder / CHARACTERISTICS)
    population().write(folder / POPULATION)
    (plans or repeat_plans()).write(folder / REPEAT_PLANS)
    return folder


def test_files_that_agree_with_themselves(tmp_path):
    found = run_backtest(write(tmp_path))
    assert found.differences.empty
    table = found.summary.set_index(["indicator", "areas"])
    assert table["differ"].sum() == 0
    assert table.loc[("cla_rate", "authorities"), "equal"] == 12
    assert table.loc[("cp_repeat_plans", "regions and England"), "compared"] == 8
    assert table.loc[("cla_share", "authorities"), "equal"] == 2 * 2 * 7


def test_a_wrong_percentage_is_found_and_named(tmp_path):
    made = repeat_plans()
    at = made.number(la_name="Derby", time_period="2025")
    found = run_backtest(
        write(tmp_path, made.put(at, CPP_start="112", CPP_subsequent="7", CPP_subsequent_percent="6.4"))
    )
    row = found.differences.iloc[0]
    assert len(found.differences) == 1
    assert (row["area_name"], row["value"], row["recomputed"], row["reason"]) == ("Derby", 6.4, 6.3, UNEXPLAINED)
    assert row["figure"] == f"CIN25.D3.N{at + 2}"


def test_a_half_that_goes_down_is_named_as_such(tmp_path):
    made = repeat_plans()
    at = made.number(la_name="Derby", time_period="2025")
    found = run_backtest(
        write(tmp_path, made.put(at, CPP_start="112", CPP_subsequent="7", CPP_subsequent_percent="6.2"))
    )
    assert found.differences["reason"].tolist() == ["7 of 112 is a half exactly, and the source rounds it down"]


@pytest.mark.parametrize(("share", "verdict"), [("24.6", "within_rounding"), ("24.7", "equal"), ("26.5", "differ")])
def test_rounded_counts_of_a_region_allow_what_they_can_hide(tmp_path, share, verdict):
    """1,230 of 4,980 can be 1,225 to 1,235 of 4,975 to 4,985: from 24.6% to 24.8%."""
    made = repeat_plans()
    at = made.number(geographic_level="Regional", region_name="East Midlands", time_period="2025")
    spoiled = made.put(at, CPP_start="4980", CPP_subsequent="1230", CPP_subsequent_percent=share)
    table = run_backtest(write(tmp_path, spoiled)).summary.set_index(["indicator", "areas"])
    row = table.loc[("cp_repeat_plans", "regions and England")]
    assert row[verdict] >= 1
    assert row["differ"] == (verdict == "differ")


def test_a_hidden_part_is_not_compared(tmp_path):
    made = repeat_plans()
    at = made.number(la_name="Derby", time_period="2025")
    found = run_backtest(write(tmp_path, made.put(at, CPP_subsequent="c")))
    row = found.summary.set_index(["indicator", "areas"]).loc[("cp_repeat_plans", "authorities")]
    assert (row["compared"], row["not_compared"]) == (11, 1)
    assert found.differences.empty


def test_a_percentage_that_leaves_out_an_authority_is_explained(tmp_path):
    """A count marked as not usable is in the base of its region, and not in the percentage."""
    made = repeat_plans(2025)
    derby = made.number(la_name="Derby")
    region = made.number(geographic_level="Regional", region_name="East Midlands")
    spoiled = made.put(derby, CPP_start="500", CPP_subsequent="u", CPP_subsequent_percent="u").put(
        region, CPP_start="2500", CPP_subsequent="500", CPP_subsequent_percent="25"
    )
    found = run_backtest(write(tmp_path, spoiled))
    (reason,) = found.differences["reason"]
    assert reason == "the percentage leaves out authorities whose count is marked as not usable: Derby (500)"


@pytest.mark.filterwarnings("error")
def test_a_region_of_which_nothing_is_left_is_no_traceback(tmp_path):
    made = repeat_plans(2025)
    derby = made.number(la_name="Derby")
    region = made.number(geographic_level="Regional", region_name="East Midlands")
    for base in ("490", "495", "500", "505"):
        spoiled = made.put(derby, CPP_start=base, CPP_subsequent="u", CPP_subsequent_percent="u").put(
            region, CPP_start="500", CPP_subsequent="500", CPP_subsequent_percent="10"
        )
        assert run_backtest(write(tmp_path, spoiled)).differences["reason"].tolist() == [UNEXPLAINED]


def test_a_folder_without_a_rate_has_nothing_to_compare(tmp_path):
    population().write(tmp_path / POPULATION)
    found = run_backtest(tmp_path)
    assert found.summary.empty
    assert found.differences.empty
    assert list(found.summary.columns) == [
        "indicator", "release", "areas", "compared", "equal", "within_rounding", "differ", "not_compared",
    ]  # fmt: skip


# The real files

COMPARED = {
    "cla_rate": 1_600, "cla_started_rate": 1_600, "cla_ceased_rate": 1_600, "cla_three_placements": 1_600,
    "cla_three_placements_two_years": 1_600, "cla_same_placement": 1_600, "cla_in_foster_care": 800,
    "cla_placed_far": 800, "cla_share": 36_500, "new_placement_distance": 3_400, "placement_change_reasons": 6_900,
    "cp_repeat_plans": 3_900, "cp_plan_rate": 1_900, "cp_started_rate": 1_900, "cp_ended_rate": 1_900,
    "section_47_rate": 1_900, "conference_rate": 1_900, "cp_plan_durations": 17_400, "cp_plans_two_years_open": 2_600,
    "cp_plans_two_years_ended": 1_500, "cp_reviews_in_timescale": 1_900,
}  # fmt: skip


@pytest.fixture(scope="module")
def real():
    return run_backtest(shared("open-data"))


def test_every_published_rate_and_percentage_is_compared(real):
    compared = real.summary.groupby("indicator")["compared"].sum()
    assert set(compared.index) == set(COMPARED)
    for name, least in COMPARED.items():
        assert compared[name] >= least, name
    assert compared.sum() >= 95_700
    assert real.summary["not_compared"].sum() <= 250


def test_authorities_agree_to_the_last_decimal(real):
    """Of tens of thousands one differs, in both releases: a half that was rounded down."""
    own = real.summary[real.summary["areas"] == "authorities"]
    assert own["compared"].sum() >= 86_000
    assert own["within_rounding"].sum() == 0
    differ = own[own["differ"] > 0].set_index(["indicator", "release"])["differ"].to_dict()
    assert differ == {("cp_plan_durations", "cin_2024"): 1, ("cp_plan_durations", "cin_2025"): 1}


def test_only_differences_that_can_be_explained_are_left(real):
    found = real.differences.set_index("figure")
    assert (found["reason"] != UNEXPLAINED).all()
    assert found["area_name"].to_dict() == {
        "CIN24.D5.R1225": "Shropshire", "CIN25.D5.R1390": "Shropshire",
        "CIN25.D3.N499": "Yorkshire and The Humber", "CIN25.D3.N496": "England",
    }  # fmt: skip
    for name in ("CIN24.D5.R1225", "CIN25.D5.R1390"):
        row = found.loc[name]
        assert (row["numerator"], row["denominator"], row["value"], row["recomputed"]) == (69, 240, 28.7, 28.8)
        assert "69 of 240 is a half exactly" in row["reason"]
    for name in ("CIN25.D3.N499", "CIN25.D3.N496"):
        assert "Doncaster (437)" in found.loc[name, "reason"]


def test_without_the_older_release_the_others_are_compared_all_the_same(real):
    newer = real.summary[real.summary["release"].isin(["cla_2025", "cin_2025"])]
    assert isinstance(newer, pd.DataFrame)
    assert newer["compared"].sum() >= 60_000
