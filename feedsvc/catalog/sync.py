"""One sync: what a source holds now in; one revision of the catalog, or nothing, out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, func, insert, select, update

from feedsvc import __version__
from feedsvc.catalog import facts, references
from feedsvc.catalog.batches import batches
from feedsvc.catalog.calendar import last_modified, next_change
from feedsvc.catalog.channels import MEDIA, SITE, Channels, lose, touch, touch_all
from feedsvc.catalog.instants import SecondTaken, instant
from feedsvc.catalog.ledger import Ledger
from feedsvc.catalog.places import NOTHING, Touched, place, remove, showing, touched
from feedsvc.catalog.reading import Reading, difference, forget_articles, forget_media, forget_records
from feedsvc.catalog.rows import instant as datetime_of
from feedsvc.catalog.schema import fault, identity, record, revision
from feedsvc.model import Revision
from feedsvc.text.links import from_top
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.catalog import Catalog
    from feedsvc.config import Site
    from feedsvc.errors import Fault
    from feedsvc.sources import Mark, Source


# So many seconds later a file must still be gone before its article is taken back.
ABSENCE = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sync did.

    Attributes:
        revision: what it committed; None where nothing that is published differs.
        faults: what is wrong with records, and was not told before.
        asides: by address of what it read that is no article, why it is none.
        is_settled: whether nothing it saw was too young to be sure of; else it is to be repeated soon.
        touched: the channels that the revision touched.
    """

    revision: Revision | None
    faults: tuple[Fault, ...]
    is_settled: bool
    touched: Touched = NOTHING
    asides: Mapping[str, str] = field(default_factory=dict)


def sync(
    catalog: Catalog,
    source: Source,
    *,
    site: Site,
    clock: Callable[[], float] | None = None,
    sleep: Callable[[float], object] = time.sleep,
) -> Outcome:
    """Compares a source with the catalog, and commits all that differs as one revision.

    A record that cannot be read is listed with its faults; its last good version stays. Where the revision's second is
    taken (`instants`), it waits for the next and looks at the source again, so that one revision gathers what came.

    Args:
        site: complete settings; others than before touch every channel.
        clock: seconds since the epoch, the catalog's own where it is None; `sleep` waits for so many.

    Raises:
        SourceError: where the source cannot be read as a whole; nothing is changed then.
        CatalogError: where the catalog cannot be written.
    """
    clock = clock or catalog.now
    while True:
        with catalog.database.reading() as connection:
            before = _latest(connection)
            known = set(connection.scalars(select(record.c.address).where(record.c.file.is_(None))))
        marks = source.scan()
        if known - marks.keys() and not marks.keys() - known:
            sleep(ABSENCE)  # what is gone for a moment may be being saved; what was renamed is there already
            marks = source.scan()
        try:
            with catalog.database.writing() as connection:
                if _latest(connection) != before:
                    continue  # another sync came in between, and may have seen what is younger than this scan
                outcome = _Sync(connection, source, site=site, clock=clock).commit(marks)
        except SecondTaken as taken:
            sleep(max(0.0, taken.until - clock()))
            continue
        _touch_again(catalog, outcome, clock=clock, sleep=sleep)
        return outcome


class _Sync:
    """One try, in one writing transaction."""

    def __init__(self, connection: Connection, source: Source, *, site: Site, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._source = source
        self._site = site
        self._clock = clock
        self._channels = Channels(connection)

    def commit(self, marks: Mapping[str, Mark]) -> Outcome:
        """Reads what differs and writes all that follows from it.

        Raises:
            SecondTaken: where the revision has to wait; nothing of the transaction is to be kept then.
        """
        read_with = _read_with(self._site)
        settings = msgspec.json.encode(self._site).decode()
        is_first = facts.get(self._connection, facts.LOADED) is None
        read_all = facts.get(self._connection, facts.READ_WITH) != read_with
        site_changed = read_all or facts.get(self._connection, facts.SITE) != settings
        self._note_folder()
        differs = difference(self._connection, marks, read_all=read_all)
        if differs.changed or differs.gone or site_changed:
            self._instant(int(self._clock()), MEDIA, SITE)  # a taken second is cheaper found out now than after reading
        reading = Reading(self._connection, self._site, differs, read_all)
        reading.read(self._source, marks, differs.changed)
        forget_records(self._connection, differs.gone)
        reading.media_changed |= forget_media(self._connection, differs.gone)
        site_changed |= from_top(self._site.podcast_image) in reading.media_changed  # every channel shows it
        removed = self._settle(reading, differs.gone, known=differs.known)
        shown = self._refer(reading)
        now = int(self._clock())
        seen = touched(self._connection, self._channels, reading.claims, removed, now=now)
        seen |= showing(self._connection, shown, now=now)
        place(self._connection, self._channels, reading.claims)
        _note(self._connection, [*reading.faults, *reading.standing])
        is_idle = not (seen.all or reading.media_changed or site_changed or is_first)
        if is_idle:
            return Outcome(None, tuple(reading.faults), reading.is_settled, asides=reading.asides)
        made = self._write(reading, removed, seen, now=now, all_channels=site_changed)
        for name, value in ((facts.READ_WITH, read_with), (facts.SITE, settings), (facts.LOADED, "yes")):
            facts.put(self._connection, name, value)
        return Outcome(made, tuple(reading.faults), reading.is_settled, seen, reading.asides)

    def _note_folder(self) -> None:
        """Notes where large files lie, for those who serve on the same machine."""
        root = self._source.root
        folder = "" if root is None else str(root.resolve())
        if facts.get(self._connection, facts.FOLDER) != folder:
            facts.put(self._connection, facts.FOLDER, folder)

    def _settle(self, reading: Reading, gone: Sequence[str], *, known: Mapping[str, str]) -> list[int]:
        """Gives each claim its identity; returns the keys of those whose article is no longer there."""
        leaving = [*gone, *reading.not_articles]
        ledger = Ledger(self._connection, reading.claims, known=known, gone=leaving, authority=self._site.id_authority)
        ledger.settle()
        forget_articles(self._connection, [*leaving, *(claim.address for claim in reading.claims if not claim.key)])
        reading.claims = [claim for claim in reading.claims if claim.key]
        reading.faults.extend(refusal.fault for refusal in ledger.refusals)
        waits = [{"a": refusal.address, "holder": refusal.holder} for refusal in ledger.refusals]
        if waits:
            waiting = update(record).where(record.c.address == bindparam("a")).values(waits_for=bindparam("holder"))
            self._connection.execute(waiting, waits)
        return self._without_article([*leaving, *(claim.address for claim in reading.claims)], reading)

    def _refer(self, reading: Reading) -> set[int]:
        """Gives articles the files that they refer to; returns the keys of those of which a file changed."""
        addresses = references.refer(self._connection, reading.referring, reading.media_changed)
        read = {claim.key for claim in reading.claims if claim.address in addresses}
        return read | references.keys(self._connection, addresses)

    def _without_article(self, addresses: Sequence[str], reading: Reading) -> list[int]:
        claimed = {claim.key for claim in reading.claims}
        found: list[int] = []
        for batch in batches(addresses):
            there = select(identity.c.key).where(identity.c.address.in_(batch), identity.c.removed.is_(None))
            found += (key for key in self._connection.scalars(there) if key not in claimed)
        return found

    def _write(
        self, reading: Reading, removed: Sequence[int], seen: Touched, *, now: int, all_channels: bool
    ) -> Revision:
        media = {self._channels.key(MEDIA, "")} if reading.media_changed else set()
        number = _latest(self._connection) + 1
        at = self._instant(now, *([SITE] if seen.now or all_channels else []), *([MEDIA] if media else []))
        remove(self._connection, removed, at=at, now=now)
        self._connection.execute(insert(revision).values(number=number, at=at))
        touch(self._connection, seen.all, revision=number, at=None)
        touch(self._connection, seen.now | media, revision=number, at=at)
        lose(self._connection, seen.lost, revision=number)
        if all_channels:
            touch_all(self._connection, revision=number, at=at)
        return Revision(number, datetime_of(at))

    def _instant(self, now: int, *names: str) -> int:
        # Every article is in the site's channel too, so that no other's Last-Modified is later than the site's.
        taken = (last_modified(self._connection, self._channels.key(name, ""), now) for name in names)
        return instant(now, max(taken, default=0))


def _touch_again(
    catalog: Catalog, outcome: Outcome, *, clock: Callable[[], float], sleep: Callable[[float], object]
) -> None:
    """Mends the rare case that an article came due between a revision's instant and the end of its commit.

    What was served in between has the Last-Modified of that article, and so has what is served now, with other bytes:
    the channels are touched once more, with an instant that is later than both.
    """
    at = int(outcome.revision.at.timestamp()) if outcome.revision is not None else 0
    while at:
        wait = 0
        with catalog.database.writing() as connection:
            now = int(clock())
            if not at < next_change(connection, Channels(connection).key(SITE, ""), at) <= now:
                return  # nothing came due anywhere, for every article is in the site's channel too
            due = [key for key in outcome.touched.all if at < next_change(connection, key, at) <= now]
            if not due:
                return
            try:
                at = instant(now, max(last_modified(connection, key, now) for key in due))
            except SecondTaken as taken:
                wait = taken.until
            else:
                number = _latest(connection) + 1
                connection.execute(insert(revision).values(number=number, at=at))
                touch(connection, outcome.touched.now.union(due), revision=number, at=at)
        sleep(max(0.0, wait - clock()))


def _read_with(site: Site) -> str:
    """What decides what a record is read as, beside the record."""
    zones = [f"{section.name} {section.zone}" for section in site.sections if section.zone]
    return " ".join([__version__, site.zone, *zones])


def _latest(connection: Connection) -> int:
    """The number of the latest revision; 0 before the first."""
    return connection.scalar(select(func.max(revision.c.number))) or 0


def _note(connection: Connection, faults: Sequence[Fault]) -> None:
    rows = [{column.name: getattr(each, column.name) for column in fault.c} for each in faults]
    # A line is shown as it stands in the file, but no database takes every character that can stand there.
    rows = [row | {name: clean(row[name]) for name in ("problem", "cure", "text")} for row in rows]
    if rows:
        connection.execute(insert(fault), rows)
