"""The connections that are open in one process: how many there may be, and how long each may take."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.config import Server

logger = logging.getLogger(__name__)

# File descriptors beside those of connections: the catalog, files that are sent, the log.
_SPARE = 100

# So many are looked at before others have their turn: to refuse one takes some 50 µs.
_AT_A_TIME = 16


class Connection(Protocol):
    """One that is looked at every second."""

    def look(self, now: int, limits: Server) -> None:
        """Closes itself where it takes too long; `now` is in seconds."""


class Connections:
    """The open connections.

    A connection has no timer of its own, which would have to be set anew with each answer: all are looked at once a
    second.

    Attributes:
        now: seconds, counted from the start.
        limits: the settings, of which the limits count.
    """

    def __init__(self, settings: Server) -> None:
        self.now = 1
        self._open: set[Connection] = set()
        self.set(settings)

    def set(self, settings: Server) -> None:
        """Takes limits, for those that are open too; more connections than file descriptors there cannot be."""
        self.limits = replace(settings, connection_limit=_affordable(settings.connection_limit))

    def take(self, connection: Connection) -> bool:
        """Counts a connection in; False where there are too many already."""
        if len(self._open) >= self.limits.connection_limit:
            return False
        self._open.add(connection)
        return True

    def drop(self, connection: Connection) -> None:
        """Counts a connection out that has ended."""
        self._open.discard(connection)

    def looks(self) -> Iterator[None]:
        """Closes those that take too long: where three in four that there may be are open, much sooner.

        Some at a time: thousands that are to be closed at once would keep all others waiting.
        """
        self.now += 1
        limits = self.limits
        if len(self._open) > limits.connection_limit * 3 // 4:
            limits = replace(
                limits, request_timeout=min(limits.request_timeout, 2), idle_timeout=min(limits.idle_timeout, 1)
            )
        for number, connection in enumerate(tuple(self._open)):
            if connection in self._open:  # it may have ended meanwhile
                try:
                    connection.look(self.now, limits)
                except Exception:  # what is wrong with one is not to keep the limits from all others
                    logger.exception("a connection cannot be looked at")
            if number % _AT_A_TIME == 0:
                yield

    async def watch(self) -> None:
        """Looks at them every second, until it is cancelled."""
        while True:
            await asyncio.sleep(1)
            for _ in self.looks():
                await asyncio.sleep(0)


def _affordable(wanted: int) -> int:
    """How many of so many connections the system has file descriptors for; it is asked for as many as it gives."""
    try:
        import resource  # noqa: PLC0415 - not on Windows, which has no such limit
    except ImportError:  # pragma: no cover - Windows
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    soft = max(soft, wanted + _SPARE if hard == resource.RLIM_INFINITY else min(wanted + _SPARE, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _SPARE))
