"""Which bytes a request asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.ranges import asked

ETAG = '"a"'


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("bytes=0-", range(10)),
        ("bytes=0-0", range(1)),
        ("Bytes= 2-4 ", range(2, 5)),
        ("bytes=8-99", range(8, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("bytes=4-2", range(10)),
        ("bytes=0-1,3-4", range(10)),
        ("bytes=-", range(10)),
        ("lines=0-1", range(10)),
        ("bytes=a-b", range(10)),
        ("", range(10)),
    ],
)
def test_a_range_is_a_part_and_what_is_none_is_the_whole(written: str, part: range) -> None:
    assert asked({"range": written}, ETAG, 10) == part


@pytest.mark.parametrize("written", ["bytes=10-", "bytes=10-11", "bytes=-0"])
def test_what_is_past_the_end_is_nothing(written: str) -> None:
    assert not asked({"range": written}, ETAG, 10)


@pytest.mark.parametrize(("validator", "length"), [(ETAG, 1), ('"b"', 10), ('W/"a"', 10), ("Thu, 01 Jan 1970", 10)])
def test_a_part_of_another_version_is_of_no_use(validator: str, length: int) -> None:
    assert len(asked({"range": "bytes=0-0", "if-range": validator}, ETAG, 10)) == length


@given(st.text(alphabet="0123456789-, ", max_size=12), st.integers(0, 30))
def test_a_part_is_never_outside(written: str, length: int) -> None:
    part = asked({"range": f"bytes={written}"}, ETAG, length)
    assert part.step == 1
    assert all(0 <= position < length for position in part)
