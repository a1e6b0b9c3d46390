"""What a run changed: nothing, sentences, figures; never a clock."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from analysis.report.exhibited import Finding
from analysis.report.manifest import Entry
from analysis.report.site.changes import Change, change_of, changes_html

ENTRY = Entry(
    question="How many?",
    headline="There were 89.",
    parameters={"year": "2020-21"},
    sources={"a_report": {"figures_sha256": "1"}},
    figures=["NCS21.011"],
    files={},
    findings=[Finding("Over time", "trend", ["There were 89.", "It is lower than before."])],
    numbers={"NCS21.011": "89.0", "NCS21.012": "63.0"},
)
PLACE = {"place": "Nottingham, 2020-21", "address": "nottingham/2020-21/01.html"}
numbers = st.dictionaries(st.sampled_from("ABCDEFG"), st.sampled_from(["1", "2", "suppressed"]))


def test_the_same_report_has_not_changed():
    assert change_of(ENTRY, ENTRY, **PLACE).state == "same"
    assert "nothing changed" in changes_html([change_of(ENTRY, ENTRY, **PLACE)])


def test_a_report_that_is_new():
    assert change_of(None, ENTRY, **PLACE).state == "new"


def test_a_figure_that_was_revised_and_the_sentence_that_says_it():
    now = replace(
        ENTRY,
        findings=[Finding("Over time", "trend", ["There were 91.", "It is lower than before."])],
        numbers={"NCS21.011": "91.0", "NCS21.013": "5"},
    )
    change = change_of(ENTRY, now, **PLACE)
    assert change.numbers == [("NCS21.011", "89.0", "91.0")]
    assert [(item.before, item.now) for item in change.sentences] == [("There were 89.", "There were 91.")]
    assert (change.added, change.removed) == (1, 1)
    html = changes_html([change])
    for words in ("<q>There were 89.</q>", "<q>There were 91.</q>", "NCS21.011", "1 figure is used no more"):
        assert words in html


def test_a_change_of_what_lies_behind_is_said_even_where_no_figure_moved():
    change = change_of(ENTRY, replace(ENTRY, sources={"a_report": {"figures_sha256": "2"}}), **PLACE)
    assert change.state == "changed"
    assert "the files or documents behind it" in changes_html([change])


def test_a_report_that_failed_has_no_link():
    html = changes_html([Change("Nottingham, 2020-21", "How many?", "", "failed")])
    assert "could not be made" in html
    assert "Open the report" not in html


def test_names_are_text():
    hostile = replace(ENTRY, question='<script>alert("&")</script>')
    html = changes_html([change_of(None, hostile, **PLACE)])
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


@given(numbers, numbers)
def test_every_figure_is_the_same_changed_added_or_removed(before, now):
    change = change_of(replace(ENTRY, numbers=before), replace(ENTRY, numbers=now), **PLACE)
    same = sum(before.get(name) == value for name, value in now.items())
    assert same + len(change.numbers) + change.added == len(now)
    assert same + len(change.numbers) + change.removed == len(before)
