"""What every source offers: its addresses with their marks, and the record at an address."""

from __future__ import annotations

from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from feedsvc.config import Table
    from feedsvc.model import Record


LARGEST = 16 * 1024 * 1024
"""The most bytes that a record may have: a file, or a row as JSON."""

# So many are put together before they are looked at.
_AT_A_TIME = 1000


class Wanted(Struct, frozen=True):
    """What is to be taken from a place.

    Attributes:
        suffixes: of a folder: the endings of the addresses that hold records, lower case, with their dot.
        table: of a database: the query, and how its rows are told apart.
        folder: the content folder, below which a database's relative path is.
    """

    suffixes: frozenset[str] = frozenset()
    table: Table | None = None
    folder: Path = Path()


class Mark(NamedTuple):
    """What tells whether a record changed, without reading it.

    Attributes:
        value: opaque; the same value means the same bytes, where both marks are settled.
        age: for how long the record has been left alone, in seconds.
        is_settled: False where it is so young that it may change again under this value: its bytes must be compared.
    """

    value: str
    age: float
    is_settled: bool


class Weight(Struct, frozen=True):
    """What is known of a file that is too large to be held.

    Attributes:
        length: in bytes.
        digest: of its bytes, SHA-256 in hexadecimal.
    """

    length: int
    digest: str


class Source(Protocol):
    """A place that holds records, each at an address of its own."""

    @property
    def root(self) -> Path | None:
        """The folder in which the records lie; None where they lie in none."""
        ...

    @property
    def polled(self) -> float | None:
        """Seconds after which it is to be scanned again, where nothing tells of its changes; None where that is."""
        ...

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        """Every address with its mark, in the order of addresses; also of records that turn out to be unreadable.

        Args:
            places: only what is at one of these addresses, or in a folder there; None for everything.

        An address has at most `text.keys.LONGEST_ADDRESS` bytes.

        Raises:
            SourceError: where any part cannot be listed: what is not seen may not look removed.
        """
        ...

    def digest(self) -> str | None:
        """The digest (`digest`) of all that a scan would give now; None of what is `polled`: a scan takes no longer.

        Raises:
            SourceError: where any part cannot be listed.
        """
        ...

    def is_replaced(self, address: str, before: str, now: Mark) -> bool:
        """Whether another thing was put where a record had a mark before, whole, rather than it was written anew."""
        ...

    def trace(self, value: str) -> str:
        """What of a mark's value stays as it is where a record is moved to another address; no other record has it."""
        ...

    def read(self, address: str, mark: Mark | None = None) -> Record | None:
        """The record at an address; None where it is not there any more: the next scan tells whether it comes back.

        Args:
            mark: what it has to have still, and nobody may be in the middle of writing it; else it is None too.

        Raises:
            RecordError: where it cannot be read.
            SourceError: where the place cannot be reached any more.
        """
        ...

    def top(self, address: str, length: int) -> bytes:
        """The first bytes of the record at an address, so many at most; none where that is no quicker than `read`.

        They are for a guess at what is there, and none where they cannot be had: `read` tells why.
        """
        ...

    def weigh(self, address: str, mark: Mark | None = None) -> Weight | None:
        """The length and digest of what `read` would give, of any size that the source allows.

        Raises:
            RecordError: where it cannot be read.
        """
        ...


def digest(marks: Iterable[tuple[str, str]]) -> str:
    """SHA-256, in hexadecimal, of addresses in their order with the values of their marks; of nothing else the same."""
    found, remaining = sha256(), iter(marks)
    while some := list(islice(remaining, _AT_A_TIME)):
        found.update("\n".join((*chain.from_iterable(some), "")).encode())  # neither holds a line end
    return found.hexdigest()
