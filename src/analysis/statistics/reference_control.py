"""Checks of process control: limits, rules and signals of XmR charts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.statistics.inputs import Bools
from analysis.statistics.reference_items import (
    Cases,
    Companions,
    Excluded,
    Figures,
    Item,
    Labels,
    figures,
    labels_of,
    texts,
    vector,
)
from analysis.statistics.spc import ProcessLimits, add_process_limits, assurance, xmr_limits
from analysis.statistics.spc_rules import (
    part_of_seven,
    part_of_two_in_three,
    seven_on_one_side,
    seven_point_trend,
    two_in_three,
)

CAUSES = {
    "Common Cause": "common cause",
    "Above UCL": "above limit",
    "Below LCL": "below limit",
    "7 Points Above CL": "7 points above mean",
    "7 Points Below CL": "7 points below mean",
    "2 in 3 Above CL": "2 of 3 near upper limit",
    "2 in 3 Below CL": "2 of 3 near lower limit",
    "7 Point Trend (Increasing)": "7 points rising",
    "7 Point Trend (Decreasing)": "7 points falling",
}
_POLARITY = {
    "1": "higher_is_better",
    "-1": "lower_is_better",
    "0": "neutral",
    "increase": "higher_is_better",
    "decrease": "lower_is_better",
    "neutral": "neutral",
}
_SIGNALS = {"improvement": "improvement", "concern": "concern", "high": "neutral_high", "low": "neutral_low"}


def check_spc(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check process limits, rules and signals against NHSRplotthedots, series by series."""
    names = pd.Series(texts(frame, "series"))
    yield Cases(len(frame))
    for places in names.groupby(names, sort=False).indices.values():
        yield from _spc(frame.iloc[places])


def _spc(rows: pd.DataFrame) -> Iterator[Item]:
    fixed = figures(rows, "fix_after_n_points")[0]
    polarity = _POLARITY[texts(rows, "improvement_direction")[0].removesuffix(".0")]
    given = pd.DataFrame({"time": figures(rows, "i"), "value": figures(rows, "value")})
    given["break_before"] = [text in ("1", "1.0", "TRUE", "True") for text in texts(rows, "rebase")]
    found = add_process_limits(
        given,
        time="time",
        polarity=polarity,
        screen_outliers=texts(rows, "screen_outliers")[0].casefold() == "true",
        fix_after=None if np.isnan(fixed) else int(fixed),
    )
    expected = figures(rows, "expected_lpl")
    flat = np.isnan(expected) & (given["value"].to_numpy() == found["lower_process_limit"].to_numpy())
    yield Figures("mean", figures(found, "process_mean"), figures(rows, "expected_mean"))
    for column, theirs in (("lower_process_limit", "expected_lpl"), ("upper_process_limit", "expected_upl")):
        yield Figures(column, figures(found, column)[~flat], figures(rows, theirs)[~flat])
    if flat.any():
        yield Excluded(2 * int(flat.sum()), "a constant series: upstream's limits are missing, ours have no width")
    yield from _spc_labels(rows, found, flat)


def _spc_labels(rows: pd.DataFrame, found: pd.DataFrame, flat: Bools) -> Iterator[Item]:
    name, kept = texts(rows, "series")[0], ~flat
    causes = tuple(CAUSES.get(text, text) for text in np.array(texts(rows, "expected_cause"))[kept])
    yield Labels(f"cause in {name}", labels_of(found["cause"][kept]), causes)
    types = tuple(np.array(texts(rows, "expected_point_type"))[kept])
    signals = labels_of(found["signal"][kept])
    ours = tuple(f"special_cause_{_SIGNALS[word]}" if word else "common_cause" for word in signals)
    yield Labels(f"signal in {name}", ours, types)


def check_spc_limits(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check printed process limits, to the digits printed."""
    yield Cases(len(frame))
    keys = pd.DataFrame({name: texts(frame, name) for name in ("series", "screen")})
    for places in keys.groupby(["series", "screen"], sort=False).indices.values():
        rows = frame.iloc[places]
        limits = xmr_limits(figures(rows, "value"), screen_outliers=texts(rows, "screen")[0].casefold() == "true")
        # Captions print two decimals, snapshots seven significant digits.
        near_zero = 0.00501 if "2 dp" in texts(rows, "note")[0] else 6e-7
        for column, ours in (("mean", limits.mean), ("lpl", limits.lower), ("upl", limits.upper)):
            theirs = figures(rows, f"expected_{column}")
            yield Figures(column, np.full(len(rows), ours), theirs, near_zero=near_zero)


def check_spc_rules(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check single calls of the rules."""
    yield Cases(len(frame))
    names = ("rule", "input", "relative_to_mean_or_option", "expected_output", "case_id")
    for rule, given, option, expected, case in zip(*(texts(frame, name) for name in names), strict=True):
        yield Labels(case, (_rule(rule, given, option),), ("" if expected == "NA" else expected,))


def _rule(rule: str, given: str, option: str) -> str:
    if rule == "assurance":
        parts = {key: float(value) for key, value in (piece.split("=") for piece in given.split())}
        limits = ProcessLimits((parts["lpl"] + parts["upl"]) / 2, parts["lpl"], parts["upl"])
        direction = _POLARITY[option.partition("=")[2]]
        return (assurance(limits, parts["target"], polarity=direction) or "").replace(" ", "_")
    values = vector(given).astype(np.int64)
    side = vector(option).astype(np.int64)
    found = {
        "seven_point_one_side_mean": lambda: seven_on_one_side(values),
        "part_of_seven": lambda: part_of_seven(values),
        "seven_point_trend": lambda: seven_point_trend(values.astype(np.float64)),
        "two_in_three": lambda: two_in_three(values, side),
        "part_of_two_in_three": lambda: part_of_two_in_three(values, side),
    }[rule]()
    return " ".join(str(int(sign)) for sign in found)
