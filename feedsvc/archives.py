"""Archives (RFC 5005 §4): a snapshot, a channel, a period and an instant in; all that was published in it out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from feedsvc import feeds
from feedsvc.errors import NotFound
from feedsvc.model import History
from feedsvc.text import periods

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.model import Channel, Feed
    from feedsvc.text.periods import Period


class Archive(Struct, frozen=True):
    """A period of a channel.

    Attributes:
        history: its place among the periods in which the channel ever showed anything.
        closes: from this instant on nothing is published in it, in seconds since the epoch.
    """

    of: Channel
    period: Period
    history: History
    closes: int


def archive(snapshot: Snapshot, of: Channel, name: str, now: int) -> Archive:
    """The archive of a period by its name.

    Raises:
        NotFound: where the name is none of a period as the settings have them, or nothing was ever shown in it.
    """
    if not feeds.has_archives(of):
        raise NotFound(f"{of.name} has no archives: what it shows falls out of it as time goes by")
    kind = snapshot.site.archive
    period, dated = periods.named(name, kind), snapshot.dated(of.selection, now)
    latest = None if period is None else dated.before(period.stop)
    if period is None or latest is None or latest < period.start:
        raise NotFound(f"there is no archive {name} of {of.name or 'the site'}")
    older, newer = dated.before(period.start), dated.since(period.stop)
    history = History(
        period.name,
        older=None if older is None else periods.at(older, kind).name,
        newer=None if newer is None else periods.at(newer, kind).name,
    )
    return Archive(of, period, history, period.stop + of.selection.delay)


def feed(snapshot: Snapshot, of: Archive, now: int) -> Feed:
    """All entries that a channel published in a period, and what was taken back of them."""
    dated = snapshot.dated(of.of.selection, now)
    bounds = of.period.start, of.period.stop
    articles, tombstones = dated.within(*bounds), dated.tombstones(*bounds)
    last_end = dated.last_end(*bounds)
    return feeds.made(
        snapshot.site,
        of.of,
        articles,
        tombstones,
        last_end=None if last_end is None else datetime.fromtimestamp(last_end, UTC),
        history=of.history,
    )
