"""Reads what changed in a source: marks in; rows of `record`, `fault`, `article` and `media`, and claims, out."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from feedsvc.articles import article as checked_article
from feedsvc.catalog.batches import batches
from feedsvc.catalog.claims import Claim, claim
from feedsvc.catalog.rows import article_row
from feedsvc.catalog.schema import article, fault, media, record
from feedsvc.errors import Fault, RecordError
from feedsvc.text.media_types import media_type

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from feedsvc.config import Site
    from feedsvc.model import Record
    from feedsvc.sources import Mark, Source

# Media travel in the catalog; what is larger belongs on a file server. In bytes.
MEDIA_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a source and the catalog's `record` rows differ.

    Attributes:
        changed: addresses to read.
        gone: addresses that are no longer there.
        known: digest by address, of all that was there before.
    """

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    known: Mapping[str, str]


def difference(connection: Connection, marks: Mapping[str, Mark], *, read_all: bool) -> Difference:
    """Compares marks with what they were.

    Args:
        read_all: whether records are to be read whatever their marks say.
    """
    rows = {row.address: row for row in connection.execute(select(record))}
    gone = tuple(address for address in rows if address not in marks)
    changed = [address for address, mark in marks.items() if read_all or _differs(rows.get(address), mark)]
    if changed or gone:  # what waited for another record may have its turn now
        waiting = (row.address for row in rows.values() if row.waits_for is not None and row.address in marks)
        changed = sorted({*changed, *waiting})
    return Difference(tuple(changed), gone, {address: row.digest for address, row in rows.items()})


def _differs(row: Row[Any] | None, mark: Mark) -> bool:
    return row is None or row.mark != mark.value or not row.is_settled


@dataclass(slots=True)
class Reading:
    """What was read in one sync.

    Attributes:
        claims: of every article whose bytes differ, or that waited for another.
        not_articles: addresses that hold no article any more, as a draft does.
        faults: what is wrong with records that were not told before.
        standing: what still is wrong with records of which only the date changed.
        media_changed: whether any file under `/media/` differs.
        is_settled: whether every mark was old enough to be sure of.
    """

    connection: Connection
    site: Site
    known: Mapping[str, str]
    read_all: bool
    claims: list[Claim] = field(default_factory=list)
    not_articles: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    standing: list[Fault] = field(default_factory=list)
    media_changed: bool = False
    is_settled: bool = True
    _records: list[dict[str, Any]] = field(default_factory=list)
    _articles: list[dict[str, Any]] = field(default_factory=list)

    def read(self, source: Source, marks: Mapping[str, Mark], changed: Sequence[str]) -> None:
        """Reads the changed records, a batch at a time, and writes their rows."""
        waiting = self._waiting()
        for batch in batches(changed):
            for address in batch:
                self._read_one(source, address, marks[address], is_waiting=address in waiting)
            self._flush()

    def _waiting(self) -> Collection[str]:
        waits = select(record.c.address).where(record.c.waits_for.is_not(None))
        return set(self.connection.scalars(waits))

    def _read_one(self, source: Source, address: str, mark: Mark, *, is_waiting: bool) -> None:
        self.is_settled &= mark.is_settled
        digest = ""
        try:
            found = source.read(address)
            if found is None:  # it vanished since it was listed: the next scan will tell
                self.is_settled = False
                return
            digest = sha256(found.body).hexdigest()
            is_same = digest == self.known.get(address)
            if self.read_all or is_waiting or not is_same:
                self._take(found, digest, is_waiting=is_waiting and is_same and not self.read_all)
            else:
                self._keep_faults(address)
        except RecordError as error:
            self.faults.extend(error.faults)
        self._records.append({"address": address, "mark": mark.value, "is_settled": mark.is_settled, "digest": digest})

    def _keep_faults(self, address: str) -> None:
        """The same bytes have the same faults; `_flush` forgets what was noted of every record that was read."""
        noted = select(fault).where(fault.c.address == address)
        self.standing.extend(Fault(**row._asdict()) for row in self.connection.execute(noted))

    def _take(self, found: Record, digest: str, *, is_waiting: bool) -> None:
        if media_type(found.address) is not None:
            self._take_media(found, digest)
            return
        checked = checked_article(found, site=self.site)
        if checked is None:
            self.not_articles.append(found.address)
        else:
            self.claims.append(claim(checked, digest, is_waiting=is_waiting))
            self._articles.append(article_row(checked))

    def _take_media(self, found: Record, digest: str) -> None:
        if len(found.body) > MEDIA_LIMIT:
            problem = f"is larger than the {MEDIA_LIMIT:,} bytes that are served from here"
            raise RecordError(Fault(found.address, 1, 1, problem, "make it smaller, or link to it elsewhere"))
        self.connection.execute(delete(media).where(media.c.address == found.address))
        self.connection.execute(insert(media).values(address=found.address, digest=digest, body=found.body))
        self.media_changed = True

    def _flush(self) -> None:
        addresses = [row["address"] for row in self._records]
        forget_records(self.connection, addresses)
        forget_articles(self.connection, [row["address"] for row in self._articles])
        for table, rows in ((record, self._records), (article, self._articles)):
            if rows:
                self.connection.execute(insert(table), rows)
            rows.clear()


def forget_records(connection: Connection, addresses: Sequence[str]) -> None:
    """Forgets what stood at addresses, and what was wrong there."""
    for batch in batches(addresses):
        connection.execute(delete(record).where(record.c.address.in_(batch)))
        connection.execute(delete(fault).where(fault.c.address.in_(batch)))


def forget_articles(connection: Connection, addresses: Sequence[str]) -> None:
    """Forgets the last good versions of the articles at addresses."""
    for batch in batches(addresses):
        connection.execute(delete(article).where(article.c.address.in_(batch)))


def forget_media(connection: Connection, addresses: Sequence[str]) -> bool:
    """Forgets files under `/media/`; says whether there were any."""
    found = 0
    for batch in batches([address for address in addresses if media_type(address) is not None]):
        found += connection.execute(delete(media).where(media.c.address.in_(batch))).rowcount
    return found > 0
