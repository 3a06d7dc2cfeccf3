"""Many articles that disappear at once: what is gone in; what is taken back, and what is held, out.

An unmounted disk, or a folder that is moved away for a moment, is not ten thousand withdrawals. What disappears is
held where it is at least `LEAST` articles and more than `SHARE` of all: they stay published until somebody confirms
that they are to go, they are there again, or `PATIENCE` has passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import func, select

from feedsvc.catalog import facts
from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import article, identity, record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.syncing.difference import Difference

LEAST = 10
SHARE = 0.2
PATIENCE = 3600.0
"""For how long it is held, in seconds."""
STILL = 60.0
"""Few that are left of what was held are held until nothing has come back for so many seconds."""


class Held(Struct, frozen=True):
    """What came of it.

    Attributes:
        released: addresses whose records are taken for gone.
        told: what is held, for an operator; empty where nothing is, None where not everything was looked at.
    """

    released: tuple[str, ...]
    told: str | None


def hold(connection: Connection, differs: Difference, elsewhere: Collection[str], *, confirm: bool, now: float) -> Held:
    """Decides what becomes of records that are no longer there.

    Args:
        elsewhere: ids and digests of the articles that were read meanwhile: what stands there did not disappear.
        confirm: whether somebody said that they are to go.
        now: seconds since the epoch.
    """
    is_held = differs.is_whole and facts.get(connection, facts.HELD) is not None
    if not confirm and differs.gone and (is_held or len(differs.gone) >= LEAST):
        missing, moved = _sorted_out(connection, differs.gone, elsewhere)
        count = connection.scalar(select(func.count()).select_from(article)) or 0
        are_many = len(missing) >= LEAST and len(missing) > SHARE * count
        are_back_soon = is_held and missing and _are_coming_back(connection, len(missing), now)
        if (are_many or are_back_soon) and _is_early(connection, now):
            # Pictures and all else that disappeared with the articles stay with them.
            return Held(moved, _told(missing, count))
    if confirm or differs.is_whole:
        for name in (facts.HELD, facts.STILL):
            facts.forget(connection, name)
    return Held(tuple(differs.gone), "" if differs.is_whole else None)


def _is_early(connection: Connection, now: float) -> bool:
    """Whether they have not been gone for long; noted where it is seen for the first time."""
    noted = facts.get(connection, facts.HELD)
    if noted is None:
        facts.put(connection, facts.HELD, msgspec.json.encode(now).decode())
        return True
    return now - msgspec.json.decode(noted, type=float) < PATIENCE


def _are_coming_back(connection: Connection, count: int, now: float) -> bool:
    """Whether it is not long ago that more were gone than now, or others."""
    noted = facts.get(connection, facts.STILL)
    before, since = msgspec.json.decode(noted, type=tuple[int, float]) if noted else (-1, now)
    if count != before:
        facts.put(connection, facts.STILL, msgspec.json.encode((count, now)).decode())
        return True
    return now - since < STILL


def _sorted_out(
    connection: Connection, gone: Sequence[str], elsewhere: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the records that are gone, those whose articles stand nowhere else, and those whose articles do."""
    missing: set[str] = set()
    moved: set[str] = set()
    for batch in batches(gone):
        standing = identity.c.address.in_(batch), identity.c.removed.is_(None)
        columns = identity.c.address, identity.c.digest, identity.c.id
        for address, digest, uri in connection.execute(select(*columns).where(*standing)):
            (moved if digest in elsewhere or uri in elsewhere else missing).add(address)
        several = select(record.c.file).where(record.c.file.in_(batch)).distinct()
        missing.update(connection.scalars(several))
    return tuple(sorted(missing)), tuple(sorted(moved))


def _told(missing: Sequence[str], count: int) -> str:
    return (
        f"{len(missing):,} of {count:,} articles disappeared at once, {missing[0]} among them; they stay published for "
        f"{PATIENCE / 3600:g} hours (bring them back, or say that they are to go: feedsvc sync --confirm)"
    )
