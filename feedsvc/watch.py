"""Keeps a catalog in step with a folder: changes of files in; revisions out, until it is told to stop."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

from feedsvc.catalog import sync
from feedsvc.errors import CatalogError, FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event

    from feedsvc.catalog import Catalog, Outcome
    from feedsvc.config import Site
    from feedsvc.sources import Source

logger = logging.getLogger(__name__)

# Notifications are hints, a scan is the truth: the folder is scanned at least so often, in seconds, a table as it asks,
AT_LEAST_EVERY = 10.0
# but a scan that takes long is not to fill more than this part of the time; more where no notification comes.
SHARE = 0.02
SHARE_POLLED = 0.1
# What was too young to be sure of is looked at again after so many seconds.
SETTLE = 2.2
# How often to look for what no notification tells, in milliseconds: a catalog or a folder that is gone.
TICK = 500
_OF_SQLITE = ("-wal", "-shm", "-journal")
# Changes that come within so many milliseconds of each other make one revision,
STEP = 30
# unless they go on for longer than this.
DEBOUNCE = 300


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
    trouble = ""
    due = 0.0
    for is_changed in _ticks(source.root, stop):
        if not (is_changed or time.monotonic() >= due or not catalog.exists()):
            continue
        began = time.monotonic()
        try:
            if trouble or not catalog.exists():
                catalog.prepare()
            outcome = _synced(catalog, source, settings, stop)
        except FeedsvcError as error:
            if str(error) != trouble:
                report(error)
                _note(catalog, str(error))
            trouble, due = str(error), began + SETTLE
            continue
        trouble = ""
        if outcome.revision is not None or outcome.faults:
            report(outcome)
        ended = time.monotonic()
        every, share = (source.polled, SHARE_POLLED) if source.polled else (AT_LEAST_EVERY, SHARE)
        due = ended + (max(every, (ended - began) / share) if outcome.is_settled else SETTLE)


def _synced(catalog: Catalog, source: Source, settings: Callable[[], Site], stop: Event) -> Outcome:
    try:
        outcome = sync(catalog, source, site=settings(), sleep=stop.wait)
        catalog.forget_trouble()
    except FeedsvcError:
        raise
    except Exception as error:
        # A mistake in the program itself: what is published stays, and whoever serves it says so.
        logger.exception("the sync failed")
        raise FeedsvcError(f"the sync failed: {error!r}") from error
    return outcome


def _note(catalog: Catalog, what: str) -> None:
    try:
        catalog.note_trouble(what, time.time())
    except CatalogError:
        return  # it was the catalog itself: who serves from it sees that


def _ticks(root: Path | None, stop: Event) -> Iterator[bool]:
    """One each `TICK` or sooner, True where something below the folder changed; ends when `stop` is set."""
    yield True
    while not stop.is_set():
        try:
            # Notifications name files below what a link points to as below the link, or not: so there is no link.
            real = (root or Path()).resolve(strict=True)
            yield from _hints(root or Path(), real, stop)
        except (OSError, RuntimeError):
            # The folder is not there, or no notification can be had: a scan will tell.
            stop.wait(TICK / 1000)
            yield False


def _hints(root: Path, real: Path, stop: Event) -> Iterator[bool]:
    """As `_ticks`, until another folder stands at the path: notifications go on about the one that was there."""
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
            yield True
            return
        yield bool(changes) or is_new
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
