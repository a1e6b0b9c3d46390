"""Laws of rank and of choice: places and sides are those of the rows, whatever the rows are."""

import re

import pandas as pd
import pytest
from cases import I, choices, gap, ranked, ranked_shares, rate, row
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_laws_of_words import broken_laws

from analysis.present import alternatives, charts, exhibits, narrative, tables
from analysis.present.formatting import ordinal, plain

NAN = float("nan")
HOSTILE = 'Bath & <b>"North"</b> $East$ {value} \'s'
parts = st.lists(st.tuples(st.integers(0, 400), st.integers(1_000, 50_000)), min_size=1, max_size=14)
reasons = st.lists(st.sampled_from(["suppressed", "not_available", "not_held"]), max_size=3)
models = st.sampled_from(["2025", "2021", "own group"])
averages = st.sampled_from(["median", "mean", "pooled"])
held = st.tuples(models, averages, st.integers(1, 200), st.just(10), st.integers(1, 10))
items = st.lists(held, min_size=1, max_size=7, unique_by=lambda item: item[:2])


@given(parts, reasons)
def test_rank_says_the_place_of_its_rows(areas, missing):
    rows = ranked(areas, missing=missing)
    sentences = narrative.rank(rows, I["cla_rate"])
    assert not broken_laws(sentences, rows, I["cla_rate"])
    own, lead = rows.iloc[0], plain(sentences[0])
    shared = int((rows["rank"] == own["rank"]).sum())
    if 1 < own["rank"] < own["ranked"] - shared + 1:
        assert f"{ordinal(own['rank'])} highest of the {len(areas)} " in lead
    assert ("joint" in lead) == (1 < shared < len(areas))
    if "the highest of" in lead:
        assert own["value"] == rows["value"].max()
    if "the lowest of" in lead:
        assert own["value"] == rows["value"].min()
    if "anywhere from" in lead:
        assert own["rank_lower"] < own["rank_upper"]
    if "says little" in lead:
        assert own["rank_upper"] - own["rank_lower"] + 1 >= 0.8 * own["ranked"]
    assert any("no figure" in text for text in sentences[1:]) == bool(missing)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(100, 400)), min_size=2, max_size=9))
def test_where_lower_is_better_rank_counts_from_the_lowest(areas):
    rows = ranked_shares(areas)
    sentences = narrative.rank(rows, I["cp_repeat_plans"])
    assert not broken_laws(sentences, rows, I["cp_repeat_plans"])
    assert "For this figure, lower is better." in sentences
    assert not re.search(r"\d(st|nd|rd|th) highest", sentences[0]), "rank 1 is the lowest"


@given(parts, reasons)
def test_rank_in_brief_is_the_end_of_rank(areas, missing):
    rows = ranked(areas, missing=missing)
    lead, brief = narrative.rank(rows, I["cla_rate"])[0], narrative.rank_in_brief(rows, I["cla_rate"])
    assert lead.endswith(brief.removeprefix("That is "))


def test_the_table_of_ranks_holds_the_neighbours_in_rank_and_both_ends():
    rows = ranked([(100 + at, 10_000) for at in range(40)], own=20, missing=["suppressed"])
    table = tables.rank(rows, I["cla_rate"])
    names = [cells[0] for cells in table.cells]
    assert names == ["Area 40", *[f"Area {at}" for at in range(26, 15, -1)], "Area 1"]
    assert "the table has the first, the last and those next to it" in table.caption
    assert "among the 40 authorities with a figure" in table.caption
    exhibit = exhibits.rank(rows, I["cla_rate"])
    assert len(exhibit.rows) == 41, "all rows can be taken away"
    few = tables.rank(ranked([(100 + at, 10_000) for at in range(8)]), I["cla_rate"])
    assert len(few.cells) == 8
    assert "the table has" not in few.caption


@settings(max_examples=12)
@given(parts, reasons)
def test_the_caterpillar_draws_every_figure_in_order(areas, missing):
    rows = ranked(areas, missing=missing)
    figure = charts.rank(rows, I["cla_rate"])
    assert (figure is None) == (len(areas) < 2)
    if figure:
        others, own = figure.axes[0].get_lines()[:2]
        drawn = dict([*zip(others.get_xdata(), others.get_ydata(), strict=True),
                      *zip(own.get_xdata(), own.get_ydata(), strict=True)])  # fmt: skip
        assert sorted(rows["value"].dropna(), reverse=True) == [drawn[at] for at in sorted(drawn)]
        assert [text.get_text() for text in figure.axes[0].texts] == [f"Area 1 {tables_value(rows)}"]
        assert "Area 1" in alternatives.rank(rows, I["cla_rate"])
        assert figure.axes[0].get_ylim()[0] == 0
        assert figure.axes[0].get_ylim()[1] > rows["upper_ci"].iloc[0], "the area's own interval is never cut"


def tables_value(rows):
    table = tables.rank(rows, I["cla_rate"])
    return next(cells[2] for cells in table.cells if cells[0] == "Area 1")


def test_a_bar_that_is_cut_is_said():
    few = [(800, 100_000), (700, 100_000)]
    assert "is cut" in charts.rank(ranked([*few, (1, 200)]), I["cla_rate"])._suptitle.get_text()
    assert "is cut" not in charts.rank(ranked(few), I["cla_rate"])._suptitle.get_text()
    own = ranked([(1, 200), *few])
    assert charts.rank(own, I["cla_rate"]).axes[0].get_ylim()[1] > own["upper_ci"].iloc[0]


@given(items, st.integers(100, 2_000), st.booleans())
def test_choice_says_the_sides_of_its_rows(neighbours, count, tested):
    rows = choices(rate(count, 100_000, precision=0, indicator="cla_rate"), neighbours, tested=tested)
    sentences = narrative.choice(rows, I["cla_rate"])
    text = plain(" ".join(sentences))
    extra = " ".join(str(number) for number in range(1, len(rows) + 1))
    assert not broken_laws(sentences, rows.assign(counted=extra), I["cla_rate"])
    sides = set(rows["direction"])
    if "is above them" in text:
        assert (rows["value"] > rows["benchmark_value"]).all()
    if "is below them" in text:
        assert (rows["value"] < rows["benchmark_value"]).all()
    assert ("depends on the choice" in text) == (len(sides) > 1 and bool(sides & {"higher", "lower"}))
    if "above or below its neighbours depends" in text:
        assert {"higher", "lower"} <= sides
    assert ("not tested here" in text) == (not tested), "chance is spoken of, or said not to be"
    if "each time by more than chance" in text:
        assert set(rows["position"]) <= {"higher", "lower"}
    for word in ("worse", "better"):
        assert word not in text


@given(items, st.integers(100, 2_000))
def test_choice_in_brief_is_the_end_of_choice(neighbours, count):
    rows = choices(rate(count, 100_000, precision=0, indicator="cla_rate"), neighbours)
    assert narrative.choice(rows, I["cla_rate"])[0].endswith(narrative.choice_in_brief(rows, I["cla_rate"]))


@settings(max_examples=12)
@given(items)
def test_chart_and_table_of_choices_show_the_same_numbers(neighbours):
    rows = choices(rate(684, 69_213, precision=0, indicator="cla_rate"), neighbours)
    table, figure = tables.choice(rows, I["cla_rate"]), charts.choice(rows, I["cla_rate"])
    assert [text.get_text() for text in figure.axes[0].texts] == [cells[3] for cells in table.cells]
    assert [cells[2] for cells in table.cells] == [f"{held} of 10" for *_, held in neighbours]
    assert figure.axes[0].get_xlim()[0] == 0
    alt = alternatives.choice(rows, I["cla_rate"])
    assert all(cells[3] in alt for cells in table.cells)


@pytest.mark.parametrize("status", ["not_held", "suppressed", "not_available"])
def test_without_its_own_figure_nothing_is_ranked_or_chosen(status):
    areas = ranked([(100, 10_000), (90, 10_000)], own=2, missing=[status])
    neighbours = choices(gap("cla_rate", status), [("2025", "median", 84, 10, 10)])
    for exhibit in (exhibits.rank(areas, I["cla_rate"]), exhibits.choice(neighbours, I["cla_rate"])):
        assert exhibit.table is None
        assert not exhibit.svg
        assert not exhibit.brief
        assert "nan" not in exhibit.html().lower()
    assert charts.choice(neighbours, I["cla_rate"]) is None
    assert charts.rank(areas, I["cla_rate"]) is None


def test_names_are_text_whatever_they_hold():
    areas = ranked([(100, 10_000), (90, 10_000), (80, 9_000)], names=[HOSTILE, "<i>", "&"])
    neighbours = choices(rate(684, 69_213, precision=0, indicator="cla_rate", area_name=HOSTILE),
                         [("2025", "median", 84, 10, 10), ("2021", "mean", 120, 10, 9)])  # fmt: skip
    for exhibit in (exhibits.rank(areas, I["cla_rate"]), exhibits.choice(neighbours, I["cla_rate"])):
        html = exhibit.html()
        assert "<b>" not in html
        assert "<i>" not in html
        assert "Bath &amp; &lt;b&gt;" in html
        assert exhibit.png.startswith(b"\x89PNG")


def test_in_a_headline_rank_and_choice_do_not_repeat_the_figure():
    areas = ranked([(100, 10_000), (90, 10_000)])
    neighbours = choices(rate(100, 10_000, precision=0, indicator="cla_rate", area_name="Area 1"),
                         [("2025", "median", 84, 10, 10), ("2021", "mean", 80, 10, 9)])  # fmt: skip
    level = exhibits.level(areas.iloc[[0]], I["cla_rate"])
    both = exhibits.headline(level, exhibits.rank(areas, I["cla_rate"]), exhibits.choice(neighbours, I["cla_rate"]))
    assert len(both.sentences) == 3
    assert both.sentences[1].startswith("That is the highest of the 2 authorities")
    assert both.sentences[2].startswith("Whichever") or both.sentences[2].startswith("On each")


def test_a_choice_of_another_year_says_so():
    rows = choices(row("cla_rate", 88), [("2025", "median", 84, 10, 10), ("2021", "median", 97, 10, 10)])
    rows = rows.assign(benchmark_period=["2019-20", "2020-21"])
    assert "(84, 2019-20)" in plain(narrative.choice(rows, I["cla_rate"])[0])
    assert "Period" in tables.choice(rows, I["cla_rate"]).headings


def test_no_neighbours_at_all():
    rows = choices(row("cla_rate", 88), [("", "", NAN, NAN, NAN)]).assign(benchmark_name="")
    exhibit = exhibits.choice(rows, I["cla_rate"])
    assert exhibit.lead.endswith("No figure of neighbours is held to compare it with.")
    assert "model" not in " ".join(exhibit.sentences)


def test_an_area_that_is_not_among_them():
    rows = ranked([(100, 10_000), (90, 10_000)], own=7)
    exhibit = exhibits.rank(rows, I["cla_rate"])
    assert "not among these authorities" in exhibit.lead
    assert exhibit.table is None
    assert not exhibit.brief


def test_rows_that_lack_what_may_be_missing_break_nothing():
    rows = choices(row("cla_rate", 88), [("2025", "median", NAN, NAN, NAN), ("2021", "median", 97, NAN, NAN)])
    exhibit = exhibits.choice(rows.drop(columns="benchmark_period"), I["cla_rate"])
    assert "nan" not in exhibit.html().lower()
    bare = ranked([(100, 10_000), (90, 10_000)]).assign(lower_ci=NAN, upper_ci=NAN, rank_lower=NAN, rank_upper=NAN)
    exhibit = exhibits.rank(bare.assign(confidence=NAN), I["cla_rate"])
    assert "cannot be said" in exhibit.lead
    assert "nan" not in exhibit.html().lower()


@given(items, st.integers(1, 300))
def test_choices_without_an_interval(neighbours, value):
    rows = choices(row("cla_rate", value), neighbours)
    assume(len(rows) > 1)
    text = plain(" ".join(narrative.choice(rows, I["cla_rate"])))
    assert "chance alone" not in text
    assert pd.Series(text).str.contains("than chance is not tested here").all()
