"""What making a page may take: a thread's time, and what is made on the way, spent while templates run.

Python gives memory to whoever asks: so what could grow large is counted before it is made, or as it comes.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    T = TypeVar("T")

LONGEST = 1.0
"""For so many seconds of its thread's own time a page may be made: that others keep the machine busy is no mistake."""

LARGEST = 4 * 1024 * 1024
"""The most characters of a text that a template makes, and the most that a list may weigh that it makes (`weighed`)."""

MOST = 8 * LARGEST
"""The most characters and items that are made on the way to one page."""

# What an item weighs beside its characters.
_ITEM = 8

CONTAINERS = (list, tuple, dict, set, frozenset)


class TakesLong(Exception):  # noqa: N818 - why a page is not made so
    """A template ran for longer than it may, or made more."""


class _Allowance(Struct):
    until: float
    left: int


_ALLOWANCE: ContextVar[_Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def granted(seconds: float) -> Iterator[None]:
    """What is made within takes so many seconds of its thread at most."""
    token = _ALLOWANCE.set(_Allowance(time.thread_time() + seconds, MOST))
    try:
        yield
    finally:
        _ALLOWANCE.reset(token)


def check_time() -> None:
    """Raises TakesLong where the time is over."""
    allowance = _ALLOWANCE.get()
    if allowance is not None and time.thread_time() > allowance.until:
        raise TakesLong(f"it takes more than {LONGEST:g} second of the processor to make the page")


def check_size(size: int) -> None:
    """Raises TakesLong where a text or a list of so many characters or items is too large."""
    if size > LARGEST:
        raise TakesLong(f"what it makes is longer than {LARGEST // 1024 // 1024} million characters")


def spend(size: int) -> None:
    """Counts a text or a list that is made.

    Args:
        size: its characters or items.

    Raises:
        TakesLong: where it is too large, or all together are.
    """
    allowance = _ALLOWANCE.get()
    check_size(size)
    if allowance is not None:
        allowance.left -= size
    if allowance is not None and allowance.left < 0:
        raise TakesLong(f"what it makes on the way is longer than {MOST // 1024 // 1024} million characters")


def in_time(items: Iterable[T]) -> Iterator[T]:
    """The items, while there is time."""
    for item in items:
        check_time()
        yield item


def spent(items: Iterable[T]) -> Iterator[T]:
    """The items, counted as they come."""
    for item in in_time(items):
        spend(len(item) if isinstance(item, str) else 1)
        yield item


def weighed(value: T) -> T:
    """A value that was made, once it is counted.

    A list that holds another one many times, which holds a third one many times, takes no room, but without end to be
    compared or written: it weighs as much as if each were there.

    Raises:
        TakesLong: where it is too large.
    """
    if isinstance(value, str):
        spend(len(value))
    elif isinstance(value, CONTAINERS):
        spend(len(value))
        _weigh(value)
    return value


def _weigh(value: Any) -> None:
    weight, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            weight += len(each)
        elif isinstance(each, CONTAINERS):
            weight += len(each) * _ITEM
            if weight <= LARGEST:
                waiting.extend(each)
                waiting.extend(each.values() if isinstance(each, dict) else ())
        if weight > LARGEST:
            raise TakesLong(f"a list in it holds more than {LARGEST // 1024 // 1024} million characters")
