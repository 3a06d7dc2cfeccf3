"""The pages that people read: a snapshot, an instant and what is meant in; a page out."""

from __future__ import annotations

from functools import partial
from operator import add
from typing import TYPE_CHECKING

from feedsvc import pages
from feedsvc.errors import Gone, Moved, NotFound
from feedsvc.publication import looks, spans, views
from feedsvc.publication.answers import HTML, lifetime
from feedsvc.publication.documents import document
from feedsvc.text.links import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.catalog import Snapshot
    from feedsvc.model import Channel, Document
    from feedsvc.publication.documents import Notice


def listing(snapshot: Snapshot, now: int, of: Channel, *, before: str | None = None) -> Document:
    """A channel's list: its newest articles, or those behind the one with a slug.

    Raises:
        Moved: where that has another slug now, or is in the channel no more.
    """
    try:
        view = views.list_view(snapshot, of, now, before=before)
    except NotFound:
        if before is None:
            raise
        raise _elsewhere(snapshot, before, now, of.address) from None
    body = pages.list_page(looks.dressed(view, snapshot))
    return document(HTML, body, lifetime=lifetime(snapshot, of, now), headers=looks.headers(snapshot))


def article(snapshot: Snapshot, now: int, *, slug: str) -> Document:
    """An article's page."""
    try:
        found = snapshot.article(slug, now)
    except Moved as moved:
        raise Moved(page(snapshot, moved.location)) from None
    body = pages.article_page(looks.dressed(views.article_view(snapshot, found, now), snapshot))
    return document(HTML, body, lifetime=lifetime(snapshot, "", now), headers=looks.headers(snapshot))


def period(snapshot: Snapshot, now: int, *, period: str, before: str | None = None) -> Document:
    """The list of a year or a month: its newest articles, or those behind the one with a slug.

    Raises:
        Moved: as `listing`.
    """
    found = spans.year_or_month(snapshot, period.replace("/", "-"), now)
    try:
        view = views.period_view(snapshot, found, now, before=before)
    except NotFound:
        if before is None:
            raise
        raise _elsewhere(snapshot, before, now, partial(add, spans.address(snapshot, found.name))) from None
    body = pages.period_page(looks.dressed(view, snapshot))
    return document(HTML, body, lifetime=lifetime(snapshot, "", now), headers=looks.headers(snapshot))


def _elsewhere(snapshot: Snapshot, before: str, now: int, address: Callable[[str], str]) -> Moved:
    """Where a list is gone through again that somebody had open, while the article it went on behind was changed.

    Args:
        address: makes the absolute URL of what stands at a path below the list.

    Raises:
        NotFound: where no article with the slug was ever shown.
    """
    try:
        snapshot.article(before, now)
    except Moved as moved:
        return Moved(address(f"before/{quoted(moved.location)}"))
    except Gone:
        pass  # what stood behind it is below the newest ones
    return Moved(address(""))


def period_without_slash(snapshot: Snapshot, now: int, *, period: str) -> Document:
    """Where the list of a year or a month is."""
    raise Moved(spans.address(snapshot, spans.year_or_month(snapshot, period.replace("/", "-"), now).name))


def notice(snapshot: Snapshot, now: int, of: Notice) -> Document:
    """The page that says why nothing is at an address."""
    body = pages.message_page(looks.dressed(views.notice_view(snapshot, of, now), snapshot))
    return document(HTML, body, lifetime=lifetime(snapshot, "", now), headers=looks.headers(snapshot))


def page(snapshot: Snapshot, slug: str) -> str:
    """The absolute URL of an article's page."""
    return f"{snapshot.site.base_url}articles/{quoted(slug)}"
