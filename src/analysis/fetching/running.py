"""Every file that is asked for, one after the other: had already, downloaded, or listed to be had by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import requests

from analysis.errors import FetchError, OutputError, StoppedError
from analysis.fetching.checking import form_of, unpack
from analysis.fetching.downloading import Order, Received, Watch, download
from analysis.fetching.listing import Offered, choose_file, list_files, read_name
from analysis.fetching.parts import Part
from analysis.fetching.records import Record, is_still_there, read_records, write_record
from analysis.fetching.requesting import PassingError, Settings, UnreachableError, make_session
from analysis.fetching.saving import ENDINGS, checksum, put_aside, put_in_place, safe_stem
from analysis.fetching.service import Service
from analysis.fetching.wanted import Wanted, by_hand
from analysis.sources.folders import shown


@dataclass
class Outcome:
    """What became of the files.

    Attributes:
        done: in words, by table and release.
        failures: why, for each that could not be had.
    """

    done: dict[tuple[str, str], str] = field(default_factory=dict)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What all files of a run have in common.

    Attributes:
        session: what asks.
        service: whom.
        settings: how patient we are.
        watch: who is told how far it is.
        lists: files of each release that has been asked for.
        names: names of files that had to be asked for.
    """

    session: requests.Session
    service: Service
    settings: Settings
    watch: Watch
    lists: dict[tuple[str, str], list[Offered]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def offered(self, wanted: Wanted) -> list[Offered]:
        """The files of the release, asked for once."""
        key = (wanted.publication.address, self.service.release_name(wanted.release))
        if key not in self.lists:
            self.lists[key] = list_files(self.session, self.service, wanted, settings=self.settings, say=self.watch.say)
        return self.lists[key]

    def name_of(self, one: Offered) -> str:
        """The name of a listed file, asked for once."""
        if one.file not in self.names:
            self.names[one.file] = read_name(
                self.session, self.service, one, settings=self.settings, say=self.watch.say
            )
        return self.names[one.file]


def fetch_files(
    wanted: list[Wanted], service: Service, *, settings: Settings | None = None, watch: Watch | None = None
) -> Outcome:
    """Fetch files; one that cannot be had does not keep the others from being had.

    Args:
        wanted: the tables.
        service: who has them.
        settings: how patient we are.
        watch: who is told how far it is.

    Returns:
        What became of each, where all could be had.

    Raises:
        FetchError: some could not be had; the message lists them, to be had by hand.
        StoppedError: somebody stopped it.
    """
    outcome = Outcome()
    watch = watch or Watch()
    with make_session() as session:
        run = Run(session, service, settings or Settings(), watch)
        try:
            for number, one in enumerate(wanted, 1):
                watch.begin(one.map.title, number, len(wanted))
                _fetch_into(outcome, one, run)
        except UnreachableError as error:
            left = {_key(one): str(error) for one in wanted if _key(one) not in outcome.done}
            outcome.failures = left | outcome.failures
        except KeyboardInterrupt:
            raise StoppedError(
                f"Stopped. {len(outcome.done)} of {len(wanted)} files are there and whole. "
                "The same command goes on where it stopped."
            ) from None
    if outcome.failures:
        raise FetchError(_failed_words(wanted, outcome))
    return outcome


def _key(wanted: Wanted) -> tuple[str, str]:
    return wanted.release.id, wanted.table


def _fetch_into(outcome: Outcome, wanted: Wanted, run: Run) -> None:
    try:
        words = fetch_one(wanted, run)
    except UnreachableError:
        raise
    except (FetchError, OutputError) as error:
        outcome.failures[_key(wanted)] = str(error)
        run.watch.done(f"Not fetched: {wanted.map.title}")
    else:
        outcome.done[_key(wanted)] = words
        run.watch.done(words)


def fetch_one(wanted: Wanted, run: Run) -> str:
    """Fetch one file, unless it is there, and return in words what was done.

    Args:
        wanted: the table.
        run: what all files have in common.

    Raises:
        FetchError: it cannot be had.
        OutputError: it cannot be written.
    """
    offered = choose_file(run.offered(wanted), wanted, name_of=run.name_of)
    earlier = read_records(wanted.folder).get(wanted.table)
    if earlier and earlier.file == offered.file and is_still_there(wanted.folder, earlier):
        return f"Already there, unchanged: {shown(wanted.folder / earlier.name)}"
    part = Part(wanted.folder / f"{safe_stem(wanted.stem + '.csv') or wanted.table}.part")
    order = Order(offered.addresses(run.service), part, offered.rows, run.service.largest, run.settings, run.watch)
    received = download(run.session, order)
    return _keep(wanted, offered, received, part, earlier, run)


def _keep(wanted: Wanted, offered: Offered, received: Received, part: Part, earlier: Record | None, run: Run) -> str:
    """Put a file that is whole in its place, and on record."""
    called = PurePosixPath((offered.name or received.origin.name).replace("\\", "/")).name
    whole = _unpacked(part, run.service.largest)
    path = wanted.folder / _file_name(wanted, called, whole)
    was_same = path.is_file() and checksum(path) == checksum(whole)
    asides = [put_in_place(whole, path)]
    part.drop()
    old = wanted.folder / earlier.name if earlier else path
    if old != path and old.is_file():
        asides.append(put_aside(old))  # one table, two files: a reader could not tell which one is meant
    record = Record(
        name=path.name, release=wanted.release.id, title=offered.title, file=offered.file, data_set=offered.data_set,
        address=received.origin.address, size=path.stat().st_size, rows=received.rows, sha256=checksum(path),
        etag=received.origin.etag, called="" if called == path.name else called,
        fetched=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    write_record(wanted.folder, wanted.table, record)
    return _kept_words(path, record, [aside for aside in asides if aside], was_same=was_same)


def _unpacked(part: Part, largest: int) -> Path:
    """The file as it is to be kept: gzip is only how it travelled, a zip archive stays one."""
    if form_of(part.path) != "gzip":
        return part.path
    whole = part.path.with_name(part.path.name + ".unpacked")
    try:
        unpack(part.path, whole, largest=largest)
    except PassingError as error:
        raise FetchError(str(error)) from None
    return whole


def _file_name(wanted: Wanted, called: str, whole: Path) -> str:
    """The publisher's name where it is one by which the table is known, else the one that the release map gives."""
    ending = PurePosixPath(called).suffix.casefold()
    if form_of(whole) == "archive":
        ending = ending if ending in ENDINGS and ending != ".csv" else ".zip"
    else:
        ending = ".csv"
    stem = safe_stem(called.removesuffix(".gz"))
    if not wanted.map.is_named(stem):
        stem = safe_stem(wanted.stem + ".csv") or wanted.table
    return stem + ending


def _kept_words(path: Path, record: Record, asides: list[Path], *, was_same: bool) -> str:
    if was_same:
        return f"Already there, the same as the service has it: {shown(path)}"
    size = f"{record.rows:,} rows" if record.rows is not None else f"{record.size:,} bytes"
    words = f"Fetched: {shown(path)} ({size}, SHA-256 {record.sha256[:12]}…)"
    kept = ", ".join(aside.name for aside in asides)
    return f"{words}. Another file stood there: it is kept as {kept}, which no report reads" if asides else words


def _failed_words(wanted: list[Wanted], outcome: Outcome) -> str:
    """One message: why, and what to download by hand; the same reason is said once."""
    left = [one for one in wanted if _key(one) in outcome.failures]
    reasons = list(dict.fromkeys(outcome.failures.values()))
    if len(reasons) == 1:
        why = reasons[0]
    else:
        why = "\n".join(f'  - "{one.map.title}": {outcome.failures[_key(one)]}' for one in left)
    count = "No file" if len(left) == len(wanted) else f"{len(outcome.done)} of {len(wanted)} files"
    joint = "\n" if len(reasons) > 1 else " "
    return (
        f"{count} could be fetched.{joint}{why}\n"
        "Run the command again later, or download these by hand, and do not rename them:\n"
        f"{by_hand(left)}"
    )
