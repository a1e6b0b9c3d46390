"""Bad input is refused once, in the same words everywhere; missing input is not bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import StatisticError
from analysis.statistics.inputs import (
    bases,
    confidence_level,
    confidence_levels,
    counts,
    numbers,
    parts,
    words,
)


@pytest.mark.parametrize(
    ("confidence", "message"),
    [
        (95, "Confidence 95 is not a fraction: write 0.95."),
        (99.8, "write 0.998"),
        (0.5, "at least 0.9 and below 1"),
        (0.8, "at least 0.9"),
        (1, "below 1"),
        (0, "below 1"),
        (-0.95, "below 1"),
        (9998, "below 1"),
        (float("nan"), "below 1"),
        (True, "not a number"),
        ("0.95", "not a number"),
    ],
)
def test_a_confidence_that_cannot_be_used_is_refused(confidence: object, message: str) -> None:
    with pytest.raises(StatisticError, match=message):
        confidence_level(confidence)  # type: ignore[arg-type]


@pytest.mark.parametrize("levels", [(0.95, 0.99), (0.998, 0.95), (0.95, 0.998, 0.9), ()])
def test_two_levels_are_only_those_that_ohid_publishes(levels: tuple[float, ...]) -> None:
    with pytest.raises(StatisticError, match="two levels"):
        confidence_levels(levels)  # type: ignore[arg-type]


def test_levels_come_back_as_they_were_asked_for() -> None:
    assert confidence_levels(0.9) == (0.9,)
    assert confidence_levels((0.95, 0.998)) == (0.95, 0.998)


def test_every_kind_of_missing_is_missing() -> None:
    for cells in ([1, None], [1, np.nan], pd.array([1, pd.NA], dtype="Int64"), pd.Series([1, pd.NA])):
        assert np.isnan(numbers(pd.DataFrame({"numerator": cells}), "numerator")).tolist() == [False, True]


def test_an_empty_table_of_any_type_has_no_numbers() -> None:
    assert numbers(pd.DataFrame(columns=["numerator"]), "numerator").shape == (0,)


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(StatisticError, match=r"'numerator' is needed. The table has: count, base"):
        numbers(pd.DataFrame({"count": [1], "base": [2]}), "numerator")


@pytest.mark.parametrize("cell", ["c", "12", "z"])
def test_text_is_not_a_number_even_if_it_looks_like_one(cell: str) -> None:
    rows = pd.DataFrame({"numerator": np.array([3, cell], dtype=object)}, index=["a", "b"])
    with pytest.raises(StatisticError, match=f"Row 'b', column 'numerator': found '{cell}'"):
        numbers(rows, "numerator")


def test_the_error_names_row_column_found_and_expected_and_how_many_more() -> None:
    rows = pd.DataFrame({"numerator": [1, -2, -3]}, index=["Leeds", "Hull", "York"])
    with pytest.raises(StatisticError) as error:
        counts(rows, "numerator")
    assert str(error.value) == (
        "Row 'Hull', column 'numerator': found -2, expected a count of 0 or more. "
        "Correct the figure, or leave it empty if it is not known. The same is wrong in 1 more row."
    )


def test_whole_counts_are_whole() -> None:
    with pytest.raises(StatisticError, match="expected a whole number"):
        counts(pd.DataFrame({"numerator": [1.5]}), "numerator", whole=True)


@pytest.mark.parametrize("base", [0, -4, np.inf])
def test_a_base_is_above_nothing_and_finite(base: float) -> None:
    with pytest.raises(StatisticError, match="column 'denominator'"):
        bases(pd.DataFrame({"denominator": [base]}), "denominator")


def test_a_part_is_at_most_its_whole() -> None:
    with pytest.raises(StatisticError, match="expected at most 'denominator'"):
        parts(pd.DataFrame({"numerator": [13], "denominator": [12]}), "numerator", "denominator")


def test_a_text_column_stands_beside_its_rows() -> None:
    rows = pd.DataFrame(index=[7, 9])
    assert words(rows, ["Byar", None]).isna().to_dict() == {7: False, 9: True}
