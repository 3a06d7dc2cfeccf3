"""HTML without its pictures: what `text.html` wrote in; the same without pictures, and what was there for them, out."""

from __future__ import annotations

import re
from html import escape, unescape

from msgspec import Struct

from feedsvc.text.figures import is_character

_TAG = re.compile(r'<(/?)([a-z][a-z0-9-]*)((?: [^\s"=<>]+="[^"]*+")*+)>')
_ALT = re.compile(r' alt="([^"]*+)"')

# Without an end tag. What is not among those that show something is gone with what it stands in.
_VOID = frozenset(["br", "col", "hr", "img", "source", "track", "wbr"])
_SHOWN = frozenset({"audio", "video", "hr", "math"})
# A row lacks nothing that has an empty cell, and everything that has a cell less.
_CELLS = frozenset(["table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"])


class _Open(Struct):
    """An element that is open: its name, where it begins, and what was found in it so far."""

    name: str
    at: int
    lost_picture: bool = False
    shows: bool = False


def without_pictures(html: str) -> str:
    """The HTML without its pictures, their captions, and the links, paragraphs and lists that held nothing else.

    A picture that stands for a character becomes that character. Players stay, with all their sources.
    """
    taking = _Taking()
    position = 0
    for match in _TAG.finditer(html):
        taking.text(html[position : match.start()])
        position = match.end()
        if match[1]:
            taking.end(match[2], match[0])
        else:
            taking.start(match[2], match[3], match[0])
    taking.text(html[position:])
    return "".join(taking.kept)


class _Taking:
    def __init__(self) -> None:
        self.kept: list[str] = []
        self._open = [_Open("", 0)]
        self._has_taken = False

    def text(self, written: str) -> None:
        # No empty line where a figure stood.
        if self._has_taken and written.startswith("\n") and (not self.kept or self.kept[-1].endswith("\n")):
            written = written[1:]
        if written:
            self._has_taken = False
            self.kept.append(written)
            if not written.isspace():
                self._open[-1].shows = True

    def start(self, name: str, attributes: str, tag: str) -> None:
        parent = self._open[-1]
        if name == "img":
            self._picture(attributes)
        elif name in _VOID:
            # A picture's sources go with it, a player's do not.
            if name != "source" or parent.name != "picture":
                self.kept.append(tag)
                parent.shows |= name in _SHOWN
        else:
            self._open.append(_Open(name, len(self.kept), shows=name in _SHOWN, lost_picture=name == "picture"))
            self.kept.append(tag)

    def _picture(self, attributes: str) -> None:
        alt = _ALT.search(attributes)
        if is_character(attributes) and alt:
            self.text(escape(unescape(alt[1]), quote=False))
        else:
            self._open[-1].lost_picture = True

    def end(self, name: str, tag: str) -> None:
        if self._open[-1].name != name or len(self._open) == 1:
            self.kept.append(tag)
            return
        closed, parent = self._open.pop(), self._open[-1]
        parent.lost_picture |= closed.lost_picture
        # A caption shows nothing without what it is about.
        is_caption = name == "figcaption" and parent.name == "figure"
        parent.shows |= closed.shows and not is_caption
        if closed.lost_picture and not closed.shows and name not in _CELLS:
            del self.kept[closed.at :]
            self._has_taken = True
        elif name == "picture":  # what else stands in it stays
            self.kept[closed.at] = ""
        else:
            self.kept.append(tag)
