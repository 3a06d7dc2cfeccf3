"""What Apple asks of a podcast's RSS."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from reading import found, text, xml
from specimens import CHANNEL, EBB, FERRY, FULL, PODCAST, entry, feed

from feedsvc.formats import FORMATS
from feedsvc.model import Channel, Enclosure, Image
from feedsvc.podcast import Podcast

RSS = FORMATS["rss.xml"]
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
BARE = replace(CHANNEL, podcast=Podcast(("Technology",), is_explicit=True, type="episodic"))


def test_a_podcast_says_what_directories_require() -> None:
    channel = found(xml(RSS.render(PODCAST)), "channel")
    assert text(channel, f"{ITUNES}author") == CHANNEL.author.name
    assert text(channel, f"{ITUNES}explicit") == "false"
    assert text(channel, f"{ITUNES}type") == "serial"
    assert found(channel, f"{ITUNES}image").attrib == {"href": "https://almanac.example/media/cover.0123456789.png"}
    assert text(channel, f"{ITUNES}owner/{ITUNES}email") == "ada@almanac.example"
    assert text(channel, f"{ITUNES}owner/{ITUNES}name") == CHANNEL.author.name
    assert found(channel, f"{ITUNES}category").attrib == {"text": "Society & Culture"}
    assert found(channel, f"{ITUNES}category/{ITUNES}category").attrib == {"text": "Documentary"}


def test_a_podcast_without_cover_or_owner_says_nothing_of_them() -> None:
    channel = found(xml(RSS.render(feed(channel=BARE))), "channel")
    assert text(channel, f"{ITUNES}explicit") == "true"
    assert found(channel, f"{ITUNES}category").findall("*") == []
    assert [channel.find(f"{ITUNES}{name}") for name in ("image", "owner")] == [None, None]


def test_an_episode_has_its_length_in_time_and_its_picture() -> None:
    first, second = xml(RSS.render(PODCAST)).findall("channel/item")
    assert text(first, f"{ITUNES}duration") == "3725"
    assert found(first, f"{ITUNES}image").attrib == {"href": FERRY.image and FERRY.image.url}
    assert [child.tag for child in second if child.tag.startswith(ITUNES)] == []


@pytest.mark.parametrize(
    ("enclosure", "channel", "is_episode"),
    [
        (Enclosure("https://e.org/a.mp4", "video/mp4", 1, 61), BARE, True),
        (Enclosure("https://e.org/a.pdf", "application/pdf", 1, 61), BARE, False),
        (Enclosure("https://e.org/a", None, 1, 61), BARE, False),
        (Enclosure("https://e.org/a.mp3", "audio/mpeg", 1), BARE, False),
        (Enclosure("https://e.org/a.mp3", "audio/mpeg", 1, 61), CHANNEL, False),
    ],
)
def test_only_what_plays_is_an_episode(enclosure: Enclosure, channel: Channel, *, is_episode: bool) -> None:
    of = entry(1, enclosures=(enclosure,), image=Image("https://e.org/a.svg", "image/svg+xml"))
    item = found(xml(RSS.render(feed(of, channel=channel))), "channel/item")
    assert [child.tag for child in item if child.tag.startswith(ITUNES)] == [f"{ITUNES}duration"] * is_episode


def test_who_is_no_podcast_does_not_speak_of_one() -> None:
    assert b"itunes" not in RSS.render(FULL)
    assert b"itunes" not in FORMATS["atom.xml"].render(feed(EBB, channel=BARE))
