"""The table `[readers]`: names of feed readers with the addresses at which they open a feed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from feedsvc.config.checks import shown, text
from feedsvc.config.navigation import named
from feedsvc.config.redirects import is_url

TABLE = "readers"

# In an address: the feed's, percent-encoded; and the same as it is.
ENCODED, PLAIN = "{url}", "{feed}"

USUAL = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{url}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={url}"),
    ("NewsBlur", "https://www.newsblur.com/?url={url}"),
    ("Feedbin", "https://feedbin.com/?subscribe={url}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={url}"),
)
"""What people use, where the settings name no others."""


_CURE = f'write a line such as "Feedly" = "{USUAL[0][1]}"'


def reader(written: str, value: Any) -> tuple[str, str]:
    """A reader's name, and the address at which it opens a feed.

    Raises:
        ValueError: `problem|cure`.
    """
    name, url = named(written, _CURE), text(value)
    if ENCODED not in url and PLAIN not in url:
        raise ValueError(f"{shown(value)} has no place for the feed's address, {ENCODED} or {PLAIN}|{_CURE}")
    if not is_url(opened(url, "https://example.org/")):
        raise ValueError(f"{shown(value)} is not an absolute http or https URL|{_CURE}")
    return name, url


def opened(written: str, feed: str) -> str:
    """The address at which a reader opens a feed.

    Args:
        written: that of the reader, with a place for the feed's.
        feed: absolute URL.
    """
    return written.replace(ENCODED, quote(feed, safe="")).replace(PLAIN, feed)
