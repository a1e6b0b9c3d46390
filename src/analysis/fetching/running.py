"""Every file that is asked for, one after the other: had already, downloaded, or listed to be had by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import requests

from analysis.errors import FetchError, OutputError, StoppedError
from analysis.fetching.downloading import Order, Watch, download
from analysis.fetching.keeping import keep
from analysis.fetching.listing import Offered, choose_file, list_files, read_name
from analysis.fetching.parts import Part
from analysis.fetching.patience import Settings, UnreachableError
from analysis.fetching.records import is_still_there, read_records
from analysis.fetching.requesting import make_session
from analysis.fetching.saving import output_errors, safe_stem
from analysis.fetching.service import Service
from analysis.fetching.wanted import Wanted, by_hand
from analysis.sources.folders import shown


@dataclass(frozen=True)
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
        lists: files of each release that has been asked for, or why they could not be had.
        names: names of files that had to be asked for.
    """

    session: requests.Session
    service: Service
    settings: Settings
    watch: Watch
    lists: dict[tuple[str, str], list[Offered] | FetchError] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def offered(self, wanted: Wanted) -> list[Offered]:
        """The files of the release, asked for once."""
        key = (wanted.publication.address, self.service.release_name(wanted.release))
        if key not in self.lists:
            try:
                self.lists[key] = list_files(
                    self.session, self.service, wanted, settings=self.settings, say=self.watch.say
                )
            except FetchError as error:
                self.lists[key] = error
        found = self.lists[key]
        if isinstance(found, FetchError):
            raise found
        return found

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
            for one in wanted:
                if _key(one) not in outcome.done:
                    outcome.failures.setdefault(_key(one), str(error))
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
        with output_errors(wanted.folder):
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
    return keep(wanted, offered, received, part=part, earlier=earlier, largest=run.service.largest)


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
