"""Any records whatever: newest first, one entry an id, every format is read by others, same input same bytes."""

from __future__ import annotations

import json
import shutil
import tempfile
from calendar import timegm
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
from house import House
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import FEEDS, READINGS

from feedsvc.formats import FORMATS

if TYPE_CHECKING:
    from feedsvc.model import Feed

words = st.text(st.characters(codec="utf-8"), max_size=40)
FIRST = datetime(1000, 1, 2)  # noqa: DTZ001 - hypothesis adds the zone

dates = st.one_of(
    # feedparser takes the year 0099 for 1999.
    st.dates(min_value=date(1000, 1, 2)).map(str),
    st.datetimes(min_value=FIRST, timezones=st.timezones(), allow_imaginary=False).map(
        lambda at: at.replace(microsecond=0).isoformat()
    ),
    st.sampled_from(["2026-01-01", "2026-01-01T00:00:00Z", "2026-13-45", "soon", "05/06/2020", ""]),
)
ids = st.one_of(st.none(), st.sampled_from(["urn:one", "urn:two", "tag:a.example,2020:x", "no iri"]))


@dataclass(frozen=True)
class Written:
    """A file as a person, or a program, may have left it."""

    name: str
    body: bytes


@st.composite
def written(draw: st.DrawFn) -> Written:
    name = draw(st.sampled_from(["a", "b", "c/a", "c/b", "d", "安", "ä", "e f", "100%", "README"]))
    suffix = draw(st.sampled_from([".md", ".txt"]))
    keys = {
        "title": draw(words),
        "date": draw(dates),
        "id": draw(ids),
        "slug": draw(st.one_of(st.none(), st.sampled_from(["a", "rss.xml", "../x", "安"]))),
        "tags": draw(st.lists(st.sampled_from(["C", "C++", "c", "安全", "a/b", ".."]), max_size=3)),
        "summary": draw(st.one_of(st.none(), words)),
        "draft": draw(st.sampled_from([None, False, True])),
    }
    lines = [f"{key}: {json.dumps(value)}" for key, value in keys.items() if value is not None]
    text = draw(
        st.one_of(words, st.sampled_from(["<p>[]](", "&#8; &#xd800;", '![x](y "z', "# H\n\n* a\n* b\n", "<script>x"]))
    )
    whole = "\n".join(["---", *lines, "---", "", text, ""]).encode()
    return Written(name + suffix, draw(st.sampled_from([whole, whole, whole, whole[:-9], whole[9:], whole + b"\xff"])))


def built(records: list[Written], folder: str) -> dict[str, bytes]:
    """Every document of the site and of its tags, made from a folder by a new catalog."""
    content = Path(folder) / "content"
    for record in records:
        path = content / record.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record.body)
    house = House(content, "memory")
    try:
        house.sync()
        with house.catalog.snapshot() as snapshot:
            channels = ["", *(name for _, name in snapshot.contents.of_kind("tags", int(house.clock()), most=99))]
        feeds = {channel: house.feed(channel) for channel in channels}
        for feed in feeds.values():
            check_order(feed)
        return {f"{channel}/{name}": FORMATS[name].render(feeds[channel]) for channel in channels for name in FEEDS}
    finally:
        house.catalog.close()
        shutil.rmtree(content)


def check_order(feed: Feed) -> None:
    order = [(-entry.published.timestamp(), entry.id) for entry in feed.entries]
    assert order == sorted(order)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert len({entry.page for entry in feed.entries}) == len(feed.entries)


@settings(max_examples=25)
@given(st.lists(written(), max_size=8, unique_by=lambda record: record.name))
def test_any_records_become_feeds(records: list[Written]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        documents = built(records, folder)
        assert built(records[::-1], folder) == documents
    for address, body in documents.items():
        name = address.rpartition("/")[2]
        items = READINGS[name](body).items
        same = READINGS["atom.xml"](documents[address.replace(name, "atom.xml")]).items
        assert [(item.id, item.published, item.title) for item in items] == [
            (item.id, item.published, item.title) for item in same
        ]
        if name != "feed.json":
            parsed = feedparser.parse(body)
            assert not parsed.bozo
            instants = [timegm(entry.published_parsed) for entry in parsed.entries]
            assert [entry.id for entry in parsed.entries] == [item.id for item in items]
            assert instants == sorted(instants, reverse=True)
