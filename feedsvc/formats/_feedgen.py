"""Fields and elements in, the bytes of an RSS or Atom document out: feedgen and lxml stand behind this door only.

Feedgen writes the fields it writes well. What it writes wrongly, or not at all, comes as elements: an extension of its
public API takes out what feedgen wrote under the same name and puts these in its place.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree
from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from feedsvc.model import Image

MEDIA = "http://search.yahoo.com/mrss/"
HISTORY = "http://purl.org/syndication/history/1.0"
# Every element of RSS that people read, but for content:encoded.
_RSS_TEXT = re.compile(rb"<(?:title|description|copyright|category|dc:creator|dc:rights)[ >][^<]*")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Element(Struct, frozen=True):
    """An element with text or with children.

    Attributes:
        name: in Clark's notation, `{namespace}name`; Atom's own elements, in an Atom document, go without.
    """

    name: str
    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Element, ...] = ()


class Node(Struct, frozen=True):
    """A feed or one of its entries.

    Attributes:
        fields: arguments by the name of feedgen's setter.
        elements: written last, in this order, instead of what feedgen writes under their names.
        language: becomes `xml:lang`, where feedgen does not set it.
    """

    fields: Mapping[str, tuple[Any, ...]]
    elements: tuple[Element, ...] = ()
    language: str | None = None


class _NoDate(datetime):
    """A date that feedgen takes and does not write."""

    def __bool__(self) -> bool:
        return False


_NO_DATE = _NoDate(1, 1, 1, tzinfo=UTC)


class _EntryRepair(BaseEntryExtension):  # type: ignore[misc] # feedgen ships no types
    node = Node({})

    def extend_atom(self, feed: Any) -> Any:
        return _repaired(feed, self.node)

    def extend_rss(self, feed: Any) -> Any:
        return _repaired(feed, self.node)


class _FeedRepair(BaseExtension):  # type: ignore[misc] # feedgen ships no types
    node = Node({})
    namespaces: Mapping[str, str] = {}

    def extend_ns(self) -> Mapping[str, str]:
        return self.namespaces

    def extend_atom(self, feed: Any) -> Any:
        return _repaired(feed, self.node)

    def extend_rss(self, feed: Any) -> Any:
        _repaired(feed.find("channel"), self.node)
        return feed


def atom(feed: Node, entries: Iterable[Node], *, namespaces: Mapping[str, str]) -> bytes:
    """An Atom document, in UTF-8, its entries in the order given.

    Args:
        feed: with the fields `id`, `title`, `updated` and `author`.
        entries: each with the fields `id`, `title`, `updated` and `link`.
        namespaces: prefixes of the namespaces that elements are in.

    Raises:
        ValueError: a title is empty, or a text holds a character that XML forbids.
    """
    generator = _generator(feed, entries, namespaces)
    return bytes(generator.atom_str(pretty=True))


def rss(channel: Node, items: Iterable[Node], *, namespaces: Mapping[str, str]) -> bytes:
    """An RSS 2.0 document, in UTF-8, its items in the order given.

    Dates come as elements: feedgen changes the locale of the whole process while it writes one.

    Args:
        channel: with the fields `title`, `link` and `description`; the last link is the channel's.
        items: each with the field `title` or `summary`.
        namespaces: prefixes of the namespaces that elements are in, but for atom and content.

    Raises:
        ValueError: the channel's title is empty, or a text holds a character that XML forbids.
    """
    generator = _generator(channel, items, namespaces)
    generator.updated(_NO_DATE)
    return _RSS_TEXT.sub(_by_number, generator.rss_str(pretty=True))


def _by_number(text: re.Match[bytes]) -> bytes:
    # Readers take `&lt;b` in an RSS title for HTML and `&#x3C;b` for text (RSS profile, character data).
    return text[0].replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;")


def media(image: Image) -> tuple[Element, Element]:
    """A picture in Media RSS, whole and as its thumbnail: some readers look for the one, some for the other.

    https://www.rssboard.org/media-rss
    """
    size = {"width": image.width, "height": image.height}
    source = {"url": image.url, "medium": "image", "type": image.type, **size, "fileSize": image.length}
    return (
        Element(f"{{{MEDIA}}}content", attributes=written(source)),
        Element(f"{{{MEDIA}}}thumbnail", attributes=written({"url": image.url, **size})),
    )


def written(values: Mapping[str, str | int | None]) -> dict[str, str]:
    """Attributes as they are written; without those that are not known."""
    return {name: str(value) for name, value in values.items() if value is not None}


def _generator(feed: Node, entries: Iterable[Node], namespaces: Mapping[str, str]) -> Any:
    generator = FeedGenerator()
    generator.register_extension("repair", _FeedRepair, _EntryRepair)
    generator.repair.namespaces = namespaces
    _fill(generator, feed)
    for entry in entries:
        _fill(generator.add_entry(order="append"), entry)
    return generator


def _fill(target: Any, node: Node) -> None:
    target.repair.node = node
    for setter, arguments in node.fields.items():
        getattr(target, setter)(*arguments)


def _repaired(parent: Any, node: Node) -> Any:
    for name in {element.name for element in node.elements}:
        for wrong in parent.findall(name):
            parent.remove(wrong)
    _append(parent, node.elements)
    if node.language:
        parent.set(_XML_LANG, node.language)
    return parent


def _append(parent: Any, elements: Iterable[Element]) -> None:
    for element in elements:
        made = etree.SubElement(parent, element.name, element.attributes)
        made.text = element.text
        _append(made, element.children)
