"""Segments of addresses: a title or a name in, its slug out."""

from __future__ import annotations

import re
from hashlib import sha256
from unicodedata import normalize

RESERVED = frozenset({".", "..", "archive", "before", "rss.xml", "atom.xml", "feed.json"})

# C0, C1, surrogates and the two that XML forbids would break an address or a document; the rest would split an address.
_BREAKS = re.compile("[\\s/\\\\?#%\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff-]+")


def slug(text: str) -> str:
    """One path segment, not percent-encoded: NFC, case-folded, white space and what splits an address as `-`.

    A word that addresses need for themselves gets a digest of it. Empty where nothing is left of the text.
    The slug of a slug is itself.
    """
    folded = text.lower() if text.isascii() else normalize("NFC", normalize("NFD", text).casefold())
    segment = _BREAKS.sub("-", folded).strip("-")
    return f"{segment}-{digest(segment)}" if segment in RESERVED else segment


def digest(text: str) -> str:
    """Six hexadecimal characters that are the same for a text everywhere (from its SHA-256)."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
