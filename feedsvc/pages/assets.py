"""Our own static files, read once: name with a digest of the bytes in, media type and bytes out."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def hashed(name: str, body: bytes) -> str:
    """`site.css` becomes `site.0123456789.css`, so that a cache may keep the file for ever."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{sha256(body).hexdigest()[:10]}.{suffix}"


def _read() -> dict[str, tuple[str, bytes]]:
    found = {file.name: file.read_bytes() for file in files("feedsvc.pages").joinpath("static").iterdir()}
    return {hashed(name, body): (MEDIA_TYPES[name.rpartition(".")[2]], body) for name, body in sorted(found.items())}


STATIC: Mapping[str, tuple[str, bytes]] = MappingProxyType(_read())


def named(name: str) -> str:
    """`site.css` as it is served, with the digest in its name."""
    stem, _, suffix = name.rpartition(".")
    return next(each for each in STATIC if each.startswith(f"{stem}.") and each.endswith(f".{suffix}"))


style_name, script_name, icon_name = named("site.css"), named("copy.js"), named("favicon.svg")
