"""Plain words: what must never stand in a report, and how long its sentences are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

#: What stands in these is evidence to the letter, code that was asked for, or not seen.
_EXEMPT = re.compile(r"<(q|code|samp|style|script|title)\b[^>]*>.*?</\1>", flags=re.S)
_ADDRESS = re.compile(r'"data:[^"]*"')
_BLOCK = re.compile(r"</?(?:p|li|dd|dt|h[1-6]|td|th|caption|div|figcaption|summary|section|table|tr|ul|ol|dl)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
#: A figure's identifier, or the name of a file, which a reader needs as it is.
_NAMES = re.compile(
    r"\b[A-Z]{3}\d{2}\.[A-Z0-9.]+\b|\b[\w-]+\.(?:csv|xlsx|html|svg|png|pdf|zip)\b|\bcolumns? [\w, ]+|\brow \w+"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:nan|NaN|NaT|inf|None|null|undefined)\b"), "a program's word for nothing"),
    (re.compile(r"Traceback|\b\w*(?:Warning|Error): "), "a program's message"),
    (re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b"), "a name of code"),
    (re.compile(r"\[\[|\]\]|[{}]"), "a mark that should have become something else"),
    (re.compile(r"(?<!\.)\.\.(?!\.)|\s[,;.](?=\s|$)"), "a stop in the wrong place"),
)
#: A full stop that ends no sentence.
_NO_END = re.compile(r"\b(?:e\.g|i\.e|St|No|Mr|Ms|Mrs|Dr|vs)\.$")


def check_words(html: str) -> list[str]:
    """Return what stands in the words of a page that a reader should not meet; none for a plain page.

    Example:
        >>> check_words("<p>The rate was nan.</p>")
        ["a program's word for nothing: “The rate was nan.”"]
    """
    found = []
    for text in _texts(html):
        plain = _NAMES.sub("it", text)
        found += [f"{what}: “{text[:120]}”" for rule, what in _RULES if rule.search(plain)]
    return list(dict.fromkeys(found))


def sentences_of(html: str) -> list[str]:
    """Return the sentences of the paragraphs of a page: what is said, not tables, headings, lists of sources or quotes.

    Example:
        >>> sentences_of("<p>The rate was 8.5 per cent. It rose.</p><td>No sentence.</td>")
        ['The rate was 8.5 per cent.', 'It rose.']
    """
    found = []
    for match in re.finditer(r"<p(?: class=\"(?:lead|asked)\")?>(.*?)</p>", _EXEMPT.sub("", html), flags=re.S):
        text = _plain(re.sub(r'<sup class="cite">.*?</sup>', "", match[1], flags=re.S))
        found += list(_split(text))
    return found


def words_to_a_sentence(html: str) -> float:
    """Return how many words the sentences of a page have on average; nought where it has none."""
    counts = [len(sentence.split()) for sentence in sentences_of(html)]
    return sum(counts) / len(counts) if counts else 0.0


def _texts(html: str) -> Iterator[str]:
    """The words of each block of a page."""
    without = _EXEMPT.sub("it", _ADDRESS.sub('""', html))
    for block in _BLOCK.split(re.sub(r'<sup class="cite">.*?</sup>', "", without, flags=re.S)):
        text = _plain(block)
        if text:
            yield text


def _plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(_TAG.sub("", html))).strip()


def _split(text: str) -> Iterator[str]:
    begun = ""
    for part in re.split(r"(?<=[.?!])\s+(?=[A-Z“\"(\d−])", text):
        begun = f"{begun} {part}".strip()
        if not _NO_END.search(begun):
            yield begun
            begun = ""
    if begun:
        yield begun
