"""The excerpt: an article's running text in, its beginning out."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

import regex

from feedsvc.text.sentences import ends
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

ELLIPSIS = "…"

# So many characters past the longest excerpt are enough to see whether a full stop ends a sentence.
_CONTEXT = 200

_GRAPHEME = regex.compile(r"\X")
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3000-\u303f\uff00-\uffef]"
)
_PAUSES = frozenset("、，；：。！？」』）》〉】・…")
# Thai and Lao write some vowels before the consonant that they belong to.
_DANGLING = frozenset(" \u200b,;:–—-([{¿¡«“‘„‚「『（《〈【、，；：،؛/…เแโใไເແໂໃໄ")
# A small kana, a mark that lengthens or repeats: what stands before it is no end; nor is it within a word in katakana.
_WITHIN_WORD = regex.compile(r"[\p{Katakana}ー](?=[\p{Katakana}ー])|.(?=[ぁぃぅぇぉっゃゅょゎー々ゝゞ])")

# Whole sentences that fill less than this part of an excerpt are but a greeting.
_LEAST = 8


def excerpt(text: str, *, length: int, language: str) -> str:
    """The beginning of a text, in at most `length` code points, on one line.

    White space is folded to single spaces; a line end in `text` ends a sentence. Then:

    1. A text that fits is its own excerpt.
    2. Else as many whole sentences as fit (by the rules of `language`, BCP 47; `text.sentences`): abbreviations,
       initials and ordinals end none, nor does what stands within quotes.
    3. Where these are not even an eighth of it: whole words and `…`, without a comma, an opening bracket or an
       abbreviation before it. Scripts written without spaces are cut after a punctuation mark of the second half, else
       between two graphemes (UAX #29), not within a word in katakana or behind a vowel that is written before its
       consonant; so is a first word that does not fit.

    But for the final `…` the excerpt is a prefix of the folded text, and never ends inside a grapheme.
    """
    paragraphs = [folded for line in clean(text).splitlines() if (folded := " ".join(line.split()))]
    whole = " ".join(paragraphs)
    if len(whole) <= length:
        return whole
    bounds = _Bounds(whole, length + _CONTEXT)
    end = next((end for end in _sentence_ends(paragraphs, length, language) if end in bounds), 0)
    if end * _LEAST >= length:
        return whole[:end]
    return _words(whole, length - len(ELLIPSIS), bounds)


class _Bounds:
    """Where the graphemes of a text end (UAX #29), as far as it is read.

    Args:
        text: white space in it is folded, so that no CR stands before an LF.
    """

    def __init__(self, text: str, end: int) -> None:
        self._text = text
        self._end = end
        self._found: frozenset[int] | None = None

    def __contains__(self, index: int) -> bool:
        if self._text[index - 1 : index + 1].isascii():  # any two of these are two graphemes
            return 0 < index <= self._end
        if self._found is None:
            self._found = frozenset(match.end() for match in _GRAPHEME.finditer(self._text, 0, self._end))
        return index in self._found


def _sentence_ends(paragraphs: list[str], length: int, language: str) -> Iterator[int]:
    """Where the sentences that fit end, in the paragraphs joined by single spaces, the last one first."""
    starts = [0, *accumulate(len(paragraph) + 1 for paragraph in paragraphs)]
    within = bisect_left(starts, length)
    for start, paragraph in zip(starts[within - 1 :: -1], paragraphs[within - 1 :: -1], strict=True):
        room = length - start
        yield from (start + end for end in ends(paragraph[: room + _CONTEXT], language, room))


def _words(whole: str, room: int, bounds: _Bounds) -> str:
    end = _break(whole, room, bounds)
    kept = _trimmed(whole, end, bounds)
    # No sentence ends here: the full stop is an abbreviation's.
    while whole.endswith(".", 0, kept) and (space := whole.rfind(" ", 0, kept)) * 2 >= room:
        kept = _trimmed(whole, space, bounds)
    return whole[: kept or end] + ELLIPSIS


def _trimmed(whole: str, end: int, bounds: _Bounds) -> int:
    """Where what may stand before an ellipsis ends."""
    while end and whole[end - 1] in _DANGLING and (end == 1 or end - 1 in bounds):
        end -= 1
    return end


def _break(whole: str, room: int, bounds: _Bounds) -> int:
    """The best place to cut at, not past `room`."""
    places = [end for end in range(1, room + 1) if end in bounds]
    spaces = [end for end in places if whole[end] in " \u200b"]
    pauses = [end for end in places if whole[end - 1] in _PAUSES]
    unspaced = [
        end
        for end in places
        if (_UNSPACED.match(whole[end - 1]) or _UNSPACED.match(whole[end])) and not _WITHIN_WORD.match(whole, end - 1)
    ]
    late = max(spaces + pauses, default=0)
    if late * 2 >= room and late:
        return late
    return max(spaces + pauses + unspaced, default=0) or max(places, default=0)
