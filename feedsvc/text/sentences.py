"""Sentences: one paragraph of plain text in, its sentences out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Callable

try:
    from sentencex import segment as _segment
except ImportError:  # pragma: no cover - there is no wheel for every platform; tested in a process of its own
    _segment = None

_ABBREVIATIONS = "Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|vs|etc|e\\.g|i\\.e|cf|No|Nr|ca|bzw|z\\.B|M|Mme|Sra?|p|pp|vol|[A-Z]"
_END = regex.compile(
    rf"""(?<!\b(?:{_ABBREVIATIONS})\.)(?<=[.!?…।؟۔።։]["'”’»)\]]?)\s+(?=[^\s\p{{Ll}}])"""
    r"|(?<=[。！？｡][」』”’）]?)(?=[^」』”’）。！？｡])"
)


def sentences(paragraph: str, language: str) -> list[str]:
    """The sentences of a paragraph with the white space after each, so that joined they are the paragraph again.

    By sentencex, whose rules know some 300 languages and take those of English for the others; where it cannot be
    installed by punctuation alone.
    """
    split: Callable[[str, str], list[str]] = _segment or by_punctuation
    return split(language, paragraph)


def by_punctuation(_language: str, paragraph: str) -> list[str]:
    """As `sentences`, by the marks that end a sentence and a few abbreviations that do not."""
    ends = [match.end() for match in _END.finditer(paragraph)]
    starts = [0, *ends]
    return [paragraph[start:end] for start, end in zip(starts, [*ends, len(paragraph)], strict=True)]
