"""A format: how a Feed is written, and the name and media type it is served with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Channel, Feed


@dataclass(frozen=True, slots=True)
class Format:
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

    @property
    def type(self) -> str:
        """The media type without parameters, as `type` attributes of links carry it."""
        return self.media_type.partition(";")[0]
