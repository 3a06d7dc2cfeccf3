"""The tags of HTML: a text in; each tag with its attributes, and where it stands, out. In linear time."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# No attribute of a head is longer; a tag with a longer one is none.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-z][a-z0-9-]{0,40})(?P<attributes>(?:[^<>\"']++|\"[^\"]{0,4000}+\"|'[^']{0,4000}+')*+)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>=`]+)))?")
_OPENING = re.compile(r"<(?=[a-z/!])", re.IGNORECASE)
_RAW = frozenset({"script", "style", "textarea", "title", "noscript", "iframe", "xmp"})


class Tag(Struct, frozen=True):
    """One tag.

    Attributes:
        name: in lower case.
        is_end: whether it ends an element.
        attributes: by name in lower case, their character references resolved.
        start: its index in the text,
        end: and that behind it.
    """

    name: str
    is_end: bool
    attributes: Mapping[str, str]
    start: int
    end: int


def tags(text: str) -> Iterator[Tag]:
    """Every tag, but for what stands in comments and scripts; where one of these never ends, no more."""
    at = 0
    while opening := _OPENING.search(text, at):
        start = opening.start()
        if text.startswith("<!--", start):
            end = text.find("-->", start + 4)
            if end < 0:
                return
            at = end + 3
            continue
        match = _TAG.match(text, start)
        at = match.end() if match else start + 1
        if not match:
            continue
        name = match["name"].lower()
        yield Tag(name, bool(match["end"]), _attributes(match["attributes"]), start, at)
        if name in _RAW and not match["end"]:
            ending = re.compile(rf"</{name}(?=[\s>])", re.IGNORECASE).search(text, at)
            if not ending:
                return
            at = ending.start()


class Outline:
    """The tags of a text, and where the element that each one opens ends; found once for all of them.

    Attributes:
        tags: in the order in which they stand.
    """

    def __init__(self, text: str) -> None:
        self.tags = tuple(tags(text))
        self._length = len(text)
        self._closing = dict(_pairs(self.tags))

    def span(self, number: int) -> tuple[int, int]:
        """Where the inside of the element that a tag opens ends, and where all of it; at the end if it stays open."""
        closing = self._closing.get(number)
        return (closing.start, closing.end) if closing else (self._length, self._length)


def _pairs(found: Sequence[Tag]) -> Iterator[tuple[int, Tag]]:
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for number, tag in enumerate(found):
        if not tag.is_end:
            opened[tag.name].append(number)
        elif opened[tag.name]:
            yield opened[tag.name].pop(), tag


def _attributes(text: str) -> Mapping[str, str]:
    return {match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(text)}
