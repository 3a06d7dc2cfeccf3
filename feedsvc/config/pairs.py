"""Tables of pairs, `[redirects]`, `[navigation]` and `[readers]`: what a line says in; a checked pair out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from feedsvc.config import navigation, readers, redirects
from feedsvc.config.checks import shown
from feedsvc.config.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Kind(NamedTuple):
    """What stands in such a table.

    Attributes:
        check: makes a pair of what is written on the left and on the right; raises ValueError `problem|cure`.
        what: what its lines are called.
        is_sorted: whether their order says nothing.
    """

    check: Callable[[str, Any], tuple[str, str]]
    what: str
    is_sorted: bool = False


KINDS: Mapping[str, Kind] = {
    navigation.TABLE: Kind(navigation.link, "the links"),
    readers.TABLE: Kind(readers.reader, "the readers"),
    redirects.TABLE: Kind(redirects.redirect, "the redirects", is_sorted=True),
}
"""By the name of the table, which is that of the field of `Site` too."""


def name(table: str, written: str) -> str:
    """A line of a table as it is shown."""
    return f"{table}.{shown(written)}"


def read(table: str, written: str, value: Any) -> tuple[str, str]:
    """What a line says, checked.

    Raises:
        ValueError: `problem|cure`.
    """
    kind = KINDS[table]
    if "_" in written and written in _settings():  # what nobody calls a link, a reader or an address
        raise ValueError(_out_of_place(table, written))
    try:
        return kind.check(written, value)
    except ValueError:
        if written in _settings():
            raise ValueError(_out_of_place(table, written)) from None
        raise


def _out_of_place(table: str, written: str) -> str:
    cure = f"move it above the line [{table}]: what stands below a line in brackets belongs to it"
    return f"{written} is a setting, and not one of {KINDS[table].what}|{cure}"


@cache
def _settings() -> frozenset[str]:
    return frozenset(name for name, *_ in settings())


def values(found: Mapping[str, Mapping[str, tuple[str, str]]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """What each table that was given holds.

    Args:
        found: the pairs of each table by their names; an empty table holds none.
    """
    return {
        table: tuple(sorted(pairs.values()) if KINDS[table].is_sorted else dict(pairs.values()).items())
        for table, pairs in found.items()
    }
