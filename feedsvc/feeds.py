"""Selection: a snapshot, a channel's name and an instant in; the channel and its newest entries out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from feedsvc import entries
from feedsvc.catalog import Place
from feedsvc.model import Channel, Feed, History, Person, Selection
from feedsvc.podcast import Podcast
from feedsvc.text import periods
from feedsvc.text.ids import channel_urn
from feedsvc.text.links import URL_SAFE, from_top, media_path, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedsvc.catalog import Snapshot
    from feedsvc.config import Site
    from feedsvc.model import Article, Tombstone

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
    """The newest entries of a channel, those edited after their archive was closed, and what was taken back from it."""
    site = snapshot.site
    newest = snapshot.newest(of.selection, now, limit=site.entries)
    again, older = _behind(snapshot, of, newest[-1], now) if len(newest) == site.entries else ((), None)
    tombstones = snapshot.tombstones(of.selection, now, limit=site.entries)
    return made(of, (*newest, *again), tombstones, site=site, history=History(older=older))


def made(
    of: Channel, articles: Iterable[Article], tombstones: tuple[Tombstone, ...], *, site: Site, history: History
) -> Feed:
    """The feed of some articles, in their order."""
    chosen = tuple(entry(article, site=site) for article in articles)
    instants = [each.updated for each in chosen] + [each.when for each in tombstones]
    return Feed(of, chosen, max(instants, default=EPOCH), tombstones, history)


def _behind(snapshot: Snapshot, of: Channel, last: Article, now: int) -> tuple[tuple[Article, ...], str | None]:
    """What the newest articles are not all of: those edited since, and the newest archive that holds still others.

    Args:
        last: the oldest of the newest ones.
    """
    site, dated = snapshot.site, snapshot.dated(of.selection, now)
    place = Place(int(last.published.timestamp()), last.id)
    # An edit from `place` on is later than the end of any period before this one.
    period = periods.at(place.published, site.archive)
    again = dated.edited(place.published, period.start, period.stop, behind=place, limit=site.entries)
    shown = {article.id for article in again}
    others = (each for each in dated.behind(place, limit=len(again) + 1) if each.id not in shown)
    first = next(others, None)
    return again, None if first is None else periods.at(first.published, site.archive).name
