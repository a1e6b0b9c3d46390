"""What a briefing reads of any indicator: declared, checked, and never taken for more than it is."""

import pytest

from analysis.errors import CatalogueError, UnknownNameError
from analysis.indicators import definitions
from analysis.indicators.briefed import (
    require_of_all_children,
    select_parts,
    select_read_with,
    select_same_population,
    select_tested,
    with_counts,
)
from analysis.indicators.definitions import load_indicators
from analysis.indicators.observations import load_figures
from analysis.indicators.selection import select_before, select_level
from analysis.sources.declared import load_declared
from analysis.sources.folders import data_folder
from analysis.statistics.rounding import add_implied_denominator

KNOWN = load_indicators()
HERE = {"area": "Nottingham", "year": "2020-21"}


@pytest.fixture(scope="module")
def figures():
    return load_figures()


def test_a_rate_is_beside_its_count(figures):
    rate = KNOWN["cp_plan_rate"]
    rows = with_counts(select_level(figures, rate, **HERE), figures, rate)
    assert rows["numerator"].tolist() == [616]
    assert "NCS21.006" in rows["cites"].iloc[0]


def test_the_change_of_a_rate_is_tested_on_its_count(figures):
    """89 per 10,000 has no rate of the year before beside it; the 616 children have 609."""
    rate = KNOWN["cp_plan_rate"]
    level = add_implied_denominator(with_counts(select_level(figures, rate, **HERE), figures, rate), multiplier=10_000)
    before = with_counts(select_before(level, figures), figures, rate)
    rows = select_tested(level, before.assign(denominator=float("nan")), figures, rate)
    assert (rows["value"].iloc[0], rows["other_value"].iloc[0]) == (616, 609)
    assert rows["assumption"].iloc[0].endswith("as unchanged")
    assert rate.tested.id == "cp_plan_number"


def test_nothing_is_implied_where_no_other_rate_is_declared(figures):
    share = KNOWN["cp_repeat_plans"]
    level = select_level(figures, share, **HERE)
    assert select_same_population(figures, share, level=level, **HERE)["value"].isna().all()
    other = select_same_population(figures, KNOWN["cla_rate"], level=level, **HERE)
    assert (other["value"].iloc[0], other["numerator"].iloc[0]) == (89, 616)


@pytest.mark.parametrize("indicator", KNOWN.values(), ids=list(KNOWN))
def test_every_indicator_can_be_read(figures, indicator):
    together = select_read_with(figures, indicator, **HERE)
    assert len(together) == max(1, len(indicator.read_with))
    assert len(select_parts(figures, indicator, **HERE)) >= len(indicator.parts)


def test_an_indicator_that_is_only_given_by_groups_is_refused_with_what_shows_it(figures):
    with pytest.raises(UnknownNameError, match=r"only given by groups \(Age group.*briefing of cla_number or cla_rate"):
        require_of_all_children(figures, KNOWN["cla_share"], area_code="E06000018")
    require_of_all_children(figures, KNOWN["cla_rate"], area_code="E06000018")
    require_of_all_children(figures, KNOWN["cla_share"], area_code="E06000047")


@pytest.mark.parametrize("changes", [{"read_with": ["cla_rat"]}, {"counted_in": "cla_rat"}])
def test_a_name_that_is_not_known_is_an_error(changes):
    path = data_folder() / "catalogue" / "indicators" / "cla_rate.yml"
    wrong = load_declared(path, definitions.Indicator).model_copy(update=changes)
    with pytest.raises(CatalogueError, match=r"cla_rate.yml: 'cla_rat' is no indicator or topic. Did you mean"):
        definitions._require_known_names(wrong, KNOWN)
