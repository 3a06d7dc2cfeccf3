"""Documents of private channels: an address of somebody's own in; the one document of all who have such an address out.

No document names the address that it is asked for at: so all who may read a channel share it, and it can be passed on,
kept and logged without giving away whose it was. Its links lead on from where it was found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc import archives, feeds, pages
from feedsvc.errors import Gone, Moved, NotFound, NotReady
from feedsvc.formats import FORMATS
from feedsvc.pages import ArticleView, FeedLink, FeedView, Link, ListView
from feedsvc.publication import looks, sitepages, subscriptions, views
from feedsvc.publication.answers import HTML, NOSNIFF, lifetime
from feedsvc.publication.documents import FOR_READERS, NEGOTIATED, Variant
from feedsvc.publication.documents import document as whole
from feedsvc.text.links import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.catalog import Keyring, Snapshot
    from feedsvc.config import Site
    from feedsvc.model import Article, Channel, Document, Entry, Lifetime

SEGMENT = "private"

# Whoever follows a link from here does not tell where from, and what finds its way to a search engine stays out of it.
HEADERS = (("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex, nofollow"))

_ADDRESS = re.compile(rf"{SEGMENT}/([^/]+)/(.*)", re.DOTALL)
_BEFORE = re.compile(r"before/([^/]+)")
_ARTICLE = re.compile(r"articles/([^/]+)")
_ARCHIVE = re.compile(rf"archive/([^/]+)/({'|'.join(map(re.escape, FORMATS))})")


def is_private(path: str) -> bool:
    """Whether what stands at a path below the base URL, if anything does, is not for everybody."""
    return path.lstrip("/").partition("/")[0] == SEGMENT


def key(path: str, keyring: Keyring | None, site: Site) -> Variant:
    """The key of the document that somebody asks for at an address of their own.

    Args:
        keyring: None where it is not known yet who has one.

    Raises:
        NotReady: likewise.
        NotFound: where the address is nobody's.
        Gone: where it was revoked, or the channel is no private one any more.
    """
    if keyring is None:
        raise NotReady("it is not known yet who has an address (ask again in a moment)")
    match = _ADDRESS.fullmatch(path)
    token = keyring.find(match[1]) if match else None
    if match is None or token is None:
        raise NotFound("this address is nobody's")
    name = site.renamed(token.channel) or token.channel
    settings = site.settings_of(name)
    if token.revoked is not None or settings is None or not settings.private:
        raise Gone("this address counts no more")
    return Variant(match[2], private=name)


def document(snapshot: Snapshot, wanted: Variant, now: int, *, negotiate: bool) -> Document:
    """The document of a private channel at a path below each of its addresses.

    Raises:
        Unpublished: where there is none.
    """
    path = wanted.path
    of = feeds.private_channel(snapshot, wanted.private, top="../" * path.count("/") or "./")
    archive = _ARCHIVE.fullmatch(path)
    if of.ends is not None and of.ends <= now:
        last = subscriptions.farewell(snapshot, of, archive[2] if archive else path if path in FORMATS else None)
        raise Gone("the channel has ended", instead=last)
    if path in FORMATS:
        made = _page_of_feed(snapshot, of, now, path) if wanted.is_page else _feed(snapshot, of, now, path)
        return replace(made, vary=NEGOTIATED) if negotiate else made
    if archive and not wanted.is_page:
        return _archive(snapshot, of, now, archive[1], archive[2])
    before, article = _BEFORE.fullmatch(path), _ARTICLE.fullmatch(path)
    if wanted.is_page or (path and not before and not article):
        raise NotFound("nothing is published there")
    if article:
        return _article(snapshot, of, now, article[1])
    return _page(
        snapshot, of, now, pages.list_page(looks.dressed(_list_view(snapshot, of, now, before and before[1]), snapshot))
    )


def _feed(snapshot: Snapshot, of: Channel, now: int, filename: str) -> Document:
    written = FORMATS[filename]
    body = written.render(feeds.feed(snapshot, of, now))
    return whole(written.media_type, body, lifetime=_lifetime(snapshot, of, now), headers=(NOSNIFF, *HEADERS))


def _archive(snapshot: Snapshot, of: Channel, now: int, period: str, filename: str) -> Document:
    written = FORMATS[filename]
    body = written.render(archives.feed(snapshot, archives.archive(snapshot, of, period, now), now))
    return whole(written.media_type, body, lifetime=_lifetime(snapshot, of, now), headers=(NOSNIFF, *HEADERS))


def _page_of_feed(snapshot: Snapshot, of: Channel, now: int, filename: str) -> Document:
    written = FORMATS[filename]
    view = FeedView(
        chrome=_chrome(snapshot.site, of),
        title=of.title,
        format=written.title,
        address="",
        source=f"{of.address(filename)}?{FOR_READERS}",
        list=of.link,
        others=tuple(Link(each.title, each.address(of)) for each in FORMATS.values() if each is not written),
        entries=_placed(feeds.feed(snapshot, of, now).entries[: snapshot.site.list_length], of),
    )
    return _page(snapshot, of, now, pages.feed_page(looks.dressed(view, snapshot)))


def _list_view(snapshot: Snapshot, of: Channel, now: int, before: str | None) -> ListView:
    site = snapshot.site
    place = None if before is None else snapshot.place_of(before, of.selection, now)
    articles = snapshot.newest(of.selection, now, limit=site.list_length + 1, before=place)
    shown = articles[: site.list_length]
    has_older = len(articles) > site.list_length
    return ListView(
        chrome=_chrome(site, of),
        title=of.title,
        heading=of.title,
        description=of.description,
        canonical="",
        entries=_entries(shown, site, of),
        older=of.address(f"before/{quoted(shown[-1].slug)}") if has_older else None,
        first=None if before is None else of.link,
    )


def _article(snapshot: Snapshot, of: Channel, now: int, slug: str) -> Document:
    """The page of an article that has no other one."""
    try:
        found = snapshot.article(slug, now, of=of.selection)
    except Moved as moved:
        raise Moved(f"./{quoted(moved.location)}") from None
    if not found.audience:
        raise Moved(sitepages.page(snapshot, found.slug))
    site = snapshot.site
    latest = snapshot.newest(of.selection, now, limit=site.latest_length + 1)
    others = tuple(other for other in latest if other.id != found.id)
    (entry,) = _entries((found,), site, of)
    view = ArticleView(
        chrome=_chrome(site, of),
        entry=views.laid_out(found, entry, site),
        back=of.link,
        authors=tuple(Link(author.name, author.uri or "") for author in views.named(entry, site)),
        latest=_entries(others[: site.latest_length], site, of),
    )
    return _page(snapshot, of, now, pages.article_page(looks.dressed(view, snapshot)))


def _chrome(site: Site, of: Channel) -> pages.Chrome:
    links = (FeedLink(of.title, each.title, each.type, each.address(of)) for each in FORMATS.values())
    return views.chrome(site, tuple(links))


def _entries(articles: Sequence[Article], site: Site, of: Channel) -> tuple[Entry, ...]:
    in_full = replace(site, content="full")
    return _placed([feeds.entry(article, site=in_full) for article in articles], of)


def _placed(entries: Sequence[Entry], of: Channel) -> tuple[Entry, ...]:
    """Entries for a page: the pages of those that have none for everybody stand below each subscriber's address."""
    return tuple(entry if entry.is_public else replace(entry, page=of.top + entry.page) for entry in entries)


def _page(snapshot: Snapshot, of: Channel, now: int, body: bytes) -> Document:
    return whole(HTML, body, lifetime=_lifetime(snapshot, of, now), headers=(*looks.headers(snapshot), *HEADERS))


def _lifetime(snapshot: Snapshot, of: Channel, now: int) -> Lifetime:
    found = lifetime(snapshot, of, now)
    # Before anything was in it, there is no instant at which it changed.
    return replace(found, last_modified=found.last_modified or None, is_private=True)
