"""Many articles that disappear at once: what is gone in; what is taken back, and what is held, out.

An unmounted disk, or a folder that is moved away for a moment, is not ten thousand withdrawals. What disappears is
held where it is at least `LEAST` articles and more than `SHARE` of all: they stay published until somebody confirms
that they are to go, they are there again, or `PATIENCE` has passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from feedsvc.catalog import facts
from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import article, identity, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.claims import Claim
    from feedsvc.catalog.difference import Difference

LEAST = 10
SHARE = 0.2
PATIENCE = 3600.0
"""For how long it is held, in seconds."""


@dataclass(frozen=True, slots=True)
class Held:
    """What came of it.

    Attributes:
        released: addresses whose records are taken for gone.
        told: what is held, for an operator; empty where nothing is, None where not everything was looked at.
    """

    released: tuple[str, ...]
    told: str | None


def hold(connection: Connection, differs: Difference, claims: Iterable[Claim], *, confirm: bool, now: float) -> Held:
    """Decides what becomes of records that are no longer there.

    Args:
        claims: of the articles that were read meanwhile: a text that stands elsewhere now did not disappear.
        confirm: whether somebody said that they are to go.
        now: seconds since the epoch.
    """
    gone = tuple(differs.gone)
    missing = _missing(connection, gone, claims) if len(gone) >= LEAST else ()
    count = connection.scalar(select(func.count()).select_from(article)) or 0 if missing else 0
    if not confirm and len(missing) >= LEAST and len(missing) > SHARE * count and _is_early(connection, now):
        return Held(tuple(sorted(set(gone).difference(missing))), _told(missing, count))
    if confirm or differs.is_whole:
        facts.forget(connection, facts.HELD)
    return Held(gone, "" if differs.is_whole else None)


def _is_early(connection: Connection, now: float) -> bool:
    """Whether they have not been gone for long; noted where it is seen for the first time."""
    noted = facts.get(connection, facts.HELD)
    if noted is None:
        facts.put(connection, facts.HELD, msgspec.json.encode(now).decode())
        return True
    return now - msgspec.json.decode(noted, type=float) < PATIENCE


def _missing(connection: Connection, gone: Sequence[str], claims: Iterable[Claim]) -> tuple[str, ...]:
    """The records among those that are gone whose articles stand nowhere else."""
    found: set[str] = set()
    moved = {claim.digest for claim in claims}
    for batch in batches(gone):
        standing = identity.c.address.in_(batch), identity.c.removed.is_(None)
        for address, digest in connection.execute(select(identity.c.address, identity.c.digest).where(*standing)):
            if digest not in moved:
                found.add(address)
        several = select(record.c.file).where(record.c.file.in_(batch)).distinct()
        found.update(connection.scalars(several))
    return tuple(sorted(found))


def _told(missing: Sequence[str], count: int) -> str:
    return (
        f"{len(missing):,} of {count:,} articles disappeared at once, {missing[0]} among them; they stay published for "
        f"{PATIENCE / 3600:g} hours (bring them back, or say that they are to go: feedsvc sync --confirm)"
    )
