"""The commands ``analysis list`` and ``analysis show``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer

from analysis.commands.console import out, print_table
from analysis.errors import UnknownNameError, nearest

Rows = tuple[list[str], list[list[str]]]


class What(StrEnum):
    """What can be listed."""

    indicators = "indicators"
    areas = "areas"
    periods = "periods"
    sources = "sources"
    notebooks = "notebooks"
    subjects = "subjects"
    rules = "rules"


def list_command(
    what: Annotated[What, typer.Argument(help="What to list.")],
    data: Annotated[str, typer.Option(help="A folder of official files.")] = "",
) -> None:
    """List the indicators, areas, periods, sources, notebooks, rules of counting, or how many figures of each subject each document gives."""
    makers: dict[What, Callable[[str], Rows]] = {
        What.indicators: _list_indicators,
        What.areas: _list_areas,
        What.periods: _list_periods,
        What.sources: _list_sources,
        What.notebooks: _list_notebooks,
        What.subjects: _list_subjects,
        What.rules: _list_rules,
    }
    print_table(*makers[what](data))


def show_command(
    name: Annotated[
        str, typer.Argument(help="An indicator, a source, a caveat or a figure, such as NCS21.011 or CLA25.NR.M47.")
    ],
    data: Annotated[str, typer.Option(help="A folder of official files, to show one of its figures.")] = "",
    sql: Annotated[
        bool, typer.Option("--sql", help="Show the SQL by which an indicator is counted from returns.")
    ] = False,
) -> None:
    """Show the definition of an indicator, the entry of a source or caveat, or one figure with its words; with --sql a rule."""
    if sql:
        typer.echo(_sql(name))
        return
    for title, content in _described(name, data):
        out.print(f"{title}: {content}", markup=False)


def _sql(name: str) -> str:
    """All that counts an indicator, in the order in which it runs, with its definition above it."""
    from datetime import date

    from analysis.indicators.counting.script import script_of

    return script_of(name, years=[date.today().year])


def _list_rules(_data: str) -> Rows:
    from analysis.indicators.counting.rules import load_rules
    from analysis.indicators.definitions import load_indicators

    names = load_indicators()
    rows = [[name, item.code, names[item.indicator].name, ", ".join(item.needs), ", ".join(item.switches)]
            for name, item in load_rules().rules.items()]  # fmt: skip
    return ["rule", "code", "counts", "needs", "choices"], rows


def _list_indicators(_data: str) -> Rows:
    from analysis.indicators.definitions import load_indicators

    rows = [[item.id, item.name, item.unit, item.polarity.replace("_", " ")] for item in load_indicators().values()]
    return ["id", "name", "unit", "polarity"], rows


def _list_areas(data: str) -> Rows:
    from analysis.indicators.observations import load_figures
    from analysis.periods import in_time_order, years_touched
    from analysis.sources.areas import load_areas

    figures = load_figures(data)
    observed = figures[figures["value_type"] == "observed"].groupby("area_code")["period"].unique().to_dict()
    counts = figures["area_code"].value_counts()
    rows = []
    for area in load_areas().values():
        labels = {year for label in observed.get(area.code, ()) for year in years_touched(label)}
        held = in_time_order(sorted(labels))
        rows.append([area.code, area.name, area.level, str(counts.get(area.code, 0)), ", ".join(held)])
    return ["code", "name", "level", "figures", "years"], rows


def _list_periods(data: str) -> Rows:
    from analysis.indicators.observations import load_figures
    from analysis.periods import in_time_order, parse_period

    counts = load_figures(data)["period"].value_counts()
    rows = [[label, parse_period(label).words, str(counts[label])] for label in in_time_order(list(counts.index))]
    return ["label", "in words", "figures"], rows


def _list_sources(_data: str) -> Rows:
    from analysis.sources.catalogue import load_sources
    from analysis.sources.releases import load_releases

    known = [*load_sources().values(), *load_releases().values()]
    return ["id", "code", "title", "publisher", "published"], [
        [item.id, item.code, item.title, item.publisher, item.published] for item in known
    ]


def _list_notebooks(_data: str) -> Rows:
    import nbformat

    from analysis.report.exhibited import title_of
    from analysis.report.runner import list_notebooks

    rows = [[name, title_of(nbformat.read(path, as_version=4))] for name, path in list_notebooks().items()]
    return ["name", "question"], rows


def _list_subjects(data: str) -> Rows:
    from typing import get_args

    from analysis.indicators.definitions import load_indicators
    from analysis.indicators.observations import load_figures
    from analysis.vocabulary import Subject

    figures = load_figures(data)
    subjects = figures["indicator"].map(lambda name: load_indicators()[name].subject)
    sources = figures["source"].str.partition("/")[0]
    names = list(dict.fromkeys(sources))
    counts = figures.groupby([subjects, sources]).size().unstack(fill_value=0)
    rows = [[name, *(str(counts.loc[name, source]) for source in names), str(counts.loc[name].sum())]
            for name in get_args(Subject) if name in counts.index]  # fmt: skip
    total = ["All", *(str(counts[source].sum()) for source in names), str(len(figures))]
    return ["subject", *names, "all"], [*rows, total]


def _described(name: str, data: str) -> Iterator[tuple[str, str]]:
    """Titles and contents of whatever has this name: a figure, a source, a caveat, or an indicator."""
    from analysis.indicators.definitions import find_indicator, load_indicators
    from analysis.sources.catalogue import load_caveats, load_sources
    from analysis.sources.releases import load_releases

    declared = {**load_sources(), **load_releases(), **load_caveats(), **load_indicators()}
    by_code = {item.code: item for item in (*load_sources().values(), *load_releases().values())}
    found: Any = declared.get(name) or by_code.get(name.upper())
    if found is None and "." in name:
        row = _figure(name.upper(), data)
        if row:
            yield from row.items()
            return
    if found is None:
        found = _indicator_or_all_names(name, find_indicator, list(declared))
    yield from ((key, _in_words(value)) for key, value in found.model_dump().items() if value not in ("", [], {}))


def _figure(name: str, data: str) -> dict[str, str]:
    """One figure with its words; of an official one the cell, in the folder that holds its release."""
    from analysis.indicators.observations import load_figures
    from analysis.indicators.open_figures import find_official
    from analysis.sources.releases import load_releases

    official = name.partition(".")[0] in {item.code for item in load_releases().values()}
    if official and not data:
        raise UnknownNameError(f"{name} is an official figure: give --data and the folder that holds its release.")
    if official:
        match = find_official(data, name)
    else:
        rows = load_figures()
        match = rows[rows["figure"] == name]
    if match.empty:
        return {}
    return {str(key): str(value) for key, value in match.iloc[0].items() if str(value) not in ("", "nan", "False")}


def _indicator_or_all_names(name: str, find: Any, names: list[str]) -> Any:
    try:
        return find(name)
    except UnknownNameError:
        close = nearest(name, names)
        offer = f"Did you mean {' or '.join(close)}?" if close else "`analysis list` shows what there is."
        raise UnknownNameError(f"{name!r} is no indicator, source, caveat or figure. {offer}") from None


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_in_words(item)}" for key, item in value.items() if item not in ("", [], {}))
    if isinstance(value, list):
        return ", ".join(_in_words(item) for item in value)
    return str(value)
