"""A folder for what one run has to keep on disk: only its owner may look into it, and it is gone when the run ends, however it ends.

A run that is told to stop stops as for Ctrl+C. What a run that was killed outright left behind is taken away by the next one.
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

_PREFIX, _LOCK = "returns-", "in-use-by-analysis"
#: Seconds after which a folder is no longer one that another run is just making.
_YOUNG = 60


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder for as long as the block lasts."""
    _take_away_leftovers()
    with (
        _stopped_as_by_hand(),
        tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name,
        (Path(name) / _LOCK).open("wb") as lock,
    ):
        _hold(lock)
        yield Path(name)


def _take_away_leftovers() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _YOUNG and _is_left_over(folder / _LOCK):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left_over(lock: Path) -> bool:
    """Whether a folder is one of these, and no run holds it; where that cannot be asked it stays."""
    if not lock.is_file():
        return False
    with lock.open("rb") as file:
        return _hold(file)


def _hold(lock: IO[bytes]) -> bool:
    """Hold a lock until its file is closed, or this program ends; False where another run holds it."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def _stopped_as_by_hand() -> Iterator[None]:
    """A request to end (SIGTERM) is taken as Ctrl+C, so that what is to be taken away is. Only the main thread may ask for that."""
    is_free = (
        threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    )
    if is_free:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        if is_free:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
