"""One sync: what a source holds now in; one revision of the catalog, or nothing, out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import insert, select

from feedsvc.catalog import calendar, facts
from feedsvc.catalog.calendar import last_modified, next_change
from feedsvc.catalog.channels import SITE
from feedsvc.catalog.schema import record, revision
from feedsvc.catalog.syncing import unchanged
from feedsvc.catalog.syncing.absence import ABSENCE, Absent, without_absent
from feedsvc.catalog.syncing.apart import apart
from feedsvc.catalog.syncing.channels import Channels, touch
from feedsvc.catalog.syncing.commit import Commit
from feedsvc.catalog.syncing.difference import Difference, difference
from feedsvc.catalog.syncing.foremost import Unclear, foremost
from feedsvc.catalog.syncing.indexing import Unindexed, fill_along
from feedsvc.catalog.syncing.instants import SecondTaken, instant
from feedsvc.catalog.syncing.settling import is_second_look, settled
from feedsvc.catalog.syncing.standing import Standing, latest
from feedsvc.catalog.syncing.terms import Outcome
from feedsvc.catalog.syncing.unsettled import Overlooked, Unsettled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from feedsvc.catalog.catalog import Catalog
    from feedsvc.catalog.syncing.terms import Terms
    from feedsvc.sources import Source

logger = logging.getLogger(__name__)

# Places that are looked at one by one; where there are more, the whole source is.
MOST_PLACES = 20_000

_COMPARED = select(record.c.address).where(record.c.file.is_(None))

# So often it is looked again at once for what changed while it was looked.
MOST_TRIES = 5


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
        except Absent as absent:
            terms.sleep(absent.wait)


def sync_at(catalog: Catalog, source: Source, places: Collection[str] | None, terms: Terms) -> Outcome:
    """As `sync`, but looks only at some places, where that is enough, and leaves it to the caller to wait.

    Args:
        places: addresses of records, or of folders of them; None for everything.

    Raises:
        SecondTaken: where no revision can be committed yet; nothing is changed then.
        Absent: where something is gone that was there a moment ago; likewise.
    """
    tries = 0
    while True:
        standing, differs = _looked(catalog, source, places, terms)
        try:
            outcome = _committed(catalog, source, standing, differs, terms)
        except Overlooked as overlooked:
            tries += 1
            if tries == MOST_TRIES:  # pragma: no cover - it changes faster than it can be looked at
                raise Absent(overlooked.places, ABSENCE) from None
            places = None if places is None else overlooked.places.union(places)
            continue
        if outcome is not None:
            terms.new.clear()
            _touch_again(catalog, outcome, terms)
            return outcome


def sync_foremost(catalog: Catalog, source: Source, terms: Terms) -> Outcome | None:
    """A first sync of the newest articles only, where there are many: the site's feeds are whole by it.

    It is None, and nothing is done, where all had better be read at once, or the catalog holds anything.

    Raises:
        SourceError, CatalogError: as `sync` does.
    """
    with catalog.database.reading() as connection:
        standing = Standing.of(connection, terms.site)
    if not standing.is_bare:
        return None
    try:
        newest = foremost(source, terms.site, patience=terms.patience)
        with catalog.database.writing() as connection:
            if not standing.holds(facts.known(connection)):
                return None
            outcome = Commit(connection, source, standing, terms).make(Difference(), newest)
    except Unclear:
        return None
    return replace(outcome, is_foremost=True)


def is_in_step(catalog: Catalog, source: Source, terms: Terms) -> bool:
    """Whether a sync of everything would find nothing to do but to look once more at what is too young to be sure of.

    It writes nothing but that it was so (`unchanged`).

    Raises:
        SourceError: where the source cannot be read as a whole.
        CatalogError: where the catalog cannot be read.
    """
    with catalog.database.reading() as connection:
        standing = Standing.of(connection, terms.site)
        if standing.is_first or standing.site_changed or standing.is_held:
            return False
        if _is_as_noted(standing, source):
            return True
        differs = difference(connection, source)
    if differs.is_only_young:
        _note(catalog, source, standing)
    return differs.is_only_young


def _committed(
    catalog: Catalog, source: Source, standing: Standing, differs: Difference, terms: Terms
) -> Outcome | None:
    """What came of it; None where another sync came in between, and may have seen what is younger than this scan."""
    words, unindexed = terms.words, None
    while not differs.is_none or _is_asked_for(standing, differs, terms):
        try:
            with catalog.database.writing() as connection:
                said = facts.known(connection)
                if not standing.holds(said):
                    return None
                if is_second_look(differs, standing, terms) and (
                    outcome := settled(connection, source, differs, standing, terms)
                ):
                    return outcome
                outcome = Commit(connection, source, standing, terms).make(differs)
                is_indexed = words is not None and fill_along(connection, words, said)
        except Unindexed as error:
            words, unindexed = None, error
        except Unsettled as unsettled:
            differs = differs.without(unsettled.addresses, unread=unsettled.unread)
        else:
            if unindexed is not None:  # where all failed, that is told instead
                logger.warning("feedsvc: %s", unindexed)
            return replace(outcome, is_indexed=is_indexed)
    if differs.is_whole:
        _note(catalog, source, standing)
    return Outcome(restless=tuple(differs.restless), held="" if differs.is_whole else None)


def _looked(
    catalog: Catalog, source: Source, places: Collection[str] | None, terms: Terms
) -> tuple[Standing, Difference]:
    """How the catalog stands, and where the source differs from it."""
    with catalog.database.reading() as connection:
        standing = Standing.of(connection, terms.site)
        if standing.is_bare:  # everything is new: it is listed while it is read
            return standing, Difference(is_whole=True, compared=frozenset())
        if standing.is_foremost:  # nearly everything is
            compared = frozenset(connection.scalars(_COMPARED))
            read_all, patience = standing.read_all, terms.patience
            differs = difference(connection, source, places=compared, read_all=read_all, patience=patience)
            differs = replace(differs, is_whole=True, compared=compared)
            return standing, without_absent(differs, None, terms)
        if standing.site_changed or (places is not None and len(places) > MOST_PLACES):
            places = None
        if places is None and not standing.read_all and _is_as_noted(standing, source):
            return standing, without_absent(Difference(is_whole=True), None, terms)
        read_all, patience = standing.read_all, terms.patience
        differs = difference(connection, source, places=places, read_all=read_all, patience=patience)
    return standing, without_absent(differs, places, terms)


def _is_as_noted(standing: Standing, source: Source) -> bool:
    return standing.marks is not None and standing.marks == source.digest()


def _note(catalog: Catalog, source: Source, standing: Standing) -> None:
    """Notes the digest of the marks, where none is noted and the source has one: what is polled has none."""
    if standing.marks is None and source.polled is None:
        unchanged.note_apart(catalog)


def _is_asked_for(standing: Standing, differs: Difference, terms: Terms) -> bool:
    """Whether there is something to do though the source is what it was, as where all that was held is back."""
    return standing.is_first or standing.site_changed or (standing.is_held and (terms.confirm or differs.is_whole))


def _touch_again(catalog: Catalog, outcome: Outcome, terms: Terms) -> None:
    """Mends the rare case that an article came due between a revision's instant and the end of its commit.

    What was served in between has the Last-Modified of that article, and so has what is served now, with other bytes:
    the channels are touched once more, with an instant that is later than both.
    """
    is_over = outcome.revision is None or outcome.turn > terms.clock()
    at = 0 if outcome.revision is None or is_over else int(outcome.revision.at.timestamp())
    kept = calendar.kept(terms.site)
    while at:
        wait = 0
        with catalog.database.writing() as connection:
            now = int(terms.clock())
            keys: Iterable[int] = outcome.touched.all
            if not at < next_change(connection, Channels(connection, terms.site).key(SITE), at, kept=kept) <= now:
                # Nothing came due in any channel whose articles are all in the site's too.
                keys = apart(connection, outcome.touched.all)
            due = [key for key in keys if at < next_change(connection, key, at, kept=kept) <= now]
            if not due:
                return
            try:
                at = instant(now, max(last_modified(connection, key, now, kept=kept) for key in due))
            except SecondTaken as taken:
                wait = taken.until
            else:
                number = latest(connection) + 1
                connection.execute(insert(revision).values(number=number, at=at))
                touch(connection, outcome.touched.now.union(due), revision=number, at=at)
        terms.sleep(max(0.0, wait - terms.clock()))
