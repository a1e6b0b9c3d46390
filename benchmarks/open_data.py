"""How fast official files become observations, beside pandas' fastest CSV reader on the same bytes, in one run.

    python benchmarks/open_data.py FOLDER

Asked: reading no slower than 2 times pandas' fastest reader; a second reading, from the store, at least 10 times
faster than the first; one authority's figures in under a second of work beyond the start of Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.indicators import open_folder as module
from analysis.indicators.definitions import load_indicators
from analysis.indicators.open_folder import open_folder
from analysis.sources.releases import load_releases, load_tables
from analysis.sources.store import STORE_VARIABLE

ROUNDS = 7


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Return the shortest of several times, in seconds: the one that the rest of the machine disturbed least."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def started(*arguments: str) -> float:
    """Return how long a fresh Python takes for a command, in seconds."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def first_and_second(folder: Path) -> tuple[float, float]:
    """Return the times of a reading that writes the store, and of one that reads from it."""
    with tempfile.TemporaryDirectory() as store:
        os.environ[STORE_VARIABLE] = store
        module._opened.cache_clear()
        first = best_of(1, lambda: open_folder(folder).observations())

        def again() -> None:
            module._opened.cache_clear()
            open_folder(folder).observations()

        second = best_of(ROUNDS, again)
        module._opened.cache_clear()
        del os.environ[STORE_VARIABLE]
    return first, second


def main(folder: Path) -> None:
    """Measure and print."""
    paths = sorted(path for path in folder.rglob("*.csv"))
    size = sum(path.stat().st_size for path in paths) / 1e6
    # Definitions and maps are read once a start, whatever the files; they are no part of reading files.
    load_releases(), load_tables(), load_indicators()
    open_folder(folder, use_store=False)
    readers = {engine: best_of(ROUNDS, lambda engine=engine: [pd.read_csv(path, engine=engine) for path in paths])  # type: ignore[misc]
               for engine in ("c", "pyarrow")}  # fmt: skip
    fastest = min(readers, key=readers.__getitem__)
    ours = best_of(ROUNDS, lambda: open_folder(folder, use_store=False))
    rows = open_folder(folder, use_store=False).observations().num_rows
    pairs = [first_and_second(folder) for _ in range(3)]
    first, second = min(one for one, _ in pairs), min(two for _, two in pairs)
    figures = ["-m", "analysis", "figures", "--area", "Leeds", "--format", "csv", "--data", str(folder)]
    started(*figures)
    one_area = min(started(*figures) for _ in range(3)) - min(started("-c", "pass") for _ in range(3))
    print(f"{len(paths)} files, {size:.1f} MB, {rows:,} observations")
    print(
        f"pandas, engine {fastest!r}:        {readers[fastest]:.3f} s   (c {readers['c']:.3f}, pyarrow {readers['pyarrow']:.3f})"
    )
    print(f"into observations:           {ours:.3f} s   {ours / readers[fastest]:.2f} times pandas (asked: at most 2)")
    print(f"first reading, store written {first:.3f} s")
    print(f"second, from the store:      {second:.3f} s   {first / second:.1f} times faster (asked: at least 10)")
    print(f"figures of Leeds as CSV:     {one_area:.3f} s beyond the start of Python (asked: under 1)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
