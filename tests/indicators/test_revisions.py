"""What a newer release changed: each figure held against the same one of the release before."""

import pytest

from analysis.errors import UnknownNameError
from analysis.indicators.open_folder import open_folder
from analysis.indicators.revisions import load_revisions, only_changed
from analysis.sources.areas import find_area, load_areas
from analysis.sources.store import STORE_VARIABLE
from conftest import shared
from open_cases import GROUPS, RATES, REPEAT_PLANS, rates, rates_2024, repeat_plans


@pytest.fixture(scope="module", autouse=True)
def own_store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORE_VARIABLE, str(tmp_path_factory.mktemp("store")))
        yield


def two_releases(folder, **changed):
    """The 2024 release, and the 2025 one with other cells for Derby's children looked after in 2024."""
    newer = rates(2024, 2025)
    at = newer.number(la_name="Derby", time_period="2024", population_type=GROUPS["on 31 March"])
    newer.put(at, **changed).write(folder / "2025" / RATES)
    older = rates_2024(2023, 2024)
    older.write(folder / "2024" / RATES)
    return folder


def test_nothing_changed(tmp_path):
    rows = load_revisions(two_releases(tmp_path), area=find_area("Derby"))
    assert set(rows["period"]) == {"2023-24"}, "only what both releases give"
    assert len(rows) == 6
    assert only_changed(rows).empty


def test_a_changed_count_stands_beside_the_one_before(tmp_path):
    rows = load_revisions(two_releases(tmp_path, children_count="999"), area=find_area("Derby"))
    (changed,) = only_changed(rows).to_dict(orient="records")
    assert (changed["indicator"], changed["period"], changed["value"]) == ("cla_number", "2023-24", 999)
    assert changed["other_value"] != 999
    assert (changed["release_short"], changed["other_release_short"]) == ("2025 release", "2024 release")
    assert changed["figure"].startswith("CLA25.NR.")
    assert changed["other_figure"].startswith("CLA24.NR.")
    assert changed["cites"] == f"{changed['figure']};{changed['other_figure']}"


@pytest.mark.parametrize(
    ("old", "new", "count"), [("c", "c", 0), ("c", "x", 1), ("c", "12", 1), ("12", "c", 1), ("12", "12", 0)]
)
def test_a_reason_for_no_number_is_part_of_a_figure(tmp_path, old, new, count):
    older = rates_2024(2023, 2024)
    at = older.number(
        la_name="Derby", time_period="2024", population_count="Children looked after at 31 March each year"
    )
    folder = two_releases(tmp_path, children_count=new)
    older.put(at, number=old).write(folder / "2024" / RATES)
    rows = only_changed(load_revisions(folder, area=find_area("Derby"), indicators=["cla_number"]))
    assert len(rows) == count
    shown = {"c": "suppressed", "x": "not_available", "12": "reported"}
    for row in rows.itertuples():
        assert row.status == shown[new]
        assert row.other_status == ("no_longer_shown" if (old, new) == ("12", "c") else shown[old])


def test_what_a_newer_release_hides_is_shown_from_none(tmp_path):
    """A count that was printed and is hidden now: neither it nor the rate that was made of it is shown again."""
    folder = two_releases(tmp_path, children_count="c", rate_per_10000="c")
    rows = load_revisions(folder, area=find_area("Derby"), indicators=["cla_number", "cla_rate"])
    assert rows["other_status"].tolist() == ["no_longer_shown", "no_longer_shown"]
    assert rows[["value", "other_value", "numerator", "other_numerator"]].isna().all().all()
    assert len(only_changed(rows)) == 2


def test_a_figure_that_only_one_release_gives_is_no_revision(tmp_path):
    two_releases(tmp_path, children_count="50")
    repeat_plans().write(tmp_path / REPEAT_PLANS)
    rows = load_revisions(tmp_path, area=find_area("Derby"))
    assert not rows["indicator"].str.startswith("cp_").any()


def test_one_release_says_nothing_of_revisions(tmp_path):
    rates().write(tmp_path / RATES)
    with pytest.raises(UnknownNameError, match="no two releases that both give figures of Derby"):
        load_revisions(tmp_path, area=find_area("Derby"))
    with pytest.raises(UnknownNameError, match="no two releases"):
        load_revisions(two_releases(tmp_path / "both"), area=find_area("Leeds"))


def test_one_indicator_only(tmp_path):
    rows = load_revisions(two_releases(tmp_path, children_count="50"), area=find_area("Derby"), indicators=["cla_rate"])
    assert set(rows["indicator"]) == {"cla_rate"}
    assert only_changed(rows).empty


# The real files


def test_hampshire_was_revised_by_24():
    folder = shared("open-data")
    rows = load_revisions(folder, area=find_area("Hampshire"), indicators=["cla_number"])
    row = rows[rows["period"].eq("2023-24") & rows["breakdown"].eq("Total")].iloc[0]
    assert (row["value"], row["other_value"]) == (1893, 1917)
    assert row["figure"] in set(only_changed(rows)["figure"])


def test_city_of_london_was_revised_with_its_population():
    rows = load_revisions(shared("open-data"), area=find_area("City of London"), indicators=["cla_rate"])
    row = rows[rows["period"] == "2022-23"].iloc[0]
    assert (row["value"], row["other_value"], row["numerator"], row["other_numerator"]) == (91, 107, 9, 9)
    assert (row["denominator"], row["other_denominator"]) == (985, 841)


def test_how_many_authorities_a_release_revised():
    """Of the counts of 2024, 74 were changed a year later, 24 at the most; 153 populations and 74 rates changed too."""
    rows = open_folder(shared("open-data")).observations(indicators=["cla_rate", "cla_number"]).to_pandas()
    names = ("source", "area_code", "period", "indicator", "status", "table", "breakdown")
    table = rows.assign(**{name: rows[name].astype(str) for name in names})
    local = table["area_code"].map({code: area.level == "Local authority" for code, area in load_areas().items()})
    table = table[table["period"].eq("2023-24") & local & table["table"].eq("cla_rates")]

    def beside(indicator):
        own = table[table["indicator"] == indicator]
        older, newer = (own[own["source"] == name].set_index("area_code") for name in ("cla_2024", "cla_2025"))
        return newer.join(older, suffixes=("", "_before"))

    counts, rates_ = beside("cla_number"), beside("cla_rate")
    assert len(counts) == len(rates_) == 155
    for both in (counts, rates_):
        same = both["value"].eq(both["value_before"]) | (
            both["value"].isna() & both["status"].eq(both["status_before"])
        )
        assert (~same).sum() == 74
    people = rates_[rates_["denominator"].notna()]
    assert (people["denominator"] != people["denominator_before"]).sum() == 153
    change = (counts["value"] - counts["value_before"]).abs()
    assert (change.max(), load_areas()[change.idxmax()].name) == (24, "Hampshire")
