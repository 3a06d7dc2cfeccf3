"""Headlines of a channel for other sites: a snapshot, an instant and a channel's name in; a small page out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc import feeds, pages
from feedsvc.config import at
from feedsvc.entries import page_of
from feedsvc.errors import Gone, Moved
from feedsvc.pages import Headline, HeadlinesView
from feedsvc.publication import views
from feedsvc.publication.answers import HTML, NOSNIFF, OPEN, lifetime
from feedsvc.publication.documents import document
from feedsvc.text.excerpt import excerpt
from feedsvc.text.links import quoted
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.config import Site
    from feedsvc.model import Article, Channel, Document

# So many headlines are shown, each of so many characters at most, and the whole page has fewer bytes than this.
MOST, LONGEST, ROOM = 10, 120, 4096

# It loads nothing and runs nothing, and everybody may frame it.
_POLICY = (
    "Content-Security-Policy",
    f"default-src 'none'; style-src {pages.STYLE_SOURCE}; base-uri 'none'; form-action 'none'; frame-ancestors *",
)


def headlines(snapshot: Snapshot, now: int, *, channel: str) -> Document:
    """The page of a channel's latest headlines.

    Raises:
        Moved: where the channel has another name now.
        Unpublished: where there is none that everybody may read.
    """
    site = snapshot.site
    if present := site.renamed(channel):
        raise Moved(f"{site.base_url}embed/{quoted(present)}")
    of = feeds.channel(snapshot, channel, now)
    if of.ends is not None and of.ends <= now:
        raise Gone(f"the channel {channel} has ended")
    shown = [_headline(article, site) for article in snapshot.newest(of.selection, now, limit=MOST)]
    body = _fitting(_view(site, of), shown)
    return document(HTML, body, lifetime=lifetime(snapshot, of, now), headers=(_POLICY, OPEN, NOSNIFF))


def _view(site: Site, of: Channel) -> HeadlinesView:
    chrome = replace(views.chrome(site, ()), language=of.language)
    return HeadlinesView(chrome=chrome, title=_cut(of.title, of.language), link=of.link, headlines=())


def _fitting(view: HeadlinesView, shown: list[Headline]) -> bytes:
    """The page with as many headlines as there is room for."""
    body = pages.headlines_page(view)
    if len(body) >= ROOM:  # only what leads to the list can be that long
        view = replace(view, link="")
        body = pages.headlines_page(view)
    for headline in shown:
        more = replace(view, headlines=(*view.headlines, headline))
        longer = pages.headlines_page(more)
        if len(longer) < ROOM:
            view, body = more, longer
    return body


def _headline(article: Article, site: Site) -> Headline:
    language = article.language or at(site, article.address).language
    return Headline(_cut(article.title, language), page_of(article, site=site), article.published, language)


def _cut(title: str, language: str) -> str:
    return excerpt(clean(title), length=LONGEST, language=language)
