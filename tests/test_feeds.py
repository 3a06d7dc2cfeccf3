"""Selection: a channel and its entries."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from feedsvc.podcast import Podcast

if TYPE_CHECKING:
    from house import House

COVER = b"\x89PNG\r\n\x1a\n" + bytes(30)


def podcast(house: House, **settings: object) -> Podcast | None:
    house.site = replace(house.site, **settings)
    house.sync_after()
    return house.feed().channel.podcast


def test_a_site_is_no_podcast_unless_it_has_a_category(house: House) -> None:
    assert podcast(house, podcast_image="cover.png") is None


def test_a_podcast_is_what_the_settings_say(house: House) -> None:
    assert podcast(house, podcast_category="Technology") == Podcast(("Technology",), is_explicit=False, type="episodic")
    settings = {"podcast_category": "Arts > Books", "podcast_explicit": True, "podcast_owner": "a@e.org"}
    found = podcast(house, **settings, podcast_type="serial")
    assert found == Podcast(("Arts", "Books"), is_explicit=True, type="serial", owner="a@e.org")


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("images/cover ö.png", f"/media/images/cover%20%C3%B6.{sha256(COVER).hexdigest()[:10]}.png"),
        ("/images/cover%20%C3%B6.png", f"/media/images/cover%20%C3%B6.{sha256(COVER).hexdigest()[:10]}.png"),
        ("../none.png", "/media/none.png"),
    ],
)
def test_a_cover_is_a_file_of_the_content_folder(house: House, written: str, url: str) -> None:
    (house.content / "images").mkdir()
    (house.content / "images" / "cover ö.png").write_bytes(COVER)
    found = podcast(house, podcast_category="Arts", podcast_image=written)
    assert found is not None
    assert found.image == f"https://lantern.example{url}"


def test_a_cover_may_stand_elsewhere(house: House) -> None:
    found = podcast(house, podcast_category="Arts", podcast_image="https://x.org/é.png")
    assert found is not None
    assert found.image == "https://x.org/%C3%A9.png"


def test_a_new_cover_touches_every_channel(house: House) -> None:
    house.write("a.md", tags="Birds")
    podcast(house, podcast_category="Arts", podcast_image="cover.png")
    before = house.modified("tags/birds")
    (house.content / "cover.png").write_bytes(COVER)
    house.sync_after()
    assert house.modified() == house.modified("tags/birds") == house.clock.now > before
