"""Dates that are read, dates that are refused, and the forms they are written in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.dates import MONTHS, day, instant, is_date_line, rfc822, rfc3339

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them naive


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020-05-20T10:00:00Z", "2020-05-20T10:00:00Z"),
        ("2020-05-20T10:00:00+02:00", "2020-05-20T08:00:00Z"),
        ("2020-05-20 10:00:00 +0200", "2020-05-20T08:00:00Z"),
        ("2020-05-20 10:00:00 -0330", "2020-05-20T13:30:00Z"),
        ("2020-05-20T10:00:00.999Z", "2020-05-20T10:00:00Z"),
        ("2020-05-20T10:00+02", "2020-05-20T08:00:00Z"),
        ("2020-05-20 10:00:00 -4", "2020-05-20T14:00:00Z"),
        ("2020-05-20 10:00:00 -430", "2020-05-20T14:30:00Z"),
        ("2020-05-20T10:00:00+02:00[Europe/Berlin]", "2020-05-20T08:00:00Z"),
        ("20-May-2020 10:00 UTC", "2020-05-20T10:00:00Z"),
        ("915148800", "1999-01-01T00:00:00Z"),
        ("915148800000", "1999-01-01T00:00:00Z"),
        ("2020-05-20 10:00 UTC", "2020-05-20T10:00:00Z"),
        ("  2020-05-20\t10:00 ", "2020-05-20T08:00:00Z"),
        ("2020-01-20 10:00", "2020-01-20T09:00:00Z"),
        ("20 May 2020 14:30", "2020-05-20T12:30:00Z"),
        ("Wed, 20 May 2020 10:00:00 +0200", "2020-05-20T08:00:00Z"),
        ("Wed, 20 May 2020 10:00:00 GMT", "2020-05-20T10:00:00Z"),
        ("Wed, 20 May 2020 10:00:00 +0000 (UTC)", "2020-05-20T10:00:00Z"),
        ("wednesday, may 20, 2020, 9:05 EST", "2020-05-20T14:05:00Z"),
        ("3 Sept 2020 08:00 PDT", "2020-09-03T15:00:00Z"),
        ("2020-5-2 8:00:00", "2020-05-02T06:00:00Z"),
        ("2020/05/20 10:00", "2020-05-20T08:00:00Z"),
        ("20200520T143000Z", "2020-05-20T14:30:00Z"),
        ("20200520T1430", "2020-05-20T12:30:00Z"),
        ("2020-05-20 23:00:00 UTC-03:00", "2020-05-21T02:00:00Z"),
        ("2020-05-20 10:00 GMT+2", "2020-05-20T08:00:00Z"),
        ("2020-05-20 14:30:00 2020 +0200", "2020-05-20T12:30:00Z"),
        ("2020-05-20 02:30 PM", "2020-05-20T12:30:00Z"),
        ("2020-05-20 12:05 a.m. UTC", "2020-05-20T00:05:00Z"),
        ("May 20, 2020 at 12:05 pm UTC", "2020-05-20T12:05:00Z"),
        ("1589968800", "2020-05-20T10:00:00Z"),
        ("1589968800123", "2020-05-20T10:00:00Z"),
    ],
)
def test_a_date_and_time_is_an_instant(text: str, at: str) -> None:
    written = instant(text, BERLIN)
    assert rfc3339(written.at) == at
    assert not written.is_date_only


@pytest.mark.parametrize(
    "text",
    [
        "2020-05-20",
        "20 May 2020",
        "May 20, 2020",
        "20th May, 2020",
        "MAY 20 2020",
        "Wed, 20 May 2020",
        "20. May 2020",
        "2020/5/20",
        "2020.05.20",
        "20200520",
    ],
)
def test_a_date_alone_is_its_midnight_in_the_zone(text: str) -> None:
    written = instant(text, BERLIN)
    assert rfc3339(written.at) == "2020-05-19T22:00:00Z"
    assert (written.date, written.is_date_only) == ("2020-05-20", True)


def test_the_date_as_written_is_kept_whatever_it_is_in_utc() -> None:
    assert instant("2020-05-20T00:30:00+02:00", UTC).date == "2020-05-20"


@pytest.mark.parametrize("month", MONTHS)
def test_every_month_is_read_long_and_short(month: str) -> None:
    long, short = instant(f"1 {month} 2020", UTC), instant(f"{month[:3]}. 1, 2020", UTC)
    assert long == short
    assert day(long.at, UTC) == f"1 {month} 2020"


@pytest.mark.parametrize(
    "text", ["now", "Yesterday", "last Tuesday", "3 days ago", "{{ .Date }}", "git Last Modified", "$Date$", "TBD"]
)
def test_a_date_that_depends_on_when_it_is_read_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no day by itself\|write one such as 2020-05-20"):
        instant(text, UTC)


@pytest.mark.parametrize("text", ["2020-05-20 13:00 PM", "2020-05-20 0:30 am"])
def test_half_a_day_has_hours_from_1_to_12(text: str) -> None:
    with pytest.raises(ValueError, match="holds no time of day"):
        instant(text, UTC)


def test_a_time_that_a_clock_skips_is_after_the_gap() -> None:
    assert rfc3339(instant("2020-03-29 02:30", BERLIN).at) == "2020-03-29T01:30:00Z"


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert rfc3339(instant("2020-10-25 02:30", BERLIN).at) == "2020-10-25T00:30:00Z"


def test_a_day_without_midnight_starts_after_the_gap() -> None:
    assert rfc3339(instant("2018-11-04", ZoneInfo("America/Sao_Paulo")).at) == "2018-11-04T03:00:00Z"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("05/06/2020", "'05/06/2020' could be May or June|write 2020-05-06 or 6 May 2020"),
        ("20.05.2020", "'20.05.2020' is in a form that is not read|write 2020-05-20 or 20 May 2020"),
        ("06/06/2020", "'06/06/2020' is in a form that is not read|write 2020-06-06 or 6 June 2020"),
        ("2026-02-30", "'2026-02-30' is not a date: February 2026 has 28 days|write a day from 1 to 28"),
        ("2020-13-01", "'2020-13-01' is not a date: there is no month 13|write a month from 01 to 12"),
        ("2020-00-01", "'2020-00-01' is not a date: there is no month 0|write a month from 01 to 12"),
        ("0000-01-01", "'0000-01-01' is before the year 1|write a year from 0001 to 9999"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_write(text: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole text is compared
        instant(text, UTC)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "yesterday", "31/31/2020", "2020-W21-3", "20 May 20", "20 Mai 2020",
        "2020-05-20T25:00", "2020-05-20T10:00:60Z", "2020-05-20T10:00 CEST", "2020-05-20T10:00+24:00",
        "2020-05-20T10:00+02:60", "2020-05-20T10", "Thu, 20 May 2020", "2020-05-20 and more",
        "2020-05-20|2020-05-21", "२०२०-०५-२०", "9999-12-31T23:00-05:00", "0001-01-01T00:00+01:00", "1" * 10_000,
    ],
)  # fmt: skip
def test_nothing_is_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"\A[^|]+\|[^|]+\Z"):
        instant(text, UTC)


@given(st.text() | st.from_regex(r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,5}[-/. ][0-9]{1,4}( [0-9:+-]*)?", fullmatch=True))
def test_any_text_is_read_or_refused_with_one_bar(text: str) -> None:
    message = "|"
    try:
        instant(text, BERLIN)
    except ValueError as error:
        message = str(error)
    assert message.count("|") == 1


@given(MOMENTS)
def test_what_is_written_is_read_again(at: datetime) -> None:
    seconds = at.replace(microsecond=0)
    assert instant(rfc3339(at), BERLIN).at == instant(rfc822(at), BERLIN).at == seconds


def test_dates_are_written_in_utc_with_four_digit_years() -> None:
    at = datetime(900, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (rfc3339(at), rfc822(at)) == ("0900-01-02T03:04:05Z", "Sat, 02 Jan 0900 03:04:05 +0000")
    assert rfc822(datetime(2020, 5, 20, 1, tzinfo=BERLIN)) == "Tue, 19 May 2020 23:00:00 +0000"


def test_a_day_is_of_the_zone() -> None:
    at = datetime(2020, 5, 19, 22, tzinfo=UTC)
    assert (day(at, UTC), day(at, BERLIN)) == ("19 May 2020", "20 May 2020")


@pytest.mark.parametrize("line", ["20 May 2020", "May 20, 2020", " 2020-05-20\n", "2026-02-30"])
def test_a_line_with_only_a_date_is_a_date_line(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize("line", ["", "In May 2020", "20 May 2020 was warm", "20 May 2020 14:30", "5/6/2020", "2020"])
def test_any_other_line_is_not(line: str) -> None:
    assert not is_date_line(line)
