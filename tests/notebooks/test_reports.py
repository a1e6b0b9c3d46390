"""The notebooks, really run: the figures asked for, each with its citation; every gap in words; nothing else."""

import csv
import io
import json
import re
from functools import cache
from html import unescape

import nbformat
import pytest

from analysis.indicators.definitions import load_indicators
from analysis.present.exhibits import MIME
from analysis.report.batch import Making, make_order, make_reports
from analysis.report.files import checksum_of
from analysis.sources.published import published_folder
from conftest import NAMES

FOLDERS = ["nottingham/2020-21", "peterborough/2017-18", "nottinghamshire/2011-12"]


def text_of(html):
    body = re.sub(r"<style.*?</style>|data:image[^\"]+", "", html, flags=re.S)
    body = re.sub(r"<sup class=\"cite\">.*?</sup>", "", body, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


@cache
def quotes_held():
    """The words of every figure that was transcribed, without the marks of bold and slanted letters."""
    files = [path.read_text(encoding="utf-8") for path in published_folder().glob("*.csv")]
    rows = [row for text in files for row in csv.DictReader(io.StringIO(text, newline=""))]
    return {re.sub(r"</?(?:b|i|sup)>", "", row["quote"]) for row in rows}


def own_words_of(html):
    """What a page says itself: a document may well begin a sentence with "None". Only what is quoted to the letter is left out."""

    def unless_held(quote):
        words = re.sub(r"</?(?:b|i|sup)>", "", unescape(quote[1]))
        return " " if words in quotes_held() else quote[0]

    return text_of(re.sub(r"<q>(.*?)</q>", unless_held, html, flags=re.S))


def page(reports, folder, name):
    return (reports / folder / f"{name}.html").read_text(encoding="utf-8")


# Sentence (without citations) and the figure that must be cited in the same page beside that number.
ASKED_FOR = [
    ("nottingham/2020-21", "01_rates_per_10000", "89 (95% interval 82 to 96) children in every 10,000 were on a child protection plan", "NCS21.011"),
    ("nottingham/2020-21", "01_rates_per_10000", "against 63 for its statistical neighbours", "NCS21.012"),
    ("nottingham/2020-21", "01_rates_per_10000", "About 69,213 children aged 0 to 17", "NCS21.006"),
    ("nottingham/2020-21", "01_rates_per_10000", "from 68,827 to 69,605", "NCS21.006"),
    ("nottingham/2020-21", "01_rates_per_10000", "684 children were in care", "NCP23.002"),
    ("nottingham/2020-21", "02_repeat_child_protection_plans", "27% of the child protection plans", "NCS21.021"),
    ("nottingham/2020-21", "02_repeat_child_protection_plans", "against 24% for its statistical neighbours", "NCS21.023"),
    ("nottingham/2020-21", "02_repeat_child_protection_plans", "the 32% a year before", "NCS21.022"),
    ("nottingham/2020-21", "03_placement_stability", "64% of children in care long enough to be counted", "NCP23.005"),
    ("nottingham/2020-21", "03_placement_stability", "Q2 2021-22 70.6%", "NCP21.205"),
    ("nottingham/2020-21", "03_placement_stability", "6.6% (95% interval 5.0% to 8.7%) of children in care had had three or more", "NCP21.200"),
    ("nottingham/2020-21", "03_placement_stability", "against a target of 9%", "NCP21.204"),
    ("nottingham/2020-21", "03_placement_stability", "127 of 326 is 39.0%; the report prints 40%, which does not agree", "NCP21.219"),
    ("nottingham/2020-21", "04_advocacy_uptake", "66% of children who used advocacy were White British", "NCP21.008"),
    ("nottingham/2020-21", "04_advocacy_uptake", "against 62% of children in care", "NCP21.009"),
    ("peterborough/2017-18", "01_rates_per_10000", "74.0 (95% interval 66.7 to 81.9) children in every 10,000 were in care", "PIR18.007"),
    ("peterborough/2017-18", "01_rates_per_10000", "against 87 for its statistical neighbours", "PIR18.008"),
    ("peterborough/2017-18", "01_rates_per_10000", "against 64.0 for England", "PIR18.009"),
    ("nottinghamshire/2011-12", "01_rates_per_10000", "812 children were in care", "NIC12.002"),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "name", "words", "figure"), ASKED_FOR)
def test_the_figures_asked_for_stand_there_with_their_citation(reports, folder, name, words, figure):
    html = page(reports, folder, name)
    assert words in text_of(html).replace(" ,", ",").replace(" .", ".").replace(" :", ":").replace(" ;", ";")
    assert f'href="#figure-{figure}"' in html
    assert f'id="figure-{figure}"' in html


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_machinery_shows(reports, folder, name):
    text = own_words_of(page(reports, folder, name))
    for word in ("nan", "NaN", "None", "Traceback", "Warning", "not_held", "cla_number", "[[", "NaT", "<NA>"):
        assert not re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text), word


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", NAMES)
def test_notebooks_say_nothing_but_exhibits(reports, folder, name):
    notebook = nbformat.read(reports / folder / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert MIME in output.get("data", {}), output


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", NAMES)
def test_the_sources_are_those_of_exactly_the_figures_used(reports, folder, name):
    html = page(reports, folder, name)
    body, _, sources = html.partition('<h2 id="sources-and-method">')
    linked = set(re.findall(r'href="#figure-([A-Z0-9.]+)"', body))
    listed = set(re.findall(r'id="figure-([A-Z0-9.]+)"', sources))
    notebook = nbformat.read(reports / folder / f"{name}.ipynb", as_version=4)
    used = set()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            item = output["data"][MIME]
            if item["kind"] not in ("sources", "headline"):
                used |= set(item["cites"])
    assert linked <= listed
    assert listed == used


def rows_of(notebook):
    """The rows of each exhibit of an executed notebook."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield from csv.DictReader(io.StringIO(output["data"][MIME]["rows"]))


def assert_shares_are_shares(path):
    units = {name: item.unit for name, item in load_indicators().items()}
    for row in rows_of(nbformat.read(path, as_version=4)):
        if units[row["indicator"]] == "percent" and row.get("value_type") == "observed" and row["value"]:
            assert 0 <= float(row["value"]) <= 100, (path.name, row["indicator"], row["breakdown"], row["value"])


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", NAMES)
def test_no_share_is_a_count(reports, folder, name):
    assert_shares_are_shares(reports / folder / f"{name}.ipynb")


def test_the_profile_of_children_in_care_is_shares_of_the_sum_of_the_groups(reports):
    """410 of 694 children were White, 145 Mixed, in the table of the annual report."""
    text = text_of(page(reports, "nottingham/2020-21", "04_advocacy_uptake"))
    assert f"Mixed (17.9% to {100 * 145 / 694:.1f}%)" in text
    assert f"{100 * 410 / 694:.1f}%" in text


def test_a_page_with_no_figure_says_so(reports):
    text = text_of(page(reports, "nottinghamshire/2011-12", "02_repeat_child_protection_plans"))
    assert "The documents held here do not give the share of second or subsequent plans for Nottinghamshire" in text
    assert "Department for Education publishes it" in text
    assert "No figure was used" in text


def test_the_caveats_stand_where_the_figures_are_used(reports):
    rates = text_of(page(reports, "nottingham/2020-21", "01_rates_per_10000"))
    advocacy = text_of(page(reports, "nottingham/2020-21", "04_advocacy_uptake"))
    assert "684 or 687 children in care" in rates
    assert "The rows for 2021 add up to 694".lower() in advocacy.lower()
    assert "22% of whom" in advocacy
    assert "only count of such work is 72 issues" in advocacy
    assert "35.0 or 36.0 new children in care" in text_of(page(reports, "peterborough/2017-18", "01_rates_per_10000"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_manifest_holds_every_file_and_no_clock(reports, folder):
    manifest = json.loads((reports / folder / "manifest.json").read_text())
    assert manifest["package"]["name"] == "children-in-care-statistics"
    for name, report in manifest["reports"].items():
        assert report["parameters"].get("confidence", 0.95) == 0.95, name
        assert report["parameters"]["year"] == folder.partition("/")[2], name
        for path, checksum in report["files"].items():
            assert checksum_of((reports / folder / path).read_bytes()) == checksum
        for source in report["sources"].values():
            assert set(source) == {"figures_sha256", "document_sha256"}
    listed = {path for report in manifest["reports"].values() for path in report["files"]}
    there = {p.relative_to(reports / folder).as_posix() for p in (reports / folder).rglob("*") if p.is_file()}
    assert there == listed | {"manifest.json"}
    assert not re.search(r"20\d\d-\d\d-\d\dT|\d\d:\d\d:\d\d", json.dumps(manifest))


def test_two_runs_are_the_same_bytes(reports, formats, tmp_path):
    order = make_order(["3"], area="Nottingham", year="2020-21", output=tmp_path, making=Making(formats))
    assert not make_reports(order).failures
    for path in (tmp_path / "nottingham/2020-21").rglob("*"):
        if path.is_file() and path.name != "manifest.json":
            other = reports / path.relative_to(tmp_path)
            assert path.read_bytes() == other.read_bytes(), path.name


def test_rows_of_tables_are_the_numbers_of_the_page(reports):
    path = reports / "nottingham/2020-21/tables/01_comparison_cp_plan_rate.csv"
    with path.open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert (float(row["value"]), float(row["benchmark_value"])) == (89.0, 63.0)
    assert round(float(row["lower_ci"]), 1) == 82.1
    assert row["method"] == "Byar"
    assert row["citation"].startswith("John Matravers")


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_weighs_less_than_a_megabyte_and_loads_nothing(reports, folder, name):
    html = page(reports, folder, name)
    assert len(html.encode()) < 1_000_000
    assert not re.search(r"(?:src|href)=\"https?:", html)
    assert html.count("<script") == 1, "the one that turns colours"


def test_each_year_that_is_held_can_be_run(tmp_path):
    """A year with hardly any figure degrades in words."""
    order = make_order(["1", "4"], area="Nottingham", year="2017-18", output=tmp_path)
    outcome = make_reports(order)
    assert not outcome.failures, outcome.failures
