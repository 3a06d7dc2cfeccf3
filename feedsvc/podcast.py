"""The noun that only podcasts have, as a frozen value; a `model.Channel` carries it."""

from __future__ import annotations

from msgspec import Struct


class Podcast(Struct, frozen=True):
    """What podcast directories ask of a channel (Apple's RSS tags, https://podcasters.apple.com/support/823).

    Attributes:
        category: one of Apple's, and one of those below it where there is a second.
        is_explicit: whether it may not be for children.
        type: `episodic`, newest first, or `serial`, to be heard in order.
        image: the cover's absolute URL.
        owner: the e-mail address under which the publisher is asked.
    """

    category: tuple[str, ...]
    is_explicit: bool
    type: str
    image: str | None = None
    owner: str | None = None
