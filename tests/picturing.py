"""Pictures for tests, made by Pillow."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

SIZE = (800, 600)


@cache
def grain(size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture of which no two parts are alike, as a photograph's are: red on its left half, blue on the right."""
    width, height = size
    halves = Image.new("RGB", size, (200, 30, 30))
    halves.paste((30, 30, 200), (width // 2, 0, width, height))
    noise = Image.merge("RGB", [Image.effect_noise(size, 60)] * 3)
    return Image.blend(halves, noise, 0.3)


def written(picture: Image.Image, format_: str, **options: Any) -> bytes:
    """The bytes of a picture in a format, as Pillow names it."""
    body = BytesIO()
    picture.save(body, format_, **options)
    return body.getvalue()


@cache
def jpeg(size: tuple[int, int] = SIZE) -> bytes:
    """A photograph."""
    return written(grain(size), "JPEG", quality=85)


def turned(orientation: int, format_: str = "JPEG", *, place: str = "") -> bytes:
    """A photograph that says how its camera was held, and where."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = place
    return written(grain(), format_, exif=exif)


def opened(body: bytes) -> Image.Image:
    """A picture from its bytes, decoded."""
    picture = Image.open(BytesIO(body))
    picture.load()
    return picture
