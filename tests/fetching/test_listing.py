"""Which file is meant: by its title, else by its name, else a list of what there is. The service may answer oddly."""

import json
from dataclasses import replace

import pytest

from analysis.errors import FetchError
from analysis.fetching.listing import Offered, choose_file
from fetching.a_service import (
    CLA,
    FILE,
    NAME,
    PAGE,
    TITLE,
    listed,
    listing,
    redirects,
    sends,
    sends_file,
    sends_json,
    table,
)

WHOLE = table()


def named(service, data_set, name):
    """The service says the file name of a data set."""
    service.on(f"/api/data-set-files/{data_set}", sends_json({"id": data_set, "file": {"name": name, "size": "1 Mb"}}))


@pytest.mark.parametrize("title", [TITLE, TITLE.upper(), TITLE.replace(" ", "  ") + "\n"])
def test_a_file_is_known_by_its_title(service, run, title):
    service.on(CLA, listing(listed("Another", file="file-0", data_set="set-0"), listed(title)))
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert run.file.read_bytes() == WHOLE
    assert not any("data-set-files" in path for path, _ in service.asked)


def test_dashes_and_quotation_marks_are_as_good_as_each_other(run):
    one = run.wanted()
    mapped = one.map.model_copy(update={"title": "Section 47 enquiries - children's"})
    release = one.release.model_copy(update={"tables": {"cla_rates": mapped}})
    offered = [
        Offered("Section 47 enquiries \u2013 children\u2019s", "v", "right"),
        Offered("Section 48", "v", "wrong"),
    ]
    assert choose_file(offered, replace(one, release=release), name_of=lambda _: "").file == "right"


def test_a_title_that_changed_is_made_up_for_by_the_file_name(service, run):
    sets = [listed(f"Renamed {number}", file=f"file-{number}", data_set=f"set-{number}") for number in (0, 1, 2)]
    service.on(CLA, listing(*sets))
    for number, name in enumerate(["other.csv", f"{NAME.upper()}_2025.csv", "la_cla_placement_stability.csv"]):
        named(service, f"set-{number}", name)
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    record = json.loads((run.folder / "fetched.json").read_text())["files"]["cla_rates"]
    assert (record["title"], record["file"]) == ("Renamed 1", "file-1")


def test_a_data_set_without_details_does_not_stop_the_search(service, run):
    service.on(CLA, listing(listed("A", file="file-0", data_set="gone"), listed("B")))
    named(service, "set-1", f"{NAME}.csv")
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert run.file.read_bytes() == WHOLE


def test_names_are_asked_for_once(service, run):
    service.on(CLA, listing(listed("A"), listed("B", file="file-2", data_set="set-2")))
    named(service, "set-1", f"{NAME}.csv")
    named(service, "set-2", "la_cla_placement_stability.csv")
    service.on(FILE, sends_file(WHOLE))
    service.on("/api/releases/version-1/files/file-2", sends_file(WHOLE))
    run.fetch("cla_rates", "cla_stability")
    assert service.times(CLA) == 1
    assert service.times("/api/data-set-files/set-1") == service.times("/api/data-set-files/set-2") == 1


def test_a_supporting_file_is_known_by_name_too(service, run):
    extra = {
        "fileId": "file-1",
        "title": "Underlying data",
        "filename": f"{NAME}.csv",
        "extension": "csv",
        "size": "1 Kb",
    }
    service.on(CLA, listing(supporting=[extra]))
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert run.file.read_bytes() == WHOLE


def test_two_files_that_fit_are_both_named(service, run):
    service.on(CLA, listing(listed("National"), listed("Local", file="file-2", data_set="set-2")))
    named(service, "set-1", f"{NAME}_national.csv")
    named(service, "set-2", f"{NAME}_local.csv")
    with pytest.raises(FetchError, match='2 files fit it: "National", "Local"'):
        run.fetch()


def test_two_files_of_one_title_are_told_apart_by_name(service, run):
    service.on(
        CLA, listing(listed(file="file-0", data_set="set-0"), listed(), listed("Other", data_set="set-2", file="f"))
    )
    named(service, "set-0", "other.csv")
    named(service, "set-1", f"{NAME}.csv")
    named(service, "set-2", f"{NAME}.csv")
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert service.times("/api/data-set-files/set-2") == 0


def test_a_table_that_is_not_there_lists_the_nearest_titles(service, run):
    titles = ["Care leavers", "Children looked after on 31 March by age", "Adoptions", "Missing incidents"]
    service.on(CLA, listing(*(listed(title, data_set=f"set-{number}") for number, title in enumerate(titles))))
    with pytest.raises(FetchError) as caught:
        run.fetch()
    words = str(caught.value)
    assert 'the nearest of 4 titles are "Children looked after on 31 March by age"' in words
    assert "data/catalogue/releases/cla_2025.yml" in words
    assert "https://explore-education-statistics.service.gov.uk/find-statistics/children-looked-after" in words


def test_the_page_for_people_is_read_where_nothing_else_answers(service, run):
    content = {"releaseVersionId": "version-1", "dataSets": [listed()]}
    page = {"props": {"pageProps": {"dataContent": content}}}
    script = f'<html><script id="__NEXT_DATA__" type="application/json">{json.dumps(page)}</script></html>'
    service.on(CLA, sends(status=404))
    service.on(PAGE, sends(script.encode(), Content_Type="text/html"))
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert run.file.read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("answer", "words"),
    [(sends_json({"files": []}), "lists no file that could be understood"), (sends_json([1]), "lists no file"),
     (sends_json({"dataSets": [1, {"title": 3}, None]}), "lists no file"), (sends(status=404), "answered 404")],
)  # fmt: skip
def test_an_answer_of_another_shape_points_to_where_it_is_mended(service, run, answer, words):
    service.on(CLA, answer)
    service.on(PAGE, sends(b"<html><script id='__NEXT_DATA__'>{}</script></html>"))
    with pytest.raises(FetchError, match=words) as caught:
        run.fetch("cla_rates", "cla_stability")
    assert "mend data/catalogue/service.yml" in str(caught.value)
    assert str(caught.value).count("does not say which files") == 1
    assert service.times(CLA) == 1


@pytest.mark.parametrize(
    "broken", [b"<html><title>Log in</title>", b"<script id='__NEXT_DATA__'>{</script><title>Log in</title>"]
)
def test_a_login_page_is_named(service, run, broken):
    service.on(CLA, sends(broken, Content_Type="text/html"))
    with pytest.raises(FetchError, match='a web page titled "Log in"; does a proxy'):
        run.fetch()


def test_a_broken_page_is_named(service, run):
    service.on(CLA, sends(status=404))
    service.on(PAGE, sends(b"<title>Oh</title><script id='__NEXT_DATA__'>{</script>", Content_Type="text/html"))
    with pytest.raises(FetchError, match='titled "Oh"'):
        run.fetch()


def test_ids_cannot_lead_to_another_address(service, run):
    service.on(CLA, listing(listed(file="../../../admin?x=1", data_set="")))
    with pytest.raises(FetchError):
        run.fetch()
    assert service.asked[-1][0] == "/api/releases/version-1/files/..%2F..%2F..%2Fadmin%3Fx%3D1"


def test_a_list_is_waited_for_like_a_file(service, run):
    service.on(CLA, sends(status=500), redirects("/elsewhere"))
    service.on("/elsewhere", listing(listed()))
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert run.pauses == [1]
    assert run.file.read_bytes() == WHOLE


def test_an_endless_list_is_not_taken(service, run):
    with pytest.raises(FetchError, match="which is no list of files"):
        run.fetch(largest_answer=10)


@pytest.mark.parametrize("rows", [True, "40", -1.5])
def test_rows_that_are_no_number_are_not_checked(service, run, rows):
    service.on(CLA, listing(listed(rows=rows)))
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert run.file.read_bytes() == WHOLE
