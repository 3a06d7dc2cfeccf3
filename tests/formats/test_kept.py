"""Entries that are written once, for all documents they are in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from feedsvc.formats import FORMATS, atom, rss
from feedsvc.formats._kept import MOST, Kept
from feedsvc.model import Category, Channel, Entry, Feed, Person
from feedsvc.podcast import Podcast

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = datetime(2020, 5, 20, tzinfo=UTC)
CHANNEL = Channel(
    name="",
    id="urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    title="The Lantern",
    description="News of a harbour",
    top="https://lantern.example/",
    base_url="https://lantern.example/",
    language="en",
    author=Person("Ada Example"),
    max_age=300,
)


def entry(number: int, **changes: object) -> Entry:
    made = Entry(
        id=f"tag:lantern.example,2020-05-20:entry-{number}",
        title=f"Entry {number}",
        link=f"https://lantern.example/articles/entry-{number}",
        page=f"https://lantern.example/articles/entry-{number}",
        published=AT,
        updated=AT,
        summary="</item>\n    </entry>\n",
        content="<p>one</p>\n    </item>\n    <item>\n  </entry>\n",
        categories=(Category("Ferries", "ferries"),),
    )
    return replace(made, **changes)


def feed(entries: Sequence[Entry], channel: Channel = CHANNEL) -> Feed:
    return Feed(channel, tuple(entries), AT)


def anew(format_: str, of: Feed, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The document as one writes it who has written nothing before."""
    with monkeypatch.context() as patched:
        patched.setattr(rss, "_ITEMS", Kept("item"))
        patched.setattr(atom, "_ENTRIES", Kept("entry"))
        return FORMATS[format_].render(of)


FOUR = [entry(1), entry(2, language="de"), entry(3), entry(4)]
FEEDS = [
    FOUR,
    FOUR[1:],
    FOUR[::-1],
    [entry(5), *FOUR],
    [FOUR[0], entry(2, title="Edited & more"), *FOUR[2:]],
    [],
    [FOUR[0], FOUR[0]],
]


@pytest.mark.parametrize("format_", ["rss.xml", "atom.xml"])
def test_what_was_written_before_changes_no_byte(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for entries in FEEDS:
        assert FORMATS[format_].render(feed(entries)) == anew(format_, feed(entries), monkeypatch)


@pytest.mark.parametrize("format_", ["rss.xml", "atom.xml"])
def test_another_channel_has_what_it_adds_to_an_entry(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    podcast = Podcast(category=("News",), is_explicit=False, type="episodic")
    channels = [
        CHANNEL,
        replace(CHANNEL, name="tags/ferries", title="Ferries", language="de"),
        replace(CHANNEL, base_url="https://other.example/"),
        replace(CHANNEL, podcast=podcast),
    ]
    for channel in [*channels, *channels]:
        of = feed(FOUR, channel)
        assert FORMATS[format_].render(of) == anew(format_, of, monkeypatch)


def test_only_what_is_new_is_written() -> None:
    asked: list[list[str]] = []

    def write(entries: Sequence[Entry]) -> bytes:
        asked.append([each.title for each in entries])
        inside = b"".join(b"  <item>%b</item>\n" % each.title.encode() for each in entries)
        return b"<all>\n" + inside + b"</all>\n"

    kept = Kept("item")
    kept.document(FOUR, "", write)
    whole = kept.document([entry(5), *FOUR[:3]], "", write)
    assert whole == b"<all>\n" + b"".join(b"  <item>Entry %d</item>\n" % at for at in (5, 1, 2, 3)) + b"</all>\n"
    kept.document(FOUR, "", write)
    assert asked == [["Entry 1", "Entry 2", "Entry 3", "Entry 4"], ["Entry 5"], ["Entry 1"]]


def test_no_more_are_kept_than_were_asked_for_lately() -> None:
    many = [entry(number) for number in range(MOST + 20)]
    kept = Kept("item", most=3)
    document = kept.document(many, "", lambda some: b"".join(b"<item>%b</item>\n" % each.id.encode() for each in some))
    assert document.count(b"<item>") == len(many)
    assert [each.id for each, _ in kept._written.values()] == [each.id for each in many[-3:]]
