"""Keys that nobody knows: a key in; the one that was probably meant, or nothing, out."""

from __future__ import annotations

from functools import lru_cache

from feedsvc.articles.dialects import DIALECTS, OF_OTHERS

KNOWN = frozenset(key for keys in DIALECTS.values() for key in keys.split()) | OF_OTHERS
"""Every key that is not told of; a table's are here with the table before them."""

_MEANT = sorted((key for keys in DIALECTS.values() for key in keys.split() if "." not in key), key=len)
_SHORTEST = 4
_SHORT = 5
# By these an article is shown or hidden, so that nothing near one is passed over.
_DECISIVE = frozenset({"title", "date", "draft", "expires", "withdrawn", "embargo"})


@lru_cache(maxsize=4096)
def meant(key: str) -> str:
    """Which of the keys that mean something an unknown one was probably meant to be; empty where none is near.

    One letter is wrong, missing, too much, or changed places with its neighbour. Among short words too many are a
    letter apart, so that only changed places count there; and a plural is another word. Neither holds of the keys that
    show or hide an article. A hyphen is an underscore.
    """
    key = key.replace("-", "_")
    if key in KNOWN or len(key) < _SHORTEST:
        return ""
    is_plural = any(other in KNOWN and other not in _DECISIVE for other in (key.removesuffix("s"), f"{key}s"))
    return "" if is_plural else next((known for known in _MEANT if _is_near(key, known)), "")


def _is_near(key: str, known: str) -> bool:
    """Whether the two differ by one letter, but not in the first: whoever mistypes a word seldom mistypes that."""
    if key[0] != known[0] or abs(len(key) - len(known)) > 1:
        return False
    same = next(at for at, letter in enumerate(f"{key}\0") if letter != known[at : at + 1])
    mine, theirs = key[same:], known[same:]
    if len(mine) > 1 and mine[1] + mine[0] + mine[2:] == theirs:
        return True
    is_wrong = mine[1:] == theirs[1:]
    if known in _DECISIVE or min(len(key), len(known)) > _SHORT:
        return is_wrong or mine[1:] == theirs or mine == theirs[1:]
    return max(len(key), len(known)) > _SHORT and (mine[1:] == theirs or mine == theirs[1:])
