"""What has been fetched into a folder: one short file beside the files, with the checksum and origin of each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.errors import FetchError
from analysis.fetching.saving import checksum, write_whole
from analysis.sources.folders import shown

NAME = "fetched.json"
ABOUT = (
    "Files that `analysis fetch` downloaded into this folder, by table. It can be deleted: they are then compared anew."
)


@dataclass(frozen=True)
class Record:
    """A file that was fetched.

    Attributes:
        name: the file.
        release: id of the release map by which it was found.
        title: title of the data set in the service.
        file: id of the file in the service, which is another for other content.
        data_set: id of the data set in the service.
        address: where it was downloaded from.
        size: bytes.
        rows: its rows, the header not counted; nothing for an archive.
        sha256: checksum.
        etag: the service's mark of the content.
        called: what the service calls the file, where that is another name.
        fetched: date and time of the download, in universal time.
    """

    name: str
    release: str
    title: str
    file: str
    data_set: str
    address: str
    size: int
    rows: int | None
    sha256: str
    etag: str
    called: str
    fetched: str


def read_records(folder: Path) -> dict[str, Record]:
    """Return what was fetched into a folder, by table; nothing where nothing was.

    Raises:
        FetchError: the record cannot be read.
    """
    path = folder / NAME
    try:
        return {
            table: Record(**found) for table, found in json.loads(path.read_text(encoding="utf-8"))["files"].items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise FetchError(
            f"{shown(path)} cannot be read ({error}). Expected what was fetched into this folder. Delete it and run the "
            "command again: files that are there already are compared, and none is lost."
        ) from None


def write_record(folder: Path, table: str, record: Record) -> None:
    """Add what was fetched, or put it in the place of what was fetched before.

    Raises:
        OutputError: it cannot be written; the earlier record still stands.
        FetchError: the earlier record cannot be read.
    """
    files = {**read_records(folder), table: record}
    content = {"about": ABOUT, "files": {name: asdict(files[name]) for name in sorted(files)}}
    write_whole(folder / NAME, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def is_still_there(folder: Path, record: Record) -> bool:
    """Whether a file that was fetched is still as it was."""
    path = folder / record.name
    return path.is_file() and path.stat().st_size == record.size and checksum(path) == record.sha256
