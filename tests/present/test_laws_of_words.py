"""Laws that hold for any rows: each number is a cell, each direction agrees with the sign, no judgement without polarity."""

import re
from collections.abc import Mapping

import pandas as pd
from cases import I, areas, beside, changed, months, rate, row, series, supposed, users
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.present import alternatives, charts, narrative, tables
from analysis.present.formatting import number, plain

JUDGEMENT = re.compile(r"\b(better|worse|good|bad|improv\w*|deteriorat\w*|poor\w*|concern\w*)\b", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
#: Numbers that are words of method and not figures: intervals, per 10,000, ages, months, one in forty.
WORDS_OF_METHOD = {"95", "99.8", "10,000", "0", "17", "1", "2", "3", "4", "7", "12", "16", "999"}

counts = st.integers(0, 3_000)
sizes = st.integers(1_000, 300_000)
settings.register_profile("words", deadline=None, max_examples=40)
settings.load_profile("words")


def cells(rows):
    """Every way in which a number of the rows may be written, and the numbers inside its texts."""
    texts = set()
    for column in rows.columns:
        for cell in rows[column]:
            if isinstance(cell, bool):
                continue
            if isinstance(cell, int | float) and not pd.isna(cell) and abs(cell) != float("inf"):
                texts |= {number(abs(cell), decimals) for decimals in range(4)}
                texts |= {number(abs(100 * cell), 1), number(abs(100 * cell), 0)} if column == "confidence" else set()
            elif isinstance(cell, str):
                texts |= set(NUMBER.findall(cell))
    return texts


def counted(rows):
    """Every number of rows that have the same in one column, or nothing in it: sentences may count rows."""
    columns = [
        name for name in ("status", "other_status", "direction", "position", "value", "other_value") if name in rows
    ]
    counts = [int(count) for name in columns for count in rows[name].value_counts(dropna=False)]
    counts += [int(rows[name].notna().sum()) for name in columns]
    if {"other_value", "value"} <= set(rows.columns):
        both = rows["value"].notna() & rows["other_value"].notna()
        counts += [int(both.sum()), int((rows["value"].notna() != rows["other_value"].notna()).sum())]
    counts += [int(rows[name].isin(["higher", "lower"]).sum()) for name in ("position", "direction") if name in rows]
    return {number(count) for count in counts}


def broken_laws(sentences, rows, indicator):
    """What is wrong with sentences about rows, in words; empty where nothing is."""
    text = plain(" ".join(sentences))
    about = [indicator[name] for name in set(rows["indicator"])] if isinstance(indicator, Mapping) else [indicator]
    definition = " ".join(
        text
        for item in about
        for text in (item.says, item.noun, item.interval.where_missing, *[b.reason + b.period for b in item.breaks])
    )
    allowed = cells(rows) | WORDS_OF_METHOD | set(NUMBER.findall(definition)) | {number(len(rows))}
    allowed |= {number(int(rows["value"].notna().sum()))} if "value" in rows else set()
    allowed |= counted(rows)
    problems = [f"{found} is no cell of the rows" for found in NUMBER.findall(text) if found not in allowed]
    if all(item.polarity == "neutral" for item in about) and JUDGEMENT.search(text):
        problems.append("a word of judgement under neutral polarity")
    if re.search(r"\bno (significant )?change\b(?! in)", text) or "significant" in text:
        problems.append("'significant' or 'no change'")
    if re.search(r"\b(nan|None|inf)\b", text):
        problems.append("a missing number is written")
    return problems


@given(counts, sizes, st.lists(st.integers(1, 300), min_size=0, max_size=3))
def test_comparison(count, size, others):
    rows = beside(rate(count, size), [(f"other {at}", value, "2020-21") for at, value in enumerate(others)])
    sentences = narrative.comparison(rows, I["cp_plan_rate"])
    assert not broken_laws(sentences, rows.assign(names=" ".join(f"other {at}" for at in range(3))), I["cp_plan_rate"])
    for _, item in rows[rows["benchmark_name"] != ""].iterrows():
        if item["position"] == "higher":
            assert item["value"] > item["benchmark_value"]
        if item["position"] == "lower":
            assert item["value"] < item["benchmark_value"]


@given(st.integers(1, 3_000), st.integers(1, 3_000))
def test_change(now, before):
    rows = changed(now, before)
    sentences = narrative.change(rows, I["cp_plan_number"])
    assert not broken_laws(sentences, rows, I["cp_plan_number"])
    lead = plain(sentences[0])
    assert (" more than the " in lead) == (now > before)
    assert (" fewer than the " in lead) == (now < before)
    unseen = any("gone unseen" in text for text in sentences)
    assert unseen == (rows["ratio_position"].iloc[0] == "similar")


@given(st.lists(st.integers(1, 2_000), min_size=5, max_size=10))
def test_trend(values):
    assume(len(set(values)) > 1)
    rows = series(values)
    sentences = narrative.trend(rows, I["cla_number"])
    assert not broken_laws(sentences, rows, I["cla_number"])
    verdict = sentences[-1]
    change = rows["yearly_change"].iloc[0]
    if "it is rising" in verdict:
        assert change > 0
        assert rows["yearly_change_lower_ci"].iloc[0] > 0
    elif "it is falling" in verdict:
        assert change < 0
        assert rows["yearly_change_upper_ci"].iloc[0] < 0
    else:
        assert rows["yearly_change_lower_ci"].iloc[0] <= 0 <= rows["yearly_change_upper_ci"].iloc[0]


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(2, 90)), min_size=1, max_size=4), st.integers(20, 500))
def test_representation(shares, total):
    names = ["White British", "Mixed", "African", "Indian"]
    rows = users([(names[at], *pair) for at, pair in enumerate(shares)], total)
    sentences = narrative.representation(rows, I["advocacy_share"])
    assert not broken_laws(sentences, rows, I["advocacy_share"])
    for _, item in rows.iterrows():
        if item["position"] == "higher":
            assert item["value"] > item["other_value"]
            assert item["lower_ci"] > 1, "what holds for all groups together holds for one"


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(100, 900)), min_size=2, max_size=12))
def test_funnel(parts):
    assume(sum(x for x, _ in parts) > 0)
    rows = areas(parts)
    assert not broken_laws(narrative.funnel(rows, I["cp_repeat_plans"]), rows, I["cp_repeat_plans"])
    table = tables.funnel(rows, I["cp_repeat_plans"])
    assert len(table.cells) == len(parts)
    assert "Area 1" in alternatives.funnel(rows, I["cp_repeat_plans"])


@given(st.lists(st.integers(1, 500), min_size=2, max_size=30))
def test_process(values):
    rows = months(values)
    assert not broken_laws(narrative.process(rows, I["cp_plan_number"]), rows, I["cp_plan_number"])


@given(st.integers(1, 99), st.integers(1, 99))
def test_sensitivity(value, other):
    rows = supposed(value, [("England", other)])
    assert not broken_laws(narrative.sensitivity(rows, I["cp_repeat_plans"]), rows, I["cp_repeat_plans"])


def test_every_kind_draws_what_its_table_shows():
    """The values in the picture are the values of the rows, read from the artists."""
    rows = areas([(27, 100), (60, 250), (30, 120)])
    drawn = {
        float(y) for line in charts.funnel(rows, I["cp_repeat_plans"]).axes[0].get_lines() for y in line.get_ydata()
    }
    assert set(rows["value"]) <= drawn
    points = months([52, 49, 50, 53, 48, 51, 50, 52, 49, 90])
    figure = charts.process(points, I["cp_plan_number"])
    assert list(points["value"]) in [list(line.get_ydata()) for line in figure.axes[0].get_lines()]
    assert [text.get_text() for text in figure.axes[0].texts] == ["90"], "only the point that signals is labelled"
    groups = users([("White British", 66, 62), ("Mixed", 18, 22)])
    shares, ratios = charts.representation(groups, I["advocacy_share"]).axes
    assert ratios.get_xscale() == "log"
    assert ratios.get_xlim()[0] < 1 < ratios.get_xlim()[1]
    assert [text.get_text() for text in shares.texts] == ["66%, 62%", "18%, 22%"]


def test_a_missing_neighbour_and_a_gap_are_no_crash():
    for say, draw in ((narrative.comparison, charts.comparison), (narrative.level, None)):
        rows = beside(row(value=float("nan"), status="suppressed"), [])
        assert "suppressed (c)" in " ".join(say(rows, I["cp_plan_rate"]))
        assert draw is None or draw(rows, I["cp_plan_rate"]) is None
