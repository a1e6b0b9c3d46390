"""Rows for words and charts to be tried on: made up, of every kind, from the plainest to the awkward."""

from __future__ import annotations

import pandas as pd

from analysis.indicators.definitions import load_indicators
from analysis.statistics.comparison import add_position, add_rate_ratio
from analysis.statistics.difference import add_difference, add_ratio_position
from analysis.statistics.funnel import add_proportion_funnel
from analysis.statistics.ranks import add_rank
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


def ranked(parts, own=0, indicator="cla_rate", names=None, missing=()):
    """Areas in the order of their rates, as (count, population); ``missing`` gives statuses of areas without a figure."""
    rows = [rate(count, population, precision=0, indicator=indicator) for count, population in parts]
    rows += [gap(indicator, status).assign(confidence=0.95, lower_ci=NAN, upper_ci=NAN) for status in missing]
    table = pd.concat(rows, ignore_index=True)
    names = names or [f"Area {place + 1}" for place in range(len(table))]
    table = table.assign(area_name=names, is_area=[place == own for place in range(len(table))])
    return add_rank(table, polarity=I[indicator].polarity)


def ranked_shares(parts, own=0):
    """Areas in the order of a share for which lower is better, as (numerator, denominator)."""
    table = pd.concat([share(x, n, indicator="cp_repeat_plans") for x, n in parts], ignore_index=True)
    names = [f"Area {place + 1}" for place in range(len(parts))]
    return add_rank(table.assign(area_name=names, is_area=[place == own for place in range(len(parts))]),
                    polarity="lower_is_better")  # fmt: skip


def choices(rows, items, tested=True):
    """The area's row beside neighbours, as (model, average, value, members, members with data)."""
    table = pd.concat([rows] * len(items), ignore_index=True).assign(
        benchmark_name=[f"statistical neighbours ({model} model, {by})" if model != "own group" else f"own group ({by})"
                        for model, by, *_ in items],
        benchmark_model=[model for model, *_ in items],
        benchmark_by=[by for _, by, *_ in items],
        benchmark_value=[float(value) for _, _, value, *_ in items],
        benchmark_precision=0,
        benchmark_members=[float(members) for *_, members, _ in items],
        benchmark_with_data=[float(held) for *_, held in items],
        benchmark_period="2020-21",
        benchmark_figure="SNM25.12",
    )  # fmt: skip
    return add_difference(add_position(table) if tested and "lower_ci" in table else table, other="benchmark_")


def two_sources(pairs, indicator="cp_plan_number", precisions=(0, 0), **more):
    """Figures of a report beside those of the Department, as (report, Department)."""
    table = pd.concat([row(indicator, one, precision=precisions[0]) for one, _ in pairs], ignore_index=True).assign(
        source_name="Nottingham scrutiny report, May 2021", other_source_name="DfE, Children in need, 2025 release",
        other_value=[float(other) for _, other in pairs], other_precision=precisions[1],
        other_figure="CIN25.D5.L30", other_status="reported", cites="NCS21.001;CIN25.D5.L30", **more,
    )  # fmt: skip
    return add_difference(table)


def two_releases(pairs, indicator="cla_number", area="Hampshire"):
    """Figures of a newer release beside those of an older one, as (newer, older); a text is a status."""

    def values(at):
        return [NAN if isinstance(pair[at], str) else float(pair[at]) for pair in pairs]

    def statuses(at):
        return [pair[at] if isinstance(pair[at], str) else "reported" for pair in pairs]

    table = pd.concat([row(indicator, value, period=f"{2000 + at}-{at + 1:02d}", area_name=area)
                       for at, value in enumerate(values(0))], ignore_index=True).assign(
        status=statuses(0), figure="CLA25.NR.M47", release_short="2025 release", other_release_short="2024 release",
        other_value=values(1), other_precision=0, other_status=statuses(1), other_figure="CLA24.NR.M47",
        cites="CLA25.NR.M47;CLA24.NR.M47",
    )  # fmt: skip
    return add_difference(table)
