"""The records of an SSDA903 file in XML, read as a stream: however large the file is, one child at a time is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from analysis.errors import DataError
from analysis.sources.returns.gathered import require_content
from analysis.sources.returns.layouts import load_layouts
from analysis.sources.returns.xml_lines import line_of

WHAT = "SSDA903 in XML"
#: Records held in memory at once.
_BATCH = 50_000
_CHUNK = 1 << 16
#: Bytes of the file that one child can take, and what stands before the first; a real one takes some thousands.
_MOST_OF_A_CHILD = 4_000_000
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")

Record = dict[str, str]
Element = Any


@dataclass
class Oddities:
    """What is wrong with the shape of a file.

    Attributes:
        misplaced: the line of each child that has an episode or review where none belongs, which is not read.
        twice: the line of each record that gives two values of one thing, of which the last is read.
    """

    misplaced: list[int] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)


def read_batches(path: Path, odd: Oddities) -> Iterator[dict[str, list[Record]]]:
    """Yield the records of a file by table, some tens of thousands at a time.

    Args:
        path: the file.
        odd: is given what is wrong with its shape.

    Returns:
        Texts by the name of the element, ``CHILD``, and ``line``.

    Raises:
        DataError: it is missing, empty, broken, declares a document type or entities, or has a child that does not end.
    """
    require_content(path, WHAT)
    batch: dict[str, list[Record]] = {name: [] for name in load_layouts().files}
    line: int | None = None
    try:
        for element in _children(path):
            _take(element, batch, odd)
            if len(batch["episodes"]) >= _BATCH:
                yield batch
                batch = {name: [] for name in batch}
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
    # Raised only here, as what lxml says quotes the file, and would hang on to the error.
    if line is not None:
        raise DataError(
            f"{path.name}: it is not readable XML (line {line}). It may have been cut off: export or copy it again."
        )
    yield batch


def _children(path: Path) -> Iterator[Element]:
    """Each CHILD when it is complete; it is forgotten afterwards."""
    parser = etree.XMLPullParser(
        ("end",), tag="{*}CHILD", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    is_begun, since, before = False, 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not is_begun:  # a document type can stand only before the first element, however much stands before it
                _refuse_declarations(path, before + chunk)
            parser.feed(chunk)
            since, before = since + len(chunk), chunk[-40:]
            for _, element in parser.read_events():
                is_begun, since = True, 0
                yield element
                _forget(element)
            if since > _MOST_OF_A_CHILD:
                raise DataError(
                    f"{path.name}: {_MOST_OF_A_CHILD:,} bytes without the end of a CHILD, expected some thousands; {WHAT} is a list of "
                    "children. Is it another file, or is an end missing? Export it again."
                )
    parser.close()


def _refuse_declarations(path: Path, window: bytes) -> None:
    plain = window.replace(b"\x00", b"")  # so that UTF-16 hides nothing
    if any(mark in plain for mark in _DECLARATIONS):
        raise DataError(
            f"{path.name}: it declares a document type or entities, which no return needs. It was not read: export it again."
        )


def _forget(element: Element) -> None:
    """Empty an element and take those before it from the tree, or the tree of a national file would fill the memory."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _take(element: Element, batch: dict[str, list[Record]], odd: Oddities) -> None:
    """Take the records of one child, and note whether any stand where they are not looked for."""
    headers = element.findall("{*}HEADER")
    header = headers[0] if headers else None
    own = _texts(header, odd) if header is not None else {}
    odd.twice += [line_of(other) for other in headers[1:]]
    own = {**own, "CHILD": own.get("CHILDID", ""), "line": str(line_of(element))}
    batch["header"].append(own)
    if own.get("DUC"):
        batch["uasc"].append(own)
    reviews = header.findall("{*}AREVIEW") if header is not None else []
    episodes = element.findall("{*}EPISODE")
    batch["reviews"] += [_record(item, own["CHILD"], odd) for item in reviews]
    batch["episodes"] += [_with_place(_record(item, own["CHILD"], odd)) for item in episodes]
    if sum(1 for _ in element.iter("{*}EPISODE", "{*}AREVIEW")) > len(reviews) + len(episodes):
        odd.misplaced.append(line_of(element))


def _record(element: Element, child: str, odd: Oddities) -> Record:
    return {**_texts(element, odd), "CHILD": child, "line": str(line_of(element))}


def _with_place(record: Record) -> Record:
    """A placement is PL in XML, and PLACE in CSV."""
    return {**record, "PLACE": record.get("PL", record.get("PLACE", ""))}


def _texts(element: Element, odd: Oddities) -> Record:
    found = [(_local(item.tag), text.strip()) for item in element if (text := item.text) and isinstance(item.tag, str)]
    record = dict(found)
    if len(record) < len(found) and any(text and text != record[name] for name, text in found):
        odd.twice.append(line_of(element))
    return record


@lru_cache(maxsize=1000)
def _local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]
