"""All feeds of a site: a snapshot and an instant in; a page for people, and a file for feed readers, out."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc import feeds, pages
from feedsvc.formats import FORMATS
from feedsvc.pages import DirectoryView, Group, Link, Subscription, wording
from feedsvc.publication import answers, looks, views
from feedsvc.publication.answers import HTML, NOSNIFF, OPEN
from feedsvc.publication.documents import document
from feedsvc.text.dates import rfc822
from feedsvc.text.subjects import AUTHORS, CATEGORIES, CHANNELS, LANGUAGES, SECTIONS, TAGS
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.catalog import Snapshot
    from feedsvc.model import Channel, Document, Lifetime

PAGE, OPML = "feeds", "feeds.opml"
OPML_TYPE = "text/x-opml; charset=utf-8"

# In this order; the site's own comes before them all.
_KINDS = ("", CHANNELS, SECTIONS, CATEGORIES, TAGS, AUTHORS, LANGUAGES)


def page(snapshot: Snapshot, now: int) -> Document:
    """All feeds of the site, for people."""
    site = snapshot.site
    groups = tuple(
        Group(kind, tuple(Subscription(_called(of), of.link, _links(of)) for of in channels))
        for kind, channels in _grouped(snapshot, now)
    )
    chrome = views.chrome(site, views.feed_links(snapshot, feeds.channel(snapshot, "", now), now))
    view = DirectoryView(chrome=chrome, canonical=site.base_url + PAGE, opml=site.base_url + OPML, groups=groups)
    body = pages.directory_page(looks.dressed(view, snapshot))
    return document(HTML, body, lifetime=_lifetime(snapshot, now), headers=looks.headers(snapshot))


def opml(snapshot: Snapshot, now: int) -> Document:
    """All feeds of the site, for feed readers (OPML 2.0)."""
    lifetime = _lifetime(snapshot, now)
    words = wording(snapshot.site.language).words
    changed = rfc822(datetime.fromtimestamp(lifetime.last_modified or 0, UTC))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{_written(snapshot.site.title)}</title><dateModified>{changed}</dateModified></head>",
        "<body>",
    ]
    for kind, channels in _grouped(snapshot, now):
        outlines = list(map(_outline, channels))
        called = kind and _written(str(getattr(words, kind)))
        lines += [f'<outline text="{called}">', *outlines, "</outline>"] if kind else outlines
    body = "\n".join([*lines, "</body>", "</opml>", ""])
    return document(OPML_TYPE, body.encode(), lifetime=lifetime, headers=(OPEN, NOSNIFF))


def _grouped(snapshot: Snapshot, now: int) -> Iterator[tuple[str, list[Channel]]]:
    places = {kind: place for place, kind in enumerate(_KINDS)}
    channels = sorted(feeds.public_channels(snapshot, now), key=lambda of: places[_kind(of)])
    for kind, found in groupby(channels, _kind):
        yield kind, list(found)


def _kind(of: Channel) -> str:
    return of.name.partition("/")[0]


def _called(of: Channel) -> str:
    """What a channel is called: languages by their own names."""
    term = of.term or of.title
    return clean(wording(of.language).called(term) if _kind(of) == LANGUAGES else term)


def _links(of: Channel) -> tuple[Link, ...]:
    return tuple(Link(written.title, written.address(of)) for written in FORMATS.values())


def _outline(of: Channel) -> str:
    title, address = _written(of.title), FORMATS["rss.xml"].address(of)
    places = f'xmlUrl="{_written(address)}" htmlUrl="{_written(of.link)}"'
    return f'<outline type="rss" text="{title}" title="{title}" {places}/>'


def _written(text: str) -> str:
    return escape(clean(text))


def _lifetime(snapshot: Snapshot, now: int) -> Lifetime:
    """That of the site's list, until one of the settings' channels ends."""
    found = answers.lifetime(snapshot, "", now)
    ends = [each.ended_at for each in snapshot.site.channels if not each.private and each.ended_at is not None]
    return replace(
        found,
        good_until=min([found.good_until, *(end for end in ends if end > now)]),
        last_modified=max([found.last_modified or 0, *(end for end in ends if end <= now)]),
    )
