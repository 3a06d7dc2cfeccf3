"""What a revision takes back, or moves: settled claims, and where articles stood, in; slugs and channels out."""

from __future__ import annotations

from collections import defaultdict
from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import bindparam, select

from feedsvc.catalog.batches import batches
from feedsvc.catalog.channels import SITE
from feedsvc.catalog.schema import channel, identity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.syncing.channels import Channels
    from feedsvc.catalog.syncing.claims import Claim
    from feedsvc.catalog.syncing.places import Place
    from feedsvc.config import Site

_SLUGS = select(identity.c.slug).where(
    identity.c.key.in_(bindparam("keys", expanding=True)), identity.c.slug.is_not(None)
)
_NAMES = select(channel.c.key, channel.c.name).where(channel.c.key.in_(bindparam("keys", expanding=True)))


class Undone(Struct, frozen=True):
    """What a revision took back, or moved; nothing of it was hidden before.

    Attributes:
        base_url: the site's, below which all of it stood.
        pages: the slugs under which articles stood that are gone or stand elsewhere, and those under which they stand.
        channels: by the name of each channel that lost an article, when those it lost had been published, in seconds
            since the epoch: in which of its archives they were follows from that.
        archive: the period whose articles an archive holds.
        zone: the time zone of the site's years and months.
    """

    base_url: str
    pages: tuple[str, ...]
    channels: Mapping[str, frozenset[int]]
    archive: str = "month"
    zone: str = "UTC"


def undone(  # noqa: PLR0913 - all that a revision changes
    connection: Connection,
    channels: Channels,
    claims: Sequence[Claim],
    before: Mapping[int, Sequence[Place]],
    vacated: Mapping[str, int],
    *,
    site: Site,
    now: int,
) -> Undone | None:
    """What showed, and does not any more, or elsewhere, or for less long than caches may keep it; None for nothing.

    Args:
        claims: settled ones.
        before: by key, where articles stood, those of which there is no claim (any more) too.
        vacated: the slugs that changed hands, each with the key of whose it was.
        now: seconds since the epoch.
    """
    there = {claim.key: claim for claim in claims}
    home, until = channels.key(SITE), now + site.max_age + site.stale
    lost: defaultdict[int, set[int]] = defaultdict(set)
    gone: set[int] = set()
    for key, places in before.items():
        for place in _lost(channels, there.get(key), places, now=now, until=until):
            lost[place.channel].add(place.published)
            gone.update([key] if place.channel == home else ())
    left = {slug: key for slug, key in vacated.items() if any(place.is_shown(now) for place in before.get(key, ()))}
    if not lost and not left:
        return None
    pages = {*left, *_slugs(connection, gone.union(left.values()))}
    hidden = {each.name for each in site.channels if each.private}
    names = {key: name for key, name in _names(connection, lost).items() if name not in hidden}
    public = {name: frozenset(lost[key]) for key, name in names.items()}
    if not public and not left:
        return None
    return Undone(site.base_url, tuple(sorted(pages)), public, site.archive, site.zone)


def _lost(channels: Channels, claim: Claim | None, places: Sequence[Place], *, now: int, until: int) -> Iterator[Place]:
    """The places where an article showed that it has lost, or will before a cache lets go of what it showed there."""
    after = channels.keys(claim) if claim and claim.is_shown(now) else ()
    end = _end(claim.expires, claim.withdrawn) if claim else -inf
    for place in places:
        is_shortened = end < min(_end(place.expires, place.withdrawn), until)
        if place.is_shown(now) and (place.channel not in after or is_shortened):
            yield place


def _end(*ends: int | None) -> float:
    return min((end for end in ends if end is not None), default=inf)


def _slugs(connection: Connection, keys: Collection[int]) -> Iterator[str]:
    for batch in batches(sorted(keys)):
        yield from connection.scalars(_SLUGS, {"keys": batch})


def _names(connection: Connection, keys: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for batch in batches(sorted(keys)):
        found.update((row.key, row.name) for row in connection.execute(_NAMES, {"keys": batch}))
    return found
