"""The register: what is known to be contradicted is found, nothing else is, and rounding is honoured."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.indicators.observations import load_figures
from analysis.indicators.reconciling.bases import _fits
from analysis.indicators.reconciling.checks import Between, exact, judge, rounded
from analysis.indicators.reconciling.register import RULES, reconcile
from analysis.present.formatting import half_up

#: Each contradiction that a reader of the documents finds: rule, some of its figures, what the arithmetic says, and size.
KNOWN = [
    ("repeat", "NCP21.059", "684 is not 687", ""),
    ("repeat", "NCP21.179", "656 is not 662", ""),
    ("repeat", "NCP21.309", "28 is not 29", ""),
    ("repeat", "PIR18.022", "35 is not 36", ""),
    ("repeat", "NCP21.207", "64 is not 69", ""),
    ("claim", "NCS21.003", "656 to 684 is 4.27%, the document says 4.2%", "in the last digit only"),
    ("hundred", "NCP21.085", "= 96.81, not 100; the same groups add up to 100 in another period", ""),
    ("share", "NCP21.220", "127 of 326 is 38.96%, printed is 40%", ""),
    ("total", "NCP21.180", "the 18 rows = 694, the total is 687", ""),
    ("total", "PIR18.028", "197 + 159 = 356, the total is 365", ""),
    ("total", "NCP21.177", "328 + 292 + 0 = 620, the total is 618", ""),
    ("whole_number", "NCP21.070", "no whole number of 687 or of 684 is 13.9%", "in the last digit only"),
    ("average", "NCS21.029", "684 shared among 9.5 is 72, printed is 69; 9.5 times 69 is 655.5", ""),
    ("repeat", "NIC12.024", "3.5 is not 2.5", ""),
    ("moment", "NCP21.281", "80 (Sep 2021) is not 83 (Q2 2021-22)", ""),
    ("profile", "NCP21.009", "360 of 694 (2020-21) is 51.9%, printed is 62%", ""),
    ("words", "PIR18.010", "74 is not above 75", ""),
    ("words", "PIR18.022", "35 is not above 37; 36 is not above 37", ""),
    ("words", "PIR18.058", "4 late of 1,045 leaves 99.6% in time, printed is 98.9%", ""),
    ("words", "NCP23.001", "724 stands under 2020-21", ""),
    ("words", "NCP21.018", "11 to 15, female (13) is number 4 of 4", ""),
    ("words", "NCP21.058", "25 of 72 is 34.7%, which is not more than half", ""),
    ("words", "NIC12.004", "729 is not above 796", ""),
    ("words", "NIC12.013", "the largest and the smallest are 17 apart", ""),
    ("words", "NCP21.259", "11 to 15 against 16 to 21", ""),
    ("words", "NCP21.019", "from 5 to 0", ""),
    ("words", "PIR18.019", "41.9, 37, 35: Children starting care per 10,000", ""),
    ("words", "NCS21.034", "the words say both “above” and “below”", ""),
    ("words", "PIR18.051", "the words say both “increased” and “reduced”", ""),
    ("words", "NIC12.015", "told as past is Dec 2012, the document is dated 25 October 2012", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def figures():
    return load_figures()


@pytest.fixture(scope="module")
def register(figures):
    return reconcile(figures)


@pytest.mark.parametrize(("rule", "figure", "says", "size"), KNOWN)
def test_what_is_known_is_found(register, rule, figure, says, size):
    rows = register[(register["rule"] == rule) & register["figures"].str.split(";").map(lambda names: figure in names)]
    found = rows[rows["verdict"] == "disagrees"]
    assert any(says in line for line in found["arithmetic"]), rows[["verdict", "arithmetic"]].to_string()
    assert size in set(found["size"])


def test_nothing_else_is_said_to_disagree(register):
    """The whole list, read against the documents by eye; a new disagreement is read there before it is added."""
    found = register[register["verdict"] == "disagrees"]
    known = (Path(__file__).parent / "disagreements.txt").read_text(encoding="utf-8").splitlines()
    told = [f"{row['check']}: {row['arithmetic']}" for _, row in found.iterrows()]
    assert told == [line for line in known if not line.startswith("#")]
    assert found["use"].str.len().min() > 20


def test_what_agrees_is_said_too(register):
    agrees = register[register["verdict"] == "agrees"]
    assert {"609 to 616 is 1.15%, the document says 1.1%", "684 to 724 is 5.85%, the document says 5.8%"} <= set(
        agrees["arithmetic"]
    )
    assert set(register["rule"]) == {rule.name for rule in RULES}


def test_every_check_has_the_words_of_its_figures(register, figures):
    quotes = figures.set_index("figure")["quote"]
    for _, row in register.iterrows():
        assert all(quotes[name] in row["quotes"] for name in row["figures"].split(";"))


def test_what_a_caveat_says_is_what_to_use(register):
    rows = register[register["arithmetic"] == "684 is not 687"]
    assert len(rows) == 2
    assert rows["use"].str.contains("684 is used here, as the later document repeats it").all()


def test_only_what_a_new_report_touches(figures, register):
    own = reconcile(figures, only="peterborough_iro_2018")
    assert 0 < len(own) < len(register)
    assert own["figures"].str.contains("PIR18.").all()


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_verdict(random):
    rows = load_figures()
    part = rows[rows["source"].str.startswith(("nottingham_scrutiny", "peterborough"))]
    order = list(part.index)
    random.shuffle(order)
    told = [
        sorted(zip(found["rule"], found["verdict"], strict=True))
        for found in (reconcile(part), reconcile(part.loc[order]))
    ]
    assert told[0] == told[1]


@given(st.floats(0.01, 1e5), st.integers(0, 3), st.integers(0, 3))
def test_one_number_printed_twice_never_disagrees(value, one, other):
    first, second = (rounded(float(half_up(value, decimals)), decimals) for decimals in (one, other))
    assert judge(first, second, decimals=min(one, other))[0] == "agrees"


@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(0, 2))
def test_a_share_that_was_counted_is_given_by_a_whole_number(count, base, decimals):
    count = min(count, base)
    said = rounded(float(half_up(100 * count / base, decimals)), decimals)
    found = _fits(said, Fraction(base))
    assert found is not None
    assert said.low <= 100 * found / base < said.high


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 2))
def test_a_change_that_was_worked_out_agrees(now, before, decimals):
    change = Fraction(100 * (now - before), before)
    if abs(change) < 10**6:
        said = rounded(float(half_up(float(change), decimals)), decimals)
        verdict, _ = judge(Between(change, change), said, decimals=decimals)
        # A half is printed up, away from nought: below nought that is the other end of what rounds to it.
        assert verdict == "agrees" or change == said.high


def test_counts_are_not_rounded():
    assert judge(exact(684), exact(687), decimals=0) == ("disagrees", "")
    assert judge(exact(684), exact(684), decimals=0) == ("agrees", "")


def changed(figures, **values):
    return figures.assign(**{name: figures["figure"].map(new).fillna(figures[name]) for name, new in values.items()})


def test_a_change_from_nought_and_a_missing_part_cannot_be_decided(figures):
    nought = reconcile(changed(figures, value={"NCS21.002": 0.0}))
    row = nought[nought["figures"].str.startswith("NCS21.003")].iloc[0]
    assert (row["verdict"], row["arithmetic"]) == ("cannot be decided", "a change from nought is no percentage")
    rows = figures.copy()
    rows.loc[rows["figure"] == "NCP21.090", "value"] = float("nan")
    table = reconcile(rows)
    row = table[table["figures"].str.startswith("NCP21.090;")].iloc[0]
    assert (row["verdict"], row["arithmetic"]) == ("cannot be decided", "a part, or the total, has no number")
