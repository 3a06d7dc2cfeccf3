"""Whether a whole source is what it was: the digest of all its marks, held against the one that was noted of the rows.

A row for each record is much to read where nothing changed, as at nearly every start.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import select

from feedsvc.catalog import facts
from feedsvc.catalog.schema import record
from feedsvc.errors import CatalogBusy
from feedsvc.sources import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from feedsvc.catalog.catalog import Catalog

_ROWS = select(record.c.address, record.c.mark).where(record.c.file.is_(None)).order_by(record.c.address)
_AT_A_TIME = _ROWS.execution_options(yield_per=1000)
_ANY_UNSETTLED = select(record.c.address).where(record.c.is_settled.is_(False)).limit(1)


def noted(said: Mapping[str, str]) -> str | None:
    """The digest of the marks as the rows have them; None where none is noted of what they are by now.

    Args:
        said: all facts.
    """
    syncs, _, found = said.get(facts.MARKS, "").partition(" ")
    return found if syncs == said.get(facts.SYNCS) else None


def note(connection: Connection) -> None:
    """Notes the digest of the rows; but not where some record is to be read again whatever its mark is.

    Args:
        connection: a writing transaction.
    """
    if (found := _digest(connection)) is not None:
        facts.put(connection, facts.MARKS, found)


def note_apart(catalog: Catalog) -> None:
    """As `note`, with a transaction for the reading, which keeps nobody from writing, and a short one to write.

    Raises:
        CatalogError: where the catalog cannot be read or written. That somebody else is writing is none.
    """
    with catalog.database.reading() as connection:
        if noted(facts.known(connection)) is not None or (found := _digest(connection)) is None:
            return
    with suppress(CatalogBusy), catalog.database.writing() as connection:  # nobody waits for it
        facts.put(connection, facts.MARKS, found)


def _digest(connection: Connection) -> str | None:
    """The digest, and before it how many syncs there had been: after the next one it says nothing any more."""
    if connection.execute(_ANY_UNSETTLED).first() is not None:
        return None
    with connection.execute(_AT_A_TIME) as rows:
        return f"{facts.get(connection, facts.SYNCS)} {digest(map(tuple, rows))}"
