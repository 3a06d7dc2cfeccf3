"""A house with a private channel: settings, tokens, and articles that are for its subscribers only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from house import SITE
from msgspec.structs import replace

from feedsvc.catalog.upkeep import add_token
from feedsvc.config.channels import ChannelSettings

if TYPE_CHECKING:
    from house import House

# Of what everybody may read, only what is under these tags is in them too.
MEMBERS = ChannelSettings(name="channels/members", private=True, any=("tags/shared",))
PRESS = ChannelSettings(name="channels/press", private=True, any=("tags/press",))
SITE_WITH_MEMBERS = replace(SITE, channels=(MEMBERS, PRESS))

# Of 32 bytes, as `secrets.token_urlsafe` writes them.
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def furnish(house: House) -> House:
    """Two public articles, and one that is for members."""
    house.site = SITE_WITH_MEMBERS
    house.write("open.md", title="Open to all")
    house.write("second.md", title="Second", date="2026-01-02")
    write_inside(house)
    house.sync()
    return house


def write_inside(house: House, **keys: str) -> None:
    """The article for members."""
    text = "Nobody else knows. [Note](#note)"
    house.write("inside.md", title="For insiders", date="2026-01-03", text=text, audience="members", **keys)


def token(house: House, channel: str = "members", name: str = "Ada") -> str:
    """What stands in the address that is made for somebody."""
    return add_token(house.catalog, channel, name)[0]
