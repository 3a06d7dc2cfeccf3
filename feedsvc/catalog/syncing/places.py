"""Where each article shows: settled claims and removals in; memberships, and the channels that they touch, out."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, delete, not_, or_, select, update

from feedsvc.catalog.batches import batches
from feedsvc.catalog.rows import as_json
from feedsvc.catalog.schema import alias, article, channel, identity, membership
from feedsvc.catalog.syncing.bulk import insert_rows
from feedsvc.catalog.syncing.subjects import Subject
from feedsvc.text.subjects import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import BindParameter, Connection, Delete

    from feedsvc.catalog.syncing.channels import Channels
    from feedsvc.catalog.syncing.claims import Claim
    from feedsvc.model import Category

_KEYS: BindParameter[Sequence[int]] = bindparam("keys", expanding=True)
_PLACES = select(
    *(membership.c[name] for name in ("key", "channel", "published", "updated", "expires", "withdrawn")),
).where(membership.c.key.in_(_KEYS))
_LEAVE, _LEAVE_ALIASES = (delete(table).where(table.c.key.in_(_KEYS)) for table in (membership, alias))

# In the channels of the settings no tombstone tells that it was there: some are private.
_IN_SETTINGS = membership.c.channel.in_(select(channel.c.key).where(channel.c.name.startswith(f"{CHANNELS}/")))
_LEAVE_SETTINGS = delete(membership).where(membership.c.key.in_(_KEYS), _IN_SETTINGS)
_GOES_ON = or_(membership.c.withdrawn.is_(None), membership.c.withdrawn > bindparam("at"))
_EVERYWHERE_ELSE = (membership.c.key.in_(_KEYS), not_(_IN_SETTINGS), _GOES_ON)
_LEAVE_UNSEEN = delete(membership).where(*_EVERYWHERE_ELSE, membership.c.published > bindparam("at"))
_WITHDRAW = update(membership).where(*_EVERYWHERE_ELSE).values(withdrawn=bindparam("at"))


class Place(Struct, frozen=True):
    """Where an article stood before: a channel, and what decides whether it showed."""

    channel: int
    published: int
    updated: int
    expires: int | None
    withdrawn: int | None

    def is_public(self, now: int) -> bool:
        """Whether it was published at an instant; it may have ended since."""
        return self.published <= now

    def is_shown(self, now: int) -> bool:
        """Whether it showed at an instant."""
        return self.is_public(now) and all(end is None or end > now for end in (self.expires, self.withdrawn))


class Touched(Struct, frozen=True):
    """The keys of the channels that a revision touches.

    Attributes:
        all: those that will show something else at some time.
        now: those that show something else at once; what is not yet public is not in it, so that no date tells of it.
        lost: those from which something that showed is taken back.
    """

    all: frozenset[int]
    now: frozenset[int]
    lost: frozenset[int]

    def __or__(self, other: Touched) -> Touched:
        """Those of either."""
        return Touched(self.all | other.all, self.now | other.now, self.lost | other.lost)


NOTHING = Touched(frozenset(), frozenset(), frozenset())


def touched(channels: Channels, claims: Sequence[Claim], before: Mapping[int, Sequence[Place]], *, now: int) -> Touched:
    """The channels that articles were in, and those they are in now.

    Args:
        claims: settled ones.
        before: by key, where articles stood, those of which there is no claim (any more) too.
        now: seconds since the epoch.
    """
    changed = {claim.key: claim for claim in claims if not claim.is_idle}
    everywhere: set[int] = set()
    visibly: set[int] = set()
    lost: set[int] = set()
    for key in {**changed, **before}:
        claim, places = changed.get(key), before.get(key, ())
        after = channels.keys(claim) if claim else ()
        everywhere.update(after, (place.channel for place in places))
        visibly.update(place.channel for place in places if place.is_public(now))
        visibly.update(after if claim and claim.published <= now else ())
        still = after if claim and claim.is_shown(now) else ()
        lost.update(place.channel for place in places if place.is_shown(now) and place.channel not in still)
    return Touched(frozenset(everywhere), frozenset(visibly), frozenset(lost))


def showing(connection: Connection, keys: Collection[int], *, now: int) -> Touched:
    """The channels of articles that are as they were, but for a file that they show."""
    places = list(chain.from_iterable(places_of(connection, sorted(keys)).values()))
    visibly = frozenset(place.channel for place in places if place.is_public(now))
    return Touched(frozenset(place.channel for place in places), visibly, frozenset())


def place(
    connection: Connection,
    channels: Channels,
    claims: Sequence[Claim],
    before: Mapping[int, Sequence[Place]],
    *,
    is_first: bool,
) -> None:
    """Puts articles into their channels, and out of those they left; and their former addresses beside them.

    Those that are for an audience stay where everybody could read them until `hide`.

    Args:
        before: by key, where they stood; not of those that are idle.
        is_first: whether none of them was anywhere before.
    """
    for batch in batches(claims):
        moved = batch if is_first else [claim for claim in batch if not _stays(channels, claim, before)]
        if not is_first:
            stood = [claim for claim in moved if claim.is_idle or before.get(claim.key)]
            _leave(connection, _LEAVE, [claim.key for claim in stood if claim.is_public])
            _leave(connection, _LEAVE_SETTINGS, [claim.key for claim in stood if not claim.is_public])
            _leave(connection, _LEAVE_ALIASES, [claim.key for claim in batch])
        insert_rows(connection, membership, [row for claim in moved for row in _memberships(channels, claim)])
        insert_rows(connection, alias, [(path, claim.key) for claim in batch for path in sorted(claim.aliases)])
        renamed = [claim for claim in batch if _categories(channels, claim) != claim.categories]
        if renamed:
            rows = [{"a": claim.address, "c": as_json(_categories(channels, claim))} for claim in renamed]
            at_home = article.c.address == bindparam("a")
            connection.execute(update(article).where(at_home).values(categories=bindparam("c")), rows)


def remove(connection: Connection, keys: Sequence[int], *, at: int, now: int) -> None:
    """Takes articles back: a tombstone stays of what was public, nothing of what was not.

    Args:
        at: the instant of their removal.
        now: the clock's, which may be behind it.
    """
    places = places_of(connection, keys)
    public = {key for key in keys if any(place.is_public(min(at, now)) for place in places[key])}
    never = [key for key in keys if key not in public]
    gone = [{"k": key, "at": at} for key in keys if key in public]
    if gone:
        by_key = update(identity).where(identity.c.key == bindparam("k"))
        connection.execute(by_key.values(removed=bindparam("at")), gone)
        still = or_(membership.c.withdrawn.is_(None), membership.c.withdrawn > bindparam("at"))
        take_back = update(membership).where(membership.c.key == bindparam("k"), still)
        connection.execute(take_back.values(withdrawn=bindparam("at")), gone)
    for batch in batches(never):
        connection.execute(delete(identity).where(identity.c.key.in_(batch)))


def hide(connection: Connection, claims: Sequence[Claim], *, at: int) -> None:
    """Withdraws articles that are for an audience from wherever everybody saw them.

    Args:
        at: the instant of that.
    """
    for batch in batches([claim.key for claim in claims if not claim.is_public]):
        connection.execute(_LEAVE_UNSEEN, {"keys": batch, "at": at})
        connection.execute(_WITHDRAW, {"keys": batch, "at": at})


def places_of(connection: Connection, keys: Sequence[int]) -> defaultdict[int, list[Place]]:
    """By key of an identity, each place it has."""
    places: defaultdict[int, list[Place]] = defaultdict(list)
    for batch in batches(keys):
        for key, *place in connection.execute(_PLACES, {"keys": batch}):
            places[key].append(Place(*place))
    return places


def _leave(connection: Connection, statement: Delete, keys: Sequence[int]) -> None:
    if keys:
        connection.execute(statement, {"keys": keys})


def _stays(channels: Channels, claim: Claim, before: Mapping[int, Sequence[Place]]) -> bool:
    """Whether an article stands where it stood, with the same dates, as most do whose text was mended."""
    dates = claim.published, claim.updated, claim.expires, claim.withdrawn
    stood = before.get(claim.key, ())
    is_same = all((each.published, each.updated, each.expires, each.withdrawn) == dates for each in stood)
    return is_same and claim.is_public and {each.channel for each in stood} == set(channels.keys(claim))


def _memberships(channels: Channels, claim: Claim) -> list[tuple[Any, ...]]:
    rest = (claim.key, claim.uri, claim.published, claim.updated, claim.expires, claim.withdrawn)
    return [(channel, *rest) for channel in channels.keys(claim)]


def _categories(channels: Channels, claim: Claim) -> tuple[Category, ...]:
    """An article's categories with the slugs they really have."""
    names = {each: channels.of(Subject(each.name, each.term)) for each in claim.categories}
    if all(name == each.name for each, name in names.items()):
        return claim.categories
    return tuple(replace(each, slug=name.partition("/")[2]) for each, name in names.items())
