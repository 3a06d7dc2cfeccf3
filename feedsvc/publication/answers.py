"""What documents of one kind have in common: header fields, and for how long they stand."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from feedsvc.model import Lifetime, Selection

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.model import Channel

HTML = "text/html; charset=utf-8"
YEAR = 31_536_000

NOSNIFF = ("X-Content-Type-Options", "nosniff")
OPEN = ("Access-Control-Allow-Origin", "*")
# A page loads its own style and pictures from anywhere, and nothing else; a picture opened by itself runs nothing. Who
# looks at a page with a browser's tools may fetch what stands beside it, such as robots.txt.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src * data:; media-src *; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
PAGE_HEADERS = (("Content-Security-Policy", _POLICY), NOSNIFF)
# That of a feed also runs what copies an address.
FEED_PAGE_HEADERS = (("Content-Security-Policy", f"{_POLICY}; script-src 'self'"), NOSNIFF)


def lifetime(snapshot: Snapshot, of: Channel | Selection | str, now: int) -> Lifetime:
    """A document of a channel is good while the channel shows the same.

    Args:
        of: the channel, the name of one that is a row of the catalog's, or a selection.
    """
    selection = Selection.of(of) if isinstance(of, str) else of if isinstance(of, Selection) else of.selection
    times = snapshot.times(selection, now)
    ends = None if isinstance(of, str | Selection) else of.ends
    end = inf if ends is None or ends <= now else ends
    return Lifetime(
        channels=selection.depends_on,
        good_until=min(times.next_change, end),
        kept_until=times.next_loss,
        last_modified=times.last_modified,
        max_age=snapshot.site.max_age,
        stale=snapshot.site.stale,
    )
