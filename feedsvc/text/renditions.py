"""Smaller versions of a picture: what is known of it in; which widths there are, and where each stands, out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedsvc.model import Image

TYPE = "image/webp"
"""The media type of each of them."""

WIDTHS = (320, 640, 960, 1280, 1920)
"""In pixels: what screens of one, two and three dots a pixel ask for, from a teaser's picture to the text's column."""

# The most pixels that are decoded, by type: a JPEG is decoded at a fraction of its size, the others whole.
_MOST_PIXELS = {"image/jpeg": 25_000_000, "image/png": 12_500_000, "image/webp": 12_500_000}

# A file of fewer bytes is soon there as it is.
LIGHT = 16 * 1024

# The most pixels of a side that a WebP can have.
_LONGEST = 16_383

_RENDITION = re.compile(rf"(?s)(.*)\.({'|'.join(map(str, WIDTHS))})w\.webp")


def widths(type_: str | None, width: int | None, height: int | None, length: int | None) -> tuple[int, ...]:
    """The widths in which there is a smaller version of a picture, in pixels: none is wider than it is itself.

    Args:
        type_: its media type.
        width: in pixels, as it is shown; likewise `height`.
        length: in bytes.
    """
    if not width or not height or (length or 0) < LIGHT or width * height > _MOST_PIXELS.get(type_ or "", 0):
        return ()
    return tuple(each for each in WIDTHS if each <= width and scaled(width, height, each) <= _LONGEST)


def scaled(width: int, height: int, to: int) -> int:
    """How high a picture is when it is `to` pixels wide."""
    return max(1, round(height * to / width))


def rendition(url: str, width: int) -> str:
    """Where a picture stands in a width: behind its own address, which has its digest in it."""
    return f"{url}.{width}w.webp"


def origin(path: str) -> tuple[str, int] | None:
    """The path of the picture, and the width, of a path that `rendition` may have made; None for another path."""
    match = _RENDITION.fullmatch(path)
    return (match[1], int(match[2])) if match else None


def srcset(image: Image) -> str:
    """The image candidates (HTML Standard §4.8.4.2.1) of a picture that has smaller versions; its own URL may be one.

    It is one where it is not much larger than what a page has room for, but is than the widest of them.
    """
    candidates = [f"{rendition(image.url, width)} {width}w" for width in image.widths]
    own, widest = image.width or 0, image.widths[-1]
    if widest * 5 < own * 4 and own <= WIDTHS[-1]:
        candidates.append(f"{image.url} {own}w")
    return ", ".join(candidates)
