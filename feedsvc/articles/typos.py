"""Keys that nobody knows: a key in; the one that was probably meant, or nothing, out."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from feedsvc.articles.dialects import DIALECTS, OF_OTHERS

KNOWN = frozenset(key for keys in DIALECTS.values() for key in keys.split()) | OF_OTHERS
"""Every key that is not told of; a table's are here with the table before them."""

_OURS = tuple(DIALECTS)
_SHORTEST = 4

_ALIKE = 0.78
"""How alike a key must be to one of ours: `titel` is (0.8), `subtitle` is not (0.77)."""


@lru_cache(maxsize=4096)
def meant(key: str) -> str:
    """Which of our keys an unknown one was probably meant to be; empty where none is near."""
    if key in KNOWN or len(key) < _SHORTEST:
        return ""
    near = get_close_matches(key, _OURS, n=1, cutoff=_ALIKE)
    # Whoever mistypes a word seldom mistypes its first letter.
    return near[0] if near and near[0][0] == key[0] else ""
