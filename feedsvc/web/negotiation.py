"""Who is a person at a feed's address (RFC 9110 §12.5.1): header fields in; whether to send the page instead, out."""

from __future__ import annotations

import re
from functools import lru_cache

# Twice what any client was seen to send, in characters. What is longer is not read.
_LONGEST = 500

# What a feed goes by beside its own type. Who names one of these reads feeds: one that knows only RSS and Atom, and
# was led to a JSON Feed, has no use for a page there.
_NAMES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
)
# Java up to 17 says that it likes HTML and pictures, whatever a program fetches with it, such as a feed for ROME.
_JAVA = {"text/html", "image/gif", "image/jpeg", "*/*"}
_PAGE = "text/html"
# A range with any other parameter is not of our page.
_CHARSET = {"charset": "utf-8"}
_PAGE_IN_OUR_CHARSET = "text/html;charset=utf-8"

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE = rf'{_WORD}|"(?:[^"\\]|\\.)*+"'
_PARAMETER = rf"[ \t]*;[ \t]*(?:({_WORD})=({_VALUE}))?"
# One range, or none, and the comma behind it (§5.6.1.2).
_ELEMENT = re.compile(rf"[ \t]*(?:({_WORD}/{_WORD})((?:{_PARAMETER})*+)[ \t]*)?(?:,|\Z)")
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


def wants_page(accept: str | None, sec_fetch_dest: str | None, own_type: str) -> bool:
    """Whether who asks for a feed is to get the page for people: only who says that they like HTML better.

    Args:
        accept: the field's value, several joined by commas; None where it was not sent.
        sec_fetch_dest: likewise; browsers say `document` of what a person goes to (W3C, Fetch Metadata §2.1).
        own_type: the feed's media type, with parameters or without.
    """
    if accept is None or len(accept) > _LONGEST:
        return False
    if sec_fetch_dest is not None and sec_fetch_dest.strip() != "document":
        return False
    return _likes_page(accept, own_type.partition(";")[0].strip().lower())


@lru_cache(maxsize=256)
def _likes_page(accept: str, own_type: str) -> bool:
    weights = _weights(accept)
    if weights is None or weights.keys() == _JAVA:
        return False
    named = [weights[name] for name in _NAMES if name in weights]
    return _weight(weights, _PAGE_IN_OUR_CHARSET, _PAGE) > max([_weight(weights, own_type), *named])


def _weights(accept: str) -> dict[str, float] | None:
    """The weight of each range; None where any of them is malformed: who cannot say it is no browser."""
    found: dict[str, float] = {}
    position = 0
    while position < len(accept):
        element = _ELEMENT.match(accept, position)
        if element is None:
            return None
        position = element.end()
        if element[1] is None:
            continue
        name, parameters = element[1].lower(), _parameters(element[2])
        weight = parameters.pop("q", "1")
        if not _WEIGHT.fullmatch(weight):
            return None
        if name == _PAGE and parameters:
            name = _PAGE_IN_OUR_CHARSET if parameters == _CHARSET else ""
        found[name] = max(float(weight), found.get(name, 0.0))
    return found


def _parameters(text: str) -> dict[str, str]:
    return {name.lower(): value.strip('"').lower() for name, value in re.findall(_PARAMETER, text) if name}


def _weight(weights: dict[str, float], *names: str) -> float:
    """The weight of what has these names, by the most specific range that it is in; none where it is in none.

    Args:
        names: the most specific first.
    """
    candidates = (*names, names[0].partition("/")[0] + "/*", "*/*")
    return next((weights[name] for name in candidates if name in weights), 0.0)
