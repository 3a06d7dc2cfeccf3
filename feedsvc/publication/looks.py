"""The look of a site: a snapshot in; its style sheet and pictures, and what its pages have around them, out."""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlsplit

import nh3
from markupsafe import Markup
from msgspec.structs import replace

from feedsvc import pages
from feedsvc.catalog.channels import MEDIA
from feedsvc.errors import Moved, NotFound
from feedsvc.model import Image, Lifetime
from feedsvc.pages import Link, Look, Shades
from feedsvc.publication.answers import FEED_PAGE_HEADERS, NOSNIFF, PAGE_HEADERS, YEAR
from feedsvc.publication.documents import document
from feedsvc.text.links import from_top, media_path
from feedsvc.text.markup import render
from feedsvc.text.media_types import media_type
from feedsvc.themes import Theme

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot
    from feedsvc.config import Site
    from feedsvc.model import Document

View = TypeVar(
    "View",
    pages.ListView,
    pages.ArticleView,
    pages.FeedView,
    pages.PeriodView,
    pages.DirectoryView,
    pages.MessageView,
    pages.SearchView,
)

# So many looks are kept, translated: that before a change is asked for until all pages are of the present one.
_MOST = 4

_INLINE = {"a", "abbr", "b", "bdi", "br", "cite", "code", "em", "i", "kbd", "q", "s", "small", "span", "strong", "sub"}
_FILES = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
_SCHEMES = {"auto": "light dark"}

_looks: OrderedDict[tuple[str, Shades], Look] = OrderedDict()
_looking = Lock()


def look(snapshot: Snapshot) -> Look:
    """How the pages of a site look; it is made once for each theme and each choice of colours and fonts."""
    shades = Shades.of(snapshot.site)
    if not snapshot.theme_digest and shades == Shades():
        return pages.PLAIN
    key = (snapshot.theme_digest, shades)
    with _looking:
        found = _looks.get(key)
        if found is None:
            found = _looks[key] = Look(_theme(snapshot) if snapshot.theme_digest else Theme(), shades)
        _looks.move_to_end(key)
        while len(_looks) > _MOST:
            _looks.popitem(last=False)
    return found


def _theme(snapshot: Snapshot) -> Theme:
    from feedsvc.themes import checks  # noqa: PLC0415 - most sites have none

    theme, _ = checks.made(snapshot.theme_files(), snapshot.theme_digest)  # what is at fault the sync has told
    return theme


def dressed(view: View, snapshot: Snapshot) -> View:
    """A page's view, with what the site's theme and settings put around it."""
    site, of = snapshot.site, look(snapshot)
    top = f"{urlsplit(site.base_url).path}static/"
    chrome = replace(
        view.chrome,
        style_href=f"{top}{of.style}",
        navigation=tuple(Link(name, _led_to(site, target)) for name, target in site.navigation),
        logo=_logo(snapshot),
        footer=_footer(site.footer),
        icon_href=f"{top}{quote(of.icon)}" if of.icon else view.chrome.icon_href,
        color_scheme=_SCHEMES.get(site.color_scheme, site.color_scheme),
        look=of,
    )
    return replace(view, chrome=chrome)


def headers(snapshot: Snapshot, *, is_of_feed: bool = False) -> tuple[tuple[str, str], ...]:
    """What the answers with a page carry: scripts run where there are any."""
    return FEED_PAGE_HEADERS if is_of_feed or look(snapshot).has_scripts else PAGE_HEADERS


def static(snapshot: Snapshot, name: str) -> Document:
    """A file of the site's look, for good.

    Raises:
        Moved: at an address that it had before, to the present one: a page that is older still gets its style.
        NotFound: where there is none.
    """
    of = look(snapshot)
    if name not in of.files:
        present = of.present(name)
        if present is None or present not in of.files:
            raise NotFound(f"nothing is published at /static/{name}")
        raise Moved(f"{urlsplit(snapshot.site.base_url).path}static/{quote(present)}")
    type_, body = of.files[name]
    stands = Lifetime(channels=frozenset({MEDIA}), max_age=YEAR)
    more = (_FILES,) if type_.startswith("image/") else ()
    return document(type_, body, lifetime=stands, headers=(*more, NOSNIFF))


def _led_to(site: Site, target: str) -> str:
    return site.base_url + target.lstrip("/") if target.startswith("/") else target


def _logo(snapshot: Snapshot) -> Image | None:
    """The logo, where it is a picture of the content folder: no page loads anything from elsewhere on its account."""
    address = from_top(snapshot.site.logo) if snapshot.site.logo else ""
    stored = snapshot.media(address) if address else None
    type_ = media_type(address) or ""
    if stored is None or not type_.startswith("image/"):
        return None
    url = snapshot.site.base_url + media_path(address, stored.digest)
    return Image(url, type_, stored.width, stored.height, stored.length)


@lru_cache(maxsize=64)
def _footer(written: str) -> Markup:
    """Markdown of one line as HTML that may stand in a line."""
    html = re.sub(r"^<p>|</p>$", "", render(written, "markdown").strip()) if written else ""
    cleaned = nh3.clean(html, tags=_INLINE, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return Markup(cleaned)  # noqa: S704 - it was sanitised just now
