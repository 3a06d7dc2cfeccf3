"""A Feed in, Atom out (RFC 4287), with what was withdrawn as tombstones (RFC 6721)."""

from __future__ import annotations

import re
from html import escape
from html.entities import name2codepoint
from typing import TYPE_CHECKING, Any

from feedsvc.formats import _feedgen
from feedsvc.formats._feedgen import HISTORY, MEDIA, Element, Node, media, written
from feedsvc.formats._kept import Kept
from feedsvc.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from feedsvc.model import Channel, Enclosure, Entry, Feed, Person

_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_ENTRIES = Kept("entry")
_END_TAG = re.compile(r"</\w")
_REFERENCE = re.compile(r"&(#?\w+)")


def render(feed: Feed) -> bytes:
    """The Atom document of a feed."""
    channel = feed.channel
    namespaces = {"media": MEDIA} | ({"at": _TOMBSTONES} if feed.tombstones else {})
    if feed.history.period:
        namespaces["fh"] = HISTORY

    def write(entries: Sequence[Entry]) -> bytes:
        return _feedgen.atom(_feed(feed), (_entry(entry, channel) for entry in entries), namespaces=namespaces)

    return _ENTRIES.document(feed.entries, channel.base_url, write)


def _feed(feed: Feed) -> Node:
    channel = feed.channel
    links = [{"rel": relation, "type": FORMAT.type, "href": url} for relation, url in FORMAT.links(feed)]
    fields: dict[str, tuple[Any, ...]] = {
        "id": (channel.id,),
        "title": (channel.title,),
        "subtitle": (channel.description,),
        "updated": (feed.updated,),
        "author": (_person(channel.author),),
        "link": ([*links, {"rel": "alternate", "type": "text/html", "href": channel.link}],),
        "language": (channel.language,),
        "rights": (channel.rights,),
        "generator": ("feedsvc",),
    }
    name = f"{{{_TOMBSTONES}}}deleted-entry"
    deleted = (Element(name, None, {"ref": t.ref, "when": t.when.isoformat()}) for t in feed.tombstones)
    texts = {"title": channel.title, "subtitle": channel.description, "rights": channel.rights}
    archive = (Element(f"{{{HISTORY}}}archive"),) if feed.history.period else ()
    return Node(fields, (*_escaped(texts), *archive, *deleted))


def _entry(entry: Entry, channel: Channel) -> Node:
    fields: dict[str, tuple[Any, ...]] = {
        "id": (entry.id,),
        "title": (entry.title,),
        "updated": (entry.updated,),
        "published": (entry.published,),
        # Feedgen wants to know of a link, and then writes it without its rel.
        "link": ({"href": entry.link},),
        "summary": (entry.summary, "text"),
        "content": (entry.content, None, "html"),
        "author": ([_person(person) for person in entry.authors],),
        "category": ([{"term": c.term, "scheme": f"{channel.base_url}{c.scheme}/"} for c in entry.categories],),
        "rights": (entry.rights,),
    }
    link = Element("link", attributes={"rel": "alternate", "href": entry.link})
    pictures = media(entry.image) if entry.image else ()
    texts = {"title": entry.title, "summary": entry.summary, "rights": entry.rights}
    return Node(fields, (link, *_escaped(texts), *map(_enclosure, entry.enclosures), *pictures), entry.language)


def _escaped(texts: Mapping[str, str | None]) -> Iterator[Element]:
    """The texts that look like HTML, as the HTML that says the same: nobody has to guess then."""
    for name, text in texts.items():
        if text and is_like_html(text):
            yield Element(name, escape(text, quote=False), {"type": "html"})


def is_like_html(text: str) -> bool:
    """Whether those who guess, as the W3C's validator does, take plain text for HTML, though it is said to be none."""
    return bool(_END_TAG.search(text)) or any(
        name in name2codepoint or not name.isalpha() for name in _REFERENCE.findall(text)
    )


def _enclosure(of: Enclosure) -> Element:
    attributes = {"rel": "enclosure", "type": of.type, "length": of.length, "href": of.url}
    return Element("link", attributes=written(attributes))


def _person(person: Person) -> dict[str, str]:
    fields = {"name": person.name, "email": person.email, "uri": person.uri}
    return {name: value for name, value in fields.items() if value}


FORMAT = Format("atom.xml", "application/atom+xml; charset=utf-8", "Atom", render)
