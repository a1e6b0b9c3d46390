"""What must never stand in a report, and what may."""

import pytest

from analysis.report.plain_words import check_words, sentences_of, words_to_a_sentence


@pytest.mark.parametrize(
    "text",
    ["The rate was nan.", "It is None.", "NaT", "FutureWarning: x is deprecated", "Traceback (most recent call last)",
     "cp_plan_rate rose", "lower_ci", "It was {value}.", "89[[NCS21.011]]", "It rose..", "It rose , then fell."],
)  # fmt: skip
def test_what_must_not_stand_there(text):
    assert check_words(f"<p>{text}</p>")


@pytest.mark.parametrize(
    "html",
    ["<p>The rate was 89 (95% interval 82 to 96).</p>", "<q>rate_per_10000: 68; nan</q>", "<code>x = None</code>",
     "<p>Cla_number_and_rate.csv, row 5, column rate_per_10000.</p>", "<p>CLA25.NR.M204 and CIN25.D3.L57.R</p>",
     "<p>None of them is held.</p>".replace("None", "Not one"), "<p>And so on … and so on.</p>", "<p>Nanny, finance, infant.</p>"],
)  # fmt: skip
def test_what_may_stand_there(html):
    assert check_words(html) == []


def test_sentences():
    html = "<p>The rate was 8.5 per cent, e.g. in May. It rose! Did it?</p><p class='small'>No.</p><li>Not this.</li>"
    assert sentences_of(html) == ["The rate was 8.5 per cent, e.g. in May.", "It rose!", "Did it?"]
    assert words_to_a_sentence("<p>One two three. One.</p>") == 2
