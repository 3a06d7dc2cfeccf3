"""Sentences: one paragraph of plain text in, where its sentences end out."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import regex

from feedsvc.text.abbreviations import is_abbreviated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

try:
    from sentencex import segment as _segment
except ImportError:  # pragma: no cover - there is no wheel for every platform; tested in a process of its own
    _segment = None

_ABBREVIATIONS = "Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|vs|etc|e\\.g|i\\.e|cf|No|Nr|ca|bzw|z\\.B|M|Mme|Sra?|p|pp|vol|[A-Z]"
_END = (
    rf"""(?<!\b(?:{_ABBREVIATIONS})\.)(?<=[.!?…।؟۔።։]["'”’»)\]]?)\s+(?=[^\s\p{{Ll}}]|\p{{Georgian}})"""
    r"|(?<=[。！？｡][」』”’）]?)(?=[^」』”’）。！？｡])"
)
# Ends that sentencex passes over: behind a bracket, and in Khmer, Mongolian, Ol Chiki, Meetei.
_OTHER_END = regex.compile(r"[.!?]\)\s+(?=\p{Lu})|[។៕᠃᱾꯫]\s+(?=\S)")

# As much is looked at on either side of a place.
_NEAR = 24

# What closes a quotation, a bracket or a change of direction ends with what it closes.
_CLOSING = regex.compile("[」』）]+|[”’»)\\]\u200e\u200f\u061c\u2069\u202c]+(?=\\s|\\Z)")
_OPENING = "\"'“‘„‚«»([{"
_UNCASED_START = regex.compile(r" ['’][a-z]\s")
# Letters of Georgian are lower case to Unicode, though they have no capitals in a sentence.
_SMALL_START = regex.compile(r"[^\p{L}\p{N}\p{So}]*+(?!\p{Georgian})\p{Ll}")
# A quotation in Japanese, and what its sentence goes on with.
_QUOTED = regex.compile(r"[」』]\Z")
_PARTICLE = regex.compile(r"[とやっのがをはもで]")


def ends(paragraph: str, language: str, limit: int) -> Iterator[int]:
    """Where the sentences of a paragraph end that end within a limit: the last one first, before the white space.

    By sentencex, whose rules know some 300 languages and take those of English for the others; where it cannot be
    installed by punctuation alone. What they part at an abbreviation, at an ordinal or before a small letter is not.

    Args:
        paragraph: with its white space folded.
        language: BCP 47; all but its first subtag is passed over.
    """
    last = len(paragraph.rstrip())
    if last <= limit:
        yield last
    language = language.replace("_", "-").partition("-")[0].lower()
    has_capitals = paragraph != paragraph.lower()
    for parted in reversed(_parted(paragraph, language)):
        if parted > limit + _NEAR:
            continue
        place = _place(paragraph, parted)
        end = place - paragraph.endswith(" ", 0, place)
        if 0 < end < last and end <= limit and not _goes_on(paragraph, end, language, has_capitals=has_capitals):
            last = end
            yield end


def by_punctuation(_language: str, paragraph: str) -> list[str]:
    """The sentences with the white space after each: by the marks that end one, but for a few abbreviations."""
    places = [match.end() for match in regex.finditer(_END, paragraph)]  # compiled, and kept, where it is needed
    return [paragraph[start:end] for start, end in zip([0, *places], [*places, len(paragraph)], strict=True)]


def _parted(paragraph: str, language: str) -> list[int]:
    """Between what a sentence may end, in order."""
    split: Callable[[str, str], list[str]] = _segment or by_punctuation
    places = list(accumulate(map(len, split(language, paragraph))))
    if paragraph.isascii() and ".)" not in paragraph:
        return places
    return sorted({*places, *(match.end() for match in _OTHER_END.finditer(paragraph))})


def _place(paragraph: str, parted: int) -> int:
    """Where to part a text instead: behind marks that close something, and before those that open something."""
    if closing := _CLOSING.match(paragraph, parted):
        return parted + len(closing[0])
    before = paragraph[max(parted - _NEAR, 0) : parted]
    kept = before.rstrip(_OPENING)
    return parted - len(before) + len(kept) if kept.endswith(" ") else parted


def _goes_on(paragraph: str, end: int, language: str, *, has_capitals: bool) -> bool:
    """Whether what stands before and what stands after are of one sentence."""
    before, after = paragraph[max(end - _NEAR, 0) : end], paragraph[end : end + _NEAR]
    if not after.startswith(" "):
        return before.endswith((".", "!", "?")) or bool(_QUOTED.search(before) and _PARTICLE.match(after))
    if after[1:2].isupper() or not has_capitals:
        return is_abbreviated(before, language)
    begins_small = _SMALL_START.match(after) and not _UNCASED_START.match(after)
    return bool(begins_small) or is_abbreviated(before, language)
