"""Days are read strictly: what is no day for certain is none, and the reason never quotes it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sources.returns import days
from analysis.sources.returns.days import can_be_read_both_ways, day_of_serial, parse_day, plausible

EPOCHS = (datetime(1899, 12, 30), datetime(1904, 1, 1))


def day_first(day):
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


@given(st.dates())
def test_a_day_written_and_read_again_is_itself(day):
    assert parse_day(day_first(day), order="day_first") == day
    assert parse_day(f" {day.isoformat()}\n", order="iso") == day


@given(st.dates())
def test_a_day_is_never_read_in_the_other_order(day):
    assert isinstance(parse_day(day_first(day), order="iso"), str)
    assert isinstance(parse_day(day.isoformat(), order="day_first"), str)


@given(st.dates().filter(lambda day: day.day > 12))
def test_a_day_written_month_first_is_never_read(day):
    assert parse_day(f"{day.month:02}/{day.day:02}/{day.year:04}", order="day_first") == days.MONTH_FIRST


@given(st.dates())
def test_a_day_that_can_be_read_both_ways_is_known_as_one(day):
    swapped = f"{day.month:02}/{day.day:02}/{day.year:04}"
    read = parse_day(swapped, order="day_first")
    # Either it is refused, or it is the same day, or it is said that it could be another.
    assert isinstance(read, str) or read == day or can_be_read_both_ways(swapped)


@given(st.text(), st.sampled_from(["day_first", "iso"]))
def test_any_text_gives_a_day_or_a_reason_that_does_not_quote_it(text, order):
    found = parse_day(text, order=order)
    assert isinstance(found, date) or found in {
        days.MONTH_FIRST, days.NO_SUCH_DAY, days.SHORT_YEAR, days.WITH_A_TIME, days.SINGLE_DIGITS, days.NO_DAY,
        *days.OTHER_ORDER.values(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "order", "reason"),
    [
        ("03/25/2024", "day_first", days.MONTH_FIRST),
        ("29/02/2023", "day_first", days.NO_SUCH_DAY),
        ("00/01/2023", "day_first", days.NO_SUCH_DAY),
        ("01/01/0000", "day_first", days.NO_SUCH_DAY),
        ("99/99/2023", "day_first", days.NO_SUCH_DAY),
        ("1/4/2023", "day_first", days.SINGLE_DIGITS),
        ("01/04/23", "day_first", days.SHORT_YEAR),
        ("01-04-2023", "day_first", days.NO_DAY),
        ("01/04/2023 00:00", "day_first", days.WITH_A_TIME),
        ("2023-04-01Z", "iso", days.WITH_A_TIME),
        ("2023-02-30", "iso", days.NO_SUCH_DAY),
        ("2023-25-03", "iso", days.MONTH_FIRST),
        ("20230401", "iso", days.NO_DAY),
        ("45382", "day_first", days.NO_DAY),
        ("٣١/٠٣/٢٠٢٤", "day_first", days.NO_DAY),
        ("CANARY0001", "iso", days.NO_DAY),
        ("", "iso", days.NO_DAY),
    ],
)
def test_what_is_no_day_is_said_why(text, order, reason):
    assert parse_day(text, order=order) == reason


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(EPOCHS), st.floats(0, 0.99))
def test_the_number_of_a_spreadsheet_is_its_day(day, epoch, time):
    assert day_of_serial((day - epoch.date()).days + time, epoch=epoch) == day


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1e12, 1e300, 10_721_552])
def test_a_number_beyond_any_calendar_is_no_day(number):
    assert isinstance(day_of_serial(number, epoch=EPOCHS[0]), str)


@given(st.dates() | st.text())
def test_a_day_that_is_plausible_stays_and_a_reason_stays(found):
    said = plausible(found)
    assert said == found or (said == days.IMPLAUSIBLE and not days.EARLIEST <= found <= days.LATEST)
