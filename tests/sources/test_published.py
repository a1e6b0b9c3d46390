"""The transcribed figures: the table's contract, and every quote and value held against the documents."""

import hashlib
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.indicators.definitions import units
from analysis.sources.catalogue import load_sources
from analysis.sources.published import published_folder, read_figures, read_published
from analysis.sources.quotes import check_numbers, check_quotes
from analysis.vocabulary import COLUMNS, KEY

DOCUMENTS = {
    "nottingham_scrutiny_2021_05": "000",
    "peterborough_iro_2018": "001",
    "nottingham_cpb_2023_01": "002",
    "nottingham_cpb_2021_11": "003",
    "nottinghamshire_ics_2012": "004",
}

#: What the documents print in a cell that has no number.
SYMBOLS = {"suppressed": "c", "not_recorded": "NR", "blank_in_source": ""}


@pytest.fixture(scope="module")
def figures():
    return read_published(units=units())


@pytest.fixture(scope="module")
def texts():
    """Figures as text, as they stand in the files."""
    paths = [published_folder() / f"{name}.csv" for name in load_sources()]
    return pd.concat([pd.read_csv(path, dtype=str, keep_default_na=False) for path in paths])


def test_contract_holds(figures):
    assert list(figures.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert not figures.duplicated(list(KEY)).any()
    assert figures["figure"].is_unique
    assert (figures["value"].isna() == ~figures["status"].isin(["reported", "low_reliability"])).all()


def test_every_row_has_its_source_in_the_catalogue(figures):
    known = [name for source in load_sources().values() for name in source.names()]
    assert set(figures["source"]) <= set(known)
    assert figures["citation"].str.len().gt(20).all()


def test_every_document_is_the_one_that_was_transcribed(source_texts):
    for name, number in DOCUMENTS.items():
        checksum = hashlib.sha256(source_texts[number].encode()).hexdigest()
        assert checksum == load_sources()[name].document_sha256, name


def test_every_quote_stands_in_its_document_to_the_letter(texts, source_texts):
    for name, number in DOCUMENTS.items():
        own = texts[texts["source"].str.partition("/")[0] == name].reset_index(drop=True)
        assert not [problem.words(name) for problem in check_quotes(own, source_texts[number])]


def test_every_number_stands_in_its_quote(texts):
    """As digits, or as the words that the note names."""
    assert not [problem.words("figures") for problem in check_numbers(texts.reset_index(drop=True))]


def test_every_cell_of_a_table_stands_in_its_column(texts, source_texts):
    """The value is what the document's table has in the row and under the heading that the locator names."""
    checked = 0
    for row in texts.itertuples():
        place = re.search(r'row "(?P<row>[^"]+)", column "(?P<column>[^"]+)"', row.locator)
        if not place or "\t" not in row.quote:
            continue
        document = source_texts[DOCUMENTS[row.source.partition("/")[0]]]
        before = document[: document.index(row.quote)].splitlines()
        head = next(line for line in reversed(before) if place["column"] in line and "\t" in line)
        headings = [re.sub(r"</?b>", "", cell) for cell in head.split("\t")]
        cells = [re.sub(r"</?b>|%|\*", "", cell) for cell in row.quote.split("\t")]
        assert cells[headings.index(place["column"])] == (row.value or SYMBOLS[row.status]), row.figure
        checked += 1
    assert checked > 150


def test_figures_of_record(figures):
    """The figures that the project was asked to show, each by its source."""
    wanted = {
        "NCS21.011": 89, "NCS21.012": 63, "NCS21.006": 616, "NCS21.021": 27, "NCS21.022": 32, "NCS21.023": 24,
        "NCS21.004": 64, "NCP21.205": 70.6, "NCP21.200": 6.6, "NCP21.204": 9, "NCP21.008": 66, "NCP21.009": 62,
        "PIR18.007": 74.0, "PIR18.008": 87, "PIR18.009": 64.0,
    }  # fmt: skip
    found = figures.set_index("figure")["value"]
    assert {name: found[name] for name in wanted} == wanted


def test_parts_against_totals_are_what_the_caveats_say(figures):
    table = figures[(figures["indicator"] == "cla_number") & (figures["area_name"] == "Nottingham")]
    by_ethnicity = table[table["breakdown_topic"] == "Ethnicity"].groupby("period")["value"].sum()
    assert by_ethnicity.to_dict() == {
        "2016-17": 620, "2017-18": 618, "2018-19": 629, "2019-20": 662, "2020-21": 694,
    }  # fmt: skip
    issues = figures[figures["indicator"] == "advocacy_issues"]
    assert issues.loc[issues["breakdown"] != "Total", "value"].sum() == 72


# Bad input: each mistake is one message that names file, row, field, what was found and what was expected.

FILE = "nottingham_cpb_2023_01.csv"


def spoil(tmp_path: Path, change) -> Path:
    table = pd.read_csv(published_folder() / FILE, dtype=str, keep_default_na=False)
    table = change(table)
    path = tmp_path / FILE
    table.to_csv(path, index=False)
    return path


def put(column, value, row=0):
    def change(table):
        table.loc[row, column] = value
        return table

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.drop(columns="quote"), ["column 'quote'", "found nothing"]),
        (lambda t: t.assign(extra="x"), ["column 'extra'", "unknown column"]),
        (lambda t: t.rename(columns={"indicator": "indicater"}), ["Rename it to 'indicator'"]),
        (lambda t: pd.concat([t, t.iloc[[0]]]), ["row 18, figure", "found 'NCP23.001'", "row 18, key", "as row 2"]),
        (put("source", ""), ["row 2, source", "found nothing"]),
        (put("source", "nottingham_cpb_2032_01"), ["row 2, source", "Did you mean 'nottingham_cpb_2023_01'"]),
        (put("value", "seven"), ["row 2, value", "found 'seven'", "a number"]),
        (put("value", "1,724"), ["row 2, value", "found '1,724'", "thousands comma"]),
        (put("value", "72%", 3), ["row 5, value", "found '72%'"]),
        (put("value", "140", 3), ["row 5, value", "found '140'", "a percentage from 0 to 100"]),
        (put("value", "-3"), ["row 2, value", "a number of 0 or more"]),
        (put("value", "724.5"), ["row 2, value", "a whole number"]),
        (put("value", ""), ["row 2, value", "found nothing", "status is reported"]),
        (put("status", "suppresed"), ["row 2, status", "Did you mean 'suppressed'"]),
        (put("status", "suppressed"), ["row 2, value", "no value"]),
        (put("precision", "1"), ["row 2, precision", "decimals"]),
        (put("period", "2021/22"), ["row 2, period", "Write 2021-22"]),
        (put("period", "2021-23"), ["row 2, period", "a period"]),
        (put("note", ""), ["row 2, note", "inferred"]),
        (put("area_code", "E06000099"), ["row 2, area_code", "areas.csv", "Did you mean"]),
        (put("area_name", "Derby"), ["row 2, area_name", "'Nottingham'"]),
        (put("indicator", "cla_numbr"), ["row 2, indicator", "Did you mean 'cla_number'"]),
        (put("breakdown", "Boys"), ["row 2, breakdown", "Total"]),
        (put("value_type", "guess"), ["row 2, value_type"]),
        (put("figure", "XXX99.1"), ["row 2, figure", "NCP23."]),
        (put("release", "2020-01-01"), ["row 2, release", "2023-01-16"]),
        (put("denominator", "0"), ["row 2, denominator", "above 0"]),
    ],
)
def test_a_mistake_is_one_clear_message(tmp_path, change, says):
    path = spoil(tmp_path, change)
    with pytest.raises(DataError) as error:
        read_figures(path, units=units())
    message = str(error.value)
    assert FILE in message
    for words in says:
        assert words in message, message


def test_all_problems_are_listed_at_once(tmp_path):
    path = spoil(tmp_path, lambda t: put("status", "gone")(put("value", "x", 2)(put("period", "soon", 3)(t))))
    with pytest.raises(DataError) as error:
        read_figures(path, units=units())
    assert str(error.value).count("\n  - ") >= 3


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / FILE
    path.write_bytes(b"\xef\xbb\xbf" + (published_folder() / FILE).read_bytes())
    assert len(read_figures(path, units=units())) == 16


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_another_encoding_is_named(tmp_path, encoding):
    text = (published_folder() / FILE).read_text(encoding="utf-8").replace("belongs", "bel\u00f6ngs")
    text = text.replace("the slide is", "the sl\u00efde is")
    path = tmp_path / FILE
    path.write_bytes(text.encode(encoding))
    with pytest.raises(DataError, match="UTF-8"):
        read_figures(path, units=units())


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="is not there"):
        read_figures(tmp_path / FILE, units=units())


def test_ragged_rows_are_no_table(tmp_path):
    path = tmp_path / FILE
    shutil.copy(published_folder() / FILE, path)
    with path.open("a", encoding="utf-8") as file:
        file.write('NCP23.006,"unclosed\n')
    with pytest.raises(DataError):
        read_figures(path, units=units())


def test_blank_and_suppressed_cells_are_kept_with_their_status(tmp_path):
    def change(table):
        table.loc[0, ["value", "status", "precision"]] = ["", "suppressed", ""]
        table.loc[3, ["value", "status", "precision"]] = ["", "blank_in_source", ""]
        return table

    rows = read_figures(spoil(tmp_path, change), units=units())
    assert rows.loc[[0, 3], "value"].isna().all()
    assert list(rows.loc[[0, 3], "status"]) == ["suppressed", "blank_in_source"]
