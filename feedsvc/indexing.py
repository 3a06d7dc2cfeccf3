"""Keeps the index of words in step with the catalog, beside who syncs: told of syncs, it writes what is to be found.

Nobody waits for it. A text is rendered for it as for a page, which takes longer than all else of a sync.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from feedsvc.catalog.syncing.indexing import fill, tidy
from feedsvc.entries import words
from feedsvc.errors import FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.catalog import Catalog

# So long after a sync it begins, in seconds: several edits are written at once. Where the catalog cannot be written, it
# is tried again after so many.
DELAY, RETRY = 5.0, 10.0

# So many times as long as it takes to put a few articles into the index, others have the machine before the next few.
REST = 2.0


class Indexer:
    """A thread that ends with the process, or when it is told to.

    Args:
        delay: for how many seconds it waits after a sync.
    """

    def __init__(self, catalog: Catalog, *, delay: float = DELAY) -> None:
        self._catalog = catalog
        self._delay = delay
        self._is_due = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._thread.start()

    def note(self) -> None:
        """Notes that something was synced."""
        self._is_due.set()

    def close(self) -> None:
        """Ends it; what is left is done by the next one."""
        self._stop.set()
        self._is_due.set()
        self._thread.join()

    def _run(self) -> None:
        wait = 0.0  # a sync that was told of now had much to read: so has this
        while True:
            self._is_due.wait()
            self._is_due.clear()
            if self._stop.wait(wait):
                return
            try:
                tidy(self._catalog)
                index(self._catalog, self._stop.wait)
                wait = self._delay
            except FeedsvcError:  # the sync tells what is wrong with the catalog
                wait = RETRY
                self._is_due.set()


def index(catalog: Catalog, rest: Callable[[float], object]) -> None:
    """Puts all that is missing into the index.

    Args:
        rest: waits for some seconds; true where it is to end.

    Raises:
        CatalogError: where the catalog cannot be written.
    """
    while True:
        began = time.monotonic()
        if not fill(catalog, words) or rest((time.monotonic() - began) * REST):
            return
