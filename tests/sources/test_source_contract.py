"""What holds for every source: a folder, a SQLite file, and a real PostgreSQL with the same articles in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from house import SITE, Clock

from feedsvc import feeds
from feedsvc.catalog import Catalog
from feedsvc.catalog.syncing import Terms, sync
from feedsvc.formats import FORMATS
from feedsvc.sources import Joined, Source, Weight, digest
from feedsvc.sources.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cms import Cms

ARTICLES: tuple[Mapping[str, Any], ...] = (
    {
        "id": "tag:example.org,2026:a",
        "title": "The ferry & the quay",
        "date": "2026-01-05T09:30:00+02:00",
        "slug": "ferry",
        "content": "<p>On Wednesday the ferry left.</p><p><img src='ferry.png' alt='The ferry'></p>",
        "tags": "Harbour, Ferries",
        "author": "Ada Example <ada@example.org>",
        "language": "en-GB",
        "updated": "2026-01-06 12:00:00",
    },
    {
        "id": "tag:example.org,2026:b",
        "title": "日本の灯台",
        "date": "2026-01-04",
        "slug": "tōdai",
        "content": "灯台の話。\n\nもう一つ。",
        "summary": "A summary <of> its own",
        "expires": "2099-01-01",
        "updated": "2026-01-05 12:00:00",
    },
    {
        "id": "tag:example.org,2026:c",
        "title": "Unfinished",
        "date": "2026-01-03",
        "slug": "c",
        "content": "x",
        "draft": "1",
        "updated": "2026-01-04 12:00:00",
    },
    {
        "id": "tag:example.org,2026:d",
        "title": "Taken back",
        "date": "2026-01-02",
        "slug": "d",
        "content": "x",
        "withdrawn": "2026-01-09",
        "updated": "2026-01-03 12:00:00",
    },
)
COLUMNS = (
    *("id", "title", "date", "slug", "content", "tags", "author", "summary", "language", "draft", "expires"),
    *("withdrawn", "updated"),
)


class Place(Protocol):
    """Where articles lie, and how they are changed there."""

    source: Source

    def put(self, article: Mapping[str, Any]) -> str:
        """Puts an article there, in the place of the one of that id; returns its address."""

    def remove(self, article: Mapping[str, Any]) -> None: ...


class Files:
    """A JSON file an article."""

    def __init__(self, root: Path) -> None:
        root.mkdir()
        self.root = root
        self.source: Source = Folder(root, frozenset({".json"}))

    def put(self, article: Mapping[str, Any]) -> str:
        path = self.root / f"{article['slug']}.json"
        path.write_text(json.dumps(article), encoding="utf-8")
        return path.name

    def remove(self, article: Mapping[str, Any]) -> None:
        (self.root / f"{article['slug']}.json").unlink()


@dataclass
class Rows:
    """A row an article."""

    cms: Cms
    source: Source

    def put(self, article: Mapping[str, Any]) -> str:
        self.remove(article)
        self.cms.insert(article)
        key = str(article["id"]).replace(":", "%3A").replace(".", "%2E").replace(",", "%2C")
        return f"articles?id={key}"

    def remove(self, article: Mapping[str, Any]) -> None:
        self.cms.run(f"DELETE FROM articles WHERE id = '{article['id']}'")  # noqa: S608 - our own


@pytest.fixture(params=["folder", "sqlite_cms", "postgresql_cms", "sqlite_cms by digest", "joined"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return Files(tmp_path / "content")
    name, _, by = request.param.partition(" ")
    cms: Cms = request.getfixturevalue("sqlite_cms" if name == "joined" else name)
    cms.run(f"CREATE TABLE articles ({', '.join(f'{column} text' for column in COLUMNS)})")
    table: Source = cms.table(updated="" if by else "updated")
    if name == "joined":
        table = Joined(Files(tmp_path / "content").source, table)
    return Rows(cms, table)


@pytest.fixture
def catalog() -> Catalog:
    return Catalog("memory")


def synced(catalog: Catalog, place: Place) -> dict[str, bytes]:
    clock = Clock()
    sync(catalog, place.source, Terms(SITE, clock, sleep=clock.sleep))
    with catalog.snapshot() as snapshot:
        feed = feeds.feed(snapshot, feeds.channel(snapshot, "", int(clock())), int(clock()))
        return {name: written.render(feed) for name, written in FORMATS.items()}


def test_nothing_is_listed_where_nothing_is(place: Place) -> None:
    assert dict(place.source.scan()) == {}


def test_addresses_are_in_order(place: Place) -> None:
    addresses = [place.put(article) for article in ARTICLES]
    assert list(dict(place.source.scan())) == sorted(addresses)


def test_a_mark_stays_while_the_record_does_and_moves_with_it(place: Place) -> None:
    address = place.put(ARTICLES[0])
    before = dict(place.source.scan())[address]
    assert dict(place.source.scan())[address].value == before.value
    place.put({**ARTICLES[0], "title": "Another", "updated": "2026-01-07 12:00:00"})
    assert dict(place.source.scan())[address].value != before.value


def test_a_digest_is_of_what_a_scan_gives(place: Place) -> None:
    assert place.source.digest() == (digest(()) if place.source.polled is None else None)
    seen = set()
    for article in ARTICLES:
        place.put(article)
        marks = [(address, mark.value) for address, mark in place.source.scan()]
        assert place.source.digest() == (digest(marks) if place.source.polled is None else None)
        seen.add(digest(marks))
    assert len(seen) == len(ARTICLES)


def test_a_record_is_read_as_often_as_one_likes_and_weighs_what_it_has(place: Place) -> None:
    address = place.put(ARTICLES[0])
    dict(place.source.scan())
    record = place.source.read(address)
    assert record is not None
    assert record.address == address
    assert place.source.read(address) == record
    assert place.source.weigh(address) == Weight(len(record.body), sha256(record.body).hexdigest())


def test_a_record_that_went_away_since_the_scan_is_none(place: Place) -> None:
    address = place.put(ARTICLES[0])
    dict(place.source.scan())
    place.remove(ARTICLES[0])
    assert place.source.read(address) is None
    assert place.source.weigh(address) is None
    assert address not in dict(place.source.scan())
    assert place.source.read(address) is None


def test_the_same_articles_make_the_same_feeds_from_wherever_they_come(
    place: Place, catalog: Catalog, tmp_path: Path
) -> None:
    files = Files(tmp_path / "files")
    for article in ARTICLES:
        files.put(article)
        place.put(article)
    expected = synced(Catalog("memory"), files)
    assert synced(catalog, place) == expected
    assert b"On Wednesday the ferry left." in expected["rss.xml"]
    assert b"Unfinished" not in expected["rss.xml"]


def test_an_article_that_is_emptied_out_becomes_a_tombstone(place: Place, catalog: Catalog) -> None:
    place.put(ARTICLES[1])
    assert "日本".encode() in synced(catalog, place)["atom.xml"]
    place.remove(ARTICLES[1])
    found = synced(catalog, place)["atom.xml"]
    assert b"<entry>" not in found
    assert b"deleted-entry" in found
