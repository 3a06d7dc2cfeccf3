"""Where each article shows: settled claims and removals in; memberships, and the channels that they touch, out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, delete, insert, or_, select, update

from feedsvc.catalog.batches import batches
from feedsvc.catalog.channels import SITE, TAGS, Channels
from feedsvc.catalog.schema import article, identity, membership

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.claims import Claim

Places = dict[int, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Touched:
    """The keys of the channels that a revision touches.

    Attributes:
        all: those that will show something else at some time.
        now: those that show something else at once; what is not yet public is not in it, so that no date tells of it.
    """

    all: frozenset[int]
    now: frozenset[int]


def touched(connection: Connection, claims: Sequence[Claim], removed: Sequence[int], *, now: int) -> Touched:
    """The channels that articles were in, and those they are in now; read before `place` and `remove` write.

    Args:
        claims: settled ones.
        removed: keys of identities whose article is gone.
        now: seconds since the epoch.
    """
    channels = Channels(connection)
    channels.load(category for claim in claims for category in claim.categories)
    before = _places(connection, [*(claim.key for claim in claims), *removed])
    everywhere: set[int] = set()
    visibly: set[int] = set()
    after = {claim.key: (claim.published <= now, _keys(channels, claim)) for claim in claims}
    for key in {*before, *after}:
        is_visible, keys = after.get(key, (False, []))
        was = before.get(key, [])
        keys = [*keys, *(channel for channel, _ in was)]
        everywhere.update(keys)
        if is_visible or any(published <= now for _, published in was):
            visibly.update(keys)
    return Touched(frozenset(everywhere), frozenset(visibly))


def place(connection: Connection, claims: Sequence[Claim]) -> None:
    """Puts articles into their channels, and out of those they left."""
    channels = Channels(connection)
    channels.load(category for claim in claims for category in claim.categories)
    for batch in batches(claims):
        connection.execute(delete(membership).where(membership.c.key.in_([claim.key for claim in batch])))
        rows = [
            {
                "channel": channel,
                "key": claim.key,
                "id": claim.uri,
                "published": claim.published,
                "expires": claim.expires,
                "withdrawn": claim.withdrawn,
            }
            for claim in batch
            for channel in _keys(channels, claim)
        ]
        connection.execute(insert(membership), rows)
        # Two addresses may swap identities, and a key stands once: all are let go of before one is taken.
        rows = [{"a": claim.address, "k": claim.key, "c": _categories(channels, claim)} for claim in batch]
        where = or_(article.c.key == bindparam("k"), article.c.address == bindparam("a"))
        connection.execute(update(article).where(where).values(key=None), rows)
        keyed = update(article).where(article.c.address == bindparam("a"))
        connection.execute(keyed.values(key=bindparam("k"), categories=bindparam("c")), rows)


def remove(connection: Connection, keys: Sequence[int], *, at: int) -> None:
    """Takes articles back: a tombstone stays of what was public, nothing of what was not."""
    places = _places(connection, keys)
    public = {key for key, rows in places.items() if any(published <= at for _, published in rows)}
    gone = [{"k": key, "at": at} for key in sorted(public)]
    never = [key for key in keys if key not in public]
    if gone:
        connection.execute(
            update(identity).where(identity.c.key == bindparam("k")).values(removed=bindparam("at")), gone
        )
        still = or_(membership.c.withdrawn.is_(None), membership.c.withdrawn > bindparam("at"))
        take_back = update(membership).where(membership.c.key == bindparam("k"), still)
        connection.execute(take_back.values(withdrawn=bindparam("at")), gone)
    for batch in batches(never):
        connection.execute(delete(identity).where(identity.c.key.in_(batch)))


def _places(connection: Connection, keys: Sequence[int]) -> Places:
    """By key of an identity: each channel it is in, and its `published`."""
    places: Places = defaultdict(list)
    columns = (membership.c.key, membership.c.channel, membership.c.published)
    for batch in batches(keys):
        for key, channel, published in connection.execute(select(*columns).where(membership.c.key.in_(batch))):
            places[key].append((channel, published))
    return places


def _keys(channels: Channels, claim: Claim) -> list[int]:
    names = dict.fromkeys(channels.of_tag(category) for category in claim.categories)
    return [channels.key(name, "") for name in (SITE, *names)]


def _categories(channels: Channels, claim: Claim) -> str:
    """An article's categories with the slugs they really have."""
    settled: Iterable[object] = [
        replace(category, slug=channels.of_tag(category).removeprefix(TAGS)) for category in claim.categories
    ]
    return msgspec.json.encode(settled).decode()
