"""Which files a folder holds, and which table of which release each one is. Files are known by name and columns.

A file is looked at, never trusted: an error page named .csv, a release without a map, the columns of another release,
the same table twice are each one problem that names the file; the other files are still read.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as pacsv

from analysis.errors import DataError
from analysis.sources.checks import Problem
from analysis.sources.neighbour_models import is_neighbour_model
from analysis.sources.releases import (
    AREA_COLUMNS,
    PERIOD_COLUMN,
    Release,
    TableKind,
    TableMap,
    load_releases,
    load_tables,
    release_of,
)

ENDINGS = (".csv", ".zip")
#: The year of the one census that is read.
CENSUS_YEAR = 2021
GUIDE = "docs/adding-a-release.md"


@dataclass(frozen=True)
class OpenFile:
    """A file that is one table of one release.

    Attributes:
        path: where it lies; for a file inside an archive, the archive.
        inside: its name inside the archive; blank for a plain file.
        release: the release.
        table: id of the table.
        layout: printed column to ours, as this file has it.
        header: its columns, in order.
        cells: the columns that are read, as text, one row a line.
    """

    path: Path
    inside: str
    release: Release
    table: str
    layout: dict[str, str]
    header: tuple[str, ...]
    cells: pa.Table

    @property
    def kind(self) -> TableKind:
        """What the table is, whatever the release."""
        return load_tables()[self.table]

    @property
    def map(self) -> TableMap:
        """What the release calls things."""
        return self.release.tables[self.table]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.inside or self.path.name

    def printed(self, ours: str) -> str:
        """Return the printed name of one of our columns; blank where the file lacks it."""
        return next((printed for printed, name in self.layout.items() if name == ours), "")

    def content(self) -> pa.Buffer:
        """Return the bytes of the file."""
        return read_bytes(self.path, self.inside)


@dataclass(frozen=True)
class Looked:
    """What was found when a file was looked at.

    Attributes:
        name: the file, relative to the folder.
        is_a: what it is, in words; blank where it could not be told.
        file: the table, where it is one.
        model: the model of statistical neighbours, where it is one.
        problems: what is wrong with it.
        path: where it lies.
    """

    name: str
    path: Path
    is_a: str = ""
    file: OpenFile | None = None
    model: str = ""
    problems: tuple[Problem, ...] = ()


def look_at_folder(folder: Path) -> list[Looked]:
    """Return what each file of a folder is, in the order of their names.

    Args:
        folder: a folder, searched with all folders inside it. Files that are neither CSV nor zip are passed over.

    Raises:
        DataError: there is no such folder, or it holds no CSV or zip file.
    """
    if not folder.is_dir():
        raise DataError(
            f"{folder} is not a folder. Give the folder that holds the files of the Department for Education, "
            "such as data/raw; `analysis fetch` fills it."
        )
    paths = sorted(path for path in folder.rglob("*") if path.suffix.casefold() in ENDINGS and path.is_file())
    if not paths:
        raise DataError(f"{folder} holds no CSV or zip file. `analysis fetch` says which files there are.")
    looked = [one for path in paths for one in _look_into(path, folder)]
    return _each_table_once(looked)


def read_bytes(path: Path, inside: str = "") -> pa.Buffer:
    """Return the bytes of a file, or of a file inside an archive.

    Raises:
        DataError: the file cannot be read, or the archive is broken.
    """
    try:
        if not inside:
            with pa.OSFile(str(path)) as file:
                return file.read_buffer()
        with zipfile.ZipFile(path) as archive:
            return pa.py_buffer(archive.read(inside))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise DataError(f"{path}: the archive cannot be read: {error}. Download it again.") from None


def _look_into(path: Path, folder: Path) -> Iterator[Looked]:
    name = path.relative_to(folder).as_posix()
    if path.suffix.casefold() != ".zip":
        yield _look_at(path, "", name)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            inner = [item for item in archive.namelist() if item.casefold().endswith(".csv") and ".meta." not in item]
    except (OSError, zipfile.BadZipFile) as error:
        yield Looked(
            name, path, problems=(_file_problem(f"no readable archive ({error})", "a zip file", "Download it again."),)
        )
        return
    for item in inner:
        yield _look_at(path, item, f"{name}/{item}")


def _look_at(path: Path, inside: str, name: str) -> Looked:
    try:
        content = read_bytes(path, inside)
    except DataError as error:
        return Looked(name, path, problems=(_file_problem(str(error), "a readable file", "Download it again."),))
    header = header_of(content)
    wrong = _not_a_table(content, header)
    if wrong:
        return Looked(name, path, problems=(wrong,))
    model = is_neighbour_model(list(header))
    if model:
        return Looked(name, path, is_a=f"statistical neighbours, {model} model", model=model)
    stem = Path(inside or path.name).stem
    return _as_table(path, inside, name, stem, header, content)


def header_of(content: pa.Buffer) -> tuple[str, ...]:
    """Return the column names in the first line of a file."""
    start = bytes(memoryview(content)[:20_000]).decode("utf-8-sig", errors="replace")
    line = next(csv.reader(io.StringIO(start)), [])
    return tuple(cell.strip() for cell in line)


def _not_a_table(content: pa.Buffer, header: tuple[str, ...]) -> Problem | None:
    start = bytes(memoryview(content)[:500]).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not start:
        return _file_problem("an empty file", "a table", "Download it again.")
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        return _file_problem(
            "a web page, not a table", "a CSV file", "The service sent an error page: download the file again."
        )
    if start.startswith((b"pk\x03\x04", b"%pdf")) or b"\x00" in start:
        return _file_problem("a binary file", "a CSV file", "Save it as CSV, or give it its right ending.")
    if len(header) < 2:
        return _file_problem(
            f"one column, {header[0][:60]!r}", "a table of several columns", "Look whether commas part its columns."
        )
    return None


def _as_table(path: Path, inside: str, name: str, stem: str, header: tuple[str, ...], content: pa.Buffer) -> Looked:
    """Find the table by name and columns, its release by the last year in it."""
    candidates = _candidates(stem, header)
    if not candidates:
        return Looked(name, path, is_a="not a table that is read here")
    table = candidates[0]
    kind = load_tables()[table]
    try:
        cells = _read_cells(content, header, table)
    except pa.ArrowInvalid:
        return Looked(name, path, is_a=kind.about, problems=(_ragged(content),))
    year = _last_year(cells, kind)
    if year is None:
        problem = Problem(0, f"column {PERIOD_COLUMN!r}", "no year", "a year in each row", "Download the file again.")
        return Looked(name, path, is_a=kind.about, problems=(problem,))
    release = release_of(kind.publication, year)
    if release is None or table not in release.tables:
        return Looked(name, path, is_a=kind.about, problems=(_no_map(table, year, header),))
    layout = _layout_of(table, release.tables[table], header)
    if layout is None:
        return Looked(name, path, is_a=kind.about, problems=_wrong_columns(release, table, header))
    found = OpenFile(path, inside, release, table, layout, header, cells)
    return Looked(name, path, is_a=f"{kind.about}; {release.short}", file=found)


def _read_cells(content: pa.Buffer, header: tuple[str, ...], table: str) -> pa.Table:
    """Read the columns that any map of the table knows, as text; labels and codes as numbered text, which is quick."""
    kind = load_tables()[table]
    known = {PERIOD_COLUMN: "", **dict.fromkeys(AREA_COLUMNS, "")}
    for release in load_releases().values():
        if table in release.tables:
            known |= {printed: ours for layout in release.tables[table].layouts for printed, ours in layout.items()}
    wanted = [name for name in header if name in known]
    types = {
        name: pa.string() if known[name] in kind.numbers else pa.dictionary(pa.int32(), pa.string()) for name in wanted
    }
    return pacsv.read_csv(
        pa.BufferReader(content),
        read_options=pacsv.ReadOptions(column_names=list(header), skip_rows=1, block_size=1 << 22),
        convert_options=pacsv.ConvertOptions(include_columns=wanted, column_types=types, strings_can_be_null=False),
    )


def _ragged(content: pa.Buffer) -> Problem:
    """Name the first line that has another number of cells than the header."""
    text = bytes(memoryview(content)).decode("utf-8-sig", errors="replace")
    lines = csv.reader(io.StringIO(text))
    wanted = len(next(lines, []))
    for cells in lines:
        if len(cells) != wanted and cells:
            last = "the file was cut off: download it again" if len(cells) < wanted else "download the file again"
            return Problem(
                lines.line_num,
                "the line",
                f"{len(cells)} cells",
                f"{wanted} cells, as in the header",
                f"Perhaps {last}.",
            )
    return _file_problem("bytes that are not UTF-8 text", "a CSV file in UTF-8", "Download the file again.")


def _candidates(stem: str, header: tuple[str, ...]) -> list[str]:
    """Tables that a file can be: those that its name says, else those whose columns it has."""
    named = [
        table
        for release in reversed(list(load_releases().values()))
        for table, found in release.tables.items()
        if found.is_named(stem)
    ]
    if named:
        return list(dict.fromkeys(named))
    fitting = [
        table
        for release in reversed(list(load_releases().values()))
        for table, found in release.tables.items()
        if _layout_of(table, found, header) is not None and set(load_tables()[table].filters) != {"topic", "group"}
    ]
    return list(dict.fromkeys(fitting))


def _layout_of(table: str, found: TableMap, header: tuple[str, ...]) -> dict[str, str] | None:
    """The layout whose needed columns are all there."""
    kind = load_tables()[table]
    for layout in found.layouts:
        missing = [printed for printed, ours in layout.items() if ours not in kind.may_lack and printed not in header]
        if not missing and _has_place_and_time(kind, layout, header):
            return {printed: ours for printed, ours in layout.items() if printed in header}
    return None


def _has_place_and_time(kind: TableKind, layout: dict[str, str], header: tuple[str, ...]) -> bool:
    if kind.year == "census":
        return "area_code" in layout.values()
    return set(AREA_COLUMNS) | {PERIOD_COLUMN} <= set(header)


def _last_year(cells: pa.Table, kind: TableKind) -> int | None:
    """The release that a file belongs to: the last year in it, as the publisher counts."""
    if kind.year == "census":
        return CENSUS_YEAR
    if PERIOD_COLUMN not in cells.column_names:
        return None
    labels = {text for chunk in cells[PERIOD_COLUMN].chunks for text in chunk.dictionary.to_pylist()}
    years = [int(text) for text in labels if text.isdigit() and len(text) in (4, 6)]
    if not years:
        return None
    last = max(years)
    return last // 100 + 1 if kind.year == "academic" else last + (kind.year == "mid_year")


def _no_map(table: str, year: int, header: tuple[str, ...]) -> Problem:
    kind = load_tables()[table]
    maps = [item for item in load_releases().values() if item.publication == kind.publication and table in item.tables]
    near = min(maps, key=lambda item: (len(_unmatched(item.tables[table], header)), abs(item.year - year)))
    missing = _unmatched(near.tables[table], header)
    unknown = _unknown(near, table, header)
    differs = (
        "its map fits all columns"
        if not missing
        else f"it has no {', '.join(map(repr, missing))}; columns that no map knows: {', '.join(map(repr, unknown)) or 'none'}"
    )
    return Problem(
        0, "release", f"the {year} release, which has no map",
        f"a release of data/catalogue/releases; the nearest is {near.id}, and {differs}",
        f"Write {near.id.rpartition('_')[0]}_{year}.yml, like: {near.id} ({GUIDE}).",
    )  # fmt: skip


def _wrong_columns(release: Release, table: str, header: tuple[str, ...]) -> tuple[Problem, ...]:
    kind = load_tables()[table]
    fitting = [
        item.id
        for item in load_releases().values()
        if item.publication == release.publication
        and table in item.tables
        and _layout_of(table, item.tables[table], header)
    ]
    others = f" These are the columns of {fitting[0]}: is it a file of that release?" if fitting else ""
    unknown = _unknown(release, table, header)
    offer = f" Columns that the map does not know: {', '.join(map(repr, unknown))}." if unknown else ""
    return tuple(
        Problem(0, f"column {printed!r}", "nothing", f"this column, as {release.id} says",
                f"Download the file again, or mend the map ({GUIDE}).{others}{offer}")
        for printed in _unmatched(release.tables[table], header)
    ) or (_file_problem("no column that says area and year", ", ".join((PERIOD_COLUMN, *AREA_COLUMNS)), f"Download it again. It is read as {kind.about}."),)  # fmt: skip


def _unmatched(found: TableMap, header: Iterable[str]) -> list[str]:
    there = set(header)
    return min(([one for one in layout if one not in there] for layout in found.layouts), key=len)


def _unknown(release: Release, table: str, header: Iterable[str]) -> list[str]:
    """Columns of a file that neither the map nor the common columns of all files know."""
    known = {printed for layout in release.tables[table].layouts for printed in layout}
    common = {
        PERIOD_COLUMN, *AREA_COLUMNS, "time_identifier", "country_code", "country_name", "region_name", "la_name",
        "new_la_code", "category",
    }  # fmt: skip
    return [one for one in header if one and one not in known | common]


def _each_table_once(looked: list[Looked]) -> list[Looked]:
    """Two files for one table of one release: both are named, and neither is read unless they are the same."""
    by_table: dict[tuple[str, str], list[Looked]] = {}
    for one in looked:
        if one.file:
            by_table.setdefault((one.file.release.id, one.file.table), []).append(one)
    clash = {one.name: same for same in by_table.values() if len(same) > 1 for one in same}
    return [_without_twin(one, clash[one.name]) if one.name in clash else one for one in looked]


def _without_twin(one: Looked, same: list[Looked]) -> Looked:
    contents = [bytes(memoryview(item.file.content())) for item in same if item.file]
    others = ", ".join(item.name for item in same if item.name != one.name)
    if all(content == contents[0] for content in contents):
        if one is same[0]:
            return one
        return Looked(one.name, one.path, is_a=f"a copy of {same[0].name}, which is read instead")
    problem = _file_problem(
        f"the same table of the same release as {others}, with other content", "one file for each table",
        "Remove the one that is not wanted; neither is read.",
    )  # fmt: skip
    return Looked(one.name, one.path, is_a=one.is_a, problems=(problem,))


def _file_problem(found: str, expected: str, action: str) -> Problem:
    return Problem(0, "the file", found, expected, action)
