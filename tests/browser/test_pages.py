"""Every kind of page as people meet it, opened from the file system: by axe, by rules of our own, at several widths."""

import pytest
from rules import assert_axe_finds_nothing, assert_no_sideways_scroll, assert_what_axe_does_not_see

from conftest import NAMES

REPORTS = [
    f"{folder}/{name}.html"
    for folder in ("nottingham/2020-21", "peterborough/2017-18", "nottinghamshire/2011-12")
    for name in NAMES
]
AROUND = [
    "index.html",
    "changes.html",
    "disagreements.html",
    "definitions/index.html",
    "definitions/cp_repeat_plans.html",
    "definitions/placement_change_reasons.html",
    "sources/index.html",
    "sources/nottingham_cpb_2021_11.html",
    "sources/cla_2025.html",
]
PAGES = REPORTS + AROUND


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(opened, reports, path):
    assert_axe_finds_nothing(opened, reports / path)


@pytest.mark.parametrize("path", PAGES)
def test_what_axe_does_not_see(opened, reports, path):
    assert_what_axe_does_not_see(opened(reports / path, details=True))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(opened, reports, path):
    assert_no_sideways_scroll(opened, reports / path)


def test_files_to_take_away_are_there(opened, reports):
    page = opened(reports / "nottingham/2020-21/01_rates_per_10000.html")
    links = [link.get_attribute("href") for link in page.locator("p.files a").all()]
    assert len(links) > 10
    assert {link.rpartition(".")[2] for link in links} == {"svg", "png", "txt", "csv"}
    assert all((reports / "nottingham/2020-21" / link).is_file() for link in links)
