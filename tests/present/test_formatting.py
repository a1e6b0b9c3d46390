"""Rounding as DfE does, and numbers as readers write them."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.present.formatting import cite, cited_in, half_up, level_words, listed, number, plain
from conftest import shared

# Published by DfE to one decimal, or to a whole per cent, where rounding to even would give another figure.
DFE = [(115, 368, 1, "31.3"), (7, 112, 1, "6.3"), (90, 400, 0, "23"), (60, 96, 0, "63"), (120, 192, 0, "63"),
       (8, 128, 1, "6.3"), (9, 400, 1, "2.3")]  # fmt: skip


@pytest.mark.parametrize(("part", "whole", "decimals", "printed"), DFE)
def test_published_percentages_round_half_up(part, whole, decimals, printed):
    assert number(100 * part / whole, decimals) == printed


def test_the_cases_of_dfes_own_package():
    cases = pd.read_csv(shared("reference") / "published_dfer_round_five_up.csv")
    # dfeR has a default number of decimals for the row that gives none: none at all.
    for case in cases.fillna({"dp": 0}).itertuples():
        assert float(half_up(case.number, int(case.dp))) == case.expected


@given(st.decimals(min_value=-10_000, max_value=10_000, places=3), st.integers(0, 2))
def test_half_up_on_any_decimal(value, decimals):
    assert half_up(float(value), decimals) == value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_a_minus_is_a_minus_sign_and_never_before_nothing(value):
    text = number(value, 1)
    assert "-" not in text
    assert text != "\N{MINUS SIGN}0.0"


def test_small_things():
    assert number(1234567) == "1,234,567"
    assert level_words(0.998) == "99.8%"
    assert listed(["a"]) == "a"
    assert listed([]) == ""
    assert cited_in(f"89{cite('A.1;B.2')} and 63{cite('C.3')}") == ["A.1", "B.2", "C.3"]
    assert plain(f"89{cite('A.1')}.") == "89."
