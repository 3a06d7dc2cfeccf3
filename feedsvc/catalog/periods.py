"""What a selection showed, by the dates of publication: keys of channels and an instant in; what lies in a period out.

Nothing here walks through what lies between: each statement looks into an index for a date.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import and_, bindparam, exists, func, or_, select, tuple_

from feedsvc.catalog import crossing, window
from feedsvc.catalog.references import articles_of
from feedsvc.catalog.rows import instant
from feedsvc.catalog.schema import AT_HOME, article, identity, media, membership, reference, source_text
from feedsvc.catalog.window import ARTICLE, GOES_ON, IN_PERIOD, asked_of, shape_of
from feedsvc.model import Tombstone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, CursorResult, Select

    from feedsvc.catalog.window import Ended, Keys
    from feedsvc.model import Article

# More are in no period.
_ALL = 2**31 - 1

_ENDS = (membership.c.expires, membership.c.withdrawn)


class Place(NamedTuple):
    """Where in the order an article stands: newest first, equal instants by id from the last to the first."""

    published: int
    id: str


class Dated:
    """The articles of a selection, as they show, or showed, at one instant.

    Instants are seconds since the epoch; a period is given by its first second and the first one behind it.

    Args:
        of: the selection; with a delay, what was published less than that ago is not there yet.
        now: nothing that is to come after it is told of.
        since: nor what was taken back before this instant.
    """

    def __init__(self, connection: Connection, of: Keys, now: int, *, since: int = 0) -> None:
        self._connection = connection
        self._of = of
        self._shape = shape_of(of)
        self._now, self._since = now, since
        self._public = now - of.delay
        self._asked = {**asked_of(of), "now": now, "delay": of.delay, "shown": self._public}

    def before(self, stop: int, *, only_shown: bool = False) -> int | None:
        """The latest date of publication before an instant; None where there is none.

        Args:
            only_shown: not of what has expired or was withdrawn since.
        """
        found = self._nearest(only_shown, is_later=False, start=0, stop=min(stop, self._public + 1))
        return max(found, default=None)

    def since(self, start: int, *, only_shown: bool = False) -> int | None:
        """The earliest date of publication from an instant on; likewise."""
        return min(self._nearest(only_shown, is_later=True, start=start, stop=self._public + 1), default=None)

    def are_shown(self, spans: Sequence[tuple[int, int]]) -> list[bool]:
        """Of some periods, each from an instant to another, whether anything shows that was published in it."""
        asked = dict(self._asked)
        for number, (start, stop) in enumerate(spans):
            asked |= {f"start_{number}": start, f"stop_{number}": min(stop, self._public + 1)}
        statement = _are_shown(*self._shape[1:], len(spans))
        rows = [self._connection.execute(statement, {**asked, "of": key}).one() for key in self._of.lead]
        return [any(each) for each in zip(*rows, strict=True)]

    def within(self, start: int, stop: int) -> tuple[Article, ...]:
        """The articles that show and were published in a period, in their order."""
        rows = self._execute(_within(*self._shape), start, stop).all()
        return articles_of(self._connection, rows)

    def tombstones(self, start: int, stop: int) -> tuple[Tombstone, ...]:
        """Those that were published in a period, and withdrawn or removed since, latest first."""
        return tuple(Tombstone(row.id, instant(row.withdrawn), row.reason) for row in self._ended(start, stop))

    def next_loss(self, start: int, stop: int) -> float:
        """The next instant at which one of the articles of a period expires or is withdrawn; infinity for none."""
        found = self._execute(_losses(*self._shape), start, stop).one()
        return min(inf if at is None else at for at in found)

    def last_end(self, start: int, stop: int) -> int | None:
        """When an article of a period that showed last expired, or was withdrawn or removed; None where none did."""
        found = (self._execute(_last_end(end.name, *self._shape[:2]), start, stop).scalar() for end in _ENDS)
        return max((end for end in found if end is not None), default=None)

    def mark(self, start: int, stop: int) -> bytes:
        """A digest of all that the articles and tombstones of a period are made of, but for the settings.

        A row of `article` has a new number whenever its record was read anew, and an identity the digest of the bytes;
        the page's address is the identity's slug, and those of files have the digests of these.
        """
        statements = (_records(*self._shape), _files(*self._shape))
        found = [[tuple(row) for row in self._execute(each, start, stop)] for each in statements]
        return sha256(msgspec.json.encode((found, self._ended(start, stop), self.last_end(start, stop)))).digest()

    def behind(self, place: Place, *, limit: int) -> list[Place]:
        """The places of the next articles that show, behind another place."""
        found: set[Place] = set()
        for key in self._of.lead:
            asked = {**self._asked, "of": key, **place._asdict(), "most": limit}
            found.update(Place(*row) for row in self._connection.execute(_places(*self._shape[1:]), asked))
        return sorted(found, reverse=True)[:limit]

    def edited(self, since: int, start: int, stop: int, *, behind: Place, limit: int) -> tuple[Article, ...]:
        """The articles that show and were edited from an instant on, in their order; of more, those edited latest.

        Args:
            start: of a period that is not told of, unless the edit was after it; likewise `stop`.
            behind: only those behind this place.
        """
        asked = {**self._asked, **behind._asdict(), "since": since, "start": start, "stop": stop, "most": limit}
        rows = self._connection.execute(_edited(*self._shape), asked).all()
        return articles_of(self._connection, rows)

    def _ended(self, start: int, stop: int) -> Sequence[Ended]:
        period = start, min(stop, self._public + 1)
        return window.tombstones(self._connection, self._of, self._now, limit=_ALL, since=self._since, published=period)

    def _nearest(self, only_shown: bool, *, is_later: bool, start: int, stop: int) -> list[int]:  # noqa: FBT001 - a shape
        statement = _nearest(*self._shape[1:], only_shown, is_later)
        found = (
            self._connection.scalar(statement, {**self._asked, "of": key, "start": start, "stop": stop})
            for key in self._of.lead
        )
        return [published for published in found if published is not None]

    def _execute(self, statement: Select[Any], start: int, stop: int) -> CursorResult[Any]:
        asked = {**self._asked, "start": start, "stop": min(stop, self._public + 1)}
        return self._connection.execute(statement, asked)


# Statements are built once: to build one takes as long as to send it. Below, `channels`, `others` and `is_without` are
# the shape of a selection.

_SHOWED = and_(*(or_(end.is_(None), end > membership.c.published + bindparam("delay")) for end in _ENDS))
_IS_EDITED = and_(membership.c.updated > membership.c.published, membership.c.updated >= bindparam("since"))
_WAS_CLOSED = or_(membership.c.updated >= bindparam("stop"), membership.c.published < bindparam("start"))
_PLACE = tuple_(bindparam("published"), bindparam("id"))
_BY_DATE = (membership.c.published.desc(), membership.c.id.desc())


@lru_cache(maxsize=128)
def _nearest(others: int, is_without: bool, only_shown: bool, is_later: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    of = membership.c.channel == bindparam("of")
    shows = GOES_ON if only_shown else _SHOWED
    order = membership.c.published.asc() if is_later else membership.c.published.desc()
    # What is not limited on the other side is looked up from there.
    limits = IN_PERIOD if is_later else membership.c.published < bindparam("stop")
    others_too = crossing.shown(others, is_without=is_without) if only_shown else crossing.stood(others)
    query = select(membership.c.published).where(of, limits, shows, *others_too)
    return query.order_by(order).limit(1)


@lru_cache(maxsize=128)
def _are_shown(others: int, is_without: bool, count: int) -> Select[Any]:  # noqa: FBT001 - a shape
    of = membership.c.channel == bindparam("of")
    others_too = crossing.shown(others, is_without=is_without)
    query: Select[Any] = select()
    for number in range(count):
        start: BindParameter[int] = bindparam(f"start_{number}")
        stop: BindParameter[int] = bindparam(f"stop_{number}")
        span = membership.c.published >= start, membership.c.published < stop
        query = query.add_columns(exists().where(of, *span, GOES_ON, *others_too))
    return query


@lru_cache(maxsize=32)
def _places(others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    behind = tuple_(membership.c.published, membership.c.id) < _PLACE
    of = membership.c.channel == bindparam("of")
    query = select(membership.c.published, membership.c.id)
    query = query.where(of, behind, GOES_ON, *crossing.shown(others, is_without=is_without))
    return query.order_by(*_BY_DATE).limit(bindparam("most"))


@lru_cache(maxsize=32)
def _within(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    return _whole(_members(channels, others, is_without, IN_PERIOD, GOES_ON))


@lru_cache(maxsize=32)
def _edited(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    # Not a limit that the index by date could be looked into for: there are far fewer edited ones.
    behind = tuple_(membership.c.published + 0, membership.c.id) < _PLACE
    found = _members(channels, others, is_without, _IS_EDITED, _WAS_CLOSED, behind, GOES_ON)
    return _whole(found.order_by(membership.c.updated.desc(), membership.c.id).limit(bindparam("most")))


@lru_cache(maxsize=32)
def _losses(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    found = _members(channels, others, is_without, IN_PERIOD, GOES_ON, more=_ENDS).subquery()
    return select(func.min(found.c.expires), func.min(found.c.withdrawn))


@lru_cache(maxsize=32)
def _last_end(name: str, channels: int, others: int) -> Select[Any]:
    end = membership.c[name]
    of = membership.c.channel.in_([bindparam(f"of_{number}") for number in range(channels)])
    has_ended = and_(end <= bindparam("now"), end > membership.c.published + bindparam("delay"))
    return select(func.max(end)).where(of, IN_PERIOD, has_ended, *crossing.stood(others))


@lru_cache(maxsize=32)
def _records(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    found = _members(channels, others, is_without, IN_PERIOD, GOES_ON).subquery()
    query = select(found.c.id, identity.c.slug, identity.c.digest, article.c.number)
    query = query.select_from(found).join(identity, identity.c.key == found.c.key).join(article, AT_HOME)
    return query.order_by(found.c.published.desc(), found.c.id.desc())


@lru_cache(maxsize=32)
def _files(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    found = _members(channels, others, is_without, IN_PERIOD, GOES_ON).subquery()
    query = select(found.c.id, media.c.address, media.c.digest)
    query = query.select_from(found).join(identity, identity.c.key == found.c.key)
    query = query.join(reference, reference.c.article == identity.c.address)
    query = query.join(media, media.c.address == reference.c.media)
    return query.order_by(found.c.id, media.c.address)


def _members(
    channels: int,
    others: int,
    is_without: bool,  # noqa: FBT001 - a shape
    *where: ColumnElement[bool],
    more: tuple[ColumnElement[Any], ...] = (),
) -> Select[Any]:
    """The articles of a selection, each once, whichever of its channels they are in."""
    columns = (membership.c.key, membership.c.published, membership.c.updated, membership.c.id, *more)
    of = membership.c.channel.in_([bindparam(f"of_{number}") for number in range(channels)])
    query = select(*columns).where(of, *where, *crossing.shown(others, is_without=is_without))
    return query.distinct() if channels > 1 else query


def _whole(members: Select[Any]) -> Select[Any]:
    """Their articles, in their order."""
    found = members.subquery()
    query = select(*ARTICLE).select_from(found).join(identity, identity.c.key == found.c.key).join(article, AT_HOME)
    query = query.join(source_text, source_text.c.number == article.c.number)
    return query.order_by(found.c.published.desc(), found.c.id.desc())
