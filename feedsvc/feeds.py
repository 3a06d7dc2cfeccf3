"""Selection: a snapshot, a channel's name and an instant in; the channel and its newest entries out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from feedsvc import entries
from feedsvc.catalog import Place
from feedsvc.config import ChannelSettings
from feedsvc.errors import Gone, NotFound
from feedsvc.model import Channel, Entry, Feed, History, Image, Person, Selection
from feedsvc.podcast import Podcast
from feedsvc.presentation import presented
from feedsvc.text import periods
from feedsvc.text.ids import channel_urn
from feedsvc.text.links import URL_SAFE, from_top, media_path, quoted
from feedsvc.text.media_types import media_type
from feedsvc.text.subjects import CHANNELS, KINDS, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from feedsvc.catalog import Dated, Snapshot
    from feedsvc.config import Site
    from feedsvc.filters import Filter
    from feedsvc.model import Article, Tombstone

# When a feed in which there never was anything was updated. What is before 1990, validators take for a mistake.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_SUBSCRIPTION = History()

# An entry is made once for all channels and formats it is in; so many are kept, of some 15 kB each.
entry = lru_cache(maxsize=1024)(entries.entry)


def channel(snapshot: Snapshot, name: str, now: int) -> Channel:
    """A public channel by its name.

    Raises:
        NotFound: where it never showed anything, is not in the settings, or is private.
        Gone: where the settings had it once.
    """
    settings = snapshot.site.settings_of(name)
    if not name.startswith(f"{CHANNELS}/"):
        return _channel(snapshot, name, snapshot.term(name, now), settings or ChannelSettings(name=name))
    if settings is None or settings.private:
        if settings is None and snapshot.was_shown(name, now):
            raise Gone(f"the channel {name} has ended")
        raise NotFound(f"there is no channel {name}")
    return _channel(snapshot, name, settings.title or name.partition("/")[2], settings)


def public_channels(snapshot: Snapshot, now: int) -> tuple[Channel, ...]:
    """All that anybody can subscribe to: the main channels, and of the others those with an article that shows."""
    shown = [each for each in snapshot.contents.channels(now) if each[1].partition("/")[0] in KINDS]
    return (*main_channels(snapshot, now), *_channels(snapshot, shown))


def main_channels(snapshot: Snapshot, now: int) -> tuple[Channel, ...]:
    """The site, and the channels that only the settings name, whatever they show; none that is private or has ended."""
    named = (each for each in snapshot.site.channels if each.is_named and not each.private)
    going_on = (each for each in named if each.ended_at is None or each.ended_at > now)
    terms = ((each.title or each.name.partition("/")[2], each.name) for each in going_on)
    return _channels(snapshot, [("", ""), *terms])


def _channels(snapshot: Snapshot, found: Sequence[tuple[str, str]]) -> tuple[Channel, ...]:
    """Channels by their terms and names."""
    settings = {each.name: each for each in snapshot.site.channels}
    return tuple(
        _channel(snapshot, name, term, settings.get(name) or ChannelSettings(name=name)) for term, name in found
    )


def private_channel(snapshot: Snapshot, name: str, *, top: str) -> Channel:
    """A private channel, as it is at each of the addresses of those who may read it.

    Args:
        top: the relative reference to its list, from where it is shown.

    Raises:
        Gone: where it is no private one any more.
    """
    settings = snapshot.site.settings_of(name)
    if settings is None or not settings.private:
        raise Gone(f"the channel {name} is no private one any more")
    made = _channel(snapshot, name, settings.title or name.partition("/")[2], settings)
    return replace(made, top=top, is_private=True)


def filtered(snapshot: Snapshot, meant: Filter, now: int) -> Channel:
    """The channel of a filter; its name is the canonical query.

    Raises:
        NotFound: where it names a channel that never showed anything.
    """
    subject = _subject(meant, {name: snapshot.term(name, now) for name in meant.names})
    selection = Selection(meant.groups or (frozenset({""}),), meant.none)
    made = _channel(snapshot, meant.query, subject, ChannelSettings(name=meant.query))
    return replace(made, top=snapshot.site.base_url, query=f"?{meant.query}", selection=selection)


def _subject(meant: Filter, terms: Mapping[str, str]) -> str:
    """What a filter is about, such as `Harbour or Ferries, not Wind`."""
    groups = [" or ".join(terms[name] for name in sorted(group)) for group in meant.groups]
    is_plain = all(len(group) == 1 for group in meant.groups)
    stated = (" and " if is_plain else ", and ").join(groups)
    return ", ".join([*([stated] if stated else []), *(f"not {terms[name]}" for name in sorted(meant.none))])


def _channel(snapshot: Snapshot, name: str, term: str, settings: ChannelSettings) -> Channel:
    site = snapshot.site
    kind = name.partition("/")[0]
    return Channel(
        name=name,
        id=channel_urn(site.id_authority, name),
        title=settings.title or (f"{site.title}: {term}" if name else site.title),
        description=settings.description or (f"{term} – {site.description}" if name else site.description),
        top=site.base_url + quoted(f"{name}/" if name else ""),
        base_url=site.base_url,
        language=settings.language or (term if kind == LANGUAGES else site.language),
        author=Person(site.author),
        max_age=site.max_age,
        rights=settings.rights or site.rights or None,
        podcast=_podcast(snapshot) if site.podcast_category else None,
        selection=Selection(
            (frozenset({name}),),
            delay=settings.delay or 0,
            within=settings.within,
        ),
        term=(settings.title or term) if name else "",
        ends=settings.ended_at,
        logo=_logo(snapshot, settings.logo or site.logo),
        preset=settings.preset or "",
    )


def _podcast(snapshot: Snapshot) -> Podcast:
    site = snapshot.site
    return Podcast(
        category=tuple(part.strip() for part in site.podcast_category.split(">")),
        is_explicit=site.podcast_explicit,
        type=site.podcast_type,
        image=_shown(snapshot, site.podcast_image) if site.podcast_image else None,
        owner=site.podcast_owner or None,
    )


def _logo(snapshot: Snapshot, written: str) -> Image | None:
    if not written:
        return None
    address = from_top(written)
    stored = snapshot.media(address) if address else None
    type_ = media_type(address or urlsplit(written).path)
    if stored is None:
        return Image(_shown(snapshot, written), type_)
    return Image(_shown(snapshot, written), type_, stored.width, stored.height, stored.length)


def _shown(snapshot: Snapshot, written: str) -> str:
    """The absolute URL of a picture that the settings name: of a file of the content folder that with its digest."""
    site = snapshot.site
    address = from_top(written)
    stored = snapshot.media(address) if address else None
    if stored is not None:
        return site.base_url + media_path(address, stored.digest)
    return site.base_url + f"media/{quoted(address)}" if address else quote(written, safe=URL_SAFE)


def feed(snapshot: Snapshot, of: Channel, now: int) -> Feed:
    """The newest entries of a channel, those edited after their archive was closed, and what was taken back from it."""
    chosen, history = _chosen(snapshot, of, now)
    tombstones = snapshot.tombstones(of.selection, now, limit=_most(snapshot.site, of))
    last_end = snapshot.last_end(of.selection, now)
    return made(snapshot.site, of, chosen, tombstones, last_end=last_end, history=history)


def articles(snapshot: Snapshot, of: Channel, now: int) -> tuple[Article, ...]:
    """The articles whose entries a channel's feed holds, in its order."""
    return _chosen(snapshot, of, now)[0]


def has_archives(of: Channel) -> bool:
    """Whether a channel has archives: not one from which articles fall out as time goes by, and no filter."""
    return of.selection.within is None and not of.query


def made(  # noqa: PLR0913 - all that a feed is of
    site: Site,
    of: Channel,
    chosen: Iterable[Article],
    tombstones: tuple[Tombstone, ...],
    *,
    last_end: datetime | None,
    history: History = _SUBSCRIPTION,
) -> Feed:
    """The feed of some articles, in their order, as its channel presents them.

    Args:
        last_end: when an article that it showed was last taken back, or expired.
    """
    settings = _settings(site, of)
    written = (entry(article, site=site, content=settings.content) for article in chosen)
    entries_ = tuple(presented(each, of, settings, site) for each in written)
    instants = [each.updated for each in entries_] + ([last_end] if last_end else [])
    return Feed(of, entries_, max(instants, default=EPOCH), tombstones, history)


def farewell(snapshot: Snapshot, of: Channel) -> Feed:
    """The one entry that tells that there is no more to come; of a channel that has ended."""
    settings = snapshot.site.settings_of(of.name)
    words = (settings and settings.farewell) or "This feed has ended."
    at = datetime.fromtimestamp(of.ends or 0, UTC)
    last = Entry(
        id=f"{of.id}#ended",
        title=words,
        link=snapshot.site.base_url,
        page=snapshot.site.base_url,
        published=at,
        updated=at,
        summary=words,
        content=f"<p>{escape(words, quote=False)}</p>\n",
        authors=(of.author,),
    )
    return Feed(of, (last,), at)


def _chosen(snapshot: Snapshot, of: Channel, now: int) -> tuple[tuple[Article, ...], History]:
    """The articles of a channel's feed, in its order, and the archive that it leads to."""
    site, most = snapshot.site, _most(snapshot.site, of)
    if _settings(site, of).order == "updated":
        chosen = snapshot.last_updated(of.selection, now, limit=most)
        latest = snapshot.dated(of.selection, now).before(now + 1, only_shown=True) if has_archives(of) else None
        return chosen, History(older=None if latest is None else periods.at(latest, site.archive).name)
    chosen = snapshot.newest(of.selection, now, limit=most)
    if len(chosen) < most or not has_archives(of):
        return chosen, _SUBSCRIPTION
    again, older = _behind(snapshot.dated(of.selection, now), chosen[-1], site, most)
    return (*chosen, *again), History(older=older)


def _most(site: Site, of: Channel) -> int:
    return _settings(site, of).entries or site.entries


def _settings(site: Site, of: Channel) -> ChannelSettings:
    return site.settings_of(of.name) or ChannelSettings(name=of.name)


def _behind(dated: Dated, last: Article, site: Site, most: int) -> tuple[tuple[Article, ...], str | None]:
    """What the newest articles are not all of: those edited since, and the newest archive that holds still others.

    Args:
        last: the oldest of the newest ones.
        most: how many of those edited since, at most.
    """
    place = Place(int(last.published.timestamp()), last.id)
    # An edit from `place` on is later than the end of any period before this one.
    period = periods.at(place.published, site.archive)
    again = dated.edited(place.published, period.start, period.stop, behind=place, limit=most)
    shown = {article.id for article in again}
    others = (each for each in dated.behind(place, limit=len(again) + 1) if each.id not in shown)
    first = next(others, None)
    return again, None if first is None else periods.at(first.published, site.archive).name
