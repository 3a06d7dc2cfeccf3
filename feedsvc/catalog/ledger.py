"""The ledger: which id and which slug each article has, for good. Claims in; settled claims and refusals out.

An id follows, in this order: what the record says; its text, when the file that held it is gone or holds another one;
its address; the `tag:` URI that its date and slug make. Whoever holds an id or a slug keeps it; of several that are new
the one with the earlier `published`, then the lesser address, gets it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import former_slug, identity
from feedsvc.errors import Fault
from feedsvc.text.ids import tag_uri
from feedsvc.text.slugs import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.claims import Claim


@dataclass(slots=True, eq=False)
class Identity:
    """One row of the ledger, while it is being settled."""

    key: int
    id: str
    address: str
    digest: str
    wanted: str
    slug: str | None
    removed: int | None
    is_claimed: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that another article's stands against.

    Attributes:
        holder: the address of that other one.
        is_new: whether the refused one has no identity at all, so that nothing of it can be published.
    """

    address: str
    holder: str
    is_new: bool
    fault: Fault


class Ledger:
    """Settles the claims of one sync.

    Args:
        connection: a writing transaction.
        claims: of all articles that changed; each gets its `key` and `uri` here.
        known: the addresses that had a record before.
        gone: the addresses whose record is gone, or is no article any more.
        authority: under which new ids are minted.
    """

    def __init__(
        self,
        connection: Connection,
        claims: Sequence[Claim],
        *,
        known: Collection[str],
        gone: Collection[str],
        authority: str,
    ) -> None:
        self._connection = connection
        self._claims = claims
        self._known = known
        self._authority = authority
        self._moving = {claim.address for claim in claims} | set(gone)
        self._by_id: dict[str, Identity] = {}
        self._by_slug: dict[str, Identity] = {}
        self._by_address: dict[str, Identity] = {}
        self._by_digest: defaultdict[str, list[Identity]] = defaultdict(list)
        self._next_key = 1
        self._new: set[int] = set()
        self._former: dict[str, int] = {}
        self.refusals: list[Refusal] = []

    def settle(self) -> None:
        """Gives every claim its identity and slug, and writes them; what cannot be given is in `refusals`."""
        self._load()
        settled = self._settle_ids()
        self._settle_slugs(settled)
        self._write(settled)

    # Ids

    def _settle_ids(self) -> list[tuple[Claim, Identity]]:
        found: dict[str, Identity] = {}
        ordered = sorted(
            self._claims, key=lambda claim: (not self._holds_its_id(claim), claim.published, claim.address)
        )
        for find in (self._by_own_id, self._by_text, self._by_place):
            for claim in ordered:
                if claim.address not in found and (identity := find(claim)) is not None and not identity.is_claimed:
                    identity.is_claimed = True
                    found[claim.address] = identity
        for claim in ordered:
            if claim.address not in found and (minted := self._mint(claim)) is not None:
                found[claim.address] = minted
        return [(claim, found[claim.address]) for claim in ordered if claim.address in found]

    def _holds_its_id(self, claim: Claim) -> bool:
        holder = self._by_id.get(claim.id)
        return holder is not None and holder.address == claim.address

    def _by_own_id(self, claim: Claim) -> Identity | None:
        held = self._by_id.get(claim.id)
        return held if held is not None and self._is_free(held, claim) else None

    def _by_text(self, claim: Claim) -> Identity | None:
        if claim.id:
            return None
        at_home = self._by_address.get(claim.address)
        if at_home is not None and at_home.digest == claim.digest:
            return None
        alike = (held for held in self._by_digest[claim.digest] if self._is_free(held, claim))
        return min(alike, key=lambda held: (held.removed is not None, held.id), default=None)

    def _by_place(self, claim: Claim) -> Identity | None:
        held = self._by_address.get(claim.address)
        if held is None or held.is_claimed or (held.removed is not None and claim.address not in self._known):
            return None
        holder = self._by_id.get(claim.id)
        if holder is not None:
            self._refuse(claim, holder, "id", is_new=False)
        return held if holder is not None or not claim.id else None

    def _is_free(self, held: Identity, claim: Claim) -> bool:
        """Whether the record that holds an identity has let go of it, or is this one."""
        if held.is_claimed:
            return False
        return held.removed is not None or held.address == claim.address or held.address in self._moving

    def _mint(self, claim: Claim) -> Identity | None:
        for uri in self._uris(claim):
            held = self._by_id.get(uri)
            if held is None:
                return self._new_identity(uri, claim)
            if self._is_free(held, claim):
                held.is_claimed = True
                return held
        self._refuse(claim, self._by_id[uri], "id", is_new=True)
        return None

    def _uris(self, claim: Claim) -> tuple[str, ...]:
        if claim.id:
            return (claim.id,)
        return tuple(
            tag_uri(self._authority, claim.written_date, name)
            for name in (claim.slug, f"{claim.slug}-{digest(claim.address)}")
        )

    def _new_identity(self, uri: str, claim: Claim) -> Identity:
        minted = Identity(self._next_key, uri, claim.address, claim.digest, "", None, None, is_claimed=True)
        self._next_key += 1
        self._new.add(minted.key)
        self._by_id[uri] = minted
        return minted

    # Slugs

    def _settle_slugs(self, settled: Iterable[tuple[Claim, Identity]]) -> None:
        asking = [(claim, held) for claim, held in settled if held.slug is None or held.wanted != claim.slug]
        asking.sort(key=lambda pair: (not pair[0].slug_is_explicit, pair[0].published, pair[0].address))
        for _, held in asking:  # first, so that two articles may swap theirs
            self._by_slug.pop(held.slug or "", None)
        for claim, held in asking:
            self._give_slug(claim, held)

    def _give_slug(self, claim: Claim, held: Identity) -> None:
        wanted = next((slug for slug in claim.slugs if self._has_no_holder(slug)), None)
        if wanted is None:
            self._refuse(claim, self._by_slug[claim.slug], "slug", is_new=held.slug is None)
            own = held.slug or ""
            wanted = own if own not in self._by_slug else f"{own}-{digest(claim.address)}"
        if not wanted:
            return
        before = self._by_slug.get(wanted)
        if before is not None:
            before.slug = None
        if held.slug is not None and held.slug != wanted:
            self._former[held.slug] = held.key
        self._by_slug[wanted] = held
        held.slug, held.wanted = wanted, claim.slug

    def _has_no_holder(self, slug: str) -> bool:
        holder = self._by_slug.get(slug)
        if holder is None:
            return True
        return not holder.is_claimed and (holder.removed is not None or holder.address in self._moving)

    def _refuse(self, claim: Claim, holder: Identity, key: str, *, is_new: bool) -> None:
        value = claim.id if key == "id" else claim.slug
        problem = f"{key}: {value!r} is the {key} of {holder.address} too"
        fault = Fault(claim.address, 0, 0, problem, f"give each article a {key} of its own")
        self.refusals.append(Refusal(claim.address, holder.address, is_new, fault))

    # Rows

    def _load(self) -> None:
        columns = identity.c
        self._next_key = (self._connection.scalar(select(columns.key).order_by(columns.key.desc()).limit(1)) or 0) + 1
        if self._next_key == 1:
            return
        for column, values in (
            (columns.id, [uri for claim in self._claims for uri in self._uris(claim)]),
            (columns.address, [claim.address for claim in self._claims]),
            (columns.digest, [claim.digest for claim in self._claims]),
            (columns.slug, [slug for claim in self._claims for slug in claim.slugs]),
        ):
            for batch in batches(values):
                for row in self._connection.execute(select(identity).where(column.in_(batch))):
                    self._remember(Identity(**row._asdict()))

    def _remember(self, held: Identity) -> None:
        if held.id in self._by_id:
            return
        self._by_id[held.id] = held
        self._by_digest[held.digest].append(held)
        if held.slug is not None:
            self._by_slug[held.slug] = held
        at_home = self._by_address.get(held.address)
        if at_home is None or at_home.removed is not None:
            self._by_address[held.address] = held

    def _write(self, settled: Iterable[tuple[Claim, Identity]]) -> None:
        refused = {refusal.address for refusal in self.refusals if refusal.is_new}
        kept = [(claim, identity) for claim, identity in settled if claim.address not in refused]
        for claim, held in kept:
            claim.key, claim.uri = held.key, held.id
            held.address, held.digest, held.removed = claim.address, claim.digest, None
        everyone = {held.key: held for held in self._by_id.values() if held.key not in self._new}
        # Slugs are unique: those that change hands are let go of before they are taken.
        self._each(
            update(identity).where(identity.c.key == bindparam("k")).values(slug=None), [{"k": key} for key in everyone]
        )
        self._each(insert(identity), [_row(held) for _, held in kept if held.key in self._new])
        self._each(
            update(identity)
            .where(identity.c.key == bindparam("k"))
            .values({column.name: bindparam(column.name) for column in identity.c if column.name != "key"}),
            [_row(held) | {"k": held.key} for held in everyone.values()],
        )
        self._each(
            delete(former_slug).where(former_slug.c.slug == bindparam("s")), [{"s": held.slug} for _, held in kept]
        )
        former = [{"slug": slug, "key": key} for slug, key in self._former.items() if slug not in self._by_slug]
        self._each(insert(former_slug), former)

    def _each(self, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(statement, rows)


def _row(held: Identity) -> dict[str, Any]:
    return {column.name: getattr(held, column.name) for column in identity.c}
