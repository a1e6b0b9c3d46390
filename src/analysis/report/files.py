"""Writing files so that nothing is ever half-written under its final name."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.errors import OutputError


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file under its final name only once all of it is on disk.

    Args:
        path: where; missing folders are made.
        content: text is written as UTF-8.

    Raises:
        OutputError: it cannot be written; what stood there before still stands.
    """
    data = content.encode() if isinstance(content, str) else content
    with _output_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise


def require_writable(folder: Path) -> Path:
    """Return a folder that can be written to; it is made where it is missing.

    Raises:
        OutputError: it cannot be made or written to.
    """
    with _output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder


def checksum_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _output_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}. Expected a folder that you may write to. "
            "Name another with --output, or mend its rights. What stood there before still stands."
        ) from None
