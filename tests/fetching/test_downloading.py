"""A file comes whole or not at all: servers that fail, break off, lie, change their mind or send something else."""

import gzip
import hashlib
import io
import json
import zipfile

import pytest

from analysis.errors import FetchError
from analysis.fetching.addresses import require_safe
from analysis.fetching.service import Service
from fetching.a_service import (
    CLA,
    DATA_SET,
    FILE,
    NAME,
    listed,
    listing,
    redirects,
    running,
    sends,
    sends_file,
    table,
)

WHOLE = table()


def zipped(content=WHOLE):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("d1.csv", (2025, 10, 30, 9, 30, 0)), content)
    return file.getvalue()


def test_a_file_is_put_in_its_place_and_on_record(service, run):
    service.on(FILE, sends_file(WHOLE, Content_Disposition=f'attachment; filename="{NAME}_2025.csv"'))
    run.fetch()
    assert run.names() == [f"{NAME}_2025.csv", "fetched.json"]
    assert (run.folder / f"{NAME}_2025.csv").read_bytes() == WHOLE
    record = json.loads((run.folder / "fetched.json").read_text())["files"]["cla_rates"]
    assert record["sha256"] == hashlib.sha256(WHOLE).hexdigest()
    assert (record["size"], record["rows"], record["file"], record["etag"]) == (len(WHOLE), 40, "file-1", '"one"')
    assert record["address"] == service.base + FILE.removeprefix("/api")
    assert record["fetched"].endswith("+00:00")


def test_who_asks_is_said_and_nothing_else(service, run):
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    (headers,) = service.headers(FILE)
    assert headers["User-Agent"].startswith("children-in-care-statistics/")
    assert headers["Accept-Encoding"] == "identity"
    assert set(headers) <= {"Host", "User-Agent", "Accept-Encoding", "Accept", "Connection"}


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_trouble_is_waited_out(service, run, status):
    service.on(FILE, sends(status=status), sends(status=status), sends_file(WHOLE))
    run.fetch()
    assert run.file.read_bytes() == WHOLE
    assert run.pauses == [1, 2]


def test_a_trouble_that_does_not_pass_ends_after_so_many_tries(service, run):
    service.on(FILE, sends(status=503))
    with pytest.raises(FetchError, match=r"answered 503.* Tried 3 times"):
        run.fetch()
    assert service.times(FILE) == 3
    assert run.names() == []


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7), ("86400", 60), ("soon", 1), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_the_wait_that_is_asked_for_is_kept_up_to_a_limit(service, run, asked, waited):
    service.on(FILE, sends(status=429, Retry_After=asked), sends_file(WHOLE))
    run.fetch()
    assert run.pauses == [waited]


def test_a_refusal_is_not_tried_again(service, run):
    service.on(FILE, sends(status=403))
    with pytest.raises(FetchError, match="answered 403"):
        run.fetch()
    assert service.times(FILE) == 1


def test_a_file_that_is_not_there_is_looked_for_in_the_other_place(service, run):
    service.on(DATA_SET, sends_file(WHOLE))
    run.fetch()
    assert (service.times(FILE), service.times(DATA_SET)) == (1, 1)
    assert run.file.read_bytes() == WHOLE


@pytest.mark.parametrize("then", ["close", "reset", "silence"])
def test_a_download_that_breaks_off_goes_on_where_it_stopped(service, run, then):
    service.on(FILE, sends_file(WHOLE, until=500, then=then), sends_file(WHOLE))
    run.fetch()
    assert run.file.read_bytes() == WHOLE
    first, second = service.headers(FILE)
    assert "Range" not in first
    start = int(second["Range"].removeprefix("bytes=").removesuffix("-"))
    assert 400 < start <= 500  # the last piece may be lost with the line
    words = "No byte came for 0 s." if then == "silence" else "The connection broke off ("
    assert run.said[0].startswith(words)
    assert second["If-Range"] == '"one"'


def test_a_server_that_knows_no_ranges_sends_all_of_it_again(service, run):
    service.on(FILE, sends_file(WHOLE, until=500), sends_file(WHOLE, heeds=""))
    run.fetch()
    assert "Range" in service.headers(FILE)[1]
    assert service.times(FILE) == 2
    assert run.file.read_bytes() == WHOLE


@pytest.mark.parametrize("heeds", ["Range If-Range", "Range"])
def test_a_content_that_changed_meanwhile_is_begun_anew(service, run, heeds):
    changed = table(mark="b")
    service.on(FILE, sends_file(WHOLE, until=500), sends_file(changed, etag='"two"', heeds=heeds))
    run.fetch()
    assert run.file.read_bytes() == changed


@pytest.mark.parametrize(
    "odd",
    [sends(status=416), sends(WHOLE[3:], status=206, Content_Range=f"bytes 3-{len(WHOLE) - 1}/{len(WHOLE)}", ETag='"one"'),
     sends(WHOLE[500:], status=206, ETag='"one"')],
    ids=["no such range", "another range", "no range named"],
)  # fmt: skip
def test_a_rest_that_is_not_the_rest_is_begun_anew(service, run, odd):
    service.on(FILE, sends_file(WHOLE, until=500), odd, sends_file(WHOLE))
    run.fetch()
    assert "Range" not in service.headers(FILE)[2]
    assert run.file.read_bytes() == WHOLE


def test_a_rest_that_comes_in_smaller_pieces_is_put_together(service, run):
    piece = sends(WHOLE[500:600], status=206, Content_Range=f"bytes 500-599/{len(WHOLE)}", ETag='"one"')
    service.on(FILE, sends_file(WHOLE, until=500), piece, sends_file(WHOLE))
    run.fetch()
    assert [headers.get("Range") for headers in service.headers(FILE)] == [None, "bytes=500-", "bytes=600-"]
    assert run.file.read_bytes() == WHOLE


def test_a_rest_that_is_longer_than_the_whole_is_begun_anew(service, run):
    more = sends(
        WHOLE[500:] + b"more\n", status=206, Content_Range=f"bytes 500-{len(WHOLE) - 1}/{len(WHOLE)}", ETag='"one"'
    )
    service.on(FILE, sends_file(WHOLE, until=500), more, sends_file(WHOLE))
    run.fetch()
    assert "Range" not in service.headers(FILE)[2]
    assert run.file.read_bytes() == WHOLE


def test_what_has_neither_length_nor_mark_is_begun_anew(service, run):
    def breaks_off(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"64\r\n" + WHOLE[:100] + b"\r\n64\r\n" + WHOLE[100:150])
        handler.close_connection = True

    service.on(FILE, breaks_off, sends_file(WHOLE))
    run.fetch()
    assert [headers.get("Range") for headers in service.headers(FILE)] == [None, None]
    assert run.file.read_bytes() == WHOLE


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(service, run):
    service.on(FILE, sends_file(WHOLE, until=500), sends(status=500))
    with pytest.raises(FetchError):
        run.fetch()
    assert run.names() == [f"{NAME}.part", f"{NAME}.part.json"]
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert service.headers(FILE)[-1]["Range"] == "bytes=500-"
    assert run.names() == [f"{NAME}.csv", "fetched.json"]
    assert run.file.read_bytes() == WHOLE


def test_all_that_had_come_before_is_not_asked_for_again(service, run):
    service.on(FILE, sends_file(WHOLE, until=500), sends(status=500))
    with pytest.raises(FetchError):
        run.fetch()
    run.part.write_bytes(WHOLE)
    before = service.times(FILE)
    run.fetch()
    assert service.times(FILE) == before
    assert run.file.read_bytes() == WHOLE


def test_a_part_of_another_version_is_not_gone_on_with(service, run):
    service.on(FILE, sends_file(WHOLE, until=500), sends(status=500))
    with pytest.raises(FetchError):
        run.fetch()
    service.on(CLA, listing(listed(file="file-2"), version="version-2"))
    newer = "/api/releases/version-2/files/file-2"
    service.on(newer, sends_file(table(mark="b")))
    run.fetch()
    assert "Range" not in service.headers(newer)[0]
    assert run.file.read_bytes() == table(mark="b")


@pytest.mark.parametrize("note", [b"", b"{}", b"[]", b'{"address": 1, "length": "x", "etag": ""}'])
def test_a_part_of_which_nothing_is_known_is_not_gone_on_with(service, run, note):
    run.folder.mkdir()
    run.part.write_bytes(b"something else\n")
    run.part.with_name(f"{NAME}.part.json").write_bytes(note)
    service.on(FILE, sends_file(WHOLE))
    run.fetch()
    assert "Range" not in service.headers(FILE)[0]
    assert run.file.read_bytes() == WHOLE


def test_a_weak_mark_is_not_asked_for_by(service, run):
    service.on(FILE, sends_file(WHOLE, etag='W/"one"', until=500), sends_file(WHOLE, etag='W/"one"', heeds="Range"))
    run.fetch()
    assert "If-Range" not in service.headers(FILE)[1]
    assert run.file.read_bytes() == WHOLE


def test_more_announced_than_ever_comes_is_an_error(service, run):
    service.on(FILE, sends(WHOLE, announced=len(WHOLE) + 100))
    with pytest.raises(FetchError, match="Tried 3 times"):
        run.fetch()
    assert service.times(FILE) == 3
    assert not run.file.exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [(40, "has 39 rows, and the service says that it has 40"), (None, "ends in the middle of a line")],
)
def test_less_announced_than_there_is_shows_in_what_came(service, run, rows, words):
    last_line = WHOLE[:-1].rindex(b"\n") + 1
    service.on(CLA, listing(listed(rows=rows)))
    service.on(FILE, sends(WHOLE, announced=last_line if rows else last_line + 6))
    with pytest.raises(FetchError, match=rf"{words}\. Tried 3 times"):
        run.fetch()
    assert run.names() == []


def test_rows_that_are_missing_are_noticed(service, run):
    service.on(FILE, sends_file(table(39)))
    with pytest.raises(FetchError, match="39 rows, and the service says that it has 40"):
        run.fetch()
    assert service.times(FILE) == 3
    assert run.names() == []


def test_rows_may_hold_line_breaks_in_quotes_and_blank_lines_at_the_end(service, run):
    content = b"\xef\xbb\xbf" + table(39) + b'2025,"Some\r\nwhere",1\r\n\r\n'
    service.on(FILE, sends_file(content))
    run.fetch()
    assert run.file.read_bytes() == content


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(service, run, status):
    service.on(FILE, redirects("/downloads/release/data/file.csv", status))
    service.on("/downloads/release/data/file.csv", sends_file(WHOLE))
    run.fetch()
    assert run.file.read_bytes() == WHOLE


def test_a_redirect_of_a_rest_still_asks_for_the_rest(service, run):
    service.on(FILE, redirects("/blob"))
    service.on("/blob", sends_file(WHOLE, until=500), sends_file(WHOLE))
    run.fetch()
    assert service.headers("/blob")[1]["Range"] == "bytes=500-"
    assert run.file.read_bytes() == WHOLE


def test_redirects_in_a_circle_end(service, run):
    service.on(FILE, redirects(FILE))
    with pytest.raises(FetchError, match="sent us on more than 3 times"):
        run.fetch()
    assert service.times(FILE) == 4


@pytest.mark.parametrize(
    "to", ["http://example.org/x.csv", "file:///etc/passwd", "ftp://127.0.0.1/x", "//example.org/x", "http://["]
)
def test_a_redirect_to_an_unsafe_place_is_not_followed(service, run, to):
    service.on(FILE, redirects(to))
    with pytest.raises(FetchError, match="is not asked for files"):
        run.fetch()
    assert run.names() == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/csv"])
def test_a_web_page_is_refused_and_named(service, run, kind):
    page = b"\n<!DOCTYPE html><html><head><title>Access\n denied</title></head></html>"
    service.on(FILE, sends(page, Content_Type=kind))
    with pytest.raises(FetchError, match='a web page titled "Access denied"'):
        run.fetch()
    assert run.names() == []
    assert service.times(FILE) == 1


def test_what_calls_itself_a_web_page_is_refused(service, run):
    service.on(FILE, sends(b"Closed,for,repair\n", Content_Type="text/html"))
    with pytest.raises(FetchError, match="sent something else \\(text/html, beginning b'Closed"):
        run.fetch()
    assert run.names() == []


def test_an_answer_in_json_is_refused(service, run):
    service.on(FILE, sends(b'{"errors": ["no"]}', Content_Type="application/json"))
    with pytest.raises(FetchError, match=r"application/json, beginning .*errors"):
        run.fetch()
    assert run.names() == []


def test_an_empty_file_is_refused(service, run):
    service.on(FILE, sends(b""))
    with pytest.raises(FetchError, match="The file is empty"):
        run.fetch()
    assert run.names() == []


@pytest.mark.parametrize("headers", [{"Content_Encoding": "gzip"}, {"Content_Type": "application/gzip"}])
def test_gzip_is_unpacked(service, run, headers):
    packed = gzip.compress(WHOLE)
    service.on(FILE, sends_file(packed, until=60, **headers), sends_file(packed, **headers))
    run.fetch()
    assert run.names() == [f"{NAME}.csv", "fetched.json"]
    assert run.file.read_bytes() == WHOLE


def test_broken_gzip_is_refused(service, run):
    service.on(FILE, sends(gzip.compress(WHOLE)[:-9]))
    with pytest.raises(FetchError, match="packed file is broken"):
        run.fetch()
    assert run.names() == []


def test_another_packing_is_refused(service, run):
    service.on(FILE, sends(b"\x0b\x02\x80", Content_Encoding="br"))
    with pytest.raises(FetchError, match="packed as 'br'"):
        run.fetch()


@pytest.mark.parametrize("called", ["all.zip", f"{NAME}.csv", "x.exe", f"{NAME}.zip"])
def test_an_archive_is_kept_as_it_is(service, run, called):
    service.on(FILE, sends_file(zipped(), Content_Disposition=f'attachment; filename="{called}"'))
    run.fetch()
    assert run.names() == [f"{NAME}.zip", "fetched.json"]
    assert (run.folder / f"{NAME}.zip").read_bytes() == zipped()


def test_a_broken_archive_is_refused(service, run):
    service.on(FILE, sends(zipped()[:-30]))
    with pytest.raises(FetchError, match="archive is broken"):
        run.fetch()
    assert run.names() == []


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_that_is_too_large_is_not_taken(service, run, monkeypatch, chunked):
    monkeypatch.setattr(Service, "largest", 500)

    def without_length(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(WHOLE)
        handler.close_connection = True

    service.on(FILE, without_length if chunked else sends_file(WHOLE))
    with pytest.raises(FetchError, match="is larger than"):
        run.fetch()
    assert run.names() == []


def test_a_small_file_that_unpacks_to_too_much_is_not_taken(service, run, monkeypatch):
    monkeypatch.setattr(Service, "largest", 5000)
    service.on(FILE, sends(gzip.compress(b"a,b\n" * 100_000)))
    with pytest.raises(FetchError, match="unpacks to more"):
        run.fetch()
    assert run.names() == []


@pytest.mark.parametrize(
    "name",
    ["../../evil.csv", "..\\..\\evil.csv", "/etc/passwd", "C:\\con.csv", "nul.csv", ".csv", "..", "a" * 500 + ".csv",
     "cla_rates\x01.csv", "x.csv:stream", "fetched.json", f"../{NAME}.exe"],
)  # fmt: skip
def test_a_name_from_outside_is_only_ever_a_name(service, run, name):
    run.folder.mkdir()
    service.on(FILE, sends_file(WHOLE, Content_Disposition=f'attachment; filename="{name}"'.encode().decode("latin-1")))
    run.fetch()
    assert run.names() == [f"{NAME}.csv", "fetched.json"]
    assert sorted(path.name for path in run.folder.parent.iterdir()) == ["2025"]


def test_a_service_far_away_may_not_send_us_to_this_computer():
    with pytest.raises(FetchError, match="is not asked"):
        require_safe("http://127.0.0.1/x", coming_from="https://example.org/file")


def test_no_connection_is_tried_fewer_times(run):
    with running() as gone:
        base = gone.base
    with pytest.raises(FetchError, match=r"cannot be reached .* Tried 2 times"):
        run.fetch(at=base)
    assert run.pauses == [1]
