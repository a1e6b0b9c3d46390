"""The declaration of the service, what is asked for, and names that are safe."""

import pytest
import yaml

from analysis.errors import CatalogueError, FetchError, UnknownNameError
from analysis.fetching.addresses import is_local, require_safe
from analysis.fetching.saving import put_aside, safe_stem, write_whole
from analysis.fetching.service import Service, load_service
from analysis.fetching.wanted import by_hand, choose_wanted, page_of
from analysis.sources.declared import parse_declared
from analysis.sources.folders import data_folder, project_folder
from analysis.sources.releases import find_release, load_publications, load_releases

RAW = data_folder() / "raw"


def wanted(**given):
    return choose_wanted(**({"publication": None, "year": None, "table": None, "folder": RAW} | given))


def declared():
    return yaml.safe_load((project_folder() / "data" / "catalogue" / "service.yml").read_text(encoding="utf-8"))


def test_every_address_of_the_service_is_safe():
    service = load_service()
    for address in (service.address, service.site):
        assert require_safe(address) == address
        assert address.startswith("https://")


def test_no_address_of_the_service_stands_in_the_code():
    for path in (project_folder() / "src" / "analysis" / "fetching").glob("*.py"):
        assert "service.gov.uk" not in path.read_text(encoding="utf-8"), path.name


def test_releases_are_named_by_their_year_unless_declared():
    service = load_service()
    assert service.release_name(find_release("cin_2025")) == "2025"
    assert service.release_name(find_release("sch_2022")) == "2021-22"
    assert set(service.release_names) <= set(load_releases())


@pytest.mark.parametrize(
    ("change", "words"),
    [({"downloads": ["{service}/{id}"]}, r"\{id\} cannot be filled in"), ({"page": "{where}"}, r"\{where\}"),
     ({"downloads": []}, "downloads"), ({"largest_megabytes": 0}, "largest_megabytes"), ({"adress": "x"}, "adress")],
)  # fmt: skip
def test_a_wrong_declaration_is_an_error(tmp_path, change, words):
    with pytest.raises(CatalogueError, match=words):
        parse_declared(declared() | change, Service, tmp_path / "service.yml")


@pytest.mark.parametrize(
    "address",
    ["http://example.org/api", "ftp://example.org", "example.org", "", "https://", "file:///x", "http://[::1"],
)
def test_another_address_must_be_safe_too(address):
    with pytest.raises(FetchError, match="is not asked for files"):
        load_service().at(address)


@pytest.mark.parametrize(
    "address", ["http://localhost:8000/api/", "http://127.0.0.1/api", "http://[::1]:1/api", "https://example.org/api"]
)
def test_another_address_takes_the_place_of_both(address):
    service = load_service().at(address)
    assert service.address == address.rstrip("/")
    assert service.site == address.rstrip("/").removesuffix("/api")
    assert load_service().address != service.address


@pytest.mark.parametrize(
    ("address", "local"),
    [("http://127.8.8.8/", True), ("http://localhost.example.org/", False), ("http://127.0.0.1.example.org", False)],
)
def test_only_this_computer_is_local(address, local):
    assert is_local(address) == local


def test_without_options_the_latest_release_of_all_that_the_service_keeps_is_wanted():
    found = wanted()
    kept = {name for name, item in load_publications().items() if item.address}
    assert {one.release.publication for one in found} == kept
    for one in found:
        assert one.release.year == max(
            item.year for item in load_releases().values() if item.publication == one.release.publication
        )
    assert sum(one.release.id == "cla_2025" for one in found) == len(find_release("cla_2025").tables)


def test_a_release_and_a_table_can_be_named():
    (one,) = wanted(publication="children_looked_after", year=2024, table="cla_rates")
    assert (one.release.id, one.table) == ("cla_2024", "cla_rates")
    assert one.folder == RAW / "children-looked-after" / "2024"
    assert [item.release.id for item in wanted(table="plans")] == ["cin_2025"]
    assert {item.release.id for item in wanted(year=2024)} == {"cla_2024", "cin_2024", "ons_2024"}


@pytest.mark.parametrize(
    ("given", "words"),
    [({"publication": "children_looked_afetr"}, "Did you mean children_looked_after"),
     ({"table": "cla_rate"}, "Did you mean cla_rates"),
     ({"publication": "children_in_need", "year": 1999}, "is of 1999. There are maps of 2024, 2025"),
     ({"publication": "children_in_need", "table": "cla_rates"}, "is in children_looked_after, not in children_in_need"),
     ({"table": "cla_characteristics", "year": 2024}, "not in the map of cla_2024")],
)  # fmt: skip
def test_what_is_not_known_is_an_error(given, words):
    with pytest.raises(UnknownNameError, match=words):
        wanted(**given)


def test_what_the_service_does_not_keep_is_to_be_had_by_hand():
    with pytest.raises(
        FetchError, match="by hand from its publisher, Office for National Statistics, into data/raw/ethnicity"
    ):
        wanted(publication="census")


def test_what_to_do_by_hand_names_page_titles_and_folder():
    words = by_hand(wanted(publication="children_in_need"))
    assert words.startswith(
        "https://explore-education-statistics.service.gov.uk/find-statistics/children-in-need/2025\n"
    )
    assert words.endswith("\n  into the folder data/raw/children-in-need/2025")
    assert words.count('\n  - "') == 8
    (one,) = wanted(table="pupils_by_ethnicity")
    assert page_of(one).endswith("/school-pupils-and-their-characteristics/2021-22")


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a.csv", "a"), ("a.b.csv", "a.b"), ("../a.csv", "a"), ("..\\a.csv", "a"), ("x/..", ""), ("com1.csv", ""), ("LPT9.tar.csv", ""), ("console.csv", "console"),
     ("a\r\nb.csv", "ab"), (" a . csv", "a"), ("", ""), ("..", ""), ('"?*<>|.csv', "csv")],
)  # fmt: skip
def test_a_name_is_made_safe(name, stem):
    assert safe_stem(name) == stem


def test_what_is_put_aside_never_takes_a_name_that_is_taken(tmp_path):
    path = tmp_path / "a.csv"
    for number in (1, 2, 3):
        path.write_text(str(number))
        assert put_aside(path).name == f"a.csv.{number}"
    assert (tmp_path / "a.csv.2").read_text() == "2"


def test_a_short_file_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    path = tmp_path / "fetched.json"
    write_whole(path, "first\n")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match=r"cannot be written: No space left"):
        write_whole(path, "second\n")
    assert [item.name for item in tmp_path.iterdir()] == ["fetched.json"]
    assert path.read_text() == "first\n"
