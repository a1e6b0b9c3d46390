"""What people do with the site: search, choose, follow a number to its words, go dark, use keys alone, print, zoom."""

import pytest

REPORT = "nottingham/2020-21/01_rates_per_10000.html"
QUOTE = "Currently 89 children per 10,000 are subject to a CP plan in Nottingham"


@pytest.fixture
def index(opened, reports):
    return opened(reports / "index.html")


@pytest.fixture
def report(opened, reports):
    return opened(reports / REPORT)


def test_the_list_names_every_report_by_place_year_and_question(index):
    assert index.locator("#reports li").count() == 21
    assert index.get_by_role("heading", name="Nottinghamshire, 2011-12").count() == 1
    first = index.locator("#reports li", has_text="How many children are in care").first
    assert "89 (95% interval 82 to 96) children in every 10,000" in first.inner_text()
    assert index.locator(".questions dd").first.locator("a").count() == 3


def test_a_search_finds_a_finding_by_what_it_says(index):
    index.get_by_label("Search headings and findings").fill("children aged lived 69,213")
    assert "Found in" in index.get_by_role("status").inner_text()
    index.locator("#results a").first.click()
    anchor = index.url.partition("#")[2]
    assert anchor
    assert index.locator(f'[id="{anchor}"]').is_visible()


def test_a_search_finds_a_figure_by_a_name_that_nobody_wrote(index):
    """NI 65 stands in no sentence; it is a name of the indicator that sentences are about."""
    index.get_by_label("Search headings and findings").fill("NI 65")
    assert index.locator("#results li").count() > 3
    assert "second or subsequent" in index.locator("#results li").first.inner_text()


def test_a_search_that_finds_nothing_says_so(index):
    index.get_by_label("Search headings and findings").fill("zzzz <script>")
    assert index.get_by_role("status").inner_text().startswith("Nothing found")
    assert index.said == []


def test_a_search_is_narrowed_by_place(index):
    index.get_by_label("Search headings and findings").fill("plans")
    index.get_by_label("Place", exact=True).select_option("Peterborough")
    titles = index.locator("#results li").all_inner_texts()
    assert titles
    assert all("Peterborough" in title for title in titles)
    assert index.locator("#reports li:visible").count() == 7
    assert not index.get_by_role("heading", name="Nottingham, 2020-21").is_visible()


def test_the_list_can_be_used_without_scripts(browser, reports):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reports / "index.html").as_uri())
    assert page.locator("#reports li > a:visible").count() == 21
    assert not page.locator("#search").is_visible()
    assert not page.locator("#colours").is_visible()
    context.close()


def test_from_the_list_to_a_number_to_its_words_to_its_source(index):
    index.get_by_role("link", name="How many children are in care or on a child protection plan").first.click()
    index.locator("sup.cite a", has_text="NCS21.011").first.click()
    assert index.url.endswith("#figure-NCS21.011")
    assert QUOTE in index.locator("div", has=index.locator('[id="figure-NCS21.011"]')).last.inner_text()
    index.get_by_role("link", name="John Matravers").click()
    assert index.url.endswith("/sources/nottingham_scrutiny_2021_05.html")
    assert QUOTE in index.locator("div", has=index.locator('[id="figure-NCS21.011"]')).last.inner_text()
    index.get_by_role("link", name="Children on a child protection plan per 10,000").first.click()
    assert "The official definition" in index.locator("main").inner_text()


def test_dark_colours_are_kept_from_page_to_page(report):
    def paper():
        return report.evaluate("getComputedStyle(document.body).backgroundColor")

    assert paper() == "rgb(255, 255, 255)"
    report.get_by_role("button", name="Dark colours").click()
    assert paper() == "rgb(22, 24, 27)"
    report.get_by_role("link", name="Definitions").click()
    assert paper() == "rgb(22, 24, 27)"
    report.get_by_role("button", name="Light colours").click()
    assert paper() == "rgb(255, 255, 255)"


def test_keys_alone(index):
    """The skip link comes first, leads past the links, and every stop can be seen."""
    index.keyboard.press("Tab")
    assert index.evaluate("document.activeElement.textContent") == "Skip to the page"
    index.keyboard.press("Enter")
    assert index.evaluate("document.activeElement.id") == "main"
    index.keyboard.press("Tab")
    index.keyboard.type("advocate")
    assert "Found in" in index.get_by_role("status").inner_text()
    for _ in range(4):
        index.keyboard.press("Tab")
    assert index.evaluate("document.activeElement.closest('#results') !== null")
    outline = index.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    index.keyboard.press("Enter")
    index.wait_for_url(lambda url: "index.html" not in url)
    assert index.locator("h1").count() == 1


def test_the_data_of_a_chart_opens_by_key(report):
    summary = report.locator("details.data summary").first
    table = report.locator("details.data table").first
    assert not table.is_visible()
    summary.focus()
    report.keyboard.press("Enter")
    assert table.is_visible()


def test_at_a_zoom_of_400_percent_nothing_is_lost(opened, reports):
    """A window of 1280 pixels at 400% is 320 pixels wide: the same words, no sideways scroll."""
    wide, narrow = opened(reports / REPORT), opened(reports / REPORT, width=320)
    assert narrow.locator("main").inner_text().split() == wide.locator("main").inner_text().split()
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_printed(report):
    """On paper the tables behind charts stand open, and what serves the screen is gone; dark colours turn light."""
    report.get_by_role("button", name="Dark colours").click()
    report.emulate_media(media="print")
    report.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert report.locator("details.data table").first.is_visible()
    for gone in ("header", ".skip", "nav.contents", "p.files"):
        assert not report.locator(gone).first.is_visible()
    assert report.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(report.pdf(tagged=True, outline=True)) > 50_000
