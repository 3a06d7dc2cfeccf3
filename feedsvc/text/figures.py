"""What an article shows: its sanitised HTML in; its pictures and players, and the same with their sizes, out.

Nothing else is read than what `text.html` writes: lower case, each attribute in double quotes.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedsvc.model import Image

_ATTRIBUTES = r'((?: [^\s"=<>]+="[^"]*+")*+)'
_IMG = re.compile(rf"<img{_ATTRIBUTES}>")
_PLAYER = re.compile(rf"<(/?(?:audio|video)|source){_ATTRIBUTES}>")
_ATTRIBUTE = re.compile(r' ([^\s"=<>]+)="([^"]*+)"')
_PIXELS = re.compile(r"[0-9]{1,6}")

# WordPress and others send pictures in place of characters.
_EMOJI = re.compile(r"/emojis?/|/twemoji|:[a-z0-9_+-]+:", re.IGNORECASE)


class Figure(Struct, frozen=True):
    """A picture or a player.

    Attributes:
        url: absolute.
        type: as written; None where it is not.
        width: in pixels, as written; likewise `height`.
    """

    url: str
    type: str | None = None
    width: int | None = None
    height: int | None = None


def pictures(html: str) -> Iterator[Figure]:
    """The pictures, without those that stand for a character."""
    for match in _IMG.finditer(html):
        attributes = _attributes(match[1])
        if "src" in attributes and not _is_character(attributes):
            yield _figure(attributes)


def players(html: str) -> Iterator[Figure]:
    """What each player plays; of several sources the first."""
    is_open = False
    for match in _PLAYER.finditer(html):
        attributes = _attributes(match[2])
        if match[1] != "source":
            is_open = not match[1].startswith("/")
        if is_open and "src" in attributes:
            is_open = False
            yield _figure(attributes)


def sized(html: str, size: Callable[[str], tuple[int, int] | None]) -> str:
    """The HTML in which pictures that say nothing of their size say it, so that text does not jump when they come.

    Args:
        size: width and height of the picture at a URL; None where they are not known.
    """

    def with_size(match: re.Match[str]) -> str:
        attributes = _attributes(match[1])
        if "width" in attributes or "height" in attributes or not (found := size(attributes.get("src", ""))):
            return match[0]
        return f'<img{match[1]} width="{found[0]}" height="{found[1]}">'

    return _IMG.sub(with_size, html)


def led(html: str, image: Image, alt: str) -> str:
    """The HTML with a picture before all else, where it is not in it already."""
    if any(figure.url == image.url for figure in pictures(html)):
        return html
    size = f' width="{image.width}" height="{image.height}"' if image.width and image.height else ""
    return f'<figure><img src="{_quoted(image.url)}" alt="{_quoted(alt)}"{size}></figure>\n{html}'


def is_character(attributes: str) -> bool:
    """Whether a picture stands for a character, by its attributes as they are written."""
    return _is_character(_attributes(attributes))


def _is_character(attributes: dict[str, str]) -> bool:
    return bool(_EMOJI.search(f"{attributes.get('src', '')} {attributes.get('alt', '')}"))


def _quoted(text: str) -> str:
    """An attribute's value as `text.html` writes it."""
    return escape(text, quote=False).replace('"', "&quot;").replace("\N{NO-BREAK SPACE}", "&nbsp;")


def _attributes(written: str) -> dict[str, str]:
    return {match[1]: unescape(match[2]) for match in _ATTRIBUTE.finditer(written)}


def _figure(attributes: dict[str, str]) -> Figure:
    width, height = (_pixels(attributes.get(name, "")) for name in ("width", "height"))
    return Figure(attributes["src"], attributes.get("type"), width, height)


def _pixels(written: str) -> int | None:
    return int(written) if _PIXELS.fullmatch(written) else None
