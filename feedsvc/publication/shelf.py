"""The documents that are kept, within a number of bytes: by path, each good or stale."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Document


class Shelf:
    """Documents by path. A stale one is only for the case that it cannot be made again.

    Args:
        limit: how many bytes of them to keep, in all their codings; beyond it the one asked for longest ago goes.

    Attributes:
        changes: how often a document has been let go of, or become stale.
    """

    def __init__(self, limit: int) -> None:
        self.changes = 0
        self._limit = limit
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._stale: set[str] = set()
        self._size = 0

    def good(self, path: str, now: float) -> Document | None:
        """The document of a path, while neither a revision nor time has changed what it shows."""
        found = self._documents.get(path)
        if found is None or now >= found.lifetime.good_until or path in self._stale:
            return None
        self._documents.move_to_end(path)
        return found

    def last_good(self, path: str, now: float) -> Document | None:
        """The document of a path, stale or not; None where something in it has expired or was withdrawn since."""
        found = self._documents.get(path)
        return found if found is not None and now < found.lifetime.kept_until else None

    def put(self, path: str, document: Document) -> None:
        """Keeps a document, and lets go of those that have no room beside it."""
        self.drop(path)
        self._documents[path] = document
        self._size += _size(document)
        while self._size > self._limit and len(self._documents) > 1:
            self.drop(next(iter(self._documents)))

    def drop(self, path: str) -> None:
        """Lets go of the document of a path, where there is one."""
        found = self._documents.pop(path, None)
        if found is not None:
            self.changes += 1
            self._size -= _size(found)
            self._stale.discard(path)

    def drop_all(self, is_meant: Callable[[Document], bool]) -> None:
        """Lets go of every document that is meant."""
        for path in [path for path, document in self._documents.items() if is_meant(document)]:
            self.drop(path)

    def age(self, is_meant: Callable[[Document], bool]) -> None:
        """Makes every document that is meant stale."""
        self.changes += 1  # also for those that are no longer here, but may still be in somebody's hands
        self._stale.update(path for path, document in self._documents.items() if is_meant(document))


def _size(document: Document) -> int:
    return sum(len(representation.body) for representation in document.representations.values())
