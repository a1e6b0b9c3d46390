"""What in one row of an advocacy referral list cannot all be so. Such a row is counted by the days that it gives, and named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from analysis.sources.returns.referral_cells import Wrong

_LOOK = "Look which is right; each was counted as it stands."
#: Two days of a row, in words, of which the second must not come before the first: columns, what is found where it does, the order.
_ORDER = (
    ("offered", "answered", "an answer before the offer", "an answer on the day of the offer or later"),
    ("referred", "first_contact", "a first contact before the referral", "a contact on the day of the referral or later"),
    ("referred", "closed", "a referral after the day on which it was closed", "a referral by the day on which it was closed"),
    ("offered", "closed", "an offer after the referral was closed", "an offer by the day on which it was closed"),
    ("answered", "closed", "an answer after the referral was closed", "an answer by the day on which it was closed"),
    ("first_contact", "closed", "a first contact after the referral was closed", "a contact by the day on which it was closed"),
)  # fmt: skip


def contradictions(row: Mapping[str, object]) -> Iterator[tuple[str, Wrong]]:
    """Yield what cannot all be so in a row, each with the column that it is said of.

    Args:
        row: values by column of ours, None where blank; a column that the file lacks is missing, and was named once.

    Example:
        >>> row = {"referred": date(2025, 1, 9), "closed": date(2025, 1, 8), "answer": "accepted", "answered": None}
        >>> [(column, wrong.rule) for column, wrong in contradictions(row)]
        [('closed', 'order'), ('answered', 'answer')]
    """
    yield from _out_of_order(row)
    answer, advocacy, answered = row.get("answer"), row.get("advocacy"), row.get("answered")
    if answer in ("accepted", "refused") and "answered" in row and answered is None:
        yield "answered", Wrong("an answer without a day", "the day of the answer",
                                "Fill it in; the day of the offer was taken, else that of the referral.", "answer")  # fmt: skip
    if answer not in ("accepted", "refused") and answered is not None:
        yield "answer", Wrong("a day of an answer, and no answer", "accepted or refused", "Fill it in; no answer was counted.", "answer")  # fmt: skip
    if answer == "refused" and advocacy is not None:
        yield "advocacy", Wrong("an advocate at work though the child refused", "a blank, or another answer", _LOOK, "answer")  # fmt: skip
    if "child" in row and row["child"] is None:
        yield "child", Wrong("no child", "the identifier of the SSDA903 return",
                             "Ask the provider for it; the referral is in no count of children.", "no child")  # fmt: skip


def _out_of_order(row: Mapping[str, object]) -> Iterator[tuple[str, Wrong]]:
    for first, second, found, expected in _ORDER:
        before, after = row.get(first), row.get(second)
        if isinstance(before, date) and isinstance(after, date) and after < before:
            yield second, Wrong(found, expected, _LOOK, "order")
