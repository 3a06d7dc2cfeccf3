"""A ledger's file in; the rows of an empty catalog, for its next sync to go on from, out.

Each article that stands has a `record` row too, as one that was never read: the sync reads all that is there, and takes
back in due form what is not.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from feedsvc.catalog.batches import SIZE
from feedsvc.catalog.channels import SITE
from feedsvc.catalog.references import references
from feedsvc.catalog.rows import article_row, seconds
from feedsvc.catalog.schema import (
    alias,
    article,
    channel,
    former_slug,
    identity,
    membership,
    record,
    reference,
    revision,
    source_text,
    token,
)
from feedsvc.catalog.upkeep.ledger_file import Head, Id, Name, Token, read, written
from feedsvc.catalog.upkeep.ledger_lines import lines
from feedsvc.catalog.upkeep.tokens import note_change
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Table

    from feedsvc.catalog.catalog import Catalog
    from feedsvc.catalog.upkeep.ledger_file import Line


def export_ledger(catalog: Catalog) -> Iterator[bytes]:
    """The lines of the ledger's file, of one state of the catalog.

    Raises:
        CatalogError: where the catalog cannot be read.
    """
    with catalog.database.reading() as connection:
        yield from map(written, lines(connection))


def import_ledger(catalog: Catalog, text: Iterable[bytes], file: str) -> bool:
    """Fills an empty catalog from the lines of a ledger's file, or leaves it as it is.

    Args:
        file: its name, for whoever is told of a fault.

    Returns:
        Whether anything was imported; not where the catalog has this very ledger already.

    Raises:
        LedgerError: with every fault in the file.
        CatalogError: where the catalog is not empty, or cannot be written.
    """
    with catalog.database.writing() as connection:
        if _is_empty(connection):
            _Restoration(connection).put(read(text, file))
            return True
        if all(ours == theirs for ours, theirs in zip_longest(map(written, lines(connection)), text)):
            return False
    raise CatalogError(
        f"{catalog.database.place}: a ledger is imported into an empty catalog, and this one is not "
        "(stop feedsvc and delete the catalog, or name another one by --database; then import, then sync)"
    )


def _is_empty(connection: Connection) -> bool:
    tables = (identity, channel, revision, record, token)
    return all(connection.execute(select(table).limit(1)).first() is None for table in tables)


class _Restoration:
    """The rows that were made of lines and are still to be written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._channels: dict[str, int] = {}
        self._recorded: set[str] = set()
        self._next_key = 1
        # In the order in which rows refer to each other.
        tables = (channel, revision, identity, former_slug, alias, membership, record, article, source_text, reference)
        self._rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in (*tables, token)}

    def put(self, found: Iterator[Line]) -> None:
        """Writes all lines."""
        for line in found:
            if isinstance(line, Head):
                self._put_head(line)
            elif isinstance(line, Name):
                self._put_name(line.name, line.term, seconds(line.modified) or 0)
            elif isinstance(line, Token):
                self._put_token(line)
            else:
                self._put_id(line)
        if self._rows[token]:
            note_change(self._connection)
        self._flush()

    def _put_token(self, line: Token) -> None:
        at = {"created": seconds(line.created), "revoked": seconds(line.revoked)}
        row = {name: getattr(line, name) for name in ("prefix", "digest", "channel", "name")}
        self._rows[token].append(row | at)

    def _put_head(self, head: Head) -> None:
        if head.at is not None:
            self._rows[revision].append({"number": head.revision, "at": seconds(head.at)})

    def _put_name(self, name: str, term: str, modified: int) -> None:
        row = {"name": name, "term": term, "revision": 0, "modified": modified, "lost": 0}
        self._rows[channel].append(row)

    def _put_id(self, line: Id) -> None:
        if not self._channels:
            self._name_channels()
        key, self._next_key = self._next_key, self._next_key + 1
        self._rows[identity].append(
            {
                "key": key,
                "id": line.id,
                "address": line.address,
                "digest": line.digest,
                "wanted": (line.slug or "") if line.wanted is None else line.wanted,
                "is_explicit": line.is_explicit,
                "slug": line.slug,
                "removed": seconds(line.removed),
            }
        )
        self._rows[former_slug] += ({"slug": slug, "key": key} for slug in line.former)
        self._rows[alias] += ({"path": path, "key": key} for path in line.aliases)
        if line.published is not None:
            names = line.channels if line.is_private else dict.fromkeys((SITE, *line.channels))
            self._rows[membership] += (self._membership(line, key, name) for name in names)
        self._put_record(line)
        self._put_last_good(line, key)
        if len(self._rows[identity]) >= SIZE:
            self._flush()

    def _membership(self, line: Id, key: int, name: str) -> dict[str, Any]:
        return {
            "channel": self._channels[name],
            "key": key,
            "id": line.id,
            "published": seconds(line.published),
            "updated": seconds(line.updated),
            "expires": seconds(line.expires),
            "withdrawn": seconds(line.withdrawn),
        }

    def _put_record(self, line: Id) -> None:
        if (line.removed is None or line.is_hidden) and line.address not in self._recorded:
            self._recorded.add(line.address)
            row = {"address": line.address, "mark": "", "is_settled": False, "digest": "", "file": line.file}
            self._rows[record].append(row)

    def _put_last_good(self, line: Id, key: int) -> None:
        if line.last_good is not None:
            row = article_row(line.last_good, key)
            self._rows[article].append(dict(zip(article.c.keys(), row, strict=True)))
            self._rows[source_text].append({"number": key, "text": line.last_good.source})
            self._rows[reference] += ({"media": each, "article": line.address} for each in references(line.last_good))

    def _name_channels(self) -> None:
        """Writes the channels, for they come first, and learns their keys."""
        if all(row["name"] != SITE for row in self._rows[channel]):
            self._put_name(SITE, "", 0)
        self._flush()
        self._channels = {row.name: row.key for row in self._connection.execute(select(channel))}

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                self._connection.execute(insert(table), rows)
            rows.clear()
