"""What time alone changes in a channel: an instant in; when it last and when it next shows something else out."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from feedsvc.catalog.schema import channel, membership

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, ScalarSelect

    from feedsvc.config import Site

DAY = 86_400

_KEY: BindParameter[int] = bindparam("key")
_NOW: BindParameter[int] = bindparam("now")
_PUBLIC: BindParameter[int] = bindparam("public")
_FALLEN: BindParameter[int] = bindparam("fallen")
# Before every instant that can be written.
_LONG_AGO = -(1 << 62)
# A date or a max-age must not tell of an article before it is published.
_IS_PUBLIC = membership.c.published <= _PUBLIC


class Times(Struct, frozen=True):
    """What time does to one channel, in seconds since the epoch.

    Attributes:
        last_modified: when it last showed something else.
        next_change: when it will next, infinity where that is not known.
        next_loss: when something in it will next expire or be withdrawn, likewise.
    """

    last_modified: int
    next_change: float
    next_loss: float


def kept(site: Site) -> int:
    """For how many seconds tombstones are kept; 0 for ever."""
    return site.tombstones * DAY


def times(  # noqa: PLR0913 - all that decides it
    connection: Connection, key: int, now: int, *, delay: int = 0, within: int | None = None, kept: int = 0
) -> Times:
    """What time does to a channel.

    Args:
        key: of the channel's row.
        now: seconds since the epoch.
        delay: so many seconds after its publication each article shows.
        within: for so many seconds after its publication; None for ever.
        kept: for so many seconds the channel tells that something was taken back; 0 for ever.
    """
    row = connection.execute(_TIMES, _asked(key, now, delay, kept)).one()
    modified, change, loss = row[: len(_MODIFIED)], row[len(_MODIFIED) : -len(_LOSS)], row[-len(_LOSS) :]
    found = Times(_last(modified, delay, kept), _next(change, delay, kept), _next_end(loss))
    return found if within is None else together((found, _ageing(connection, key, now, within)))


def _ageing(connection: Connection, key: int, now: int, within: int) -> Times:
    """What is done by articles that grow too old."""
    row: Sequence[int | None] = connection.execute(_AGEING, {"key": key, "public": now - within}).one()
    last, following = row
    return Times(0 if last is None else last + within, inf if following is None else following + within, inf)


def together(found: Iterable[Times]) -> Times:
    """What time does to several channels."""
    each = list(found)
    return Times(
        max(times.last_modified for times in each),
        min(times.next_change for times in each),
        min(times.next_loss for times in each),
    )


def last_modified(connection: Connection, key: int, now: int, *, delay: int = 0, kept: int = 0) -> int:
    """When a channel last showed something else: by its last revision, or as time passed."""
    return _last(connection.execute(_LAST_MODIFIED, _asked(key, now, delay, kept)).one(), delay, kept)


def next_change(connection: Connection, key: int, now: int, *, delay: int = 0, kept: int = 0) -> float:
    """The next instant at which a channel will show something else; infinity where none is known."""
    return _next(connection.execute(_NEXT_CHANGE, _asked(key, now, delay, kept)).one(), delay, kept)


def fallen(now: int, kept: int) -> int:
    """What was taken back at this instant or before it is no longer told of, in seconds since the epoch."""
    return now - kept if kept else _LONG_AGO


def _last(row: Sequence[int | None], delay: int, kept: int) -> int:
    modified, published, fallen, *ends = row
    by_time = (published + delay if published else 0, fallen + kept if fallen is not None else 0)
    return max(modified or 0, *by_time, *(at or 0 for at in ends))


def _next(row: Sequence[int | None], delay: int, kept: int) -> float:
    published, standing, *ends = row
    falls = inf if standing is None or not kept else standing + kept
    return min(inf if published is None else published + delay, falls, _next_end(ends))


def _next_end(row: Sequence[int | None]) -> float:
    return min(inf if at is None else at for at in row)


def _asked(key: int, now: int, delay: int, kept: int = 0) -> dict[str, int]:
    return {"key": key, "now": now, "public": now - delay, "fallen": fallen(now, kept)}


def _of_channel(value: ColumnElement[int], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(value).where(membership.c.channel == _KEY, *conditions).scalar_subquery()


# Built once, and each is one statement with a look into an index for each instant: a sync asks several times.
_ENDS = (membership.c.expires, membership.c.withdrawn)
_MODIFIED = (
    select(channel.c.modified).where(channel.c.key == _KEY).scalar_subquery(),
    _of_channel(func.max(membership.c.published), _IS_PUBLIC),
    _of_channel(func.max(membership.c.withdrawn), _IS_PUBLIC, membership.c.withdrawn <= _FALLEN),
    *(_of_channel(func.max(column), _IS_PUBLIC, column <= _NOW) for column in _ENDS),
)
_CHANGE = (
    _of_channel(func.min(membership.c.published), membership.c.published > _PUBLIC),
    _of_channel(func.min(membership.c.withdrawn), membership.c.withdrawn > _FALLEN),
    *(_of_channel(func.min(column), column > _NOW) for column in _ENDS),
)
_LOSS = tuple(_of_channel(func.min(column), _IS_PUBLIC, column > _NOW) for column in _ENDS)
_LAST_MODIFIED, _NEXT_CHANGE = select(*_MODIFIED), select(*_CHANGE)
_TIMES = select(*_MODIFIED, *_CHANGE, *_LOSS)
_AGEING = select(
    _of_channel(func.max(membership.c.published), _IS_PUBLIC),
    _of_channel(func.min(membership.c.published), membership.c.published > _PUBLIC),
)
