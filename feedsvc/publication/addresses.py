"""What stands at which address: a snapshot and a path below the base URL in; the Document made for it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote, urlsplit

from feedsvc import feeds
from feedsvc.catalog import Names
from feedsvc.errors import Gone, Moved, NotFound
from feedsvc.formats import FORMATS
from feedsvc.model import Document
from feedsvc.publication import (
    archives,
    directory,
    files,
    filtered,
    headlines,
    redirects,
    searching,
    sitemap,
    sitepages,
    subscriptions,
    summary,
)
from feedsvc.publication.documents import Unwritten, Variant
from feedsvc.text.links import is_article, quoted
from feedsvc.text.subjects import CATEGORIES, CHANNELS, TAGS

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.config import Site
    from feedsvc.model import Channel

# Of a path to a file, so many of the last parts are looked at.
_MOST_PARTS = 8


def is_address(path: str, site: Site) -> bool:
    """Whether a path has the form of any address of ours, or leads to one."""
    return (
        path.startswith("static/")
        or is_article(path)
        or any(found.fullmatch(path) for found, _ in (*_OF_CHANNELS, *_ALONE))
        or redirects.of_other_systems(path) is not None
        or redirects.set_for(site, path) is not None
    )


def names(path: str, site: Site) -> Names | None:
    """What a path may mean; None where that cannot be told from the path alone."""
    if path.startswith("static/") or redirects.set_for(site, path) is not None:
        return None
    match = next(filter(None, (pattern.fullmatch(path) for pattern, _ in (*_OF_CHANNELS, *_ALONE))), None)
    found = match.groupdict() if match else {}
    slug = found.get("slug") or found.get("before")
    meant = redirects.of_other_systems(path)
    named = meant[0] if meant else found.get("channel", "").rstrip("/")
    if named.startswith(f"{CHANNELS}/"):
        return None  # one that is set is there before any article is
    if not slug and (match or meant) and not named and "address" not in found:
        return None  # the site's own list and feeds
    file = found.get("address")
    addresses = files.meant(file) if file else ()
    return Names(
        slugs=(slug,) if slug else (),
        addresses=(*addresses, *(_files(path) if is_article(path) else ())),
        # A category may be meant by a tag of that name.
        channels=(named, named.replace(f"{TAGS}/", f"{CATEGORIES}/", 1)) if named and not slug else (),
        aliases=_aliases(path, site),
    )


def _aliases(path: str, site: Site) -> tuple[str, str]:
    # Records say where their pages stood on the whole host, and a request's path is below the base URL.
    return path.strip("/"), (unquote(urlsplit(site.base_url).path) + path).strip("/")


def is_feed(path: str) -> bool:
    """Whether a path has the form of a feed's."""
    return _FEED.fullmatch(path) is not None


def document(snapshot: Snapshot, wanted: Variant, now: int) -> Document | Unwritten:
    """The document at an address that everybody may ask for.

    Raises:
        Unpublished: where there is none.
    """
    if wanted.query:
        return _addressed(snapshot, wanted, now)
    try:
        return _at_home(snapshot, wanted, now)
    except (NotFound, Gone):
        location = redirects.set_for(snapshot.site, wanted.path)
        location = location or _feed_of_other_systems(snapshot, wanted.path, now)
        if location is None:
            raise
    raise Moved(location)


def _feed_of_other_systems(snapshot: Snapshot, path: str, now: int) -> str | None:
    meant = redirects.of_other_systems(path)
    return meant and FORMATS[meant[1]].address(feeds.channel(snapshot, meant[0], now))


def _at_home(snapshot: Snapshot, wanted: Variant, now: int) -> Document | Unwritten:
    path = wanted.path
    try:
        return _addressed(snapshot, wanted, now)
    except NotFound:
        if is_article(path):
            raise Moved(sitepages.page(snapshot, snapshot.filed_at(_files(path), now))) from None
        slug = snapshot.moved_to(_aliases(path, snapshot.site), now)
    raise Moved(sitepages.page(snapshot, slug))


def _files(path: str) -> list[str]:
    """The addresses that a path of a file may mean, the likeliest first.

    The top of the site that it was written for may be above the content folder, or be a folder in it.
    """
    if path.startswith("media/"):
        return [path]
    parts = path.split("/")
    above = ["/".join(parts[start:]) for start in range(1, len(parts))]
    return [path, f"content/{path}", *above[-_MOST_PARTS:]]


def _addressed(snapshot: Snapshot, wanted: Variant, now: int) -> Document | Unwritten:
    for pattern, make in _PAGES_OF_FEEDS if wanted.is_page else _OF_CHANNELS:
        if match := pattern.fullmatch(wanted.path):
            name, more = match["channel"].removesuffix("/"), match.groupdict()
            del more["channel"]
            of = _channel(snapshot, name, now, wanted)
            if of.ends is not None and of.ends <= now:
                last = subscriptions.farewell(snapshot, of, more.get("filename"))
                raise Gone(f"the channel {name} has ended", instead=last)
            return make(snapshot, now, of, **more)
    for pattern, make in _ALONE:
        if match := pattern.fullmatch(wanted.path):
            return make(snapshot, now, **match.groupdict())
    raise NotFound(f"nothing is published at /{wanted.path}")


def _channel(snapshot: Snapshot, name: str, now: int, wanted: Variant) -> Channel:
    """The channel at an address.

    Raises:
        Moved: where it has another name now; to the same below that one.
    """
    if wanted.query:
        return feeds.filtered(snapshot, filtered.of(wanted.query), now)
    present = snapshot.site.renamed(name) or _category_for(snapshot, name, now)
    if present:
        raise Moved(snapshot.site.base_url + quoted(present + wanted.path.removeprefix(name)))
    return feeds.channel(snapshot, name, now)


def _category_for(snapshot: Snapshot, name: str, now: int) -> str:
    """The category that people mean by a tag of that name which no article has; empty for none."""
    kind, _, slug = name.partition("/")
    category = f"{CATEGORIES}/{slug}"
    if kind == TAGS and not snapshot.shows(name, now) and snapshot.shows(category, now):
        return category
    return ""


def _channel_without_slash(snapshot: Snapshot, now: int, *, channel: str) -> Document:
    raise Moved(_channel(snapshot, channel, now, Variant(channel)).link)


_Routes: TypeAlias = tuple[tuple[re.Pattern[str], Callable[..., Document | Unwritten]], ...]

# A section is a folder, and may have others in it; `slugs` sees to it that none is called as what stands in a channel.
_SECTION = r"sections(?:/(?!(?:before|archive)/)[^/]+)+"
_NAMED = rf"(?:tags|categories|authors|languages|channels)/[^/]+|{_SECTION}"
_CHANNEL = rf"(?P<channel>(?:(?:{_NAMED})/)?)"
_FILE = rf"(?P<filename>{'|'.join(map(re.escape, FORMATS))})"
_FEED = re.compile(rf"{_CHANNEL}{_FILE}")
_OF_CHANNELS: _Routes = (
    (re.compile(_CHANNEL), sitepages.listing),
    (re.compile(rf"{_CHANNEL}before/(?P<before>[^/]+)"), sitepages.listing),
    (_FEED, subscriptions.feed),
    (re.compile(rf"{_CHANNEL}archive/(?P<period>[0-9]{{4}}(?:-[0-9]{{2}}){{0,2}})/{_FILE}"), archives.archive),
)
_PERIOD = r"(?P<period>[0-9]{4}(?:/[0-9]{2})?)"
_PAGES_OF_FEEDS: _Routes = ((_FEED, subscriptions.page_of_feed),)
_ALONE: _Routes = (
    (re.compile(r"articles/(?P<slug>[^/]+)"), sitepages.article),
    (re.compile(r"media/(?P<address>.+)"), files.media),
    (re.compile(rf"{_PERIOD}/"), sitepages.period),
    (re.compile(rf"{_PERIOD}/before/(?P<before>[^/]+)"), sitepages.period),
    (re.compile(_PERIOD), sitepages.period_without_slash),
    (re.compile(rf"(?P<channel>{_NAMED})"), _channel_without_slash),
    (re.compile(searching.PATH), searching.page),
    (re.compile(re.escape(searching.DESCRIPTION)), searching.description),
    (re.compile(r"feeds"), directory.page),
    (re.compile(r"feeds\.opml"), directory.opml),
    (re.compile(rf"embed/(?P<channel>(?:{_NAMED})?)"), headlines.headlines),
    (re.compile(r"robots\.txt"), sitemap.robots),
    (re.compile(r"sitemap\.xml"), sitemap.index),
    (re.compile(re.escape(sitemap.NEWS)), sitemap.news),
    (re.compile(rf"sitemap-{sitemap.MONTH}\.xml"), sitemap.part),
    (re.compile(r"llms\.txt"), summary.llms),
)
