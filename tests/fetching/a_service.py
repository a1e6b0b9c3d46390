"""A service on this computer whose every answer a test writes, with a log of what it was asked."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from analysis.fetching.downloading import Watch
from analysis.fetching.patience import Settings
from analysis.fetching.running import fetch_files
from analysis.fetching.service import load_service
from analysis.fetching.wanted import Wanted
from analysis.sources.releases import find_release

Answer = Callable[[BaseHTTPRequestHandler], None]

CLA = "/api/publications/children-looked-after-in-england-including-adoptions/releases/2025/data-content"
PAGE = "/find-statistics/children-looked-after-in-england-including-adoptions/2025/data-guidance"
FILE = "/api/releases/version-1/files/file-1"
DATA_SET = "/api/data-set-files/set-1/download"
TITLE = "Children looked after on 31 March, starting and ceasing, number and rate per 10,000"
NAME = "cla_number_and_rate_per_10k_children"


def table(rows: int = 40, mark: str = "a") -> bytes:
    """A table with this many rows."""
    return (
        "time_period,la_name,number\n" + "".join(f"2025,Nowhere {mark}{row},{row}\n" for row in range(rows))
    ).encode()


def listed(title: str = TITLE, *, file: str = "file-1", data_set: str = "set-1", rows: int | None = 40) -> dict:
    """A data set as the service lists it."""
    meta = {"geographicLevels": ["National"]} | ({} if rows is None else {"numDataFileRows": rows})
    return {"title": title, "fileId": file, "dataSetFileId": data_set, "subjectId": "s", "meta": meta, "summary": ""}


def listing(*sets: dict, supporting: list[dict] | None = None, version: str = "version-1") -> Answer:
    """The answer that lists data sets and supporting files."""
    return sends_json(
        {"releaseId": "r", "releaseVersionId": version, "dataSets": list(sets), "supportingFiles": supporting or []}
    )


def sends(content: bytes = b"", *, status: int = 200, announced: int | None = None, **headers: str) -> Answer:
    """An answer with this content; ``announced`` is what it says of its length, if that is another."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content) if announced is None else announced))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)
        handler.close_connection = announced is not None

    return answer


def sends_json(content: object) -> Answer:
    return sends(json.dumps(content).encode(), Content_Type="application/json; charset=utf-8")


def sends_file(
    content: bytes,
    *,
    etag: str = '"one"',
    until: int | None = None,
    heeds: str = "Range If-Range",
    then: str = "close",
    **headers: str,
) -> Answer:
    """A file as a good server sends it, all of it or the range that is asked for.

    Args:
        content: all of it.
        etag: its mark.
        until: how many bytes of the answer really come; all if none.
        heeds: which headers of a request are heeded.
        then: what happens where not all of it comes: the line is closed, reset, or falls silent.
    """

    def answer(handler: BaseHTTPRequestHandler) -> None:
        start = 0
        asked = handler.headers.get("Range", "")
        same = handler.headers.get("If-Range", etag) == etag or "If-Range" not in heeds
        if asked and same and "Range" in heeds.split():
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
        body = content[start:]
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("ETag", etag)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body[:until])
        handler.wfile.flush()
        if until is not None:
            _leave(handler, then)

    return answer


def redirects(to: str, status: int = 302) -> Answer:
    return sends(status=status, Location=to)


def _leave(handler: BaseHTTPRequestHandler, then: str) -> None:
    handler.close_connection = True
    if then == "silence":
        handler.server.over.wait(5)  # type: ignore[attr-defined]
    if then == "reset":
        time.sleep(0.05)  # a reset takes back what has not been read yet
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()


@dataclass
class AService:
    """The service.

    Attributes:
        base: the address of its API.
        asked: each request: path and headers.
    """

    base: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)

    def on(self, path: str, *answers: Answer) -> None:
        """What is answered on a path: one after the other, the last one from then on."""
        self.answers[path] = list(answers)

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for asked, _ in self.asked)

    def headers(self, path: str) -> list[dict[str, str]]:
        """The headers of each request for a path."""
        return [headers for asked, headers in self.asked if asked == path]

    def take(self, path: str) -> Answer:
        waiting = self.answers.get(path, [sends(status=404)])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


@contextmanager
def running():
    """A running service."""
    service = AService()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            service.asked.append((self.path, dict(self.headers)))
            service.take(self.path)(self)

        do_CONNECT = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_):
            pass  # a client that hangs up is what many of these tests want

    server = Server(("127.0.0.1", 0), Handler)
    server.over = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    service.base = f"http://127.0.0.1:{server.server_address[1]}/api"
    try:
        yield service
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Run:
    """One fetching, and what was said while it went on.

    Attributes:
        service: who is asked.
        folder: where files go.
        pauses: seconds that would have been waited.
        said: words of troubles.
        done: words of what became of files.
    """

    service: AService
    folder: Path
    settings: Settings = field(default_factory=Settings)
    pauses: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = Settings(
            tries=3, connect_timeout=2, read_timeout=0.25, first_pause=1, longest_pause=60, redirects=3, piece=64,
            sleep=self.pauses.append,
        )  # fmt: skip

    def wanted(self, table: str = "cla_rates", release: str = "cla_2025") -> Wanted:
        return Wanted(find_release(release), table, self.folder)

    def fetch(self, *tables: str, at: str = "", step=None, **settings):
        """Fetch tables, the one of rates if none is named."""
        watch = Watch(say=self.said.append, done=self.done.append, **({"step": step} if step else {}))
        return fetch_files(
            [self.wanted(name) for name in tables or ("cla_rates",)],
            load_service().at(at or self.service.base),
            settings=replace(self.settings, **settings),
            watch=watch,
        )

    @property
    def file(self) -> Path:
        return self.folder / f"{NAME}.csv"

    @property
    def part(self) -> Path:
        return self.folder / f"{NAME}.part"

    def names(self) -> list[str]:
        """What lies in the folder."""
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []
