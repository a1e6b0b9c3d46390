"""All files of a run: what is there is left, what differs is kept beside, what fails is listed to be had by hand."""

import gzip
import json

import pytest

from analysis.errors import FetchError, StoppedError
from fetching.a_service import CLA, FILE, NAME, listed, listing, running, sends, sends_file, table

WHOLE = table()
OLD = b"time_period,number\n2025,1\n"
SECOND = "/api/releases/version-1/files/file-2"


@pytest.fixture
def whole(service):
    """The service has the file."""
    service.on(FILE, sends_file(WHOLE))
    return service


def test_a_file_that_is_there_is_not_downloaded_again(whole, run):
    run.fetch()
    outcome = run.fetch()
    assert whole.times(FILE) == 1
    assert list(outcome.done.values()) == [f"Already there, unchanged: {run.file}"]


def test_a_file_that_somebody_put_there_is_compared(whole, run):
    run.folder.mkdir()
    run.file.write_bytes(WHOLE)
    outcome = run.fetch()
    assert list(outcome.done.values()) == [f"Already there, the same as the service has it: {run.file}"]
    assert run.names() == [f"{NAME}.csv", "fetched.json"]
    run.fetch()
    assert whole.times(FILE) == 1


def test_a_file_that_differs_is_kept_beside(whole, run):
    run.folder.mkdir()
    run.file.write_bytes(OLD)
    outcome = run.fetch()
    assert f"it is kept as {NAME}.csv.1" in next(iter(outcome.done.values()))
    assert run.file.read_bytes() == WHOLE
    assert run.file.with_name(f"{NAME}.csv.1").read_bytes() == OLD


def test_a_file_that_was_changed_by_hand_is_kept_beside_each_time(whole, run):
    run.fetch()
    for number in (1, 2):
        mine = WHOLE + f"2025,Mine,{number}\n".encode()
        run.file.write_bytes(mine)
        run.fetch()
        assert run.file.read_bytes() == WHOLE
        assert run.file.with_name(f"{NAME}.csv.{number}").read_bytes() == mine


def test_a_revision_takes_the_place_and_the_record(whole, run):
    run.fetch()
    newer = table(50, mark="revised")
    whole.on(CLA, listing(listed(file="file-9", rows=50), version="version-2"))
    whole.on("/api/releases/version-2/files/file-9", sends_file(newer))
    run.fetch()
    assert run.file.read_bytes() == newer
    assert run.file.with_name(f"{NAME}.csv.1").read_bytes() == WHOLE
    record = json.loads((run.folder / "fetched.json").read_text())["files"]["cla_rates"]
    assert (record["file"], record["rows"]) == ("file-9", 50)


def test_a_file_that_got_another_name_does_not_stand_beside_its_successor(whole, run):
    run.fetch()
    whole.on(CLA, listing(listed(file="file-2")))
    newer = table(mark="b")
    whole.on(SECOND, sends_file(newer, Content_Disposition=f"attachment; filename={NAME}_v2.csv"))
    run.fetch()
    assert run.names() == [f"{NAME}.csv.1", f"{NAME}_v2.csv", "fetched.json"]
    assert (run.folder / f"{NAME}_v2.csv").read_bytes() == newer


def test_one_record_holds_all_files_of_a_folder(whole, run):
    whole.on(CLA, listing(listed(), listed("Placement stability", file="file-2", rows=None)))
    whole.on(SECOND, sends_file(WHOLE))
    run.fetch("cla_stability", "cla_rates")
    files = json.loads((run.folder / "fetched.json").read_text())["files"]
    assert {name: item["name"] for name, item in files.items()} == {
        "cla_rates": f"{NAME}.csv",
        "cla_stability": "la_cla_placement_stability.csv",
    }


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"files": {"cla_rates": {"name": 1}}}', b"\xff"])
def test_a_broken_record_says_what_to_do(whole, run, content):
    run.folder.mkdir()
    (run.folder / "fetched.json").write_bytes(content)
    with pytest.raises(FetchError, match=r"fetched\.json cannot be read .* Delete it"):
        run.fetch()


def test_one_failure_does_not_keep_others_from_being_had(whole, run):
    whole.on(CLA, listing(listed("Placement stability", file="file-2"), listed()))
    whole.on(SECOND, sends(status=403))
    with pytest.raises(FetchError) as caught:
        run.fetch("cla_stability", "cla_rates")
    assert run.file.read_bytes() == WHOLE
    words = str(caught.value)
    assert words.startswith("1 of 2 files could be fetched. ")
    assert '  - "Placement stability" (la_cla_placement_stability*.csv)' in words
    assert "Children looked after on 31 March" not in words
    assert run.done[0] == "Not fetched: Placement stability"
    assert run.done[1].startswith("Fetched: ")


def test_different_failures_are_each_named(whole, run):
    whole.on(CLA, listing(listed("Placement stability", file="file-2"), listed()))
    whole.on(SECOND, sends(status=403))
    whole.on(FILE, sends(b"<html>"))
    with pytest.raises(FetchError) as caught:
        run.fetch("cla_stability", "cla_rates")
    assert '\n  - "Placement stability": http' in str(caught.value)
    assert "answered 403" in str(caught.value)
    assert "a web page" in str(caught.value)


def test_without_a_network_there_is_one_message_with_all_there_is_to_do(run):
    with running() as gone:
        base = gone.base
    with pytest.raises(FetchError) as caught:
        run.fetch("cla_rates", "cla_stability", at=base)
    lines = str(caught.value).split("\n")
    host = base.split("/")[2]
    start, reason = f"No file could be fetched. {host} cannot be reached (", lines[0].partition("(")[2]
    assert lines[0].startswith(start)
    assert reason.endswith("). Tried 2 times.")
    assert not any(sign in reason for sign in ("<", "object at", "Errno", "Max retries"))
    assert lines[1] == "Run the command again later, or download these by hand, and do not rename them:"
    assert lines[2:] == [
        "https://explore-education-statistics.service.gov.uk/find-statistics/"
        "children-looked-after-in-england-including-adoptions/2025",
        f'  - "Children looked after on 31 March, starting and ceasing, number and rate per 10,000" ({NAME}*.csv)',
        '  - "Placement stability" (la_cla_placement_stability*.csv)',
        f"  into the folder {run.folder}",
    ]
    assert caught.value.exit_code == 8
    assert run.pauses == [1]
    assert run.done == []


def test_what_is_there_already_is_not_on_the_list(whole, run):
    whole.on(CLA, listing(listed(), listed("Placement stability", file="file-2")))
    with running() as gone:
        there = gone.base.removesuffix("/api") + "/x"
    whole.on(SECOND, sends(status=302, Location=there))
    with pytest.raises(FetchError) as caught:
        run.fetch("cla_rates", "cla_stability")
    assert str(caught.value).startswith("1 of 2 files could be fetched. 127.0.0.1")
    assert "number and rate" not in str(caught.value)


def test_a_proxy_that_lets_nobody_through_is_named(service, run, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", service.base.removesuffix("/api"))
    service.on("example.org:443", sends(status=403))
    with pytest.raises(
        FetchError, match=r"The proxy lets nobody through to example\.org \(Tunnel connection failed: 403"
    ):
        run.fetch(at="https://example.org/api")
    assert service.times("example.org:443") == 2


def test_a_host_that_cannot_prove_who_it_is_is_not_believed(service, run):
    with pytest.raises(FetchError, match=r"could not prove who it is .* REQUESTS_CA_BUNDLE"):
        run.fetch(at=service.base.replace("http:", "https:"))


def test_whoever_stops_it_can_go_on(whole, run):
    whole.on(CLA, listing(listed("Placement stability", file="file-2"), listed()))
    whole.on(SECOND, sends_file(WHOLE))
    steps = []

    def step(done, of):
        steps.append((done, of))
        if len(run.done) == 1 and done > 300:
            raise KeyboardInterrupt

    with pytest.raises(StoppedError, match=r"1 of 2 files are there and whole\. The same command goes on") as caught:
        run.fetch("cla_stability", "cla_rates", step=step)
    assert caught.value.exit_code == 130
    assert (run.folder / "la_cla_placement_stability.csv").read_bytes() == WHOLE
    assert run.part.stat().st_size == steps[-1][0] < len(WHOLE)
    assert steps[-1][1] == len(WHOLE)
    run.fetch("cla_stability", "cla_rates")
    assert whole.headers(FILE)[-1]["Range"] == f"bytes={steps[-1][0]}-"
    assert whole.times(SECOND) == 1
    assert run.file.read_bytes() == WHOLE


def test_a_folder_that_cannot_be_written_is_named(whole, run):
    run.folder.write_text("a file, not a folder")
    with pytest.raises(FetchError, match="cannot be"):
        run.fetch()
    assert run.folder.read_text() == "a file, not a folder"


def test_a_file_that_cannot_be_renamed_leaves_what_was_there(whole, run, monkeypatch):
    run.folder.mkdir()
    run.file.write_bytes(OLD)

    def held(*_):
        raise PermissionError(13, "the file is in use")

    monkeypatch.setattr("pathlib.Path.rename", held)
    with pytest.raises(FetchError, match=r"cannot be written: the file is in use.*no other program"):
        run.fetch()
    assert run.file.read_bytes() == OLD


def test_a_full_disk_is_said_in_words(whole, run, monkeypatch):
    packed = gzip.compress(WHOLE)
    whole.on(FILE, sends(packed))

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.fetching.keeping.unpack", full)
    with pytest.raises(FetchError, match="cannot be written: No space left on device"):
        run.fetch()
    assert not run.file.exists()
