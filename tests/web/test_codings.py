from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web.codings import PREFERENCE, choose

ALL = frozenset({"identity", "gzip", "br"})


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0.001", "br"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, br;q=0", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("*;q=0, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0.5, *;q=0.8", "br"),
        ("identity;q=0", "identity"),
        ("gzip ; Q=0.7 , br ; q=0.3", "gzip"),
        ("gzip;q=2", "identity"),
        ("gzip;level=9", "identity"),
        ("zstd", "identity"),
        (", ,", "identity"),
    ],
)
def test_the_coding_a_client_likes_best_is_sent(field: str | None, coding: str) -> None:
    assert choose(field, ALL) == coding


def test_a_coding_that_was_not_made_is_not_sent() -> None:
    assert choose("br, gzip", frozenset({"identity", "gzip"})) == "gzip"


@given(
    st.one_of(st.text(), st.lists(st.sampled_from(["br", "gzip;q=0", "*", "identity;q=0", "x", ";q"])).map(",".join))
)
def test_whatever_is_asked_for_something_is_sent(field: str) -> None:
    assert choose(field, ALL) in PREFERENCE
