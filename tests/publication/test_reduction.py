"""A picture in another width: what it looks like, what is left out of it, and what cannot be made smaller."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picturing import SIZE, grain, jpeg, opened, turned, written
from PIL import Image, ImageCms

from feedsvc.publication.reduction import reduced

RED, BLUE = (160, 60, 60), (60, 60, 160)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# The red of this one is the green of others.
SWAPPED = SRGB.replace(b"rXYZ", b"~~~~").replace(b"gXYZ", b"rXYZ").replace(b"~~~~", b"gXYZ")


def is_near(found: object, wanted: tuple[int, ...], by: int = 45) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) <= by for one, other in zip(found[:3], wanted, strict=True))


def small(body: bytes | None) -> Image.Image:
    assert body is not None
    made = opened(body)
    assert made.format == "WEBP"
    assert not made.getexif()
    assert not made.info.keys() & {"exif", "icc_profile", "xmp"}
    return made


def mean(picture: Image.Image, box: tuple[int, int, int, int]) -> object:
    return picture.convert("RGB").crop(box).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))


KINDS = {
    "jpeg": ("image/jpeg", jpeg()),
    "progressive": ("image/jpeg", written(grain(), "JPEG", progressive=True)),
    "cmyk": ("image/jpeg", written(grain().convert("CMYK"), "JPEG")),
    "cmyk with a profile of other colours": (
        "image/jpeg",
        written(grain().convert("CMYK"), "JPEG", icc_profile=SRGB),
    ),
    "profile": ("image/jpeg", written(grain(), "JPEG", icc_profile=SRGB)),
    "profile that is none": ("image/jpeg", written(grain(), "JPEG", icc_profile=b"x" * 300)),
    "a second picture behind it": (
        "image/jpeg",
        written(grain(), "MPO", save_all=True, append_images=[grain()]),
    ),
    "png": ("image/png", written(grain(), "PNG")),
    "palette": ("image/png", written(grain().quantize(32), "PNG")),
    "webp": ("image/webp", written(grain(), "WEBP", quality=90)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [320, 640])
def test_it_is_the_same_picture_in_another_width(kind: str, width: int) -> None:
    type_, body = KINDS[kind]
    made = small(reduced(body, type_, SIZE, width))
    assert made.size == (width, width * 3 // 4)
    assert made.mode == "RGB"
    half = width // 2
    assert is_near(mean(made, (0, 0, half, half)), RED)
    assert is_near(mean(made, (half, 0, width, half)), BLUE)


def test_colours_are_those_that_its_profile_says() -> None:
    made = small(reduced(written(grain(), "JPEG", icc_profile=SWAPPED), "image/jpeg", SIZE, 320))
    assert is_near(mean(made, (0, 0, 160, 160)), (60, 160, 60), by=80)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_seen_through_stays_so(mode: str) -> None:
    picture = grain().convert("RGBA")
    alpha = Image.new("L", SIZE, 255)
    alpha.paste(0, (0, 0, SIZE[0] // 2, SIZE[1]))
    picture.putalpha(alpha)
    body = written(picture.quantize(32) if mode == "P" else picture.convert(mode), "PNG")
    made = small(reduced(body, "image/png", SIZE, 320))
    assert made.mode == "RGBA"
    assert made.getpixel((20, 20))[3] < 10  # type: ignore[index] # of a picture with four channels
    assert made.getpixel((300, 20))[3] > 245  # type: ignore[index]


@pytest.mark.parametrize("grey", [0, 64, 128, 255])
def test_of_sixteen_bits_the_upper_eight_are_shown(grey: int) -> None:
    rows = struct.pack("<H", grey << 8) * (SIZE[0] * SIZE[1])
    picture = Image.frombytes("I;16", SIZE, rows)
    for at in range(0, SIZE[0], 2):  # a hem of grain, for a picture of one colour is smaller than what is made of it
        picture.putpixel((at, 0), at * 80)
    body = written(picture, "PNG") + bytes(9000)
    made = small(reduced(body, "image/png", SIZE, 320))
    assert is_near(mean(made, (20, 20, 300, 200)), (grey, grey, grey), by=2)


@pytest.mark.parametrize(
    ("orientation", "red"),
    [(1, "left"), (2, "right"), (3, "right"), (4, "left"), (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
)
@pytest.mark.parametrize(("format_", "type_"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_it_is_turned_as_its_camera_was_held(orientation: int, red: str, format_: str, type_: str) -> None:
    shown = SIZE if orientation < 5 else SIZE[::-1]
    body = turned(orientation, format_, place="at home")
    assert b"at home" in body
    made = small(reduced(body, type_, shown, 320))
    width, height = made.size
    assert (width, height) == (320, 240 if orientation < 5 else 427)
    boxes = {
        "left": (0, 0, width // 2, height),
        "right": (width // 2, 0, width, height),
        "top": (0, 0, width, height // 2),
        "bottom": (0, height // 2, width, height),
    }
    assert [name for name, box in boxes.items() if is_near(mean(made, box), RED)] == [red]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is large, and has a few bytes."""
    head = struct.pack(">LLBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def scans(times: int) -> bytes:
    """A JPEG that goes over the whole picture again and again."""
    body = written(grain(), "JPEG", progressive=True)
    last = body.rindex(b"\xff\xda")
    return body[:last] + body[last:-2] * times + body[-2:]


UNFIT = {
    "truncated": ("image/jpeg", jpeg()[:-5000], SIZE),
    "truncated png": ("image/png", written(grain(), "PNG")[:-9000], SIZE),
    "truncated webp": ("image/webp", written(grain(), "WEBP")[:-3000], SIZE),
    "head only": ("image/jpeg", jpeg()[:300], SIZE),
    "empty": ("image/png", b"", SIZE),
    "no picture": ("image/png", b"<svg/>" * 9999, SIZE),
    "another type": ("image/jpeg", written(grain(), "PNG"), SIZE),
    "another size": ("image/jpeg", jpeg(), (600, 800)),
    "bomb": ("image/png", bomb(65_535, 65_535), (65_535, 65_535)),
    "bomb that says it is small": ("image/png", bomb(20_000, 20_000), SIZE),
    "many scans": ("image/jpeg", scans(200), SIZE),
    "moving webp": ("image/webp", written(grain(), "WEBP", save_all=True, append_images=[grain().rotate(9)]), SIZE),
    "moving png": ("image/png", written(grain(), "PNG", save_all=True, append_images=[grain().rotate(9)]), SIZE),
    "smaller than it would be": ("image/webp", written(grain((330, 248)), "WEBP", quality=0), (330, 248)),
}


@pytest.mark.parametrize("kind", UNFIT)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_cannot_be_made_smaller_is_left_alone(kind: str) -> None:
    type_, body, shown = UNFIT[kind]
    assert reduced(body, type_, shown, 320) is None


@settings(max_examples=60)
@given(st.sampled_from([jpeg(), KINDS["png"][1], KINDS["webp"][1]]), st.data())
def test_whatever_the_bytes_are_nothing_is_raised(body: bytes, data: st.DataObject) -> None:
    broken = bytearray(body[: data.draw(st.integers(0, len(body)))])
    for _ in range(data.draw(st.integers(0, 8))):
        if broken:
            broken[data.draw(st.integers(0, min(len(broken) - 1, 600)))] = data.draw(st.integers(0, 255))
    for type_ in ("image/jpeg", "image/png", "image/webp"):
        reduced(bytes(broken), type_, SIZE, 320)
