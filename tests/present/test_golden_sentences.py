"""Canonical sentences, read by eye and kept; each also obeys the laws of test_laws_of_words."""

import os
from pathlib import Path

import pytest
from cases import (
    I,
    areas,
    beside,
    changed,
    choices,
    gap,
    months,
    ranked,
    ranked_shares,
    rate,
    row,
    series,
    share,
    supposed,
    two_releases,
    two_sources,
    users,
)
from test_laws_of_words import broken_laws

from analysis.present import narrative
from analysis.present.formatting import plain

GOLDEN = Path(__file__).with_name("golden_sentences.txt")
NEIGHBOURS = ("statistical neighbours", 63, "2020-21")
OLDER = ("statistical neighbours", 11, "2019-20")
TARGET = ("target", 9, "2020-21")
BY_MODEL = ("statistical neighbours (2025 model, median)", 63, "2020-21")
CHOSEN = ("own group (median)", 80, "2020-21")
TEN = [(100 + 12 * at, 20_000) for at in range(10)]
NAN = float("nan")
WORKED_OUT = "Worked out here from the cells quoted, and the population of ONS, 2024: the release does not print it"


def around(rows, members, held):
    """Rows beside comparators, with how many members had data."""
    return rows.assign(benchmark_members=members, benchmark_with_data=held)


def a_rate(value, base=69_213):
    return rate(value, base, precision=0, indicator="cla_rate")


ALL_ABOVE = [("2025", "median", 84, 10, 10), ("2025", "mean", 86, 10, 10), ("2025", "pooled", 85, 10, 10),
             ("2021", "median", 88, 10, 9), ("2021", "mean", 92, 10, 9), ("2021", "pooled", 90, 10, 8)]  # fmt: skip
FLIPPING = [("2025", "median", 104, 10, 10), ("2021", "median", 80, 10, 10)]

CASES = {
    "level, large": (narrative.level, rate(616, 69_213), "cp_plan_rate"),
    "level, tiny": (narrative.level, rate(3, 1_200), "cp_plan_rate"),
    "level, none at all": (narrative.level, rate(0, 1_200), "cp_plan_rate"),
    "level, no interval": (narrative.level, row(value=89), "cp_plan_rate"),
    "level, two values printed": (narrative.level, row("cla_number", 684, also_printed="687 (NCP21.059)"), "cla_number"),
    "level, not held": (narrative.level, gap(), "cp_plan_rate"),
    "level, suppressed": (narrative.level, gap(status="suppressed"), "cp_plan_rate"),
    "level, worked out": (narrative.level, rate(684, 69_213, status="worked_out"), "cla_rate"),
    "level, another year": (narrative.level, row(value=89, period="2018-19"), "cp_plan_rate"),
    "comparison, higher": (narrative.comparison, beside(rate(616, 69_213), [NEIGHBOURS]), "cp_plan_rate"),
    "comparison, within chance": (narrative.comparison, beside(rate(30, 4_500), [NEIGHBOURS]), "cp_plan_rate"),
    "comparison, lower, by polarity": (
        narrative.comparison, beside(share(46, 700), [OLDER, TARGET]), "cla_three_placements",
    ),
    "comparison, no interval": (narrative.comparison, beside(row("cp_repeat_plans", 27), [("England", 22, "2020-21")]), "cp_repeat_plans"),
    "comparison, too close to tell": (narrative.comparison, beside(row("cp_repeat_plans", 24, precision=0), [("England", 24, "2020-21")]), "cp_repeat_plans"),
    "comparison, nobody to compare with": (narrative.comparison, beside(rate(616, 69_213), []), "cp_plan_rate"),
    "change, within chance": (narrative.change, changed(616, 609), "cp_plan_number"),
    "change, beyond chance": (narrative.change, changed(812, 702), "cla_number"),
    "change, tiny numbers": (narrative.change, changed(9, 5, population=5_000), "cp_plan_number"),
    "change, none": (narrative.change, changed(609, 609), "cp_plan_number"),
    "change, no test": (narrative.change, changed(27, 32, indicator="cp_repeat_plans"), "cp_repeat_plans"),
    "change, across a break": (narrative.change, changed(64, 68, indicator="cla_same_placement"), "cla_same_placement"),
    "trend, rising": (narrative.trend, series([620, 618, 629, 656, 684, 724]), "cla_number"),
    "trend, falling": (narrative.trend, series([724, 690, 660, 640, 600, 570]), "cla_number"),
    "trend, no clear change": (narrative.trend, series([61, 58, 66, 59, 63]), "cla_number"),
    "trend, too few": (narrative.trend, series([656, 684]), "cla_number"),
    "trend, one figure": (narrative.trend, series([684]), "cla_number"),
    "trend, no counts": (narrative.trend, series([68, 64, 72], indicator="cp_repeat_plans", tested=False), "cp_repeat_plans"),
    "representation, within chance": (
        narrative.representation, users([("White British", 66, 62), ("Mixed", 18, 22)]), "advocacy_share",
    ),
    "representation, beyond chance": (
        narrative.representation, users([("White British", 80, 52), ("Mixed", 5, 21)]), "advocacy_share",
    ),
    "representation, not held": (narrative.representation, gap("advocacy_share").assign(other_value=float("nan")), "advocacy_share"),
    "funnel, within": (narrative.funnel, areas([(27, 100), (60, 250), (30, 120)]), "cp_repeat_plans"),
    "funnel, above": (narrative.funnel, areas([(60, 100), (60, 250), (30, 120)]), "cp_repeat_plans"),
    "process, usual": (narrative.process, months([52, 49, 50, 53, 48, 51, 50, 52, 49, 51]), "cp_plan_number"),
    "process, a signal": (narrative.process, months([52, 49, 50, 53, 48, 51, 50, 52, 49, 90]), "cp_plan_number"),
    "trend, a hidden year": (
        narrative.trend,
        series([620, 618, NAN, 656, 684, 724], tested=False).assign(status=["reported"] * 2 + ["suppressed"] + ["reported"] * 3),
        "cla_number",
    ),
    "level, worked out, with a note": (
        narrative.level, rate(684, 69_213, status="worked_out", note=WORKED_OUT, indicator="cla_rate"), "cla_rate",
    ),
    "comparison, neighbours by model and group chosen": (
        narrative.comparison, around(beside(rate(616, 69_213), [BY_MODEL, CHOSEN]), [10, 3], [9, 3]), "cp_plan_rate",
    ),
    "comparison, a neighbour without figure": (
        narrative.comparison, beside(rate(616, 69_213), [NEIGHBOURS, ("England", NAN, "2020-21")]), "cp_plan_rate",
    ),
    "sensitivity, neighbours by model": (
        narrative.sensitivity, supposed(27, [("statistical neighbours (2025 model, median)", 24)]), "cp_repeat_plans",
    ),
    "funnel, held against England": (
        narrative.funnel, areas([(27, 100), (60, 250), (30, 120)]).assign(baseline_name="England"), "cp_repeat_plans",
    ),
    "funnel, with the usual differences": (
        narrative.funnel, areas([(27, 100), (60, 250), (30, 120)]).assign(tau2=0.01), "cp_repeat_plans",
    ),
    "funnel, above, with the usual differences": (
        narrative.funnel, areas([(60, 100), (60, 250), (30, 120)]).assign(tau2=0.01), "cp_repeat_plans",
    ),
    "funnel, no counts": (
        narrative.funnel, areas([(27, 100), (60, 250)]).assign(funnel_position=[None, "within limits"]), "cp_repeat_plans",
    ),
    "funnel, not among them": (narrative.funnel, areas([(27, 100), (60, 250)], own=5), "cp_repeat_plans"),
    "rank, not among them": (narrative.rank, ranked(TEN, own=50), "cla_rate"),
    "rank, in the middle": (narrative.rank, ranked(TEN, own=4, missing=["suppressed", "not_available"]), "cla_rate"),
    "rank, first": (narrative.rank, ranked([(900, 20_000), *TEN]), "cla_rate"),
    "rank, last, shared": (narrative.rank, ranked([(50, 20_000), *TEN, (50, 20_000)]), "cla_rate"),
    "rank, shared": (narrative.rank, ranked([TEN[4], *TEN]), "cla_rate"),
    "rank, lower is better": (narrative.rank, ranked_shares([(27, 100), (10, 100), (60, 100), (5, 200)]), "cp_repeat_plans"),
    "rank, little told": (narrative.rank, ranked([(20, 2_000), (22, 2_000), (300, 20_000), (25, 2_000), (21, 2_000)]), "cla_rate"),
    "rank, nothing told": (narrative.rank, ranked([(20, 2_000), (22, 2_000), (24, 2_000)], missing=["suppressed"]), "cla_rate"),
    "rank, all the same": (narrative.rank, ranked([(20, 2_000)] * 3), "cla_rate"),
    "rank, no interval": (
        narrative.rank,
        ranked(TEN, own=2).assign(lower_ci=NAN, upper_ci=NAN, rank_lower=NAN, rank_upper=NAN),
        "cla_rate",
    ),
    "rank, only one": (narrative.rank, ranked([(20, 2_000)], missing=["suppressed", "suppressed"]), "cla_rate"),
    "rank, none of its own": (narrative.rank, ranked(TEN, own=10, missing=["suppressed"]), "cla_rate"),
    "choice, all above": (narrative.choice, choices(a_rate(684), ALL_ABOVE), "cla_rate"),
    "choice, all below": (narrative.choice, choices(a_rate(500), ALL_ABOVE[:3]), "cla_rate"),
    "choice, two lists": (narrative.choice, choices(a_rate(684), [*FLIPPING[1:], ("own group", "median", 84, 3, 3)]), "cla_rate"),
    "choice, depends": (narrative.choice, choices(a_rate(640), FLIPPING), "cla_rate"),
    "choice, depends, of many": (
        narrative.choice, choices(row("cla_rate", 88), [*ALL_ABOVE, ("own group", "median", 60, 3, 3)]), "cla_rate",
    ),
    "choice, above or the same": (
        narrative.choice,
        choices(row("cla_three_placements", 12), [("2025", "median", 9, 10, 10), ("2025", "mean", 12, 10, 10)]),
        "cla_three_placements",
    ),
    "choice, all the same": (
        narrative.choice,
        choices(row("cla_three_placements", 12), [("2025", "median", 12, 10, 10), ("2021", "median", 12, 10, 10)]),
        "cla_three_placements",
    ),
    "choice, one of them": (narrative.choice, choices(row("cla_rate", 88), FLIPPING[:1]), "cla_rate"),
    "choice, not every combination": (narrative.choice, choices(a_rate(684), ALL_ABOVE[:4]), "cla_rate"),
    "choice, no list, no data": (
        narrative.choice,
        choices(row("cla_rate", 88), [*FLIPPING[:1], ("2021", "median", NAN, NAN, NAN), ("own group", "mean", NAN, 3, 0)]),
        "cla_rate",
    ),
    "choice, nobody": (narrative.choice, choices(row("cla_rate", 88), [("2025", "median", NAN, 10, 0)]), "cla_rate"),
    "choice, none of its own": (narrative.choice, choices(gap("cla_rate", "suppressed"), FLIPPING), "cla_rate"),
    "beside, some differ": (narrative.beside, two_sources([(616, 598), (684, 684), (12, 13)]), "all"),
    "beside, all the same": (narrative.beside, two_sources([(616, 616), (684, 684)]), "all"),
    "beside, of groups": (
        narrative.beside,
        two_sources([(20.2, 23), (62, 62)], indicator="cla_share", precisions=(1, 0)).assign(
            breakdown_topic="Ethnicity", breakdown=["Mixed", "White British"]
        ),
        "all",
    ),
    "beside, one": (narrative.beside, two_sources([(616, 598)]), "all"),
    "beside, none in common": (narrative.beside, two_sources([(616, NAN)]), "all"),
    "beside, percentages": (
        narrative.beside, two_sources([(27, 27.3), (24, 25.5), (23, 22)], indicator="cp_repeat_plans", precisions=(0, 1)), "all",
    ),
    "beside, one of them worked out, one hidden": (
        narrative.beside,
        two_sources([(98.8, 97.1), (88.1, NAN)], indicator="cp_plan_rate", precisions=(1, 1)).assign(other_status="worked_out"),
        "all",
    ),
    "revision, some changed": (narrative.revision, two_releases([(125, 101), (110, 110), (90, 91), (70, 70)]), "all"),
    "revision, none changed": (narrative.revision, two_releases([(125, 125), (110, 110)]), "all"),
    "revision, all changed": (narrative.revision, two_releases([(125, 124), (110, 100)]), "all"),
    "revision, one changed": (narrative.revision, two_releases([(125, 124), (110, 110)]), "all"),
    "revision, one in common": (narrative.revision, two_releases([(125, 125)]), "all"),
    "revision, nothing in common": (narrative.revision, two_releases([(125, "not_held"), ("not_held", 7)]), "all"),
    "revision, hidden and shown": (
        narrative.revision,
        two_releases([("suppressed", 12), (14, "suppressed"), ("not_available", "suppressed"), ("not_held", 9), (8, 8)]),
        "all",
    ),
    "sensitivity": (narrative.sensitivity, supposed(27, [("statistical neighbours", 24), ("the year before", 32)]), "cp_repeat_plans"),
}  # fmt: skip


def about(indicator):
    """The definition that a sentence is about; all of them where it is about several."""
    return I if indicator == "all" else I[indicator]


def written():
    parts = []
    for name, (say, rows, indicator) in CASES.items():
        sentences = "\n".join(plain(text) for text in say(rows, about(indicator)))
        parts.append(f"## {name}\n{sentences}\n")
    return "\n".join(parts)


def test_the_sentences_are_those_that_were_read():
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(written(), encoding="utf-8")
    assert written() == GOLDEN.read_text(encoding="utf-8"), "read the new sentences, then run with WRITE_GOLDEN=1"


@pytest.mark.parametrize("name", list(CASES))
def test_a_canonical_sentence_obeys_the_laws(name):
    say, rows, indicator = CASES[name]
    assert not broken_laws(say(rows, about(indicator)), rows, about(indicator))
