"""The clock of a database on another machine: what it said, now and then, in; what it says meanwhile out."""

from __future__ import annotations

import time


class SharedClock:
    """Seconds since the epoch by another machine's clock.

    Between two readings of that clock the time that passes is measured here, by what nobody sets. It is behind the
    other clock by as long as its answer took, and never before the instant that it last said.
    """

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def read(self, said: float) -> None:
        """Takes what the other clock said just now."""
        self._offset = said - time.monotonic()

    def now(self) -> float:
        """What the other clock says now."""
        return time.monotonic() + self._offset
