"""Where the sources disagree, in words: each disagreement with its quotes, its arithmetic and what to use."""

import re
from typing import get_args

import pytest

from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_figures
from analysis.indicators.reconciling.register import RULES, reconcile, select_register
from analysis.present import registers
from analysis.report.plain_words import check_words
from analysis.vocabulary import Subject

KNOWN = load_indicators()


@pytest.fixture(scope="module")
def figures():
    return load_figures()


@pytest.fixture(scope="module")
def register(figures):
    return reconcile(figures)


@pytest.fixture(params=["Nottingham", "Peterborough", "Nottinghamshire", "Leeds"])
def own(request, register):
    return request.param, select_register(register, area=request.param)


def test_every_rule_is_said_in_words():
    assert {rule.name for rule in RULES} == set(registers._SAYS)


def test_the_checks_are_counted(own):
    area, rows = own
    said = registers.summary(rows, area=area)
    if rows.empty:
        assert "nothing can be held against each other" in said.lead
    else:
        assert str(len(rows)) in said.lead
        assert sum(int(cell) for cells in said.table.cells for cell in cells[1:]) == len(rows)


def test_each_disagreement_stands_with_its_words(own, figures):
    _, rows = own
    quotes = figures.set_index("figure")["quote"].to_dict()
    shown = registers.disagreements(rows, KNOWN, quotes)
    found = rows[rows["verdict"] == "disagrees"]
    # The same contradiction in several places is said once; the table has every place.
    count = len(found.drop_duplicates(["rule", "indicator", "period", "arithmetic", "claim"]))
    assert len(re.findall("<h4>", shown.html())) == count
    assert shown.table is None or len(shown.table.cells) == len(found)
    assert shown.html().count("What to use.") == count
    assert check_words(shown.html()) == []
    assert set(shown.cites) == {
        name for names in rows.loc[rows["verdict"] == "disagrees", "figures"] for name in names.split(";")
    }


def test_what_is_judged_says_how_it_was_read(own, figures):
    _, rows = own
    shown = registers.disagreements(rows, KNOWN, figures.set_index("figure")["quote"].to_dict())
    judged = rows[(rows["verdict"] == "disagrees") & (rows["judged"] == "yes")]
    assert shown.html().count("<strong>Judged.</strong>") == len(
        judged.drop_duplicates(["rule", "arithmetic", "claim", "period"])
    )
    assert (judged["assumes"].str.len() > 20).all()


def test_subjects_come_in_their_order(register, figures):
    rows = select_register(register, area="Nottingham")
    quotes = figures.set_index("figure")["quote"].to_dict()
    heads = re.findall("<h3>(.*?)</h3>", registers.disagreements(rows, KNOWN, quotes).html())
    assert heads == [name for name in get_args(Subject) if name in heads]


def test_what_could_not_be_decided_says_why(own):
    _, rows = own
    shown = registers.undecided(rows, KNOWN)
    if (rows["verdict"] == "cannot be decided").any():
        assert all(cells[2] for cells in shown.table.cells)
    else:
        assert shown.lead == "Every check could be decided."


def test_an_area_has_its_own_checks_and_those_of_its_neighbours(register):
    for area in ("Nottingham", "Nottinghamshire"):
        rows = select_register(register, area=area)
        assert set(rows["area"]) <= {area, f"Statistical neighbours of {area}"}


def test_words_that_contradict_themselves_are_not_laid_to_the_numbers(register, figures):
    quotes = figures.set_index("figure")["quote"].to_dict()
    shown = str(registers.disagreements(select_register(register, area="Nottingham"), KNOWN, quotes))
    assert "The words contradict themselves: the words say both “above” and “below”." in shown
    assert "The words contradict themselves: from 5 to 0." in shown
    assert "The numbers do not bear out the words: 25 of 72" in shown
