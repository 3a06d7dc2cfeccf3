"""What partners ask for in RSS beside all else: a feed or an entry of a channel with a preset in; elements out.

They are no formats of their own: `rss` writes them where the channel's preset asks. Where each demand stands is said in
`config.presets`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.formats._feedgen import MEDIA, Element, media
from feedsvc.text.dates import rfc822, rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.model import Entry, Feed

SMARTNEWS = "http://www.smartnews.be/snf"
DCTERMS = "http://purl.org/dc/terms/"


def namespaces(preset: str) -> Mapping[str, str]:
    """Prefixes of what is written for a preset."""
    return {"smartnews": {"snf": SMARTNEWS}, "msn": {"dcterms": DCTERMS}}.get(preset, {})


def of_channel(feed: Feed) -> Iterator[Element]:
    """What is said of the whole."""
    channel = feed.channel
    if channel.preset == "smartnews":
        yield Element("pubDate", rfc822(feed.updated))
        if channel.logo:
            yield Element(f"{{{SMARTNEWS}}}logo", children=(Element("url", channel.logo.url),))


def of_entry(entry: Entry, preset: str) -> Iterator[Element]:
    """What is said of an entry."""
    if preset == "msn":
        # By it alone MSN sees that an article it has was changed.
        yield Element(f"{{{DCTERMS}}}modified", rfc3339(entry.updated))


def pictures(entry: Entry, preset: str) -> Iterator[Element]:
    """The picture that stands for an entry; for MSN with its title and its thumbnail within."""
    if entry.image is None:
        return
    whole, thumbnail = media(entry.image)
    if preset == "msn":
        title = Element(f"{{{MEDIA}}}title", entry.title, {"type": "plain"})
        yield Element(whole.name, None, whole.attributes, (title, thumbnail))
    else:
        yield from (whole, thumbnail)
