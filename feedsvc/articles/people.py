"""Who wrote an article: names, maps and lists in; `Person`s out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from feedsvc.articles.margin import UnusedError
from feedsvc.articles.values import (
    LONGEST_NAME,
    LONGEST_URL,
    first_part,
    is_web_address,
    items,
    line,
    one_of,
    part,
    shown,
)
from feedsvc.model import Person
from feedsvc.readers import Value
from feedsvc.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.articles.margin import Margin

MOST_AUTHORS = 50

# In characters: some write of several authors what they do, on one line.
LONGEST_AUTHOR = 500

_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_LINKED = re.compile(r"\[(?P<name>[^\[\]]+)\]\((?P<uri>[^()\s]+)\)")
_NAMED = re.compile(r"(?P<name>[^<>]*[^<>\s])\s*<(?P<email>[^\s<>]+)>")


def authors(value: Value, margin: Margin) -> tuple[Person, ...]:
    """A name, a map with a name, or a list of these; Pelican parts several names by `;`, else by commas."""
    separator = None
    if isinstance(value.value, str):
        separator = ";" if ";" in plain(value.value) else "," if margin.key == "authors" else None
    said = (value,) if isinstance(value.value, dict) else items(value, separator, MOST_AUTHORS)
    found = [margin.attempt("author", item, _person) for item in said]
    return tuple(dict.fromkeys(person for person in found if person))


def _person(value: Value, margin: Margin) -> Person:
    if not isinstance(value.value, dict):
        return _person_of_text(value.value if isinstance(value.value, str) else line(value, LONGEST_AUTHOR))
    parts: Mapping[str, Value] = value.value
    name = margin.attempt("name", _named(parts), lambda part, _: line(part, LONGEST_NAME))
    if name is None:
        raise UnusedError
    return Person(name, part("email", parts, margin, _email), first_part(parts, margin, link, "uri", "url", "website"))


@lru_cache(maxsize=1024)
def _person_of_text(text: str) -> Person:
    return _person_of_line(line(Value(text, 0, 0, 0, 0), LONGEST_AUTHOR))


def _person_of_line(text: str) -> Person:
    """`Ada Example <ada@example.org>` is a name with an address (RFC 5322 §3.4); some write an account's name there."""
    if linked := _LINKED.fullmatch(text):
        return Person(plain(linked["name"]), uri=linked["uri"] if is_web_address(linked["uri"]) else None)
    text = _LINKED.sub(r"\g<name>", text)
    match = _NAMED.fullmatch(text)
    if match is None:
        return Person(plain(text))
    return Person(plain(match["name"]), match["email"] if _EMAIL.fullmatch(match["email"]) else None)


def _named(parts: Mapping[str, Value]) -> Value:
    try:
        return one_of(parts, "name", "title", "display_name", "nickname")
    except UnusedError:
        raise ValueError("has no name|write a line such as name: Ada Example") from None


def _email(value: Value, _: Margin) -> str:
    found = line(value, LONGEST_URL)
    if not _EMAIL.fullmatch(found):
        raise ValueError(f"{shown(found)} is not an e-mail address|write one such as ada@example.org")
    return found


def link(value: Value, _: Margin) -> str:
    """An absolute http or https URL."""
    found = line(value, LONGEST_URL)
    if not is_web_address(found):
        raise ValueError(
            f"{shown(found)} is not an absolute http or https URL|write one such as https://example.org/page"
        )
    return found
