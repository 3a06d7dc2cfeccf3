"""The documents at the addresses of archives: a snapshot, an instant, a channel and a period in; an archive out."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from feedsvc import archives
from feedsvc.formats import FORMATS
from feedsvc.model import Selection
from feedsvc.publication.answers import lifetime
from feedsvc.publication.documents import Unwritten, document
from feedsvc.publication.subscriptions import headers

if TYPE_CHECKING:
    from feedsvc.archives import Archive
    from feedsvc.catalog import Snapshot
    from feedsvc.formats import Format
    from feedsvc.model import Channel, Document, Lifetime

# For how many seconds a cache may keep an archive whose period is over.
CLOSED = 86_400

_ANY = Selection.of("")


def archive(snapshot: Snapshot, now: int, of: Channel, *, period: str, filename: str) -> Unwritten:
    """All that a channel published in a period, in the format of a file name."""
    found, written = archives.archive(snapshot, of, period, now), FORMATS[filename]
    return Unwritten(
        _mark(snapshot, found, now), _lifetime(snapshot, found, now), partial(_document, snapshot, found, now, written)
    )


def _document(snapshot: Snapshot, of: Archive, now: int, written: Format, stands: Lifetime) -> Document:
    feed = archives.feed(snapshot, of, now)
    return document(written.media_type, written.render(feed), lifetime=stands, headers=headers(written, feed))


def _mark(snapshot: Snapshot, of: Archive, now: int) -> bytes:
    entries = snapshot.dated(of.of.selection, now).mark(of.period.start, of.period.stop)
    # The sets of a selection have no order; what it selects is in `entries`.
    channel = replace(of.of, selection=_ANY)
    return sha256(msgspec.json.encode((entries, snapshot.site, channel, of.history))).digest()


def _lifetime(snapshot: Snapshot, of: Archive, now: int) -> Lifetime:
    """Of the channel's times all count, for it is in them that a mark may change; but only a loss of its own is one."""
    found = lifetime(snapshot, of.of, now)
    loss = snapshot.dated(of.of.selection, now).next_loss(of.period.start, of.period.stop)
    if now >= of.closes:
        return replace(found, kept_until=loss, max_age=CLOSED)
    return replace(found, kept_until=loss, good_until=min(found.good_until, of.closes))
