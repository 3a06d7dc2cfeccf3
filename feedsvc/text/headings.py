"""Headings: the sanitised HTML of an article and its title in; the same with its headings below the title out."""

from __future__ import annotations

import re
from html import unescape

_FIRST = re.compile(r"\s*<h1(?: [^<>]*)?>(.*?)</h1>\s*", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LEVEL = re.compile(r"<(/?)h([1-5])(?=[ >])")


def below(html: str, title: str) -> str:
    """HTML for a page whose one `h1` is the title.

    A first `h1` that only repeats the title is left out; where there is another, all headings go down one level.
    """
    first = _FIRST.match(html)
    if first and _folded(unescape(_TAG.sub("", first[1]))) == _folded(title):
        html = html[first.end() :]
    return _LEVEL.sub(_demoted, html) if "<h1" in html else html


def _demoted(match: re.Match[str]) -> str:
    return f"<{match[1]}h{int(match[2]) + 1}"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
