"""A glimpse at a record: its address and its first bytes in; which day it may be of, and which slug it asks for, out.

It is for telling the newest records of a large archive from all others, long before each is read and checked. What it
does not surely know it does not say.
"""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache
from posixpath import splitext
from typing import TYPE_CHECKING, NamedTuple

from feedsvc.articles import names
from feedsvc.articles.fields import slug_of
from feedsvc.articles.meanings import MEANINGS
from feedsvc.articles.values import ANSWERS
from feedsvc.readers import simple_yaml
from feedsvc.text import dates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.readers import Value

LENGTH = 4096
"""So many bytes of a record are enough: nearly all front matter ends within them."""

_SUFFIXES = frozenset({".md", ".markdown"})
_OPENING, _CLOSING = b"---\n", b"\n---\n"


_DATES = frozenset({"date", "embargo", "updated"})
# What else decides when an article shows, and under which id and slug.
_DECISIVE = frozenset({"id", "link", "path", "expires", "withdrawn"})


class Glimpse(NamedTuple):
    """What a record surely says.

    Attributes:
        day: `YYYY-MM-DD`, the latest day that it names; empty for none.
        slugs: that its article may ask for.
    """

    day: str
    slugs: tuple[str, ...]


def glimpse(address: str, top: bytes) -> Glimpse | None:
    """What a record surely says of its day and its slug; None where only reading it as a whole tells.

    Args:
        top: its first `LENGTH` bytes.
    """
    stem, suffix = splitext(address)
    end = top.find(_CLOSING) if top.startswith(_OPENING) and suffix.lower() in _SUFFIXES else -1
    if end < 0:
        return None
    try:
        found = simple_yaml.fields(top[len(_OPENING) : end].decode(), 1)
        return None if found is None else _said(address, names.named(stem), found)
    except ValueError:
        return None


def _said(address: str, name: names.Name, found: Mapping[str, Value]) -> Glimpse | None:
    """Raises ValueError where a value is not what stands under its key."""
    day, slugs = name.date, [names.slug(name, address)]
    decisive = _decisive(tuple(found))
    if decisive is None:
        return None
    for key, is_date in decisive:
        value = found[key]
        if value.is_blank:
            continue
        if not is_date:
            slugs.append(slug_of(value))
        elif str(value.value).lower() not in ANSWERS:  # Jekyll's `published: true`
            day = max(day, dates.instant(str(value.value), UTC).date)
    return Glimpse(day, tuple(slugs))


@lru_cache(maxsize=1024)  # whole archives are written with the same few keys
def _decisive(keys: tuple[str, ...]) -> tuple[tuple[str, bool], ...] | None:
    """Of some keys those that name a day, and those that name a slug; None where one of them decides something else."""
    found = []
    for key in keys:
        meant = {name for name, _ in MEANINGS.get(key.replace("-", "_"), ())}
        if meant & _DECISIVE:
            return None
        if meant & _DATES or "slug" in meant:
            found.append((key, "slug" not in meant))
    return tuple(found)
