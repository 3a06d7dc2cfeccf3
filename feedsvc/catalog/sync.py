"""One sync: what a source holds now in; one revision of the catalog, or nothing, out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, func, insert, select, update

from feedsvc import __version__
from feedsvc.catalog import facts
from feedsvc.catalog.batches import batches
from feedsvc.catalog.calendar import last_modified, next_change
from feedsvc.catalog.channels import MEDIA, SITE, Channels, touch, touch_all
from feedsvc.catalog.instants import SecondTaken, instant
from feedsvc.catalog.ledger import Ledger
from feedsvc.catalog.places import Touched, place, remove, touched
from feedsvc.catalog.reading import Reading, difference, forget_articles, forget_media, forget_records
from feedsvc.catalog.rows import instant as datetime_of
from feedsvc.catalog.schema import fault, identity, record, revision
from feedsvc.model import Revision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.catalog import Catalog
    from feedsvc.config import Site
    from feedsvc.errors import Fault
    from feedsvc.sources import Mark, Source


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sync did.

    Attributes:
        revision: what it committed; None where nothing that is published differs.
        faults: of every record that it read.
        is_settled: whether nothing it saw was too young to be sure of; else it is to be repeated soon.
        visible: the keys of the channels that show something else since the revision.
    """

    revision: Revision | None
    faults: tuple[Fault, ...]
    is_settled: bool
    visible: frozenset[int] = frozenset()


def sync(
    catalog: Catalog,
    source: Source,
    *,
    site: Site,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], object] = time.sleep,
) -> Outcome:
    """Compares a source with the catalog, and commits all that differs as one revision.

    A record that cannot be read is listed with its faults; its last good version stays. Where the revision's second is
    taken (`instants`), it waits for the next and looks at the source again, so that one revision gathers what came.

    Args:
        site: complete settings; others than before touch every channel.
        clock: seconds since the epoch.
        sleep: waits for so many seconds.

    Raises:
        SourceError: where the source cannot be read as a whole; nothing is changed then.
        CatalogError: where the catalog cannot be written.
    """
    while True:
        marks = source.scan()
        try:
            with catalog.database.writing() as connection:
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

    def commit(self, marks: Mapping[str, Mark]) -> Outcome:
        """Reads what differs and writes all that follows from it.

        Raises:
            SecondTaken: where the revision has to wait; nothing of the transaction is to be kept then.
        """
        read_with = f"{__version__} {self._site.zone}"
        settings = msgspec.json.encode(self._site).decode()
        is_first = facts.get(self._connection, facts.LOADED) is None
        read_all = facts.get(self._connection, facts.READ_WITH) != read_with
        site_changed = read_all or facts.get(self._connection, facts.SITE) != settings
        differs = difference(self._connection, marks, read_all=read_all)
        if differs.changed or differs.gone or site_changed:
            self._instant(MEDIA, SITE)  # a taken second is cheaper found out now than after reading
        reading = Reading(self._connection, self._site, differs.known, read_all)
        reading.read(self._source, marks, differs.changed)
        forget_records(self._connection, differs.gone)
        reading.media_changed |= forget_media(self._connection, differs.gone)
        removed = self._settle(reading, differs.gone, known=differs.known)
        seen = touched(self._connection, reading.claims, removed, now=int(self._clock()))
        _note(self._connection, reading.faults)
        is_idle = not (seen.all or reading.media_changed or site_changed or is_first)
        if is_idle:
            return Outcome(None, tuple(reading.faults), reading.is_settled)
        made = self._write(reading, removed, seen, all_channels=site_changed)
        for name, value in ((facts.READ_WITH, read_with), (facts.SITE, settings), (facts.LOADED, "yes")):
            facts.put(self._connection, name, value)
        return Outcome(made, tuple(reading.faults), reading.is_settled, seen.now)

    def _settle(self, reading: Reading, gone: Sequence[str], *, known: Mapping[str, str]) -> list[int]:
        """Gives each claim its identity; returns the keys of those whose article is no longer there."""
        leaving = [*gone, *reading.not_articles]
        ledger = Ledger(self._connection, reading.claims, known=known, gone=leaving, authority=self._site.id_authority)
        ledger.settle()
        refused = [refusal for refusal in ledger.refusals if refusal.is_new]
        addresses = [refusal.address for refusal in refused]
        forget_articles(self._connection, [*leaving, *addresses])
        reading.claims = [claim for claim in reading.claims if claim.key]
        reading.faults.extend(refusal.fault for refusal in ledger.refusals)
        waits = [{"a": refusal.address, "holder": refusal.holder} for refusal in ledger.refusals]
        if waits:
            waiting = update(record).where(record.c.address == bindparam("a")).values(waits_for=bindparam("holder"))
            self._connection.execute(waiting, waits)
        return self._without_article([*leaving, *(claim.address for claim in reading.claims)], reading)

    def _without_article(self, addresses: Sequence[str], reading: Reading) -> list[int]:
        claimed = {claim.key for claim in reading.claims}
        found: list[int] = []
        for batch in batches(addresses):
            there = select(identity.c.key).where(identity.c.address.in_(batch), identity.c.removed.is_(None))
            found += (key for key in self._connection.scalars(there) if key not in claimed)
        return found

    def _write(self, reading: Reading, removed: Sequence[int], seen: Touched, *, all_channels: bool) -> Revision:
        channels = Channels(self._connection)
        media = {channels.key(MEDIA, "")} if reading.media_changed else set()
        number = _next_number(self._connection)
        at = self._instant(*([SITE] if seen.now or all_channels else []), *([MEDIA] if media else []))
        place(self._connection, reading.claims)
        remove(self._connection, removed, at=at)
        self._connection.execute(insert(revision).values(number=number, at=at))
        touch(self._connection, seen.all, revision=number, at=None)
        touch(self._connection, seen.now | media, revision=number, at=at)
        if all_channels:
            touch_all(self._connection, revision=number, at=at)
        return Revision(number, datetime_of(at))

    def _instant(self, *names: str) -> int:
        # Every article is in the site's channel too, so that no other's Last-Modified is later than the site's.
        channels = Channels(self._connection)
        now = int(self._clock())
        taken = (last_modified(self._connection, channels.key(name, ""), now) for name in names)
        return instant(now, max(taken, default=0))


def _touch_again(
    catalog: Catalog, outcome: Outcome, *, clock: Callable[[], float], sleep: Callable[[float], object]
) -> None:
    """Mends the rare case that an article came due between a revision's instant and the end of its commit.

    What was served in between has the Last-Modified of that article, and so has what is served now, with other bytes:
    the channels are touched once more, with an instant that is later than both.
    """
    at = int(outcome.revision.at.timestamp()) if outcome.revision is not None and outcome.visible else 0
    while at:
        with catalog.database.writing() as connection:
            now = int(clock())
            site = Channels(connection).key(SITE, "")
            if not at < next_change(connection, site, at) <= now:
                return
            try:
                at = instant(now, last_modified(connection, site, now))
            except SecondTaken as taken:
                wait = taken.until
            else:
                number = _next_number(connection)
                connection.execute(insert(revision).values(number=number, at=at))
                touch(connection, outcome.visible, revision=number, at=at)
                continue
        sleep(max(0.0, wait - clock()))


def _next_number(connection: Connection) -> int:
    return (connection.scalar(select(func.max(revision.c.number))) or 0) + 1


def _note(connection: Connection, faults: Sequence[Fault]) -> None:
    rows = [{column.name: getattr(each, column.name) for column in fault.c} for each in faults]
    if rows:
        connection.execute(insert(fault), rows)
