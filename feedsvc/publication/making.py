"""A key in; the document of it, made from one state of the catalog, out."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from feedsvc.errors import NotFound, NotReady
from feedsvc.publication import addresses, files, looks, private, searching, sitepages
from feedsvc.publication.compression import make_as
from feedsvc.publication.documents import NEGOTIATED, Notice, Unwritten, Variant, is_of_newest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.catalog import Catalog, Snapshot
    from feedsvc.config import Site
    from feedsvc.model import Document
    from feedsvc.publication.documents import Key


class Made(Struct, frozen=True):
    """A document, with what it was made from.

    Attributes:
        revision: the number of the catalog's revision; 0 for what does not depend on any.
        site: the settings, None likewise.
        seconds: how long it took.
    """

    document: Document
    revision: int
    site: Site | None
    seconds: float = 0.0


def made(  # noqa: PLR0913 - all that decides it
    catalog: Catalog,
    key: Key,
    clock: Callable[[], float],
    *,
    negotiate: bool = True,
    last: Document | None = None,
    at_first: bool = False,
) -> Made:
    """Makes the document of a key, from one state of the catalog.

    Args:
        negotiate: whether there is a page for people at the addresses of feeds.
        last: the document that was made of the key before; it may be good for longer.
        at_first: whether the newest articles are enough, where it is made of these alone.

    Raises:
        Unpublished: where there is none.
    """
    if isinstance(key, str) and files.is_ours(key):
        return Made(files.static(key.removeprefix(files.STATIC)), 0, None)
    with catalog.snapshot(at_first=at_first and is_of_newest(key)) as snapshot:
        # The clock is read when the snapshot stands: so `now` is never before the revision that it sees.
        began = time.monotonic()
        try:
            found = _made(snapshot, key, int(clock()), last, negotiate=negotiate)
        except NotFound:
            if snapshot.is_whole:
                raise
            raise NotReady from None
        return Made(found, snapshot.revision.number, snapshot.site, time.monotonic() - began)


def made_again(
    catalog: Catalog,
    last: Mapping[Key, Document | None],
    clock: Callable[[], float],
    seconds: float,
    *,
    negotiate: bool = True,
) -> dict[Key, Document]:
    """Makes documents from one state of the catalog, as many as go into some seconds.

    One that cannot be made is left out: who asks for it next is told why.

    Args:
        last: their keys, each with the document that was made of it before.
    """
    found: dict[Key, Document] = {}
    if not last:
        return found
    until = time.monotonic() + seconds
    with suppress(Exception), catalog.snapshot() as snapshot:
        now = int(clock())
        for key, before in last.items():
            if time.monotonic() >= until:
                break
            with suppress(Exception):
                found[key] = _made(snapshot, key, now, before, negotiate=negotiate)
    return found


def _made(snapshot: Snapshot, key: Key, now: int, last: Document | None, *, negotiate: bool) -> Document:
    found = _keyed(snapshot, key, now, last, negotiate=negotiate)
    make_as(last.representations if last is not None else None, found.representations)
    return found


def _keyed(snapshot: Snapshot, key: Key, now: int, last: Document | None, *, negotiate: bool) -> Document:
    if isinstance(key, Notice):
        return sitepages.notice(snapshot, now, key)
    wanted = Variant(key) if isinstance(key, str) else key
    if wanted.path.startswith(files.STATIC) and not wanted.private:
        return looks.static(snapshot, wanted.path.removeprefix(files.STATIC))
    if wanted.path == searching.PATH and wanted.query:
        return searching.page(snapshot, now, query=wanted.query)
    if wanted.private:
        return private.document(snapshot, wanted, now, negotiate=negotiate)
    is_feed = addresses.is_feed(wanted.path)
    if wanted.is_page and not is_feed:
        raise NotFound(f"there is no feed at /{wanted.path}")
    found = addresses.document(snapshot, wanted, now)
    if isinstance(found, Unwritten):
        return found.document(last)
    return replace(found, vary=NEGOTIATED) if negotiate and is_feed else found
