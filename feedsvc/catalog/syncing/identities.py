"""The ledger's rows: claims in; the identities that may be theirs, found by every way there is, out; and back."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import former_slug, identity
from feedsvc.catalog.syncing.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import BindParameter, Connection, Row, Select

    from feedsvc.catalog.syncing.claims import Claim

# So many of the ids and slugs that a claim may get are looked up for all claims at once; more are hardly ever needed.
_AT_ONCE = 2

# Where there are so many times as many claims, all are fetched that there are.
_FEW = 10

_ALIKE: dict[str, BindParameter[Sequence[str]]] = {
    name: bindparam(values, expanding=True)
    for name, values in (("id", "ids"), ("slug", "slugs"), ("address", "addresses"), ("digest", "digests"))
}
_WITH_ID, _WITH_SLUG = (select(identity).where(identity.c[name].in_(_ALIKE[name])) for name in ("id", "slug"))
# One look into each index.
_ANY = select(identity).where(or_(*(identity.c[name].in_(values) for name, values in _ALIKE.items())))
_ANY = _ANY.order_by(identity.c.key)
_ALL = select(identity).order_by(identity.c.key)
_LAST = select(func.max(identity.c.key))
_BY_KEY = update(identity).where(identity.c.key == bindparam("k"))
_LET_GO = _BY_KEY.values(slug=None)
_WRITE = _BY_KEY.values({column.name: bindparam(column.name) for column in identity.c if column.name != "key"})
_TAKE = delete(former_slug).where(former_slug.c.slug == bindparam("s"))
_GIVE_UP = insert(former_slug)


class Identity(Struct, eq=False):
    """One row of the ledger, while it is being settled.

    Attributes:
        before: its row as it was; None for one that was not there.
    """

    key: int
    id: str
    address: str
    digest: str
    wanted: str
    is_explicit: bool
    slug: str | None
    removed: int | None
    is_claimed: bool = False
    before: tuple[Any, ...] | None = None

    @property
    def has_other_slug(self) -> bool:
        """Whether it got another slug than it had."""
        return self.before is None or self.before[_SLUG] != self.slug

    @property
    def stands(self) -> bool:
        """Whether it stands where it stood, with the same text."""
        return self.before == _row(self) and self.removed is None


class Identities:
    """The identities that a sync has to do with.

    Attributes:
        are_none: whether no id was given yet, by any sync.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._first_new = self._next_key = (connection.scalar(_LAST) or 0) + 1
        self.are_none = self._next_key == 1
        self._are_all_here = False
        self._asked: set[str] = set()
        self.by_id: dict[str, Identity] = {}
        self.by_slug: dict[str, Identity] = {}
        self.by_address: dict[str, Identity] = {}
        self.by_digest: defaultdict[str, list[Identity]] = defaultdict(list)

    def load(self, claims: Sequence[Claim], *, authority: str) -> None:
        """Fetches every identity that one of the claims may be about."""
        if self.are_none:
            return
        if self._next_key * _FEW <= len(claims):
            self._take_in(self._connection.execute(_ALL))
            self._are_all_here = True
            return
        for batch in batches(claims):
            uris = [uri for claim in batch for uri in (claim.id, *islice(claim.uris(authority), _AT_ONCE)) if uri]
            slugs = [slug for claim in batch for slug in islice(claim.slugs, _AT_ONCE)]
            self._asked.update(uris, slugs)
            places, digests = [claim.address for claim in batch], [claim.digest for claim in batch]
            found = {"ids": uris, "slugs": slugs, "addresses": places, "digests": digests}
            rows = self._connection.execute(_ANY, found).all()
            # Of several that were taken back at one address, that one stands for it which was found last.
            for name, values in zip(_ALIKE, found.values(), strict=True):
                wanted = frozenset(values)
                self._take_in(row for row in rows if getattr(row, name) in wanted)

    def with_id(self, uri: str) -> Identity | None:
        """The identity with an id, if there is one."""
        self._ask(_WITH_ID, "ids", uri)
        return self.by_id.get(uri)

    def with_slug(self, slug: str) -> Identity | None:
        """The identity that holds a slug, if there is one."""
        self._ask(_WITH_SLUG, "slugs", slug)
        return self.by_slug.get(slug)

    def new(self, uri: str, claim: Claim) -> Identity:
        """An identity that was not there before."""
        made = Identity(
            self._next_key, uri, claim.address, claim.digest, wanted="", is_explicit=False, slug=None, removed=None
        )
        self._next_key += 1
        self.by_id[uri] = made
        return made

    def forget(self, held: Identity) -> None:
        """Takes back one that was not there before."""
        del self.by_id[held.id]

    def write(self, settled: Iterable[Identity], *, former: Mapping[str, int]) -> None:
        """Writes what was settled.

        Args:
            former: the keys of those that gave up a slug, by that slug.
        """
        other = [held for held in self.by_id.values() if held.before is not None and held.before != _row(held)]
        # Slugs are unique: those that change hands are let go of before they are taken.
        self._each(_LET_GO, [{"k": held.key} for held in other if held.has_other_slug])
        for batch in batches([held for held in self.by_id.values() if held.key >= self._first_new]):
            insert_rows(self._connection, identity, [_row(held) for held in batch])
        self._each(_WRITE, [dict(zip(("k", *_COLUMNS[1:]), _row(held), strict=True)) for held in other])
        taken = [] if self.are_none else [{"s": held.slug} for held in settled if held.has_other_slug]
        self._each(_TAKE, taken)
        given_up = [{"slug": slug, "key": key} for slug, key in former.items() if slug not in self.by_slug]
        self._each(_GIVE_UP, given_up)

    def _ask(self, statement: Select[Any], name: str, value: str) -> None:
        if not (self.are_none or self._are_all_here) and value not in self._asked:
            self._asked.add(value)
            self._fetch(statement, {name: [value]})

    def _fetch(self, statement: Select[Any], values: Mapping[str, Sequence[str]]) -> None:
        self._take_in(self._connection.execute(statement, values))

    def _take_in(self, rows: Iterable[Row[Any]]) -> None:
        for row in rows:
            if row.id not in self.by_id:
                self._remember(Identity(**row._asdict(), before=tuple(row)))

    def _remember(self, held: Identity) -> None:
        self.by_id[held.id] = held
        self.by_digest[held.digest].append(held)
        if held.slug is not None:
            self.by_slug[held.slug] = held
        at_home = self.by_address.get(held.address)
        if at_home is None or at_home.removed is not None:
            self.by_address[held.address] = held

    def _each(self, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(statement, rows)


_COLUMNS = tuple(identity.c.keys())
_SLUG = _COLUMNS.index("slug")


def _row(held: Identity) -> tuple[Any, ...]:
    return (
        held.key,
        held.id,
        held.address,
        held.digest,
        held.wanted,
        held.is_explicit,
        held.slug,
        held.removed,
    )
