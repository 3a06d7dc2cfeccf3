"""Reads what changed in a source: marks in; rows of `record`, `fault`, `article`, `media`, and claims, out."""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from sqlalchemy import bindparam, delete, func, insert, or_, select

from feedsvc.articles import check
from feedsvc.catalog.batches import SIZE, batches
from feedsvc.catalog.references import references
from feedsvc.catalog.rows import article_row
from feedsvc.catalog.schema import article, fault, media, record, reference, source_text
from feedsvc.catalog.syncing import pictures
from feedsvc.catalog.syncing.bulk import insert_rows
from feedsvc.catalog.syncing.claims import Claim, claim
from feedsvc.catalog.syncing.fetching import MEDIA_LIMIT, Fetched, fetched, groups
from feedsvc.errors import Fault, RecordError
from feedsvc.text.media_types import media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import BindParameter, Connection

    from feedsvc.articles import Checked
    from feedsvc.catalog.syncing.difference import Seen
    from feedsvc.catalog.syncing.theming import Theming
    from feedsvc.config import Site
    from feedsvc.model import Record
    from feedsvc.sources import Mark, Source

_ADDRESSES: BindParameter[Sequence[str]] = bindparam("addresses", expanding=True)
_KNOWN = select(record.c.address, record.c.digest, record.c.waits_for, record.c.file).where(
    or_(record.c.address.in_(_ADDRESSES), record.c.file.in_(_ADDRESSES))
)
_FORGET_RECORDS, _FORGET_FAULTS = (delete(table).where(table.c.address.in_(_ADDRESSES)) for table in (record, fault))
_FORGET_REFERENCES = delete(reference).where(reference.c.article.in_(_ADDRESSES))
_FORGET_ARTICLES = delete(article).where(article.c.address.in_(_ADDRESSES))

logger = logging.getLogger(__name__)


class Reading(Struct, eq=False):
    """What was read in one sync.

    Attributes:
        read_all: whether records are taken as changed whatever their bytes are.
        theming: what becomes of the theme.
        patience: so young a record that cannot be read, in seconds, may be in the middle of being written.
        claims: of every article whose bytes differ, or that waited for another.
        not_articles: addresses that hold no article any more, as a draft does.
        asides: by address of what is no article, why it is none.
        faults: what is wrong with records, and was not told before.
        standing: what still is wrong with records of which only the date changed.
        enclosing: addresses of the articles that were read and name recordings.
        media_changed: addresses of the files under `/media/` that are new, others than before, or gone.
        young: addresses of what was too young to be sure of.
        restless: addresses of what cannot be read yet.
    """

    connection: Connection
    site: Site
    read_all: bool
    theming: Theming
    patience: float = 0.0
    claims: list[Claim] = field(default_factory=list)
    not_articles: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asides: dict[str, str] = field(default_factory=dict)
    standing: list[Fault] = field(default_factory=list)
    enclosing: list[str] = field(default_factory=list)
    media_changed: set[str] = field(default_factory=set)
    young: list[str] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)
    _known: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    _parts: dict[str, set[str]] = field(default_factory=dict)
    _next_number: int = 0
    _are_new: bool = False
    _records: list[tuple[Any, ...]] = field(default_factory=list)
    _articles: list[tuple[Any, ...]] = field(default_factory=list)
    _sources: list[tuple[Any, ...]] = field(default_factory=list)
    _references: list[tuple[Any, ...]] = field(default_factory=list)

    def read(self, source: Source, changed: Iterable[Seen], *, are_new: bool) -> None:
        """Reads the changed records, a batch at a time, and writes their rows.

        Args:
            are_new: whether nothing in the catalog is of any of them.
        """
        self._are_new = are_new
        self._next_number = (self.connection.scalar(select(func.max(article.c.number))) or 0) + 1
        remaining = iter(changed)
        while batch := list(islice(remaining, SIZE)):
            self._look_up([seen.address for seen in batch])
            for group in groups(fetched(source, seen, is_patient=bool(self.patience)) for seen in batch):
                # One step for all of them, then the next: a processor keeps at hand what it has just done.
                made = [self._made(each) for each in group]
                for each, checked in zip(group, made, strict=True):
                    self._take_one(each, checked)
                self._flush()

    def _look_up(self, addresses: Sequence[str]) -> None:
        """What is known of records and of the articles in them: the digest, and whether and for whom one waits."""
        self._known.clear()
        self._parts.clear()
        if self._are_new:
            return
        for address, digest, waits_for, file in self.connection.execute(_KNOWN, {"addresses": addresses}):
            self._known[address] = digest, waits_for
            if file is not None:
                self._parts.setdefault(file, set()).add(address)

    def _made(self, each: Fetched) -> tuple[Checked, ...] | RecordError:
        """What became of the articles in a record that is to be taken; nothing of another one."""
        if each.record is None or each.is_media or each.is_theme or not self._is_to_take(each.address, each.digest):
            return ()
        try:
            return self._checked(each.record, each.digest)
        except RecordError as error:
            return error

    def _take_one(self, each: Fetched, made: tuple[Checked, ...] | RecordError) -> None:
        address, mark = each.address, each.mark
        if not mark.is_settled:
            self.young.append(address)
        try:
            if each.error is not None:
                raise each.error
            if not each.digest:  # it vanished or changed since it was listed, or is being written
                self.restless.append(address)
                return
            if not self._is_to_take(address, each.digest):
                self._keep_faults(address)
            elif each.is_theme:
                self._take_theme(each)
            elif each.is_media:
                self._take_media(each)
            elif isinstance(made, RecordError):
                raise made
            else:
                self._take(address, made)
        except RecordError as error:
            if self._is_restless(address, mark):
                return
            self.faults.extend(error.faults)
            self.theming.forget([address])  # ours is better than one of before
        self._records.append((address, mark.value, mark.is_settled, each.digest, None, None))

    def _is_restless(self, address: str, mark: Mark) -> bool:
        """Whether a record that cannot be read may only be in the middle of being written: it is read again soon."""
        if mark.age >= self.patience:
            return False
        self.restless.append(address)
        return True

    def _is_to_take(self, address: str, digest: str) -> bool:
        known, _ = self._known.get(address, ("", None))
        return self.read_all or known != digest or any(map(self._is_waiting, (address, *self._parts.get(address, ()))))

    def _is_waiting(self, address: str) -> bool:
        return self._known.get(address, ("", None))[1] is not None

    def _keep_faults(self, address: str) -> None:
        """The same bytes have the same faults; `_flush` forgets what was noted of every record that was read."""
        noted = select(fault).where(fault.c.address == address)
        self.standing.extend(Fault(**row._asdict()) for row in self.connection.execute(noted))

    def _take(self, address: str, checked: tuple[Checked, ...]) -> None:
        whole = [each for each in checked if each.address == address]
        errors = [fault for each in whole if each.article is None for fault in each.faults]
        if errors:
            raise RecordError(*errors)  # what it held before stays, be it one article or several
        parts = [each for each in checked if each.address != address]
        for each in checked:
            self._take_checked(each)
        gone = sorted(self._parts.get(address, set()) - {each.address for each in parts})
        forget_records(self.connection, gone)
        self.not_articles.extend([*gone, *([] if whole else [address])])
        self._records.extend((each.address, "", True, each.digest, None, address) for each in parts)

    def _checked(self, found: Record, digest: str) -> tuple[Checked, ...]:
        try:
            return check(found, site=self.site, digest=digest)
        except Exception as error:
            # No record is known that does this; but one that does must not keep all others from being published.
            logger.exception("%s: cannot be checked", found.address)
            problem = f"cannot be checked, by a mistake in feedsvc: {type(error).__name__}"
            raise RecordError(Fault(found.address, 1, 1, problem, "report it, with the file if you can")) from error

    def _take_checked(self, checked: Checked) -> None:
        known = self._known.get(checked.address)
        is_same = known is not None and checked.digest == known[0] and not self.read_all
        is_waiting = self._is_waiting(checked.address)
        was_told = is_same and not is_waiting
        (self.standing if was_told else self.faults).extend(checked.faults)
        if checked.aside:
            self.not_articles.append(checked.address)
            self.asides[checked.address] = checked.aside
        if checked.article is not None and checked.article.enclosures:
            self.enclosing.append(checked.address)
        if checked.article is None or was_told:
            return
        made = claim(
            checked.article,
            checked.digest,
            self.site,
            is_waiting=is_waiting and is_same,
            is_known=known is not None,
        )
        self.claims.append(made)
        self._articles.append(article_row(checked.article, self._next_number))
        self._sources.append((self._next_number, checked.article.source))
        self._references.extend((each, checked.address) for each in references(checked.article))
        self._next_number += 1

    def _take_theme(self, each: Fetched) -> None:
        if each.address in self._known:  # it was an article or a picture, while the folder was one like any other
            self.not_articles.extend([each.address, *sorted(self._parts.get(each.address, ()))])
            self.media_changed |= forget_media(self.connection, [each.address])
        self.theming.take(each)

    def _take_media(self, each: Fetched) -> None:
        address, body = each.address, each.record.body if each.record else None
        if body is not None and each.length > MEDIA_LIMIT:
            problem = f"is larger than the {MEDIA_LIMIT:,} bytes that are served from here"
            raise RecordError(Fault(address, 1, 1, problem, "make it smaller, or link to it elsewhere"))
        width, height = pictures.size(address, body or b"") or (None, None)
        row = {"digest": each.digest, "length": each.length, "width": width, "height": height, "body": body}
        self.connection.execute(delete(media).where(media.c.address == address))
        self.connection.execute(insert(media).values(address=address, **row))
        self.media_changed.add(address)
        if body is not None and (misnamed := pictures.misnamed(address, body)):
            self.faults.append(misnamed)

    def _flush(self) -> None:
        if not self._are_new:  # else there is nothing to forget
            forget_records(self.connection, [row[0] for row in self._records])
            forget_articles(self.connection, [row[1] for row in self._articles])
        tables = (record, self._records), (article, self._articles), (source_text, self._sources)
        for table, rows in (*tables, (reference, self._references)):
            insert_rows(self.connection, table, rows)
            rows.clear()


def forget_records(connection: Connection, addresses: Sequence[str]) -> None:
    """Forgets what stood at addresses, and what was wrong there."""
    for batch in batches(addresses):
        connection.execute(_FORGET_RECORDS, {"addresses": batch})
        connection.execute(_FORGET_FAULTS, {"addresses": batch})


def forget_articles(connection: Connection, addresses: Sequence[str]) -> None:
    """Forgets the last good versions of the articles at addresses, with their texts, and what they refer to."""
    for batch in batches(addresses):
        connection.execute(_FORGET_REFERENCES, {"addresses": batch})
        connection.execute(_FORGET_ARTICLES, {"addresses": batch})


def forget_media(connection: Connection, addresses: Sequence[str]) -> set[str]:
    """Forgets files under `/media/`; gives the addresses of those there were."""
    found: set[str] = set()
    for batch in batches([address for address in addresses if media_type(address) is not None]):
        found.update(connection.scalars(select(media.c.address).where(media.c.address.in_(batch))))
        connection.execute(delete(media).where(media.c.address.in_(batch)))
    return found
