"""How large a picture is: a file's name and bytes in; width and height out, and what its name says wrongly of it."""

from __future__ import annotations

import re
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING
from xml.parsers import expat

import imagesize

from feedsvc.errors import Fault
from feedsvc.text.media_types import media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What a file of each kind begins with.
_BEGINNINGS: Mapping[str, re.Pattern[bytes]] = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "image/avif": re.compile(rb"....ftyp", re.DOTALL),
    "image/svg+xml": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:[?!]|(?:[\w.-]+:)?svg[\s/>])"),
}
LARGEST = 2**31 - 1
"""The most pixels of a side: as many as a PNG can have, and as the catalog's column can hold."""

# Bytes of an SVG file in which its root must begin: behind a comment or a document type.
_HEAD = 64 * 1024

_LENGTH = re.compile(r"\s*([0-9]{1,7}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(?:px)?\s*")
_NUMBERS = re.compile(r"[\s,]+")


def size(address: str, body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, as it is shown (a photograph is turned as its camera was held).

    None for what is no picture, and where it cannot be found: the picture may be broken.
    """
    kind = _kind(body)
    if kind is None or not (media_type(address) or "").startswith("image/"):
        return None
    width, height = _svg(body) if kind == "image/svg+xml" else _measured(body, kind)
    return (width, height) if 0 < width <= LARGEST and 0 < height <= LARGEST else None


def misnamed(address: str, body: bytes) -> Fault | None:
    """A warning, where a file is not the picture that its name says it is."""
    wanted = media_type(address) or ""
    found = _kind(body)
    if wanted not in _BEGINNINGS or found == wanted:
        return None
    if found is None:
        cure = "put the picture itself there"
        return Fault(address, 1, 1, "is not a picture that can be read", cure, is_warning=True)
    problem = f"is a picture of type {found}, and its name says {wanted}"
    return Fault(address, 1, 1, problem, "give it the ending of what it is", is_warning=True)


def _kind(body: bytes) -> str | None:
    return next((kind for kind, beginning in _BEGINNINGS.items() if beginning.match(body)), None)


def _measured(body: bytes, kind: str) -> tuple[int, int]:
    # It raises nothing. The rotation of AVIF stands behind tables in which a few bytes can claim millions of rows.
    width, height = imagesize.get(BytesIO(body), exif_rotation=kind != "image/avif")
    return int(width), int(height)


def _svg(body: bytes) -> tuple[int, int]:
    """The size that an SVG's root asks for, else that of its view box (SVG 2 §8.2); zeros where it has neither."""
    attributes = _root(body)
    width, height = _pixels(attributes.get("width", "")), _pixels(attributes.get("height", ""))
    box = [_pixels(number) for number in _NUMBERS.split(attributes.get("viewBox", "").strip())[2:]]
    if (width and height) or len(box) != 2 or not all(box):  # noqa: PLR2004 - width and height
        return round(width), round(height)
    if width or height:
        width, height = width or height * box[0] / box[1], height or width * box[1] / box[0]
    else:
        width, height = box
    return round(width), round(height)


def _root(body: bytes) -> dict[str, str]:
    """The attributes of an XML document's root; none where it is not an `svg` near its beginning."""
    found: dict[str, str] = {}
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "svg":
            found.update(attributes)
        parser.StartElementHandler = None

    handler: Callable[[str, dict[str, str]], None] = start
    parser.StartElementHandler = handler
    with suppress(expat.ExpatError):  # what stands behind the root's beginning does not matter
        parser.Parse(body[:_HEAD], False)
    return found


def _pixels(written: str) -> float:
    """A length in pixels; 0 where it is in another unit, or none."""
    match = _LENGTH.fullmatch(written)
    return float(match[1]) if match else 0.0
