"""Keys that nobody knows: a key in; the one that was probably meant, or nothing, out."""

from __future__ import annotations

from functools import lru_cache

from feedsvc.articles.dialects import DIALECTS, OF_OTHERS

KNOWN = frozenset(key for keys in DIALECTS.values() for key in keys.split()) | OF_OTHERS
"""Every key that is not told of; a table's are here with the table before them."""

_MEANT = sorted((key for keys in DIALECTS.values() for key in keys.split() if "." not in key), key=len)
_SHORTEST = 4
_SHORT = 5


@lru_cache(maxsize=4096)
def meant(key: str) -> str:
    """Which of the keys that mean something an unknown one was probably meant to be; empty where none is near.

    One letter is wrong, missing, too much, or changed places with its neighbour. Among short words too many are a
    letter apart, so that only changed places count there; and a plural is another word.
    """
    if key in KNOWN or len(key) < _SHORTEST or key.removesuffix("s") in KNOWN or f"{key}s" in KNOWN:
        return ""
    return next((known for known in _MEANT if _is_near(key, known)), "")


def _is_near(key: str, known: str) -> bool:
    """Whether the two differ by one letter, but not in the first: whoever mistypes a word seldom mistypes that."""
    if key[0] != known[0] or abs(len(key) - len(known)) > 1:
        return False
    same = next(at for at, letter in enumerate(f"{key}\0") if letter != known[at : at + 1])
    mine, theirs = key[same:], known[same:]
    if len(mine) > 1 and mine[1] + mine[0] + mine[2:] == theirs:
        return True
    is_long = min(len(key), len(known)) > _SHORT
    return is_long and (mine[1:] == theirs or mine == theirs[1:] or mine[1:] == theirs[1:])
