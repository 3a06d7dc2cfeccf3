"""A Feed in, RSS 2.0 out (https://www.rssboard.org/rss-specification, https://www.rssboard.org/rss-profile)."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from feedsvc.formats import _feedgen, partners, podcast
from feedsvc.formats._feedgen import HISTORY, MEDIA, Element, Node
from feedsvc.formats._kept import Kept
from feedsvc.formats.format import Format
from feedsvc.text.dates import rfc822
from feedsvc.text.media_types import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.model import Channel, Entry, Feed, Person

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_SY = "http://purl.org/rss/1.0/modules/syndication/"
_ITEMS = Kept("item")

# What a channel's picture may be, and how large, in pixels (RSS 2.0, image).
_LOGOS = frozenset({"image/gif", "image/jpeg", "image/png"})
_WIDEST, _HIGHEST = 144, 400

_LIKE_HTML = re.compile(r"</\w+>|&#?\w+;")


def render(feed: Feed) -> bytes:
    """The RSS document of a feed; withdrawn articles are not spoken of, RSS has no word for them."""
    channel = feed.channel
    namespaces = {"dc": _DC, "media": MEDIA, "sy": _SY, **partners.namespaces(channel.preset)}
    if channel.podcast:
        namespaces["itunes"] = podcast.NAMESPACE
    if feed.history.period:
        namespaces["fh"] = HISTORY

    def write(entries: Sequence[Entry]) -> bytes:
        items = (_item(entry, channel) for entry in entries)
        return _feedgen.rss(_channel(feed), items, namespaces=namespaces)

    return _ITEMS.document(feed.entries, (channel.base_url, channel.podcast is not None, channel.preset), write)


def _channel(feed: Feed) -> Node:
    channel = feed.channel
    fields: dict[str, tuple[Any, ...]] = {
        "title": (_said(channel.title),),
        "link": ({"href": channel.base_url if channel.is_private else channel.link},),
        "description": (channel.description,),
        "language": (channel.language,),
        "generator": ("feedsvc",),
        "ttl": (max(1, channel.max_age // 60),),
        "rights": (channel.rights and _said(channel.rights),),
    }
    links = ({"rel": relation, "type": FORMAT.type, "href": url} for relation, url in FORMAT.links(feed))
    elements = (
        Element("lastBuildDate", rfc822(feed.updated)),
        Element(f"{{{_DC}}}creator", _name(channel.author)),
        *(Element(f"{{{_ATOM}}}link", attributes=link) for link in links),
        *([Element(f"{{{HISTORY}}}archive")] if feed.history.period else []),
    )
    asked = (*podcast.of_channel(channel), *partners.of_channel(feed))
    return Node(fields, (*elements, *_logo(channel), *_how_often(channel.max_age), *asked))


def _logo(channel: Channel) -> Iterator[Element]:
    """The picture of the channel, under its own title and link; its size only where the specification allows it."""
    logo = channel.logo
    if logo is None or (logo.type and logo.type not in _LOGOS):
        return
    said = {"url": logo.url, "title": _said(channel.title), "link": channel.link}
    if logo.width and logo.height and logo.width <= _WIDEST and logo.height <= _HIGHEST:
        said |= {"width": str(logo.width), "height": str(logo.height)}
    yield Element("image", children=tuple(Element(name, text) for name, text in said.items()))


def _how_often(seconds: int) -> tuple[Element, Element]:
    """So many seconds in the words of RSS 1.0's syndication module: whole times an hour, else whole times a day.

    Less than a minute is a minute, as in `ttl`; where a day leaves a rest, it is a little less often.
    https://web.resource.org/rss/1.0/modules/syndication/
    """
    seconds = max(60, seconds)
    period, length = ("hourly", 3600) if 3600 % seconds == 0 else ("daily", 86_400)
    return (
        Element(f"{{{_SY}}}updatePeriod", period),
        Element(f"{{{_SY}}}updateFrequency", str(length // seconds)),
    )


def _item(entry: Entry, channel: Channel) -> Node:
    fields: dict[str, tuple[Any, ...]] = {
        "title": (_said(entry.title),),
        "link": ({"href": entry.link} if entry.link else None,),
        # Readers show a description as HTML (the profile asks for that), and an excerpt is plain text.
        "summary": (escape(entry.summary, quote=False),),
        "content": (entry.content,),
        "guid": (entry.id, False),
        "category": ([{"term": c.term, "scheme": f"{channel.base_url}{c.scheme}/"} for c in entry.categories],),
    }
    episode = podcast.of_episode(entry) if channel.podcast else ()
    asked = partners.of_entry(entry, channel.preset)
    pictures = partners.pictures(entry, channel.preset)
    return Node(fields, (*_elements(entry), *pictures, *asked, *episode))


def _elements(entry: Entry) -> Iterator[Element]:
    yield Element("pubDate", rfc822(entry.published))
    if entry.authors:
        # In one element, because FreshRSS reads the first only.
        yield Element(f"{{{_DC}}}creator", ", ".join(map(_name, entry.authors)))
    if entry.rights:
        yield Element(f"{{{_DC}}}rights", _said(entry.rights))
    if entry.enclosures:
        # One at most (RSS profile, enclosure), and its length may not be left out.
        first = entry.enclosures[0]
        attributes = {"url": first.url, "length": str(first.length or 0), "type": first.type or UNKNOWN}
        yield Element("enclosure", attributes=attributes)
    if entry.source:
        yield Element("source", _said(entry.source.title), {"url": f"{entry.source.link}{FORMAT.filename}"})


def _said(text: str) -> str:
    """Plain text, as the HTML that says it where it looks like HTML.

    RSS cannot say which of the two a title is. Readers guess, and where they see an end tag or a reference they take it
    for HTML, and show neither.
    """
    return escape(text, quote=False) if _LIKE_HTML.search(text) else text


def _name(person: Person) -> str:
    # On one line, because reader gives up the whole feed for a name on two.
    return " ".join(person.name.split())


FORMAT = Format("rss.xml", "application/rss+xml; charset=utf-8", "RSS", render)
