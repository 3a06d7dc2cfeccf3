"""The fields of a record: a value that a person wrote in, what an article holds of it out.

Each check raises `ValueError("what is wrong|what to write instead")`, or `UnusedError` where the value is another
tool's and says nothing here; a list's items are noted one by one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from feedsvc.articles import files, people, states
from feedsvc.articles.margin import UnusedError
from feedsvc.articles.values import (
    ANSWERS,
    DIGITS,
    LONGEST_NAME,
    LONGEST_URL,
    is_web_address,
    items,
    line,
    one_of,
    shown,
)
from feedsvc.config import settings
from feedsvc.model import Category
from feedsvc.readers import Value
from feedsvc.text import dates, ids, slugs
from feedsvc.text.keys import LONGEST, fits
from feedsvc.text.plain import plain
from feedsvc.text.prose import prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from feedsvc.articles.margin import Margin

# Characters that a line holds at most.
LONGEST_TITLE = 1000
LONGEST_SUMMARY = 10_000
LONGEST_SLUG = 200

MOST_TAGS = 100
MOST_ALIASES = 100
MOST_CHANNELS = 100

# So many channels are told to who names one that is none.
MOST_NAMED = 5

CHANNELS = "channels/"


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PATTERN = re.compile(r"[:{}*\s]|\A/?(?:true|false)/?\Z", re.IGNORECASE)

_CHECKS = {name: check for name, _, _, check in settings()}
_is_language: Callable[[Any], str] = _CHECKS["language"]
_is_zone: Callable[[Any], str] = _CHECKS["zone"]
_is_content: Callable[[Any], str] = _CHECKS["content"]
_is_excerpt_length: Callable[[Any], int] = _CHECKS["excerpt_length"]


def _title(value: Value, _: Margin) -> str:
    return _plain_line(value, LONGEST_TITLE)


def _plain_line(value: Value, longest: int) -> str:
    """A line of text, which may be written as HTML."""
    found = line(value, longest)
    return line(value._replace(value=plain(found)), longest) if "<" in found or "&" in found else found


# Eleventy's words for a date of the file, or of its history; no date of the article.
_OF_HISTORY = frozenset({"last modified", "created", "git last modified", "git created"})


def _summary(value: Value, _: Margin) -> str:
    found = line(value, LONGEST_SUMMARY)
    if found.lower() in ANSWERS:  # whether to show an excerpt, not what it says
        raise UnusedError
    if dates.is_date_line(found):  # some themes show a date in this place
        raise UnusedError
    if "</" in found:
        return line(value._replace(value=prose(found, LONGEST_SUMMARY)), LONGEST_SUMMARY)
    return _plain_line(value, LONGEST_SUMMARY)


def _instant(value: Value, margin: Margin) -> dates.Written:
    return dates.instant(line(value, LONGEST_NAME), margin.zone)


def _end(value: Value, margin: Margin) -> dates.Written:
    if isinstance(value.value, str) and not ANSWERS.get(value.value.strip().lower(), True):
        raise UnusedError  # `withdrawn: false`: not at all
    return _instant(value, margin)


def _published(value: Value, margin: Margin) -> dates.Written:
    found = value.value.lower() if isinstance(value.value, str) else ""
    if found in ANSWERS or found in _OF_HISTORY:  # Jekyll's `published: true`
        raise UnusedError
    return _dated(value, margin)


def _dated(value: Value, margin: Margin) -> dates.Written:
    if isinstance(value.value, dict):  # Docusaurus' `last_update`, Material's `date`
        raise UnusedError
    return _instant(value, margin)


def slug_of(value: Value) -> str:
    """The slug that a record asks for.

    Raises:
        ValueError: where it is none.
    """
    found = slugs.slug(line(value, LONGEST_SLUG).strip("/").rpartition("/")[2])
    if not found:
        raise ValueError("has nothing that can stand in an address|write letters or digits, such as my-article")
    return found


def _slug(value: Value, _: Margin) -> str:
    return slug_of(value)


def _id(value: Value, _: Margin) -> str:
    found = line(value, LONGEST_URL)
    if _UUID.fullmatch(found):
        return f"urn:uuid:{found.lower()}"
    if ":" not in found:  # another tool's, which is unique among its own only
        raise UnusedError
    _check_length(found)
    if not ids.is_absolute_iri(found):
        raise ValueError(
            f"{shown(found)} is not an absolute IRI|write one such as tag:example.org,2020-05-20:my-article"
        )
    return found


def _path(value: Value, _: Margin) -> str:
    """The path of the page on another site, or under another tool."""
    if not isinstance(value.value, str):
        raise UnusedError
    found = line(value, LONGEST_URL)
    path = urlsplit(found).path if is_web_address(found) else found
    if not path.strip("/") or _PATTERN.search(path):  # `permalink: /:year/:title/` is a pattern, `false` an answer
        raise UnusedError
    _check_length(path)
    if not fits(unquote(path)):
        raise ValueError("holds %00, which no address can|remove %00")
    return f"/{path.lstrip('/')}"


def _check_length(found: str) -> None:
    if not fits(found):
        raise ValueError(f"has {len(found.encode())} bytes|write at most {LONGEST}")


def _aliases(value: Value, margin: Margin) -> tuple[str, ...]:
    found = [margin.attempt("alias", item, _alias) for item in items(value, None, MOST_ALIASES)]
    return tuple(dict.fromkeys(filter(None, found)))


def _alias(value: Value, margin: Margin) -> str:
    found = line(value, LONGEST_URL)
    is_path = "/" in found or found.endswith((".html", ".htm", ".php"))
    return _path(value, margin) if is_path else _slug(value, margin)


def _language(value: Value, _: Margin) -> str:
    return _is_language(line(value, LONGEST_NAME).partition(".")[0].replace("_", "-"))


def _rights(value: Value, _: Margin) -> str:
    if isinstance(value.value, dict) or (isinstance(value.value, str) and value.value.lower() in ANSWERS):
        raise UnusedError
    return _plain_line(value, LONGEST_TITLE)


def _reason(value: Value, _: Margin) -> str:
    return _plain_line(value, LONGEST_TITLE)


def _zone(value: Value, _: Margin) -> str:
    return _is_zone(line(value, LONGEST_NAME))


def _content(value: Value, _: Margin) -> str:
    return _is_content(line(value, LONGEST_NAME))


def _excerpt_length(value: Value, _: Margin) -> int:
    found = line(value, LONGEST_NAME)
    return _is_excerpt_length(int(found) if DIGITS.fullmatch(found) else found)


def _categories(value: Value, margin: Margin) -> tuple[Category, ...]:
    return tuple(replace(each, scheme="categories") for each in _tags(value, margin))


def _audience(value: Value, margin: Margin) -> tuple[str, ...]:
    """The names of private channels, as their tables in the settings have them."""
    known = [each.name.removeprefix(CHANNELS) for each in margin.channels if each.private]
    found: dict[str, None] = {}
    for item in items(value, ",", MOST_CHANNELS):
        written = line(item, LONGEST_NAME)
        name = slugs.slug(written.removeprefix(CHANNELS))
        if name not in known:  # whoever wrote it does not want everybody to read the article
            table = f"write [channels.{name or 'members'}] and private = true into feedsvc.toml"
            cure = f"write {', '.join(known[:MOST_NAMED])}, or {table}" if known else table
            raise ValueError(f"{shown(written)} is not a private channel|{cure}")
        found[name] = None
    if not found:
        raise ValueError("names nobody|name a private channel, or remove the line")
    return tuple(found)


def _tags(value: Value, margin: Margin) -> tuple[Category, ...]:
    # A comma parts tags only in text: a list's item may hold one.
    found: dict[str, Category] = {}
    separator = ";" if isinstance(value.value, str) and ";" in value.value else ","  # as Pelican does
    for item in _flat(items(value, separator, MOST_TAGS)):
        if tag := margin.attempt("tag", item, _term):
            found.setdefault(tag.term.casefold(), tag)
    return tuple(found.values())


def _flat(found: Iterable[Value]) -> Iterator[Value]:
    """The items of a list, and of the lists in it: Hexo writes a category below another so."""
    for item in found:
        if isinstance(item.value, tuple):
            yield from (each for each in item.value if not each.is_blank)
        else:
            yield item


def _term(value: Value, margin: Margin) -> Category:
    if isinstance(value.value, dict):
        return _term(one_of(value.value, "name", "label", "title", "term", "slug"), margin)
    return _category(value.value if isinstance(value.value, str) else line(value, LONGEST_NAME))


@lru_cache(maxsize=4096)
def _category(written: str) -> Category:
    term = _plain_line(Value(written, 0, 0, 0, 0), LONGEST_NAME)
    return Category(term, slugs.slug(term) or slugs.digest(term))


class Field(Struct, frozen=True):
    """A field of a record.

    Attributes:
        check: makes what an article holds of it.
        is_vital: whether a record that is at fault in it is not published; else it is published without the field.
        is_lax: whether a key of another tool that cannot be used is passed over without a word.
    """

    check: Callable[[Value, Margin], Any]
    is_vital: bool = False
    is_lax: bool = True


FIELDS: Mapping[str, Field] = {
    "title": Field(_title, is_vital=True),
    "date": Field(_published, is_vital=True, is_lax=False),
    "embargo": Field(_published, is_vital=True, is_lax=False),
    "updated": Field(_dated, is_lax=False),
    "summary": Field(_summary),
    "slug": Field(_slug),
    "id": Field(_id, is_vital=True),
    "link": Field(people.link),
    "path": Field(_path),
    "aliases": Field(_aliases),
    "authors": Field(people.authors),
    "tags": Field(_tags),
    "categories": Field(_categories),
    "language": Field(_language),
    "image": Field(files.image),
    "enclosures": Field(files.enclosures),
    "rights": Field(_rights),
    "draft": Field(states.is_hidden, is_vital=True, is_lax=False),
    "expires": Field(_end, is_vital=True, is_lax=False),
    "withdrawn": Field(_end, is_vital=True, is_lax=False),
    "withdrawn_reason": Field(_reason),
    "audience": Field(_audience, is_vital=True, is_lax=False),
    "zone": Field(_zone, is_vital=True),
    "feed_content": Field(_content),
    "excerpt_length": Field(_excerpt_length),
}
"""By our name; the keys under which each may stand are in `dialects`."""
