"""Laws of words, charts and tables: each says what its rows hold, and no more."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_figures
from analysis.indicators.pairing import (
    as_events,
    assume_same_population,
    pair_with_comparators,
    pair_with_count,
    put_beside,
)
from analysis.indicators.selection import select_before, select_level, select_trend
from analysis.present import alternatives, charts, exhibits, narrative, tables
from analysis.present.formatting import number, plain
from analysis.statistics.comparison import add_position, add_rate_ratio
from analysis.statistics.difference import add_difference, add_ratio_position
from analysis.statistics.rates import add_rate
from analysis.statistics.rounding import add_implied_denominator

I = load_indicators()  # noqa: E741
FIGURES = load_figures()
JUDGEMENT = re.compile(r"\b(better|worse|good|bad|improv\w+|deteriorat\w+|poor|strong)\b", re.IGNORECASE)


def comparison_rows(value=89.0, count=616.0, others=(63.0,), precision=0, indicator="cp_plan_rate"):
    rows = select_level(FIGURES, I["cp_plan_rate"], area="Nottingham", year="2020-21")
    rows = rows.assign(value=value, precision=precision, numerator=count, indicator=indicator)
    rows = add_rate(add_implied_denominator(rows, multiplier=10_000), keep_value=True)
    rows = pd.concat([rows] * len(others), ignore_index=True).assign(
        benchmark_name=[f"other {place}" for place in range(len(others))],
        benchmark_value=others, benchmark_precision=0, benchmark_period="2020-21", benchmark_figure="NCS21.012",
    )  # fmt: skip
    return add_difference(add_position(rows), other="benchmark_")


def numbers_in(text):
    return set(re.findall(r"\d[\d,]*(?:\.\d+)?", plain(text)))


def cells_of(rows):
    """Every way in which the rows' numbers may be written."""
    texts = set()
    for column in rows.columns:
        for cell in rows[column]:
            if isinstance(cell, int | float) and not pd.isna(cell):
                texts |= {number(abs(cell), decimals) for decimals in range(4)}
            elif isinstance(cell, str):
                texts |= set(re.findall(r"\d[\d,]*(?:\.\d+)?", cell))
    return texts


ALWAYS = {"95", "10,000", "0", "17", "1", "2", "3", "4"}


@settings(deadline=None, max_examples=60)
@given(
    st.integers(5, 200), st.integers(5, 2000),
    st.lists(st.integers(5, 200).map(float), min_size=1, max_size=3, unique=True),
)  # fmt: skip
def test_each_number_in_a_comparison_is_a_cell_of_its_rows(value, count, others):
    rows = comparison_rows(float(value), float(count), tuple(others))
    words = " ".join(narrative.comparison(rows, I["cp_plan_rate"]))
    years = {"2020", "21", "2020-21"}
    assert numbers_in(words) <= cells_of(rows) | ALWAYS | years


@settings(deadline=None, max_examples=60)
@given(st.integers(5, 200), st.integers(5, 2000), st.integers(5, 200))
def test_each_direction_word_agrees_with_the_sign(value, count, other):
    rows = comparison_rows(float(value), float(count), (float(other),))
    words = plain(narrative.comparison(rows, I["cp_plan_rate"])[0])
    if ": higher" in words:
        assert value > other
    elif ": lower" in words:
        assert value < other
    else:
        assert rows["lower_ci"].iloc[0] <= other <= rows["upper_ci"].iloc[0]


@settings(deadline=None, max_examples=30)
@given(st.integers(5, 200), st.integers(5, 2000), st.integers(5, 200))
def test_no_word_of_judgement_under_neutral_polarity(value, count, other):
    rows = comparison_rows(float(value), float(count), (float(other),))
    assert I["cp_plan_rate"].polarity == "neutral"
    assert not JUDGEMENT.search(" ".join(narrative.comparison(rows, I["cp_plan_rate"])))


def test_polarity_is_said_where_there_is_one():
    rows = select_level(FIGURES, I["cp_repeat_plans"], area="Nottingham", year="2020-21")
    rows = pair_with_comparators(rows, FIGURES, I["cp_repeat_plans"], comparators=["statistical_neighbours"])
    words = " ".join(narrative.comparison(add_difference(rows, other="benchmark_"), I["cp_repeat_plans"]))
    assert "lower is better" in words
    assert "No interval can be given" in words
    assert "cannot be said" in words


def change_rows(now, before, indicator="cp_plan_number"):
    own = select_level(FIGURES, I[indicator], area="Nottingham", year="2020-21").assign(value=float(now))
    earlier = select_before(own, FIGURES).assign(value=float(before), precision=0)
    rows = put_beside(as_events(own), as_events(earlier))
    return add_ratio_position(add_difference(add_rate_ratio(assume_same_population(rows))))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 3000), st.integers(1, 3000))
def test_a_change_says_more_or_fewer_as_it_is(now, before):
    words = plain(narrative.change(change_rows(now, before), I["cp_plan_number"])[0])
    assert (" more than the" in words) == (now > before)
    assert (" fewer than the" in words) == (now < before)
    assert ("the same as the" in words) == (now == before)


def test_no_significant_change_is_never_no_change():
    words = " ".join(narrative.change(change_rows(616, 609), I["cp_plan_number"]))
    assert "no change" not in words.lower()
    assert "chance alone could give" in words
    assert "as unchanged" in words, "the assumption about the population is said"


def test_the_known_answer_of_nottingham():
    rows = select_level(FIGURES, I["cp_plan_rate"], area="Nottingham", year="2020-21")
    rows = pair_with_count(rows, FIGURES, count="cp_plan_number")
    rows = add_rate(add_implied_denominator(rows, multiplier=10_000), keep_value=True)
    rows = pair_with_comparators(rows, FIGURES, I["cp_plan_rate"], comparators=["statistical_neighbours"])
    rows = add_difference(add_position(rows), other="benchmark_")
    exhibit = exhibits.comparison(rows, I["cp_plan_rate"])
    assert plain(exhibit.lead) == (
        "In Nottingham, 89 (95% interval 82 to 96) children in every 10,000 were on a child protection plan at the end of 2020-21, against 63 for "
        "its statistical neighbours: higher by more than chance alone would give."
    )
    assert set(exhibit.cites) == {"NCS21.011", "NCS21.012", "NCS21.006"}
    assert "82 to 96" in " ".join(exhibit.sentences)


def test_words_chart_and_table_show_the_same_numbers():
    rows = comparison_rows(others=(63.0, 70.0))
    table = tables.comparison(rows, I["cp_plan_rate"])
    figure = charts.comparison(rows, I["cp_plan_rate"])
    drawn = [text.get_text() for text in figure.axes[0].texts]
    assert [cells[2] for cells in table.cells] == ["89", "63", "70"]
    assert drawn == ["89 (82 to 96)", "63", "70"]
    alt = alternatives.comparison(rows, I["cp_plan_rate"])
    assert all(text in alt for text in ("89", "82 to 96", "63", "70"))


def test_a_chart_draws_the_values_of_its_rows():
    rows = select_trend(FIGURES, I["cla_rate"], area="Peterborough", comparators=["statistical_neighbours", "england"])
    figure = charts.trend(rows, I["cla_rate"])
    drawn = [list(line.get_ydata()) for line in figure.axes[0].get_lines()]
    assert drawn == [[75.0, 73.0, 74.0], [79.5, 81.7, 87.0], [60.0, 62.0, 64.0]]
    styles = {(line.get_marker(), line.get_linestyle()) for line in figure.axes[0].get_lines()}
    assert len(styles) == 3, "lines differ by more than colour"


def test_axes_of_sizes_begin_at_nothing():
    figure = charts.comparison(comparison_rows(), I["cp_plan_rate"])
    assert figure.axes[0].get_xlim()[0] == 0


def test_charts_are_the_same_bytes_twice():
    rows = comparison_rows()
    one, two = (exhibits.comparison(rows, I["cp_plan_rate"]) for _ in range(2))
    assert one.svg == two.svg
    assert one.png == two.png


@pytest.mark.parametrize("indicator", ["cp_repeat_plans", "cla_same_placement", "cla_rate"])
def test_a_gap_is_said_and_neither_drawn_nor_tabulated(indicator):
    rows = select_level(FIGURES, I[indicator], area="Nottinghamshire", year="2011-12")
    rows = pair_with_comparators(rows, FIGURES, I[indicator], comparators=["statistical_neighbours"])
    exhibit = exhibits.comparison(add_difference(rows, other="benchmark_"), I[indicator])
    assert "do not give" in exhibit.lead
    assert "Department for Education" in " ".join(exhibit.sentences), "where it might be found"
    assert exhibit.table is None
    assert not exhibit.svg
    assert "nan" not in exhibit.html().lower()


def test_a_table_has_caption_and_scopes():
    html = tables.comparison(comparison_rows(), I["cp_plan_rate"]).html()
    assert "<caption>" in html
    assert html.count("<th ") == html.count('scope="')


def test_text_from_data_is_escaped():
    rows = comparison_rows().assign(area_name="<script>alert(1)</script>")
    html = exhibits.comparison(rows, I["cp_plan_rate"]).html()
    assert "<script>" not in html
