"""The ledger: which id and which slug each article has, for good. Claims in; settled claims and refusals out.

An id follows, in this order: what the record says; its text, when the file that held it is gone or holds another one;
its address; the `tag:` URI that its date and slug make. Whoever holds an id or a slug keeps it; of several that are new
the one with the earlier `published`, then the lesser address, gets it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct

from feedsvc.catalog.syncing.identities import Identities, Identity
from feedsvc.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.syncing.claims import Claim


class Refusal(Struct, frozen=True):
    """A claim that another article's stands against.

    Attributes:
        holder: the address of that other one.
        fault: what the author is told; the article is published all the same where its claim has a key.
    """

    address: str
    holder: str
    fault: Fault


class Ledger:
    """Settles the claims of one sync.

    Args:
        connection: a writing transaction.
        claims: of all articles that changed; each gets its `key` and `uri` here, unless all of it is refused.
        gone: the addresses whose record is gone, or is no article any more.
        authority: under which new ids are minted.

    Attributes:
        refusals: what could not be given, once settled.
        vacated: the slugs that changed hands, each with the key of whose it was.
    """

    def __init__(
        self,
        connection: Connection,
        claims: Sequence[Claim],
        *,
        gone: Collection[str],
        authority: str,
    ) -> None:
        self.refusals: list[Refusal] = []
        self.vacated: dict[str, int] = {}
        self._claims = claims
        self._authority = authority
        self._moving = {claim.address for claim in claims} | set(gone)
        self._identities = Identities(connection)
        self._former: dict[str, int] = {}

    def settle(self) -> None:
        """Gives every claim its identity and slug, and writes them."""
        self._identities.load(self._claims, authority=self._authority)
        settled = self._settle_ids()
        self._settle_slugs(settled)
        for claim, held in settled.items():
            claim.key, claim.uri = held.key, held.id
            held.address, held.digest, held.removed = claim.address, claim.digest, None
            claim.is_idle = claim.is_waiting and held.stands
        self._identities.write(settled.values(), former=self._former)

    # Ids

    def _settle_ids(self) -> dict[Claim, Identity]:
        found: dict[Claim, Identity] = {}
        ordered = sorted(self._claims, key=self._id_order)
        finds = (self._by_own_id, self._by_text, self._by_place, self._mint)
        for find in finds[-1:] if self._identities.are_none else finds:
            for claim in ordered:
                if claim not in found and (held := find(claim)) is not None:
                    held.is_claimed = True
                    found[claim] = held
        return found

    def _id_order(self, claim: Claim) -> tuple[bool, int, str]:
        holder = self._identities.by_id.get(claim.id)
        return (holder is None or holder.address != claim.address, claim.published, claim.address)

    def _by_own_id(self, claim: Claim) -> Identity | None:
        held = self._identities.by_id.get(claim.id)
        return held if held is not None and self._is_free(held, claim) else None

    def _by_text(self, claim: Claim) -> Identity | None:
        at_home = self._identities.by_address.get(claim.address)
        if claim.id or (at_home is not None and at_home.digest == claim.digest):
            return None
        alike = (held for held in self._identities.by_digest[claim.digest] if self._is_free(held, claim))
        return min(alike, key=lambda held: (held.removed is not None, held.id), default=None)

    def _by_place(self, claim: Claim) -> Identity | None:
        held = self._at_home(claim)
        if held is None or (held.removed is not None and not claim.is_known):
            return None
        holder = self._identities.by_id.get(claim.id)
        if holder is not None:
            self._refuse(claim, holder, "id")
        return held if holder is not None or not claim.id else None

    def _mint(self, claim: Claim) -> Identity | None:
        for uri in [claim.id] if claim.id else claim.uris(self._authority):
            held = self._identities.with_id(uri)
            if held is None:
                return self._identities.new(uri, claim)
            if self._is_free(held, claim):
                return held
        self._refuse(claim, self._identities.by_id[claim.id], "id")
        home = self._at_home(claim)
        return home if home is not None and home.removed is None else None

    def _at_home(self, claim: Claim) -> Identity | None:
        """The identity that stood at the claim's address, where no other claim has it."""
        held = self._identities.by_address.get(claim.address)
        return None if held is None or held.is_claimed else held

    def _is_free(self, held: Identity, claim: Claim) -> bool:
        """Whether the record that holds an identity has let go of it, or is this one."""
        if held.is_claimed:
            return False
        return held.removed is not None or held.address == claim.address or held.address in self._moving

    # Slugs

    def _settle_slugs(self, settled: dict[Claim, Identity]) -> None:
        asking = [(claim, held) for claim, held in settled.items() if held.slug is None or held.wanted != claim.slug]
        asking.sort(key=lambda pair: (not pair[0].slug_is_explicit, pair[0].published, pair[0].address))
        for _, held in asking:  # first, so that two articles may swap theirs
            self._identities.by_slug.pop(held.slug or "", None)
        for claim, held in asking:
            if not self._give_slug(claim, held):
                self._go_on_as_before(claim, settled)

    def _give_slug(self, claim: Claim, held: Identity) -> bool:
        """Gives a claim the best slug that is free; False where an explicit one is not, and it never had another."""
        holder = self._identities.with_slug(claim.slug)
        candidates = claim.slugs
        if claim.slug_is_explicit and holder is not None and not self._has_left(holder):
            self._refuse(claim, holder, "slug")
            if held.slug is not None:
                candidates = chain((held.slug,), candidates)
            elif holder.is_explicit:
                return False
        self._take(next(filter(self._is_free_slug, candidates)), claim, held)
        return True

    def _take(self, slug: str, claim: Claim, held: Identity) -> None:
        before = self._identities.by_slug.get(slug)
        if before is not None:
            before.slug = None
            self.vacated[slug] = before.key
        if held.slug is not None and held.slug != slug:
            self._former[held.slug] = self.vacated[held.slug] = held.key
        self._identities.by_slug[slug] = held
        held.slug = slug
        if not claim.is_refused:  # else it asks again when it is next read
            held.wanted, held.is_explicit = claim.slug, claim.slug_is_explicit

    def _go_on_as_before(self, claim: Claim, settled: dict[Claim, Identity]) -> None:
        """Publishes an article that asked for a new id and a slug it cannot have under those that it had."""
        self._identities.forget(settled.pop(claim))
        home = self._at_home(claim)
        if home is not None and home.removed is None and home.slug is not None:
            home.is_claimed = True
            settled[claim] = home

    def _is_free_slug(self, slug: str) -> bool:
        holder = self._identities.with_slug(slug)
        return holder is None or self._has_left(holder)

    def _has_left(self, holder: Identity) -> bool:
        return not holder.is_claimed and (holder.removed is not None or holder.address in self._moving)

    def _refuse(self, claim: Claim, holder: Identity, key: str) -> None:
        value, one = (claim.id, "an id") if key == "id" else (claim.slug, "a slug")
        problem = f"{key}: {value!r} is the {key} of {holder.address} too"
        fault = Fault(claim.address, 1, 1, problem, f"give each article {one} of its own")
        claim.is_refused = True
        self.refusals.append(Refusal(claim.address, holder.address, fault))
