"""What happened in a catalog: the news one has in; what there is now, and which channels changed since, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, func, select

from feedsvc.catalog import facts, migrations
from feedsvc.catalog.schema import channel, revision
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_LATEST = select(func.max(revision.c.number))
_TOUCHED = select(channel.c.name, channel.c.lost).where(channel.c.revision > bindparam("since"))


class News(Struct, frozen=True):
    """What a catalog tells whoever serves from it.

    Attributes:
        catalog: a name that no other catalog has, nor this one once it was deleted and made anew.
        revision: the latest one's number; 0 for none.
        is_whole: whether all articles are there; before, only the newest are, and what is made of these alone.
        touched: the names of the channels touched since the last news; None for all of them.
        lost: the names of those in which something that showed was taken back since.
        trouble: what keeps the sync from its work, and since when in seconds since the epoch; None where nothing does.
    """

    catalog: str
    revision: int
    is_whole: bool
    touched: frozenset[str] | None
    lost: frozenset[str]
    trouble: tuple[str, float] | None


def news(connection: Connection, known: Mapping[str, str], since: News | None, *, name: str) -> News:
    """What happened since the news one has.

    Args:
        known: all facts of the catalog.
        name: of the catalog, as people are told of it.

    Raises:
        CatalogError: where it is of another version, or was lost and is only now being made anew.
    """
    migrations.check(int(known.get(facts.SCHEMA, 0)), name)
    made, noted = known.get(facts.CATALOG, ""), known.get(facts.TROUBLE)
    number = connection.scalar(_LATEST) or 0
    is_whole = facts.LOADED in known
    # An imported ledger alone is nothing to publish.
    latest = number if is_whole or facts.FOREMOST in known else 0
    trouble = None if noted is None else msgspec.json.decode(noted, type=tuple[str, float])
    if since is None or since.catalog != made or since.is_whole != is_whole:
        # Whoever has served all goes on with what he has until all is there again.
        if since is not None and ((since.is_whole and not is_whole) or (since.revision and not latest)):
            raise CatalogError(f"{name}: the catalog was lost and is being made anew")
        return News(made, latest, is_whole, None, frozenset(), trouble)
    touched = connection.execute(_TOUCHED, {"since": since.revision}).all()
    lost = frozenset(row.name for row in touched if row.lost > since.revision)
    return News(made, latest, is_whole, frozenset(row.name for row in touched), lost, trouble)
