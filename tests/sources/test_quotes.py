"""Quotes to the letter and numbers in their quotes: what is found, what is not, and what the message says."""

import hashlib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sources.catalogue import get_source, load_sources
from analysis.sources.published import published_folder
from analysis.sources.quotes import (
    JOIN,
    check_numbers,
    check_quotes,
    missing_piece,
    number_words,
    stands_in_quote,
)

TEXT = "In 2020-21 there were 1,684 (656) children in care.\nOf these 64% (68.5%) were in one placement."


def rows(**columns):
    given_ = {"numerator": "", "denominator": "", "value": "", "quote": TEXT, "note": ""} | columns
    return pd.DataFrame([given_], dtype=object)


@pytest.mark.parametrize(
    ("quote", "missing"),
    [
        (TEXT, ""),
        ("there were 1,684", ""),
        ("there were … children in care.\nOf", ""),
        ("1,684 … 64%", ""),
        ("64% … 1,684", "1,684"),
        ("there were 1684", "there were 1684"),
        ("In 2020-21 … there  were", "there  were"),
        ("children in care. Of these", "children in care. Of these"),
        ("656 … 656", "656"),
        ("In 2020–21", "In 2020–21"),
    ],
)
def test_a_quote_stands_to_the_letter_and_in_order(quote, missing):
    assert missing_piece(quote, TEXT) == missing
    assert bool(check_quotes(rows(quote=quote), TEXT)) == bool(missing)


@pytest.mark.parametrize(
    ("quote", "says"),
    [
        ("there were 1,648", "The document has it up to 'there were 1,6'; copy it on from there."),
        ("64% … there were", "It stands before the piece that it follows here"),
        ("§", "Copy it from the document."),
        ("x" * 200, f"found '{'x' * 60}…'"),
    ],
)
def test_a_message_says_how_far_the_document_agrees(quote, says):
    (problem,) = check_quotes(rows(quote=quote), TEXT)
    assert says in problem.words("x.csv")
    assert problem.row == 2
    assert "\n" not in problem.words("x.csv")


@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))), min_size=1, max_size=4))
def test_pieces_cut_from_a_document_in_order_always_stand_in_it(cuts):
    ends = sorted(end for pair in cuts for end in pair)
    pieces = [TEXT[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
    assert missing_piece(JOIN.join(pieces), TEXT) == ""


@pytest.mark.parametrize(
    ("number", "stands"),
    [
        ("1684", True), ("684", False), ("656", True), ("65", False), ("64", True), ("64.0", False), ("68.5", True),
        ("68", False), ("5", False), ("-64", True), ("2020", True), ("21", True), ("0", False),
    ],
)  # fmt: skip
def test_a_number_stands_as_digits_with_its_decimals(number, stands):
    assert stands_in_quote(number, TEXT) is stands
    for field in ("value", "numerator", "denominator"):
        problems = check_numbers(rows(**{field: number}))
        assert [problem.field for problem in problems] == ([] if stands else [field])


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_a_number_stands_however_its_thousands_are_printed(number, decimals):
    printed = f"{number / 7:,.{decimals}f}"
    assert stands_in_quote(printed.replace(",", ""), f"It was {printed}% (5.1), up by {printed}.")


@pytest.mark.parametrize(
    ("note", "words"),
    [("words: nine", "nine"), ("words: nine; no date", "nine"), ("words:", ""), ("", None), ("worded as a rate", None)],
)
def test_number_words(note, words):
    assert number_words(note) == words


@pytest.mark.parametrize(
    ("note", "is_right"),
    [("words: nine", True), ("words: Nine of them; taken as the year", True), ("words: nin", False), ("words:", False),
     ("words: ten", False), ("nine", False)],
)  # fmt: skip
def test_a_number_in_words_stands_in_its_quote_as_words(note, is_right):
    problems = check_numbers(rows(value="9", quote="There were nine of them.", note=note))
    assert (problems == []) is is_right
    assert all(problem.field == ("note" if note.startswith("words:") else "value") for problem in problems)


def test_what_the_contract_speaks_of_is_left_to_it():
    """No second message for a cell that is no number, or a quote that is not there."""
    assert check_numbers(rows(value="72%")) == []
    assert check_numbers(rows(value="9", quote=" ")) == []


def test_rows_are_counted_as_a_spreadsheet_does():
    table = pd.concat([rows(value="1684"), rows(value="7", quote="6")], ignore_index=True)
    table.index = [0, 4]
    assert [problem.row for problem in check_numbers(table)] == [6]
    assert [problem.row for problem in check_quotes(table.assign(quote=["?", "!"]), TEXT)] == [2, 6]


@pytest.mark.parametrize("name", load_sources())
def test_every_transcribed_quote_and_number_stands(name, source_texts):
    table = pd.read_csv(published_folder() / f"{name}.csv", dtype=str, keep_default_na=False)
    assert check_numbers(table) == []
    texts = {hashlib.sha256(text.encode()).hexdigest(): text for text in source_texts.values()}
    assert check_quotes(table, texts[get_source(name).document_sha256]) == []
