"""What two sources of the same figures say in words: a report beside official figures, one release beside the next."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.definitions import Indicator
from analysis.present import phrases_of_sources as sources
from analysis.vocabulary import TOTAL

#: Figures of two sources that are each said; of more only those of all children.
MOST_SAID = 12


def beside(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say which figures of a council's report the Department for Education gives too, and whether they are the same.

    Args:
        rows: one row a measure: the report's figure, the Department's in columns ``other_*``, ``value_difference``
            (report minus Department) and ``direction``.
        indicators: definitions by id.
    """
    both = sources.in_both_sources(rows)
    differ = any(sources.differs(row) for _, row in both.iterrows())
    # A wall of sentences is read by nobody: of many, those of all children are said, and the table has every group.
    said = both if len(both) <= MOST_SAID else both[both["breakdown_topic"] == TOTAL]
    return [
        sources.how_many_agree(rows),
        *[sources.both_sources(row, indicators[row["indicator"]]) for _, row in said.iterrows()],
        *(["The table has the figures of groups, too."] if len(said) < len(both) else []),
        *sources.given_by_one(rows),
        *([sources.UNEXPLAINED] if differ else []),
    ]


def revision(rows: pd.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """Say how many figures a newer release changed, and which number most.

    Args:
        rows: one row a measure: the newer release's figure, the older one's in columns ``other_*``,
            ``release_short``, ``other_release_short``, ``value_difference`` (newer minus older),
            ``value_difference_percent`` and ``direction``.
        indicators: definitions by id.
    """
    changed = sources.changed_rows(rows)
    return [
        sources.how_many_changed(rows),
        *sources.largest_change(changed, indicators),
        *sources.hidden_or_shown(changed, indicators),
        *sources.within_rounding(rows),
        *sources.not_printed(rows),
        *sources.no_longer_given(rows),
        *([] if changed.empty else [sources.UNEXPLAINED]),
    ]
