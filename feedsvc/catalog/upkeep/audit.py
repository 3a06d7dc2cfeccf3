"""What stands only in a catalog: it, and one made of the records alone, in; what records should say out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import func, select

from feedsvc.catalog.schema import alias, former_slug, identity, record
from feedsvc.catalog.upkeep import zones
from feedsvc.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from feedsvc.catalog.catalog import Catalog


# Ids that were made before it was said whose they are: nobody means to keep them.
_OF_NOWHERE = ("tag:127.0.0.1,", "tag:localhost,")


class Audit(Struct, frozen=True):
    """What would be lost with a catalog, or differs from it.

    Attributes:
        faults: a warning for each id and each former address that no record says, and each zone that would move dates.
        removed: how many articles were taken back of which no record is left to say so.
    """

    faults: tuple[Fault, ...]
    removed: int


def audit(kept: Catalog, fresh: Catalog, origins: Mapping[str, str]) -> Audit:
    """Compares a catalog with one that was made of the same records and an empty ledger.

    Args:
        origins: where the settings of the fresh one come from, as `Config` has it.

    Raises:
        CatalogError: where one of them cannot be read.
    """
    with kept.database.reading() as old, fresh.database.reading() as new:
        standing = select(identity.c.address, identity.c.id).where(identity.c.removed.is_(None))
        before, after = ({row.address: row.id for row in connection.execute(standing)} for connection in (old, new))
        faults = (*_ids(before, after), *_slugs(old, new))
        gone = select(func.count()).select_from(identity).where(identity.c.removed.is_not(None))
        placed = tuple(sorted(_placed(address, problem, cure, new) for address, problem, cure in faults))
        return Audit((*zones.moved(old, new, origins), *placed), old.scalar(gone) or 0)


def _ids(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for address, uri in before.items():
        if address in after and after[address] != uri:
            problem = f"id: {uri} stands only in the catalog; without it, it would be {after[address]}"
            anew = ", or delete the catalog where nobody has subscribed yet" if uri.startswith(_OF_NOWHERE) else ""
            yield address, problem, f"write id: {uri} into the record{anew}"


def _slugs(old: Connection, new: Connection) -> Iterator[tuple[str, str, str]]:
    said = set(new.scalars(select(alias.c.path)))
    there = set(new.scalars(select(identity.c.address)))
    former = select(identity.c.address, former_slug.c.slug).join(identity, identity.c.key == former_slug.c.key)
    for address, slug in old.execute(former.where(identity.c.removed.is_(None))):
        if address in there and f"articles/{slug}" not in said:
            problem = f"aliases: that its page stood at {slug} is only in the catalog"
            yield address, problem, f"write {slug} into the aliases of the record"


def _placed(address: str, problem: str, cure: str, connection: Connection) -> Fault:
    """At the file in which the article is written."""
    file = connection.scalar(select(record.c.file).where(record.c.address == address)) or address
    return Fault(file, 1, 1, problem, cure, is_warning=True)
