"""What published tables tell of a rule: which plans the Department for Education takes as open for three months or more."""

from datetime import date, timedelta

import pandas as pd
import pytest

from conftest import shared

NINETY_ONE = timedelta(days=91)


@pytest.fixture(scope="module")
def in_both():
    """By year and authority, the plans that are published both as of three months or less and as of three months or more."""
    folder = shared("open-data") / "children-in-need" / "2024"
    lengths, reviewed = (
        pd.read_csv(folder / name, dtype=str)
        .query("geographic_level == 'Local authority'")
        .set_index(["time_period", "new_la_code"])
        for name in (
            "d5_cpps_at31march_by_duration_2013_to_2024.csv",
            "d6_cpps_reviewed_within_timescales_2013_to_2024.csv",
        )
    )
    columns = {"all": lengths["CPP_At31"], "less": lengths["3_months_or_less"], "more": reviewed["CPP_At31_3Months"]}
    table = pd.DataFrame({name: pd.to_numeric(column, errors="coerce") for name, column in columns.items()}).dropna()
    return table["less"] + table["more"] - table["all"]


@pytest.mark.parametrize("year", range(2013, 2025))
def test_the_day_that_is_in_both_lies_91_days_before_31_march(in_both, year):
    """Plans start on working days: where that day was a Saturday or Sunday, no authority has plans in both, and else many have."""
    found = int((in_both.loc[str(year)] != 0).sum())
    is_weekend = (date(year, 3, 31) - NINETY_ONE).isoweekday() > 5
    assert found <= 1 if is_weekend else found >= 10
