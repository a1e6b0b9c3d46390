"""What a million rates and proportions cost here, beside the bare formula on the same arrays.

Both sides run in turns in one process, so that a busy machine slows them alike; the medians and their
ratio are printed. The ratio may be at most 5. Run it with

    python benchmarks/rates.py
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.statistics.change import add_change
from analysis.statistics.comparison import add_proportion_difference, add_rate_ratio, add_risk_ratio
from analysis.statistics.overall import add_holm
from analysis.statistics.rates import add_proportion, add_rate
from analysis.statistics.representation import add_fixed_representation
from analysis.statistics.rounding import add_implied_numerator, add_proportion_within_rounding
from analysis.statistics.spc import add_process_limits

MOST = 5.0
Floats = npt.NDArray[np.float64]
Call = Callable[[], object]


def bare_rates(count: Floats, base: Floats, *, multiplier: float = 10_000) -> tuple[Floats, Floats, Floats]:
    """Return rates with Byar's limits from 10 events and exact ones below, by the formula alone."""
    z = stats.norm.isf(0.025)
    above = count + 1
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = count * (1 - 1 / (9 * count) - z / (3 * np.sqrt(count))) ** 3
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    few = count < 10
    some = count[few]
    lower[few] = np.where(some > 0, stats.chi2.ppf(0.025, 2 * np.maximum(some, 1)) / 2, 0.0)
    upper[few] = stats.chi2.isf(0.025, 2 * some + 2) / 2
    return count / base * multiplier, lower / base * multiplier, upper / base * multiplier


def bare_proportions(count: Floats, base: Floats, *, multiplier: float = 100) -> tuple[Floats, Floats, Floats]:
    """Return proportions with Wilson's limits by the formula alone."""
    z = stats.norm.isf(0.025)
    reach = z * np.sqrt(z**2 + 4 * count * (1 - count / base))
    scale = multiplier / (2 * (base + z**2))
    middle = 2 * count + z**2
    return count / base * multiplier, (middle - reach) * scale, (middle + reach) * scale


def make_rows(size: int, *, seed: int = 1) -> pd.DataFrame:
    """Make counts such as areas have: nine in ten about 60 a year, one in ten about 6."""
    rng = np.random.default_rng(seed)
    numerator = np.where(rng.random(size) < 0.9, rng.poisson(60, size), rng.poisson(6, size))
    return pd.DataFrame({"numerator": numerator, "denominator": numerator + rng.integers(50, 5000, size)})


def seconds(call: Call) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_turns(ours: Call, bare: Call, *, runs: int) -> tuple[float, float]:
    """Return the median seconds of two calls that are run in turns, after one run of each to warm up."""
    ours(), bare()
    pairs = [(seconds(ours), seconds(bare)) for _ in range(runs)]
    first, second = zip(*pairs, strict=True)
    return statistics.median(first), statistics.median(second)


def compared(size: int) -> dict[str, tuple[Call, Call]]:
    """Return what is measured against a bare formula, having checked that both give the same numbers."""
    rows = make_rows(size)
    count, base = (rows[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator"))
    found = {
        "rates.add_rate": (partial(add_rate, rows), partial(bare_rates, count, base)),
        "rates.add_proportion": (partial(add_proportion, rows), partial(bare_proportions, count, base)),
    }
    for ours, bare in found.values():
        table = ours()
        for name, figures in zip(("value", "lower_ci", "upper_ci"), bare(), strict=True):
            np.testing.assert_allclose(table[name], figures, rtol=1e-9, atol=1e-9)
    return found


def row_by_row(size: int) -> dict[str, Call]:
    """Return the statistics that go through their rows one by one."""
    rows, other = make_rows(size), make_rows(size, seed=2)
    both = rows.assign(other_numerator=other["numerator"], other_denominator=other["denominator"])
    share = (100 * rows["numerator"] / rows["denominator"]).round(1)
    printed = pd.DataFrame({"value": share, "precision": 1, "denominator": rows["denominator"]})
    profile = pd.DataFrame(
        {"users_in_group": rows["numerator"], "users_total": rows["denominator"], "population_share": 0.1}
    )
    years = rows.assign(area=np.arange(size) // 10, year=np.arange(size) % 10, value=rows["numerator"].astype(float))
    return {
        "comparison.add_rate_ratio": partial(add_rate_ratio, both),
        "comparison.add_risk_ratio (Katz)": partial(add_risk_ratio, both),
        "comparison.add_risk_ratio (score)": partial(add_risk_ratio, both, limits="score"),
        "comparison.add_proportion_difference": partial(add_proportion_difference, both),
        "change.add_change (series of 10)": partial(add_change, years, by=["area"]),
        "representation.add_fixed_representation": partial(add_fixed_representation, profile),
        "rounding.add_implied_numerator": partial(add_implied_numerator, printed),
        "rounding.add_proportion_within_rounding": partial(add_proportion_within_rounding, printed),
        "spc.add_process_limits (series of 10)": partial(add_process_limits, years, by=["area"]),
        "overall.add_holm (one family)": partial(add_holm, pd.DataFrame({"p_value": np.linspace(0, 1, size)})),
    }


def main() -> int:
    """Measure, print the table and return 1 where a ratio is above the most that is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rates and proportions (default: a million)")
    parser.add_argument("--runs", type=int, default=7, help="runs of which the median is taken (default: 7)")
    asked = parser.parse_args()
    print(f"{asked.rows:,} rows, median of {asked.runs} runs in turns, seconds")
    print(f"{'statistic':<42}{'ours':>9}{'bare':>9}{'ratio':>8}")
    worst = 0.0
    for name, (ours, bare) in compared(asked.rows).items():
        mine, plain = in_turns(ours, bare, runs=asked.runs)
        worst = max(worst, mine / plain)
        print(f"{name:<42}{mine:>9.3f}{plain:>9.3f}{mine / plain:>8.2f}")
    print("\n1,000 rows, median of 3 runs, milliseconds (row by row; no requirement)")
    for name, call in row_by_row(1_000).items():
        call()
        cost = statistics.median(seconds(call) for _ in range(3))
        print(f"{name:<42}{1000 * cost:>9.1f}")
    print(f"\nThe largest ratio is {worst:.2f}; at most {MOST:g} is allowed.")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
