"""What an article shows: its sanitised HTML in; its pictures and players, and the same with their sizes, out.

Nothing else is read than what `text.html` writes: lower case, each attribute in double quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedsvc.model import Image

_ATTRIBUTES = r'((?: [^\s"=<>]+="[^"]*+")*+)'
_IMG = re.compile(rf"<img{_ATTRIBUTES}>")
_PLAYER = re.compile(rf"<(/?(?:audio|video)|source){_ATTRIBUTES}>")
_ATTRIBUTE = re.compile(r' ([^\s"=<>]+)="([^"]*+)"')
_PIXELS = re.compile(r"[0-9]{1,6}")

_PICTURE = re.compile(rf"<img{_ATTRIBUTES}>|</?picture{_ATTRIBUTES}>|<source{_ATTRIBUTES}>")
_FIGURE = re.compile(r"<figure\b(?:(?!</?figure\b).)*+</figure>\s*", re.DOTALL)
_EMPTY = re.compile(r"<(a|p)\b[^<>]*+>\s*</\1>\s*")

# WordPress and others send pictures in place of characters.
_EMOJI = re.compile(r"/emojis?/|/twemoji|:[a-z0-9_+-]+:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
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
        if "src" in attributes and not _EMOJI.search(f"{attributes['src']} {attributes.get('alt', '')}"):
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


def without_pictures(html: str) -> str:
    """The HTML without its pictures, and without the captions, links and paragraphs that would be left of them."""
    html = _FIGURE.sub(lambda match: "" if _IMG.search(match[0]) and not _PLAYER.search(match[0]) else match[0], html)
    return _EMPTY.sub("", _PICTURE.sub("", html))


def led(html: str, image: Image, alt: str) -> str:
    """The HTML with a picture before all else, where it is not in it already."""
    if any(figure.url == image.url for figure in pictures(html)):
        return html
    size = f' width="{image.width}" height="{image.height}"' if image.width and image.height else ""
    return f'<figure><img src="{escape(image.url)}" alt="{escape(alt)}"{size}></figure>\n{html}'


def _attributes(written: str) -> dict[str, str]:
    return {match[1]: unescape(match[2]) for match in _ATTRIBUTE.finditer(written)}


def _figure(attributes: dict[str, str]) -> Figure:
    width, height = (_pixels(attributes.get(name, "")) for name in ("width", "height"))
    return Figure(attributes["src"], attributes.get("type"), width, height)


def _pixels(written: str) -> int | None:
    return int(written) if _PIXELS.fullmatch(written) else None
