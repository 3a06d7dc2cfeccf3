"""One sync: what a source holds now in; one revision of the catalog, or nothing, out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, func, insert, select, update

from feedsvc import __version__
from feedsvc.catalog import facts, references
from feedsvc.catalog.batches import batches
from feedsvc.catalog.bulk import drop_indexes, make_indexes
from feedsvc.catalog.calendar import last_modified, next_change
from feedsvc.catalog.channels import MEDIA, SITE, Channels, lose, touch, touch_all
from feedsvc.catalog.difference import Difference, Seen, difference, parts_of
from feedsvc.catalog.hold import hold
from feedsvc.catalog.identities import holds_any
from feedsvc.catalog.instants import SecondTaken, instant
from feedsvc.catalog.ledger import Ledger
from feedsvc.catalog.places import NOTHING, Touched, place, remove, showing, touched
from feedsvc.catalog.reading import Reading, forget_articles, forget_media, forget_records
from feedsvc.catalog.rows import instant as datetime_of
from feedsvc.catalog.schema import fault, identity, record, revision
from feedsvc.model import Revision
from feedsvc.text.links import from_top
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.catalog import Catalog
    from feedsvc.config import Site
    from feedsvc.errors import Fault
    from feedsvc.sources import Source


# So many seconds later a file must still be gone before its article is taken back.
ABSENCE = 0.5

# Places that are looked at one by one; where there are more, the whole source is.
MOST_PLACES = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sync did.

    Attributes:
        revision: what it committed; None where nothing that is published differs.
        faults: what is wrong with records, and was not told before.
        young: addresses of what was too young to be sure of, and is to be looked at again when it has settled.
        restless: addresses of what may be in the middle of being written, and is to be looked at again in a moment.
        held: what is held, for an operator (`hold`); empty where nothing is, None where not everything was looked at.
        touched: the channels that the revision touched.
        asides: by address of what it read that is no article, why it is none.
    """

    revision: Revision | None = None
    faults: tuple[Fault, ...] = ()
    young: tuple[str, ...] = ()
    restless: tuple[str, ...] = ()
    held: str | None = None
    touched: Touched = NOTHING
    asides: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be looked at again soon."""
        return not (self.young or self.restless)


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a sync is done.

    Attributes:
        site: complete settings; others than before touch every channel.
        confirm: whether what is held for its number is taken back now (`hold`).
        patience: what is written in place is read when it has been left alone for so many seconds; and what is younger
            than five times that and cannot be read is left for another time.
        clock: seconds since the epoch.
        sleep: waits for so many seconds.
    """

    site: Site
    confirm: bool = False
    patience: float = 0.0
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep


def sync(catalog: Catalog, source: Source, terms: Terms) -> Outcome:
    """Compares a source with the catalog, and commits all that differs as one revision.

    A record that cannot be read is listed with its faults; its last good version stays. Where the revision's second is
    taken (`instants`), it waits for the next and looks at the source again, so that one revision gathers what came.

    Raises:
        SourceError: where the source cannot be read as a whole; nothing is changed then.
        CatalogError: where the catalog cannot be written.
    """
    while True:
        try:
            return sync_at(catalog, source, None, terms)
        except SecondTaken as taken:
            terms.sleep(max(0.0, taken.until - terms.clock()))


def sync_at(catalog: Catalog, source: Source, places: Collection[str] | None, terms: Terms) -> Outcome:
    """As `sync`, but looks only at some places, where that is enough, and leaves it to the caller to wait.

    Args:
        places: addresses of records, or of folders of them; None for everything.

    Raises:
        SecondTaken: where no revision can be committed yet; nothing is changed then.
    """
    while True:
        standing, differs = _looked(catalog, source, places, terms)
        if differs.is_none and not standing.asks_for_a_sync(terms):
            held = "" if differs.is_whole else None
            return Outcome(restless=tuple(differs.restless), held=held)
        with catalog.database.writing() as connection:
            if not standing.holds(connection):
                continue  # another sync came in between, and may have seen what is younger than this scan
            outcome = _Sync(connection, source, standing, terms).commit(differs)
        _touch_again(catalog, outcome, terms)
        return outcome


def _looked(
    catalog: Catalog, source: Source, places: Collection[str] | None, terms: Terms
) -> tuple[_Standing, Difference]:
    """How the catalog stands, and where the source differs from it."""
    with catalog.database.reading() as connection:
        standing = _Standing.of(connection, terms.site)
        if standing.is_first:  # everything is new: it is listed while it is read
            return standing, Difference(is_whole=True)
        if standing.site_changed or (places is not None and len(places) > MOST_PLACES):
            places = None
        read_all, patience = standing.read_all, terms.patience
        differs = difference(connection, source, places=places, read_all=read_all, patience=patience)
    if differs.gone and all(seen.is_known for seen in differs.changed):
        terms.sleep(ABSENCE)  # what is gone for a moment may be being saved; what was renamed is there already
        with catalog.database.reading() as connection:
            again = difference(connection, source, places=differs.gone, patience=patience)
        differs = Difference(
            [*differs.changed, *again.changed], again.gone, [*differs.restless, *again.restless], differs.is_whole
        )
    return standing, differs


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a catalog stands before a sync.

    Attributes:
        syncs: how many have committed something.
        is_first: whether none has ended yet.
        read_all: whether records are to be read whatever their marks say.
        site_changed: whether other settings hold than before.
        is_held: whether something is held.
    """

    syncs: int
    is_first: bool
    read_all: bool
    site_changed: bool
    is_held: bool

    @classmethod
    def of(cls, connection: Connection, site: Site) -> _Standing:
        """How it stands for some settings."""
        said = facts.all_of(connection)
        read_all = said.get(facts.READ_WITH) != _read_with(site)
        return cls(
            syncs=int(said.get(facts.SYNCS, "0")),
            is_first=facts.LOADED not in said,
            read_all=read_all,
            site_changed=read_all or said.get(facts.SITE) != _settings(site),
            is_held=facts.HELD in said,
        )

    def asks_for_a_sync(self, terms: Terms) -> bool:
        """Whether there is something to do though the source is what it was."""
        return self.is_first or self.site_changed or (terms.confirm and self.is_held)

    def holds(self, connection: Connection) -> bool:
        """Whether no other sync has committed anything since."""
        return int(facts.get(connection, facts.SYNCS) or "0") == self.syncs


class _Sync:
    """One try, in one writing transaction."""

    def __init__(self, connection: Connection, source: Source, standing: _Standing, terms: Terms) -> None:
        self._connection = connection
        self._source = source
        self._standing = standing
        self._terms = terms
        self._site = terms.site
        self._clock = terms.clock
        self._channels = Channels(connection)

    def commit(self, differs: Difference) -> Outcome:
        """Reads what differs and writes all that follows from it.

        Raises:
            SecondTaken: where the revision has to wait; nothing of the transaction is to be kept then.
        """
        is_first, site_changed = self._standing.is_first, self._standing.site_changed
        self._note_folder()
        if not is_first:
            self._instant(int(self._clock()), MEDIA, SITE)  # a taken second is cheaper found out now than after reading
        is_bare = is_first and not holds_any(self._connection)
        if is_bare:
            drop_indexes(self._connection)
        reading = Reading(self._connection, self._site, is_first, self._standing.read_all, self._terms.patience * 5)
        reading.read(self._source, self._everything() if is_first else differs.changed)
        held = hold(self._connection, differs, reading.claims, confirm=self._terms.confirm, now=self._clock())
        gone = [*held.released, *chain.from_iterable(parts_of(self._connection, held.released).values())]
        forget_records(self._connection, gone)
        reading.media_changed |= forget_media(self._connection, gone)
        site_changed |= from_top(self._site.podcast_image) in reading.media_changed  # every channel shows it
        removed = self._settle(reading, gone)
        if is_bare:
            reading.claims.sort(key=attrgetter("key"))  # as the rows are ordered
        now = int(self._clock())
        seen = touched(self._connection, self._channels, reading.claims, removed, now=now)
        if not is_first:
            seen |= showing(self._connection, references.referring(self._connection, reading.media_changed), now=now)
        place(self._connection, self._channels, reading.claims, is_first=is_bare)
        if is_bare:
            make_indexes(self._connection)
        _note(self._connection, [*reading.faults, *reading.standing])
        facts.put(self._connection, facts.SYNCS, str(self._standing.syncs + 1))
        made = None
        if seen.all or reading.media_changed or site_changed or is_first:
            made = self._write(reading, removed, seen, now=now, all_channels=site_changed)
        for name, value in ((facts.READ_WITH, _read_with(self._site)), (facts.SITE, _settings(self._site))):
            facts.put(self._connection, name, value)
        facts.put(self._connection, facts.LOADED, "yes")
        return Outcome(
            made,
            tuple(reading.faults),
            tuple(reading.young),
            (*differs.restless, *reading.restless),
            held.told,
            seen if made else NOTHING,
            reading.asides,
        )

    def _everything(self) -> Iterator[Seen]:
        return (Seen(address, mark, is_known=False) for address, mark in self._source.scan())

    def _note_folder(self) -> None:
        """Notes where large files lie, for those who serve on the same machine."""
        root = self._source.root
        folder = "" if root is None else str(root.resolve())
        if facts.get(self._connection, facts.FOLDER) != folder:
            facts.put(self._connection, facts.FOLDER, folder)

    def _settle(self, reading: Reading, gone: Sequence[str]) -> list[int]:
        """Gives each claim its identity; returns the keys of those whose article is no longer there."""
        leaving = [*gone, *reading.not_articles]
        ledger = Ledger(self._connection, reading.claims, gone=leaving, authority=self._site.id_authority)
        ledger.settle()
        forget_articles(self._connection, [*leaving, *(claim.address for claim in reading.claims if not claim.key)])
        reading.claims = [claim for claim in reading.claims if claim.key]
        reading.faults.extend(refusal.fault for refusal in ledger.refusals)
        waits = [{"a": refusal.address, "holder": refusal.holder} for refusal in ledger.refusals]
        if waits:
            waiting = update(record).where(record.c.address == bindparam("a")).values(waits_for=bindparam("holder"))
            self._connection.execute(waiting, waits)
        if self._standing.is_first:
            return []
        return self._without_article([*leaving, *(claim.address for claim in reading.claims)], reading)

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


def _touch_again(catalog: Catalog, outcome: Outcome, terms: Terms) -> None:
    """Mends the rare case that an article came due between a revision's instant and the end of its commit.

    What was served in between has the Last-Modified of that article, and so has what is served now, with other bytes:
    the channels are touched once more, with an instant that is later than both.
    """
    at = int(outcome.revision.at.timestamp()) if outcome.revision is not None else 0
    while at:
        wait = 0
        with catalog.database.writing() as connection:
            now = int(terms.clock())
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
        terms.sleep(max(0.0, wait - terms.clock()))


def _settings(site: Site) -> str:
    return msgspec.json.encode(site).decode()


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
    rows = [row | {"text": clean(row["text"])} for row in rows]
    if rows:
        connection.execute(insert(fault), rows)
