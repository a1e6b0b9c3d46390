"""Every way of writing a period that reports use gives one label; what is no period is refused with a hint."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import UnknownNameError
from analysis.periods import in_time_order, parse_period, parse_year, year_before, years_touched


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2020-21", "2020-21"), ("2020/21", "2020-21"), ("202021", "2020-21"), ("2020-2021", "2020-21"),
        ("2020\N{EN DASH}21", "2020-21"), (" 2020/21 ", "2020-21"), ("1999-00", "1999-00"), ("2011-12", "2011-12"),
        ("31 March 2021", "2021-03-31"), ("31st march 2021", "2021-03-31"), ("2021-03-31", "2021-03-31"),
        ("31/03/2021", "2021-03-31"), ("Q2 2021/22", "2021-22-Q2"), ("2021-22-Q2", "2021-22-Q2"),
        ("2021-22 Q4", "2021-22-Q4"), ("quarter 1 2021-22", "2021-22-Q1"),
        ("October 2020 to September 2021", "2020-10/2021-09"), ("2020-10/2021-09", "2020-10/2021-09"),
        ("August 2011", "2011-08/2011-08"),
    ],
)  # fmt: skip
def test_accepted(text, label):
    assert parse_period(text).label == label


@pytest.mark.parametrize(
    "text",
    ["2020-22", "21", "2020-13-01", "2021", "", "20-21", "Q5 2020-21", "30 February 2021", "2021-03", "last year",
     "September 2021 to October 2020", "2020-21-Q0", "Smarch 2020"],
)  # fmt: skip
def test_refused_with_what_is_accepted(text):
    with pytest.raises(UnknownNameError) as error:
        parse_period(text)
    assert repr(text) in str(error.value)
    assert "2020-21" in str(error.value)
    assert "31 March 2021" in str(error.value)


def test_a_bare_year_gets_both_readings():
    with pytest.raises(UnknownNameError, match="2021 could be 2020-21 or 2021-22"):
        parse_period("2021")


def test_a_year_is_found_in_any_period():
    assert parse_year("31 March 2021") == "2020-21"
    assert parse_year("1 April 2021") == "2021-22"
    assert parse_year("Q4 2020-21") == "2020-21"


def test_quarters_fill_the_year():
    quarters = [parse_period(f"2021-22-Q{number}") for number in range(1, 5)]
    year = parse_period("2021-22")
    assert quarters[0].start == year.start
    assert quarters[-1].end == year.end
    assert all(one.end + timedelta(days=1) == two.start for one, two in pairwise(quarters))


years = st.integers(1950, 2150).map(lambda first: f"{first}-{(first + 1) % 100:02d}")
dates = st.dates(date(1950, 1, 1), date(2150, 1, 1)).map(lambda day: day.isoformat())
quarters = st.tuples(years, st.integers(1, 4)).map(lambda pair: f"{pair[0]}-Q{pair[1]}")
labels = st.one_of(years, dates, quarters)


@given(labels)
def test_a_label_is_its_own_label(label):
    assert parse_period(label).label == label


@given(labels)
def test_the_year_before_ends_a_year_earlier(label):
    earlier, later = parse_period(year_before(label)), parse_period(label)
    assert 364 <= (later.end - earlier.end).days <= 366
    assert earlier.kind == later.kind


@given(labels)
def test_a_period_touches_the_year_it_ends_in(label):
    assert parse_period(label).reporting_year in years_touched(label)


@given(st.lists(labels, unique=True, max_size=8))
def test_time_order_does_not_depend_on_the_order_given(given_labels):
    assert in_time_order(given_labels) == in_time_order(given_labels[::-1]) or len(
        {(parse_period(x).end, parse_period(x).start) for x in given_labels}
    ) < len(given_labels)
    ends = [parse_period(label).end for label in in_time_order(given_labels)]
    assert ends == sorted(ends)
