"""Headings that can be linked to: HTML as `text.html` wrote it in; the same, each heading with an id, out."""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Collection

_HEADING = re.compile(r'<(h[1-6])((?: [^\s"=<>]+="[^"]*+")*+)>(.*?)</\1>', re.DOTALL)
_ID = re.compile(r' id="([^"]*+)"')
_TAG = re.compile(r"<[^<>]*>")  # in text `<` is written as `&lt;`
# A footnote's mark: no part of what a heading says.
_MARK = re.compile(r'<sup(?: [^<>]*)? class="footnote-ref"[^<>]*>.*?</sup>', re.DOTALL)
_UNNAMED = regex.compile(r"[^\p{L}\p{M}\p{N}\p{Pc}\- ]+")

# What an article's page has around its text.
OURS = frozenset({"page-feeds", "page-latest", "page-query", "page-related", "page-text"})


def anchored(html: str) -> str:
    """HTML whose headings have ids, as GitHub and most site generators make them of what a heading says.

    In lower case, without punctuation, with `-` for each space, and with a number behind it where it is taken. What has
    an id already, or holds something that has one, stays as it is, but for one that the page itself needs.

    Args:
        html: with links to places in it that begin with `#`.
    """
    if clashing := OURS.intersection(_ID.findall(html)):
        html = _TAG.sub(lambda tag: _renamed(tag[0], clashing), html)
    if "<h" not in html:
        return html
    taken, uses = {*OURS, *_ID.findall(html)}, Counter[str]()

    def with_id(match: re.Match[str]) -> str:
        name, attributes, said = match.groups()
        unmarked = _MARK.sub("", said)
        words = " ".join(unescape(_TAG.sub("", unmarked)).lower().split())
        base = _UNNAMED.sub("", words).strip().replace(" ", "-")
        if not base or _ID.search(attributes) or _ID.search(unmarked):
            return match[0]
        made = f"{base}-{uses[base]}" if uses[base] else base
        while made in taken:
            uses[base] += 1
            made = f"{base}-{uses[base]}"
        uses[base] += 1
        taken.add(made)
        return f'<{name} id="{escape(made)}"{attributes}>{said}</{name}>'

    return _HEADING.sub(with_id, html)


def _renamed(tag: str, names: Collection[str]) -> str:
    """A tag in which some ids, and the links to them, have a number behind them."""
    for name in names:
        tag = tag.replace(f' id="{name}"', f' id="{name}-1"').replace(f' href="#{name}"', f' href="#{name}-1"')
    return tag
