"""Makes the folder: lives are drawn, written and added up one after another, so that memory does not grow with their number."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import OutputError
from analysis.synthetic.advocacy import ReferralDrawing
from analysis.synthetic.advocacy_truth import AdvocacyTruth
from analysis.synthetic.annex_a import AnnexWriter
from analysis.synthetic.cin_census import CensusWriter
from analysis.synthetic.histories import draw_children
from analysis.synthetic.lives import Child
from analysis.synthetic.localities import LocalityWriter
from analysis.synthetic.readme import FIRST_LINE, readme_of
from analysis.synthetic.referral_list import ReferralWriter
from analysis.synthetic.ssda903 import Writer, episodes_of, rows_of, writer_of
from analysis.synthetic.truth import Truth, Year, year_of

_HEADINGS = ("year", "indicator", "group", "numerator", "denominator")
#: Children between two reports of progress.
_STEP = 500


@dataclass(frozen=True, slots=True)
class Order:
    """What to make.

    Attributes:
        children: how many.
        years: the years, in order, each by the calendar year in which it ends.
        seed: any whole number; the same order gives the same bytes.
        format: how SSDA903 is written, ``csv`` or ``xml``.
    """

    children: int
    years: tuple[int, ...]
    seed: int
    format: str = "csv"


@dataclass(slots=True)
class _Return:
    """The files of a year that are being written."""

    year: Year
    care: Writer
    census: CensusWriter
    annex: AnnexWriter
    referrals: ReferralWriter
    localities: LocalityWriter


def make_returns(order: Order, folder: Path, *, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Write made-up returns and their true answers.

    Args:
        order: what to make.
        folder: where; it is made if it is not there. What an earlier run wrote there is written over.
        progress: told how many children are done.

    Raises:
        OutputError: the folder holds something else, or cannot be written.
    """
    require_own_folder(folder)
    try:
        _write(order, folder, progress)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror or error}. Give another folder to --output."
        ) from error


def require_own_folder(folder: Path) -> None:
    """Refuse a folder that holds anything that this command did not make: real returns might lie there.

    Args:
        folder: where returns are to be written.

    Raises:
        OutputError: it holds something else.
    """
    readme = folder / "README.md"
    ours = readme.is_file() and readme.read_text(encoding="utf-8", errors="replace").startswith(FIRST_LINE)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not ours)):
        raise OutputError(
            f"{folder} holds something that this command did not make. Give an empty or a new folder to --output."
        )


def _write(order: Order, folder: Path, progress: Callable[[str, int, int], None] | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # The README comes first: should the run be stopped, the folder still says that all in it is made up.
    (folder / "README.md").write_text(
        readme_of(order.children, order.years, order.seed, order.format), encoding="utf-8", newline="\n"
    )
    truth, advocacy = Truth(order.years), AdvocacyTruth(order.years)
    returns = [_open(folder / str(year), year, order.format) for year in order.years]
    referrals = ReferralDrawing(order.seed, order.years)
    for done, child in enumerate(draw_children(order.children, years=order.years, seed=order.seed), start=1):
        child.referrals = referrals.draw(child)
        truth.add(child)
        advocacy.add(child)
        _add(child, returns)
        if progress is not None and done % _STEP == 0:
            progress("", done, order.children)
    for item in returns:
        for writer in (item.care, item.census, item.annex, item.referrals, item.localities):
            writer.close()
    _write_truth([*truth.rows(), *advocacy.rows()], folder / "truth.csv")


def _open(folder: Path, number: int, format_: str) -> _Return:
    folder.mkdir(exist_ok=True)
    year = year_of(number)
    return _Return(
        year,
        writer_of(folder, format_),
        CensusWriter(folder, year),
        AnnexWriter(folder, year),
        ReferralWriter(folder, year),
        LocalityWriter(folder, year),
    )


def _add(child: Child, returns: Sequence[_Return]) -> None:
    episodes = episodes_of(child)
    for item in returns:
        rows = rows_of(child, episodes, item.year) if episodes else None
        if rows is not None:
            item.care.add(rows)
        item.census.add(child)
        item.annex.add(child)
        item.referrals.add(child)
        item.localities.add(child)


def _write_truth(rows: Sequence[Sequence[str]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADINGS)
        writer.writerows(rows)
