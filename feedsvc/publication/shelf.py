"""The documents that are kept, within a number of bytes: by key, each good or stale."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feedsvc.publication.documents import MarkedDocument

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Document
    from feedsvc.publication.documents import Key


@dataclass(slots=True)
class _Kept:
    document: Document
    asked: float
    is_stale: bool = False


class Shelf:
    """Documents by key. A stale one is only for the case that it cannot be made again.

    Args:
        limit: how many bytes of them to keep, in all their codings; beyond it the one asked for longest ago goes.

    Attributes:
        changes: how often a document has been let go of, or become stale.
    """

    def __init__(self, limit: int) -> None:
        self.changes = 0
        self._limit = limit
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._size = 0

    def good(self, key: Key, now: float) -> Document | None:
        """The document of a key, while neither a revision nor time has changed what it shows."""
        found = self._kept.get(key)
        if found is None or found.is_stale or now >= found.document.lifetime.good_until:
            return None
        found.asked = now
        self._kept.move_to_end(key)
        return found.document

    def last_good(self, key: Key, now: float) -> Document | None:
        """The document of a key, stale or not; None where something in it has expired or was withdrawn since."""
        found = self._kept.get(key)
        return found.document if found is not None and now < found.document.lifetime.kept_until else None

    def last(self, key: Key) -> Document | None:
        """The document of a key, stale or not: not to be served, but to be made again from."""
        found = self._kept.get(key)
        return None if found is None else found.document

    def asked_since(self, instant: float, is_meant: Callable[[Document], bool]) -> list[Key]:
        """The keys of those that are meant and have been asked for since an instant, the latest first."""
        found = []
        for key, kept in reversed(self._kept.items()):
            if kept.asked < instant:
                break
            if is_meant(kept.document):
                found.append(key)
        return found

    def put(self, key: Key, document: Document, now: float) -> None:
        """Keeps a document that was asked for, and lets go of those that have no room beside it."""
        self.drop(key)
        self._kept[key] = _Kept(document, now)
        self._size += _size(document)
        while self._size > self._limit and len(self._kept) > 1:
            self.drop(next(iter(self._kept)))

    def renew(self, key: Key, document: Document) -> None:
        """Puts a document that nobody asked for just now in the place of the one that is still kept, if it is."""
        found = self._kept.get(key)
        if found is not None:
            self.changes += 1
            self._size += _size(document) - _size(found.document)
            found.document, found.is_stale = document, False

    def drop(self, key: Key) -> None:
        """Lets go of the document of a key, where there is one."""
        found = self._kept.pop(key, None)
        if found is not None:
            self.changes += 1
            self._size -= _size(found.document)

    def drop_all(self, is_meant: Callable[[Document], bool]) -> None:
        """Lets go of every document that is meant."""
        for key in [key for key, kept in self._kept.items() if is_meant(kept.document)]:
            self.drop(key)

    def lose(self, is_meant: Callable[[Document], bool]) -> None:
        """Lets go of every document that is meant: something that it may show was taken back.

        Those that can tell whether they are concerned stay, to be made again from, and are served by no fault.
        """
        self.drop_all(lambda document: is_meant(document) and not isinstance(document, MarkedDocument))
        for kept in self._kept.values():
            if is_meant(kept.document):
                lifetime = replace(kept.document.lifetime, good_until=0.0, kept_until=0.0)
                kept.document, kept.is_stale = replace(kept.document, lifetime=lifetime), True
                self.changes += 1

    def age(self, is_meant: Callable[[Document], bool]) -> None:
        """Makes every document that is meant stale."""
        self.changes += 1  # also for those that are no longer here, but may still be in somebody's hands
        for kept in self._kept.values():
            kept.is_stale = kept.is_stale or is_meant(kept.document)


def _size(document: Document) -> int:
    return sum(len(representation.body) for representation in document.representations.values())
