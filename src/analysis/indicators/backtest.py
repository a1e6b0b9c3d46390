"""Every published rate and percentage worked out again from the counts beside it: how many agree, and which do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.indicators.definitions import Indicator, load_indicators
from analysis.indicators.open_figures import as_figures
from analysis.indicators.open_folder import open_folder
from analysis.sources.areas import ENGLAND, load_areas, regions_of

#: National and regional counts are printed to the nearest ten, their rates are worked out before that.
NEAREST = 10
#: The reason where the figures themselves tell none.
UNEXPLAINED = "the counts beside it do not give the value printed"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BackTest:
    """What came of it.

    Attributes:
        summary: one row an indicator, release and kind of area: ``indicator``, ``release``, ``areas`` (authorities, or
            regions and England), ``compared``, ``equal``, ``within_rounding``, ``differ``, ``not_compared`` (a part is
            hidden or missing).
        differences: the figures that differ, as rows of the observation table with ``recomputed`` and ``reason``.
    """

    summary: pd.DataFrame
    differences: pd.DataFrame


def run_backtest(folder: Path | str) -> BackTest:
    """Work out again every rate and percentage that official files print beside its counts.

    Authorities must agree to the last printed decimal, rounded half up. Counts of regions and of England are rounded
    to the nearest ten, so their values may be any that the unrounded counts could give.

    Args:
        folder: a folder of official files.
    """
    rows = open_folder(folder).observations()
    table = all_rows = rows.to_pandas()
    indicators = load_indicators()
    parts = table["status"].eq("reported") & table["indicator"].map(_is_worked_from_counts(indicators)).astype(bool)
    table, rows = table[parts].reset_index(drop=True), rows.filter(parts.to_numpy())
    multiplier = table["indicator"].map({name: item.multiplier for name, item in indicators.items()}).astype(float)
    local = table["area_code"].map({code: item.level == "Local authority" for code, item in load_areas().items()})
    found = table.assign(
        areas=local.astype(bool).map({True: "authorities", False: "regions and England"}),
        **_verdicts(table, multiplier.to_numpy(), local.to_numpy(dtype=bool)),
    )
    differ = found["verdict"].eq("differ").to_numpy()
    differences = as_figures(rows.filter(differ)).assign(recomputed=found.loc[differ, "recomputed"].to_numpy())
    reasons = [_reason(row, multiplier_of(indicators, row["indicator"]), all_rows) for _, row in differences.iterrows()]
    return BackTest(_summary(found), differences.assign(reason=reasons))


def multiplier_of(indicators: Mapping[str, Indicator], name: str) -> float:
    """Return the multiplier of an indicator."""
    return float(indicators[name].multiplier)


def _reason(row: pd.Series, multiplier: float, all_rows: pd.DataFrame) -> str:
    """Why a value differs, as far as the figures themselves tell."""
    top, bottom, places = row["numerator"], row["denominator"], int(row["precision"])
    exact = multiplier * top / bottom * 10**places
    if row["geographic_level"] == "Local authority":
        is_half = abs(exact % 1 - 0.5) < 1e-9
        if is_half and abs(row["value"] * 10**places - (exact - 0.5)) < 1e-6:
            return f"{top:.0f} of {bottom:.0f} is a half exactly, and the source rounds it down"
        return UNEXPLAINED
    left_out = _without_value(row, all_rows)
    rest = bottom - left_out["denominator"].sum()
    if left_out.empty or rest <= NEAREST / 2:
        return UNEXPLAINED
    low, high = (multiplier * (top + step) / (rest - step) for step in (-NEAREST / 2, NEAREST / 2))
    if low <= row["value"] + 0.5 / 10**places and high >= row["value"] - 0.5 / 10**places:
        names = ", ".join(
            f"{load_areas()[code].name} ({base:.0f})"
            for code, base in left_out[["area_code", "denominator"]].itertuples(index=False)
        )
        return f"the percentage leaves out authorities whose count is marked as not usable: {names}"
    return UNEXPLAINED


def _without_value(row: pd.Series, all_rows: pd.DataFrame) -> pd.DataFrame:
    """Authorities within a region, or England, whose base is printed while their count is missing or of low reliability."""
    same = all_rows[
        (all_rows["indicator"] == row["indicator"])
        & (all_rows["period"] == row["period"])
        & (all_rows["source"] == row["source"])
        & (all_rows["breakdown"] == row["breakdown"])
        & all_rows["status"].isin(["low_reliability", "not_available"])
        & all_rows["denominator"].notna()
    ]
    inside = [
        row["area_code"] == ENGLAND or row["area_code"] in {region.code for region in regions_of(load_areas()[code])}
        for code in same["area_code"].astype(str)
    ]
    of_authorities = same["area_code"].astype(str).str.startswith(("E06", "E07", "E08", "E09", "E10"))
    kept: pd.DataFrame = same[np.array(inside, dtype=bool) & of_authorities.to_numpy(dtype=bool)]
    return kept


def _is_worked_from_counts(indicators: Mapping[str, Indicator]) -> dict[str, bool]:
    return {name: item.calculation in ("proportion", "rate") for name, item in indicators.items()}


def _verdicts(
    table: pd.DataFrame, multiplier: Floats, local: npt.NDArray[np.bool_]
) -> dict[str, npt.NDArray[np.object_] | Floats]:
    top, bottom, value = (table[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator", "value"))
    places = table["precision"].to_numpy(dtype=np.int64)
    known = np.isfinite(top) & np.isfinite(bottom) & (bottom > 0)
    recomputed = rounded_half_up(top, bottom, multiplier=multiplier, decimals=places)
    is_share = multiplier == 100
    low = rounded_half_up(
        np.maximum(top - NEAREST / 2, 0), bottom + is_share * NEAREST / 2, multiplier=multiplier, decimals=places
    )
    high = rounded_half_up(
        top + NEAREST / 2, np.maximum(bottom - is_share * NEAREST / 2, 1), multiplier=multiplier, decimals=places
    )
    same = np.isclose(recomputed, value, rtol=0, atol=1e-9)
    within = ~local & (value >= low - 1e-9) & (value <= high + 1e-9)
    verdict = np.select([~known, same, within], ["not compared", "equal", "within rounding"], "differ")
    return {"recomputed": recomputed, "verdict": verdict}


def rounded_half_up(top: Floats, bottom: Floats, *, multiplier: Floats, decimals: npt.NDArray[np.int64]) -> Floats:
    """Return multiplier * top / bottom rounded half up, worked out in whole numbers so that a half is a half.

    Args:
        top: counts, or counts and a half.
        bottom: counts above 0, or counts and a half.
        multiplier: 100 or 10,000.
        decimals: decimals to round to.

    Example:
        >>> one = lambda *cells: [np.array([cell]) for cell in cells]
        >>> top, bottom, multiplier = one(115.0, 368.0, 100.0)
        >>> rounded_half_up(top, bottom, multiplier=multiplier, decimals=np.array([1])).tolist()
        [31.3]
    """
    scale = 10.0**decimals
    doubled = 2 * np.where(np.isfinite(top), top, 0) * multiplier * scale
    divisor = np.where(np.isfinite(bottom) & (bottom > 0), bottom, 1)
    # floor(x / y + 1/2) = floor((2 x + y) / (2 y)); counts may end in a half, so all is doubled once more.
    whole = (2 * doubled + 2 * divisor).astype(np.int64) // (4 * divisor).astype(np.int64)
    return np.where(np.isfinite(top) & np.isfinite(bottom) & (bottom > 0), whole / scale, np.nan)


def _summary(found: pd.DataFrame) -> pd.DataFrame:
    keys = ["indicator", "source", "areas"]
    counted = (
        found.assign(**{name: found[name].astype(str) for name in keys})
        .groupby([*keys, "verdict"])
        .size()
        .unstack(fill_value=0)
    )
    names = {"equal": "equal", "within rounding": "within_rounding", "differ": "differ", "not compared": "not_compared"}
    table = counted.reindex(columns=list(names), fill_value=0).rename(columns=names).reset_index()
    table = table.rename(columns={"source": "release"})
    table.columns.name = None
    table = table.assign(compared=table[["equal", "within_rounding", "differ"]].sum(axis=1))
    return pd.DataFrame(table)[
        ["indicator", "release", "areas", "compared", "equal", "within_rounding", "differ", "not_compared"]
    ]
