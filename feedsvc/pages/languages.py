"""How a language is written: a BCP 47 tag in, the value of HTML's `dir` out."""

from __future__ import annotations

import re
from typing import Literal

from markupsafe import Markup

# Languages written from right to left where their tag names no script (IANA's Suppress-Script and CLDR).
_TAGS = """
apc ar arc ary arz bal bgn bqi brh ckb dv fa glk he iw ks lrc mzn nqo pnb ps rhg sd sdh skr syr trw ug ur yi
"""
_RIGHT_TO_LEFT = frozenset(_TAGS.split())
_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"})
_SCRIPT = re.compile("[a-z]{4}")


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The direction in which a language is written; its script subtag, where it has one, decides (RFC 5646 §2.2.3)."""
    primary, *others = language.lower().split("-")
    script = next(filter(_SCRIPT.fullmatch, others), None)
    is_right_to_left = primary in _RIGHT_TO_LEFT if script is None else script in _SCRIPTS
    return "rtl" if is_right_to_left else "ltr"


def differs(language: str | None, other: str) -> bool:
    """Whether a text's language is another one than what stands around it; None is never (RFC 5646 §2.1.1)."""
    return language is not None and language.lower() != other.lower()


def attributes(language: str, around: str) -> Markup:
    """` lang="…" dir="…"` for a text in a language that what stands around it is not in; nothing for the same one.

    A region makes no other language of our own words.
    """
    if around.lower().split("-")[0] == language.lower().split("-")[0]:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(language, direction(language))
