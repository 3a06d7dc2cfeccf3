"""What time alone changes in a channel: an instant in; when it last and when it next shows something else out."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from feedsvc.catalog.schema import channel, membership

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_INSTANTS = (membership.c.published, membership.c.expires, membership.c.withdrawn)


def last_modified(connection: Connection, key: int, now: int) -> int:
    """When a channel last showed something else: by its last revision, or as time passed.

    Args:
        key: of the channel's row.
        now: seconds since the epoch.
    """
    modified = connection.scalar(select(channel.c.modified).where(channel.c.key == key)) or 0
    passed = (_scalar(connection, func.max(column), key, _is_public(now), column <= now) for column in _INSTANTS)
    return max(modified, *(at or 0 for at in passed))


def next_change(connection: Connection, key: int, now: int) -> float:
    """The next instant at which a channel will show something else; infinity where none is known."""
    coming = (_scalar(connection, func.min(column), key, column > now) for column in _INSTANTS)
    return min(inf if at is None else at for at in coming)


def next_loss(connection: Connection, key: int, now: int) -> float:
    """The next instant at which something that a channel shows expires or is withdrawn; infinity for none."""
    coming = (_scalar(connection, func.min(column), key, _is_public(now), column > now) for column in _INSTANTS[1:])
    return min(inf if at is None else at for at in coming)


def _is_public(now: int) -> ColumnElement[bool]:
    # A date or a max-age must not tell of an article before it is published.
    return membership.c.published <= now


def _scalar(
    connection: Connection, value: ColumnElement[int], key: int, *conditions: ColumnElement[bool]
) -> int | None:
    at: int | None = connection.scalar(select(value).where(membership.c.channel == key, *conditions))
    return at
