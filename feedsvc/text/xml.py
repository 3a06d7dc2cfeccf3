"""The characters that XML 1.0 allows (§2.2): text in, legal text or the first offender out."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without C0 controls but tab and line ends, lone surrogates, U+FFFE and U+FFFF."""
    return _FORBIDDEN.sub("", text)


def forbidden(text: str) -> re.Match[str] | None:
    """The first character that XML 1.0 forbids; None where there is none."""
    return _FORBIDDEN.search(text)
