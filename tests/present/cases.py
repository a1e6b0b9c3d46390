"""Rows for words and charts to be tried on: made up, of every kind, from the plainest to the awkward."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.statistics.comparison import add_position, add_rate_ratio
from analysis.statistics.difference import add_difference, add_ratio_position
from analysis.statistics.funnel import add_proportion_funnel
from analysis.statistics.rates import add_proportion, add_rate
from analysis.statistics.representation import add_fixed_representation
from analysis.statistics.spc import add_process_limits
from analysis.statistics.supposition import add_base_needed, suppose_bases, suppose_total
from analysis.statistics.verdicts import add_joint_position, add_trend_verdict, joint_confidence

I = load_indicators()  # noqa: E741
NAN = float("nan")
FIGURE = "NCS21.001"


def row(indicator="cp_plan_rate", value=NAN, period="2020-21", **more):
    base = {
        "indicator": indicator, "area_code": "E06000018", "area_name": "Nottingham", "period": period,
        "geographic_level": "Local authority", "breakdown_topic": "Total", "breakdown": "Total", "value": float(value),
        "precision": 0, "status": "reported", "value_type": "observed", "figure": FIGURE, "cites": FIGURE, "caveat": "",
        "also_printed": "", "asked": "2020-21", "numerator": NAN, "denominator": NAN,
    }  # fmt: skip
    return pd.DataFrame([{**base, **more}])


def gap(indicator="cp_plan_rate", status="not_held"):
    return row(indicator, NAN, status=status, precision=NAN)


def rate(count, population, precision=1, **more):
    rows = row(value=NAN, numerator=float(count), denominator=float(population), precision=precision, **more)
    return add_rate(rows)


def share(count, base, indicator="cla_three_placements", precision=1, **more):
    rows = row(indicator, NAN, numerator=float(count), denominator=float(base), precision=precision, **more)
    return add_proportion(rows)


def beside(rows, others):
    """Rows beside comparators, given as (name, value, period)."""
    if not others:
        others = [("", NAN, None)]
    table = pd.concat([rows] * len(others), ignore_index=True).assign(
        benchmark_name=[name for name, _, _ in others],
        benchmark_value=[float(value) for _, value, _ in others],
        benchmark_period=[period for _, _, period in others],
        benchmark_precision=0,
        benchmark_figure="NCS21.012",
    )
    placed = add_position(table) if "lower_ci" in table else table
    return add_difference(placed, other="benchmark_")


def changed(now, before, population=None, indicator="cp_plan_number", **more):
    tested = population is not None or indicator.endswith("number")
    size = float(population or 1)
    rows = row(indicator, now, numerator=float(now), denominator=size, **more).assign(
        other_value=float(before), other_precision=0, other_period="2019-20", other_figure="NCS21.007",
        other_numerator=float(before), other_denominator=size,
        assumption="" if population else "taking the number of children who live there as unchanged",
    )  # fmt: skip
    return add_difference(add_ratio_position(add_rate_ratio(rows)) if tested else rows)


def series(values, indicator="cla_number", first=2016, tested=True, **more):
    tables = [
        row(indicator, value, period=f"{first + at}-{(first + at + 1) % 100:02d}", series="Nottingham", segment=0,
            year=float(first + at + 1), **more)
        for at, value in enumerate(values)
    ]  # fmt: skip
    rows = pd.concat(tables, ignore_index=True)
    return add_trend_verdict(rows.assign(numerator=rows["value"], denominator=1.0)) if tested else rows


def users(shares, total=72):
    """Groups with their share of users and of children in care, as (group, share, share in care)."""
    rows = pd.concat([row("advocacy_share", value, period="2020-10/2021-09", breakdown_topic="Ethnicity", breakdown=name)
                      for name, value, _ in shares], ignore_index=True)  # fmt: skip
    rows = rows.assign(
        other_value=[float(other) for _, _, other in shares], other_precision=0, other_figure="NCP21.009",
        other_period="2020-21", users_total=float(total), users_total_unit="issues",
    )  # fmt: skip
    rows = suppose_total(rows)
    joint = add_fixed_representation(rows, confidence=joint_confidence(0.95, groups=len(rows)))
    return add_joint_position(add_fixed_representation(rows), joint)


def areas(parts, own=0):
    """Areas of a funnel, as (numerator, denominator); one of them is asked about."""
    rows = pd.concat([row("cp_repeat_plans", NAN, numerator=float(x), denominator=float(n), precision=1)
                      for x, n in parts], ignore_index=True)  # fmt: skip
    names = [f"Area {place + 1}" for place in range(len(parts))]
    return add_proportion_funnel(
        add_proportion(rows.assign(area_name=names, is_area=[place == own for place in range(len(parts))]))
    )


def months(values):
    """A monthly series with its process limits."""
    labels = [f"{2020 + (3 + at) // 12}-{(3 + at) % 12 + 1:02d}" for at in range(len(values))]
    rows = pd.concat([row("cp_plan_number", value, period=f"{label}/{label}") for label, value in zip(labels, values, strict=True)],
                     ignore_index=True)  # fmt: skip
    return add_process_limits(rows.assign(at=range(len(values))), time="at")


def supposed(value, others):
    rows = beside(row("cp_repeat_plans", value), [(name, other, "2020-21") for name, other in others])
    return add_base_needed(suppose_bases(rows, bases=[100, 400, 1000]))
