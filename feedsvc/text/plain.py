"""Plain text that somebody wrote as HTML: a title or a summary in; what it says, without tags and references, out.

What only looks like HTML stays: `2 < 3`, `the <dialog> element`, `AT&T`; and so do tags between backticks.
"""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"`[^`]+`|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
_REFERENCE = re.compile(r"&(?:[a-zA-Z]+[0-9]*|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_EMPTY = frozenset({"br", "hr", "img", "wbr"})


def plain(text: str) -> str:
    """The text without the tags of elements that open and close in it, and with the characters that are named in it."""
    if "<" in text:
        tags = {(tag["end"], tag["name"].lower()) for tag in _TAG.finditer(text) if tag["name"]}
        gone = {name for end, name in tags if end and ("", name) in tags} | _EMPTY
        text = _TAG.sub(lambda tag: _shown(tag, gone), text)
    return _REFERENCE.sub(lambda reference: unescape(reference[0]), text) if "&" in text else text


def _shown(tag: re.Match[str], gone: set[str]) -> str:
    name = (tag["name"] or "").lower()
    if name not in gone:
        return tag[0]
    return " " if name in _EMPTY else ""
