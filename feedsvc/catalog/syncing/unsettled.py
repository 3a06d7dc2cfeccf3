"""Who may be giving up what another record claims: claims, and what is being written, in; the claims that wait out.

Two files swap their names, and one of them is edited at once: it cannot be read yet, so that it still seems to hold
what the other one claims. That one waits until both can be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select

from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import identity, record
from feedsvc.errors import FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import BindParameter, Connection

    from feedsvc.catalog.syncing.claims import Claim
    from feedsvc.catalog.syncing.ledger import Refusal
    from feedsvc.sources import Source


_VALUES: BindParameter[Sequence[str]] = bindparam("values", expanding=True)
_HOLDERS = select(identity.c.address).where(
    or_(identity.c.id.in_(_VALUES), identity.c.digest.in_(_VALUES)), identity.c.removed.is_(None)
)
_MARKS = select(record.c.address, record.c.mark).where(record.c.file.is_(None), record.c.address.in_(_VALUES))


class Unsettled(FeedsvcError):  # noqa: N818 - a reason to wait, not a failure
    """Records claim what others may be giving up.

    Attributes:
        addresses: theirs.
        unread: whether nobody knows what they claim, for they cannot be read either.
    """

    def __init__(self, addresses: Collection[str], *, unread: bool = False) -> None:
        self.addresses = frozenset(addresses)
        self.unread = unread
        super().__init__(f"{min(addresses)} claims what another record may be giving up")


class Overlooked(FeedsvcError):  # noqa: N818 - a reason to look again, not a failure
    """Records differ that were not looked at, or only before they changed, and that hold what others claim.

    Attributes:
        places: their addresses.
    """

    def __init__(self, places: Collection[str]) -> None:
        self.places = frozenset(places)
        super().__init__(f"{min(places)} changed meanwhile")


def check_holders(
    connection: Connection, source: Source, claims: Iterable[Claim], refusals: Iterable[Refusal], known: Collection[str]
) -> None:
    """Looks again at the records that hold what others claim: they may have let go of it a moment ago.

    Args:
        known: addresses of which it is known that they differ.

    Raises:
        Overlooked: where some have.
    """
    holders = {refusal.holder for refusal in refusals}
    values = {value for claim in claims for value in (claim.id, claim.digest) if value}
    for batch in batches(sorted(values)):
        holders.update(connection.scalars(_HOLDERS, {"values": batch}))
    overlooked = _overlooked(connection, source, holders.difference(known))
    if overlooked:
        raise Overlooked(overlooked)


def _overlooked(connection: Connection, source: Source, places: Collection[str]) -> frozenset[str]:
    """Those of some records whose mark is another one now, or that are gone."""
    if not places:
        return frozenset()
    before = {
        address: mark
        for batch in batches(sorted(places))
        for address, mark in connection.execute(_MARKS, {"values": batch})
    }
    now = {address: mark.value for address, mark in source.scan(before)}
    return frozenset(address for address, mark in before.items() if now.get(address) != mark)


def check_settled(
    connection: Connection,
    claims: Iterable[Claim],
    refusals: Iterable[Refusal],
    restless: Collection[str],
    *,
    authority: str,
) -> None:
    """Goes through the claims of one sync, before they are settled or after it.

    Args:
        restless: addresses of what cannot be read yet, or has just gone.
        authority: under which new ids are minted.

    Raises:
        Unsettled: where some have to wait.
    """
    places = set(restless)
    if not places:
        return
    ids: set[str] = set()
    digests: set[str] = set()
    for batch in batches(sorted(places)):
        standing = identity.c.address.in_(batch), identity.c.removed.is_(None)
        for uri, digest in connection.execute(select(identity.c.id, identity.c.digest).where(*standing)):
            ids.add(uri)
            digests.add(digest)
    found = {
        claim.address
        for claim in claims
        if claim.digest in digests
        or claim.id in ids
        or not (claim.id or claim.is_known or ids.isdisjoint({next(claim.uris(authority))}))
    }
    found.update(refusal.address for refusal in refusals if refusal.holder in places)
    if found:
        raise Unsettled(found)
