"""The addresses of channels: what stands there, what moved, and what has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import feedparser
import pytest
from msgspec.structs import replace

from feedsvc.config import ChannelSettings
from feedsvc.errors import Gone, Moved, NotFound
from feedsvc.formats import FORMATS

if TYPE_CHECKING:
    from asking import Readers
    from house import House

# What a selection shows is asked by statements of its own.
DIALECTS = ("sqlite", "postgresql")

BASE = "https://lantern.example/"


@pytest.fixture
def site(house: House) -> House:
    house.write("News/Local/a.md", title="A", tags="[Harbour]", categories="[Ferries & boats]", author="Ada Example")
    house.write("b.md", title="B", language="de", text="![A quay](quay.png) Some text.")
    return house


def publish(house: House, readers: Readers, *channels: ChannelSettings) -> None:
    house.site = replace(house.site, channels=tuple(sorted(channels, key=lambda each: each.name)))
    house.sync_after()
    readers.refresh()


def location(readers: Readers, path: str) -> str:
    with pytest.raises(Moved) as moved:
        readers.get(path)
    return moved.value.location


@pytest.mark.parametrize(
    ("name", "title", "titles"),
    [
        ("tags/harbour", "The Lantern: Harbour", ["A"]),
        ("categories/ferries-&-boats", "The Lantern: Ferries & boats", ["A"]),
        ("authors/ada-example", "The Lantern: Ada Example", ["A"]),
        ("sections/news", "The Lantern: News", ["A"]),
        ("sections/news/local", "The Lantern: News/Local", ["A"]),
        ("languages/de", "The Lantern: de", ["B"]),
        ("channels/mine", "All of mine", ["B", "A"]),
    ],
)
def test_every_channel_has_its_feeds_list_and_title(
    site: House, readers: Readers, name: str, title: str, titles: list[str]
) -> None:
    publish(site, readers, ChannelSettings(name="channels/mine", title="All of mine"))
    ids = set()
    for filename in FORMATS:
        body = readers.body(f"{name}/{filename}")
        assert f"{BASE}{name}/{filename}".replace("&", "&amp;") in body.decode() or filename == "feed.json"
        if filename == "feed.json":
            continue
        found = feedparser.parse(body)
        assert (found.feed.title, [entry.title for entry in found.entries]) == (title, titles)
        ids.add(found.feed.get("id"))
    listing = readers.body(f"{name}/").decode()
    assert all(f">{each}</a>" in listing for each in titles)
    assert listing.index(f'href="{BASE}{name}/rss.xml'.replace("&", "&amp;")) < listing.index(f'href="{BASE}rss.xml"')
    assert location(readers, name) == f"{BASE}{name}/"
    assert readers.body(f"{name}/before/{titles[0].lower()}")


def test_channels_differ_in_id(site: House, readers: Readers) -> None:
    publish(site, readers, ChannelSettings(name="channels/a"), ChannelSettings(name="channels/b"))
    names = ["", "tags/harbour/", "sections/news/", "channels/a/", "channels/b/"]
    assert len({feedparser.parse(readers.body(f"{name}atom.xml")).feed.id for name in names}) == len(names)


def test_a_channel_of_a_language_is_written_in_it(site: House, readers: Readers) -> None:
    publish(site, readers)
    body = readers.body("languages/de/atom.xml").decode()
    assert body.count("xml:lang=") == 1
    assert 'xml:lang="de"' in body
    assert 'xml:lang="de"' in readers.body("atom.xml").decode().split("<entry", 1)[1]


@pytest.mark.parametrize("name", ["tags/nobody", "sections/news/loca", "channels/none", "languages/fr", "authors/x"])
def test_an_unknown_channel_is_not_found(site: House, readers: Readers, name: str) -> None:
    publish(site, readers)
    for path in (f"{name}/rss.xml", f"{name}/", name):
        with pytest.raises(NotFound):
            readers.get(path)


def test_a_known_channel_without_articles_is_an_empty_feed(site: House, readers: Readers) -> None:
    publish(site, readers, ChannelSettings(name="channels/none", any=("tags/nothing",)))
    for filename in FORMATS:
        assert feedparser.parse(readers.body(f"channels/none/{filename}")).entries == []
    site.remove("b.md")
    site.sync_after()
    readers.refresh()
    assert feedparser.parse(readers.body("languages/de/rss.xml")).entries == []


def test_a_private_channel_has_no_public_address(site: House, readers: Readers) -> None:
    publish(site, readers, ChannelSettings(name="channels/secret", private=True, aliases=("channels/known",)))
    for path in ("channels/secret/rss.xml", "channels/secret/", "channels/secret"):
        with pytest.raises(NotFound):
            readers.get(path)


def test_a_renamed_channel_leads_to_the_one_that_it_is_now(site: House, readers: Readers) -> None:
    publish(site, readers, ChannelSettings(name="channels/new", aliases=("channels/old", "channels/older")))
    for path in ("", "rss.xml", "atom.xml", "before/b"):
        assert location(readers, f"channels/old/{path}") == f"{BASE}channels/new/{path}"
    assert location(readers, "channels/older/feed.json") == f"{BASE}channels/new/feed.json"


def test_what_was_a_tag_and_is_a_category_leads_there(site: House, readers: Readers) -> None:
    publish(site, readers)
    assert location(readers, "tags/ferries-&-boats/rss.xml") == f"{BASE}categories/ferries-&-boats/rss.xml"
    site.write("c.md", tags="[Ferries & boats]")
    publish(site, readers)
    assert readers.body("tags/ferries-&-boats/rss.xml")


def test_what_has_ended_says_so_once_more_and_is_gone(site: House, readers: Readers) -> None:
    settings = ChannelSettings(name="channels/mine", ended="2026-01-11", farewell="Read <us> elsewhere.")
    publish(site, readers, settings)
    kept = readers.get("channels/mine/rss.xml")
    assert kept.lifetime.good_until == 1768089600  # 11 January, midnight
    site.clock.now = 1768089600
    for filename in FORMATS:
        with pytest.raises(Gone) as gone:
            readers.get(f"channels/mine/{filename}")
        media_type, body = gone.value.instead or ("", b"")
        assert media_type == FORMATS[filename].media_type
        if filename != "feed.json":
            (entry,) = feedparser.parse(body).entries
            assert (entry.title, entry.link) == ("Read <us> elsewhere.", BASE)
    with pytest.raises(Gone) as gone:
        readers.get("channels/mine/")
    assert gone.value.instead is None


def test_a_channel_shows_its_entries_as_it_is_set(site: House, readers: Readers) -> None:
    publish(
        site,
        readers,
        ChannelSettings(name="channels/bare", images="none", content="full", attribution="Seen in The Lantern"),
        ChannelSettings(name="channels/few", entries=1, content="summary", rights="CC BY 4.0"),
    )
    (b, a) = feedparser.parse(readers.body("channels/bare/rss.xml")).entries
    assert "<img" not in b.content[0].value
    assert "media_content" not in b
    for entry in (a, b):
        line = f'<p><a href="{entry.link}">Seen in The Lantern</a></p>'
        assert entry.content[0].value.strip().endswith(line)
    few = feedparser.parse(readers.body("channels/few/atom.xml"))
    assert (len(few.entries), few.feed.rights, "content" in few.entries[0]) == (1, "CC BY 4.0", False)
    assert "<img" in feedparser.parse(readers.body("rss.xml")).entries[0].content[0].value
