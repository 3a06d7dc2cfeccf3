"""The documents of one process: a path in; its Document out, made on first asking and kept while it is good."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from feedsvc.catalog import Keyring
from feedsvc.config import Site
from feedsvc.errors import CatalogError, Crowded, FeedsvcError, Moved, NotFound, NotReady, Unpublished
from feedsvc.publication import private
from feedsvc.publication.addresses import is_address
from feedsvc.publication.documents import original, told
from feedsvc.publication.doorkeeper import Doorkeeper
from feedsvc.publication.glance import glance
from feedsvc.publication.makers import Makers
from feedsvc.publication.making import made, made_again
from feedsvc.publication.shelf import Shelf
from feedsvc.publication.trouble import Trouble
from feedsvc.text.links import quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

    from feedsvc.catalog import Catalog, News, Stamp
    from feedsvc.model import Document
    from feedsvc.publication.documents import Address, Key
    from feedsvc.publication.making import Made

logger = logging.getLogger(__name__)

# How many bytes of documents a process keeps.
LIMIT = 128 * 1024 * 1024

# One that was asked for within so many seconds is made again before it is asked for, and so many seconds are taken for
# all of these after a revision.
OFTEN, AHEAD = 2.0, 0.2

# How often a document is made once more that a revision overtook while it was made.
TRIES = 3

# For how many seconds a document that could not be made again is served before the next try.
RETRY = 1.0


class Publication:
    """The documents of one process, kept on its event loop.

    One thread makes them, others make those of filters and smaller pictures, one by one; whoever asks for one that is
    being made waits for it. One that a revision touched, or whose time has come, is made again when it is next asked
    for; where that fails the last good one is served, unless something in it has expired or was withdrawn.

    Args:
        clock: seconds since the epoch; the catalog's own where there is none.
        limit: how many bytes of documents to keep.
        negotiate: whether there is a page for people at the addresses of feeds.

    Attributes:
        site: the settings that were last seen in the catalog.
        shelf: the documents that are kept.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        clock: Callable[[], float] | None = None,
        limit: int = LIMIT,
        negotiate: bool = True,
    ) -> None:
        self.site = Site(title="feedsvc", base_url="/")
        self._catalog = catalog
        self._clock = clock or catalog.now
        self.shelf = Shelf(limit)
        self._negotiate = negotiate
        self._making: dict[Key, asyncio.Task[Document]] = {}
        self._makers = Makers()
        self._doorkeeper = Doorkeeper(catalog)
        self._stamp: Stamp | None = None
        self._news: News | None = None
        self._has_aliases = False
        self._keyring = Keyring()
        self._troubles: dict[str, Trouble] = {}
        self._looking = asyncio.Lock()
        self._glances = 0

    @property
    def base_path(self) -> str:
        """The path of the base URL, decoded; it starts and ends with a slash."""
        return unquote(urlsplit(self.site.base_url).path)

    @property
    def is_ready(self) -> bool:
        """Whether a sync of all articles has ended; after one of the newest there are the site's feeds alone."""
        return self._news is not None and self._news.is_whole

    @property
    def is_begun(self) -> bool:
        """Whether any sync has ended."""
        return self._news is not None and self._news.revision > 0

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What does not work now, the oldest first; empty when all is well."""
        return tuple(sorted(self._troubles.values(), key=lambda trouble: trouble.since))

    def key(self, path: str) -> Address:
        """The key of the document at a path below the base URL.

        Raises:
            Unpublished: where it is below an address that is nobody's, or not any more; NotReady, likewise.
        """
        keyring = self._keyring if self.is_ready else None
        return private.key(path, keyring, self.site) if private.is_private(path) else path

    def kept(self, key: Key) -> Document | None:
        """The document of a key, if it is there and good: a look-up and a comparison."""
        return self.shelf.good(key, self._clock())

    async def get(self, key: Key) -> Document:
        """The document of a key.

        Raises:
            Unpublished: where there is none: NotFound, Gone, Moved or NotReady.
            CatalogError: where it cannot be made, and no last good one may be served.
        """
        found = self.kept(key)
        if found is not None:
            return found
        # While the catalog is known to be away, nobody waits for one more try.
        if "catalog" in self._troubles and (last := self._last_good(key)):
            return last
        # Most of what strangers try costs neither the thread nor the database anything.
        if (isinstance(key, str) and self._is_strange(key)) or await self._is_unknown(key):
            raise NotFound(f"nothing is published at /{key}")
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._make(key))
        # Shielded: one asker who goes away must not take the document from the others.
        return await asyncio.shield(self._making[key])

    def _is_strange(self, path: str) -> bool:
        """Whether nothing can be at a path; no key of the catalog's holds U+0000."""
        if "\0" in path:
            return True
        # Before the first sync nobody knows what addresses there will be.
        return self.is_ready and not self._has_aliases and not is_address(path, self.site)

    async def _is_unknown(self, key: Key) -> bool:
        """Whether nothing was ever there, by questions that no document waits for."""
        if not self.is_ready or key in self._making or self.shelf.last_good(key, self._clock()) is not None:
            return False
        return await self._doorkeeper.is_unknown(key, self.site, int(self._clock()))

    async def refresh(self) -> None:
        """Looks whether the catalog has a revision since, and lets go of the documents that it touched."""
        async with self._looking:
            await self._refresh()

    async def awake(self) -> None:
        """Until the first sync has ended, looks whether it has by now: once for all who ask meanwhile.

        Of several processes none is to answer "not yet" when another one has answered "yes". While the catalog is known
        to be away, nobody waits for one more try.
        """
        if self.is_ready or "catalog" in self._troubles:
            return
        enough = self._glances + 1  # one that had begun before may have seen less
        async with self._looking:
            if self._glances < enough:
                await self._refresh()

    async def _refresh(self) -> None:
        loop = asyncio.get_running_loop()
        self._glances += 1
        try:
            seen = await loop.run_in_executor(None, glance, self._catalog, self._stamp, self._news, self._keyring)
        except Exception as error:
            if not isinstance(error, FeedsvcError):
                logger.exception("the catalog cannot be looked at")
            elif "catalog" not in self._troubles:
                logger.warning("feedsvc: %s; what is made already is served meanwhile", error)
            self._note("catalog", str(error))
            self._stamp = None  # a file made anew can have the number of the one that is gone, and as many commits
            return
        if self._troubles.pop("catalog", None):
            logger.warning("feedsvc: the catalog can be used again")
        if seen.keyring is not self._keyring:
            self._keyring = seen.keyring
            self.shelf.forget()  # the lane too: at once, and not when all has been made again
        if seen.news is not None:
            await self._take(seen.news)
            self._stamp = seen.stamp
            self.site, self._has_aliases = seen.state or (self.site, False)

    def close(self) -> None:
        """Ends the threads."""
        self._doorkeeper.close()
        self._makers.close()

    async def _make(self, key: Key) -> Document:
        try:
            result = await self._made(key)
        except Unpublished as answer:
            if isinstance(answer, NotReady) and (last := self._last_good(key)):
                return last
            self.shelf.drop(key)
            if isinstance(answer, Crowded) and (path := original(key)):
                raise Moved(self.site.base_url + quoted(path)) from None
            raise
        except Exception as error:  # noqa: BLE001 - whatever fails, the last good one is served
            return self._instead(key, error)
        finally:
            del self._making[key]
        self._troubles.pop("documents", None)
        if self._news is None or result.revision >= self._news.revision or result.site is None:
            self.shelf.put(key, result.document, self._clock(), seconds=result.seconds)
            self.site = result.site or self.site
        # Else a revision came while it was made, and may have taken something back that is in it: it is not kept.
        return result.document

    async def _made(self, key: Key) -> Made:
        """A document of the revision that all are of: nobody is to miss in one what he has seen in another."""
        async with self._makers.turn(key) as thread:
            return await self._made_by(thread, key)

    async def _made_by(self, thread: ThreadPoolExecutor, key: Key) -> Made:
        loop = asyncio.get_running_loop()
        last = self.shelf.last(key)
        options = {"negotiate": self._negotiate, "at_first": not self.is_ready}
        making = partial(made, self._catalog, key, self._clock, last=last, **options)
        for _ in range(TRIES):
            result = await loop.run_in_executor(thread, making)
            if result.site is None or self._news is None:
                break
            if result.revision > self._news.revision:
                await self.refresh()
            if result.revision >= self._news.revision:
                break
        return result

    def _instead(self, key: Key, error: Exception) -> Document:
        """The last good document, where making it again failed."""
        if not isinstance(error, FeedsvcError):
            logger.error("/%s cannot be made", key, exc_info=error)
        self._note("documents", told(key, error))
        last = self._last_good(key)
        if last is None:
            raise CatalogError(f"/{key} cannot be made now") from error
        return last

    def _last_good(self, key: Key) -> Document | None:
        """The last good document, which is good again for a moment: no request is to wait for each next try."""
        now = self._clock()
        last = self.shelf.last_good(key, now)
        if last is None:
            return None
        until = min(now + RETRY, last.lifetime.kept_until)
        last = replace(last, lifetime=replace(last.lifetime, good_until=until))
        self.shelf.put(key, last, now)
        return last

    async def _take(self, news: News) -> None:
        def is_lost(document: Document) -> bool:
            return bool(news.lost & document.lifetime.channels)

        def is_touched(document: Document) -> bool:
            return news.touched is None or bool(news.touched & document.lifetime.channels)

        # What is withdrawn is served by no fault: those documents are not even kept for the case of one.
        self.shelf.lose(is_lost)
        # Until those that are asked for all the time have been made again, nobody gets a new one: all change at once.
        asked = self.shelf.asked_since(self._clock() - OFTEN, is_touched)
        loop = asyncio.get_running_loop()
        last = {key: self.shelf.last(key) for key in asked}
        making = partial(made_again, self._catalog, last, self._clock, AHEAD, negotiate=self._negotiate)
        again = await loop.run_in_executor(self._makers.ordinary, making)
        if again:
            self._troubles.pop("documents", None)
        self._news = news
        self.shelf.lose(is_lost)  # one that was being made of the state before may have been kept meanwhile
        self.shelf.age(is_touched)
        for key, document in again.items():
            self.shelf.renew(key, document)
        if news.trouble is None:
            self._troubles.pop("sync", None)
        else:
            self._troubles["sync"] = Trouble(*news.trouble)

    def _note(self, place: str, what: str) -> None:
        since = self._troubles[place].since if place in self._troubles else self._clock()
        self._troubles[place] = Trouble(what, since)
