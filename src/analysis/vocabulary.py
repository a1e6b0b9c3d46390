"""The closed vocabularies of the project: column names and the values that columns may hold.

The same word means the same thing everywhere: in code, in data files and in reports.
Definitions in plain words: GLOSSARY.md.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

GeographicLevel = Literal["National", "Regional", "Local authority", "Comparator group"]
Status = Literal[
    "reported",
    "suppressed",
    "not_applicable",
    "not_available",
    "rounds_to_zero",
    "low_reliability",
    "not_recorded",
    "blank_in_source",
]
ValueType = Literal["observed", "target", "comparator", "change", "change_percent"]
PeriodBasis = Literal["stated", "inferred"]
Calculation = Literal["count", "proportion", "rate", "mean", "amount"]
Unit = Literal[
    "children", "plans", "issues", "contacts", "enquiries", "conferences", "pupils", "people", "orders",
    "disputes", "compliments", "audits", "reviews", "alerts", "visits", "percent", "per 10,000 children", "points", "cases per worker",
    "full-time equivalents", "staff", "returns", "complaints", "working days", "months", "hours", "weeks", "accounts", "meetings",
    "agencies", "homes", "places", "times a year", "referrals",
]  # fmt: skip
Subject = Literal[
    "Children in care", "Child protection", "Placements and fostering", "Leaving care for a family",
    "Reviews and participation", "Workforce", "Quality and disputes", "Health", "Education", "Care leavers",
    "Advocacy and independent visitors",
]  # fmt: skip
Measured = Literal["stock", "flow"]
Polarity = Literal["higher_is_better", "lower_is_better", "neutral"]
Comparator = Literal["statistical_neighbours", "region", "england", "target"]

#: Units of things that are counted one by one.
COUNTED_UNITS: Final = (
    "children", "plans", "issues", "contacts", "enquiries", "conferences", "pupils", "people", "orders", "disputes",
    "compliments", "audits", "reviews", "alerts", "visits", "staff", "returns", "complaints", "accounts", "meetings",
    "agencies", "homes", "places", "referrals",
)  # fmt: skip

STATUSES: Final = get_args(Status)
SUPPRESSED: Final = "suppressed"
STATUSES_WITH_A_VALUE: Final = ("reported", "low_reliability")

#: What a missing value says in a table.
STATUS_WORDS: Final[dict[str, str]] = {
    "reported": "",
    "suppressed": "suppressed (c)",
    "not_applicable": "not applicable (z)",
    "not_available": "not available (x)",
    "rounds_to_zero": "rounds to zero (k)",
    "low_reliability": "low reliability (u)",
    "not_recorded": "not recorded",
    "blank_in_source": "blank in the source",
    "no_longer_shown": "printed then, hidden now",
}

#: The observation table: column, kind, meaning. The order is the order in data files.
OBSERVATION_COLUMNS: Final[tuple[tuple[str, str, str], ...]] = (
    ("figure", "text", "identifier of this figure, never reused: source code, a point, a number"),
    ("indicator", "text", "indicator id, as in data/catalogue/indicators"),
    ("area_code", "text", "nine-character code; for a comparator group SN: and the code of its area"),
    ("area_name", "text", "name of the area or comparator group"),
    ("geographic_level", "text", "National, Regional, Local authority or Comparator group"),
    ("period", "text", "canonical period label, such as 2020-21 or 2021-22-Q2"),
    ("period_basis", "text", "stated in the source, or inferred (the note says how)"),
    ("breakdown_topic", "text", "what the figure is broken down by; Total for all"),
    ("breakdown", "text", "the group within the topic; Total for all"),
    ("numerator", "number", "as published or counted"),
    ("denominator", "number", "as published or counted"),
    ("value", "number", "in the indicator's unit; blank where the status says why"),
    ("status", "text", "reported, or why there is no value"),
    ("value_type", "text", "observed, target, comparator, change or change_percent"),
    ("precision", "whole number", "decimals that the source printed"),
    ("source", "text", "source id, as in data/catalogue/sources"),
    ("locator", "text", "where in the source: section, table, row, column"),
    ("quote", "text", "the source's own words that hold the figure, to the letter"),
    ("release", "text", "date on which this release of the source was published"),
    ("disclosure", "text", "disclosure rule applied, blank if none was needed"),
    ("note", "text", "what a reader must know about the transcription of this one figure"),
)

COLUMNS: Final = tuple(name for name, _, _ in OBSERVATION_COLUMNS)
NUMBER_COLUMNS: Final = ("numerator", "denominator", "value")

#: No two figures agree in all of these.
KEY: Final = (
    "indicator",
    "area_code",
    "period",
    "breakdown_topic",
    "breakdown",
    "value_type",
    "source",
    "release",
    "locator",
)

#: What is measured, whoever says it: figures that agree in all of these measure the same thing.
MEASURE: Final = ("indicator", "area_code", "period", "breakdown_topic", "breakdown", "value_type")

TOTAL: Final = "Total"

#: The status of a row that stands for a figure which no source held here gives; never in a data file.
NOT_HELD: Final = "not_held"

#: The status of a number that an older release printed and a newer one hides; never in a data file.
NO_LONGER_SHOWN: Final = "no_longer_shown"

#: The status of a figure that no source prints but that others imply; never in a data file.
WORKED_OUT: Final = "worked_out"
