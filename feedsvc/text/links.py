"""Addresses on this site: a decoded path in; a path fit for a URL out."""

from __future__ import annotations

from urllib.parse import quote


def quoted(path: str) -> str:
    """Percent-encodes a path's segments (RFC 3986 §3.3); the slashes between them stay."""
    return quote(path, safe="/!$&'()*+,;=:@~")
