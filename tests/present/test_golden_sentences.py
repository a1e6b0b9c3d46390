"""Canonical sentences, read by eye and kept; each also obeys the laws of test_laws_of_words."""

import os
from pathlib import Path

import pytest
from cases import I, areas, beside, changed, gap, months, rate, row, series, share, supposed, users
from test_laws_of_words import broken_laws

from analysis.present import narrative
from analysis.present.formatting import plain

GOLDEN = Path(__file__).with_name("golden_sentences.txt")
NEIGHBOURS = ("statistical neighbours", 63, "2020-21")
OLDER = ("statistical neighbours", 11, "2019-20")
TARGET = ("target", 9, "2020-21")

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
    "sensitivity": (narrative.sensitivity, supposed(27, [("statistical neighbours", 24), ("the year before", 32)]), "cp_repeat_plans"),
}  # fmt: skip


def written():
    parts = []
    for name, (say, rows, indicator) in CASES.items():
        sentences = "\n".join(plain(text) for text in say(rows, I[indicator]))
        parts.append(f"## {name}\n{sentences}\n")
    return "\n".join(parts)


def test_the_sentences_are_those_that_were_read():
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(written(), encoding="utf-8")
    assert written() == GOLDEN.read_text(encoding="utf-8"), "read the new sentences, then run with WRITE_GOLDEN=1"


@pytest.mark.parametrize("name", list(CASES))
def test_a_canonical_sentence_obeys_the_laws(name):
    say, rows, indicator = CASES[name]
    assert not broken_laws(say(rows, I[indicator]), rows, I[indicator])
