"""A folder of official files, read once: its observations, its lists of neighbours, and what each file is."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
import pyarrow as pa

import analysis.indicators
import analysis.sources
from analysis.errors import DataError
from analysis.indicators.definitions import load_indicators
from analysis.indicators.open_observations import open_observations
from analysis.sources.checks import Problem
from analysis.sources.folders import data_folder
from analysis.sources.neighbour_models import COLUMNS as MEMBER_COLUMNS
from analysis.sources.neighbour_models import read_neighbour_model
from analysis.sources.open_data import OpenTable, read_table
from analysis.sources.open_files import Looked, look_at_folder, read_bytes
from analysis.sources.releases import load_releases
from analysis.sources.returns.looking import holds_returns
from analysis.sources.store import read_about, read_rows, stamp_of, write_store


@dataclass(frozen=True)
class FileReport:
    """What one file of a folder is, and how it fared.

    Attributes:
        name: the file, relative to the folder.
        is_a: what it is, in words.
        release: id of its release; blank where it is none.
        table: id of the table; blank where it is none.
        rows: rows read.
        periods: first and last period.
        levels: rows of each geographic level.
        left_out: why it is not read; empty where it is.
        missing: what one would expect in it and does not find.
    """

    name: str
    is_a: str
    release: str
    table: str
    rows: int
    periods: str
    levels: str
    left_out: list[str]
    missing: list[str]

    @property
    def is_neighbours(self) -> bool:
        """Whether it is a list of statistical neighbours."""
        return self.is_a.startswith("statistical neighbours")

    def path(self, folder: Path | str) -> Path:
        """Return where the file lies; of a file inside an archive, where the archive lies."""
        place = Path(folder) / self.name
        return next(one for one in (place, *place.parents) if one.is_file())


@dataclass(frozen=True)
class OpenFolder:
    """A folder that was read.

    Attributes:
        folder: where it lies.
        files: what each file is.
        members: the lists of neighbours: model, group, member, place, closeness, file, line.
        rows: the compact observations, where they are in memory; otherwise they are read from the store.
        checksum: of the rows in the store.
    """

    folder: Path
    files: tuple[FileReport, ...]
    members: pd.DataFrame
    rows: pa.Table | None
    checksum: str = ""

    def observations(self, *, areas: Sequence[str] = (), indicators: Sequence[str] = ()) -> pa.Table:
        """Return the compact observations of areas and indicators; all where none are given."""
        wanted = {"area_code": list(areas), "indicator": list(indicators)}
        wanted = {name: names for name, names in wanted.items() if names}
        rows = self.rows
        if rows is None:
            rows = read_rows(self.folder, checksum=self.checksum)
        if rows is None:
            # Somebody removed the store, or it is not whole: nothing is lost but the time to read the folder again.
            rows = _kept_anew(self.folder, _stamp(self.folder)).rows
            assert rows is not None
        for name, names in wanted.items():
            column = rows[name].combine_chunks()
            place = {text: at for at, text in enumerate(column.dictionary.to_pylist())}
            codes = [place[text] for text in names if text in place]
            rows = rows.filter(pa.array(np.isin(column.indices.to_numpy(), codes)))
        return rows


def open_folder(folder: Path | str, *, use_store: bool = True) -> OpenFolder:
    """Return what a folder of official files holds; from the store where nothing has changed since it was read.

    Args:
        folder: the folder, searched with all folders inside it.
        use_store: read from the store and write to it.

    Raises:
        DataError: there is no such folder, or nothing in it can be read; every reason is named.
    """
    place = Path(folder)
    if not use_store:
        return _read_folder(place)
    stamp = _stamp(place)
    return _opened(place, stamp)


@cache
def _opened(folder: Path, stamp: str) -> OpenFolder:
    about = read_about(folder, stamp=stamp) or {}
    try:
        files = tuple(FileReport(**item) for item in about["files"])
        members = pd.DataFrame({name: about["members"][name] for name in MEMBER_COLUMNS})
        checksum = str(about["rows"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return _read_anew(folder, stamp)
    return OpenFolder(folder, files, members, None, checksum)


@lru_cache(maxsize=1)
def _kept_anew(folder: Path, stamp: str) -> OpenFolder:
    """What a folder holds, kept in memory where the store is not to be relied on."""
    return _read_anew(folder, stamp)


def _read_anew(folder: Path, stamp: str) -> OpenFolder:
    found = _read_folder(folder)
    about = {
        "stamp": stamp, "files": [asdict(item) for item in found.files], "members": found.members.to_dict(orient="list"),
    }  # fmt: skip
    assert found.rows is not None
    rows = _in_area_order(found.rows)
    write_store(folder, rows, about=about)
    return OpenFolder(folder, found.files, found.members, rows)


def _stamp(folder: Path) -> str:
    """Changes with every file of the folder, with the catalogue, and with the code that reads."""
    data = data_folder()
    code = [
        path for package in (analysis.sources, analysis.indicators) for path in Path(package.__path__[0]).rglob("*.py")
    ]
    place = folder.resolve()
    files = [path for path in place.rglob("*") if path.is_file()] if place.is_dir() else []
    return stamp_of([*files, *(data / "catalogue").rglob("*.yml"), data / "reference" / "areas.csv", *code])


def check_folder(folder: Path | str) -> tuple[FileReport, ...]:
    """Return what each file of a folder is and how it fares, even where none can be read.

    Raises:
        DataError: there is no such folder, or it holds no CSV or zip file.
    """
    return tuple(_read_one(one)[0] for one in look_at_folder(Path(folder)))


def _read_folder(folder: Path) -> OpenFolder:
    looked = look_at_folder(folder)
    tables: list[OpenTable] = []
    files: list[FileReport] = []
    members: list[pd.DataFrame] = []
    for one in looked:
        report, table, model = _read_one(one)
        files.append(report)
        tables += [table] if table else []
        members += [model] if model is not None else []
    if not tables and not holds_returns(folder):
        raise DataError(_nothing_read(folder, files))
    rows = open_observations(tables, load_indicators().values())
    listed = pd.concat(members, ignore_index=True) if members else pd.DataFrame(columns=list(MEMBER_COLUMNS))
    return OpenFolder(folder, tuple(files), listed, rows)


def _read_one(one: Looked) -> tuple[FileReport, OpenTable | None, pd.DataFrame | None]:
    if one.model:
        try:
            members = _read_neighbours(one)
        except (DataError, OSError) as error:
            return _report(one, left_out=[str(error)]), None, None
        return _report(one, rows=len(members)), None, members
    if one.file is None:
        return _report(one, left_out=[problem.words(one.name) for problem in one.problems]), None, None
    table = read_table(one.file)
    if not isinstance(table, OpenTable):
        return _report(one, left_out=[problem.words(one.name) for problem in table]), None, None
    return _report_of(one, table), table, None


def _read_neighbours(one: Looked) -> pd.DataFrame:
    """A list of neighbours; one inside an archive is unpacked to be read."""
    if not one.inside:
        return read_neighbour_model(one.path)
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder) / PurePosixPath(one.inside).name
        unpacked.write_bytes(memoryview(read_bytes(one.path, one.inside)))
        return read_neighbour_model(unpacked)


def _report(one: Looked, *, left_out: Sequence[str] = (), rows: int = 0) -> FileReport:
    release = one.file.release.id if one.file else ""
    return FileReport(one.name, one.is_a, release, one.file.table if one.file else "", rows, "", "", list(left_out), [])


def _report_of(one: Looked, table: OpenTable) -> FileReport:
    periods = sorted(table.period.names[code] for code in np.unique(table.period.codes))
    codes, counts = np.unique(table.area.codes, return_counts=True)
    levels = {"England": 0, "regions": 0, "authorities": 0}
    for code, count in zip(codes, counts, strict=True):
        name = table.area.names[code]
        levels[_level_of(name)] += int(count)
    return FileReport(
        one.name, one.is_a, table.file.release.id, table.file.table, len(table.line),
        f"{periods[0]} to {periods[-1]}" if len(periods) > 1 else periods[0],
        ", ".join(f"{name} {count:,}" for name, count in levels.items() if count), [], _words(one.name, table.missing),
    )  # fmt: skip


def _level_of(code: str) -> str:
    return "England" if code.startswith("E92") else "regions" if code.startswith(("E12", "E13")) else "authorities"


def _words(name: str, problems: Sequence[Problem]) -> list[str]:
    return [problem.words(name) for problem in problems]


def _in_area_order(rows: pa.Table) -> pa.Table:
    """Sorted by area, so that one authority is found without reading the others."""
    column = rows["area_code"].combine_chunks()
    names = column.dictionary.to_pylist()
    rank = np.argsort(np.argsort(names))
    return rows.take(pa.array(np.argsort(rank[column.indices.to_numpy()], kind="stable")))


def _nothing_read(folder: Path, files: Sequence[FileReport]) -> str:
    reasons = [line for item in files for line in item.left_out]
    known = ", ".join(sorted({release.short for release in load_releases().values()}))
    listed = "\n".join(f"  - {line}" for line in reasons[:20])
    return (
        f"{folder} holds no file that can be read."
        + (f"\n{listed}" if reasons else f" Its files are none of: {known}.")
        + "\n`analysis check FOLDER` says what each file is; `analysis fetch` downloads the right ones."
    )


def files_of(data: str) -> tuple[FileReport, ...]:
    """Return what each file of a folder is; nothing where no folder is given."""
    return open_folder(data).files if data else ()


def left_out(found: OpenFolder) -> list[str]:
    """Return why files of a folder were left out, one line each; empty where all were read."""
    return [line for item in found.files for line in item.left_out]
