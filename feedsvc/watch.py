"""Keeps a catalog in step with a source: changes of files in; revisions out, until it is told to stop."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

from feedsvc.catalog import Outcome, SecondTaken, Terms, sync_at
from feedsvc.config import FILE_NAME
from feedsvc.errors import CatalogBusy, CatalogError, FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from threading import Event

    from feedsvc.catalog import Catalog
    from feedsvc.config import Site
    from feedsvc.sources import Source

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
# How often to look for what is due, and for what no notification tells (a catalog or a folder that is gone), in
# milliseconds.
TICK = 100
_OF_SQLITE = ("-wal", "-shm", "-journal")
# Changes that come within so many milliseconds of each other make one revision,
STEP = 20
# unless they go on for longer than this.
DEBOUNCE = 300


@dataclass(slots=True)
class _Agenda:
    """What is to be looked at, and when: by the monotonic clock, in seconds.

    Attributes:
        everything: when all of the source is.
    """

    everything: float = -inf
    _places: dict[str, float] = field(default_factory=dict)

    def note(self, places: Iterable[str] | None, at: float) -> None:
        """Notes places, or everything, for an instant; what is due before stays so."""
        if places is None:
            self.everything = min(self.everything, at)
        else:
            self._places.update({place: min(at, self._places.get(place, inf)) for place in places})

    def due(self, now: float) -> frozenset[str] | None:
        """The places whose turn it is; None for everything."""
        if now >= self.everything:
            self._places.clear()
            self.everything = inf
            return None
        found = frozenset(place for place, at in self._places.items() if at <= now)
        for place in found:
            del self._places[place]
        return found


def watch(
    catalog: Catalog,
    source: Source,
    *,
    settings: Callable[[], Site],
    report: Callable[[Outcome | FeedsvcError], None],
    stop: Event,
) -> None:
    """Syncs at once, after each change, and now and then, until `stop` is set.

    Args:
        settings: the complete settings as they stand now; raises SettingsError, and what is published stays.
        report: told of every sync that did something, and of every trouble when it starts.
    """
    follower = _Follower(
        catalog, source, lambda: Terms(settings(), catalog.now, patience=PATIENCE, sleep=stop.wait), report
    )
    for hints, is_blind in _ticks(source.root, stop):
        follower.agenda.note(hints, time.monotonic())
        follower.look(is_blind=is_blind)


@dataclass(slots=True)
class _Follower:
    """Syncs what is due, and notes what is due next.

    Attributes:
        trouble: what is held, or keeps the sync from its work; empty where nothing does.
    """

    catalog: Catalog
    source: Source
    terms: Callable[[], Terms]
    report: Callable[[Outcome | FeedsvcError], None]
    agenda: _Agenda = field(default_factory=_Agenda)
    trouble: str = ""

    def look(self, *, is_blind: bool) -> None:
        """Looks at what is due, where anything is."""
        began = time.monotonic()
        if not self.catalog.exists():
            self.agenda.note(None, began)
        places = self.agenda.due(began)
        if places is not None and not places:
            return
        try:
            if self.trouble or not self.catalog.exists():
                self.catalog.prepare()
            outcome = self._synced(places)
        except SecondTaken as taken:
            self.agenda.note(places, began + max(0.0, taken.until - self.catalog.now()))
        except FeedsvcError as error:
            self._note_trouble(error)
            self.agenda.note(None, began + SETTLE)
        else:
            self._note_outcome(outcome)
            if places is None:
                ended = time.monotonic()
                self.agenda.note(None, ended + self._pause(ended - began, is_blind=is_blind))

    def _synced(self, places: frozenset[str] | None) -> Outcome:
        try:
            outcome = sync_at(self.catalog, self.source, places, self.terms())
            if outcome.held:
                self.catalog.note_trouble(outcome.held, self.catalog.now())
            elif outcome.held is not None:
                self.catalog.forget_trouble()
        except FeedsvcError:
            raise
        except Exception as error:
            # A mistake in the program itself: what is published stays, and whoever serves it says so.
            logger.exception("the sync failed")
            raise FeedsvcError(f"the sync failed: {error!r}") from error
        return outcome

    def _note_outcome(self, outcome: Outcome) -> None:
        if outcome.revision is not None or outcome.faults or (outcome.held and outcome.held != self.trouble):
            self.report(outcome)
        if outcome.held is not None:
            if self.trouble and not outcome.held:
                logger.warning("feedsvc: the sync works again")
            self.trouble = outcome.held
        ended = time.monotonic()
        self.agenda.note(outcome.restless, ended + PATIENCE)
        self.agenda.note(outcome.young, ended + SETTLE)

    def _pause(self, lasted: float, *, is_blind: bool) -> float:
        """How long after a sync of everything, which lasted so long, comes the next, in seconds."""
        polled = self.source.polled
        least, share = (BLIND_EVERY, BLIND_SHARE) if is_blind else (AT_LEAST_EVERY, SHARE)
        if polled is not None:
            least, share = min(least, polled), max(share, SHARE_POLLED)
        return max(least, lasted / share)

    def _note_trouble(self, error: FeedsvcError) -> None:
        if str(error) != self.trouble:
            self.report(error)
            with suppress(CatalogError):  # it may be the catalog itself: who serves from it sees that
                if not isinstance(error, CatalogBusy):
                    self.catalog.note_trouble(str(error), self.catalog.now())
        self.trouble = str(error)


def _ticks(root: Path | None, stop: Event) -> Iterator[tuple[frozenset[str] | None, bool]]:
    """One each `TICK` or sooner, until `stop` is set: what may have changed, and whether no notification can be had.

    What may have changed is a set of places below the root, often an empty one; None for anything.
    """
    yield None, False
    while not stop.is_set():
        try:
            # Notifications name files below what a link points to as below the link, or not: so there is no link.
            real = (root or Path()).resolve(strict=True)
            yield from ((places, False) for places in _hints(root or Path(), real, stop))
        except (OSError, RuntimeError):
            # The folder is not there, or no notification can be had: a scan will tell.
            stop.wait(TICK / 1000)
            yield frozenset(), True


def _hints(root: Path, real: Path, stop: Event) -> Iterator[frozenset[str] | None]:
    """What notifications tell, until another folder stands at the path: they go on about the one that was there."""
    watched = _identity(real)
    is_new = True  # what changed before notifications began is not told by any
    for changes in watchfiles.watch(
        real,
        watch_filter=_is_content(real),
        debounce=DEBOUNCE,
        step=STEP,
        rust_timeout=TICK,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
    ):
        if _identity(root) != watched:
            yield None
            return
        places = frozenset(path[len(str(real)) + 1 :] for _, path in changes)
        yield None if is_new or FILE_NAME in places else places
        is_new = False


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _is_content(real: Path) -> Callable[[watchfiles.Change, str], bool]:
    """Leaves out what is hidden below the folder: our own state, and what editors and git keep there.

    And what SQLite keeps beside a database: to read one there writes to these, and would call for the next look.
    """
    above = len(str(real))

    def is_content(_change: watchfiles.Change, path: str) -> bool:
        return "/." not in path[above:] and not path.endswith(_OF_SQLITE)

    return is_content
