"""Reads what changed in a source: marks in; rows of `record`, `fault`, `article`, `media`, and claims, out."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from feedsvc.articles import check
from feedsvc.catalog import pictures
from feedsvc.catalog.batches import batches
from feedsvc.catalog.claims import Claim, claim
from feedsvc.catalog.references import references
from feedsvc.catalog.rows import article_row
from feedsvc.catalog.schema import article, fault, media, record, reference
from feedsvc.errors import Fault, RecordError
from feedsvc.sources import Mark, Weight
from feedsvc.text.media_types import is_recording, media_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from feedsvc.articles import Checked
    from feedsvc.config import Site
    from feedsvc.model import Article, Record
    from feedsvc.sources import Source

logger = logging.getLogger(__name__)

# Media travel in the catalog; recordings that are larger stay where they are. In bytes.
MEDIA_LIMIT = 5 * 1024 * 1024


# An article among several has none of its own: that of its record stands for all of them.
_NO_MARK = Mark("", is_settled=True)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a source and the catalog's `record` rows differ.

    Attributes:
        changed: addresses to read.
        gone: addresses that are no longer there, those of articles in a record that is gone too.
        known: digest by address, of all that was there before.
        parts: by address of a record, those of the articles in it, where it held several.
        waiting: addresses whose article waits for another's.
    """

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    known: Mapping[str, str]
    parts: Mapping[str, frozenset[str]]
    waiting: frozenset[str]


def difference(connection: Connection, marks: Mapping[str, Mark], *, read_all: bool) -> Difference:
    """Compares marks with what they were.

    Args:
        read_all: whether records are to be read whatever their marks say.
    """
    rows = {row.address: row for row in connection.execute(select(record))}
    file_of = {address: row.file or address for address, row in rows.items()}
    gone = tuple(address for address, file in file_of.items() if file not in marks)
    changed = [address for address, mark in marks.items() if read_all or _differs(rows.get(address), mark)]
    waiting = frozenset(row.address for row in rows.values() if row.waits_for is not None)
    if changed or gone:  # what waited for another record may have its turn now
        changed = sorted({*changed, *(file_of[address] for address in waiting if file_of[address] in marks)})
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows.values():
        if row.file is not None:
            parts[row.file].add(row.address)
    return Difference(
        tuple(changed),
        gone,
        {address: row.digest for address, row in rows.items()},
        {address: frozenset(each) for address, each in parts.items()},
        waiting,
    )


def _differs(row: Row[Any] | None, mark: Mark) -> bool:
    return row is None or row.mark != mark.value or not row.is_settled


@dataclass(slots=True)
class Reading:
    """What was read in one sync.

    Attributes:
        claims: of every article whose bytes differ, or that waited for another.
        not_articles: addresses that hold no article any more, as a draft does.
        asides: by address of what is no article, why it is none.
        faults: what is wrong with records, and was not told before.
        standing: what still is wrong with records of which only the date changed.
        media_changed: addresses of the files under `/media/` that are new, others than before, or gone.
        referring: addresses of the articles that were read and may refer to such files.
        is_settled: whether every mark was old enough to be sure of.
    """

    connection: Connection
    site: Site
    before: Difference
    read_all: bool
    claims: list[Claim] = field(default_factory=list)
    not_articles: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asides: dict[str, str] = field(default_factory=dict)
    standing: list[Fault] = field(default_factory=list)
    media_changed: set[str] = field(default_factory=set)
    referring: set[str] = field(default_factory=set)
    is_settled: bool = True
    _records: list[dict[str, Any]] = field(default_factory=list)
    _articles: list[dict[str, Any]] = field(default_factory=list)
    _references: list[dict[str, Any]] = field(default_factory=list)

    def read(self, source: Source, marks: Mapping[str, Mark], changed: Sequence[str]) -> None:
        """Reads the changed records, a batch at a time, and writes their rows."""
        for batch in batches(changed):
            for address in batch:
                self._read_one(source, address, marks[address])
            self._flush()

    def _read_one(self, source: Source, address: str, mark: Mark) -> None:
        self.is_settled &= mark.is_settled
        digest = ""
        try:
            weight = source.weigh(address) if is_recording(media_type(address)) else None
            found = None if weight and weight.length > MEDIA_LIMIT else source.read(address)
            if found is not None:
                weight = Weight(len(found.body), sha256(found.body).hexdigest())
            if weight is None:  # it vanished since it was listed: the next scan will tell
                self.is_settled = False
                return
            digest = weight.digest
            if not self._is_to_take(address, digest):
                self._keep_faults(address)
            elif found is None or media_type(address) is not None:
                self._take_media(address, weight, found.body if found else None)
            else:
                self._take(found)
        except RecordError as error:
            self.faults.extend(error.faults)
        self._records.append(_row(address, digest, mark=mark))

    def _is_to_take(self, address: str, digest: str) -> bool:
        is_waiting = not self.before.waiting.isdisjoint({address, *self.before.parts.get(address, ())})
        return self.read_all or is_waiting or digest != self.before.known.get(address)

    def _keep_faults(self, address: str) -> None:
        """The same bytes have the same faults; `_flush` forgets what was noted of every record that was read."""
        noted = select(fault).where(fault.c.address == address)
        self.standing.extend(Fault(**row._asdict()) for row in self.connection.execute(noted))

    def _take(self, found: Record) -> None:
        checked = self._checked(found)
        whole = [each for each in checked if each.address == found.address]
        parts = [each for each in checked if each.address != found.address]
        for each in checked:
            self._take_checked(each)
        if not any(each.faults for each in whole):  # else the record as a whole cannot be read, and they stay
            gone = sorted(self.before.parts.get(found.address, frozenset()) - {each.address for each in parts})
            forget_records(self.connection, gone)
            self.not_articles.extend([*gone, *([] if whole else [found.address])])
        self._records.extend(_row(each.address, each.digest, file=found.address) for each in parts)

    def _checked(self, found: Record) -> tuple[Checked, ...]:
        try:
            return check(found, site=self.site)
        except Exception as error:
            # No record is known that does this; but one that does must not keep all others from being published.
            logger.exception("%s: cannot be checked", found.address)
            problem = f"cannot be checked, by a mistake in feedsvc: {type(error).__name__}"
            raise RecordError(Fault(found.address, 1, 1, problem, "report it, with the file if you can")) from error

    def _take_checked(self, checked: Checked) -> None:
        is_same = checked.digest == self.before.known.get(checked.address) and not self.read_all
        is_waiting = checked.address in self.before.waiting
        was_told = is_same and not is_waiting
        (self.standing if was_told else self.faults).extend(checked.faults)
        if checked.aside:
            self.not_articles.append(checked.address)
            self.asides[checked.address] = checked.aside
        if checked.article is None:
            return
        if not was_told:
            self.claims.append(claim(checked.article, checked.digest, is_waiting=is_waiting and is_same))
            self._articles.append(article_row(checked.article))
            self._refer(checked.article)

    def _refer(self, made: Article) -> None:
        found = references(made)
        self._references.extend({"media": each, "article": made.address} for each in found)
        if found:
            self.referring.add(made.address)

    def _take_media(self, address: str, weight: Weight, body: bytes | None) -> None:
        if body is not None and weight.length > MEDIA_LIMIT:
            problem = f"is larger than the {MEDIA_LIMIT:,} bytes that are served from here"
            raise RecordError(Fault(address, 1, 1, problem, "make it smaller, or link to it elsewhere"))
        width, height = pictures.size(address, body or b"") or (None, None)
        row = {"digest": weight.digest, "length": weight.length, "width": width, "height": height, "body": body}
        self.connection.execute(delete(media).where(media.c.address == address))
        self.connection.execute(insert(media).values(address=address, **row))
        self.media_changed.add(address)
        if body is not None and (misnamed := pictures.misnamed(address, body)):
            self.faults.append(misnamed)

    def _flush(self) -> None:
        forget_records(self.connection, [row["address"] for row in self._records])
        forget_articles(self.connection, [row["address"] for row in self._articles])
        for table, rows in ((record, self._records), (article, self._articles), (reference, self._references)):
            if rows:
                self.connection.execute(insert(table), rows)
            rows.clear()


def _row(address: str, digest: str, *, mark: Mark = _NO_MARK, file: str | None = None) -> dict[str, Any]:
    return {"address": address, "mark": mark.value, "is_settled": mark.is_settled, "digest": digest, "file": file}


def forget_records(connection: Connection, addresses: Sequence[str]) -> None:
    """Forgets what stood at addresses, and what was wrong there."""
    for batch in batches(addresses):
        connection.execute(delete(record).where(record.c.address.in_(batch)))
        connection.execute(delete(fault).where(fault.c.address.in_(batch)))


def forget_articles(connection: Connection, addresses: Sequence[str]) -> None:
    """Forgets the last good versions of the articles at addresses, and what they refer to."""
    for batch in batches(addresses):
        connection.execute(delete(reference).where(reference.c.article.in_(batch)))
        connection.execute(delete(article).where(article.c.address.in_(batch)))


def forget_media(connection: Connection, addresses: Sequence[str]) -> set[str]:
    """Forgets files under `/media/`; gives the addresses of those there were."""
    found: set[str] = set()
    for batch in batches([address for address in addresses if media_type(address) is not None]):
        found.update(connection.scalars(select(media.c.address).where(media.c.address.in_(batch))))
        connection.execute(delete(media).where(media.c.address.in_(batch)))
    return found
