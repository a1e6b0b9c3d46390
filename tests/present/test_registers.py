"""Where the sources disagree, in words: each disagreement with its quotes, its arithmetic and what to use."""

import re

import pytest

from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_figures
from analysis.indicators.reconciling.register import RULES, reconcile, select_register
from analysis.present import registers
from analysis.report.plain_words import check_words

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
    count = int((rows["verdict"] == "disagrees").sum())
    assert len(re.findall("<h3>", shown.html())) == count
    assert shown.html().count("What to use.") == count
    assert check_words(shown.html()) == []
    assert set(shown.cites) == {
        name for names in rows.loc[rows["verdict"] == "disagrees", "figures"] for name in names.split(";")
    }


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
