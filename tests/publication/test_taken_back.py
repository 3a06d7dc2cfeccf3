"""What was published and is not any more: its page is gone, nothing else tells of it, and what moved is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from house import NOON

from feedsvc.errors import Gone, Moved, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asking import Readers
    from house import House

HIDDEN = "harbourmaster"
EVERYWHERE = ("", "rss.xml", "atom.xml", "feed.json", "tags/t/", "tags/t/rss.xml", "tags/t/atom.xml", "articles/other")

# What a record says from then on; None where it is removed.
WAYS: Mapping[str, Mapping[str, str] | None] = {
    "removed": None,
    "a draft again": {"draft": "true"},
    "withdrawn": {"withdrawn": "2026-01-05"},
    "withdrawn, and why": {"withdrawn": "2026-01-05", "withdrawn_reason": "Its figures were wrong."},
    "expired": {"expires": "2026-01-05"},
    "not published": {"published": "false"},
}
every_way = pytest.mark.parametrize("way", WAYS)


def publish(house: House, readers: Readers) -> None:
    house.sync_after()
    readers.refresh()


def write(house: House, *, slug: str = "fog", **keys: str) -> None:
    house.write("a.md", title=f"The {HIDDEN}", text=HIDDEN, slug=slug, tags="[t]", summary=HIDDEN, **keys)


def take_back(house: House, readers: Readers, way: str, **keys: str) -> None:
    said = WAYS[way]
    if said is None:
        house.remove("a.md")
    else:
        write(house, **keys, **said)
    publish(house, readers)


@every_way
def test_its_page_is_gone_and_nothing_else_tells_of_it(house: House, readers: Readers, way: str) -> None:
    house.write("other.md", tags="[t]", date="2025-01-01")
    write(house)
    publish(house, readers)
    assert all(HIDDEN in readers.body(path).decode() for path in EVERYWHERE)
    take_back(house, readers, way)
    with pytest.raises(Gone):
        readers.get("articles/fog")
    assert not any(HIDDEN in readers.body(path).decode() for path in EVERYWHERE)
    is_told = b"deleted-entry" in readers.body("atom.xml")
    assert is_told == (way != "expired")


@every_way
def test_its_former_pages_are_gone_too(house: House, readers: Readers, way: str) -> None:
    for slug in ("mist", "haze", "fog"):
        write(house, slug=slug)
        publish(house, readers)
    take_back(house, readers, way)
    for slug in ("mist", "haze", "fog"):
        with pytest.raises(Gone):
            readers.get(f"articles/{slug}")


@every_way
def test_what_was_never_public_is_not_found(house: House, readers: Readers, way: str) -> None:
    write(house, embargo="2030-01-01")
    publish(house, readers)
    take_back(house, readers, way, embargo="2030-01-01")
    with pytest.raises(NotFound):
        readers.get("articles/fog")
    with pytest.raises(NotFound):
        readers.get("tags/t/atom.xml")


@every_way
def test_what_comes_back_is_itself_again(house: House, readers: Readers, way: str) -> None:
    write(house)
    publish(house, readers)
    before = house.ids()
    take_back(house, readers, way)
    write(house)
    publish(house, readers)
    assert house.ids() == before
    assert HIDDEN in readers.body("articles/fog").decode()
    assert b"deleted-entry" not in readers.body("atom.xml")


def test_a_reason_is_told_of_what_was_withdrawn(house: House, readers: Readers) -> None:
    reason = "Its figures were wrong."
    write(house, slug="mist", aliases="[/old/]")
    publish(house, readers)
    write(house, aliases="[/old/]", withdrawn="2026-01-05", withdrawn_reason=reason)
    publish(house, readers)
    for path in ("articles/fog", "articles/mist", "old/", "a.md"):
        with pytest.raises(Gone) as gone:
            readers.get(path)
        assert gone.value.reason == reason
    for path in ("atom.xml", "tags/t/atom.xml"):
        assert f">{reason}</at:comment>" in readers.body(path).decode()
    assert not any(reason in readers.body(path).decode() for path in ("", "rss.xml", "feed.json"))


@pytest.mark.parametrize("keys", [{"withdrawn": "2027-01-05"}, {"expires": "2026-01-05"}, {"expires": "2027-01-05"}])
def test_a_reason_is_told_of_nothing_else(house: House, readers: Readers, keys: dict[str, str]) -> None:
    write(house, withdrawn_reason="Its figures were wrong.", **keys)
    publish(house, readers)
    house.clock.now = NOON + 3600
    assert not any(b"figures" in readers.body(path) for path in ("", "rss.xml", "atom.xml", "feed.json"))
    if keys == {"expires": "2026-01-05"}:
        with pytest.raises(Gone) as gone:
            readers.get("articles/fog")
        assert gone.value.reason is None
    else:
        assert b"figures" not in readers.body("articles/fog")


def test_a_reason_goes_with_its_record(house: House, readers: Readers) -> None:
    write(house, withdrawn="2026-01-05", withdrawn_reason="Its figures were wrong.")
    publish(house, readers)
    house.remove("a.md")
    publish(house, readers)
    with pytest.raises(Gone) as gone:
        readers.get("articles/fog")
    assert gone.value.reason is None
    assert b"at:comment" not in readers.body("atom.xml")
    assert b"deleted-entry" in readers.body("atom.xml")


def test_another_reason_is_told_from_the_next_sync_on(house: House, readers: Readers) -> None:
    write(house, withdrawn="2026-01-05", withdrawn_reason="A mistake.")
    publish(house, readers)
    assert b"A mistake." in readers.body("atom.xml")
    write(house, withdrawn="2026-01-05", withdrawn_reason="A lie.")
    publish(house, readers)
    assert b"A lie." in readers.body("atom.xml")
    assert b"A mistake." not in readers.body("atom.xml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"slug": "mist"}, {"slug": "fog"}),
        ({"permalink": "/2019/mist.html"}, {"permalink": "/2019/fog.html"}),
        ({"permalink": "/2019/mist/"}, {"permalink": "/2019/mist/", "slug": "fog"}),
        ({"link": "https://lantern.example/2019/mist/"}, {"link": "https://lantern.example/2020/fog/"}),
        ({"url": "/mist/"}, {"slug": "fog", "link": "https://elsewhere.example/x"}),
    ],
)
def test_what_moved_is_found_under_its_new_address_with_its_id(
    house: House, readers: Readers, before: dict[str, str], after: dict[str, str]
) -> None:
    house.write("a.md", **before)
    publish(house, readers)
    (id_,) = house.ids().values()
    assert readers.body("articles/mist")
    house.write("a.md", **after)
    publish(house, readers)
    with pytest.raises(Moved) as moved:
        readers.get("articles/mist")
    assert moved.value.location == "https://lantern.example/articles/fog"
    assert readers.body("articles/fog")
    assert list(house.ids().values()) == [id_]
    assert b"deleted-entry" not in readers.body("atom.xml")


def test_a_page_that_is_elsewhere_now_is_still_here(house: House, readers: Readers) -> None:
    house.write("a.md", link="https://elsewhere.example/x")
    publish(house, readers)
    house.write("a.md", link="https://elsewhere.example/y")
    publish(house, readers)
    assert b"https://elsewhere.example/y" in readers.body("articles/a")
