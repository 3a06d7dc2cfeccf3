"""What a person gets at a feed's address, and what a reader gets there."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import brotli
import pytest
from house import SITE, House
from msgspec.structs import replace
from serving import CONTENT, FEEDS, Command, Reply, Service, ask, exchange, until

from feedsvc.config import Server
from feedsvc.formats import FORMATS
from feedsvc.publication.documents import Notice, Variant
from feedsvc.web.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
READER = {"Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.8, text/html;q=0.7, */*;q=0.1"}
NEGOTIATED = "Accept, Accept-Encoding, Sec-Fetch-Dest"
ADDRESSES = [f"{before}{name}" for before in ("/", "/tags/harbour/") for name in FEEDS]
every_feed = pytest.mark.parametrize("path", ADDRESSES)


def furnish(house: House) -> House:
    house.write("first.md", date="2026-01-03", title="First & <foremost>", tags="[Harbour]", text="Words. " * 50)
    house.write("second.md", date="2026-01-04", title="Zweiter", language="de")
    house.sync()
    return house


@pytest.fixture(scope="module", params=["httptools", Protocol], ids=["application", "lane"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    place = tmp_path_factory.mktemp("service")
    yield from serving(furnish(House(place / "content", str(place / "catalog.db"))), http=request.param)


@pytest.fixture
def own(house: House) -> Iterator[Service]:
    yield from serving(furnish(house))


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that does not negotiate."""
    place = tmp_path_factory.mktemp("silent")
    yield from serving(furnish(House(place / "content", str(place / "catalog.db"))), settings=Server(negotiate=False))


def serving(house: House, *, settings: Server | None = None, **options: Any) -> Iterator[Service]:
    made = Service(house, settings, **options)
    yield made
    made.stop()
    house.catalog.close()


@every_feed
def test_a_person_gets_a_page_at_a_feed_s_address(service: Service, path: str) -> None:
    reply = service.ask(path, BROWSER)
    assert (reply.status, reply["content-type"]) == (200, "text/html; charset=utf-8")
    assert reply["cache-control"] == "private, max-age=300, stale-while-revalidate=600, stale-if-error=600"
    assert reply["content-security-policy"].startswith("default-src 'none'")
    assert reply["vary"] == NEGOTIATED
    assert reply["last-modified"] == service.ask(path)["last-modified"]


@every_feed
def test_the_page_says_what_it_is_and_where_to_go(service: Service, path: str) -> None:
    page = service.ask(path, BROWSER).body.decode()
    address = f"https://lantern.example{path}"
    channel = address.rpartition("/")[0] + "/"
    assert f'<code id="page-copied">{address}</code>' in page
    assert f'href="{address}?format=feed"' in page
    assert f'<link rel="canonical" href="{address}">' in page
    for written in FORMATS.values():
        assert f'<link rel="alternate" type="{written.type}"' in page
        assert channel + written.filename in page
    assert '<html lang="en" dir="ltr">' in page
    assert "First &amp; &lt;foremost&gt;" in page
    assert "3 January 2026" in page
    assert "Words. Words." in page


@every_feed
def test_a_reader_gets_the_feed_with_the_same_vary(service: Service, path: str) -> None:
    for fields in ({}, READER, {"Accept": "*/*"}, BROWSER | {"Sec-Fetch-Dest": "empty"}):
        reply = service.ask(path, fields)
        assert reply["content-type"] == FORMATS[path.rpartition("/")[2]].media_type
        assert reply["vary"] == NEGOTIATED
        assert not reply["cache-control"].startswith("private")


def test_a_browser_that_says_so_gets_the_page_too(service: Service) -> None:
    assert service.ask("/rss.xml", BROWSER | {"Sec-Fetch-Dest": "document"})["content-type"].startswith("text/html")


def test_what_is_accepted_may_stand_on_several_lines(service: Service) -> None:
    lines = [("Accept", "text/html"), ("Accept", "*/*;q=0.1")]
    assert service.ask("/rss.xml", lines)["content-type"].startswith("text/html")
    assert "rss" in service.ask("/rss.xml", [*lines, ("Accept", "application/rss+xml")])["content-type"]


@every_feed
def test_the_feed_can_be_had_in_a_browser(service: Service, path: str) -> None:
    feed = service.ask(path)
    for query in ("format=feed", "a=b&format=feed", "format=feed&format=page"):
        reply = service.ask(f"{path}?{query}", BROWSER)
        assert (reply.body, reply.lasting) == (feed.body, feed.lasting)


def test_no_other_query_changes_or_keeps_anything(service: Service) -> None:
    page, feed = service.ask("/rss.xml", BROWSER), service.ask("/rss.xml")
    kept = set(service._publication.shelf._kept)
    for query in ("format=page", "format=FEED", "format=feed2", "format", "xformat=feed", "%00", "a=format=feed"):
        assert service.ask(f"/rss.xml?{query}", BROWSER).body == page.body
        assert service.ask(f"/rss.xml?{query}").body == feed.body
        assert service.ask(f"/nothing?{query}").status == 404
    assert set(service._publication.shelf._kept) - {Notice(404)} == kept


@every_feed
def test_neither_s_validators_match_the_other(service: Service, path: str) -> None:
    page, feed = service.ask(path, BROWSER), service.ask(path)
    assert service.ask(path, BROWSER | {"If-None-Match": feed["etag"]}).status == 200
    assert service.ask(path, {"If-None-Match": page["etag"]}).status == 200
    for fields, first in ((BROWSER, page), ({}, feed)):
        again = service.ask(path, fields | {"If-None-Match": first["etag"]})
        assert (again.status, again.body, again["vary"]) == (304, b"", NEGOTIATED)
        assert again["cache-control"] == first["cache-control"]


def test_the_page_comes_in_each_coding_and_as_a_head(service: Service) -> None:
    plain = service.ask("/rss.xml", BROWSER)
    for coding, decode in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        fields = BROWSER | {"Accept-Encoding": coding}
        reply = service.ask("/rss.xml", fields)
        assert (reply["content-encoding"], decode(reply.body)) == (coding, plain.body)
        head = service.ask("/rss.xml", fields, method="HEAD")
        assert (head.fields, head.body) == (reply.fields, b"")


def test_no_path_leads_to_the_page(service: Service) -> None:
    service.ask("/rss.xml", BROWSER)
    key = Variant("rss.xml", is_page=True)
    for path in (
        f"/{quote(repr(key))}",
        "/('rss.xml',True)",
        "/%00rss.xml",
        "//rss.xml",
        "/rss.xml%3F",
        "/rss.xml%3Fformat=page",
    ):
        assert service.ask(path, BROWSER).status == 404


def test_only_feeds_have_such_a_page(service: Service) -> None:
    for path in ("/", "/articles/first", "/tags/harbour/", "/healthz"):
        assert service.ask(path, BROWSER)["vary"] == "Accept-Encoding"
    for path in ("/tags/nobody/rss.xml", "/nothing.xml"):
        reply = service.ask(path, BROWSER)
        assert (reply.status, reply["vary"]) == (404, "Accept-Encoding")


def test_the_page_changes_with_the_feed_and_shows_nothing_that_is_withdrawn(own: Service) -> None:
    before = own.ask("/rss.xml", BROWSER)
    own.house.write("first.md", date="2026-01-03", title="Another title", withdrawn="2026-01-10T11:00:00Z")
    own.house.sync_after(10)
    after = until(lambda: changed(own.ask("/rss.xml", BROWSER | {"If-None-Match": before["etag"]})))
    assert b"foremost" not in after.body
    assert b"Another title" not in after.body


def changed(reply: Reply) -> Reply | None:
    return reply if reply.status == 200 else None


def test_an_empty_feed_says_that_there_is_nothing_yet(house: House) -> None:
    house.sync()
    for service in serving(house):
        assert b"No article has been published here yet" in service.ask("/atom.xml", BROWSER).body


def test_a_person_too_is_asked_to_come_again_before_the_first_sync(house: House) -> None:
    for service in serving(house):
        reply = service.ask("/rss.xml", BROWSER)
        assert (reply.status, reply["cache-control"]) == (503, "no-store")


def test_below_a_base_url_s_path_it_is_the_same(tmp_path: Path) -> None:
    site = replace(SITE, base_url="https://example.org/blog/")
    for service in serving(furnish(House(tmp_path / "content", str(tmp_path / "catalog.db"), site=site))):
        for path in ("/rss.xml", "/blog/rss.xml"):
            assert b'<code id="page-copied">https://example.org/blog/rss.xml</code>' in service.ask(path, BROWSER).body


@every_feed
def test_where_nothing_is_negotiated_everybody_gets_the_feed(silent: Service, path: str) -> None:
    feed = silent.ask(path)
    assert feed["vary"] == "Accept-Encoding"
    for target in (path, f"{path}?format=feed"):
        reply = silent.ask(target, BROWSER | {"Sec-Fetch-Dest": "document"})
        assert (reply.body, reply.lasting) == (feed.body, feed.lasting)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_setting_reaches_every_process(tmp_path: Path, workers: str) -> None:
    place = ["--database", str(tmp_path / "catalog.db"), "--workers", workers]
    for value, type_ in (("0", "application/rss+xml"), ("true", "text/html")):
        with Command(CONTENT, *place, env={"FEEDSVC_NEGOTIATE": value}) as command:
            command.ready()
            assert ask(command.port, "/rss.xml", BROWSER)["content-type"].startswith(type_)


def test_a_request_without_accept_on_the_wire_gets_the_feed(service: Service) -> None:
    reply = exchange(service.port, b"GET /rss.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"content-type: application/rss+xml" in reply
