"""RSS 2.0, and what the RSS Advisory Board's profile asks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from reading import ATOM, CONTENT, DC, MEDIA, SY, found, text, xml
from specimens import CHANNEL, EMPTY, FERRY, FULL, KNOTS, SUNK, entry, feed

from feedsvc.formats import FORMATS
from feedsvc.model import Enclosure, Person

if TYPE_CHECKING:
    from feedsvc.model import Feed

RSS = FORMATS["rss.xml"]


def channel(of: Feed = FULL) -> list[str]:
    return [child.tag for child in found(xml(RSS.render(of)), "channel")]


def test_the_channel_s_link_is_the_page_for_people() -> None:
    links = found(xml(RSS.render(FULL)), "channel").findall("link")
    assert [link.text for link in links] == [CHANNEL.link]


def test_the_self_link_stands_once_with_its_type() -> None:
    link = found(xml(RSS.render(FULL)), f"channel/{ATOM}link")
    assert link.attrib == {"rel": "self", "type": "application/rss+xml", "href": CHANNEL.link + "rss.xml"}


def test_the_last_build_is_the_feed_s_last_change() -> None:
    assert text(xml(RSS.render(FULL)), "channel/lastBuildDate") == "Wed, 20 May 2020 13:00:00 +0000"


@pytest.mark.parametrize(("seconds", "minutes"), [(0, "1"), (59, "1"), (300, "5"), (359, "5")])
def test_the_time_to_live_is_the_max_age_in_whole_minutes(seconds: int, minutes: str) -> None:
    of = replace(EMPTY, channel=replace(CHANNEL, max_age=seconds))
    assert text(xml(RSS.render(of)), "channel/ttl") == minutes


@pytest.mark.parametrize(
    ("seconds", "period", "times"),
    [
        (0, "hourly", "60"),  # as a minute
        (90, "hourly", "40"),
        (300, "hourly", "12"),
        (359, "daily", "240"),  # each 360 seconds, the next that can be said
        (2700, "daily", "32"),
        (3600, "hourly", "1"),
        (86_400, "daily", "1"),
    ],
)
def test_how_often_to_come_is_the_max_age_as_near_as_it_can_be_said(seconds: int, period: str, times: str) -> None:
    of = replace(EMPTY, channel=replace(CHANNEL, max_age=seconds))
    root = xml(RSS.render(of))
    assert text(root, f"channel/{SY}updatePeriod") == period
    assert text(root, f"channel/{SY}updateFrequency") == times


def test_the_feed_s_author_rights_and_generator_are_named() -> None:
    root = xml(RSS.render(FULL))
    assert text(root, f"channel/{DC}creator") == "Ada Quay"
    assert text(root, "channel/copyright") == CHANNEL.rights
    assert text(root, "channel/generator") == "feedsvc"


def test_a_site_without_rights_says_nothing_of_them() -> None:
    assert "copyright" not in channel(replace(EMPTY, channel=replace(CHANNEL, rights=None)))


def test_the_summary_stands_before_the_content() -> None:
    names = [child.tag for child in found(xml(RSS.render(feed(FERRY))), "channel/item")]
    assert names.index("description") + 1 == names.index(f"{CONTENT}encoded")


def test_an_entry_without_content_has_its_summary_only() -> None:
    item = found(xml(RSS.render(feed(entry(1, content=None)))), "channel/item")
    assert text(item, "description") == entry(1).summary
    assert item.find(f"{CONTENT}encoded") is None


def test_a_summary_is_text_that_html_cannot_misread() -> None:
    described = text(xml(RSS.render(feed(KNOTS))), "channel/item/description")
    assert described == "A bowline is &lt;b&gt;not&lt;/b&gt; a reef knot; 2 &lt; 3 &amp; 3 &gt; 2."


def test_a_title_writes_its_markup_characters_by_number() -> None:
    assert b"<title>2 &#x3C; 3 &#x26; 4</title>" in RSS.render(feed(entry(1, title="2 < 3 & 4")))


def test_a_title_and_rights_that_look_like_html_are_the_html_that_says_the_same() -> None:
    words, told = "What </body> and &lt; are", "What &lt;/body&gt; and &amp;lt; are"
    channel = replace(CHANNEL, title=words, rights=words)
    root = xml(RSS.render(replace(feed(entry(1, title=words, rights=words)), channel=channel)))
    paths = ("channel/title", "channel/copyright", "channel/item/title", f"channel/item/{DC}rights")
    assert [text(root, path) for path in paths] == [told] * 4


@pytest.mark.parametrize("words", ["AT&T and R&D2", "The <dialog> element", "2 < 3 & 3 > 2"])
def test_a_title_that_does_not_is_text(words: str) -> None:
    assert text(xml(RSS.render(feed(entry(1, title=words)))), "channel/item/title") == words


def test_a_guid_is_no_address() -> None:
    guid = found(xml(RSS.render(feed(FERRY))), "channel/item/guid")
    assert (guid.text, guid.attrib) == (FERRY.id, {"isPermaLink": "false"})


def test_a_publication_date_has_a_four_digit_year_and_a_numeric_zone() -> None:
    assert text(xml(RSS.render(feed(FERRY))), "channel/item/pubDate") == "Wed, 20 May 2020 12:00:00 +0000"


def test_all_names_stand_in_one_creator_and_no_address_leaks() -> None:
    document = RSS.render(feed(FERRY))
    assert text(xml(document), f"channel/item/{DC}creator") == "Ada Quay, Ben Mole"
    assert b"ben@almanac.example" not in document


def test_a_name_stands_on_one_line() -> None:
    document = RSS.render(feed(entry(1, authors=(Person("Ada\n\tQuay"),))))
    assert text(xml(document), f"channel/item/{DC}creator") == "Ada Quay"


def test_a_category_s_domain_is_where_the_tags_stand() -> None:
    category = xml(RSS.render(feed(FERRY))).findall("channel/item/category")[1]
    assert (category.text, category.attrib) == ("Wind & weather", {"domain": f"{CHANNEL.base_url}tags/"})


def test_a_picture_is_content_and_thumbnail() -> None:
    item = found(xml(RSS.render(feed(FERRY))), "channel/item")
    url, size = "https://almanac.example/media/ferry.0123456789.jpg?w=1&h=2", {"width": "800", "height": "450"}
    source = {"url": url, "medium": "image", "type": "image/jpeg", "fileSize": "91234"}
    assert found(item, f"{MEDIA}content").attrib == source | size
    assert found(item, f"{MEDIA}thumbnail").attrib == {"url": url} | size


def test_the_first_enclosure_alone_is_written() -> None:
    item = found(xml(RSS.render(feed(FERRY))), "channel/item")
    url = "https://almanac.example/media/ferry.0123456789.mp3"
    assert found(item, "enclosure").attrib == {"url": url, "length": "52428800", "type": "audio/mpeg"}


def test_an_enclosure_of_which_nothing_is_known_has_a_length_and_a_type_all_the_same() -> None:
    made = entry(1, enclosures=(Enclosure("https://almanac.example/x"),))
    attributes = found(xml(RSS.render(feed(made))), "channel/item/enclosure").attrib
    assert (attributes["length"], attributes["type"]) == ("0", "application/octet-stream")


def test_an_article_s_own_rights_are_told() -> None:
    assert text(xml(RSS.render(feed(FERRY))), f"channel/item/{DC}rights") == FERRY.rights


def test_a_picture_of_unknown_type_has_none() -> None:
    picture = found(xml(RSS.render(feed(KNOTS))), f"channel/item/{MEDIA}content")
    assert picture.attrib == {"url": "https://almanac.example/media/knot", "medium": "image"}


def test_a_withdrawn_article_is_not_mentioned() -> None:
    assert SUNK.ref.encode() not in RSS.render(FULL)
