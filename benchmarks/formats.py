"""What each format adds to a report: seconds beside those of its page, in one run, in turns."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from analysis.report.exhibited import About, exhibits_of, title_of
from analysis.report.formats import FORMATS, Content, in_format
from analysis.report.page import page_of
from analysis.report.runner import list_notebooks, run_notebook
from analysis.report.signature import read_signature


def main() -> int:
    """Print a line a report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"one report after the other, median of {runs} runs in turns, seconds\n")
    print(f"{'report':36}{'notebook':>10}{'page':>8}" + "".join(f"{name:>8}" for name in FORMATS if name != "html"))
    for name, path in list_notebooks().items():
        seconds = measure(name, path, runs)
        print(f"{name:36}{seconds['notebook']:>10.2f}" + "".join(f"{seconds[item]:>8.2f}" for item in FORMATS))
    return 0


def measure(name: str, path: Path, runs: int) -> dict[str, float]:
    """Return the seconds of one notebook's run, of its page (as html) and of each further format."""
    values = {item: parameter.default for item, parameter in read_signature(path).items()}
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        notebook = run_notebook(path, values, failed=Path(folder) / "failed.ipynb")
    found: dict[str, list[float]] = {item: [] for item in FORMATS}
    took = time.perf_counter() - start
    exhibits = exhibits_of(notebook)
    about = About(name, title_of(notebook), str(values["area"]), str(values["year"]))
    for _ in range(runs + 1):
        start = time.perf_counter()
        page = page_of(notebook, exhibits, about=about)
        found["html"].append(time.perf_counter() - start)
        for item in FORMATS:
            if item != "html":
                start = time.perf_counter()
                in_format(item, Content(page, exhibits, about))
                found[item].append(time.perf_counter() - start)
    # The first run warms up: libraries are loaded, the browser comes from the disk.
    return {"notebook": took} | {item: median(times[1:]) for item, times in found.items()}


if __name__ == "__main__":
    sys.exit(main())
