"""A Feed in, JSON Feed 1.1 out (https://www.jsonfeed.org/version/1.1/).

It has no words for rights, nor for the feed that an entry was taken from: an attribution stands in the text alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from feedsvc.formats.format import Format
from feedsvc.text.dates import rfc3339
from feedsvc.text.media_types import UNKNOWN

if TYPE_CHECKING:
    from feedsvc.model import Enclosure, Entry, Feed, Person


def render(feed: Feed) -> bytes:
    """The JSON document of a feed; withdrawn articles are not spoken of, JSON Feed has no word for them."""
    return msgspec.json.format(msgspec.json.encode(_feed(feed)), indent=2) + b"\n"


def _feed(feed: Feed) -> dict[str, Any]:
    channel, logo = feed.channel, feed.channel.logo
    links = dict(FORMAT.links(feed))
    where = {"home_page_url": channel.base_url if channel.is_private else channel.link}
    named = (("feed_url", "self"), ("next_url", "prev-archive"))
    where |= {name: links[relation] for name, relation in named if relation in links}
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        **where,
        "description": channel.description,
        # It has to be square, as far as anybody knows.
        **({"icon": logo.url} if logo and logo.width == logo.height else {}),
        "authors": [_author(channel.author)],
        "language": channel.language,
        "items": [_item(entry) for entry in feed.entries],
    }


def _item(entry: Entry) -> dict[str, Any]:
    # An item must have a content, and where there is no HTML the excerpt is all there is.
    content = {"content_text": entry.summary} if entry.content is None else {"content_html": entry.content}
    item = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        **content,
        "image": entry.image.url if entry.image else None,
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated),
        "authors": [_author(person) for person in entry.authors],
        "tags": list(dict.fromkeys(category.term for category in entry.categories)),
        "language": entry.language,
        "attachments": [_attachment(enclosure) for enclosure in entry.enclosures],
    }
    return {key: value for key, value in item.items() if value or key == "content_html"}


def _attachment(of: Enclosure) -> dict[str, Any]:
    sizes = {"size_in_bytes": of.length, "duration_in_seconds": of.duration}
    known = {name: size for name, size in sizes.items() if size is not None}
    return {"url": of.url, "mime_type": of.type or UNKNOWN, **known}


def _author(person: Person) -> dict[str, str]:
    return {"name": person.name, "url": person.uri} if person.uri else {"name": person.name}


FORMAT = Format("feed.json", "application/feed+json; charset=utf-8", "JSON Feed", render)
