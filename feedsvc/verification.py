"""Looks through the whole of a source, now and then, beside who follows it: whether anything was not told of, out.

It takes a second where there are a hundred thousand files; an edit is not to wait for it.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING

from feedsvc.catalog.syncing import is_in_step
from feedsvc.errors import FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.catalog import Catalog
    from feedsvc.catalog.syncing import Terms
    from feedsvc.sources import Source


class Verification:
    """One look at a time, in a thread of its own, which ends with the process.

    Args:
        pause: for how many seconds to wait after one that lasted so long.

    Attributes:
        due: when the next one is, by the monotonic clock in seconds; infinity while one goes on, and until there is to
            be one.
    """

    def __init__(
        self, catalog: Catalog, source: Source, terms: Callable[[], Terms], *, pause: Callable[[float], float]
    ) -> None:
        self.due = inf
        self._catalog = catalog
        self._source = source
        self._terms = terms
        self._pause = pause
        self._has_found = threading.Event()

    def begin(self) -> None:
        """Begins to look."""
        self.due = inf
        threading.Thread(target=self._look, name="verification", daemon=True).start()

    def has_found(self) -> bool:
        """Whether there was anything since this was last asked."""
        found = self._has_found.is_set()
        self._has_found.clear()
        return found

    def _look(self) -> None:
        began, is_well = time.monotonic(), False
        try:
            with suppress(FeedsvcError):  # the sync that follows tells what is wrong
                is_well = is_in_step(self._catalog, self._source, self._terms())
        finally:
            ended = time.monotonic()
            if not is_well:
                self._has_found.set()
            self.due = ended + self._pause(ended - began)
