"""How deep HTML nests: HTML in; the same, or its bare text where no parser should be given it, out."""

from __future__ import annotations

import re
from html import escape, unescape

from feedsvc.text.character_references import in_rows, spaced

# An HTML5 tree builder looks through all open elements at many a tag, and opens unclosed formatting again in every
# paragraph: 20,000 nested block quotes (20 kB of `>`) take it 2 s, 100,000 a minute. What is within these bounds takes
# 0.2 s at the most.
_FEW_TAGS = 512
_DEEPEST = 100
_MOST_OPENED = 1_000_000
_MOST_ATTRIBUTES = 1_000

# An opened one of these is closed by the next, or by what is around it.
_CLOSING_THEMSELVES = """
area base br col dd dt embed hr img input li link meta p param source tbody td tfoot th thead tr track wbr
"""
_CLOSES_ITSELF = frozenset(_CLOSING_THEMSELVES.split())
_ATTRIBUTES = r"(?:\s++[^\s\"'<>/=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>=`]++))?+)*+\s*+/?+>"
_TOKEN = re.compile(
    r"<!--(?!-?>)(?:[^-]|-(?!->|-!>))*+--!?>"
    rf"|<(?P<raw>script|style|iframe)(?=[\s>]){_ATTRIBUTES}[^<]*+</(?P=raw)\s*+>"
    rf"|<(?!(?:script|style|iframe|textarea|title|xmp|noembed|noframes|noscript|plaintext)\b)"
    rf"(?P<start>[a-z][a-z0-9]*+){_ATTRIBUTES}"
    r"|</(?P<end>[a-z][a-z0-9]*+)\s*+>"
    r"|(?P<strange><[a-z/!?])",
    re.IGNORECASE,
)
_START = re.compile(r"<[a-z]", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[a-z/][^<>]{4096,}", re.IGNORECASE)
_TAGS = re.compile(r"(?:<[^<>]*+>?\s*+)+")


def tractable(html: str) -> str:
    """The same HTML where it can be parsed in time in proportion to its length, else its text in one paragraph."""
    found = spaced(html) if _is_tractable(html) else None
    if found is not None:
        return found
    text = escape(unescape(_TAGS.sub(" ", html)), quote=False)
    return in_rows(f"<p>{text}</p>")


def _is_tractable(html: str) -> bool:
    if any(len(re.split(r"[\s/\"']+", tag[0])) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(html)):
        return False
    tags = html.count("<")
    if tags <= _FEW_TAGS:
        return True
    depth = _depth(html)
    return depth <= _DEEPEST and depth * tags <= _MOST_OPENED


def _depth(html: str) -> int:
    """At least the greatest number of elements open at once, exact where tags match; any that is too great will do."""
    opened: list[str] = []
    deepest = 0
    for token in _TOKEN.finditer(html):
        if token["strange"]:
            # From here a parser may see other tags than these patterns do: all that may open stays open.
            return max(deepest, len(opened) + len(_START.findall(html, token.start())))
        name = (token["start"] or token["end"] or "").lower()
        if token["end"] and opened and opened[-1] == name:
            opened.pop()
        elif token["start"] and name not in _CLOSES_ITSELF:
            opened.append(name)
            deepest = max(deepest, len(opened))
            if deepest > _DEEPEST:
                break
    return deepest
