from __future__ import annotations

import locale

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.validators import http_date, matches, seconds_of

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ('"x", "abc"', True),
        ('"x",W/"abc" , "y"', True),
        (' , "abc",', True),
        ("*", True),
        (" * ", True),
        ('"ab"', False),
        ('"abcd"', False),
        ('"abc-gzip"', False),
        ('w/"abc"', False),
        ("abc", False),
        ('"abc', False),
        ('"abc" x', False),
        ("", False),
        ('"', False),
        ('"*"', False),
        ('"ABC"', False),
    ],
)
def test_an_entity_tag_is_found_by_weak_comparison(field: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert matches(field, ETAG) is expected


def test_a_long_list_is_read_in_linear_time() -> None:
    assert not matches('"x",' * 200_000 + "!", ETAG)


@pytest.mark.parametrize(
    "field",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_each_of_the_three_forms_of_a_date_is_read(field: str) -> None:
    assert seconds_of(field) == 784111777


@pytest.mark.parametrize(
    "field",
    [
        None,
        "",
        "0",
        "yesterday",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nix 1994 08:49:37 GMT",
    ],
)
def test_what_is_no_date_is_ignored(field: str | None) -> None:
    assert seconds_of(field) is None


@given(st.integers(0, 4_000_000_000))
def test_a_date_reads_back_as_it_was_written(seconds: int) -> None:
    assert seconds_of(http_date(seconds)) == seconds


def test_dates_do_not_follow_the_locale() -> None:
    before = locale.setlocale(locale.LC_ALL)
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert locale.setlocale(locale.LC_ALL) == before
