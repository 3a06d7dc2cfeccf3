"""The sample site as it is served, read by readers that others wrote."""

from __future__ import annotations

import shutil
from calendar import timegm
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from reader import make_reader
from serving import CONTENT, FEEDS, READINGS, Command

if TYPE_CHECKING:
    from collections.abc import Iterator

Fact = tuple[str, datetime, str, str]


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    content = tmp_path_factory.mktemp("site") / "content"
    shutil.copytree(CONTENT, content, ignore=shutil.ignore_patterns(".feedsvc"))
    with Command(content) as started:
        yield started.ready()


@pytest.fixture(scope="module")
def expected(command: Command) -> list[Fact]:
    """What the JSON Feed says, which needs no reader to be understood."""
    items = READINGS["feed.json"](command.ask("/feed.json").body).items
    return [(item.id, item.published, item.title, item.summary) for item in items]


def test_the_sample_site_has_a_dozen_articles_newest_first(expected: list[Fact]) -> None:
    assert len(expected) >= 12
    assert [when for _, when, *_ in expected] == sorted((when for _, when, *_ in expected), reverse=True)
    assert all(summary for *_, summary in expected)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_feedparser_finds_the_same_in_every_format(command: Command, expected: list[Fact], name: str) -> None:
    parsed = feedparser.parse(f"http://127.0.0.1:{command.port}/{name}")
    text = unescape if name == "rss.xml" else str
    instants = [datetime.fromtimestamp(timegm(entry.published_parsed), UTC) for entry in parsed.entries]
    assert not parsed.bozo
    assert [
        (entry.id, instant, entry.title, text(entry.summary))
        for entry, instant in zip(parsed.entries, instants, strict=True)
    ] == expected


@pytest.mark.parametrize("name", FEEDS)
def test_reader_finds_the_same_in_every_format(
    command: Command, expected: list[Fact], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its own copy of feedparser wants sgmllib3k, which feedparser no longer brings.
    monkeypatch.setenv("READER_NO_VENDORED_FEEDPARSER", "1")
    text = unescape if name == "rss.xml" else str
    with make_reader(":memory:") as reader:
        reader.add_feed(f"http://127.0.0.1:{command.port}/{name}")
        reader.update_feeds()
        found: dict[str, Any] = {entry.id: entry for entry in reader.get_entries()}
    facts = [(entry.id, entry.published, entry.title, text(entry.summary)) for entry in found.values()]
    assert sorted(facts) == sorted(expected)


@pytest.mark.parametrize("name", FEEDS)
def test_every_tag_s_feed_is_found_from_the_list_page(command: Command, name: str) -> None:
    page = command.ask("/").body.decode()
    home = f"http://127.0.0.1:{command.port}"
    tags = sorted({part.split('"')[0] for part in page.split(f'href="{home}')[1:] if part.startswith("/tags/")})
    assert tags
    for tag in tags:
        parsed = READINGS[name](command.ask(tag + name).body)
        assert parsed.items
        assert parsed.self_link == f"{home}{tag}{name}"
