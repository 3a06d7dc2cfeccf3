from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from asking import Readers
from command import until
from dialects import SQLITE_ONLY
from house import NOON, House
from msgspec.structs import replace
from sqlalchemy import text

from feedsvc.catalog.syncing import foremost, sync_foremost
from feedsvc.errors import CatalogError, Gone, Moved, NotFound, NotReady
from feedsvc.formats import FORMATS
from feedsvc.pages import STATIC, style_name
from feedsvc.publication import publication
from feedsvc.publication.documents import Notice, Variant
from feedsvc.publication.glance import glance
from feedsvc.publication.making import made, made_again

if TYPE_CHECKING:
    from feedsvc.catalog import Catalog
    from feedsvc.model import Document
    from feedsvc.publication.documents import Key
    from feedsvc.publication.glance import Glance


def spoil(house: House, statement: str) -> None:
    with house.catalog.database.writing() as connection:
        connection.execute(text(statement))


def break_catalog(house: House) -> None:
    spoil(house, "ALTER TABLE article RENAME TO lost")


def mend_catalog(house: House) -> None:
    spoil(house, "ALTER TABLE lost RENAME TO article")


def test_before_the_first_sync_there_is_nothing_yet(readers: Readers) -> None:
    readers.refresh()
    assert not readers.publication.is_ready
    with pytest.raises(NotReady):
        readers.get("rss.xml")


def test_whether_there_is_something_by_now_is_looked_at_once_for_all_who_ask(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    glances = []

    def counted(catalog: Catalog, *last: Any) -> Glance:
        if catalog is house.catalog:  # other services may run beside it
            glances.append(last)
        return glance(catalog, *last)

    monkeypatch.setattr(publication, "glance", counted)

    async def many() -> None:
        await asyncio.gather(*(readers.publication.awake() for _ in range(20)))

    readers.run(many())
    assert len(glances) == 2
    house.sync()
    readers.run(many())
    assert readers.publication.is_ready
    before = len(glances)
    readers.run(many())
    assert len(glances) == before


def test_a_document_is_made_once_and_kept(house: House, readers: Readers) -> None:
    house.write("a.md")
    house.sync()
    readers.refresh()
    first = readers.get("rss.xml")
    assert readers.get("rss.xml") is first
    assert readers.publication.kept("rss.xml") is first


def test_askers_at_the_same_moment_share_one_making(house: House, readers: Readers) -> None:
    house.sync()

    async def three() -> list[Document]:
        return await asyncio.gather(*(readers.publication.get("atom.xml") for _ in range(3)))

    first, second, third = readers.run(three())
    assert first is second is third


def test_an_asker_who_goes_away_does_not_take_the_document_from_the_others(house: House, readers: Readers) -> None:
    house.sync()

    async def one_leaves() -> Document:
        leaving = asyncio.create_task(readers.publication.get("atom.xml"))
        staying = asyncio.create_task(readers.publication.get("atom.xml"))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert readers.run(one_leaves()).media_type.startswith("application/atom+xml")


def test_a_revision_renews_the_documents_it_touched_and_no_others(house: House, readers: Readers) -> None:
    house.write("a.md", tags="[one]")
    house.write("b.md", tags="[two]")
    house.sync()
    readers.refresh()
    one, two = readers.get("tags/one/rss.xml"), readers.get("tags/two/rss.xml")
    house.write("a.md", tags="[one]", text="Edited.")
    house.sync_after()
    readers.refresh()
    assert b"Edited." in readers.body("tags/one/rss.xml")
    assert readers.get("tags/one/rss.xml") is not one
    assert readers.get("tags/two/rss.xml") is two


def test_documents_that_are_asked_for_all_the_time_change_at_once_before_anybody_asks(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "AHEAD", 60.0)
    house.write("a.md", title="First", tags="[one]")
    house.sync()
    readers.refresh()
    readers.get("feed.json")
    house.clock.now += 60
    paths = ("rss.xml", "atom.xml", "tags/one/rss.xml")
    for path in paths:
        readers.get(path)
    house.write("a.md", title="Second", tags="[one]")
    house.sync_after(1)
    kept = readers.publication.kept

    async def seen() -> set[tuple[bool, ...]]:
        found = set()
        refreshing = asyncio.create_task(readers.publication.refresh())
        while not refreshing.done():
            documents = [kept(path) for path in paths]
            assert all(documents)
            found.add(tuple(b"Second" in each.representations["identity"].body for each in documents if each))
            await asyncio.sleep(0)
        return found

    assert readers.run(seen()) <= {(False,) * 3, (True,) * 3}
    assert all(kept(path) for path in paths)
    assert all(b"Second" in readers.body(path) for path in paths)
    assert kept("feed.json") is None


def test_one_that_cannot_be_made_again_keeps_none_of_the_others_back(house: House, readers: Readers) -> None:
    house.write("a.md", slug="first")
    house.sync()
    readers.refresh()
    for path in ("articles/first", "rss.xml"):
        readers.get(path)
    house.write("a.md", slug="second")
    house.sync_after(1)
    readers.refresh()
    assert readers.publication.kept("articles/first") is None
    assert readers.publication.kept("rss.xml") is not None
    with pytest.raises(Moved):
        readers.get("articles/first")


def test_what_nobody_asks_for_any_more_is_not_made_ahead_again_and_again(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "AHEAD", 60.0)
    house.write("a.md", title="First")
    house.sync()
    readers.refresh()
    readers.get("rss.xml")
    is_stale = []
    for title in ("Second", "Third"):
        house.write("a.md", title=title)
        house.sync_after(1.5)
        readers.refresh()
        is_stale.append(readers.publication.shelf._kept["rss.xml"].is_stale)
    assert is_stale == [False, True]


def test_a_document_that_was_kept_while_something_in_it_was_withdrawn_goes_too(house: House, readers: Readers) -> None:
    house.write("a.md")
    house.write("b.md")
    house.sync()
    readers.refresh()
    old = readers.get("rss.xml")
    shelf, times = readers.publication.shelf, 0
    house.remove("a.md")
    house.sync_after(1)

    async def overtaken() -> None:
        nonlocal times
        refreshing = asyncio.create_task(readers.publication.refresh())
        while not refreshing.done():
            if not times and shelf.last_good("rss.xml", house.clock()) is None:
                shelf.put("rss.xml", old, house.clock())  # as one does who began to make it before
                times += 1
            await asyncio.sleep(0)

    readers.run(overtaken())
    assert times == 1
    assert shelf.last_good("rss.xml", house.clock()) is None


def test_what_may_be_made_ahead_takes_so_long_and_no_longer(house: House) -> None:
    house.write("a.md")
    house.sync()
    assert set(made_again(house.catalog, dict.fromkeys(("rss.xml", "atom.xml")), house.clock, 60)) == {
        "rss.xml",
        "atom.xml",
    }
    assert made_again(house.catalog, {"rss.xml": None}, house.clock, 0) == {}


def test_a_scheduled_article_appears_with_nobody_s_help(house: House, readers: Readers) -> None:
    house.write("a.md", title="Later", date="2026-01-10T13:00:00Z")
    house.sync()
    assert b"Later" not in readers.body("rss.xml")
    house.clock.now = NOON + 3600
    assert b"Later" in readers.body("rss.xml")


@pytest.mark.parametrize("path", ["", "rss.xml", "atom.xml", "feed.json", "tags/t/", "tags/t/atom.xml", "articles/a"])
def test_each_address_has_its_document(house: House, readers: Readers, path: str) -> None:
    house.write("a.md", tags="[t]", title="Its title")
    house.sync()
    assert b"Its title" in readers.body(path)


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "articles/none",
        "tags/none/",
        "tags/none/rss.xml",
        "tags/t/other.xml",
        "media/none.png",
        "static/x.css",
        "before/none",
        "articles/a/b",
        "tags//rss.xml",
        "rss.xml/",
        "\0",
        "media/../feedsvc.toml",
        "../rss.xml",
    ],
)
def test_what_never_was_is_not_found(house: House, readers: Readers, path: str) -> None:
    house.write("a.md", tags="[t]")
    house.sync()
    with pytest.raises(NotFound):
        readers.get(path)


def test_a_tag_without_its_slash_and_a_former_page_have_moved(house: House, readers: Readers) -> None:
    house.write("a.md", tags="[c++]", slug="old")
    house.sync()
    house.write("a.md", tags="[c++]", slug="new")
    house.sync_after()
    for path, location in (("tags/c++", "tags/c++/"), ("articles/old", "articles/new")):
        with pytest.raises(Moved) as moved:
            readers.get(path)
        assert moved.value.location == f"https://lantern.example/{location}"


def test_a_removed_article_s_page_is_gone(house: House, readers: Readers) -> None:
    house.write("a.md")
    house.sync()
    readers.refresh()
    readers.get("articles/a")
    house.remove("a.md")
    house.sync_after()
    readers.refresh()
    with pytest.raises(Gone):
        readers.get("articles/a")


def test_older_articles_are_paged_by_key(house: House, readers: Readers) -> None:
    for day in range(1, 10):
        house.write(f"day-{day}.md", date=f"2026-01-0{day}", title=f"Day {day}.")
    house.site = replace(house.site, list_length=4)
    house.sync()
    assert b"before/day-6" in readers.body("")
    older = readers.body("before/day-6")
    assert b"Day 5." in older
    assert b"Day 6." not in older
    assert b"before/day-2" in older


def test_a_picture_is_served_and_its_change_is_seen(house: House, readers: Readers) -> None:
    picture = house.content / "a.svg"
    picture.write_bytes(b"<svg>one</svg>")
    house.sync()
    readers.refresh()
    assert readers.body("media/a.svg") == b"<svg>one</svg>"
    picture.write_bytes(b"<svg>two</svg>")
    house.sync_after()
    readers.refresh()
    assert readers.body("media/a.svg") == b"<svg>two</svg>"


def lasting(body: bytes, stem: str = "a") -> str:
    return f"media/{stem}.{sha256(body).hexdigest()[:10]}.svg"


def test_a_picture_has_an_address_for_good_that_changes_with_it(house: House, readers: Readers) -> None:
    one, two = b"<svg>one</svg>", b"<svg>two</svg>"
    (house.content / "a.svg").write_bytes(one)
    house.sync()
    readers.refresh()
    assert readers.body(lasting(one)) == one
    assert readers.get(lasting(one)).lifetime.max_age == 31_536_000
    assert readers.get("media/a.svg").lifetime.max_age == house.site.max_age
    (house.content / "a.svg").write_bytes(two)
    house.sync_after()
    readers.refresh()
    with pytest.raises(Moved) as moved:
        readers.get(lasting(one))
    assert moved.value.location == house.site.base_url + lasting(two)
    house.remove("a.svg")
    house.sync_after()
    readers.refresh()
    with pytest.raises(NotFound):
        readers.get(lasting(two))


def test_a_file_whose_name_looks_like_an_address_with_a_digest_is_served(house: House, readers: Readers) -> None:
    (house.content / "a.svg").write_bytes(b"<svg/>")
    address = lasting(b"<svg/>").removeprefix("media/")
    (house.content / address).write_bytes(b"<svg>other</svg>")
    house.sync()
    readers.refresh()
    assert readers.body(f"media/{address}") == b"<svg>other</svg>"
    assert readers.body(lasting(b"<svg>other</svg>", address.removesuffix(".svg"))) == b"<svg>other</svg>"


def test_the_style_sheet_is_there_before_any_article(readers: Readers) -> None:
    assert readers.body(f"static/{style_name}") == STATIC[style_name][1]


def test_where_making_fails_the_last_good_document_is_served_and_the_trouble_told(
    house: House, readers: Readers
) -> None:
    house.write("a.md")
    house.sync()
    readers.refresh()
    good = readers.body("rss.xml")
    house.write("b.md")
    house.sync_after()
    break_catalog(house)
    readers.refresh()
    assert readers.body("rss.xml") == good
    (trouble,) = readers.publication.troubles
    assert "rss.xml" in trouble.what
    assert trouble.since == house.clock.now


def test_the_end_of_a_trouble_is_noticed(house: House, readers: Readers) -> None:
    house.write("a.md")
    house.sync()
    readers.refresh()
    readers.get("rss.xml")
    house.write("b.md", title="New")
    house.sync_after()
    break_catalog(house)
    readers.refresh()
    readers.get("rss.xml")
    mend_catalog(house)
    house.clock.now += 2
    assert b"New" in readers.body("rss.xml")
    assert readers.publication.troubles == ()


def test_past_an_expiry_in_it_no_document_is_served_whatever_fails(house: House, readers: Readers) -> None:
    house.write("a.md", expires="2026-01-10T13:00:00Z")
    house.sync()
    readers.refresh()
    readers.get("rss.xml")
    break_catalog(house)
    house.clock.now = NOON + 3600
    with pytest.raises(CatalogError):
        readers.get("rss.xml")


def test_what_was_withdrawn_is_served_by_no_fault(house: House, readers: Readers) -> None:
    house.write("a.md", text="A secret.")
    house.sync()
    readers.refresh()
    readers.get("rss.xml")
    house.write("a.md", text="A secret.", withdrawn="2026-01-10T12:00:05Z")
    house.sync_after()
    readers.refresh()
    break_catalog(house)
    with pytest.raises(CatalogError):
        readers.get("rss.xml")


def test_a_look_that_fails_in_whatever_way_is_told_and_the_next_one_works(house: House, readers: Readers) -> None:
    house.sync()
    spoil(house, "UPDATE fact SET value = 'nonsense' WHERE name = 'site'")
    readers.refresh()
    assert "JSON" in readers.publication.troubles[0].what
    house.write("a.md", title="New")
    house.sync_after()
    readers.refresh()
    assert readers.publication.troubles == ()
    assert b"New" in readers.body("rss.xml")


def test_a_page_of_older_articles_starts_at_an_article_of_its_channel(house: House, readers: Readers) -> None:
    house.write("a.md", tags="[t]")
    house.write("b.md")
    house.sync()
    assert b"nothing older" in readers.body("tags/t/before/a")
    with pytest.raises(Moved) as moved:
        readers.get("tags/t/before/b")
    assert moved.value.location == f"{house.site.base_url}tags/t/"
    for path in ("tags/t/before/c", "before/c", "2026/before/c"):
        with pytest.raises(NotFound):
            readers.get(path)


def test_a_list_that_somebody_has_open_goes_on_whatever_is_changed(house: House, readers: Readers) -> None:
    for number in range(1, 4):
        house.write(f"{number}.md", tags="[t]", date=f"2026-01-0{number}", slug=f"day-{number}")
    house.sync()
    top = house.site.base_url
    house.write("2.md", tags="[t]", date="2026-01-02", slug="renamed")
    house.write("3.md", date="2025-12-31", slug="day-3")
    house.sync_after(10)
    readers.refresh()

    def leads_to(path: str) -> str:
        with pytest.raises(Moved) as moved:
            readers.get(path)
        return moved.value.location

    lists = ("", "tags/t/", "2026/", "2026/01/")
    assert {leads_to(f"{path}before/day-2") for path in lists} == {f"{top}{path}before/renamed" for path in lists}
    assert all(b"day-1" in readers.body(f"{path}before/renamed") for path in lists)
    # It is in none of these any more.
    assert {leads_to(f"{path}before/day-3") for path in lists[1:]} == {f"{top}{path}" for path in lists[1:]}
    assert b"nothing older" in readers.body("before/day-3")
    house.remove("2.md")
    house.sync_after(10)
    readers.refresh()
    # Of one that is gone, the slug that it had before is remembered too.
    assert {leads_to(f"{path}before/day-2") for path in lists} == {f"{top}{path}" for path in lists}


@SQLITE_ONLY
def test_a_lost_catalog_is_told_and_what_is_kept_goes_on(house: House, readers: Readers) -> None:
    house.write("a.md")
    house.sync()
    readers.refresh()
    kept = readers.get("rss.xml")
    for name in ("", "-wal", "-shm"):
        house.content.with_name(f"catalog.db{name}").unlink(missing_ok=True)
    readers.refresh()
    assert readers.get("rss.xml") is kept
    assert "cannot be reached" in readers.publication.troubles[0].what


@SQLITE_ONLY
def test_while_the_catalog_is_known_to_be_away_nobody_waits_for_one_more_try(house: House, readers: Readers) -> None:
    house.write("a.md")
    house.sync()
    readers.refresh()
    kept = readers.body("rss.xml")
    house.write("b.md")
    house.sync_after()
    readers.refresh()
    for name in ("", "-wal", "-shm"):
        house.content.with_name(f"catalog.db{name}").unlink(missing_ok=True)
    readers.refresh()
    assert readers.body("rss.xml") == kept
    assert [trouble.what.partition(": ")[2] for trouble in readers.publication.troubles] == [
        "the catalog's file cannot be reached: No such file or directory"
    ]


@SQLITE_ONLY
def test_a_catalog_made_anew_renews_every_document(house: House, readers: Readers) -> None:
    house.write("a.md", tags="[t]")
    house.sync()
    readers.refresh()
    before = readers.get("tags/t/rss.xml")
    for name in ("", "-wal", "-shm"):
        house.content.with_name(f"catalog.db{name}").unlink(missing_ok=True)
    house.catalog.prepare()
    readers.refresh()
    assert readers.get("tags/t/rss.xml") is before
    house.sync_after()
    readers.refresh()
    after = readers.get("tags/t/rss.xml")
    assert after is not before
    assert after.representations["gzip"] == before.representations["gzip"]


@SQLITE_ONLY
def test_until_a_catalog_made_anew_is_filled_the_last_good_documents_are_served(house: House, readers: Readers) -> None:
    house.write("a.md", title="Now")
    house.write("b.md", date="2026-01-10T13:00:00Z")
    house.sync()
    readers.refresh()
    before = readers.body("rss.xml")
    for name in ("", "-wal", "-shm"):
        house.content.with_name(f"catalog.db{name}").unlink(missing_ok=True)
    house.catalog.prepare()
    house.clock.now = NOON + 3600
    assert readers.body("rss.xml") == before


def test_a_document_that_a_revision_overtook_is_not_kept(house: House, readers: Readers) -> None:
    house.write("a.md")
    house.sync()
    readers.refresh()
    seen = readers.publication._news
    assert seen is not None
    readers.publication._news = replace(seen, revision=seen.revision + 1)
    assert b"A title" in readers.body("rss.xml")
    assert readers.publication.kept("rss.xml") is None


def test_a_mistake_of_the_program_itself_takes_no_more_than_its_document(
    house: House, readers: Readers, caplog: pytest.LogCaptureFixture
) -> None:
    house.write("a.md")
    house.sync()
    spoil(house, "UPDATE article SET authors = 'nonsense'")
    with pytest.raises(CatalogError, match=r"/rss\.xml cannot be made now"):
        readers.get("rss.xml")
    assert "JSON" in caplog.text
    assert readers.body(f"static/{style_name}")


def test_what_has_the_form_of_no_address_is_not_found_by_whoever_asks(house: House) -> None:
    house.sync()
    with pytest.raises(NotFound):
        made(house.catalog, "nothing", house.clock)


def test_only_so_many_bytes_are_kept(house: House) -> None:
    for tag in range(20):
        house.write(f"{tag}.md", tags=f"[t{tag}]", text="Some text. " * 50)
    house.sync()
    readers = Readers(house, limit=20_000)
    for tag in range(20):
        readers.get(f"tags/t{tag}/rss.xml")
    kept = [tag for tag in range(20) if readers.publication.kept(f"tags/t{tag}/rss.xml")]
    assert 0 < len(kept) < 10
    assert 19 in kept
    readers.close()


def test_the_trouble_of_the_sync_is_told_by_all_who_serve(house: House) -> None:
    house.sync()
    house.catalog.note_trouble("the folder is gone", house.clock())
    house.catalog.note_trouble("the folder is gone", house.clock() + 50)
    elsewhere = House(house.content, house.place, house.clock)
    other = Readers(elsewhere)
    other.refresh()
    assert [(trouble.what, trouble.since) for trouble in other.publication.troubles] == [("the folder is gone", NOON)]
    house.catalog.forget_trouble()

    def is_well() -> bool:
        other.refresh()
        return other.publication.troubles == ()

    until(is_well)
    other.close()
    elsewhere.catalog.close()


def test_while_only_the_newest_are_there_nothing_but_the_site_s_feeds_is(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foremost, "LEAST", 100)
    house.site = replace(house.site, entries=3)
    (house.content / "shown.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for number in range(100):
        house.write(f"{number:03}.md", date=f"20{10 + number // 10}-0{number % 9 + 1}-0{number % 9 + 1}", tags="[t]")
    house.write("newest.md", date="2025-01-01", text="![](shown.png)")
    assert sync_foremost(house.catalog, house.source, house.terms())
    readers.refresh()
    publication = readers.publication
    assert (publication.is_begun, publication.is_ready) == (True, False)
    feeds = {name: readers.get(name).representations["identity"].etag for name in FORMATS}
    shown = readers.get("media/shown.png")
    later: list[Key] = ["", "tags/t/rss.xml", "articles/newest", "media/none.png", "robots.txt", "sitemap.xml"]
    for key in [*later, Variant("rss.xml", is_page=True), Variant("rss.xml", query="tag=t&tag=u"), Notice(404)]:
        with pytest.raises(NotReady):
            readers.get(key)
    house.sync_after()
    readers.refresh()
    assert publication.is_ready
    assert {name: readers.get(name).representations["identity"].etag for name in FORMATS} == feeds
    assert readers.get("media/shown.png").representations["identity"].body == shown.representations["identity"].body
    assert all(readers.get(key) for key in ["", "tags/t/rss.xml", "articles/newest"])
