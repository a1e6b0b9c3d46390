"""What is wrong between an advocacy referral list and the SSDA903 return beside it: as SQL, with the words for each problem."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        sql: a query that gives file, row and found (words without anything of the record) of each problem.
        column: the column that it is said of.
        expected: what may be there.
        action: what to do.
        rule: its short name.
    """

    sql: str
    column: str
    expected: str
    action: str
    rule: str


#: Referrals of a child that the list names, made in a year of which episodes are held.
_NAMED = """
    SELECT * FROM referrals_once r WHERE child IS NOT NULL AND EXISTS (
        SELECT 1 FROM years_of_files y WHERE y.held = 'episodes' AND fy(r.referred) BETWEEN y.first_year AND y.last_year
    )
"""

REFERRAL_CHECKS = (
    Check(
        sql=f"""
            SELECT file, row, 'a child who is not in the SSDA903 return' AS found FROM ({_NAMED})
            WHERE coalesce(status, 'in care') = 'in care' AND child NOT IN (SELECT child FROM episodes WHERE child IS NOT NULL)
        """,
        column="CHILD",
        expected="a child of the return, or a STATUS other than in care",
        action="Look whether it is the identifier of the return, to the letter; the child is in no share of children in care.",
        rule="not in the return",
    ),
    Check(
        sql=f"""
            SELECT file, row, 'a child who was not in care on the day of the referral' AS found FROM ({_NAMED}) n
            WHERE status = 'in care' AND child IN (SELECT child FROM episodes) AND NOT EXISTS (
                SELECT 1 FROM periods p WHERE p.child = n.child AND n.referred >= p.started AND (p.ended IS NULL OR n.referred < p.ended)
            )
        """,
        column="STATUS",
        expected="in care only on a day in care; short breaks (V3, V4) are none",
        action="Mend the day or the status; the child counts in the years in which it was in care.",
        rule="not in care",
    ),
    Check(
        sql=f"""
            SELECT n.file, n.row, 'an age that differs by more than a year from that of the SSDA903 return' AS found
            FROM ({_NAMED}) n JOIN people p ON p.child = n.child
            WHERE abs(date_sub('year', p.birth, n.referred) - n.age) > 1
        """,
        column="AGE",
        expected="the age of the child who has this identifier in the return",
        action="Look whether the identifier is that of another child; the age of the return was taken.",
        rule="another age",
    ),
)
