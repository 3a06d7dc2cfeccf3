"""Filters in addresses, over sockets: answered by the application alone, and with the lane before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from house import House
from serving import FEEDS, READINGS, Service, exchange, until
from test_feed_page import BROWSER

from feedsvc.web.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = "https://lantern.example/"
ANY = "tag=ferries&tag=harbour"
READ_ID = re.compile(rb"<id>(urn:uuid:[^<]*)")


def furnish(house: House) -> None:
    house.write("a.md", date="2026-01-01", title="A", tags="[Harbour]")
    house.write("b.md", date="2026-01-02", title="B", tags="[Ferries]")
    house.write("c.md", date="2026-01-03", title="C", tags="[Harbour, Ferries]")
    house.write("d.md", date="2026-01-04", title="D", tags="[Harbour, Wind]")
    house.write("e.md", date="2026-01-05", title="E", tags="[C++, Tides]")
    house.write("f.md", date="2026-02-01", title="F", tags="[Harbour, Secret]")
    house.sync()


@pytest.fixture(scope="module", params=["httptools", Protocol])
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("filtered")
    house = House(folder / "content", str(folder / "catalog.db"))
    furnish(house)
    service = Service(house, http=request.param)
    yield service
    service.stop()
    house.catalog.close()


def titles(site: Service, query: str, filename: str = "atom.xml") -> list[str]:
    for _ in range(2):  # the second time from what is kept
        reply = site.ask(f"/{filename}?{query}")
        assert reply.status == 200
    return [entry.title for entry in READINGS[filename](reply.body).items]


@pytest.mark.parametrize("filename", FEEDS)
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        (ANY, "DCBA"),
        ("all=ferries&all=harbour", "C"),
        (f"{ANY}&not=wind", "CBA"),
        ("tag=harbour&not=ferries", "DA"),
        ("not=harbour", "EB"),
        ("not=harbour&not=tides", "B"),
        (f"{ANY}&all=wind", "D"),
        ("all=ferries&all=wind", ""),
        ("tag=c%2B%2B&tag=wind", "ED"),
    ],
)
def test_a_filter_is_a_feed(site: Service, filename: str, query: str, shown: str) -> None:
    if query == f"{ANY}&all=wind":
        assert site.ask(f"/{filename}?{query}").status == 200
    assert "".join(titles(site, query, filename)) == shown


def test_it_says_what_it_is(site: Service) -> None:
    reply = site.ask(f"/atom.xml?{ANY}&not=wind")
    assert b"<title>The Lantern: Ferries or Harbour, not Wind</title>" in reply.body
    address = f"{BASE}atom.xml?{ANY}&not=wind"
    assert f'<link href="{address.replace("&", "&amp;")}" rel="self"'.encode() in reply.body
    assert reply["link"] == f'<{address}>; rel="self", <{BASE}?{ANY}&not=wind>; rel="alternate"; type="text/html"'
    ids = {READ_ID.findall(site.ask(f"/atom.xml?{query}").body)[0] for query in (ANY, "not=wind", "not=tides")}
    assert len(ids) == 3
    assert b"<title>The Lantern: Ferries and Wind</title>" in site.ask("/atom.xml?all=ferries&all=wind").body
    assert b"<title>The Lantern: not Wind</title>" in site.ask("/rss.xml?not=wind").body
    assert b"<title>The Lantern: Ferries or Harbour, and Wind</title>" in site.ask(f"/rss.xml?{ANY}&all=wind").body


def test_the_list_announces_its_own_feeds_first(site: Service) -> None:
    page = site.ask(f"/?{ANY}").body.decode()
    found = re.findall(r'<link rel="alternate" type="[^"]*" title="[^"]*" href="([^"]*)"', page)
    assert found == [
        *(f"{BASE}{name}?{ANY.replace('&', '&amp;')}" for name in FEEDS),
        *(f"{BASE}{name}" for name in FEEDS),
    ]
    assert "<h1>Ferries or Harbour</h1>" in page


def test_a_list_goes_on_within_its_filter(site: Service) -> None:
    page = site.ask(f"/before/c?{ANY}").body.decode()
    assert f'rel="canonical" href="{BASE}before/c?{ANY.replace("&", "&amp;")}"' in page
    assert re.findall(r'/articles/([a-z])"', page) == ["b", "a"]
    assert site.ask("/before/nothing?tag=harbour&tag=wind").status == 404
    assert site.ask("/before/f?tag=harbour&tag=wind").status == 404
    away = site.ask(f"/before/e?{ANY}")
    assert (away.status, away["location"]) == (301, f"{BASE}?{ANY}")


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/atom.xml?tag=harbour&tag=ferries", f"atom.xml?{ANY}"),
        ("/?tag=Harbour&tag=ferries&", f"?{ANY}"),
        ("/before/c?tag=harbour&tag=ferries", f"before/c?{ANY}"),
        ("/atom.xml?tag=harbour", "tags/harbour/atom.xml"),
        ("/?tag=harbour", "tags/harbour/"),
        ("/before/a?all=harbour", "tags/harbour/before/a"),
        ("/rss.xml?tag=c%2B%2B", "tags/c++/rss.xml"),
        ("/rss.xml?author=ada&author=Ada", "authors/ada/rss.xml"),
        ("/rss.xml?section=news/local", "sections/news/local/rss.xml"),
        ("/rss.xml?tag=", "rss.xml"),
        ("/?not=", ""),
        ("/rss.xml?tag=harbour&format=feed", "tags/harbour/rss.xml?format=feed"),
        ("/rss.xml?tag=&format=feed", "rss.xml?format=feed"),
        ("/rss.xml?format=feed&tag=ferries&tag=harbour", f"rss.xml?{ANY}&format=feed"),
        (f"/rss.xml?{ANY}&format=feed&format=feed", f"rss.xml?{ANY}&format=feed"),
        (f"/?{ANY}&format=feed", f"?{ANY}"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_means_the_same_has_one_address(site: Service, target: str, location: str, method: str) -> None:
    for _ in range(2):
        reply = site.ask(target, method=method)
        assert (reply.status, reply["location"], reply["cache-control"]) == (301, f"{BASE}{location}", "max-age=10")


def test_a_redirect_needs_no_second_one(site: Service) -> None:
    first = site.ask("/rss.xml?format=feed&TAG=", BROWSER)
    assert first.status == 400
    target = site.ask("/rss.xml?format=feed&tag=Harbour&tag=ferries", BROWSER)["location"].removeprefix(BASE)
    reply = site.ask(f"/{target}", BROWSER)
    assert (reply.status, reply["content-type"]) == (200, "application/rss+xml; charset=utf-8")


def test_that_nothing_is_at_a_path_is_not_said_of_its_filters(site: Service) -> None:
    for _ in range(2):
        assert site.ask("/before/nothing").status == 404
        assert site.ask("/before/nothing?tag=harbour").status == 301
        assert site.ask("/before/nothing?tags=harbour").status == 400


def test_a_person_sees_a_page_and_a_reader_the_feed(site: Service) -> None:
    for _ in range(2):
        page, feed = site.ask(f"/rss.xml?{ANY}", BROWSER), site.ask(f"/rss.xml?{ANY}")
        assert page["content-type"].startswith("text/html")
        assert feed["content-type"].startswith("application/rss+xml")
        assert page["vary"] == feed["vary"] == "Accept, Accept-Encoding, Sec-Fetch-Dest"
        assert f'href="{BASE}rss.xml?{ANY.replace("&", "&amp;")}&amp;format=feed"' in page.body.decode()
        assert site.ask(f"/rss.xml?{ANY}&format=feed", BROWSER).body == feed.body


def test_a_poll_is_answered_in_short(site: Service) -> None:
    for coding in ("identity", "gzip"):
        asked = {"Accept-Encoding": coding}
        first = site.ask(f"/atom.xml?{ANY}", asked)
        again = site.ask(f"/atom.xml?{ANY}", {**asked, "If-None-Match": first["etag"]})
        dated = site.ask(f"/atom.xml?{ANY}", {**asked, "If-Modified-Since": first["last-modified"]})
        head = site.ask(f"/atom.xml?{ANY}", asked, method="HEAD")
        assert (again.status, dated.status, head.status) == (304, 304, 200)
        assert again["vary"] == first["vary"]
        assert (head.lasting, head.body) == (first.lasting, b"")


@pytest.mark.parametrize(
    ("target", "cure"),
    [
        ("/rss.xml?tags=harbour", "Did you mean tag=?"),
        ("/?tag=harbour&not=harbour", "Nothing can match this filter"),
        ("/before/a?tag=harbour&utm_source=x", "Beside a filter nothing may stand"),
        (f"/atom.xml?tag={'a' * 3000}", "500 bytes at most"),
        ("/atom.xml?tag=(a%2B)%2B$", "no patterns"),
        ("/atom.xml?tag=%3Cscript%3E", "no patterns"),
    ],
)
def test_what_is_no_filter_is_told(site: Service, target: str, cure: str) -> None:
    reply = site.ask(target)
    assert (reply.status, reply["content-type"], reply["cache-control"]) == (
        400,
        "text/html; charset=utf-8",
        "max-age=3600",
    )
    assert cure in reply.body.decode()
    assert b"<script" not in reply.body
    head = site.ask(target, method="HEAD")
    assert (head.status, head.body, head["content-length"]) == (400, b"", str(len(reply.body)))


@pytest.mark.parametrize(
    "query", ["tag=harbour&tag=nothing", "not=nothing", "tag=harbour&author=ada", "tag=harbour&not=secret"]
)
def test_a_channel_that_never_was_is_not_there(site: Service, query: str) -> None:
    """Nor is one of which all is scheduled."""
    for name in ("rss.xml", ""):
        assert site.ask(f"/{name}?{query}").status == 404
        assert site.ask(f"/{name}?{query}").status == 404


@pytest.mark.parametrize(
    "target",
    [
        "/tags/harbour/rss.xml?tag=wind&tag=x",
        "/articles/a?tag=wind",
        "/tags/harbour/?tags=a",
        "/rss.xml?utm_source=a",
        "/?p=1",
    ],
)
def test_elsewhere_and_else_a_query_is_passed_over(site: Service, target: str) -> None:
    assert site.ask(target).body == site.ask(target.partition("?")[0]).body


def test_what_is_odd_is_answered_all_the_same(site: Service) -> None:
    for query in (
        b"tag=\xff\xfe",
        b"tag=%0d%0aX:%20y",
        b'tag="><b>',
        b"tag=%",
        b"tag=a#b",
        b"&" * 600,
        b"tag",
        b"tag=a;b",
        b"?tag=a",
    ):
        reply = exchange(site.port, b"GET /rss.xml?%b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % query)
        assert re.match(rb"HTTP/1.1 (200|301|400|404) ", reply), reply[:200]
        assert b"\r\nX: y" not in reply


def test_it_changes_as_its_channels_do_and_tells_of_nothing_before(tmp_path: Path) -> None:
    house = House(tmp_path / "content", str(tmp_path / "catalog.db"))
    furnish(house)
    site = Service(house, http=Protocol)
    try:
        before = site.ask(f"/feed.json?{ANY}")
        assert titles(site, ANY, "feed.json") == ["D", "C", "B", "A"]
        house.write("e.md", date="2026-01-05", title="E", tags="[Ferries]")
        house.remove("a.md")
        house.sync_after()
        until(lambda: titles(site, ANY, "feed.json") == ["E", "D", "C", "B"])
        assert "a" not in [entry.title for entry in READINGS["atom.xml"](site.ask(f"/atom.xml?{ANY}").body).items]
        assert b"at:deleted-entry" in site.ask(f"/atom.xml?{ANY}").body
        assert site.ask(f"/feed.json?{ANY}", {"If-None-Match": before["etag"]}).status == 200
        assert site.ask("/rss.xml?tag=harbour&tag=secret").status == 404
        kept = site.ask(f"/feed.json?{ANY}")
        house.clock.now += 40 * 24 * 3600
        assert titles(site, ANY, "feed.json") == ["F", "E", "D", "C", "B"]
        assert titles(site, "tag=harbour&tag=secret") == ["F", "D", "C"]
        assert kept["cache-control"] == site.ask(f"/feed.json?{ANY}")["cache-control"]
    finally:
        site.stop()
        house.catalog.close()
