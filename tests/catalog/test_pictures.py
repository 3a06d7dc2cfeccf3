"""How large pictures are. The files are made here, byte by byte, as far as their sizes stand in them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.catalog.syncing.pictures import misnamed, size

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">L4sLLBBBBB", 13, b"IHDR", 640, 480, 8, 2, 0, 0, 0) + bytes(16)
GIF = b"GIF89a" + struct.pack("<HH", 640, 480) + bytes(16)
FRAME = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, 480, 640, 3) + bytes(9)
JPEG = b"\xff\xd8" + FRAME
EXIF = b"Exif\0\0MM\0*" + struct.pack(">LHHHLHHL", 8, 1, 0x112, 3, 1, 6, 0, 0)
TURNED = b"\xff\xd8\xff\xe1" + struct.pack(">H", 2 + len(EXIF)) + EXIF + FRAME
WEBP = b"RIFF" + bytes(4) + b"WEBPVP8X" + bytes(8) + struct.pack("<L", 639)[:3] + struct.pack("<L", 479)[:3] + bytes(40)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">L", 8 + len(content)) + name + content


ISPE = box(b"ispe", struct.pack(">LLL", 0, 640, 480))
AVIF = box(b"ftyp", b"avif\0\0\0\0") + box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", ISPE)))
# Twelve bytes that claim 65,535 extents for each of 60,000 items: 4 thousand million rows.
ILOC = box(b"iloc", bytes([1, 0, 0, 0, 0, 0]) + struct.pack(">H", 60_000) + b"\0\1\0\0\0\0\xff\xff" * 60_000)
GREEDY = box(b"ftyp", b"avif\0\0\0\0") + box(b"meta", bytes(4) + ILOC)


@pytest.mark.parametrize(
    ("address", "body"),
    [("a.png", PNG), ("a.GIF", GIF), ("b/a.jpg", JPEG), ("a.jpeg", JPEG), ("a.webp", WEBP), ("a.avif", AVIF)],
)
def test_a_picture_s_size_stands_in_its_head(address: str, body: bytes) -> None:
    assert size(address, body) == (640, 480)
    assert misnamed(address, body) is None


def test_a_photograph_is_turned_as_its_camera_was_held() -> None:
    assert size("a.jpg", TURNED) == (480, 640)


@pytest.mark.parametrize(
    ("svg", "expected"),
    [
        ('<svg width="64" height="48px"/>', (64, 48)),
        ('<svg viewBox="0 0 64 48"/>', (64, 48)),
        ('<svg width="100%" height="100%" viewBox="0,0, 64 ,48"><rect width="9" height="9"/></svg>', (64, 48)),
        ('<svg width="32" viewBox="0 0 64 48"/>', (32, 24)),
        ('<svg height="24" viewBox="0 0 64 48"/>', (32, 24)),
        ('<?xml version="1.0"?><!-- a --><s:svg xmlns:s="http://www.w3.org/2000/svg" width="6.4" height="5"/>', (6, 5)),
        ('\ufeff<!DOCTYPE svg>\n<svg width="64" height="48">', (64, 48)),
        ('<svg width="1em" height="nan"/>', None),
        ('<svg viewBox="0 0 64"/>', None),
        ('<svg viewBox="0 0 64 0"/>', None),
        ("<svg/>", None),
        ("<?xml version='1.0'?><html width='3' height='4'/>", None),
        ('<svg width="64" height=48', None),
    ],
)
def test_an_svg_is_as_large_as_its_root_says(svg: str, expected: tuple[int, int] | None) -> None:
    assert size("a.svg", svg.encode()) == expected


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("a.png", b""),
        ("a.png", PNG[:20]),
        ("a.gif", b"GIF89a" + bytes(16)),
        ("a.jpg", b"\xff\xd8\xff\xe1"),
        ("a.webp", WEBP[:20]),
        ("a.avif", AVIF[:40]),
        ("a.avif", GREEDY),
        ("a.mp3", PNG),
    ],
)
def test_what_is_broken_or_no_picture_has_no_size(address: str, body: bytes) -> None:
    assert size(address, body) is None


@given(st.sampled_from([PNG, GIF, JPEG, TURNED, WEBP, AVIF, b"<svg "]), st.integers(0, 60), st.binary(max_size=60))
def test_any_bytes_will_do(head: bytes, kept: int, rest: bytes) -> None:
    found = size("a.png", head[:kept] + rest)
    assert found is None or min(found) > 0


def test_a_picture_under_a_wrong_name_is_named_and_measured() -> None:
    fault = misnamed("a.png", JPEG)
    assert str(fault) == (
        "a.png:1:1: warning: is a picture of type image/jpeg, and its name says image/png "
        "(give it the ending of what it is)"
    )
    assert size("a.png", JPEG) == (640, 480)


def test_what_is_no_picture_at_all_is_named() -> None:
    fault = misnamed("a.png", b"version https://git-lfs.github.com/spec/v1")
    assert fault is not None
    assert fault.is_warning
    assert fault.problem == "is not a picture that can be read"


@pytest.mark.parametrize("address", ["a.mp3", "a.pdf", "a.md"])
def test_what_is_to_be_no_picture_is_left_alone(address: str) -> None:
    assert misnamed(address, b"\0") is None
