"""Channels that may show what the site's does not: keys of channels in; those of them whose dates stand apart out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from feedsvc.catalog.schema import channel

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

# Only channels of the settings are private; and one that was it still holds what it held then.
_OF_SETTINGS = select(channel.c.key).where(channel.c.name.startswith("channels/"))


def apart(connection: Connection, keys: Collection[int] | None = None) -> list[int]:
    """The keys of channels that may be in other articles' company than the site's, in their order.

    All others' articles are in the site's channel too, and none of their dates is later than the site's.

    Args:
        keys: of those among which they are looked for; None for all.
    """
    if keys is not None and not keys:
        return []
    found = connection.scalars(_OF_SETTINGS)
    return sorted(key for key in found if keys is None or key in keys)
