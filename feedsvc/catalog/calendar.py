"""What time alone changes in a channel: an instant in; when it last and when it next shows something else out."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from feedsvc.catalog.schema import channel, membership

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, Connection, Executable, ScalarSelect

_KEY: BindParameter[int] = bindparam("key")
_NOW: BindParameter[int] = bindparam("now")
_INSTANTS = (membership.c.published, membership.c.expires, membership.c.withdrawn)
# A date or a max-age must not tell of an article before it is published.
_IS_PUBLIC = membership.c.published <= _NOW


@dataclass(frozen=True, slots=True)
class Times:
    """What time does to one channel, in seconds since the epoch.

    Attributes:
        last_modified: when it last showed something else.
        next_change: when it will next, infinity where that is not known.
        next_loss: when something in it will next expire or be withdrawn, likewise.
    """

    last_modified: int
    next_change: float
    next_loss: float


def times(connection: Connection, key: int, now: int) -> Times:
    """What time does to a channel; `key` is its row's."""
    return Times(
        last_modified(connection, key, now), next_change(connection, key, now), next_loss(connection, key, now)
    )


def last_modified(connection: Connection, key: int, now: int) -> int:
    """When a channel last showed something else: by its last revision, or as time passed.

    Args:
        key: of the channel's row.
        now: seconds since the epoch.
    """
    row = connection.execute(_LAST_MODIFIED, {"key": key, "now": now}).one()
    return max(at or 0 for at in row)


def next_change(connection: Connection, key: int, now: int) -> float:
    """The next instant at which a channel will show something else; infinity where none is known."""
    return _first(connection, _NEXT_CHANGE, key, now)


def next_loss(connection: Connection, key: int, now: int) -> float:
    """The next instant at which something that a channel shows expires or is withdrawn; infinity for none."""
    return _first(connection, _NEXT_LOSS, key, now)


def _first(connection: Connection, query: Executable, key: int, now: int) -> float:
    return min(inf if at is None else at for at in connection.execute(query, {"key": key, "now": now}).one())


def _of_channel(value: ColumnElement[int], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(value).where(membership.c.channel == _KEY, *conditions).scalar_subquery()


# Built once, and each is one statement with a look into an index for each instant: a sync asks several times.
_LAST_MODIFIED = select(
    select(channel.c.modified).where(channel.c.key == _KEY).scalar_subquery(),
    *(_of_channel(func.max(column), _IS_PUBLIC, column <= _NOW) for column in _INSTANTS),
)
_NEXT_CHANGE = select(*(_of_channel(func.min(column), column > _NOW) for column in _INSTANTS))
_NEXT_LOSS = select(*(_of_channel(func.min(column), _IS_PUBLIC, column > _NOW) for column in _INSTANTS[1:]))
