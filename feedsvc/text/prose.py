"""Running text: an article's HTML in, what a person would read aloud of it out."""

from __future__ import annotations

import re
from html import unescape

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "template", "rt", "rp", "pre", "annotation"})
_UNSAID = frozenset({"nav", "audio", "video", "del", "s"})
_SHOWN = frozenset({"ul", "ol", "dl", "table", "figure", "figcaption", "details"})
_ANNOUNCED = _SHOWN | {"pre", "audio", "video", "img"}
# What a text is read without, best first.
_BEST = _UNSEEN | _HEADINGS | _UNSAID | _SHOWN
_CHOICES = (_BEST, _UNSEEN | _HEADINGS | _UNSAID, _UNSEEN)
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
# What is said beside a character; else a tag.
_MARK = re.compile(r"<(rt|rp)\b[^>]*>.*?</\1>|</?([a-zA-Z][a-zA-Z0-9-]*+)?[^>]*>", re.DOTALL | re.IGNORECASE)
# A link to a place on the page, raised: a mark, though nothing says so.
_RAISED_LINK = re.compile(r"<sup(?: [^<>]*)?><a [^<>]*href=\"[^\"#]*#[^\"]*\"[^<>]*>[^<>]*</a></sup>")
# Markdown has no captions: many write them so, below the picture.
_CAPTIONED = re.compile(r"<p>((?:<a [^<>]*>)?<img [^<>]*>(?:</a>)?\s*(?:<br>\s*)?<em>[^<>]*</em>\s*)</p>")
_COLON = re.compile(r"[:：](?=\s*\Z)")
# A URL on a line of its own, or a list of them that is written as a paragraph, each behind its name and a colon.
_URLS_ALONE = re.compile(r"https?://\S+|(?:[^:]{1,80}: https?://\S+(?: |\Z)){2,}")


def read(html: str) -> str:
    """All text of an article's HTML, with an empty line between blocks: what a search finds it by.

    A word is whole though a part of it is bold. How its characters are pronounced stands beside it, and is left out.

    Args:
        html: sanitised.
    """
    return unescape(_MARK.sub(lambda mark: "" if mark[1] else _part((mark[2] or "").lower()) * 2, html))


def prose(html: str, length: int) -> str:
    """The running text of an article's HTML, white space folded, each paragraph on its own line.

    Without headings, lists, code blocks, figures, tables, navigation, what is folded away or struck out, footnotes and
    their marks, and lines that are no more than URLs. A colon before what is left out becomes `…`. Where that leaves
    nothing: with lists, tables and captions; then with headings too; never with code blocks and footnotes.
    Reading stops behind `length` characters, never before.

    Args:
        html: sanitised, so that its tags can be told from its text by their marks alone.
    """
    if "<img " in html:
        html = _CAPTIONED.sub(r"<figure>\1</figure>", html)
    return next(filter(None, (_enough(html, length, skipped) for skipped in _CHOICES)), "")


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
    parts: list[str] = []
    read, said, depth, inside = 0, -1, 0, ""
    for token in _TOKEN.finditer(html):
        text, name = token["text"], (token["name"] or "").lower()
        if inside:
            depth += (name == inside) * (-1 if token["end"] else 1)
            if not depth:
                inside = ""
                parts.append(_part(name))
        elif text:
            read += len(text)
            said = said if text.isspace() else len(parts)
            parts.append(text.replace("\n", " "))
            if read > length and said == len(parts) - 1 and not _COLON.search(text):
                return _lines(parts, skipped), False
        elif name:
            is_skipped = not token["end"] and (name in skipped or _is_of_footnotes(html, token))
            if said >= 0 and name in _ANNOUNCED and (is_skipped or name == "img"):
                parts[said] = _COLON.sub("…", parts[said])
            parts.append(_part(name))
            if is_skipped:
                inside, depth = name, 1
    return _lines(parts, skipped), True


def _lines(parts: list[str], skipped: frozenset[str]) -> str:
    # Spaces that do not break are folded like others, and to look each of a million up takes seconds.
    text = unescape("".join(parts).replace("&nbsp;", " "))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line and not (skipped is _BEST and _URLS_ALONE.fullmatch(line)))


def _part(name: str) -> str:
    if name == "br":
        return " "
    return "" if name in _INLINE else "\n"


def _is_of_footnotes(html: str, token: re.Match[str]) -> bool:
    name, attributes = token["name"].lower(), token["attributes"]
    if name == "sup" and _RAISED_LINK.match(html, token.start()):
        return True
    if not attributes:
        return False
    classes = _CLASS.search(attributes)
    words = classes[1].split() if classes else ()
    if name in {"a", "sup"}:
        return "footnote-ref" in words or _REFERENCE.search(attributes) is not None
    return "footnotes" in words
