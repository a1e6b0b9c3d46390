"""No identifier of a child comes out anywhere: not on the screen, not in an error, a notebook, a manifest, a cache or an output.

Every identifier of a made-up return (SSDA903 CHILD and UPN, CIN identifiers, Annex A and referral identifiers, postcodes) is replaced by a
text that cannot stand anywhere by chance; records are spoilt so that as many messages as possible have reason to quote one; and then
all that the commands print and write is searched, also inside of zips, workbooks and what is embedded in pages. The name of a file is
not a canary: messages name files by design.
"""

import base64
import csv
import gzip
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from analysis import cli
from analysis.errors import OutputError
from analysis.report.batch import make_order, make_reports
from analysis.sources.returns.opening import open_returns
from analysis.synthetic.making import Order, make_returns
from conftest import ROOT

WORD = "KANARI"
#: A canary of digits alone, as many councils number children; and a birth that no other date here is.
DIGITS, BIRTH = "739186025", "23/11/2013"
FORBIDDEN = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        WORD,
        DIGITS,
        r"739[,.\s]186[,.\s]025",
        BIRTH,
        "2013-11-23",
        "23 November 2013",
        "November 23, 2013",
    )
)
_IDENTIFIERS = re.compile(r"\bS([0-9]{7})\b|\bX([0-9]{12})\b|\bR([0-9]{6})\b|\bZZ[0-9] [0-9][A-Z]{2}\b")
_EMBEDDED = re.compile(rb"base64,([A-Za-z0-9+/=\s]{40,})")


# What is searched, and how


def contents(data: bytes) -> Iterator[bytes]:
    """What bytes hold: themselves, in UTF-16 too, and whatever is packed or embedded in them."""
    yield data
    yield data.replace(b"\x00", b"")
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield member.filename.encode()
                yield from contents(archive.read(member))
    elif data.startswith(b"\x1f\x8b"):
        yield from contents(gzip.decompress(data))
    for embedded in _EMBEDDED.findall(data):
        yield from contents(base64.b64decode(re.sub(rb"\s|\\n", b"", embedded) + b"=="))


def canaries_in(data: bytes | str) -> list[str]:
    parts = contents(data.encode() if isinstance(data, str) else data)
    found = (mark.search(part.decode("utf-8", errors="replace")) for part in parts for mark in FORBIDDEN)
    return [match[0] for match in found if match]


def files_with_canaries(folder: Path) -> list[str]:
    """Files and folders below a folder in whose content or name there is a canary."""
    there = sorted(folder.rglob("*"))
    return [
        path.relative_to(folder).as_posix()
        for path in there
        if canaries_in(path.relative_to(folder).as_posix()) or (path.is_file() and canaries_in(path.read_bytes()))
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        f"row 3: {WORD.lower()}0001", f"{DIGITS}4", "739,186,025", f"born {BIRTH}", f"{WORD}1".encode("utf-16"), gzip.compress(f"{WORD}1".encode()),
        b'<img src="data:x;base64,' + base64.b64encode(b"some words before the identifier " + WORD.encode()) + b'">',
    ],
)  # fmt: skip
def test_the_search_finds_what_it_is_for(hidden):
    data = hidden.encode() if isinstance(hidden, str) else hidden
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", data)
    assert canaries_in(data)
    assert canaries_in(packed.getvalue())
    assert not canaries_in("Children in care at 31 March 2013: 739, of whom 186 were 10 to 15")


# Returns full of canaries


def with_canaries(text: str) -> str:
    """Every identifier replaced, the same by the same: also unique pupil numbers, references and postcodes."""
    return _IDENTIFIERS.sub(lambda found: f"{WORD}{re.sub('[^0-9A-Z]', '', found[0])}", text)


def replace_in_text(path: Path) -> None:
    path.write_text(with_canaries(path.read_text(encoding="utf-8")), encoding="utf-8")


def replace_in_workbook(path: Path) -> None:
    book = load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = with_canaries(cell.value)
    book.save(path)


def all_replaced(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        if path.suffix == ".xlsx":
            replace_in_workbook(path)
        elif path.is_file() and path.name != "truth.csv":
            replace_in_text(path)


def append(path: Path, *rows: dict[str, str], cells: str = "") -> None:
    """Add rows to a CSV file; ``cells`` is added to the end of each, beyond its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        headings = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in rows:
            writer.writerow([row.get(name, "") for name in headings] + ([cells] if cells else []))


EPISODE = {
    "CHILD": f"{WORD}A1", "DECOM": "01/06/2024", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U4", "PLACE_PROVIDER": "PR1",
    "HOME_POST": f"{WORD}H", "PL_POST": f"{WORD}P", "URN": f"{WORD}U",
}  # fmt: skip
HEADER = {
    "CHILD": f"{WORD}A1",
    "SEX": "M",
    "DOB": BIRTH,
    "ETHNIC": "WBRI",
    "UPN": f"{WORD}UPN",
    "MOTHER": f"{WORD}M",
    "MC_DOB": BIRTH,
}
#: Identifiers that a spreadsheet, a database, a shell, a page or a format string could take for something else.
STRANGE = (
    f'=HYPERLINK("http://localhost/{WORD}","{WORD}")', f"@SUM({WORD})", f"+{WORD}", f"-{WORD}", f"'{WORD}'; DROP TABLE episodes; --", f'"{WORD}"',
    f"<script>{WORD}</script>", f"[red]{WORD}[/red]", f"{{{WORD}}}", f"%s{WORD}%(x)s", f"$({WORD})", f"../{WORD}", f"{WORD},{WORD}", f" {WORD} ", f"{DIGITS}1",
)  # fmt: skip


def spoil_ssda903(folder: Path) -> None:
    """Overlaps, gaps, open episodes, bad days, unknown codes, births after reviews, rows twice, identifiers in every column there is."""
    episodes, headers, reviews = (folder / f"{name}.csv" for name in ("episodes", "header", "reviews"))
    overlap = {**EPISODE, "DECOM": "01/07/2024", "DEC": "01/12/2024", "REC": "X1"}
    append(
        episodes,
        EPISODE,
        EPISODE,
        overlap,
        {**overlap, "DECOM": "01/09/2024"},
        {**overlap, "DECOM": "01/01/2025", "DEC": "01/01/2024"},
    )
    append(
        episodes,
        *({**EPISODE, "CHILD": f"{WORD}B{at}", column: f"{WORD}{column}"} for at, column in enumerate(EPISODE)),
    )
    append(
        episodes,
        *(
            {**EPISODE, "CHILD": f"{WORD}C{at}", "DEC": day, "REC": "E3"}
            for at, day in enumerate([f"{WORD}1", BIRTH, "31/02/2024", "45400", "12/31/2024"])
        ),
    )
    append(episodes, *({**EPISODE, "CHILD": name} for name in STRANGE), {**EPISODE, "CHILD": "", "URN": f"{WORD}"})
    append(
        episodes,
        {**EPISODE, "PLACE": "T3", "CHILD": f"{WORD}D"},
        {**EPISODE, "DECOM": "01/01/1900", "CHILD": f"{WORD}E"},
    )
    append(episodes, {**EPISODE, "CHILD": f"{WORD}F"}, cells=f"{WORD}, one cell more")
    append(headers, HEADER, HEADER, {**HEADER, "DOB": "24/11/2012"}, {**HEADER, "CHILD": ""})
    append(
        headers, *({**HEADER, "CHILD": f"{WORD}B{at}", column: f"{WORD}{column}"} for at, column in enumerate(HEADER))
    )
    append(headers, *({**HEADER, "CHILD": name} for name in STRANGE))
    append(reviews, {"CHILD": f"{WORD}B1", "DOB": BIRTH, "REVIEW": "01/01/2010", "REVIEW_CODE": "PN1"})
    review = {"CHILD": f"{WORD}A1", "DOB": BIRTH, "REVIEW": "01/08/2024", "REVIEW_CODE": f"{WORD}"}
    append(
        reviews,
        review,
        review,
        {**review, "REVIEW": f"{WORD}"},
        {**review, "REVIEW": "", "DOB": f"{WORD}"},
        {**review, "CHILD": f"{WORD} nobody"},
    )
    append(folder / "uasc.csv", {"CHILD": f"{WORD}A1", "SEX": f"{WORD}", "DOB": "24/11/2012", "DUC": f"{WORD}"})
    (folder / "without headings.csv").write_text(
        f"{WORD}1,{BIRTH},{WORD}2\n{WORD}3,{BIRTH},{WORD}4\n", encoding="utf-8"
    )
    (folder / "with a strange heading.csv").write_text(
        f"CHILD,REVIEW,REVIEW_CODE,{WORD}\n{WORD}A1,01/09/2024,PN1,{WORD}\n", encoding="utf-8"
    )


CIN_CHILD = """<Child><ChildIdentifiers><LAchildID>{id}</LAchildID><UPN>{w}</UPN><FormerUPN>{w}</FormerUPN><PersonBirthDate>{birth}</PersonBirthDate><Sex>{sex}</Sex></ChildIdentifiers>
<ChildCharacteristics><Ethnicity>{code}</Ethnicity><Disabilities><Disability>{code}</Disability></Disabilities></ChildCharacteristics>
<CINdetails><DateOfInitialCPC>{day}</DateOfInitialCPC><Section47><S47ActualStartDate>{day}</S47ActualStartDate><InitialCPCtarget>{day}</InitialCPCtarget><DateOfInitialCPC>{day}</DateOfInitialCPC>
<ICPCnotRequired>{code}</ICPCnotRequired></Section47><ChildProtectionPlans><CPPstartDate>{start}</CPPstartDate><CPPendDate>{day}</CPPendDate><InitialCategoryOfAbuse>{code}</InitialCategoryOfAbuse>
<LatestCategoryOfAbuse>{code}</LatestCategoryOfAbuse><NumberOfPreviousCPP>{code}</NumberOfPreviousCPP><Reviews><CPPreviewDate>{day}</CPPreviewDate></Reviews></ChildProtectionPlans></CINdetails>
<CPPreviewDate>{w}</CPPreviewDate></Child>"""


def spoil_census(path: Path) -> None:
    good = {
        "id": f"{WORD}Z1",
        "w": WORD,
        "birth": "2013-11-23",
        "sex": "M",
        "code": "EMO",
        "day": "2024-06-01",
        "start": "2024-05-01",
    }
    others = [
        good, good, {**good, "birth": "2012-11-24"}, {**good, "id": "", "w": f"{WORD}Y"}, *({**good, "id": f"{WORD}X{at}", column: WORD} for at, column in enumerate(good)),
        *({**good, "id": name.replace("<", "&lt;")} for name in STRANGE), {**good, "day": "2024-04-01", "id": f"{WORD}W"},
    ]  # fmt: skip
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "</Children>",
        "".join(CIN_CHILD.format(**item) for item in others) + f"<!-- {WORD} --><{WORD}>{WORD}</{WORD}></Children>",
    )
    text = text.replace("<LEA>000</LEA>", f"<LEA>{WORD}</LEA>").replace("<Year>2025</Year>", f"<Year>{WORD}</Year>")
    path.write_text(re.sub("<ReferenceDate>[^<]*", f"<ReferenceDate>{WORD}", text), encoding="utf-8")


def spoil_annex(path: Path) -> None:
    """Rows twice, and a canary in each cell of a row in turn; a formula, a comment of the author, and a title."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        at = next(number for number, row in enumerate(rows) if any(str(cell).startswith(WORD) for cell in row))
        sheet.append(rows[at])
        for column in range(len(rows[at])):
            for bad in (f"{WORD}{column}", f'="{WORD}"', int(f"{DIGITS}{column:02d}")):
                sheet.append([bad if place == column else cell for place, cell in enumerate(rows[at])])
    book.create_sheet(f"List 9 {WORD}").append([WORD, "Child Unique ID"])
    book.properties.creator = "nobody"
    book.save(path)


def spoil_referrals(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        good = next(csv.DictReader(file))
    append(
        path,
        good,
        *({**good, "REFERENCE": f"{WORD}R{at}", column: f"{WORD}{column}"} for at, column in enumerate(good)),
    )
    append(path, *({**good, "REFERENCE": name, "CHILD": name} for name in STRANGE), {**good, "CHILD": f"{WORD} nobody"})


def spoil_localities(path: Path) -> None:
    told = {"PL_POST": f"{WORD}P", "PL_LOCATION": "IN"}
    append(path, told, {**told, "PL_LOCATION": "OUT"}, {**told, "PL_LOCATION": f"{WORD}"}, {**told, "PL_POST": ""})
    append(path, *({**told, "PL_POST": name} for name in STRANGE), told, cells=f"{WORD}, one cell more")


@pytest.fixture(scope="module")
def csv_return(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("csv") / "returns"
    shutil.copytree(ROOT / "data" / "synthetic", folder)
    all_replaced(folder)
    spoil_ssda903(folder / "2025")
    spoil_census(folder / "2025" / "cin_census.xml")
    spoil_annex(folder / "2025" / "annex_a.xlsx")
    spoil_referrals(folder / "2025" / "advocacy_referrals.csv")
    spoil_localities(folder / "2025" / "placement_locations.csv")
    return folder


@pytest.fixture(scope="module")
def xml_return(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("xml") / "returns"
    make_returns(Order(60, (2024, 2025), 5, "xml"), folder)
    all_replaced(folder)
    path = next(path for path in (folder / "2025").glob("*.xml") if "cin" not in path.name)
    episode = "".join(
        f"<{name}>{WORD}{name}</{name}>"
        for name in ("DECOM", "RNE", "LS", "CIN", "PL", "PL_POST", "DEC", "REC", "REASON_PLACE_CHANGE")
    )
    child = (
        f"<CHILD {WORD}='{WORD}'><HEADER><CHILDID>{WORD}Q</CHILDID><UPN>{WORD}</UPN><SEX>{WORD}</SEX><DOB>{WORD}</DOB><ETHNIC>{WORD}</ETHNIC><DUC>{WORD}</DUC>"
        f"<AREVIEW><REVIEW>{WORD}</REVIEW><REVIEW_CODE>{WORD}</REVIEW_CODE></AREVIEW></HEADER><EPISODE>{episode}</EPISODE><{WORD}><EPISODE>{episode}</EPISODE></{WORD}></CHILD>"
    )  # fmt: skip
    text = path.read_text(encoding="utf-8")
    end = text.rindex("</")
    path.write_text(text[:end] + child + f"<!-- {WORD} -->" + text[end:], encoding="utf-8")
    return folder


def test_the_returns_are_full_of_canaries_and_of_problems(csv_return, xml_return):
    """What is searched for below is really read: else nothing would be proved."""
    with open_returns([csv_return]) as opened:
        others = opened.con.execute(
            f"SELECT DISTINCT child FROM episodes WHERE NOT contains(child, '{WORD}')"
        ).fetchall()
        assert others == [(f"{DIGITS}1",)], "every child is a canary of the one kind or the other"
        for table in (
            "header",
            "reviews",
            "uasc",
            "cin_children",
            "plans",
            "plan_reviews",
            "conferences",
            "annex_plans",
            "annex_care",
            "referrals",
        ):
            assert opened.con.execute(
                f"SELECT count(*) > 0 FROM {table} WHERE contains(child, '{WORD}')"
            ).fetchone() == (True,), table
        rules = {problem.rule for problem in opened.problems}
    expected = {
        "date",
        "cells",
        "birth",
        "duplicate",
        "no child",
        "no review",
        "end",
        "code",
        "yes or no",
        "number",
        "structure",
        "overlap",
        "review",
        "no place",
        "two places",
        "formula",
        "answer",
    }
    assert expected <= rules
    with open_returns([xml_return]) as opened:
        assert {"date", "structure", "no review", "end"} <= {problem.rule for problem in opened.problems}
    assert len(files_with_canaries(csv_return)) == sum(path.is_file() for path in csv_return.rglob("*")) - 2, (
        "all but README and truth"
    )


# What the commands print and write


@dataclass(frozen=True)
class Place:
    """Where a command runs: a project of its own, and its own folders for everything that programs write unasked."""

    top: Path

    @property
    def project(self) -> Path:
        return self.top / "project"

    def environment(self) -> dict[str, str]:
        names = {
            "TMPDIR": "tmp",
            "HOME": "home",
            "XDG_CACHE_HOME": "cache",
            "XDG_DATA_HOME": "share",
            "XDG_CONFIG_HOME": "config",
            "XDG_RUNTIME_DIR": "runtime",
        }
        for folder in names.values():
            (self.top / folder).mkdir(exist_ok=True, mode=0o700)
        return {
            **os.environ,
            **{name: str(self.top / folder) for name, folder in names.items()},
            "ANALYSIS_HOME": str(self.project),
        }

    def run(self, *arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "analysis", *map(str, arguments)],
            capture_output=True, text=True, check=False, encoding="utf-8", env=self.environment(), cwd=self.top,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert canaries_in(done.stdout + done.stderr) == []
        return done


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    found = Place(tmp_path_factory.mktemp("place"))
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, found.project / name, ignore=shutil.ignore_patterns("raw", ".ipynb_checkpoints"))
    return found


@pytest.mark.parametrize(
    "more",
    [("--format", "table"), ("--format", "csv", "--groups"), ("--format", "json", "--groups", "--set", "temps=count")],
)
@pytest.mark.parametrize("kind", ["csv_return", "xml_return"])
def test_counting_prints_no_canary_and_writes_nothing(request, place, kind, more):
    before = files_of(place.top)
    done = place.run("count", request.getfixturevalue(kind), *more)
    assert "cla_number" in done.stdout
    assert "Problems: " in done.stderr and "were left out of every count" in done.stderr
    assert new_files(place, before) == []


def test_counting_a_zip_prints_no_canary_and_leaves_nothing_unpacked(place, csv_return, tmp_path):
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
        for path in csv_return.rglob("*.*"):
            archive.write(path, path.relative_to(csv_return))
    before = files_of(place.top)
    assert "cla_number" in place.run("count", tmp_path / "sent.zip").stdout
    assert new_files(place, before) == []


def test_commands_for_official_files_do_not_quote_a_return_that_lies_among_them(place, csv_return):
    before = files_of(place.top)
    place.run("check", csv_return)
    place.run("figures", "--data", csv_return, "--area", "Nottingham", "--format", "csv")
    assert files_with_canaries(place.top) == []
    # What official files hold is kept to be quick; here that is nothing, and names of files.
    assert all(name.startswith("project/data/cache/") for name in new_files(place, before))


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "9", "--returns", "{}", "--formats", "html,xlsx", "--code"),
        ("report", "9", "2", "--data", "{}", "--formats", "html,xlsx", "--code"),
        ("briefing", "--indicator", "cla_number", "--data", "{}"),
    ],
)
def test_reports_hold_no_canary_and_stand_in_restricted_alone(place, csv_return, arguments):
    shutil.rmtree(place.project / "outputs", ignore_errors=True)
    before = files_of(place.top)
    place.run(*(item.format(csv_return) for item in arguments), "--area", "Nottingham", "--year", "2024-25")
    written = [path for path in new_files(place, before) if path.startswith("project")]
    assert any(path.endswith(".html") for path in written)
    assert "xlsx" not in " ".join(arguments) or any(path.endswith(".xlsx") for path in written)
    assert [path for path in written if not path.startswith("project/outputs/restricted/")] == []
    assert files_with_canaries(place.top) == []
    assert not [path for path in new_files(place, before) if path.startswith("tmp/returns-")]


def test_a_report_that_fails_holds_no_canary(place, csv_return, tmp_path):
    """The notebook is kept as far as it came, with what its cells said."""
    shutil.copytree(csv_return, tmp_path / "returns")
    with (tmp_path / "returns" / "2025" / "episodes.csv").open("a", encoding="utf-8") as file:
        file.write(f'"{WORD},01/01/2024\n{WORD},{BIRTH}\n')
    done = place.run(
        "report", "9", "--returns", tmp_path / "returns", "--area", "Nottingham", "--year", "2024-25", "--code", code=1
    )
    assert "a quotation mark takes in" in done.stderr
    assert list(place.project.glob("outputs/restricted/*/*/*.failed.ipynb"))
    assert files_with_canaries(place.top) == []


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def new_files(place: Place, before: dict[str, tuple[int, int]]) -> list[str]:
    """Files that are new or changed, but for what Python and its libraries keep for themselves, which is searched all the same."""
    return sorted(
        name
        for name, stamp in files_of(place.top).items()
        if before.get(name) != stamp and not name.startswith(("home/", "cache/", "config/", "share/"))
    )


# Errors


CSV = ",".join(EPISODE) + ",DEC,REC\n"
ROW = f"{WORD}1,01/06/2024,S,C2,N1,U4,PR1,{WORD},{WORD},{WORD},,\n"
MESSAGE = "<Message><Header><CollectionDetails><Collection>CIN</Collection></CollectionDetails></Header><Children><Child><ChildIdentifiers><LAchildID>"


def broken_sheet(folder: Path) -> None:
    """A workbook of which one sheet breaks off after a canary."""
    book = Workbook()
    book.active.append(["Child Unique ID", "Date of Birth"])
    book.active.append([f"{WORD}1", BIRTH])
    book.save(folder / "whole.xlsx")
    with zipfile.ZipFile(folder / "whole.xlsx") as good, zipfile.ZipFile(folder / "a.xlsx", "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(
                name, content[: content.index(b"</row>") + 40] + f"<{WORD}>".encode() if "sheet1" in name else content
            )
    (folder / "whole.xlsx").unlink()


BROKEN: dict[str, str | bytes | Callable[[Path], None]] = {
    "a quotation mark.csv": CSV + ROW + '"' + ROW * 50,
    "another encoding.csv": (CSV + ROW + ROW.replace(WORD, f"{WORD}\xeb")).encode("cp1252"),
    "a long line.csv": CSV + f'"{WORD}' + "x" * 3_000_000 + '"' + ROW,
    "days with the month first.csv": CSV + "".join(ROW.replace("01/06", f"06/{at}") for at in range(13, 29)),
    "no days.csv": CSV + ROW.replace("01/06/2024", WORD),
    "a child twice as heading.csv": CSV.replace("REC", "CHILD") + ROW,
    "no headings.csv": ROW * 3,
    "cut off.xml": f"{MESSAGE}{WORD}1</LAchildID>",
    "mismatched.xml": f"{MESSAGE}{WORD}1</{WORD}></Message>",
    "an unknown entity.xml": f"{MESSAGE}&{WORD};</LAchildID></ChildIdentifiers></Child></Children></Message>",
    "an unknown prefix.xml": f"{MESSAGE}<{WORD}:x/></LAchildID></ChildIdentifiers></Child></Children></Message>",
    "an attribute twice.xml": f"<EXPSSDA903><CHILD><HEADER {WORD}='1' {WORD}='2'><CHILDID>{WORD}</CHILDID></HEADER></CHILD></EXPSSDA903>",
    "mismatched ssda903.xml": f"<EXPSSDA903><CHILD><HEADER><CHILDID>{WORD}</{WORD}></HEADER></CHILD></EXPSSDA903>",
    "another root.xml": f"<{WORD}><CHILD>{WORD}</CHILD></{WORD}>",
    "another collection.xml": MESSAGE.replace(">CIN<", f">{WORD}<"),
    "a bomb.xml": f'<!DOCTYPE {WORD} [<!ENTITY {WORD} "{WORD}">]><EXPSSDA903>&{WORD};</EXPSSDA903>',
    "a broken sheet.xlsx": broken_sheet,
    "no workbook.xlsx": f"{WORD}",
    "no zip.zip": f"PK\x03\x04{WORD}",
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_an_error_quotes_no_canary(monkeypatch, capsys, tmp_path, name):
    (tmp_path / "tmp").mkdir()
    (tmp_path / "returns").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    content = BROKEN[name]
    if callable(content):
        content(tmp_path / "returns")
    else:
        (tmp_path / "returns" / name).write_bytes(content.encode() if isinstance(content, str) else content)
    monkeypatch.setattr(sys, "argv", ["analysis", "count", str(tmp_path / "returns")])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert ended.value.code == 4
    assert len(printed.err) > 40
    assert canaries_in(printed.out + printed.err) == []
    # Nor does the error itself hang on to what it was made of: a notebook would print it.
    chain = ended.value.__context__
    while chain is not None:
        assert canaries_in(str(chain)) == [], type(chain)
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    assert list((tmp_path / "tmp").iterdir()) == []


# Nothing is half-written


@pytest.mark.parametrize("fails_at", [1, 3])
def test_a_failure_while_writing_leaves_only_whole_files(monkeypatch, csv_return, tmp_path, fails_at):
    given = {"returns": str(csv_return)}
    order = make_order(["9"], area="Nottingham", year="2024-25", output=tmp_path, given=given)
    renamed, at = Path.replace, iter(range(1, 1_000_000))

    def replace(self: Path, target: Path) -> Path:
        if next(at) >= fails_at:
            raise OSError(28, "No space left on device")
        return renamed(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OutputError):
        make_reports(order)
    there = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in there if path.name.startswith(".partial-")]
    assert len(there) < fails_at
    assert all(path.stat().st_size > 0 for path in there)
    assert files_with_canaries(tmp_path) == []
