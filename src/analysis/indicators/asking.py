"""Which indicator a question in plain words is about: by its names, also where they are misspelt."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.errors import UnknownNameError
from analysis.indicators.definitions import Indicator, load_indicators

#: How alike two words must be spelt to be taken for one, from 0 to 1.
_ALIKE = 0.8
#: The share of a name that a question must hold, and that of the best one that makes another come near.
_ENOUGH, _NEAR = 0.6, 0.75
_LESS = 0.85
#: Words that stand in most questions and most names, and tell nothing apart.
_EMPTY = frozenset(
    [
        "a",
        "above",
        "all",
        "am",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "below",
        "between",
        "by",
        "compared",
        "do",
        "does",
        "for",
        "from",
        "going",
        "have",
        "having",
        "how",
        "i",
        "in",
        "is",
        "it",
        "many",
        "me",
        "more",
        "most",
        "much",
        "number",
        "of",
        "on",
        "or",
        "our",
        "ours",
        "so",
        "than",
        "that",
        "the",
        "their",
        "there",
        "these",
        "they",
        "this",
        "to",
        "up",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "with",
        "year",
        "years",
    ]
)
_SAME = {"kids": "children", "kid": "children", "child": "children", "cic": "care", "lac": "care", "plans": "plan"}


@dataclass(frozen=True)
class Taken:
    """What a question was taken to ask about.

    Attributes:
        indicator: the indicator.
        name: which of its names the question holds, whole or in part.
        near: other indicators that came near, the nearest first.
    """

    indicator: Indicator
    name: str
    near: tuple[Indicator, ...]


def find_asked(question: str) -> Taken:
    """Return the indicator that a question is about.

    A name scores by the words of it that the question holds, as they are spelt or nearly so; a word that few names have
    counts for more. The longest name that is wholly there wins.

    Args:
        question: in plain words.

    Raises:
        UnknownNameError: the question is empty, or holds the name of no indicator.

    Example:
        >>> find_asked("why are we above our neighbours on repeet plans").indicator.id
        'cp_repeat_plans'
    """
    asked = _words(question)
    if not asked:
        raise UnknownNameError(f"The question {question!r} names no indicator. {_HELP}")
    ranked = sorted(_scores(asked), key=lambda item: item[0], reverse=True)
    if not ranked or ranked[0][0] < _ENOUGH:
        raise UnknownNameError(f"No indicator was found in {question!r}. {_HELP}")
    best, name, indicator = ranked[0]
    near = [other for score, _, other in ranked[1:] if score >= _NEAR * best]
    return Taken(indicator, name, tuple(near[:3]))


_HELP = "`analysis list indicators` shows what there is; ask with one of those names, or give --indicator."


def _scores(asked: Sequence[str]) -> Iterable[tuple[float, str, Indicator]]:
    """For each indicator, its best name and how well the question holds it."""
    weights = _weights()
    for indicator in load_indicators().values():
        found = [(_score(asked, _words(name), weights), name) for name in _names(indicator)]
        score, name = max(found)
        yield score * (_LESS if indicator.id in _parts() else 1), name, indicator


@cache
def _parts() -> frozenset[str]:
    """Indicators that are only parts of what others count: a question is rather about the whole."""
    return frozenset(part.indicator for item in load_indicators().values() for part in item.parts)


def _score(asked: Sequence[str], name: Sequence[str], weights: Mapping[str, float]) -> float:
    if not name:
        return 0.0
    total = sum(weights[word] for word in name)
    held = sum(weights[word] * max(_alike(word, other) for other in asked) for word in name)
    # Of two names that are wholly there the one that says more is meant.
    return held / total * (1 + 0.1 * math.log1p(held))


def _alike(word: str, other: str) -> float:
    if word == other:
        return 1.0
    # The digits of a name are the name: 62 is not nearly 63.
    if word.isdigit() or other.isdigit() or min(len(word), len(other)) < 4:
        return 0.0
    ratio = difflib.SequenceMatcher(None, word, other).ratio()
    return ratio if ratio >= _ALIKE else 0.0


def _names(indicator: Indicator) -> list[str]:
    return [
        indicator.name,
        indicator.noun,
        indicator.question,
        *indicator.also_known_as,
        indicator.id.replace("_", " "),
    ]


def _words(text: str) -> list[str]:
    found = re.findall(r"[a-z0-9]+", text.casefold().replace("re-plan", "replan"))
    return [_SAME.get(word, word) for word in found if word not in _EMPTY]


@cache
def _weights() -> Mapping[str, float]:
    """How much each word tells apart: the fewer indicators have it in a name, the more."""
    each = [{word for name in _names(item) for word in _words(name)} for item in load_indicators().values()]
    every = {word for words in each for word in words}
    return {word: math.log(1 + len(each) / sum(word in words for words in each)) for word in every}
