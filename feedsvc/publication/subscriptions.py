"""The documents at the addresses of feeds: a snapshot, an instant and a channel in; a feed, or its page, out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from feedsvc import feeds, pages
from feedsvc.formats import FORMATS
from feedsvc.publication import views
from feedsvc.publication.answers import HTML, NOSNIFF, OPEN, PAGE_HEADERS, lifetime
from feedsvc.publication.documents import document

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.model import Channel, Document

# What scripts of other sites may read of a feed's head, beside what they may read of any.
_READABLE = ("Access-Control-Expose-Headers", "ETag, Link")


def feed(snapshot: Snapshot, now: int, of: Channel, *, filename: str) -> Document:
    """A channel's feed in the format of a file name."""
    written = FORMATS[filename]
    links = f'<{written.address(of)}>; rel="self", <{of.link}>; rel="alternate"; type="text/html"'
    body = written.render(feeds.feed(snapshot, of, now))
    headers = (("Link", links), OPEN, _READABLE, NOSNIFF)
    return document(written.media_type, body, lifetime=lifetime(snapshot, of, now), headers=headers)


def farewell(snapshot: Snapshot, of: Channel, filename: str | None) -> tuple[str, bytes] | None:
    """The last that is heard of a channel that has ended, in the format of a file name, with its media type.

    None where that is no feed's.
    """
    if filename is None:
        return None
    written = FORMATS[filename]
    return written.media_type, written.render(feeds.farewell(snapshot, of))


def page_of_feed(snapshot: Snapshot, now: int, of: Channel, *, filename: str) -> Document:
    """The page for people at the address of a feed: it may wait in a person's own cache, and in no other."""
    body = pages.feed_page(views.feed_view(snapshot, of, FORMATS[filename], now))
    # A shared cache that does not look at Vary would hand it to readers.
    kept = replace(lifetime(snapshot, of, now), is_private=True)
    return document(HTML, body, lifetime=kept, headers=PAGE_HEADERS)
