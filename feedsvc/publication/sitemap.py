"""What search engines find a site by: a snapshot and an instant in; a sitemap in parts, and where it is, out.

A part holds a month's pages (https://www.sitemaps.org/protocol.html), so that what was published long ago need not be
read again for what is new. It stands beside the index and not in a folder: a sitemap counts for what is in its own
folder, and below.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from feedsvc.config import at
from feedsvc.entries import page_of
from feedsvc.errors import NotFound
from feedsvc.model import Lifetime, Selection
from feedsvc.publication.answers import NOSNIFF, lifetime
from feedsvc.publication.documents import document
from feedsvc.text.dates import rfc3339
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from feedsvc.catalog import Snapshot
    from feedsvc.model import Document

# So many pages may stand in one part, and so many parts in an index.
MOST = 50_000

MONTH = r"(?P<month>(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2]))(?:-(?P<number>[2-9]|[1-9][0-9]{1,3}))?"
"""What a part is called by: a month, and of one with more pages than a part may hold also a number, from 2 on."""

INDEX, NEWS, ROBOTS = "sitemap.xml", "sitemap-news.xml", "robots.txt"
XML, TEXT = "application/xml; charset=utf-8", "text/plain; charset=utf-8"

# News are so many seconds old, and so many at most.
_NEW, _MOST_NEW = 172_800, 1000

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def index(snapshot: Snapshot, now: int) -> Document:
    """The parts of the sitemap, the latest month first."""
    parts = [
        (f"{snapshot.site.base_url}sitemap-{month.name}{f'-{number}' if number > 1 else ''}.xml", month.updated)
        for month in snapshot.contents.months(now)
        for number in range(1, -(-month.pages // MOST) + 1)
    ]
    return _sitemap(snapshot, now, "sitemapindex", "sitemap", parts[:MOST])


def part(snapshot: Snapshot, now: int, *, month: str, number: str | None) -> Document:
    """The pages of a month.

    Raises:
        NotFound: where it has none.
    """
    skipped = (int(number or 1) - 1) * MOST
    found = snapshot.contents.pages(month, now, most=MOST, skipped=skipped)
    if not found:
        raise NotFound(f"there is no such part of the sitemap: {month}")
    # As the pages themselves write their canonical addresses.
    top = f"{snapshot.site.base_url}articles/"
    pages = ((top + quote(slug, safe=""), updated) for slug, updated in found)
    return _sitemap(snapshot, now, "urlset", "url", pages)


def news(snapshot: Snapshot, now: int) -> Document:
    """The pages of the last two days, as search engines for news want them.

    Source: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
    """
    site, selection = snapshot.site, Selection((frozenset({""}),), within=_NEW)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<urlset xmlns="{_NAMESPACE}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">',
    ]
    for article in snapshot.newest(selection, now, limit=_MOST_NEW):
        if article.link is None:
            language = _told(article.language or at(site, article.address).language)
            lines += [
                f"<url><loc>{escape(page_of(article, site=site))}</loc><news:news>",
                f"<news:publication><news:name>{escape(clean(site.title))}</news:name>",
                f"<news:language>{language}</news:language></news:publication>",
                f"<news:publication_date>{rfc3339(article.published)}</news:publication_date>",
                f"<news:title>{escape(clean(article.title))}</news:title></news:news></url>",
            ]
    body = "\n".join([*lines, "</urlset>", ""])
    return document(XML, body.encode(), lifetime=lifetime(snapshot, selection, now), headers=(NOSNIFF,))


def _told(language: str) -> str:
    """A language as it is told there: its code of two or three letters, but for the two ways to write Chinese."""
    first, *more = language.lower().split("-")
    if first != "zh":
        return first
    return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(more) else "zh-cn"


def robots(snapshot: Snapshot, _now: int) -> Document:
    """That everybody may read everything but what a search finds, and where the sitemap is (RFC 9309)."""
    site = snapshot.site
    body = f"User-agent: *\nDisallow: {urlsplit(site.base_url).path}search?\n\nSitemap: {site.base_url}{INDEX}\n"
    body += f"Sitemap: {site.base_url}{NEWS}\n"
    standing = Lifetime(channels=frozenset({""}), max_age=site.max_age, stale=site.stale)
    return document(TEXT, body.encode(), lifetime=standing, headers=(NOSNIFF,))


def _sitemap(snapshot: Snapshot, now: int, root: str, each: str, found: Iterable[tuple[str, datetime]]) -> Document:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">']
    lines += (
        f"<{each}><loc>{escape(address)}</loc><lastmod>{rfc3339(updated)}</lastmod></{each}>"
        for address, updated in found
    )
    body = "\n".join([*lines, f"</{root}>", ""])
    return document(XML, body.encode(), lifetime=lifetime(snapshot, "", now), headers=(NOSNIFF,))
