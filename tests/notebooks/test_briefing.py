"""Briefings, really run: one answer on at most two pages, whatever the indicator, area and year."""

import io
import json
import re

import pikepdf
import pytest
from test_reports import text_of

from analysis.errors import UnknownNameError
from analysis.report.batch import Making, make_reports
from analysis.report.briefing import choose_indicator, order_briefing
from analysis.report.plain_words import words_to_a_sentence
from analysis.report.soundness import check_page
from analysis.sources.folders import notebooks_folder
from conftest import shared

#: Indicator, area, year, whether from official files.
CASES = [
    ("cp_plan_rate", "Nottingham", "2020-21", False),
    ("cla_number", "Nottingham", "2020-21", False),
    ("cla_rate", "Peterborough", "2017-18", False),
    ("section_47_rate", "Nottinghamshire", "2011-12", False),
    ("cp_repeat_plans", "Leeds", "2024-25", True),
    ("cla_three_placements", "Rutland", "2024-25", True),
    ("cp_plan_rate", "England", "2024-25", True),
    ("cla_rate", "Cumberland", "2024-25", True),
]


@pytest.fixture(scope="module")
def briefing(tmp_path_factory, formats):
    """Makes each briefing once; returns its page, and its PDF where one can be made."""
    made, folder = {}, tmp_path_factory.mktemp("briefings")

    def make(indicator, area, year, official, asked=""):
        key = (indicator, area, year, official, asked)
        if key not in made:
            given = {"data": str(shared("open-data"))} if official else {}
            making = Making(tuple(name for name in formats if name in ("html", "pdf")))
            taken = choose_indicator(indicator, None)
            order = order_briefing(taken, area=area, year=year, output=folder, asked=asked, given=given, making=making)
            outcome = make_reports(order)
            assert not outcome.failures, list(map(str, outcome.failures.values()))
            page = outcome.pages[f"briefing_{indicator}"]
            made[key] = page, page.with_suffix(".pdf")
        return made[key]

    return make


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}")
def test_it_is_a_sound_page_of_short_sentences(briefing, case):
    html = briefing(*case)[0].read_text()
    assert check_page(html) == []
    assert 3 < words_to_a_sentence(html) <= 25
    heads = re.findall(r'<h2 id="([^"]+)"', html)
    assert heads[:7] == ["is-the-change-real", "how-do-we-compare", "what-goes-with-it", "what-these-figures-cannot-say",
                         "definition", "sources", "words-used-on-this-page"]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}")
def test_it_fits_on_two_pages(briefing, formats, case):
    if "pdf" not in formats:
        pytest.skip("needs a browser to print")
    with pikepdf.open(io.BytesIO(briefing(*case)[1].read_bytes())) as document:
        assert len(document.pages) <= 2


def test_the_answer_is_that_of_the_report(briefing):
    text = text_of(briefing(*CASES[0])[0].read_text())
    for words in (
        "89 (95% interval 82 to 96) children in every 10,000 were on a child protection plan at the end of 2020-21",
        "against 63 for its statistical neighbours: higher by more than chance alone would give",
        "7 (1.1%) more than the 609 a year before",
        "taking the number of children who live there as unchanged",
    ):
        assert words in text.replace(" :", ":"), words
    rate = text_of(briefing("cla_rate", "Nottingham", "2020-21", False)[0].read_text())
    assert "99 (95% interval 92 to 107) children in every 10,000 were in care (worked out here, not printed)" in rate


def test_every_identifier_leads_to_the_page_of_its_source(briefing):
    page = briefing(*CASES[0])[0]
    html, root = page.read_text(), page.parents[2]
    addresses = re.findall(r'href="\.\./\.\./(sources/[^"#]+)#(figure-[A-Z0-9.]+)"', html)
    assert len(addresses) >= 6
    for path, anchor in addresses:
        assert f'id="{anchor}"' in (root / path).read_text(), anchor


def test_what_goes_with_it_is_named_and_no_cause_is_claimed(briefing):
    text = text_of(briefing(*CASES[4])[0].read_text())
    assert "That does not make them its cause" in text
    assert re.search(r"(Higher|Lower) than a year before, as printed: .*share of open plans", text)
    assert not re.search(r"\b(because|due to|caused by|led to|driven by)\b", text.partition("Definition")[0])


def test_a_briefing_with_nothing_held_says_where_to_look(briefing):
    text = text_of(briefing(*CASES[3])[0].read_text())
    assert "The documents held here do not give the rate of section 47 enquiries for Nottinghamshire" in text
    assert "Department for Education publishes it" in text
    assert "No figure was used" in text


def test_the_question_stands_on_the_page_as_text(briefing):
    asked = 'why are we "above" <script>alert(1)</script> & on repeat plans'
    html = briefing("cp_repeat_plans", "Nottingham", "2020-21", False, asked)[0].read_text()
    assert "<script>alert" not in html
    assert "You asked: “" in html
    assert "That is taken to be about: Second or subsequent child protection plans" in html


def test_both_or_neither_of_indicator_and_question_are_refused():
    for indicator, question in ((None, None), ("cp_plan_rate", "repeat plans")):
        with pytest.raises(UnknownNameError, match="one of the two"):
            choose_indicator(indicator, question)


def test_the_notebook_is_thin_and_holds_nothing_of_a_run():
    content = json.loads((notebooks_folder() / "briefing.ipynb").read_text())
    assert content["cells"][0]["metadata"]["tags"] == ["parameters"]
    for cell in content["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and not source.startswith("from "):
            assert not re.search(r"\b(def|if|for|lambda|while|try)\b(?=[^#\n]*:)", re.sub(r"#.*", "", source)), source
