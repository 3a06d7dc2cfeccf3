"""Which channels an article is in, and when each of them changed. Claims in; rows of `channel` out."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, insert, or_, select, update

from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import channel, membership
from feedsvc.model import Category
from feedsvc.text.slugs import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

SITE = ""
TAGS = "tags/"

# Not a channel one can subscribe to; its row says when the files under /media/ last changed.
MEDIA = ":media"

_NAMED = select(channel.c.name, channel.c.key, channel.c.term).where(
    channel.c.name.in_(bindparam("names", expanding=True))
)
_BY_KEY = update(channel).where(channel.c.key == bindparam("k"))
_TOUCH_LATER = _BY_KEY.values(revision=bindparam("number"))
_TOUCH = _TOUCH_LATER.values(modified=bindparam("at"))
_LOSE = _BY_KEY.values(lost=bindparam("number"))


class Channels:
    """The rows of the channels that one sync has to do with; new ones are made as they are asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[str, tuple[int, str]] = {}
        self._names: dict[Category, str] = {}
        self._keys: dict[tuple[Category, ...], tuple[int, ...]] = {}
        self.key(SITE, "")

    def load(self, categories: Iterable[Category]) -> None:
        """Fetches, and makes in byte order, the channels of many categories at once."""
        wanted = sorted({(category.slug, category.term) for category in categories})
        for batch in batches(sorted({TAGS + slug for slug, _ in wanted})):
            for name, key, term in self._connection.execute(_NAMED, {"names": batch}):
                self._rows[name] = (key, term)
        for slug, term in wanted:
            self.of_tag(Category(term, slug))

    def of_tag(self, category: Category) -> str:
        """The name of a tag's channel. A tag whose slug another one took first gets a short digest behind it."""
        if category not in self._names:
            self._names[category] = self._name(category)
        return self._names[category]

    def is_renamed(self, category: Category) -> bool:
        """Whether another slug than its own stands in the name of a tag's channel."""
        return self.of_tag(category) != TAGS + category.slug

    def key(self, name: str, term: str) -> int:
        """The key of a channel's row."""
        if name not in self._rows:
            self._rows[name] = self._fetch(name) or self._make(name, term)
        return self._rows[name][0]

    def keys(self, categories: tuple[Category, ...]) -> tuple[int, ...]:
        """The keys of all channels that an article with some categories is in, the site's first."""
        if categories not in self._keys:
            names = dict.fromkeys((SITE, *map(self.of_tag, categories)))
            self._keys[categories] = tuple(self.key(name, "") for name in names)
        return self._keys[categories]

    def _name(self, category: Category) -> str:
        name = TAGS + category.slug
        self.key(name, category.term)
        if _fold(self._rows[name][1]) != _fold(category.term):
            name = f"{name}-{digest(_fold(category.term))}"
            self.key(name, category.term)
        return name

    def _fetch(self, name: str) -> tuple[int, str] | None:
        row = self._connection.execute(_NAMED, {"names": [name]}).first()
        return None if row is None else (row.key, row.term)

    def _make(self, name: str, term: str) -> tuple[int, str]:
        made = self._connection.execute(insert(channel).values(name=name, term=term, revision=0, modified=0, lost=0))
        (key,) = made.inserted_primary_key or (0,)
        return int(key), term


def touch(connection: Connection, keys: Iterable[int], *, revision: int, at: int | None) -> None:
    """Notes that a revision touched channels.

    Args:
        at: the revision's instant; None where it changed only what they will show later.
    """
    now = {} if at is None else {"at": at}
    rows = [{"k": key, "number": revision, **now} for key in sorted(keys)]
    if rows:
        connection.execute(_TOUCH if now else _TOUCH_LATER, rows)


def lose(connection: Connection, keys: Iterable[int], *, revision: int) -> None:
    """Notes that a revision took something back that channels showed."""
    rows = [{"k": key, "number": revision} for key in sorted(keys)]
    if rows:
        connection.execute(_LOSE, rows)


def touch_all(connection: Connection, *, revision: int, at: int) -> None:
    """Notes that a revision touched every channel: all that anybody has seen anything of show something else."""
    connection.execute(update(channel).values(revision=revision))
    seen = exists().where(membership.c.channel == channel.c.key, membership.c.published <= at)
    connection.execute(update(channel).where(or_(channel.c.modified > 0, seen)).values(modified=at))


def _fold(term: str) -> str:
    return " ".join(unicodedata.normalize("NFC", term).casefold().split())
