"""The threads that make the documents of one process: a key in; the one that makes its document, in its turn, out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from feedsvc.publication.documents import room_of
from feedsvc.publication.filtered import Gate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from feedsvc.publication.documents import Key, Room


class Makers:
    """One thread for documents as they are asked for, and others for what takes long or has no end.

    Attributes:
        ordinary: makes all documents but those of filters, and pictures made smaller.
    """

    def __init__(self) -> None:
        self.ordinary = ThreadPoolExecutor(1, "maker")
        self._apart: dict[Room, tuple[ThreadPoolExecutor, Gate]] = {
            "filters": (ThreadPoolExecutor(1, "sifter"), Gate()),
            "pictures": (ThreadPoolExecutor(1, "reducer"), Gate()),
        }

    @asynccontextmanager
    async def turn(self, key: Key) -> AsyncIterator[ThreadPoolExecutor]:
        """The thread that makes the document of a key, once it is that key's turn.

        Raises:
            Crowded: at once, where too many of its kind wait already.
        """
        room = room_of(key)
        if not room:
            yield self.ordinary
            return
        thread, gate = self._apart[room]
        async with gate.passed():
            yield thread

    def close(self) -> None:
        """Ends the threads."""
        for thread in (self.ordinary, *(thread for thread, _ in self._apart.values())):
            thread.shutdown(wait=False, cancel_futures=True)
