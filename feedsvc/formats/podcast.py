"""What podcast directories ask for in RSS: a channel or an entry in; elements of Apple's namespace out.

https://podcasters.apple.com/support/823-podcast-requirements. They are no format of their own: `rss` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.formats._feedgen import Element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.model import Channel, Entry

NAMESPACE = "http://www.itunes.com/dtds/podcast-1.0.dtd"

# What Apple takes for a cover.
_PICTURES = {"image/jpeg", "image/png"}


def of_channel(channel: Channel) -> Iterator[Element]:
    """What is said of the whole; nothing of a channel that is no podcast."""
    podcast = channel.podcast
    if podcast is None:
        return
    yield _itunes("author", channel.author.name)
    yield _category(podcast.category)
    yield _itunes("explicit", "true" if podcast.is_explicit else "false")
    yield _itunes("type", podcast.type)
    if podcast.image:
        yield _itunes("image", attributes={"href": podcast.image})
    if podcast.owner:
        owner = (_itunes("name", channel.author.name), _itunes("email", podcast.owner))
        yield _itunes("owner", children=owner)


def of_episode(entry: Entry) -> Iterator[Element]:
    """What is said of an entry of a podcast; nothing of one that plays nothing. Explicitness is the channel's."""
    first = entry.enclosures[0] if entry.enclosures else None
    if first is None or not (first.type or "").startswith(("audio/", "video/")):
        return
    if first.duration is not None:
        yield _itunes("duration", str(first.duration))
    if entry.image and entry.image.type in _PICTURES:
        yield _itunes("image", attributes={"href": entry.image.url})


def _category(path: tuple[str, ...]) -> Element:
    below = (_category(path[1:]),) if path[1:] else ()
    return _itunes("category", attributes={"text": path[0]}, children=below)


def _itunes(
    name: str,
    text: str | None = None,
    *,
    attributes: dict[str, str] | None = None,
    children: tuple[Element, ...] = (),
) -> Element:
    return Element(f"{{{NAMESPACE}}}{name}", text, attributes or {}, children)
