"""How often a thing is tried, how long is waited in between, and what is said when it does not help."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from analysis.errors import FetchError

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
