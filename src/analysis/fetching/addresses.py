"""Which addresses may be asked: those over HTTPS, and those on this computer."""

from __future__ import annotations

import ipaddress
from urllib.parse import urljoin, urlsplit

from analysis.errors import FetchError


def require_safe(address: str, *, coming_from: str = "") -> str:
    """Return an address that may be asked: over HTTPS, or on this computer.

    Args:
        address: the address.
        coming_from: what sent us there. What stands elsewhere may not send us to this computer.

    Raises:
        FetchError: it may not be asked.
    """
    scheme, host = _parts_of(address)
    if is_local(address):
        allowed = scheme in ("http", "https") and (not coming_from or is_local(coming_from))
    else:
        allowed = scheme == "https" and bool(host)
    if allowed:
        return address
    sent = f" {coming_from} sends us there." if coming_from else ""
    raise FetchError(
        f"{address} is not asked for files.{sent} Expected an address that begins with https://, or one on this computer. "
        "Give another with --address, or download the files by hand."
    )


def next_address(here: str, location: str) -> str:
    """Return the address that an answer sends us to.

    Args:
        here: what was asked.
        location: where it says to go, which may be only the end of an address.

    Raises:
        FetchError: it may not be asked.
    """
    try:
        there = urljoin(here, location)
    except ValueError:
        there = location
    return require_safe(there, coming_from=here)


def is_local(address: str) -> bool:
    """Whether an address is on this computer."""
    _, host = _parts_of(address)
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts_of(address: str) -> tuple[str, str]:
    """Scheme and host of an address; blank where it has none."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""
