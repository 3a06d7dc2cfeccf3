"""What an article shows and plays: an article, the settings and its HTML in; its image and its enclosures out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

from msgspec.structs import replace

from feedsvc.model import Enclosure, Image
from feedsvc.text import figures
from feedsvc.text.links import URL_SAFE, candidates, is_article, local_path, media_path, quoted
from feedsvc.text.media_types import media_type
from feedsvc.text.renditions import widths
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from feedsvc.model import Article, MediaFile
    from feedsvc.text.figures import Figure

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)

# A picture no wider or higher than that is there to count readers, or to keep a distance.
_INVISIBLE = 2


class Media:
    """Where the files of one article stand.

    Args:
        page: the absolute URL of its page.
        base_url: the site's.
    """

    def __init__(self, article: Article, page: str, base_url: str) -> None:
        self._article = article
        self._page = page
        self._base_url = base_url
        self._files = {file.address: file for file in article.media}
        self._by_url = {urljoin(base_url, media_path(file.address, file.digest)): file for file in article.media}

    def absolute(self, url: str) -> str:
        """A relative URL made absolute: that of the file it means, or else of the article's page.

        A media file has its digest in it. A file that holds an article is named by its path, which leads to its page.

        Raises:
            ValueError: when it is no URL.
        """
        path = local_path(url)
        if media_type(path):
            found = self._media(path, candidates(self._article.address, path))
        elif is_article(path):
            found = next(map(quoted, candidates(self._article.address, path)), "")
        else:
            found = ""
        if not found:
            return urljoin(self._page, url)
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self._base_url}{found}{query}{f'#{parts.fragment}' if parts.fragment else ''}"

    def _media(self, path: str, meant: Iterable[str]) -> str:
        """Where the first of some files is served that is there; a path from the top that names none is a page's."""
        file = next((self._files[address] for address in meant if address in self._files), None)
        if file is not None:
            return media_path(file.address, file.digest)
        return "" if path.startswith("/") else next((f"media/{quoted(address)}" for address in meant), "")

    def sized(self, html: str) -> str:
        """The article's HTML in which pictures from here say how large they are."""
        if not any(file.width for file in self._article.media):
            return html
        return figures.sized(html, self._size)

    def image(self, html: str) -> Image | None:
        """The picture that stands for the article: its record's, else the first that its HTML shows to people."""
        own = self._image(figures.Figure(self._web(self._article.image))) if self._article.image else None
        if own is not None:
            return own
        return next(filter(None, map(self._image, figures.pictures(html))), None)

    def enclosures(self, html: str) -> tuple[Enclosure, ...]:
        """What goes with the article: what its record says, else what the players in its HTML play."""
        written = [replace(each, url=self._web(each.url)) for each in self._article.enclosures]
        found: dict[str, Enclosure] = {}
        for each in written or self._played(html):
            if each.url:
                found.setdefault(each.url, self._enclosure(each))
        return tuple(found.values())

    def _played(self, html: str) -> Iterator[Enclosure]:
        for player in figures.players(html):
            type_ = player.type.partition(";")[0].strip().lower() if player.type else _type(player.url)
            if type_ and type_.startswith(("audio/", "video/")):
                yield Enclosure(player.url, type_)

    def _enclosure(self, written: Enclosure) -> Enclosure:
        file = self._file(written.url)
        if file is not None:
            return replace(written, type=media_type(file.address), length=file.length)
        return replace(written, type=written.type or _type(written.url))

    def _image(self, figure: Figure) -> Image | None:
        own, type_ = self.picture(figure.url), _type(figure.url)
        found = own or Image(figure.url, type_, figure.width, figure.height)
        is_seen = all(length is None or length > _INVISIBLE for length in (found.width, found.height))
        if not figure.url or not is_seen or not (type_ or "image/").startswith("image/"):
            return None
        file = self._file(figure.url)
        return found if own or file is None else replace(found, length=file.length)

    def picture(self, url: str) -> Image | None:
        """The picture from here at a URL; None where there is none of which it is known how large it is."""
        file = self._file(url)
        if file is None or not file.width or not file.height:
            return None
        type_ = _type(url)
        # With a query it is at an address of its own.
        smaller = () if "?" in url or "#" in url else widths(type_, file.width, file.height, file.length)
        return Image(url, type_, file.width, file.height, file.length, smaller)

    def _web(self, written: str) -> str:
        """The absolute URL of what a record names; empty where that is none that a reader can fetch."""
        url = clean(written)
        try:
            url = quote(url if _SCHEME.match(url) else self._named(url), safe=URL_SAFE)
            return url if urlsplit(url).hostname and _WEB.match(url) else ""
        except ValueError:
            return ""

    def _named(self, url: str) -> str:
        """As `absolute`; a key may name a file from the top without a slash, where none is beside the article."""
        path = local_path(url)
        if path and media_type(path) and not self._files.keys() & candidates(self._article.address, path):
            found = self._media(f"/{path}", candidates(self._article.address, f"/{path}"))
            if found:
                return self._base_url + found
        return self.absolute(url)

    def _file(self, url: str) -> MediaFile | None:
        return self._by_url.get(re.split(r"[?#]", url, maxsplit=1)[0])

    def _size(self, url: str) -> tuple[int, int] | None:
        file = self._file(url)
        return (file.width, file.height) if file and file.width and file.height else None


def _type(url: str) -> str | None:
    return media_type(unquote(urlsplit(url).path)) if url else None
