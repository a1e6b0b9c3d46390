"""Which files a folder holds, and which table of which release each one is. Files are known by name and columns.

A file is looked at, never trusted: an error page named .csv, a release without a map, the columns of another release,
the same table twice are each one problem that names the file; the other files are still read.
"""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt
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
from analysis.sources.returns.layouts import recognise
from analysis.sources.returns.looking import holds_returns

ENDINGS = (".csv", ".zip")
#: Bytes that one thread parses at a time: small enough that all cores have something to do in a file of a megabyte.
_BLOCK = 1 << 18
_LINE_END = ord("\n")
#: The year of the one census that is read.
CENSUS_YEAR = 2021
BOM = b"\xef\xbb\xbf"
GUIDE = "docs/adding-a-release.md"
_START = 20_000
_WEB_PAGE = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<!--", b"<body")
_BINARY = (b"pk\x03\x04", b"%pdf", b"\x1f\x8b")


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
        lines: the row of each line in a spreadsheet (the header is row 1).
    """

    path: Path
    inside: str
    release: Release
    table: str
    layout: dict[str, str]
    header: tuple[str, ...]
    cells: pa.Table
    lines: npt.NDArray[np.int32]

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
        path: where it lies; of a file inside an archive, where the archive lies.
        inside: its name inside the archive; blank for a plain file.
    """

    name: str
    path: Path
    is_a: str = ""
    file: OpenFile | None = None
    model: str = ""
    problems: tuple[Problem, ...] = ()
    inside: str = ""


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
    if not os.access(folder, os.R_OK | os.X_OK):
        raise DataError(f"{folder} may not be read: there is no permission. Ask for it, or give another folder.")
    paths = sorted(path for path in folder.rglob("*") if _is_ours(path.name) and path.is_file())
    if not paths and not holds_returns(folder):
        raise DataError(f"{folder} holds no CSV or zip file. `analysis fetch` says which files there are.")
    looked = [one for path in paths for one in _look_into(path, folder)]
    return _each_table_once(looked)


def read_bytes(path: Path, inside: str = "") -> pa.Buffer:
    """Return the bytes of a file, or of a file inside an archive.

    Raises:
        DataError: the file cannot be read, or the archive is broken.
    """
    try:
        return _bytes(path, inside)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {_reason(error)}.") from None
    except _BROKEN_ARCHIVE as error:
        raise DataError(f"{path.name}: the archive cannot be read: {error}. Download it again.") from None


def _bytes(path: Path, inside: str) -> pa.Buffer:
    if not inside:
        with pa.OSFile(str(path)) as file:
            return file.read_buffer()
    with zipfile.ZipFile(path) as archive:
        return pa.py_buffer(archive.read(inside))


_BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error, ValueError,
)  # fmt: skip


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)


def _is_ours(name: str) -> bool:
    """Whether a file may be a table; what a Mac or a spreadsheet program leaves beside it is passed over."""
    return PurePosixPath(name).suffix.casefold() in ENDINGS and not name.startswith(("._", "~$", ".~"))


def _is_description(name: str) -> bool:
    """Whether a file describes the columns of another one; the service puts one beside each table."""
    return name.casefold().endswith(".meta.csv")


def _look_into(path: Path, folder: Path) -> Iterator[Looked]:
    name = path.relative_to(folder).as_posix()
    if path.suffix.casefold() != ".zip":
        yield _look_at(path, "", name)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            inner = [item for item in archive.namelist() if _is_table_inside(item)]
    except OSError as error:
        yield _unreadable(name, path, error)
        return
    except _BROKEN_ARCHIVE as error:
        yield _broken(name, path, error)
        return
    if not inner:
        yield Looked(name, path, is_a="an archive without a CSV file")
    for item in inner:
        yield _look_at(path, item, f"{name}/{item}")


def _is_table_inside(item: str) -> bool:
    parts = PurePosixPath(item).parts
    return (
        item.casefold().endswith(".csv")
        and not _is_description(item)
        and _is_ours(parts[-1])
        and "__MACOSX" not in parts
    )


def _unreadable(name: str, path: Path, error: OSError) -> Looked:
    action = "Look at its permissions and whether the disk is there, or download it again."
    return Looked(
        name,
        path,
        problems=(_file_problem(f"that it cannot be read ({_reason(error)})", "a file that may be read", action),),
    )


def _broken(name: str, path: Path, error: Exception) -> Looked:
    found = _file_problem(f"a broken archive ({error})", "a zip file that is whole", "Download it again.")
    return Looked(name, path, problems=(found,))


def _look_at(path: Path, inside: str, name: str) -> Looked:
    if _is_description(name):
        return Looked(name, path, is_a="a description of the columns of another file")
    try:
        content = _bytes(path, inside)
    except OSError as error:
        return _unreadable(name, path, error)
    except _BROKEN_ARCHIVE as error:
        return _broken(name, path, error)
    header = header_of(content)
    wrong = _not_text(content) or _no_header(header)
    if wrong:
        return Looked(name, path, problems=(wrong,))
    model = is_neighbour_model(list(header))
    if model:
        return Looked(name, path, is_a=f"statistical neighbours, {model} model", model=model, inside=inside)
    stem = Path(inside or path.name).stem
    return _as_table(path, inside, name, stem, header, content)


def header_of(content: pa.Buffer) -> tuple[str, ...]:
    """Return the column names in the first line of a file."""
    start = bytes(memoryview(content)[:_START]).decode("utf-8-sig", errors="replace")
    try:
        line = next(csv.reader(io.StringIO(start, newline="")), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in line)


def _not_text(content: pa.Buffer) -> Problem | None:
    start = bytes(memoryview(content)[:_START]).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not start:
        return _file_problem("an empty file", "a table", "Download it again.")
    if start.startswith(_WEB_PAGE):
        return _file_problem(
            "a web page, not a table", "a CSV file", "The service sent an error page: download the file again."
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _file_problem("text in UTF-16", "a CSV file in UTF-8", "Download it again, or save it as CSV in UTF-8.")
    if start.startswith(_BINARY) or b"\x00" in start:
        return _file_problem("a binary file", "a CSV file", "Save it as CSV, or give it its right ending.")
    return None


def _no_header(header: tuple[str, ...]) -> Problem | None:
    if len(header) > 1:
        return None
    found = f"one column, {header[0][:60]!r}" if header else "nothing"
    return Problem(1, "the header", found, "the names of several columns, parted by commas",
                   "Look whether commas part its columns and the first line names them, or download it again.")  # fmt: skip


def _as_table(path: Path, inside: str, name: str, stem: str, header: tuple[str, ...], content: pa.Buffer) -> Looked:
    """Find the table by name and columns, its release by the last year in it."""
    candidates = _candidates(stem, header)
    if not candidates:
        child_level = recognise(header)[1]
        return Looked(
            name, path, is_a=f"{child_level}, a child-level return" if child_level else "not a table that is read here"
        )
    table = candidates[0]
    about = load_tables()[table].about
    found = _open_as(table, path, inside, header, content)
    if isinstance(found, OpenFile):
        return Looked(name, path, is_a=f"{about}; {found.release.short}", file=found)
    return Looked(name, path, is_a=about, problems=found)


def _open_as(
    table: str, path: Path, inside: str, header: tuple[str, ...], content: pa.Buffer
) -> OpenFile | tuple[Problem, ...]:
    kind = load_tables()[table]
    known = _known_columns(table)
    twice = [name for name in header if name in known and header.count(name) > 1]
    if twice:
        return (Problem(1, f"column {twice[0]!r}", "it twice", "it once", "Remove one, or download the file again."),)
    try:
        cells = _read_cells(content, header, known)
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        return (_unparsed(content, header, str(error)),)
    year = _last_year(cells, kind)
    if year is None or not cells.num_rows:
        return (_no_year(cells, kind) if cells.num_rows else _no_rows(),)
    release = release_of(kind.publication, year)
    if release is None or table not in release.tables:
        return (_no_map(table, year, header),)
    layout = _layout_of(table, release.tables[table], header)
    if layout is None:
        return _wrong_columns(release, table, header)
    return OpenFile(path, inside, release, table, layout, header, cells, _line_numbers(content, cells.num_rows))


def _known_columns(table: str) -> set[str]:
    """Names of columns that any map of the table knows, and of those that say area and year."""
    maps = [release.tables[table] for release in load_releases().values() if table in release.tables]
    return {PERIOD_COLUMN, *AREA_COLUMNS, *(name for found in maps for layout in found.layouts for name in layout)}


def _read_cells(content: pa.Buffer, header: tuple[str, ...], known: set[str]) -> pa.Table:
    """Read the columns that are known, as numbered text: each different text is kept once."""
    wanted = [name for name in header if name in known]
    types = dict.fromkeys(wanted, pa.dictionary(pa.int32(), pa.string()))
    return pacsv.read_csv(
        pa.BufferReader(content),
        read_options=pacsv.ReadOptions(column_names=list(header), skip_rows=1, block_size=_BLOCK),
        convert_options=pacsv.ConvertOptions(include_columns=wanted, column_types=types, strings_can_be_null=False),
    )


def _line_numbers(content: pa.Buffer, rows: int) -> npt.NDArray[np.int32]:
    """The row of each line as a spreadsheet numbers it: an empty line is read over, but counted."""
    numbers = np.arange(2, rows + 2, dtype=np.int32)
    ends = np.frombuffer(content, dtype=np.uint8) == _LINE_END
    if np.count_nonzero(ends) == rows + bool(ends[-1]):
        return numbers
    there = [number for number, cells in enumerate(_rows_of(content), start=1) if cells]
    return np.array(there[1:], dtype=np.int32) if len(there) == rows + 1 else numbers


def _rows_of(content: pa.Buffer) -> Iterator[list[str]]:
    text = bytes(memoryview(content)).decode("utf-8-sig", errors="replace")
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    return csv.reader(io.StringIO(text, newline=""))


def _unparsed(content: pa.Buffer, header: tuple[str, ...], reason: str) -> Problem:
    """Why a file is no table: the first bytes that are no text, or the first row with another number of cells."""
    data = bytes(memoryview(content))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Problem(
            data.count(b"\n", 0, error.start) + 1, "the line", f"bytes that are not UTF-8 text ({data[error.start : error.start + 1]!r})",
            "a CSV file in UTF-8", "Download the file again, or save it as CSV in UTF-8.",
        )  # fmt: skip
    try:
        for number, cells in enumerate(_rows_of(content), start=1):
            if cells and len(cells) != len(header):
                return _ragged(number, cells, header)
    except csv.Error as error:
        reason = str(error)
    if data.count(b"\n") <= 1:
        return _no_rows()
    return _file_problem(f"no table ({reason})", "a CSV file", "Download the file again.")


def _no_rows() -> Problem:
    return _file_problem("no row under its header", "a row for each area and year", "Download the file again.")


def _ragged(number: int, cells: list[str], header: tuple[str, ...]) -> Problem:
    long = next((cell for cell in cells if "\n" in cell), "")
    found = f"{len(cells)} cells" + (f", one of them over several lines, {long[:30]!r}" if long else "")
    action = (
        "Perhaps a quotation mark is not closed: download the file again." if long
        else "Perhaps the file was cut off: download it again." if len(cells) < len(header)
        else "Perhaps a text that holds a comma has no quotation marks: download the file again."
    )  # fmt: skip
    return Problem(number, "the line", found, f"{len(header)} cells, as in the header", action)


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
    return set(_place_and_time(kind)) <= set(header) and (kind.year != "census" or "area_code" in layout.values())


def _place_and_time(kind: TableKind) -> tuple[str, ...]:
    return () if kind.year == "census" else (PERIOD_COLUMN, *AREA_COLUMNS)


def _last_year(cells: pa.Table, kind: TableKind) -> int | None:
    """The release that a file belongs to: the last year in it, as the publisher counts."""
    if kind.year == "census":
        return CENSUS_YEAR
    if PERIOD_COLUMN not in cells.column_names:
        return None
    years = [int(text) for text in _texts(cells, PERIOD_COLUMN) if is_period(text, kind)]
    if not years:
        return None
    last = max(years)
    return last // 100 + 1 if kind.year == "academic" else last + (kind.year == "mid_year")


def is_period(text: str, kind: TableKind) -> bool:
    """Whether a text is a time_period as this table writes it: 202122 for an academic year, else 2025."""
    return re.fullmatch(r"[12]\d{5}" if kind.year == "academic" else r"[12]\d{3}", text, flags=re.ASCII) is not None


def period_form(kind: TableKind) -> str:
    """Return what a time_period of this table looks like, in words."""
    return "a year such as 202122" if kind.year == "academic" else "a year such as 2025"


def _texts(cells: pa.Table, name: str) -> list[str]:
    return list(dict.fromkeys(text for chunk in cells[name].chunks for text in chunk.dictionary.to_pylist()))


def _no_year(cells: pa.Table, kind: TableKind) -> Problem:
    found = _texts(cells, PERIOD_COLUMN)[:1] if PERIOD_COLUMN in cells.column_names else []
    return Problem(0, f"column {PERIOD_COLUMN!r}", repr(found[0]) if found else "no such column",
                   f"{period_form(kind)} in each row", "Download the file again.")  # fmt: skip


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
    absent = [name for name in _place_and_time(kind) if name not in header]
    where = tuple(
        Problem(
            0, f"column {name!r}", "nothing", "this column, which says the area or the year", "Download the file again."
        )
        for name in absent
    )
    return where + tuple(
        Problem(
            0,
            f"column {printed!r}",
            "nothing",
            f"this column, as {release.id} says",
            f"Download the file again, or mend the map ({GUIDE}).{others}{offer}",
        )
        for printed in _unmatched(release.tables[table], header)
    )


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
