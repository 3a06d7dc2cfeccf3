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

    from feedsvc.model import Channel, Enclosure, Entry, Feed, Image, Person, Source, Tombstone

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
    links += [] if channel.is_private else [{"rel": "alternate", "type": "text/html", "href": channel.link}]
    fields: dict[str, tuple[Any, ...]] = {
        "id": (channel.id,),
        "title": (channel.title,),
        "subtitle": (channel.description,),
        "updated": (feed.updated,),
        "author": (_person(channel.author),),
        "link": (links or None,),
        "language": (channel.language,),
        "rights": (channel.rights,),
        "generator": ("feedsvc",),
    }
    deleted = map(_deleted, feed.tombstones)
    texts = {"title": channel.title, "subtitle": channel.description, "rights": channel.rights}
    archive = (Element(f"{{{HISTORY}}}archive"),) if feed.history.period else ()
    return Node(fields, (*_escaped(texts), *archive, *_logo(channel.logo), *deleted))


def _logo(logo: Image | None) -> Iterator[Element]:
    """The picture of the whole; as its icon too, where nothing speaks against that it is square (RFC 4287 §4.2.5)."""
    if logo:
        yield Element("logo", logo.url)
        if logo.width == logo.height:
            yield Element("icon", logo.url)


def _deleted(of: Tombstone) -> Element:
    """What was taken back (RFC 6721 §3); of who did it and of the article itself nothing is told."""
    comment: tuple[Element, ...] = ()
    if of.reason:
        is_html = is_like_html(of.reason)
        text, kind = (escape(of.reason, quote=False), {"type": "html"}) if is_html else (of.reason, {})
        comment = (Element(f"{{{_TOMBSTONES}}}comment", text, kind),)
    attributes = {"ref": of.ref, "when": of.when.isoformat()}
    return Element(f"{{{_TOMBSTONES}}}deleted-entry", None, attributes, comment)


def _entry(entry: Entry, channel: Channel) -> Node:
    fields: dict[str, tuple[Any, ...]] = {
        "id": (entry.id,),
        "title": (entry.title,),
        "updated": (entry.updated,),
        "published": (entry.published,),
        # Feedgen wants to know of a link, and then writes it without its rel.
        "link": ({"href": entry.link} if entry.link else None,),
        "summary": (entry.summary, "text"),
        "content": (entry.content, None, "html"),
        "author": ([_person(person) for person in entry.authors],),
        "category": ([{"term": c.term, "scheme": f"{channel.base_url}{c.scheme}/"} for c in entry.categories],),
        "rights": (entry.rights,),
    }
    links = [Element("link", attributes={"rel": "alternate", "href": entry.link})] if entry.link else []
    pictures = media(entry.image) if entry.image else ()
    texts = {"title": entry.title, "summary": entry.summary, "rights": entry.rights}
    source = (_source(entry.source, entry),) if entry.source else ()
    elements = (*links, *_escaped(texts), *map(_enclosure, entry.enclosures), *pictures, *source)
    return Node(fields, elements, entry.language)


def _source(source: Source, entry: Entry) -> Element:
    """The feed that the entry stands in first (RFC 4287 §4.2.11), as it was when the entry was last changed."""
    links = (
        {"rel": "self", "type": FORMAT.type, "href": f"{source.link}{FORMAT.filename}"},
        {"rel": "alternate", "type": "text/html", "href": source.link},
    )
    rights = (_plain("rights", source.rights),) if source.rights else ()
    said = (Element("id", source.id), _plain("title", source.title), *rights)
    updated = Element("updated", entry.updated.isoformat())
    return Element("source", children=(*said, updated, *(Element("link", None, link) for link in links)))


def _plain(name: str, text: str) -> Element:
    """A text; one that looks like HTML as the HTML that says the same."""
    return next(_escaped({name: text}), Element(name, text))


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
