"""nginx and Varnish as caches, as the documentation sets them up, in front of a server that is slow, or gone."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from command import write
from proxy import caching_nginx, nginx, varnish
from serving import FEEDS, Command, ask, exchange, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from serving import Reply

CACHES = {"nginx": caching_nginx, "varnishd": varnish}

# In seconds; so short that a test need not wait long, and so long that it sees what is kept.
MAX_AGE = 2

BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Sec-Fetch-Dest": "document",
}


@dataclass
class Site:
    """A server, and a cache in front of it."""

    content: Path
    log: Path
    server: Command
    port: int

    def ask(self, path: str, headers: Any = (), *, method: str = "GET") -> Reply:
        return ask(self.port, path, headers, method=method)

    def asked(self) -> list[dict[str, Any]]:
        """What the server was asked for articles and feeds, as its log says."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if line["target"] not in {"/healthz", "/readyz"}]


def settings(content: Path, **values: int) -> None:
    lines = [f"{name} = {value}" for name, value in values.items()]
    (content / "feedsvc.toml").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture(params=CACHES)
def site(request: pytest.FixtureRequest, tmp_path: Path, peer: Callable[[str], str]) -> Iterator[Site]:
    program, content, log = peer(request.param), tmp_path / "content", tmp_path / "log"
    write(content / "a.md", "The ferry", more="tags: [harbour]\n")
    settings(content, max_age=MAX_AGE, stale=600)
    surroundings = {"FEEDSVC_ACCESS_LOG": str(log), "FEEDSVC_ACCESS_LOG_FORMAT": "json"}
    with (
        Command(content, "--base-url", "https://lantern.example/", env=surroundings).ready() as server,
        CACHES[request.param](program, tmp_path / "cache", server.port) as port,
    ):
        yield Site(content, log, server, port)


def test_what_is_kept_is_what_was_given(site: Site) -> None:
    for name in FEEDS:
        direct = ask(site.server.port, f"/{name}", {"Accept-Encoding": "gzip"})
        replies = [site.ask(f"/{name}", {"Accept-Encoding": "gzip"}) for _ in range(3)]
        assert {(reply.status, reply["etag"], reply.body) for reply in replies} == {(200, direct["etag"], direct.body)}
        assert [reply["x-cache"] for reply in replies] == ["MISS", "HIT", "HIT"]
        assert not any(reply.has("set-cookie") for reply in replies)


def test_who_has_it_is_told_so_by_the_cache(site: Site) -> None:
    for coding in ("gzip", "identity"):
        first = site.ask("/rss.xml", {"Accept-Encoding": coding})
        for validator in ({"If-None-Match": first["etag"]}, {"If-Modified-Since": first["last-modified"]}):
            again = site.ask("/rss.xml", {"Accept-Encoding": coding, **validator})
            assert (again.status, again.body) == (304, b"")


def test_each_coding_is_what_it_says(site: Site) -> None:
    plain = ask(site.server.port, "/rss.xml").body
    for _ in range(2):
        assert site.ask("/rss.xml", {"Accept-Encoding": "identity"}).body == plain
        assert site.ask("/rss.xml").body == plain
        coded = site.ask("/rss.xml", {"Accept-Encoding": "gzip"})
        assert (coded["content-encoding"], gzip.decompress(coded.body)) == ("gzip", plain)


def test_what_grew_old_is_asked_for_by_its_validator_and_once(site: Site) -> None:
    site.ask("/rss.xml")
    until(lambda: site.ask("/rss.xml").status != 200 or any(each["status"] == 304 for each in site.asked()))
    asked = [each["status"] for each in site.asked()]
    assert asked[0] == 200
    assert set(asked[1:]) == {304}


def test_a_change_is_seen_when_what_is_kept_has_grown_old(site: Site) -> None:
    assert b"The crane" not in site.ask("/atom.xml").body
    write(site.content / "b.md", "The crane")
    until(lambda: b"The crane" in site.ask("/atom.xml").body)


def test_while_the_server_is_slow_readers_get_what_is_kept_at_once(site: Site) -> None:
    first = site.ask("/rss.xml")
    os.kill(site.server.process.pid, signal.SIGSTOP)
    try:
        time.sleep(MAX_AGE + 1)
        for _ in range(3):  # each of them would wait until the server goes on
            assert site.ask("/rss.xml").body == first.body
    finally:
        os.kill(site.server.process.pid, signal.SIGCONT)


def test_when_the_server_is_gone_readers_get_what_is_kept(site: Site) -> None:
    first = site.ask("/rss.xml")
    assert site.server.stop() == 0
    time.sleep(MAX_AGE + 1)
    for _ in range(5):
        reply = site.ask("/rss.xml")
        assert (reply.status, reply["etag"], reply.body) == (200, first["etag"], first.body)
    assert site.ask("/rss.xml", {"If-None-Match": first["etag"]}).status == 304
    assert site.ask("/feed.json").status in {502, 503}


def test_a_browser_s_page_is_kept_for_nobody_and_a_reader_s_feed_is(site: Site) -> None:
    readers: tuple[dict[str, str], ...] = ({}, {"Accept": "*/*"}, {"Accept": "application/rss+xml, text/html;q=0.7"})
    for number in range(3):
        page = site.ask("/rss.xml", BROWSER)
        assert page["content-type"].startswith("text/html")
        assert "private" in page["cache-control"]
        assert page["x-cache"] == "MISS"
        for reader in readers:
            feed = site.ask("/rss.xml", reader)
            assert feed["content-type"].startswith("application/rss+xml")
            assert feed["x-cache"] == ("HIT" if number else "MISS")
    assert site.ask("/rss.xml?format=feed", BROWSER)["content-type"].startswith("application/rss+xml")


def test_nobody_but_the_cache_says_who_asks(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, source_address=("127.0.0.5", 0))
    connection.request("GET", "/tags/harbour/rss.xml", headers={"X-Forwarded-For": "192.0.2.1"})
    assert connection.getresponse().read()
    connection.close()
    until(lambda: [each["client"] for each in site.asked()] == ["127.0.0.5"])


def test_one_who_asks_too_often_is_answered_by_the_cache(site: Site) -> None:
    assert {site.ask("/rss.xml").status for _ in range(100)} == {200}
    assert len(site.asked()) < 10


def test_a_query_is_the_same_document(site: Site) -> None:
    replies = [site.ask(f"/rss.xml?{name}={number}") for number in range(3) for name in ("utm_source", "format")]
    assert [reply["x-cache"] for reply in replies] == ["MISS"] + ["HIT"] * 5
    assert site.ask("/rss.xml?a=b&format=feed")["x-cache"] == "MISS"
    assert site.ask("/rss.xml?format=feed&c=d")["x-cache"] == "HIT"


def test_what_only_looks_like_an_address_takes_no_other_s_place(site: Site) -> None:
    for name in (b"rss.xml", b"atom.xml", b"feed.json"):
        for other in (b"//%b", b"/x/../%b", b"/./%b", b"/%b%%3Fa", b"/%b/"):
            exchange(site.port, b"GET %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % (other % name))
        assert site.ask(f"/{name.decode()}").status == 200


def test_what_is_wrong_is_not_kept(site: Site) -> None:
    assert site.ask("/rss.xml", method="POST").status == 405
    assert site.ask("/readyz").status == 404
    assert site.ask("/rss.xml").status == 200


def test_parts_of_a_recording_are_sent_as_they_are_asked_for(site: Site) -> None:
    (site.content / "a.mp3").write_bytes(b"ID3" + bytes(1_000_000))
    until(lambda: site.ask("/media/a.mp3").status == 200)
    part = site.ask("/media/a.mp3", {"Range": "bytes=0-2"})
    assert (part.status, part.body) == (206, b"ID3")


def test_three_servers_of_one_catalog_give_one_entity_tag(tmp_path: Path, peer: Callable[[str], str]) -> None:
    content, database = tmp_path / "content", str(tmp_path / "catalog.db")
    for number in range(5):
        write(content / f"{number}.md", f"The ferry {number}", more="tags: [harbour]\n")
    with ExitStack() as stack:
        first = stack.enter_context(Command(content, "--database", database, "--base-url", "https://lantern.example/"))
        first.ready()
        others = [stack.enter_context(Command(None, "--database", database)).ready() for _ in range(2)]
        ports = [server.port for server in (first, *others)]
        port = stack.enter_context(nginx(peer("nginx"), tmp_path / "nginx", ports))
        for number in range(3):
            write(content / "0.md", f"The crane {number}", more="tags: [harbour]\n")
            for each in ports:
                until(partial(shows, each, f"The crane {number}"))
            for path in ("/", *(f"/{name}" for name in FEEDS), "/tags/harbour/atom.xml", "/articles/1"):
                assert len({ask(port, path)["etag"] for _ in range(9)}) == 1


def shows(port: int, title: str) -> bool:
    return title in ask(port, "/atom.xml").body.decode()
