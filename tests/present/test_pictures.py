"""Charts read from their artists: labels do not stand on each other, gaps are gaps, and the area is named."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from cases import I, areas, beside, months, ranked, rate, row, series
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from analysis.present import alternatives, charts, drawing, exhibits, narrative, tables
from analysis.statistics.rates import add_rate

NAN = float("nan")
YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(2012, 2025)]
OTHERS = ("Yorkshire and The Humber", "statistical neighbours (2025 model, median)",
          "statistical neighbours (2021 model, median)", "England")  # fmt: skip


def lines(starts, periods=YEARS, step=0.4):
    """An area and its comparators over time, the area's rates with intervals."""
    tables_ = []
    for place, start in enumerate(starts):
        name = "Leeds" if place == 0 else OTHERS[place - 1]
        for at, period in enumerate(periods):
            value = round(start + step * at * (-1) ** place)
            tables_.append(row("cla_rate", value, period=period, area_name=name, series=name, segment=0, year=NAN,
                               value_type="comparator" if place else "observed", numerator=16.0 * value,
                               denominator=160_000.0))  # fmt: skip
    return add_rate(pd.concat(tables_, ignore_index=True), keep_value=True)


def boxes(figure, texts):
    """The boxes of texts on the page."""
    FigureCanvasAgg(figure).draw()
    # Of the text alone: the box of an annotation holds the line that ties it to its mark too.
    return [Text.get_window_extent(text) for text in texts]


def overlapping(figure):
    """Pairs of texts that stand on each other: the names at the ends of lines, each with its value."""
    names = [text for text in figure.axes[0].texts if text.get_fontweight() == "bold"]
    found = list(zip(names, boxes(figure, names), strict=True))
    # A letter may hang into the next line by less than a point.
    return [
        (one.get_text(), other.get_text())
        for at, (one, box) in enumerate(found)
        for other, its in found[at + 1 :]
        if min(box.y1, its.y1) - max(box.y0, its.y0) > 1 and min(box.x1, its.x1) > max(box.x0, its.x0)
    ]


@settings(max_examples=12)
@given(st.lists(st.integers(20, 150), min_size=2, max_size=5))
def test_names_at_the_ends_of_lines_do_not_stand_on_each_other(starts):
    figure = charts.trend(lines(starts), I["cla_rate"])
    assert not overlapping(figure)
    for text in figure.axes[0].texts:
        assert text.get_window_extent().x1 <= figure.bbox.x1 + 1, "nothing runs off the page"


def test_lines_differ_by_more_than_colour():
    drawn = [
        (line.get_marker(), str(line._unscaled_dash_pattern))
        for line in charts.trend(lines([88, 80, 84, 86, 62]), I["cla_rate"]).axes[0].get_lines()
    ]
    assert len(set(drawn)) == 5


def test_a_line_is_interrupted_where_a_value_is_missing():
    rows = lines([88, 62])
    rows.loc[(rows["series"] == "Leeds") & (rows["period"] == "2018-19"), ["value", "lower_ci", "upper_ci"]] = NAN
    rows.loc[(rows["series"] == "Leeds") & (rows["period"] == "2018-19"), "status"] = "suppressed"
    drawn = [len(line.get_xdata()) for line in charts.trend(rows, I["cla_rate"]).axes[0].get_lines()]
    assert drawn == [6, 6, 13]
    assert "There is no number for 2018-19: suppressed (c)." in narrative.trend(rows, I["cla_rate"])
    assert ("2018-19", "suppressed (c)") in [cells[:2] for cells in tables.trend(rows, I["cla_rate"]).cells]


def test_only_the_ends_of_a_long_line_are_written():
    short, long = lines([88], YEARS[:5]), lines([88])
    assert len(charts.trend(short, I["cla_rate"]).axes[0].texts) == 5
    assert len(charts.trend(long, I["cla_rate"]).axes[0].texts) == 2, "the first and the last, which are the extremes"


def test_the_interval_that_is_drawn_is_in_the_table():
    table = tables.trend(lines([88, 62]), I["cla_rate"])
    assert table.headings == ("Period", "Leeds", "Yorkshire and The Humber", "95% interval of Leeds", "Figures")
    assert all(" to " in cells[3] for cells in table.cells)
    plain = tables.trend(series([620, 618], tested=False), I["cla_number"])
    assert plain.headings == ("Period", "Nottingham", "Figures")


@pytest.mark.parametrize(
    "periods", [[f"{year}-06-30" for year in range(2012, 2025)], ["2020-21", "2021-22-Q1", "2021-22-Q2", "2021-22"]]
)
def test_dates_and_quarters_are_labels_too(periods):
    figure = charts.trend(lines([88, 62], periods), I["cla_rate"])
    shown = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert shown
    assert all(shown)


def test_a_trend_of_little_breaks_nothing():
    one = lines([88], YEARS[:1])
    assert charts.trend(one, I["cla_rate"]) is None
    alone = lines([88, 62])
    alone.loc[alone["series"] != "Leeds", "value"] = NAN
    assert len(charts.trend(alone, I["cla_rate"]).axes[0].get_lines()) == 1
    without = lines([88, 62])
    without.loc[without["series"] == "Leeds", ["value", "lower_ci", "upper_ci"]] = NAN
    without.loc[without["series"] == "Leeds", "status"] = "not_available"
    assert charts.trend(without, I["cla_rate"]) is None, "others without the area are not its trend"
    exhibit = exhibits.trend(without.assign(figure=np.nan), I["cla_rate"])
    assert "nan" not in exhibit.html().lower()
    single = lines([88, 62])
    single.loc[(single["series"] == "Leeds") & (single["period"] != "2024-25"), ["value", "lower_ci", "upper_ci"]] = NAN
    figure = charts.trend(single, I["cla_rate"])
    assert [len(line.get_xdata()) for line in figure.axes[0].get_lines()] == [1, 13]


def test_a_caption_names_the_area_even_where_another_line_begins_earlier():
    rows = lines([88, 62]).iloc[1:].sort_values("period", kind="stable")
    assert rows["series"].iloc[0] != "Leeds"
    assert "Leeds" in tables.trend(rows, I["cla_rate"]).caption


def test_a_long_line_is_described_by_its_ends():
    alt = alternatives.trend(lines([88, 62]), I["cla_rate"])
    assert "Leeds: from 2012-13 88 to 2024-25 93, lowest 2012-13 88, highest 2024-25 93." in alt
    assert "2018-19" not in alt


labels = st.lists(
    st.tuples(st.floats(0, 100), st.just(0.0), st.sampled_from(["one", "one\ntwo", "one\ntwo\nthree"]), st.just("")),
    min_size=1, max_size=6,
)  # fmt: skip


@given(labels)
def test_labels_are_moved_apart_and_stay_on_the_page(ends):
    placed = drawing.apart(ends, low=0, high=100, line=5)
    assert sorted(item for _, item in placed) == sorted(ends), "none is lost"
    reach = [(at - 2.5 * (item[2].count("\n") + 1), at + 2.5 * (item[2].count("\n") + 1)) for at, item in placed]
    assert reach[0][0] >= -1e-9
    assert reach[-1][1] <= 100 + 1e-9
    assert all(below[1] <= above[0] + 1e-9 for below, above in pairwise(reach))


def test_the_funnel_names_the_area_asked_about_and_leaves_out_a_hidden_one():
    rows = areas([(60, 250), (27, 100), (30, 120), (90, 120)], own=1)
    rows.loc[2, ["value", "lower_ci", "upper_ci"]] = NAN
    rows.loc[2, ["status", "funnel_position"]] = ["suppressed", None]
    figure = charts.funnel(rows, I["cp_repeat_plans"])
    assert [text.get_text() for text in figure.axes[0].texts] == ["Area 2 27.0%"]
    assert "nan" not in alternatives.funnel(rows, I["cp_repeat_plans"])
    table = tables.funnel(rows, I["cp_repeat_plans"])
    assert table.caption.startswith("Second or subsequent child protection plans: Area 2")
    hidden = next(cells for cells in table.cells if cells[0] == "Area 3")
    assert (hidden[2], hidden[5]) == ("suppressed (c)", "\N{EN DASH}")
    assert "the value they are held against" in narrative.funnel(rows, I["cp_repeat_plans"])[0]


def test_of_many_areas_the_funnel_tabulates_the_area_and_those_far_outside():
    rows = areas([(60, 250)] * 30 + [(120, 130), (2, 400)])
    table = tables.funnel(rows, I["cp_repeat_plans"])
    assert [cells[0] for cells in table.cells] == ["Area 31", "Area 1", "Area 32"]
    assert "the table has it and those outside the 99.8% limits" in table.caption
    assert len(exhibits.funnel(rows, I["cp_repeat_plans"]).rows) == 32, "all rows can be taken away"


def test_limits_that_allow_for_differences_are_not_called_chance():
    rows = areas([(60, 100), (60, 250), (30, 120)]).assign(tau2=0.01)
    assert "chance and the usual differences" in narrative.funnel(rows, I["cp_repeat_plans"])[0]
    assert "allow for usual differences" in charts.funnel(rows, I["cp_repeat_plans"])._suptitle.get_text()


def test_large_numbers_have_commas_on_axes():
    rows = areas([(6_000, 25_000), (2_700, 10_000)])
    figure = charts.funnel(rows, I["cp_repeat_plans"])
    FigureCanvasAgg(figure).draw()
    assert "10,000" in [text.get_text() for text in figure.axes[0].get_xticklabels()]


def test_a_funnel_without_the_area_is_not_drawn():
    rows = areas([(60, 250), (27, 100)], own=1)
    rows.loc[1, ["value", "lower_ci", "upper_ci"]] = NAN
    rows.loc[1, ["status", "funnel_position"]] = ["suppressed", None]
    exhibit = exhibits.funnel(rows, I["cp_repeat_plans"])
    assert "suppressed (c)" in exhibit.lead
    assert not exhibit.svg
    assert exhibit.table is None


def test_a_month_without_a_value_breaks_no_process():
    rows = months([52, 49, 50, 53, 48, 51, 50, 52, 49, 51])
    rows.loc[4, ["value", "cause"]] = [NAN, None]
    exhibit = exhibits.process(
        rows.assign(status=["reported"] * 4 + ["not_recorded"] + ["reported"] * 5), I["cp_plan_number"]
    )
    assert "nan" not in exhibit.html().lower()
    assert exhibit.table.cells[4][:2] == ("Aug 2020", "not recorded")


def test_a_comparator_is_named_with_its_members_in_table_and_alt_text():
    rows = beside(rate(616, 69_213), [("statistical neighbours (2025 model, median)", 63, "2020-21"),
                                      ("own group (median)", 80, "2020-21"), ("England", NAN, "2020-21")])  # fmt: skip
    rows = rows.assign(benchmark_members=[10, 3, NAN], benchmark_with_data=[9, 3, NAN])
    exhibit = exhibits.comparison(rows, I["cp_plan_rate"])
    assert [cells[0] for cells in exhibit.table.cells] == [
        "Nottingham", "Statistical neighbours (2025 model, median, 9 of 10 with data)",
        "Group chosen (median, 3 of 3 with data)", "England",
    ]  # fmt: skip
    assert exhibit.table.cells[3][4] == "\N{EN DASH}"
    assert "9 of 10 with data" in exhibit.alt
    shown = [text.get_text() for text in charts.comparison(rows, I["cp_plan_rate"]).axes[0].get_yticklabels()]
    assert shown[1] == "Statistical neighbours\n(2025 model, median), 2020-21"
    assert "nan" not in exhibit.html().lower()


def test_a_dollar_is_a_dollar():
    figure = charts.rank(ranked([(100, 10_000), (90, 10_000)], names=["$x_1$", "B"]), I["cla_rate"])
    assert figure.axes[0].texts[0].get_text().startswith("$x_1$")
    assert not figure.axes[0].texts[0].get_parse_math()


def test_all_charts_are_equally_wide():
    for figure in (charts.rank(ranked([(100, 10_000), (90, 10_000)]), I["cla_rate"]),
                   charts.trend(lines([88, 62]), I["cla_rate"]), charts.funnel(areas([(27, 100), (60, 250)]), I["cp_repeat_plans"])):  # fmt: skip
        assert figure.get_size_inches()[0] == drawing.WIDTH
