"""Whether the templates of a site can be used: a snapshot and an instant in; what is wrong when pages are made, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc import feeds
from feedsvc.formats import FORMATS
from feedsvc.publication import directory, looks, searching, sitepages, subscriptions
from feedsvc.publication.documents import Notice

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.errors import Fault

# Of so many articles the pages are made: one has what another one lacks.
_ARTICLES = 25


def faults(snapshot: Snapshot, now: int) -> tuple[Fault, ...]:
    """What is wrong with the templates of a site, as pages of each kind show."""
    look = looks.look(snapshot)
    if look.templates is None:
        return ()
    look.templates.is_silent = True  # whoever asks is told here
    of = feeds.channel(snapshot, "", now)
    sitepages.listing(snapshot, now, of)
    subscriptions.page_of_feed(snapshot, now, of, filename=next(iter(FORMATS)))
    directory.page(snapshot, now)
    for query in ("", "q=a"):
        searching.page(snapshot, now, query=query)
    for status in (404, 410):
        sitepages.notice(snapshot, now, Notice(status))
    newest = snapshot.newest(of.selection, now, limit=_ARTICLES)
    for article in newest:
        sitepages.article(snapshot, now, slug=article.slug)
    for name in {f"{article.published:%Y}" for article in newest}:
        sitepages.period(snapshot, now, period=name)
    return tuple(look.templates.faults)
