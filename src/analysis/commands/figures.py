"""The command ``analysis figures``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.commands.console import Format, err, given_path, print_table, require_open, warn_of_left_out
from analysis.errors import UnknownNameError

if TYPE_CHECKING:
    import pandas as pd


def figures_command(
    area: Annotated[str | None, typer.Option(help="Name or nine-character code.")] = None,
    year: Annotated[str | None, typer.Option(help="A financial year, such as 2020-21.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Id or name of an indicator.")] = None,
    data: Annotated[str, typer.Option(help="A folder of official files, such as data/raw.")] = "",
    as_published: Annotated[str, typer.Option(help="Of several releases: latest, first, or all.")] = "latest",
    format: Annotated[Format, typer.Option(help="How to show them.")] = Format.table,
    output: Annotated[Path | None, typer.Option(parser=given_path, help="A file to write them to.")] = None,
) -> None:
    """Show the table of figures, whole or filtered."""
    require_open(data)
    rows = _figures(area, year, indicator, data=data, as_published=as_published)
    warn_of_left_out(data)
    if rows.empty:
        asked = ", ".join(text for text in (area, year, indicator) if text)
        raise UnknownNameError(
            f"No figure is held for {asked}. `analysis list areas` and `analysis list periods` show what there is"
            + (
                f"; `analysis check {data}` says which years its files hold."
                if data
                else ", and --data adds official files."
            )
        )
    text = _as_text(rows, format)
    if output is not None:
        from analysis.report.files import write_whole

        write_whole(output, text)
        err.print(f"{len(rows)} figures written to {output}", markup=False)
    elif format == Format.table:
        print_table(*_short_table(rows))
    else:
        sys.stdout.write(text)


def _figures(
    area: str | None, year: str | None, indicator: str | None, *, data: str, as_published: str
) -> pd.DataFrame:
    import pandas as pd

    from analysis.indicators.definitions import find_indicator
    from analysis.indicators.observations import filter_figures, load_figures
    from analysis.indicators.open_figures import read_official, read_releases
    from analysis.periods import parse_year
    from analysis.sources.areas import find_area

    place = find_area(area).code if area else None
    wanted = find_indicator(indicator).id if indicator else None
    label = parse_year(year) if year else None
    rows = load_figures()
    if data:
        only = {"areas": [place] if place else [], "indicators": [wanted] if wanted else []}
        official = (
            read_releases(data, **only)
            if as_published == "all"
            else read_official(data, **only, as_published=as_published)
        )
        rows = pd.concat([rows, official[rows.columns]], ignore_index=True)
    return filter_figures(rows, area=place, year=label, indicator=wanted)


def _as_text(rows: pd.DataFrame, format: Format) -> str:
    from analysis.vocabulary import COLUMNS

    table = rows[[*COLUMNS, "citation", "caveat"]]
    if format == Format.json:
        records = json.loads(table.to_json(orient="records"))
        return json.dumps(records, indent=2, ensure_ascii=False) + "\n"
    if format == Format.csv:
        return table.to_csv(index=False, lineterminator="\n")
    headings, cells = _short_table(rows)
    lines = ["\t".join(headings), *("\t".join(cell) for cell in cells)]
    return "\n".join(lines) + "\n"


def _short_table(rows: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    from analysis.present.formatting import is_missing

    def value(row: Any) -> str:
        return str(row.status) if is_missing(row.value) else f"{row.value:.{int(row.precision)}f}"

    cells = [
        [row.figure, row.indicator, row.area_name, row.period, row.breakdown, row.value_type, value(row)]
        for row in rows.itertuples()
    ]
    return ["figure", "indicator", "area", "period", "breakdown", "type", "value"], cells  # type: ignore[return-value]
