"""Archives of channels of every kind: what each channel says of itself holds in them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from asking import Readers
from house import SITE, House
from msgspec.structs import replace
from privately import furnish, token, write_inside
from walking import BASE, links, walk

from feedsvc import filters
from feedsvc.config.channels import ChannelSettings
from feedsvc.errors import Gone, Moved, NotFound
from feedsvc.publication.documents import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a selection shows is asked by statements of its own.
DIALECTS = ("sqlite", "postgresql")

FEEDS = ("rss.xml", "atom.xml", "feed.json")
DAY = 86_400


def channel(**settings: Any) -> ChannelSettings:
    return ChannelSettings(name="channels/picks", title="Picks", any=("tags/t",), **settings)


@pytest.fixture
def asking(house: House) -> Iterator[Readers]:
    for month in range(1, 8):
        updated = {"updated": "2026-01-05"} if month == 2 else {}
        house.write(
            f"{month}.md", title=f"Of {month}", date=f"2025-{month:02}-03", tags="[t]", text="One. Two.", **updated
        )
    house.write("other.md", date="2025-03-04", tags="[u]")
    house.sync()
    made = Readers(house)
    yield made
    made.close()


def settled(house: House, asking: Readers, *channels: ChannelSettings) -> None:
    house.site = replace(SITE, channels=channels)
    house.sync_after(60)
    asking.refresh()


@pytest.mark.parametrize(
    "settings",
    [{"entries": 1}, {"entries": 2, "order": "updated"}, {"entries": 3, "delay": 30 * DAY}, {"all": ("tags/t",)}],
)
@pytest.mark.parametrize("name", FEEDS)
def test_who_walks_through_a_channel_s_archives_sees_all_of_it(
    house: House, asking: Readers, name: str, settings: dict[str, Any]
) -> None:
    settled(house, asking, channel(**settings))
    seen = walk(asking.body, f"channels/picks/{name}")
    assert {item.title for items in seen.values() for item in items} == {f"Of {month}" for month in range(1, 8)}


def test_an_archive_presents_what_is_in_it_as_its_channel_does(house: House, asking: Readers) -> None:
    settled(house, asking, channel(entries=1, content="summary", rights="For partners only."))
    body = asking.body("channels/picks/archive/2025-03/atom.xml").decode()
    assert "For partners only." in body
    assert "<summary" in body
    assert "<content" not in body
    assert "other" not in body


def test_a_channel_out_of_which_things_fall_has_no_archives(house: House, asking: Readers) -> None:
    settled(house, asking, channel(entries=1, within=300 * DAY))
    assert "prev-archive" not in links(asking.body("channels/picks/atom.xml"), "atom.xml")
    with pytest.raises(NotFound):
        asking.body("channels/picks/archive/2025-07/atom.xml")


def test_a_filter_has_no_archives(house: House, asking: Readers) -> None:
    settled(house, asking)
    house.site = replace(house.site, entries=1)
    house.sync_after(60)
    asking.refresh()
    assert "prev-archive" in links(asking.body("atom.xml"), "atom.xml")
    found = filters.read(b"tag=t&not=u")
    assert found is not None
    filtered = asking.get(Variant("atom.xml", query=found.query)).representations["identity"].body
    assert "prev-archive" not in links(filtered, "atom.xml")


def test_archives_of_a_channel_that_ended_are_gone_and_those_of_a_renamed_one_moved(
    house: House, asking: Readers
) -> None:
    settled(house, asking, channel(ended="2026-01-09", aliases=("channels/old",)))
    with pytest.raises(Gone) as gone:
        asking.body("channels/picks/archive/2025-07/atom.xml")
    assert gone.value.instead is not None
    assert gone.value.instead[0].startswith("application/atom+xml")
    with pytest.raises(Moved) as moved:
        asking.body("channels/old/archive/2025-07/atom.xml")
    assert moved.value.location == f"{BASE}channels/picks/archive/2025-07/atom.xml"


@pytest.mark.parametrize("name", FEEDS)
def test_a_private_channel_s_archives_are_found_from_where_its_feed_is_and_name_no_address(
    house: House, name: str
) -> None:
    furnish(house)
    house.site = replace(house.site, entries=1)
    write_inside(house, tags="[shared]")
    house.write("older.md", title="Older", date="2025-03-01", tags="[shared]")
    house.sync_after(60)
    address = f"{BASE}private/{token(house)}/{name}"
    asking = Readers(house)
    asking.refresh()
    titles = set[str]()
    here: str | None = address
    while here is not None:
        document = asking.get(asking.publication.key(urlsplit(here).path.lstrip("/")))
        body = document.representations["identity"].body
        assert document.lifetime.is_private
        assert b"private/" not in body
        titles.update(title for title in ("For insiders", "Older") if title.encode() in body)
        found = private_links(body, name)
        assert not {"self", "alternate"} & found.keys()
        here = urljoin(here, found["prev-archive"]) if "prev-archive" in found else None
    assert titles == {"For insiders", "Older"}
    with pytest.raises(NotFound):
        asking.body("channels/members/archive/2025-03/rss.xml")
    asking.close()


def private_links(body: bytes, name: str) -> dict[str, str]:
    """As `links`, of a feed that does not say where it is."""
    if name == "feed.json":
        return links(body.replace(b"{", b'{"feed_url": "",', 1), name)
    return links(body, name)
