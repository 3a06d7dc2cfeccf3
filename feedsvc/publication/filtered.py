"""Filters at the addresses of the site's list and feeds: a path and the query behind it in; a document's key out."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from feedsvc import filters
from feedsvc.catalog import Names
from feedsvc.errors import Crowded, Moved
from feedsvc.formats import FORMATS
from feedsvc.publication.documents import FOR_READERS, Variant
from feedsvc.text.links import quoted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from feedsvc.catalog import Catalog
    from feedsvc.filters import Filter
    from feedsvc.publication.documents import Address

# So many filters may wait for the one that is being made.
MOST_WAITING = 16

# Where a filter may stand: at paths of the site's list and feeds, which below a channel's address are the channel's.
_PLACES = re.compile(rf"(?:before/[^/]+|(?P<feed>{'|'.join(map(re.escape, FORMATS))}))?")


def key_of(path: str, query: bytes, base_url: str) -> Address:
    """What the document is kept by that a path, below the base URL and decoded, and a query ask for.

    Raises:
        Moved: where the same has another address.
        FilterError: where the query was meant as a filter, and is none.
    """
    place = _PLACES.fullmatch(path) if query else None
    found = filters.read(query) if place else None
    if place is None or found is None:
        return path
    if found.channel is not None:
        top = quoted(f"{found.channel}/" if found.channel else "")
        raise Moved(f"{base_url}{top}{quoted(path)}")
    written = f"{found.query}&{FOR_READERS}" if place["feed"] and _is_for_readers(query) else found.query
    if written.encode() != query:
        raise Moved(f"{base_url}{quoted(path)}?{written}")
    return Variant(path, query=found.query)


def of(query: str) -> Filter:
    """The filter that a canonical query says."""
    found = filters.read(query.encode())
    if found is None:
        raise ValueError(query)
    return found


def are_known(catalog: Catalog, query: str, now: int) -> bool:
    """Whether every channel that a filter names ever showed anything.

    Raises:
        CatalogError: where the database cannot be read.
    """
    return all(catalog.holds(Names(channels=(name,)), now) for name in of(query).names)


class Gate:
    """Lets documents of a kind be made one at a time, and for no more than half of the time.

    Args:
        most: how many may wait before it.
    """

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._waiting = 0
        self._alone = asyncio.Lock()

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """Waits for its turn.

        Raises:
            Crowded: at once, where too many wait already.
        """
        if self._waiting >= self._most:
            raise Crowded("too many others wait to be made")
        self._waiting += 1
        try:
            await self._alone.acquire()
        finally:
            self._waiting -= 1
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            yield
        finally:
            # Nobody waits for this but the next one.
            loop.call_later(loop.time() - began, self._alone.release)


def _is_for_readers(query: bytes) -> bool:
    return FOR_READERS.encode() in query.split(b"&")
