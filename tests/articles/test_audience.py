"""Whom an article is for: only private channels of the settings can be named, and nobody is let in by mistake."""

from __future__ import annotations

import pytest
from house import article
from privately import SITE_WITH_MEMBERS

from feedsvc.errors import RecordError
from feedsvc.model import Record


def read(line: str) -> tuple[str, ...]:
    made = article(
        Record("a.md", f"---\ntitle: A\ndate: 2026-01-01\n{line}\n---\nA text.\n".encode()), site=SITE_WITH_MEMBERS
    )
    assert made is not None
    return made.audience


@pytest.mark.parametrize(
    ("line", "audience"),
    [
        ("audience: members", ("members",)),
        ("audience: Members", ("members",)),
        ("audience: channels/press", ("press",)),
        ("audience: [press, members, press]", ("press", "members")),
        ("audience: press, members", ("press", "members")),
        ("tags: [x]", ()),
    ],
)
def test_it_names_private_channels(line: str, audience: tuple[str, ...]) -> None:
    assert read(line) == audience


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "audience: friends",
            r"is not a private channel \(write members, press, or write \[channels.friends\]",
        ),
        ("audience: [members, friends]", "'friends' is not a private channel"),
        ("audience: false", "'false' is not a private channel"),
        ("audience:", "audience: is empty"),
        ("audience: []", "audience: is empty"),
        ("audience: ''", "audience: is empty"),
        ("audiense: members", "did you mean audience"),
    ],
)
def test_what_names_none_is_an_error_and_published_to_nobody(line: str, said: str) -> None:
    with pytest.raises(RecordError, match=said) as raised:
        read(line)
    assert not raised.value.faults[0].is_warning


@pytest.mark.parametrize(
    ("column", "audience"), [("null", ()), ('""', ()), ('"members"', ("members",)), ('"[\\"press\\"]"', ("press",))]
)
def test_a_row_s_empty_column_says_nothing(column: str, audience: tuple[str, ...]) -> None:
    body = f'{{"title": "A", "date": "2026-01-01", "audience": {column}, "text": "A."}}'
    made = article(Record("articles?id=1", body.encode(), key="1"), site=SITE_WITH_MEMBERS)
    assert made is not None
    assert made.audience == audience
