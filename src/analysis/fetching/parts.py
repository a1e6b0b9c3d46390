"""A download under way: what has come so far, and what it is a part of, so that it can go on where it stopped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from email.message import Message
from pathlib import Path

from analysis.fetching.saving import write_whole


@dataclass(frozen=True)
class Origin:
    """What a part is a part of, as the service says when it begins to send.

    Attributes:
        address: where it was asked for; it holds the id of the file.
        length: bytes of the whole; nothing where the service does not say.
        etag: the service's mark of this content.
        modified: when the service last changed it.
        name: what the service calls the file.
    """

    address: str
    length: int | None
    etag: str = ""
    modified: str = ""
    name: str = ""

    @property
    def can_go_on(self) -> bool:
        """Whether more of the same content can be known for what it is."""
        return self.length is not None or bool(self.strong_etag)

    @property
    def strong_etag(self) -> str:
        """The mark, if it stands for every byte; a weak one only says that the content means the same."""
        return "" if self.etag.startswith("W/") else self.etag

    def is_same(self, other: Origin) -> bool:
        """Whether two answers from one address are of one content: nothing that both say differs."""
        pairs = ((self.length, other.length), (self.etag, other.etag), (self.modified, other.modified))
        return all(one == two for one, two in pairs if one and two)


@dataclass(frozen=True)
class Part:
    """Where a download under way is kept.

    Attributes:
        path: what has come so far.
    """

    path: Path

    @property
    def note(self) -> Path:
        """What is written down of its origin."""
        return self.path.with_name(self.path.name + ".json")

    @property
    def size(self) -> int:
        """Bytes that have come so far."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def origin(self) -> Origin | None:
        """Return what it is a part of; nothing where that is not known, or where it cannot go on."""
        try:
            found = Origin(**json.loads(self.note.read_text(encoding="utf-8")))
            return found if found.can_go_on and self.size and self.size <= (found.length or self.size) else None
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def begin(self, origin: Origin) -> None:
        """Start anew: drop what has come, then write down what is coming, in this order, so that they always agree."""
        self.drop()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()
        write_whole(self.note, json.dumps(asdict(origin), indent=1) + "\n")

    def drop(self) -> None:
        """Remove it with its note."""
        for path in (self.note, self.path):
            with suppress(FileNotFoundError):
                path.unlink()


def origin_of(address: str, status: int, headers: Mapping[str, str]) -> Origin:
    """Return what an answer says of the whole that it is, or that it is a part of.

    Args:
        address: where it was asked for.
        status: 206 where the answer is a part.
        headers: of the answer.
    """
    length = total_in(headers) if status == 206 else _number(headers.get("Content-Length", ""))
    return Origin(
        address=address, length=length, etag=headers.get("ETag", ""), modified=headers.get("Last-Modified", ""),
        name=_file_name(headers.get("Content-Disposition", "")),
    )  # fmt: skip


def start_in(headers: Mapping[str, str]) -> int | None:
    """The byte at which a partial answer starts."""
    found = re.match(r"\s*bytes\s+(\d+)-", headers.get("Content-Range", ""))
    return int(found[1]) if found else None


def total_in(headers: Mapping[str, str]) -> int | None:
    """Bytes of the whole, as a partial answer says."""
    return _number(headers.get("Content-Range", "").rpartition("/")[2])


def _number(text: str) -> int | None:
    return int(text) if text.strip().isascii() and text.strip().isdigit() else None


def _file_name(disposition: str) -> str:
    """The file name in a Content-Disposition, as it is; it is not to be trusted."""
    message = Message()
    message["Content-Disposition"] = disposition.replace("\r", " ").replace("\n", " ")
    try:
        return message.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return ""
