"""Children of one family are not independent: intervals that allow for it, beside the plain ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import StatisticError
from analysis.statistics.inputs import (
    Floats,
    Places,
    bases,
    confidence_level,
    counts,
    group_places,
    numbers,
    parts,
    refuse,
    words,
)
from analysis.statistics.rates import rate_limits, wilson_limits

# With fewer families than this their spread is itself a guess, and the bootstrap interval too narrow.
FEWEST_CLUSTERS = 10


def add_clustered_interval(
    rows: pd.DataFrame,
    *,
    design_effect: float,
    kind: Literal["proportion", "rate"] = "proportion",
    multiplier: float = 100,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Add the interval that a stated design effect leaves: that of numerator and denominator divided by it.

    For proportions Wilson's interval of x / deff of n / deff, for rates the OHID interval of x / deff; deff =
    1 + (m - 1) rho, m children a family and rho the correlation within families.

    Args:
        rows: with ``numerator`` and ``denominator``; add the plain interval with ``add_proportion`` or
            ``add_rate``.
        design_effect: of at least 1; it is an assumption, and the column of that name says which.
        kind: "proportion" or "rate".
        multiplier: 100 for percentages.
        confidence: a fraction, such as 0.95.

    Returns:
        The same rows with ``clustered_lower_ci``, ``clustered_upper_ci`` (on the scale of ``multiplier``),
        ``design_effect`` and ``clustered_method``; missing where a figure is.

    Raises:
        StatisticError: for a design effect below 1, and as ``add_proportion`` or ``add_rate``.

    Reference:
        Kish L (1965) Survey Sampling, section 8.2.

    Example:
        >>> rows = pd.DataFrame({"numerator": [65], "denominator": [100]})
        >>> add_clustered_interval(rows, design_effect=1.5).filter(like="_ci").round(1)
           clustered_lower_ci  clustered_upper_ci
        0                53.0                75.3
    """
    if not design_effect >= 1:
        raise StatisticError(f"Design effect {design_effect:g}: expected a number of at least 1.")
    if kind not in ("proportion", "rate"):
        raise StatisticError(f"Kind {kind!r} is not known: it is 'proportion' or 'rate'.")
    level = confidence_level(confidence)
    if kind == "proportion":
        x, n = (figures / design_effect for figures in parts(rows, "numerator", "denominator"))
        lower, upper = (limit * multiplier for limit in wilson_limits(x, n, confidence=level))
        name = "Wilson"
    else:
        x, n = counts(rows, "numerator") / design_effect, bases(rows, "denominator") / design_effect
        lower, upper = (limit / n * multiplier for limit in rate_limits(x, confidence=level))
        name = "Byar or exact Poisson"
    known = np.isfinite(x + n)
    return rows.assign(
        clustered_lower_ci=lower,
        clustered_upper_ci=upper,
        design_effect=float(design_effect),
        clustered_method=words(rows, [f"{name}, design effect as stated" if row else None for row in known]),
    )


def summarise_cluster_bootstrap(
    rows: pd.DataFrame,
    *,
    cluster: str,
    seed: int,
    by: Sequence[str] = (),
    event: str = "event",
    multiplier: float = 100,
    confidence: float = 0.95,
    draws: int = 2000,
) -> pd.DataFrame:
    """Summarise single children into a proportion whose interval resamples whole families.

    Families are drawn with replacement as often as there are families; the interval is that of the
    (1 - confidence) / 2 and 1 - (1 - confidence) / 2 quantiles of the proportion over the draws. The plain
    Wilson interval stands beside it. design_effect = variance over the draws / (p (1 - p) / n).

    Args:
        rows: one child a row, with its family and whether the event happened (1 or 0, true or false).
        cluster: the column of the family.
        seed: of the draws; the same seed gives the same interval.
        by: the columns that tell groups apart.
        event: the column of the event.
        multiplier: 100 for percentages.
        confidence: a fraction, such as 0.95.
        draws: how many.

    Returns:
        One row a group: the columns ``by``, ``numerator``, ``denominator`` (children), ``clusters``
        (families), ``value``, ``lower_ci``, ``upper_ci`` (plain Wilson), ``clustered_lower_ci``,
        ``clustered_upper_ci`` (on the scale of ``multiplier``), ``design_effect``, ``confidence``,
        ``clustered_method``. Below 10 families, or where all or none have the event, the last columns are
        missing: the plain interval is all there is.

    Raises:
        StatisticError: for an event that is neither 0 nor 1, a child without family.

    Reference:
        Davison AC, Hinkley DV (1997) Bootstrap Methods and their Application, section 3.8.

    Example:
        >>> rows = pd.DataFrame({"family": [n // 2 for n in range(60)], "event": [n // 2 % 3 == 0 for n in range(60)]})
        >>> found = summarise_cluster_bootstrap(rows, cluster="family", seed=1)
        >>> bool((found["clustered_upper_ci"] > found["upper_ci"]).all())
        True
    """
    level, happened = confidence_level(confidence), numbers(rows, event)
    labels = list(rows.index)
    odd = ~np.isin(happened, (0, 1)) & np.isfinite(happened)
    refuse(happened, odd, column=event, expected="1 or 0", labels=labels)
    if cluster not in rows.columns or rows[cluster].isna().any():
        raise StatisticError(f"Column {cluster!r}: every child needs its family.")
    family = np.asarray(pd.factorize(rows[cluster])[0], dtype=np.intp)
    groups = group_places(rows, by)
    found = []
    for places in groups:
        known = places[np.isfinite(happened[places])]
        rng = np.random.default_rng(seed)
        found.append(_summary(happened[known], family[known], rng, draws=draws, level=level))
    keys = rows.iloc[[int(places[0]) for places in groups]][list(by)].reset_index(drop=True)
    table = pd.DataFrame(found, columns=list(_COLUMNS), index=keys.index)
    scaled = table.assign(**{name: table[name] * multiplier for name in _SCALED})
    named = [
        f"cluster bootstrap, {draws} draws, seed {seed}" if np.isfinite(d) else None for d in table["design_effect"]
    ]
    return keys.join(scaled).assign(confidence=level, clustered_method=words(keys, named))


_COLUMNS = (
    "numerator",
    "denominator",
    "clusters",
    "value",
    "lower_ci",
    "upper_ci",
    "clustered_lower_ci",
    "clustered_upper_ci",
    "design_effect",
)
_SCALED = ("value", "lower_ci", "upper_ci", "clustered_lower_ci", "clustered_upper_ci")


def _summary(
    happened: Floats, family: Places, rng: np.random.Generator, *, draws: int, level: float
) -> tuple[float, ...]:
    if not len(happened):
        return 0.0, 0.0, 0.0, *(np.nan,) * 6
    sizes = pd.Series(happened).groupby(family, sort=True).agg(["sum", "size"])
    events, members = sizes["sum"].to_numpy(dtype=np.float64), sizes["size"].to_numpy(dtype=np.float64)
    total, children = float(events.sum()), float(members.sum())
    share = total / children
    plain = (float(limit) for limit in wilson_limits(total, children, confidence=level))
    first = (total, children, float(len(sizes)), share, *plain)
    if len(sizes) < FEWEST_CLUSTERS or share in (0, 1):
        return *first, np.nan, np.nan, np.nan
    drawn = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=draws)
    shares = (drawn @ events) / (drawn @ members)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return *first, float(low), float(high), float(shares.var(ddof=1) / (share * (1 - share) / children))
