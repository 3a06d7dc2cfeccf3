"""Documents read back by the standard library's parsers: what a format wrote, in the words of the model."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, fromstring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SY = "{http://purl.org/rss/1.0/modules/syndication/}"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as a reader finds it; `updated` is None where the format has no such date."""

    id: str
    title: str
    link: str
    summary: str
    content: str | None
    published: datetime
    updated: datetime | None
    authors: str
    tags: tuple[str, ...]
    image: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as a reader finds it."""

    title: str
    description: str
    link: str
    self_link: str
    language: str
    items: tuple[Item, ...]


def xml(body: bytes) -> Element:
    """The root of a document that we have just written ourselves."""
    return fromstring(body)  # noqa: S314 - our own


def rss(body: bytes) -> Reading:
    """What an RSS document says."""
    channel = found(xml(body), "channel")
    return Reading(
        _guessed(text(channel, "title")),
        text(channel, "description"),
        text(channel, "link"),
        found(channel, f"{ATOM}link[@rel='self']").attrib["href"],
        text(channel, "language"),
        tuple(_rss_item(item) for item in channel.findall("item")),
    )


def _guessed(title: str) -> str:
    """A title as most readers take it: for HTML where it looks like that."""
    return unescape(title) if re.search(r"</\w+>|&#?\w+;", title) else title


def _rss_item(item: Element) -> Item:
    return Item(
        text(item, "guid"),
        _guessed(text(item, "title")),
        text(item, "link"),
        unescape(text(item, "description")),
        item.findtext(f"{CONTENT}encoded"),
        parsedate_to_datetime(text(item, "pubDate")),
        None,
        item.findtext(f"{DC}creator", ""),
        tuple(category.text or "" for category in item.findall("category")),
        _image(item),
    )


def atom(body: bytes) -> Reading:
    """What an Atom document says."""
    feed = xml(body)
    return Reading(
        _said(feed, "title"),
        _said(feed, "subtitle"),
        found(feed, f"{ATOM}link[@rel='alternate']").attrib["href"],
        found(feed, f"{ATOM}link[@rel='self']").attrib["href"],
        feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"],
        tuple(_atom_entry(entry) for entry in feed.findall(f"{ATOM}entry")),
    )


def _said(parent: Element, name: str) -> str:
    """A text construct (RFC 4287 §3.1) as a person reads it; its HTML holds no tags."""
    construct = found(parent, f"{ATOM}{name}")
    said = construct.text or ""
    return unescape(said) if construct.attrib.get("type") == "html" else said


def _atom_entry(entry: Element) -> Item:
    return Item(
        text(entry, f"{ATOM}id"),
        _said(entry, "title"),
        found(entry, f"{ATOM}link[@rel='alternate']").attrib["href"],
        _said(entry, "summary"),
        entry.findtext(f"{ATOM}content"),
        datetime.fromisoformat(text(entry, f"{ATOM}published")),
        datetime.fromisoformat(text(entry, f"{ATOM}updated")),
        ", ".join(name.text or "" for name in entry.findall(f"{ATOM}author/{ATOM}name")),
        tuple(category.attrib["term"] for category in entry.findall(f"{ATOM}category")),
        _image(entry),
    )


def jsonfeed(body: bytes) -> Reading:
    """What a JSON Feed says."""
    top = json.loads(body)
    items = tuple(_json_item(item) for item in top["items"])
    return Reading(top["title"], top["description"], top["home_page_url"], top["feed_url"], top["language"], items)


def _json_item(item: dict[str, Any]) -> Item:
    return Item(
        item["id"],
        item["title"],
        item["url"],
        item["summary"],
        item.get("content_html"),
        datetime.fromisoformat(item["date_published"]),
        datetime.fromisoformat(item["date_modified"]),
        ", ".join(author["name"] for author in item.get("authors", [])),
        tuple(item.get("tags", [])),
        item.get("image"),
    )


def found(parent: Element, path: str) -> Element:
    """The one element at a path."""
    (element,) = parent.findall(path)
    return element


def text(parent: Element, path: str) -> str:
    """The text of the one element at a path."""
    return found(parent, path).text or ""


def _image(item: Element) -> str | None:
    content = item.find(f"{MEDIA}content")
    return None if content is None else content.attrib["url"]


READINGS: Mapping[str, Callable[[bytes], Reading]] = {
    "rss.xml": rss,
    "atom.xml": atom,
    "feed.json": jsonfeed,
}
