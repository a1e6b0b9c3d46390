"""The scorecard on a page: a word and a shape beside each colour, and no more than the rows support."""

import pytest

from analysis.indicators.councils import select_councils
from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_figures
from analysis.indicators.scorecard import select_scorecard, without_figure
from analysis.present import across, scorecards
from analysis.present.tabulating import SHAPES
from analysis.statistics.completion import complete
from analysis.statistics.scoring import RATINGS, add_chance, add_rating, add_travel

KNOWN = load_indicators()


@pytest.fixture(scope="module")
def figures():
    return load_figures()


def rows_of(figures, area, period):
    return add_chance(add_rating(add_travel(select_scorecard(figures, area=area, period=period))))


@pytest.fixture(scope="module")
def rows(figures):
    return rows_of(figures, "Nottingham", "2021-22-Q2")


def test_the_first_sentence_counts_and_names(rows):
    lead = scorecards.scorecard(rows, KNOWN).lead
    assert lead == (
        "Quarter 2 of 2021-22: 19 indicators of the scorecard have a figure for Nottingham. Of the 12 with a target, 5 on target, "
        "2 near target and 5 off target: children in care visited in time, fostered children in long-term placements, "
        "children in care with a health assessment, children in care with a dental check and young people with an "
        "up-to-date pathway plan (children in care)."
    )


def test_every_rating_has_a_word_and_a_shape_of_its_own(rows):
    page = scorecards.scorecard(rows, KNOWN).html()
    assert len(set(SHAPES.values())) == len(SHAPES) == 3
    for name, shape in SHAPES.items():
        assert name in RATINGS
        assert f'<span aria-hidden="true">{shape}</span> {name}</span>' in page


def test_chance_is_said_of_those_that_could_be_tested(rows):
    said = " ".join(scorecards.scorecard(rows, KNOWN).sentences)
    assert "Of the 4 changes since the quarter before that could be tested, none is more than chance." in said
    assert "because" not in said


def test_what_is_not_held_is_named(figures, rows):
    missing = without_figure(figures, area="Nottingham", period="2021-22-Q2")
    assert KNOWN["cp_repeat_plans"].name in scorecards.scorecard(rows, KNOWN, without=missing).sentences[-1]


def test_the_picture_has_every_percentage_in_its_words_and_its_table(rows):
    picture = scorecards.picture(rows, KNOWN)
    shown = [KNOWN[name].name for name in rows["indicator"] if KNOWN[name].is_percentage]
    assert picture.svg and picture.table
    assert len(picture.table.cells) == len(shown) == 15
    assert all(name in picture.alt for name in shown)


def test_the_rule_shows_how_far_each_is_short(rows):
    table = scorecards.rule(rows, KNOWN).table
    cells = {line[0]: line for line in table.cells}
    assert cells["Children in care visited in time"][1:] == ("higher", "95%", "5%", "12%")
    assert cells["Fostered children in long-term placements"][2] == "40% to 60%"


def test_without_targets_nothing_is_rated(figures):
    shown = scorecards.scorecard(rows_of(figures, "Peterborough", "2016-17"), KNOWN)
    assert "no target is held for any of them" in shown.lead
    assert "Rating" not in shown.table.headings


def test_nothing_held_is_one_sentence(figures):
    shown = scorecards.scorecard(rows_of(figures, "Derby", "2013-14"), KNOWN)
    assert shown.sentences == ("No figure of the scorecard is held for Derby in 2013-14.",)
    assert shown.table is None


def councils(figures, name, area, **kwargs):
    rows = select_councils(figures, KNOWN[name], area=area, **kwargs)
    return across.across(complete(rows, calculation="count", multiplier=1), KNOWN[name])


def test_councils_side_by_side(figures):
    shown = councils(figures, "iro_caseload", "Peterborough", topics=["Total", "Post"])
    assert shown.lead == (
        "Number of children for each independent reviewing officer of Peterborough: 60 to 67 at the end of 2017-18"
        "[[PIR18.054;PIR18.055]]."
    )
    assert (
        "Recommended is 50 to 70. Of the figures above 3 are within, 1 is above and 1 is below." in shown.sentences[-1]
    )
    assert "60 to 67" in shown.alt


def test_a_number_that_is_no_sample_needs_no_interval(figures):
    """Rows as they were selected show the same as rows whose interval was found to be none."""
    rows = select_councils(figures, KNOWN["alert_number"], area="Peterborough")
    shown = across.across(rows, KNOWN["alert_number"])
    assert shown.html() == councils(figures, "alert_number", "Peterborough").html()
    assert not any("interval" in heading for heading in shown.table.headings)


def test_an_interval_is_shown_where_counts_allow_one(figures):
    rows = select_councils(figures, KNOWN["review_timeliness"], area="Peterborough").assign(
        numerator=89, denominator=90
    )
    shown = across.across(complete(rows, calculation="proportion", multiplier=100), KNOWN["review_timeliness"])
    assert "95% interval" in shown.table.headings


def test_one_figure_is_said_and_not_drawn(figures):
    shown = councils(figures, "compliment_number", "Nottingham")
    assert not shown.svg
    assert len(shown.table.cells) == 1


def test_a_council_without_a_figure_is_told_so(figures):
    shown = councils(figures, "compliment_number", "Peterborough")
    assert shown.lead == f"No figure of the {KNOWN['compliment_number'].noun} is held for Peterborough."
