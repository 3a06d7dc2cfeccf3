"""Selection: a snapshot, a channel's name and an instant in; the channel and its newest entries out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from feedsvc import entries
from feedsvc.model import Channel, Feed, Person, Selection
from feedsvc.podcast import Podcast
from feedsvc.text.ids import channel_urn
from feedsvc.text.links import URL_SAFE, from_top, media_path, quoted

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot

EPOCH = datetime.fromtimestamp(0, UTC)

# An entry is made once for all channels and formats it is in; so many are kept, of some 15 kB each.
entry = lru_cache(maxsize=1024)(entries.entry)


def channel(snapshot: Snapshot, name: str, now: int) -> Channel:
    """A channel by its name.

    Raises:
        NotFound: where it never showed anything.
    """
    site = snapshot.site
    term = snapshot.term(name, now)
    return Channel(
        name=name,
        selection=Selection.of(name),
        id=channel_urn(site.id_authority, name),
        title=f"{site.title}: {term}" if name else site.title,
        description=f"{term} – {site.description}" if name else site.description,
        top=site.base_url + quoted(f"{name}/" if name else ""),
        base_url=site.base_url,
        language=site.language,
        author=Person(site.author),
        max_age=site.max_age,
        rights=site.rights or None,
        podcast=_podcast(snapshot) if site.podcast_category else None,
    )


def _podcast(snapshot: Snapshot) -> Podcast:
    site = snapshot.site
    return Podcast(
        category=tuple(part.strip() for part in site.podcast_category.split(">")),
        is_explicit=site.podcast_explicit,
        type=site.podcast_type,
        image=_cover(snapshot) if site.podcast_image else None,
        owner=site.podcast_owner or None,
    )


def _cover(snapshot: Snapshot) -> str:
    """The absolute URL of the podcast's cover: of a file of the content folder that with its digest."""
    site = snapshot.site
    address = from_top(site.podcast_image)
    stored = snapshot.media(address) if address else None
    if stored is not None:
        return site.base_url + media_path(address, stored.digest)
    return site.base_url + f"media/{quoted(address)}" if address else quote(site.podcast_image, safe=URL_SAFE)


def feed(snapshot: Snapshot, of: Channel, now: int) -> Feed:
    """The newest entries of a channel, and what was taken back from it."""
    site = snapshot.site
    articles = snapshot.newest(of.selection, now, limit=site.entries)
    chosen = tuple(entry(article, site=site) for article in articles)
    tombstones = snapshot.tombstones(of.selection, now, limit=site.entries)
    last_end = snapshot.last_end(of.selection, now)
    instants = [each.updated for each in chosen] + ([last_end] if last_end else [])
    return Feed(of, chosen, max(instants, default=EPOCH), tombstones)
