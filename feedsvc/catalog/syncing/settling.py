"""The second look at what was read while it was young: where its bytes are what they were, only its mark is noted.

A look that found anything else is a sync like every other.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select, update

from feedsvc.catalog.batches import SIZE
from feedsvc.catalog.schema import record
from feedsvc.catalog.syncing.terms import Outcome
from feedsvc.errors import RecordError
from feedsvc.text.media_types import is_recording, media_type

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Connection

    from feedsvc.catalog.syncing.difference import Difference, Seen
    from feedsvc.catalog.syncing.standing import Standing
    from feedsvc.catalog.syncing.terms import Terms
    from feedsvc.sources import Source

_ADDRESSES: BindParameter[list[str]] = bindparam("addresses", expanding=True)
_ROWS = select(record.c.address, record.c.digest, record.c.waits_for).where(
    or_(record.c.address.in_(_ADDRESSES), record.c.file.in_(_ADDRESSES))
)
_NOTED = update(record).where(record.c.address == bindparam("at")).values(is_settled=bindparam("settled"))


def is_second_look(differs: Difference, standing: Standing, terms: Terms) -> bool:
    """Whether nothing but what was too young to be sure of is to be read, under the marks that it had."""
    is_plain = not (differs.gone or differs.is_whole or standing.is_first or standing.site_changed or terms.confirm)
    return is_plain and 0 < len(differs.changed) <= SIZE and all(seen.is_same for seen in differs.changed)


def settled(
    connection: Connection, source: Source, differs: Difference, standing: Standing, terms: Terms
) -> Outcome | None:
    """Notes what can be sure of now; None, and nothing, where some of it is not what it was, or waits for another.

    Args:
        connection: a writing transaction.
        differs: of which `is_second_look` holds.
    """
    addresses = [seen.address for seen in differs.changed]
    rows = connection.execute(_ROWS, {"addresses": addresses}).all()
    digests = {row.address: row.digest for row in rows}
    if any(row.waits_for for row in rows):
        return None
    if not all(_is_as_it_was(source, seen, digests.get(seen.address), terms) for seen in differs.changed):
        return None
    connection.execute(_NOTED, [{"at": seen.address, "settled": seen.mark.is_settled} for seen in differs.changed])
    standing.note(connection, terms.site)
    young = tuple(seen.address for seen in differs.changed if not seen.mark.is_settled)
    return Outcome(young=young, restless=tuple(differs.restless))


def _is_as_it_was(source: Source, seen: Seen, digest: str | None, terms: Terms) -> bool:
    if is_recording(media_type(seen.address)):  # it may be too large to be held
        return False
    try:
        found = source.read(seen.address, seen.mark if terms.patience else None)
    except RecordError:
        return False
    return found is not None and sha256(found.body).hexdigest() == digest
