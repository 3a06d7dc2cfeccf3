"""Readers that others wrote, on all formats: what each finds must be the same."""

from __future__ import annotations

import threading
from calendar import timegm
from datetime import UTC, datetime
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from reader import make_reader
from specimens import FULL, HOSTILE

from feedsvc.formats import FORMATS
from feedsvc.formats.atom import is_like_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.model import Feed

FEEDS = {"full": FULL, "hostile": HOSTILE}
every_feed = pytest.mark.parametrize("of", FEEDS)
xml_format = pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])


class Publisher(BaseHTTPRequestHandler):
    """Serves `/SPECIMEN/FORMAT`."""

    def do_GET(self) -> None:
        _, of, name = self.path.split("/")
        body = FORMATS[name].render(FEEDS[of])
        self.send_response(200)
        self.send_header("Content-Type", FORMATS[name].media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def publisher() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # Its own copy of feedparser wants sgmllib3k, which feedparser no longer brings.
    monkeypatch.setenv("READER_NO_VENDORED_FEEDPARSER", "1")
    with make_reader(":memory:") as made:
        yield made


def instant(parsed: Any) -> datetime:
    return datetime.fromtimestamp(timegm(parsed), UTC)


def said(found: str, meant: str, name: str) -> str:
    """What a reader found, as people see it: text that looks like HTML is told as the HTML that says it."""
    return unescape(found) if name != "feed.json" and is_like_html(meant) else found


def summary(found: str, meant: str, name: str) -> str:
    """Likewise; a description in RSS is always HTML."""
    return unescape(found) if name == "rss.xml" else said(found, meant, name)


def facts(of: Feed) -> list[tuple[str, datetime, str, str, str]]:
    return [(e.id, e.published, e.title, e.link or "", e.summary) for e in of.entries]


@every_feed
@xml_format
def test_feedparser_finds_every_entry_as_it_is(of: str, name: str) -> None:
    parsed = feedparser.parse(FORMATS[name].render(FEEDS[of]))
    assert not parsed.bozo
    assert facts(FEEDS[of]) == [
        (
            e.id,
            instant(e.published_parsed),
            said(e.title, entry.title, name),
            e.link,
            summary(e.summary, entry.summary, name),
        )
        for e, entry in zip(parsed.entries, FEEDS[of].entries, strict=True)
    ]


@xml_format
def test_feedparser_finds_the_full_text(name: str) -> None:
    parsed = feedparser.parse(FORMATS[name].render(FULL))
    contents = [e.content[0].value if "content" in e else None for e in parsed.entries]
    assert contents == [e.content for e in FULL.entries]


def test_feedparser_finds_tags_and_pictures_in_both() -> None:
    first, second = (feedparser.parse(FORMATS[name].render(FULL)).entries for name in ("rss.xml", "atom.xml"))
    assert first[0].tags == second[0].tags
    assert first[0].media_content == second[0].media_content
    assert first[0].media_thumbnail == second[0].media_thumbnail


@every_feed
@pytest.mark.parametrize("name", FORMATS)
def test_reader_finds_every_entry_as_it_is(of: str, name: str, publisher: str, reader: Any) -> None:
    reader.add_feed(f"{publisher}/{of}/{name}")
    reader.update_feeds()
    found = {e.id: e for e in reader.get_entries()}
    assert facts(FEEDS[of]) == [
        (e.id, e.published, said(e.title, entry.title, name), e.link, summary(e.summary, entry.summary, name))
        for entry in FEEDS[of].entries
        for e in [found[entry.id]]
    ]
    assert len(found) == len(FEEDS[of].entries)


@pytest.mark.parametrize("name", ["atom.xml", "feed.json"])
def test_reader_finds_when_an_entry_changed(name: str, publisher: str, reader: Any) -> None:
    reader.add_feed(f"{publisher}/full/{name}")
    reader.update_feeds()
    assert {e.id: e.updated for e in reader.get_entries()} == {e.id: e.updated for e in FULL.entries}
