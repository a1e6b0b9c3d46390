"""What a council's own returns give, as rows of the observation table: nothing further on knows that they were counted here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.indicators.counting.counted import count_returns
from analysis.indicators.counting.rules import Rule, load_rules
from analysis.indicators.definitions import Indicator, load_indicators
from analysis.indicators.disclosure import hide_small
from analysis.sources.areas import Area
from analysis.sources.catalogue import load_breakdowns
from analysis.sources.cited import COUNTED_CODE, load_published
from analysis.vocabulary import COLUMNS, SUPPRESSED, TOTAL

#: How the identifier ends of a share, or of a rate, that is worked out from a count.
_SHARE, _RATE = ".S", ".R"
#: Shares of a whole that no rule counts of their own: each group of a count out of all.
_SHARES = {"cla_share": "cla_number"}


def counted_figures(rows: pd.DataFrame, *, area: Area, populations: Mapping[str, float]) -> pd.DataFrame:
    """Return what was counted from returns as figures of the council whose they are, small numbers hidden.

    Args:
        rows: as from ``engine.count``, nothing hidden.
        area: the council whose returns they are.
        populations: children aged 0 to 17 who live there, by the middle of the year (``2024-06-30``).

    Returns:
        Rows of the observation table with ``citation``, ``caveat``, ``preferred``, ``official``, ``cites`` and ``known_as``:
        counts, proportions, shares of children in care by group, and rates where a population is given.
    """
    shown = hide_small(rows)
    found = [*_rows(shown), *_shares(shown), *_rates(shown, populations)]
    names = ["figure", "indicator", "year", "topic", "name", "numerator", "denominator", "value", "rule"]
    return _as_observations(pd.DataFrame(found, columns=names), area)


def counted_indicators(*, only: str = "") -> list[Indicator]:
    """Return each indicator that a rule counts, once, in the order of the rules.

    Args:
        only: a calculation, such as proportion; all where it is blank.
    """
    names = dict.fromkeys(rule.indicator for rule in load_rules().rules.values())
    return [item for item in map(load_indicators().__getitem__, names) if only in ("", item.calculation)]


def count_folder(folder: str | Path) -> pd.DataFrame:
    """Return what the returns in a folder give, as from ``engine.count``; once for as long as the files are the same.

    Raises:
        DataError: the returns cannot be read.
    """
    place = Path(folder).resolve()
    return _counted(place, _stamp(place))


@lru_cache(maxsize=1)
def _counted(folder: Path, stamp: tuple[object, ...]) -> pd.DataFrame:
    return count_returns([folder], sensitivity=False).rows


def _stamp(folder: Path) -> tuple[object, ...]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files)


_Row = tuple[str, str, int, str, str, float, float, float, str]


def _rows(rows: pd.DataFrame) -> Iterator[_Row]:
    """What rules count, of all and of the groups by which the indicator is broken down."""
    indicators, rules = load_indicators(), load_rules().rules
    for row in rows.to_dict("records"):
        rule = rules[row["rule"]]
        indicator = indicators[rule.indicator]
        if _is_group_of(indicator, row["topic"], row["name"]):
            share = indicator.multiplier * row["numerator"] / row["denominator"] if row["denominator"] else float("nan")
            value = row["value"] if indicator.calculation == "count" else share
            yield _row(row, rule, indicator, row["numerator"], row["denominator"], value, "")


def _shares(rows: pd.DataFrame) -> Iterator[_Row]:
    indicators, rules = load_indicators(), load_rules().rules
    for share, counted in _SHARES.items():
        indicator = indicators[share]
        own = rows[rows["rule"].isin([name for name, rule in rules.items() if rule.indicator == counted])]
        wholes = own[own["topic"] == TOTAL].set_index("year")["value"]
        for row in own[own["topic"] != TOTAL].to_dict("records"):
            if _is_group_of(indicator, row["topic"], row["name"]):
                whole = wholes[row["year"]]
                value = indicator.multiplier * row["value"] / whole
                yield _row(row, rules[row["rule"]], indicator, row["value"], whole, value, _SHARE)


def _rates(rows: pd.DataFrame, populations: Mapping[str, float]) -> Iterator[_Row]:
    rules = load_rules().rules
    rates = {item.counted_in: item for item in load_indicators().values() if item.counted_in}
    for row in rows[rows["topic"] == TOTAL].to_dict("records"):
        rule = rules[row["rule"]]
        base = populations.get(f"{row['year'] - 1}-06-30")
        if rule.indicator in rates and base:
            rate = rates[rule.indicator]
            yield _row(row, rule, rate, row["value"], base, rate.multiplier * row["value"] / base, _RATE)


def _is_group_of(indicator: Indicator, topic: str, name: str) -> bool:
    return topic == TOTAL or (topic in indicator.breakdowns and name in load_breakdowns()[topic].groups)


def _row(
    row: Mapping[Any, Any], rule: Rule, indicator: Indicator, numerator: float, denominator: float, value: float, ends: str
) -> _Row:  # fmt: skip
    year, topic, name = int(row["year"]), str(row["topic"]), str(row["name"])
    place = "" if topic == TOTAL else f".{_short(topic)}.{_short(name)}"
    figure = f"{COUNTED_CODE}.{rule.code}.Y{year}{place}{ends}"
    return figure, indicator.id, year, topic, name, numerator, denominator, value, str(row["rule"])


def _short(name: str) -> str:
    """A name with its letters and digits alone, as identifiers have them."""
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def _as_observations(table: pd.DataFrame, area: Area) -> pd.DataFrame:
    source, rules, indicators = load_published()[COUNTED_CODE], load_rules().rules, load_indicators()
    ends = table["year"].astype(str)
    rows = pd.DataFrame({
        "figure": table["figure"],
        "indicator": table["indicator"],
        "area_code": area.code,
        "area_name": area.name,
        "geographic_level": area.level,
        "period": [f"{year - 1}-{year % 100:02d}" for year in table["year"]],
        "period_basis": "stated",
        "breakdown_topic": table["topic"],
        "breakdown": table["name"],
        "numerator": table["numerator"],
        "denominator": table["denominator"],
        "value": table["value"],
        "status": table["value"].isna().map({True: SUPPRESSED, False: "reported"}),
        "value_type": "observed",
        "precision": pd.array([indicators[name].decimals for name in table["indicator"]], dtype="Int64"),
        "source": source.id,
        "locator": [f"counting rule {rules[rule].code}, year to 31 March {year}" for rule, year in zip(table["rule"], ends, strict=True)],
        "quote": [rules[rule].definition for rule in table["rule"]],
        "release": ends + "-03-31",
        "disclosure": "",
        "note": "",
        "citation": source.citation(source.id),
        "caveat": "",
        "preferred": False,
        "official": False,
        "cites": table["figure"],
        "known_as": "",
    })  # fmt: skip
    more = [name for name in rows.columns if name not in COLUMNS]
    return rows[[*COLUMNS, *more]]
