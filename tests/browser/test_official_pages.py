"""Pages made from official files, as people meet them: the same rules as for the others."""

import pytest
from rules import assert_axe_finds_nothing, assert_no_sideways_scroll, assert_what_axe_does_not_see

from conftest import NAMES

PAGES = [f"{folder}/{name}.html" for folder in ("leeds/2024-25", "rutland/2024-25") for name in NAMES]
PAGES += ["cumberland/2024-25/01_rates_per_10000.html", "england/2024-25/04_advocacy_uptake.html"]
PAGES += ["sources/cla_2025.html", "changes.html"]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(opened, official_reports, path):
    assert_axe_finds_nothing(opened, official_reports / path)


@pytest.mark.parametrize("path", PAGES)
def test_what_axe_does_not_see(opened, official_reports, path):
    assert_what_axe_does_not_see(opened(official_reports / path, details=True))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(opened, official_reports, path):
    assert_no_sideways_scroll(opened, official_reports / path)


def test_from_a_number_to_its_cell(opened, official_reports):
    """A reader clicks the citation of a rate and stands at the cells that it came from, there and on the page of its source."""
    page = opened(official_reports / "leeds/2024-25/01_rates_per_10000.html")
    page.locator("sup.cite a", has_text="CLA25.NR.").first.click()
    figure = page.url.partition("#figure-")[2]
    words = page.locator("div", has=page.locator(f'[id="figure-{figure}"]')).last.inner_text()
    assert "rate_per_10000: " in words
    assert "population_estimate: " in words
    assert "cla_number_and_rate_per_10k_children.csv, row " in words.lower()
    page.locator('h3 a[href$="sources/cla_2025.html"]').click()
    assert page.url.endswith("/sources/cla_2025.html")
    assert page.locator(f'[id="figure-{figure}"]').count() == 1
