"""What stands on the page of all feeds, and on the one that other sites frame, as frozen values."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import datetime

    from feedsvc.pages.views import Chrome, Link

# In the page itself, which is one answer then, wherever it is shown.
STYLE = (
    "body{font:1rem/1.4 system-ui,sans-serif;margin:.5rem;max-width:40rem;overflow-wrap:anywhere}"
    "h1{font-size:1.1rem;margin:0 0 .5rem}ul{list-style:none;margin:0;padding:0}"
    "li{padding:.25rem 0}time{display:table;font-size:.8rem;opacity:.75}"
    "body{background:#fdfdfb;color:#1d1f21}a{color:#0b5394}"
    "@media(prefers-color-scheme:dark){body{background:#16181a;color:#e4e4df}a{color:#8ec1f5}}"
)
STYLE_SOURCE = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
"""What a policy has to name for the style to count (CSP3 §6.7.3.3)."""


class Subscription(Struct, frozen=True):
    """A channel that one can subscribe to.

    Attributes:
        name: what it is about, in a few words.
        href: the absolute URL of its list.
        feeds: named by their formats.
    """

    name: str
    href: str
    feeds: tuple[Link, ...]


class Group(Struct, frozen=True):
    """Channels of one kind.

    Attributes:
        kind: by whose word they are called, such as `tags`; empty for the site's own.
    """

    kind: str
    channels: tuple[Subscription, ...]


class DirectoryView(Struct, frozen=True, kw_only=True):
    """All feeds of a site, for people.

    Attributes:
        canonical: the page's own absolute URL.
        opml: that of the same for feed readers.
    """

    chrome: Chrome
    canonical: str
    opml: str
    groups: tuple[Group, ...]


class Headline(Struct, frozen=True):
    """An article in a line.

    Attributes:
        page: absolute URL.
        language: BCP 47; None for that of what stands around it.
    """

    title: str
    page: str
    published: datetime
    language: str | None = None


class HeadlinesView(Struct, frozen=True, kw_only=True):
    """The latest headlines of a channel, for other sites.

    Attributes:
        link: the absolute URL of its list; empty where there is no room for it.
    """

    chrome: Chrome
    title: str
    link: str
    headlines: tuple[Headline, ...]
