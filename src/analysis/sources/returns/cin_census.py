"""The CIN Census as councils send it (XML), read as a stream into the tables of child protection.

A large file is read child by child and never held as a whole. Names of elements are matched without regard to namespace and case, as
years and programs differ in both. Every date is a day written yyyy-mm-dd; another text is a problem and the date blank. A record is left
out, and said to be, where a blank would change what it counts as: a plan with an unreadable end would look open, an enquiry with an
unreadable conference would look as if there had been none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final

from lxml import etree

from analysis.errors import DataError
from analysis.sources.returns.days import EXPECTED, parse_day, plausible
from analysis.sources.returns.gathered import Problems, Rows, require_content
from analysis.sources.returns.tables import FileRead, Return
from analysis.sources.returns.xml_lines import line_of

WHAT = "a CIN Census file in XML"
TABLE_NAMES = ("cin_children", "plans", "plan_reviews", "conferences")

_SEX: Final = {"1": "M", "2": "F", "0": "U", "9": "U", "M": "M", "F": "F", "U": "U"}
_SEX_ELEMENTS = ("Sex", "PersonSex", "GenderCurrent", "PersonGenderCurrent")
_YES: Final = {"true": True, "1": True, "false": False, "0": False}
_CATEGORIES = frozenset(["NEG", "PHY", "SAB", "EMO", "MUL"])
_ETHNICITIES = frozenset([
    "WBRI", "WIRI", "WIRT", "WOTH", "WROM", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN", "ABAN", "AOTH", "BCRB", "BAFR", "BOTH",
    "CHNE", "OOTH", "REFU", "NOBT",
])  # fmt: skip
_DISABILITIES = frozenset(["NONE", "MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA"])  # fmt: skip
#: A council that planned for a child more often than this has written something else into the field.
_MOST_PLANS = 99
#: Bytes of the file that one child can take; a real one takes some thousands.
_MOST_OF_A_CHILD = 4_000_000
#: Where the records that are read may stand; elsewhere nobody can say what they belong to.
_PLACES: Final = {
    "cindetails": {"child"},
    "section47": {"cindetails"},
    "dateofinitialcpc": {"cindetails", "section47"},
    "childprotectionplans": {"cindetails"},
    "reviews": {"childprotectionplans"},
    "cppreviewdate": {"reviews", "childprotectionplans"},
}
_NAMES: Final = {
    "cindetails": "CINdetails", "section47": "Section47", "dateofinitialcpc": "DateOfInitialCPC",
    "childprotectionplans": "ChildProtectionPlans", "reviews": "Reviews", "cppreviewdate": "CPPreviewDate",
}  # fmt: skip
_OTHER_STARTS: Final = {
    b"PK\x03\x04": "a zip file or workbook",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an Office file",
}

Element = Any


def read_cin_census(path: Path) -> Return:
    """Read a CIN Census file.

    Args:
        path: the file.

    Returns:
        The tables cin_children, plans, plan_reviews and conferences. ``sex`` is M, F or U (not recorded, unborn or indeterminate) whatever
        the year's codes; other codes stand as they are, in capitals. ``row`` is the line of the record.

    Raises:
        DataError: the file is missing, empty, of another kind, broken, or declares a document type or entities.
    """
    start = require_content(path, WHAT)
    for magic, kind in _OTHER_STARTS.items():
        if start.startswith(magic):
            raise DataError(f"{path.name} is {kind}, expected {WHAT}. Give the file that is sent to the department.")
    census = _Census(path.name)
    for element in _children(path, census):
        _take_child(census, element)
    if not census.children:
        raise DataError(f"{path.name} holds no Child, expected {WHAT} with at least one. Export it again.")
    _check_header(census)
    council = census.header.get("lea", (0, ""))[1]
    read = FileRead(path.name, "CIN Census", census.children, dict(census.matched), _note(census), _code(council))
    return Return({name: rows.table() for name, rows in census.rows.items()}, census.problems.listed(), (read,))


@dataclass(repr=False)
class _Census:
    """What was gathered of one file. It has no repr, as it holds children."""

    name: str
    rows: dict[str, Rows] = field(default_factory=lambda: {name: Rows(name) for name in TABLE_NAMES})
    matched: dict[str, str] = field(default_factory=dict)
    header: dict[str, tuple[int, str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    children: int = 0

    def __post_init__(self) -> None:
        self.problems = Problems(self.name)

    def add(self, table: str, line: int, **cells: object) -> None:
        """Add a row that stands in a line."""
        self.rows[table].add({**cells, "file": self.name, "row": line})


class _Record:
    """One element, or several of one name, and what stands directly inside, by name in small letters."""

    def __init__(self, census: _Census, elements: Sequence[Element], line: int = 0) -> None:
        self.census = census
        self.line = line_of(elements[0]) if elements else line
        self.inside: dict[str, list[Element]] = defaultdict(list)
        #: Whether it cannot be counted.
        self.lost = False
        for element in elements:
            for item in element:
                self.inside[_name(item)].append(item)

    def problem(self, element: str, *, found: str, expected: str, action: str, rule: str, vital: bool = False, line: int = 0) -> None:  # fmt: skip
        """Say what is wrong; where it is vital the record is lost."""
        self.lost = self.lost or vital
        self.census.problems.add(
            line or self.line, element, found=found, expected=expected, action=action, rule=rule, left_out=vital
        )

    def text(self, column: str, *names: str, must: bool = False, vital: bool = False) -> str:
        """Return the text of the one element that has any of these names; blank, with a problem, where it is not one."""
        items = [item for name in names for item in self.inside[name.casefold()]]
        given = {text: item for item in reversed(items) if (text := _text(item))}
        if len(given) > 1:
            self.problem(
                names[0], found=f"{len(given)} different values", expected="one", action="Keep the one that holds.",
                rule="twice", vital=vital,
            )  # fmt: skip
            return ""
        for text, item in given.items():
            self.census.matched.setdefault(column, next(name for name in names if name.casefold() == _name(item)))
            return text
        if must:
            self.problem(names[0], found="nothing", expected="a value", action="Fill it in.", rule="blank", vital=vital)
        return ""

    def day(self, column: str, name: str, *, must: bool = False, vital: bool = False) -> date | None:
        """Return the day in an element; None, with a problem, where there is a text that is no day."""
        text = self.text(column, name, must=must, vital=vital)
        return self.day_of(text, name, self._line_of(name), vital=vital) if text else None

    def day_of(self, text: str, name: str, line: int, *, vital: bool) -> date | None:
        """Return the day that a text of a line says; None, with a problem, where it says none."""
        found = plausible(parse_day(text, order="iso"))
        if isinstance(found, date):
            return found
        self.problem(
            name, found=found, expected=EXPECTED["iso"], action="Mend the date.", rule="date", vital=vital, line=line
        )
        return None

    def code(self, column: str, *names: str, codes: frozenset[str], must: bool = True) -> str:
        """Return a code in capitals; one that is not on the list is a problem and stands as it is."""
        text = self.text(column, *names, must=must).upper()
        if text and text not in codes:
            self.problem(
                names[0], found="a code that is not on the list", expected=", ".join(sorted(codes)),
                action="Mend the code.", rule="code", line=self._line_of(*names),
            )  # fmt: skip
        return text

    def yes(self, column: str, name: str) -> bool | None:
        """Return true or false; None, with a problem, where there is neither."""
        text = self.text(column, name, must=True).casefold()
        if text and text not in _YES:
            self.problem(
                name, found="a text that is neither", expected="true or false, 1 or 0", action="Mend it.",
                rule="yes or no", line=self._line_of(name),
            )  # fmt: skip
        return _YES.get(text)

    def count(self, column: str, name: str) -> int | None:
        """Return a number of plans; None, with a problem, where there is no such number."""
        text = self.text(column, name, must=True)
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= _MOST_PLANS:
            return int(text)
        self.problem(
            name, found="a text that is no such number", expected=f"a whole number from 0 to {_MOST_PLANS}",
            action="Mend the number.", rule="number", line=self._line_of(name),
        )  # fmt: skip
        return None

    def _line_of(self, *names: str) -> int:
        """The line of the first element that has any of these names and a text."""
        items = (item for name in names for item in self.inside[name.casefold()])
        return next((line_of(item) for item in items if _text(item)), 0)


def _children(path: Path, census: _Census) -> Iterator[Element]:
    """Yield each Child when it is complete; it is forgotten afterwards."""
    line: int | None = None
    with path.open("rb") as file:
        try:
            yield from _stream(file, census)
        except etree.XMLSyntaxError as error:
            line = error.lineno or 0
    # Raised only here, as what lxml says quotes the file, and would hang on to the error.
    if line is not None:
        raise DataError(
            f"{path.name}, line {line}: this is no well-formed XML, or its elements stand too deep inside one another; expected {WHAT}. "
            "It may have been cut off: export or copy it again."
        )


def _stream(file: BinaryIO, census: _Census) -> Iterator[Element]:
    """Walk through the elements. ``depth`` counts those that are open from a Child downwards."""
    depth = began = 0
    for number, (event, element) in enumerate(_events(file)):
        name = _name(element)
        if number == 0:
            _require_census(census.name, element, name)
        if event == "start":
            began = began if depth else file.tell()
            _require_one_child(census.name, element, name, depth, file.tell() - began)
            depth += bool(depth) or name == "child"
        elif depth > 1:
            depth -= 1
        else:
            if depth:
                depth = 0
                census.children += 1
                yield element
            _note_header(census, element, name)
            _forget(element)


def _events(file: BinaryIO) -> Iterator[tuple[str, Element]]:
    # A file is read, never a path: lxml would take a path for an address, and unpack what is packed.
    events: Iterator[tuple[str, Element]] = etree.iterparse(
        file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    return events


def _forget(element: Element) -> None:
    """Empty an element and take those before it from the tree, or the tree would grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _require_census(file: str, root: Element, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise DataError(
            f"{file} declares a document type or entities, expected {WHAT}, which needs neither. It was not read: export it again."
        )
    if name != "message":
        raise DataError(
            f"{file} is XML of another kind, expected {WHAT}, whose outermost element is Message. "
            "Give the file that is sent to the department."
        )


def _require_one_child(file: str, element: Element, name: str, depth: int, size: int) -> None:
    if depth and name == "child":
        raise DataError(
            f"{file}, line {line_of(element)}: a Child stands inside a Child, expected {WHAT}. Export it again."
        )
    if depth and size > _MOST_OF_A_CHILD:
        raise DataError(
            f"{file}, line {line_of(element)}: one Child takes more than {_MOST_OF_A_CHILD:,} bytes, expected some thousands. "
            "Perhaps its end is missing: export it again."
        )


def _take_child(census: _Census, element: Element) -> None:
    child = _Record(census, [element])
    person = _Record(census, child.inside["childidentifiers"], child.line)
    identifier = person.text("child", "LAchildID", must=True, vital=True)
    _check_places(child, element)
    if not identifier:
        return
    if identifier in census.seen:
        child.problem(
            "LAchildID", found="the same child as before", expected="each child once",
            action="Is one of the two surplus? Both are read.", rule="duplicate",
        )  # fmt: skip
    census.seen.add(identifier)
    _take_person(census, child, person, identifier)
    for details in child.inside["cindetails"]:
        _take_details(census, details, identifier)


def _take_person(census: _Census, child: _Record, person: _Record, identifier: str) -> None:
    about = _Record(census, child.inside["childcharacteristics"], child.line)
    birth = person.day("birth", "PersonBirthDate")
    expected_birth = person.day("expected_birth", "ExpectedPersonBirthDate")
    if not (person.inside["personbirthdate"] or person.inside["expectedpersonbirthdate"]):
        person.problem(
            "PersonBirthDate", found="nothing", expected="a date of birth, or the expected one of an unborn child",
            action="Fill it in.", rule="blank",
        )  # fmt: skip
    census.add(
        "cin_children", child.line, child=identifier, sex=_sex(person), birth=birth, expected_birth=expected_birth,
        ethnicity=about.code("ethnicity", "Ethnicity", codes=_ETHNICITIES), disabled=_disabled(about),
    )  # fmt: skip


def _sex(person: _Record) -> str | None:
    """M, F or U. In the years of change a file can hold a 1 beside an M: two elements that say the same are no contradiction."""
    items = [item for name in _SEX_ELEMENTS for item in person.inside[name.casefold()] if _text(item)]
    said = {_SEX.get(_text(item).upper()) for item in items}
    if len(items) > 1 and len(said) == 1 and None not in said:
        person.inside[_name(items[0])] = items[:1]
        for item in items[1:]:
            person.inside[_name(item)] = items[:1] if _name(item) == _name(items[0]) else []
    return _SEX.get(person.code("sex", *_SEX_ELEMENTS, codes=frozenset(_SEX)))


def _disabled(about: _Record) -> bool | None:
    """Whether there is any code but NONE; None where nothing is recorded."""
    items = [item for group in about.inside["disabilities"] for item in group] + about.inside["disability"]
    codes = {text.upper(): line_of(item) for item in items if (text := _text(item))}
    if not codes:
        return None
    about.census.matched.setdefault("disabled", "Disability")
    for code, line in codes.items():
        if code not in _DISABILITIES:
            about.problem(
                "Disability", found="a code that is not on the list", expected=", ".join(sorted(_DISABILITIES)),
                action="Mend the code. The child is counted as disabled.", rule="code", line=line,
            )  # fmt: skip
    if "NONE" in codes and len(codes) > 1:
        about.problem(
            "Disability", found="NONE beside another code", expected="one or the other",
            action="Mend it. The child is counted as disabled.", rule="contradiction", line=codes["NONE"],
        )  # fmt: skip
    return codes.keys() != {"NONE"}


def _take_details(census: _Census, element: Element, child: str) -> None:
    details = _Record(census, [element])
    for enquiry in details.inside["section47"]:
        _take_enquiry(census, enquiry, child)
    _take_transfer(census, details, child)
    for plan in details.inside["childprotectionplans"]:
        _take_plan(census, plan, child)


def _take_enquiry(census: _Census, element: Element, child: str) -> None:
    enquiry = _Record(census, [element])
    row = {
        "enquiry": enquiry.day("enquiry", "S47ActualStartDate", must=True),
        "target": enquiry.day("target", "InitialCPCtarget"),
        "conference": enquiry.day("conference", "DateOfInitialCPC", vital=True),
        "not_required": enquiry.yes("not_required", "ICPCnotRequired"),
    }
    if not enquiry.lost:
        census.add("conferences", enquiry.line, child=child, transferred_in=False, **row)


def _take_transfer(census: _Census, details: _Record, child: str) -> None:
    """A conference outside of any enquiry is that of a child who came with a plan from another council."""
    conference = details.day("conference", "DateOfInitialCPC", vital=True)
    if not conference:
        return
    if details.inside["section47"]:
        details.problem(
            "DateOfInitialCPC", found="a conference outside of the enquiries, though there is an enquiry",
            expected="its date inside of Section47, or no enquiry where the child came from another council",
            action="Move it or take it away; this conference is not counted.", rule="conference", vital=True,
            line=line_of(details.inside["dateofinitialcpc"][0]),
        )  # fmt: skip
        return
    # It was held, so it cannot have been unneeded.
    census.add("conferences", details.line, child=child, conference=conference, not_required=False, transferred_in=True)


def _take_plan(census: _Census, element: Element, child: str) -> None:
    plan = _Record(census, [element])
    row = {
        "started": plan.day("started", "CPPstartDate", must=True, vital=True),
        "ended": plan.day("ended", "CPPendDate", vital=True),
        "category": plan.code("category", "InitialCategoryOfAbuse", codes=_CATEGORIES),
        "category_latest": plan.code("category_latest", "LatestCategoryOfAbuse", codes=_CATEGORIES),
        "previous": plan.count("previous", "NumberOfPreviousCPP"),
    }
    if plan.lost:
        return
    census.add("plans", plan.line, child=child, **row)
    for item in element.iter():
        if _name(item) == "cppreviewdate":
            _take_review(census, item, child, row["started"])


def _take_review(census: _Census, element: Element, child: str, plan_started: object) -> None:
    review, text = _Record(census, [element]), _text(element)
    if not text:
        review.problem(
            "CPPreviewDate", found="nothing", expected="a day", action="Fill it in, or take the element away.",
            rule="blank", vital=True,
        )  # fmt: skip
        return
    day = review.day_of(text, "CPPreviewDate", review.line, vital=True)
    if day:
        census.matched.setdefault("review", "CPPreviewDate")
        census.add("plan_reviews", review.line, child=child, plan_started=plan_started, review=day)


def _check_places(child: _Record, element: Element) -> None:
    """A record at a place where it is not looked for is said to be left out, never passed over."""
    for item in element.iter():
        places = _PLACES.get(_name(item))
        if places and _name(item.getparent()) not in places:
            child.problem(
                _NAMES[_name(item)], found="it at a place where it belongs to nothing",
                expected="it inside of its own record, as the census guide has it",
                action="Move it there; it was not read.", rule="structure", vital=True, line=line_of(item),
            )  # fmt: skip


def _note_header(census: _Census, element: Element, name: str) -> None:
    if name in ("collection", "year", "referencedate", "lea"):
        census.header.setdefault(name, (line_of(element), _text(element)))
    if name == "collection" and _text(element).upper() not in ("", "CIN"):
        raise DataError(
            f"{census.name}, line {line_of(element)}: this is a file of another collection, expected {WHAT}, whose Collection is CIN. "
            "Give the file of the children in need census."
        )


def _check_header(census: _Census) -> None:
    """The census of a year is taken on its 31 March."""
    line, text = census.header.get("referencedate", (0, ""))
    year = census.header.get("year", (0, ""))[1]
    found = plausible(parse_day(text, order="iso")) if text else "nothing"
    if isinstance(found, str):
        census.problems.add(
            line, "ReferenceDate", found=found, expected="the day of the census, such as 2024-03-31",
            action="Mend the header; no record depends on it.", rule="date" if text else "blank",
        )  # fmt: skip
    elif year != str(found.year) or (found.month, found.day) != (3, 31):
        census.problems.add(
            line, "ReferenceDate", found="a day that is not 31 March of the header's Year",
            expected="31 March of that year", action="Mend the one that is wrong; no record depends on it.",
            rule="reference",
        )  # fmt: skip


def _code(text: str) -> str:
    """The three digits of a council; blank for anything else, which could be whatever slipped in there."""
    return text if text.isascii() and text.isdigit() and len(text) == 3 else ""


def _note(census: _Census) -> str:
    found = parse_day(census.header.get("referencedate", (0, ""))[1], order="iso")
    return f"reference date {found.isoformat()}" if isinstance(found, date) else ""


def _name(element: Element) -> str:
    """The name of an element without its namespace, in small letters."""
    tag = element.tag
    return tag.rpartition("}")[2].casefold() if isinstance(tag, str) else ""


def _text(element: Element) -> str:
    return (element.text or "").strip()
