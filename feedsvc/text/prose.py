"""Running text: an article's HTML in, what a person would read aloud of it out."""

from __future__ import annotations

import re
from html import unescape

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "template", "rt", "rp"})
_ASIDE = _UNSEEN | _HEADINGS | {"pre", "figure", "figcaption", "table", "nav", "audio", "video", "annotation"}
_INLINE_NAMES = """
a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark math mi mn mo mrow ms mtext picture q rp
rt ruby s samp small source span strike strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())

_TOKEN = re.compile(
    r"<!--(?:[^-]|-(?!->))*+-->|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*+)(?P<attributes>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|(?P<text>[^<]++|<)"
)
_CLASS = re.compile(r"\sclass=\"([^\"]*)\"")
_REFERENCE = re.compile(r"\sid=\"fnref")


def prose(html: str, length: int) -> str:
    """The running text of an article's HTML, white space folded, each paragraph and list item on its own line.

    Without headings, code blocks, figures, tables, navigation, footnotes and their marks. Where that leaves nothing,
    all its text. Reading stops behind `length` characters, never before.

    Args:
        html: sanitised, so that its tags can be told from its text by their marks alone.
    """
    return _enough(html, length, _ASIDE) or _enough(html, length, _UNSEEN)


def _enough(html: str, length: int, skipped: frozenset[str]) -> str:
    """The text outside the elements to skip, read again where white space was most of what was read."""
    wanted = length
    while True:
        found, is_whole = _read(html, wanted, skipped)
        if is_whole or len(found) >= length:
            return found
        wanted *= 4


def _read(html: str, length: int, skipped: frozenset[str]) -> tuple[str, bool]:
    """The text outside the elements to skip, and whether that is all of it."""
    is_whole = True
    parts: list[str] = []
    read, depth, inside = 0, 0, ""
    for token in _TOKEN.finditer(html):
        text, name = token["text"], (token["name"] or "").lower()
        if inside:
            depth += (name == inside) * (-1 if token["end"] else 1)
            if not depth:
                inside = ""
                parts.append(_part(name))
        elif text:
            read += len(text)
            parts.append(text.replace("\n", " "))
            if read > length and not text.isspace():
                is_whole = False
                break
        elif name:
            parts.append(_part(name))
            if not token["end"] and (
                name in skipped or (skipped is _ASIDE and _is_of_footnotes(name, token["attributes"]))
            ):
                inside, depth = name, 1
    lines = (" ".join(line.split()) for line in unescape("".join(parts)).split("\n"))
    return "\n".join(line for line in lines if line), is_whole


def _part(name: str) -> str:
    if name == "br":
        return " "
    return "" if name in _INLINE else "\n"


def _is_of_footnotes(name: str, attributes: str) -> bool:
    if not attributes:
        return False
    classes = _CLASS.search(attributes)
    words = classes[1].split() if classes else ()
    if name == "sup":
        return "footnote-ref" in words or _REFERENCE.search(attributes) is not None
    return "footnotes" in words
