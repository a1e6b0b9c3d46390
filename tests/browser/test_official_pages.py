"""Pages made from official files, as people meet them: the same rules as for the others."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_pages import RULES

from analysis.report.runner import list_notebooks

PAGES = [f"{folder}/{name}.html" for folder in ("leeds/2024-25", "rutland/2024-25") for name in list_notebooks()]
PAGES += ["cumberland/2024-25/01_rates_per_10000.html", "england/2024-25/04_advocacy_uptake.html"]


@pytest.fixture
def open_page(browser, official_reports):
    contexts = []

    def open_(path, width=1280, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.goto((official_reports / path).as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page, path):
    for scheme in ("light", "dark"):
        found = Axe().run(open_page(path, scheme=scheme), options=RULES).response["violations"]
        assert not found, [(item["id"], item["nodes"][0]["html"]) for item in found]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(open_page, path, width):
    assert open_page(path, width=width).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_every_picture_is_described_and_loads(open_page, path):
    for image in open_page(path).locator("img").all():
        assert len(image.get_attribute("alt") or "") > 20
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")


def test_from_a_number_to_its_cell(open_page):
    """A reader clicks the citation of a rate and stands at the cells that it came from."""
    page = open_page("leeds/2024-25/01_rates_per_10000.html")
    page.locator("sup.cite a", has_text="CLA25.NR.").first.click()
    figure = page.url.partition("#figure-")[2]
    words = page.locator("div", has=page.locator(f'[id="figure-{figure}"]')).last.inner_text()
    assert "rate_per_10000: " in words
    assert "population_estimate: " in words
    assert "cla_number_and_rate_per_10k_children.csv, row " in words.lower()
