"""Short answers read whole, such as a list of files, and words for an answer that is something else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import requests

from analysis.errors import FetchError
from analysis.fetching.patience import Settings, retried
from analysis.fetching.requesting import opened, pieces


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
