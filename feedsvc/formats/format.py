"""A format: how a Feed is written, and the name and media type it is served with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Channel, Feed


class Format(Struct, frozen=True):
    """One way to write a Feed.

    Attributes:
        filename: the last segment of a feed's address, unique among the formats.
        media_type: the value of Content-Type, with its charset.
        title: what people call it.
        render: the document's bytes; the same Feed gives the same bytes, whatever the locale.
    """

    filename: str
    media_type: str
    title: str
    render: Callable[[Feed], bytes]

    def address(self, channel: Channel) -> str:
        """The absolute URL at which a channel's feed is served in this format."""
        return channel.address(self.filename)

    def archive(self, channel: Channel, period: str) -> str:
        """The absolute URL at which all that a channel published in a period is served in this format."""
        return channel.address(f"archive/{period}/{self.filename}")

    def links(self, feed: Feed) -> tuple[tuple[str, str], ...]:
        """The relations and URLs of the documents of its channel that a feed names, itself first.

        They are absolute; those of a private channel are relative to where the feed was found, which is not named.
        """
        of, history = feed.channel, feed.history
        itself = self.address(of) if history.period is None else self.archive(of, history.period)
        current = None if history.period is None else self.address(of)
        found = {
            "self": None if of.is_private else itself,
            "current": current,
            "prev-archive": history.older and self.archive(of, history.older),
            "next-archive": history.newer and self.archive(of, history.newer),
        }
        return tuple((relation, url) for relation, url in found.items() if url)

    @property
    def type(self) -> str:
        """The media type without parameters, as `type` attributes of links carry it."""
        return self.media_type.partition(";")[0]
