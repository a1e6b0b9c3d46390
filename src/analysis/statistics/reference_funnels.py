"""Checks of funnels and overdispersion."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.statistics.dispersion import (
    Kind,
    back_transformed,
    poisson_ratio_limits,
    random_effects,
    transformed_limits,
    z_scores,
)
from analysis.statistics.funnel import (
    ABOVE,
    BELOW,
    WITHIN,
    add_proportion_funnel,
    add_rate_funnel,
    add_ratio_funnel,
    expected_at_limits,
    proportion_funnel_limits,
)
from analysis.statistics.inputs import Floats
from analysis.statistics.overdispersion import add_multiplicative_funnel, add_overdispersed_funnel
from analysis.statistics.reference_items import (
    BISECTED,
    FITTED,
    Cases,
    Companions,
    Excluded,
    Figures,
    Item,
    Labels,
    companion,
    figures,
    labels_of,
    pairs_of,
    texts,
    truths,
)

SIGNIFICANCE = {
    WITHIN: "Not significant",
    BELOW[0]: "Low (0.025)",
    BELOW[1]: "Low (0.001)",
    ABOVE[0]: "High (0.025)",
    ABOVE[1]: "High (0.001)",
}
_SIDES = ("lower_2s", "upper_2s", "lower_3s", "upper_3s")
# FunnelPlotR writes its normal quantiles out to six decimals.
_ROUNDED_Z = {"95": 1.959964, "998": 3.090232}
_PRINTED_LIMITS = 1e-6


def check_proportion_significance(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check positions in the funnel of a proportion about the pooled one of the whole file."""
    yield Cases(len(frame))
    rows = pd.DataFrame({name: figures(frame, name) for name in ("numerator", "denominator")})
    yield _positions(add_proportion_funnel(rows), texts(frame, "expected_significance"))


def check_proportion_limits(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check funnel limits of a proportion at points of the axis; published ones are printed to 6 or 8
    decimals."""
    yield Cases(len(frame))
    base, baseline = figures(frame, "population"), figures(frame, "baseline_pct")
    limits = np.array(
        [proportion_funnel_limits(n, baseline=p) for n, p in zip(base, baseline, strict=True)],
        dtype=np.float64,
    ).reshape(-1, 4)
    # A baseline of six decimals is itself rounded; one of full precision is compared at full precision.
    near_zero = _PRINTED_LIMITS if "set" in frame.columns else 1e-12
    for place, side in enumerate(_SIDES):
        yield Figures(side, limits[:, place], figures(frame, f"expected_{side}"), near_zero=near_zero)


def check_ratio_significance(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check positions in the funnel of a standardised ratio about 1."""
    yield Cases(len(frame))
    rows = pd.DataFrame({name: figures(frame, name) for name in ("observed", "expected")})
    yield _positions(add_ratio_funnel(rows), texts(frame, "expected_significance"))


def check_ratio_limits(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check the expected counts at which observed events lie on a funnel line."""
    yield Cases(len(frame))
    events = figures(frame, "observed_events")
    for side, expected in zip(_SIDES, expected_at_limits(events), strict=True):
        name = f"expected_{side}"
        yield Figures(f"{side} events", expected, figures(frame, f"{name}_exp_events"), BISECTED)
        yield Figures(f"{side} ratio - 1", events / expected - 1, figures(frame, f"{name}_count"), BISECTED)
        yield Figures(f"{side} ratio x 100", 100 * events / expected, figures(frame, f"{name}_isr"), BISECTED)


def check_rate_significance(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check positions in the funnel of a rate about the pooled one, crude or directly standardised."""
    yield Cases(len(frame))
    if "expected_significance" in frame.columns:
        names = {"numerator": "count", "denominator": "population"}
        rows = pd.DataFrame({ours: figures(frame, theirs) for ours, theirs in names.items()})
        yield _positions(add_rate_funnel(rows), texts(frame, "expected_significance"))
        return
    for column in frame.columns:
        kind, _, rest = str(column).removeprefix("expected_").partition("_per_")
        if str(column).startswith("expected_") and kind in ("dsr", "crude"):
            multiplier, _, zero = rest.partition("_")
            yield from _rate_significance(frame, str(column), kind, float(multiplier), zero == "with_0")


def _rate_significance(
    frame: pd.DataFrame, column: str, kind: str, multiplier: float, with_zero: bool
) -> Iterator[Item]:
    count, people = figures(frame, "count"), figures(frame, "pop")
    with np.errstate(divide="ignore", invalid="ignore"):
        implied = count / figures(frame, "rate_dsr") * 100_000
    base = implied if kind == "dsr" else people
    kept = (count > 0) if kind == "dsr" or not with_zero else np.ones(len(frame), dtype=np.bool_)
    rows = pd.DataFrame({"numerator": count[kept], "denominator": base[kept]})
    found = add_rate_funnel(rows, multiplier=multiplier)
    few = (count[kept] < 10) & (kind == "dsr")
    yield _positions(found[~few], list(np.array(texts(frame, column))[kept][~few]), what=column)
    left = int((~kept).sum() + few.sum())
    if left:
        yield Excluded(left, "areas without events, left out of this variant")


def check_rate_limits(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check the lines of a rate funnel: the population a year at which events lie on it, and the rate
    there."""
    yield Cases(len(frame))
    events, baseline = figures(frame, "events"), figures(frame, "baseline_per_100000")
    for side, expected in zip(_SIDES, expected_at_limits(events), strict=True):
        people = expected / baseline * 100_000
        yearly = figures(frame, f"expected_{side}_population_1_year")
        years = _whole_years(people, yearly)
        yield Figures(f"{side} population", people / years, yearly, BISECTED)
        limit = figures(frame, f"expected_{side}_limit")
        yield Figures(f"{side} limit", events / people * 100_000, limit, BISECTED)


def _whole_years(people: Floats, yearly: Floats) -> float:
    # The file does not say over how many years the events were counted, but only a whole number can fit.
    return max(1.0, float(np.round(np.nanmedian(people / yearly)))) if len(people) else 1.0


def check_rate_points(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check the population that events and rate imply, in a file of 3-year (and 5-year) data."""
    yield Cases(len(frame))
    events, rate = figures(frame, "events"), figures(frame, "rate_per_100000")
    people = figures(frame, "population")
    for suffix, years in (("", 3), ("_crude", 3), ("_crude_with_denom", 5)):
        shown, base = f"expected_rate_chart{suffix}", f"expected_denominator_derived{suffix}"
        expected = figures(frame, base)
        given = np.isfinite(expected) & ~np.isclose(expected, people / years, rtol=1e-9)
        derived = events / rate * 100_000 / years
        yield Figures(base, derived[given], expected[given], near_zero=_PRINTED_LIMITS * 100)
        yield Figures(shown, rate[given], figures(frame, shown)[given])
        if not given.all():
            reason = "upstream's test sets this area's events to 0, which the file does not show"
            yield Excluded(2 * int((~given).sum()), reason)


def check_poisson_limits(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check Poisson funnel limits of a ratio, printed to six or seven decimals."""
    yield Cases(len(frame))
    expected = figures(frame, "expected_events")
    for level, name in ((0.95, "95"), (0.998, "998")):
        lower, upper = poisson_ratio_limits(expected, confidence=level)
        yield Figures(f"lower {name}", lower, figures(frame, f"expected_lower{name}"), near_zero=6e-7)
        yield Figures(f"upper {name}", upper, figures(frame, f"expected_upper{name}"), near_zero=6e-7)


def check_overdispersion(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check additive overdispersion against FunnelPlotR, set by set."""
    sets = pd.Series(texts(frame, "set"))
    cases = 0
    for places in sets.groupby(sets, sort=False).indices.values():
        rows = frame.iloc[places]
        kind = _kind(texts(rows, "data_type")[0], texts(rows, "sr_method")[0])
        if kind is None:
            reason = "FunnelPlotR's limits for ratios of counts do not fit its z-scores; they are not offered"
            yield Excluded(len(rows), reason)
            continue
        cases += len(rows)
        yield from _overdispersed(rows, kind)
    yield Cases(cases)


def _kind(data_type: str, method: str) -> Kind | None:
    if data_type == "PR":
        return "proportion"
    named: dict[str, Kind] = {"SHMI": "ratio_log", "CQC": "ratio_root"}
    return named.get(method) if data_type == "SR" else None


def _overdispersed(rows: pd.DataFrame, kind: Kind) -> Iterator[Item]:
    names = ("numerator", "denominator") if kind == "proportion" else ("observed", "expected")
    given = pd.DataFrame(
        {ours: figures(rows, theirs) for ours, theirs in zip(names, ("numerator", "denominator"), strict=True)}
    )
    found = add_overdispersed_funnel(given, kind=kind, trim=float(figures(rows, "trim_by")[0]))
    columns = {"target": "target", "z_score": "expected_z", "z_score_adjusted": "expected_z_adjusted"}
    columns |= {"dispersion_n": "expected_n", "phi": "expected_phi", "tau2": "expected_tau2"}
    yield from pairs_of(found, rows, columns)
    base, target, tau2 = (
        figures(rows, "denominator"),
        float(found["target"].iloc[0]),
        float(found["tau2"].iloc[0]),
    )
    _, error = z_scores(given.iloc[:, 0].to_numpy(), base, kind=kind, target=target)
    for name, z in _ROUNDED_Z.items():
        ends = transformed_limits(target, error, tau2, kind=kind, z=z)
        ours = [f"od_{side}_{name}" for side in ("lower", "upper")]
        for end, column, theirs in zip(ends, ours, ("l", "u"), strict=True):
            # Its limits for the square root stay on that scale.
            line = end if kind == "ratio_root" else back_transformed(end, kind=kind)
            yield Figures(column, line, figures(rows, f"expected_od{theirs}l{name}"))
            scale = np.sqrt(figures(found, column)) if kind == "ratio_root" else figures(found, column)
            expected = np.maximum(figures(rows, f"expected_od{theirs}l{name}"), 0)
            yield Figures(f"{column}, exact z", scale, expected, FITTED, near_zero=FITTED)
    yield from _plain(found, rows, kind, error, target)


def _plain(found: pd.DataFrame, rows: pd.DataFrame, kind: Kind, error: Floats, target: float) -> Iterator[Item]:
    if kind != "proportion":
        columns = {
            f"plain_{side}_{name}": f"expected_{side[0]}l{name}" for side in ("lower", "upper") for name in _ROUNDED_Z
        }
        yield from pairs_of(found, rows, columns)
        return
    for name, z in _ROUNDED_Z.items():
        ends = transformed_limits(target, error, 0.0, kind=kind, z=z)
        for end, theirs in zip(ends, ("l", "u"), strict=True):
            expected = figures(rows, f"expected_{theirs}l{name}")
            yield Figures(f"plain {theirs}l{name}", back_transformed(end, kind=kind), expected)


def check_multiplicative(frame: pd.DataFrame, _companions: Companions) -> Iterator[Item]:
    """Check multiplicative overdispersion of proportions, set by set."""
    yield Cases(len(frame))
    sets = pd.Series(texts(frame, "set"))
    columns = {"z_score": "z", "z_score_adjusted": "z_winsorised", "phi": "phi", "phi_threshold": "threshold"}
    columns |= {"target": "target", "od_lower_95": "lower95", "od_upper_95": "upper95"}
    columns |= {"od_lower_998": "lower998", "od_upper_998": "upper998"}
    for places in sets.groupby(sets, sort=False).indices.values():
        rows = frame.iloc[places]
        given = pd.DataFrame({name: figures(rows, name) for name in ("numerator", "denominator")})
        found = add_multiplicative_funnel(given)
        yield from pairs_of(found, rows, columns)
        applied = tuple(str(bool(cell)).lower() for cell in found["phi_applied"])
        yield Labels("adjusted", applied, tuple(truths(rows, "adjusted")))


def check_random_effects(frame: pd.DataFrame, companions: Companions) -> Iterator[Item]:
    """Check DerSimonian and Laird's estimate against metafor; the effects stand in the companion file."""
    given = companion(companions, "r_dl_input")
    if given is None:
        yield Excluded(len(frame), "the file of effects, r_dl_input, is not there")
        return
    yield Cases(len(frame))
    names = np.array(texts(given, "set"))
    found = []
    for name in texts(frame, "set"):
        mine = given[names == name]
        summary = random_effects(figures(mine, "yi"), figures(mine, "vi"))
        found.append((summary.tau2, summary.q, summary.i2, summary.mean, summary.standard_error))
    table = np.array(found, dtype=np.float64).reshape(-1, 5)
    for place, column in enumerate(("tau2_dl", "Q", "I2", "mu_re", "se_re")):
        yield Figures(column, table[:, place], figures(frame, column))


def _positions(found: pd.DataFrame, expected: list[str], *, what: str = "position") -> Labels:
    ours = tuple(SIGNIFICANCE.get(name, name) for name in labels_of(found["funnel_position"]))
    return Labels(what, ours, tuple(expected))
