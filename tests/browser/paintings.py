"""Pictures made up for tests: a size in; the bytes of a PNG or an SVG, the same always, out."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int) -> bytes:
    """A sea below a sky, in so many pixels (PNG, second edition)."""
    horizon = height * 3 // 5
    sky = [bytes((120 + 90 * y // height, 160 + 60 * y // height, 215)) * width for y in range(horizon)]
    sea = [bytes((30, 70 + 40 * (y // 8 % 2), 110)) * width for y in range(horizon, height)]
    lines = b"".join(b"\0" + line for line in (*sky, *sea))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def svg(width: int, height: int) -> bytes:
    """A lantern on a plain ground."""
    middle, top = width // 2, height // 5
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="#20303c"/>'
        f'<path d="M{middle - 60} {top}h120l30 {height // 2}h-180z" fill="#f2c14e"/>'
        f'<path d="M{middle - 90} {top + height // 2}h180v24h-180z" fill="#8a5a2b"/></svg>\n'
    ).encode()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
