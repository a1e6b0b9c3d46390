"""Words and numbers of transcribed figures held against the document: a quote is to the letter, a number stands in its quote.

Like the checks of the table's contract, each check returns problem rows and never raises.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

import pandas as pd

from analysis.sources.checks import Problem, sheet_row
from analysis.vocabulary import NUMBER_COLUMNS

#: Joins the pieces of a quote that leaves words out.
JOIN = " … "
#: How a note begins where the source writes the number in words; the words follow, up to a semicolon.
IN_WORDS = "words:"

#: A number as documents print it. "1,724" is one number, so that 724 is not found in it.
_PRINTED = re.compile(r"(?<![0-9.])(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SHOWN = 60


def missing_piece(quote: str, text: str) -> str:
    """Return the first piece of a quote that does not stand in a text after the pieces before it; blank where all do.

    Args:
        quote: words of the document; " … " joins pieces that stand in this order.
        text: the document.

    Example:
        >>> missing_piece("There were 684 … at the end of March", "There were 684 children in care at the end of March.")
        ''
        >>> missing_piece("at the end of March … 684", "There were 684 children in care at the end of March.")
        '684'
    """
    piece, _ = _missing(quote, text)
    return piece


def stands_in_quote(number: str, quote: str) -> bool:
    """Return whether a number stands in a quote as digits, with the decimals that it has.

    A comma between thousands does not matter, nor does the sign: a document says "fell by 2" where the change is -2.

    Example:
        >>> stands_in_quote("89", "89 for every 10,000"), stands_in_quote("89.0", "89 for every 10,000")
        (True, False)
        >>> stands_in_quote("1724", "1,724 children"), stands_in_quote("724", "1,724 children")
        (True, False)
    """
    return number.removeprefix("-") in {found.replace(",", "") for found in _PRINTED.findall(quote)}


def number_words(note: str) -> str | None:
    """Return the number words that a note begins with; None where it does not say that the number is in words.

    Example:
        >>> number_words("words: nine; no date is given")
        'nine'
        >>> number_words("no date is given") is None
        True
    """
    if not note.startswith(IN_WORDS):
        return None
    return note.removeprefix(IN_WORDS).partition(";")[0].strip()


def check_quotes(rows: pd.DataFrame, text: str) -> list[Problem]:
    """Return a problem for each quote that does not stand in the document to the letter.

    Args:
        rows: observations as text. A blank quote is a matter of the table's contract.
        text: the document.

    Example:
        >>> rows = pd.DataFrame({"quote": ["There were 684", "There are 684"]})
        >>> print(check_quotes(rows, "There were 684 children in care.")[0].words("x.csv"))
        x.csv, row 3, quote: found 'There are 684', expected the document's own words, to the letter. \
The document has it up to 'There '; copy it on from there.
    """
    return [problem for at, quote in rows["quote"].items() if (problem := _wrong_quote(sheet_row(at), quote, text))]


def check_numbers(rows: pd.DataFrame) -> list[Problem]:
    """Return a problem for each number that does not stand in its row's quote.

    Args:
        rows: observations as text. What is no plain number, or has no quote, is a matter of the table's contract.

    Example:
        >>> columns = ["numerator", "denominator", "value", "quote", "note"]
        >>> good = ["", "", "9", "nine young people", "words: nine"]
        >>> bad = ["", "", "98", "a rate of 89", ""]
        >>> [(problem.row, problem.field, problem.found) for problem in check_numbers(pd.DataFrame([good, bad], columns=columns))]
        [(3, 'value', "'98'")]
    """
    quoted = rows[rows["quote"].str.strip() != ""]
    return [problem for at, row in quoted.iterrows() for problem in _wrong_numbers(sheet_row(at), row)]


def _missing(quote: str, text: str) -> tuple[str, int]:
    """The first missing piece, and where the piece before it ends."""
    end = 0
    for piece in quote.split(JOIN):
        start = text.find(piece, end)
        if start < 0:
            return piece, end
        end = start + len(piece)
    return "", end


def _wrong_quote(row: int, quote: str, text: str) -> Problem | None:
    piece, after = _missing(quote, text)
    if not piece:
        return None
    found = piece if len(piece) <= _SHOWN else f"{piece[:_SHOWN]}…"
    return Problem(row, "quote", repr(found), "the document's own words, to the letter", _mending(piece, text, after))


def _mending(piece: str, text: str, after: int) -> str:
    """How far the document agrees: that is where to look."""
    if piece in text:
        return f"It stands before the piece that it follows here; “{JOIN}” joins pieces in the order of the document."
    length = bisect_left(range(len(piece)), True, key=lambda last: text.find(piece[: last + 1], after) < 0)
    if not length:
        return "Copy it from the document."
    known = piece[:length]
    shown = known if length <= _SHOWN else f"…{known[-_SHOWN:]}"
    return f"The document has it up to {shown!r}; copy it on from there."


def _wrong_numbers(row: int, cells: pd.Series) -> Iterator[Problem]:
    words = number_words(cells["note"])
    if words is None:
        for field in NUMBER_COLUMNS:
            number = cells[field]
            if _PLAIN.fullmatch(number) and not stands_in_quote(number, cells["quote"]):
                yield Problem(
                    row, field, repr(number), "a number that stands in the quote as digits",
                    "Hold it against the source and quote the words that hold it; "
                    f"where they have it in words, begin the note with “{IN_WORDS} ” and those words.",
                )  # fmt: skip
    elif not words or not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", cells["quote"], flags=re.IGNORECASE):
        yield Problem(
            row, "note", repr(words), f"number words that stand in the quote, as the note begins with “{IN_WORDS}”",
            "Write the words as the quote has them; a semicolon ends them.",
        )  # fmt: skip
