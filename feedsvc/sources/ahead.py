"""Which rows to fetch along with one that is asked for: its address in; it, and those that come next, out."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 256
"""The most rows in one step."""

_FASTER = 4

# Where the rows of a step had so many bytes, the next one is smaller.
_HEAVY = 4 * 1024 * 1024


class Ahead:
    """Which rows to fetch with one that is asked for: more and more, while they are asked for in their order.

    Args:
        order: addresses that will probably be asked for, sorted.
    """

    def __init__(self, order: Sequence[str]) -> None:
        self._order = order
        self._next = 0
        self._count = 1

    def from_(self, address: str) -> Sequence[str]:
        """An address, and those behind it."""
        start = bisect_left(self._order, address)
        if self._order[start : start + 1] != [address]:
            return (address,)
        self._count = min(self._count * _FASTER, MOST) if start == self._next else 1
        self._next = start + self._count
        return self._order[start : self._next]

    def weigh(self, size: int) -> None:
        """Makes the steps smaller where so many bytes came at once."""
        if size > _HEAVY:
            self._count = max(1, self._count // (2 * _FASTER))
