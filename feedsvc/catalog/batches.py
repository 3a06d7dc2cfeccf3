"""A long sequence of values in; parts that one statement can take, out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Value = TypeVar("Value")

# Well below the 32,766 variables that SQLite takes and the 65,535 of PostgreSQL.
SIZE = 500


def batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values in their order, `SIZE` at a time."""
    for start in range(0, len(values), SIZE):
        yield values[start : start + SIZE]
