"""What tells whether a file changed, without reading it: its status in; marks out."""

from __future__ import annotations

import os
from math import inf
from typing import TYPE_CHECKING

from feedsvc.sources.mounts import is_dated_here
from feedsvc.sources.source import Mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.sources.walk import File

SETTLED_AFTER = 2.0
"""Seconds for which a file must have been left alone: the coarsest file systems (FAT) count in steps of two."""

SETTLED_HERE_AFTER = 0.02
"""The same where files are dated by this machine's own clock: the slowest kernels move it every ten milliseconds."""

# What becomes of a file between its listing and the look at it.
_GONE = (FileNotFoundError, NotADirectoryError)


def marked(file: File, clock: Callable[[], float]) -> Mark | None:
    """The mark of a file; None where it is gone since it was listed.

    Args:
        clock: seconds since the epoch.
    """
    try:
        found = file.stat()
    except _GONE:
        return None
    except OSError as error:  # what cannot be looked at is there all the same
        return Mark(_unseen(error), inf, is_settled=True)
    now = clock()
    # A date ahead of the clock, as some archives leave, is as good as one long past.
    age = min(abs(now - found.st_mtime), abs(now - found.st_ctime))
    return Mark(value(found), age, age >= SETTLED_AFTER or (age >= SETTLED_HERE_AFTER and _is_finely_dated(found)))


def valued(file: File) -> str | None:
    """The value of the mark that a file would get."""
    try:
        found = file.stat()
    except _GONE:
        return None
    except OSError as error:
        return _unseen(error)
    # As `value`, but without a call: there are as many as files.
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_ino}"


def value(found: os.stat_result) -> str:
    """Both dates in nanoseconds, size, and inode, as a mark holds them."""
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_ino}"


def _unseen(error: OSError) -> str:
    return f"error {error.errno}"


def _is_finely_dated(found: os.stat_result) -> bool:
    """Whether two changes that lie apart leave two dates: `st_ctime` is one that nobody sets."""
    return os.name == "posix" and found.st_ctime_ns % 1_000_000 != 0 and is_dated_here(found.st_dev)


def inode(value: str) -> str:
    """The inode that a mark's value tells of."""
    return value.rpartition(" ")[2]


def dates(value: str) -> tuple[str, str]:
    """When the file was written, and when anything about it changed, as a mark's value tells it."""
    modified, changed, *_ = value.split(" ")
    return modified, changed


def trace(value: str) -> str:
    """What a rename does not change: date, size and inode."""
    modified, *rest = value.split(" ")
    return " ".join([modified, *rest[1:]])
