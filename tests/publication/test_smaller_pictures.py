"""Pictures in the widths that pages ask for: where they are, what pages say of them, and that nobody waits for them."""

from __future__ import annotations

import asyncio
import re
import threading
from html import unescape
from typing import TYPE_CHECKING

import pytest
from picturing import grain, jpeg, opened, turned, written

from feedsvc.errors import Moved, NotFound
from feedsvc.model import Document, Lifetime, Representation
from feedsvc.publication import files
from feedsvc.publication.documents import original, room_of
from feedsvc.publication.filtered import MOST_WAITING
from feedsvc.publication.reduction import reduced
from feedsvc.publication.shelf import MOST_PICTURES, Shelf

if TYPE_CHECKING:
    from asking import Readers
    from house import House

BASE = "https://lantern.example/"
FIRST = "(max-width: 38rem) calc(100vw - 2.5rem), clamp(5.5rem, 24vw, 15rem)"
OTHERS = "(max-width: 38rem) 5.5rem, clamp(5.5rem, 24vw, 10rem)"
CONTENT = re.compile(r'<div class="content e-content">\n(.*?)\n</div>', re.DOTALL)


def put(house: House, file: str, body: bytes) -> None:
    path = house.content / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def pictures(page: bytes) -> list[dict[str, str]]:
    """The attributes of each picture on a page."""
    tags = re.findall(r"<img( [^<>]*)>", page.decode())
    return [{name: unescape(value) for name, value in re.findall(r' ([a-z]+)="([^"]*)"', tag)} for tag in tags]


def candidates(picture: dict[str, str]) -> dict[str, int]:
    """The URLs of a `srcset`, each with its width."""
    found = (each.split(" ") for each in picture["srcset"].split(", "))
    return {url: int(width.removesuffix("w")) for url, width in found}


def furnish(house: House, body: bytes | None = None, *, file: str = "p/owl ö.jpg") -> str:
    """An article with a picture; its address, with its digest."""
    put(house, file, body or jpeg())
    house.write("a.md", text=f"Said.\n\n![An owl](<{file}>)")
    house.sync()
    with house.catalog.snapshot() as snapshot:
        stored = snapshot.media(file)
    assert stored is not None
    return f"media/{file[:-4]}.{stored.digest[:10]}{file[-4:]}"


def test_each_candidate_on_a_page_is_there_and_as_wide_as_it_says(house: House, readers: Readers) -> None:
    path = furnish(house)
    for page in ("articles/a", ""):
        (picture,) = [each for each in pictures(readers.body(page)) if "srcset" in each]
        assert (picture["width"], picture["height"]) == ("800", "600")
        found = candidates(picture)
        assert list(found.values()) == [320, 640]
        assert picture["src"] == BASE + path.replace(" ", "%20").replace("ö", "%C3%B6")
        for url, width in found.items():
            document = readers.get(url.removeprefix(BASE).replace("%20", " ").replace("%C3%B6", "ö"))
            assert document.media_type == "image/webp"
            assert document.lifetime.max_age == 31_536_000
            body = document.representations["identity"].body
            assert opened(body).size == (width, width * 3 // 4)
            assert len(body) < len(jpeg())


def test_the_first_picture_is_loaded_at_once_and_all_others_when_they_are_looked_at(
    house: House, readers: Readers
) -> None:
    for name in ("a", "b", "c"):
        put(house, f"{name}.jpg", jpeg())
    text = "![](a.jpg)\n\n![](https://x.org/a.jpg)\n\n<img src='b.jpg' width=400>\n\n`a`\n\n    pre"
    for day in range(1, 4):
        house.write(f"{day}.md", date=f"2026-01-0{day}", slug=f"n{day}", text=text)
    house.write("lead.md", date="2026-01-04", slug="lead", image="c.jpg", text=text)
    house.sync()
    article = pictures(readers.body("articles/n1"))
    assert [each.get("loading", each.get("fetchpriority")) for each in article] == ["high", *["lazy"] * 5]
    assert all(each["decoding"] == "async" for each in article)
    own, external, sized = article[:3]
    assert "srcset" not in external
    assert (sized["width"], sized["height"], sized["sizes"]) == ("400", "300", "min(400px, 100vw - 2.5rem)")
    assert own["sizes"] == "min(680px, 100vw - 2.5rem)"
    assert 'tabindex="0"' in readers.body("articles/n1").decode()
    lead = pictures(readers.body("articles/lead"))
    assert [each.get("fetchpriority") for each in lead[:3]] == ["high", None, None]
    assert lead[0]["sizes"] == "min(680px, 100vw - 2.5rem)"
    listed = pictures(readers.body(""))
    assert [each.get("fetchpriority") for each in listed] == ["high", None, None, None]
    assert [each["sizes"] for each in listed] == [FIRST, *[OTHERS] * 3]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_feeds_know_nothing_of_it(house: House, readers: Readers, name: str) -> None:
    furnish(house)
    readers.body("articles/a")
    feed = readers.body(name)
    assert b"owl" in feed
    for word in (b"webp", b"srcset", b"loading", b"decoding", b"tabindex", b"320"):
        assert word not in feed


def test_a_page_tells_the_size_of_a_photograph_as_it_is_turned(house: House, readers: Readers) -> None:
    path = furnish(house, turned(6, place="at home"), file="photo.jpg")
    (picture,) = [each for each in pictures(readers.body("articles/a")) if "srcset" in each]
    assert (picture["width"], picture["height"]) == ("600", "800")
    assert list(candidates(picture).values()) == [320, 600]
    body = readers.body(f"{path}.320w.webp")
    assert b"at home" not in body
    assert opened(body).size == (320, 427)


@pytest.mark.parametrize(
    "path",
    [
        "{}.960w.webp",
        "{}.641w.webp",
        "{}.0640w.webp",
        "{}.640w.jpg",
        "{}.640w.webp.320w.webp",
        "media/none.jpg.640w.webp",
    ],
)
def test_nothing_is_in_other_widths(house: House, readers: Readers, path: str) -> None:
    asked = path.format(furnish(house))
    readers.refresh()
    with pytest.raises(NotFound):
        readers.get(asked)


def test_nothing_is_at_an_address_without_a_digest(house: House, readers: Readers) -> None:
    furnish(house)
    with pytest.raises(NotFound):
        readers.get("media/p/owl ö.jpg.640w.webp")


@pytest.mark.parametrize(("file", "body"), [("a.svg", b"<svg width='800' height='600'/>" * 999), ("a.gif", b"")])
def test_drawings_and_what_moves_are_shown_as_they_are(house: House, readers: Readers, file: str, body: bytes) -> None:
    put(house, file, body or written(grain(), "GIF", save_all=True, append_images=[grain().rotate(9)]))
    house.write("a.md", text=f"![]({file})")
    house.sync()
    (picture, *_) = pictures(readers.body("articles/a"))
    assert "srcset" not in picture
    assert (picture["width"], picture["height"]) == ("800", "600")


def test_a_file_that_is_called_so_comes_first(house: House, readers: Readers) -> None:
    path = furnish(house)
    put(house, path.removeprefix("media/") + ".640w.webp", b"RIFF....WEBP")
    house.sync_after()
    assert readers.body(f"{path}.640w.webp") == b"RIFF....WEBP"


def test_what_was_replaced_leads_to_what_is_there(house: House, readers: Readers) -> None:
    before = furnish(house)
    assert readers.body(f"{before}.640w.webp")
    readers.refresh()
    after = furnish_again(house, written(grain((900, 300)), "JPEG"))
    readers.refresh()
    with pytest.raises(Moved) as moved:
        readers.get(f"{before}.640w.webp")
    assert moved.value.location == BASE + after.replace(" ", "%20").replace("ö", "%C3%B6") + ".640w.webp"


def furnish_again(house: House, body: bytes) -> str:
    house.clock.now += 10
    return furnish(house, body)


@pytest.mark.parametrize(
    ("file", "body"),
    [
        ("a.jpg", jpeg()[:-9000]),
        ("a.png", written(grain(), "PNG", save_all=True, append_images=[grain().rotate(9)])),
        ("a.png", written(grain(), "PNG")[:20_000]),
    ],
)
def test_what_cannot_be_made_smaller_leads_to_the_whole_and_is_tried_once(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch, file: str, body: bytes
) -> None:
    path = furnish(house, body, file=file)
    tried: list[object] = []

    def counted(*given: object) -> bytes | None:
        tried.append(given)
        return reduced(*given)  # type: ignore[arg-type] # as they were given

    monkeypatch.setattr(files, "reduced", counted)
    for _ in range(3):
        with pytest.raises(Moved) as moved:
            readers.get(f"{path}.320w.webp")
        assert moved.value.location == BASE + path
    assert len(tried) <= 1
    assert readers.body(path) == body


def test_it_is_not_made_again_when_another_file_changes(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = furnish(house)
    readers.refresh()
    body = readers.body(f"{path}.640w.webp")
    put(house, "other.png", written(grain(), "PNG"))
    house.sync_after()
    readers.refresh()
    monkeypatch.setattr(files, "reduced", None)  # whoever calls it now fails
    assert readers.publication.kept(f"{path}.640w.webp") is None
    assert readers.body(f"{path}.640w.webp") == body


def test_whoever_comes_when_many_wait_is_given_the_whole_and_no_document_waits(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = MOST_WAITING + 8
    for number in range(many):
        put(house, f"{number}.jpg", jpeg((640, 480 + number)))
    furnish(house)
    readers.refresh()
    with house.catalog.snapshot() as snapshot:
        found = [snapshot.media(f"{number}.jpg") for number in range(many)]
    paths = [f"media/{at}.{each.digest[:10]}.jpg" for at, each in enumerate(found) if each is not None]
    is_free = threading.Event()

    def slow(*given: object) -> bytes | None:
        assert is_free.wait(30)
        return reduced(*given)  # type: ignore[arg-type] # as they were given

    monkeypatch.setattr(files, "reduced", slow)

    async def ask() -> list[object]:
        asking = [asyncio.create_task(readers.publication.get(f"{path}.320w.webp")) for path in paths]
        await asyncio.sleep(0.5)
        try:
            feed = await asyncio.wait_for(readers.publication.get("atom.xml"), 20)
            page = await asyncio.wait_for(readers.publication.get("articles/a"), 20)
        finally:
            is_free.set()
        return [feed, page, *await asyncio.gather(*asking, return_exceptions=True)]

    feed, page, *answers = readers.run(ask())
    assert isinstance(feed, Document)
    assert isinstance(page, Document)
    moved = {each.location for each in answers if isinstance(each, Moved)}
    assert len(moved) >= many - MOST_WAITING - 1
    assert moved <= {BASE + path for path in paths}
    assert sum(isinstance(each, Document) for each in answers) == many - len(moved)


def document(size: int) -> Document:
    return Document("image/webp", {"identity": Representation("identity", b"x" * size, '"x"')}, Lifetime())


def key(number: int) -> str:
    return f"media/{number}.0123456789.jpg.640w.webp"


def test_they_have_a_part_of_the_room_and_go_before_all_others() -> None:
    assert room_of(key(1)) == "pictures"
    assert original(key(1)) == "media/1.0123456789.jpg"
    assert room_of("media/1.0123456789.jpg") == original("articles/a.jpg.640w.webp") == ""
    kept = Shelf(1000)
    kept.put("atom.xml", document(100), 0)
    for number in range(10):
        kept.put(key(number), document(100), number)
    assert [number for number in range(10) if kept.good(key(number), 1)] == [8, 9]
    assert kept.good("atom.xml", 1)
    assert kept.asked_since(0, lambda _: True) == ["atom.xml"]
    for number in range(9):
        kept.put(f"tags/{number}/atom.xml", document(100), 2)
    assert not any(kept.good(key(number), 3) for number in range(10))
    assert all(kept.good(f"tags/{number}/atom.xml", 3) for number in range(9))


def test_so_many_are_kept() -> None:
    kept = Shelf(10**9)
    for number in range(MOST_PICTURES + 2):
        kept.put(key(number), document(1), 1)
    assert [kept.good(key(number), 1) is None for number in range(3)] == [True, True, False]
