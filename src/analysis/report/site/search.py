"""What the search of the list looks through: headings and findings of all reports, definitions and sources.

The file is a script that sets one variable, since a page opened from a folder may load a script but not read a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from analysis.indicators.definitions import load_indicators
from analysis.report.look import TEMPLATES
from analysis.report.site.made import Made
from analysis.sources.cited import load_published


def search_files(reports: Sequence[Made]) -> dict[str, str]:
    """Return the files of the search, by their paths in the folder of all reports."""
    entries = [*_of_reports(reports), *_of_definitions(), *_of_sources()]
    # A less-than sign inside a script could end it.
    data = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    program = (TEMPLATES / "site" / "search.js").read_text(encoding="utf-8")
    return {"search-data.js": f"const searchData={data};\n", "search.js": program}


def _of_reports(reports: Sequence[Made]) -> Iterator[dict[str, str]]:
    for report in reports:
        about = {"place": report.area, "year": report.year, "question": report.entry.question}
        if report.entry.kind == "briefing":
            about["kind"] = "Briefing"
        yield {
            "title": f"{report.place}: {report.entry.question}",
            "address": report.address,
            "text": report.entry.headline,
            "more": _names(report.entry.measures),
            **about,
        }
        for finding in report.entry.findings:
            yield {
                "title": f"{report.place}: {finding.heading or report.entry.question}",
                "address": f"{report.address}#{finding.anchor}",
                "text": " ".join(finding.sentences),
                "more": _names(finding.measures),
                **about,
            }


def _of_definitions() -> Iterator[dict[str, str]]:
    for indicator in load_indicators().values():
        yield {
            "title": f"Definition: {indicator.name}",
            "address": f"definitions/{indicator.id}.html",
            "text": indicator.definition,
            "more": _names([indicator.id]),
        }


def _of_sources() -> Iterator[dict[str, str]]:
    for source in load_published().values():
        yield {
            "title": f"Source: {source.short}",
            "address": f"sources/{source.id}.html",
            "text": f"{source.title}. {source.publisher}. {source.covers}.",
        }


def _names(measures: Sequence[str]) -> str:
    """All names of indicators, so that a finding is found by a name that it does not say."""
    known = load_indicators()
    found = [known[name] for name in measures if name in known]
    return " ".join(" ".join([item.name, *item.also_known_as, item.question]) for item in found)
