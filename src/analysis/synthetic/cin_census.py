"""Writes lives as CIN Census returns in XML, a line a child, each as the census of that year would have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.synthetic.calendar import add_working_days, iso
from analysis.synthetic.lives import Child, Need, Plan
from analysis.synthetic.truth import Year

#: From the census of 2023/24 the element is called Sex and holds letters.
_SEX_FROM = 2024
_LIMIT = 15


class CensusWriter:
    """Writes one census.

    Args:
        folder: where; it has to be there.
        year: the year.
    """

    def __init__(self, folder: Path, year: Year) -> None:
        self._year = year
        self._file = (folder / "cin_census.xml").open("w", encoding="utf-8", newline="")
        self._file.write(_header(year))

    def add(self, child: Child) -> None:
        """Write a child, if it was in need on a day of the year."""
        needs = [item for item in child.needs if item.referral <= self._year.last and item.closure >= self._year.first]
        if needs:
            details = "".join(_details(item, self._year) for item in needs)
            self._file.write(f"<Child>{_identifiers(child, self._year)}{_characteristics(child)}{details}</Child>\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.write("</Children>\n</Message>\n")
        self._file.close()


def _header(year: Year) -> str:
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n<Message>\n<Header><CollectionDetails><Collection>CIN</Collection>"
        f"<Year>{year.number}</Year><ReferenceDate>{iso(year.last)}</ReferenceDate></CollectionDetails>"
        "<Source><SourceLevel>L</SourceLevel><LEA>000</LEA><SoftwareCode>Made up</SoftwareCode><Release>1</Release>"
        f"<SerialNo>001</SerialNo><DateTime>{iso(year.last)}T00:00:00</DateTime></Source></Header>\n<Children>\n"
    )


def _identifiers(child: Child, year: Year) -> str:
    # A child that is not born by the end of the year has the day on which it is expected.
    name = "PersonBirthDate" if child.birth <= year.last else "ExpectedPersonBirthDate"
    if year.number >= _SEX_FROM:
        sex = f"<Sex>{child.sex if child.sex_known else 'U'}</Sex>"
    else:
        sex = f"<GenderCurrent>{'1' if child.sex == 'M' else '2'}</GenderCurrent>"
    return (
        f"<ChildIdentifiers><LAchildID>{child.id}</LAchildID><UPNunknown>UN1</UPNunknown>"
        f"<{name}>{iso(child.birth)}</{name}>{sex}</ChildIdentifiers>"
    )


def _characteristics(child: Child) -> str:
    disabilities = "".join(f"<Disability>{code}</Disability>" for code in child.disabilities or ("NONE",))
    return f"<ChildCharacteristics><Ethnicity>{child.ethnicity}</Ethnicity><Disabilities>{disabilities}</Disabilities></ChildCharacteristics>"


def _details(need: Need, year: Year) -> str:
    return f"<CINdetails>{''.join(_parts_of_details(need, year))}</CINdetails>"


def _parts_of_details(need: Need, year: Year) -> Iterator[str]:
    yield f"<CINreferralDate>{iso(need.referral)}</CINreferralDate><ReferralSource>6</ReferralSource>"
    yield f"<PrimaryNeedCode>{need.code}</PrimaryNeedCode>"
    if need.closure <= year.last:
        yield f"<CINclosureDate>{iso(need.closure)}</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>"
    if need.transferred_in and need.conference is not None and need.conference <= year.last:
        yield f"<DateOfInitialCPC>{iso(need.conference)}</DateOfInitialCPC>"
    yield _enquiry(need, year)
    yield "<ReferralNFA>false</ReferralNFA>"
    if need.plan is not None and need.plan.start <= year.last and need.plan.end >= year.first:
        yield _plan(need.plan, year)


def _enquiry(need: Need, year: Year) -> str:
    """An enquiry of the year, or whose conference was in the year; a conference to come is not known yet."""
    latest = need.enquiry if need.conference is None else need.conference
    if need.enquiry is None or latest is None or need.enquiry > year.last or latest < year.first:
        return ""
    held = need.conference is not None and need.conference <= year.last
    conference = (
        f"<DateOfInitialCPC>{iso(need.conference)}</DateOfInitialCPC>" if held and need.conference is not None else ""
    )
    return (
        f"<Section47><S47ActualStartDate>{iso(need.enquiry)}</S47ActualStartDate>"
        f"<InitialCPCtarget>{iso(add_working_days(need.enquiry, _LIMIT))}</InitialCPCtarget>{conference}"
        f"<ICPCnotRequired>{'true' if need.conference is None else 'false'}</ICPCnotRequired></Section47>"
    )


def _plan(plan: Plan, year: Year) -> str:
    end = f"<CPPendDate>{iso(plan.end)}</CPPendDate>" if plan.end <= year.last else ""
    latest = plan.latest if plan.changed <= min(year.last, plan.end) else plan.category
    reviews = "".join(f"<CPPreviewDate>{iso(day)}</CPPreviewDate>" for day in reviews_of(plan, year))
    return (
        f"<ChildProtectionPlans><CPPstartDate>{iso(plan.start)}</CPPstartDate>{end}"
        f"<InitialCategoryOfAbuse>{plan.category}</InitialCategoryOfAbuse><LatestCategoryOfAbuse>{latest}</LatestCategoryOfAbuse>"
        f"<NumberOfPreviousCPP>{plan.previous}</NumberOfPreviousCPP><Reviews>{reviews}</Reviews></ChildProtectionPlans>"
    )


def reviews_of(plan: Plan, year: Year) -> list[int]:
    """Return the reviews that the census of a year holds: those of the year, and the last one before it.

    Args:
        plan: the plan.
        year: the year.
    """
    before = [day for day in plan.reviews if day < year.first]
    return before[-1:] + [day for day in plan.reviews if year.first <= day <= year.last]
