"""Rules of words: each says what a reader would, is turned round by turning the numbers round, and never guesses."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.indicators.reconciling import words
from analysis.indicators.reconciling.words import check_words
from analysis.sources.claims import Claim


def row(figure, value, *, indicator="cla_number", period="2020-21", group="Total", precision=0, kind="observed"):
    return {
        "figure": figure, "indicator": indicator, "area_code": "E06000018", "area_name": "Nottingham", "period": period,
        "breakdown_topic": "Total" if group == "Total" else "Age group and gender", "breakdown": group, "value": value,
        "value_type": kind, "precision": precision, "source": "nottingham_scrutiny_2021_05", "locator": "x",
        "release": "2021-05-27", "quote": "q",
    }  # fmt: skip


def verdict(monkeypatch, rows, **claim):
    claim = {"locator": "x", "quote": "y", "assumes": "z", **claim}
    monkeypatch.setattr(words, "load_claims", lambda: {"NCS21.C99": Claim(**claim)})
    (found,) = check_words(pd.DataFrame(rows))
    return found.verdict


@pytest.fixture
def judged(monkeypatch):
    return lambda rows, **claim: verdict(monkeypatch, rows, **claim)


PAIR = {"of": ["NCS21.901"], "than": ["NCS21.902"]}


@pytest.mark.parametrize(
    ("now", "before", "higher", "lower"),
    [(12, 10, "agrees", "disagrees"), (10, 12, "disagrees", "agrees"), (10, 10, "disagrees", "disagrees")],
)
def test_higher_and_lower(judged, now, before, higher, lower):
    rows = [row("NCS21.901", now), row("NCS21.902", before)]
    assert judged(rows, says="higher", **PAIR) == higher
    assert judged(rows, says="lower", **PAIR) == lower


def test_what_rounding_hides_is_not_decided(judged):
    rows = [
        row("NCS21.901", 89.3, indicator="review_timeliness", precision=1),
        row("NCS21.902", 89, indicator="review_timeliness"),
    ]
    assert judged(rows, says="higher", **PAIR) == "cannot be decided"
    # A target is set and not rounded: 89.3 is above it.
    rows[1]["value_type"] = "target"
    assert judged(rows, says="higher", **PAIR) == "agrees"


def test_a_missing_number_is_not_decided(judged):
    rows = [row("NCS21.901", None), row("NCS21.902", 10)]
    assert judged(rows, says="higher", **PAIR) == "cannot be decided"


@pytest.mark.parametrize(("values", "found"), [((37, 23, 31, 20), "disagrees"), ((100, 81, 95, 90), "agrees")])
def test_stable(judged, values, found):
    rows = [row(f"NCS21.90{at}", value) for at, value in enumerate(values)]
    assert judged(rows, says="stable", of=[item["figure"] for item in rows]) == found


@pytest.mark.parametrize(("part", "all_", "found"), [(25, 72, "disagrees"), (36, 72, "disagrees"), (37, 72, "agrees"), (0, 0, "cannot be decided")])  # fmt: skip
def test_a_majority_is_more_than_half(judged, part, all_, found):
    assert judged([row("NCS21.901", part), row("NCS21.902", all_)], says="majority", **PAIR) == found


@pytest.mark.parametrize(("rank", "found"), [(3, "disagrees"), (4, "agrees")])
def test_ranks(judged, rank, found):
    groups = ["16 and over, female", "16 and over, male", "11 to 15, male", "11 to 15, female"]
    rows = [row(f"NCS21.90{at}", value, group=group, indicator="advocacy_share")
            for at, (group, value) in enumerate(zip(groups, (22, 14, 18, 13), strict=True))]  # fmt: skip
    names = [item["figure"] for item in rows]
    assert judged(rows, says="ranked", of=names[3:], than=names[:3], numbers=[rank]) == found


@pytest.mark.parametrize(("value", "found"), [(50, "agrees"), (70, "agrees"), (71, "disagrees"), (49, "disagrees")])
def test_limits_belong_to_what_is_within_them(judged, value, found):
    assert judged([row("NCS21.901", value)], says="within", of=["NCS21.901"], numbers=[50, 70]) == found


@pytest.mark.parametrize(("late", "found"), [(4, "disagrees"), (11, "agrees"), (12, "agrees"), (13, "disagrees")])
def test_how_many_are_late_of_98_9_percent(judged, late, found):
    rows = [row("NCS21.901", 98.9, indicator="review_timeliness", precision=1), row("NCS21.902", 1045)]
    assert judged(rows, says="late_of", numbers=[late], **PAIR) == found


@pytest.mark.parametrize(("when", "found"), [("2021-05", "agrees"), ("2021-06", "disagrees"), ("2020-12", "agrees")])
def test_what_is_told_as_past_is_before_the_document(judged, when, found):
    rows = [row("NCS21.901", 1)]
    assert judged(rows, says="has_happened", of=["NCS21.901"], when=f"{when}/{when}") == found


@pytest.mark.parametrize(("other", "found"), [(724, "agrees"), (684, "disagrees"), (None, "cannot be decided")])
def test_a_label_is_held_against_what_others_give_for_it(judged, other, found):
    rows = [row("NCS21.901", 724, period="2021-22"), row("NCS21.902", other)]
    assert judged(rows, says="labelled", of=["NCS21.901"], when="2020-21") == found


def test_a_claim_of_figures_that_are_not_there_is_left_out(monkeypatch):
    claim = Claim(says="no_figure", of=["NCS21.999"], locator="x", quote="y", assumes="z")
    monkeypatch.setattr(words, "load_claims", lambda: {"NCS21.C99": claim})
    assert list(check_words(pd.DataFrame([row("NCS21.901", 1)]))) == []


@given(st.lists(st.integers(1, 500), min_size=2, max_size=5))
def test_higher_is_lower_seen_from_the_other_side(values):
    with pytest.MonkeyPatch.context() as patch:
        rows = [row(f"NCS21.90{at}", value) for at, value in enumerate(values)]
        names = [item["figure"] for item in rows]
        one = verdict(patch, rows, says="higher", of=names[:1], than=names[1:])
        other = verdict(patch, rows, says="lower", of=names[1:], than=names[:1])
        assert one == other == ("agrees" if values[0] > max(values[1:]) else "disagrees")


@pytest.mark.parametrize(
    ("says", "when", "beside_when", "found"),
    [
        ("same_time", "2018-03/2018-03", "2018-05/2018-05", "disagrees"),
        ("same_time", "2017-18", "2018-03/2018-03", "agrees"),
        ("done", "2012-06/2012-08", "2012-10-25", "disagrees"),
        ("done", "2012-10-25", "2012-06/2012-08", "agrees"),
        ("known_by", "2011-04/2011-04", "2012-03/2012-03", "disagrees"),
        ("known_by", "2012-04/2012-04", "2012-03/2012-03", "agrees"),
    ],
)
def test_two_dates(judged, says, when, beside_when, found):
    claim = {"of": ["NCS21.901"], "when": when, "beside": "b", "beside_when": beside_when}
    assert judged([row("NCS21.901", 1)], says=says, **claim) == found


@pytest.mark.parametrize(("other", "found"), [(72, "disagrees"), (70, "agrees"), (50, "agrees")])
def test_both_on_one_side_of_a_limit(judged, other, found):
    rows = [row("NCS21.901", 69), row("NCS21.902", other)]
    assert judged(rows, says="same_side", numbers=[70], **PAIR) == found


@pytest.mark.parametrize(
    ("ages", "found"),
    [((11, 15, 16, 21), "disagrees"), ((22, 25, 16, 21), "disagrees"), ((11, 16, 16, 21), "agrees"), ((17, 18, 16, 21), "agrees")],
)  # fmt: skip
def test_two_ranges_of_one_group_have_an_age_in_common(judged, ages, found):
    claim = {"says": "overlap", "of": ["NCS21.901"], "beside": "b"}
    assert judged([row("NCS21.901", 293)], numbers=ages, **claim) == found
    # Which of the two is told first does not matter.
    assert judged([row("NCS21.901", 293)], numbers=[*ages[2:], *ages[:2]], **claim) == found


@pytest.mark.parametrize(("listed", "found"), [(14, "disagrees"), (15, "agrees")])
def test_as_many_as_the_words_say_are_listed(judged, listed, found):
    rows = [row(f"NCS21.9{at:02d}", 5) for at in range(listed)]
    assert judged(rows, says="listed", of=[item["figure"] for item in rows], numbers=[15]) == found


@pytest.mark.parametrize(("alike", "found"), [(12, "disagrees"), (8, "agrees")])
def test_more_than_half_of_one_kind_is_a_theme(judged, alike, found):
    rows = [row(f"NCS21.9{at:02d}", 5) for at in range(16)]
    names = [item["figure"] for item in rows]
    assert judged(rows, says="no_theme", of=names[:alike], than=names[alike:]) == found


def test_two_tables_that_count_the_same_are_shown_as_sums(monkeypatch):
    claim = Claim(
        says="differ_by",
        of=["NCS21.901", "NCS21.902"],
        than=["NCS21.903"],
        numbers=[0],
        locator="x",
        quote="y",
        assumes="z",
    )
    monkeypatch.setattr(words, "load_claims", lambda: {"NCS21.C99": claim})
    (found,) = check_words(pd.DataFrame([row("NCS21.901", 26), row("NCS21.902", 9), row("NCS21.903", 34)]))
    assert (found.verdict, found.arithmetic) == ("disagrees", "26 + 9 = 35 against 34")


@pytest.mark.parametrize(("ages", "found"), [((5, 0), "disagrees"), ((5, 10), "agrees"), ((5, 5), "agrees")])
def test_a_range_runs_up(judged, ages, found):
    assert judged([row("NCS21.901", 1)], says="runs_up", of=["NCS21.901"], numbers=list(ages)) == found


@pytest.mark.parametrize(
    ("indicator", "found"),
    [("cla_number", "agrees"), ("cla_rate", "disagrees"), ("review_timeliness", "disagrees")],
)
def test_a_rate_is_no_number_of_children(judged, indicator, found):
    assert judged([row("NCS21.901", 35, indicator=indicator)], says="numbers", of=["NCS21.901"]) == found


def test_words_that_exclude_each_other_are_never_borne_out(judged):
    claim = {"of": ["NCS21.901"], "quote": "is above/below our target", "words": ["above", "below"]}
    assert judged([row("NCS21.901", 95)], says="both_ways", **claim) == "disagrees"
