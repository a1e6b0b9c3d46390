"""Laws of two sources: what is called the same, changed, more or fewer is so in the rows, and no cause is claimed."""

import re

import pandas as pd
from cases import I, row, two_releases, two_sources
from hypothesis import given
from hypothesis import strategies as st
from test_laws_of_words import broken_laws

from analysis.present import exhibits, narrative, tables
from analysis.present.formatting import plain

NAN = float("nan")
CAUSE = re.compile(
    r"\b(because|due to|error|mistake|wrong|correct\w*|late|early|before the return|since)\b", re.IGNORECASE
)
MARKS = ["suppressed", "not_available", "not_held"]
numbers = st.integers(0, 3_000)
pairs = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=9)
maybe = st.one_of(numbers, st.just(NAN))
given_or_not = st.one_of(st.integers(0, 30), st.sampled_from(MARKS))


@given(st.lists(st.tuples(numbers, maybe), min_size=1, max_size=9))
def test_beside_counts_what_its_rows_hold(figures):
    rows = two_sources(figures)
    sentences = narrative.beside(rows, I)
    assert not broken_laws(sentences, rows, I)
    text = plain(" ".join(sentences))
    assert not CAUSE.search(text)
    both = [pair for pair in figures if pd.notna(pair[1])]
    differ = sum(one != other for one, other in both)
    assert ("do not say why" in text) == (differ > 0)
    assert text.count("which is ") == differ
    assert text.count("Both say that") == sum(one == other for one, other in figures)
    for said, item in zip(re.findall(r"which is ([\d,]+) (more|fewer)", text),
                          [pair for pair in both if pair[0] != pair[1]], strict=True):  # fmt: skip
        assert int(said[0].replace(",", "")) == abs(item[1] - item[0])
        assert (said[1] == "more") == (item[1] > item[0]), "the Department's figure is more or fewer than the report's"


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=5))
def test_percentages_differ_by_points(figures):
    rows = two_sources(figures, indicator="cp_repeat_plans")
    text = plain(" ".join(narrative.beside(rows, I)))
    for points, word in re.findall(r"which is (\d+) percentage points? (higher|lower)", text):
        assert any(abs(a - b) == int(points) and (b > a) == (word == "higher") for a, b in figures)
    assert "more" not in text.replace("any more", "")
    assert not re.search(r"\b1 percentage points", text)


@given(st.lists(st.tuples(given_or_not, given_or_not), min_size=1, max_size=9))
def test_revision_counts_what_its_rows_hold(figures):
    rows = two_releases(figures)
    sentences = narrative.revision(rows, I)
    changed = [pair for pair in figures if "not_held" not in pair and pair[0] != pair[1]]
    both = [pair for pair in figures if "not_held" not in pair]
    extra = f"{len(changed)} {len(both)} " + " ".join(str(count) for count in range(10))
    assert not broken_laws(sentences, rows.assign(counted=extra), I)
    text = plain(" ".join(sentences))
    assert not CAUSE.search(text)
    assert ("do not say why" in text) == bool(changed)
    if 0 < len(changed) < len(both):
        assert f"changed {len(changed)} of the {len(both)} figures" in text
    assert ("not in the 2025 release" in text) == any(new == "not_held" and old != "not_held" for new, old in figures)
    assert len(tables.revision(rows, I).cells) == len(changed), "the table has the changed figures only"
    for said in re.findall(r"now ([\d,]+), ([\d,]+) (more|fewer) than the ([\d,]+) before", text):
        new, size, word, old = int(said[0]), int(said[1]), said[2], int(said[3])
        assert (new, old) in figures
        assert size == abs(new - old)
        assert (word == "more") == (new > old)
        others = [abs(a - b) / b for a, b in changed if not isinstance(a, str) and not isinstance(b, str) and b]
        assert abs(new - old) / old == max(others)


def test_what_is_the_same_within_rounding_is_neither_the_same_nor_different():
    rows = two_sources([(27, 27.3)], indicator="cp_repeat_plans", precisions=(0, 1))
    text = plain(" ".join(narrative.beside(rows, I)))
    assert "agree within rounding" in text
    assert "do not say why" not in text
    assert tables.beside(rows, I).cells[0][4] == "within rounding"
    releases = rows.assign(release_short="2025 release", other_release_short="2024 release")
    text = plain(" ".join(narrative.revision(releases, I)))
    assert "did not change" in text
    assert "Of the others, 1 is the same within rounding." in text
    text = plain(" ".join(narrative.revision(releases.assign(status="worked_out"), I)))
    assert "1 of these figures is worked out here from a release that does not print it." in text


def test_table_of_two_sources():
    table = tables.beside(two_sources([(616, 598), (684, 684), (12, NAN)]), I)
    assert table.headings[2:4] == ("Nottingham scrutiny report, May 2021", "DfE, Children in need, 2025 release")
    assert [cells[2:5] for cells in table.cells] == [
        ("616", "598", "+18"), ("684", "684", "0"), ("12", "not held", "\N{EN DASH}"),
    ]  # fmt: skip


def test_a_group_is_named_and_a_hidden_number_says_why():
    rows = two_releases([("suppressed", 12)]).assign(breakdown_topic="Ethnicity", breakdown="Mixed")
    cells = tables.revision(rows, I).cells
    assert cells[0][0] == "Children in care (Mixed)"
    assert cells[0][2:4] == ("12", "suppressed (c)")


def test_an_unchanged_release_has_no_table_and_keeps_its_rows():
    exhibit = exhibits.revision(two_releases([(5, 5), (6, 6)]), I)
    assert exhibit.table is None
    assert len(exhibit.rows) == 2
    assert exhibit.cites == ("CLA25.NR.M47", "CLA24.NR.M47")
    assert "changed none of the 2 figures" in exhibit.html()


def test_nothing_breaks_without_any_number():
    for exhibit in (exhibits.beside(two_sources([(NAN, NAN)]), I),
                    exhibits.revision(two_releases([("suppressed", "not_held")]), I)):  # fmt: skip
        assert exhibit.table is None
        assert "nan" not in exhibit.html().lower()
        assert exhibit.sentences


def test_names_are_text_whatever_they_hold():
    rows = two_sources([(616, 598)]).assign(area_name='<b>"A" & B</b>', source_name="<i>report</i>")
    html = exhibits.beside(rows, I).html()
    assert "<b>" not in html
    assert "<i>" not in html
    html = exhibits.revision(two_releases([(5, 6)], area='<b>"A" & B</b>'), I).html()
    assert "<b>" not in html


def test_in_a_headline_two_sources_are_not_taken_for_the_figure_itself():
    rows = two_sources([(616, 598)])
    level = exhibits.level(row("cp_plan_number", 616), I["cp_plan_number"])
    both = exhibits.headline(level, exhibits.beside(rows, I))
    assert len(both.sentences) == 2


def test_several_reports_are_not_called_by_the_name_of_one():
    rows = pd.concat([two_sources([(616, 598)]), two_sources([(5, 5)]).assign(source_name="Another report")])
    assert tables.beside(rows.reset_index(drop=True), I).headings[2] == "Report"
