"""RFC 5005 §4 in every format: what a feed and its archives say of each other, read by others."""

from __future__ import annotations

import json

import feedparser
import pytest
from msgspec.structs import replace
from reading import ATOM, READINGS, xml
from specimens import CHANNEL, EBB, FERRY, FULL, KNOTS, feed

from feedsvc.formats import FORMATS, Format
from feedsvc.model import Feed, History

every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())
ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
BASE = CHANNEL.base_url
MIDDLE = History("2020-04", older="2020-02", newer="2020-05")


def of(history: History) -> Feed:
    return replace(FULL, history=history)


def links(form: Format, history: History) -> dict[str, str]:
    """By their relations, all links of a document to documents of its channel."""
    body = form.render(of(history))
    if form.filename == "feed.json":
        top = json.loads(body)
        names = {"feed_url": "self", "next_url": "prev-archive"}
        return {relation: top[name] for name, relation in names.items() if name in top}
    top = xml(body)
    parent = top.find("channel") if form.filename == "rss.xml" else top
    assert parent is not None
    found = [link.attrib for link in parent.findall(f"{ATOM}link") if link.attrib["rel"] != "alternate"]
    assert all(link["type"] == form.type for link in found)
    assert (parent.find(ARCHIVE) is not None) == (history.period is not None)
    assert len({link["rel"] for link in found}) == len(found)
    return {link["rel"]: link["href"] for link in found}


def known(form: Format, wanted: dict[str, str]) -> dict[str, str]:
    """Those of some links that a format has a word for."""
    said = {"self", "prev-archive"} if form.filename == "feed.json" else set(wanted)
    return {relation: url for relation, url in wanted.items() if relation in said}


@every_format
def test_an_archive_names_itself_its_neighbours_and_the_feed(form: Format) -> None:
    name = form.filename
    wanted = {
        "self": f"{BASE}archive/2020-04/{name}",
        "current": f"{BASE}{name}",
        "prev-archive": f"{BASE}archive/2020-02/{name}",
        "next-archive": f"{BASE}archive/2020-05/{name}",
    }
    assert links(form, MIDDLE) == known(form, wanted)


@every_format
def test_the_oldest_archive_has_none_before_it_and_the_newest_none_behind(form: Format) -> None:
    assert "prev-archive" not in links(form, History("2020-02", newer="2020-04"))
    assert "next-archive" not in links(form, History("2020-05", older="2020-04"))


@every_format
def test_a_feed_leads_to_what_it_does_not_hold_and_is_no_archive(form: Format) -> None:
    name = form.filename
    assert links(form, History(older="2020-04")) == {
        "self": f"{BASE}{name}",
        "prev-archive": f"{BASE}archive/2020-04/{name}",
    }
    assert links(form, History()) == {"self": f"{BASE}{name}"}
    assert b"history/1.0" not in form.render(FULL)


@every_format
def test_a_channel_s_archives_stand_below_it_with_its_query(form: Format) -> None:
    tides = replace(CHANNEL, name="tags/tides", top=f"{BASE}tags/tides/", query="?tag=a")
    assert form.archive(tides, "2020-04") == f"{BASE}tags/tides/archive/2020-04/{form.filename}?tag=a"


@every_format
def test_the_entries_of_an_archive_are_those_of_the_feed(form: Format) -> None:
    assert READINGS[form.filename](form.render(of(MIDDLE))).items == READINGS[form.filename](form.render(FULL)).items


@every_format
def test_what_was_written_for_a_feed_is_the_same_in_an_archive(form: Format) -> None:
    part = feed(EBB, KNOTS)
    archive = replace(feed(FERRY, EBB, KNOTS), history=MIDDLE)
    alone = form.render(archive)
    form.render(part)
    assert form.render(archive) == alone


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_feedparser_finds_the_way(name: str) -> None:
    parsed = feedparser.parse(FORMATS[name].render(of(MIDDLE)))
    assert not parsed.bozo
    found = {link.rel: link.href for link in parsed.feed.links}
    assert found["prev-archive"] == f"{BASE}archive/2020-02/{name}"
    assert found["next-archive"] == f"{BASE}archive/2020-05/{name}"
    assert found["current"] == f"{BASE}{name}"
    assert "fh_archive" in parsed.feed
