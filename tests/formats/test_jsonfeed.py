"""JSON Feed 1.1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from json_feed_rules import faults
from specimens import EBB, EMPTY, FERRY, FULL, HOSTILE, LONG, SUNK, entry, feed

from feedsvc.formats import FORMATS

if TYPE_CHECKING:
    from feedsvc.model import Entry, Feed

FORM = FORMATS["feed.json"]


def item(of: Entry) -> Any:
    return json.loads(FORM.render(feed(of)))["items"][0]


@pytest.mark.parametrize("of", [FULL, EMPTY, HOSTILE, LONG], ids=["full", "empty", "hostile", "long"])
def test_a_document_keeps_the_rules_of_1_1(of: Feed) -> None:
    assert list(faults(json.loads(FORM.render(of)))) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "https://jsonfeed.org/version/1"}, "version is not that of 1.1"),
        ({"title": ""}, "no title"),
        ({"items": {}}, "items is not a list"),
        ({"feed_url": "/feed.json"}, "top: feed_url is wrong: '/feed.json'"),
        ({"language": "en us"}, "top: language is wrong: 'en us'"),
        ({"author": {}}, "top: author is unknown"),
        ({"authors": [{}]}, "top: an author is wrong: {}"),
        ({"items": [{"id": 1, "content_text": ""}]}, "item 1: id is not a text"),
        ({"items": [{"id": "a"}]}, "item 'a': no content"),
        ({"items": [{"id": "a", "content_text": "", "tags": [1]}]}, "item 'a': a tag is not a text"),
        ({"items": [{"id": "a", "content_text": ""}] * 2}, "two items have one id"),
        ({"items": [{"id": "a", "content_text": None}]}, "item 'a': content_text is wrong: None"),
        (
            {"items": [{"id": "a", "content_text": "", "date_published": "today"}]},
            "item 'a': date_published is wrong: 'today'",
        ),
    ],
)
def test_the_rules_find_what_breaks_them(change: dict[str, Any], fault: str) -> None:
    assert list(faults(json.loads(FORM.render(FULL)) | change)) == [fault]


def test_the_keys_stand_in_one_order() -> None:
    assert list(item(FERRY)) == [
        *("id", "url", "title", "summary", "content_html", "image"),
        *("date_published", "date_modified", "authors", "tags", "attachments"),
    ]


def test_text_is_utf_8_and_the_last_line_ends() -> None:
    document = FORM.render(feed(EBB))
    assert "früh".encode() in document
    assert document.endswith(b"}\n")


def test_an_entry_without_content_has_its_summary_for_text() -> None:
    made = item(entry(1, content=None))
    assert made["content_text"] == made["summary"] == entry(1).summary
    assert "content_html" not in made


def test_empty_content_is_content() -> None:
    assert item(entry(1, content=""))["content_html"] == ""


def test_authors_have_names_and_pages_but_no_mail() -> None:
    assert item(FERRY)["authors"] == [
        {"name": "Ada Quay", "url": "https://almanac.example/about"},
        {"name": "Ben Mole"},
    ]
    assert b"ben@almanac.example" not in FORM.render(feed(FERRY))


def test_an_item_names_its_language_where_it_is_another() -> None:
    assert item(EBB)["language"] == "de"
    assert "language" not in item(FERRY)


def test_dates_are_in_utc() -> None:
    made = item(FERRY)
    assert (made["date_published"], made["date_modified"]) == ("2020-05-20T12:00:00Z", "2020-05-20T13:00:00Z")


def test_every_enclosure_is_an_attachment() -> None:
    url = "https://almanac.example/media/ferry.0123456789.mp3"
    assert item(FERRY)["attachments"] == [
        {"url": url, "mime_type": "audio/mpeg", "size_in_bytes": 52_428_800, "duration_in_seconds": 3_725},
        {"url": "https://elsewhere.example/ferry?a=1&b=2", "mime_type": "application/octet-stream"},
    ]
    assert "attachments" not in item(EBB)


def test_a_withdrawn_article_is_not_mentioned() -> None:
    assert SUNK.ref.encode() not in FORM.render(FULL)
