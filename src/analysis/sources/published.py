"""Figures transcribed from published documents: one CSV file a document, in the shape of the observation table."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.errors import DataError
from analysis.sources.catalogue import Caveat, get_source, load_caveats, load_sources
from analysis.sources.checks import Problem, check_columns, check_observations
from analysis.sources.folders import data_folder, shown
from analysis.vocabulary import COLUMNS, NUMBER_COLUMNS

MOST_PROBLEMS_SHOWN = 20


def published_folder() -> Path:
    """Return the folder of transcribed figures."""
    return data_folder() / "published"


def read_published(*, units: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return every transcribed figure, checked against the table's contract.

    Args:
        units: the unit of each indicator that exists, to check figures against.

    Returns:
        The observation table (``vocabulary.COLUMNS``) with three more columns:
        ``citation``, the full reference; ``caveat``, what to beware of, one line each;
        ``preferred``, whether a caveat prefers this figure to others of the same measure.

    Raises:
        DataError: a file breaks the contract; every problem is listed.
        CatalogueError: a catalogue entry cannot be used, or a caveat touches no figure.
    """
    files = [read_figures(published_folder() / f"{name}.csv", units=units) for name in load_sources()]
    rows = pd.concat(files, ignore_index=True)
    return add_caveats(rows)


def read_figures(path: Path, *, units: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the figures of one document.

    Args:
        path: a CSV file whose name is a source id.
        units: the unit of each indicator that exists.

    Returns:
        The observation table with numbers as numbers, and a column ``citation``.

    Raises:
        DataError: the file cannot be read, or breaks the contract.
    """
    text = _read_text(path)
    table = _parse(text, path)
    _require_no_problems(check_columns(table.columns), path)
    source = get_source(path.stem)
    # Plain objects: the checks ask many small questions of a few dozen rows.
    _require_no_problems(check_observations(table.astype(object), source=source, units=units), path)
    table = table[list(COLUMNS)]
    numbers = {name: pd.to_numeric(table[name]) for name in NUMBER_COLUMNS}
    citations = {name: source.citation(name) for name in source.names()}
    return table.assign(
        **numbers,
        precision=pd.to_numeric(table["precision"]).astype("Int64"),
        citation=table["source"].map(citations),
    )


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamp_of_published() -> str:
    """Return a text that changes whenever a file of transcribed figures or claims does."""
    files = sorted(path for path in published_folder().iterdir() if path.is_file())
    return ";".join(f"{path}:{path.stat().st_mtime_ns}:{path.stat().st_size}" for path in files)


def add_caveats(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same rows with the columns ``caveat`` and ``preferred``.

    Args:
        rows: observations.

    Raises:
        DataError: a caveat that names figures touches none of them.
    """
    texts = pd.Series([[] for _ in range(len(rows))], index=rows.index)
    preferred: set[str] = set()
    for key, caveat in load_caveats().items():
        touched = _touched(rows, caveat)
        if caveat.where and not touched.any():
            raise DataError(
                f"data/catalogue/caveats.yml: {key} touches no figure. Mend its `where`, or remove the caveat."
            )
        for at in rows.index[touched]:
            texts[at].append(caveat.line)
        preferred.update(caveat.prefer)
    missing = preferred - set(rows["figure"])
    if missing:
        raise DataError(f"data/catalogue/caveats.yml prefers {sorted(missing)[0]}, which is no figure. Mend `prefer`.")
    return rows.assign(caveat=texts.map("\n".join), preferred=rows["figure"].isin(preferred))


def _touched(rows: pd.DataFrame, caveat: Caveat) -> pd.Series:
    if not caveat.where:
        return pd.Series(False, index=rows.index)
    touched = pd.Series(True, index=rows.index)
    for column, wanted in caveat.where.items():
        if column not in rows.columns:
            raise DataError(f"data/catalogue/caveats.yml: {column!r} is no column of the observation table.")
        touched &= rows[column].isin([wanted] if isinstance(wanted, str) else wanted)
    return touched


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(
            f"{shown(path)} is not there, but the catalogue has a source of that name. "
            "Put the file back, or remove the entry from data/catalogue/sources."
        ) from None
    except OSError as error:
        raise DataError(f"{shown(path)} cannot be read: {error.strerror}.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{shown(path)}, row {line}: found a byte that is not UTF-8, expected UTF-8 text. "
            "In the spreadsheet, save as “CSV UTF-8”."
        ) from None


def _parse(text: str, path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(
            io.StringIO(text), dtype=str, keep_default_na=False, index_col=False, skip_blank_lines=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(
            f"{shown(path)}: this is not a readable table: {error}. "
            "Each row needs the same number of commas; text that holds a comma stands in double quotes."
        ) from None
    return table.fillna("")


def _require_no_problems(problems: list[Problem], path: Path) -> None:
    if not problems:
        return
    listed = "\n".join(f"  - {problem.words(shown(path))}" for problem in problems[:MOST_PROBLEMS_SHOWN])
    more = len(problems) - MOST_PROBLEMS_SHOWN
    rest = f"\n  … and {more} more." if more > 0 else ""
    raise DataError(
        f"{shown(path)} does not follow the contract of the observation table ({len(problems)} found):\n{listed}{rest}"
    )
