"""The page of the search: a query in; a key, and a snapshot and an instant with it, in; a page out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from feedsvc import feeds, pages
from feedsvc.catalog import MOST_FOUND
from feedsvc.errors import SearchError
from feedsvc.pages import SearchView
from feedsvc.publication import looks, views
from feedsvc.publication.answers import HTML, NOSNIFF, lifetime
from feedsvc.publication.documents import Variant, document
from feedsvc.text.search import sought
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.model import Document
    from feedsvc.publication.documents import Address

PATH, DESCRIPTION = "search", "opensearch.xml"
DESCRIPTION_TYPE = "application/opensearchdescription+xml; charset=utf-8"

# So many characters may be asked for.
LONGEST = 200

# What was put into the index since is found within so many seconds.
FRESH = 5

# OpenSearch 1.1 wants short names.
_SHORT = 16


def key_of(query: bytes) -> Address:
    """What the page is kept by that the query behind the path of the search asks for, however it is spelled.

    Raises:
        SearchError: where it is too long.
    """
    asked = dict(parse_qsl(query.decode("latin-1")))
    typed = " ".join(clean(asked.get("q", "")).split())
    if len(typed) > LONGEST:
        raise SearchError(f"A search has {LONGEST} characters at most. Fewer words find more.")
    return Variant(PATH, query=_written(typed, _number(asked.get("page", "")))) if typed else PATH


def page(snapshot: Snapshot, now: int, *, query: str = "") -> Document:
    """One page of what the query of a key finds; without one the form alone."""
    asked = dict(parse_qsl(query))
    typed, number = asked.get("q", ""), _number(asked.get("page", ""))
    site, search = snapshot.site, snapshot.search
    around = views.chrome(site, views.feed_links(snapshot, feeds.channel(snapshot, "", now), now))
    found = search.find(sought(typed), now) if typed else ()
    number = min(number, max(1, -(-len(found) // site.list_length)))  # behind the last page there is no other
    start, stop = (number - 1) * site.list_length, number * site.list_length
    shown = search.articles(found[start:stop]) if found[start:stop] else ()
    top = f"{site.base_url}{PATH}?"
    view = SearchView(
        chrome=around,
        query=typed,
        entries=tuple(views.whole(article, site, around) for article in shown),
        number=len(found),
        is_more=len(found) == MOST_FOUND,
        is_whole=not typed or search.is_whole,
        previous=top + _written(typed, number - 1) if number > 1 else None,
        next=top + _written(typed, number + 1) if len(found) > stop else None,
    )
    kept = lifetime(snapshot, "", now)
    if typed:  # no date tells when the index came to hold what is found
        soon = min(kept.good_until, now + FRESH)
        kept = replace(kept, good_until=soon, last_modified=None, max_age=min(kept.max_age, FRESH), stale=0)
    return document(
        HTML, pages.search_page(looks.dressed(view, snapshot)), lifetime=kept, headers=looks.headers(snapshot)
    )


def description(snapshot: Snapshot, now: int) -> Document:
    """How browsers ask the search (OpenSearch 1.1)."""
    site = snapshot.site
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(clean(site.title)[:_SHORT].strip())}</ShortName>\n"
        f"<Description>{escape(clean(site.title))}</Description>\n"
        f'<Url type="text/html" template="{escape(site.base_url)}{PATH}?q={{searchTerms}}"/>\n'
        "<InputEncoding>UTF-8</InputEncoding>\n</OpenSearchDescription>\n"
    )
    return document(DESCRIPTION_TYPE, body.encode(), lifetime=lifetime(snapshot, "", now), headers=(NOSNIFF,))


def _written(typed: str, number: int) -> str:
    return urlencode({"q": typed} | ({"page": str(number)} if number > 1 else {}))


def _number(written: str) -> int:
    """That of a page; the first for what is none."""
    is_one = written.isascii() and written.isdecimal() and 0 < len(written) <= len(str(MOST_FOUND))
    return min(max(int(written), 1), MOST_FOUND) if is_one else 1
