"""One try of a sync, in one writing transaction: where a source differs in; a revision, or nothing, out."""

from __future__ import annotations

from itertools import chain
from math import inf
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from feedsvc.catalog import calendar, facts, references
from feedsvc.catalog.batches import batches
from feedsvc.catalog.calendar import last_modified, next_change
from feedsvc.catalog.channels import MEDIA, SITE
from feedsvc.catalog.rows import instant as datetime_of
from feedsvc.catalog.schema import fault, identity, membership, record, revision
from feedsvc.catalog.syncing import unchanged
from feedsvc.catalog.syncing.apart import apart
from feedsvc.catalog.syncing.bulk import drop_indexes, make_indexes
from feedsvc.catalog.syncing.channels import Channels, lose, touch, touch_all
from feedsvc.catalog.syncing.difference import Seen, parts_of
from feedsvc.catalog.syncing.enclosures import note_missing
from feedsvc.catalog.syncing.hold import hold
from feedsvc.catalog.syncing.instants import instant
from feedsvc.catalog.syncing.ledger import Ledger
from feedsvc.catalog.syncing.places import NOTHING, Place, Touched, hide, place, places_of, remove, showing, touched
from feedsvc.catalog.syncing.placing import place_again
from feedsvc.catalog.syncing.reading import Reading, forget_articles, forget_media, forget_records
from feedsvc.catalog.syncing.standing import latest
from feedsvc.catalog.syncing.terms import Outcome
from feedsvc.catalog.syncing.theming import Theming
from feedsvc.catalog.syncing.undoing import undone
from feedsvc.catalog.syncing.unsettled import Unsettled, check_holders, check_settled
from feedsvc.model import Revision
from feedsvc.text.links import from_top
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.syncing.claims import Claim
    from feedsvc.catalog.syncing.difference import Difference
    from feedsvc.catalog.syncing.foremost import Foremost
    from feedsvc.catalog.syncing.standing import Standing
    from feedsvc.catalog.syncing.terms import Terms
    from feedsvc.catalog.syncing.undoing import Undone
    from feedsvc.errors import Fault
    from feedsvc.sources import Source


_THERE = select(identity.c.key).where(
    identity.c.address.in_(bindparam("addresses", expanding=True)), identity.c.removed.is_(None)
)


class Commit:
    """One try, in one writing transaction."""

    def __init__(self, connection: Connection, source: Source, standing: Standing, terms: Terms) -> None:
        self._connection = connection
        self._source = source
        self._standing = standing
        self._terms = terms
        self._site = terms.site
        self._clock = terms.clock
        # Those who serve may read by now: PostgreSQL would keep them from a table without its indexes until the end.
        is_sqlite = connection.dialect.name == "sqlite"
        self._in_bulk = standing.is_bare or (standing.is_foremost and is_sqlite)
        self._channels = Channels(connection, terms.site)
        self._vacated: Mapping[str, int] = {}
        self._undone: Undone | None = None
        self._turn = inf

    def make(self, differs: Difference, foremost: Foremost | None = None) -> Outcome:
        """Reads what differs and writes all that follows from it.

        Args:
            foremost: what is read instead, where only the newest articles are.

        Raises:
            SecondTaken: where the revision has to wait; nothing of the transaction is to be kept then.
            Unsettled: where some of it has to wait for what is being written; likewise.
            Overlooked: where more has to be looked at; likewise.
            Unclear: where it is not sure which articles are the newest; likewise.
        """
        if self._in_bulk:
            drop_indexes(self._connection)
        if not self._standing.is_bare:
            self._instant(int(self._clock()), SITE)  # a taken second is cheaper found out now than after reading
        self._note_folder()
        reading = self._read(differs, foremost)
        if reading.restless and differs.gone:
            raise Unsettled(reading.restless, unread=True)  # each may be one that is gone
        elsewhere = self._elsewhere(reading.claims) if differs.gone else frozenset()
        held = hold(self._connection, differs, elsewhere, confirm=self._terms.confirm, now=self._clock())
        restless = (*differs.restless, *reading.restless)
        removed = self._settle(reading, self._forget(held.released, reading), restless, differs.gone)
        now = int(self._clock())
        seen = self._place(reading, removed, now=now)
        _note(self._connection, [*reading.faults, *reading.standing])
        reading.faults += note_missing(self._connection, reading.enclosing, reading.media_changed)
        made = self._write(reading, removed, seen, now=now)
        self._note_done(is_foremost=foremost is not None)
        faults, young = tuple(reading.faults), tuple(reading.young)
        seen, undone = (seen, self._undone) if made else (NOTHING, None)
        is_resettled = self._standing.site_changed and not self._standing.is_first
        return Outcome(made, faults, young, restless, held.told, seen, reading.asides, undone, is_resettled, self._turn)

    def _note_done(self, *, is_foremost: bool) -> None:
        self._standing.note(self._connection, self._site, is_foremost=is_foremost)
        if self._standing.is_first and self._source.polled is None and not is_foremost:
            unchanged.note(self._connection)

    def _elsewhere(self, claims: Iterable[Claim]) -> frozenset[str]:
        """What tells that an article stands at another place now: its bytes, or the id it says or would be given."""
        authority = self._site.id_authority
        return frozenset(each for claim in claims for each in (claim.digest, claim.id or next(claim.uris(authority))))

    def _forget(self, released: Sequence[str], reading: Reading) -> list[str]:
        """Forgets records that are gone; returns their addresses, and those of the articles in them."""
        gone = [*released, *chain.from_iterable(parts_of(self._connection, released).values())]
        forget_records(self._connection, gone)
        reading.media_changed |= forget_media(self._connection, gone)
        reading.theming.forget(gone)
        return gone

    def _place(self, reading: Reading, removed: Sequence[int], *, now: int) -> Touched:
        """Puts articles where they show; returns the channels where something changes by it."""
        claims, connection, is_bare = reading.claims, self._connection, self._standing.is_bare
        self._channels.load(chain.from_iterable({claim.subjects for claim in claims}))
        if self._in_bulk:
            claims.sort(key=attrgetter("key"))  # as the rows are ordered
        if is_bare:
            before: Mapping[int, Sequence[Place]] = {}
        else:
            before = places_of(connection, [*(claim.key for claim in claims if not claim.is_idle), *removed])
        seen = touched(self._channels, claims, before, now=now)
        if not is_bare:
            seen |= showing(connection, references.referring(connection, reading.media_changed), now=now)
        place(connection, self._channels, claims, before, is_first=is_bare)
        if self._in_bulk:
            make_indexes(connection, membership)
        if self._standing.placed_anew:
            self._channels.name_all()
            lost = frozenset() if is_bare else place_again(connection, self._channels, self._site, now=now)
            seen |= Touched(lost, lost, lost)
        self._undone = undone(connection, self._channels, claims, before, self._vacated, site=self._site, now=now)
        return seen

    def _read(self, differs: Difference, foremost: Foremost | None) -> Reading:
        theming, patience = Theming(self._connection), self._terms.patience * 5
        reading = Reading(self._connection, self._site, self._standing.read_all, theming, patience)
        reading.read(self._source, differs.changed, are_new=self._standing.is_bare)
        if differs.compared is not None:
            others = self._all_else(differs.compared.union(differs.restless), reading.restless)
            reading.read(self._source, others, are_new=True)
        if foremost is not None:
            for some in foremost.rounds(reading.claims):
                reading.read(self._source, some, are_new=True)
            foremost.check(reading.claims, int(self._clock()))
            reading.read(self._source, foremost.files(self._connection), are_new=True)
        return reading

    def _all_else(self, known: Collection[str], restless: list[str]) -> Iterator[Seen]:
        """All other records; what may be in the middle of being written comes last, and what still may be, not at all.

        Args:
            known: addresses that are passed over.
            restless: to which those of the latter are added.
        """
        patience, young = self._terms.patience, []
        for address, mark in self._source.scan():
            if address in known:
                continue
            if mark.age < patience:
                young.append(address)
            else:
                yield Seen(address, mark, is_known=False)
        if young:
            self._terms.sleep(patience)
            for address, mark in self._source.scan(young):
                if mark.age < patience:
                    restless.append(address)
                else:
                    yield Seen(address, mark, is_known=False)

    def _note_folder(self) -> None:
        """Notes where large files lie, for those who serve on the same machine."""
        root = self._source.root
        folder = "" if root is None else str(root.resolve())
        if self._standing.folder != folder:
            facts.put(self._connection, facts.FOLDER, folder)

    def _settle(
        self, reading: Reading, gone: Sequence[str], restless: Sequence[str], missing: Sequence[str]
    ) -> list[int]:
        """Gives each claim its identity; returns the keys of those whose article is no longer there.

        Args:
            gone: addresses that are taken for gone.
            restless: of what cannot be read yet.
            missing: of all that is not there, also of what is held.
        """
        if not self._standing.is_bare:
            check_settled(self._connection, reading.claims, (), restless, authority=self._site.id_authority)
        leaving = [*gone, *reading.not_articles]
        known = {*leaving, *missing, *restless, *(claim.address for claim in reading.claims)}
        if not self._standing.is_bare:
            check_holders(self._connection, self._source, reading.claims, (), known)
        ledger = Ledger(self._connection, reading.claims, gone=leaving, authority=self._site.id_authority)
        ledger.settle()
        if self._in_bulk:
            make_indexes(self._connection, identity)
        self._vacated = ledger.vacated
        if not self._standing.is_bare:
            check_settled(self._connection, (), ledger.refusals, restless, authority=self._site.id_authority)
            check_holders(self._connection, self._source, (), ledger.refusals, known)
        forget_articles(self._connection, [*leaving, *(claim.address for claim in reading.claims if not claim.key)])
        reading.claims = [claim for claim in reading.claims if claim.key]
        reading.faults.extend(refusal.fault for refusal in ledger.refusals)
        waits = [{"a": refusal.address, "holder": refusal.holder} for refusal in ledger.refusals]
        if waits:
            waiting = update(record).where(record.c.address == bindparam("a")).values(waits_for=bindparam("holder"))
            self._connection.execute(waiting, waits)
        if self._standing.is_bare:
            return []
        return self._without_article([*leaving, *(claim.address for claim in reading.claims)], reading)

    def _without_article(self, addresses: Sequence[str], reading: Reading) -> list[int]:
        claimed = {claim.key for claim in reading.claims}
        found: list[int] = []
        for batch in batches(addresses):
            there = self._connection.scalars(_THERE, {"addresses": batch})
            found += (key for key in there if key not in claimed)
        return found

    def _write(self, reading: Reading, removed: Sequence[int], seen: Touched, *, now: int) -> Revision | None:
        """The revision; None where nothing that is published differs."""
        reading.faults += reading.theming.settle(self._source)
        shown_everywhere = any(from_top(url) in reading.media_changed for url in self._site.pictures)
        all_channels = self._standing.site_changed or reading.theming.is_other or shown_everywhere
        if not (seen.all or reading.media_changed or all_channels):
            return None
        media = {self._channels.key(MEDIA)} if reading.media_changed else set()
        number = latest(self._connection) + 1
        shown = [SITE] if seen.now or all_channels else []
        others = apart(self._connection, None if all_channels else seen.all)
        visibly = [key for key in others if all_channels or key in seen.now]
        # The channel of files is made where there is none: when all are touched, it is.
        files = [MEDIA] if media or all_channels else []
        at = self._instant(now, *shown, *files, others=visibly)
        remove(self._connection, removed, at=at, now=now)
        hide(self._connection, reading.claims, at=at)
        self._connection.execute(insert(revision).values(number=number, at=at))
        touch(self._connection, seen.all - seen.now - media, revision=number, at=None)
        touch(self._connection, seen.now | media, revision=number, at=at)
        lose(self._connection, seen.lost, revision=number)
        if all_channels:
            touch_all(self._connection, revision=number, at=at)
        kept, home = calendar.kept(self._site), self._channels.key(SITE)
        self._turn = min(next_change(self._connection, key, at, kept=kept) for key in (home, *others))
        return Revision(number, datetime_of(at))

    def _instant(self, now: int, *names: str, others: Iterable[int] = ()) -> int:
        # What is in any other channel is in the site's too: no Last-Modified of theirs is later than the site's.
        keys = (*(self._channels.key(name) for name in names), *others)
        # What was served until now has a date by the settings that held until now.
        kept = {self._standing.kept, calendar.kept(self._site)}
        taken = (last_modified(self._connection, key, now, kept=each) for key in keys for each in kept)
        return instant(now, max(taken, default=0))


def _note(connection: Connection, faults: Sequence[Fault]) -> None:
    rows = [{column.name: getattr(each, column.name) for column in fault.c} for each in faults]
    # A line is shown as it stands in the file, but no database takes every character that can stand there.
    rows = [row | {name: clean(row[name]) for name in ("problem", "cure", "text")} for row in rows]
    if rows:
        connection.execute(insert(fault), rows)
