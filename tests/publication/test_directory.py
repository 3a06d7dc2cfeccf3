"""What tells of all feeds of a site: the page, the OPML file, and the text for language models."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import listparser
import pytest
from dialects import SQLITE_ONLY
from msgspec.structs import replace
from privately import MEMBERS, PRESS

from feedsvc.config.channels import ChannelSettings
from feedsvc.errors import NotFound
from feedsvc.text.markup import render

if TYPE_CHECKING:
    from asking import Readers
    from house import House

BASE = "https://lantern.example/"
DESK = ChannelSettings(name="channels/desk", title="The desk", any=("tags/harbour",))
# Each would say its name, if it were told of.
SOON_OVER = ChannelSettings(name="channels/regatta", title="Regatta", any=("tags/harbour",), ended="2026-01-11")
OVER = ChannelSettings(name="channels/old", title="Long over", any=("tags/harbour",), ended="2025-01-01")
DAY = 86_400


def furnish(house: House, readers: Readers, *channels: ChannelSettings, llms: bool = False) -> None:
    house.site = replace(house.site, channels=channels, llms=llms)
    house.write("news/a.md", title="A [bracket] & <b>", tags="[Harbour]", authors="Ada Example", language="de")
    house.sync()
    readers.refresh()


def listed(readers: Readers) -> dict[str, str]:
    """The titles in the OPML file by the address of the feed."""
    read = listparser.parse(readers.body("feeds.opml"))
    assert not read.get("bozo"), read
    return {each.url: each.title for each in read.feeds}


def of_kinds(readers: Readers) -> list[tuple[str, list[str]]]:
    """The outlines of the OPML file: of each group its text, and what is in it."""
    body = ET.fromstring(readers.body("feeds.opml")).find("body")  # noqa: S314 - our own
    assert body is not None
    return [(each.attrib["text"], [one.attrib["htmlUrl"] for one in each]) for each in body]


@SQLITE_ONLY
def test_every_public_channel_is_in_the_file_under_its_kind(house: House, readers: Readers) -> None:
    house.write("b.md", title="B", categories="[Sea & sky]")
    furnish(house, readers, DESK)
    assert of_kinds(readers) == [
        ("The Lantern", []),
        ("Channels", [f"{BASE}channels/desk/"]),
        ("Sections", [f"{BASE}sections/news/"]),
        ("Categories", [f"{BASE}categories/sea-&-sky/"]),
        ("Tags", [f"{BASE}tags/harbour/"]),
        ("Authors", [f"{BASE}authors/ada-example/"]),
        ("Languages", [f"{BASE}languages/de/", f"{BASE}languages/en/"]),
    ]
    assert listed(readers)[f"{BASE}rss.xml"] == "The Lantern"
    assert listed(readers)[f"{BASE}channels/desk/rss.xml"] == "The desk"
    assert listed(readers)[f"{BASE}categories/sea-&-sky/rss.xml"] == "The Lantern: Sea & sky"


@SQLITE_ONLY
def test_each_feed_of_the_file_is_there(house: House, readers: Readers) -> None:
    furnish(house, readers, DESK)
    for address in listed(readers):
        assert readers.get(address.removeprefix(BASE)).media_type.startswith("application/rss+xml")


@SQLITE_ONLY
def test_the_file_says_what_it_is_and_when_it_changed(house: House, readers: Readers) -> None:
    furnish(house, readers)
    found = readers.get("feeds.opml")
    assert found.media_type == "text/x-opml; charset=utf-8"
    assert {"identity", "gzip"} <= set(found.representations)
    head = ET.fromstring(found.representations["identity"].body).find("head")  # noqa: S314 - our own
    assert head is not None
    assert head.findtext("title") == "The Lantern"
    changed = parsedate_to_datetime(head.findtext("dateModified") or "")
    assert int(changed.timestamp()) == found.lifetime.last_modified == house.modified()


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["feeds.opml", "feeds", "llms.txt"])
def test_what_is_private_or_over_is_in_none(house: House, readers: Readers, path: str) -> None:
    house.write("inside.md", title="For insiders", date="2026-01-03", audience="members", tags="[Hidden]")
    furnish(house, readers, MEMBERS, PRESS, OVER, SOON_OVER, llms=True)
    body = readers.body(path).decode().lower()
    assert "regatta" in body
    assert not [word for word in ("members", "press", "insiders", "hidden", "/private/", "long over") if word in body]


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["feeds.opml", "feeds"])
def test_a_channel_that_ends_leaves_at_its_instant(house: House, readers: Readers, path: str) -> None:
    furnish(house, readers, SOON_OVER)
    assert b"Regatta" in readers.body(path)
    house.clock.now += DAY / 2 - 1
    assert b"Regatta" in readers.body(path)
    house.clock.now += 1
    assert b"Regatta" not in readers.body(path)
    assert readers.get(path).lifetime.last_modified == house.clock.now


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["feeds.opml", "feeds", "llms.txt"])
def test_what_comes_due_or_expires_changes_it_at_its_instant(house: House, readers: Readers, path: str) -> None:
    house.write("soon.md", title="Soon", date="2026-01-10 12:00:20", expires="2026-01-10 12:00:40", tags="[Ferries]")
    furnish(house, readers, llms=True)
    shown = []
    for _ in range(3):
        shown.append(b"Soon" in readers.body(path) or b"tags/ferries" in readers.body(path))
        house.clock.now += 20
    assert shown == [False, True, False]


@SQLITE_ONLY
def test_the_page_names_each_feed_and_is_found_from_the_list(house: House, readers: Readers) -> None:
    furnish(house, readers, DESK)
    page = readers.body("feeds").decode()
    for address in ("", "channels/desk/", "tags/harbour/", "authors/ada-example/"):
        assert f'href="{BASE}{address}"' in page
        for name in ("rss.xml", "atom.xml", "feed.json"):
            assert f'href="{BASE}{address}{name}"' in page
    assert f'href="{BASE}feeds.opml"' in page
    assert f'href="{BASE}feeds"' in readers.body("").decode()


# For language models


@SQLITE_ONLY
def test_who_does_not_ask_for_it_has_no_text_for_language_models(house: House, readers: Readers) -> None:
    furnish(house, readers)
    with pytest.raises(NotFound):
        readers.get("llms.txt")
    house.site = replace(house.site, llms=True)
    house.sync_after()
    readers.refresh()
    assert readers.body("llms.txt").startswith(b"# The Lantern\n\n> ")


@SQLITE_ONLY
def test_it_is_markdown_in_which_titles_are_no_more_than_words(house: House, readers: Readers) -> None:
    house.write("x.md", title="'](javascript:alert) <script> *x* # y'", date="2026-01-02", text="It _was_ &amp; is.")
    furnish(house, readers, DESK, llms=True)
    html = render(readers.body("llms.txt").decode(), "markdown")
    tree = ET.fromstring(f"<body>{html}</body>")  # noqa: S314 - our own
    assert [each.tag for each in tree] == ["h1", "blockquote", "h2", "ul", "h2", "ul"]
    articles = [(each.text, each.get("href"), (each.tail or "")) for each in tree[3].iter("a")]
    assert articles == [
        ("](javascript:alert) <script> *x* # y", f"{BASE}articles/x", ": It was & is."),
        ("A [bracket] & <b>", f"{BASE}articles/a", ": A text."),
    ]
    feeds = [each.get("href") for each in tree[5].iter("a")]
    assert feeds[:4] == [f"{BASE}{name}" for name in ("rss.xml", "atom.xml", "feed.json", "channels/desk/rss.xml")]
    assert feeds[-1] == f"{BASE}feeds.opml"
