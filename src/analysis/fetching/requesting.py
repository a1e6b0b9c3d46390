"""One address asked once: where it sends us is looked at before we go, and every way to fail has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version

import requests
import urllib3
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from analysis.errors import FetchError
from analysis.fetching.addresses import next_address, require_safe
from analysis.fetching.patience import NotThereError, PassingError, Settings

PROJECT = "children-in-care-statistics"
#: Answers that may well be others a little later.
PASSING = (408, 425, 429, 500, 502, 503, 504)
REDIRECTS = (301, 302, 303, 307, 308)
#: What urllib3 calls it when nobody could be reached at all.
NOT_REACHED = (
    urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.SSLError,
    urllib3.exceptions.ProxyError,
)  # fmt: skip


class _LookingSession(requests.Session):
    """A session that goes nowhere by itself: where an answer sends us is looked at here first."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """No redirect is followed."""
        return None


def make_session() -> requests.Session:
    """Return a session that says who asks, and wants files as they are, so that their length can be checked."""
    session = _LookingSession()
    try:
        number = version(PROJECT)
    except PackageNotFoundError:  # run from a folder, not installed
        number = "0"
    session.headers.update({"User-Agent": f"{PROJECT}/{number} (analysis fetch)", "Accept-Encoding": "identity"})
    return session


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
            here = next_address(here, response.headers["Location"])
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


def _ask(session: requests.Session, address: str, settings: Settings, headers: Mapping[str, str]) -> requests.Response:
    try:
        return session.get(
            address, stream=True, headers=dict(headers),
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
    words = re.sub(r"<[^>]*>:? ?|\w+\(host=.*?\): ?", "", str(cause))
    words = re.split(r"\[(?:Errno|WinError) -?\d+\] ?", words)[-1]
    return words.strip(" .()") or type(cause).__name__


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
