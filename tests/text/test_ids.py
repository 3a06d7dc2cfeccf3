"""Ids that last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.ids import channel_urn, is_absolute_iri, tag_uri


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("a-day", "tag:example.org,2020-05-20:a-day"),
        ("c++,~x", "tag:example.org,2020-05-20:c++,~x"),
        ("caf\u00e9", "tag:example.org,2020-05-20:caf%C3%A9"),
        ('"<', "tag:example.org,2020-05-20:%22%3C"),
    ],
)
def test_a_tag_uri_says_who_when_and_what(slug: str, expected: str) -> None:
    assert tag_uri("example.org", "2020-05-20", slug) == expected


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_tag_uri_is_an_iri(slug: str) -> None:
    assert is_absolute_iri(tag_uri("example.org", "2020-05-20", slug))


def test_a_channel_urn_is_the_same_for_ever() -> None:
    assert channel_urn("example.org", "tags/a") == "urn:uuid:eff6c36c-52b9-59e6-80a6-113c378309ce"


def test_channels_and_authorities_have_different_urns() -> None:
    urns = {channel_urn(who, what) for who in ("a.org", "b.org") for what in ("", "tags/a")}
    assert len(urns) == 4


@pytest.mark.parametrize(
    "text",
    [
        "tag:a.org,2020:x", "urn:uuid:1", "https://e.org", "https://e.org/\u00e9?q=%41#f", "http://[::1]/",
        "mailto:a@b", "HTTPS://E.org/", "x:y",
    ],
)  # fmt: skip
def test_an_absolute_iri_is_known(text: str) -> None:
    assert is_absolute_iri(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "x:", "/a", "//e.org/", "1a:b", "a b:c", "x:a b", "x:%zz", "x:%4", "http://", "http:///x", "https:x",
        "http://e.org/<", "x:\x07", "x:\ud800", "x:\n", "x:\uffff", "x:a\n", "x:\u200b", "x:\u3000",
    ],
)  # fmt: skip
def test_anything_else_is_not(text: str) -> None:
    assert not is_absolute_iri(text)
