"""The connections that are open in one process: how many there may be, and how long each may take."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one client, and all of them, may take of a process.

    Attributes:
        connection_limit: how many connections are open at a time.
        head_limit: bytes of a request's line and header fields; half of them may be its target.
        request_timeout: seconds from a request's first byte to its last.
        stall_timeout: seconds for which a client may take nothing of an answer that it asked for.
        idle_timeout: seconds for which a connection is kept without a request.
    """

    connection_limit: int = 10_000
    head_limit: int = 16_384
    request_timeout: int = 10
    stall_timeout: int = 30
    idle_timeout: int = 75


class Connection(Protocol):
    """One that is looked at every second."""

    def look(self, now: int, limits: Limits) -> None:
        """Closes itself where it takes too long; `now` is in seconds."""


class Connections:
    """The open connections.

    A connection has no timer of its own, which would have to be set anew with each answer: all are looked at once a
    second.

    Attributes:
        now: seconds, counted from the start.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.now = 1
        self._open: set[Connection] = set()

    def take(self, connection: Connection) -> bool:
        """Counts a connection in; False where there are too many already."""
        if len(self._open) >= self.limits.connection_limit:
            return False
        self._open.add(connection)
        return True

    def drop(self, connection: Connection) -> None:
        """Counts a connection out that has ended."""
        self._open.discard(connection)

    def look(self) -> None:
        """Closes those that take too long: where three in four that there may be are open, much sooner."""
        self.now += 1
        limits = self.limits
        if len(self._open) > limits.connection_limit * 3 // 4:
            limits = replace(
                limits, request_timeout=min(limits.request_timeout, 2), idle_timeout=min(limits.idle_timeout, 1)
            )
        for connection in tuple(self._open):
            connection.look(self.now, limits)

    async def watch(self) -> None:
        """Looks at them every second, until it is cancelled."""
        while True:
            await asyncio.sleep(1)
            self.look()
