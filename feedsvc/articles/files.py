"""The files that go with an article: what a record says of a picture or a recording in; a URL, `Enclosure`s, out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.articles.margin import UnusedError
from feedsvc.articles.values import (
    ANSWERS,
    DIGITS,
    LONGEST_NAME,
    LONGEST_URL,
    first,
    first_part,
    is_web_address,
    line,
    one_of,
    part,
    shown,
)
from feedsvc.model import Enclosure
from feedsvc.text.media_types import media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.articles.margin import Margin
    from feedsvc.readers import Value

MOST_ENCLOSURES = 20

_OF_PICTURE = ("url", "src", "path", "image", "file", "og_image", "teaser", "feature")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_CLOCK = re.compile(r"(?:(?:[0-9]{1,4}:)?[0-9]{1,4}:)?[0-9]{1,9}(?:\.[0-9]+)?", re.ASCII)


def image(value: Value, margin: Margin) -> str:
    """A picture's URL or path, as written; of a list the first, of a map the part that names it."""
    if isinstance(value.value, tuple):
        return image(first(value), margin)
    if isinstance(value.value, dict):
        return image(one_of(value.value, *_OF_PICTURE), margin)
    found = line(value, LONGEST_URL)
    if found.lower() in ANSWERS:
        raise UnusedError
    if _SCHEME.match(found) and not is_web_address(found):
        problem = f"{shown(found)} is no picture that a reader can fetch"
        raise ValueError(f"{problem}|write the path of a file beside the article, or an https URL")
    return found


def enclosures(value: Value, margin: Margin) -> tuple[Enclosure, ...]:
    """Recordings: a path or URL, a map with one, or a list of these."""
    said = value.value if isinstance(value.value, tuple) else (value,)
    found = [margin.attempt("enclosure", item, _enclosure) for item in said[:MOST_ENCLOSURES]]
    return tuple(each for each in found if each)


def _enclosure(value: Value, margin: Margin) -> Enclosure:
    parts: Mapping[str, Value] = value.value if isinstance(value.value, dict) else {"url": value}
    url = image(one_of(parts, "url", "src", "file", "path", "href", "mp3"), margin)
    type_ = part("type", parts, margin, _type) or part("mime_type", parts, margin, _type)
    if type_ is None and not (media_type(urlsplit(url).path) or "").startswith(("audio/", "video/")):
        raise UnusedError  # `video: dQw4w9WgXcQ` is for a player
    length = first_part(parts, margin, _count, "length", "size", "bytes", "size_in_bytes")
    duration = first_part(parts, margin, _duration, "duration", "duration_in_seconds")
    return Enclosure(url, type_, length, duration)


def _type(value: Value, _: Margin) -> str:
    found = line(value, LONGEST_NAME).lower()
    if not _MEDIA_TYPE.fullmatch(found):
        raise ValueError(f"{shown(found)} is not a media type|write one such as audio/mpeg")
    return found


def _count(value: Value, _: Margin) -> int:
    found = line(value, LONGEST_NAME).replace("_", "")
    if not DIGITS.fullmatch(found):
        raise ValueError(f"{shown(found)} is not a number of bytes|write one such as 5242880")
    return int(found)


def _duration(value: Value, _: Margin) -> int:
    found = line(value, LONGEST_NAME)
    if not _CLOCK.fullmatch(found):
        raise ValueError(f"{shown(found)} is not a duration|write seconds, or hours:minutes:seconds")
    return sum(int(float(part)) * 60**power for power, part in enumerate(reversed(found.split(":"))))
