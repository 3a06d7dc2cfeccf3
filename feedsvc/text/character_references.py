"""Character references: HTML in; the same in which no parser meets too many of them in a row, or nothing, out.

html5ever takes time with the square of the references in one text or attribute, those that it writes included: a
megabyte of `&` that Markdown made five of `&amp;` took it 14 s, one of no-break spaces 5 s. Few documents have so many,
and only these are looked at.
"""

from __future__ import annotations

import re

_FEW = 10_000
_IN_A_ROW = 1_000

_TEXT = re.compile(r"[^<]+")
# Behind an equals sign, up to the quote that ends it: what may be the value of an attribute, wherever it stands.
_QUOTED = re.compile(r"=\s*+(?:(?=\"([^\"]*))|(?='([^']*)))")
_BARE = re.compile(r"[^\s>]+")
_REFERENCE = re.compile("(?=[&\u00a0])")
_COMMENT = "<!---->"


def spaced(html: str) -> str | None:
    """The same HTML with a comment after every thousand references of a text; None where an attribute has too many."""
    if _count(html) <= _FEW:
        return html
    return None if any(_count(value) > _FEW for value in _values(html)) else in_rows(html)


def in_rows(html: str) -> str:
    """The same HTML, without attributes, with a comment after every thousand references of a text."""
    return _TEXT.sub(_row, html)


def _values(html: str) -> list[str]:
    quoted = [match[1] or match[2] or "" for match in _QUOTED.finditer(html)]
    return [*quoted, *(match[0] for match in _BARE.finditer(html) if "=" in match[0])]


def _count(text: str) -> int:
    return text.count("&") + text.count("\u00a0")


def _row(text: re.Match[str]) -> str:
    if _count(text[0]) <= _IN_A_ROW:
        return text[0]
    parts = _REFERENCE.split(text[0])
    return _COMMENT.join("".join(parts[at : at + _IN_A_ROW]) for at in range(0, len(parts), _IN_A_ROW))
