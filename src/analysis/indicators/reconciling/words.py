"""Claims in words against the figures that they speak of. Every verdict here is judged: it rests on how the words are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.indicators.reconciling.checks import Between, Check, Verdict, as_printed, exact, printed, show
from analysis.periods import Period, parse_period
from analysis.sources.catalogue import load_breakdowns
from analysis.sources.cited import published_of
from analysis.sources.claims import Claim, load_claims
from analysis.vocabulary import MEASURE

RULE = "words"
#: "About the same": within a percentage point, or a tenth of the larger number.
NEAR_POINTS, NEAR_SHARE = Fraction(1), Fraction(1, 10)
#: "Stable": the largest and the smallest within five percentage points, or a fifth of the larger number.
STABLE_POINTS, STABLE_SHARE = Fraction(5), Fraction(1, 5)

_Found = tuple[Verdict, str]


def check_words(figures: pd.DataFrame) -> Iterator[Check]:
    """Hold each transcribed claim in words against its figures; claims of figures that are not given are left out."""
    rows = {str(row["figure"]): row for _, row in figures.iterrows()}
    for name, claim in load_claims().items():
        if all(figure in rows for figure in claim.figures):
            yield _held_against(name, claim, rows, figures)


def _held_against(name: str, claim: Claim, rows: Mapping[str, pd.Series], figures: pd.DataFrame) -> Check:
    of, than = [rows[figure] for figure in claim.of], [rows[figure] for figure in claim.than]
    first = of[0]
    if any(pd.isna(row["value"]) for row in (*of, *than)):
        found: _Found = ("cannot be decided", "a figure that it speaks of has no number")
    elif claim.says == "labelled":
        found = _labelled(claim, first, figures)
    else:
        found = _RULES[claim.says](claim, of, than)
    return Check(
        RULE, found[0], claim.figures, found[1], first["area_name"], first["indicator"], first["period"],
        use=claim.use, claim=name, assumes=claim.assumes,
    )  # fmt: skip


def _range_of(row: pd.Series) -> Between:
    if row["value_type"] == "target":
        # A target is set, not measured: it is what is printed and nothing else.
        return exact(row["value"])
    return printed(row, is_count=load_indicators()[row["indicator"]].calculation == "count")


def _shown(row: pd.Series) -> str:
    return show(row["value"], int(row["precision"]))


def _all_shown(rows: Sequence[pd.Series]) -> str:
    return ", ".join(_shown(row) for row in rows)


def _is_above(one: Between, other: Between) -> bool:
    return one.low >= other.high and (one.low, one.high) != (other.low, other.high)


def _ordered(of: Sequence[pd.Series], than: Sequence[pd.Series], *, higher: bool) -> _Found:
    word = "above" if higher else "below"
    wrong: list[str] = []
    unsure: list[str] = []
    for one in of:
        for other in than:
            high, low = (one, other) if higher else (other, one)
            if _is_above(_range_of(high), _range_of(low)):
                continue
            is_rounding = _range_of(one).meets(_range_of(other)) and one["value"] != other["value"]
            (unsure if is_rounding else wrong).append(f"{_shown(one)} is not {word} {_shown(other)}")
    if wrong:
        return "disagrees", "; ".join(dict.fromkeys(wrong))
    if unsure:
        return "cannot be decided", f"{_all_shown(of)} and {_all_shown(than)} may be the same before rounding"
    return "agrees", f"{_all_shown(of)} is {word} {_all_shown(than)}"


def _higher(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    return _ordered(of, than, higher=True)


def _lower(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    return _ordered(of, than, higher=False)


def _same(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    differ = [f"{_shown(a)} is not {_shown(b)}" for a in of for b in than if not _range_of(a).meets(_range_of(b))]
    return ("disagrees", "; ".join(differ)) if differ else ("agrees", f"{_all_shown(of)} is {_all_shown(than)}")


def _spread(rows: Sequence[pd.Series]) -> tuple[Fraction, Fraction]:
    values = [as_printed(row["value"]) for row in rows]
    return max(values) - min(values), max(values)


def _close(rows: Sequence[pd.Series], points: Fraction, share: Fraction) -> bool:
    apart, largest = _spread(rows)
    is_percent = load_indicators()[rows[0]["indicator"]].is_percentage
    return apart <= points if is_percent else apart <= share * largest


def _about_the_same(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    line = f"{_all_shown(of)} against {_all_shown(than)}"
    is_close = all(_close([one, other], NEAR_POINTS, NEAR_SHARE) for one in of for other in than)
    return ("agrees", line) if is_close else ("disagrees", f"{line} is not about the same")


def _stable(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    rows = [*of, *than]
    apart, _ = _spread(rows)
    line = f"{_all_shown(rows)}: the largest and the smallest are {show(apart)} apart"
    return ("agrees" if _close(rows, STABLE_POINTS, STABLE_SHARE) else "disagrees"), line


def _majority(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    part = sum((as_printed(row["value"]) for row in of), Fraction(0))
    if load_indicators()[of[0]["indicator"]].is_percentage and not than:
        line = f"{show(part)}%"
        share = part / 100
    elif len(than) == 1 and than[0]["value"] > 0:
        share = part / as_printed(than[0]["value"])
        line = f"{show(part)} of {_shown(than[0])} is {show(100 * share, 1)}%"
    else:
        return "cannot be decided", "the number of all is not given, or is nought"
    return ("agrees", line) if share > Fraction(1, 2) else ("disagrees", f"{line}, which is not more than half")


def _ranked(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    everyone = [row["value"] for row in (*of, *than)]
    wrong: list[str] = []
    right: list[str] = []
    for row, rank in zip(of, claim.numbers, strict=True):
        above = sum(1 for value in everyone if value > row["value"])
        line = f"{row['breakdown']} ({_shown(row)}) is number {above + 1}"
        ties = sum(1 for value in everyone if value == row["value"])
        (right if above < rank <= above + ties else wrong).append(line)
    return ("disagrees", f"{'; '.join(wrong)} of {len(everyone)}") if wrong else ("agrees", "; ".join(right))


def _at_most(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    return _inside(of, None, as_printed(claim.numbers[0]))


def _within(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    return _inside(of, as_printed(claim.numbers[0]), as_printed(claim.numbers[1]))


def _inside(of: Sequence[pd.Series], low: Fraction | None, high: Fraction) -> _Found:
    values = [as_printed(row["value"]) for row in of]
    limits = f"{show(low)} to {show(high)}" if low is not None else f"at most {show(high)}"
    out = [value for value in values if value > high or (low is not None and value < low)]
    if out:
        return "disagrees", f"{', '.join(show(value) for value in out)} is not {limits}"
    return "agrees", f"{_all_shown(of)} is {limits}"


def _broader_groups(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    groups = load_breakdowns()[of[0]["breakdown_topic"]].groups
    found = {groups[row["breakdown"]] for row in of}
    line = f"{len(found)} groups are listed, the words say {show(claim.numbers[0])}"
    return ("agrees" if len(found) == claim.numbers[0] else "disagrees"), line


def _sum_of(rows: Sequence[pd.Series]) -> str:
    added = show(sum((as_printed(row["value"]) for row in rows), Fraction(0)))
    return f"{' + '.join(_shown(row) for row in rows)} = {added}" if len(rows) > 1 else added


def _differ_by(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    one, other = (sum((as_printed(row["value"]) for row in rows), Fraction(0)) for rows in (of, than))
    wanted = claim.numbers[0]
    line = f"{show(other)} to {show(one)} is {show(one - other)}, the words make it {show(wanted)}"
    if wanted == 0:
        line = f"{_sum_of(of)} against {_sum_of(than)}"
    return ("agrees" if one - other == as_printed(claim.numbers[0]) else "disagrees"), line


def _times(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    if than[0]["value"] == 0:
        return "cannot be decided", "a multiple of nought is no number"
    times = as_printed(of[0]["value"]) / as_printed(than[0]["value"])
    line = f"{_shown(of[0])} is {show(times, 1)} times {_shown(than[0])}, the words say {show(claim.numbers[0])}"
    return ("agrees" if times >= as_printed(claim.numbers[0]) else "disagrees"), line


def _late_of(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """A share in time, and how many were late: of the total in ``than`` where one is printed."""
    late = as_printed(claim.numbers[0])
    if not than or than[0]["value"] <= 0:
        return "cannot be decided", "the number of all is not given, or is nought"
    total = as_printed(than[0]["value"])
    share = 100 * (1 - late / total)
    said = _range_of(of[0])
    line = f"{show(late)} late of {show(total)} leaves {show(share, 1)}% in time, printed is {_shown(of[0])}%"
    return ("agrees" if said.meets(Between(share, share)) else "disagrees"), line


def _listed(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    line = f"{len(of)} are listed, the words say {show(claim.numbers[0])}"
    return ("agrees" if len(of) == claim.numbers[0] else "disagrees"), line


def _no_theme(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """Entries of one kind (``of``) among all others of a list (``than``): more than half is a theme."""
    everything = len(of) + len(than)
    line = f"{len(of)} of {everything} are of one kind"
    return ("disagrees" if 2 * len(of) > everything else "agrees"), line


def _labelled(claim: Claim, row: pd.Series, figures: pd.DataFrame) -> _Found:
    """A figure under the label of a period: does anyone else give that value for that period?"""
    same = [name for name in MEASURE if name != "period"]
    others = figures[(figures[same] == row[same]).all(axis=1) & (figures["period"] == claim.when)]
    others = others[(others["figure"] != row["figure"]) & others["value"].notna()]
    when = parse_period(claim.when).short
    if others.empty:
        return "cannot be decided", f"no other value of {when} is held"
    values = ", ".join(dict.fromkeys(_shown(other) for _, other in others.iterrows()))
    if any(_range_of(row).meets(_range_of(other)) for _, other in others.iterrows()):
        return "agrees", f"{_shown(row)} stands under {when}, for which {values} is held"
    return "disagrees", f"{_shown(row)} stands under {when}, for which {values} is held"


def _has_happened(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    return _dated(claim, of[0], is_past=True)


def _is_to_come(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    return _dated(claim, of[0], is_past=False)


def _dated(claim: Claim, row: pd.Series, *, is_past: bool) -> _Found:
    written = published_of(str(row["figure"])).published
    if len(written) < len("2012-10-25"):
        return "cannot be decided", f"the document is dated {written} only"
    event, day = parse_period(claim.when), date.fromisoformat(written)
    line = f"told as {'past' if is_past else 'to come'} is {event.short}, the document is dated {parse_period(written).short}"
    is_wrong = event.start > day if is_past else event.end < day
    return ("disagrees" if is_wrong else "agrees"), line


def _two_days(claim: Claim) -> tuple[Period, Period, str]:
    one, other = parse_period(claim.when), parse_period(claim.beside_when)
    return one, other, f"{one.short} against {other.short}"


def _same_time(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """One event, told twice: the two times have a day in common."""
    one, other, line = _two_days(claim)
    return ("agrees" if one.start <= other.end and other.start <= one.end else "disagrees"), line


def _done(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """Told as done at one time, and as still to do at another: that must be the earlier one."""
    one, other, _ = _two_days(claim)
    return ("agrees" if other.end < one.start else "disagrees"), f"done {one.short}, still to do {other.short}"


def _known_by(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """Decided at one time because of what was known only at another: that must not be the later one."""
    one, other, _ = _two_days(claim)
    is_late = other.end > one.end
    return ("disagrees" if is_late else "agrees"), f"decided {one.short}, for what was known only {other.short}"


def _same_side(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """Two reports of one thing: both at or below a limit, or both above it."""
    limit = as_printed(claim.numbers[0])
    above = [[as_printed(row["value"]) > limit for row in rows] for rows in (of, than)]
    line = f"{_all_shown(of)} and {_all_shown(than)}, the limit is {show(limit)}"
    return ("agrees" if len({*above[0], *above[1]}) == 1 else "disagrees"), line


def _overlap(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """Two ranges, such as ages, of one group of people: some number lies in both; both ends belong to a range."""
    low, high, other_low, other_high = (as_printed(number) for number in claim.numbers)
    line = f"{show(low)} to {show(high)} against {show(other_low)} to {show(other_high)}"
    return ("agrees" if low <= other_high and other_low <= high else "disagrees"), line


def _both_ways(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """Words that exclude each other, both left to stand in one sentence: it cannot be borne out."""
    return "disagrees", "the words say both " + " and ".join(f"“{word}”" for word in claim.words)


def _runs_up(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """A range, such as ages: its first number is not above its last."""
    low, high = (as_printed(number) for number in claim.numbers)
    return ("agrees" if low <= high else "disagrees"), f"from {show(low)} to {show(high)}"


def _numbers(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    """Called numbers of something: counts are, and percentages, rates and averages are not."""
    indicators = load_indicators()
    others = [row for row in of if indicators[row["indicator"]].calculation != "count"]
    if not others:
        return "agrees", f"{_all_shown(of)}"
    return "disagrees", f"{_all_shown(others)}: {indicators[others[0]['indicator']].name}"


def _no_figure(claim: Claim, of: Sequence[pd.Series], than: Sequence[pd.Series]) -> _Found:
    return "cannot be decided", "no figure is given from which it could be told"


_RULES: Mapping[str, Callable[[Claim, Sequence[pd.Series], Sequence[pd.Series]], _Found]] = {
    "higher": _higher, "lower": _lower, "same": _same, "about_the_same": _about_the_same, "stable": _stable,
    "majority": _majority, "ranked": _ranked, "at_most": _at_most, "within": _within, "broader_groups": _broader_groups,
    "differ_by": _differ_by, "times": _times, "late_of": _late_of, "listed": _listed, "no_theme": _no_theme,
    "is_to_come": _is_to_come, "has_happened": _has_happened, "same_time": _same_time, "done": _done, "known_by": _known_by,
    "same_side": _same_side, "overlap": _overlap, "both_ways": _both_ways, "runs_up": _runs_up, "numbers": _numbers,
    "no_figure": _no_figure,
}  # fmt: skip
