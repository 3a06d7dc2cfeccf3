"""What search engines find a site by."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from dialects import SQLITE_ONLY
from privately import MEMBERS, furnish
from sqlalchemy import Engine, event

from feedsvc.errors import NotFound
from feedsvc.publication import sitemap

if TYPE_CHECKING:
    from asking import Readers
    from house import House

BASE = "https://lantern.example/"
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(readers: Readers, path: str) -> dict[str, str]:
    """The addresses in a sitemap or an index, each with its lastmod."""
    root = ET.fromstring(readers.body(path))  # noqa: S314 - our own
    assert root.tag.removeprefix(NAMESPACE) in {"urlset", "sitemapindex"}
    found = [(each.findtext(f"{NAMESPACE}loc") or "", each.findtext(f"{NAMESPACE}lastmod") or "") for each in root]
    assert len(found) == len(dict(found))
    return dict(found)


def pages(readers: Readers) -> dict[str, str]:
    """All pages that a sitemap leads to."""
    parts = [read(readers, part.removeprefix(BASE)) for part in read(readers, "sitemap.xml")]
    assert all(parts)
    return {page: changed for part in parts for page, changed in part.items()}


def test_pages_stand_in_the_part_of_their_month_in_utc(house: House, readers: Readers) -> None:
    house.write("new.md", date="2026-01-01T00:30:00+01:00", updated="2026-01-05 10:00:00")
    house.write("newer.md", date="2026-01-01T00:00:00Z")
    house.write("old.md", date="1969-07-20T20:17:40Z")
    house.write("ours & theirs.md", date="2025-12-31T23:59:59Z", slug="o&t")
    house.sync()
    readers.refresh()
    assert read(readers, "sitemap.xml") == {
        f"{BASE}sitemap-2026-01.xml": "2026-01-01T00:00:00Z",
        f"{BASE}sitemap-2025-12.xml": "2026-01-05T10:00:00Z",
        f"{BASE}sitemap-1969-07.xml": "1969-07-20T20:17:40Z",
    }
    assert read(readers, "sitemap-2025-12.xml") == {
        f"{BASE}articles/new": "2026-01-05T10:00:00Z",
        f"{BASE}articles/o%26t": "2025-12-31T23:59:59Z",
    }
    assert readers.get("sitemap.xml").media_type == "application/xml; charset=utf-8"
    assert set(pages(readers)) == {f"{BASE}articles/{slug}" for slug in ("new", "newer", "old", "o%26t")}


@SQLITE_ONLY
def test_only_what_shows_and_is_ours_is_in_it(house: House, readers: Readers) -> None:
    house.write("elsewhere.md", date="2025-11-01", link="https://other.example/a")
    house.write("over.md", date="2025-10-01", expires="2025-10-02")
    house.write("withdrawn.md", withdrawn="2026-01-02")
    house.write("due.md", date="2026-02-01")
    furnish(house)
    readers.refresh()
    assert set(pages(readers)) == {f"{BASE}articles/open", f"{BASE}articles/second"}
    assert list(read(readers, "sitemap.xml")) == [f"{BASE}sitemap-2026-01.xml"]
    for path in ("sitemap-2025-11.xml", "sitemap-2025-10.xml", "sitemap-2026-02.xml", "sitemap-2026-01-2.xml"):
        with pytest.raises(NotFound):
            readers.get(path)
    assert MEMBERS.name.encode() not in readers.body("robots.txt")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "path", ["sitemap-0000-01.xml", "sitemap-2026-13.xml", "sitemap-2026-01-1.xml", "sitemap-.xml"]
)
def test_what_is_no_month_is_not_found(house: House, readers: Readers, path: str) -> None:
    furnish(house)
    readers.refresh()
    with pytest.raises(NotFound):
        readers.get(path)
    with pytest.raises(NotFound):
        readers.get("sitemap-9999-12.xml")


@SQLITE_ONLY
def test_what_comes_due_or_expires_changes_it_at_its_instant(house: House, readers: Readers) -> None:
    house.write("a.md")
    house.write("soon.md", date="2026-01-10 12:00:20", expires="2026-01-10 12:00:40")
    house.sync()
    readers.refresh()
    soon = []
    for _ in range(3):
        changed = read(readers, "sitemap.xml")[f"{BASE}sitemap-2026-01.xml"]
        soon.append((f"{BASE}articles/soon" in read(readers, "sitemap-2026-01.xml"), changed))
        house.clock.now += 20
    assert soon == [(False, "2026-01-01T00:00:00Z"), (True, "2026-01-10T12:00:20Z"), (False, "2026-01-01T00:00:00Z")]


@SQLITE_ONLY
def test_a_month_with_more_pages_than_a_part_may_hold_has_several(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 3)
    for number in range(7):
        house.write(f"a{number}.md", date=f"2026-01-0{number + 1}")
    house.sync()
    readers.refresh()
    assert list(read(readers, "sitemap.xml")) == [f"{BASE}sitemap-2026-01{part}.xml" for part in ("", "-2", "-3")]
    assert [len(read(readers, f"sitemap-2026-01{part}.xml")) for part in ("", "-2", "-3")] == [3, 3, 1]
    assert set(pages(readers)) == {f"{BASE}articles/a{number}" for number in range(7)}
    with pytest.raises(NotFound):
        readers.get("sitemap-2026-01-4.xml")


@SQLITE_ONLY
def test_a_part_reads_no_other_month(house: House, readers: Readers) -> None:
    """SQLite says how it goes about it: by the index of dates, from the first of the month to the last."""
    house.write("a.md")
    house.sync()
    readers.refresh()
    asked: list[tuple[str, tuple[int, ...]]] = []

    def note(*args: Any) -> None:
        asked.append((args[2], args[3]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        readers.get("sitemap-2026-01.xml")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    ((statement, values),) = [each for each in asked if "BETWEEN" in each[0]]
    assert int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) in values
    with closing(sqlite3.connect(house.place)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    assert "membership_by_date (channel=? AND published>? AND published<?)" in str(plan)


@SQLITE_ONLY
def test_robots_are_told_where_it_is(house: House, readers: Readers) -> None:
    furnish(house)
    readers.refresh()
    found = readers.get("robots.txt")
    assert found.media_type == "text/plain; charset=utf-8"
    lines = [
        "User-agent: *",
        "Disallow: /search?",
        "",
        f"Sitemap: {BASE}sitemap.xml",
        f"Sitemap: {BASE}sitemap-news.xml",
    ]
    assert readers.body("robots.txt").decode().splitlines() == lines


def news(readers: Readers) -> list[tuple[str, ...]]:
    space = "{http://www.google.com/schemas/sitemap-news/0.9}"
    root = ET.fromstring(readers.body("sitemap-news.xml"))  # noqa: S314 - our own
    names = ("name", "language", "publication_date", "title")
    return [
        (each.findtext(f"{NAMESPACE}loc") or "", *(each.findtext(f".//{space}{name}") or "" for name in names))
        for each in root
    ]


def test_the_news_are_the_pages_of_two_days(house: House, readers: Readers) -> None:
    house.write("old.md", date="2026-01-08T11:59:59Z")
    house.write("first.md", date="2026-01-08T12:00:01Z", title="R&D", language="zh-Hant")
    house.write("last.md", date="2026-01-10T11:00:00Z", title="Last", language="de-CH")
    house.write("elsewhere.md", date="2026-01-10", link="https://other.example/")
    house.write("later.md", date="2026-01-10T13:00:00Z", title="Later")
    house.sync()
    readers.refresh()
    last = (f"{BASE}articles/last", "The Lantern", "de", "2026-01-10T11:00:00Z", "Last")
    assert news(readers) == [last, (f"{BASE}articles/first", "The Lantern", "zh-tw", "2026-01-08T12:00:01Z", "R&D")]
    house.clock.now += 1
    assert news(readers) == [last]
    house.clock.now += 3600
    assert [each[4] for each in news(readers)] == ["Later", "Last"]
