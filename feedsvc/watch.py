"""Keeps a catalog in step with a source: changes of files in; revisions out, until it is told to stop."""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from feedsvc.catalog.syncing import LONGEST, Absent, Outcome, SecondTaken, Terms, sync_at, sync_foremost
from feedsvc.config import FILE_NAME
from feedsvc.entries import words
from feedsvc.errors import CatalogBusy, CatalogError, FeedsvcError
from feedsvc.sources.hints import ticks
from feedsvc.verification import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from contextlib import AbstractContextManager
    from threading import Event

    from feedsvc.catalog import Catalog
    from feedsvc.config import Site
    from feedsvc.sources import Source
    from feedsvc.sources.hints import Tick

logger = logging.getLogger(__name__)

# Notifications are hints, a scan is the truth: the folder is scanned at least so often, in seconds, a table as it asks,
AT_LEAST_EVERY = 10.0
# but a scan that takes long is not to fill more than this part of the time; more where no notification comes.
SHARE = 0.02
# Where no notifications come, scans are all there is.
BLIND_EVERY = 1.0
BLIND_SHARE = 0.2
SHARE_POLLED = 0.1
# What is written in place is read when it has been left alone for so long, in seconds.
PATIENCE = 0.4
# What was too young to be sure of is looked at again after so many seconds.
SETTLE = 2.2

_CONTESTED = (
    "another process publishes the same catalog with other settings, such as another base_url, and each undoes what "
    "the other does (stop one of them, or give it a catalog of its own by --database)"
)


class _Agenda(Struct):
    """What is to be looked at, and when: by the monotonic clock, in seconds.

    Attributes:
        everything: when all of the source is.
        silence: until when nothing is.
    """

    everything: float = -inf
    silence: float = -inf
    _places: dict[str, float] = field(default_factory=dict)

    def note(self, places: Iterable[str] | None, at: float) -> None:
        """Notes places, or everything, for an instant; what is due before stays so."""
        if places is None:
            self.everything = min(self.everything, at)
        else:
            self._places.update({place: min(at, self._places.get(place, inf)) for place in places})

    def due(self, now: float, absent: Collection[str]) -> frozenset[str] | None:
        """The places whose turn it is; None for everything.

        Args:
            absent: what has just gone. What comes may be that: so all that is noted is looked at together with it.
        """
        if now < self.silence:
            return frozenset()
        if now >= self.everything:
            self._places.clear()
            self.everything = inf
            return None
        found = frozenset(place for place, at in self._places.items() if at <= now)
        if found and absent:
            found = frozenset({*self._places, *absent})
        for place in found:
            self._places.pop(place, None)
        return found


def watch(  # noqa: PLR0913 - what a loop needs that nobody calls twice
    catalog: Catalog,
    source: Source,
    *,
    settings: Callable[[], Site],
    report: Callable[[Outcome | FeedsvcError], None],
    stop: Event,
    untold: Callable[[str], None] = lambda _what: None,
    beside: Callable[[], AbstractContextManager[None]] = nullcontext,
    poll: bool = False,
) -> None:
    """Syncs at once, after each change, and now and then, until `stop` is set.

    Args:
        settings: the complete settings as they stand now; raises SettingsError, and what is published stays.
        report: told of every sync that did something, and of every trouble when it starts.
        untold: told what the catalog cannot be told: what keeps the sync from its work; nothing when it works again.
        beside: what holds while a sync goes on.
        poll: whether notifications are not to be relied on.
    """
    absent: dict[str, float] = {}
    new: set[str] = set()

    def terms() -> Terms:
        return Terms(settings(), catalog.now, patience=PATIENCE, sleep=stop.wait, words=words, absent=absent, new=new)

    verification = Verification(catalog, source, terms, pause=partial(_pause, AT_LEAST_EVERY, SHARE))
    follower = _Follower(catalog, source, terms, report, untold, beside, absent, verification)
    for tick in ticks(source.root, stop, poll=poll):
        follower.note(tick)
        follower.look(is_blind=tick.is_blind)


class _Follower(Struct):
    """Syncs what is due, and notes what is due next.

    Attributes:
        absent: what was not there when it was looked for last, and since when in seconds since the epoch.
        trouble: what is held, or keeps the sync from its work; empty where nothing does.
        site: the settings of the last sync.
        is_contested: whether it was told that somebody else syncs with others.
    """

    catalog: Catalog
    source: Source
    terms: Callable[[], Terms]
    report: Callable[[Outcome | FeedsvcError], None]
    untold: Callable[[str], None]
    beside: Callable[[], AbstractContextManager[None]]
    absent: Mapping[str, float]
    verification: Verification
    agenda: _Agenda = field(default_factory=_Agenda)
    trouble: str = ""
    site: Site | None = None
    is_contested: bool = False

    def note(self, tick: Tick) -> None:
        """Notes what is to be looked at: at once, but for what is read only when it has been left alone anyway."""
        now = time.monotonic()
        if tick.places is None or FILE_NAME in tick.places:
            self.agenda.note(None, now)
        else:
            self.agenda.note(tick.places - tick.written, now)
            self.agenda.note(tick.written, now + PATIENCE)

    def look(self, *, is_blind: bool) -> None:
        """Looks at what is due, where anything is."""
        began = time.monotonic()
        if not self.catalog.exists() or self.verification.has_found():
            self.agenda.note(None, began)
        if began >= self.verification.due and self.source.polled is None:  # a table is read by one thread only
            self.verification.begin()
        just_gone = [place for place, since in self.absent.items() if self.catalog.now() - since < LONGEST]
        places = self.agenda.due(began, just_gone)
        if places is not None and not places:
            return
        try:
            if self.trouble or not self.catalog.exists():
                self.catalog.prepare()
            outcome = self._synced(places)
        except SecondTaken as taken:
            self.agenda.note(places, began + max(0.0, taken.until - self.catalog.now()))
        except Absent as absent:
            # What comes until then is looked at together with it: it may stand elsewhere.
            self.agenda.silence = began + absent.wait
            self.agenda.note(None if places is None else places.union(absent.places), self.agenda.silence)
        except FeedsvcError as error:
            self._note_trouble(error)
            self.agenda.note(None, began + SETTLE)
        else:
            self._note_outcome(outcome)
            if places is None:
                self._note_next(time.monotonic() - began, is_blind=is_blind)

    def _synced(self, places: frozenset[str] | None) -> Outcome:
        try:
            terms = self.terms()
            if self.site is None:  # a text that ends this process while its words are cut is published before
                terms = replace(terms, words=None)
            with self.beside():
                outcome = sync_foremost(self.catalog, self.source, terms) if self.site is None else None
                outcome = outcome or sync_at(self.catalog, self.source, places, terms)
            if outcome.held:
                self.catalog.note_trouble(outcome.held, self.catalog.now())
            elif outcome.held is not None:
                self.catalog.forget_trouble()
            self._note_settings(terms.site, outcome)
        except FeedsvcError:
            raise
        except Exception as error:
            # A mistake in the program itself: what is published stays, and whoever serves it says so.
            logger.exception("the sync failed")
            raise FeedsvcError(f"the sync failed: {error!r}") from error
        return outcome

    def _note_settings(self, site: Site, outcome: Outcome) -> None:
        """Tells where others held that were not ours: each of two that sync one catalog undoes what the other does."""
        is_ours = site == self.site
        self.site, self.is_contested = site, self.is_contested and is_ours
        if outcome.is_resettled and is_ours:
            self.catalog.note_trouble(_CONTESTED, self.catalog.now())
            if not self.is_contested:
                logger.warning("feedsvc: %s", _CONTESTED)
            self.is_contested = True

    def _note_outcome(self, outcome: Outcome) -> None:
        if outcome.revision is not None or outcome.faults or (outcome.held and outcome.held != self.trouble):
            self.report(outcome)
        if outcome.held is not None:
            if self.trouble and not outcome.held:
                logger.warning("feedsvc: the sync works again")
                self.untold("")
            self.trouble = outcome.held
        ended = time.monotonic()
        if outcome.revision is not None:
            # The next one can be no sooner, and gathers what comes until then; but a clock that went back is not waited
            # for (R2 of `instants`).
            self.agenda.silence = ended + min(1.0, outcome.revision.at.timestamp() + 1 - self.catalog.now())
        if outcome.is_foremost:
            self.agenda.note(None, ended)
        self.agenda.note(outcome.restless, ended + PATIENCE)
        self.agenda.note(outcome.young, ended + SETTLE)

    def _note_next(self, lasted: float, *, is_blind: bool) -> None:
        """Notes when everything is looked at next, after that lasted so long."""
        now, polled = time.monotonic(), self.source.polled
        if polled is None and not is_blind:  # it will hardly find anything
            self.verification.due = now + _pause(AT_LEAST_EVERY, SHARE, lasted)
            return
        least, share = (BLIND_EVERY, BLIND_SHARE) if is_blind else (AT_LEAST_EVERY, SHARE)
        if polled is not None:
            least, share = min(least, polled), max(share, SHARE_POLLED)
        self.agenda.note(None, now + _pause(least, share, lasted))

    def _note_trouble(self, error: FeedsvcError) -> None:
        if str(error) != self.trouble:
            self.report(error)
            self._tell(error)
        self.trouble = str(error)

    def _tell(self, error: FeedsvcError) -> None:
        try:
            if isinstance(error, CatalogBusy):
                raise error
            self.catalog.note_trouble(str(error), self.catalog.now())
        except CatalogError:  # it is the catalog itself, which may well be read still
            self.untold(str(error))


def _pause(least: float, share: float, lasted: float) -> float:
    """For how many seconds to wait after what lasted so long, if it is to fill no more than a share of the time."""
    return max(least, lasted / share)
