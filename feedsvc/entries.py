"""Entries: an article in; the same with its summary and content made, absolute and safe to show, out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from feedsvc.config import at
from feedsvc.media import Media
from feedsvc.model import Entry, Person
from feedsvc.text.excerpt import excerpt
from feedsvc.text.headings import below
from feedsvc.text.html import prose, sanitise
from feedsvc.text.links import URL_SAFE
from feedsvc.text.markup import render
from feedsvc.text.more import lead
from feedsvc.text.prose import read
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from feedsvc.config import Site
    from feedsvc.model import Article

# So many characters more than the excerpt may have are read, to see where its last sentence ends.
_MORE = 250


def entry(article: Article, *, site: Site, content: str | None = None) -> Entry:
    """Makes an article's entry: a function of the article and the settings, and of nothing else.

    Args:
        article: with its id minted.
        site: complete (`config.complete`).
        content: `full` or `summary`, where a channel says so; None for what the site says.
    """
    language, rights = site.language, site.rights
    site = at(site, article.address)
    page, is_public = page_of(article, site=site), not article.audience
    media = Media(article, page, site.base_url)
    written = render(article.source, article.markup)
    html = below(sanitise(written, media.absolute), article.title)
    teaser = lead(written)
    summary = _summary(article, below(sanitise(teaser, media.absolute), article.title) if teaser else html, site)
    if not is_public:  # it stands at many addresses: what leads to a part of it leads on from each of them
        html = html.replace(f'href="{page}#', 'href="#')
    if not html.strip():  # content may not be blank, and somebody may have written no more than a summary
        html = f"<p>{escape(summary, quote=False)}</p>\n"
    return Entry(
        id=article.id,
        title=clean(article.title),
        link=quote(article.link, safe=URL_SAFE) if article.link else page if is_public else None,
        page=page if is_public else page.removeprefix(site.base_url),
        published=article.published,
        updated=article.updated,
        summary=summary,
        content=media.sized(html) if (article.content or content or site.content) == "full" or not is_public else None,
        authors=article.authors or (Person(site.author),),
        categories=article.categories,
        image=media.image(html),
        language=None if (article.language or site.language) == language else article.language or site.language,
        enclosures=media.enclosures(html),
        rights=article.rights or (site.rights if site.rights != rights else None),
        is_public=is_public,
    )


def words(article: Article) -> tuple[str, str, str]:
    """What an article is found by: its title, an editor's summary, and its text as it is read, without markup."""
    html = sanitise(render(article.source, article.markup), lambda url: url)
    return article.title, article.summary or "", read(html)


def page_of(article: Article, *, site: Site) -> str:
    """The absolute URL of an article's page on this site."""
    return f"{site.base_url}articles/{quote(article.slug, safe='')}"


def _summary(article: Article, html: str, site: Site) -> str:
    editors = " ".join(clean(article.summary or "").split())
    if editors:
        return editors
    language = article.language or site.language
    length = article.excerpt_length or site.excerpt_length
    made = excerpt(prose(html, length + _MORE), length=length, language=language)
    return made or clean(article.title)
