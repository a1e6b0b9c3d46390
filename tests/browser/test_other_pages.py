"""A briefing, and a report with its code: the kinds of page that are not made by default."""

import pytest
from rules import assert_axe_finds_nothing, assert_no_sideways_scroll, assert_what_axe_does_not_see

from analysis.report.batch import Making, make_order, make_reports
from analysis.report.briefing import choose_indicator, order_briefing

PAGES = ["briefing_cp_plan_rate.html", "02_repeat_child_protection_plans.html"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("others")
    here = {"area": "Nottingham", "year": "2020-21", "output": root}
    asked = 'why is the "child protection rate" <high> & rising'
    briefing = order_briefing(choose_indicator("cp_plan_rate", None), asked=asked, **here)
    for order in (briefing, make_order(["2"], making=Making(code=True), **here)):
        outcome = make_reports(order)
        assert not outcome.failures
    return root / "nottingham" / "2020-21"


@pytest.mark.parametrize("page", PAGES)
def test_the_same_rules_hold(opened, folder, page):
    assert_axe_finds_nothing(opened, folder / page)
    assert_what_axe_does_not_see(opened(folder / page, details=True))
    assert_no_sideways_scroll(opened, folder / page)


def test_from_a_briefing_to_the_words_of_a_figure(opened, folder):
    page = opened(folder / PAGES[0])
    page.locator("sup.cite a", has_text="NCS21.007").first.click()
    assert page.url.endswith("#figure-NCS21.007")
    page.locator(".sources a", has_text="NCS21.012").click()
    assert page.url.endswith("sources/nottingham_scrutiny_2021_05.html#figure-NCS21.012")
    words = page.locator("div", has=page.locator('[id="figure-NCS21.012"]')).last.inner_text()
    assert "compared to our statistical neighbours (SNG) who show 63 per 10,000" in words


def test_the_list_calls_it_a_briefing_and_finds_it(opened, folder):
    page = opened(folder.parents[1] / "index.html")
    assert page.locator("#reports .tag", has_text="Briefing").count() == 1
    page.get_by_label("Search headings and findings").fill("is the change real")
    assert page.locator("#results .tag", has_text="Briefing:").count() >= 1
