"""Entries: an article in; the same with its summary and content made, absolute and safe to show, out."""

from __future__ import annotations

import re
from functools import partial
from html import escape
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

from feedsvc.model import Entry, Image, Person
from feedsvc.text.excerpt import excerpt
from feedsvc.text.headings import below
from feedsvc.text.html import prose, sanitise
from feedsvc.text.links import quoted
from feedsvc.text.markup import render
from feedsvc.text.media_types import media_type
from feedsvc.text.more import lead
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from feedsvc.config import Site
    from feedsvc.model import Article

# Of the text that an excerpt is made of, in lengths of the excerpt: enough to see where its last sentence ends.
_READ = 4

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_URL_SAFE = "%/?#[]!$&'()*+,;=:@~"


def entry(article: Article, *, site: Site) -> Entry:
    """Makes an article's entry: a function of the article and the settings, and of nothing else.

    Args:
        article: with its id minted.
        site: complete (`config.complete`).
    """
    page = page_of(article, site=site)
    written = render(article.source, article.markup)
    rewrite = partial(_rewrite, article.address, page, site.base_url)
    html = below(sanitise(written, rewrite), article.title)
    teaser = lead(written)
    summary = _summary(article, below(sanitise(teaser, rewrite), article.title) if teaser else html, site)
    if not html.strip():  # content may not be blank, and somebody may have written no more than a summary
        html = f"<p>{escape(summary, quote=False)}</p>\n"
    return Entry(
        id=article.id,
        title=clean(article.title),
        link=quote(article.link, safe=_URL_SAFE) if article.link else page,
        page=page,
        published=article.published,
        updated=article.updated,
        summary=summary,
        content=html if site.content == "full" else None,
        authors=article.authors or (Person(site.author),),
        categories=article.categories,
        image=_image(article, page, site),
        language=None if article.language == site.language else article.language,
    )


def page_of(article: Article, *, site: Site) -> str:
    """The absolute URL of an article's page on this site."""
    return f"{site.base_url}articles/{quote(article.slug, safe='')}"


def _summary(article: Article, html: str, site: Site) -> str:
    editors = " ".join(clean(article.summary or "").split())
    if editors:
        return editors
    language = article.language or site.language
    made = excerpt(prose(html, _READ * site.excerpt_length), length=site.excerpt_length, language=language)
    return made or clean(article.title)


def _image(article: Article, page: str, site: Site) -> Image | None:
    if not article.image:
        return None
    written = clean(article.image)
    try:
        url = written if _SCHEME.match(written) else _rewrite(article.address, page, site.base_url, written)
        return Image(quote(url, safe=_URL_SAFE), media_type(unquote(urlsplit(url).path)))
    except ValueError:
        return None


def _rewrite(address: str, page: str, base_url: str, url: str) -> str:
    """A relative URL made absolute: a media file that stands beside the record, or what it is from the article's page.

    Raises:
        ValueError: when it is no URL.
    """
    parts = urlsplit(url)
    path = normpath(join(dirname(address), unquote(parts.path)))
    is_relative = not parts.netloc and parts.path[:1] not in {"", "/"}
    if not is_relative or not media_type(path) or path.startswith("../"):
        return urljoin(page, url)
    return urljoin(base_url, parts._replace(path=f"media/{quoted(path)}").geturl())
