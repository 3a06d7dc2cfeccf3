"""The fields of a record: a value that a person wrote in, what an article holds of it out.

Each check raises `ValueError("what is wrong|what to write instead")`; a list's items are noted one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from feedsvc.config import settings
from feedsvc.model import Category, Person
from feedsvc.text import dates, ids, slugs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.articles.margin import Margin
    from feedsvc.readers import Value

# Characters that a line holds at most.
LONGEST_TITLE = 1000
LONGEST_SUMMARY = 10_000
LONGEST_NAME = 100
LONGEST_URL = 2000
LONGEST_SLUG = 200

MOST_TAGS = 100
MOST_AUTHORS = 50

_ANSWERS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}

# What no field may hold: all that XML forbids, and other control characters; those of white space are folded.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_is_language: Callable[[Any], str] = {name: check for name, _, _, check in settings()}["language"]


def line(value: Value, longest: int) -> str:
    """One line of text, white space folded.

    Raises:
        ValueError: where it is no text, shows nothing, is longer, or has a character that no feed can carry.
    """
    if not isinstance(value.value, str):
        raise ValueError("is not text|write it on one line, in quotes where it holds : or #")  # noqa: TRY004
    if control := _CONTROL.search(value.value):
        code = f"U+{ord(control[0]):04X}"
        raise ValueError(f"holds the character {code}, which no feed can carry|remove {code}")
    folded = " ".join(value.value.split())
    if not any(character.isprintable() and character != " " for character in folded):
        raise ValueError("is empty|write what it should say")
    if len(folded) > longest:
        raise ValueError(f"has {len(folded)} characters|write at most {longest}")
    return folded


def _title(value: Value, _: Margin) -> str:
    return line(value, LONGEST_TITLE)


def _summary(value: Value, _: Margin) -> str:
    return line(value, LONGEST_SUMMARY)


def _instant(value: Value, margin: Margin) -> dates.Written:
    return dates.instant(line(value, LONGEST_NAME), margin.zone)


def _slug(value: Value, _: Margin) -> str:
    found = slugs.slug(line(value, LONGEST_SLUG))
    if not found:
        raise ValueError("has nothing that can stand in an address|write letters or digits, such as my-article")
    return found


def _id(value: Value, _: Margin) -> str:
    found = line(value, LONGEST_URL)
    if not ids.is_absolute_iri(found):
        raise ValueError(
            f"{_shown(found)} is not an absolute IRI|write one such as tag:example.org,2020-05-20:my-article"
        )
    return found


def _link(value: Value, _: Margin) -> str:
    found = line(value, LONGEST_URL)
    if not _is_web_address(found):
        raise ValueError(
            f"{_shown(found)} is not an absolute http or https URL|write one such as https://example.org/page"
        )
    return found


def _image(value: Value, _: Margin) -> str:
    found = line(value, LONGEST_URL)
    if _SCHEME.match(found) and not _is_web_address(found):
        problem = f"{_shown(found)} is no picture that a reader can fetch"
        raise ValueError(f"{problem}|write the path of a file beside the article, or an https URL")
    return found


def _language(value: Value, _: Margin) -> str:
    return _is_language(line(value, LONGEST_NAME))


def _draft(value: Value, _: Margin) -> bool:
    found = line(value, LONGEST_NAME)
    if found.lower() not in _ANSWERS:
        raise ValueError(f"{_shown(found)} is neither yes nor no|write true or false")
    return _ANSWERS[found.lower()]


def _tags(value: Value, margin: Margin) -> tuple[Category, ...]:
    # A comma parts tags only in text: a list's item may hold one.
    found: dict[str, Category] = {}
    for item in _items(value, ",", MOST_TAGS):
        if tag := margin.attempt("tag", item, _term):
            found.setdefault(tag.term.casefold(), tag)
    return tuple(found.values())


def _term(value: Value, _: Margin) -> Category:
    term = line(value, LONGEST_NAME)
    return Category(term, slugs.slug(term) or slugs.digest(term))


def _authors(value: Value, margin: Margin) -> tuple[Person, ...]:
    items = (value,) if isinstance(value.value, dict) else _items(value, None, MOST_AUTHORS)
    found = [margin.attempt("author", item, _person) for item in items]
    return tuple(dict.fromkeys(person for person in found if person))


def _person(value: Value, margin: Margin) -> Person:
    if not isinstance(value.value, dict):
        return Person(line(value, LONGEST_NAME))
    parts: Mapping[str, Value] = value.value
    if "name" not in parts:
        raise ValueError("has no name|write a line such as name: Ada Example")
    name = margin.attempt("name", parts["name"], lambda part, _: line(part, LONGEST_NAME))
    email = _part("email", parts, margin, _email)
    uri = _part("uri", parts, margin, _link) or _part("url", parts, margin, _link)
    return Person(name or "", email, uri)


def _part(name: str, parts: Mapping[str, Value], margin: Margin, check: Callable[[Value, Margin], str]) -> str | None:
    part = parts.get(name)
    return margin.attempt(name, part, check) if part and not part.is_blank else None


def _email(value: Value, _: Margin) -> str:
    found = line(value, LONGEST_URL)
    if not _EMAIL.fullmatch(found):
        raise ValueError(f"{_shown(found)} is not an e-mail address|write one such as ada@example.org")
    return found


def _items(value: Value, separator: str | None, most: int) -> tuple[Value, ...]:
    """The items of a list that say something; text is a list of one, or of what stands between the separators."""
    found = value.value
    if isinstance(found, str):
        texts = found.split(separator) if separator else [found]
        items = tuple(replace(value, value=text) for text in texts)
    elif isinstance(found, tuple):
        items = found
    else:
        raise ValueError("is a map|write a list such as [one, two]")  # noqa: TRY004
    said = tuple(item for item in items if not item.is_blank)
    if len(said) > most:
        raise ValueError(f"{len(said)} are too many|keep the {most} that matter most")
    return said


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and ids.is_absolute_iri(text)


def _shown(text: str) -> str:
    # The bar parts the problem from the cure.
    return repr(text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…").replace("|", "¦")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its check, and other keys under which it may stand."""

    check: Callable[[Value, Margin], Any]
    aliases: tuple[str, ...] = ()


FIELDS: Mapping[str, Field] = {
    "title": Field(_title),
    "date": Field(_instant),
    "updated": Field(_instant),
    "summary": Field(_summary),
    "slug": Field(_slug),
    "id": Field(_id),
    "link": Field(_link),
    "authors": Field(_authors, ("author",)),
    "tags": Field(_tags),
    "language": Field(_language),
    "image": Field(_image),
    "draft": Field(_draft),
    "expires": Field(_instant),
    "withdrawn": Field(_instant),
}
"""By its own key."""

KEYS = frozenset(key for name, each in FIELDS.items() for key in (name, *each.aliases))
