"""Writes referrals as the list that an advocacy provider would send with the return of a year."""

from __future__ import annotations

import csv
from pathlib import Path

from analysis.synthetic.calendar import british
from analysis.synthetic.drawing import age_on
from analysis.synthetic.lives import Child, Referral
from analysis.synthetic.truth import Year

NAME = "advocacy_referrals.csv"
COLUMNS = (
    "CHILD", "REFERENCE", "STATUS", "REFERRAL_DATE", "SOURCE", "OFFER_DATE", "ANSWER", "ANSWER_DATE", "ADVOCACY", "ISSUES",
    "FIRST_CONTACT_DATE", "CLOSED_DATE", "AGE", "SEX", "ETHNIC", "DISABLED",
)  # fmt: skip


class ReferralWriter:
    """Writes the list of one year: referrals made in it, and those made before that were still open when it began.

    Args:
        folder: where; it has to be there.
        year: the year, of which nothing is known that came after it.
    """

    def __init__(self, folder: Path, year: Year) -> None:
        self._year = year
        self._file = (folder / NAME).open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def add(self, child: Child) -> None:
        """Write the referrals of a child that belong in the list."""
        for item in child.referrals:
            if item.day <= self._year.last and item.closed >= self._year.first:
                self._writer.writerow(self._row(child, item))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _row(self, child: Child, item: Referral) -> tuple[str, ...]:
        return (
            child.id if item.named else "", item.reference, item.status, british(item.day), item.source, self._known(item.offered),
            self._answer(item), self._known(item.answered), self._advocacy(item), "; ".join(item.issues), self._known(item.contact),
            self._known(item.closed), str(age_on(child.birth, item.day)), child.sex if child.sex_known else "U", child.ethnicity,
            "yes" if child.disabilities else "no",
        )  # fmt: skip

    def _known(self, day: int | None) -> str:
        return british(day) if day is not None and day <= self._year.last else ""

    def _answer(self, item: Referral) -> str:
        if self._known(item.answered):
            return item.answer
        return "no answer" if self._known(item.offered) else ""

    def _advocacy(self, item: Referral) -> str:
        if not self._known(item.taken_up):
            return ""
        return "instructed" if item.instructed else "non-instructed"
