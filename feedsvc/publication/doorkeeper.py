"""Who asks for what never was is told so without waiting for a document: a key in; whether it is unknown out."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from feedsvc.publication import searching
from feedsvc.publication.addresses import names
from feedsvc.publication.documents import Variant, query_of
from feedsvc.publication.filtered import are_known

if TYPE_CHECKING:
    from feedsvc.catalog import Catalog
    from feedsvc.config import Site
    from feedsvc.publication.documents import Key


class Doorkeeper:
    """Asks the catalog whether anything was ever at a path, on a thread of its own."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._thread = ThreadPoolExecutor(1, "doorkeeper")

    async def is_unknown(self, key: Key, site: Site, now: int) -> bool:
        """Whether nothing was ever at a path, or a filter names what never was."""
        if isinstance(key, Variant) and key.path == searching.PATH:
            return False
        if query := query_of(key):
            asking = partial(are_known, self._catalog, query, now)
        elif isinstance(key, str) and (asked := names(key, site)) is not None:
            asking = partial(self._catalog.holds, asked, now)
        else:
            return False
        try:
            return not await asyncio.get_running_loop().run_in_executor(self._thread, asking)
        except Exception:  # noqa: BLE001 - as where a document is made
            return False  # whoever makes the document will tell why it cannot be made

    def close(self) -> None:
        """Ends the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
