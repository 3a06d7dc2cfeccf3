"""The documents at the addresses of feeds: a snapshot, an instant and a channel in; a feed, or its page, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc import feeds, pages
from feedsvc.formats import FORMATS
from feedsvc.publication import looks, views
from feedsvc.publication.answers import HTML, NOSNIFF, OPEN, lifetime
from feedsvc.publication.documents import document

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.formats import Format
    from feedsvc.model import Channel, Document, Feed

# What scripts of other sites may read of a feed's head, beside what they may read of any.
_READABLE = ("Access-Control-Expose-Headers", "ETag, Link")


def feed(snapshot: Snapshot, now: int, of: Channel, *, filename: str) -> Document:
    """A channel's feed in the format of a file name."""
    written, made = FORMATS[filename], feeds.feed(snapshot, of, now)
    stands = lifetime(snapshot, of, now)
    return document(written.media_type, written.render(made), lifetime=stands, headers=headers(written, made))


def headers(written: Format, of: Feed) -> tuple[tuple[str, str], ...]:
    """What the answers with a feed, or an archive of one, carry."""
    links = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in written.links(of))
    alternate = f'<{of.channel.link}>; rel="alternate"; type="text/html"'
    return ("Link", f"{links}, {alternate}"), OPEN, _READABLE, NOSNIFF


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
    body = pages.feed_page(looks.dressed(views.feed_view(snapshot, of, FORMATS[filename], now), snapshot))
    # A shared cache that does not look at Vary would hand it to readers.
    kept = replace(lifetime(snapshot, of, now), is_private=True)
    return document(HTML, body, lifetime=kept, headers=looks.headers(snapshot, is_of_feed=True))
