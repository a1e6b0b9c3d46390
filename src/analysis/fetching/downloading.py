"""One file downloaded: gone on with where it stopped, begun anew where it must be, believed only when it is whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from analysis.errors import FetchError
from analysis.fetching.checking import require_table, require_whole
from analysis.fetching.parts import Origin, Part, origin_of, start_in
from analysis.fetching.patience import NotThereError, PassingError, Settings, retried
from analysis.fetching.requesting import opened, pieces
from analysis.fetching.saving import output_errors


def _ignore(*_: object) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Watch:
    """Who is told how far a download is.

    Attributes:
        begin: told what is begun: its title, its number, and how many there are.
        step: told how many bytes there are, and of how many if that is known.
        say: told in words of troubles.
        done: told in words what became of a file.
    """

    begin: Callable[[str, int, int], None] = _ignore
    step: Callable[[int, int | None], None] = _ignore
    say: Callable[[str], None] = _ignore
    done: Callable[[str], None] = _ignore


@dataclass(frozen=True)
class Order:
    """A file to be had.

    Attributes:
        addresses: where it is, the first to be tried first.
        part: where it is kept until it is whole.
        rows: how many rows the service says it has.
        largest: bytes that it may have at the most.
        settings: how patient we are.
        watch: who is told how far it is.
    """

    addresses: list[str]
    part: Part
    rows: int | None
    largest: int
    settings: Settings = field(default_factory=Settings)
    watch: Watch = field(default_factory=Watch)


@dataclass(frozen=True)
class Received:
    """A file that is whole, still under the name of its part.

    Attributes:
        origin: what it is, as the service says.
        rows: its rows, the header not counted; nothing for an archive.
    """

    origin: Origin
    rows: int | None


def download(session: requests.Session, order: Order) -> Received:
    """Download a file into its part; a part of it that is there already is gone on with.

    Args:
        session: what asks.
        order: which file.

    Raises:
        UnreachableError: nobody could be reached.
        FetchError: the service has no such file, or sends something else, too much, or never the whole of it.
        OutputError: it cannot be written.
    """
    refusals = []
    for address in order.addresses:

        def once(address: str = address) -> Received:
            origin = _receive(session, address, order)
            return Received(origin, _examine(origin, order))

        try:
            return retried(once, settings=order.settings, say=order.watch.say)
        except NotThereError as error:
            refusals.append(str(error))
    raise FetchError(f"{' '.join(refusals)} Expected the file that the service lists.")


def _receive(session: requests.Session, address: str, order: Order) -> Origin:
    """One try: ask for the file or the rest of it, and write what comes."""
    known = order.part.origin()
    if known is None or known.address != address:
        known = None
    elif order.part.size == known.length:
        return known  # all of it came before, and only the last look at it is missing
    with opened(session, address, settings=order.settings, headers=_rest_headers(known, order.part)) as response:
        origin = origin_of(address, response.status_code, response.headers)
        if response.status_code in (206, 416) and not _fits(origin, known, response, order.part):
            order.part.drop()
            raise PassingError("The service now sends another content, so the download begins anew.", wait=0)
        _require_known_packing(response, address)
        _refuse_large(origin.length, address, order)
        if response.status_code == 200:
            with output_errors(order.part.path):
                order.part.begin(origin)
        _write(response, address, order, origin)
        return origin


def _rest_headers(known: Origin | None, part: Part) -> dict[str, str]:
    """What to say so that only the rest is sent, and all of it where the content is another by now."""
    if known is None:
        return {}
    mark = known.strong_etag or known.modified
    return {"Range": f"bytes={part.size}-"} | ({"If-Range": mark} if mark else {})


def _fits(origin: Origin, known: Origin | None, response: requests.Response, part: Part) -> bool:
    """Whether a partial answer is the rest of what is there."""
    starts = start_in(response.headers)
    return response.status_code == 206 and known is not None and starts == part.size and origin.is_same(known)


def _require_known_packing(response: requests.Response, address: str) -> None:
    """What is packed for the way in a form that we did not ask for could not be told from a broken file."""
    packing = response.headers.get("Content-Encoding", "identity").strip().casefold()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"{address} sent the file packed as {packing!r}. Expected it as it is, or packed as gzip.")


def _write(response: requests.Response, address: str, order: Order, origin: Origin) -> None:
    """Write what comes behind what is there; what was written before a break stays, to be gone on with."""
    part, have = order.part, order.part.size
    kind = response.headers.get("Content-Type", "")
    with output_errors(part.path), part.path.open("r+b") as file:
        file.seek(have)
        for piece in pieces(response, settings=order.settings):
            if have == 0:
                _require_table(part, address, kind, piece)
            file.write(piece)
            have += len(piece)
            order.watch.step(have, origin.length)
            _refuse_large(have, address, order)
    if origin.length is not None and have != origin.length:
        raise PassingError(f"{have:,} of {origin.length:,} bytes came.")


def _require_table(part: Part, address: str, kind: str, piece: bytes) -> None:
    try:
        require_table(address, kind, piece)
    except FetchError:
        part.drop()
        raise


def _refuse_large(size: int | None, address: str, order: Order) -> None:
    if size is not None and size > order.largest:
        order.part.drop()
        raise FetchError(
            f"{address} is larger than {order.largest // 1024**2} MB, the most that is taken. It was not kept. If this is "
            "right, put a larger limit into data/catalogue/service.yml."
        )


def _examine(origin: Origin, order: Order) -> int | None:
    """Look at all of it; what is wrong is not gone on with."""
    try:
        return require_whole(order.part.path, rows=order.rows, largest=order.largest)
    except (PassingError, FetchError):
        order.part.drop()
        raise
