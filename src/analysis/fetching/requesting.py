"""One address asked, as often as is polite: redirects looked at one by one, passing troubles waited out, then given up."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar
from urllib.parse import urljoin

import requests
import urllib3
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from analysis.errors import FetchError
from analysis.fetching.service import require_safe

PROJECT = "children-in-care-statistics"
#: Answers that may well be others a little later.
PASSING = (408, 425, 429, 500, 502, 503, 504)
REDIRECTS = (301, 302, 303, 307, 308)
#: What urllib3 calls it when nobody could be reached at all.
NOT_REACHED = (
    urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.SSLError,
    urllib3.exceptions.ProxyError,
)  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """How patient we are.

    Attributes:
        tries: how often one thing is tried, at the most.
        tries_to_connect: how often, where nobody can be reached at all.
        connect_timeout: seconds to wait for a connection.
        read_timeout: seconds without a byte after which an answer has stalled.
        first_pause: seconds before the second try; each further pause is twice as long.
        longest_pause: seconds that a pause lasts at the most, also where the service asks for a longer one.
        redirects: how often the service may send us on.
        largest_answer: bytes of a list of files, at the most.
        piece: bytes that are taken at a time.
        sleep: what waits.
    """

    tries: int = 5
    tries_to_connect: int = 2
    connect_timeout: float = 10
    read_timeout: float = 30
    first_pause: float = 1
    longest_pause: float = 60
    redirects: int = 5
    largest_answer: int = 32 * 1024 * 1024
    piece: int = 64 * 1024
    sleep: Callable[[float], None] = time.sleep


class PassingError(Exception):
    """One try failed in a way that another may not.

    Attributes:
        reached: whether anybody answered at all.
        wait: seconds that the service asks us to wait, if it does.
    """

    def __init__(self, words: str, *, reached: bool = True, wait: float | None = None) -> None:
        super().__init__(words)
        self.reached = reached
        self.wait = wait


class UnreachableError(FetchError):
    """Nobody could be reached, so that there is no use in asking for more files."""


class NotThereError(FetchError):
    """The service answers that it has no such thing."""


def make_session() -> requests.Session:
    """Return a session that says who asks, and wants files as they are, so that their length can be checked."""
    session = requests.Session()
    try:
        number = version(PROJECT)
    except PackageNotFoundError:  # run from a folder, not installed
        number = "0"
    session.headers.update({"User-Agent": f"{PROJECT}/{number} (analysis fetch)", "Accept-Encoding": "identity"})
    return session


def retried(once: Callable[[], T], *, settings: Settings, say: Callable[[str], None]) -> T:
    """Return what a function gives, which is called again after passing troubles.

    Args:
        once: one try.
        settings: how patient we are.
        say: told in words of each trouble.

    Raises:
        UnreachableError: nobody could be reached.
        FetchError: the trouble did not pass.
    """
    for number in range(1, settings.tries + 1):
        try:
            return once()
        except PassingError as trouble:
            if number >= (settings.tries if trouble.reached else settings.tries_to_connect):
                kind = FetchError if trouble.reached else UnreachableError
                raise kind(f"{trouble} Tried {number} times.") from None
            pause = settings.first_pause * 2 ** (number - 1) if trouble.wait is None else trouble.wait
            pause = min(pause, settings.longest_pause)
            say(f"{trouble} Trying again in {pause:.0f} s.")
            settings.sleep(pause)
    raise AssertionError("a loop of tries ends with an answer or an error")


@contextmanager
def opened(
    session: requests.Session, address: str, *, settings: Settings, headers: Mapping[str, str] | None = None
) -> Iterator[requests.Response]:
    """Ask an address, go where it sends us, and give the answer before its content is read.

    Args:
        session: from :func:`make_session`.
        address: an address that may be asked.
        settings: how patient we are.
        headers: more to say in the request.

    Raises:
        PassingError: another try may help.
        NotThereError: the service has no such thing.
        FetchError: the service refuses, or sends us where we do not go.
    """
    here = require_safe(address)
    for _ in range(settings.redirects + 1):
        response = _ask(session, here, settings, headers or {})
        try:
            if response.status_code not in REDIRECTS or "Location" not in response.headers:
                _require_answer(response, here, settings)
                yield response
                return
            here = require_safe(urljoin(here, response.headers["Location"]), coming_from=here)
        finally:
            response.close()
    raise FetchError(
        f"{address} sent us on more than {settings.redirects} times, last to {here}. Expected a file. "
        "Try again later, or download it by hand."
    )


def pieces(response: requests.Response, *, settings: Settings, decoded: bool = False) -> Iterator[bytes]:
    """Give the content of an answer piece by piece.

    Args:
        response: the answer.
        settings: how patient we are.
        decoded: unpacked, where it was packed for the way; else as it came over the line.

    Raises:
        PassingError: the line broke off or stalled.
    """
    try:
        yield from response.raw.stream(settings.piece, decode_content=decoded)
    except urllib3.exceptions.ReadTimeoutError:
        raise PassingError(f"No byte came for {settings.read_timeout:.0f} s.") from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise PassingError(f"The connection broke off ({_innermost(error)}).") from None


def read_answer(
    session: requests.Session, address: str, *, settings: Settings, say: Callable[[str], None]
) -> tuple[str, bytes]:
    """Return the kind and content of a short answer, such as a list of files.

    Raises:
        FetchError: there is none.
    """

    def once() -> tuple[str, bytes]:
        with opened(session, address, settings=settings) as response:
            content = bytearray()
            for piece in pieces(response, settings=settings, decoded=True):
                content += piece
                if len(content) > settings.largest_answer:
                    raise FetchError(
                        f"{address} answered with more than {settings.largest_answer} bytes, which is no list of files."
                    )
            return response.headers.get("Content-Type", ""), bytes(content)

    return retried(once, settings=settings, say=say)


def read_json(session: requests.Session, address: str, *, settings: Settings, say: Callable[[str], None]) -> object:
    """Return an answer in JSON.

    Raises:
        FetchError: there is none, or it is something else.
    """
    kind, content = read_answer(session, address, settings=settings, say=say)
    try:
        return json.loads(content)
    except ValueError:
        raise FetchError(f"{address} answered with {what_it_is(kind, content)}. Expected a list in JSON.") from None


def what_it_is(kind: str, content: bytes) -> str:
    """Say what an answer is that is not what was asked for.

    Args:
        kind: its content type.
        content: how it begins.

    Example:
        >>> what_it_is("text/html", b"<html><title>Access denied</title>")
        'a web page titled "Access denied"; does a proxy or a login page stand in between?'
    """
    if not is_markup(content):
        return f"something else ({kind or 'of no stated kind'}, beginning {content[:40]!r})"
    found = re.search(rb"<title[^>]*>(.*?)</title>", content, flags=re.I | re.S)
    title = " ".join(found[1].decode("utf-8", errors="replace").split())[:80] if found else ""
    return f'a web page titled "{title}"; does a proxy or a login page stand in between?'


def is_markup(content: bytes) -> bool:
    """Whether bytes begin like a web page or another page of markup, never like a table."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _ask(session: requests.Session, address: str, settings: Settings, headers: Mapping[str, str]) -> requests.Response:
    try:
        return session.get(
            address, stream=True, allow_redirects=False, headers=dict(headers),
            timeout=(settings.connect_timeout, settings.read_timeout),
        )  # fmt: skip
    except requests.exceptions.ReadTimeout:
        raise PassingError(f"{address} did not answer for {settings.read_timeout:.0f} s.") from None
    except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
        raise PassingError(_connection_words(address, error), reached=not _nobody_there(error)) from None
    except requests.exceptions.RequestException as error:
        raise FetchError(f"{address} cannot be asked: {error}.") from None


def _nobody_there(error: Exception) -> bool:
    """Whether no connection came about at all."""
    if isinstance(
        error, requests.exceptions.SSLError | requests.exceptions.ProxyError | requests.exceptions.ConnectTimeout
    ):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NOT_REACHED)


def _connection_words(address: str, error: Exception) -> str:
    host, cause = address.split("/")[2], _innermost(error)
    if isinstance(error, requests.exceptions.ProxyError):
        return f"The proxy lets nobody through to {host} ({cause})."
    if isinstance(error, requests.exceptions.SSLError):
        return (
            f"{host} could not prove who it is ({cause}). Where a network puts its own certificate in between, "
            "set REQUESTS_CA_BUNDLE to the file of certificates that your IT service gives out."
        )
    return f"{host} cannot be reached ({cause})."


def _innermost(error: BaseException) -> str:
    """The last cause of an error in a few words, without the objects that libraries print."""
    cause: object = error
    while isinstance(cause, BaseException):
        inner = getattr(cause, "reason", None) or next(
            (arg for arg in cause.args if isinstance(arg, BaseException)), None
        )
        if not isinstance(inner, BaseException):
            break
        cause = inner
    return re.sub(r"<[^>]*>:? ?|\w+\(host=.*?\): ?", "", str(cause)).strip(" .") or type(cause).__name__


def _require_answer(response: requests.Response, address: str, settings: Settings) -> None:
    code = response.status_code
    said = f"{address} answered {code} {response.reason or ''}".strip()
    if code in PASSING:
        raise PassingError(f"{said}.", wait=_asked_wait(response, settings))
    if code in (404, 410):
        raise NotThereError(f"{said}: the service has no such thing.")
    if code == 416:
        return
    if code >= 300:
        raise FetchError(f"{said}. Expected a file or a list of files.")


def _asked_wait(response: requests.Response, settings: Settings) -> float | None:
    """Seconds that the service asks us to wait; it may say a number of them, or a date."""
    asked = response.headers.get("Retry-After")
    try:
        return Retry().parse_retry_after(asked) if asked else None
    except InvalidHeader:
        return None
