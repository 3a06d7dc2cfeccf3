"""A picture's bytes and a width in; the same picture in that width, as WebP without anything but its pixels, out."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING

from feedsvc.text.renditions import scaled

if TYPE_CHECKING:
    from PIL import Image

logger = logging.getLogger(__name__)

# A little smaller than its neighbours, in half the time of the next better method (decision 0070).
_QUALITY, _METHOD = 78, 2

# A JPEG is decoded at the smallest fraction that is still so many times as large as what it is to become.
_MARGIN = 1.5

# Each scan of a progressive JPEG goes over the whole picture. Cameras and editors write some ten.
_MOST_SCANS = 64
_START_OF_SCAN = b"\xff\xda"

# By the media type that the name says, what Pillow calls it: what is not that is left alone.
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}

_ORIENTATION = 0x0112
_ON_ITS_SIDE = 5


def reduced(body: bytes, type_: str, shown: tuple[int, int], width: int) -> bytes | None:
    """The picture in a width; None where it is not what is said of it, is broken or moves, or would be no smaller.

    Args:
        type_: its media type.
        shown: its width and height in pixels, as it is shown.
    """
    # Only where it is used: Pillow takes a process 4 MB.
    from PIL import Image  # noqa: PLC0415

    if type_ == "image/jpeg" and body.count(_START_OF_SCAN) > _MOST_SCANS:
        return None
    try:
        with Image.open(BytesIO(body), formats=(_FORMATS[type_],)) as picture:
            made = _written(picture, shown, width)
    except Exception as error:  # noqa: BLE001 - a broken file may have Pillow raise anything
        logger.info("a picture cannot be made smaller: %s", error)
        return None
    return made if made is not None and len(made) < len(body) else None


def _written(picture: Image.Image, shown: tuple[int, int], width: int) -> bytes | None:
    from PIL import Image  # noqa: PLC0415

    turn = int(picture.getexif().get(_ORIENTATION, 1))
    is_aside = turn >= _ON_ITS_SIDE
    # A camera's JPEG may hold a second picture behind the first, which nobody shows (`MPO`).
    moves = picture.format != "MPO" and getattr(picture, "is_animated", False)
    if moves or (picture.size[::-1] if is_aside else picture.size) != shown:
        return None
    size = width, scaled(*shown, width)
    size = size[::-1] if is_aside else size
    picture.draft(None, (int(size[0] * _MARGIN), int(size[1] * _MARGIN)))
    small = _plain(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if turn in _TURNS:
        small = small.transpose(Image.Transpose[_TURNS[turn]])
    small = _in_srgb(small, picture.info.get("icc_profile"))
    small.info.clear()  # where it was taken is nobody's business
    written = BytesIO()
    small.save(written, "WEBP", quality=_QUALITY, method=_METHOD)
    return written.getvalue()


# Exif 2.32 §4.6.4.A, by the names of Pillow's transpositions.
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


def _plain(picture: Image.Image) -> Image.Image:
    """The picture in a mode in which pixels can be put together: no palette, and eight bits a channel."""
    if picture.mode.startswith("I"):  # 16 bits of grey
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in {"RGB", "L", "CMYK"} else picture.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in the colours that a picture without a profile is shown in."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        from PIL import ImageCms  # noqa: PLC0415

        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError) as error:  # of other colours, or broken: browsers do so too
            logger.info("a picture's colour profile is left out of account: %s", error)
        else:
            return converted or picture
    return picture.convert(mode)
