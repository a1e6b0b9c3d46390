"""The page of disagreements: every place, every disagreement once, every link to a page that has the figure."""

import re

import pytest

from analysis.indicators.observations import load_figures, load_register
from analysis.report.plain_words import check_words
from analysis.report.site.disagreements import ADDRESS, disagreement_page
from analysis.report.site.sources import source_pages


@pytest.fixture(scope="module")
def page():
    return disagreement_page(load_figures())[ADDRESS]


def test_the_counts_are_those_of_the_register(page):
    counts = load_register()["verdict"].value_counts()
    said = (
        f"{counts['agrees']} agree, {counts['disagrees']} disagree and {counts['cannot be decided']} cannot be decided"
    )
    assert said in page


def test_places_where_something_disagrees_come_first(page):
    places = re.findall("<h2>(.*?)</h2>", page)
    assert places[:3] == ["Nottingham", "Nottinghamshire", "Peterborough"]
    assert set(places) <= set(load_register()["area"])


def test_every_link_leads_to_the_words_of_a_figure(page):
    pages = source_pages(load_figures(), [])
    links = re.findall(r'href="(sources/[^#"]+)#(figure-[^"]+)"', page)
    assert len(links) > 100
    assert all(f'id="{anchor}"' in pages[address] for address, anchor in links)


def test_its_words_are_plain(page):
    assert check_words(page) == []
