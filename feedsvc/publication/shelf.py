"""The documents that are kept, within a number of bytes: by key, each good or stale."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Document
    from feedsvc.publication.documents import Key


class Shelf:
    """Documents by key. A stale one is only for the case that it cannot be made again.

    Args:
        limit: how many bytes of them to keep, in all their codings; beyond it the one asked for longest ago goes.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._documents: OrderedDict[Key, Document] = OrderedDict()
        self._stale: set[Key] = set()
        self._size = 0

    def good(self, key: Key, now: float) -> Document | None:
        """The document of a key, while neither a revision nor time has changed what it shows."""
        found = self._documents.get(key)
        if found is None or now >= found.lifetime.good_until or key in self._stale:
            return None
        self._documents.move_to_end(key)
        return found

    def last_good(self, key: Key, now: float) -> Document | None:
        """The document of a key, stale or not; None where something in it has expired or was withdrawn since."""
        found = self._documents.get(key)
        return found if found is not None and now < found.lifetime.kept_until else None

    def put(self, key: Key, document: Document) -> None:
        """Keeps a document, and lets go of those that have no room beside it."""
        self.drop(key)
        self._documents[key] = document
        self._size += _size(document)
        while self._size > self._limit and len(self._documents) > 1:
            self.drop(next(iter(self._documents)))

    def drop(self, key: Key) -> None:
        """Lets go of the document of a key, where there is one."""
        found = self._documents.pop(key, None)
        if found is not None:
            self._size -= _size(found)
            self._stale.discard(key)

    def drop_all(self, is_meant: Callable[[Document], bool]) -> None:
        """Lets go of every document that is meant."""
        for key in [key for key, document in self._documents.items() if is_meant(document)]:
            self.drop(key)

    def age(self, is_meant: Callable[[Document], bool]) -> None:
        """Makes every document that is meant stale."""
        self._stale.update(key for key, document in self._documents.items() if is_meant(document))


def _size(document: Document) -> int:
    return sum(len(representation.body) for representation in document.representations.values())
