"""Which rows may change again within the instant of their last change: when they changed in; addresses out."""

from __future__ import annotations

import time
from datetime import UTC
from typing import TYPE_CHECKING, Any

from feedsvc.text import dates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SETTLED_AFTER = 2.0
"""Seconds: the coarsest clocks of databases count whole ones."""

_MILLISECONDS = 1e11


class Youth:
    """Remembers since when the last changes of a table are known.

    A database's clock need not be ours, and may be in any zone. So its own last change is taken for its present: what
    changed well before that cannot get the same instant again. The last one can, until it has been known a while.

    Args:
        clock: seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, tuple[Any, float]] = {}

    def young(self, values: Mapping[str, Any]) -> frozenset[str] | None:
        """The addresses whose value may not be the last under this instant; None where values are no instants.

        Args:
            values: by address, when each row changed: a date with a time of day, or a number that grows.
        """
        try:
            moments = {address: _moment(value) for address, value in values.items() if value is not None}
        except ValueError:
            return None
        least = max(moments.values(), default=0.0) - SETTLED_AFTER
        now = self._clock()
        known = self._known
        self._known = {
            address: known[address] if known.get(address, (None,))[0] == values[address] else (values[address], now)
            for address, moment in moments.items()
            if moment >= least
        }
        return frozenset(each for each, (_, since) in self._known.items() if now - since < SETTLED_AFTER)


def _moment(value: Any) -> float:
    """Seconds, from wherever.

    Raises:
        ValueError: where a value is none that grows with each change, as a date without a time of day.
    """
    if isinstance(value, str):
        written = dates.instant(value, UTC)
        if written.is_date_only:
            raise ValueError(value)
        return written.at.timestamp()
    try:
        number = float(value)
    except TypeError:
        raise ValueError(value) from None
    return number / 1000 if number > _MILLISECONDS else number
