"""Selection: a snapshot, a channel's name and an instant in; the channel and its newest entries out."""

from __future__ import annotations

from dataclasses import replace
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
    from collections.abc import Mapping

    from feedsvc.catalog import Snapshot
    from feedsvc.filters import Filter

EPOCH = datetime.fromtimestamp(0, UTC)

# An entry is made once for all channels and formats it is in; so many are kept, of some 15 kB each.
entry = lru_cache(maxsize=1024)(entries.entry)


def channel(snapshot: Snapshot, name: str, now: int) -> Channel:
    """A channel by its name.

    Raises:
        NotFound: where it never showed anything.
    """
    term = snapshot.term(name, now)
    top = snapshot.site.base_url + quoted(f"{name}/" if name else "")
    return _channel(snapshot, name, term, top=top, selection=Selection.of(name))


def filtered(snapshot: Snapshot, meant: Filter, now: int) -> Channel:
    """The channel of a filter; its name is the canonical query.

    Raises:
        NotFound: where it names a channel that never showed anything.
    """
    subject = _subject(meant, {name: snapshot.term(name, now) for name in meant.names})
    selection = Selection(meant.groups or (frozenset({""}),), meant.none)
    made = _channel(snapshot, meant.query, subject, top=snapshot.site.base_url, selection=selection)
    return replace(made, query=f"?{meant.query}")


def _subject(meant: Filter, terms: Mapping[str, str]) -> str:
    """What a filter is about, such as `Harbour or Ferries, not Wind`."""
    groups = [" or ".join(terms[name] for name in sorted(group)) for group in meant.groups]
    is_plain = all(len(group) == 1 for group in meant.groups)
    stated = (" and " if is_plain else ", and ").join(groups)
    return ", ".join([*([stated] if stated else []), *(f"not {terms[name]}" for name in sorted(meant.none))])


def _channel(snapshot: Snapshot, name: str, subject: str, *, top: str, selection: Selection) -> Channel:
    site = snapshot.site
    return Channel(
        name=name,
        selection=selection,
        id=channel_urn(site.id_authority, name),
        title=f"{site.title}: {subject}" if name else site.title,
        description=f"{subject} – {site.description}" if name else site.description,
        top=top,
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
    instants = [each.updated for each in chosen] + [each.when for each in tombstones]
    return Feed(of, chosen, max(instants, default=EPOCH), tombstones)
