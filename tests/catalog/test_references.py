"""What articles refer to, and what becomes of them when it changes."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from feedsvc.catalog.references import MOST, references
from feedsvc.model import Article, Enclosure, MediaFile

if TYPE_CHECKING:
    from house import House

NOON = datetime(2020, 5, 20, 12, tzinfo=UTC)


def article(source: str, *, image: str | None = None, enclosures: tuple[Enclosure, ...] = ()) -> Article:
    return Article(
        address="a/b.md",
        title="B",
        slug="b",
        written_date="2020-05-20",
        published=NOON,
        updated=NOON,
        source=source,
        markup="markdown",
        image=image,
        enclosures=enclosures,
    )


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("![x](c.png)", "a/c.png"),
        ("![a long text](c_(1).PNG)", "a/c_(1).PNG"),
        ("![x](<c d.png>)", "a/c d.png"),
        ("![x](c%20d.png?x=1#y)", "a/c d.png"),
        ("![x](c\\_d.png)", "a/c_d.png"),
        ("[x]: ../c.mp3", "c.mp3"),
        ("[![x](c.png)](d.pdf)", "a/d.pdf"),
        ("<img src='c &amp; d.webp'>", "a/c & d.webp"),
        ("<img src=c.webp>", "a/c.webp"),
        ('<img\nsrcset="c.png 1x,\n d.png 2x">', "a/d.png"),
        ('<audio src="c.ogg">', "a/c.ogg"),
        ("![x](/c.png)", "static/c.png"),
        ("![x](\nc.png\n)", "a/c.png"),
    ],
)
def test_a_path_in_the_text_is_found(source: str, address: str) -> None:
    assert address in references(article(source))


@pytest.mark.parametrize(
    "source", ["", "![x](https://x.org/c.png)", "![x](//x.org/c.png)", "c.png1", "c.txt", "![x](../../c.png)"]
)
def test_what_is_elsewhere_or_no_media_is_not(source: str) -> None:
    assert references(article(source)) == ()


def test_the_record_s_image_and_enclosures_come_first() -> None:
    made = article("![](d.png)", image="c d.png", enclosures=(Enclosure("e.mp3"), Enclosure("https://[/f.mp3")))
    found = references(made)
    assert found[:3] == ("a/c d.png", "c d.png", "static/c d.png")  # a key may mean a file from the top
    assert found.index("a/e.mp3") < found.index("a/d.png") == len(found) - 1


def test_no_more_are_looked_for_than_a_limit() -> None:
    assert len(references(article(" ".join(f"/{number}.png" for number in range(2 * MOST))))) == MOST


@pytest.mark.parametrize("source", [".png" * 5_000, "(a.png" * 5_000, "<.PNG " * 5_000, "\\&amp;.gif" * 5_000])
def test_a_hostile_text_costs_linear_time(source: str) -> None:
    assert len(references(article(source))) <= MOST


def picture(width: int, height: int = 2) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">L4sLLBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)


def put(house: House, address: str, body: bytes) -> None:
    path = house.content / address
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def media(house: House) -> tuple[MediaFile, ...]:
    (made,) = house.articles()
    return made.media


def test_an_article_carries_the_files_it_refers_to(house: House) -> None:
    put(house, "pictures/b.png", picture(640, 480))
    put(house, "a.svg", b"<svg/>")
    put(house, "other.png", picture(1))
    house.write("a.md", text="![b](pictures/b.png) ![a](a.svg) ![none](none.png)")
    house.sync()
    first, second = media(house)
    assert (first.address, first.length, first.width, first.height) == ("a.svg", 6, None, None)
    assert (second.address, second.length, second.width, second.height) == ("pictures/b.png", 29, 640, 480)


def test_a_replaced_picture_reaches_the_feeds_in_one_revision(house: House) -> None:
    put(house, "a.png", picture(3))
    house.write("a.md", text="![a](a.png)", tags="Birds")
    house.write("b.md", date="2025-01-01", tags="Boats")
    house.sync()
    before = {name: house.observed(name) for name in ("", "tags/birds", "tags/boats")}
    put(house, "a.png", picture(4))
    outcome = house.sync_after()
    assert outcome.revision is not None
    assert outcome.revision.number == 2
    for name in ("", "tags/birds"):
        body, modified = house.observed(name)
        assert body != before[name][0]
        assert modified > before[name][1]
    assert house.observed("tags/boats") == before["tags/boats"]
    assert house.sync_after().revision is None


def test_a_picture_that_comes_after_its_article_is_taken_up(house: House) -> None:
    house.write("a.md", text="![a](a.png)")
    house.sync()
    assert media(house) == ()
    put(house, "a.png", picture(3))
    house.sync_after()
    assert [file.width for file in media(house)] == [3]
    house.remove("a.png")
    house.sync_after()
    assert media(house) == ()


def test_what_no_longer_refers_to_a_file_does_not_change_with_it(house: House) -> None:
    put(house, "a.png", picture(3))
    house.write("a.md", text="![a](a.png)")
    house.sync()
    house.write("a.md", text="No picture.")
    house.sync_after()
    before = house.observed()
    put(house, "a.png", picture(4))
    house.sync_after()
    assert media(house) == ()
    assert house.observed() == before


def test_a_picture_of_a_scheduled_article_tells_nobody_of_it(house: House) -> None:
    put(house, "a.png", picture(3))
    house.write("a.md", text="![a](a.png)", date="2026-01-10T13:00:00Z")
    house.write("b.md")
    house.sync()
    before = house.modified()
    put(house, "a.png", picture(4))
    assert house.sync_after().revision is not None
    assert house.modified() == before


def test_an_article_that_waits_for_another_one_shows_its_picture_as_it_is(house: House) -> None:
    house.write("a.md", slug="owl", id="tag:e.org,2020:a")
    house.write("b.md", id="tag:e.org,2020:b", text="![a](a.png)", date="2026-01-02")
    house.sync()
    house.write("b.md", id="tag:e.org,2020:b", slug="owl", text="![a](a.png)", date="2026-01-02")
    assert house.sync_after().faults
    put(house, "a.png", picture(4))
    house.sync_after()
    (file,) = house.articles()[0].media
    assert file.width == 4
    assert house.modified() == house.clock.now


def test_a_picture_that_cannot_be_read_is_told_of_and_served(house: House) -> None:
    put(house, "a.png", b"version https://git-lfs.github.com/spec/v1")
    house.write("a.md", text="![a](a.png)")
    (fault,) = house.sync().faults
    assert (fault.address, fault.is_warning) == ("a.png", True)
    assert [file.width for file in media(house)] == [None]
    assert house.catalog.faults() == (fault,)
