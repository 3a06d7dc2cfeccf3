"""Sentences: one paragraph of plain text in, its sentences out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from feedsvc.text.abbreviations import is_abbreviated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

try:
    from sentencex import segment as _segment
except ImportError:  # pragma: no cover - there is no wheel for every platform; tested in a process of its own
    _segment = None

_ABBREVIATIONS = "Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|vs|etc|e\\.g|i\\.e|cf|No|Nr|ca|bzw|z\\.B|M|Mme|Sra?|p|pp|vol|[A-Z]"
_END = regex.compile(
    rf"""(?<!\b(?:{_ABBREVIATIONS})\.)(?<=[.!?…।؟۔።։]["'”’»)\]]?)\s+(?=[^\s\p{{Ll}}]|\p{{Georgian}})"""
    r"|(?<=[。！？｡][」』”’）]?)(?=[^」』”’）。！？｡])"
)
# Ends that sentencex passes over: behind a bracket, and in Khmer, Mongolian, Ol Chiki, Meetei.
_OTHER_END = regex.compile(r"[.!?]\)\s+(?=\p{Lu})|[។៕᠃᱾꯫]\s+(?=\S)")

# What closes a quotation, a bracket or a change of direction ends with what it closes.
_CLOSING = regex.compile("[」』）]+|[”’»)\\]\u200e\u200f\u061c\u2069\u202c]+(?=\\s|\\Z)")
_UNCASED_START = regex.compile(r"['’][a-z]\s")
# Letters of Georgian are lower case to Unicode, though they have no capitals in a sentence.
_SMALL_START = regex.compile(r"[^\p{L}\p{N}\p{So}]*+(?!\p{Georgian})\p{Ll}")
# A quotation in Japanese, and what its sentence goes on with.
_QUOTED = regex.compile(r"[」』]\Z")
_PARTICLE = regex.compile(r"[とやっのがをはもで]")


def sentences(paragraph: str, language: str) -> list[str]:
    """The sentences of a paragraph with the white space after each, so that joined they are the paragraph again.

    By sentencex, whose rules know some 300 languages and take those of English for the others; where it cannot be
    installed by punctuation alone. What they part at an abbreviation, at an ordinal or before a small letter is joined.
    """
    split: Callable[[str, str], list[str]] = _segment or by_punctuation
    language = language.replace("_", "-").partition("-")[0].lower()
    pieces = (piece for found in split(language, paragraph) for piece in _parted(found))
    return list(_joined(_closed(pieces), language)) or [""]


def by_punctuation(_language: str, paragraph: str) -> list[str]:
    """As `sentences`, by the marks that end a sentence and a few abbreviations that do not."""
    return _cut(paragraph, _END)


def _parted(piece: str) -> list[str]:
    return [piece] if piece.isascii() and ")" not in piece else _cut(piece, _OTHER_END)


def _cut(text: str, pattern: regex.Pattern[str]) -> list[str]:
    ends = [match.end() for match in pattern.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _closed(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces, each with the closing marks that the next one began with."""
    before = ""
    for piece in pieces:
        closing = _CLOSING.match(piece) if before else None
        begins = closing.end() if closing else 0
        if before and begins < len(piece):
            yield before + piece[:begins]
            before = piece[begins:]
        else:
            before += piece
    if before:
        yield before


def _joined(pieces: Iterable[str], language: str) -> Iterator[str]:
    """The sentences that the pieces are of."""
    parts: list[str] = []
    has_capitals = False
    for piece in pieces:
        if parts and not _goes_on(parts[-1], piece, language, has_capitals=has_capitals):
            yield "".join(parts)
            parts = []
        parts.append(piece)
        has_capitals = has_capitals or piece[0].isupper() or piece != piece.lower()
    yield "".join(parts)


def _goes_on(before: str, after: str, language: str, *, has_capitals: bool) -> bool:
    """Whether what stands before and what stands after are of one sentence."""
    ending = before.rstrip()
    if ending == before and not after[:1].isspace():
        return ending.endswith((".", "!", "?")) or bool(_QUOTED.search(ending) and _PARTICLE.match(after))
    if after[0].isupper() or not has_capitals:
        return is_abbreviated(ending, language)
    begins_small = _SMALL_START.match(after) and not _UNCASED_START.match(after)
    return bool(begins_small) or is_abbreviated(ending, language)
