"""The pages around the reports: every link leads somewhere, every figure has its words, names are text."""

import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_figures
from analysis.report.manifest import Entry
from analysis.report.site.definitions import definition_pages
from analysis.report.site.index import index_html
from analysis.report.site.made import Made, known_figures, reports_in
from analysis.report.site.search import search_files
from analysis.report.soundness import check_page
from analysis.sources.cited import load_published

HOSTILE = "<script>alert(\"x\")</script> & 'quotes'"
ENTRY = Entry(question=HOSTILE, headline=HOSTILE, parameters={}, sources={}, figures=[], files={})
MADE = Made("a/2020-21", "01_x", HOSTILE, "2020-21", ENTRY)


def pages_of(folder):
    return sorted(folder.rglob("*.html"))


def test_every_link_leads_to_a_file_and_a_place_in_it(reports):
    ids = {path: set(re.findall(r'\bid="([^"]+)"', path.read_text())) for path in pages_of(reports)}
    assert len(ids) > 70
    dead = []
    for page in ids:
        for href in re.findall(r'href="([^"]+)"', page.read_text()):
            path, _, place = unquote(href).partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.is_file() or (place and place not in ids[target]):
                dead.append((page.relative_to(reports).as_posix(), href))
    assert not dead


def test_pages_keep_the_rules_of_reports(reports):
    for page in pages_of(reports):
        assert check_page(page.read_text()) == [], page


def test_every_figure_of_a_report_stands_on_the_page_of_its_source(reports):
    """The end of the chain: the identifier, the value and the words to the letter."""
    figures = load_figures().set_index("figure")
    page = (reports / "sources" / "nottingham_scrutiny_2021_05.html").read_text()
    own = figures[figures["source"].str.startswith("nottingham_scrutiny")]
    assert len(own) == 50
    for figure in own.index:
        assert f'id="figure-{figure}"' in page
    assert "Currently 89 children per 10,000 are subject to a CP plan in Nottingham" in page
    assert "<dd>Nottingham, 2020-21: 89.</dd>" in page


def test_there_is_a_page_for_each_indicator_and_each_source(reports):
    for name in load_indicators():
        assert (reports / "definitions" / f"{name}.html").is_file()
    for source in load_published().values():
        assert (reports / "sources" / f"{source.id}.html").is_file()


def test_a_definition_says_what_it_is_and_where_it_is_used(reports):
    item = load_indicators()["cp_repeat_plans"]
    page = (reports / "definitions" / "cp_repeat_plans.html").read_text()
    assert item.numerator in page
    assert item.denominator in page
    assert "Lower is better." in page
    assert 'href="../nottingham/2020-21/02_repeat_child_protection_plans.html"' in page
    assert 'href="../sources/nottingham_scrutiny_2021_05.html"' in page


def test_official_figures_stand_on_the_page_of_their_release(official_reports):
    """Of a release only the cells that reports rest on, not those of all authorities."""
    figures = known_figures(official_reports, reports_in(official_reports))
    page = (official_reports / "sources" / "cla_2025.html").read_text()
    cells = figures[figures["figure"].str.startswith("CLA25.")]
    assert set(re.findall(r'id="figure-(CLA25[^"]+)"', page)) == set(cells["figure"])
    assert "cla_number_and_rate_per_10k_children.csv" in page
    assert len(page.encode()) < 3_000_000


def test_names_are_text_in_the_list():
    page = index_html([MADE])
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") >= 4


def test_the_search_cannot_be_ended_by_a_name():
    data = search_files([MADE])["search-data.js"]
    assert "<" not in data
    entries = json.loads(data.removeprefix("const searchData=").rstrip().removesuffix(";"))
    assert entries[0]["text"] == HOSTILE


def test_a_list_without_reports_says_how_to_make_one():
    assert "There is no report yet" in index_html([])


@pytest.mark.parametrize("name", ["cp_plan_rate", "cla_number"])
def test_a_definition_without_reports_says_so(name):
    page = definition_pages(load_figures(), [])[f"definitions/{name}.html"]
    assert "No report that has been made uses it." in page


def test_a_briefing_is_called_one():
    assert "Briefing" in index_html([replace(MADE, entry=replace(ENTRY, kind="briefing"))])
