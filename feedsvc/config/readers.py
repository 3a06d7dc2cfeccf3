"""The table `[readers]`: names of feed readers with the addresses at which they open a feed."""

from __future__ import annotations

from urllib.parse import quote

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


def opened(written: str, feed: str) -> str:
    """The address at which a reader opens a feed.

    Args:
        written: that of the reader, with a place for the feed's.
        feed: absolute URL.
    """
    return written.replace(ENCODED, quote(feed, safe="")).replace(PLAIN, feed)
