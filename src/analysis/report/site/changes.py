"""What changed since the last run: each report that was made again, held against what it was before.

There is no clock in it: the page and its record speak of the two latest runs of each report, whenever they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.report.look import navigation, render
from analysis.report.manifest import Entry

ADDRESS = "changes.html"
MOST_NUMBERS = 100
#: What may change in how a report was made, in words.
_MADE_WITH = {"sources": "the files or documents behind it", "parameters": "what it was run with"}


@dataclass(frozen=True)
class Sentence:
    """Something that a report says differently; blank where it said, or says, nothing."""

    heading: str
    before: str
    now: str


@dataclass(frozen=True)
class Change:
    """What a run changed in one report.

    Attributes:
        place: its area and year.
        question: its title.
        address: its page, from the folder of all reports; blank where the run failed.
        state: new, changed, same or failed.
        reasons: what differs in how it was made.
        sentences: what it says differently.
        numbers: figures whose value changed: identifier, before, now.
        tables: how many of its tables have other rows.
        added: how many figures it uses now and did not before.
        removed: how many it used before and does not now.
    """

    place: str
    question: str
    address: str
    state: str
    reasons: list[str] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    numbers: list[tuple[str, str, str]] = field(default_factory=list)
    tables: int = 0
    added: int = 0
    removed: int = 0


def change_of(before: Entry | None, now: Entry, *, place: str, address: str) -> Change:
    """Return what a run changed in one report.

    Args:
        before: what its manifest said before the run; None where there was no such report.
        now: what it says after it.
        place: its area and year.
        address: its page.
    """
    if before is None:
        return Change(place, now.question, address, "new")
    change = Change(
        place, now.question, address, "changed",
        reasons=[words for name, words in _MADE_WITH.items() if getattr(before, name) != getattr(now, name)],
        sentences=_sentences(before, now),
        numbers=_numbers(before.numbers, now.numbers),
        tables=_tables(before.files, now.files),
        added=len(set(now.numbers) - set(before.numbers)),
        removed=len(set(before.numbers) - set(now.numbers)),
    )  # fmt: skip
    same = Change(place, now.question, address, "changed")
    return replace(same, state="same") if change == same else change


def changes_html(changes: Sequence[Change]) -> str:
    """Return the page that says what the last run changed."""
    values = {
        "title": "What changed since the last run",
        "navigation": navigation("", here=ADDRESS),
        "lead": _lead(changes),
        "reports": [_shown(item) for item in changes if item.state != "same"],
    }
    return render("changes.html", values, root="")


def _sentences(before: Entry, now: Entry) -> list[Sentence]:
    one, other = _said(before), _said(now)
    found = []
    for place in dict.fromkeys([*other, *one]):
        old, new = one.get(place, []), other.get(place, [])
        gone, come = [text for text in old if text not in new], [text for text in new if text not in old]
        for number in range(max(len(gone), len(come))):
            found.append(Sentence(place[0], _at(gone, number), _at(come, number)))
    return found


def _said(entry: Entry) -> dict[tuple[str, str], list[str]]:
    return {(item.heading, item.anchor): item.sentences for item in entry.findings}


def _at(items: Sequence[str], number: int) -> str:
    return items[number] if number < len(items) else ""


def _tables(before: Mapping[str, str], now: Mapping[str, str]) -> int:
    return sum(path.endswith(".csv") and before.get(path, checksum) != checksum for path, checksum in now.items())


def _numbers(before: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(name, before[name], value) for name, value in now.items() if name in before and before[name] != value]


def _lead(changes: Sequence[Change]) -> str:
    if not changes:
        return "Nothing has been run yet. When a report is made again, this page says what it says differently."
    same = sum(item.state == "same" for item in changes)
    count = "1 report was" if len(changes) == 1 else f"{len(changes)} reports were"
    if same == len(changes):
        return f"In the last run {count} made, and nothing changed: the same sentences, the same figures."
    rest = f" In {same} of them nothing changed." if same else ""
    return f"In the last run {count} made. Each is held against what it said before.{rest}"


def _shown(item: Change) -> dict[str, Any]:
    left = len(item.numbers) - MOST_NUMBERS
    return {
        "place": item.place, "question": item.question, "address": item.address, "verdict": _verdict(item),
        "sentences": item.sentences, "numbers": item.numbers[:MOST_NUMBERS],
        "more": f"{left} more figures changed; the files of rows have them all." if left > 0 else "",
    }  # fmt: skip


def _verdict(item: Change) -> str:
    if item.state == "new":
        return "This report is new: there was none before."
    if item.state == "failed":
        return "This report could not be made. An earlier one, if there was one, still stands."
    counted = (
        (len(item.sentences), "sentence differs", "sentences differ"),
        (len(item.numbers), "figure has another value", "figures have another value"),
        (item.tables, "table has other rows", "tables have other rows"),
        (item.added, "figure is used that was not before", "figures are used that were not before"),
        (item.removed, "figure is used no more", "figures are used no more"),
    )
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
    parts += [f"also changed: {' and '.join(item.reasons)}"] if item.reasons else []
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."
