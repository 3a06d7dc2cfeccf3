"""A private channel's documents: one for all who may read it, and none for anybody else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from asking import Readers
from house import SITE, House
from msgspec.structs import replace
from privately import MEMBERS, furnish, token, write_inside

from feedsvc import pages
from feedsvc.catalog import Names
from feedsvc.catalog.upkeep import revoke_tokens
from feedsvc.errors import Gone, Moved, NotFound, NotReady, Unpublished
from feedsvc.publication import private
from feedsvc.publication.documents import Variant, page_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.config import ChannelSettings

FEEDS = ("rss.xml", "atom.xml", "feed.json")


@pytest.fixture
def asking(house: House) -> Iterator[Readers]:
    furnish(house)
    made = Readers(house)
    made.refresh()
    yield made
    made.close()


def given(house: House, asking: Readers, channel: str = "members", name: str = "Ada") -> str:
    """The address that is made for somebody, below the base URL, once the publication knows it."""
    made = token(house, channel, name)
    asking.refresh()
    return f"private/{made}/"


def body(asking: Readers, path: str) -> str:
    return asking.get(asking.publication.key(path)).representations["identity"].body.decode()


def test_it_has_a_list_feeds_and_pages_of_its_own(house: House, asking: Readers) -> None:
    address = given(house, asking)
    for path in ("", *FEEDS, "articles/inside"):
        assert "For insiders" in body(asking, address + path)
        assert "Open to all" not in body(asking, address + path)
    assert "Nobody else knows." in body(asking, f"{address}articles/inside")
    assert "There is nothing older." in body(asking, f"{address}before/inside")


def test_all_who_may_read_it_share_one_document(house: House, asking: Readers) -> None:
    keys = {asking.publication.key(given(house, asking, name=name) + "rss.xml") for name in ("Ada", "Ben", "Cleo")}
    assert keys == {Variant("rss.xml", private="channels/members")}
    other = asking.publication.key(given(house, asking, "press") + "rss.xml")
    assert other == Variant("rss.xml", private="channels/press")


def test_what_is_for_members_is_nowhere_else(house: House, asking: Readers) -> None:
    given(house, asking)
    for path in ("", *FEEDS, "articles/open"):
        assert "insiders" not in body(asking, path)
        assert "/private/" not in body(asking, path)
    for path in ("articles/inside", "inside.md", "channels/members/", "channels/members/rss.xml"):
        with pytest.raises(NotFound):
            asking.get(path)


def test_nobody_learns_of_it_from_how_long_an_answer_takes(house: House, asking: Readers) -> None:
    assert house.catalog.holds(Names(slugs=("open",)), int(house.clock()))
    assert not house.catalog.holds(Names(slugs=("inside",), addresses=("inside.md",)), int(house.clock()))
    with pytest.raises(NotFound):  # by the doorkeeper, without a document's being made
        asking.get("articles/inside")


def test_an_article_that_becomes_private_is_public_no_more(house: House, asking: Readers) -> None:
    house.write("second.md", title="Second", date="2026-01-02", audience="members")
    assert "Second" in body(asking, "articles/second")
    house.sync_after()
    asking.refresh()
    for path in ("", *FEEDS, "articles/open"):
        assert "Second" not in body(asking, path)
    with pytest.raises(Unpublished):
        asking.get("articles/second")
    assert "Second" in body(asking, given(house, asking))


def test_links_lead_on_below_whatever_address_it_was_asked_for_at(house: House, asking: Readers) -> None:
    house.site = replace(house.site, list_length=1)
    house.write("more.md", title="More", date="2026-01-04", audience="members")
    house.sync_after()
    address = given(house, asking)
    seen, ahead = set(), [""]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        document = body(asking, address + path) if not path.endswith(FEEDS) else ""
        for href in re.findall(r'href="([^"#?]+)', document):
            found = urljoin(f"https://lantern.example/{address}{path}", href)
            if found.startswith(f"https://lantern.example/{address}"):
                ahead.append(found.removeprefix(f"https://lantern.example/{address}"))
    assert seen == {"", *FEEDS, "articles/inside", "articles/more", "before/more"}


def test_a_person_at_its_feed_is_told_to_look_into_the_address_bar(house: House, asking: Readers) -> None:
    key = asking.publication.key(given(house, asking) + "rss.xml")
    page = asking.get(page_at(key)).representations["identity"].body.decode()
    assert "stands in the address bar of your browser" in page
    assert 'href="./rss.xml?format=feed"' in page
    assert "canonical" not in page
    with pytest.raises(NotFound):
        asking.get(page_at(asking.publication.key(given(house, asking, name="Ben"))))


def test_an_entry_without_a_public_page_has_its_whole_text_and_no_link(house: House, asking: Readers) -> None:
    house.site = replace(house.site, content="summary")
    house.sync_after()
    address = given(house, asking)
    (item,) = json.loads(body(asking, f"{address}feed.json"))["items"]
    assert "url" not in item
    assert item["content_html"] == '<p>Nobody else knows. <a href="#note">Note</a></p>\n'
    rss = body(asking, f"{address}rss.xml")
    assert re.findall(r"<link>(.*?)</link>", rss) == ["https://lantern.example/"]
    assert "atom:link" not in rss
    assert "<link" not in body(asking, f"{address}atom.xml")
    assert "feed_url" not in json.loads(body(asking, f"{address}feed.json"))


def test_an_entry_with_a_link_elsewhere_keeps_it(house: House, asking: Readers) -> None:
    house.write("linked.md", title="Linked", link="https://elsewhere.example/linked", audience="members")
    house.sync_after()
    address = given(house, asking)
    items = {item["title"]: item for item in json.loads(body(asking, f"{address}feed.json"))["items"]}
    assert items["Linked"]["url"] == "https://elsewhere.example/linked"
    assert "Original:" in body(asking, f"{address}articles/linked")


def test_what_everybody_may_read_leads_to_its_public_page_there(house: House, asking: Readers) -> None:
    house.write("both.md", title="For both", date="2026-01-05", tags="[shared]")
    house.sync_after()
    address = given(house, asking)
    items = {item["title"]: item for item in json.loads(body(asking, f"{address}feed.json"))["items"]}
    assert items["For both"]["url"] == "https://lantern.example/articles/both"
    assert 'href="https://lantern.example/articles/both"' in body(asking, address)
    assert "For both" in body(asking, "rss.xml")
    with pytest.raises(Moved, match=r"https://lantern\.example/articles/both"):
        body(asking, f"{address}articles/both")


def test_a_channel_in_which_nothing_was_yet_is_empty_until_something_is(house: House, asking: Readers) -> None:
    address = given(house, asking, "press")
    assert json.loads(body(asking, f"{address}feed.json"))["items"] == []
    assert "No article has been published here yet." in body(asking, address)
    house.write("release.md", title="A release", date="2026-01-05", audience="[press]")
    house.sync_after()
    asking.refresh()
    assert "A release" in body(asking, address)
    assert "insiders" not in body(asking, address)


def test_a_scheduled_article_comes_at_its_instant(house: House, asking: Readers) -> None:
    house.write("later.md", title="Later", date="2026-01-10T13:00:00Z", audience="channels/Members")
    house.sync_after()
    address = given(house, asking)
    document = asking.get(asking.publication.key(address))
    assert document.lifetime.good_until == house.clock.now - house.clock.now % 3600 + 3600
    assert "Later" not in body(asking, address)
    with pytest.raises(NotFound):
        body(asking, f"{address}articles/later")
    house.clock.now += 3600
    assert "Later" in body(asking, address)


def test_what_ends_there_is_withdrawn_there(house: House, asking: Readers) -> None:
    write_inside(house, expires="2026-01-10T12:30:00Z")
    house.sync_after()
    address = given(house, asking)
    assert asking.get(asking.publication.key(f"{address}rss.xml")).lifetime.kept_until < house.clock.now + 1800
    house.clock.now += 1800
    with pytest.raises(Gone):
        body(asking, f"{address}articles/inside")


def test_an_article_that_anybody_may_read_has_no_second_page(house: House, asking: Readers) -> None:
    address = given(house, asking)
    for path in ("articles/open", "articles/nothing", "nothing", "articles/", "channels/members/", "//", "rss.xml/"):
        with pytest.raises(NotFound):
            body(asking, address + path)


def test_a_new_slug_leads_on_without_naming_the_address(house: House, asking: Readers) -> None:
    write_inside(house, slug="within")
    house.sync_after()
    address = given(house, asking)
    with pytest.raises(Moved) as moved:
        body(asking, f"{address}articles/inside")
    assert moved.value.location == "./within"


def test_a_revoked_address_is_gone_with_the_next_look(house: House, asking: Readers) -> None:
    address, other = given(house, asking), given(house, asking, name="Ben")
    body(asking, f"{address}rss.xml")
    changes = asking.publication.shelf.changes
    revoke_tokens(house.catalog, channel="members", name="Ada")
    asking.refresh()
    assert asking.publication.shelf.changes > changes  # the lane forgets what it knows
    for path in ("", "rss.xml", "articles/inside", "nothing"):
        with pytest.raises(Gone):
            asking.publication.key(address + path)
    assert "insiders" in body(asking, f"{other}rss.xml")


@pytest.mark.parametrize("channels", [(), (replace(MEMBERS, private=False),)])
def test_where_the_channel_is_private_no_more_its_addresses_are_gone(
    house: House, asking: Readers, channels: tuple[ChannelSettings, ...]
) -> None:
    key = asking.publication.key(address := given(house, asking))
    house.site = replace(SITE, channels=channels)
    house.sync_after()
    asking.refresh()
    with pytest.raises(Gone):
        asking.publication.key(address)
    with pytest.raises(Gone):  # whoever asked a moment before the settings were known
        asking.get(key)


def test_an_address_lasts_when_the_channel_is_renamed(house: House, asking: Readers) -> None:
    address = given(house, asking)
    house.site = replace(SITE, channels=(replace(MEMBERS, name="channels/friends", aliases=("channels/members",)),))
    house.sync_after()
    asking.refresh()
    assert asking.publication.key(address) == Variant("", private="channels/friends")


def test_a_channel_that_has_ended_says_farewell_where_it_was_read(house: House, asking: Readers) -> None:
    address = given(house, asking)
    house.site = replace(SITE, channels=(replace(MEMBERS, ended="2026-01-10", farewell="Thank you all."),))
    house.sync_after()
    asking.refresh()
    with pytest.raises(Gone) as gone:
        body(asking, f"{address}feed.json")
    assert gone.value.instead is not None
    assert b"Thank you all." in gone.value.instead[1]


def test_nobody_is_let_in_before_it_is_known_who_may_be(house: House) -> None:
    asking = Readers(house)
    asking.refresh()
    with pytest.raises(NotReady):
        asking.publication.key("private/x/")
    asking.close()


@pytest.mark.parametrize("path", ["private", "private/", "private/x", "private//", "/private/x/", "private/x/../"])
def test_what_is_nobody_s_is_not_found(asking: Readers, path: str) -> None:
    assert private.is_private(path)
    with pytest.raises(NotFound):
        asking.publication.key(path)


def test_what_cannot_be_made_is_told_without_saying_whose_or_what(
    house: House, asking: Readers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    address = given(house, asking)

    def broken(*_: object, **__: object) -> bytes:
        raise ValueError("the article inside is broken")

    monkeypatch.setattr(pages, "article_page", broken)
    with pytest.raises(Exception, match="cannot be made now") as raised:
        body(asking, f"{address}articles/inside")
    (trouble,) = asking.publication.troubles
    assert trouble.what == "/private/…: a document cannot be made"
    assert address.split("/")[1] not in f"{raised.value}{caplog.text}"
