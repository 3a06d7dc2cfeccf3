"""What stands at which address: a path below the base URL in; the Document made for it out."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from feedsvc import feeds, pages
from feedsvc.catalog import Names
from feedsvc.errors import Gone, Moved, NotFound
from feedsvc.formats import FORMATS
from feedsvc.model import Lifetime
from feedsvc.publication import redirects, views
from feedsvc.publication.documents import IN_PARTS, NEGOTIATED, ForPeople, Place, document, file_document
from feedsvc.text.links import is_article, media_path, quoted, without_digest
from feedsvc.text.media_types import UNKNOWN, is_recording, media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from feedsvc.catalog import Catalog, Snapshot, Stored
    from feedsvc.config import Site
    from feedsvc.model import Document
    from feedsvc.publication.documents import Key

HTML = "text/html; charset=utf-8"
YEAR = 31_536_000

# Of a path to a file, so many of the last parts are looked at.
_MOST_PARTS = 8

_NOSNIFF = ("X-Content-Type-Options", "nosniff")
_OPEN = ("Access-Control-Allow-Origin", "*")
# What scripts of other sites may read of a feed's head, beside what they may read of any.
_READABLE = ("Access-Control-Expose-Headers", "ETag, Link")
# A page loads its own style and pictures from anywhere, and nothing else; a picture opened by itself runs nothing.
_PAGE_POLICY = (
    "Content-Security-Policy",
    "default-src 'none'; style-src 'self'; img-src * data:; media-src *; base-uri 'none'; form-action 'self'",
)
_PAGE_HEADERS = (_PAGE_POLICY, _NOSNIFF)
_MEDIA_POLICY = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")


@dataclass(frozen=True, slots=True)
class Made:
    """A document, with what it was made from.

    Attributes:
        revision: the number of the catalog's revision; 0 for what does not depend on any.
        site: the settings, None likewise.
    """

    document: Document
    revision: int
    site: Site | None


def made(catalog: Catalog, key: Key, clock: Callable[[], float], *, negotiate: bool = True) -> Made:
    """Makes the document of a key, from one state of the catalog.

    Args:
        negotiate: whether there is a page for people at the addresses of feeds.

    Raises:
        Unpublished: where there is none.
    """
    if isinstance(key, str) and key.startswith("static/"):
        return Made(_static(key.removeprefix("static/")), 0, None)
    with catalog.snapshot() as snapshot:
        # The clock is read when the snapshot stands: so `now` is never before the revision that it sees.
        found = _keyed(snapshot, key, int(clock()), negotiate=negotiate)
        return Made(found, snapshot.revision.number, snapshot.site)


def made_again(
    catalog: Catalog, keys: Sequence[Key], clock: Callable[[], float], seconds: float, *, negotiate: bool = True
) -> dict[Key, Document]:
    """Makes documents from one state of the catalog, as many as go into some seconds.

    One that cannot be made is left out: who asks for it next is told why.
    """
    found: dict[Key, Document] = {}
    if not keys:
        return found
    until = time.monotonic() + seconds
    with suppress(Exception), catalog.snapshot() as snapshot:
        now = int(clock())
        for key in keys:
            if time.monotonic() >= until:
                break
            with suppress(Exception):
                found[key] = _keyed(snapshot, key, now, negotiate=negotiate)
    return found


def _keyed(snapshot: Snapshot, key: Key, now: int, *, negotiate: bool) -> Document:
    found = _page_of_feed(snapshot, now, key.path) if isinstance(key, ForPeople) else _document(snapshot, key, now)
    is_negotiated = negotiate and (isinstance(key, ForPeople) or _FEED.fullmatch(key))
    return replace(found, vary=NEGOTIATED) if is_negotiated else found


def is_address(path: str, site: Site) -> bool:
    """Whether a path has the form of any address of ours, or leads to one."""
    return (
        path.startswith("static/")
        or is_article(path)
        or any(found.fullmatch(path) for found, _ in _ADDRESSES)
        or redirects.of_other_systems(path) is not None
        or redirects.set_for(site, path) is not None
    )


def names(path: str, site: Site) -> Names | None:
    """What a path may mean; None where that cannot be told from the path alone."""
    if path.startswith("static/") or redirects.set_for(site, path) is not None:
        return None
    match = next(filter(None, (pattern.fullmatch(path) for pattern, _ in _ADDRESSES)), None)
    found = match.groupdict() if match else {}
    slug = found.get("slug") or found.get("before")
    meant = redirects.of_other_systems(path)
    named = meant[0] if meant else found.get("channel", "").rstrip("/")
    if not slug and (match or meant) and not named and "address" not in found:
        return None  # the site's own list and feeds
    file = found.get("address")
    addresses = [*([file] if file else []), *((without_digest(file) or ())[:1] if file else ())]
    return Names(
        slugs=(slug,) if slug else (),
        addresses=(*addresses, *(_files(path) if is_article(path) else ())),
        channels=(named,) if named and not slug else (),
        aliases=_aliases(path, site),
    )


def _aliases(path: str, site: Site) -> tuple[str, str]:
    # Records say where their pages stood on the whole host, and a request's path is below the base URL.
    return path.strip("/"), (unquote(urlsplit(site.base_url).path) + path).strip("/")


def _document(snapshot: Snapshot, path: str, now: int) -> Document:
    try:
        return _at_home(snapshot, path, now)
    except (NotFound, Gone):
        location = redirects.set_for(snapshot.site, path) or _feed_of_other_systems(snapshot, path, now)
        if location is None:
            raise
    raise Moved(location)


def _feed_of_other_systems(snapshot: Snapshot, path: str, now: int) -> str | None:
    meant = redirects.of_other_systems(path)
    return meant and FORMATS[meant[1]].address(feeds.channel(snapshot, meant[0], now))


def _at_home(snapshot: Snapshot, path: str, now: int) -> Document:
    try:
        return _addressed(snapshot, path, now)
    except NotFound:
        if is_article(path):
            raise Moved(_page(snapshot, snapshot.filed_at(_files(path), now))) from None
        slug = snapshot.moved_to(_aliases(path, snapshot.site), now)
    raise Moved(_page(snapshot, slug))


def _files(path: str) -> list[str]:
    """The addresses that a path of a file may mean, the likeliest first.

    The top of the site that it was written for may be above the content folder, or be a folder in it.
    """
    if path.startswith("media/"):
        return [path]
    parts = path.split("/")
    above = ["/".join(parts[start:]) for start in range(1, len(parts))]
    return [path, f"content/{path}", *above[-_MOST_PARTS:]]


def _addressed(snapshot: Snapshot, path: str, now: int) -> Document:
    for pattern, make in _ADDRESSES:
        if match := pattern.fullmatch(path):
            return make(snapshot, now, **match.groupdict())
    raise NotFound(f"nothing is published at /{path}")


def _feed(snapshot: Snapshot, now: int, *, channel: str, filename: str) -> Document:
    of = feeds.channel(snapshot, channel.removesuffix("/"), now)
    written = FORMATS[filename]
    links = f'<{written.address(of)}>; rel="self", <{of.link}>; rel="alternate"; type="text/html"'
    body = written.render(feeds.feed(snapshot, of, now))
    headers = (("Link", links), _OPEN, _READABLE, _NOSNIFF)
    return document(written.media_type, body, lifetime=_lifetime(snapshot, of.name, now), headers=headers)


def _page_of_feed(snapshot: Snapshot, now: int, path: str) -> Document:
    """The page for people at the address of a feed: it may wait in a person's own cache, and in no other."""
    match = _FEED.fullmatch(path)
    if match is None:
        raise NotFound(f"there is no feed at /{path}")
    of = feeds.channel(snapshot, match["channel"].removesuffix("/"), now)
    body = pages.feed_page(views.feed_view(snapshot, of, FORMATS[match["filename"]], now))
    # A shared cache that does not look at Vary would hand it to readers.
    lifetime = replace(_lifetime(snapshot, of.name, now), is_private=True)
    return document(HTML, body, lifetime=lifetime, headers=_PAGE_HEADERS)


def _list(snapshot: Snapshot, now: int, *, channel: str, before: str | None = None) -> Document:
    of = feeds.channel(snapshot, channel.removesuffix("/"), now)
    body = pages.list_page(views.list_view(snapshot, of, now, before=before))
    return document(HTML, body, lifetime=_lifetime(snapshot, of.name, now), headers=_PAGE_HEADERS)


def _article(snapshot: Snapshot, now: int, *, slug: str) -> Document:
    try:
        article = snapshot.article(slug, now)
    except Moved as moved:
        raise Moved(_page(snapshot, moved.location)) from None
    body = pages.article_page(views.article_view(snapshot, article, now))
    return document(HTML, body, lifetime=_lifetime(snapshot, "", now), headers=_PAGE_HEADERS)


def _page(snapshot: Snapshot, slug: str) -> str:
    return f"{snapshot.site.base_url}articles/{quoted(slug)}"


def _channel_without_slash(snapshot: Snapshot, now: int, *, channel: str) -> Document:
    raise Moved(feeds.channel(snapshot, channel, now).link)


def _media(snapshot: Snapshot, _now: int, *, address: str) -> Document:
    file, stored, is_lasting = _media_file(snapshot, address)
    lifetime = Lifetime(
        channels=frozenset({snapshot.media_channel}),
        last_modified=snapshot.media_modified(),
        max_age=YEAR if is_lasting else snapshot.site.max_age,
        stale=0 if is_lasting else snapshot.site.stale,
    )
    type_ = media_type(file) or UNKNOWN
    headers = (_MEDIA_POLICY, _OPEN, _NOSNIFF, *([IN_PARTS] if is_recording(type_) else []))
    if not stored.is_outside:
        return document(type_, snapshot.media_body(file), lifetime=lifetime, headers=headers)
    place = Place(snapshot.folder, file, snapshot.media_mark(file), stored.length)
    return file_document(type_, stored.digest, place=place, lifetime=lifetime, headers=headers)


def _media_file(snapshot: Snapshot, address: str) -> tuple[str, Stored, bool]:
    """The file that is served at an address below `/media/`, and whether these bytes are it for good.

    A file whose own name looks like an address with a digest comes first.

    Raises:
        Moved: where the digest is not that of the file as it is now.
        NotFound: where there is no such file.
    """
    if (stored := snapshot.media(address)) is not None:
        return address, stored, False
    file, digest = without_digest(address) or ("", "")
    stored = snapshot.media(file)
    if stored is None:
        raise NotFound(f"there is no file {address}")
    if not stored.digest.startswith(digest):
        raise Moved(snapshot.site.base_url + media_path(file, stored.digest))
    return file, stored, True


def _static(name: str) -> Document:
    if name not in pages.STATIC:
        raise NotFound(f"nothing is published at /static/{name}")
    type_, body = pages.STATIC[name]
    return document(type_, body, lifetime=Lifetime(max_age=YEAR), headers=(_NOSNIFF,))


def _lifetime(snapshot: Snapshot, name: str, now: int) -> Lifetime:
    """A document of a channel is good while the channel shows the same."""
    times = snapshot.times(name, now)
    return Lifetime(
        channels=frozenset({name}),
        good_until=times.next_change,
        kept_until=times.next_loss,
        last_modified=times.last_modified,
        max_age=snapshot.site.max_age,
        stale=snapshot.site.stale,
    )


_CHANNEL = r"(?P<channel>(?:tags/[^/]+/)?)"
_FEED = re.compile(rf"{_CHANNEL}(?P<filename>{'|'.join(map(re.escape, FORMATS))})")
_ADDRESSES: tuple[tuple[re.Pattern[str], Callable[..., Document]], ...] = (
    (re.compile(_CHANNEL), _list),
    (re.compile(rf"{_CHANNEL}before/(?P<before>[^/]+)"), _list),
    (_FEED, _feed),
    (re.compile(r"articles/(?P<slug>[^/]+)"), _article),
    (re.compile(r"media/(?P<address>.+)"), _media),
    (re.compile(r"(?P<channel>tags/[^/]+)"), _channel_without_slash),
)
