"""A file of transcribed figures, held against all that is known of it: every kind of mistake, and laws of the check."""

import csv
import io
import random
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.indicators.definitions import units
from analysis.sources.catalogue import load_sources
from analysis.sources.published import published_folder, read_figures, read_published
from analysis.sources.transcribed import check_file
from analysis.vocabulary import COLUMNS

FILE = "nottingham_cpb_2023_01.csv"
TEMPLATE = published_folder() / "TEMPLATE.csv"


@cache
def cells_of(name=FILE):
    with (published_folder() / name).open(encoding="utf-8", newline="") as file:
        return tuple(tuple(row) for row in csv.reader(file))


#: Figures in the file, as another reader than ours counts them: reports are transcribed further, and the file grows.
FIGURES = len(cells_of()) - 1
#: The rows of all figures, as a spreadsheet numbers them.
ROWS = range(2, FIGURES + 2)


def write(path, rows, *, encoding="utf-8", **how):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **how).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def spoilt(path, changes):
    """The file with some cells changed: row as a spreadsheet numbers it, column, text."""
    rows = [list(row) for row in cells_of()]
    for row, column, text in changes:
        rows[row - 1][COLUMNS.index(column)] = text
    return write(path, rows)


def lines(path, **how):
    return [problem.words(path.name) for problem in check_file(path, units=units(), **how).problems]


@pytest.fixture
def path(tmp_path):
    return tmp_path / FILE


# Mistakes in cells


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("figure", "NCP99.001", ["figure: found 'NCP99.001', expected NCP23. and a number"]),
        ("figure", "NCP23.003", ["row 4, figure: found 'NCP23.003', expected an identifier of its own"]),
        ("indicator", "cla_numbr", ["indicator: found 'cla_numbr'", "Did you mean 'cla_number'?"]),
        ("area_code", "E06000099", ["area_code: found 'E06000099'"]),
        ("area_name", "Derby", ["area_name: found 'Derby'"]),
        ("geographic_level", "Council", ["geographic_level: found 'Council'"]),
        ("period", "2021/22", ["period: found '2021/22'", "Write 2021-22."]),
        ("period", "0000", ["period: found '0000', expected a period"]),
        ("period_basis", "guessed", ["period_basis: found 'guessed'"]),
        ("breakdown_topic", "Colour", ["breakdown_topic: found 'Colour'"]),
        ("breakdown", "Boys", ["breakdown: found 'Boys', expected Total"]),
        ("numerator", "7oo", ["numerator: found '7oo', expected a number"]),
        ("denominator", "0", ["denominator: found '0', expected a number above 0", "stands in the quote"]),
        ("value", "1_000", ["value: found '1_000', expected a number such as 74.0"]),
        ("value", "72.9%", ["value: found '72.9%', expected a number such as 74.0"]),
        ("value", "725", ["value: found '725', expected a number that stands in the quote as digits. Hold it"]),
        ("value", "", ["value: found nothing"]),
        ("status", "suppressed", ["value: found '724', expected nothing"]),
        ("status", "c", ["status: found 'c'"]),
        ("value_type", "actual", ["value_type: found 'actual'"]),
        ("precision", "1", ["precision: found '1'"]),
        ("value", "", ["precision: found '0', expected nothing, as there is no value"]),
        ("source", "your_source_id", ["source: found 'your_source_id'"]),
        ("locator", "", ["locator: found nothing"]),
        ("quote", " ", ["quote: found ' ', expected a text"]),
        ("release", "16/01/2023", ["release: found '16/01/2023', expected '2023-01-16'"]),
        ("note", "", ["note: found nothing, expected how the period was inferred"]),
        ("note", "words: seven", ["note: found 'seven', expected number words that stand in the quote"]),
    ],
)
def test_a_mistake_in_a_cell_names_row_and_column(path, column, text, says):
    found = lines(spoilt(path, [(2, column, text)]))
    for words in says:
        assert any(words in line for line in found), found
    assert all(line.startswith((f"{FILE}, row 2, ", f"{FILE}, row 4, ")) for line in found)
    assert all(", expected " in line and line.endswith((".", "?")) for line in found)


def test_every_problem_is_listed_in_the_order_of_rows_and_columns(path):
    changes = [(row, column, "?") for row in ROWS for column in ("value", "area_code", "status")]
    found = check_file(spoilt(path, changes), units=units()).problems
    places = [(problem.row, COLUMNS.index(problem.field)) for problem in found]
    assert places == sorted(places)
    assert len(places) == len(changes) > 20


def test_what_is_found_is_a_reason_not_to_read_the_file(path):
    """The check is at least as strict as the reader: what it finds nothing wrong with can be read."""
    for column in COLUMNS:
        for text in ("", "?", "0", "2020-21", "Total"):
            spoilt(path, [(3, column, text)])
            if not check_file(path, units=units()).problems:
                assert len(read_figures(path, units=units())) == FIGURES


# Mistakes in the form of the file


def test_a_missing_column_is_one_problem_and_the_others_are_checked(path):
    for column in COLUMNS:
        at = COLUMNS.index(column)
        rows = [[cell for number, cell in enumerate(row) if number != at] for row in cells_of()]
        found = lines(write(path, rows))
        assert found[:1] == [
            f"{FILE}, column {column!r}: found nothing, expected this column. Add it; it may be blank where the contract allows."
        ]  # fmt: skip
        assert [line.partition(" found")[0] for line in found[1:]] == (in_words() if column == "note" else [])
    rows[4][COLUMNS.index("period")] = "soon"
    assert [line.partition(" found")[0] for line in lines(write(path, rows))] == [
        f"{FILE}, column 'note':", *sorted([f"{FILE}, row 5, period:", *in_words()], key=row_of),
    ]  # fmt: skip


def in_words():
    """Where the values stand that a quote has in words: without the note that says so, they are not in their quote."""
    notes = [row[COLUMNS.index("note")] for row in cells_of()]
    return [f"{FILE}, row {row}, value:" for row in ROWS if notes[row - 1].startswith("words: ")]


def row_of(line):
    return int(re.search(r", row (\d+),", line)[1])


def test_a_column_under_another_name_is_read_as_what_it_means(path):
    rows = [list(row) for row in cells_of()]
    rows[0][COLUMNS.index("indicator")] = "Indicater"
    rows[2][COLUMNS.index("indicator")] = "cla_numbr"
    found = lines(write(path, rows))
    assert len(found) == 2
    assert "column 'Indicater': found an unknown column" in found[0]
    assert "Rename it to 'indicator'" in found[0]
    assert "row 3, indicator: found 'cla_numbr'" in found[1]


def test_a_further_column_and_one_twice(path):
    rows = [[*row, "x" if number else "extra"] for number, row in enumerate(cells_of())]
    assert ["column 'extra': found an unknown column" in line for line in lines(write(path, rows))] == [True]
    rows = [[*row, row[COLUMNS.index("note")]] for row in cells_of()]
    assert ["column 'note': found it twice" in line for line in lines(write(path, rows))] == [True]


def test_ragged_rows_are_named_and_not_checked_further(path):
    rows = [list(row) for row in cells_of()]
    rows[2] += ["x"]
    rows[4] = rows[4][3:]
    rows[6][COLUMNS.index("value")] = "?"
    found = lines(write(path, rows))
    assert [line.partition(" found")[0] for line in found] == [
        f"{FILE}, row 3, the row:", f"{FILE}, row 5, the row:", f"{FILE}, row 7, value:",
    ]  # fmt: skip
    assert "found 22 cells, expected 21, as in the header" in found[0]


def test_what_a_spreadsheet_leaves_behind(path):
    """Empty columns at the right and empty rows: one problem each, however many there are."""
    rows = [[*row, "", ""] for row in cells_of()]
    rows[3:3] = [[""] * len(rows[0])]
    found = check_file(write(path, [*rows, *([[""] * len(rows[0])] * 40)]), units=units())
    assert [problem.words("x.csv") for problem in found.problems] == [
        "x.csv, the header: found 2 columns without a name at the right, expected a name for each column. "
        "Delete the columns as a whole and save again.",
        "x.csv, row 4, the row: found 41 empty rows, of which this is the first, expected a figure in every row. "
        "Delete the rows as a whole and save again.",
    ]
    assert found.rows == FIGURES


def test_rows_after_an_empty_one_keep_their_numbers(path):
    rows = [list(row) for row in cells_of()]
    rows[9][COLUMNS.index("value")] = "?"
    rows.insert(5, [])
    assert [line.partition(" found")[0] for line in lines(write(path, rows))] == [
        f"{FILE}, row 6, the row:", f"{FILE}, row 11, value:",
    ]  # fmt: skip


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_delimiters_are_named_and_the_rows_checked(path, delimiter, name):
    rows = [list(row) for row in cells_of()]
    rows[3][COLUMNS.index("value")] = "5,8"
    found = lines(write(path, rows, delimiter=delimiter))
    assert found[0].startswith(f"{FILE}, the file: found columns parted by {name}, expected columns parted by commas.")
    assert "CSV UTF-8" in found[0]
    assert [line.partition(", expected")[0] for line in found[1:]] == [f"{FILE}, row 4, value: found '5,8'"]


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("cp1252", [f"{FILE}, row 4, note: found a byte that is not UTF-8 (0x96), and 1 more, expected UTF-8 text."]),
        ("utf-16", [f"{FILE}, the file: found text in UTF-16, expected UTF-8 text."]),
        ("utf-8-sig", []),
        ("utf-8", []),
    ],
)
def test_encodings(path, encoding, says):
    rows = [list(row) for row in cells_of()]
    for row in (3, 5):
        rows[row][COLUMNS.index("note")] = "read \N{EN DASH} as printed"
    found = lines(write(path, rows, encoding=encoding))
    assert len(found) == len(says)
    for line, start in zip(found, says, strict=True):
        assert line.startswith(start)
        assert "save as “CSV UTF-8" in line


NO_TABLE = {
    "a workbook": (b"PK\x03\x04rest", "found a workbook, a Word document or an archive, expected a CSV file of transcribed figures"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "found an old Excel or Word file"),
    "a PDF": (b"%PDF-1.7", "found a PDF"),
    "binary": (bytes(range(256)), "found a binary file"),
    "empty": (b"", "found an empty file"),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", "found an empty file"),
    "no names": (b",,\n1,2,3\n", "the header: found no names in the first row"),
    "blank first line": (b"\nfigure,indicator,quote\n", "the header: found no names in the first row"),
    "another table": (b"time_period,geographic_level,rate\n2024,National,70\n",
                      "the header: found the columns 'time_period', 'geographic_level', 'rate', expected those of transcribed figures"),
    "a title first": (b"My figures\n" + ",".join(COLUMNS).encode(), "the header: found the columns 'My figures', expected"),
    "no rows": (",".join(COLUMNS).encode(), "the file: found no row that can be checked, expected a row for each figure"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_TABLE)
def test_what_is_no_table_of_figures_is_one_clear_message(path, name):
    content, says = NO_TABLE[name]
    path.write_bytes(content)
    (found,) = lines(path)
    assert says in found


def test_a_file_that_is_not_there(path):
    (found,) = lines(path)
    assert f"the file: found no file '{FILE}'" in found


def test_a_file_that_may_not_be_read(path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    write(path, cells_of())
    monkeypatch.setattr(Path, "read_bytes", refuse)
    (found,) = lines(path)
    assert "found a file that cannot be read (Permission denied)" in found


def test_a_quotation_mark_that_is_not_closed(path):
    write(path, cells_of())
    with path.open("a", encoding="utf-8") as file:
        file.write('NCP23.999,"cla_number,never closed\n')
    (found,) = lines(path)
    assert found.startswith(f"{FILE}, row {FIGURES + 2}, the row: found a quotation mark that is not closed")


# The source


def test_a_file_of_no_source_says_so_first_and_is_checked_all_the_same(tmp_path):
    path = tmp_path / "nottingham_cpb_2027_01.csv"
    rows = [list(row) for row in cells_of()]
    for row in rows[1:]:
        row[COLUMNS.index("source")] = path.stem
    rows[4][COLUMNS.index("value")] = "?"
    rows[5][COLUMNS.index("figure")] = "NCP24.005"
    rows[6][COLUMNS.index("release")] = "2022-01-16"
    rows[7][COLUMNS.index("source")] = "nottingham_cpb_2023_01"
    found = lines(write(path, rows))
    assert found[0] == (
        f"{path.name}, the file's name: found 'nottingham_cpb_2027_01', expected the id of a source in data/catalogue/sources. "
        "Did you mean 'nottingham_cpb_2023_01'? The source is not yet in the catalogue: write "
        "data/catalogue/sources/nottingham_cpb_2027_01.yml. docs/transcribing-a-report.md says how; "
        "what needs no source was checked."
    )
    assert [line.partition(", expected")[0].removeprefix(f"{path.name}, ") for line in found[1:]] == [
        "row 5, value: found '?'", "row 6, figure: found 'NCP24.005'", "row 7, release: found '2022-01-16'",
        "row 8, source: found 'nottingham_cpb_2023_01'",
    ]  # fmt: skip


def test_a_file_under_the_wrong_name(tmp_path):
    (found,) = lines(write(tmp_path / "ours.csv", cells_of()))
    assert "found 'ours', expected the id of a source" in found
    assert "name the file nottingham_cpb_2023_01.csv" in found


def test_nothing_agrees_yet(tmp_path):
    changes = [(row, column, "x" * row) for row in ROWS for column in ("figure", "release")]
    found = lines(spoilt(tmp_path / "new_2027.csv", changes))
    assert sum("expected three letters and two digits. and a number" in line for line in found) == FIGURES
    assert sum("expected a day such as 2027-05-27, or a year" in line for line in found) == FIGURES


# The template


def test_the_template_has_the_columns_and_shows_the_cases():
    table = pd.read_csv(TEMPLATE, dtype=str, keep_default_na=False)
    assert tuple(table.columns) == COLUMNS
    assert list(table["status"]) == ["reported", "reported", "suppressed"]
    assert list(table["period_basis"]) == ["stated", "inferred", "stated"]
    assert set(table["source"]) == {"your_source_id"}
    assert table["figure"].str.startswith("XXX00.").all()
    assert table["quote"].str.startswith("Example: ").all()


def test_the_template_needs_nothing_but_a_source():
    (found,) = lines(TEMPLATE)
    assert (
        "The source is not yet in the catalogue: write data/catalogue/sources/<id>.yml, save the file as <id>.csv"
        in found
    )
    assert "put <id> in the column source (it says 'your_source_id')" in found


def test_no_report_reads_the_template():
    assert "TEMPLATE" not in load_sources()
    assert not read_published()["figure"].str.startswith("XXX").any()


# The text


@pytest.fixture
def text(tmp_path):
    """A document that holds the quotes of the file, each once."""
    quotes = dict.fromkeys(row[COLUMNS.index("quote")] for row in cells_of()[1:])
    made = tmp_path / "document.txt"
    made.write_text("\n".join(piece for quote in quotes for piece in quote.split(" … ")), encoding="utf-8", newline="")
    return made


def test_quotes_are_held_against_the_text(path, text):
    spoilt(path, [(3, "quote", "The Children in Care population was 684.")])
    found = lines(path, text=text)
    assert found[0].startswith(f"{FILE}, the text: found the checksum ")
    assert "mend document_sha256 in data/catalogue/sources/nottingham_cpb_2023_01.yml" in found[0]
    assert found[1:] == [
        f"{FILE}, row 3, quote: found 'The Children in Care population was 684.', expected the document's own words, "
        "to the letter. The document has it up to 'The Children in Care population '; copy it on from there."
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7", "the text: found a PDF, expected the document as plain text"),
        (b"", "the text: found an empty file"),
        (None, "the text: found no file 'document.txt'"),
    ],
)
def test_a_text_that_is_none(path, text, content, says):
    text.unlink()
    if content is not None:
        text.write_bytes(content)
    (found,) = lines(write(path, cells_of()), text=text)
    assert says in found


def test_a_text_with_the_line_ends_or_the_letters_of_windows(path, text):
    quote = "two lines\nof a caf\N{LATIN SMALL LETTER E WITH ACUTE} with 724"
    spoilt(path, [(2, "quote", quote)])
    whole = f"{text.read_text(encoding='utf-8')}\n{quote}".replace("\n", "\r\n")
    text.write_bytes(whole.encode("utf-8"))
    assert [line.partition(" found")[0] for line in lines(path, text=text)] == [f"{FILE}, the text:"]
    text.write_bytes(whole.encode("cp1252", errors="replace"))
    found = lines(path, text=text)
    assert "the text: found a byte that is not UTF-8 (0xE9), expected UTF-8 text" in found[0]
    assert not [line for line in found if "row 2, quote" in line]


# Laws

TEXTS = st.sampled_from(
    ["", "?", "0", "-1", "724", "684", "5.8", "2021-22", "2021/22", "0000", "Total", "Gender", "Male", "reported",
     "suppressed", "inferred", "NCP23.001", "NCP23.002", "XXX00.001", "cla_number", "E06000018", "Nottingham", "words: x"]
)  # fmt: skip
CHANGES = st.lists(
    st.tuples(st.integers(2, len(cells_of())), st.sampled_from(COLUMNS), TEXTS), max_size=12
)  # fmt: skip


def without_row_numbers(problems):
    return sorted(re.sub(r"\brow \d+", "row", problem.words("x.csv")) for problem in problems)


@settings(max_examples=25)
@given(CHANGES, st.randoms(use_true_random=False), st.sampled_from([FILE, "new_2027.csv"]))
def test_the_order_of_rows_is_no_matter(tmp_path_factory, changes, rng: random.Random, name):
    path = spoilt(tmp_path_factory.mktemp("law") / name, changes)
    before = check_file(path, units=units())
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    rng.shuffle(rows)
    after = check_file(write(path, [header, *rows]), units=units())
    assert without_row_numbers(before.problems) == without_row_numbers(after.problems)
    assert before.rows == after.rows


@settings(max_examples=60)
@given(st.data())
def test_no_bytes_bring_it_down_and_what_passes_can_be_read(tmp_path_factory, data):
    content = bytearray((published_folder() / FILE).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    path = tmp_path_factory.mktemp("bytes") / FILE
    path.write_bytes(content)
    found = check_file(path, units=units())
    assert all("\n" not in problem.words(FILE) for problem in found.problems)
    if not found.problems:
        try:
            read_figures(path, units=units())
        except DataError as error:
            pytest.fail(f"passes the check and cannot be read: {error}")
