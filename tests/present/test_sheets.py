"""Tables as typed columns: the numbers that are shown, as numbers, and nothing that a spreadsheet would run."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.present.formatting import half_up, number
from analysis.present.sheets import SYMBOLS, Shown, csv_of, parse_shown, safe_text, sheet_of
from analysis.vocabulary import STATUS_WORDS

VALUES = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def table(headings, kinds, *cells):
    return {"caption": "C", "headings": headings, "kinds": kinds, "cells": cells}


@given(VALUES, st.integers(0, 3))
def test_a_number_that_is_shown_is_read_again(value, decimals):
    for text, is_percentage in ((number(value, decimals), False), (number(value, decimals) + "%", True)):
        found = parse_shown(text)
        assert Decimal(repr(found.value)).quantize(Decimal(1).scaleb(-decimals)) == half_up(value, decimals)
        assert (found.decimals, found.is_percentage) == (decimals, is_percentage)


@given(VALUES, VALUES, st.integers(0, 3))
def test_an_interval_becomes_two_columns(low, high, decimals):
    text = f"{number(low, decimals)} to {number(high, decimals)}"
    sheet = sheet_of(table(["Who", "95% interval"], ["text", "number"], ["Leeds", text]))
    assert sheet.headings == ("Who", "95% interval: lower limit", "95% interval: upper limit")
    assert [cell.value for cell in sheet.rows[0][1:]] == [
        pytest.approx(float(half_up(value, decimals))) for value in (low, high)
    ]


@pytest.mark.parametrize("words", [text for text in STATUS_WORDS.values() if text] + ["not held", "\N{EN DASH}"])
def test_why_there_is_no_value_stands_as_a_declared_shorthand(words):
    sheet = sheet_of(table(["Who", "Per cent"], ["text", "number"], ["Leeds", "31.7%"], ["York", words]))
    assert sheet.rows[0][1] == Shown(31.7, 1, True)
    assert sheet.symbols == (sheet.rows[1][1],)
    assert sheet.rows[1][1] in SYMBOLS


def test_a_heading_names_its_unit_once():
    shown = table(["Who", "Per cent", "Leeds"], ["text", "number", "number"], ["a", "5%", "6%"])
    assert sheet_of(shown).headings == ("Who", "Per cent", "Leeds (%)")


def test_a_column_that_is_not_all_numbers_stays_text():
    sheet = sheet_of(table(["Who", "Value"], ["text", "number"], ["a", "5"], ["b", "5 or 6"]))
    assert [row[1] for row in sheet.rows] == ["5", "5 or 6"]


def test_headings_are_told_apart():
    sheet = sheet_of(table(["Who", "Who", ""], ["text", "text", "text"], ["a", "b", "c"]))
    assert sheet.headings == ("Who", "Who (2)", "Column")


@given(st.text())
def test_no_text_begins_a_formula(text):
    safe = safe_text(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe.removeprefix("'") == text.removeprefix("'")


@given(st.text(max_size=20), VALUES)
def test_rows_as_csv_keep_their_numbers(text, value):
    first = csv_of(pd.DataFrame({"quote": ["=1+1", text], "value": [value, -1.0]})).splitlines()[1]
    assert first.startswith("'=1+1,")
    assert float(first.rpartition(",")[2]) == value
