"""The pages that people read: a snapshot, an instant and what is meant in; a page out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc import pages
from feedsvc.errors import Moved
from feedsvc.publication import spans, views
from feedsvc.publication.answers import HTML, PAGE_HEADERS, lifetime
from feedsvc.publication.documents import document
from feedsvc.text.links import quoted

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.model import Channel, Document
    from feedsvc.publication.documents import Notice


def listing(snapshot: Snapshot, now: int, of: Channel, *, before: str | None = None) -> Document:
    """A channel's list: its newest articles, or those behind the one with a slug."""
    body = pages.list_page(views.list_view(snapshot, of, now, before=before))
    return document(HTML, body, lifetime=lifetime(snapshot, of, now), headers=PAGE_HEADERS)


def article(snapshot: Snapshot, now: int, *, slug: str) -> Document:
    """An article's page."""
    try:
        found = snapshot.article(slug, now)
    except Moved as moved:
        raise Moved(page(snapshot, moved.location)) from None
    body = pages.article_page(views.article_view(snapshot, found, now))
    return document(HTML, body, lifetime=lifetime(snapshot, "", now), headers=PAGE_HEADERS)


def period(snapshot: Snapshot, now: int, *, period: str, before: str | None = None) -> Document:
    """The list of a year or a month: its newest articles, or those behind the one with a slug."""
    found = spans.year_or_month(snapshot, period.replace("/", "-"), now)
    body = pages.period_page(views.period_view(snapshot, found, now, before=before))
    return document(HTML, body, lifetime=lifetime(snapshot, "", now), headers=PAGE_HEADERS)


def period_without_slash(snapshot: Snapshot, now: int, *, period: str) -> Document:
    """Where the list of a year or a month is."""
    raise Moved(spans.address(snapshot, spans.year_or_month(snapshot, period.replace("/", "-"), now).name))


def notice(snapshot: Snapshot, now: int, of: Notice) -> Document:
    """The page that says why nothing is at an address."""
    body = pages.message_page(views.notice_view(snapshot, of, now))
    return document(HTML, body, lifetime=lifetime(snapshot, "", now), headers=PAGE_HEADERS)


def page(snapshot: Snapshot, slug: str) -> str:
    """The absolute URL of an article's page."""
    return f"{snapshot.site.base_url}articles/{quoted(slug)}"
