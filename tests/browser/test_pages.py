"""The pages as people meet them: opened from the file system, at several widths, by axe and by rules of our own."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from analysis.report.runner import list_notebooks

PAGES = ["index.html"] + [
    f"{folder}/{name}.html"
    for folder in ("nottingham/2020-21", "peterborough/2017-18", "nottinghamshire/2011-12")
    for name in list_notebooks()
]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.fixture
def open_page(browser, reports):
    contexts = []

    def open_(path, width=1280, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((reports / path).as_uri())
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
def test_what_axe_does_not_see(open_page, path):
    page = open_page(path)
    assert page.locator("h1").count() == 1
    assert page.title() not in ("", "Notebook")
    assert page.locator("html").get_attribute("lang") == "en-GB"
    for image in page.locator("img").all():
        alt = image.get_attribute("alt")
        assert alt
        assert len(alt) > 20
        assert "No description" not in alt
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("th:not([scope])").count() == 0


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(open_page, path, width):
    page = open_page(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_elsewhere(open_page, path):
    page = open_page(path)
    assert all(url.startswith(("file:", "data:")) for url in page.asked)


def test_from_the_list_to_a_number_to_its_words(open_page):
    """A reader goes from the list to a report, clicks the citation of 89, and stands at the words it came from."""
    page = open_page("index.html")
    page.get_by_role("link", name="How many children are in care or on a child protection plan").first.click()
    page.get_by_role("link", name="All reports").first.click()
    page.go_back()
    page.locator("sup.cite a", has_text="NCS21.011").first.click()
    assert page.url.endswith("#figure-NCS21.011")
    words = page.locator("div", has=page.locator('[id="figure-NCS21.011"]')).last.inner_text()
    assert "Currently 89 children per 10,000 are subject to a CP plan in Nottingham" in words


def test_the_list_names_every_report(open_page):
    page = open_page("index.html")
    assert page.get_by_role("listitem").count() == len(PAGES) - 1
    assert "Nottinghamshire, 2011-12" in page.locator("main").inner_text()


def test_files_to_take_away_are_there(open_page, reports):
    page = open_page("nottingham/2020-21/01_rates_per_10000.html")
    links = [link.get_attribute("href") for link in page.locator("p.files a").all()]
    assert len(links) > 10
    assert all((reports / "nottingham/2020-21" / link).is_file() for link in links)
