"""The documents that are kept, within a number of bytes: by key, each good or stale."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from feedsvc.publication.compression import size
from feedsvc.publication.documents import MarkedDocument, room_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Document
    from feedsvc.publication.documents import Key, Room

# So many documents of filters are kept, and they take no more than this part of all bytes: there are any number of
# filters, and who invents them is not to push out what others ask for.
MOST_FILTERED, PART = 256, 0.25

# The same for pictures made smaller, of which there are five of each.
MOST_PICTURES = 1024

# In this order they make room for all others: a cache has most pictures, and readers ask for filters again and again.
_MOST: dict[Room, int] = {"pictures": MOST_PICTURES, "filters": MOST_FILTERED}

# A filter that took so many seconds is not made ahead: the ordinary documents would be late.
DEAR = 0.1


class _Kept(Struct):
    document: Document
    asked: float
    seconds: float
    is_stale: bool = False


class Shelf:
    """Documents by key. A stale one is only for the case that it cannot be made again.

    Args:
        limit: how many bytes of them to keep, in all their codings; beyond it the one asked for longest ago goes, and
            smaller pictures and filters before all others.

    Attributes:
        changes: how often a document has been let go of, or become stale.
    """

    def __init__(self, limit: int) -> None:
        self.changes = 0
        self._limit = limit
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._rooms: dict[Room, OrderedDict[Key, None]] = {room: OrderedDict() for room in _MOST}
        self._sizes: Counter[Room] = Counter()

    def good(self, key: Key, now: float) -> Document | None:
        """The document of a key, while neither a revision nor time has changed what it shows."""
        found = self._kept.get(key)
        if found is None or found.is_stale or now >= found.document.lifetime.good_until:
            return None
        found.asked = now
        self._kept.move_to_end(key)
        if room := room_of(key):
            self._rooms[room].move_to_end(key)
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
        """The keys of those that are meant and have been asked for since an instant, the latest first.

        Filters come last, and those that take long are left out, and so are smaller pictures.
        """
        found: tuple[list[Key], list[Key]] = [], []
        for key, kept in reversed(self._kept.items()):
            if kept.asked < instant:
                break
            room = room_of(key)
            if is_meant(kept.document) and room != "pictures" and not (room and kept.seconds > DEAR):
                found[bool(room)].append(key)
        return [*found[0], *found[1]]

    def put(self, key: Key, document: Document, now: float, *, seconds: float | None = None) -> None:
        """Keeps a document that was asked for, and lets go of those that have no room beside it.

        Args:
            seconds: how long it took to make it; None where it is the same again.
        """
        before = self._kept.get(key)
        self.drop(key)
        self._kept[key] = _Kept(document, now, (before.seconds if before else 0.0) if seconds is None else seconds)
        if room := room_of(key):
            self._rooms[room][key] = None
        self._weigh(key, _size(document))
        for each, keys in self._rooms.items():
            while keys and self._is_crowded(each):
                self._take_out(next(iter(keys)))
        while self._size > self._limit and len(self._kept) > 1:
            self._take_out(next(iter(self._kept)))

    def renew(self, key: Key, document: Document) -> None:
        """Puts a document that nobody asked for just now in the place of the one that is still kept, if it is."""
        found = self._kept.get(key)
        if found is not None:
            self.changes += 1
            self._weigh(key, _size(document) - _size(found.document))
            found.document, found.is_stale = document, False

    def drop(self, key: Key) -> None:
        """Lets go of the document of a key, where there is one."""
        if key in self._kept:
            self.changes += 1
            self._take_out(key)

    def drop_all(self, is_meant: Callable[[Document], bool]) -> None:
        """Lets go of every document that is meant."""
        self.changes += 1  # as below
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

    def forget(self) -> None:
        """Has everybody else forget what they were given from here; the documents themselves stay."""
        self.changes += 1

    def age(self, is_meant: Callable[[Document], bool]) -> None:
        """Makes every document that is meant stale."""
        self.changes += 1  # also for those that are no longer here, but may still be in somebody's hands
        for kept in self._kept.values():
            kept.is_stale = kept.is_stale or is_meant(kept.document)

    @property
    def _size(self) -> int:
        return self._sizes.total()

    def _is_crowded(self, room: Room) -> bool:
        is_over = self._size > self._limit or self._sizes[room] > self._limit * PART
        return is_over or len(self._rooms[room]) > _MOST[room]

    def _take_out(self, key: Key) -> None:
        """For lack of room only: what is said of it stays right, and whoever remembers it need not be told."""
        self._weigh(key, -_size(self._kept.pop(key).document))
        if room := room_of(key):
            del self._rooms[room][key]

    def _weigh(self, key: Key, more: int) -> None:
        self._sizes[room_of(key)] += more


def _size(document: Document) -> int:
    return size(document.representations)
