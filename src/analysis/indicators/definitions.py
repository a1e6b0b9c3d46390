"""Indicator definitions: one reviewed YAML file each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import Field, model_validator

from analysis.errors import CatalogueError, UnknownNameError, did_you_mean, nearest
from analysis.sources.catalogue import load_breakdowns, load_caveats
from analysis.sources.declared import Declared, load_declared
from analysis.sources.folders import data_folder
from analysis.sources.releases import load_tables
from analysis.vocabulary import COUNTED_UNITS, Calculation, Comparator, Measured, Polarity, Subject, Unit

Sentence = Annotated[str, Field(min_length=1)]
_MULTIPLIERS = {"count": 1, "proportion": 100, "rate": 10_000}


class Break(Declared):
    """A change of definition: no trend is drawn or tested across it.

    Attributes:
        period: the first period after the break.
        reason: what changed.
    """

    period: str
    reason: Sentence


class Interval(Declared):
    """How uncertainty is given.

    Attributes:
        method: the method, where counts allow one; none for a count of everything.
        where_missing: why there is no interval where a source gives no count.
    """

    method: Sentence
    where_missing: Sentence


class Official(Declared):
    """The official definition, and where it is to be found; the citation is blank where there is none."""

    text: Sentence
    citation: str


class Group(Declared):
    """One group of a table that has a column for each.

    Attributes:
        numerator: the column that counts it.
        value: the column with its share; blank where none is printed.
    """

    numerator: str
    value: str = ""


class PublishedIn(Declared):
    """Where official files hold an indicator. Columns are named as in data/catalogue/tables.yml.

    Attributes:
        table: the table.
        where: the rows, by filter.
        topic: the filter that names the topic of a breakdown, or the topic itself; blank for the figure of all children.
        group: the filter that names the group.
        groups: groups that stand in columns side by side.
        value: the column that holds it; blank where it is not printed and is worked out.
        numerator: columns that add up to the numerator.
        denominator: the column of the denominator.
        denominator_where: the row that holds the denominator, where it is another one: filters that differ.
        of_population: the denominator is the number of children at mid-year before the year ended.
    """

    table: str
    where: dict[str, str] = Field(default_factory=dict)
    topic: str = ""
    group: str = ""
    groups: dict[str, Group] = Field(default_factory=dict)
    value: str = ""
    numerator: list[str] = Field(default_factory=list)
    denominator: str = ""
    denominator_where: dict[str, str] = Field(default_factory=dict)
    of_population: bool = False

    @model_validator(mode="after")
    def _names_known_columns(self) -> PublishedIn:
        kind = load_tables().get(self.table)
        if kind is None:
            raise ValueError(f"published: {self.table!r} is no table. {did_you_mean(self.table, load_tables())}")
        is_named = self.topic in load_breakdowns()
        filters = [*self.where, *self.denominator_where, self.group, "" if is_named else self.topic]
        numbers = [self.value, self.denominator, *self.numerator]
        numbers += [name for group in self.groups.values() for name in (group.numerator, group.value)]
        wrong = [name for name in filters if name and name not in kind.filters]
        wrong += [name for name in numbers if name and name not in kind.numbers]
        if wrong:
            raise ValueError(f"published: {wrong[0]!r} is no column of {self.table}")
        return self


class Part(Declared):
    """What a whole is made of: an indicator that is only given by groups, and the topic of those groups."""

    indicator: str
    topic: str


class Indicator(Declared):
    """What is measured, and how to read it.

    Attributes:
        id: the file's name.
        name: as headings and tables name it.
        subject: what part of the field it belongs to, from a closed list.
        noun: as it stands inside a sentence, without an article.
        says: a clause with {value} in it, in the past tense.
        also_known_as: other names that people search for, such as NI 65.
        question: the question that it answers, as a councillor would ask it.
        definition: one sentence.
        rationale: why it matters.
        numerator: what is counted.
        denominator: what it is counted out of; blank for a count.
        calculation: count, proportion, rate or mean.
        multiplier: 1, 100 or 10,000.
        unit: the unit of its values.
        decimals: decimals in computed values; published ones keep the decimals that were printed.
        measured: stock at the end of a period, or flow in it.
        polarity: whether higher or lower is better; neutral forbids words of judgement.
        breakdowns: topics that its figures may be broken down by.
        comparators: what it may be compared with.
        interval: how uncertainty is given.
        caveats: keys of caveats that always apply.
        breaks: changes of definition.
        official_definition: the official definition and its citation.
        where_to_find: where a figure that is not held might be found.
        counted_in: for a rate, the indicator that counts its numerator, where a document prints the two apart.
        taken_of: for a proportion, the indicator that counts its denominator.
        population_as: for a rate, another rate of the same children, from which their number can be had.
        average_of: for an average per worker, the indicator that counts what is shared.
        shared_among: for an average per worker, the indicator that counts those who share it.
        rest: for a share, the indicator of what is left of the same whole: the two add up to 100.
        profile_of: for a share of groups, the indicator that counts the same children by group.
        read_with: indicators that it is read together with; nothing is said of causes.
        parts: what it is made of.
        published: where official files hold it; of several tables with the same figures the first that is there is read.
    """

    id: str
    name: Sentence
    subject: Subject
    noun: Sentence
    says: Sentence
    also_known_as: list[str]
    question: Sentence
    definition: Sentence
    rationale: Sentence
    numerator: Sentence
    denominator: str
    calculation: Calculation
    multiplier: int
    unit: Unit
    decimals: int = Field(ge=0, le=3)
    measured: Measured
    polarity: Polarity
    breakdowns: list[str]
    comparators: list[Comparator]
    interval: Interval
    caveats: list[str]
    breaks: list[Break]
    official_definition: Official
    where_to_find: Sentence
    counted_in: str = ""
    taken_of: str = ""
    population_as: str = ""
    average_of: str = ""
    shared_among: str = ""
    rest: str = ""
    profile_of: str = ""
    read_with: list[str] = Field(default_factory=list)
    parts: list[Part] = Field(default_factory=list)
    published: list[PublishedIn] = Field(default_factory=list)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Indicator:
        problems = [*self._wrong_words(), *self._wrong_numbers(), *self._wrong_names()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _wrong_words(self) -> list[str]:
        problems = []
        if self.says.count("{value}") != 1:
            problems.append("says must hold {value} once")
        if not self.question.endswith("?"):
            problems.append("question must end with a question mark")
        if (self.denominator == "") != (self.calculation == "count"):
            problems.append("denominator is blank for a count, and only for a count")
        return problems

    def _wrong_numbers(self) -> list[str]:
        problems = []
        if self.calculation in _MULTIPLIERS and self.multiplier != _MULTIPLIERS[self.calculation]:
            problems.append(f"multiplier of a {self.calculation} must be {_MULTIPLIERS[self.calculation]}")
        if (self.calculation == "proportion") != (self.unit == "percent"):
            problems.append("unit is percent for a proportion, and only for a proportion")
        if (self.calculation == "count") != (self.unit in COUNTED_UNITS):
            problems.append("unit must be what is counted for a count, and only for a count")
        return problems

    def _wrong_names(self) -> list[str]:
        topics, caveats = load_breakdowns(), load_caveats()
        unknown = [f"{name!r} is no topic of breakdowns.yml" for name in self.breakdowns if name not in topics]
        return unknown + [f"{key!r} is no key of caveats.yml" for key in self.caveats if key not in caveats]

    @property
    def tested(self) -> Indicator:
        """The indicator whose change is tested: the count behind a rate, else itself."""
        return load_indicators()[self.counted_in] if self.counted_in else self

    @property
    def is_percentage(self) -> bool:
        """Whether values are written with a % sign."""
        return self.unit == "percent"


@cache
def load_indicators() -> Mapping[str, Indicator]:
    """Return every indicator by its id.

    Raises:
        CatalogueError: a definition breaks its contract; every problem in the file is listed.
    """
    paths = sorted((data_folder() / "catalogue" / "indicators").glob("*.yml"))
    indicators = {path.stem: load_declared(path, Indicator) for path in paths}
    for name, indicator in indicators.items():
        if indicator.id != name:
            raise CatalogueError(
                f"data/catalogue/indicators/{name}.yml: the id is {indicator.id!r}, expected {name!r}."
            )
        _require_known_names(indicator, indicators)
    return indicators


def _require_known_names(indicator: Indicator, known: Mapping[str, Indicator]) -> None:
    named = [indicator.counted_in, indicator.taken_of, indicator.population_as, indicator.average_of]
    named += [indicator.shared_among, indicator.rest, indicator.profile_of, *indicator.read_with]
    named += [part.indicator for part in indicator.parts]
    wrong = [name for name in named if name and name not in known]
    wrong += [part.topic for part in indicator.parts if part.topic not in load_breakdowns()]
    if wrong:
        raise CatalogueError(
            f"data/catalogue/indicators/{indicator.id}.yml: {wrong[0]!r} is no indicator or topic. "
            f"{did_you_mean(wrong[0], [*known, *load_breakdowns()])}"
        )


def units() -> dict[str, str]:
    """Return the unit of each indicator, by its id."""
    return {name: indicator.unit for name, indicator in load_indicators().items()}


def find_indicator(name: str) -> Indicator:
    """Return the indicator that an id, a name or another known name names; case does not matter.

    Raises:
        UnknownNameError: no such indicator; the nearest names are offered.

    Example:
        >>> find_indicator("NI 65").id
        'cp_repeat_plans'
    """
    indicators = load_indicators()
    names = {
        word.casefold(): indicator.id
        for indicator in indicators.values()
        for word in (*reversed(indicator.also_known_as), indicator.name, indicator.id)
    }
    found = names.get(" ".join(name.split()).casefold())
    if found:
        return indicators[found]
    close = list(dict.fromkeys(names[word] for word in nearest(name, names)))
    offer = f"Did you mean {' or '.join(close)}?" if close else "`analysis list indicators` shows them all."
    raise UnknownNameError(f"{name!r} is not an indicator. {offer}")
