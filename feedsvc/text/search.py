"""Words as a search knows them: a text in, its tokens out; what a person typed in, what is to be found out.

Both are cut and folded here, and not by a database: so each finds the same. Case and accents make no other word. What
is written without spaces between words is cut into pairs of characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

import regex
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

# So many characters of a token count, and so many tokens of a query.
LONGEST, MOST = 64, 16

# With so many characters the last word of a query may go on: nearly every text has one that begins with a given letter.
LEAST = 3

VERSION = 3
"""Another one where texts are cut in another way: all are put into the index anew then."""

# Accents of Latin, Greek and Cyrillic letters, and the points of Hebrew and Arabic ones, which few people type; and
# what only says where a word may be parted.
_POINTS = regex.compile(r"[\u00ad\u200b\u2060\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0640]+")
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}々ー"
_RUN = regex.compile(rf"([{_UNSPACED}]+)|(?:(?![{_UNSPACED}])[\p{{L}}\p{{M}}\p{{N}}])+")

# What is no part of any word, wherever it stands.
_MARKS = "“”‘’„‚«»‹›–—…•·\u00a0"

# A line that is wrapped where it is written, within what has no spaces.
_WRAPPED = regex.compile(rf"(?<=[{_UNSPACED}])[ \t]*+\n[ \t]*+(?=[{_UNSPACED}])")

# `e-mail` is `email`, and a `T-shirt` a `tshirt`: some write them so, some otherwise.
_HYPHEN = regex.compile(r"[-\u2010](?<=(?<![\p{L}\p{M}\p{N}\u2010-])\p{L}[-\u2010])(?=\p{L})")

_ANY_UNSPACED = regex.compile(rf"[{_UNSPACED}]")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_ASCII = re.compile("[a-z0-9]+")

# A phrase in quotation marks of any kind, one that is not closed too; else what stands between spaces.
_PART = regex.compile(r'(-?)(?:["“”„«»]([^"“”„«»]*)(?:["“”„«»]|$)|([^\s"“”„«»]+))')


class Term(Struct, frozen=True):
    """Tokens that stand one behind the other.

    Attributes:
        is_prefix: whether the last one may go on.
    """

    tokens: tuple[str, ...]
    is_prefix: bool = False


class Sought(Struct, frozen=True):
    """What somebody looks for.

    Attributes:
        terms: all of them.
        excluded: and none of these.
    """

    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()


def tokens(text: str) -> list[str]:
    """The tokens of a text, in its order."""
    return _tokens(text)


def sought(typed: str) -> Sought:
    """What a person typed: words, of which the last may go on; "phrases"; and -what is not meant.

    Where it is more than a query may hold, the rest does not count.
    """
    parts = _PART.findall(typed)
    found: tuple[list[Term], list[Term]] = [], []
    room = MOST
    for number, (minus, phrase, word) in enumerate(parts, 1):
        cut = _cut(phrase or word)[:room]
        room -= len(cut)
        if cut:
            is_last = number == len(parts) and bool(word) and not minus and not typed[-1:].isspace()
            goes_on = is_last and (len(cut[-1]) >= LEAST or _is_unspaced(cut[-1]))
            found[bool(minus)].append(Term(tuple(cut), goes_on or (len(cut[-1]) == 1 and _is_unspaced(cut[-1]))))
    return Sought(tuple(found[0]), tuple(found[1]))


def _is_unspaced(token: str) -> bool:
    """Whether it is of those that are kept in pairs; a single one begins a pair in a text."""
    match = _RUN.fullmatch(token)
    return match is not None and match[1] is not None


def _cut(typed: str) -> list[str]:
    """As `tokens`, but without the single character at the end of a run of pairs: it may go on in the text."""
    return _tokens(typed, is_text=False)


def _tokens(text: str, *, is_text: bool = True) -> list[str]:
    # Most texts need no look at each character.
    plain = _without_marks(text)
    folded = _folded(plain if plain.isascii() else text)
    if (plain := _without_marks(folded)).isascii():
        return [word[:LONGEST] for word in _ASCII.findall(plain)]
    if not _ANY_UNSPACED.search(folded):
        return [word[:LONGEST] for word in _WORD.findall(folded)]
    return list(_runs(_WRAPPED.sub("", folded), is_text=is_text))


def _runs(folded: str, *, is_text: bool) -> Iterator[str]:
    for match in _RUN.finditer(folded):
        run = match[0]
        if match[1] is None:
            yield run[:LONGEST]
        else:
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            if is_text or len(run) == 1:
                yield run[-1]


def _without_marks(text: str) -> str:
    """A text with spaces for the marks that part words in any case: without them and accents, most are ASCII."""
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
    return text


def _folded(text: str) -> str:
    bare = text if text.isascii() else normalize("NFC", _POINTS.sub("", normalize("NFKD", text)))
    folded: str = _HYPHEN.sub("", bare.casefold())
    return folded
