"""A folder and a table as one source: the records of both."""

from __future__ import annotations

from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from feedsvc.sources.rows import is_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from feedsvc.model import Record
    from feedsvc.sources.source import Mark, Source, Weight


class Joined(Struct, frozen=True):
    """The files of a folder, and the rows of a table. Where either cannot be listed, neither is: nothing looks removed.

    No address is in both (`rows.address`).
    """

    folder: Source
    table: Source

    @property
    def root(self) -> Path | None:
        """The folder's."""
        return self.folder.root

    @property
    def polled(self) -> float | None:
        """The table's: nothing tells of its changes."""
        return self.table.polled

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        """The marks of both, in the order of addresses.

        Raises:
            SourceError: where either cannot be listed.
        """
        return merge(self.folder.scan(places), self.table.scan(places), key=itemgetter(0))

    def digest(self) -> None:
        """None: to scan the table is what there is."""

    def is_replaced(self, address: str, before: str, now: Mark) -> bool:
        """As the one of the two says that the address is of."""
        return self._of(address).is_replaced(address, before, now)

    def trace(self, value: str) -> str:
        """As the folder says: the mark of a row looks like none of its."""
        return self.folder.trace(value)

    def read(self, address: str, mark: Mark | None = None) -> Record | None:
        """The file's or row's record.

        Raises:
            RecordError: where it cannot be read.
        """
        return self._of(address).read(address, mark)

    def top(self, address: str, length: int) -> bytes:
        """The first bytes of the file; none of a row."""
        return self._of(address).top(address, length)

    def weigh(self, address: str, mark: Mark | None = None) -> Weight | None:
        """The file's or row's length and digest.

        Raises:
            RecordError: where it cannot be read.
        """
        return self._of(address).weigh(address, mark)

    def _of(self, address: str) -> Source:
        return self.table if is_row(address) else self.folder
