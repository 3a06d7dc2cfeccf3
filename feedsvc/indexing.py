"""Keeps the index of words in step with the catalog, beside who syncs: told of syncs, it writes what is to be found.

Nobody waits for it; the few texts of an edit the sync puts there itself.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from feedsvc.catalog.syncing.indexing import fill, tidy
from feedsvc.entries import words
from feedsvc.errors import FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedsvc.catalog import Catalog

logger = logging.getLogger(__name__)

# So long after a sync it begins, in seconds: several edits are written at once. Where the catalog cannot be written, it
# is tried again after so many.
DELAY, RETRY = 5.0, 10.0

# What fails so often in a row is told: before, it is mostly the catalog's own trouble, of which the sync tells.
TOLD_AFTER = 3

# So many times as long as it takes to put a few articles into the index, others have the machine before the next few.
REST = 2.0

# It is looked whether most of the index leads nowhere when articles were put into it so often, a few at a time.
TIDY_EVERY = 40


class Indexer:
    """A thread that ends with the process, or when it is told to.

    Args:
        delay: for how many seconds it waits after a sync.
    """

    def __init__(self, catalog: Catalog, *, delay: float = DELAY) -> None:
        self._catalog = catalog
        self._delay = delay
        self._is_due = threading.Event()
        self._is_free = threading.Event()
        self._is_free.set()
        self._stop = threading.Event()
        self._fillings = TIDY_EVERY  # to tidy first: what was synced before it began may have been much
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._thread.start()

    def note(self, *, is_filled: bool = False) -> None:
        """Notes that something was synced.

        Args:
            is_filled: whether its words are in the index already.
        """
        self._fillings += is_filled
        if not is_filled or self._fillings >= TIDY_EVERY:
            self._is_due.set()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Begins nothing meanwhile: of what a sync needs, it takes nothing away."""
        self._is_free.clear()
        try:
            yield
        finally:
            self._is_free.set()

    def close(self) -> None:
        """Ends it; what is left is done by the next one."""
        self._stop.set()
        self._is_due.set()
        self._thread.join()

    def _run(self) -> None:
        wait, failures = 0.0, 0
        while True:
            self._is_due.wait()
            self._is_due.clear()
            if self._has_ended(wait):
                return
            try:
                if self._fillings >= TIDY_EVERY:
                    tidy(self._catalog)
                    self._fillings = 0
                times = index(self._catalog, self._has_ended)
                self._fillings += times
                wait, failures = self._delay, 0
            except Exception as error:
                wait, failures = RETRY, failures + 1
                self._is_due.set()
                if failures == TOLD_AFTER:
                    is_mistake = not isinstance(error, FeedsvcError)
                    logger.warning("feedsvc: the index of words cannot be filled: %s", error, exc_info=is_mistake)

    def _has_ended(self, seconds: float) -> bool:
        """Waits, and until no sync goes on; whether it is to end."""
        is_over = self._stop.wait(seconds)
        self._is_free.wait()
        return is_over


def index(catalog: Catalog, rest: Callable[[float], object]) -> int:
    """Puts all that is missing into the index, a few articles at a time; how often it did.

    Args:
        rest: waits for some seconds; true where it is to end.

    Raises:
        CatalogError: where the catalog cannot be written.
    """
    times = 1
    while True:
        began = time.monotonic()
        if not fill(catalog, words) or rest((time.monotonic() - began) * REST):
            return times
        times += 1
