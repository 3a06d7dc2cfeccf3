"""What the system tells of changes below a folder: its path in; ticks, with the places that may have changed, out."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import watchfiles
from watchfiles import Change

from feedsvc.sources import walk
from feedsvc.sources.mounts import is_silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from threading import Event

# How often to look for what is due, and for what no notification tells (a catalog or a folder that is gone), in
# milliseconds.
TICK = 100
# Changes that come within so many milliseconds of each other are told at once,
STEP = 20
# unless they go on for longer than this.
DEBOUNCE = 300
# Where notifications cannot be had, they are asked for again after so many seconds; and so often it is looked up what
# is mounted.
ANEW = 30.0

_OF_SQLITE = ("-wal", "-shm", "-journal")


class Tick(NamedTuple):
    """An occasion to look.

    Attributes:
        places: what may have changed, as addresses below the folder; often none. None for anything.
        is_blind: whether there may be changes of which no notification comes.
        written: those of the places where nothing came, went, or took the place of another: somebody may be writing.
    """

    places: frozenset[str] | None
    is_blind: bool
    written: frozenset[str] = frozenset()


def ticks(root: Path | None, stop: Event, *, poll: bool = False) -> Iterator[Tick]:
    """A tick each `TICK` milliseconds or sooner, until `stop` is set; the first at once.

    Args:
        root: the folder; None where nothing can tell of changes.
        poll: whether notifications are not to be asked for.
    """
    is_blind = poll or root is None
    yield Tick(None, is_blind)
    while not stop.is_set():
        if root is not None and not poll:
            with suppress(OSError, RuntimeError):  # the folder is not there, or no notification can be had
                # Notifications name files below what a link points to as below the link, or not: so there is no link.
                yield from _told(root, root.resolve(strict=True), stop)
                continue
        yield from _untold(root, stop)


def _told(root: Path, real: Path, stop: Event) -> Iterator[Tick]:
    """What notifications tell, until another folder stands at the path: they go on about the one that was there."""
    watched = _identity(real)
    above = len(str(real).rstrip("/")) + 1
    is_blind, looked = is_silent(str(real)), time.monotonic()
    is_new = True  # what changed before notifications began is not told by any
    for changes in watchfiles.watch(
        real,
        watch_filter=None,  # one would keep ticks from coming while only hidden files change
        debounce=DEBOUNCE,
        step=STEP,
        rust_timeout=TICK,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        force_polling=False,  # it would look at everything three times a second
    ):
        if _identity(root) != watched:
            yield Tick(None, is_blind)
            return
        if time.monotonic() - looked > ANEW:
            is_blind, looked = is_silent(str(real)), time.monotonic()
        told = [(place, change) for change, path in changes if _is_content(place := path[above:])]
        places = frozenset(place for place, _ in told)
        written = places.difference(place for place, change in told if change is not Change.modified)
        yield Tick(None, is_blind) if is_new or "" in places else Tick(places, is_blind, written)
        is_new = False


def _untold(root: Path | None, stop: Event) -> Iterator[Tick]:
    """Ticks without any notification, until it is time to ask for some again, or another folder stands at the path."""
    yield Tick(None, is_blind=True)  # what changed meanwhile is not told
    end = time.monotonic() + ANEW
    before = _identity_of(root)
    while not stop.wait(TICK / 1000) and (root is None or (time.monotonic() < end and _identity_of(root) == before)):
        yield Tick(frozenset(), is_blind=True)


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _identity_of(folder: Path | None) -> tuple[int, int] | None:
    """Which folder stands at a path; None where none does."""
    with suppress(OSError):
        return None if folder is None else _identity(folder)
    return None


def _is_content(place: str) -> bool:
    """Leaves out what is hidden below the folder: our own state, and what editors and git keep there.

    And what SQLite keeps beside a database: to read one there writes to these, and would call for the next look.
    """
    # A name that cannot be written has no address, and is found by the scans.
    return "/." not in f"/{place}" and not place.endswith(_OF_SQLITE) and walk.is_fit(place)
