"""Which channels an article is in, and when each of them changed. Claims in; rows of `channel` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, insert, or_, select, update

from feedsvc.catalog.batches import batches
from feedsvc.catalog.channels import SITE, fold
from feedsvc.catalog.schema import channel, membership
from feedsvc.catalog.syncing.subjects import Subject, is_in
from feedsvc.text.slugs import digest
from feedsvc.text.subjects import AUTHORS, CATEGORIES, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from feedsvc.catalog.syncing.claims import Claim
    from feedsvc.config import Site

# Of which several may be written so that one name would be that of all.
_WRITTEN = (f"{TAGS}/", f"{CATEGORIES}/", f"{AUTHORS}/")

_NAMED = select(channel.c.name, channel.c.key, channel.c.term).where(
    channel.c.name.in_(bindparam("names", expanding=True))
)
_BY_KEY = update(channel).where(channel.c.key == bindparam("k"))
_TOUCH_LATER = _BY_KEY.values(revision=bindparam("number"))
_TOUCH = _TOUCH_LATER.values(modified=bindparam("at"))
_LOSE = _BY_KEY.values(lost=bindparam("number"))


class Channels:
    """The rows of the channels that one sync has to do with; new ones are made as they are asked for.

    Args:
        site: whose settings name channels.
    """

    def __init__(self, connection: Connection, site: Site) -> None:
        self._connection = connection
        self._settings = {each.name: each for each in site.channels}
        self._rows: dict[str, tuple[int, str]] = {}
        self._names: dict[Subject, str] = {}
        self._keys: dict[tuple[tuple[Subject, ...], tuple[str, ...]], tuple[int, ...]] = {}
        self.key(SITE)

    def load(self, subjects: Iterable[Subject]) -> None:
        """Fetches, and makes in byte order, the channels of many subjects at once."""
        wanted = sorted(set(subjects))
        for batch in batches(sorted({subject.name for subject in wanted})):
            for name, key, term in self._connection.execute(_NAMED, {"names": batch}):
                self._rows[name] = (key, term)
        for subject in wanted:
            self.of(subject)

    def name_all(self) -> None:
        """Makes the channels that the settings name, where there are none yet: nobody has to wait for an article."""
        for name, settings in self._settings.items():
            if settings.is_named:
                self.key(name)

    def of(self, subject: Subject) -> str:
        """The name of a subject's channel. One whose name another one took first gets a short digest behind it."""
        if subject not in self._names:
            self._names[subject] = self._name(subject)
        return self._names[subject]

    def key(self, name: str, term: str = "") -> int:
        """The key of a channel's row."""
        if name not in self._rows:
            self._rows[name] = self._fetch(name) or self._make(name, term)
        return self._rows[name][0]

    def keys(self, claim: Claim) -> tuple[int, ...]:
        """The keys of all channels that an article is in."""
        wanted = claim.subjects, claim.fits
        if wanted not in self._keys:
            names = dict.fromkeys(map(self.of, claim.subjects))
            fits = (name for name in claim.fits if is_in(self._settings[name], names))
            self._keys[wanted] = tuple(self.key(name) for name in [*names, *fits])
        return self._keys[wanted]

    def _name(self, subject: Subject) -> str:
        name = subject.name
        self.key(name, subject.term)
        if name.startswith(_WRITTEN) and fold(self._rows[name][1]) != fold(subject.term):
            name = f"{name}-{digest(fold(subject.term))}"
            self.key(name, subject.term)
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
