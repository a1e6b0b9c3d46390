"""What counting every indicator costs, beside merely reading the same files, and beside the same rules in plain pandas, in one run.

    python benchmarks/counting.py FOLDER [--children 4000 40000 560000] [--plain 2000]

FOLDER holds a set of made-up returns for each number of children, of seven years; sets that are not there are made, the largest in some
twenty minutes. Every set is measured in a Python of its own, so that its peak of memory is its own.

Asked: from files to every indicator in at most 10 times the time that the engine needs to read the files and count their rows; under
2 GiB; cost that grows no faster than the records do; and each rule at least 50 times faster than in plain pandas.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import duckdb
import pandas as pd
from lxml import etree
from plain_rules import PLAIN, Answer

from analysis.indicators.counting.engine import count, prepare
from analysis.indicators.counting.rules import load_rules
from analysis.indicators.counting.script import script_of
from analysis.sources.returns.opening import open_returns
from analysis.synthetic.making import Order, make_returns

YEARS = range(2019, 2026)
MOST_TIMES, MOST_BYTES, LEAST_FASTER = 10.0, 2 * 1024**3, 50.0
#: A year's SSDA903, and the same with the census of children in need and the list of advocacy referrals.
CARE = ("header.csv", "episodes.csv", "reviews.csv", "uasc.csv")
ALL = (*CARE, "advocacy_referrals.csv", "cin_census.xml")
#: Truth is told in words of its own for these.
TRUTH = {
    "cla_three_placements": "three_placements",
    "cla_same_placement": "same_carer_two_years",
    "children_reviewed_on_time": "reviews_on_time",
    "review_participation": "participation",
    "cp_repeat_plans_24_months": "cp_repeat_24_months",
}
#: What the rules in plain pandas take.
PLAIN_TABLES = ("header", "episodes", "reviews", "plans")
Seconds = dict[str, float]


class Measured(TypedDict):
    """What one set cost.

    Attributes:
        episodes, reviews: how many records it has.
        peak: bytes of memory at most.
        indicators: how many rules counted something.
        wrong: rules and years that are unlike the truth.
        care, every: seconds from the files of SSDA903, and from all files.
    """

    episodes: int
    reviews: int
    peak: int
    indicators: int
    wrong: list[str]
    care: Seconds
    every: Seconds


def set_of(folder: Path, children: int) -> Path:
    """Return the folder of a set, which is made if it is not there."""
    place = folder / str(children)
    if not (place / "truth.csv").exists():
        print(f"Making the returns of {children:,} children ...", file=sys.stderr)
        make_returns(Order(children, tuple(YEARS), seed=1), place)
    return place


def files_of(place: Path, names: Sequence[str]) -> list[Path]:
    """Return the files of those names, year by year."""
    return [place / str(year) / name for year in YEARS for name in names]


def read_bare(files: Sequence[Path]) -> int:
    """Read files and count their rows, as plainly as the engine can; it reads no XML, whose elements lxml counts."""
    with closing(duckdb.connect()) as con:
        con.execute("SET memory_limit = '1200MB'")
        tables = [str(path) for path in files if path.suffix == ".csv"]
        rows = 0
        for name in sorted({Path(path).name for path in tables}):
            same = [path for path in tables if Path(path).name == name]
            # Each column is looked at, as one that nobody asks for is not read.
            read = "SELECT count(COLUMNS(*)) FROM read_csv($files, all_varchar = true, header = true)"
            rows += max(con.execute(read, {"files": same}).fetchall()[0])
    return rows + sum(_elements(path) for path in files if path.suffix == ".xml")


def _elements(path: Path) -> int:
    found = 0
    for _, element in etree.iterparse(str(path), resolve_entities=False, no_network=True, huge_tree=False):
        found += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return found


def count_all(files: Sequence[Path]) -> tuple[Seconds, pd.DataFrame]:
    """Count every indicator from files: the seconds of reading, of the steps that rules share, and of the rules; and what was counted."""
    start = time.perf_counter()
    with open_returns(files) as opened:
        read = time.perf_counter()
        prepare(opened.con, years=list(YEARS))
        prepared = time.perf_counter()
        rows = count(opened.con)
        counted = time.perf_counter()
    seconds = {"read": read - start, "steps": prepared - read, "rules": counted - prepared}
    return {**seconds, "ours": sum(seconds.values())}, rows


def measure(place: Path, runs: int) -> Measured:
    """Measure one set: ours and the bare reading in turns."""
    _, rows = count_all(files_of(place, ALL))
    # Nothing else has been done yet by this Python, so that the peak is that of counting alone.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "episodes": records_in(files_of(place, ["episodes.csv"])),
        "reviews": records_in(files_of(place, ["reviews.csv"])),
        "peak": peak,
        "indicators": int(rows["rule"].nunique()),
        "wrong": differences(place, rows),
        "care": in_turns(files_of(place, CARE), runs),
        "every": in_turns(files_of(place, ALL), runs),
    }


def in_turns(files: Sequence[Path], runs: int) -> Seconds:
    """Return the medians of counting and of bare reading, run in turns."""
    found = []
    for _ in range(runs):
        ours, _ = count_all(files)
        start = time.perf_counter()
        read_bare(files)
        found.append({**ours, "bare": time.perf_counter() - start})
    return {name: statistics.median(one[name] for one in found) for name in found[0]}


def records_in(files: Sequence[Path]) -> int:
    """Return how many lines files have, less their headings."""
    lines = 0
    for path in files:
        with path.open("rb") as file:
            lines += sum(1 for _ in file) - 1
    return lines


def differences(place: Path, rows: pd.DataFrame) -> list[str]:
    """Return the rules and years whose numbers are not the true ones, by construction, that lie beside the returns."""
    truth = pd.read_csv(place / "truth.csv")
    truth = truth[truth["group"] == "Total"].set_index(["indicator", "year"])[["numerator", "denominator"]]
    wrong = []
    for name, year, top, base in _totals(rows):
        key = (TRUTH.get(name, name), year)
        # Of planned moves the truth counts moves, the rule those whose reason is known.
        if key in truth.index and name != "moves_planned":
            true_top, true_base = truth.loc[key]
            same_base = pd.isna(base) or pd.isna(true_base) or base == true_base
            wrong += [] if top == true_top and same_base else [f"{name} {year}"]
    return wrong


def _totals(rows: pd.DataFrame) -> Iterator[tuple[str, int, float, float]]:
    whole = rows[rows["topic"] == "Total"]
    top = whole["numerator"].fillna(whole["value"])
    yield from zip(whole["rule"], whole["year"], top, whole["denominator"], strict=True)


def against_pandas(place: Path) -> Iterator[tuple[str, float, float]]:
    """Yield rule by rule the seconds of its script, with the steps that it stands on, and of plain pandas on the same tables.

    Raises:
        ValueError: they do not count the same.
    """
    with open_returns(files_of(place, ALL)) as opened:
        tables = {name: opened.con.execute(f"SELECT * FROM {name}").df() for name in PLAIN_TABLES}
        for rule, plain in PLAIN.items():
            start = time.perf_counter()
            rows = opened.con.execute(script_of(rule, years=list(YEARS))).df()
            scripted = time.perf_counter()
            answer = plain(tables, list(YEARS))
            yield rule, scripted - start, time.perf_counter() - scripted
            _require_same(rule, rows, answer)


def _require_same(rule: str, rows: pd.DataFrame, plain: Answer) -> None:
    whole = rows[rows["topic"] == "Total"]
    numbers = zip(whole["year"], whole["numerator"], whole["denominator"], strict=True)
    ours = {int(year): (int(top), int(base)) for year, top, base in numbers}
    # The first years, of which what a rule looks back on is not held, are counted by nobody.
    ours = {year: numbers for year, numbers in ours.items() if year >= YEARS[0] + load_rules().rules[rule].years_before}
    other = {year: plain[year] for year in ours}
    if ours != other:
        raise ValueError(f"{rule}: counted were {ours} here and {other} in pandas.")


def measured(folder: Path, children: int, runs: int) -> Measured:
    """Measure a set in a fresh Python."""
    order = [sys.executable, __file__, str(folder), "--one", str(children), "--runs", str(runs)]
    done = subprocess.run(order, check=True, stdout=subprocess.PIPE, text=True)
    found: Measured = json.loads(done.stdout)
    return found


def tell(children: int, found: Measured) -> bool:
    """Print what one set cost; True where it is within what is asked."""
    print(f"\n{children:,} children: {found['episodes']:,} episodes, {found['reviews']:,} reviews")
    print(f"{'files':<44}{'read':>8}{'steps':>8}{'rules':>8}{'ours':>8}{'bare':>8}{'ratio':>8}")
    costs = {"SSDA903": found["care"], "SSDA903, CIN Census, advocacy referrals": found["every"]}
    for what, cost in costs.items():
        cells = "".join(f"{cost[name]:>8.2f}" for name in ("read", "steps", "rules", "ours", "bare"))
        print(f"{what:<44}{cells}{ratio_of(cost):>8.1f}")
    wrong, peak = ", ".join(found["wrong"]) or "none", found["peak"]
    print(f"{found['indicators']} indicators; peak of memory {peak / 1024**3:.2f} GiB; unlike the truth: {wrong}")
    return max(map(ratio_of, costs.values())) <= MOST_TIMES and peak < MOST_BYTES and not found["wrong"]


def ratio_of(cost: Seconds) -> float:
    """Return how many times as long as bare reading counting took."""
    return cost["ours"] / cost["bare"]


def tell_growth(sizes: Sequence[int], found: Sequence[Measured]) -> bool:
    """Print how the cost grew beside the records; True where it grew no faster."""
    grown = [(b["episodes"] / a["episodes"], b["care"]["ours"] / a["care"]["ours"]) for a, b in pairwise(found)]
    for (one, other), (records, seconds) in zip(pairwise(sizes), grown, strict=True):
        print(f"From {one:,} to {other:,} children: {records:.1f} times the episodes, {seconds:.1f} times the seconds")
    return all(seconds <= records for records, seconds in grown)


def tell_pandas(place: Path) -> bool:
    """Print each rule beside plain pandas; True where each is as much faster as is asked."""
    print(f"\nOf {int(place.name):,} children\n{'rule':<32}{'ours':>8}{'pandas':>9}{'ratio':>8}")
    faster = []
    for rule, ours, plain in against_pandas(place):
        faster.append(plain / ours)
        print(f"{rule:<32}{ours:>8.2f}{plain:>9.1f}{faster[-1]:>8.0f}", flush=True)
    return min(faster) >= LEAST_FASTER


def main() -> int:
    """Measure, print, and return 1 where something asked is not reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the made-up returns lie, or are put")
    parser.add_argument(
        "--children",
        type=int,
        nargs="+",
        default=[4_000, 40_000, 560_000],
        help="the sizes of the sets, from small to large",
    )
    parser.add_argument(
        "--plain", type=int, default=2_000, help="the size of the set that plain pandas counts too; 0 for none"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median is taken")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.folder / str(asked.one), asked.runs)))
        return 0
    places = [set_of(asked.folder, size) for size in asked.children]
    found = [measured(asked.folder, int(place.name), asked.runs) for place in places]
    print(f"Seconds, median of {asked.runs} runs in turns")
    met = [tell(size, item) for size, item in zip(asked.children, found, strict=True)]
    met.append(tell_growth(asked.children, found))
    if asked.plain:
        met.append(tell_pandas(set_of(asked.folder, asked.plain)))
    print(
        f"\nAsked: a ratio of at most {MOST_TIMES:g}, under {MOST_BYTES / 1024**3:g} GiB, seconds that grow no faster than episodes, "
        f"and {LEAST_FASTER:g} times faster than pandas. {'All reached.' if all(met) else 'Not all reached.'}"
    )
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
