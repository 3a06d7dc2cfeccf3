"""The documents of filters: how many are kept, in which order they are made, and who waits."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from feedsvc.errors import Crowded, FilterError, Moved, NotFound
from feedsvc.model import Document, Lifetime, Representation
from feedsvc.publication import filtered, making
from feedsvc.publication.documents import Variant, page_at, query_of
from feedsvc.publication.filtered import Gate, key_of
from feedsvc.publication.shelf import DEAR, MOST_FILTERED, Shelf

if TYPE_CHECKING:
    from asking import Readers
    from house import House

BASE = "https://example.org/"
FILTER = Variant("atom.xml", query="tag=a&tag=b")


def document(size: int = 1) -> Document:
    return Document("text/plain", {"identity": Representation("identity", b"x" * size, '"x"')}, Lifetime())


def variant(number: int) -> Variant:
    return Variant("atom.xml", query=f"tag=a&tag=b{number}")


def furnish(house: House) -> None:
    for number in range(3):
        house.write(f"{number}.md", tags=f"[a, b, c{number}]")
    house.sync()


def test_so_many_documents_of_filters_are_kept_and_the_one_asked_for_longest_ago_goes() -> None:
    kept = Shelf(10**6)
    kept.put("atom.xml", document(), 0)
    for number in range(MOST_FILTERED):
        kept.put(variant(number), document(), 1)
    assert kept.good(variant(0), 2) is not None
    changes = kept.changes
    kept.put(variant(1000), document(), 3)
    assert kept.good(variant(1), 3) is None
    assert all(kept.good(key, 3) for key in (variant(0), variant(1000), "atom.xml"))
    assert kept.changes == changes  # nothing that anybody remembers is wrong


def test_they_take_a_part_of_the_room() -> None:
    kept = Shelf(1000)
    for number in range(10):
        kept.put(variant(number), document(100), 1)
    assert [number for number in range(10) if kept.good(variant(number), 1)] == [8, 9]


def test_filters_make_room_for_all_others() -> None:
    kept = Shelf(1000)
    kept.put(variant(1), document(100), 1)
    for number in range(9):
        kept.put(f"tags/{number}/atom.xml", document(100), 2)
    assert kept.good(variant(1), 3)
    kept.put("tags/9/atom.xml", document(100), 4)
    assert kept.good(variant(1), 4) is None
    kept.put(variant(2), document(100), 5)  # there is no room for it
    assert all(kept.good(f"tags/{number}/atom.xml", 5) for number in range(10))
    kept.put("tags/10/atom.xml", document(100), 6)
    assert kept.good("tags/0/atom.xml", 6) is None


def test_what_is_let_go_of_is_counted_out() -> None:
    kept = Shelf(1000)
    for turn in range(20):
        kept.put(variant(turn), document(100), 1)
        kept.renew(variant(turn), document(200))
        kept.drop(variant(turn))
    kept.put(variant(1), document(200), 1)
    assert kept.good(variant(1), 1)


def test_ordinary_documents_are_made_ahead_first_and_dear_filters_not() -> None:
    kept = Shelf(10**6)
    kept.put("atom.xml", document(), 1)
    kept.put(variant(1), document(), 2, seconds=DEAR / 2)
    kept.put(variant(2), document(), 3, seconds=DEAR * 2)
    kept.put("rss.xml", document(), 4, seconds=DEAR * 2)
    kept.put(variant(3), document(), 5)
    assert kept.asked_since(0, lambda _: True) == ["rss.xml", "atom.xml", variant(3), variant(1)]
    kept.put(variant(2), document(), 6)  # the last good one, once more
    assert variant(2) not in kept.asked_since(0, lambda _: True)


def test_a_filter_that_is_polled_changes_with_all_others(house: House, readers: Readers) -> None:
    furnish(house)
    readers.refresh()
    readers.get(Variant("atom.xml", query="tag=a&tag=c1"))  # the first one of a process takes longer
    before = readers.get(FILTER), readers.get("atom.xml")
    house.write("9.md", title="New", tags="[a, b]")
    house.sync_after(1)
    readers.refresh()
    after = readers.publication.kept(FILTER), readers.publication.kept("atom.xml")
    assert all(after)
    assert all(b"New" in each.representations["identity"].body for each in after if each)
    assert not set(before) & set(after)


def test_a_filter_is_good_while_its_leading_channels_are_as_they_were(house: House, readers: Readers) -> None:
    furnish(house)
    readers.refresh()
    key = Variant("atom.xml", query="tag=c1&tag=c2&not=a")
    first = readers.get(key)
    assert first.lifetime.channels == {"tags/c1", "tags/c2"}
    house.write("0.md", title="Other", tags="[a, b, c0]")
    house.sync_after(10)
    readers.refresh()
    assert readers.publication.kept(key) is first
    house.write("1.md", title="Other", tags="[b, c1]")
    house.sync_after(10)
    readers.refresh()
    assert b"Other" in readers.get(key).representations["identity"].body


def test_an_unknown_channel_costs_no_making(house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(house)
    readers.refresh()
    monkeypatch.setattr(making, "_keyed", None)
    for query in ("tag=a&tag=nothing", "not=nothing", "all=a&all=tags-b"):
        with pytest.raises(NotFound):
            readers.get(Variant("atom.xml", query=query))


def test_the_page_of_a_filtered_feed_is_another_document(house: House, readers: Readers) -> None:
    furnish(house)
    readers.refresh()
    assert page_at(FILTER) == Variant("atom.xml", is_page=True, query=FILTER.query)
    assert readers.get(page_at(FILTER)).media_type.startswith("text/html")
    assert readers.get(FILTER).media_type.startswith("application/atom+xml")


def test_filters_are_made_one_by_one_and_so_many_wait(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(house)
    readers.refresh()
    begun, go_on, begun_with = threading.Event(), threading.Event(), list[Variant]()
    made = making._keyed

    def slowly(snapshot: object, key: Variant | str, *args: int, **named: bool) -> Document:
        if isinstance(key, Variant):
            begun_with.append(key)
            begun.set()
            go_on.wait(10)
        return made(snapshot, key, *args, **named)  # type: ignore[arg-type] # as it came

    monkeypatch.setattr(making, "_keyed", slowly)
    keys = [Variant("atom.xml", query=f"tag=a&tag=b&not=c{number % 3}") for number in range(3)]
    keys += [
        Variant(path, query=query)
        for path in ("rss.xml", "feed.json", "")
        for query in ("not=a", "not=b", "not=c0", "not=c1", "not=c2")
    ]

    async def flood() -> list[Document | BaseException]:
        get = readers.publication.get
        asked = [asyncio.ensure_future(get(key)) for key in keys]
        twice = asyncio.ensure_future(get(keys[0]))
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED, timeout=10)  # who is turned away, is so at once
        assert begun.wait(10)
        assert len(begun_with) == 1
        # Another thread makes what is no filter.
        assert (await asyncio.wait_for(get("rss.xml"), 5)).media_type.startswith("application/rss+xml")
        go_on.set()
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert await twice is found[0]
        return found

    found = readers.run(flood())
    assert sum(isinstance(each, Document) for each in found) == 1 + filtered.MOST_WAITING
    assert [each for each in found if not isinstance(each, Document)] == [found[-1]]
    assert isinstance(found[-1], Crowded)
    assert isinstance(readers.get(keys[-1]), Document)


def test_the_gate_opens_for_half_of_the_time() -> None:
    async def timed() -> float:
        gate, loop = Gate(), asyncio.get_running_loop()
        began = loop.time()
        async with gate.passed():
            await asyncio.sleep(0.1)
        async with gate.passed():
            return loop.time() - began

    assert 0.19 < asyncio.run(timed()) < 1


def test_who_goes_away_leaves_no_gate_shut() -> None:
    async def leaving() -> None:
        gate = Gate(1)
        async with gate.passed():
            waiting = asyncio.ensure_future(_pass(gate))
            await asyncio.sleep(0)
            with pytest.raises(Crowded):
                await _pass(gate)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        await asyncio.wait_for(_pass(gate), 5)

    asyncio.run(leaving())


async def _pass(gate: Gate) -> None:
    async with gate.passed():
        pass


@pytest.mark.parametrize(
    ("path", "query", "key"),
    [
        ("atom.xml", "tag=a&tag=b", Variant("atom.xml", query="tag=a&tag=b")),
        ("atom.xml", "tag=a&tag=b&format=feed", Variant("atom.xml", query="tag=a&tag=b")),
        ("", "not=a", Variant("", query="not=a")),
        ("before/ö", "not=a", Variant("before/ö", query="not=a")),
        ("atom.xml", "", "atom.xml"),
        ("atom.xml", "utm_source=a", "atom.xml"),
        ("tags/a/atom.xml", "tag=b&tag=a", "tags/a/atom.xml"),
        ("before/a/b", "tags=b", "before/a/b"),
        ("feed.jsonx", "tag=b&tag=a", "feed.jsonx"),
    ],
)
def test_keys(path: str, query: str, key: Variant | str) -> None:
    assert key_of(path, query.encode(), BASE) == key


def test_other_spellings_have_no_key() -> None:
    for path, query, location in (
        ("atom.xml", "tag=b&tag=a", "atom.xml?tag=a&tag=b"),
        ("before/ö", "tag=b&tag=a", "before/%C3%B6?tag=a&tag=b"),
        ("before/ö", "tag=ö", "tags/%C3%B6/before/%C3%B6"),
    ):
        with pytest.raises(Moved) as moved:
            key_of(path, query.encode(), BASE)
        assert moved.value.location == BASE + location
    with pytest.raises(FilterError):
        key_of("", b"tags=a", BASE)


def test_a_key_is_not_that_of_another_filter() -> None:
    assert str(FILTER) == "atom.xml?tag=a&tag=b"
    assert query_of(FILTER) == FILTER.query
    assert query_of("atom.xml") == query_of(page_at("atom.xml")) == ""
