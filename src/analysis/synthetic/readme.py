"""The words beside the returns: that they are made up, how to use the answers, and what was counted as what."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.synthetic.advocacy_truth import ADVOCACY_CONVENTIONS
from analysis.synthetic.truth import CONVENTIONS

FIRST_LINE = "# Made-up returns: no real child is in them"


def readme_of(children: int, years: Sequence[int], seed: int, format_: str) -> str:
    """Return the README of a folder of made-up returns.

    Args:
        children: how many were drawn.
        years: the years, in order.
        seed: the seed.
        format_: how SSDA903 is written.
    """
    first, last = min(years), max(years)
    care = "`ssda903.xml`" if format_ == "xml" else "`header.csv`, `episodes.csv`, `reviews.csv`, `uasc.csv`"
    lines = "\n".join(f"* `{name}`: {text}" for name, text in {**CONVENTIONS, **ADVOCACY_CONVENTIONS}.items())
    return f"""{FIRST_LINE}

Every child, family, home, plan and date in this folder was drawn by chance. Nothing was taken from a real record, and no rate here
says anything about a real place. Postcodes begin with ZZ, numbers of homes with SC9. Made by

    analysis synthesise --children {children} --years {first}..{last} --seed {seed} --format {format_} --output FOLDER

which writes the same bytes each time (with the same version of this program and its libraries).

## What is here

* `{first}` … `{last}`: one folder a year, named by the 31 March on which the year ends, with the returns as they would have been sent
  then, so that what ended later is still open: SSDA903 ({care}), the CIN Census (`cin_census.xml`) and lists 7 and 8 of Annex A
  (`annex_a.xlsx`, as on 31 March). Beside them stands the list of an advocacy provider (`advocacy_referrals.csv`): referrals made in
  the year or still open when it began. Which postcodes of placements lie in the area is told by `placement_locations.csv`. A child has
  the same identifier in all of them; of some children who are not in care the provider does not know it.
* `truth.csv`: the true answers for each year, of all children and, on advocacy, also by group (ethnicity by its code). They come from
  the lives that were drawn, not from the rows that were written.

## What the files alone cannot tell

The returns begin with {first}; the lives began before. Answers that look back are true for every year, but a program that has these
files only can find all of them from the third year on: reviews and `three_placements_two_years` need the year before,
`same_carer_two_years` needs two, as do gaps between plans (`cp_repeat_12_months`, `cp_repeat_24_months`). `cp_repeat_ever` can always be
read from NumberOfPreviousCPP; a history of plans in the files is shorter. Annex A gives list 8 one row a child and no history.

## What is counted as what

A stay runs from its first day up to, not including, the day it ends: the day of a move belongs to the new home, and a child who ceased
to be looked after on 31 March is not looked after on that day. Months are calendar months; where the later month has no such day, its
last day. Working days leave out weekends and the bank holidays of England and Wales. "In the year" is 1 April to 31 March, both included.
Where official texts leave a choice, the one below was made; it is a convention, not a ruling.

{lines}

Semi-independent and supported accommodation is coded H5 up to 2023/24 and K3 from 2024/25, also for a stay that goes on; "other" is Z1
up to 2024/25 and then Z11; sex is 1 or 2 up to 2023/24, then M, F or U. A carer's move and a foster home that becomes long-term
(U6 to U4, U3 to U1) are coded T. A temporary stay has P both ways, no provider and no reason for change. REC of an open episode is blank.
"""
